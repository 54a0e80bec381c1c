//! C functions that propagate values along many curves.

use super::args::Args;
use super::fcurve_edit::{COMMON, KEY_NS, edit_all, settings};
use super::guard;
use super::key_table::{Access, KeyTable, LimberKeyTable};
use crate::error::{Error, Result};
use crate::fcurve::insert::Insert;
use crate::fcurve::propagate::{self, Frames, Mode};

/// `mode`: the earliest of all curves' next keys; a curve without a later key counts its last.
pub const LIMBER_PROPAGATE_NEXT_KEY: u32 = 0;
/// `mode`: the latest of all curves' last keys, but no frame before zero.
pub const LIMBER_PROPAGATE_LAST_KEY: u32 = 1;
/// `mode`: every key after the current frame, up to the end frame.
pub const LIMBER_PROPAGATE_BEFORE_FRAME: u32 = 2;
/// `mode`: every key after the current frame.
pub const LIMBER_PROPAGATE_BEFORE_END: u32 = 3;
/// `mode`: every key of which some part is selected.
pub const LIMBER_PROPAGATE_SELECTED_KEYS: u32 = 4;

impl Frames for KeyTable<'_> {
    fn curves(&self) -> usize {
        self.curve_count()
    }
    fn keys(&self, curve: usize) -> usize {
        self.count(curve)
    }
    fn frame(&self, curve: usize, key: usize) -> f32 {
        KeyTable::frame(self, curve, key)
    }
    fn selected(&self, curve: usize, key: usize) -> bool {
        KeyTable::selected(self, curve, key)
    }
}

fn mode(number: u32, end_frame: f32) -> Result<Mode> {
    Ok(match number {
        LIMBER_PROPAGATE_NEXT_KEY => Mode::NextKey,
        LIMBER_PROPAGATE_LAST_KEY => Mode::LastKey,
        LIMBER_PROPAGATE_BEFORE_FRAME => Mode::BeforeFrame(end_frame),
        LIMBER_PROPAGATE_BEFORE_END => Mode::BeforeEnd,
        LIMBER_PROPAGATE_SELECTED_KEYS => Mode::SelectedKeys,
        _ => {
            return Err(Error::BadValue {
                arg: "mode",
                value: number.to_string(),
                why: "not a LIMBER_PROPAGATE_*",
            });
        }
    })
}

/// The frames that propagating a pose writes to: one list for all curves, ascending, each once.
///
/// table          m curves, only read; SELECTED_KEYS needs the select_* fields, the others only
///                `point`. Curves without keys count for nothing
/// mode           LIMBER_PROPAGATE_*
/// current_frame  where the pose is taken from, in frames of the curves
/// end_frame      last frame of BEFORE_FRAME; the other modes ignore it
/// frames         receives the frames; NULL only asks how many
/// capacity       elements of frames; the number of keys of all curves is always enough
/// needed         receives how many there are, also if frames is too small; not NULL
///
/// The frames of selected markers, another mode of Blender, are the caller's own list.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP, _BAD_STRUCT_SIZE or
/// _BUFFER_TOO_SMALL; only the last one writes, and only `needed`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_propagate_frames(
    table: *const LimberKeyTable,
    mode: u32,
    current_frame: f32,
    end_frame: f32,
    frames: *mut f32,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let mode = self::mode(mode, end_frame)?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, frames, needed) = unsafe {
            (
                KeyTable::open(&mut args, table, Access::Read)?,
                args.output("frames", frames, capacity)?,
                args.optional_value("needed", needed)?.ok_or(Error::NullPointer("needed"))?,
            )
        };
        let found = propagate::target_frames(&table, mode, current_frame);
        *needed = found.len();
        match frames {
            None => Ok(()),
            Some(frames) if frames.len() >= found.len() => {
                frames[..found.len()].copy_from_slice(&found);
                Ok(())
            }
            Some(_) => Err(Error::BufferTooSmall { arg: "frames", capacity, needed: found.len() }),
        }
    })
}

fn check_frames(frames: &[f32]) -> Result<()> {
    // Not-a-number is not in ascending order either.
    let ordered = |pair: &[f32]| pair[0] < pair[1];
    match frames.windows(2).position(|pair| !ordered(pair)) {
        None => Ok(()),
        Some(index) => Err(Error::BadElement {
            arg: "frames",
            index: index + 1,
            value: frames[index + 1].to_string(),
            why: "frames must ascend",
        }),
    }
}

fn count_after(table: &KeyTable, curve: usize, frames: &[f32], settings: &Insert) -> usize {
    let frame_of = |i: usize| table.frame(curve, i);
    propagate::count_after(table.count(curve), frame_of, frames, settings)
}

/// How many keys each curve has after limber_propagate() to these frames: the room it needs.
///
/// table        m curves, only read; only `point` is needed
/// frames       frame_count ascending frames, each once
/// insert_flags OR of LIMBER_INSERT_REPLACE and _FAST
/// key_counts   m; receives the counts
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP or _BAD_STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_propagate_sizes(
    table: *const LimberKeyTable,
    frames: *const f32,
    frame_count: usize,
    insert_flags: u32,
    key_counts: *mut usize,
) -> i32 {
    guard(|| {
        let settings = settings(0, 0, 0, insert_flags, COMMON)?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, frames) = unsafe {
            (
                KeyTable::open(&mut args, table, Access::Read)?,
                args.need("frames", frames, frame_count)?,
            )
        };
        // SAFETY: the header's promise.
        let counts = unsafe { args.need_mut("key_counts", key_counts, table.curve_count())? };
        check_frames(frames)?;
        for (curve, count) in counts.iter_mut().enumerate() {
            *count = count_after(&table, curve, frames, &settings);
        }
        Ok(())
    })
}

/// Give every curve its value at every one of the frames, as Blender propagates a pose: what
/// limber_fcurve_insert() of each frame in turn gives, in one go.
///
/// table              in/out, m curves with room for the keys of limber_propagate_sizes();
///                    key_count may be NULL only if no curve gets a key
/// values             m; the value of each curve, usually its value at the current frame
/// frames             frame_count ascending frames, each once
/// new_interpolation  0..12, Blender's number, for new keys
/// new_handle_type    0..4, Blender's number, for new keys
/// key_type           0..5, Blender's number, for new keys
/// insert_flags       OR of LIMBER_INSERT_REPLACE and _FAST
///
/// The time is linear in keys + frames of a curve, but for curves with aligned handles or new
/// keys beside Bezier handles that are not automatic: there every step depends on the one before.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP, _BAD_STRUCT_SIZE, or
/// _BUFFER_TOO_SMALL if a room is too small; on error nothing was written. Runs in parallel over
/// the curves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_propagate(
    table: *const LimberKeyTable,
    values: *const f32,
    frames: *const f32,
    frame_count: usize,
    new_interpolation: u32,
    new_handle_type: u32,
    key_type: u32,
    insert_flags: u32,
) -> i32 {
    guard(|| {
        let settings =
            settings(new_interpolation, new_handle_type, key_type, insert_flags, COMMON)?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (mut table, frames) = unsafe {
            (
                KeyTable::open(&mut args, table, Access::Write)?,
                args.need("frames", frames, frame_count)?,
            )
        };
        let m = table.curve_count();
        // SAFETY: the header's promise.
        let values = unsafe { args.need("values", values, m)? };
        check_frames(frames)?;
        for curve in 0..m {
            let needed = count_after(&table, curve, frames, &settings);
            if needed > table.count(curve) && !table.has_counts() {
                return Err(Error::NullPointer("key_count"));
            }
            let capacity = table.room(curve);
            if needed > capacity {
                return Err(Error::BufferTooSmall { arg: "table", capacity, needed });
            }
        }
        let work = (table.key_count() + m * frames.len()) * KEY_NS;
        let counts = edit_all(&table, work, |curve, keys, scratch| {
            let rules = table.rules(curve);
            let value = values[curve];
            propagate::propagate(keys, frames, value, &settings, &rules, scratch);
        });
        table.set_counts(counts.into_iter());
        Ok(())
    })
}
