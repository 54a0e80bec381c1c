//! A plan with everything that it can hold gives the same on any number of threads.

use limber::capi::processor;
use limber::channels::{Channels, Matrix};
use limber::constraints::action::{Action, Source};
use limber::constraints::copy::MixTransforms;
use limber::constraints::{Axis, Kind, armature::Armature};
use limber::evaluator::*;
use limber::expression::Expression;
use limber::fcurve::{Curve, Key, Modifier, modifiers};
use limber::hierarchy::Rig;
use limber::ik::Goal;
use limber::par;

const BONES: usize = 40;
const FRAMES: usize = 600;

/// Three chains on a root; the last two bones are a goal and a pole.
fn parents() -> Vec<i32> {
    let parent = |bone: i32| match bone {
        0 | 38 | 39 => -1,
        bone if bone % 12 == 1 => 0,
        bone => bone - 1,
    };
    (0..BONES as i32).map(parent).collect()
}

fn wave(index: usize) -> f32 {
    ((index * 37 % 101) as f32 * 0.62).sin()
}

fn matrix(index: usize) -> Matrix {
    let turn = glam::Mat4::from_euler(glam::EulerRot::XYZ, wave(index), 0.3, wave(index + 1));
    let place = glam::Vec3::new(wave(index + 2), 0.8, 0.4 * wave(index + 3));
    (glam::Mat4::from_translation(place) * turn).to_cols_array()
}

fn keys(seed: usize) -> Vec<Key> {
    let key = |index: usize| {
        let (frame, value) = (index as f32 * 9.0, 0.4 + 0.5 * wave(seed * 7 + index));
        Key {
            point: [frame, value],
            handle_left: [frame - 3.0, value - 0.1],
            handle_right: [frame + 4.0, value + 0.2],
            interpolation: [2, 2, 1, 0, 5, 9][(seed + index) % 6],
            ..bytemuck::Zeroable::zeroed()
        }
    };
    (0..12).map(key).collect()
}

fn constraint(bone: usize, effect: Effect, targets: std::ops::Range<usize>) -> Constraint {
    let (owner_space, target_space) = (Space::World, Space::World);
    Constraint { bone, effect, owner_space, target_space, space_bone: None, targets }
}

/// Targets: the goal, the pole, something outside, and two bones.
const TARGETS: [Target; 9] = [
    Target::Bone(38, 0.0),
    Target::Bone(39, 0.0),
    Target::Outside,
    Target::Bone(38, 0.4),
    Target::Bone(4, 0.0),
    Target::Bone(38, 1.0),
    Target::Outside,
    Target::Bone(39, 0.5),
    Target::Bone(5, 0.0),
];

fn constraints() -> Vec<Constraint> {
    let goal = Goal {
        bone: 12,
        tip: 12,
        chain_count: 6,
        use_stretch: true,
        iterations: 60,
        location: Some(1.0),
        rotation: None,
        pole: Some(0.2),
    };
    let known = Effect::Known;
    let action = Action {
        source: Source::Location(2),
        range: [-1.0, 1.0],
        time: 0.0,
        frames: [0.0, 90.0],
        mix: MixTransforms::AfterFull,
    };
    let armature = Armature { preserve_volume: true, current_location: false };
    vec![
        constraint(12, Effect::Ik(goal, true), 0..2),
        constraint(16, known(Kind::DampedTrack(Axis { index: 1, negative: false })), 2..3),
        constraint(20, known(Kind::Armature(armature)), 3..5),
        constraint(24, known(Kind::Action(action)), 5..6),
        constraint(26, known(Kind::DampedTrack(Axis { index: 0, negative: true })), 6..7),
        constraint(30, known(Kind::DampedTrack(Axis { index: 2, negative: false })), 7..8),
    ]
}

/// One that reads a curve, one that reads it and a bone, one that depends on the frame.
fn drivers(slots: &Slots) -> Vec<Driver> {
    let custom = |index| slots.at(Slot::Custom, index).unwrap();
    let driver = |slot, text: &str, variables| Driver {
        slot,
        rule: Rule::Expression(Expression::parse(text, &["a", "b"]).unwrap()),
        variables,
        curve: Some(OwnCurve::new(&Curve::new(keys(3).as_slice()))),
        write: Write::Float(Limits { min: -0.7, max: 0.9 }),
    };
    let angle = Reading::Angle(Anchor::Bone(12), Anchor::Bone(16));
    let place = Reading::Transform(Anchor::Outside(0), VariableSpace::World, Part::Location(1));
    let (angle, place) = (Variable::Reading(angle), Variable::Reading(place));
    vec![
        driver(custom(1), "a * 2 - b", vec![Variable::Slot(custom(0)), Variable::Constant(0.3)]),
        driver(
            slots.at(Slot::Location, 3 * 28).unwrap(),
            "sin(a) + b if frame > 40 else b",
            vec![angle, Variable::Slot(custom(1))],
        ),
        driver(
            slots.at(Slot::Influence, 1).unwrap(),
            "a + b",
            vec![place, Variable::Slot(custom(2))],
        ),
    ]
}

fn plan() -> RigPlan {
    let (parents, rest) = (parents(), (0..BONES).map(matrix).collect::<Vec<_>>());
    let (lengths, modes) = (vec![0.6; BONES], (0..BONES).map(|b| b as i32 % 8 - 1));
    let modes: Vec<i32> = modes.collect();
    let (list, custom) = (constraints(), [0.1, 0.2, 0.3]);
    let values = vec![[0.5; 16]; list.len()];
    let mut actions = vec![BoneAction::default(); list.len()];
    let noise = modifiers::Noise {
        blend: modifiers::Blend::Add,
        scale: 3.0,
        strength: 0.4,
        phase: 1.5,
        offset: 0.0,
        depth: 2,
        roughness: 0.5,
        lacunarity: 2.0,
    };
    let kind = modifiers::Kind::Noise(noise);
    let stack = [Modifier { muted: false, influence: None, range: None, kind }];
    let moved = [
        ActionChannel::Location(0),
        ActionChannel::Quaternion(2),
        ActionChannel::Euler(1),
        ActionChannel::Scale(1),
    ];
    for (seed, channel) in moved.into_iter().enumerate() {
        actions[3].0.push((channel, OwnCurve::new(&Curve::new(keys(seed).as_slice()))));
    }
    let constraints =
        Constraints { list: &list, targets: &TARGETS, actions: &actions, ..Constraints::NONE };
    let rig = Rig { parents: &parents, rest: &rest, lengths: Some(&lengths), ..Rig::default() };
    let channels = Channels { rotation_mode: Some(&modes), ..Channels::default() };
    let slots = Slots::new(BONES, list.len(), TARGETS.len(), custom.len());
    let kinds = [Slot::Location, Slot::Quaternion, Slot::Euler, Slot::AxisAngle];
    let mut curve_slots: Vec<usize> = kinds.iter().flat_map(|kind| slots.range(*kind)).collect();
    curve_slots.extend(slots.range(Slot::Weight));
    curve_slots.extend(slots.range(Slot::HeadTail));
    curve_slots.extend((2..list.len()).filter_map(|c| slots.at(Slot::Influence, c)));
    curve_slots.extend([0, 2].map(|place| slots.at(Slot::Custom, place).unwrap()));
    let (drivers, wanted) = (drivers(&slots), slots.range(Slot::Custom).collect::<Vec<_>>());
    let driver_matrices = [matrix(9)];
    let input = RigInput {
        values: Some(&values),
        custom: &custom,
        curve_slots: &curve_slots,
        drivers: &drivers,
        driver_matrices: &driver_matrices,
        wanted: &wanted,
        ..RigInput::new(rig, channels, constraints)
    };
    let keys: Vec<_> = (0..curve_slots.len()).map(keys).collect();
    let curve = |index: usize| Curve {
        modifiers: if index.is_multiple_of(9) { &stack } else { &[] },
        ..Curve::new(keys[index].as_slice())
    };
    RigPlan::new(&input, curve).unwrap().by_eight(processor::eight_kernel())
}

/// All results as bits.
fn results(plan: &RigPlan, frames: &[f32]) -> (Vec<u32>, Vec<u8>) {
    let count = frames.len();
    let object: Vec<Matrix> = (0..count).map(matrix).collect();
    let target_matrices: Vec<Matrix> = (0..count * TARGETS.len()).map(matrix).collect();
    let driver_matrices: Vec<Matrix> = (0..count).map(|frame| matrix(frame + 5)).collect();
    let outside = Outside {
        object: Some(&object),
        target_matrices: Some(&target_matrices),
        driver_matrices: Some(&driver_matrices),
    };
    let mut matrices = vec![[0.0; 16]; BONES * count];
    let (mut heads, mut tails) = (vec![[0.0; 3]; BONES * count], vec![[0.0; 3]; BONES * count]);
    let (mut values, mut unsettled) = (vec![0.0; 3 * count], vec![7; count]);
    let out = Outputs {
        matrices: Some(&mut matrices),
        heads: Some(&mut heads),
        tails: Some(&mut tails),
        values: Some(&mut values),
        unsettled: Some(&mut unsettled),
    };
    plan.evaluate(frames, &outside, out);
    let ends = heads.as_flattened().iter().chain(tails.as_flattened());
    let all = matrices.as_flattened().iter().chain(ends).chain(&values);
    (all.map(|value| value.to_bits()).collect(), unsettled)
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let plan = plan();
    assert!(plan.is_complete());
    let frames: Vec<f32> = (0..FRAMES).map(|frame| frame as f32 * 0.2 - 5.0).collect();
    par::set_threads(1);
    let alone = results(&plan, &frames);
    assert!(alone.0.iter().all(|bits| f32::from_bits(*bits).is_finite()));
    let moved = alone.0[..BONES * 16] != alone.0[BONES * 16 * 300..][..BONES * 16];
    assert!(moved && alone.1.iter().all(|flag| *flag < 2));
    for threads in [2, 3, 7, 16] {
        par::set_threads(threads);
        for _ in 0..3 {
            assert!(results(&plan, &frames) == alone, "{threads} threads");
        }
    }
    par::set_threads(0);
}
