//! The functions that read a tool's own curve records.

use super::args::Args;
use super::fcurve::{LIMBER_EVALUATE_BY_FRAME, LIMBER_EVALUATE_UNCHECKED, evaluation};
use super::guard;
use super::key_table::{Access, KeyTable, LimberKeyTable};
use super::keys::{check_keys, check_sorted};
use super::outputs::Gaps;
use super::record_layout::{LIMBER_RECORD_DAMAGED, LimberCurveRecords, Record, Records};
use super::record_values::{evaluate_near, find_frames};
use super::text::Texts;
use super::views::rules;
use crate::curve_index::{BoneTable, Entry, Recent};
use crate::error::{Error, Result};
use crate::par;
use core::ffi::{c_char, c_void};
use rayon::prelude::*;

/// Curves that one thread takes at a time.
const CHUNK: usize = 64;
/// Frames up to which a curve is not searched, but expected to be like the one before.
const FEW: usize = 4;
/// Rough nanoseconds to read a record, and to look up its path.
const READ_NS: usize = 10;
const LOOK_UP_NS: usize = 50;
/// To evaluate a curve at a frame, and to copy a key.
const EVALUATE_NS: usize = 30;
const COPY_NS: usize = 5;

/// The results of `one` for each of `count` curves in chunks, in parallel where that pays.
fn for_each<T: Send>(
    count: usize,
    each_ns: usize,
    one: impl Fn(std::ops::Range<usize>) -> Result<Vec<T>> + Sync,
) -> Result<Vec<T>> {
    let chunk = |start: usize| one(start..(start + CHUNK).min(count));
    let serial = || {
        let mut all = Vec::with_capacity(count);
        for start in (0..count).step_by(CHUNK) {
            all.append(&mut chunk(start)?);
        }
        Ok(all)
    };
    let parallel = || {
        let starts = (0..count.div_ceil(CHUNK)).into_par_iter();
        let parts: Result<Vec<_>> = starts.map(|i| chunk(i * CHUNK)).collect();
        Ok(parts?.into_iter().flatten().collect())
    };
    par::run(count.saturating_mul(each_ns), serial, parallel)
}

/// The places of the curves of a call: those of `which`, or all of them.
struct Places<'a> {
    which: Option<&'a [u32]>,
}

impl<'a> Places<'a> {
    /// # Safety
    /// `which` holds `count` numbers.
    unsafe fn open(
        args: &mut Args,
        which: *const u32,
        count: usize,
        records: usize,
    ) -> Result<Self> {
        // SAFETY: passed on from the caller.
        let which = unsafe { args.input("which", which, count)? };
        let why = "there is no such record";
        let Some(list) = which else {
            return match count == records {
                true => Ok(Self { which }),
                false => {
                    let why = "without which it is record_count";
                    Err(Error::BadSize { arg: "count", value: count, why })
                }
            };
        };
        match list.iter().position(|i| *i as usize >= records) {
            None => Ok(Self { which }),
            Some(index) => {
                let value = list[index].to_string();
                Err(Error::BadElement { arg: "which", index, value, why })
            }
        }
    }

    fn get(&self, i: usize) -> usize {
        self.which.map_or(i, |list| list[i] as usize)
    }

    /// The records of all places. Keys are looked at with `check`: a curve whose keys are not in
    /// order or not valid is damaged.
    ///
    /// # Safety
    /// The header's promise.
    unsafe fn read<'r>(
        &self,
        records: &Records<'r>,
        count: usize,
        check: bool,
    ) -> Result<Vec<Record<'r>>> {
        let view = records.view();
        for_each(count, READ_NS, |range| {
            range.clone().for_each(|i| records.prefetch_record(self.get(i)));
            let mut gaps = Gaps::default();
            range
                .map(|i| {
                    // SAFETY: passed on from the caller.
                    let mut record = unsafe { records.record(&mut gaps, self.get(i))? };
                    if check && record.key_count > 0 {
                        let keys = view.over(record.keys, record.key_count).unwrap_or(view);
                        if check_keys("keys", keys).and(check_sorted("keys", keys)).is_err() {
                            record.state |= LIMBER_RECORD_DAMAGED;
                        }
                    }
                    Ok(record)
                })
                .collect()
        })
    }
}

/// Find out which bone and which property each of a tool's own curve records animates.
///
/// records            n = record_count curves
/// names, names_size  bone_count bone names, UTF-8, not escaped, each with a terminating 0
/// rules              LIMBER_RULES_*, as for limber_curve_index()
/// bone               out, n: index of the bone, UINT32_MAX = no bone of the table
/// property           out, n: LIMBER_PROPERTY_*; may be NULL
/// channel            out, n: one LIMBER_CHANNEL_*, or 0 = takes no part in slides; may be NULL
/// rest               out, n: bytes of the path up to the end of the bone's `]`; may be NULL
/// component          out, n: index in the property's array; may be NULL
/// state              out, n: 0 = the keys of the record are all there is to its curve, else an OR
///                    of LIMBER_RECORD_*: the caller has to evaluate it; may be NULL
///
/// The same as limber_curve_index() of the records' paths, which are not copied. A record that is
/// damaged or without an end of its path has no bone. Large calls use several threads.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, or _OVERLAP, also
/// where a record, its keys or its path lies in an output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_curve_records_index(
    records: *const LimberCurveRecords,
    names: *const c_char,
    names_size: usize,
    bone_count: usize,
    rules: u32,
    bone: *mut u32,
    property: *mut u8,
    channel: *mut u8,
    rest: *mut u32,
    component: *mut u32,
    state: *mut u8,
) -> i32 {
    guard(|| {
        let rules = self::rules(rules)?;
        let mut args = Args::new();
        // SAFETY: the header's promise; so for all pointers of this call.
        let n = unsafe { Args::new().view(records)? }.record_count;
        // SAFETY: as above.
        let (bone_out, mut property_out, mut channel_out) = unsafe {
            (
                args.need_mut("bone", bone, n)?,
                args.output("property", property, n)?,
                args.output("channel", channel, n)?,
            )
        };
        // SAFETY: as above.
        let (mut rest_out, mut component_out, mut state_out) = unsafe {
            (
                args.output("rest", rest, n)?,
                args.output("component", component, n)?,
                args.output("state", state, n)?,
            )
        };
        // SAFETY: as above.
        let (names, records) = unsafe {
            (
                Texts::from_c(&mut args, "names", names, names_size, bone_count)?,
                Records::open(&mut args, records)?,
            )
        };
        let table = BoneTable::new(names.iter(), rules);
        // SAFETY: as above.
        let found = unsafe { look_up(&records, &table)? };
        for (i, found) in found.iter().enumerate() {
            bone_out[i] = found.entry.bone.unwrap_or(u32::MAX);
            put(&mut property_out, i, found.entry.property as u8);
            put(&mut channel_out, i, found.entry.class);
            put(&mut rest_out, i, found.entry.rest);
            put(&mut component_out, i, found.component);
            put(&mut state_out, i, found.state);
        }
        Ok(())
    })
}

fn put<T>(output: &mut Option<&mut [T]>, i: usize, value: T) {
    if let Some(output) = output {
        output[i] = value;
    }
}

/// What limber_curve_records_index() says of one record.
#[derive(Clone, Copy, Default)]
pub(crate) struct Found {
    pub entry: Entry,
    pub component: u32,
    pub state: u8,
}

/// What the last record was like, which the next one mostly resembles.
#[derive(Default)]
pub(crate) struct Recently<'r> {
    bone: Recent<'r>,
    gaps: Gaps,
}

/// Reads a record and looks up its path.
///
/// # Safety
/// The header's promise.
#[inline(always)]
pub(crate) unsafe fn place<'r>(
    records: &Records<'r>,
    table: &BoneTable,
    index: usize,
    recent: &mut Recently<'r>,
    found: &mut Found,
) -> Result<Record<'r>> {
    // SAFETY: passed on from the caller.
    let (record, (path, state)) = unsafe {
        (records.record(&mut recent.gaps, index)?, records.path(&mut recent.gaps, index)?)
    };
    *found = Found {
        entry: table.look_up_after(path, &mut recent.bone),
        component: u32::try_from(record.component).unwrap_or(u32::MAX),
        state: record.state | state,
    };
    Ok(record)
}

/// # Safety
/// The header's promise.
unsafe fn look_up(records: &Records, table: &BoneTable) -> Result<Vec<Found>> {
    for_each(records.len(), LOOK_UP_NS, |range| {
        let mut recent = Recently::default();
        range.clone().for_each(|i| records.prefetch_record(i));
        // SAFETY: passed on from the caller.
        range.clone().for_each(|i| unsafe { records.prefetch_path(i) });
        range
            .map(|i| {
                let mut found = Found::default();
                // SAFETY: passed on from the caller.
                unsafe { place(records, table, i, &mut recent, &mut found)? };
                Ok(found)
            })
            .collect()
    })
}

/// Where the keys of a tool's own curve records lie: the arrays of LimberFCurves.
///
/// records        the curves
/// which          count, places in the records; NULL = all of them, in order
/// count          number of curves
/// key_pointers   out, count: address of each curve's keys; NULL without keys
/// key_counts     out, count: number of each curve's keys
/// extrapolation  out, count: LIMBER_EXTRAPOLATION_*; may be NULL
/// smoothing      out, count: LIMBER_SMOOTHING_*; may be NULL
/// flags          out, count: OR of LIMBER_FCURVE_*; may be NULL
/// state          out, count: 0 = the keys are all there is to the curve, else an OR of
///                LIMBER_RECORD_*, and then no keys are given
///
/// The addresses are good for as long as the records stay as they are.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, or _OVERLAP, also
/// where a record or its keys lie in an output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_curve_records_keys(
    records: *const LimberCurveRecords,
    which: *const u32,
    count: usize,
    key_pointers: *mut *const c_void,
    key_counts: *mut i32,
    extrapolation: *mut u8,
    smoothing: *mut u8,
    flags: *mut u8,
    state: *mut u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        let key_pointers = key_pointers.cast::<usize>();
        // SAFETY: the header's promise.
        let (pointers, counts, mut extrapolations, mut smoothings, mut flags_out, states) = unsafe {
            (
                args.need_mut("key_pointers", key_pointers, count)?,
                args.need_mut("key_counts", key_counts, count)?,
                args.output("extrapolation", extrapolation, count)?,
                args.output("smoothing", smoothing, count)?,
                args.output("flags", flags, count)?,
                args.need_mut("state", state, count)?,
            )
        };
        // SAFETY: as above.
        let list = unsafe {
            let records = Records::open(&mut args, records)?;
            Places::open(&mut args, which, count, records.len())?.read(&records, count, false)?
        };
        for (i, record) in list.iter().enumerate() {
            let some = record.key_count > 0;
            pointers[i] = if some { record.keys.as_ptr().expose_provenance() } else { 0 };
            counts[i] = record.key_count as i32;
            put(&mut extrapolations, i, record.linear.into());
            put(&mut smoothings, i, record.smoothing);
            put(&mut flags_out, i, record.flags);
            states[i] = record.state;
        }
        Ok(())
    })
}

/// Values of a tool's own curve records at frames, without copying a key.
///
/// records      the curves
/// which        count, places in the records; NULL = all of them, in order
/// count        number of curves
/// frames       frame_count frames, in any order; ascending ones are fastest
/// frame_count  number of frames
/// flags        OR of LIMBER_EVALUATE_*
/// values       out, count * frame_count: curve i at frame j is values[i * frame_count + j], or
///              values[j * count + i] with LIMBER_EVALUATE_BY_FRAME; NaN where the state is not 0
/// state        out, count: 0 = evaluated, else an OR of LIMBER_RECORD_*: the caller has to
///              evaluate this curve
///
/// The values are those of limber_fcurve_evaluate(). Without LIMBER_EVALUATE_UNCHECKED all keys
/// are looked at, and a curve with keys out of order or unknown enums is damaged. Large calls use
/// several threads.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, or _OVERLAP, also
/// where a record or its keys lie in an output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_curve_records_evaluate(
    records: *const LimberCurveRecords,
    which: *const u32,
    count: usize,
    frames: *const f32,
    frame_count: usize,
    flags: u32,
    values: *mut f32,
    state: *mut u8,
) -> i32 {
    guard(|| {
        let known = LIMBER_EVALUATE_UNCHECKED | LIMBER_EVALUATE_BY_FRAME;
        let flags = evaluation(flags, known)?;
        let mut args = Args::new();
        let why = "more values than memory holds";
        let size = count.checked_mul(frame_count);
        let size = size.ok_or(Error::BadSize { arg: "frame_count", value: frame_count, why })?;
        // SAFETY: the header's promise.
        let (values_out, states) = unsafe {
            (args.need_mut("values", values, size)?, args.need_mut("state", state, count)?)
        };
        // SAFETY: as above.
        let (frames, records) = unsafe {
            (args.need("frames", frames, frame_count)?, Records::open(&mut args, records)?)
        };
        let check = flags & LIMBER_EVALUATE_UNCHECKED == 0;
        // SAFETY: as above.
        let list = unsafe {
            Places::open(&mut args, which, count, records.len())?.read(&records, count, check)?
        };
        let by_frame = flags & LIMBER_EVALUATE_BY_FRAME != 0 && frame_count > 1;
        evaluate(&records, &list, frames, by_frame, values_out);
        for (state, record) in states.iter_mut().zip(&list) {
            *state = record.state;
        }
        Ok(())
    })
}

/// Fills `values`, which has room for every curve at every frame.
fn evaluate(records: &Records, list: &[Record], frames: &[f32], by_frame: bool, out: &mut [f32]) {
    let (n, per) = (list.len(), frames.len());
    let view = records.view();
    // Curve after curve, in chunks whose keys are loaded ahead.
    let mut by_curve = Vec::new();
    let rows = if by_frame {
        by_curve.resize(out.len(), 0.0);
        &mut by_curve[..]
    } else {
        &mut *out
    };
    par::for_chunks(
        n.saturating_mul(EVALUATE_NS * per),
        rows,
        (CHUNK * per).max(1),
        || (),
        |(), index, rows| {
            let list = &list[index * CHUNK..];
            let list = &list[..list.len().min(CHUNK)];
            if per <= FEW {
                let near = list.first().map_or(Vec::new(), |r| find_frames(records, r, frames));
                for record in list {
                    near.iter().for_each(|near| records.prefetch_near(record, *near));
                }
                evaluate_near(records, list.iter().enumerate().collect(), &near, frames, rows);
                return;
            }
            list.iter().for_each(Record::prefetch_keys);
            for (record, row) in list.iter().zip(rows.chunks_exact_mut(per)) {
                records.curve(&view, record).evaluate_frames(frames, row);
            }
        },
    );
    for (j, row) in out.chunks_exact_mut(n.max(1)).enumerate().filter(|_| by_frame) {
        for (i, value) in row.iter_mut().enumerate() {
            *value = by_curve[i * per + j];
        }
    }
    for (i, _) in list.iter().enumerate().filter(|(_, record)| record.state != 0) {
        for j in 0..per {
            out[if by_frame { j * n + i } else { i * per + j }] = f32::NAN;
        }
    }
}

/// Copy the keys of a tool's own curve records into the arrays of a LimberKeyTable.
///
/// records  the curves
/// which    table->curve_count, places in the records; NULL = all of them, in order
/// table    out: keys of curve c go to the elements from first_key[c] on, as far as there are
///          arrays; key_count, which must be there, gets their number
/// state    out, table->curve_count: 0 = copied, else an OR of LIMBER_RECORD_*, and then
///          key_count is 0
///
/// What the arrays held before does not matter. Fields that the key records do not have get the
/// defaults of LimberKeyLayout. Large calls use several threads.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BUFFER_TOO_SMALL
/// for a curve with more keys than its room, or _OVERLAP, also where a record or its keys lie in
/// an output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_curve_records_gather(
    records: *const LimberCurveRecords,
    which: *const u32,
    table: *mut LimberKeyTable,
    state: *mut u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (mut table, states) = unsafe {
            let table = KeyTable::open(&mut args, table, Access::Fill)?;
            if !table.has_counts() && table.curve_count() > 0 {
                return Err(Error::NullPointer("key_count"));
            }
            let states = args.need_mut("state", state, table.curve_count())?;
            (table, states)
        };
        let n = table.curve_count();
        // SAFETY: as above.
        let (list, view) = unsafe {
            let records = Records::open(&mut args, records)?;
            let places = Places::open(&mut args, which, n, records.len())?;
            (places.read(&records, n, false)?, records.view())
        };
        let crowded = (0..n).find(|c| list[*c].key_count > table.room(*c));
        if let Some(c) = crowded {
            let (capacity, needed) = (table.room(c), list[c].key_count);
            return Err(Error::BufferTooSmall { arg: "table", capacity, needed });
        }
        let copy = |c: usize| {
            let keys = view.over(list[c].keys, list[c].key_count).unwrap_or(view);
            // SAFETY: opened for writing; every curve is stored by one thread.
            unsafe { table.fill(c, keys) };
        };
        let total: usize = list.iter().map(|record| record.key_count).sum();
        par::run(
            total.saturating_mul(COPY_NS),
            || (0..n).for_each(copy),
            || (0..n).into_par_iter().with_min_len(16).for_each(copy),
        );
        table.set_counts(list.iter().map(|record| record.key_count));
        for (state, record) in states.iter_mut().zip(&list) {
            *state = record.state;
        }
        Ok(())
    })
}

#[cfg(test)]
#[path = "records_tests.rs"]
pub(crate) mod tests;
