//! Poses through the evaluator, on one thread: `cargo bench --bench evaluator`.
//!
//! The rig is made of chains, as in the bench of the pose matrices. Items are bones times frames,
//! where curves are evaluated curves times frames.

use bytemuck::Zeroable;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use glam::{Mat4, Vec3};
use limber::capi::processor;
use limber::channels::{Channels, Frames, Matrix};
use limber::constraints::{Axis, Kind};
use limber::evaluator::*;
use limber::fcurve::{Curve, Key};
use limber::hierarchy::{Hierarchy, Rig};
use limber::rest;

fn main() {
    limber::par::set_threads(1);
    divan::main();
}

/// A sequence of numbers from -1 to 1.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / (1 << 23) as f32 - 1.0
    }

    fn list(&mut self, count: usize, around: f32, spread: f32) -> Vec<f32> {
        (0..count).map(|_| around + spread * self.next()).collect()
    }
}

const BONES: [usize; 3] = [64, 256, 1024];
const FRAMES: usize = 64;
const NO_CONSTRAINTS: Constraints =
    Constraints { list: &[], targets: &[], spaces: None, joints: &[] };

struct Scene {
    parents: Vec<i32>,
    rest: Vec<Matrix>,
    location: Vec<f32>,
    quaternion: Vec<f32>,
    scale: Vec<f32>,
}

impl Scene {
    fn new(bones: usize) -> Self {
        let mut numbers = Numbers(1);
        let rest = (0..bones)
            .map(|_| {
                let mut point = || Vec3::new(numbers.next(), numbers.next(), numbers.next());
                let (head, along) = (point(), point() + Vec3::new(0.0, 1.5, 0.0));
                Mat4::from(rest::rest_matrix(head, head + along, numbers.next())).to_cols_array()
            })
            .collect();
        Self {
            parents: (0..bones as i32).map(|b| if b % 8 == 7 { b / 2 } else { b - 1 }).collect(),
            rest,
            location: numbers.list(bones * FRAMES * 3, 0.0, 1.0),
            quaternion: numbers.list(bones * FRAMES * 4, 0.0, 1.0),
            scale: numbers.list(bones * FRAMES * 3, 1.0, 0.1),
        }
    }

    fn rig(&self) -> Rig<'_> {
        Rig {
            parents: &self.parents,
            rest: &self.rest,
            eight_kernel: processor::eight_kernel(),
            ..Rig::default()
        }
    }

    fn channels(&self) -> Channels<'_> {
        let n = self.parents.len();
        Channels {
            location: Some(Frames::new(&self.location, n * 3)),
            rotation_quaternion: Some(Frames::new(&self.quaternion, n * 4)),
            scale: Some(Frames::new(&self.scale, n * 3)),
            ..Channels::default()
        }
    }
}

fn from_channels(bencher: Bencher, bones: usize, constraints: Constraints) {
    let scene = Scene::new(bones);
    let (hierarchy, channels) = (Hierarchy::new(scene.rig()).unwrap(), scene.channels());
    let plan = Plan::new(&hierarchy, &constraints, None);
    let evaluator = Evaluator::new(&hierarchy, constraints, &plan, None);
    let mut out = vec![[0.0; 16]; bones * FRAMES];
    bencher.counter(ItemsCount::new(bones * FRAMES)).bench_local(|| {
        evaluator.evaluate(black_box(&channels), &Moving::default(), &mut out);
        black_box(&out);
    });
}

/// Channels to matrices, 64 frames, no constraints.
#[divan::bench(args = BONES)]
fn channels(bencher: Bencher, bones: usize) {
    from_channels(bencher, bones, NO_CONSTRAINTS);
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
        Constraints { list: &list, targets: &targets, spaces: None, joints: &[] },
    );
}

/// Curves of 26 keys, 10 frames apart, `interpolation` as Blender's numbers: 0 constant, 1 linear,
/// 2 Bezier.
fn keys(count: usize, interpolation: u8) -> Vec<Vec<Key>> {
    let mut numbers = Numbers(7);
    let key = |index: usize, value: f32| {
        let frame = index as f32 * 10.0;
        Key {
            point: [frame, value],
            handle_left: [frame - 10.0 / 3.0, value - 0.1],
            handle_right: [frame + 10.0 / 3.0, value + 0.1],
            interpolation,
            ..Key::zeroed()
        }
    };
    (0..count).map(|_| (0..26).map(|index| key(index, numbers.next())).collect()).collect()
}

fn whole_rig(bencher: Bencher, bones: usize, interpolation: u8, every_curve: bool) {
    let scene = Scene::new(bones);
    let keys = if every_curve { keys(bones * 10, interpolation) } else { Vec::new() };
    let slots = Slots::new(bones, 0, 0, 0);
    let kinds = [Slot::Location, Slot::Quaternion, Slot::Scale];
    let all: Vec<_> = kinds.iter().flat_map(|kind| slots.range(*kind)).collect();
    let input = RigInput {
        rig: scene.rig(),
        channels: scene.channels(),
        constraints: NO_CONSTRAINTS,
        values: None,
        influence: None,
        mute: None,
        weights: None,
        target_matrices: None,
        object: None,
        driver_matrices: &[],
        custom: &[],
        curve_slots: &all[..keys.len()],
        curve_limits: None,
        actions: &[],
        drivers: &[],
        given: None,
        chosen: None,
        wanted: &[],
    };
    let plan = RigPlan::new(&input, |curve| Curve::new(keys[curve].as_slice())).unwrap();
    let frames: Vec<f32> = (0..250).map(|frame| frame as f32).collect();
    let mut out = vec![[0.0; 16]; bones * frames.len()];
    bencher.counter(ItemsCount::new(frames.len() * keys.len().max(bones))).bench_local(|| {
        let out = Outputs { matrices: Some(&mut out), ..Outputs::default() };
        plan.evaluate(black_box(&frames), &Outside::default(), out);
    });
}

/// A plan of a whole rig with ten curves a bone, 250 frames: an item is a curve's sample with its
/// tenth of a bone's matrices.
#[divan::bench(args = [0, 1, 2])]
fn plan_with_curves(bencher: Bencher, interpolation: u8) {
    whole_rig(bencher, 256, interpolation, true);
}

/// The same without curves: an item is a bone's matrix.
#[divan::bench(args = BONES)]
fn plan_without_curves(bencher: Bencher, bones: usize) {
    whole_rig(bencher, bones, 2, false);
}
