//! The rig of the benches: it is made of chains, every bone hangs on the one before, every eighth
//! on one further up.

use glam::{Mat4, Vec3};
use limber::channels::{Channels, Frames, Matrix};
use limber::hierarchy::Rig;
use limber::rest;

/// A sequence of numbers from -1 to 1.
pub struct Numbers(pub u32);

impl Numbers {
    pub fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / (1 << 23) as f32 - 1.0
    }

    pub fn list(&mut self, count: usize, around: f32, spread: f32) -> Vec<f32> {
        (0..count).map(|_| around + spread * self.next()).collect()
    }
}

/// A rig with channels of many frames.
pub struct Scene {
    parents: Vec<i32>,
    rest: Vec<Matrix>,
    location: Vec<f32>,
    quaternion: Vec<f32>,
    euler: Vec<f32>,
    scale: Vec<f32>,
}

impl Scene {
    pub fn new(bones: usize, frames: usize) -> Self {
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
        }
    }

    pub fn channels(&self) -> Channels<'_> {
        let n = self.parents.len();
        Channels {
            location: Some(Frames::new(&self.location, n * 3)),
            rotation_quaternion: Some(Frames::new(&self.quaternion, n * 4)),
            rotation_euler: Some(Frames::new(&self.euler, n * 3)),
            scale: Some(Frames::new(&self.scale, n * 3)),
            ..Channels::default()
        }
    }

    pub fn rig(&self) -> Rig<'_> {
        Rig { parents: &self.parents, rest: &self.rest, ..Rig::default() }
    }
}

/// Numbers of bones.
pub const BONES: [usize; 3] = [64, 256, 1024];
