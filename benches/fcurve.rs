//! Nanoseconds a sample of F-curve evaluation: `cargo bench --bench fcurve`.
//!
//! One curve of 100 keys, 10 frames apart, with automatic-looking handles, at 4,000 frames on one
//! thread; the item of the throughput is one sample. `table` is 10,000 curves of 10 keys at two
//! frames, as an operator reads them; its item is one curve.

use bytemuck::Zeroable;
use divan::{Bencher, black_box, counter::ItemsCount};
use limber::fcurve::{Curve, Key, KeyLayout, KeyView, Keys, evaluate_curves};

const KEYS: usize = 100;
const SAMPLES: usize = 4000;

fn main() {
    limber::par::set_threads(1);
    divan::main();
}

/// A small random generator (splitmix64), the same on every machine: 0..1.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// How far the handles reach, in parts of a segment.
#[derive(Clone, Copy)]
enum Reach {
    /// A third, as automatic handles with continuous acceleration.
    Third,
    /// Anything up to the whole segment.
    Any,
}

fn keys(count: usize, interpolation: u8, reach: Reach) -> Vec<Key> {
    let mut dice = Dice(1);
    let mut length = || match reach {
        Reach::Third => 10.0 / 3.0,
        Reach::Any => 0.5 + 9.5 * dice.next(),
    };
    let mut values = Dice(2);
    (0..count)
        .map(|i| {
            let (frame, value) = (i as f32 * 10.0, values.next() * 10.0);
            Key {
                point: [frame, value],
                handle_left: [frame - length(), value - 0.5],
                handle_right: [frame + length(), value + 0.5],
                interpolation,
                back: 1.70158,
                amplitude: 0.8,
                period: 4.1,
                ..Key::zeroed()
            }
        })
        .collect()
}

fn in_sequence() -> Vec<f32> {
    let step = (KEYS - 1) as f32 * 10.0 / SAMPLES as f32;
    (0..SAMPLES).map(|i| 0.01 + i as f32 * step).collect()
}

fn at_random() -> Vec<f32> {
    let mut dice = Dice(3);
    (0..SAMPLES).map(|_| dice.next() * (KEYS - 1) as f32 * 10.0).collect()
}

fn evaluate<K: Keys>(bencher: Bencher, keys: K, frames: &[f32]) {
    let mut out = vec![0.0; frames.len()];
    bencher.counter(ItemsCount::new(frames.len())).bench_local(|| {
        Curve::new(keys).evaluate_frames(black_box(frames), &mut out);
        black_box(&out);
    });
}

const KINDS: [(&str, u8, Reach); 7] = [
    ("constant", 0, Reach::Third),
    ("linear", 1, Reach::Third),
    ("bezier, handles at a third", 2, Reach::Third),
    ("bezier, any handles", 2, Reach::Any),
    ("cubic", 6, Reach::Third),
    ("bounce", 4, Reach::Third),
    ("elastic", 7, Reach::Third),
];

fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(name, ..)| *name)
}

fn of_kind(name: &str) -> Vec<Key> {
    let (_, interpolation, reach) = KINDS.iter().find(|(n, ..)| *n == name).unwrap();
    keys(KEYS, *interpolation, *reach)
}

#[divan::bench(args = kinds())]
fn sequence(bencher: Bencher, kind: &str) {
    evaluate(bencher, &of_kind(kind)[..], &in_sequence());
}

#[divan::bench(args = kinds())]
fn random(bencher: Bencher, kind: &str) {
    evaluate(bencher, &of_kind(kind)[..], &at_random());
}

/// Records of 72 bytes, laid out as Blender's keys are: handle, point, handle of three floats each.
const FOREIGN: KeyLayout = KeyLayout {
    stride: 72,
    handle_left: 0,
    point: 12,
    handle_right: 24,
    interpolation: 44,
    easing: 48,
    back: 52,
    amplitude: 56,
    period: 60,
    handle_left_type: 45,
    handle_right_type: 46,
    key_type: 47,
    select_left: 49,
    select_point: 50,
    select_right: 51,
};

fn foreign(keys: &[Key]) -> Vec<u8> {
    let mut bytes = vec![0u8; keys.len() * FOREIGN.stride];
    for (key, record) in keys.iter().zip(bytes.chunks_exact_mut(FOREIGN.stride)) {
        let mut put = |at: usize, data: &[u8]| record[at..at + data.len()].copy_from_slice(data);
        put(FOREIGN.handle_left, bytemuck::bytes_of(&key.handle_left));
        put(FOREIGN.point, bytemuck::bytes_of(&key.point));
        put(FOREIGN.handle_right, bytemuck::bytes_of(&key.handle_right));
        put(FOREIGN.interpolation, &[key.interpolation]);
        put(FOREIGN.back, bytemuck::bytes_of(&key.back));
        put(FOREIGN.amplitude, bytemuck::bytes_of(&key.amplitude));
        put(FOREIGN.period, bytemuck::bytes_of(&key.period));
    }
    bytes
}

#[divan::bench(args = kinds())]
fn sequence_foreign(bencher: Bencher, kind: &str) {
    let bytes = foreign(&of_kind(kind));
    evaluate(bencher, KeyView::new(&bytes, KEYS, FOREIGN).unwrap(), &in_sequence());
}

#[divan::bench(args = kinds())]
fn random_foreign(bencher: Bencher, kind: &str) {
    let bytes = foreign(&of_kind(kind));
    evaluate(bencher, KeyView::new(&bytes, KEYS, FOREIGN).unwrap(), &at_random());
}

#[divan::bench(args = ["packed", "foreign"])]
fn table(bencher: Bencher, layout: &str) {
    const CURVES: usize = 10_000;
    let all = keys(CURVES * 10, 2, Reach::Third);
    let keys: Vec<Key> =
        all.iter().enumerate().map(|(i, k)| shifted(k, (i / 10) as f32 * -100.0)).collect();
    let bytes = foreign(&keys);
    let mut out = vec![0.0; CURVES * 2];
    let frames = [33.0, 57.0];
    let view = KeyView::empty(FOREIGN);
    bencher.counter(ItemsCount::new(CURVES)).bench_local(|| {
        let frames = black_box(&frames);
        if layout == "packed" {
            let curve = |i: usize| Curve::new(&keys[i * 10..i * 10 + 10]);
            evaluate_curves(CURVES, curve, frames, &mut out);
        } else {
            let curve =
                |i: usize| Curve::new(view.over(&bytes[i * 720..i * 720 + 720], 10).unwrap());
            evaluate_curves(CURVES, curve, frames, &mut out);
        }
        black_box(&out);
    });
}

fn shifted(key: &Key, by: f32) -> Key {
    let move_ = |[x, y]: [f32; 2]| [x + by, y];
    Key {
        point: move_(key.point),
        handle_left: move_(key.handle_left),
        handle_right: move_(key.handle_right),
        ..*key
    }
}
