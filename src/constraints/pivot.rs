//! Pivot.

use super::matrix::{euler, project};
use crate::inherit::normalize_columns;
use crate::rotation::{RotationMode, mat3_to_quat, quat_to_axis_angle};
use glam::{Affine3A, Mat3, Vec3A};

/// When Pivot acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Active {
    /// Always.
    #[default]
    Always,
    /// While the owner's Euler angle about this axis is zero or less.
    Negative(usize),
    /// While it is zero or more.
    Positive(usize),
}

/// Pivot.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pivot {
    /// When it acts.
    pub active: Active,
    /// The pivot from the target, or from the owner, or from the origin.
    pub offset: [f32; 3],
    /// Without a target: the offset is from the owner.
    pub relative: bool,
}

impl Pivot {
    /// The owner turned about the pivot instead of about itself.
    pub fn apply(&self, m: &Affine3A, t: Option<&Affine3A>, order: RotationMode) -> Affine3A {
        let angle = |axis: usize| euler(&m.matrix3, order)[axis];
        let acts = match self.active {
            Active::Always => true,
            Active::Negative(axis) => angle(axis) <= 0.0,
            Active::Positive(axis) => angle(axis) >= 0.0,
        };
        if !acts {
            return *m;
        }
        let own = m.translation;
        let mut pivot = Vec3A::from(self.offset);
        match t {
            Some(t) => pivot += t.translation,
            None if self.relative => pivot += own,
            None => (),
        }
        let turn = normalize_columns(&m.matrix3);
        let [angle, x, y, z] = quat_to_axis_angle(mat3_to_quat(&Mat3::from(turn)));
        if angle != 0.0 {
            pivot -= project(pivot - own, Vec3A::new(x, y, z));
        }
        Affine3A { translation: pivot + turn * (own - pivot), ..*m }
    }
}
