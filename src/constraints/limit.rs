//! Limit Location, Limit Rotation and Limit Scale.

use super::Axes;
use super::matrix::{euler, from_euler, resize};
use crate::inherit::{column_lengths, orthogonalize, scale_columns};
use crate::rotation::RotationMode;
use glam::{Affine3A, Vec3A};

/// Lower and upper bounds of three values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ranges {
    /// Which axes have a lower bound.
    pub use_min: Axes,
    /// Which axes have an upper bound.
    pub use_max: Axes,
    /// The lower bounds.
    pub min: [f32; 3],
    /// The upper bounds; they win where they are the smaller ones.
    pub max: [f32; 3],
}

impl Ranges {
    fn clamp(&self, mut v: Vec3A) -> Vec3A {
        for axis in 0..3 {
            if self.use_min[axis] && v[axis] < self.min[axis] {
                v[axis] = self.min[axis];
            }
            if self.use_max[axis] && v[axis] > self.max[axis] {
                v[axis] = self.max[axis];
            }
        }
        v
    }

    /// Limit Location.
    pub fn location(&self, m: &Affine3A) -> Affine3A {
        Affine3A { translation: self.clamp(m.translation), ..*m }
    }

    /// Limit Scale; a negative upper bound mirrors its axis.
    pub fn scale(&self, m: &Affine3A) -> Affine3A {
        let own = column_lengths(&m.matrix3);
        Affine3A { matrix3: resize(&m.matrix3, own, self.clamp(own), [true; 3]), ..*m }
    }
}

/// Limit Rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LimitRotation {
    /// Which axes are limited.
    pub axes: Axes,
    /// Smallest angles.
    pub min: [f32; 3],
    /// Largest angles.
    pub max: [f32; 3],
    /// The Euler order of the axes; `None`: the owner's.
    pub order: Option<RotationMode>,
    /// The angles are compared as numbers instead of on the circle.
    pub legacy: bool,
}

/// The angle within half a turn of zero.
fn wrap(angle: f32) -> f32 {
    use std::f32::consts::TAU;
    let turns = angle / TAU + 0.5;
    (turns - turns.floor() - 0.5) * TAU
}

/// An angle limited on the circle: it goes to the nearer end of the range.
fn limit_on_circle(angle: f32, min: f32, max: f32) -> f32 {
    if max - min >= std::f32::consts::TAU {
        return angle;
    }
    if max <= min {
        return min;
    }
    let (low, high) = (wrap(min - angle), wrap(max - angle));
    if low < high {
        return angle + 0.0f32.max(low).min(high);
    }
    if high >= 0.0 || low <= 0.0 {
        return angle;
    }
    angle + if low.abs() <= high.abs() { low } else { high }
}

/// An angle limited as a number; the upper bound is looked at first, which shows where the
/// bounds are the wrong way round.
fn limit_as_number(angle: f32, min: f32, max: f32) -> f32 {
    if angle > max {
        max
    } else if angle < min {
        min
    } else {
        angle
    }
}

impl LimitRotation {
    /// The owner with limited angles. Its shear goes away even if no axis is limited.
    pub fn apply(&self, m: &Affine3A, order: RotationMode) -> Affine3A {
        let mut out = *m;
        out.matrix3 = orthogonalize(&m.matrix3, true);
        if self.axes == [false; 3] {
            return out;
        }
        let order = self.order.unwrap_or(order);
        let size = column_lengths(&out.matrix3);
        let mut angles = euler(&out.matrix3, order);
        let limit = if self.legacy { limit_as_number } else { limit_on_circle };
        for (axis, angle) in angles.iter_mut().enumerate().filter(|(axis, _)| self.axes[*axis]) {
            *angle = limit(*angle, self.min[axis], self.max[axis]);
        }
        out.matrix3 = scale_columns(&from_euler(angles, order), size);
        out
    }
}
