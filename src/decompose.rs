//! Matrices to channels: location, rotation in the bone's mode, scale.

use crate::channels::{Matrix, load};
use crate::inherit::{column_lengths, scale_columns};
use crate::rotation::{
    Rotation, RotationMode, mat3_normalized, mat3_to_euler, mat3_to_euler_compatible, mat3_to_quat,
    quat_to_axis_angle,
};
use glam::{Mat3, Mat3A, Vec3A};

/// Splits a channel matrix into location, rotation matrix and scale; shear is lost.
///
/// A mirrored matrix comes back with all three scales negative, and another rotation. A column
/// of zero length stays zero in the rotation matrix.
pub fn split(matrix: &Matrix) -> ([f32; 3], Mat3, [f32; 3]) {
    let m = load(matrix);
    let mut scale = column_lengths(&m.matrix3);
    let mut rotation = mat3_normalized(&Mat3::from(m.matrix3));
    if rotation.determinant() < 0.0 {
        rotation = -rotation;
        scale = -scale;
    }
    (m.translation.to_array(), rotation, scale.to_array())
}

/// Writes a rotation matrix into the representation that `mode` names.
///
/// The quaternion has `w >= 0`, whatever was there before, and the angle of an axis-angle is 0
/// to π. `compatible`: Euler angles are chosen nearest to those that were there, else smallest.
pub fn set_rotation(rotation: &mut Rotation, mode: RotationMode, m: &Mat3, compatible: bool) {
    match mode {
        RotationMode::Quaternion => rotation.quaternion = mat3_to_quat(m),
        RotationMode::AxisAngle => rotation.axis_angle = quat_to_axis_angle(mat3_to_quat(m)),
        order if compatible => {
            rotation.euler = mat3_to_euler_compatible(m, rotation.euler, order);
        }
        order => rotation.euler = mat3_to_euler(m, order),
    }
}

/// The channel matrix of location, rotation and scale, the inverse of [`split`].
pub fn join(location: [f32; 3], rotation: &Mat3, scale: [f32; 3]) -> Matrix {
    let matrix3 = scale_columns(&Mat3A::from(*rotation), Vec3A::from_array(scale));
    crate::channels::store(&glam::Affine3A { matrix3, translation: location.into() })
}
