//! Channels that reproduce pose matrices: what constraints made of a pose, taken over into
//! location, rotation and scale.

use crate::channels::{Matrix, load, store};
use crate::decompose::{decompose, split};
use crate::hierarchy::Hierarchy;
use crate::pose::{Mask, PoseMut};
use crate::rotation::{
    RotationMode, mat3_to_euler, mat3_to_euler_compatible, mat3_to_quat, quat_dot,
    quat_to_axis_angle,
};

/// Sets the channels of the bones of the mask so that they give the bones these pose matrices
/// (armature space, one a bone), each on its parent's pose matrix as given.
///
/// Location, scale and the live rotation are written; Euler angles are those nearest to the
/// bone's present ones, a quaternion has `w >= 0`. Shear is lost.
///
/// # Panics
/// If there are not as many matrices as bones.
pub fn apply(rig: &Hierarchy, pose_matrices: &[Matrix], pose: &mut PoseMut, mask: Mask) {
    let mut local = vec![[0.0; 16]; rig.len()];
    for (bone, local) in local.iter_mut().enumerate().filter(|(bone, _)| mask.has(*bone)) {
        let way_back = rig.parent_transform(bone, pose_matrices).inverse();
        *local = store(&way_back.apply(&load(&pose_matrices[bone])));
    }
    decompose(&local, pose, mask, true);
}

/// Channels of many frames, frame after frame; every present array has one element a bone and
/// frame.
#[derive(Default)]
pub struct FramesMut<'a> {
    /// Location.
    pub location: Option<&'a mut [[f32; 3]]>,
    /// Quaternion w x y z; written for bones in that mode.
    pub rotation_quaternion: Option<&'a mut [[f32; 4]]>,
    /// Euler angles; written for bones in an Euler mode.
    pub rotation_euler: Option<&'a mut [[f32; 3]]>,
    /// Angle and axis; written for bones in that mode.
    pub rotation_axis_angle: Option<&'a mut [[f32; 4]]>,
    /// Scale.
    pub scale: Option<&'a mut [[f32; 3]]>,
}

/// [`apply`] for many frames: pose matrices frame after frame in, channels out.
///
/// Euler angles go on from frame to frame without jumps; the first frame's are the smallest.
/// `same_sign`: a quaternion takes the sign nearest to that of the frame before; else `w >= 0`.
/// `modes` has the number of one rotation mode a bone.
///
/// # Panics
/// If the arrays do not hold the same whole number of frames.
pub fn apply_frames(
    rig: &Hierarchy,
    modes: &[i32],
    pose_matrices: &[Matrix],
    out: &mut FramesMut,
    same_sign: bool,
) {
    let bones = rig.len();
    let mut local = vec![[0.0; 16]; pose_matrices.len()];
    rig.local_matrices(pose_matrices, &mut local);
    for (at, matrix) in local.iter().enumerate() {
        let (location, rotation, scale) = split(matrix);
        if let Some(rows) = &mut out.location {
            rows[at] = location;
        }
        if let Some(rows) = &mut out.scale {
            rows[at] = scale;
        }
        let before = at.checked_sub(bones);
        match RotationMode::from_number(modes[at % bones]).unwrap_or_default() {
            RotationMode::Quaternion => {
                if let Some(rows) = &mut out.rotation_quaternion {
                    let new = mat3_to_quat(&rotation);
                    let turn = same_sign && before.is_some_and(|b| quat_dot(rows[b], new) < 0.0);
                    rows[at] = if turn { new.map(|value| -value) } else { new };
                }
            }
            RotationMode::AxisAngle => {
                if let Some(rows) = &mut out.rotation_axis_angle {
                    rows[at] = quat_to_axis_angle(mat3_to_quat(&rotation));
                }
            }
            order => {
                if let Some(rows) = &mut out.rotation_euler {
                    rows[at] = match before {
                        None => mat3_to_euler(&rotation, order),
                        Some(b) => mat3_to_euler_compatible(&rotation, rows[b], order),
                    };
                }
            }
        }
    }
}
