//! C functions that change how rotations are stored.

use super::args::Args;
use super::guard;
use super::views::LimberPose;
use crate::error::{Error, Result};
use crate::pose::Mask;
use crate::rotation::RotationMode;
use crate::rotation_mode::{flip_quaternions, set_modes, set_modes_exactly};

/// Set the rotation mode of the selected bones as Blender does, converting their rotation.
///
/// The live value is written into the new representation, the others keep what they hold; a
/// stored quaternion that is left is normalised in place. Blender keeps the orientation with two
/// exceptions: between two Euler orders the three angles stay as they are, and an axis whose
/// components are equal gets y = 1.
///
/// pose      in/out; `rotation_mode`, `rotation_quaternion`, `rotation_euler` and
///           `rotation_axis_angle` must be there
/// selected  bone_count bytes, non-zero = act; NULL = every bone
/// mode      LIMBER_ROTATION_*
/// exact     non-zero: without those exceptions; the orientation never changes
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_rotation_mode_set(
    pose: *mut LimberPose,
    selected: *const u8,
    mode: i32,
    exact: u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (mut pose, selected) = unsafe {
            let view = args.view(pose.cast_const())?;
            let selected = Mask(args.input("selected", selected, view.bone_count)?);
            (view.slices(&mut args)?, selected)
        };
        if pose.bone_count > 0 {
            needed("rotation_mode", pose.rotation_mode.is_some())?;
            needed("rotation_quaternion", pose.rotation_quaternion.is_some())?;
            needed("rotation_euler", pose.rotation_euler.is_some())?;
            needed("rotation_axis_angle", pose.rotation_axis_angle.is_some())?;
        }
        let mode = RotationMode::from_number(mode).ok_or_else(|| Error::BadValue {
            arg: "mode",
            value: mode.to_string(),
            why: "not a LIMBER_ROTATION_*",
        })?;
        if exact != 0 {
            set_modes_exactly(&mut pose, mode, selected);
        } else {
            set_modes(&mut pose, mode, selected);
        }
        Ok(())
    })
}

fn needed(arg: &'static str, present: bool) -> Result<()> {
    if present { Ok(()) } else { Err(Error::NullPointer(arg)) }
}

/// Negate the quaternions of the selected bones that are in quaternion mode: the same
/// orientation by the other way round.
///
/// pose      in/out; uses `rotation_mode` and `rotation_quaternion`
/// selected  bone_count bytes, non-zero = act; NULL = every bone
/// flipped   receives how many bones that were; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_quaternions_flip(
    pose: *mut LimberPose,
    selected: *const u8,
    flipped: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (mut pose, selected, flipped) = unsafe {
            let view = args.view(pose.cast_const())?;
            let selected = Mask(args.input("selected", selected, view.bone_count)?);
            let flipped = args.optional_value("flipped", flipped)?;
            (view.slices(&mut args)?, selected, flipped)
        };
        let count = flip_quaternions(&mut pose, selected);
        if let Some(flipped) = flipped {
            *flipped = count;
        }
        Ok(())
    })
}
