//! The C function that makes a pose the rest pose.

use super::args::Args;
use super::guard;
use super::transform::{LimberRig, same_count};
use super::views::LimberPose;
use crate::apply_rest::{Change, EditBones, apply_pose};
use crate::channels::Matrix;
use crate::error::{Error, Result};
use crate::hierarchy::Hierarchy;
use crate::pose::PoseMut;

/// `change` of limber_armature_apply(): the bone is untouched.
pub const LIMBER_REST_UNCHANGED: u8 = 0;
/// `change` of limber_armature_apply(): the pose became the rest pose.
pub const LIMBER_REST_APPLIED: u8 = 1;
/// `change` of limber_armature_apply(): a parent's new rest pose moved the bone.
pub const LIMBER_REST_CARRIED: u8 = 2;

/// Make the current pose the new rest pose, of all bones or of the selected ones.
///
/// Applied bones take the head, tail and roll of their pose; the length takes over the scale
/// along Y, other scale is lost. Their location, all three rotations and their scale are reset.
/// Of bones of more than one segment, the bendy-bone values of the pose are added to those at
/// rest (scales are multiplied) and then reset.
///
/// With `selected`, the pose of a bone's ancestors that are not selected is taken out of its new
/// rest pose, and bones below a selected one are carried along: they keep their channels, only
/// their location is turned into the axes of the new rest bone.
///
/// rig            the old rest bones; `length` is needed
/// pose_matrices  16*n, armature space, after constraints
/// pose           in/out; absent channels are left out
/// selected       n bytes, non-zero = apply; NULL = every bone
/// head           3*n, in: the old heads, out: the new ones, armature space
/// tail           3*n, the same of the tails
/// roll           n, receives the new rolls, radians; of untouched bones it is left
/// bbone          bendy-bone values at rest, in/out: the `bbone_*` arrays of a LimberPose of n
///                bones; NULL = none
/// bbone_segments n, how many segments a bone has; NULL = one
/// change         n, receives LIMBER_REST_*
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP; on error nothing was written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_armature_apply(
    rig: *const LimberRig,
    pose_matrices: *const f32,
    pose: *mut LimberPose,
    selected: *const u8,
    head: *mut f32,
    tail: *mut f32,
    roll: *mut f32,
    bbone: *mut LimberPose,
    bbone_segments: *const i32,
    change: *mut u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the structs.
        let (rig, pose) = unsafe { (args.view(rig)?, args.view(pose.cast_const())?) };
        same_count(&rig, &pose)?;
        let n = rig.bone_count;
        let mut changes = vec![Change::None; n];
        // SAFETY: the header's promise.
        let (rig, matrices, mut pose, selected, mut edit, change) = unsafe {
            let rig = rig.slices(&mut args)?;
            let matrices = args.need("pose_matrices", pose_matrices.cast::<Matrix>(), n)?;
            let pose = pose.slices(&mut args)?;
            let selected = args.input("selected", selected, n)?;
            let rest = rest_values(&mut args, bbone, n)?;
            let change = args.need_mut("change", change, n)?;
            let edit = EditBones {
                head: args.need_mut("head", head.cast(), n)?,
                tail: args.need_mut("tail", tail.cast(), n)?,
                roll: args.need_mut("roll", roll, n)?,
                bbone: rest.bbone,
                segments: args.input("bbone_segments", bbone_segments, n)?,
                change: &mut changes,
            };
            (rig, matrices, pose, selected, edit, change)
        };
        if rig.lengths.is_none() && n > 0 {
            return Err(Error::NullPointer("length"));
        }
        apply_pose(&Hierarchy::new(rig)?, matrices, &mut pose, &mut edit, selected);
        for (out, change) in change.iter_mut().zip(edit.change.iter()) {
            *out = *change as u8;
        }
        Ok(())
    })
}

/// # Safety
/// As the header says.
unsafe fn rest_values<'a>(
    args: &mut Args,
    bbone: *mut LimberPose,
    bones: usize,
) -> Result<PoseMut<'a>> {
    if bbone.is_null() {
        return Ok(PoseMut::default());
    }
    // SAFETY: passed on from the caller.
    unsafe {
        let view = args.view(bbone.cast_const())?;
        if view.bone_count != bones {
            return Err(Error::BadSize {
                arg: "bbone.bone_count",
                value: view.bone_count,
                why: "must be that of the rig",
            });
        }
        view.slices(args)
    }
}
