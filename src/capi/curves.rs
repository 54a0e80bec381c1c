//! F-curves across the boundary: one curve, and a table of many.

use super::args::{Args, view};
use super::keys::{self, LimberKeyLayout};
use super::modifiers::{self, LimberModifier};
use crate::error::{Error, Result};
use crate::fcurve::{Curve, Extrapolation, Key, KeyLayout, KeyView, Keys, Modifier, Samples};
use core::ffi::c_void;

/// `extrapolation`: the end keys' values.
pub const LIMBER_EXTRAPOLATION_CONSTANT: u8 = 0;
/// `extrapolation`: straight on.
pub const LIMBER_EXTRAPOLATION_LINEAR: u8 = 1;

/// `auto_smoothing`: automatic handles look at their neighbours alone.
pub const LIMBER_SMOOTHING_NONE: u8 = 0;
/// `auto_smoothing`: automatic handles keep the acceleration continuous.
pub const LIMBER_SMOOTHING_CONT_ACCEL: u8 = 1;

/// Curve flag: the property is an integer, values are rounded.
pub const LIMBER_FCURVE_INTEGER: u8 = 1;
/// Curve flag: the property is a switch or an enumeration, values hold until the next key.
pub const LIMBER_FCURVE_DISCRETE: u8 = 2;

/// One F-curve.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberFCurve {
    /// sizeof(LimberFCurve)
    pub struct_size: usize,
    /// key_count records, in ascending order of frame
    pub keys: *const c_void,
    /// number of keys
    pub key_count: usize,
    /// where the fields lie in a record; NULL = the records are LimberKey
    pub key_layout: *const LimberKeyLayout,
    /// LIMBER_EXTRAPOLATION_*
    pub extrapolation: u32,
    /// LIMBER_SMOOTHING_*; matters to functions that compute handles
    pub auto_smoothing: u32,
    /// OR of LIMBER_FCURVE_*
    pub flags: u32,
    /// frame of the first sample, a whole number
    pub sample_start: f32,
    /// modifier_count modifiers, first to last; NULL = none
    pub modifiers: *const LimberModifier,
    /// number of modifiers
    pub modifier_count: usize,
    /// sample_count values, one a frame, that stand in place of keys; NULL = not sampled
    pub samples: *const f32,
    /// number of samples
    pub sample_count: usize,
}
view!(LimberFCurve, sample_count: usize);

/// Many F-curves. The keys lie either one curve after another in `keys`, or each curve's where
/// `key_pointers` says; the other one is NULL.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberFCurves {
    /// sizeof(LimberFCurves)
    pub struct_size: usize,
    /// n, the number of curves
    pub curve_count: usize,
    /// where the fields lie in every record; NULL = the records are LimberKey
    pub key_layout: *const LimberKeyLayout,
    /// records of all curves, one curve after another, each in ascending order of frame
    pub keys: *const c_void,
    /// number of records in keys
    pub key_count: usize,
    /// n+1, ascending, at most key_count: curve i has the records key_starts[i] up to, not including,
    /// key_starts[i+1] of keys
    pub key_starts: *const usize,
    /// n, address of each curve's records; NULL for a curve without keys
    pub key_pointers: *const *const c_void,
    /// n, number of each curve's records, with key_pointers; 0 or more
    pub key_counts: *const i32,
    /// n, LIMBER_EXTRAPOLATION_*; NULL = all CONSTANT
    pub extrapolation: *const u8,
    /// n, OR of LIMBER_FCURVE_*; NULL = all 0
    pub flags: *const u8,
    /// modifiers of all curves, one curve after another; NULL = none
    pub modifiers: *const LimberModifier,
    /// number of modifiers
    pub modifier_count: usize,
    /// n+1, ascending, at most modifier_count: as key_starts; NULL = no modifiers
    pub modifier_starts: *const usize,
    /// values of all sampled curves, one curve after another; NULL = none
    pub samples: *const f32,
    /// number of samples
    pub sample_count: usize,
    /// n+1, ascending, at most sample_count: as key_starts; a curve with at least one sample is sampled and its keys
    /// do not count; NULL = no samples
    pub sample_starts: *const usize,
    /// n, frame of each curve's first sample, a whole number; NULL = no samples
    pub sample_first_frames: *const f32,
}
view!(LimberFCurves, sample_first_frames: *const f32);

fn extrapolation(number: u32) -> Option<Extrapolation> {
    match number {
        0 => Some(Extrapolation::Constant),
        1 => Some(Extrapolation::Linear),
        _ => None,
    }
}

fn known_flags(flags: u32) -> bool {
    flags & !u32::from(LIMBER_FCURVE_INTEGER | LIMBER_FCURVE_DISCRETE) == 0
}

const BAD_EXTRAPOLATION: &str = "not a LIMBER_EXTRAPOLATION_*";
const BAD_FLAGS: &str = "not an OR of LIMBER_FCURVE_*";

/// What the evaluation of one curve borrows.
pub(crate) struct One<'a> {
    keys: KeyView<'a>,
    modifiers: Vec<Modifier<'a>>,
    samples: Option<Samples<'a>>,
    extrapolation: Extrapolation,
    flags: u32,
}

impl One<'_> {
    pub(crate) fn curve(&self) -> Curve<'_, KeyView<'_>> {
        Curve {
            keys: self.keys,
            extrapolation: self.extrapolation,
            integer: self.flags & u32::from(LIMBER_FCURVE_INTEGER) != 0,
            discrete: self.flags & u32::from(LIMBER_FCURVE_DISCRETE) != 0,
            modifiers: &self.modifiers,
            samples: self.samples,
        }
    }
}

impl LimberFCurve {
    /// The curve; with `check`, the keys' enums and order are looked at.
    ///
    /// # Safety
    /// The view holds what the header says.
    pub(crate) unsafe fn read<'a>(&self, args: &mut Args, check: bool) -> Result<One<'a>> {
        let bad = |arg, value: u32, why| Error::BadValue { arg, value: value.to_string(), why };
        let Some(extrapolation) = extrapolation(self.extrapolation) else {
            return Err(bad("extrapolation", self.extrapolation, BAD_EXTRAPOLATION));
        };
        if self.auto_smoothing > LIMBER_SMOOTHING_CONT_ACCEL.into() {
            return Err(bad("auto_smoothing", self.auto_smoothing, "not a LIMBER_SMOOTHING_*"));
        }
        if !known_flags(self.flags) {
            return Err(bad("flags", self.flags, BAD_FLAGS));
        }
        // SAFETY: the header's promise, passed on by the caller.
        let one = unsafe {
            let layout = keys::layout(args, self.key_layout)?;
            let values = args.input("samples", self.samples, self.sample_count)?;
            One {
                keys: keys::records(args, "keys", self.keys, self.key_count, layout)?,
                modifiers: modifiers::stack(args, self.modifiers, self.modifier_count)?,
                samples: values.map(|values| Samples { first: self.sample_start, values }),
                extrapolation,
                flags: self.flags,
            }
        };
        if check {
            keys::check_keys("keys", one.keys)?;
            keys::check_sorted("keys", one.keys)?;
        }
        Ok(one)
    }
}

/// What the evaluation of a table borrows.
pub(crate) struct Table<'a> {
    layout: KeyLayout,
    /// Bytes and number of the keys of each curve.
    keys: Vec<KeyBytes<'a>>,
    extrapolation: Option<&'a [u8]>,
    flags: Option<&'a [u8]>,
    modifiers: Vec<Modifier<'a>>,
    modifier_starts: Option<&'a [usize]>,
    samples: &'a [f32],
    sample_starts: Option<&'a [usize]>,
    sample_first_frames: &'a [f32],
}

#[derive(Clone, Copy)]
struct KeyBytes<'a> {
    bytes: &'a [u8],
    count: usize,
}

impl<'a> Table<'a> {
    /// Number of curves.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The keys of every curve as packed records, if that is what they are.
    pub(crate) fn packed(&self) -> Option<Vec<&'a [Key]>> {
        if self.layout != KeyLayout::PACKED {
            return None;
        }
        self.keys.iter().map(|k| bytemuck::try_cast_slice(k.bytes).ok()).collect()
    }

    /// A view of no keys, from which those of the curves are made.
    pub(crate) fn view(&self) -> KeyView<'a> {
        KeyView::empty(self.layout)
    }

    /// The keys of one curve, from [`Table::view`].
    pub(crate) fn keys(&self, view: &KeyView<'a>, index: usize) -> KeyView<'a> {
        let KeyBytes { bytes, count } = self.keys[index];
        view.over(bytes, count).unwrap_or(*view)
    }

    /// One curve, of these keys of it.
    pub(crate) fn curve<K: Keys>(&self, index: usize, keys: K) -> Curve<'_, K> {
        let flags = self.flags.map_or(0, |f| f[index]);
        let linear = self.extrapolation.is_some_and(|e| e[index] == LIMBER_EXTRAPOLATION_LINEAR);
        let part = |starts: Option<&[usize]>| starts.map_or(0..0, |s| s[index]..s[index + 1]);
        let values = &self.samples[part(self.sample_starts)];
        Curve {
            keys,
            extrapolation: if linear { Extrapolation::Linear } else { Extrapolation::Constant },
            integer: flags & LIMBER_FCURVE_INTEGER != 0,
            discrete: flags & LIMBER_FCURVE_DISCRETE != 0,
            modifiers: &self.modifiers[part(self.modifier_starts)],
            samples: (!values.is_empty())
                .then(|| Samples { first: self.sample_first_frames[index], values }),
        }
    }
}

/// An array of n+1 ascending starts into an array of `count`; `None` when the pointer is NULL.
///
/// # Safety
/// `pointer` holds `n` + 1 numbers.
pub(crate) unsafe fn starts<'a>(
    args: &mut Args,
    arg: &'static str,
    pointer: *const usize,
    n: usize,
    count: usize,
) -> Result<Option<&'a [usize]>> {
    // SAFETY: passed on from the caller.
    let Some(starts) = (unsafe { args.input(arg, pointer, n.saturating_add(1))? }) else {
        return Ok(None);
    };
    let bad = |index: usize, why| {
        let value = starts[index].to_string();
        Err(Error::BadElement { arg, index, value, why })
    };
    if let Some(index) = starts.windows(2).position(|w| w[0] > w[1]) {
        return bad(index + 1, "less than the one before");
    }
    if starts[n] > count {
        return bad(n, "beyond the end of what it starts in");
    }
    Ok(Some(starts))
}

impl LimberFCurves {
    /// The table; with `check`, the keys' enums and order are looked at.
    ///
    /// # Safety
    /// The view holds what the header says.
    pub(crate) unsafe fn read<'a>(&self, args: &mut Args, check: bool) -> Result<Table<'a>> {
        let n = self.curve_count;
        // SAFETY: the header's promise, passed on by the caller.
        let table = unsafe {
            let layout = keys::layout(args, self.key_layout)?;
            let (modifier_count, sample_count) = (self.modifier_count, self.sample_count);
            let modifier_starts =
                starts(args, "modifier_starts", self.modifier_starts, n, modifier_count)?;
            let sample_starts = starts(args, "sample_starts", self.sample_starts, n, sample_count)?;
            let first_frames = sample_starts.map_or(0, |_| n);
            Table {
                layout,
                keys: self.key_bytes(args, layout)?,
                extrapolation: args.input("extrapolation", self.extrapolation, n)?,
                flags: args.input("flags", self.flags, n)?,
                modifiers: modifiers::stack(args, self.modifiers, modifier_count)?,
                modifier_starts,
                samples: args.need("samples", self.samples, sample_count)?,
                sample_starts,
                sample_first_frames: args.need(
                    "sample_first_frames",
                    self.sample_first_frames,
                    first_frames,
                )?,
            }
        };
        let refuse = |arg, array: Option<&[u8]>, good: &dyn Fn(u32) -> bool, why| {
            let index = array.and_then(|a| a.iter().position(|v| !good((*v).into())));
            match (index, array) {
                (Some(index), Some(a)) => {
                    Err(Error::BadElement { arg, index, value: a[index].to_string(), why })
                }
                _ => Ok(()),
            }
        };
        let known = |e: u32| extrapolation(e).is_some();
        refuse("extrapolation", table.extrapolation, &known, BAD_EXTRAPOLATION)?;
        refuse("flags", table.flags, &known_flags, BAD_FLAGS)?;
        if check {
            self.check(&table)?;
        }
        Ok(table)
    }

    /// # Safety
    /// As [`LimberFCurves::read`].
    unsafe fn key_bytes<'a>(
        &self,
        args: &mut Args,
        layout: KeyLayout,
    ) -> Result<Vec<KeyBytes<'a>>> {
        let n = self.curve_count;
        let size = KeyView::record_size(&layout).unwrap_or(usize::MAX);
        // SAFETY: the header's promise, passed on by the caller.
        unsafe {
            if self.key_pointers.is_null() {
                let Some(starts) = starts(args, "key_starts", self.key_starts, n, self.key_count)?
                else {
                    return match n {
                        0 => Ok(Vec::new()),
                        _ => Err(Error::NullPointer("key_starts")),
                    };
                };
                let all = keys::records(args, "keys", self.keys, self.key_count, layout)?;
                let part = |w: &[usize]| KeyBytes {
                    bytes: match w[1] - w[0] {
                        0 => &[],
                        more => &all.bytes()[w[0] * layout.stride..]
                            [..(more - 1) * layout.stride + size],
                    },
                    count: w[1] - w[0],
                };
                return Ok(starts.windows(2).map(part).collect());
            }
            if !self.keys.is_null() {
                let why = "give either keys or key_pointers";
                return Err(Error::BadValue { arg: "keys", value: "not NULL".into(), why });
            }
            let pointers = args.need("key_pointers", self.key_pointers.cast::<usize>(), n)?;
            let counts = args.need("key_counts", self.key_counts, n)?;
            let mut list = Vec::with_capacity(n);
            for (index, (pointer, count)) in pointers.iter().zip(counts).enumerate() {
                let Ok(count) = usize::try_from(*count) else {
                    let (value, why) = (count.to_string(), "a number of keys is 0 or more");
                    return Err(Error::BadElement { arg: "key_counts", index, value, why });
                };
                let pointer = core::ptr::with_exposed_provenance::<c_void>(*pointer);
                let keys = keys::records(args, "key_pointers", pointer, count, layout)?;
                list.push(KeyBytes { bytes: keys.bytes(), count });
            }
            Ok(list)
        }
    }

    fn check(&self, table: &Table) -> Result<()> {
        let view = table.view();
        for index in 0..table.len() {
            let keys = table.keys(&view, index);
            let found = keys::check_keys("keys", keys).and(keys::check_sorted("keys", keys));
            found.map_err(|error| match error {
                // Name the curve, which only the table knows.
                Error::Unsorted { index: key, .. } => Error::BadElement {
                    arg: "curves",
                    index,
                    value: format!("(keys[{key}])"),
                    why: "keys must be sorted by frame",
                },
                Error::BadElement { index: key, value, why, .. } => Error::BadElement {
                    arg: "curves",
                    index,
                    value: format!("(keys[{key}]: {value})"),
                    why,
                },
                other => other,
            })?;
        }
        Ok(())
    }
}
