//! Maintain Volume.

use crate::inherit::{column_lengths, scale_columns};
use glam::{Affine3A, Vec3A};

/// What Maintain Volume takes for the present volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// The product of the three scales.
    #[default]
    Strict,
    /// The free axis in all three directions.
    Uniform,
    /// The free axis alone.
    SingleAxis,
}

/// Maintain Volume.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MaintainVolume {
    /// The axis whose scale stays.
    pub free_axis: usize,
    /// What is measured.
    pub measure: Measure,
    /// The volume to keep.
    pub volume: f32,
}

impl MaintainVolume {
    /// The owner with the two other axes scaled.
    pub fn apply(&self, m: &Affine3A) -> Affine3A {
        let size = column_lengths(&m.matrix3);
        let free = size[self.free_axis];
        let total = match self.measure {
            Measure::Strict => size.x * size.y * size.z,
            Measure::Uniform => free * free * free,
            Measure::SingleAxis => free,
        };
        let factor = if total == 0.0 { 1.0 } else { (self.volume / total).sqrt() };
        let mut scale = Vec3A::splat(factor);
        scale[self.free_axis] = 1.0;
        Affine3A { matrix3: scale_columns(&m.matrix3, scale), ..*m }
    }
}
