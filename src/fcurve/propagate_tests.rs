use super::*;
use crate::fcurve::handles::HandleRules;
use proptest::prelude::*;

struct Curves(Vec<Vec<(f32, bool)>>);

impl Frames for Curves {
    fn curves(&self) -> usize {
        self.0.len()
    }
    fn keys(&self, curve: usize) -> usize {
        self.0[curve].len()
    }
    fn frame(&self, curve: usize, key: usize) -> f32 {
        self.0[curve][key].0
    }
    fn selected(&self, curve: usize, key: usize) -> bool {
        self.0[curve][key].1
    }
}

fn curves(frames: &[&[f32]]) -> Curves {
    Curves(frames.iter().map(|c| c.iter().map(|f| (*f, false)).collect()).collect())
}

#[test]
fn next_key_is_the_earliest_and_a_finished_curve_drags_it_back() {
    let both = curves(&[&[1.0, 11.0, 21.0], &[1.0, 15.0]]);
    assert_eq!(target_frames(&both, Mode::NextKey, 1.0), [11.0]);
    assert_eq!(target_frames(&both, Mode::NextKey, 11.005), [15.0]);
    assert_eq!(target_frames(&both, Mode::NextKey, 16.0), [15.0]);
    assert_eq!(target_frames(&curves(&[&[], &[]]), Mode::NextKey, 16.0), []);
}

#[test]
fn last_key_never_lies_before_zero() {
    assert_eq!(target_frames(&curves(&[&[1.0, 9.0], &[30.0]]), Mode::LastKey, 5.0), [30.0]);
    let negative = curves(&[&[-20.0, -10.0]]);
    assert_eq!(target_frames(&negative, Mode::LastKey, 5.0), [f32::MIN_POSITIVE]);
}

#[test]
fn the_other_modes_unite_the_frames_of_all_curves() {
    let two = curves(&[&[1.0, 11.0, 21.0], &[5.0, 10.005, 20.005]]);
    assert_eq!(target_frames(&two, Mode::BeforeEnd, 10.0), [10.005, 11.0, 20.005, 21.0]);
    assert_eq!(target_frames(&two, Mode::BeforeFrame(20.0), 10.0), [10.005, 11.0]);
    assert_eq!(target_frames(&two, Mode::SelectedKeys, 10.0), []);
    let mut picked = two;
    picked.0[0][0].1 = true;
    picked.0[1][2].1 = true;
    assert_eq!(target_frames(&picked, Mode::SelectedKeys, 10.0), [1.0, 20.005]);
    assert_eq!(target_frames(&curves(&[&[f32::NAN, 3.0]]), Mode::BeforeEnd, 1.0), [3.0]);
}

fn any_key() -> impl Strategy<Value = Key> {
    let coordinate = -3.0f32..3.0;
    (
        (0.3f32..9.0, coordinate.clone(), coordinate.clone(), coordinate),
        (0u8..handle::COUNT, 0u8..handle::COUNT, prop::sample::select(vec![0u8, 1, 2, 2, 2, 12])),
        any::<bool>(),
    )
        .prop_map(|((step, y, left, right), (lt, rt, interpolation), selected)| {
            let selected = u8::from(selected);
            Key {
                point: [step, y],
                handle_left: [-step / 2.0, y + left],
                handle_right: [step / 2.0, y + right],
                back: 1.70158,
                amplitude: 0.8,
                period: 4.1,
                interpolation,
                easing: 0,
                handle_left_type: lt,
                handle_right_type: rt,
                key_type: 0,
                select_point: selected,
                select_left: selected,
                select_right: 1 - selected,
            }
        })
}

/// Keys with steps for frames, made into a curve.
fn place(mut keys: Vec<Key>) -> Vec<Key> {
    let mut frame = 0.0;
    for key in &mut keys {
        frame += key.point[0];
        key.point[0] = frame;
        key.handle_left[0] += frame;
        key.handle_right[0] += frame;
    }
    keys
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The short way gives bit by bit what inserting one by one gives.
    #[test]
    fn at_once_equals_one_by_one(
        keys in prop::collection::vec(any_key(), 0..12),
        picks in prop::collection::vec((0usize..12, prop::sample::select(
            vec![0.0f32, 0.0, 0.0, 0.005, -0.0099, 0.0101, 0.015, 1.3])), 1..8),
        value in -3.0f32..3.0,
        one_type in prop::option::of(0u8..handle::COUNT),
        new_type in 0u8..handle::COUNT,
        flags in 0u8..32,
    ) {
        let mut keys = place(keys);
        if let Some(kind) = one_type {
            for key in &mut keys {
                (key.handle_left_type, key.handle_right_type) = (kind, kind);
            }
        }
        let handles = HandleRules {
            continuous_acceleration: flags & 1 != 0,
            linear_extrapolation: flags & 2 != 0,
            cyclic: flags & 4 != 0,
        };
        let (integer, discrete) = (flags & 8 != 0, flags & 16 != 0);
        let rules = CurveRules { handles, integer, discrete, ..CurveRules::default() };
        let settings = Insert { handle_type: new_type, ..Insert::default() };
        let mut frames: Vec<f32> = picks
            .iter()
            .map(|(i, off)| keys.get(*i).map_or(*i as f32, |key| key.point[0]) + off)
            .collect();
        frames.sort_by(f32::total_cmp);
        frames.dedup();

        let mut scratch = Scratch::default();
        let mut expected = keys.clone();
        for frame in &frames {
            insert(&mut expected, *frame, value, &settings, &rules, &mut scratch);
        }
        let needed =
            count_after(keys.len(), |i| keys[i].point[0], &frames, &settings);
        propagate(&mut keys, &frames, value, &settings, &rules, &mut scratch);
        prop_assert_eq!(needed, keys.len());
        prop_assert_eq!(keys, expected);
    }

    /// Not-a-number frames and values end, whatever they give.
    #[test]
    fn numbers_that_are_none_do_not_hang(
        keys in prop::collection::vec(any_key(), 1..6),
        bad in 0usize..6,
        frames in prop::collection::vec(prop::num::f32::ANY, 1..5),
        value in prop::num::f32::ANY,
    ) {
        let mut keys = place(keys);
        let bad = bad % keys.len();
        keys[bad].point = [f32::NAN, f32::INFINITY];
        let before = keys.len();
        let settings = Insert::default();
        let rules = CurveRules::default();
        propagate(&mut keys, &frames, value, &settings, &rules, &mut Scratch::default());
        prop_assert!(keys.len() >= before && keys.len() <= before + frames.len());
    }
}
