//! Bringing a curve in order after its keys were moved: what Blender's `fcurve.update()` does.

use super::handles::{HandleRules, Scratch, recalculate};
use super::insert::SAME_FRAME;
use super::key::Key;

/// Sorts the keys, puts handles on their own side, merges keys on one frame and recomputes
/// handles. Keys that are not on a number's frame go to the end.
pub fn update(keys: &mut Vec<Key>, rules: HandleRules, scratch: &mut Scratch) {
    keys.sort_by(|a, b| {
        let nan = a.point[0].is_nan().cmp(&b.point[0].is_nan());
        nan.then(a.point[0].partial_cmp(&b.point[0]).unwrap_or(std::cmp::Ordering::Equal))
    });
    for key in keys.iter_mut() {
        order_handles(key);
    }
    merge(keys);
    recalculate(keys, rules, scratch);
}

fn order_handles(key: &mut Key) {
    let x = key.point[0];
    let (left, right) = (key.handle_left[0] > x, key.handle_right[0] < x);
    if left && right {
        std::mem::swap(&mut key.handle_left, &mut key.handle_right);
        return;
    }
    if left {
        key.handle_left[0] = x;
    }
    if right {
        key.handle_right[0] = x;
    }
}

/// The key with its handles at another frame.
fn moved(mut key: Key, frame: f32) -> Key {
    let shift = frame - key.point[0];
    key.point[0] = frame;
    key.handle_left[0] += shift;
    key.handle_right[0] += shift;
    key
}

/// Of keys on one frame the last stays; it moves to the first one's frame unless its own is
/// whole.
fn merge(keys: &mut Vec<Key>) {
    let mut kept = 0;
    for i in 0..keys.len() {
        let key = keys[i];
        if kept > 0 && (key.point[0] - keys[kept - 1].point[0]).abs() <= SAME_FRAME {
            let frame = keys[kept - 1].point[0];
            keys[kept - 1] = if key.point[0].fract() == 0.0 { key } else { moved(key, frame) };
        } else {
            keys[kept] = key;
            kept += 1;
        }
    }
    keys.truncate(kept);
}
