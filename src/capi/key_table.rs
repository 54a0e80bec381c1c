//! The keys of many curves in the caller's arrays: checked once, then read and written per curve.

use super::args::{Args, view};
use crate::error::{Error, Result};
use crate::fcurve::handles::HandleRules;
use crate::fcurve::insert::CurveRules;
use crate::fcurve::key::{Key, Keys, easing, handle, interpolation};
use core::ffi::c_void;

/// `curve_flags`: automatic handles give continuous acceleration (Blender's default).
pub const LIMBER_CURVE_CONTINUOUS_ACCELERATION: u8 = 1;
/// `curve_flags`: the curve goes on in a straight line beyond its ends.
pub const LIMBER_CURVE_LINEAR_EXTRAPOLATION: u8 = 2;
/// `curve_flags`: the first modifier is an unmuted Cycles without restricted range, influence or
/// counts, and both its modes are Repeat or Repeat with Offset.
pub const LIMBER_CURVE_CYCLIC: u8 = 4;
/// `curve_flags`: values are whole numbers (a curve of an integer property).
pub const LIMBER_CURVE_INTEGER: u8 = 8;
/// `curve_flags`: values do not blend (a curve of a boolean or enum property).
pub const LIMBER_CURVE_DISCRETE: u8 = 16;
/// `curve_flags`, with LIMBER_CURVE_CYCLIC: the mode before the first key is Repeat with Offset.
pub const LIMBER_CURVE_OFFSET_BEFORE: u8 = 32;
/// `curve_flags`, with LIMBER_CURVE_CYCLIC: the mode after the last key is Repeat with Offset.
pub const LIMBER_CURVE_OFFSET_AFTER: u8 = 64;

/// The keys of many curves, one array a field, curve after curve.
///
/// Curve c owns the elements first_key[c] .. first_key[c + 1] of every array: its room. Its keys
/// are the first key_count[c] of them, sorted by frame. With `stride` 0 every array is dense;
/// else element i lies i*stride bytes after the pointer, so that an array of key structs is read
/// and written where it lies, aligned or not: point every field at its member of the first
/// struct.
/// NULL fields other than `point` are absent: read as the default given, and not written.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberKeyTable {
    /// sizeof(LimberKeyTable)
    pub struct_size: usize,
    /// m, the number of curves
    pub curve_count: usize,
    /// n, the number of elements of every array of fields
    pub element_count: usize,
    /// m + 1 indices up to n, ascending: where each curve's room begins, and where the last ends
    pub first_key: *const usize,
    /// m, in/out: keys of each curve, at most its room; NULL = every room is full
    pub key_count: *mut usize,
    /// m, OR of LIMBER_CURVE_*; NULL = 0 for every curve
    pub curve_flags: *const u8,
    /// bytes between keys in every array; 0 = dense arrays
    pub stride: usize,
    /// 2 floats a key: frame and value; required
    pub point: *mut f32,
    /// 2 floats a key: frame and value; default: the point
    pub handle_left: *mut f32,
    /// 2 floats a key: frame and value; default: the point
    pub handle_right: *mut f32,
    /// 1 float a key; default 1.70158
    pub back: *mut f32,
    /// 1 float a key; default 0.8
    pub amplitude: *mut f32,
    /// 1 float a key; default 4.1
    pub period: *mut f32,
    /// 1 byte a key, Blender's number; default 2 (BEZIER)
    pub interpolation: *mut u8,
    /// 1 byte a key, Blender's number; default 0 (AUTO)
    pub easing: *mut u8,
    /// 1 byte a key, Blender's number; default 4 (AUTO_CLAMPED)
    pub handle_left_type: *mut u8,
    /// 1 byte a key, Blender's number; default 4 (AUTO_CLAMPED)
    pub handle_right_type: *mut u8,
    /// 1 byte a key, Blender's number; default 0 (KEYFRAME)
    pub key_type: *mut u8,
    /// 1 byte a key, 0 or 1; default 0
    pub select_point: *mut u8,
    /// 1 byte a key, 0 or 1; default 0
    pub select_left: *mut u8,
    /// 1 byte a key, 0 or 1; default 0
    pub select_right: *mut u8,
}
view!(LimberKeyTable, select_right: *mut u8);

/// What a call does to the arrays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
    /// Write, whatever is there; `point` may be absent.
    Fill,
}

/// One field: where its first element lies, and how far the next one is.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    start: *mut u8,
    step: usize,
    size: usize,
}

/// A checked [`LimberKeyTable`].
pub(crate) struct KeyTable<'a> {
    elements: usize,
    point: Field,
    handles: [Field; 2],
    floats: [Field; 3],
    bytes: [Field; 8],
    first_key: &'a [usize],
    flags: Option<&'a [u8]>,
    counts: Vec<usize>,
    counts_out: Option<&'a mut [usize]>,
}

// SAFETY: the fields point to memory that the caller lends for the call; `keys` only reads it,
// and `store` writes the room of one curve, which belongs to no other.
unsafe impl Sync for KeyTable<'_> {}

/// One more than the largest number of the byte fields, in their order.
const LIMITS: [u8; 8] =
    [interpolation::COUNT, easing::COUNT, handle::COUNT, handle::COUNT, u8::MAX, 255, 255, 255];

impl<'a> KeyTable<'a> {
    /// Checks the table: sizes, overlap, enum numbers.
    ///
    /// # Safety
    /// The pointers hold what the header says.
    pub(crate) unsafe fn open(
        args: &mut Args,
        table: *const LimberKeyTable,
        access: Access,
    ) -> Result<Self> {
        // SAFETY: the header's promise, passed on by the caller; so for all pointers below.
        let t = unsafe { args.view(table)? };
        let m = t.curve_count;
        let ends = m.checked_add(1).ok_or(Error::BadSize {
            arg: "curve_count",
            value: m,
            why: "more than memory holds",
        })?;
        // SAFETY: as above.
        let (first_key, flags) = unsafe {
            (
                args.need("first_key", t.first_key, ends)?,
                args.input("curve_flags", t.curve_flags, m)?,
            )
        };
        check_rooms(first_key, t.element_count)?;
        let counts_out = match access {
            // SAFETY: as above.
            Access::Write | Access::Fill => unsafe { args.output("key_count", t.key_count, m)? },
            Access::Read => None,
        };
        let given = match access {
            Access::Write => counts_out.as_deref(),
            Access::Fill => None,
            // SAFETY: as above.
            Access::Read => unsafe { args.input("key_count", t.key_count.cast_const(), m)? },
        };
        let counts = match access {
            Access::Fill => vec![0; m],
            _ => counts(first_key, given)?,
        };
        let (point, handles, floats, bytes) = fields(&t);
        let elements = t.element_count;
        let table =
            Self { elements, point, handles, floats, bytes, first_key, flags, counts, counts_out };
        // SAFETY: as above.
        unsafe { table.register(args, access)? };
        table.check_enums()?;
        Ok(table)
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        std::iter::once(&self.point).chain(&self.handles).chain(&self.floats).chain(&self.bytes)
    }

    /// Refuses arrays that overlap each other or another argument.
    ///
    /// # Safety
    /// As [`KeyTable::open`].
    unsafe fn register(&self, args: &mut Args, access: Access) -> Result<()> {
        let elements = self.elements;
        if self.point.start.is_null() && elements > 0 && access != Access::Fill {
            return Err(Error::NullPointer("point"));
        }
        let mut spans: Vec<(usize, usize, &Field)> = Vec::new();
        for field in self.fields().filter(|f| !f.start.is_null() && elements > 0) {
            let start = field.start as usize;
            if field.step == field.size && !start.is_multiple_of(field.size.min(4)) {
                return Err(Error::BadSize { arg: field.name, value: start, why: "not aligned" });
            }
            let end = field
                .step
                .checked_mul(elements - 1)
                .and_then(|bytes| bytes.checked_add(field.size))
                .filter(|bytes| *bytes <= isize::MAX as usize)
                .and_then(|bytes| start.checked_add(bytes))
                .ok_or(Error::BadSize {
                    arg: field.name,
                    value: elements,
                    why: "more than memory holds",
                })?;
            if field.step < field.size {
                return Err(Error::BadSize {
                    arg: "stride",
                    value: field.step,
                    why: "smaller than a field",
                });
            }
            spans.push((start, end, field));
        }
        spans.sort_by_key(|(start, ..)| *start);
        let mut merged: Vec<(usize, usize, &'static str)> = Vec::new();
        for (i, (start, end, field)) in spans.iter().enumerate() {
            for (other_start, other_end, other) in &spans[..i] {
                if start < other_end && interleave_badly(*other_start, other, *start, field) {
                    return Err(Error::Overlap(field.name, other.name));
                }
            }
            match merged.last_mut() {
                Some((_, last, _)) if *start < *last => *last = (*last).max(*end),
                _ => merged.push((*start, *end, field.name)),
            }
        }
        for (start, end, name) in merged {
            let bytes = start as *mut u8;
            match access {
                Access::Read => {
                    // SAFETY: the arrays cover these bytes; the slice is not kept.
                    unsafe { args.input(name, bytes, end - start)? };
                }
                Access::Write | Access::Fill => {
                    // SAFETY: as above.
                    unsafe { args.output(name, bytes, end - start)? };
                }
            }
        }
        Ok(())
    }

    fn check_enums(&self) -> Result<()> {
        for (field, limit) in self.bytes.iter().zip(LIMITS) {
            if field.start.is_null() || limit == u8::MAX {
                continue;
            }
            for (c, count) in self.counts.iter().enumerate() {
                for i in self.first_key[c]..self.first_key[c] + count {
                    // SAFETY: i lies in the room of curve c.
                    let value = unsafe { field.start.add(i * field.step).read() };
                    if value >= limit {
                        return Err(Error::BadElement {
                            arg: field.name,
                            index: i,
                            value: value.to_string(),
                            why: "no such number",
                        });
                    }
                }
            }
        }
        if let Some((index, flags)) =
            self.flags.and_then(|all| all.iter().enumerate().find(|(_, f)| **f >= 128))
        {
            return Err(Error::BadElement {
                arg: "curve_flags",
                index,
                value: flags.to_string(),
                why: "not an OR of LIMBER_CURVE_*",
            });
        }
        Ok(())
    }

    pub(crate) fn curve_count(&self) -> usize {
        self.counts.len()
    }

    /// Keys of all curves.
    pub(crate) fn key_count(&self) -> usize {
        self.counts.iter().sum()
    }

    pub(crate) fn count(&self, curve: usize) -> usize {
        self.counts[curve]
    }

    /// How many keys a curve may have.
    pub(crate) fn room(&self, curve: usize) -> usize {
        self.first_key[curve + 1] - self.first_key[curve]
    }

    pub(crate) fn rules(&self, curve: usize) -> CurveRules {
        let flags = self.flags.map_or(0, |flags| flags[curve]);
        let has = |flag: u8| flags & flag != 0;
        CurveRules {
            handles: HandleRules {
                continuous_acceleration: has(LIMBER_CURVE_CONTINUOUS_ACCELERATION),
                linear_extrapolation: has(LIMBER_CURVE_LINEAR_EXTRAPOLATION),
                cyclic: has(LIMBER_CURVE_CYCLIC),
            },
            integer: has(LIMBER_CURVE_INTEGER),
            discrete: has(LIMBER_CURVE_DISCRETE),
            offset_before: has(LIMBER_CURVE_OFFSET_BEFORE),
            offset_after: has(LIMBER_CURVE_OFFSET_AFTER),
        }
    }

    /// Frame of key `i` of a curve.
    pub(crate) fn frame(&self, curve: usize, i: usize) -> f32 {
        assert!(i < self.counts[curve]);
        self.pair(&self.point, self.first_key[curve] + i, [f32::NAN; 2])[0]
    }

    /// Whether any part of key `i` of a curve is selected.
    pub(crate) fn selected(&self, curve: usize, i: usize) -> bool {
        assert!(i < self.counts[curve]);
        let at = self.first_key[curve] + i;
        self.bytes[5..].iter().any(|field| self.byte(field, at, 0) != 0)
    }

    /// Copies the keys of a curve over `keys`.
    pub(crate) fn keys(&self, curve: usize, keys: &mut Vec<Key>) {
        let first = self.first_key[curve];
        keys.clear();
        keys.extend((first..first + self.counts[curve]).map(|i| {
            let point = self.pair(&self.point, i, [0.0; 2]);
            let byte = |f: usize, default: u8| self.byte(&self.bytes[f], i, default);
            Key {
                point,
                handle_left: self.pair(&self.handles[0], i, point),
                handle_right: self.pair(&self.handles[1], i, point),
                back: self.float(&self.floats[0], i, 1.70158),
                amplitude: self.float(&self.floats[1], i, 0.8),
                period: self.float(&self.floats[2], i, 4.1),
                interpolation: byte(0, interpolation::BEZIER),
                easing: byte(1, easing::AUTO),
                handle_left_type: byte(2, handle::AUTO_CLAMPED),
                handle_right_type: byte(3, handle::AUTO_CLAMPED),
                key_type: byte(4, 0),
                select_point: byte(5, 0),
                select_left: byte(6, 0),
                select_right: byte(7, 0),
            }
        }));
    }

    /// Writes keys into the room of a curve; there may be no more than its room.
    ///
    /// # Safety
    /// The table was opened for writing, and no other thread stores or reads this curve.
    pub(crate) unsafe fn store(&self, curve: usize, keys: &[Key]) {
        assert!(keys.len() <= self.room(curve));
        for (i, key) in (self.first_key[curve]..).zip(keys) {
            let pairs = [key.point, key.handle_left, key.handle_right];
            for (field, value) in std::iter::once(&self.point).chain(&self.handles).zip(pairs) {
                // SAFETY: i lies in the room, which is the caller's memory; so below.
                unsafe { field.write(i, value) };
            }
            for (field, value) in self.floats.iter().zip([key.back, key.amplitude, key.period]) {
                // SAFETY: as above.
                unsafe { field.write(i, value) };
            }
            let bytes = [
                key.interpolation,
                key.easing,
                key.handle_left_type,
                key.handle_right_type,
                key.key_type,
                key.select_point,
                key.select_left,
                key.select_right,
            ];
            for (field, value) in self.bytes.iter().zip(bytes) {
                // SAFETY: as above.
                unsafe { field.write(i, value) };
            }
        }
    }

    /// Writes keys into the room of a curve, a field after the other; there may be no more than
    /// its room.
    ///
    /// # Safety
    /// As [`KeyTable::store`].
    pub(crate) unsafe fn fill(&self, curve: usize, keys: impl Keys) {
        assert!(keys.len() <= self.room(curve));
        let first = self.first_key[curve];
        let [left, right] = &self.handles;
        let [back, amplitude, period] = &self.floats;
        let [interpolation, easing, left_type, right_type, key_type, point, on_left, on_right] =
            &self.bytes;
        // SAFETY: passed on from the caller, and no more keys than room.
        unsafe {
            self.point.fill(first, keys, |k| k.point);
            left.fill(first, keys, |k| k.handle_left);
            right.fill(first, keys, |k| k.handle_right);
            back.fill(first, keys, |k| k.back);
            amplitude.fill(first, keys, |k| k.amplitude);
            period.fill(first, keys, |k| k.period);
            interpolation.fill(first, keys, |k| k.interpolation);
            easing.fill(first, keys, |k| k.easing);
            left_type.fill(first, keys, |k| k.handle_left_type);
            right_type.fill(first, keys, |k| k.handle_right_type);
            key_type.fill(first, keys, |k| k.key_type);
            point.fill(first, keys, |k| k.select_point);
            on_left.fill(first, keys, |k| k.select_left);
            on_right.fill(first, keys, |k| k.select_right);
        }
    }

    /// Tells the caller how many keys each curve has now.
    pub(crate) fn set_counts(&mut self, counts: impl Iterator<Item = usize>) {
        if let Some(out) = &mut self.counts_out {
            for (out, count) in out.iter_mut().zip(counts) {
                *out = count;
            }
        }
    }

    /// Whether the caller can learn of another number of keys.
    pub(crate) fn has_counts(&self) -> bool {
        self.counts_out.is_some()
    }

    fn pair(&self, field: &Field, i: usize, absent: [f32; 2]) -> [f32; 2] {
        // SAFETY: callers pass an element of a room; any bits are floats.
        unsafe { field.read(i) }.unwrap_or(absent)
    }

    fn float(&self, field: &Field, i: usize, absent: f32) -> f32 {
        // SAFETY: as above.
        unsafe { field.read(i) }.unwrap_or(absent)
    }

    fn byte(&self, field: &Field, i: usize, absent: u8) -> u8 {
        // SAFETY: as above.
        unsafe { field.read(i) }.unwrap_or(absent)
    }
}

impl Field {
    /// # Safety
    /// As [`Field::write`], of every element from `first` on that there is a key for.
    unsafe fn fill<T: Copy>(&self, first: usize, keys: impl Keys, of: impl Fn(&Key) -> T) {
        if self.start.is_null() {
            return;
        }
        for i in 0..keys.len() {
            // SAFETY: passed on from the caller.
            unsafe { self.write(first + i, of(&keys.get(i))) };
        }
    }

    /// # Safety
    /// Element `i` exists and is a `T`, unless the field is absent.
    unsafe fn read<T: Copy>(&self, i: usize) -> Option<T> {
        if self.start.is_null() {
            return None;
        }
        // SAFETY: the caller's word; strided records need no alignment.
        Some(unsafe { self.start.add(i * self.step).cast::<T>().read_unaligned() })
    }

    /// # Safety
    /// As [`Field::read`], and no other reference to the element exists.
    unsafe fn write<T: Copy>(&self, i: usize, value: T) {
        if !self.start.is_null() {
            // SAFETY: the caller's word.
            unsafe { self.start.add(i * self.step).cast::<T>().write_unaligned(value) };
        }
    }
}

fn fields(t: &LimberKeyTable) -> (Field, [Field; 2], [Field; 3], [Field; 8]) {
    let make = |name: &'static str, start: *mut c_void, size: usize| Field {
        name,
        start: start.cast(),
        step: if t.stride == 0 { size } else { t.stride },
        size,
    };
    let byte = |name: &'static str, start: *mut u8| make(name, start.cast(), 1);
    let float = |name: &'static str, start: *mut f32| make(name, start.cast(), 4);
    let pair = |name: &'static str, start: *mut f32| make(name, start.cast(), 8);
    (
        pair("point", t.point),
        [pair("handle_left", t.handle_left), pair("handle_right", t.handle_right)],
        [float("back", t.back), float("amplitude", t.amplitude), float("period", t.period)],
        [
            byte("interpolation", t.interpolation),
            byte("easing", t.easing),
            byte("handle_left_type", t.handle_left_type),
            byte("handle_right_type", t.handle_right_type),
            byte("key_type", t.key_type),
            byte("select_point", t.select_point),
            byte("select_left", t.select_left),
            byte("select_right", t.select_right),
        ],
    )
}

/// Whether elements of two fields whose spans meet share bytes.
fn interleave_badly(a_start: usize, a: &Field, b_start: usize, b: &Field) -> bool {
    if a.step != b.step {
        return true;
    }
    let offset = (b_start - a_start) % a.step;
    offset < a.size || a.step - offset < b.size
}

fn check_rooms(first_key: &[usize], elements: usize) -> Result<()> {
    let last = first_key[first_key.len() - 1];
    if last > elements {
        return Err(Error::BadElement {
            arg: "first_key",
            index: first_key.len() - 1,
            value: last.to_string(),
            why: "more than element_count",
        });
    }
    match first_key.windows(2).position(|pair| pair[1] < pair[0]) {
        None => Ok(()),
        Some(index) => Err(Error::BadElement {
            arg: "first_key",
            index: index + 1,
            value: first_key[index + 1].to_string(),
            why: "smaller than the one before",
        }),
    }
}

fn counts(first_key: &[usize], given: Option<&[usize]>) -> Result<Vec<usize>> {
    let rooms = first_key.windows(2).map(|pair| pair[1] - pair[0]);
    let Some(given) = given else { return Ok(rooms.collect()) };
    match rooms.zip(given).position(|(room, count)| *count > room) {
        None => Ok(given.to_vec()),
        Some(index) => Err(Error::BadElement {
            arg: "key_count",
            index,
            value: given[index].to_string(),
            why: "more than the room of the curve",
        }),
    }
}
