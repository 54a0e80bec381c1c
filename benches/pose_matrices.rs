//! Channels to pose matrices: items are bones, times frames in batches.
//!
//! All runs stay on one thread. `cargo bench --bench pose_matrices`

#[path = "common/scene.rs"]
mod scene;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use limber::capi::processor;
use limber::channels::Channels;
use limber::hierarchy::{Hierarchy, Rig};
use scene::{BONES, Scene};

fn main() {
    limber::par::set_threads(1);
    divan::main();
}

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
    let (scene, xyz) = (Scene::new(bones, 1), vec![1; bones]);
    one(bencher, scene.rig(), Channels { rotation_mode: Some(&xyz), ..scene.channels() });
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
    let kernel = processor::eight_kernel();
    let mut out = vec![0.0; bones * FRAMES * 16];
    bencher.counter(ItemsCount::new(bones * FRAMES)).bench_local(|| {
        hierarchy.pose_matrices_batch(black_box(&channels), FRAMES, &mut out, bones * 16, kernel);
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
