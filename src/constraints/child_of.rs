//! Child Of.

use super::Axes;
use super::matrix::{euler, from_euler};
use crate::inherit::{column_lengths, scale_columns};
use crate::rotation::RotationMode;
use glam::{Affine3A, Vec3A};

/// Child Of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChildOf {
    /// The axes of the location that are followed.
    pub location: Axes,
    /// The Euler axes that are followed.
    pub rotation: Axes,
    /// The axes of the scale that are followed.
    pub scale: Axes,
    /// What the target's matrix is multiplied with: usually its inverse when they were joined.
    pub inverse: Affine3A,
    /// The target's Euler order, XYZ if it has none.
    pub target_order: RotationMode,
}

fn pick(v: [f32; 3], axes: Axes, other: f32) -> [f32; 3] {
    std::array::from_fn(|axis| if axes[axis] { v[axis] } else { other })
}

impl ChildOf {
    /// The channels of a matrix that are followed.
    fn filter(&self, m: &Affine3A, order: RotationMode) -> Affine3A {
        let angles = pick(euler(&m.matrix3, order), self.rotation, 0.0);
        let size = pick(column_lengths(&m.matrix3).to_array(), self.scale, 1.0);
        Affine3A {
            matrix3: scale_columns(&from_euler(angles, order), size.into()),
            translation: pick(m.translation.to_array(), self.location, 0.0).into(),
        }
    }

    /// The owner as a child of the target, in world space.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A, order: RotationMode) -> Affine3A {
        if [self.location, self.rotation, self.scale] == [[true; 3]; 3] {
            return *t * (self.inverse * *m);
        }
        let parent = self.filter(t, self.target_order);
        let inverse = self.filter(&self.inverse, order);
        let mut out = parent * (inverse * *m);
        let kept: Vec3A = m.translation;
        for axis in 0..3 {
            if !self.location[axis] {
                out.translation[axis] = kept[axis];
            }
        }
        out
    }
}
