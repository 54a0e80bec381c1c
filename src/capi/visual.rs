//! C functions that take pose matrices over into channels.

use super::args::Args;
use super::guard;
use super::transform::{LimberRig, elements, same_count};
use super::views::{LimberPose, check_modes};
use crate::channels::Matrix;
use crate::error::Error;
use crate::hierarchy::Hierarchy;
use crate::pose::Mask;
use crate::visual::{FramesMut, apply, apply_frames};

/// `flags` of limber_visual_transforms_batch(): a quaternion takes the sign that is nearest to
/// the frame before, instead of w >= 0.
pub const LIMBER_VISUAL_SAME_SIGN: u32 = 1;

/// Set location, rotation and scale of the selected bones so that they give these pose matrices:
/// what constraints made of the pose becomes the pose.
///
/// Every bone is taken on its parent's pose matrix as given, so bones do not depend on each
/// other. The live rotation is written: Euler angles nearest to the present ones, a quaternion
/// with w >= 0, an angle of 0 to pi. Shear is lost; one negative scale comes back as three.
///
/// rig            the bones; `rest` is needed
/// pose_matrices  16*n, armature space
/// pose           in/out; absent channels are not written
/// selected       n bytes, non-zero = act; NULL = every bone
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP; on error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_visual_transform_apply(
    rig: *const LimberRig,
    pose_matrices: *const f32,
    pose: *mut LimberPose,
    selected: *const u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (rig, matrices, mut pose, selected) = unsafe {
            let (rig, pose) = (args.view(rig)?, args.view(pose.cast_const())?);
            same_count(&rig, &pose)?;
            let n = rig.bone_count;
            (
                rig.slices(&mut args)?,
                args.need("pose_matrices", pose_matrices.cast::<Matrix>(), n)?,
                pose.slices(&mut args)?,
                Mask(args.input("selected", selected, n)?),
            )
        };
        apply(&Hierarchy::new(rig)?, matrices, &mut pose, selected);
        Ok(())
    })
}

/// Take the pose matrices of many frames over into channels: the native half of a bake.
///
/// As limber_visual_transform_apply() for every bone and frame, but Euler angles go on from frame
/// to frame without jumps (the first frame has the smallest), whatever the arrays held before.
///
/// rig            the bones, n; `rest` is needed
/// pose_matrices  16*n*frame_count, armature space, frame after frame
/// frame_count    how many frames
/// rotation_mode  n, LIMBER_ROTATION_*; NULL = every bone LIMBER_ROTATION_QUATERNION
/// pose           bone_count is n; `location`, `rotation_*` and `scale` are out and hold
///                frame_count times as many elements, frame after frame; absent ones are left
///                out; `rotation_mode` and the bendy-bone arrays are not used
/// flags          OR of LIMBER_VISUAL_*
///
/// Only the elements of a representation that its bone's mode names are written.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP; on error nothing was written. Runs in parallel over frames.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_visual_transforms_batch(
    rig: *const LimberRig,
    pose_matrices: *const f32,
    frame_count: usize,
    rotation_mode: *const i32,
    pose: *mut LimberPose,
    flags: u32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the structs.
        let (rig, pose) = unsafe { (args.view(rig)?, args.view(pose.cast_const())?) };
        same_count(&rig, &pose)?;
        let n = rig.bone_count;
        let count = elements(n, frame_count)?;
        // SAFETY: the header asks for that many elements.
        let (rig, matrices, modes, mut out) = unsafe {
            (
                rig.slices(&mut args)?,
                args.need("pose_matrices", pose_matrices.cast::<Matrix>(), count)?,
                args.input("rotation_mode", rotation_mode, n)?,
                FramesMut {
                    location: args.output("location", pose.location.cast(), count)?,
                    rotation_quaternion: args.output(
                        "rotation_quaternion",
                        pose.rotation_quaternion.cast(),
                        count,
                    )?,
                    rotation_euler: args.output(
                        "rotation_euler",
                        pose.rotation_euler.cast(),
                        count,
                    )?,
                    rotation_axis_angle: args.output(
                        "rotation_axis_angle",
                        pose.rotation_axis_angle.cast(),
                        count,
                    )?,
                    scale: args.output("scale", pose.scale.cast(), count)?,
                },
            )
        };
        if flags & !LIMBER_VISUAL_SAME_SIGN != 0 {
            return Err(Error::BadValue {
                arg: "flags",
                value: flags.to_string(),
                why: "not an OR of LIMBER_VISUAL_*",
            });
        }
        check_modes("rotation_mode", modes.unwrap_or_default())?;
        let quaternions;
        let modes = match modes {
            Some(modes) => modes,
            None => {
                quaternions = vec![0; n];
                &quaternions
            }
        };
        let rig = Hierarchy::new(rig)?;
        apply_frames(&rig, modes, matrices, &mut out, flags & LIMBER_VISUAL_SAME_SIGN != 0);
        Ok(())
    })
}
