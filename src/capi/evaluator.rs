//! Poses with their constraints, many frames at once.

use super::args::Args;
use super::constraints::{Arrays, LimberPoseConstraints};
use super::guard;
use super::processor;
use super::transform::{Batch, LimberRig, elements, same_count};
use super::views::LimberPose;
use crate::channels::Matrix;
use crate::error::{Error, Result};
use crate::evaluator::{Constraints, Evaluator, Moving, Plan, State};
use crate::hierarchy::{self, Hierarchy};
use core::ffi::c_char;

/// `state`: the bone was evaluated.
pub const LIMBER_STATE_EVALUABLE: i32 = 0;
/// `state`: a constraint that is not done here changes the bone.
pub const LIMBER_STATE_UNSUPPORTED: i32 = 1;
/// `state`: the bone depends on itself by way of others.
pub const LIMBER_STATE_CYCLE: i32 = 2;
/// `state`: the bone depends on one that was not evaluated.
pub const LIMBER_STATE_DEPENDS: i32 = 3;
/// `state`: a driver that is not done here moves its channels or constraints.
pub const LIMBER_STATE_DRIVER: i32 = 4;
/// `state`: the caller said that the bone cannot be evaluated.
pub const LIMBER_STATE_HOST: i32 = 5;

/// `flags` of limber_evaluate_poses(): influence holds c values a frame.
pub const LIMBER_EVALUATE_INFLUENCE: u32 = 1;
/// `flags` of limber_evaluate_poses(): target_matrix holds t matrices a frame.
pub const LIMBER_EVALUATE_TARGET_MATRIX: u32 = 2;
/// `flags` of limber_evaluate_poses(): target_weight holds t values a frame.
pub const LIMBER_EVALUATE_TARGET_WEIGHT: u32 = 4;
/// `flags` of limber_evaluate_poses(): object_matrix holds a matrix a frame.
pub const LIMBER_EVALUATE_OBJECT_MATRIX: u32 = 8;

/// How often the arrays that may move are there.
struct Repeats {
    flags: u32,
    frames: usize,
}

impl Repeats {
    fn elements(&self, flag: u32, count: usize) -> Result<usize> {
        if self.flags & flag == 0 { Ok(count) } else { elements(count, self.frames) }
    }

    /// # Safety
    /// Every array that is not NULL holds what the header says.
    unsafe fn moving<'a>(
        &self,
        args: &mut Args,
        view: &LimberPoseConstraints,
    ) -> Result<Moving<'a>> {
        let (c, t) = (view.constraint_count, view.target_count);
        // SAFETY: passed on from the caller.
        unsafe {
            Ok(Moving {
                influence: args.input(
                    "influence",
                    view.influence,
                    self.elements(LIMBER_EVALUATE_INFLUENCE, c)?,
                )?,
                target_matrices: args.input(
                    "target_matrix",
                    view.target_matrix.cast::<Matrix>(),
                    self.elements(LIMBER_EVALUATE_TARGET_MATRIX, t)?,
                )?,
                target_weights: args.input(
                    "target_weight",
                    view.target_weight,
                    self.elements(LIMBER_EVALUATE_TARGET_WEIGHT, t)?,
                )?,
                object: args.input(
                    "object_matrix",
                    view.object_matrix.cast::<Matrix>(),
                    self.elements(LIMBER_EVALUATE_OBJECT_MATRIX, 1)?,
                )?,
            })
        }
    }
}

/// The arrays of the constraints, what moves, and which constraints are muted.
type Given<'a> = (Option<Arrays<'a>>, Moving<'a>, Option<&'a [u8]>);

/// The arrays of a view that may be absent.
///
/// # Safety
/// As the header says.
unsafe fn arrays<'a>(
    args: &mut Args,
    view: *const LimberPoseConstraints,
    repeats: &Repeats,
) -> Result<Given<'a>> {
    if view.is_null() {
        return Ok((None, Moving::default(), None));
    }
    // SAFETY: passed on from the caller.
    unsafe {
        let view = args.view(view)?;
        let mute = args.input("mute", view.mute, view.constraint_count)?;
        Ok((Some(view.slices(args)?), repeats.moving(args, &view)?, mute))
    }
}

fn write_ends(
    hierarchy: &Hierarchy,
    plan: &Plan,
    matrices: &[Matrix],
    head: Option<&mut [[f32; 3]]>,
    tail: Option<&mut [[f32; 3]]>,
) {
    let count = hierarchy.len().max(1);
    let ends =
        |index: usize| hierarchy::head_tail(&matrices[index], hierarchy.length(index % count));
    let done = |index: &usize| plan.states()[index % count] == State::Evaluable;
    if let Some(head) = head {
        (0..head.len()).filter(done).for_each(|index| head[index] = ends(index).0);
    }
    if let Some(tail) = tail {
        (0..tail.len()).filter(done).for_each(|index| tail[index] = ends(index).1);
    }
}

/// Compute the final pose matrices of many frames: hierarchy, then each bone's constraints.
///
/// rig            n bones; `length` is needed for tails and for targets between head and tail
/// pose           the channels of the n bones, frame after frame: frame_count times as many
///                elements as for one pose, but rotation_mode is one for all frames. Read only
/// constraints    c constraints; NULL = none
/// frame_count    number of frames; 0 = only state is written
/// flags          OR of LIMBER_EVALUATE_*: arrays of the constraints that have values for each
///                frame, frame after frame; the others are the same in all frames
/// pose_matrices  out, 16*n*frame_count, armature space (Blender's `PoseBone.matrix`)
/// head           out, 3*n*frame_count, armature space; NULL = not wanted
/// tail           out, 3*n*frame_count, armature space; NULL = not wanted
/// state          out, n, LIMBER_STATE_*: whether the bone was evaluated, or why not
///
/// Bones are evaluated after those that their constraints look at, whatever their order. A bone
/// that cannot be evaluated as Blender does it, and what depends on it, is left alone in all
/// outputs but state. Drivers and keys are the caller's: influence, matrices and weights are
/// taken as given, channels may come from limber_fcurve_evaluate().
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP. Runs in parallel over frames; a frame does not depend on the others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_evaluate_poses(
    rig: *const LimberRig,
    pose: *const LimberPose,
    constraints: *const LimberPoseConstraints,
    frame_count: usize,
    flags: u32,
    pose_matrices: *mut f32,
    head: *mut f32,
    tail: *mut f32,
    state: *mut i32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the structs.
        let (rig, pose) = unsafe { (args.view(rig)?, args.view(pose)?) };
        same_count(&rig, &pose)?;
        if flags >> 4 != 0 {
            let why = "not an OR of LIMBER_EVALUATE_*";
            return Err(Error::BadValue { arg: "flags", value: flags.to_string(), why });
        }
        let n = rig.bone_count;
        let total = elements(n, frame_count)?;
        let repeats = Repeats { flags, frames: frame_count };
        let batch = Batch { bones: n, frames: frame_count, stride: 0 };
        // SAFETY: the header asks for that many elements.
        let (rig, channels, (arrays, moving, mute), out, head, tail, state) = unsafe {
            (
                rig.slices(&mut args)?,
                batch.channels(&mut args, &pose)?,
                arrays(&mut args, constraints, &repeats)?,
                args.need_mut("pose_matrices", pose_matrices.cast::<Matrix>(), total)?,
                args.output("head", head.cast::<[f32; 3]>(), total)?,
                args.output("tail", tail.cast::<[f32; 3]>(), total)?,
                args.need_mut("state", state, n)?,
            )
        };
        let between = arrays.as_ref().is_some_and(|arrays| arrays.head_tail.is_some());
        if rig.lengths.is_none() && n > 0 && (between || tail.is_some()) {
            return Err(Error::NullPointer("length"));
        }
        let hierarchy = Hierarchy::new(rig)?;
        let (targets, list) = match &arrays {
            Some(arrays) => (arrays.targets(n)?, arrays.constraints(n)?),
            None => Default::default(),
        };
        let spaces = arrays.as_ref().and_then(|arrays| arrays.space_matrix);
        let joints = arrays.as_ref().map_or(&[][..], Arrays::joints);
        let paths = arrays.as_ref().map_or(&[][..], Arrays::paths);
        let actions = arrays.as_ref().map_or(&[][..], Arrays::actions);
        let constraints =
            Constraints { list: &list, targets: &targets, spaces, joints, actions, paths };
        let idle: Option<Vec<bool>> = mute.map(|mute| mute.iter().map(|m| *m != 0).collect());
        let plan = Plan::new(&hierarchy, &constraints, idle.as_deref());
        let evaluator = Evaluator::new(&hierarchy, constraints, &plan, channels.rotation_mode);
        let evaluator = evaluator.by_eight(processor::eight_kernel());
        evaluator.evaluate(&channels, &moving, out);
        write_ends(&hierarchy, &plan, out, head, tail);
        for (state, of_bone) in state.iter_mut().zip(plan.states()) {
            *state = *of_bone as i32;
        }
        Ok(())
    })
}

/// What a state says of a bone, in English, to be read after the bone's name: "depends on a bone
/// that Limber does not evaluate". What `cause` of limber_plan_states() numbers can stand behind.
///
/// state   LIMBER_STATE_*
/// buffer  out, receives UTF-8, always terminated, cut to what it holds; NULL only asks for the
///         size
/// size    bytes that buffer holds; 0 with NULL
/// needed  out, 1: the bytes of the whole text with its terminator; NULL = not wanted
///
/// The texts stay the same while a program runs; tell states apart by their numbers.
/// LIMBER_STATUS_OK, _NULL_POINTER if buffer is NULL and size is not 0, _BAD_SIZE, _BAD_VALUE or
/// _OVERLAP. Safe from several threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_state_text(
    state: i32,
    buffer: *mut c_char,
    size: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for that many bytes, and for a writable size_t.
        let (buffer, needed) = unsafe {
            (
                args.need_mut("buffer", buffer.cast::<u8>(), size)?,
                args.optional_value("needed", needed)?,
            )
        };
        let text = State::from_number(state).map(State::text).ok_or_else(|| {
            let (arg, value) = ("state", state.to_string());
            Error::BadValue { arg, value, why: "not a LIMBER_STATE_*" }
        })?;
        if let Some(needed) = needed {
            *needed = text.len() + 1;
        }
        if let Some(room) = buffer.len().checked_sub(1) {
            // ASCII, so that any place to cut is one between characters.
            let length = text.len().min(room);
            buffer[..length].copy_from_slice(&text.as_bytes()[..length]);
            buffer[length] = 0;
        }
        Ok(())
    })
}
