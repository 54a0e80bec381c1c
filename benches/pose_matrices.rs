//! Channels to pose matrices: items are bones, times frames in batches.
//!
//! The rig is made of chains: every bone hangs on the one before, every eighth on one further up.
//! All runs stay on one thread. `cargo bench --bench pose_matrices`

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use glam::{Mat4, Vec3};
use limber::capi::processor;
use limber::channels::{Channels, Frames, Matrix};
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

struct Scene {
    parents: Vec<i32>,
    rest: Vec<Matrix>,
    location: Vec<f32>,
    quaternion: Vec<f32>,
    euler: Vec<f32>,
    scale: Vec<f32>,
    xyz: Vec<i32>,
}

impl Scene {
    fn new(bones: usize, frames: usize) -> Self {
        let mut numbers = Numbers(1);
        let rest = (0..bones)
            .map(|_| {
                let mut point = || Vec3::new(numbers.next(), numbers.next(), numbers.next());
                let (head, along) = (point(), point() + Vec3::new(0.0, 1.5, 0.0));
                Mat4::from(rest::rest_matrix(head, head + along, numbers.next())).to_cols_array()
            })
            .collect();
        let parents = (0..bones as i32).map(|b| if b % 8 == 7 { b / 2 } else { b - 1 }).collect();
        let count = bones * frames;
        Self {
            parents,
            rest,
            location: numbers.list(count * 3, 0.0, 1.0),
            quaternion: numbers.list(count * 4, 0.0, 1.0),
            euler: numbers.list(count * 3, 0.0, 3.0),
            scale: numbers.list(count * 3, 1.0, 0.1),
            xyz: vec![1; bones],
        }
    }

    fn channels(&self) -> Channels<'_> {
        let n = self.parents.len();
        Channels {
            location: Some(Frames::new(&self.location, n * 3)),
            rotation_quaternion: Some(Frames::new(&self.quaternion, n * 4)),
            rotation_euler: Some(Frames::new(&self.euler, n * 3)),
            scale: Some(Frames::new(&self.scale, n * 3)),
            ..Channels::default()
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
}

const BONES: [usize; 3] = [64, 256, 1024];

fn one(bencher: Bencher, rig: Rig, channels: Channels) {
    let hierarchy = Hierarchy::new(rig).unwrap();
    let mut out = vec![[0.0; 16]; hierarchy.len()];
    bencher.counter(ItemsCount::new(hierarchy.len())).bench_local(|| {
        hierarchy.pose_matrices(black_box(&channels), 0, &mut out);
        black_box(&out);
    });
}

/// One pose, Blender's default inherit settings, quaternions; the hierarchy was made before.
#[divan::bench(args = BONES)]
fn single(bencher: Bencher, bones: usize) {
    let scene = Scene::new(bones, 1);
    one(bencher, scene.rig(), scene.channels());
}

/// As `single`, with the flag arrays given (all at their defaults) as a caller of C does.
#[divan::bench(args = BONES)]
fn single_with_flags(bencher: Bencher, bones: usize) {
    let scene = Scene::new(bones, 1);
    let (scales, ones, zeros) = (vec![0; bones], vec![1; bones], vec![0; bones]);
    let rig = Rig {
        inherit_scale: Some(&scales),
        use_inherit_rotation: Some(&ones),
        use_local_location: Some(&ones),
        use_connect: Some(&zeros),
        ..scene.rig()
    };
    one(bencher, rig, scene.channels());
}

/// As `single` with XYZ Euler angles: three sines and cosines a bone, in double.
#[divan::bench(args = [256])]
fn single_euler(bencher: Bencher, bones: usize) {
    let scene = Scene::new(bones, 1);
    one(bencher, scene.rig(), Channels { rotation_mode: Some(&scene.xyz), ..scene.channels() });
}

/// As `single`, every bone with the inherit setting of this number.
#[divan::bench(args = [1, 2, 3, 4, 5])]
fn single_inherit_scale(bencher: Bencher, number: i32) {
    let scene = Scene::new(256, 1);
    let scales = vec![number; 256];
    one(bencher, Rig { inherit_scale: Some(&scales), ..scene.rig() }, scene.channels());
}

/// As `single`, and the hierarchy made anew from the rest matrices every time.
#[divan::bench(args = [256])]
fn prepare_and_single(bencher: Bencher, bones: usize) {
    let scene = Scene::new(bones, 1);
    let (rig, channels) = (scene.rig(), scene.channels());
    let mut out = vec![[0.0; 16]; bones];
    bencher.counter(ItemsCount::new(bones)).bench_local(|| {
        Hierarchy::new(black_box(rig)).unwrap().pose_matrices(&channels, 0, &mut out);
        black_box(&out);
    });
}

/// 64 frames, which with 64 bones fit the second-level cache; with 1024 bones they do not.
#[divan::bench(args = BONES)]
fn batch(bencher: Bencher, bones: usize) {
    const FRAMES: usize = 64;
    let scene = Scene::new(bones, FRAMES);
    let channels = scene.channels();
    let hierarchy = Hierarchy::new(scene.rig()).unwrap();
    let mut out = vec![0.0; bones * FRAMES * 16];
    bencher.counter(ItemsCount::new(bones * FRAMES)).bench_local(|| {
        hierarchy.pose_matrices_batch(black_box(&channels), FRAMES, &mut out, bones * 16);
        black_box(&out);
    });
}

/// The way back, pose matrices to channel matrices.
#[divan::bench(args = [256])]
fn local(bencher: Bencher, bones: usize) {
    let scene = Scene::new(bones, 1);
    let hierarchy = Hierarchy::new(scene.rig()).unwrap();
    let mut pose = vec![[0.0; 16]; bones];
    hierarchy.pose_matrices(&scene.channels(), 0, &mut pose);
    let mut out = pose.clone();
    bencher.counter(ItemsCount::new(bones)).bench_local(|| {
        hierarchy.local_matrices(black_box(&pose), &mut out);
        black_box(&out);
    });
}
