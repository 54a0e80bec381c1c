//! Bone selection sets across the C boundary.

use super::args::Args;
use super::guard;
use super::names::{NamesOut, name_table};
use super::select::{LimberBones, run};
use crate::error::{Error, Result};
use crate::select::Bones;
use crate::selection_sets;
use core::ffi::c_char;

/// The bones that a selection set means, as a bit mask.
///
/// names       count bone names, UTF-8, each ended by a NUL, one after the other
/// names_size  bytes of all names with their NULs
/// set         set_count names of the set, in the same form
/// set_size    bytes of the set's names with their NULs
/// members     receives (count + 63) / 64 words: bone b is bit b % 64 of word b / 64
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (a text does not hold its names) or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_set_members(
    names: *const c_char,
    names_size: usize,
    count: usize,
    set: *const c_char,
    set_size: usize,
    set_count: usize,
    members: *mut u64,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (bones, set, members) = unsafe {
            (
                name_table(&mut args, "names", names, names_size, count)?,
                name_table(&mut args, "set", set, set_size, set_count)?,
                args.need_mut("members", members, selection_sets::words(count))?,
            )
        };
        members.copy_from_slice(&selection_sets::members(&bones, &set));
        Ok(())
    })
}

/// What [`limber_set_missing`] and [`limber_set_kept`] share: two tables in, a mask out.
///
/// # Safety
/// The header's promises about the pointers.
unsafe fn compare(
    set: (*const c_char, usize, usize),
    chosen: (*const c_char, usize, usize),
    out: (&'static str, *mut u8, usize),
    body: impl FnOnce(&crate::names::NameTable, &crate::names::NameTable) -> Vec<bool>,
) -> Result<()> {
    let mut args = Args::new();
    // SAFETY: the header's promise.
    let (set, chosen, out) = unsafe {
        (
            name_table(&mut args, "set", set.0, set.1, set.2)?,
            name_table(&mut args, "chosen", chosen.0, chosen.1, chosen.2)?,
            args.need_mut(out.0, out.1, out.2)?,
        )
    };
    for (out, value) in out.iter_mut().zip(body(&set, &chosen)) {
        *out = u8::from(value);
    }
    Ok(())
}

/// Which bones a selection set has to take in so that it holds all of them.
///
/// set           set_count names of the set, UTF-8, each ended by a NUL, one after the other
/// set_size      bytes of the set's names with their NULs
/// chosen        chosen_count names, in the same form
/// chosen_size   bytes of them with their NULs
/// missing       receives chosen_count bytes: 1 = the set lacks this name; a name that is chosen
///               twice is missing once
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (a text does not hold its names) or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_set_missing(
    set: *const c_char,
    set_size: usize,
    set_count: usize,
    chosen: *const c_char,
    chosen_size: usize,
    chosen_count: usize,
    missing: *mut u8,
) -> i32 {
    guard(|| {
        let set = (set, set_size, set_count);
        let chosen = (chosen, chosen_size, chosen_count);
        // SAFETY: the header's promise.
        unsafe { compare(set, chosen, ("missing", missing, chosen_count), selection_sets::missing) }
    })
}

/// Which names of a selection set stay when bones are taken out of it.
///
/// set, chosen   as for limber_set_missing
/// kept          receives set_count bytes: 0 = goes; each chosen name takes out the first of the
///               set that equals it
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (a text does not hold its names) or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_set_kept(
    set: *const c_char,
    set_size: usize,
    set_count: usize,
    chosen: *const c_char,
    chosen_size: usize,
    chosen_count: usize,
    kept: *mut u8,
) -> i32 {
    guard(|| {
        let set = (set, set_size, set_count);
        let chosen = (chosen, chosen_size, chosen_count);
        // SAFETY: the header's promise.
        unsafe { compare(set, chosen, ("kept", kept, set_count), selection_sets::kept) }
    })
}

/// A name for a new selection set that no other set has.
///
/// sets          set_count names of sets, UTF-8, each ended by a NUL, one after the other
/// sets_size     bytes of them with their NULs
/// wanted        the wanted name, ended by a NUL
/// wanted_size   bytes of it with its NUL
/// out           receives the name, ended by a NUL; NULL only asks for the size
/// out_capacity  bytes that out holds; 0 with NULL
/// out_size      receives the bytes of the name with its NUL; may be NULL
///
/// A taken name gets the smallest free number from 1, with at least three digits.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (a text does not hold its names), _OVERLAP, or
/// _BUFFER_TOO_SMALL (only out_size was written).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_set_unique_name(
    sets: *const c_char,
    sets_size: usize,
    set_count: usize,
    wanted: *const c_char,
    wanted_size: usize,
    out: *mut c_char,
    out_capacity: usize,
    out_size: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (sets, wanted, mut out) = unsafe {
            (
                name_table(&mut args, "sets", sets, sets_size, set_count)?,
                name_table(&mut args, "wanted", wanted, wanted_size, 1)?,
                NamesOut::new(&mut args, "out", out, out_capacity, out_size)?,
            )
        };
        let name = selection_sets::unique_name(&sets, wanted.get(0));
        let name = || std::iter::once(name.as_slice());
        out.check(name())?;
        out.write(name());
        Ok(())
    })
}

/// Select or deselect the visible bones of a selection set.
///
/// bones     parent, connected and unselectable are not read: unselectable bones are selected too
/// members   (n + 63) / 64 words from limber_set_members, or several of them or-ed together
/// deselect  non-zero: deselect
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_set_select(
    bones: *const LimberBones,
    members: *const u64,
    deselect: u8,
) -> i32 {
    let body = |args: &mut Args, bones: &mut Bones| {
        let words = selection_sets::words(bones.len());
        // SAFETY: the header's promise.
        let members = unsafe { args.need("members", members, words)? };
        selection_sets::select(bones, members, deselect == 0);
        Ok::<_, Error>(true)
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, core::ptr::null_mut(), false, body) }
}
