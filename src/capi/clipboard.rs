//! C functions that copy, paste and mirror poses.

use super::args::Args;
use super::guard;
use super::names::{NamesOut, name_table};
use super::views::LimberPose;
use crate::clipboard::{self, Settings};
use crate::error::{Error, Result};
use crate::pose::{Mask, PoseMut};
use core::ffi::c_char;

/// `flags` of limber_pose_paste(): on the bones of the other side, mirrored.
pub const LIMBER_PASTE_FLIPPED: u32 = 1;
/// `flags` of limber_pose_paste(): never change an orientation, where Blender does.
pub const LIMBER_PASTE_EXACT: u32 = 2;

fn too_small(arg: &'static str, capacity: usize, needed: usize) -> Result<()> {
    if capacity < needed { Err(Error::BufferTooSmall { arg, capacity, needed }) } else { Ok(()) }
}

/// Copy the channels and names of the selected bones to a clipboard, which is plain data of the
/// caller: a pose and a table of names, ready for limber_pose_paste().
///
/// pose            in; only read
/// names           bone_count names, UTF-8, each ended by a NUL, one after the other
/// names_size      bytes of all names with their NULs
/// selected        bone_count bytes, non-zero = copy; NULL = every bone
/// clipboard       out; arrays with room for bone_count elements each; those that are NULL here
///                 or in pose are left out. Its own bone_count says how many bones fit. NULL
///                 only asks for the sizes
/// bones_needed    receives how many bones are copied; may be NULL
/// out             receives their names in the same form; NULL only asks for the size
/// out_capacity    bytes that out holds; 0 with NULL
/// out_size        receives the bytes of the copied names with their NULs; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _OVERLAP, or
/// _BUFFER_TOO_SMALL (nothing but the two sizes was written).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_pose_copy(
    pose: *const LimberPose,
    names: *const c_char,
    names_size: usize,
    selected: *const u8,
    clipboard: *mut LimberPose,
    bones_needed: *mut usize,
    out: *mut c_char,
    out_capacity: usize,
    out_size: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (pose, table, selected, mut clipboard, bones_needed, mut out) = unsafe {
            let view = args.view(pose)?;
            let n = view.bone_count;
            let table = name_table(&mut args, "names", names, names_size, n)?;
            let selected = Mask(args.input("selected", selected, n)?);
            let pose = view.slices(&mut args)?;
            let clipboard = match clipboard.is_null() {
                true => None,
                false => Some(args.view(clipboard.cast_const())?.room(&mut args)?),
            };
            let bones_needed = args.optional_value("bones_needed", bones_needed)?;
            let out = NamesOut::new(&mut args, "out", out, out_capacity, out_size)?;
            (pose, table, selected, clipboard, bones_needed, out)
        };
        let copied: Vec<_> =
            table.iter().enumerate().filter(|(bone, _)| selected.has(*bone)).collect();
        if let Some(needed) = bones_needed {
            *needed = copied.len();
        }
        out.check(copied.iter().map(|(_, name)| *name))?;
        if let Some(clipboard) = &mut clipboard {
            too_small("clipboard", clipboard.bone_count, copied.len())?;
            clipboard::gather(&pose, selected, clipboard);
        }
        out.write(copied.iter().map(|(_, name)| *name));
        Ok(())
    })
}

/// Paste a copied pose on a rig, bone by bone of the same name, as Blender does.
///
/// Location, scale, bendy-bone values and rotation are written, as far as both poses have the
/// arrays; rotation modes of the target stay. The rotation is converted as Blender converts it,
/// which is not always right: from axis-angle to quaternion the target's own stored angle is
/// taken, between two Euler orders the source's stored quaternion, and a quaternion is not made
/// one of unit length. With LIMBER_PASTE_EXACT the orientation never changes.
///
/// With LIMBER_PASTE_FLIPPED a bone goes to the one of the other side's name (limber_flip_side;
/// a name without a side to itself), mirrored as limber_pose_mirror() does.
///
/// source               in; only read
/// source_names         a name for each bone of the source, each ended by a NUL
/// source_names_size    bytes of them
/// target               in/out
/// target_names         the same of the target
/// target_names_size    bytes of them
/// selected             a byte for each bone of the target, non-zero = paste on it; NULL = all
/// flags                OR of LIMBER_PASTE_*
/// came_from            a value for each bone of the target: receives the bone of the source that
///                      was pasted on it, -1 = none; may be NULL
/// pasted               receives how many bones of the source were pasted; may be NULL
/// skipped              receives how many were not because of `selected`; may be NULL
///
/// Names are compared byte by byte. Of two source bones for one target the later one stays; of
/// several target bones of one name the one at the source bone's own place is meant, else the
/// first.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error nothing was written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_pose_paste(
    source: *const LimberPose,
    source_names: *const c_char,
    source_names_size: usize,
    target: *mut LimberPose,
    target_names: *const c_char,
    target_names_size: usize,
    selected: *const u8,
    flags: u32,
    came_from: *mut i32,
    pasted: *mut usize,
    skipped: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (source, target) = unsafe { (args.view(source)?, args.view(target.cast_const())?) };
        let (from, to) = (source.bone_count, target.bone_count);
        // SAFETY: the header's promise.
        let (source, mut target, names, selected, came_from, pasted, skipped) = unsafe {
            (
                source.slices(&mut args)?,
                target.slices(&mut args)?,
                (
                    name_table(&mut args, "source_names", source_names, source_names_size, from)?,
                    name_table(&mut args, "target_names", target_names, target_names_size, to)?,
                ),
                Mask(args.input("selected", selected, to)?),
                args.output("came_from", came_from, to)?,
                args.optional_value("pasted", pasted)?,
                args.optional_value("skipped", skipped)?,
            )
        };
        let settings = paste_settings(flags)?;
        let counterparts = clipboard::counterparts(&names.0, &names.1, settings.flipped);
        let mut came_from = came_from;
        if let Some(came_from) = &mut came_from {
            came_from.fill(-1);
        }
        let done =
            clipboard::paste(&source, &mut target, &counterparts, selected, settings, came_from);
        for (out, value) in [(pasted, done.pasted), (skipped, done.skipped)] {
            if let Some(out) = out {
                *out = value;
            }
        }
        Ok(())
    })
}

fn paste_settings(flags: u32) -> Result<Settings> {
    if flags & !(LIMBER_PASTE_FLIPPED | LIMBER_PASTE_EXACT) != 0 {
        return Err(Error::BadValue {
            arg: "flags",
            value: flags.to_string(),
            why: "not an OR of LIMBER_PASTE_*",
        });
    }
    Ok(Settings {
        flipped: flags & LIMBER_PASTE_FLIPPED != 0,
        exact: flags & LIMBER_PASTE_EXACT != 0,
    })
}

/// Mirror the channels of the selected bones at the plane X = 0, each bone in place.
///
/// The X of the location, the bendy-bone rolls and the X of the bendy-bone curves change their
/// sign, Y and Z of Euler angles too; quaternion and axis-angle go by way of XYZ Euler angles,
/// which also makes a quaternion one of unit length. On a rig that is symmetric at rest this is
/// the pose for the bone of the other side.
///
/// pose      in/out; absent arrays are left out
/// selected  bone_count bytes, non-zero = act; NULL = every bone
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
/// error the pose is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_pose_mirror(pose: *mut LimberPose, selected: *const u8) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (mut pose, selected): (PoseMut, Mask) = unsafe {
            let view = args.view(pose.cast_const())?;
            let selected = Mask(args.input("selected", selected, view.bone_count)?);
            (view.slices(&mut args)?, selected)
        };
        clipboard::mirror(&mut pose, selected);
        Ok(())
    })
}
