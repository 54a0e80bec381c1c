//! Handles, insertion and update against curves that Blender 4.5 and 5.2 gave, both alike.
//!
//! `tests/data/fcurves/edits.txt`: `case WHAT FLAGS ARGUMENTS`, the keys before, `after`, the keys
//! after. A key is its six floats (point, left and right handle) as hexadecimal bits, then
//! interpolation, left and right handle type, and the selection of point, left and right handle.
//! FLAGS: 1 continuous acceleration, 2 linear extrapolation, 4 cyclic. WHAT: `handles` is
//! `handles_recalc()`, `insert` is `keyframe_points.insert(frame, value)`, `update` is `update()`.

use limber::fcurve::handles::{HandleRules, Scratch, recalculate};
use limber::fcurve::insert::{CurveRules, Insert, insert};
use limber::fcurve::key::Key;
use limber::fcurve::update::update;

struct Case {
    what: String,
    rules: HandleRules,
    arguments: Vec<f32>,
    before: Vec<Key>,
    after: Vec<Key>,
}

fn float(bits: &str) -> f32 {
    f32::from_bits(u32::from_str_radix(bits, 16).expect("hexadecimal bits"))
}

fn key(words: &[&str]) -> Key {
    let f: Vec<f32> = words[..6].iter().map(|word| float(word)).collect();
    let n: Vec<u8> = words[6..12].iter().map(|word| word.parse().expect("a number")).collect();
    Key {
        point: [f[0], f[1]],
        handle_left: [f[2], f[3]],
        handle_right: [f[4], f[5]],
        back: 1.70158,
        amplitude: 0.8,
        period: 4.1,
        interpolation: n[0],
        easing: 0,
        handle_left_type: n[1],
        handle_right_type: n[2],
        key_type: 0,
        select_point: n[3],
        select_left: n[4],
        select_right: n[5],
    }
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut after = false;
    for line in include_str!("data/fcurves/edits.txt").lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[0] {
            "case" => {
                after = false;
                let flags: u8 = words[2].parse().expect("flags");
                cases.push(Case {
                    what: words[1].to_string(),
                    rules: HandleRules {
                        continuous_acceleration: flags & 1 != 0,
                        linear_extrapolation: flags & 2 != 0,
                        cyclic: flags & 4 != 0,
                    },
                    arguments: words[3..].iter().map(|word| float(word)).collect(),
                    before: Vec::new(),
                    after: Vec::new(),
                });
            }
            "after" => after = true,
            _ => {
                let case = cases.last_mut().expect("a case before its keys");
                let keys = if after { &mut case.after } else { &mut case.before };
                keys.push(key(&words[1..]));
            }
        }
    }
    cases
}

/// Largest difference of a coordinate, relative to max(1, its size).
fn distance(a: &Key, b: &Key) -> f32 {
    let all = |key: &Key| {
        [key.point, key.handle_left, key.handle_right].concat().into_iter().collect::<Vec<f32>>()
    };
    let one = |(a, b): (f32, f32)| (a - b).abs() / b.abs().max(1.0);
    all(a).into_iter().zip(all(b)).map(one).fold(0.0, f32::max)
}

fn numbers(key: &Key) -> [u8; 6] {
    [
        key.interpolation,
        key.handle_left_type,
        key.handle_right_type,
        key.select_point,
        key.select_left,
        key.select_right,
    ]
}

#[test]
fn edits_give_what_blender_gives() {
    let cases = cases();
    assert_eq!(cases.len(), 108);
    let mut scratch = Scratch::default();
    for (number, case) in cases.iter().enumerate() {
        let mut keys = case.before.clone();
        match case.what.as_str() {
            "handles" => recalculate(&mut keys, case.rules, &mut scratch),
            "update" => update(&mut keys, case.rules, &mut scratch),
            "insert" => {
                let rules = CurveRules { handles: case.rules, ..CurveRules::default() };
                let [frame, value] = case.arguments[..] else { panic!("frame and value") };
                insert(&mut keys, frame, value, &Insert::default(), &rules, &mut scratch);
            }
            other => panic!("no such case: {other}"),
        }
        assert_eq!(keys.len(), case.after.len(), "case {number}: number of keys");
        // The closed ring of a cyclic curve is solved with other roundings, and the parameter of
        // a split rests on the platform's cosine and exponential. All else is equal to the bit.
        let tolerance = match case.what.as_str() {
            _ if case.rules.cyclic => 1e-5,
            "insert" => 1e-6,
            _ => 0.0,
        };
        for (i, (got, wanted)) in keys.iter().zip(&case.after).enumerate() {
            let text = format!("case {number} ({}), key {i}: {got:?} {wanted:?}", case.what);
            assert_eq!(numbers(got), numbers(wanted), "{text}");
            assert!(distance(got, wanted) <= tolerance, "{text}");
        }
    }
}
