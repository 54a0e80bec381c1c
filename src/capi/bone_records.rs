//! A tool's own pose bone records, read where they lie.

use super::args::{Args, view};
use super::guard;
use super::keys::LIMBER_FIELD_ABSENT;
use super::names::NamesOut;
use super::outputs::{Gap, Outputs};
use super::record_layout::{LINE, prefetch};
use super::views::LimberPose;
use crate::error::{Error, Result};
use crate::pose::PoseMut;
use crate::rotation::RotationMode;
use core::ffi::{c_char, c_void};

/// Where the fields lie in a tool's own pose bone record: byte offsets, or LIMBER_FIELD_ABSENT.
///
/// Records form a list, each with the address of the next one. Fields may lie in any order,
/// aligned or not, with anything between them. All but `next` may be absent; an array of the pose
/// can then not be asked for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberBoneLayout {
    /// sizeof(LimberBoneLayout)
    pub struct_size: usize,
    /// bytes of a record; every field ends within it
    pub record_size: usize,
    /// address of the next record, NULL = this is the last one; must be there
    pub next: usize,
    /// name_size bytes, the name, UTF-8 with a terminating 0
    pub name: usize,
    /// bytes of the name with its terminating 0
    pub name_size: usize,
    /// 3 floats
    pub location: usize,
    /// 4 floats, w x y z
    pub rotation_quaternion: usize,
    /// 3 floats
    pub rotation_euler: usize,
    /// 1 float, radians
    pub rotation_angle: usize,
    /// 3 floats
    pub rotation_axis: usize,
    /// 3 floats
    pub scale: usize,
    /// integer, LIMBER_ROTATION_*
    pub rotation_mode: usize,
    /// bytes of rotation_mode: 1, 2, 4 or 8; 0 = 4
    pub rotation_mode_size: usize,
    /// 1 float
    pub bbone_curveinx: usize,
    /// 1 float
    pub bbone_curveinz: usize,
    /// 1 float
    pub bbone_curveoutx: usize,
    /// 1 float
    pub bbone_curveoutz: usize,
    /// 1 float
    pub bbone_rollin: usize,
    /// 1 float
    pub bbone_rollout: usize,
    /// 1 float
    pub bbone_easein: usize,
    /// 1 float
    pub bbone_easeout: usize,
    /// 3 floats
    pub bbone_scalein: usize,
    /// 3 floats
    pub bbone_scaleout: usize,
    /// address that is not NULL where the bone has properties of its own
    pub properties: usize,
    /// a second such address
    pub more_properties: usize,
    /// address of the struct that has the flags, not NULL; LIMBER_FIELD_ABSENT = the record itself
    pub flag_owner: usize,
    /// byte of the flag "selected" in that struct, or in the record
    pub select: usize,
    /// the flag's bits in that byte, 1 to 255; 0 = there is no such flag
    pub select_bits: usize,
    /// byte of the flag "hidden"
    pub hide: usize,
    /// the flag's bits in that byte, 1 to 255; 0 = there is no such flag
    pub hide_bits: usize,
    /// marks, LIMBER_BONE_*, that a bone must have for its channels to be read, all of them; what
    /// the arrays hold of others stays. 0 or LIMBER_FIELD_ABSENT = the channels of every bone are
    /// read
    pub only: usize,
}
view!(LimberBoneLayout, more_properties: usize);

/// Mark of limber_bone_records_read(): the bone has properties of its own.
pub const LIMBER_BONE_HAS_PROPERTIES: u8 = 1;
/// Mark of limber_bone_records_read(): the flag "selected" is set.
pub const LIMBER_BONE_SELECTED: u8 = 2;
/// Mark of limber_bone_records_read(): the flag "hidden" is set.
pub const LIMBER_BONE_HIDDEN: u8 = 4;

/// A checked layout: every field ends within the record.
struct Fields(LimberBoneLayout);

impl Fields {
    fn new(layout: LimberBoneLayout) -> Result<Self> {
        let l = &layout;
        let floats = [
            ("layout.location", l.location, 3),
            ("layout.rotation_quaternion", l.rotation_quaternion, 4),
            ("layout.rotation_euler", l.rotation_euler, 3),
            ("layout.rotation_angle", l.rotation_angle, 1),
            ("layout.rotation_axis", l.rotation_axis, 3),
            ("layout.scale", l.scale, 3),
            ("layout.bbone_curveinx", l.bbone_curveinx, 1),
            ("layout.bbone_curveinz", l.bbone_curveinz, 1),
            ("layout.bbone_curveoutx", l.bbone_curveoutx, 1),
            ("layout.bbone_curveoutz", l.bbone_curveoutz, 1),
            ("layout.bbone_rollin", l.bbone_rollin, 1),
            ("layout.bbone_rollout", l.bbone_rollout, 1),
            ("layout.bbone_easein", l.bbone_easein, 1),
            ("layout.bbone_easeout", l.bbone_easeout, 1),
            ("layout.bbone_scalein", l.bbone_scalein, 3),
            ("layout.bbone_scaleout", l.bbone_scaleout, 3),
        ];
        for (arg, at, count) in floats {
            l.check(arg, at, 4 * count)?;
        }
        let address = size_of::<usize>();
        for (arg, at) in [
            ("layout.properties", l.properties),
            ("layout.more_properties", l.more_properties),
            ("layout.next", l.next),
        ] {
            l.check(arg, at, address)?;
        }
        l.check("layout.name", l.name, l.name_size)?;
        if l.next == LIMBER_FIELD_ABSENT {
            let why = "a bone record must have it";
            return Err(Error::BadSize { arg: "layout.next", value: l.next, why });
        }
        let size = l.mode_size();
        if !matches!(size, 1 | 2 | 4 | 8) {
            let why = "an integer has 1, 2, 4 or 8";
            return Err(Error::BadSize { arg: "layout.rotation_mode_size", value: size, why });
        }
        l.check("layout.rotation_mode", l.rotation_mode, size)?;
        l.check_flags()?;
        let fields = Self(layout);
        fields.only()?;
        Ok(fields)
    }

    /// The marks of the bones whose channels are read; 0 = of every one.
    fn only(&self) -> Result<u8> {
        let known = LIMBER_BONE_HAS_PROPERTIES | LIMBER_BONE_SELECTED | LIMBER_BONE_HIDDEN;
        if self.0.only == LIMBER_FIELD_ABSENT {
            return Ok(0);
        }
        match u8::try_from(self.0.only) {
            Ok(only) if only & !known == 0 => Ok(only),
            _ => {
                let (value, why) = (self.0.only, "not an OR of LIMBER_BONE_*");
                Err(Error::BadSize { arg: "layout.only", value, why })
            }
        }
    }

    /// Offsets in a record of the lines of memory, each once, that hold the channels.
    fn channel_lines(&self, pose: &PoseMut) -> Vec<usize> {
        let l = &self.0;
        if pose.location.is_none() {
            return Vec::new();
        }
        // A pose is asked for as a whole or not at all: the rest lies beside these.
        lines(&[
            (l.location, 12),
            (l.rotation_quaternion, 16),
            (l.rotation_axis, 12),
            (l.scale, 12),
            (l.rotation_mode, l.mode_size()),
            (l.bbone_curveinx, 4),
            (l.bbone_scalein, 12),
            (l.bbone_scaleout, 12),
        ])
    }

    /// The same of what else is asked for.
    fn other_lines(&self, names: bool, marks: bool) -> Vec<usize> {
        let l = &self.0;
        let mut fields = Vec::with_capacity(4);
        if names {
            fields.push((l.name, l.name_size));
        }
        if marks {
            fields.push((l.properties, size_of::<usize>()));
            fields.extend(l.flags().map(|(_, at, _)| match l.flag_owner {
                LIMBER_FIELD_ABSENT => (at, 1),
                owner => (owner, size_of::<usize>()),
            }));
        }
        lines(&fields)
    }

    /// An array of the pose can be asked for only where the records have the field.
    fn can_fill(&self, pose: &LimberPose) -> Result<()> {
        let l = &self.0;
        let has = |at: usize| at != LIMBER_FIELD_ABSENT;
        let wanted = [
            ("location", !pose.location.is_null(), has(l.location)),
            (
                "rotation_quaternion",
                !pose.rotation_quaternion.is_null(),
                has(l.rotation_quaternion),
            ),
            ("rotation_euler", !pose.rotation_euler.is_null(), has(l.rotation_euler)),
            (
                "rotation_axis_angle",
                !pose.rotation_axis_angle.is_null(),
                has(l.rotation_angle) && has(l.rotation_axis),
            ),
            ("scale", !pose.scale.is_null(), has(l.scale)),
            ("rotation_mode", !pose.rotation_mode.is_null(), has(l.rotation_mode)),
            ("bbone_curveinx", !pose.bbone_curveinx.is_null(), has(l.bbone_curveinx)),
            ("bbone_curveinz", !pose.bbone_curveinz.is_null(), has(l.bbone_curveinz)),
            ("bbone_curveoutx", !pose.bbone_curveoutx.is_null(), has(l.bbone_curveoutx)),
            ("bbone_curveoutz", !pose.bbone_curveoutz.is_null(), has(l.bbone_curveoutz)),
            ("bbone_rollin", !pose.bbone_rollin.is_null(), has(l.bbone_rollin)),
            ("bbone_rollout", !pose.bbone_rollout.is_null(), has(l.bbone_rollout)),
            ("bbone_easein", !pose.bbone_easein.is_null(), has(l.bbone_easein)),
            ("bbone_easeout", !pose.bbone_easeout.is_null(), has(l.bbone_easeout)),
            ("bbone_scalein", !pose.bbone_scalein.is_null(), has(l.bbone_scalein)),
            ("bbone_scaleout", !pose.bbone_scaleout.is_null(), has(l.bbone_scaleout)),
        ];
        match wanted.iter().find(|(_, asked, there)| *asked && !there) {
            None => Ok(()),
            Some((arg, ..)) => Err(missing(arg)),
        }
    }
}

/// Offsets of the lines of memory, each once, that hold fields of a record, each with its size.
fn lines(fields: &[(usize, usize)]) -> Vec<usize> {
    let there = fields.iter().filter(|(at, size)| *at != LIMBER_FIELD_ABSENT && *size > 0);
    let mut bytes: Vec<_> = there.flat_map(|(at, size)| [*at, at + size - 1]).collect();
    bytes.sort_unstable();
    // Records begin anywhere in a line: what is further apart than a line needs another one.
    let mut lines: Vec<usize> = Vec::new();
    for at in bytes {
        if lines.last().is_none_or(|last| at - last >= LINE / 2) {
            lines.push(at);
        }
    }
    lines
}

fn missing(arg: &'static str) -> Error {
    Error::BadSize { arg, value: LIMBER_FIELD_ABSENT, why: "the records do not have it" }
}

impl LimberBoneLayout {
    fn mode_size(&self) -> usize {
        if self.rotation_mode_size == 0 { 4 } else { self.rotation_mode_size }
    }

    /// The flags that there are: mark, byte and bits of each.
    fn flags(&self) -> impl Iterator<Item = (u8, usize, u8)> {
        [
            (LIMBER_BONE_SELECTED, self.select, self.select_bits as u8),
            (LIMBER_BONE_HIDDEN, self.hide, self.hide_bits as u8),
        ]
        .into_iter()
        .filter(|(_, at, bits)| *at != LIMBER_FIELD_ABSENT && *bits != 0)
    }

    fn check_flags(&self) -> Result<()> {
        let mut any = false;
        for (arg, at, bits_arg, bits) in [
            ("layout.select", self.select, "layout.select_bits", self.select_bits),
            ("layout.hide", self.hide, "layout.hide_bits", self.hide_bits),
        ] {
            if at == LIMBER_FIELD_ABSENT || bits == 0 {
                continue;
            }
            if bits > u8::MAX.into() {
                return Err(Error::BadSize {
                    arg: bits_arg,
                    value: bits,
                    why: "more than a byte has",
                });
            }
            any = true;
            if self.flag_owner == LIMBER_FIELD_ABSENT {
                self.check(arg, at, 1)?;
            }
        }
        let size = if any { size_of::<usize>() } else { 0 };
        self.check("layout.flag_owner", self.flag_owner, size)
    }

    fn check(&self, arg: &'static str, at: usize, size: usize) -> Result<()> {
        if at == LIMBER_FIELD_ABSENT {
            return Ok(());
        }
        match at.checked_add(size) {
            Some(end) if end <= self.record_size => Ok(()),
            _ => Err(Error::BadSize { arg, value: at, why: "the field ends beyond record_size" }),
        }
    }
}

/// The records of a call as bytes, each of the layout's size.
struct Records<'a> {
    layout: &'a LimberBoneLayout,
    records: Vec<&'a [u8]>,
}

fn number<const N: usize>(record: &[u8], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&record[at..at + N]);
    bytes
}

fn floats<const N: usize>(record: &[u8], at: usize) -> [f32; N] {
    core::array::from_fn(|i| f32::from_ne_bytes(number(record, at + 4 * i)))
}

impl<'a> Records<'a> {
    /// Follows the list for `count` records.
    ///
    /// # Safety
    /// The header's promise.
    unsafe fn follow(
        layout: &'a LimberBoneLayout,
        first: *const c_void,
        count: usize,
        outputs: Vec<(usize, usize)>,
        lines: &[usize],
    ) -> Result<Self> {
        let outputs = Outputs::new(outputs);
        let mut gap = Gap::default();
        let mut records = Vec::with_capacity(count.min(1 << 20));
        let mut at = first as usize;
        while at != 0 {
            let index = records.len();
            let why = match at.checked_add(layout.record_size) {
                _ if index == count => "the list has more records than bone_count",
                _ if !at.is_multiple_of(align_of::<usize>()) => "not aligned",
                None => "more than memory holds",
                Some(_) if outputs.meet(&mut gap, at, layout.record_size) => {
                    return Err(Error::Overlap("an output", "records"));
                }
                Some(_) => "",
            };
            if !why.is_empty() {
                let value = format!("{at:#x}");
                return Err(Error::BadElement { arg: "records", index, value, why });
            }
            // The way to the next record takes as long as to load all of this one's lines.
            lines.iter().for_each(|line| prefetch(at + line));
            let start = core::ptr::with_exposed_provenance::<u8>(at);
            // SAFETY: the header says that a record can be read there; no output meets it.
            let record = unsafe { core::slice::from_raw_parts(start, layout.record_size) };
            records.push(record);
            at = usize::from_ne_bytes(number(record, layout.next));
        }
        if records.len() != count {
            let why = "must be the number of records in the list";
            return Err(Error::BadSize { arg: "bone_count", value: count, why });
        }
        Ok(Self { layout, records })
    }

    fn names(&self) -> Result<Vec<&'a [u8]>> {
        let (at, size) = (self.layout.name, self.layout.name_size);
        let of = |(index, record): (usize, &&'a [u8])| {
            let name: &'a [u8] = &record[at..at + size];
            match name.iter().position(|byte| *byte == 0) {
                Some(end) => Ok(&name[..end]),
                None => Err(Error::BadElement {
                    arg: "records",
                    index,
                    value: "a name".into(),
                    why: "no terminating 0 within name_size",
                }),
            }
        };
        self.records.iter().enumerate().map(of).collect()
    }

    fn modes(&self, bones: &[usize]) -> Result<Vec<i32>> {
        let at = self.layout.rotation_mode;
        let of = |&index: &usize| {
            let record = self.records[index];
            let mode = match self.layout.mode_size() {
                1 => i8::from_ne_bytes(number(record, at)).into(),
                2 => i16::from_ne_bytes(number(record, at)).into(),
                4 => i32::from_ne_bytes(number(record, at)).into(),
                _ => i64::from_ne_bytes(number(record, at)),
            };
            i32::try_from(mode)
                .ok()
                .filter(|mode| RotationMode::from_number(*mode).is_some())
                .ok_or_else(|| Error::BadElement {
                    arg: "rotation_mode",
                    index,
                    value: mode.to_string(),
                    why: "not a LIMBER_ROTATION_*",
                })
        };
        bones.iter().map(of).collect()
    }

    /// Loads lines of memory of some records, all at the same time.
    fn prefetch(&self, bones: &[usize], lines: &[usize]) {
        for bone in bones {
            let start = self.records[*bone].as_ptr() as usize;
            lines.iter().for_each(|line| prefetch(start + line));
        }
    }

    /// One bone's fields, all at once, since its record is a few lines of memory of its own.
    fn fill(&self, pose: &mut PoseMut, bone: usize) {
        let (l, record) = (self.layout, self.records[bone]);
        let vector = |at, out: &mut Option<&mut [[f32; 3]]>| {
            if let Some(out) = out {
                out[bone] = floats(record, at);
            }
        };
        let scalar = |at, out: &mut Option<&mut [f32]>| {
            if let Some(out) = out {
                [out[bone]] = floats(record, at);
            }
        };
        vector(l.location, &mut pose.location);
        vector(l.rotation_euler, &mut pose.rotation_euler);
        vector(l.scale, &mut pose.scale);
        if let Some(out) = &mut pose.rotation_quaternion {
            out[bone] = floats(record, l.rotation_quaternion);
        }
        if let Some(out) = &mut pose.rotation_axis_angle {
            let ([angle], [x, y, z]) =
                (floats(record, l.rotation_angle), floats(record, l.rotation_axis));
            out[bone] = [angle, x, y, z];
        }
        let bbone = &mut pose.bbone;
        scalar(l.bbone_curveinx, &mut bbone.curve_in_x);
        scalar(l.bbone_curveinz, &mut bbone.curve_in_z);
        scalar(l.bbone_curveoutx, &mut bbone.curve_out_x);
        scalar(l.bbone_curveoutz, &mut bbone.curve_out_z);
        scalar(l.bbone_rollin, &mut bbone.roll_in);
        scalar(l.bbone_rollout, &mut bbone.roll_out);
        scalar(l.bbone_easein, &mut bbone.ease_in);
        scalar(l.bbone_easeout, &mut bbone.ease_out);
        vector(l.bbone_scalein, &mut bbone.scale_in);
        vector(l.bbone_scaleout, &mut bbone.scale_out);
    }

    /// The addresses that the records have, of something with at least `more` bytes and one.
    fn addresses(&self, at: usize, more: usize) -> Result<Vec<usize>> {
        let of = |(index, record): (usize, &&[u8])| {
            let address = usize::from_ne_bytes(number(record, at));
            let aligned = address.is_multiple_of(align_of::<usize>());
            if address == 0 || !aligned || address.checked_add(more).is_none() {
                let value = format!("{address:#x}");
                let why = "not the address of a struct";
                return Err(Error::BadElement { arg: "records", index, value, why });
            }
            Ok(address)
        };
        self.records.iter().enumerate().map(of).collect()
    }

    /// Where the structs with the flags lie; `None` if those are in the records, or not at all.
    fn flag_owners(&self) -> Result<Option<Vec<usize>>> {
        let l = self.layout;
        if l.flag_owner == LIMBER_FIELD_ABSENT {
            return Ok(None);
        }
        let Some(furthest) = l.flags().map(|(_, at, _)| at).max() else { return Ok(None) };
        let owners = self.addresses(l.flag_owner, furthest)?;
        for owner in &owners {
            l.flags().for_each(|(_, at, _)| prefetch(owner + at));
        }
        Ok(Some(owners))
    }

    /// LIMBER_BONE_* of each record.
    ///
    /// # Safety
    /// The structs with the flags are readable.
    unsafe fn marks(&self) -> Result<Vec<u8>> {
        let l = self.layout;
        let owners = self.flag_owners()?;
        let of = |(bone, record): (usize, &&[u8])| {
            let own = [l.properties, l.more_properties]
                .into_iter()
                .filter(|at| *at != LIMBER_FIELD_ABSENT)
                .any(|at| usize::from_ne_bytes(number(record, at)) != 0);
            let mut marks = if own { LIMBER_BONE_HAS_PROPERTIES } else { 0 };
            for (mark, at, bits) in l.flags() {
                let owner = owners.as_ref().map(|owners| owners[bone]);
                // SAFETY: passed on from the caller.
                let byte = unsafe { flag_byte(record, owner, at) };
                if byte & bits != 0 {
                    marks |= mark;
                }
            }
            marks
        };
        Ok(self.records.iter().enumerate().map(of).collect())
    }
}

/// The byte of a flag: of the record, or of the struct at an address.
///
/// # Safety
/// The struct at the address is readable.
unsafe fn flag_byte(record: &[u8], owner: Option<usize>, at: usize) -> u8 {
    match owner {
        None => record[at],
        // SAFETY: the caller's promise.
        Some(owner) => unsafe { core::ptr::with_exposed_provenance::<u8>(owner + at).read() },
    }
}

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
            *out = usize::from_ne_bytes(number(record, at));
        }
        Ok(())
    })
}

#[cfg(test)]
#[path = "bone_records_tests.rs"]
mod tests;
