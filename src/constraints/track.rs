//! Damped Track, Locked Track and Track To.

use super::Axis;
use super::matrix::{project, unit};
use crate::inherit::{column_lengths, inverse_or_zero, normalize_columns, scale_columns};
use crate::rotation::axis_angle_to_mat3;
use glam::{Affine3A, Mat3A, Vec3A};

impl Axis {
    /// As a vector.
    pub(crate) fn direction(self) -> Vec3A {
        let mut direction = Vec3A::ZERO;
        direction[self.index] = if self.negative { -1.0 } else { 1.0 };
        direction
    }

    /// The next one of X, Y, Z, -X, -Y, -Z.
    fn next(self) -> Self {
        let last = self.index == 2;
        Self { index: (self.index + 1) % 3, negative: self.negative != last }
    }
}

/// Damped Track: the axis of the owner turns to the target by the shortest way.
pub fn damped(m: &Affine3A, t: &Affine3A, axis: Axis) -> Affine3A {
    Affine3A { matrix3: damp(&m.matrix3, t.translation - m.translation, axis), ..*m }
}

/// `m` turned by the shortest way so that its axis points along `v`.
pub(crate) fn damp(m: &Mat3A, v: Vec3A, axis: Axis) -> Mat3A {
    let to = unit(v);
    if to == Vec3A::ZERO {
        return *m;
    }
    let image = |axis: Axis| unit(*m * axis.direction());
    let mut from = image(axis);
    if from == Vec3A::ZERO {
        from = axis.direction();
    }
    // In double: small angles come from this product.
    let across = from.as_dvec3().cross(to.as_dvec3());
    let sine = across.length() as f32;
    let mut turn = across.as_vec3a();
    let mut angle = from.dot(to).clamp(-1.0, 1.0).acos();
    if sine < f32::EPSILON {
        if angle < std::f32::consts::PI - 0.01 {
            return *m;
        }
        angle = std::f32::consts::PI;
        turn = from.cross(image(axis.next()));
        if unit(turn) == Vec3A::ZERO {
            return *m;
        }
    } else if sine < 0.1 {
        let small = sine.asin();
        angle =
            if angle > std::f32::consts::FRAC_PI_2 { std::f32::consts::PI - small } else { small };
    }
    let turn = unit(turn);
    Mat3A::from(axis_angle_to_mat3([angle, turn.x, turn.y, turn.z])) * *m
}

/// Locked Track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LockedTrack {
    /// The axis that turns to the target.
    pub track: Axis,
    /// The axis that it turns about: 0 = X, 1 = Y, 2 = Z.
    pub lock: usize,
}

impl LockedTrack {
    /// The owner turned about its locked axis.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A) -> Affine3A {
        let (lock, track) = (self.lock, self.track.index);
        let mut axes = Mat3A::IDENTITY;
        if lock != track {
            let v = t.translation - m.translation;
            let about = m.matrix3.col(lock);
            let along = unit(v - project(v, about));
            let third = 3 - lock - track;
            *axes.col_mut(track) = if self.track.negative { -along } else { along };
            *axes.col_mut(lock) = unit(about);
            *axes.col_mut(third) = axes.col((third + 1) % 3).cross(axes.col((third + 2) % 3));
        }
        let turn = axes * inverse_or_zero(&normalize_columns(&m.matrix3));
        if turn.determinant() == 0.0 {
            return *m;
        }
        Affine3A { matrix3: turn * m.matrix3, ..*m }
    }
}

/// Track To.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrackTo {
    /// The axis that points to the target.
    pub track: Axis,
    /// The axis that points up: 0 = X, 1 = Y, 2 = Z.
    pub up: usize,
    /// Up is the target's Z axis instead of the world's.
    pub target_z: bool,
}

impl TrackTo {
    /// The owner turned to the target; its own rotation does not matter.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A) -> Affine3A {
        let or = |v: Vec3A, other: Vec3A| if v == Vec3A::ZERO { other } else { v };
        let (track, up) = (self.track.index, self.up);
        let mut axes = Mat3A::IDENTITY;
        if track != up {
            let mut normal = or(unit(m.translation - t.translation), Vec3A::Z);
            if !self.track.negative {
                normal = -normal;
            }
            let sky = if self.target_z { t.matrix3.z_axis } else { Vec3A::Z };
            let above = or(unit(sky - project(sky, normal)), Vec3A::Y);
            let right = unit(above.cross(normal));
            let even = (track + 3 - up) % 3 == 1;
            *axes.col_mut(track) = normal;
            *axes.col_mut(up) = above;
            *axes.col_mut(3 - track - up) = if even { right } else { -right };
        }
        Affine3A { matrix3: scale_columns(&axes, column_lengths(&m.matrix3)), ..*m }
    }
}
