//! Poses through the evaluator, on one thread: `cargo bench --bench evaluator`.
//!
//! Items are bones times frames, where curves are evaluated curves times frames.

#[path = "common/scene.rs"]
mod scene;

use bytemuck::Zeroable;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use limber::capi::processor;
use limber::constraints::{Axis, Kind};
use limber::evaluator::*;
use limber::fcurve::{Curve, Key};
use limber::hierarchy::Hierarchy;
use scene::{BONES, Numbers, Scene};

fn main() {
    limber::par::set_threads(1);
    divan::main();
}

const FRAMES: usize = 64;

fn from_channels(bencher: Bencher, bones: usize, constraints: Constraints) {
    let scene = Scene::new(bones, FRAMES);
    let (hierarchy, channels) = (Hierarchy::new(scene.rig()).unwrap(), scene.channels());
    let plan = Plan::new(&hierarchy, &constraints, None);
    let evaluator =
        Evaluator::new(&hierarchy, constraints, &plan, None).by_eight(processor::eight_kernel());
    let mut out = vec![[0.0; 16]; bones * FRAMES];
    bencher.counter(ItemsCount::new(bones * FRAMES)).bench_local(|| {
        evaluator.evaluate(black_box(&channels), &Moving::default(), &mut out);
        black_box(&out);
    });
}

/// Channels to matrices, 64 frames, no constraints.
#[divan::bench(args = BONES)]
fn channels(bencher: Bencher, bones: usize) {
    from_channels(bencher, bones, Constraints::NONE);
}

/// The same, every eighth bone with a constraint that turns it to another one. Those below it have
/// to wait for it.
#[divan::bench(args = [256])]
fn channels_damped_track(bencher: Bencher, bones: usize) {
    let targets: Vec<_> = (0..bones / 8).map(|number| Target::Bone(number * 8, 0.0)).collect();
    let constraint = |number: usize| Constraint {
        bone: number * 8 + 7,
        effect: Effect::Known(Kind::DampedTrack(Axis { index: 1, negative: false })),
        owner_space: Space::World,
        target_space: Space::World,
        space_bone: None,
        targets: number..number + 1,
    };
    let list: Vec<_> = (0..targets.len()).map(constraint).collect();
    from_channels(
        bencher,
        bones,
        Constraints { list: &list, targets: &targets, ..Constraints::NONE },
    );
}

/// Curves of 26 keys, 10 frames apart, `interpolation` as Blender's numbers: 0 constant, 1 linear,
/// 2 Bezier; each curve begins `apart` frames after the one before it.
fn keys(count: usize, interpolation: u8, apart: f32) -> Vec<Vec<Key>> {
    let mut numbers = Numbers(7);
    let key = |start: f32, index: usize, value: f32| {
        let frame = start + index as f32 * 10.0;
        Key {
            point: [frame, value],
            handle_left: [frame - 10.0 / 3.0, value - 0.1],
            handle_right: [frame + 10.0 / 3.0, value + 0.1],
            interpolation,
            ..Key::zeroed()
        }
    };
    let starts = (0..count).map(|curve| curve as f32 * apart);
    starts.map(|start| (0..26).map(|index| key(start, index, numbers.next())).collect()).collect()
}

fn whole_rig(bencher: Bencher, bones: usize, keys: &[Vec<Key>]) {
    let scene = Scene::new(bones, FRAMES);
    let slots = Slots::new(bones, 0, 0, 0);
    let kinds = [Slot::Location, Slot::Quaternion, Slot::Scale];
    let all: Vec<_> = kinds.iter().flat_map(|kind| slots.range(*kind)).collect();
    let input = RigInput {
        curve_slots: &all[..keys.len()],
        ..RigInput::new(scene.rig(), scene.channels(), Constraints::NONE)
    };
    let plan = RigPlan::new(&input, |curve| Curve::new(keys[curve].as_slice())).unwrap();
    let plan = plan.by_eight(processor::eight_kernel());
    let frames: Vec<f32> = (0..250).map(|frame| frame as f32).collect();
    let mut out = vec![[0.0; 16]; bones * frames.len()];
    bencher.counter(ItemsCount::new(frames.len() * keys.len().max(bones))).bench_local(|| {
        let out = Outputs { matrices: Some(&mut out), ..Outputs::default() };
        plan.evaluate(black_box(&frames), &Outside::default(), out);
    });
}

/// A plan of a whole rig with ten curves a bone, 250 frames: an item is a curve's sample with its
/// tenth of a bone's matrices. All curves have their keys at the same frames.
#[divan::bench(args = [0, 1, 2])]
fn plan_with_curves(bencher: Bencher, interpolation: u8) {
    whole_rig(bencher, 256, &keys(2560, interpolation, 0.0));
}

/// The same with Bezier keys, each curve's at frames of its own.
#[divan::bench]
fn plan_with_curves_apart(bencher: Bencher) {
    whole_rig(bencher, 256, &keys(2560, 2, 1.0 / 1024.0));
}

/// The same without curves: an item is a bone's matrix.
#[divan::bench(args = BONES)]
fn plan_without_curves(bencher: Bencher, bones: usize) {
    whole_rig(bencher, bones, &[]);
}
