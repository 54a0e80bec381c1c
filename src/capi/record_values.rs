//! Values of many curve records at a few frames, with as little waiting for memory as possible.
//!
//! Keys lie anywhere, so that the processor waits for each line of them that was not loaded ahead.
//! Curves that are animated together mostly have their keys at the same frames: one is searched,
//! and of the others those keys alone are loaded and looked at.

use super::record_layout::{Record, Records};
use crate::fcurve::{Near, Solved};
use core::borrow::Borrow;

/// Where frames are in a curve, and where they are expected in those of the same chunk.
pub(crate) fn find_frames(records: &Records, record: &Record, frames: &[f32]) -> Vec<Near> {
    let curve = records.curve(&records.view(), record);
    frames.iter().map(|frame| curve.find(*frame)).collect()
}

/// Evaluates records at frames that are expected at the keys that `near` says, which are loaded
/// already. Record k of `list` goes to the k-th row of `values`.
pub(crate) fn evaluate_near<'r, R: Borrow<Record<'r>>>(
    records: &Records<'r>,
    mut list: Vec<(usize, R)>,
    near: &[Near],
    frames: &[f32],
    values: &mut [f32],
) {
    let (view, per) = (records.view(), frames.len());
    let mut solved: Vec<Option<Solved>> = vec![None; per];
    list.retain(|(k, record)| {
        let record = record.borrow();
        let curve = records.curve(&view, record);
        let row = &mut values[k * per..(k + 1) * per];
        let places = frames.iter().zip(near).zip(&mut solved);
        let done = row.iter_mut().zip(places).all(|(value, ((frame, near), solved))| {
            let result = curve.evaluate_near(*near, *frame, solved);
            *value = result.unwrap_or(f32::NAN);
            result.is_some()
        });
        if !done {
            record.prefetch_ends();
        }
        !done
    });
    for (_, record) in &list {
        records.prefetch_around(&view, record.borrow(), frames);
    }
    for (k, record) in &list {
        let row = &mut values[k * per..(k + 1) * per];
        records.curve(&view, record.borrow()).evaluate_frames(frames, row);
    }
}
