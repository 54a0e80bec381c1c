//! Automatic handles: what Blender computes for a curve after its keys changed.
//!
//! Everything is f32 in the order written: stock stores these numbers in the file, so each
//! rounding step is kept. Frames and values share the two axes of a point.

use super::key::{Key, both_auto, handle, is_auto};
use super::smooth;

/// How the handles of a curve behave as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandleRules {
    /// Automatic handles give continuous acceleration (Blender's auto smoothing `CONT_ACCEL`).
    pub continuous_acceleration: bool,
    /// The curve goes on in a straight line beyond its ends, rather than flat.
    pub linear_extrapolation: bool,
    /// The first modifier repeats the curve without end on both sides (see
    /// [`recalculate`]), so its last segment leads into its first.
    pub cyclic: bool,
}

/// Buffers of [`recalculate`], kept from curve to curve.
#[derive(Default)]
pub struct Scratch {
    /// Keys whose automatic handles are level for good, so smoothing leaves them alone.
    pub(crate) locked: Vec<bool>,
    pub(crate) system: smooth::System,
}

/// The smallest distance in frames between a key and its handle.
const NEAREST: f32 = 0.001;

type Point = [f32; 2];

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

fn length(a: Point) -> f32 {
    (a[0] * a[0] + a[1] * a[1]).sqrt()
}

fn along(p: Point, direction: Point, factor: f32) -> Point {
    [p[0] + direction[0] * factor, p[1] + direction[1] * factor]
}

/// Recomputes every automatic, vector and aligned handle of a curve whose keys are sorted.
///
/// Cyclic handling takes place when `rules.cyclic` is set and the first and the last key have
/// automatic handles on both sides. Set it when the first modifier is an unmuted Cycles without
/// restricted range or influence, with counts of 0 and modes REPEAT or REPEAT_OFFSET.
///
/// A curve of fewer than two keys is left alone.
pub fn recalculate(keys: &mut [Key], rules: HandleRules, scratch: &mut Scratch) {
    let count = keys.len();
    if count < 2 {
        return;
    }
    let last = count - 1;
    let cyclic = rules.cyclic && both_auto(&keys[0]) && both_auto(&keys[last]);
    let period = minus(keys[last].point, keys[0].point);
    scratch.locked.clear();
    scratch.locked.resize(count, false);
    for i in 0..count {
        let previous = match i {
            0 if cyclic => Some(minus(keys[last - 1].point, period)),
            0 => None,
            _ => Some(keys[i - 1].point),
        };
        let next = if i < last {
            Some(keys[i + 1].point)
        } else if cyclic {
            Some([keys[1].point[0] + period[0], keys[1].point[1] + period[1]])
        } else {
            None
        };
        let mut locked = key_handles(&mut keys[i], previous, next, rules.continuous_acceleration);
        let key = &mut keys[i];
        if !cyclic && (i == 0 || i == last) && both_auto(key) && !rules.linear_extrapolation {
            key.handle_left[1] = key.point[1];
            key.handle_right[1] = key.point[1];
            locked = true;
        }
        if locked {
            scratch.locked[i] = true;
        }
        // Two keys on one frame: neither can be smoothed.
        if i > 0 && previous.is_some_and(|p| p[0] >= keys[i].point[0]) {
            scratch.locked[i - 1] = true;
            scratch.locked[i] = true;
        }
    }
    if cyclic && (scratch.locked[0] || scratch.locked[last]) {
        for i in [0, last] {
            keys[i].handle_left[1] = keys[i].point[1];
            keys[i].handle_right[1] = keys[i].point[1];
            scratch.locked[i] = true;
        }
    }
    if rules.continuous_acceleration {
        smooth::smooth(keys, cyclic, &scratch.locked, &mut scratch.system);
    }
}

/// Handles of one key between its neighbours; whether they are locked level.
pub(crate) fn key_handles(
    key: &mut Key,
    previous: Option<Point>,
    next: Option<Point>,
    accel: bool,
) -> bool {
    let p = key.point;
    limit_sides(key);
    let (left, right) = (key.handle_left_type, key.handle_right_type);
    if left == handle::FREE && right == handle::FREE {
        return false;
    }
    let mirror = |q: Point| [2.0 * p[0] - q[0], 2.0 * p[1] - q[1]];
    let (a, c) = match (previous, next) {
        (Some(a), Some(c)) => (a, c),
        (Some(a), None) => (a, mirror(a)),
        (None, Some(c)) => (mirror(c), c),
        (None, None) => return false,
    };
    let (a, b) = (minus(p, a), minus(c, p));
    let mut locked = false;
    if is_auto(left) || is_auto(right) {
        automatic(key, a, b, accel);
        if let (Some(before), Some(after)) = (previous, next) {
            locked = clamp(key, before[1], after[1]);
        }
    }
    const THIRD: f32 = 1.0 / 3.0;
    if left == handle::VECTOR {
        key.handle_left = along(p, a, -THIRD);
    }
    if right == handle::VECTOR {
        key.handle_right = along(p, b, THIRD);
    }
    align(key);
    locked
}

/// Keeps each stored handle on its side of the key, at least [`NEAREST`] away.
fn limit_sides(key: &mut Key) {
    let x = key.point[0];
    // The float just beyond the distance, so that it survives the subtraction above it.
    let (low, high) = ((x - NEAREST).next_down(), (x + NEAREST).next_up());
    if key.handle_left[0] > low {
        key.handle_left[0] = low;
    }
    if key.handle_right[0] < high {
        key.handle_right[0] = high;
    }
}

/// Automatic handles along the mean of both slopes.
fn automatic(key: &mut Key, a: Point, b: Point, accel: bool) {
    let p = key.point;
    let mut len_a = if a[0] == 0.0 { 1.0 } else { a[0] };
    let mut len_b = if b[0] == 0.0 { 1.0 } else { b[0] };
    let tangent = [b[0] / len_b + a[0] / len_a, b[1] / len_b + a[1] / len_a];
    let divisor = if accel { 6.0 } else { tangent[0] * 2.5614 };
    if divisor == 0.0 {
        return;
    }
    if !accel {
        if len_a > 5.0 * len_b {
            len_a = 5.0 * len_b;
        }
        if len_b > 5.0 * len_a {
            len_b = 5.0 * len_a;
        }
    }
    if is_auto(key.handle_left_type) {
        key.handle_left = along(p, tangent, -(len_a / divisor));
    }
    if is_auto(key.handle_right_type) {
        key.handle_right = along(p, tangent, len_b / divisor);
    }
}

/// Clamped automatic handles stay between the neighbours' values; level at extremes, where
/// they are locked.
fn clamp(key: &mut Key, before: f32, after: f32) -> bool {
    let p = key.point;
    let (e1, e2) = (before - p[1], after - p[1]);
    let extreme = (e1 <= 0.0 && e2 <= 0.0) || (e1 >= 0.0 && e2 >= 0.0);
    let (mut locked, mut limited_left, mut limited_right) = (false, false, false);
    if key.handle_left_type == handle::AUTO_CLAMPED {
        let y = &mut key.handle_left[1];
        if extreme {
            *y = p[1];
            locked = true;
        } else if e1 <= 0.0 {
            limited_left = before > *y;
        } else {
            limited_left = before < *y;
        }
        if limited_left {
            *y = before;
        }
    }
    if key.handle_right_type == handle::AUTO_CLAMPED {
        let y = &mut key.handle_right[1];
        if extreme {
            *y = p[1];
            locked = true;
        } else if e1 <= 0.0 {
            limited_right = after < *y;
        } else {
            limited_right = after > *y;
        }
        if limited_right {
            *y = after;
        }
    }
    // A limited handle turns the other one onto its line.
    let (left_x, right_x) = (key.handle_left[0] - p[0], p[0] - key.handle_right[0]);
    if limited_left {
        key.handle_right[1] = p[1] + (p[1] - key.handle_left[1]) / left_x * right_x;
    } else if limited_right {
        key.handle_left[1] = p[1] + (p[1] - key.handle_right[1]) / right_x * left_x;
    }
    locked
}

/// Turns aligned handles to one line through the key, keeping their lengths.
fn align(key: &mut Key) {
    let p = key.point;
    let (left, right) = (key.handle_left_type, key.handle_right_type);
    let aligned = handle::ALIGNED;
    if (left != aligned && right != aligned) || left == handle::FREE || right == handle::FREE {
        return;
    }
    let mut len_a = length(minus(p, key.handle_left));
    let mut len_b = length(minus(p, key.handle_right));
    if len_a == 0.0 {
        len_a = 1.0;
    }
    if len_b == 0.0 {
        len_b = 1.0;
    }
    let ratio = len_a / len_b;
    const TINY: f32 = 1e-5;
    let turn_right = |key: &mut Key| {
        if right == aligned && len_a > TINY {
            key.handle_right = along(p, minus(p, key.handle_left), 1.0 / ratio);
        }
    };
    let turn_left = |key: &mut Key| {
        if left == aligned && len_b > TINY {
            key.handle_left = along(p, minus(p, key.handle_right), ratio);
        }
    };
    // A selected left handle is the one that was moved: the right one follows it first.
    if key.select_left != 0 {
        turn_right(key);
        turn_left(key);
    } else {
        turn_left(key);
        turn_right(key);
    }
}
