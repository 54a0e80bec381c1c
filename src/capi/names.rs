//! Bone names across the C boundary: packed tables of NUL-terminated UTF-8.

use super::args::Args;
use super::guard;
use crate::error::{Error, Result};
use crate::names::{self, Axis, NameTable, Rename, Renamer};
use core::ffi::c_char;

/// Reads a packed table of names.
///
/// # Safety
/// `text` is NULL or readable for `size` bytes.
pub(crate) unsafe fn name_table<'a>(
    args: &mut Args,
    arg: &'static str,
    text: *const c_char,
    size: usize,
    count: usize,
) -> Result<NameTable<'a>> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { args.need(arg, text.cast::<u8>(), size)? };
    NameTable::new(arg, bytes, count)
}

/// A caller's buffer for a packed table of names, and where its size goes.
pub(crate) struct NamesOut<'a> {
    arg: &'static str,
    text: Option<&'a mut [u8]>,
    size: Option<&'a mut usize>,
}

impl<'a> NamesOut<'a> {
    /// Registers the buffer; NULL asks for the size only.
    ///
    /// # Safety
    /// `text` is NULL or writable for `capacity` bytes, `size` is NULL or writable.
    pub(crate) unsafe fn new(
        args: &mut Args,
        arg: &'static str,
        text: *mut c_char,
        capacity: usize,
        size: *mut usize,
    ) -> Result<Self> {
        if text.is_null() && capacity != 0 {
            return Err(Error::NullPointer(arg));
        }
        // SAFETY: the caller's promise.
        unsafe {
            Ok(Self {
                arg,
                text: args.output(arg, text.cast::<u8>(), capacity)?,
                size: args.optional_value("size of the names", size)?,
            })
        }
    }

    /// Fails if the buffer is there but cannot hold `names`; the size is written all the same.
    pub(crate) fn check<'n>(&mut self, names: impl Iterator<Item = &'n [u8]>) -> Result<()> {
        let needed = names.map(|name| name.len() + 1).sum();
        if let Some(size) = &mut self.size {
            **size = needed;
        }
        match &self.text {
            Some(text) if text.len() < needed => {
                Err(Error::BufferTooSmall { arg: self.arg, capacity: text.len(), needed })
            }
            _ => Ok(()),
        }
    }

    /// Writes the names, which [`NamesOut::check`] found to fit.
    pub(crate) fn write<'n>(&mut self, names: impl Iterator<Item = &'n [u8]>) {
        let Some(text) = &mut self.text else { return };
        let mut at = 0;
        for name in names {
            text[at..at + name.len()].copy_from_slice(name);
            text[at + name.len()] = 0;
            at += name.len() + 1;
        }
    }
}

/// Names of the other side: `hand.L` to `hand.R`, `LeftArm` to `RightArm`.
///
/// names          count names, UTF-8, each ended by a NUL, one after the other
/// names_size     bytes of all names with their NULs
/// strip_numbers  non-zero: drop a number such as .001 at the end
/// out            receives count names in the same form; NULL only asks for the size
/// out_capacity   bytes that out holds; 0 with NULL
/// out_size       receives the bytes of all results with their NULs; may be NULL
///
/// One letter l r L R with a separator (. space - _) before it at the end, or after it at the
/// beginning; else "left" or "right", in any case, at the beginning or end of a name of more
/// than five bytes. A name without a side stays. Names are not cut at 63 bytes and not made
/// unique; limber_flip_names does both.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (the text does not hold count names), _OVERLAP,
/// or _BUFFER_TOO_SMALL (out is untouched, out_size written).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_flip_side(
    names: *const c_char,
    names_size: usize,
    count: usize,
    strip_numbers: u8,
    out: *mut c_char,
    out_capacity: usize,
    out_size: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, mut out) = unsafe {
            (
                name_table(&mut args, "names", names, names_size, count)?,
                NamesOut::new(&mut args, "out", out, out_capacity, out_size)?,
            )
        };
        let flipped: Vec<Vec<u8>> =
            table.iter().map(|name| names::flip_side(name, strip_numbers != 0)).collect();
        out.check(flipped.iter().map(Vec::as_slice))?;
        out.write(flipped.iter().map(Vec::as_slice));
        Ok(())
    })
}

/// For every bone the bone whose name is that of the other side.
///
/// names       count names, UTF-8, each ended by a NUL, one after the other
/// names_size  bytes of all names with their NULs
/// mirror      receives count indices; -1 where the name has no side or no bone has the other
///             side's name. Numbers such as .001 are kept: foot.L.001 mirrors foot.R.001
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (the text does not hold count names) or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_mirror_bones(
    names: *const c_char,
    names_size: usize,
    count: usize,
    mirror: *mut i32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, mirror) = unsafe {
            (
                name_table(&mut args, "names", names, names_size, count)?,
                args.need_mut("mirror", mirror, count)?,
            )
        };
        for (out, bone) in mirror.iter_mut().zip(names::mirror_bones(&table)) {
            *out = bone.map_or(-1, |bone| bone as i32);
        }
        Ok(())
    })
}

/// The caller's buffers for a list of renames.
struct StepsOut<'a> {
    bone: Option<&'a mut [i32]>,
    count: Option<&'a mut usize>,
    names: NamesOut<'a>,
}

impl StepsOut<'_> {
    /// Writes all or nothing, the sizes always.
    fn fill(&mut self, steps: &[Rename]) -> Result<()> {
        if let Some(count) = &mut self.count {
            **count = steps.len();
        }
        let names = || steps.iter().map(|step| step.name.as_slice());
        self.names.check(names())?;
        if let Some(bone) = &mut self.bone {
            if bone.len() < steps.len() {
                let (capacity, needed) = (bone.len(), steps.len());
                return Err(Error::BufferTooSmall { arg: "step_bone", capacity, needed });
            }
            for (out, step) in bone.iter_mut().zip(steps) {
                *out = step.bone as i32;
            }
        }
        self.names.write(names());
        Ok(())
    }
}

/// Where a list of renames goes; the same in every function that renames bones.
///
/// Fields of the header's argument lists `step_bone` to `step_names_size`.
struct StepPointers {
    bone: *mut i32,
    capacity: usize,
    count: *mut usize,
    names: *mut c_char,
    names_capacity: usize,
    names_size: *mut usize,
}

impl StepPointers {
    /// # Safety
    /// Each pointer is NULL or writable for its capacity.
    unsafe fn slices<'a>(&self, args: &mut Args) -> Result<StepsOut<'a>> {
        if self.bone.is_null() && self.capacity != 0 {
            return Err(Error::NullPointer("step_bone"));
        }
        // SAFETY: the caller's promise.
        unsafe {
            Ok(StepsOut {
                bone: args.output("step_bone", self.bone, self.capacity)?,
                count: args.optional_value("step_count", self.count)?,
                names: NamesOut::new(
                    args,
                    "step_names",
                    self.names,
                    self.names_capacity,
                    self.names_size,
                )?,
            })
        }
    }
}

/// Indices of the bones that a byte mask chooses; all of them without a mask.
pub(crate) fn chosen(mask: Option<&[u8]>, count: usize) -> Vec<usize> {
    match mask {
        Some(mask) => (0..count).filter(|bone| mask[*bone] != 0).collect(),
        None => (0..count).collect(),
    }
}

fn bad_count(count: usize) -> Result<()> {
    // Steps name bones by int32_t.
    if count > i32::MAX as usize / 2 {
        return Err(Error::BadSize { arg: "count", value: count, why: "at most 2^30 bones" });
    }
    Ok(())
}

/// Rename bones of one armature to the other side's names and keep all names unique.
///
/// names                count distinct names, UTF-8, each ended by a NUL, in bone order
/// names_size           bytes of all names with their NULs
/// selected             count bytes, non-zero = rename; NULL = every bone
/// strip_numbers        non-zero: drop a number such as .001 at the end
/// step_bone            receives the bone of each rename; NULL only asks for the sizes
/// step_capacity        elements that step_bone holds; 2*count is always enough
/// step_count           receives the number of renames; may be NULL
/// step_names           receives the new name of each rename, ended by a NUL; NULL as step_bone
/// step_names_capacity  bytes that step_names holds; 128*count is always enough
/// step_names_size      receives the bytes of all new names with their NULs; may be NULL
///
/// The result is a list of renames to be done in order, each to a name that is free at that
/// moment: a bone can occur twice. Two sides that are both selected change their names; a bone
/// whose other side stays where it is gets a number, as in Blender: arm.L becomes arm.R.002.
/// Names are cut at 63 bytes, never inside a character.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (the text does not hold count names), _OVERLAP,
/// or _BUFFER_TOO_SMALL (only the sizes were written).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_flip_names(
    names: *const c_char,
    names_size: usize,
    count: usize,
    selected: *const u8,
    strip_numbers: u8,
    step_bone: *mut i32,
    step_capacity: usize,
    step_count: *mut usize,
    step_names: *mut c_char,
    step_names_capacity: usize,
    step_names_size: *mut usize,
) -> i32 {
    let out = StepPointers {
        bone: step_bone,
        capacity: step_capacity,
        count: step_count,
        names: step_names,
        names_capacity: step_names_capacity,
        names_size: step_names_size,
    };
    guard(|| {
        bad_count(count)?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, mask, mut out) = unsafe {
            (
                name_table(&mut args, "names", names, names_size, count)?,
                args.input("selected", selected, count)?,
                out.slices(&mut args)?,
            )
        };
        let bones = chosen(mask, count);
        out.fill(&names::flip_names(&table, &bones, strip_numbers != 0).into_steps())
    })
}

/// Rename bones of one armature by the side they lie on, and keep all names unique.
///
/// names        count distinct names, UTF-8, each ended by a NUL, in bone order
/// names_size   bytes of all names with their NULs
/// selected     count bytes, non-zero = rename; NULL = every bone
/// axis         0: .L (positive) .R (negative); 1: .Bk .Fr; 2: .Top .Bot
/// head         count floats, the component along the axis of each bone's head
/// tail         count floats, likewise; tells the side where the head is at zero
/// step_bone and the rest: as for limber_flip_names; count renames, 64*count bytes are enough
///
/// Blender's Auto-Name takes head and tail relative to the parent bone; in armature space they
/// tell the real side. Tags that the name ends with are taken off first. A bone in the middle,
/// or at a place that is not a number, keeps its name.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE (axis), _OVERLAP, or
/// _BUFFER_TOO_SMALL (only the sizes were written).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_autoside_names(
    names: *const c_char,
    names_size: usize,
    count: usize,
    selected: *const u8,
    axis: u32,
    head: *const f32,
    tail: *const f32,
    step_bone: *mut i32,
    step_capacity: usize,
    step_count: *mut usize,
    step_names: *mut c_char,
    step_names_capacity: usize,
    step_names_size: *mut usize,
) -> i32 {
    let out = StepPointers {
        bone: step_bone,
        capacity: step_capacity,
        count: step_count,
        names: step_names,
        names_capacity: step_names_capacity,
        names_size: step_names_size,
    };
    guard(|| {
        bad_count(count)?;
        let axis = Axis::from_number(axis).ok_or_else(|| Error::BadValue {
            arg: "axis",
            value: axis.to_string(),
            why: "0, 1 or 2",
        })?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, mask, head, tail, mut out) = unsafe {
            (
                name_table(&mut args, "names", names, names_size, count)?,
                args.input("selected", selected, count)?,
                args.need("head", head, count)?,
                args.need("tail", tail, count)?,
                out.slices(&mut args)?,
            )
        };
        let bones = chosen(mask, count);
        out.fill(&names::autoside_names(&table, &bones, axis, head, tail).into_steps())
    })
}

/// Give bones of one armature new names one after the other, keeping all names unique.
///
/// names        count distinct names, UTF-8, each ended by a NUL, in bone order
/// names_size   bytes of all names with their NULs
/// wish_bone    wish_count bone indices, any order, repeats allowed
/// wishes       wish_count wanted names, each ended by a NUL
/// wishes_size  bytes of all wishes with their NULs
/// step_bone and the rest: as for limber_flip_names; wish_count renames, 64*wish_count bytes are
/// enough
///
/// A taken name gets a number one above its own: a.009 becomes a.010, a.1 becomes a.002. Longer
/// names are cut at 63 bytes, never inside a character; an empty one becomes Bone. A wish for
/// the present name is no rename.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE (wish_bone), _OVERLAP, or
/// _BUFFER_TOO_SMALL (only the sizes were written).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_rename_bones(
    names: *const c_char,
    names_size: usize,
    count: usize,
    wish_bone: *const i32,
    wishes: *const c_char,
    wishes_size: usize,
    wish_count: usize,
    step_bone: *mut i32,
    step_capacity: usize,
    step_count: *mut usize,
    step_names: *mut c_char,
    step_names_capacity: usize,
    step_names_size: *mut usize,
) -> i32 {
    let out = StepPointers {
        bone: step_bone,
        capacity: step_capacity,
        count: step_count,
        names: step_names,
        names_capacity: step_names_capacity,
        names_size: step_names_size,
    };
    guard(|| {
        bad_count(count)?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, bones, wishes, mut out) = unsafe {
            (
                name_table(&mut args, "names", names, names_size, count)?,
                args.need("wish_bone", wish_bone, wish_count)?,
                name_table(&mut args, "wishes", wishes, wishes_size, wish_count)?,
                out.slices(&mut args)?,
            )
        };
        let exists = |bone: &i32| usize::try_from(*bone).is_ok_and(|b| b < count);
        if let Some(index) = bones.iter().position(|bone| !exists(bone)) {
            return Err(Error::BadElement {
                arg: "wish_bone",
                index,
                value: bones[index].to_string(),
                why: "no such bone",
            });
        }
        let mut renamer = Renamer::new(&table);
        for (bone, wish) in bones.iter().zip(wishes.iter()) {
            renamer.rename(*bone as usize, wish);
        }
        out.fill(&renamer.into_steps())
    })
}
