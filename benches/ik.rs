//! Inverse kinematics of legs: two bones that stretch, the lower one a hinge, 500 iterations at
//! most, as automatic rigs have them. One thread; the figures are of one chain.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use glam::{Affine3A, Mat4, Vec3};
use limber::channels::Matrix;
use limber::hierarchy::{Hierarchy, Rig};
use limber::ik::{Goal, Input, Joint, Scratch, trees};

fn main() {
    divan::main();
}

const PARENTS: [i32; 5] = [-1, 0, 1, -1, -1];
const POSES: usize = 64;

/// Root, thigh, shin; goal and pole.
fn rest() -> Vec<Matrix> {
    let down = Mat4::from_rotation_x(-std::f32::consts::FRAC_PI_2);
    let at = |y: f32, z: f32, turn: f32| {
        let place = Mat4::from_translation(Vec3::new(0.0, y, z));
        (place * down * Mat4::from_rotation_x(turn)).to_cols_array()
    };
    vec![
        at(0.0, 1.0, 0.0),
        at(0.0, 1.0, 0.1),
        at(0.05, 0.5, -0.1),
        at(0.0, 0.0, 0.0),
        at(-1.0, 0.5, 0.0),
    ]
}

/// Looks at bones 3 and 4.
struct Targets;

impl Input for Targets {
    fn influence(&self, _goal: usize) -> f32 {
        1.0
    }

    fn target(&self, _goal: usize, pose: &[Matrix]) -> Matrix {
        pose[3]
    }

    fn pole(&self, _goal: usize, pose: &[Matrix]) -> Matrix {
        pose[4]
    }
}

/// Where the foot goes: `reach` is how far from the hip at most, in lengths of the leg.
fn solve(bencher: Bencher, pole: bool, reach: f32) {
    let rest = rest();
    let lengths = [0.3, 0.5, 0.5, 0.2, 0.2];
    let rig = Rig { parents: &PARENTS, rest: &rest, lengths: Some(&lengths), ..Rig::default() };
    let rig = Hierarchy::new(rig).unwrap();
    let mut joints = [Joint { stretch: 0.1, ..Joint::default() }; 5];
    joints[2].lock = [false, true, true];
    let goal = Goal {
        bone: 2,
        tip: 2,
        chain_count: 2,
        use_stretch: true,
        iterations: 500,
        location: Some(1.0),
        rotation: None,
        pole: pole.then_some(0.0),
    };
    let trees = trees(&PARENTS, &joints, &[goal], &[true]);
    let poses: Vec<Vec<Matrix>> = (0..POSES)
        .map(|pose| {
            let mut matrices = rest.clone();
            let angle = pose as f32 * 0.1;
            let far = reach * (0.75 + 0.25 * (angle * 3.0).sin());
            let foot = Vec3::new(0.0, 0.5 * angle.sin(), -1.0).normalize() * far;
            let foot = Affine3A::from_translation(Vec3::new(0.0, 0.0, 1.0) + foot);
            matrices[3] = Mat4::from(foot).to_cols_array();
            matrices
        })
        .collect();
    let (mut scratch, mut pose) = (Scratch::default(), rest.clone());
    bencher.counter(ItemsCount::new(POSES)).bench_local(|| {
        for from in &poses {
            pose.copy_from_slice(from);
            trees[0].solve(&rig, &Targets, &mut pose, &mut scratch);
            black_box(&pose);
        }
    });
}

#[divan::bench(args = [0.95, 1.1])]
fn leg(bencher: Bencher, reach: f32) {
    solve(bencher, false, reach);
}

#[divan::bench(args = [0.95, 1.1])]
fn leg_with_pole(bencher: Bencher, reach: f32) {
    solve(bencher, true, reach);
}
