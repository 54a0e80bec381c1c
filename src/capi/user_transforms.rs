//! C functions that take a pose back to its keyframed state, or to rest.

use super::args::Args;
use super::guard;
use super::views::LimberPose;
use crate::error::{Error, Result};
use crate::pose::{Mask, PoseMut};
use crate::user_transforms::{CurveValues, apply_curves, reset};

/// # Safety
/// As the headers of the two functions say.
unsafe fn pose_and_mask<'a>(
    args: &mut Args,
    pose: *mut LimberPose,
    selected: *const u8,
) -> Result<(PoseMut<'a>, Mask<'a>)> {
    // SAFETY: passed on from the caller.
    unsafe {
        let view = args.view(pose.cast_const())?;
        let selected = Mask(args.input("selected", selected, view.bone_count)?);
        Ok((view.slices(args)?, selected))
    }
}

/// Set every channel of the selected bones to its rest value: location, all three rotations,
/// scale and the bendy-bone values. What Clear User Transforms does to a rig without an action.
///
/// pose      in/out; absent arrays are left out, rotation modes stay
/// selected  bone_count bytes, non-zero = act; NULL = every bone
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_transforms_reset(
    pose: *mut LimberPose,
    selected: *const u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (mut pose, selected) = unsafe { pose_and_mask(&mut args, pose, selected)? };
        reset(&mut pose, selected);
        Ok(())
    })
}

/// Set the channels of the selected bones that have a curve to the curve's value, and leave the
/// others: what Clear User Transforms does to a rig with an action.
///
/// Of the three rotations only the one that `rotation_mode` names is written.
///
/// pose         in/out; absent arrays are left out, rotation modes stay
/// selected     bone_count bytes, non-zero = act; NULL = every bone
/// curve_count  m, how many curves
/// bone         m, the bone a curve animates; 4294967295 or any other that the pose does not
///              have = passed over
/// property     m, LIMBER_PROPERTY_*; _NONE and _CUSTOM are passed over
/// component    m, of a vector property, else 0; one that does not exist is passed over
/// value        m, the curves' values at the frame
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_user_transforms_clear(
    pose: *mut LimberPose,
    selected: *const u8,
    curve_count: usize,
    bone: *const u32,
    property: *const u8,
    component: *const u32,
    value: *const f32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (mut pose, selected, values) = unsafe {
            let (pose, selected) = pose_and_mask(&mut args, pose, selected)?;
            let values = CurveValues {
                bone: args.need("bone", bone, curve_count)?,
                property: args.need("property", property, curve_count)?,
                component: args.need("component", component, curve_count)?,
                value: args.need("value", value, curve_count)?,
            };
            (pose, selected, values)
        };
        if let Some(index) = values.property.iter().position(|number| *number > 16) {
            return Err(Error::BadElement {
                arg: "property",
                index,
                value: values.property[index].to_string(),
                why: "not a LIMBER_PROPERTY_*",
            });
        }
        apply_curves(&mut pose, selected, values);
        Ok(())
    })
}
