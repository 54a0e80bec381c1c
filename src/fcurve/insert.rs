//! Inserting a key, or giving an existing one a new value, as Blender does.

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

/// Gives the curve the value at a frame: changes the key there or inserts one; then recomputes
/// the handles of the whole curve unless `settings.fast`.
///
/// `keys` must be sorted by frame. Returns the key's index; `None` if `settings.replace` and no
/// key is there. A frame that is not a number goes to the end.
pub fn insert(
    keys: &mut Vec<Key>,
    frame: f32,
    value: f32,
    settings: &Insert,
    rules: &CurveRules,
    scratch: &mut Scratch,
) -> Option<usize> {
    let index = match find(keys.len(), frame, |i| keys[i].point[0]) {
        Place::On(index) => {
            replace_value(&mut keys[index], value);
            index
        }
        Place::Before(_) if settings.replace => return None,
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
    if !settings.fast {
        recalculate(keys, rules.handles, scratch);
    }
    Some(index)
}
