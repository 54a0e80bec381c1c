//! The records of a list of bones, as bytes.

use super::bone_layout::{LIMBER_BONE_HAS_PROPERTIES, LimberBoneLayout};
use super::keys::LIMBER_FIELD_ABSENT;
use super::outputs::{Gap, Outputs};
use super::record_layout::prefetch;
use crate::error::{Error, Result};
use crate::pose::PoseMut;
use crate::rotation::RotationMode;
use core::ffi::c_void;

/// The records of a call as bytes, each of the layout's size.
pub(crate) struct Records<'a> {
    layout: &'a LimberBoneLayout,
    pub records: Vec<&'a [u8]>,
}

/// An address that stands in a record.
pub(crate) fn address(record: &[u8], at: usize) -> usize {
    usize::from_ne_bytes(number(record, at))
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
    pub(crate) unsafe fn follow(
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
            at = address(record, layout.next);
        }
        if records.len() != count {
            let why = "must be the number of records in the list";
            return Err(Error::BadSize { arg: "bone_count", value: count, why });
        }
        Ok(Self { layout, records })
    }

    pub(crate) fn names(&self) -> Result<Vec<&'a [u8]>> {
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

    pub(crate) fn modes(&self, bones: &[usize]) -> Result<Vec<i32>> {
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
    pub(crate) fn prefetch(&self, bones: &[usize], lines: &[usize]) {
        for bone in bones {
            let start = self.records[*bone].as_ptr() as usize;
            lines.iter().for_each(|line| prefetch(start + line));
        }
    }

    /// One bone's fields, all at once, since its record is a few lines of memory of its own.
    pub(crate) fn fill(&self, pose: &mut PoseMut, bone: usize) {
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
    pub(crate) fn addresses(&self, at: usize, more: usize) -> Result<Vec<usize>> {
        let of = |(index, record): (usize, &&[u8])| {
            let address = address(record, at);
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
    pub(crate) unsafe fn marks(&self) -> Result<Vec<u8>> {
        let l = self.layout;
        let owners = self.flag_owners()?;
        let of = |(bone, record): (usize, &&[u8])| {
            let own = [l.properties, l.more_properties]
                .into_iter()
                .filter(|at| *at != LIMBER_FIELD_ABSENT)
                .any(|at| address(record, at) != 0);
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
pub(crate) unsafe fn flag_byte(record: &[u8], owner: Option<usize>, at: usize) -> u8 {
    match owner {
        None => record[at],
        // SAFETY: the caller's promise.
        Some(owner) => unsafe { core::ptr::with_exposed_provenance::<u8>(owner + at).read() },
    }
}
