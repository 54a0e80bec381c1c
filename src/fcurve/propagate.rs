//! Propagating a value along curves: which frames get it, and writing it there.
//!
//! Blender inserts one key after the other and recomputes the whole curve after each. Here a
//! curve whose handles do not remember their history is recomputed once, which gives the same
//! keys; the others are done step by step.

use super::handles::{Scratch, recalculate};
use super::insert::{
    CurveRules, Insert, Place, find, inherited, insert, keeps_shape, new_key, replace_value,
};
use super::key::{Key, handle};

/// Which frames get the value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// The earliest of all curves' next keys. A curve without a later key counts its last one.
    NextKey,
    /// The latest of all curves' last keys, but no frame before zero.
    LastKey,
    /// Every key after the current frame up to this frame.
    BeforeFrame(f32),
    /// Every key after the current frame.
    BeforeEnd,
    /// Every key of which some part is selected.
    SelectedKeys,
}

/// The frames of many curves.
pub trait Frames {
    /// Number of curves.
    fn curves(&self) -> usize;
    /// Keys of a curve.
    fn keys(&self, curve: usize) -> usize;
    /// Frame of a key.
    fn frame(&self, curve: usize, key: usize) -> f32;
    /// Whether some part of a key is selected.
    fn selected(&self, curve: usize, key: usize) -> bool;
}

/// The common target frames of all curves, ascending and without repetition.
pub fn target_frames(curves: &impl Frames, mode: Mode, current: f32) -> Vec<f32> {
    let each = (0..curves.curves()).filter(|c| curves.keys(*c) > 0);
    let one = |frame: Option<f32>| frame.into_iter().collect();
    match mode {
        Mode::NextKey => one(each.map(|c| next_key(curves, c, current)).reduce(f32::min)),
        Mode::LastKey => {
            // The search starts from the smallest positive number, so keys before zero lose.
            let last = |c: usize| curves.frame(c, curves.keys(c) - 1);
            one(each.map(last).reduce(f32::max).map(|frame| frame.max(f32::MIN_POSITIVE)))
        }
        Mode::BeforeFrame(end) => {
            union(curves, |c, i| (current..=end).contains(&curves.frame(c, i)), current)
        }
        Mode::BeforeEnd => union(curves, |_, _| true, current),
        Mode::SelectedKeys => union(curves, |c, i| curves.selected(c, i), f32::NEG_INFINITY),
    }
}

fn next_key(curves: &impl Frames, curve: usize, current: f32) -> f32 {
    let count = curves.keys(curve);
    let next = match find(count, current, |i| curves.frame(curve, i)) {
        Place::On(i) => i + 1,
        Place::Before(i) => i,
    };
    curves.frame(curve, next.min(count - 1))
}

/// All frames after `after` of keys that `wanted` accepts.
fn union(curves: &impl Frames, wanted: impl Fn(usize, usize) -> bool, after: f32) -> Vec<f32> {
    let mut frames: Vec<f32> = Vec::new();
    let mut added: Vec<f32> = Vec::new();
    for curve in 0..curves.curves() {
        // Most curves of a rig have keys on the same frames: walk along those found so far.
        let mut at = 0;
        for i in 0..curves.keys(curve) {
            let frame = curves.frame(curve, i);
            let counts = frame > after && frame.is_finite() && wanted(curve, i);
            if !counts {
                continue;
            }
            while frames.get(at).is_some_and(|f| *f < frame) {
                at += 1;
            }
            if frames.get(at) != Some(&frame) {
                added.push(frame);
            }
        }
        if !added.is_empty() {
            frames.append(&mut added);
            frames.sort_by(f32::total_cmp);
            frames.dedup();
        }
    }
    frames
}

trait Framed: Copy {
    fn frame(&self) -> f32;
}

impl Framed for Key {
    fn frame(&self) -> f32 {
        self.point[0]
    }
}

impl Framed for f32 {
    fn frame(&self) -> f32 {
        *self
    }
}

/// A sorted array that grows while it is walked once: what lies before the walker, and the rest.
struct Walk<'a, T> {
    done: Vec<T>,
    rest: &'a mut [T],
    at: usize,
}

/// Keys at least this far from a frame cannot be on it.
const FAR: f32 = 0.02;

impl<'a, T: Framed> Walk<'a, T> {
    fn new(keys: &'a mut [T]) -> Self {
        Self { done: Vec::with_capacity(keys.len()), rest: keys, at: 0 }
    }

    fn len(&self) -> usize {
        self.done.len() + self.rest.len() - self.at
    }

    fn get(&self, i: usize) -> T {
        match i.checked_sub(self.done.len()) {
            None => self.done[i],
            Some(i) => self.rest[self.at + i],
        }
    }

    fn get_mut(&mut self, i: usize) -> &mut T {
        match i.checked_sub(self.done.len()) {
            None => &mut self.done[i],
            Some(i) => &mut self.rest[self.at + i],
        }
    }

    /// Where a frame is, that comes after all earlier ones asked for.
    fn find(&mut self, frame: f32) -> Place {
        while self.at < self.rest.len() && self.rest[self.at].frame() < frame - FAR {
            self.done.push(self.rest[self.at]);
            self.at += 1;
        }
        let near = &self.rest[self.at..];
        let before = self.done.last().is_none_or(|key| frame - key.frame() > FAR);
        let after = near.get(1).is_none_or(|key| key.frame() - frame > FAR);
        if before && after && near.first().is_some_and(|key| key.frame() == frame) {
            return Place::On(self.done.len());
        }
        find(self.len(), frame, |i| self.get(i).frame())
    }

    /// Inserts at an index that lies at or behind the walker.
    fn insert(&mut self, index: usize, key: T) {
        let steps = index - self.done.len();
        self.done.extend_from_slice(&self.rest[self.at..self.at + steps]);
        self.at += steps;
        self.done.push(key);
    }

    fn finish(mut self) -> Vec<T> {
        self.done.extend_from_slice(&self.rest[self.at..]);
        self.done
    }
}

fn ascending(mut frames: impl Iterator<Item = f32>) -> bool {
    let mut before = f32::NEG_INFINITY;
    frames.all(|frame| {
        let after = frame > before && frame.is_finite();
        before = frame;
        after
    })
}

/// How many keys a curve has after [`propagate`] to these ascending frames.
pub fn count_after(
    count: usize,
    frame_of: impl Fn(usize) -> f32,
    frames: &[f32],
    settings: &Insert,
) -> usize {
    if settings.replace || frames.is_empty() {
        return count;
    }
    let mut own: Vec<f32> = (0..count).map(frame_of).collect();
    if !ascending(own.iter().copied()) || !ascending(frames.iter().copied()) {
        for frame in frames {
            if let Place::Before(at) = find(own.len(), *frame, |i| own[i]) {
                own.insert(at, *frame);
            }
        }
        return own.len();
    }
    let mut walk = Walk::new(&mut own);
    for frame in frames {
        if let Place::Before(at) = walk.find(*frame) {
            walk.insert(at, *frame);
        }
    }
    walk.len()
}

/// Gives the curve `value` at each of the ascending `frames`: what inserting them one by one by
/// [`insert`] gives.
pub fn propagate(
    keys: &mut Vec<Key>,
    frames: &[f32],
    value: f32,
    settings: &Insert,
    rules: &CurveRules,
    scratch: &mut Scratch,
) {
    if frames.is_empty() {
        return;
    }
    let simple = !keys.iter().any(remembers)
        && ascending(keys.iter().map(Framed::frame))
        && ascending(frames.iter().copied());
    if simple && let Some(done) = at_once(keys, frames, value, settings, rules) {
        *keys = done;
        if !settings.fast {
            recalculate(keys, rules.handles, scratch);
        }
        return;
    }
    for frame in frames {
        insert(keys, *frame, value, settings, rules, scratch);
    }
}

/// Whether a key's handles depend on what neighbouring keys once were, and not only on what they
/// are: an aligned handle keeps its length and turns with the other one, and a clamped handle
/// that meets its limit turns a free one.
fn remembers(key: &Key) -> bool {
    let types = [key.handle_left_type, key.handle_right_type];
    let has = |kind: u8| types.contains(&kind);
    if has(handle::FREE) { has(handle::AUTO_CLAMPED) } else { has(handle::ALIGNED) }
}

/// All insertions without the handles, if none of them looks at handles; else nothing.
fn at_once(
    keys: &[Key],
    frames: &[f32],
    value: f32,
    settings: &Insert,
    rules: &CurveRules,
) -> Option<Vec<Key>> {
    let mut work = keys.to_vec();
    let mut walk = Walk::new(&mut work);
    for frame in frames {
        match walk.find(*frame) {
            Place::On(index) => replace_value(walk.get_mut(index), value),
            Place::Before(_) if settings.replace => (),
            Place::Before(index) => {
                let mut key = new_key(*frame, value, settings, rules);
                walk.insert(index, key);
                let of = |i: usize| walk.get(i).interpolation;
                if let Some(kind) = inherited(walk.len(), index, of) {
                    key.interpolation = kind;
                    walk.get_mut(index).interpolation = kind;
                }
                let inside = index > 0 && index + 1 < walk.len();
                let shaped =
                    inside && keeps_shape(&walk.get(index - 1), &key, &walk.get(index + 1));
                if shaped || remembers(&key) {
                    return None;
                }
            }
        }
    }
    Some(walk.finish())
}

#[cfg(test)]
#[path = "propagate_tests.rs"]
mod tests;
