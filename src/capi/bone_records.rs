//! A tool's own pose bone records, read where they lie.

use super::args::Args;
use super::bone_layout::{Fields, LimberBoneLayout, missing};
use super::bone_list::{Records, address, flag_byte};
use super::guard;
use super::keys::LIMBER_FIELD_ABSENT;
use super::names::NamesOut;
use super::views::LimberPose;
use crate::error::Error;
use crate::pose::PoseMut;
use core::ffi::{c_char, c_void};

/// Copy the channels and names of a tool's own pose bone records into arrays.
///
/// layout          where the fields of a record lie
/// first           the first record; each has the address of the next. NULL = no bones
/// pose            out; bone_count is the number of records in the list. The arrays that are not
///                 NULL are filled, if the layout has `only`, for those bones alone
/// names           receives the names, each ended by a 0; NULL with capacity 0 leaves them out
///                 or asks for the size
/// names_capacity  bytes that names holds
/// names_size      receives the bytes of the names with their terminating 0; may be NULL
/// marks           bone_count bytes, receives for each bone the OR of
///                 LIMBER_BONE_HAS_PROPERTIES (it has an address in `properties` or
///                 `more_properties`), LIMBER_BONE_SELECTED and LIMBER_BONE_HIDDEN; may be NULL
///
/// Records, and the structs that have their flags, must be readable and aligned as addresses are;
/// an address that is not aligned is noticed, any other cannot be told from a good one. Nothing may
/// change, move or free them during the call.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE (also: not bone_count records, or
/// an array that the records do not have), _BAD_VALUE (an address or a rotation mode that makes no
/// sense, a name without end), _OVERLAP; on these nothing was written. _BUFFER_TOO_SMALL: nothing
/// but names_size was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_bone_records_read(
    layout: *const LimberBoneLayout,
    first: *const c_void,
    pose: *mut LimberPose,
    names: *mut c_char,
    names_capacity: usize,
    names_size: *mut usize,
    marks: *mut u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the structs and arrays.
        let (fields, view, mut pose, mut out, marks) = unsafe {
            let fields = Fields::new(args.view(layout)?)?;
            let view = args.view(pose.cast_const())?;
            // What the array of modes holds now is no input.
            let modes = args.output("rotation_mode", view.rotation_mode, view.bone_count)?;
            let rest = LimberPose { rotation_mode: core::ptr::null_mut(), ..view };
            let pose = PoseMut { rotation_mode: modes, ..rest.slices(&mut args)? };
            let out = NamesOut::new(&mut args, "names", names, names_capacity, names_size)?;
            let marks = args.output("marks", marks, view.bone_count)?;
            (fields, view, pose, out, marks)
        };
        fields.can_fill(&view)?;
        let layout = &fields.0;
        let with_names = !names.is_null() || !names_size.is_null();
        let only = fields.only()?;
        let channel_lines = fields.channel_lines(&pose);
        let mut lines = fields.other_lines(with_names, marks.is_some() || only != 0);
        if only == 0 {
            lines.extend(&channel_lines);
        }
        // SAFETY: the header's promise.
        let records =
            unsafe { Records::follow(layout, first, view.bone_count, args.outputs(), &lines)? };
        let marked = match marks.is_some() || only != 0 {
            // SAFETY: the header's promise.
            true => unsafe { records.marks()? },
            false => Vec::new(),
        };
        let wanted = |bone: &usize| only == 0 || marked[*bone] & only == only;
        let bones: Vec<usize> = (0..view.bone_count).filter(wanted).collect();
        if only != 0 {
            records.prefetch(&bones, &channel_lines);
        }
        let modes = match pose.rotation_mode {
            Some(_) => records.modes(&bones)?,
            None => Vec::new(),
        };
        if with_names {
            if layout.name == LIMBER_FIELD_ABSENT {
                return Err(missing("layout.name"));
            }
            let found = records.names()?;
            out.check(found.iter().copied())?;
            out.write(found.iter().copied());
        }
        if let Some(out) = &mut pose.rotation_mode {
            bones.iter().zip(modes).for_each(|(bone, mode)| out[*bone] = mode);
        }
        bones.iter().for_each(|bone| records.fill(&mut pose, *bone));
        if let Some(marks) = marks {
            marks.copy_from_slice(&marked);
        }
        Ok(())
    })
}

/// Read one flag of a tool's own pose bone records.
///
/// layout   where the fields of a record lie; only `next` and `record_size` matter
/// first    the first record; each has the address of the next. NULL = no bones
/// n        the number of records in the list
/// owner    byte offset in a record of the address of the struct that has the flag, which must not
///          be NULL; LIMBER_FIELD_ABSENT = the record itself
/// at       byte offset of the flag's byte in that struct, or in the record
/// bits     the flag's bits in that byte, not 0
/// out      n, receives 1 where any of the bits is set, else 0
///
/// What limber_bone_records_read() says of records holds here, and for the structs that have the
/// flag as well.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE (also: not n records), _BAD_VALUE
/// (an address that makes no sense, or no bits), _OVERLAP; on error nothing was written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_bone_records_flag(
    layout: *const LimberBoneLayout,
    first: *const c_void,
    n: usize,
    owner: usize,
    at: usize,
    bits: u8,
    out: *mut u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the struct and the array.
        let (fields, out) =
            unsafe { (Fields::new(args.view(layout)?)?, args.need_mut("out", out, n)?) };
        if bits == 0 {
            return Err(Error::BadValue { arg: "bits", value: bits.to_string(), why: "none" });
        }
        let layout = &fields.0;
        match owner {
            LIMBER_FIELD_ABSENT => layout.check("at", at, 1)?,
            _ => layout.check("owner", owner, size_of::<usize>())?,
        }
        // SAFETY: the header's promise.
        let records = unsafe { Records::follow(layout, first, n, args.outputs(), &[])? };
        let owners = match owner {
            LIMBER_FIELD_ABSENT => None,
            _ => Some(records.addresses(owner, at)?),
        };
        for (bone, out) in out.iter_mut().enumerate() {
            let owner = owners.as_ref().map(|owners| owners[bone]);
            // SAFETY: the header says that the struct can be read there.
            let byte = unsafe { flag_byte(records.records[bone], owner, at) };
            *out = (byte & bits != 0).into();
        }
        Ok(())
    })
}

/// Read one address of each of a tool's own pose bone records, such as that of its properties.
///
/// layout   where the fields of a record lie; only `next` and `record_size` matter
/// first    the first record; each has the address of the next. NULL = no bones
/// n        the number of records in the list
/// at       byte offset of the address in a record
/// out      n, receives the addresses, which are not followed
///
/// What limber_bone_records_read() says of records holds here.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE (also: not n records), _BAD_VALUE
/// (an address of a record that makes no sense), _OVERLAP; on error nothing was written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_bone_records_addresses(
    layout: *const LimberBoneLayout,
    first: *const c_void,
    n: usize,
    at: usize,
    out: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the struct and the array.
        let (fields, out) =
            unsafe { (Fields::new(args.view(layout)?)?, args.need_mut("out", out, n)?) };
        let layout = &fields.0;
        if at == LIMBER_FIELD_ABSENT {
            return Err(missing("at"));
        }
        layout.check("at", at, size_of::<usize>())?;
        // SAFETY: the header's promise.
        let records = unsafe { Records::follow(layout, first, n, args.outputs(), &[at])? };
        for (out, record) in out.iter_mut().zip(&records.records) {
            *out = address(record, at);
        }
        Ok(())
    })
}

#[cfg(test)]
#[path = "bone_records_tests.rs"]
mod tests;
