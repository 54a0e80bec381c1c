//! Curve records of any layout, read where they lie: what a tool says of them, checked.
//!
//! The addresses of records, keys and paths stand in memory of the tool. Each is looked at for
//! sense before it is followed, and never through more than what the layout says.

use super::args::{Args, view};
use super::curves::{LIMBER_FCURVE_DISCRETE, LIMBER_FCURVE_INTEGER};
use super::keys::{self, LIMBER_FIELD_ABSENT, LimberKeyLayout};
use super::outputs::{Gaps, Outputs};
use crate::error::{Error, Result};
use crate::fcurve::{Curve, Extrapolation, KeyLayout, KeyView, Keys, Near, likely_segment};
use core::ffi::c_void;

/// `state` of a record: samples stand in place of its keys.
pub const LIMBER_RECORD_SAMPLED: u8 = 1;
/// `state` of a record: it has modifiers.
pub const LIMBER_RECORD_MODIFIED: u8 = 2;
/// `state` of a record: it has a driver.
pub const LIMBER_RECORD_DRIVEN: u8 = 4;
/// `state` of a record: an address, a count or an enum in it makes no sense.
pub const LIMBER_RECORD_DAMAGED: u8 = 8;
/// `state` of a record: no end of its path within path_limit bytes.
pub const LIMBER_RECORD_LONG_PATH: u8 = 16;

/// Where the fields lie in a tool's own F-curve record: byte offsets, or LIMBER_FIELD_ABSENT.
///
/// Fields may lie in any order, aligned or not, with anything between them. Integers are read
/// with the sign that their size in bytes, 1, 2, 4 or 8, gives them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberCurveLayout {
    /// sizeof(LimberCurveLayout)
    pub struct_size: usize,
    /// bytes of a record; every field ends within it
    pub record_size: usize,
    /// address of the first key record, NULL = no keys; must be there
    pub keys: usize,
    /// integer, number of keys; must be there
    pub key_count: usize,
    /// address of the path, UTF-8 with a terminating 0, NULL = none; absent: no paths
    pub path: usize,
    /// integer, index in the property's array; absent: 0
    pub component: usize,
    /// integer, LIMBER_EXTRAPOLATION_*; absent: CONSTANT
    pub extrapolation: usize,
    /// integer, LIMBER_SMOOTHING_*; absent: NONE
    pub auto_smoothing: usize,
    /// integer whose bits integer_mask and discrete_mask mean something; absent: 0
    pub flags: usize,
    /// address that is not NULL where samples stand in place of keys; absent: NULL
    pub samples: usize,
    /// address that is not NULL where the curve has modifiers; absent: NULL
    pub modifiers: usize,
    /// address that is not NULL where the curve has a driver; absent: NULL
    pub driver: usize,
    /// bits of flags: any of them stands for LIMBER_FCURVE_INTEGER
    pub integer_mask: u64,
    /// bits of flags: any of them stands for LIMBER_FCURVE_DISCRETE
    pub discrete_mask: u64,
    /// bytes of key_count; 0 = 4
    pub key_count_size: u8,
    /// bytes of component; 0 = 4
    pub component_size: u8,
    /// bytes of extrapolation; 0 = 4
    pub extrapolation_size: u8,
    /// bytes of auto_smoothing; 0 = 4
    pub auto_smoothing_size: u8,
    /// bytes of flags; 0 = 4
    pub flags_size: u8,
    /// 0
    pub reserved: [u8; 3],
}
view!(LimberCurveLayout, reserved: [u8; 3]);

/// F-curves in a tool's own records, read where they lie; nothing is copied, nothing is kept.
///
/// What the layouts say must be true of every record: the addresses in it are readable, keys for
/// key_count records, the path up to its terminating 0 or path_limit bytes. Addresses that are
/// NULL or not aligned and counts that make no sense are noticed, and that record is called
/// damaged; no other address can be told from a good one. Nothing may change, move or free the
/// records during a call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberCurveRecords {
    /// sizeof(LimberCurveRecords)
    pub struct_size: usize,
    /// where the fields lie in every curve record
    pub layout: *const LimberCurveLayout,
    /// where the fields lie in every key record; NULL = the records are LimberKey
    pub key_layout: *const LimberKeyLayout,
    /// record_count addresses, one of each curve record
    pub records: *const *const c_void,
    /// number of curves
    pub record_count: usize,
    /// a record with more keys is damaged; 0 = 16777216
    pub key_limit: usize,
    /// the terminating 0 of a path is within so many bytes; 0 = 4096
    pub path_limit: usize,
    /// power of two: the address of every record and of every curve's first key is a multiple
    /// of it, else the record is damaged; 0 = any address
    pub alignment: usize,
}
view!(LimberCurveRecords, alignment: usize);

const KEY_LIMIT: usize = 1 << 24;
const PATH_LIMIT: usize = 4096;

/// An integer of a record.
#[derive(Clone, Copy)]
struct Integer {
    offset: usize,
    size: u8,
}

/// A checked [`LimberCurveLayout`]: every offset and its size end within the record.
#[derive(Clone, Copy)]
struct Fields {
    size: usize,
    /// The first and the last byte of a record that is read.
    read: (usize, usize),
    keys: usize,
    path: usize,
    key_count: Integer,
    component: Integer,
    extrapolation: Integer,
    auto_smoothing: Integer,
    flags: Integer,
    integer_mask: u64,
    discrete_mask: u64,
    /// Addresses that send a curve elsewhere, with the state that they mean.
    elsewhere: [(usize, u8); 3],
}

fn offset(arg: &'static str, at: usize, size: usize, record: usize) -> Result<usize> {
    if at == LIMBER_FIELD_ABSENT {
        return Ok(at);
    }
    match at.checked_add(size) {
        Some(end) if end <= record => Ok(at),
        _ => Err(Error::BadSize { arg, value: at, why: "the field ends beyond record_size" }),
    }
}

fn integer(arg: &'static str, at: usize, size: u8, record: usize) -> Result<Integer> {
    let size = if size == 0 { 4 } else { size };
    if !matches!(size, 1 | 2 | 4 | 8) {
        return Err(Error::BadSize { arg, value: size.into(), why: "an integer has 1, 2, 4 or 8" });
    }
    Ok(Integer { offset: offset(arg, at, size.into(), record)?, size })
}

fn there(arg: &'static str, at: usize) -> Result<()> {
    if at != LIMBER_FIELD_ABSENT {
        return Ok(());
    }
    Err(Error::BadSize { arg, value: at, why: "a curve record must have it" })
}

impl Fields {
    fn new(l: &LimberCurveLayout) -> Result<Self> {
        let size = l.record_size;
        let address = |arg, at| offset(arg, at, size_of::<usize>(), size);
        there("layout.keys", l.keys)?;
        there("layout.key_count", l.key_count)?;
        let offsets = [
            (l.keys, size_of::<usize>()),
            (l.path, size_of::<usize>()),
            (l.samples, size_of::<usize>()),
            (l.modifiers, size_of::<usize>()),
            (l.driver, size_of::<usize>()),
            (l.key_count, 1),
            (l.component, 1),
            (l.extrapolation, 1),
            (l.auto_smoothing, 1),
            (l.flags, 1),
        ];
        let used = || offsets.iter().filter(|(at, _)| *at != LIMBER_FIELD_ABSENT);
        let first = used().map(|(at, _)| *at).min().unwrap_or(0);
        let last = used().map(|(at, bytes)| at.saturating_add(bytes - 1)).max().unwrap_or(0);
        Ok(Self {
            size,
            read: (first, last),
            keys: address("layout.keys", l.keys)?,
            path: address("layout.path", l.path)?,
            key_count: integer("layout.key_count", l.key_count, l.key_count_size, size)?,
            component: integer("layout.component", l.component, l.component_size, size)?,
            extrapolation: integer(
                "layout.extrapolation",
                l.extrapolation,
                l.extrapolation_size,
                size,
            )?,
            auto_smoothing: integer(
                "layout.auto_smoothing",
                l.auto_smoothing,
                l.auto_smoothing_size,
                size,
            )?,
            flags: integer("layout.flags", l.flags, l.flags_size, size)?,
            integer_mask: l.integer_mask,
            discrete_mask: l.discrete_mask,
            elsewhere: [
                (address("layout.samples", l.samples)?, LIMBER_RECORD_SAMPLED),
                (address("layout.modifiers", l.modifiers)?, LIMBER_RECORD_MODIFIED),
                (address("layout.driver", l.driver)?, LIMBER_RECORD_DRIVEN),
            ],
        })
    }
}

/// One record as it was found.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    /// OR of `LIMBER_RECORD_*`, 0 = its keys are all there is to it.
    pub state: u8,
    pub component: i64,
    pub linear: bool,
    pub smoothing: u8,
    /// OR of `LIMBER_FCURVE_*`.
    pub flags: u8,
    /// Bytes of the keys; empty unless `state` is 0.
    pub keys: &'a [u8],
    pub key_count: usize,
}

const DAMAGED: Record = Record {
    state: LIMBER_RECORD_DAMAGED,
    component: 0,
    linear: false,
    smoothing: 0,
    flags: 0,
    keys: &[],
    key_count: 0,
};

/// The records of a call, checked as far as they can be before one is looked at.
///
/// What reads a record is inlined: a processor waits for a struct that was written field by field
/// and is then copied as a whole, here as long as for all the rest.
pub(crate) struct Records<'a> {
    fields: Fields,
    addresses: &'a [usize],
    key_layout: KeyLayout,
    /// Bytes that a key record covers.
    key_size: usize,
    key_limit: usize,
    path_limit: usize,
    alignment: usize,
    outputs: Outputs,
}

/// Bytes that the processor loads at once.
pub(crate) const LINE: usize = 64;
/// Keys of more lines than this are loaded where a search begins.
const LINES: usize = 8;

/// Begins to load what lies at an address, whatever that is: a hint that cannot fail.
pub(crate) fn prefetch(at: usize) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the instruction reads nothing that could be seen, and ignores wrong addresses.
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(core::ptr::without_provenance(at));
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

impl Record<'_> {
    /// Begins to load the first and the last key.
    pub(crate) fn prefetch_ends(&self) {
        let (start, size) = (self.keys.as_ptr() as usize, self.keys.len());
        prefetch(start);
        prefetch(start.wrapping_add(size.saturating_sub(LINE)));
    }

    /// Begins to load the keys that an evaluation will look at.
    pub(crate) fn prefetch_keys(&self) {
        let (start, size) = (self.keys.as_ptr() as usize, self.keys.len());
        if size <= LINES * LINE {
            for line in (0..size).step_by(LINE) {
                prefetch(start + line);
            }
        } else {
            for part in 0..=4 {
                prefetch(start + (size - 1) * part / 4);
            }
        }
    }
}

/// Where something ends that begins at `start`; `None` if memory cannot hold it.
fn spans(start: usize, bytes: Option<usize>) -> Option<usize> {
    let bytes = bytes.filter(|bytes| *bytes <= isize::MAX as usize)?;
    start.checked_add(bytes).map(|_| bytes)
}

impl<'a> Records<'a> {
    /// Reads the views; every output of the call has to be open already.
    ///
    /// # Safety
    /// The view holds what the header says.
    pub(crate) unsafe fn open(
        args: &mut Args,
        records: *const LimberCurveRecords,
    ) -> Result<Records<'a>> {
        // SAFETY: the header's promise, passed on by the caller.
        let (r, l, key_layout, addresses) = unsafe {
            let r = args.view(records)?;
            (
                r,
                args.view(r.layout)?,
                keys::layout(args, r.key_layout)?,
                args.need("records", r.records.cast::<usize>(), r.record_count)?,
            )
        };
        if r.alignment != 0 && !r.alignment.is_power_of_two() {
            let why = "an alignment is a power of two";
            return Err(Error::BadSize { arg: "alignment", value: r.alignment, why });
        }
        let or = |given, default| if given == 0 { default } else { given };
        Ok(Records {
            fields: Fields::new(&l)?,
            addresses,
            key_layout,
            key_size: KeyView::record_size(&key_layout).unwrap_or(usize::MAX),
            key_limit: or(r.key_limit, KEY_LIMIT).min(i32::MAX as usize),
            path_limit: or(r.path_limit, PATH_LIMIT),
            alignment: or(r.alignment, 1),
            outputs: Outputs::new(args.outputs()),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.addresses.len()
    }

    /// A view of no keys, from which those of the curves are made.
    pub(crate) fn view(&self) -> KeyView<'a> {
        KeyView::empty(self.key_layout)
    }

    /// Begins to load the keys beside each frame; looks at the first and the last key.
    pub(crate) fn prefetch_around(&self, view: &KeyView<'a>, record: &Record, frames: &[f32]) {
        let Some(last) = record.key_count.checked_sub(1) else { return };
        let Some(keys) = view.over(record.keys, record.key_count) else { return };
        let ends = (keys.point(0)[0], keys.point(last)[0]);
        let start = record.keys.as_ptr() as usize;
        // Two keys and the frame of the third.
        let reach = self.key_layout.stride.saturating_mul(3).min(LINES * LINE);
        for frame in frames {
            let first = start + likely_segment(ends, last, *frame) * self.key_layout.stride;
            for line in (0..reach).step_by(LINE) {
                prefetch(first.wrapping_add(line));
            }
        }
    }

    /// Begins to load the keys at which a frame is looked for first.
    #[inline(always)]
    pub(crate) fn prefetch_near(&self, record: &Record, near: Near) {
        let (first, count) = near.keys(record.key_count);
        let stride = self.key_layout.stride;
        let start = record.keys.as_ptr() as usize + first.saturating_mul(stride);
        let size = count.saturating_mul(stride).min(LINES * LINE);
        for line in (0..size).step_by(LINE) {
            prefetch(start.wrapping_add(line));
        }
    }

    /// The curve of a record whose keys are all there is to it.
    #[inline(always)]
    pub(crate) fn curve(&self, view: &KeyView<'a>, record: &Record<'a>) -> Curve<'a, KeyView<'a>> {
        let keys = view.over(record.keys, record.key_count).unwrap_or(*view);
        Curve {
            extrapolation: if record.linear {
                Extrapolation::Linear
            } else {
                Extrapolation::Constant
            },
            integer: record.flags & LIMBER_FCURVE_INTEGER != 0,
            discrete: record.flags & LIMBER_FCURVE_DISCRETE != 0,
            ..Curve::new(keys)
        }
    }

    fn is_odd(&self, address: usize) -> bool {
        address & (self.alignment - 1) != 0
    }

    /// The address of a record, if it makes sense.
    #[inline(always)]
    fn address(&self, gaps: &mut Gaps, index: usize) -> Result<Option<usize>> {
        let at = self.addresses[index];
        if at == 0 || self.is_odd(at) || spans(at, Some(self.fields.size)).is_none() {
            return Ok(None);
        }
        if self.outputs.meet(&mut gaps.records, at, self.fields.size) {
            return Err(Error::Overlap("an output", "records"));
        }
        Ok(Some(at))
    }

    /// # Safety
    /// A record begins at `at`, and `field` is a pointer of the layout.
    #[inline(always)]
    unsafe fn pointer(&self, at: usize, field: usize) -> usize {
        if field == LIMBER_FIELD_ABSENT {
            return 0;
        }
        // SAFETY: the field ends within the record, which the header says is readable.
        unsafe { core::ptr::with_exposed_provenance::<usize>(at + field).read_unaligned() }
    }

    /// # Safety
    /// A record begins at `at`, and `field` is an integer of the layout.
    #[inline(always)]
    unsafe fn integer(&self, at: usize, field: Integer) -> i64 {
        if field.offset == LIMBER_FIELD_ABSENT {
            return 0;
        }
        let start = core::ptr::with_exposed_provenance::<u8>(at + field.offset);
        // SAFETY: the field ends within the record, which the header says is readable.
        unsafe {
            match field.size {
                1 => start.cast::<i8>().read().into(),
                2 => start.cast::<i16>().read_unaligned().into(),
                4 => start.cast::<i32>().read_unaligned().into(),
                _ => start.cast::<i64>().read_unaligned(),
            }
        }
    }

    /// Begins to load a record; records lie anywhere, so that each would be waited for.
    pub(crate) fn prefetch_record(&self, index: usize) {
        let at = self.addresses[index];
        let (first, last) = self.fields.read;
        for line in (first..last).step_by(LINE) {
            prefetch(at.wrapping_add(line));
        }
        prefetch(at.wrapping_add(last));
    }

    /// Begins to load a record's path.
    ///
    /// # Safety
    /// The header's promise.
    pub(crate) unsafe fn prefetch_path(&self, index: usize) {
        let at = self.addresses[index];
        if at != 0 && !self.is_odd(at) && spans(at, Some(self.fields.size)).is_some() {
            // SAFETY: passed on from the caller; the address was looked at.
            let start = unsafe { self.pointer(at, self.fields.path) };
            prefetch(start);
            prefetch(start.wrapping_add(LINE / 2));
        }
    }

    /// What the record says, but for its path.
    ///
    /// # Safety
    /// The header's promise.
    #[inline(always)]
    pub(crate) unsafe fn record(&self, gaps: &mut Gaps, index: usize) -> Result<Record<'a>> {
        let Some(at) = self.address(gaps, index)? else { return Ok(DAMAGED) };
        let f = &self.fields;
        // SAFETY: the header's promise; the address was looked at.
        let (keys, count, extrapolation, smoothing, flags, component, state) = unsafe {
            (
                self.pointer(at, f.keys),
                self.integer(at, f.key_count),
                self.integer(at, f.extrapolation),
                self.integer(at, f.auto_smoothing),
                self.integer(at, f.flags) as u64,
                self.integer(at, f.component),
                f.elsewhere.iter().fold(0, |state, (field, bit)| {
                    state | if self.pointer(at, *field) != 0 { *bit } else { 0 }
                }),
            )
        };
        let mut record = Record {
            state,
            component,
            linear: extrapolation == 1,
            smoothing: smoothing as u8 & 1,
            flags: (LIMBER_FCURVE_INTEGER * u8::from(flags & f.integer_mask != 0))
                | (LIMBER_FCURVE_DISCRETE * u8::from(flags & f.discrete_mask != 0)),
            keys: &[],
            key_count: 0,
        };
        let known = matches!(extrapolation, 0 | 1) && matches!(smoothing, 0 | 1);
        let count = usize::try_from(count).ok().filter(|count| *count <= self.key_limit);
        let Some(count) = count.filter(|_| known) else {
            record.state |= LIMBER_RECORD_DAMAGED;
            return Ok(record);
        };
        if record.state != 0 || count == 0 {
            return Ok(record);
        }
        let bytes = self.key_layout.stride.checked_mul(count - 1);
        let Some(bytes) = spans(keys, bytes.and_then(|b| b.checked_add(self.key_size)))
            .filter(|_| keys != 0 && !self.is_odd(keys))
        else {
            record.state |= LIMBER_RECORD_DAMAGED;
            return Ok(record);
        };
        if self.outputs.meet(&mut gaps.keys, keys, bytes) {
            return Err(Error::Overlap("an output", "keys"));
        }
        let start = core::ptr::with_exposed_provenance::<u8>(keys);
        // SAFETY: the header says that so many keys are readable, and no output meets them.
        record.keys = unsafe { core::slice::from_raw_parts(start, bytes) };
        record.key_count = count;
        Ok(record)
    }

    /// The path of a record without its terminating 0; the state that it adds.
    ///
    /// # Safety
    /// The header's promise.
    #[inline(always)]
    pub(crate) unsafe fn path(&self, gaps: &mut Gaps, index: usize) -> Result<(&'a [u8], u8)> {
        let Some(at) = self.address(gaps, index)? else { return Ok((&[], LIMBER_RECORD_DAMAGED)) };
        // SAFETY: the header's promise; the address was looked at.
        let start = unsafe { self.pointer(at, self.fields.path) };
        if start == 0 {
            return Ok((&[], 0));
        }
        let limit = self.path_limit.min(usize::MAX - start).min(isize::MAX as usize);
        let text = core::ptr::with_exposed_provenance::<u8>(start);
        // SAFETY: C's memchr reads one byte after the other and stops at the one it looks for,
        // so a limit beyond the end of the memory does no harm where the text ends before it.
        let end = unsafe { libc::memchr(text.cast(), 0, limit) };
        if end.is_null() {
            return Ok((&[], LIMBER_RECORD_LONG_PATH));
        }
        let size = end as usize - start;
        if self.outputs.meet(&mut gaps.paths, start, size + 1) {
            return Err(Error::Overlap("an output", "path"));
        }
        // SAFETY: these bytes were just read, and no output meets them.
        Ok((unsafe { core::slice::from_raw_parts(text, size) }, 0))
    }
}
