//! Tests of the slides.

use super::*;
use proptest::prelude::*;

fn settings(factor: f32, rules: Rules) -> Settings {
    Settings {
        factor,
        frame: 5.0,
        previous_frame: 1.0,
        next_frame: 11.0,
        channels: class::ALL,
        axis: None,
        rules,
    }
}

/// One bone with three location curves from (0, 0, 0) to (10, 20, 30).
fn slide_location(kind: Slide, settings: &Settings, start: [f32; 3]) -> [f32; 3] {
    let mut location = [start];
    let mut pose = PoseMut { bone_count: 1, location: Some(&mut location), ..PoseMut::default() };
    let samples = Samples {
        bone: &[0; 3],
        property: &[Property::Location as u8; 3],
        component: &[0, 1, 2],
        previous: &[0.0; 3],
        next: &[10.0, 20.0, 30.0],
        current: &[4.0, 8.0, 12.0],
        classes: &[class::LOCATION],
    };
    slide(&mut pose, &samples, kind, settings);
    location[0]
}

#[test]
fn each_slide_by_hand() {
    let s = settings(0.25, Rules::Blender52);
    let start = [1.0, 1.0, 1.0];
    assert_eq!(slide_location(Slide::Breakdown, &s, start), [2.5, 5.0, 7.5]);
    // The breakdown value at frame 5 is 4, 8, 12.
    assert_eq!(slide_location(Slide::Push, &s, start), [0.25, -0.75, -1.75]);
    assert_eq!(slide_location(Slide::Relax, &s, start), [1.75, 2.75, 3.75]);
    assert_eq!(slide_location(Slide::BlendToNeighbor, &s, start), [0.5, 0.5, 0.5]);
    assert_eq!(slide_location(Slide::BlendWithRest, &s, start), [0.75, 0.75, 0.75]);
    let old = settings(0.25, Rules::Blender45);
    assert_eq!(slide_location(Slide::BlendToNeighbor, &old, start), [2.0, 4.0, 6.0]);
}

#[test]
fn an_axis_lock_and_a_channel_leave_the_others_alone() {
    let mut s = settings(1.0, Rules::Blender52);
    s.axis = Some(1);
    assert_eq!(slide_location(Slide::Breakdown, &s, [1.0; 3]), [1.0, 20.0, 1.0]);
    s.channels = class::SCALE;
    assert_eq!(slide_location(Slide::Breakdown, &s, [1.0; 3]), [1.0; 3]);
}

fn turn(kind: Slide, settings: &Settings, start: Quaternion, components: &[u32]) -> Quaternion {
    let mut quaternion = [start];
    let mut pose =
        PoseMut { bone_count: 1, rotation_quaternion: Some(&mut quaternion), ..PoseMut::default() };
    let n = components.len();
    let next = [0.0, 0.0, 1.0, 0.0];
    let next: Vec<f32> = components.iter().map(|c| next[*c as usize % 4]).collect();
    let previous: Vec<f32> = components.iter().map(|c| IDENTITY[*c as usize % 4]).collect();
    let samples = Samples {
        bone: &vec![0; n],
        property: &vec![Property::RotationQuaternion as u8; n],
        component: components,
        previous: &previous,
        next: &next,
        classes: &[class::ROTATION],
        ..Samples::default()
    };
    slide(&mut pose, &samples, kind, settings);
    quaternion[0]
}

#[test]
fn quaternions_turn_on_the_sphere_and_4_5_keeps_their_length() {
    let half = std::f32::consts::FRAC_1_SQRT_2;
    let new = settings(0.5, Rules::Blender52);
    let q = turn(Slide::Breakdown, &new, [2.0, 0.0, 0.0, 0.0], &[0, 1, 2, 3]);
    assert!((q[0] - half).abs() < 1e-6 && (q[2] - half).abs() < 1e-6, "{q:?}");
    let old = settings(0.5, Rules::Blender45);
    let q = turn(Slide::Breakdown, &old, [2.0, 0.0, 0.0, 0.0], &[0, 1, 2, 3]);
    assert!((q[0] - 2.0 * half).abs() < 1e-6, "{q:?}");
    // Three of four curves: nothing in 4.5; a component that does not exist is skipped.
    let start = [0.5, 0.5, 0.5, 0.5];
    assert_eq!(turn(Slide::Breakdown, &old, start, &[0, 1, 2]), start);
    assert_ne!(turn(Slide::Breakdown, &new, start, &[0, 1, 2]), start);
    assert_eq!(turn(Slide::Breakdown, &old, start, &[0, 1, 2, 7]), start);
}

#[test]
fn whole_numbers_are_cut_and_booleans_are_anything_but_zero() {
    let kinds = [ValueKind::Int, ValueKind::Int, ValueKind::Bool, ValueKind::Float];
    let mut values = [0.0; 4];
    let s = settings(0.3, Rules::Blender52);
    let previous = [0.0, 0.0, 0.0, 0.0];
    let next = [9.9, -7.2, 1.0, 1.0];
    slide_values(&mut values, &kinds, &previous, &next, &[], Slide::Breakdown, &s);
    assert_eq!(values, [2.0, -2.0, 1.0, 0.3]);
}

#[test]
fn curves_of_another_rotation_mode_or_class_are_not_chosen() {
    let property = [1, 2, 3, 5, 16, 16].map(|n| Property::from_number(n).unwrap() as u8);
    let classes = [1, 2, 2, 4, 16, 4];
    let bone = [0, 0, 0, 1, 1, u32::MAX];
    let all = choose(&bone, &property, &classes, 2, |_| true, |_| RotationMode::Xyz, class::ALL);
    assert_eq!(all.classes, [class::LOCATION | class::ROTATION, class::SCALE | class::CUSTOM]);
    assert_eq!(all.channels, [0, 2, 3]);
    assert_eq!(all.custom, [4]);
    let one = choose(&bone, &property, &classes, 2, |b| b == 1, |_| RotationMode::Xyz, 16);
    assert_eq!((one.channels, one.custom), (vec![], vec![4]));
    assert_eq!(one.classes, [0, class::SCALE | class::CUSTOM]);
}

proptest! {
    #[test]
    fn not_a_number_stays_in_its_bone(
        kind in prop::sample::select(vec![Slide::Breakdown, Slide::Push, Slide::Relax,
            Slide::BlendToNeighbor, Slide::BlendWithRest]),
        factor in -1.0f32..2.0,
        v in prop::array::uniform3(-10.0f32..10.0),
    ) {
        let run = |bad: f32| {
            let mut location = [[bad; 3], v];
            let mut pose = PoseMut {
                bone_count: 2,
                location: Some(&mut location),
                ..PoseMut::default()
            };
            let samples = Samples {
                bone: &[0, 1],
                property: &[1, 1],
                component: &[0, 2],
                previous: &[bad, 1.0],
                next: &[bad, 3.0],
                current: &[],
                classes: &[1, 1],
            };
            slide(&mut pose, &samples, kind, &settings(factor, Rules::Blender52));
            location[1]
        };
        prop_assert_eq!(run(f32::NAN), run(1.0));
    }

    #[test]
    fn breakdown_ends_at_the_two_poses(v in prop::array::uniform3(-10.0f32..10.0)) {
        for rules in [Rules::Blender45, Rules::Blender52] {
            let at = |factor| slide_location(Slide::Breakdown, &settings(factor, rules), v);
            prop_assert_eq!(at(0.0), [0.0; 3]);
            prop_assert_eq!(at(1.0), [10.0, 20.0, 30.0]);
            let none = slide_location(Slide::Push, &settings(0.0, rules), v);
            prop_assert_eq!(none, v);
        }
    }
}

/// Asserts that values agree to the last bit, or almost: sines differ between C libraries.
fn assert_bits(got: Quaternion, wanted: Quaternion) {
    for (g, w) in got.iter().zip(wanted) {
        assert!(g.to_bits().abs_diff(w.to_bits()) <= 1, "{got:?} {wanted:?}");
    }
}

#[test]
fn quaternions_round_as_in_blender() {
    // Recorded in Blender 4.5 and 5.2, frame 5 between 1 and 11.
    let q = [-0.728_166_5, -0.703_503_13, -1.384_281_8, -0.975_983_74];
    let p = [1.322_928, 0.571_925_8, 1.399_692_9, 1.181_225_1];
    let n = [-0.416_430_2, -1.002_131_8, -1.062_894_2, -1.304_580_8];
    let recorded: [(Slide, f32, Quaternion, Quaternion); 4] = [
        (
            Slide::Breakdown,
            0.3,
            [-0.926_768_3, -0.652_197_84, -1.170_950_9, -1.112_895_3],
            [-0.469_653_37, -0.330_510_8, -0.593_396_54, -0.563_975_93],
        ),
        (
            Slide::Push,
            0.73,
            [-0.621_940_85, -0.691_190_9, -1.526_153_7, -0.836_794_14],
            [-0.315_177_65, -0.350_271_14, -0.773_400_8, -0.424_057_72],
        ),
        (
            Slide::Relax,
            0.3,
            [-0.769_134_4, -0.705_9, -1.320_614_5, -1.029_581_8],
            [-0.389_770_12, -0.357_725_17, -0.669_240_7, -0.521_755_64],
        ),
        (
            Slide::BlendToNeighbor,
            0.73,
            [-0.589_280_07, -0.844_888_5, -1.244_866_3, -1.132_759_2],
            [-0.298_626_3, -0.428_159_65, -0.630_854_25, -0.574_042_3],
        ),
    ];
    for (kind, factor, old, new) in recorded {
        assert_bits(quaternion(kind, &settings(factor, Rules::Blender45), q, p, n), old);
        assert_bits(quaternion(kind, &settings(factor, Rules::Blender52), q, p, n), new);
    }
}

#[test]
fn every_curve_of_a_number_counts_in_4_5() {
    let slid = |rules| {
        let mut roll = [5.0];
        let mut pose = PoseMut { bone_count: 1, ..PoseMut::default() };
        pose.bbone.roll_in = Some(&mut roll);
        let samples = Samples {
            bone: &[0; 2],
            property: &[Property::BboneRollIn as u8; 2],
            component: &[0, 3],
            previous: &[1.0, 3.0],
            next: &[2.0, 6.0],
            current: &[],
            classes: &[class::BBONE],
        };
        let halfway = Settings { frame: 6.0, ..settings(0.25, rules) };
        slide(&mut pose, &samples, Slide::Push, &halfway);
        roll[0]
    };
    // Recorded in Blender 4.5 and 5.2.
    assert_eq!(slid(Rules::Blender45), 6.218_75);
    assert_eq!(slid(Rules::Blender52), 5.875);
}

#[test]
fn components_without_a_curve_stand_in_for_themselves_in_5_2() {
    let value = 1.017_839_8;
    let slid = |kind, rules, axis| {
        let mut location = [[0.0, value, value]];
        let mut scale_in = [[0.0, value, value]];
        let mut scale_out = [[value; 3]];
        let mut pose =
            PoseMut { bone_count: 1, location: Some(&mut location), ..PoseMut::default() };
        pose.bbone.scale_in = Some(&mut scale_in);
        pose.bbone.scale_out = Some(&mut scale_out);
        let samples = Samples {
            bone: &[0; 2],
            property: &[Property::Location as u8, Property::BboneScaleIn as u8],
            component: &[0; 2],
            previous: &[0.0; 2],
            next: &[1.0; 2],
            current: &[0.5; 2],
            classes: &[class::LOCATION | class::BBONE],
        };
        slide(&mut pose, &samples, kind, &Settings { axis, ..settings(0.449_838_38, rules) });
        assert_eq!(scale_out[0], [value; 3], "a property without curves takes no part");
        [location[0][1], location[0][2], scale_in[0][1]]
    };
    let own = lerp(value, value, 0.449_838_38);
    assert_ne!(own, value);
    assert_eq!(slid(Slide::Breakdown, Rules::Blender52, None), [own; 3]);
    assert_eq!(slid(Slide::Breakdown, Rules::Blender52, Some(2)), [value, own, own]);
    assert_eq!(slid(Slide::Breakdown, Rules::Blender45, None), [value; 3]);
    // A share of nothing is nothing, but bendy-bone values are blended.
    assert_eq!(slid(Slide::BlendToNeighbor, Rules::Blender52, None)[..2], [value; 2]);
}
