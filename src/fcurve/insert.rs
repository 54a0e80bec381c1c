//! Inserting a key, or giving an existing one a new value, as Blender does.

use super::evaluate::{Curve, Extrapolation};
use super::handles::{HandleRules, Scratch, recalculate};
use super::key::{Key, both_auto, handle, interpolation, is_auto};
use super::split;

/// Keys this close to a frame are on it (f32, as the comparison in Blender).
pub const SAME_FRAME: f32 = 0.01;

/// What the curve itself says about its keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CurveRules {
    /// Handles of the whole curve.
    pub handles: HandleRules,
    /// Values are whole numbers (an integer property).
    pub integer: bool,
    /// Values do not blend (a flag or an enum property).
    pub discrete: bool,
    /// Cyclic, and each repetition before the first key is lower than the next one by what the
    /// curve rises from its first to its last key.
    pub offset_before: bool,
    /// The same of the repetitions after the last key.
    pub offset_after: bool,
}

/// How new keys look and which keys may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insert {
    /// [`interpolation`] of a new key, while the curve has no more than two keys.
    pub interpolation: u8,
    /// [`handle`] type of both handles of a new key.
    pub handle_type: u8,
    /// Type of a new key; existing ones keep theirs.
    pub key_type: u8,
    /// Only change existing keys.
    pub replace: bool,
    /// Do nothing where the curve has the value already.
    pub needed: bool,
    /// Key a cyclic curve between its first and last key, and keep these two alike.
    pub cycle_aware: bool,
    /// Leave handles to a later [`recalculate`].
    pub fast: bool,
}

impl Default for Insert {
    fn default() -> Self {
        Self {
            interpolation: interpolation::BEZIER,
            handle_type: handle::AUTO_CLAMPED,
            key_type: 0,
            replace: false,
            needed: false,
            cycle_aware: false,
            fast: false,
        }
    }
}

/// Where a frame is among sorted keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// This key is on the frame.
    On(usize),
    /// No key is; a new one would get this index.
    Before(usize),
}

/// Finds a frame among `count` keys in the order of Blender's search, which decides between
/// several keys that are close enough.
pub fn find(count: usize, frame: f32, frame_of: impl Fn(usize) -> f32) -> Place {
    let on = |i: usize| (frame_of(i) - frame).abs() <= SAME_FRAME;
    if count == 0 {
        return Place::Before(0);
    }
    if on(0) {
        return Place::On(0);
    }
    if frame < frame_of(0) {
        return Place::Before(0);
    }
    if on(count - 1) {
        return Place::On(count - 1);
    }
    if frame > frame_of(count - 1) {
        return Place::Before(count);
    }
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if on(middle) {
            return Place::On(middle);
        }
        if frame > frame_of(middle) {
            low = middle + 1;
        } else if frame < frame_of(middle) {
            high = middle;
        } else {
            // Not a number: there is no place that would be sorted.
            return Place::Before(count);
        }
    }
    Place::Before(low)
}

/// Gives an existing key a value; its handles move along, and all of it becomes selected.
pub fn replace_value(key: &mut Key, value: f32) {
    // Adding the difference may end a rounding step beside `value`, as it does in Blender.
    let shift = value - key.point[1];
    key.point[1] += shift;
    key.handle_left[1] += shift;
    key.handle_right[1] += shift;
    select(key);
}

fn select(key: &mut Key) {
    (key.select_point, key.select_left, key.select_right) = (1, 1, 1);
}

/// A new key as `settings` and the curve want it, without regard to its neighbours.
pub fn new_key(frame: f32, value: f32, settings: &Insert, rules: &CurveRules) -> Key {
    let interpolation = match settings.interpolation {
        _ if rules.discrete => interpolation::CONSTANT,
        interpolation::BEZIER if rules.integer => interpolation::LINEAR,
        other => other,
    };
    Key {
        point: [frame, value],
        handle_left: [frame - 1.0, value],
        handle_right: [frame + 1.0, value],
        back: 1.70158,
        amplitude: 0.8,
        period: 4.1,
        interpolation,
        easing: super::key::easing::AUTO,
        handle_left_type: settings.handle_type,
        handle_right_type: settings.handle_type,
        key_type: settings.key_type,
        select_point: 1,
        select_left: 1,
        select_right: 1,
    }
}

/// The interpolation that the key at `index`, just inserted, takes over from a neighbour.
pub(crate) fn inherited(count: usize, index: usize, of: impl Fn(usize) -> u8) -> Option<u8> {
    (count > 2).then(|| of(if index > 0 { index - 1 } else { 1 }))
}

/// Whether a new key between two keys takes over the shape of the curve there, rather than
/// being shaped by its automatic handles.
pub(crate) fn keeps_shape(previous: &Key, key: &Key, next: &Key) -> bool {
    let bezier = interpolation::BEZIER;
    if previous.interpolation != bezier || key.interpolation != bezier {
        return false;
    }
    let smooth = |kind: u8| is_auto(kind) || kind == handle::VECTOR;
    let own = smooth(key.handle_left_type) && smooth(key.handle_right_type);
    !(own && auto_before(previous) && auto_after(next))
}

fn auto_before(previous: &Key) -> bool {
    both_auto(previous) || previous.handle_right_type == handle::VECTOR
}

fn auto_after(next: &Key) -> bool {
    both_auto(next) || next.handle_left_type == handle::VECTOR
}

/// Splits the segment around the new key `index` so that the curve keeps its shape.
fn keep_shape(keys: &mut [Key], index: usize, accel: bool) {
    let [previous, key, next] = &mut keys[index - 1..=index + 1] else { return };
    let segment = [previous.point, previous.handle_right, next.handle_left, next.point];
    let Some(parts) = split::at_frame(segment, key.point[0]) else { return };
    previous.handle_right = parts.right_of_first;
    next.handle_left = parts.left_of_last;
    let shift = [key.point[0] - parts.middle[0], key.point[1] - parts.middle[1]];
    let moved = |p: [f32; 2]| [p[0] + shift[0], p[1] + shift[1]];
    key.handle_left = moved(parts.left_of_middle);
    key.handle_right = moved(parts.right_of_middle);
    if !both_auto(key) {
        return;
    }
    // A handle that is already as long as an automatic one may stay automatic.
    let third = (key.point[0] - previous.point[0]) / 3.0;
    let length = key.point[0] - key.handle_left[0];
    let fits = (length - third).abs() < 0.001;
    if !(accel && (auto_before(previous) || auto_after(next)) && fits) {
        key.handle_left_type = handle::ALIGNED;
        key.handle_right_type = handle::ALIGNED;
    }
}

/// A frame and value within the cycle of a curve, for those in any of its repetitions.
fn within_cycle(keys: &[Key], frame: f32, value: f32, rules: &CurveRules) -> (f32, f32) {
    let [first, .., last] = keys else { return (frame, value) };
    let (start, end) = (first.point[0], last.point[0]);
    if !rules.handles.cyclic || end <= start || (start..=end).contains(&frame) {
        return (frame, value);
    }
    let period = end - start;
    let cycle = ((frame - start) / period).floor();
    let shifted = if cycle < 0.0 { rules.offset_before } else { rules.offset_after };
    let rise = if shifted { cycle * (last.point[1] - first.point[1]) } else { 0.0 };
    (frame - cycle * period, value - rise)
}

/// Blender's test for values that need no key: closer than the machine epsilon, or 32 steps of f32.
fn almost_equal(a: f32, b: f32) -> bool {
    if (a - b).abs() <= f32::EPSILON {
        return true;
    }
    a.is_sign_negative() == b.is_sign_negative() && a.to_bits().abs_diff(b.to_bits()) <= 32
}

/// What an insertion is going to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// The key that changes, or the place of the new one.
    pub place: Place,
    /// The frame of a new key.
    pub frame: f32,
    /// The value it gets.
    pub value: f32,
}

/// What [`insert`] would do with these arguments; `None` if the settings forbid it, or if no key
/// is needed. The curve is taken as its keys alone describe it, without modifiers.
pub fn plan(
    keys: &[Key],
    frame: f32,
    value: f32,
    settings: &Insert,
    rules: &CurveRules,
) -> Option<Plan> {
    let (frame, value) = match settings.cycle_aware {
        true => within_cycle(keys, frame, value, rules),
        false => (frame, value),
    };
    let place = find(keys.len(), frame, |i| keys[i].point[0]);
    let wanted = match place {
        Place::On(index) => !settings.needed || keys[index].point[1] != value,
        Place::Before(_) if settings.replace => false,
        Place::Before(_) if !settings.needed || keys.is_empty() => true,
        Place::Before(_) => {
            let extrapolation = match rules.handles.linear_extrapolation {
                true => Extrapolation::Linear,
                false => Extrapolation::Constant,
            };
            let (integer, discrete) = (rules.integer, rules.discrete);
            let curve = Curve { extrapolation, integer, discrete, ..Curve::new(keys) };
            !almost_equal(curve.evaluate(frame), value)
        }
    };
    wanted.then_some(Plan { place, frame, value })
}

/// Gives the other end of a closed cycle the value that one of its ends got.
fn close_cycle(keys: &mut [Key], index: usize, value: f32, rules: &CurveRules) {
    let closed = rules.handles.cyclic && !rules.offset_before && !rules.offset_after;
    let last = keys.len() - 1;
    if closed && last > 0 && (index == 0 || index == last) {
        replace_value(&mut keys[last - index], value);
    }
}

/// Gives the curve the value at a frame: changes the key there or inserts one; then recomputes
/// the handles of the whole curve unless `settings.fast`.
///
/// `keys` must be sorted by frame. Returns the key's index; `None` if [`plan`] says so, and then
/// nothing changes. A frame that is not a number goes to the end.
pub fn insert(
    keys: &mut Vec<Key>,
    frame: f32,
    value: f32,
    settings: &Insert,
    rules: &CurveRules,
    scratch: &mut Scratch,
) -> Option<usize> {
    let Plan { place, frame, value } = plan(keys, frame, value, settings, rules)?;
    let index = match place {
        Place::On(index) => {
            replace_value(&mut keys[index], value);
            index
        }
        Place::Before(index) => {
            let key = new_key(frame, value, settings, rules);
            keys.insert(index, key);
            if let Some(kind) = inherited(keys.len(), index, |i| keys[i].interpolation) {
                keys[index].interpolation = kind;
            }
            let inside = index > 0 && index + 1 < keys.len();
            if inside && keeps_shape(&keys[index - 1], &keys[index], &keys[index + 1]) {
                keep_shape(keys, index, rules.handles.continuous_acceleration);
            }
            index
        }
    };
    if settings.cycle_aware && matches!(place, Place::On(_)) {
        close_cycle(keys, index, value, rules);
    }
    if !settings.fast {
        recalculate(keys, rules.handles, scratch);
    }
    Some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(points: &[[f32; 2]]) -> Vec<Key> {
        let plain = |p: &[f32; 2]| new_key(p[0], p[1], &Insert::default(), &CurveRules::default());
        let unselected = |mut key: Key| {
            (key.select_point, key.select_left, key.select_right) = (0, 0, 0);
            key
        };
        points.iter().map(plain).map(unselected).collect()
    }

    fn rules(before: bool, after: bool) -> CurveRules {
        let handles =
            HandleRules { continuous_acceleration: true, cyclic: true, ..Default::default() };
        CurveRules { handles, offset_before: before, offset_after: after, ..Default::default() }
    }

    /// Frame, value and selection of the keys after an insertion into (1, 0), (5, 2), (11, 1).
    fn inserted(frame: f32, value: f32, settings: Insert, rules: CurveRules) -> Vec<[f32; 3]> {
        let mut keys = keys(&[[1.0, 0.0], [5.0, 2.0], [11.0, 1.0]]);
        insert(&mut keys, frame, value, &settings, &rules, &mut Scratch::default());
        keys.iter().map(|k| [k.point[0], k.point[1], f32::from(k.select_point)]).collect()
    }

    const CYCLES: Insert = Insert {
        interpolation: interpolation::BEZIER,
        handle_type: handle::AUTO_CLAMPED,
        key_type: 0,
        replace: false,
        needed: false,
        cycle_aware: true,
        fast: false,
    };

    #[test]
    fn cycles_are_keyed_between_their_ends_as_in_blender() {
        // Recorded in Blender 4.5 and 5.2, where both give the same.
        let (a, b, c) = ([1.0, 0.0, 0.0], [5.0, 2.0, 0.0], [11.0, 1.0, 0.0]);
        let plain = rules(false, false);
        assert_eq!(inserted(-7.0, 7.0, CYCLES, plain), [a, [3.0, 7.0, 1.0], b, c]);
        assert_eq!(inserted(31.5, 7.0, CYCLES, plain), [a, [1.5, 7.0, 1.0], b, c]);
        for end in [-9.0, 1.0, 1.005, 10.995, 11.0, 21.0] {
            let closed = [[1.0, 7.0, 1.0], b, [11.0, 7.0, 1.0]];
            assert_eq!(inserted(end, 7.0, CYCLES, plain), closed, "{end}");
        }
        let both = rules(true, true);
        assert_eq!(inserted(-7.0, 7.0, CYCLES, both), [a, [3.0, 8.0, 1.0], b, c]);
        assert_eq!(inserted(14.0, 7.0, CYCLES, both), [a, [4.0, 6.0, 1.0], b, c]);
        assert_eq!(inserted(21.0, 7.0, CYCLES, both), [[1.0, 5.0, 1.0], b, c]);
        assert_eq!(inserted(11.0, 7.0, CYCLES, both), [a, b, [11.0, 7.0, 1.0]]);
        assert_eq!(inserted(-9.0, 7.0, CYCLES, rules(false, true)), [[1.0, 7.0, 1.0], b, c]);
        assert_eq!(inserted(-9.0, 7.0, CYCLES, rules(true, false)), [[1.0, 8.0, 1.0], b, c]);
        assert_eq!(inserted(1.0, 7.0, CYCLES, rules(true, false)), [[1.0, 7.0, 1.0], b, c]);
        let replace = Insert { replace: true, ..CYCLES };
        assert_eq!(inserted(14.0, 7.0, replace, plain), [a, b, c]);
    }

    #[test]
    fn only_needed_keys_are_made_as_in_blender() {
        let (a, b, c) = ([1.0, 0.0, 0.0], [5.0, 2.0, 0.0], [11.0, 1.0, 0.0]);
        let needed = Insert { needed: true, ..CYCLES };
        let plain = rules(false, false);
        assert_eq!(inserted(1.0, 0.0, needed, plain), [a, b, c]);
        assert_eq!(inserted(11.0, 1.0, needed, plain), [a, b, c]);
        let closed = [[1.0, 0.5, 1.0], b, [11.0, 0.5, 1.0]];
        assert_eq!(inserted(11.0, 0.5, needed, plain), closed);
        // On a key every bit counts, beside one 32 steps do not.
        let steps = |value: f32, count: u32| f32::from_bits(value.to_bits() + count);
        assert_eq!(inserted(11.0, steps(1.0, 1), needed, plain)[2][2], 1.0);
        let flat = keys(&[[0.0, 700.0], [10.0, 700.0]]);
        let at = |value| plan(&flat, 5.0, value, &needed, &CurveRules::default());
        assert_eq!(at(steps(700.0, 32)), None);
        assert!(at(steps(700.0, 33)).is_some());
        assert!(at(f32::NAN).is_some());
    }

    #[test]
    fn nothing_odd_comes_of_odd_numbers() {
        let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE];
        for frame in odd {
            for value in odd {
                let after = inserted(frame, value, CYCLES, rules(true, true));
                assert!(after.len() <= 4);
            }
        }
        let same = keys(&[[3.0, 1.0], [3.0, 2.0]]);
        assert!(plan(&same, 9.0, 0.0, &CYCLES, &rules(true, true)).is_some());
        assert!(
            plan(&[], 9.0, 0.0, &Insert { needed: true, ..CYCLES }, &rules(true, true)).is_some()
        );
    }
}
