//! C functions that clear location, rotation and scale.

use super::args::Args;
use super::guard;
use super::views::{LimberLocks, LimberPose};
use crate::clear::{Channels, clear};
use crate::error::{Error, Result};
use crate::pose::{Locks, Mask};

/// # Safety
/// The pointers are as the header of the four functions says.
unsafe fn clear_call(
    pose: *mut LimberPose,
    locks: *const LimberLocks,
    selected: *const u8,
    mirror: *const i32,
    channels: Channels,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise on every pointer, passed on by the caller.
        let (mut pose, locks, selected, mirror) = unsafe {
            let view = args.view(pose.cast_const())?;
            let n = view.bone_count;
            let locks = if locks.is_null() {
                Locks::default()
            } else {
                args.view(locks)?.slices(&mut args, n)?
            };
            let selected = Mask(args.input("selected", selected, n)?);
            let mirror = args.input("mirror", mirror, n)?;
            (view.slices(&mut args)?, locks, selected, mirror)
        };
        check_mirror(mirror)?;
        clear(&mut pose, &locks, selected, mirror, channels);
        Ok(())
    })
}

fn check_mirror(mirror: Option<&[i32]>) -> Result<()> {
    let mirror = mirror.unwrap_or_default();
    let count = mirror.len();
    let wrong = |bone: &i32| *bone < -1 || usize::try_from(*bone).is_ok_and(|b| b >= count);
    match mirror.iter().position(wrong) {
        None => Ok(()),
        Some(index) => Err(Error::BadElement {
            arg: "mirror",
            index,
            value: mirror[index].to_string(),
            why: "not -1 and not a bone",
        }),
    }
}

/// Clear the location of the selected bones: unlocked components become 0.
///
/// pose      in/out; uses `location`, which may be absent; other arrays stay as they are
/// locks     NULL = nothing locked; uses `lock_location`
/// selected  bone_count bytes, non-zero = act; NULL = every bone
/// mirror    bone_count, for every bone the index of the bone on the other side or -1; that bone
///           is cleared too, under its own locks, selected or not; NULL = no mirroring
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_loc_clear(
    pose: *mut LimberPose,
    locks: *const LimberLocks,
    selected: *const u8,
    mirror: *const i32,
) -> i32 {
    let channels = Channels { location: true, ..Channels::default() };
    // SAFETY: passed on from the caller.
    unsafe { clear_call(pose, locks, selected, mirror, channels) }
}

/// Clear the rotation of the selected bones.
///
/// Only the representation that `rotation_mode` names is cleared. Without locks it becomes
/// (1,0,0,0), (0, 0,1,0) or (0,0,0). Of a bone with a lock, Euler angles that are not locked
/// become 0; quaternion and axis-angle keep their locked components if `lock_rotations_4d` is
/// set (the quaternion is not normalised, the axis gets y = 1 where all three components are
/// equal), and else go by way of XYZ Euler angles, keeping a quaternion's length and sign.
/// `bbone_roll*` and `bbone_curve*` become 0 whatever is locked.
///
/// pose      in/out; uses `rotation_*`, `bbone_rollin`, `bbone_rollout` and the four
///           `bbone_curve*`; absent ones are left out
/// locks     NULL = nothing locked; uses `lock_rotation`, `lock_rotation_w`, `lock_rotations_4d`
/// selected  as in limber_loc_clear()
/// mirror    as in limber_loc_clear()
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_rot_clear(
    pose: *mut LimberPose,
    locks: *const LimberLocks,
    selected: *const u8,
    mirror: *const i32,
) -> i32 {
    let channels = Channels { rotation: true, ..Channels::default() };
    // SAFETY: passed on from the caller.
    unsafe { clear_call(pose, locks, selected, mirror, channels) }
}

/// Clear the scale of the selected bones: unlocked components become 1.
///
/// `bbone_ease*` become 0 and `bbone_scale*` (1,1,1) whatever is locked.
///
/// pose      in/out; uses `scale`, `bbone_easein`, `bbone_easeout`, `bbone_scalein` and
///           `bbone_scaleout`; absent ones are left out
/// locks     NULL = nothing locked; uses `lock_scale`
/// selected  as in limber_loc_clear()
/// mirror    as in limber_loc_clear()
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_scale_clear(
    pose: *mut LimberPose,
    locks: *const LimberLocks,
    selected: *const u8,
    mirror: *const i32,
) -> i32 {
    let channels = Channels { scale: true, ..Channels::default() };
    // SAFETY: passed on from the caller.
    unsafe { clear_call(pose, locks, selected, mirror, channels) }
}

/// Clear location, rotation and scale of the selected bones.
///
/// The same as limber_loc_clear(), limber_rot_clear() and limber_scale_clear() one after the
/// other, with their arguments.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_transforms_clear(
    pose: *mut LimberPose,
    locks: *const LimberLocks,
    selected: *const u8,
    mirror: *const i32,
) -> i32 {
    // SAFETY: passed on from the caller.
    unsafe { clear_call(pose, locks, selected, mirror, Channels::ALL) }
}
