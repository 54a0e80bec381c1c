//! Small matrix functions that several constraints use.

use crate::inherit::{column_lengths, normalize_columns, scale_columns};
use crate::rotation::{RotationMode, euler_to_mat3, mat3_to_euler, mat3_to_euler_compatible};
use glam::{Affine3A, Mat3, Mat3A, Vec3A};

/// Location, rotation and scale of a matrix, shear left in the rotation.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    pub(crate) location: Vec3A,
    pub(crate) rotation: Mat3A,
    pub(crate) scale: Vec3A,
}

/// A mirrored matrix has all three scales negative, and a rotation that is none of a mirror.
pub(crate) fn parts(m: &Affine3A) -> Parts {
    let (rotation, scale) = (normalize_columns(&m.matrix3), column_lengths(&m.matrix3));
    let mirrored = rotation.determinant() < 0.0;
    Parts {
        location: m.translation,
        rotation: if mirrored { -rotation } else { rotation },
        scale: if mirrored { -scale } else { scale },
    }
}

impl Parts {
    pub(crate) fn matrix(&self) -> Affine3A {
        Affine3A { matrix3: scale_columns(&self.rotation, self.scale), translation: self.location }
    }
}

/// `a` after `b`, with the scales multiplied axis by axis.
pub(crate) fn aligned(a: &Affine3A, b: &Affine3A) -> Affine3A {
    let (pa, pb) = (parts(a), parts(b));
    Parts {
        location: a.transform_point3a(pb.location),
        rotation: pa.rotation * pb.rotation,
        scale: pa.scale * pb.scale,
    }
    .matrix()
}

/// `a` after `b`, each of the three parts by itself.
pub(crate) fn split(a: &Affine3A, b: &Affine3A) -> Affine3A {
    let (a, b) = (parts(a), parts(b));
    Parts {
        location: a.location + b.location,
        rotation: a.rotation * b.rotation,
        scale: a.scale * b.scale,
    }
    .matrix()
}

/// The part of `v` along `axis`, which need not be of unit length.
pub(crate) fn project(v: Vec3A, axis: Vec3A) -> Vec3A {
    let squared = axis.dot(axis);
    if squared == 0.0 { Vec3A::ZERO } else { axis * (v.dot(axis) / squared) }
}

/// `v/|v|`, or zero.
pub(crate) fn unit(v: Vec3A) -> Vec3A {
    crate::rotation::unit(v.into()).0.into()
}

/// Euler angles of a matrix, whose scale does not matter.
pub(crate) fn euler(m: &Mat3A, order: RotationMode) -> [f32; 3] {
    mat3_to_euler(&Mat3::from(normalize_columns(m)), order)
}

/// [`euler`], those that are nearest to `old`.
pub(crate) fn euler_near(m: &Mat3A, old: [f32; 3], order: RotationMode) -> [f32; 3] {
    mat3_to_euler_compatible(&Mat3::from(normalize_columns(m)), old, order)
}

pub(crate) fn from_euler(euler: [f32; 3], order: RotationMode) -> Mat3A {
    euler_to_mat3(euler, order).into()
}

/// Scales the columns so that they have these lengths instead of `old`; a column of length zero
/// stays.
pub(crate) fn resize(m: &Mat3A, old: Vec3A, new: Vec3A, axes: [bool; 3]) -> Mat3A {
    let mut factor = [1.0; 3];
    for axis in 0..3 {
        if axes[axis] && old[axis] != 0.0 {
            factor[axis] = new[axis] / old[axis];
        }
    }
    scale_columns(m, factor.into())
}
