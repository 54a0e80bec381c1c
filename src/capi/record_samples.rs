//! A tool's own curve records placed, chosen and sampled for a slide in one pass.
//!
//! What this saves is waiting for memory: records, paths and keys lie anywhere, so that each is
//! loaded ahead for a chunk of curves, and met once.

use super::args::Args;
use super::guard;
use super::record_layout::{LimberCurveRecords, Records};
use super::record_values::{evaluate_near, find_frames};
use super::records::{Found, Recently, place};
use super::slide::channel_bits;
use super::text::Texts;
use super::views::{check_modes, rules};
use crate::curve_index::{BoneTable, Entry, Property};
use crate::error::{Error, Result};
use crate::fcurve::Near;
use crate::par;
use crate::rotation::RotationMode;
use crate::slide;
use core::ffi::c_char;
use parking_lot::Mutex;

/// Curves whose memory is loaded at once.
const CHUNK: usize = 64;
/// Rough nanoseconds of a curve.
const CURVE_NS: usize = 70;

/// What a slide takes: the curves of these bones, and the frames to sample them at.
struct Wanted<'a> {
    mask: Option<&'a [u8]>,
    modes: Option<&'a [i32]>,
    channels: u8,
    frames: &'a [f32],
}

impl Wanted<'_> {
    fn takes_part(&self, bone: usize) -> bool {
        self.mask.is_none_or(|mask| mask[bone] != 0)
    }

    fn mode(&self, bone: usize) -> RotationMode {
        self.modes.and_then(|modes| RotationMode::from_number(modes[bone])).unwrap_or_default()
    }

    /// Whether the curve may be among those that [`slide::choose`] chooses.
    fn samples(&self, entry: &Entry) -> bool {
        let Some(bone) = entry.bone.map(|bone| bone as usize) else { return false };
        entry.class != 0
            && self.channels & entry.property.class() != 0
            && entry.property != Property::Custom
            && self.takes_part(bone)
            && slide::moves(entry.property, self.mode(bone))
    }
}

/// Places the records of a chunk and samples those that are wanted; `values` has room for each
/// record at each frame.
///
/// # Safety
/// The header's promise.
unsafe fn sample(
    records: &Records,
    table: &BoneTable,
    wanted: &Wanted,
    start: usize,
    found: &mut [Found],
    values: &mut [f32],
) -> Result<()> {
    let all = start..start + found.len();
    all.clone().for_each(|i| records.prefetch_record(i));
    // SAFETY: passed on from the caller.
    all.clone().for_each(|i| unsafe { records.prefetch_path(i) });
    let mut recent = Recently::default();
    let mut near: Vec<Near> = Vec::new();
    let mut list = Vec::with_capacity(found.len());
    for (k, found) in found.iter_mut().enumerate() {
        // SAFETY: passed on from the caller.
        let record = unsafe { place(records, table, start + k, &mut recent, found)? };
        if found.state != 0 || !wanted.samples(&found.entry) {
            continue;
        }
        if near.is_empty() {
            near = find_frames(records, &record, wanted.frames);
        }
        near.iter().for_each(|near| records.prefetch_near(&record, *near));
        list.push((k, record));
    }
    evaluate_near(records, list, &near, wanted.frames, values);
    Ok(())
}

/// What each record is, and the values of the wanted ones, curve after curve.
///
/// # Safety
/// The header's promise.
unsafe fn sample_all(
    records: &Records,
    table: &BoneTable,
    wanted: &Wanted,
) -> Result<(Vec<Found>, Vec<f32>)> {
    let (n, per) = (records.len(), wanted.frames.len());
    let size = n.checked_mul(per).filter(|size| *size <= isize::MAX as usize / size_of::<f32>());
    let why = "more values than memory holds";
    let size = size.ok_or(Error::BadSize { arg: "frame_count", value: per, why })?;
    let (mut found, mut values) = (vec![Found::default(); n], vec![f32::NAN; size]);
    let chunks = found.chunks_mut(CHUNK).zip(values.chunks_mut(CHUNK * per));
    let (left, result) = (Mutex::new(chunks.enumerate()), Mutex::new(Ok(())));
    par::together(n.saturating_mul(CURVE_NS), || {
        let next = || left.lock().next();
        while let Some((index, (found, values))) = next() {
            // SAFETY: passed on from the caller.
            let done = unsafe { sample(records, table, wanted, index * CHUNK, found, values) };
            if done.is_err() {
                *result.lock() = done;
                break;
            }
        }
    });
    result.into_inner()?;
    Ok((found, values))
}

/// Find, among a tool's own curve records, those that a slide moves, and sample them.
///
/// records            n = record_count curves
/// names, names_size  bone_count bone names, as for limber_curve_records_index()
/// rules              LIMBER_RULES_*
/// mask, rotation_mode, channels  as for limber_choose_curves()
/// frames             frame_count frames, at least one
/// bone, property, channel, rest, component, state
///                    out, n each: as limber_curve_records_index() gives them
/// classes            out, bone_count: as limber_choose_curves() gives them; so are the next eight
/// chosen             out, up to n
/// chosen_count       out
/// chosen_bone, chosen_property, chosen_component  out, up to n each
/// custom             out, up to n
/// custom_count       out
/// values             out, up to n * frame_count: chosen curve k at frame j is
///                    values[j * *chosen_count + k]; NaN where its state is not 0: the caller
///                    has to evaluate this curve
///
/// The same as limber_curve_records_index(), limber_choose_curves() and, with
/// LIMBER_EVALUATE_UNCHECKED, limber_curve_records_evaluate() one after the other, in less than
/// half of their time. Large calls use several threads.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, or _OVERLAP, also
/// where a record, its keys or its path lies in an output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_curve_records_sample(
    records: *const LimberCurveRecords,
    names: *const c_char,
    names_size: usize,
    bone_count: usize,
    rules: u32,
    mask: *const u8,
    rotation_mode: *const i32,
    channels: u8,
    frames: *const f32,
    frame_count: usize,
    bone: *mut u32,
    property: *mut u8,
    channel: *mut u8,
    rest: *mut u32,
    component: *mut u32,
    state: *mut u8,
    classes: *mut u8,
    chosen: *mut u32,
    chosen_count: *mut usize,
    chosen_bone: *mut u32,
    chosen_property: *mut u8,
    chosen_component: *mut u32,
    custom: *mut u32,
    custom_count: *mut usize,
    values: *mut f32,
) -> i32 {
    guard(|| {
        let (rules, channels) = (self::rules(rules)?, channel_bits(channels)?);
        let mut args = Args::new();
        // SAFETY: the header's promise; so for all pointers of this call.
        let n = unsafe { Args::new().view(records)? }.record_count;
        if frame_count == 0 {
            let why = "there must be a frame";
            return Err(Error::BadSize { arg: "frame_count", value: 0, why });
        }
        let why = "more values than memory holds";
        let size = n.checked_mul(frame_count);
        let size = size.ok_or(Error::BadSize { arg: "frame_count", value: frame_count, why })?;
        // SAFETY: as above.
        let (longs, bytes, counts, classes, values) = unsafe {
            (
                [
                    args.need_mut("bone", bone, n)?,
                    args.need_mut("rest", rest, n)?,
                    args.need_mut("component", component, n)?,
                    args.need_mut("chosen", chosen, n)?,
                    args.need_mut("chosen_bone", chosen_bone, n)?,
                    args.need_mut("chosen_component", chosen_component, n)?,
                    args.need_mut("custom", custom, n)?,
                ],
                [
                    args.need_mut("property", property, n)?,
                    args.need_mut("channel", channel, n)?,
                    args.need_mut("state", state, n)?,
                    args.need_mut("chosen_property", chosen_property, n)?,
                ],
                [
                    args.need_mut("chosen_count", chosen_count, 1)?,
                    args.need_mut("custom_count", custom_count, 1)?,
                ],
                args.need_mut("classes", classes, bone_count)?,
                args.need_mut("values", values, size)?,
            )
        };
        // SAFETY: as above.
        let (names, wanted, records) = unsafe {
            (
                Texts::from_c(&mut args, "names", names, names_size, bone_count)?,
                Wanted {
                    mask: args.input("mask", mask, bone_count)?,
                    modes: args.input("rotation_mode", rotation_mode, bone_count)?,
                    channels,
                    frames: args.need("frames", frames, frame_count)?,
                },
                Records::open(&mut args, records)?,
            )
        };
        if let Some(modes) = wanted.modes {
            check_modes("rotation_mode", modes)?;
        }
        let table = BoneTable::new(names.iter(), rules);
        // SAFETY: as above.
        let (found, sampled) = unsafe { sample_all(&records, &table, &wanted)? };
        write(&found, &sampled, &wanted, Outputs { longs, bytes, counts, classes, values });
        Ok(())
    })
}

/// The arrays of limber_curve_records_sample(), in its order within each kind.
struct Outputs<'a> {
    longs: [&'a mut [u32]; 7],
    bytes: [&'a mut [u8]; 4],
    counts: [&'a mut [usize]; 2],
    classes: &'a mut [u8],
    values: &'a mut [f32],
}

fn write(found: &[Found], sampled: &[f32], wanted: &Wanted, out: Outputs) {
    let [bone, rest, component, chosen, chosen_bone, chosen_component, custom] = out.longs;
    let [property, channel, state, chosen_property] = out.bytes;
    for (i, found) in found.iter().enumerate() {
        bone[i] = found.entry.bone.unwrap_or(u32::MAX);
        property[i] = found.entry.property as u8;
        channel[i] = found.entry.class;
        rest[i] = found.entry.rest;
        component[i] = found.component;
        state[i] = found.state;
    }
    let result = slide::choose(
        bone,
        property,
        channel,
        out.classes.len(),
        |bone| wanted.takes_part(bone),
        |bone| wanted.mode(bone),
        wanted.channels,
    );
    out.classes.copy_from_slice(&result.classes);
    custom[..result.custom.len()].copy_from_slice(&result.custom);
    let [chosen_count, custom_count] = out.counts;
    (chosen_count[0], custom_count[0]) = (result.channels.len(), result.custom.len());
    let (count, per) = (result.channels.len(), wanted.frames.len());
    for (k, curve) in result.channels.iter().enumerate() {
        let i = *curve as usize;
        chosen[k] = *curve;
        chosen_bone[k] = bone[i];
        chosen_property[k] = property[i];
        chosen_component[k] = component[i];
        for j in 0..per {
            out.values[j * count + k] = sampled[i * per + j];
        }
    }
}

#[cfg(test)]
#[path = "record_samples_tests.rs"]
mod tests;
