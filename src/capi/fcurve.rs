//! Evaluation of F-curves.

use super::args::Args;
use super::curves::{LimberFCurve, LimberFCurves};
use crate::error::{Error, Result};
use crate::fcurve::evaluate_curves;

/// `flags` of evaluation: the caller vouches that keys are in order and their enums valid, so
/// that only the keys needed are read. If they are not, that curve's values mean nothing; nothing
/// worse happens.
pub const LIMBER_EVALUATE_UNCHECKED: u32 = 1;
/// `flags` of evaluation of many curves: values lie frame after frame, not curve after curve.
pub const LIMBER_EVALUATE_BY_FRAME: u32 = 2;

/// Refuses unknown flags of evaluation.
pub(crate) fn evaluation(flags: u32, known: u32) -> Result<u32> {
    if flags & !known != 0 {
        let why = "not an OR of the LIMBER_EVALUATE_* that this function takes";
        return Err(Error::BadValue { arg: "flags", value: flags.to_string(), why });
    }
    Ok(flags)
}

fn checked(flags: u32) -> Result<bool> {
    Ok(evaluation(flags, LIMBER_EVALUATE_UNCHECKED)? == 0)
}

/// Values of one F-curve at many frames, as Blender's `FCurve.evaluate` gives them.
///
/// curve        the curve
/// frames       frame_count frames, in any order; ascending ones are fastest
/// frame_count  number of frames
/// flags        OR of LIMBER_EVALUATE_*
/// values       out, frame_count
///
/// A curve without keys and samples is 0 before its modifiers. A frame that is no number gives a
/// value that is none. Between negative frames that are not whole, a sampled curve takes the
/// sample below and the one above, where Blender reads one sample too far.
/// Constant, linear, Bezier and most easing interpolations equal Blender's bit by bit; sine,
/// exponential and elastic easing and modifiers to about 1e-6 of the value.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE for an enum or flag,
/// _UNSORTED, _OVERLAP, or _UNSUPPORTED for a modifier that this library does not have (the host
/// can then evaluate the curve itself). Safe from several threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_fcurve_evaluate(
    curve: *const LimberFCurve,
    frames: *const f32,
    frame_count: usize,
    flags: u32,
    values: *mut f32,
) -> i32 {
    super::guard(|| {
        let check = checked(flags)?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (curve, frames, values) = unsafe {
            let curve = args.view(curve)?.read(&mut args, check)?;
            let frames = args.need("frames", frames, frame_count)?;
            (curve, frames, args.need_mut("values", values, frame_count)?)
        };
        curve.curve().evaluate_frames(frames, values);
        Ok(())
    })
}

/// Values of many F-curves at the same frames; see limber_fcurve_evaluate.
///
/// curves       n curves
/// frames       frame_count frames, in any order; ascending ones are fastest
/// frame_count  number of frames
/// flags        OR of LIMBER_EVALUATE_*
/// values       out, n * frame_count: curve i at frame j is values[i * frame_count + j]
///
/// LIMBER_STATUS_OK or the errors of limber_fcurve_evaluate; a message about keys names the
/// curve. Large calls use several threads. Safe from several threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_fcurves_evaluate(
    curves: *const LimberFCurves,
    frames: *const f32,
    frame_count: usize,
    flags: u32,
    values: *mut f32,
) -> i32 {
    super::guard(|| {
        let check = checked(flags)?;
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, frames, values) = unsafe {
            let table = args.view(curves)?.read(&mut args, check)?;
            let frames = args.need("frames", frames, frame_count)?;
            let size = table.len().checked_mul(frame_count).ok_or(Error::BadSize {
                arg: "frame_count",
                value: frame_count,
                why: "more values than memory holds",
            })?;
            (table, frames, args.need_mut("values", values, size)?)
        };
        let n = table.len();
        if let Some(keys) = table.packed() {
            evaluate_curves(n, |i| table.curve(i, keys[i]), frames, values);
        } else {
            let view = table.view();
            evaluate_curves(n, |i| table.curve(i, table.keys(&view, i)), frames, values);
        }
        Ok(())
    })
}

#[cfg(test)]
#[path = "fcurve_tests.rs"]
mod tests;
