//! C functions that edit the keys of curves: handles, insertion, update.

use super::args::Args;
use super::guard;
use super::key_table::{Access, KeyTable, LimberKeyTable};
use crate::error::{Error, Result};
use crate::fcurve::handles::{Scratch, recalculate};
use crate::fcurve::insert::{self, Insert, Place};
use crate::fcurve::key::{Key, handle, interpolation};
use crate::fcurve::update;
use crate::par;
use rayon::prelude::*;

/// `insert_flags`: only change existing keys, make none.
pub const LIMBER_INSERT_REPLACE: u32 = 1;
/// `insert_flags`, limber_fcurve_insert() only: do nothing where the curve has the value already.
/// A key on the frame has to have exactly this value; without one the curve, as its keys describe
/// it, has to be within 2^-23 of it, or within 32 steps of a 32-bit float.
pub const LIMBER_INSERT_NEEDED: u32 = 2;
/// `insert_flags`: leave the handles to a later limber_fcurve_recalc_handles().
pub const LIMBER_INSERT_FAST: u32 = 4;
/// `insert_flags`, limber_fcurve_insert() only: in curves with LIMBER_CURVE_CYCLIC, a frame outside
/// the keys stands for the one in the cycle between them, its value less what the repetitions with
/// offset rise until there. Without any offset the first and the last key stay alike: both change.
pub const LIMBER_INSERT_CYCLE_AWARE: u32 = 8;

/// Rough cost of one key in an edit, in nanoseconds.
pub(crate) const KEY_NS: usize = 60;

/// Runs `edit` on the keys of every curve and stores them; a curve gets no more keys.
pub(crate) fn edit_all(
    table: &KeyTable,
    work: usize,
    edit: impl Fn(usize, &mut Vec<Key>, &mut Scratch) + Sync,
) -> Vec<usize> {
    let one = |buffers: &mut (Vec<Key>, Scratch), curve: usize| {
        let (keys, scratch) = buffers;
        table.keys(curve, keys);
        edit(curve, keys, scratch);
        // SAFETY: opened for writing, and this is the only visit of the curve.
        unsafe { table.store(curve, keys) };
        keys.len()
    };
    let count = table.curve_count();
    par::run(
        work,
        || {
            let mut buffers = Default::default();
            (0..count).map(|curve| one(&mut buffers, curve)).collect()
        },
        || (0..count).into_par_iter().map_init(Default::default, one).collect(),
    )
}

/// Recompute the automatic, vector and aligned handles of curves, as Blender does after an edit.
///
/// table  in/out; handles are written, everything else is read. Keys sorted by frame; a curve of
///        fewer than two keys is left alone
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP or _BAD_STRUCT_SIZE; on error
/// the table is untouched. Runs in parallel over the curves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_fcurve_recalc_handles(table: *const LimberKeyTable) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let table = unsafe { KeyTable::open(&mut args, table, Access::Write)? };
        edit_all(&table, table.key_count() * KEY_NS, |curve, keys, scratch| {
            recalculate(keys, table.rules(curve).handles, scratch);
        });
        Ok(())
    })
}

/// Bring curves in order after their keys were moved: sort the keys by frame (stable), put
/// handles on their own side, merge keys within 0.01 frame (the later one stays; it moves to the
/// earlier one's frame unless its own is whole), recompute handles.
///
/// table  in/out; key_count must not be NULL: curves may lose keys. The elements of a room behind
///        its keys keep their values
///
/// Statuses as limber_fcurve_recalc_handles(). Runs in parallel over the curves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_fcurve_update(table: *const LimberKeyTable) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let mut table = unsafe { KeyTable::open(&mut args, table, Access::Write)? };
        if !table.has_counts() && table.curve_count() > 0 {
            return Err(Error::NullPointer("key_count"));
        }
        let work = table.key_count() * KEY_NS;
        let counts = edit_all(&table, work, |curve, keys, scratch| {
            update::update(keys, table.rules(curve).handles, scratch);
        });
        table.set_counts(counts.into_iter());
        Ok(())
    })
}

/// The flags of every function that makes keys.
pub(crate) const COMMON: u32 = LIMBER_INSERT_REPLACE | LIMBER_INSERT_FAST;

/// Settings of new keys from their C numbers; `allowed`: the flags that the function knows.
pub(crate) fn settings(
    new_interpolation: u32,
    new_handle_type: u32,
    key_type: u32,
    flags: u32,
    allowed: u32,
) -> Result<Insert> {
    let number = |arg: &'static str, value: u32, count: u8| match u8::try_from(value) {
        Ok(value) if value < count => Ok(value),
        _ => Err(Error::BadValue { arg, value: value.to_string(), why: "no such number" }),
    };
    if flags & !allowed != 0 {
        return Err(Error::BadValue {
            arg: "insert_flags",
            value: flags.to_string(),
            why: "not an OR of the LIMBER_INSERT_* that this function knows",
        });
    }
    Ok(Insert {
        interpolation: number("new_interpolation", new_interpolation, interpolation::COUNT)?,
        handle_type: number("new_handle_type", new_handle_type, handle::COUNT)?,
        key_type: number("key_type", key_type, 6)?,
        replace: flags & LIMBER_INSERT_REPLACE != 0,
        needed: flags & LIMBER_INSERT_NEEDED != 0,
        cycle_aware: flags & LIMBER_INSERT_CYCLE_AWARE != 0,
        fast: flags & LIMBER_INSERT_FAST != 0,
    })
}

/// Give each curve one value at one frame: change the key within 0.01 frame of it, or insert one.
///
/// A changed key moves with its handles and keeps its types. A new key gets the given types; in a
/// curve that then has more than two keys it takes the interpolation of the key before it (of the
/// next one at the start). Between Bezier keys that are not all automatic the curve keeps its
/// shape. Then the handles of the whole curve are recomputed. The key becomes selected.
///
/// table              in/out, m curves; key_count must not be NULL, and every curve that gets a
///                    new key needs room for it
/// frame, value       m each; a frame that is not a number is put behind the last key
/// new_interpolation  0..12, Blender's number, for new keys; Blender's default is 2 (BEZIER)
/// new_handle_type    0..4, Blender's number, for new keys; Blender's default is 4 (AUTO_CLAMPED)
/// key_type           0..5, Blender's number, for new keys
/// insert_flags       OR of LIMBER_INSERT_*
/// index              m; receives the key's index within its curve, -1 if the flags left it as it
///                    is; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP, _BAD_STRUCT_SIZE, or
/// _BUFFER_TOO_SMALL if a room is too small; on error nothing was written. Runs in parallel over
/// the curves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_fcurve_insert(
    table: *const LimberKeyTable,
    frame: *const f32,
    value: *const f32,
    new_interpolation: u32,
    new_handle_type: u32,
    key_type: u32,
    insert_flags: u32,
    index: *mut i32,
) -> i32 {
    guard(|| {
        let allowed = COMMON | LIMBER_INSERT_NEEDED | LIMBER_INSERT_CYCLE_AWARE;
        let settings =
            settings(new_interpolation, new_handle_type, key_type, insert_flags, allowed)?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let mut table = unsafe { KeyTable::open(&mut args, table, Access::Write)? };
        let m = table.curve_count();
        // SAFETY: the header's promise.
        let (frame, value, index) = unsafe {
            (
                args.need("frame", frame, m)?,
                args.need("value", value, m)?,
                args.output("index", index, m)?,
            )
        };
        if !table.has_counts() && m > 0 {
            return Err(Error::NullPointer("key_count"));
        }
        let places = places(&table, frame, value, &settings);
        for (c, place) in places.iter().enumerate() {
            let capacity = table.room(c);
            if matches!(place, Some(Place::Before(_))) && table.count(c) == capacity {
                return Err(Error::BufferTooSmall { arg: "table", capacity, needed: capacity + 1 });
            }
        }
        let work = table.key_count() * KEY_NS;
        let counts = edit_all(&table, work, |c, keys, scratch| {
            let rules = table.rules(c);
            insert::insert(keys, frame[c], value[c], &settings, &rules, scratch);
        });
        table.set_counts(counts.into_iter());
        for (out, place) in index.into_iter().flatten().zip(places) {
            *out = place.map_or(-1, |(Place::On(i) | Place::Before(i))| i as i32);
        }
        Ok(())
    })
}

/// Which key of each curve an insertion changes or makes; `None` if the settings say so.
fn places(table: &KeyTable, frame: &[f32], value: &[f32], settings: &Insert) -> Vec<Option<Place>> {
    let mut keys = Vec::new();
    let one = |c: usize| {
        if settings.needed || settings.cycle_aware {
            table.keys(c, &mut keys);
            let plan = insert::plan(&keys, frame[c], value[c], settings, &table.rules(c));
            return plan.map(|plan| plan.place);
        }
        // Only frames matter, which are found without reading all keys.
        match insert::find(table.count(c), frame[c], |i| table.frame(c, i)) {
            Place::Before(_) if settings.replace => None,
            place => Some(place),
        }
    };
    (0..table.curve_count()).map(one).collect()
}
