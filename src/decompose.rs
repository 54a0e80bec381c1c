//! Matrices to channels: location, rotation in the bone's mode, scale.

use crate::channels::{Matrix, load};
use crate::inherit::{column_lengths, scale_columns};
use crate::pose::{Mask, PoseMut};
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

/// The stored rotation of one bone; representations that are absent have their rest values.
pub(crate) fn stored(pose: &PoseMut, bone: usize) -> Rotation {
    Rotation {
        quaternion: pose.rotation_quaternion.as_ref().map_or([1.0, 0.0, 0.0, 0.0], |r| r[bone]),
        euler: pose.rotation_euler.as_ref().map_or([0.0; 3], |r| r[bone]),
        axis_angle: pose.rotation_axis_angle.as_ref().map_or([0.0, 0.0, 1.0, 0.0], |r| r[bone]),
    }
}

/// Writes the representation of `mode`, if the pose has it.
pub(crate) fn write_rotation(
    pose: &mut PoseMut,
    bone: usize,
    mode: RotationMode,
    rotation: &Rotation,
) {
    match mode {
        RotationMode::Quaternion => {
            if let Some(rows) = &mut pose.rotation_quaternion {
                rows[bone] = rotation.quaternion;
            }
        }
        RotationMode::AxisAngle => {
            if let Some(rows) = &mut pose.rotation_axis_angle {
                rows[bone] = rotation.axis_angle;
            }
        }
        _ => {
            if let Some(rows) = &mut pose.rotation_euler {
                rows[bone] = rotation.euler;
            }
        }
    }
}

/// Channel matrices to channels: location, scale and the rotation that the bone's mode names,
/// for the bones of the mask; channels that the pose has not are not written.
///
/// `matrices` has one matrix a bone; `compatible` as in [`set_rotation`].
///
/// # Panics
/// If there are too few matrices.
pub fn decompose(matrices: &[Matrix], pose: &mut PoseMut, mask: Mask, compatible: bool) {
    for (bone, matrix) in matrices[..pose.bone_count].iter().enumerate() {
        if !mask.has(bone) {
            continue;
        }
        let (location, m, scale) = split(matrix);
        if let Some(rows) = &mut pose.location {
            rows[bone] = location;
        }
        if let Some(rows) = &mut pose.scale {
            rows[bone] = scale;
        }
        let mode = pose.mode(bone);
        let mut rotation = stored(pose, bone);
        set_rotation(&mut rotation, mode, &m, compatible);
        write_rotation(pose, bone, mode, &rotation);
    }
}

/// Changes the rotation modes of the bones of the mask to `modes` (valid numbers, one a bone) and
/// keeps the orientation: the live value is written in the representation of the new mode.
/// Other values stay as they are; a bone that is in its mode already stays as it is.
///
/// `compatible`: Euler angles are chosen nearest to those stored, else smallest.
///
/// # Panics
/// If there are too few modes.
pub fn convert_rotations(pose: &mut PoseMut, modes: &[i32], mask: Mask, compatible: bool) {
    for (bone, number) in modes[..pose.bone_count].iter().enumerate() {
        let (from, to) = (pose.mode(bone), RotationMode::from_number(*number).unwrap_or_default());
        if from == to || !mask.has(bone) {
            continue;
        }
        let mut rotation = stored(pose, bone);
        if compatible && to.is_euler() {
            let m = rotation.to_mat3(from);
            rotation.euler = mat3_to_euler_compatible(&m, rotation.euler, to);
        } else {
            rotation.convert(from, to);
        }
        write_rotation(pose, bone, to, &rotation);
        if let Some(modes) = &mut pose.rotation_mode {
            modes[bone] = *number;
        }
    }
}
