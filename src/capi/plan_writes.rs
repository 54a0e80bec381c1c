//! How properties take the numbers that curves and drivers write.

use super::args::Args;
use crate::error::{Error, Result};
use crate::evaluator::{Limits, Write};

/// `write`, `curve_write`: a float, kept inside min and max.
pub const LIMBER_DRIVER_WRITE_FLOAT: i32 = 0;
/// `write`, `curve_write`: a whole number, kept inside min and max, its fraction cut off.
pub const LIMBER_DRIVER_WRITE_INT: i32 = 1;
/// `write`, `curve_write`: 1 from 1 on, else 0.
pub const LIMBER_DRIVER_WRITE_BOOL: i32 = 2;

/// The arrays for curves or drivers.
pub(super) struct Writes<'a> {
    kind_name: &'static str,
    kind: Option<&'a [i32]>,
    min: Option<&'a [f32]>,
    max: Option<&'a [f32]>,
}

impl<'a> Writes<'a> {
    /// The arrays by these names, with `count` elements each.
    ///
    /// # Safety
    /// Those that are not NULL hold as many.
    pub(super) unsafe fn read(
        args: &mut Args,
        [kind_name, min_name, max_name]: [&'static str; 3],
        (kind, min, max): (*const i32, *const f32, *const f32),
        count: usize,
    ) -> Result<Self> {
        // SAFETY: the caller's word.
        unsafe {
            Ok(Self {
                kind_name,
                kind: args.input(kind_name, kind, count)?,
                min: args.input(min_name, min, count)?,
                max: args.input(max_name, max, count)?,
            })
        }
    }

    /// Whether every number is taken as it is.
    pub(super) fn is_absent(&self) -> bool {
        self.kind.is_none() && self.min.is_none() && self.max.is_none()
    }

    pub(super) fn of(&self, index: usize) -> Result<Write> {
        let limits = Limits {
            min: self.min.map_or(f32::NEG_INFINITY, |min| min[index]),
            max: self.max.map_or(f32::INFINITY, |max| max[index]),
        };
        match self.kind.map_or(LIMBER_DRIVER_WRITE_FLOAT, |kind| kind[index]) {
            LIMBER_DRIVER_WRITE_FLOAT => Ok(Write::Float(limits)),
            LIMBER_DRIVER_WRITE_INT => Ok(Write::Int(limits)),
            LIMBER_DRIVER_WRITE_BOOL => Ok(Write::Bool),
            other => Err(Error::BadElement {
                arg: self.kind_name,
                index,
                value: other.to_string(),
                why: "not a LIMBER_DRIVER_WRITE_*",
            }),
        }
    }
}
