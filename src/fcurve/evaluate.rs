//! The value of a curve at a frame: which key rules, and what it says.

use super::alike::{Alike, Solved};
use super::bezier::{self, Bend, Bezier};
use super::easing;
use super::key::{Key, Keys, interpolation};
use super::modifiers::{self, Modifier, Timing};
use super::samples::Samples;
use super::together::Together;
use crate::par;
use rayon::prelude::*;

/// How a curve goes on beyond its first and last key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extrapolation {
    /// The value of the key.
    #[default]
    Constant,
    /// A straight line along the key's outer handle, or with LINEAR interpolation along the
    /// neighbouring segment.
    Linear,
}

/// A curve as evaluation sees it.
#[derive(Clone, Copy)]
pub struct Curve<'a, K> {
    /// Keys in ascending order of frame.
    pub keys: K,
    /// Beyond the ends.
    pub extrapolation: Extrapolation,
    /// The property is an integer: values are rounded.
    pub integer: bool,
    /// The property is a switch or an enumeration: values hold until the next key.
    pub discrete: bool,
    /// Modifiers, first to last.
    pub modifiers: &'a [Modifier<'a>],
    /// Samples, in place of keys.
    pub samples: Option<Samples<'a>>,
}

impl<'a, K: Keys> Curve<'a, K> {
    /// A curve of keys alone, with constant extrapolation.
    pub fn new(keys: K) -> Self {
        Self {
            keys,
            extrapolation: Extrapolation::Constant,
            integer: false,
            discrete: false,
            modifiers: &[],
            samples: None,
        }
    }

    /// The value at one frame; 0 without keys and samples, NaN at a frame that is no number.
    pub fn evaluate(&self, frame: f32) -> f32 {
        let mut out = [0.0];
        self.evaluate_frames(&[frame], &mut out);
        out[0]
    }

    /// The values at many frames, fastest if the frames ascend; `out` is as long as `frames`.
    /// The same as [`Curve::evaluate`] at each of them.
    pub fn evaluate_frames(&self, frames: &[f32], out: &mut [f32]) {
        self.fill(frames, out, None);
    }

    /// [`Curve::evaluate_frames`] at the frames of `alike`, fastest after curves whose keys stand
    /// at the same frames as those of this one.
    pub(crate) fn evaluate_alike(&self, alike: &mut Alike, out: &mut [f32]) {
        self.fill(alike.frames(), out, Some(alike));
    }

    fn fill(&self, frames: &[f32], out: &mut [f32], alike: Option<&mut Alike>) {
        let out = &mut out[..frames.len()];
        let mut walk = Walk { curve: self, hint: 0 };
        if self.modifiers.is_empty() {
            walk.fill(frames, out, alike);
        } else {
            walk.fill_modified(frames, out);
        }
        if self.integer {
            out.iter_mut().for_each(|v| *v = (*v + 0.5).floor());
        }
    }
}

/// The values of `count` curves at the same frames, one curve after another:
/// `out[curve * frames.len() + frame]`. In parallel where that pays.
pub fn evaluate_curves<'a, K: Keys>(
    count: usize,
    curve: impl Fn(usize) -> Curve<'a, K> + Sync,
    frames: &[f32],
    out: &mut [f32],
) {
    if frames.is_empty() {
        return;
    }
    let one = |alike: &mut Alike, (index, out): (usize, &mut [f32])| {
        curve(index).evaluate_alike(alike, out);
    };
    let alike = || Alike::new(frames);
    let out = &mut out[..count * frames.len()];
    // A sample costs about 20 ns, a curve about 60 ns to begin with.
    let work = count.saturating_mul(60 + 20 * frames.len());
    // Only one of the two closures runs, but both name the output.
    let slot = parking_lot::Mutex::new(Some(out));
    let take = || slot.lock().take().unwrap_or_default();
    par::run(
        work,
        || {
            let mut alike = alike();
            take().chunks_mut(frames.len()).enumerate().for_each(|each| one(&mut alike, each));
        },
        || {
            let each = take().par_chunks_mut(frames.len()).enumerate();
            each.with_min_len(16).for_each_init(alike, one);
        },
    );
}

/// A frame this close to a key takes the key's value.
const ON_KEY: f32 = 0.0001;

/// The segment that a frame would be in, or the one before it, if the keys were evenly spaced
/// between the frames of the first and the last key.
pub(crate) fn likely_segment(ends: (f32, f32), last: usize, frame: f32) -> usize {
    let place = (frame - ends.0) / (ends.1 - ends.0) * last as f32 - 0.5;
    // What is no number becomes 0.
    (place as usize).min(last.saturating_sub(1))
}

/// Where a frame is in a curve, to look there first in another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Near {
    /// At the first key or before it.
    Before,
    /// Between this key and the next, or on the next.
    Segment(usize),
    /// At the last key or after it.
    After,
}

impl Near {
    /// The keys that [`Curve::evaluate_near`] looks at: the first one and how many.
    pub(crate) fn keys(self, count: usize) -> (usize, usize) {
        let (first, wanted) = match self {
            Self::Before => (0, 1),
            Self::Segment(first) => (first, 3),
            Self::After => (count.saturating_sub(2), 2),
        };
        (first.min(count), wanted.min(count.saturating_sub(first)))
    }
}

impl<K: Keys> Curve<'_, K> {
    /// Where a frame is.
    pub(crate) fn find(&self, frame: f32) -> Near {
        let walk = Walk { curve: self, hint: 0 };
        let Some(last) = self.keys.len().checked_sub(1) else { return Near::Before };
        if frame <= self.keys.point(0)[0] || frame.is_nan() {
            return Near::Before;
        }
        if frame >= self.keys.point(last)[0] {
            return Near::After;
        }
        match walk.locate(frame, last) {
            Place::Key(i) => Near::Segment(i.saturating_sub(1)),
            Place::After(i) => Near::Segment(i),
        }
    }

    /// [`Curve::evaluate`] of keys alone, if the frame is there, without a look at other keys;
    /// `None` if it is elsewhere, or if more than these keys has to be looked at. `solved` is kept
    /// from one curve to the next.
    pub(crate) fn evaluate_near(
        &self,
        near: Near,
        frame: f32,
        solved: &mut Option<Solved>,
    ) -> Option<f32> {
        let last = self.keys.len().checked_sub(1)?;
        if !self.modifiers.is_empty() || self.samples.is_some() {
            return None;
        }
        let x = |i: usize| self.keys.point(i)[0];
        let walk = Walk { curve: self, hint: 0 };
        let mut out = [0.0];
        match near {
            Near::Before if frame <= x(0) => {
                walk.outside(Side::Before, &[frame], &mut out, |_| true);
            }
            // Keys that all stand at one frame are met from the left.
            Near::After if last > 0 && frame >= x(last) && frame > x(last - 1) => {
                walk.outside(Side::After, &[frame], &mut out, |_| true);
            }
            Near::Segment(hint) if hint < last => match walk.beside(hint, frame, last)? {
                // Beyond the last key the curve may go on otherwise.
                Place::Key(i) if i == last => return None,
                Place::Key(i) => out[0] = self.keys.point(i)[1],
                Place::After(i) => {
                    let mut aid = Aid { solved: Some(solved), ..Aid::default() };
                    walk.segment(i, &[frame], &mut out, 0, &mut aid);
                }
            },
            _ => return None,
        }
        Some(if self.integer { (out[0] + 0.5).floor() } else { out[0] })
    }
}

/// Where a frame between the first and the last key lies.
enum Place {
    /// On a key.
    Key(usize),
    /// Between this key and the next.
    After(usize),
}

/// Which end of a curve.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Before,
    After,
}

/// What a stretch of a curve looks like.
enum Shape {
    Constant(f32),
    /// `y + dy * (t - x) / dx`
    Linear {
        x: f32,
        y: f32,
        dx: f32,
        dy: f32,
    },
    Bezier(Bend),
    Eased {
        key: Key,
        dx: f32,
        dy: f32,
    },
}

/// Walks along a curve; remembers where it is.
struct Walk<'a, K> {
    curve: &'a Curve<'a, K>,
    /// The segment of the last frame.
    hint: usize,
}

/// What makes many frames, or many curves, faster.
#[derive(Default)]
struct Aid<'a, 'f> {
    /// Frames of several segments.
    together: Option<Together>,
    /// Curves that were evaluated at the same frames.
    alike: Option<&'a mut Alike<'f>>,
    /// Another curve that was evaluated at the same frame, if that is the only one.
    solved: Option<&'a mut Option<Solved>>,
}

/// Fills `out` for as long as the frames are `inside`; how many that were.
fn run(
    frames: &[f32],
    out: &mut [f32],
    inside: impl Fn(f32) -> bool,
    value: impl Fn(f32) -> f32,
) -> usize {
    let mut count = 0;
    for (frame, out) in frames.iter().zip(out) {
        if !inside(*frame) {
            break;
        }
        *out = value(*frame);
        count += 1;
    }
    count
}

impl<K: Keys> Walk<'_, K> {
    fn fill_modified(&mut self, frames: &[f32], out: &mut [f32]) {
        const CHUNK: usize = 64;
        let mut timings = [Timing { frame: 0.0, cycle_offset: 0.0 }; CHUNK];
        let mut changed = [0.0; CHUNK];
        let stack = self.curve.modifiers;
        for (frames, out) in frames.chunks(CHUNK).zip(out.chunks_mut(CHUNK)) {
            for (i, frame) in frames.iter().enumerate() {
                timings[i] = modifiers::change_frame(stack, self.curve.keys, *frame);
                changed[i] = timings[i].frame;
            }
            self.fill(&changed[..frames.len()], out, None);
            for (out, timing) in out.iter_mut().zip(&timings) {
                *out = modifiers::change_value(stack, *timing, *out);
            }
        }
    }

    /// Values of keys or samples, without modifiers.
    fn fill(&mut self, frames: &[f32], out: &mut [f32], alike: Option<&mut Alike>) {
        /// From here on frames of several segments are worth collecting.
        const MANY: usize = 4;
        if let Some(samples) = &self.curve.samples {
            for (frame, out) in frames.iter().zip(out) {
                *out = samples.evaluate(*frame);
            }
            return;
        }
        let keys = self.curve.keys;
        let Some(last) = keys.len().checked_sub(1) else {
            out.fill(0.0);
            return;
        };
        let (start, end) = (keys.point(0)[0], keys.point(last)[0]);
        let together = (frames.len() >= MANY).then(Together::default);
        let mut aid = Aid { together, alike, solved: None };
        let all = out;
        let mut done = 0;
        while let Some(&frame) = frames.get(done) {
            let (frames, out) = (&frames[done..], &mut all[done..]);
            done += if frame <= start {
                self.outside(Side::Before, frames, out, |t| t <= start)
            } else if frame >= end {
                self.outside(Side::After, frames, out, |t| {
                    t >= end && (t > start || start.is_nan())
                })
            } else if frame.is_nan() {
                out[0] = frame;
                1
            } else {
                match self.locate(frame, last) {
                    Place::Key(i) => {
                        out[0] = keys.point(i)[1];
                        1
                    }
                    Place::After(i) => {
                        self.hint = i;
                        self.segment(i, frames, all, done, &mut aid)
                    }
                }
            };
        }
        if let Some(together) = &mut aid.together {
            together.finish(all);
        }
    }

    /// Frames beyond the first or the last key.
    fn outside(
        &self,
        side: Side,
        frames: &[f32],
        out: &mut [f32],
        inside: impl Fn(f32) -> bool,
    ) -> usize {
        let keys = self.curve.keys;
        let (end, neighbour) = match side {
            Side::Before => (0, 1),
            Side::After => (keys.len() - 1, keys.len().wrapping_sub(2)),
        };
        let key = keys.get(end);
        let [x, y] = key.point;
        let handle = match key.interpolation {
            interpolation::LINEAR if neighbour < keys.len() => keys.point(neighbour),
            interpolation::LINEAR => key.point,
            _ if side == Side::Before => key.handle_left,
            _ => key.handle_right,
        };
        let dx = x - handle[0];
        let straight = self.curve.extrapolation == Extrapolation::Linear
            && key.interpolation != interpolation::CONSTANT
            && !self.curve.discrete
            && dx != 0.0;
        if !straight {
            return run(frames, out, inside, |_| y);
        }
        let slope = (y - handle[1]) / dx;
        match side {
            Side::Before => run(frames, out, inside, |t| y - slope * (x - t)),
            Side::After => run(frames, out, inside, |t| y + slope * (t - x)),
        }
    }

    /// Where a frame lies if that is in a segment or the one after it, and no other key can be near.
    #[inline]
    fn beside(&self, first: usize, frame: f32, last: usize) -> Option<Place> {
        let x = |i: usize| self.curve.keys.point(i)[0];
        for i in [first, first + 1] {
            if i + 1 > last || x(i) >= frame {
                break;
            }
            let (from, to) = (frame - x(i), x(i + 1) - frame);
            if from > ON_KEY && to > ON_KEY {
                return Some(Place::After(i));
            }
            let alone = i + 2 > last || x(i + 2) - frame > ON_KEY;
            if from > ON_KEY && to.abs() <= ON_KEY && alone {
                return Some(Place::Key(i + 1));
            }
        }
        None
    }

    /// Where a frame lies; `last` is the last key's index, at least 1 if any frame lies between.
    fn locate(&self, frame: f32, last: usize) -> Place {
        let keys = self.curve.keys;
        let x = |i: usize| keys.point(i)[0];
        let near = |first: usize| self.beside(first, frame, last);
        if let Some(place) = near(self.hint) {
            return place;
        }
        let ends = (x(0), x(last));
        if let Some(place) = near(likely_segment(ends, last, frame)) {
            return place;
        }
        for end in [0, last] {
            if (x(end) - frame).abs() <= ON_KEY {
                return Place::Key(end);
            }
        }
        // Keys that share a frame: which of them is met first depends on how the halves are cut,
        // here as in Blender, with an end that may be tried itself.
        let (mut low, mut high) = (0, last + 1);
        while low <= high {
            let middle = low + (high - low) / 2;
            if middle > last {
                break;
            }
            if (x(middle) - frame).abs() <= ON_KEY {
                return Place::Key(middle);
            }
            if frame > x(middle) {
                low = middle + 1;
            } else if middle == 0 {
                break;
            } else {
                high = middle - 1;
            }
        }
        match low {
            0 => Place::Key(0),
            n if n > last => Place::Key(last),
            n => Place::After(n - 1),
        }
    }

    /// Frames between key `i` and the next, whose values go to `all[done..]`.
    fn segment(
        &self,
        i: usize,
        frames: &[f32],
        all: &mut [f32],
        done: usize,
        aid: &mut Aid,
    ) -> usize {
        let keys = self.curve.keys;
        let (from, to) = (keys.point(i)[0], keys.point(i + 1)[0]);
        // The first frame was found to be here, whatever rounding says.
        let first = frames[0];
        let inside = |t: f32| t == first || (t - from > ON_KEY && to - t > ON_KEY);
        let out = &mut all[done..];
        match self.shape(i) {
            Shape::Constant(y) => run(frames, out, inside, |_| y),
            Shape::Linear { x, y, dx, dy } => run(frames, out, inside, |t| dy * (t - x) / dx + y),
            Shape::Bezier(bend) => {
                if let Some(solved) = &mut aid.solved {
                    let parameter = Solved::parameter(solved, bend, first);
                    out[0] = bezier::polynomial(bend.coefficients(), parameter);
                    return 1;
                }
                if let Some(count) = aid.alike.as_ref().and_then(|a| a.fill(done, &bend, out)) {
                    return count;
                }
                let bezier = Bezier::from(bend);
                let count = frames.iter().take_while(|t| inside(**t)).count();
                if let Some(alike) = &mut aid.alike
                    && alike.meets_again(done, &bend)
                {
                    alike.keep(done, count, &bezier);
                    return alike.fill(done, &bend, out).unwrap_or(count);
                }
                let whole = bezier.fill(&frames[..count], &mut out[..count]);
                for at in whole..count {
                    match (&mut aid.together, bezier.reduced(frames[at])) {
                        (Some(together), Some(cubic)) => {
                            together.push(cubic, bezier.coefficients(), done + at, all);
                        }
                        _ => all[done + at] = bezier.at(frames[at]),
                    }
                }
                count
            }
            Shape::Eased { key, dx, dy } => {
                let [x, y] = key.point;
                run(frames, out, inside, |t| easing::ease(&key, t - x, y, dy, dx))
            }
        }
    }

    /// The curve between key `i` and the next.
    fn shape(&self, i: usize) -> Shape {
        let keys = self.curve.keys;
        let key = keys.get(i);
        let [x, y] = key.point;
        let next = keys.point(i + 1);
        let (dx, dy) = (next[0] - x, next[1] - y);
        if self.curve.discrete || dx == 0.0 {
            return Shape::Constant(y);
        }
        match key.interpolation {
            interpolation::CONSTANT => Shape::Constant(y),
            interpolation::LINEAR => Shape::Linear { x, y, dx, dy },
            interpolation::BEZIER => {
                let (h1, h2) = (key.handle_right, keys.get(i + 1).handle_left);
                match bezier::flat(key.point, h1, h2, next) {
                    Some(y) => Shape::Constant(y),
                    None => Shape::Bezier(Bend::new(key.point, h1, h2, next)),
                }
            }
            _ => Shape::Eased { key, dx, dy },
        }
    }
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
