use super::*;
use crate::fcurve::modifiers::{Cycle, CycleMode, Kind};
use crate::fcurve::{KeyLayout, KeyView};
use bytemuck::Zeroable;
use proptest::prelude::*;

fn key(frame: f32, value: f32, interpolation: u8) -> Key {
    Key {
        point: [frame, value],
        handle_left: [frame - 2.0, value - 1.0],
        handle_right: [frame + 2.0, value + 1.0],
        interpolation,
        back: 1.7,
        amplitude: 0.8,
        period: 4.1,
        ..Key::zeroed()
    }
}

fn curve(keys: &[Key]) -> Curve<'static, &[Key]> {
    Curve::new(keys)
}

fn straight(keys: &[Key]) -> Curve<'static, &[Key]> {
    Curve { extrapolation: Extrapolation::Linear, ..Curve::new(keys) }
}

/// Sorted keys, some of them on or nearly on the frame of the one before.
fn any_keys() -> impl Strategy<Value = Vec<Key>> {
    let gap = prop_oneof![4 => 0.01f32..20.0, 1 => Just(0.0f32), 1 => 0.00001f32..0.0003];
    let one = (gap, -100f32..100.0, 0u8..13, 0u8..4, prop::array::uniform4(-15f32..15.0));
    prop::collection::vec(one, 0..12).prop_map(|list| {
        let mut frame = -20.0;
        list.into_iter()
            .map(|(gap, value, kind, easing, h)| {
                frame += gap;
                Key {
                    handle_left: [frame - h[0], value + h[1]],
                    handle_right: [frame + h[2], value + h[3]],
                    easing,
                    ..key(frame, value, kind)
                }
            })
            .collect()
    })
}

#[test]
fn a_curve_without_keys_is_zero() {
    assert_eq!(curve(&[]).evaluate(3.0), 0.0);
}

#[test]
fn keys_and_frames_very_near_them_have_the_keys_value() {
    let keys: Vec<Key> = (0..5).map(|i| key(i as f32 * 10.0, i as f32, 1)).collect();
    for i in 0..5 {
        for off in [0.0, 0.00005, -0.00005] {
            assert_eq!(curve(&keys).evaluate(i as f32 * 10.0 + off), i as f32);
        }
    }
    assert_ne!(curve(&keys).evaluate(10.001), 1.0);
}

#[test]
fn constant_and_linear_segments() {
    let keys = [key(0.0, 1.0, 0), key(10.0, 5.0, 1), key(20.0, 9.0, 0)];
    assert_eq!(curve(&keys).evaluate(9.9), 1.0);
    assert_eq!(curve(&keys).evaluate(15.0), 7.0);
    assert_eq!(curve(&keys).evaluate(-5.0), 1.0);
    assert_eq!(curve(&keys).evaluate(50.0), 9.0);
}

#[test]
fn linear_extrapolation_follows_the_outer_handle_or_the_segment() {
    let bezier = [key(0.0, 1.0, 2), key(10.0, 5.0, 2)];
    assert_eq!(straight(&bezier).evaluate(-4.0), -1.0);
    assert_eq!(straight(&bezier).evaluate(14.0), 7.0);
    let linear = [key(0.0, 1.0, 1), key(10.0, 5.0, 1)];
    assert_eq!(straight(&linear).evaluate(-10.0), -3.0);
    assert_eq!(straight(&linear).evaluate(20.0), 9.0);
    let held = [key(0.0, 1.0, 0), key(10.0, 5.0, 0)];
    assert_eq!(straight(&held).evaluate(20.0), 5.0);
}

#[test]
fn one_key_extrapolates_by_its_own_handles() {
    let mut one = key(10.0, 5.0, 2);
    one.handle_left = [9.0, 5.0];
    one.handle_right = [11.0, 7.0];
    let keys = [one];
    assert_eq!(straight(&keys).evaluate(8.0), 5.0);
    assert_eq!(straight(&keys).evaluate(12.0), 9.0);
    assert_eq!(curve(&keys).evaluate(12.0), 5.0);
    let linear = [Key { interpolation: 1, ..one }];
    assert_eq!(straight(&linear).evaluate(12.0), 5.0);
    let no_handle = [Key { handle_right: one.point, ..one }];
    assert_eq!(straight(&no_handle).evaluate(12.0), 5.0);
}

#[test]
fn integer_and_discrete_curves() {
    let keys = [key(0.0, 0.0, 1), key(10.0, 3.0, 1)];
    let integer = Curve { integer: true, ..curve(&keys) };
    assert_eq!(integer.evaluate(1.0), 0.0);
    assert_eq!(integer.evaluate(5.0), 2.0);
    let discrete = Curve { integer: true, discrete: true, ..straight(&keys) };
    assert_eq!(discrete.evaluate(9.9), 0.0);
    assert_eq!(discrete.evaluate(99.0), 3.0);
}

#[test]
fn cycles_with_offset_add_to_the_value() {
    let keys = [key(0.0, 0.0, 1), key(10.0, 3.0, 1)];
    let cycle = Cycle { mode: CycleMode::RepeatOffset, count: 0 };
    let stack = [Modifier {
        muted: false,
        influence: None,
        range: None,
        kind: Kind::Cycles { before: cycle, after: cycle },
    }];
    let cycled = Curve { modifiers: &stack, ..curve(&keys) };
    assert_eq!(cycled.evaluate(25.0), 7.5);
    assert_eq!(cycled.evaluate(-5.0), -1.5);
    let frames: Vec<f32> = (-200..200).map(|f| f as f32).collect();
    let mut out = vec![0.0; frames.len()];
    cycled.evaluate_frames(&frames, &mut out);
    for (frame, value) in frames.iter().zip(&out) {
        assert!((value - frame * 0.3).abs() < 1e-4, "{frame} {value}");
    }
}

#[test]
fn what_is_no_number_returns_and_stays_in_its_curve() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for at in 0..4 {
            let mut keys: Vec<Key> = (0..4).map(|i| key(i as f32 * 5.0, 1.0, 2)).collect();
            keys[at].point[0] = bad;
            for frame in [bad, -1.0, 0.0, 4.0, 7.5, 12.0, 15.0, 99.0] {
                let _ = curve(&keys).evaluate(frame);
                let _ = straight(&keys).evaluate(frame);
            }
        }
    }
    let keys = [key(0.0, 1.0, 1), key(10.0, 5.0, 1)];
    let mut out = [0.0; 3];
    curve(&keys).evaluate_frames(&[5.0, f32::NAN, 5.0], &mut out);
    assert!(out[0] == 3.0 && out[1].is_nan() && out[2] == 3.0);
    assert_eq!(curve(&keys).evaluate(f32::INFINITY), 5.0);
}

#[test]
fn keys_of_one_frame_are_met_from_the_left() {
    let keys = [key(5.0, 1.0, 0), key(5.0, 2.0, 0)];
    let mut out = [0.0; 3];
    curve(&keys).evaluate_frames(&[9.0, 5.0, 9.0], &mut out);
    assert_eq!(out, [2.0, 1.0, 2.0]);
}

proptest! {
    #[test]
    fn many_frames_give_what_each_gives_alone(
        keys in any_keys(), frames in prop::collection::vec(-30f32..150.0, 0..60),
        on_keys in prop::collection::vec((0usize..12, -0.0003f32..0.0003), 0..20),
        sorted in any::<bool>(), linear in any::<bool>(),
    ) {
        let curve = if linear { straight(&keys) } else { curve(&keys) };
        let mut frames = frames;
        frames.extend(on_keys.iter().filter_map(|(i, off)| Some(keys.get(*i)?.point[0] + off)));
        if sorted {
            frames.sort_by(f32::total_cmp);
        }
        let mut out = vec![0.0; frames.len()];
        curve.evaluate_frames(&frames, &mut out);
        for (frame, value) in frames.iter().zip(&out) {
            prop_assert_eq!(value.to_bits(), curve.evaluate(*frame).to_bits(), "frame {}", frame);
        }
    }

    #[test]
    fn frames_of_many_segments_are_solved_as_each_alone(
        mut keys in prop::collection::vec(any_keys(), 1..4).prop_map(|lists| lists.concat()),
        step in 0.2f32..3.0,
    ) {
        keys.sort_by(|a, b| a.point[0].total_cmp(&b.point[0]));
        keys.iter_mut().for_each(|key| key.interpolation = interpolation::BEZIER);
        let frames: Vec<f32> = (0..200).map(|i| -25.0 + i as f32 * step).collect();
        let mut out = vec![0.0; frames.len()];
        curve(&keys).evaluate_frames(&frames, &mut out);
        for (frame, value) in frames.iter().zip(&out) {
            prop_assert_eq!(value.to_bits(), curve(&keys).evaluate(*frame).to_bits());
        }
    }

    #[test]
    fn what_is_found_near_is_the_value(
        keys in any_keys(), other in any_keys(), frame in -30f32..150.0,
        at in 0usize..14, off in prop::sample::select(vec![0.0, 0.00005, -0.00005, 0.0002, -0.0002]),
        on_key in any::<bool>(), linear in any::<bool>(), place in 0usize..14,
    ) {
        let curve = |keys| if linear { straight(keys) } else { curve(keys) };
        let frame = match keys.get(at) {
            Some(key) if on_key => key.point[0] + off,
            _ => frame,
        };
        let value = curve(&keys).evaluate(frame);
        let found = curve(&keys).find(frame);
        // A curve with the same frames and other values, and any other, are evaluated in between.
        let mut higher = keys.clone();
        for key in &mut higher {
            for point in [&mut key.point, &mut key.handle_left, &mut key.handle_right] {
                point[1] = point[1] * 2.0 + 1.0;
            }
        }
        let mut solved = None;
        let guesses = [found, curve(&other).find(frame), Near::Before, Near::After];
        for near in guesses.into_iter().chain([Near::Segment(place)]) {
            let (first, count) = near.keys(keys.len());
            prop_assert!(first + count <= keys.len());
            for keys in [&keys, &higher, &keys, &other, &keys] {
                if let Some(value) = curve(keys).evaluate_near(near, frame, &mut solved) {
                    prop_assert_eq!(value.to_bits(), curve(keys).evaluate(frame).to_bits());
                }
            }
        }
        let alone = keys.windows(2).all(|pair| pair[1].point[0] - pair[0].point[0] > 0.001);
        if alone && keys.len() > 1 && frame > keys[0].point[0] + 0.0001 {
            let last = keys.last().map_or(0.0, |key| key.point[0]);
            if (frame - last).abs() > 0.0001 {
                let near = curve(&keys).evaluate_near(found, frame, &mut None);
                prop_assert_eq!(near.map(f32::to_bits), Some(value.to_bits()));
            }
        }
    }

    #[test]
    fn records_of_another_layout_give_the_same(keys in any_keys(), frame in -30f32..150.0) {
        // Each record behind 5 bytes of something else.
        let mut bytes = Vec::new();
        for key in &keys {
            bytes.extend([7u8; 5]);
            bytes.extend(bytemuck::bytes_of(key));
        }
        let p = KeyLayout::PACKED;
        let layout = KeyLayout {
            stride: p.stride + 5,
            point: p.point + 5,
            handle_left: p.handle_left + 5,
            handle_right: p.handle_right + 5,
            back: p.back + 5,
            amplitude: p.amplitude + 5,
            period: p.period + 5,
            interpolation: p.interpolation + 5,
            easing: p.easing + 5,
            ..p
        };
        let view = KeyView::new(&bytes, keys.len(), layout).unwrap();
        let (a, b) = (Curve::new(view).evaluate(frame), curve(&keys).evaluate(frame));
        prop_assert_eq!(a.to_bits(), b.to_bits());
    }

    #[test]
    fn threads_do_not_change_the_values(keys in any_keys()) {
        let frames: Vec<f32> = (-20..120).map(|f| f as f32 * 0.7).collect();
        let mut many = vec![0.0; 64 * frames.len()];
        evaluate_curves(64, |i| curve(&keys[..keys.len().min(i)]), &frames, &mut many);
        let mut one = vec![0.0; frames.len()];
        for (i, values) in many.chunks(frames.len()).enumerate() {
            curve(&keys[..keys.len().min(i)]).evaluate_frames(&frames, &mut one);
            prop_assert!(values.iter().zip(&one).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
}
