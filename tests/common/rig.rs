//! Random rigs and poses: every inherit setting, every rotation mode.

use glam::{Mat4, Vec3};
use limber::channels::{Channels, Frames, Matrix};
use limber::hierarchy::Rig;
use limber::rest;
use proptest::prelude::*;

/// Arrays of a rig.
#[derive(Clone, Debug)]
pub struct RandomRig {
    pub parents: Vec<i32>,
    pub rest: Vec<Matrix>,
    pub inherit_scale: Vec<i32>,
    pub inherit_rotation: Vec<u8>,
    pub local_location: Vec<u8>,
    pub connect: Vec<u8>,
}

impl RandomRig {
    pub fn rig(&self) -> Rig<'_> {
        Rig {
            parents: &self.parents,
            rest: &self.rest,
            inherit_scale: Some(&self.inherit_scale),
            use_inherit_rotation: Some(&self.inherit_rotation),
            use_local_location: Some(&self.local_location),
            use_connect: Some(&self.connect),
            ..Rig::default()
        }
    }
}

/// Arrays of the channels of one or more frames.
#[derive(Clone, Debug)]
pub struct RandomPose {
    pub bones: usize,
    pub location: Vec<f32>,
    pub quaternion: Vec<f32>,
    pub euler: Vec<f32>,
    pub axis_angle: Vec<f32>,
    pub scale: Vec<f32>,
    pub mode: Vec<i32>,
}

impl RandomPose {
    pub fn channels(&self) -> Channels<'_> {
        let n = self.bones;
        Channels {
            location: Some(Frames::new(&self.location, n * 3)),
            rotation_quaternion: Some(Frames::new(&self.quaternion, n * 4)),
            rotation_euler: Some(Frames::new(&self.euler, n * 3)),
            rotation_axis_angle: Some(Frames::new(&self.axis_angle, n * 4)),
            scale: Some(Frames::new(&self.scale, n * 3)),
            rotation_mode: Some(&self.mode),
        }
    }
}

type Bone = (u16, [f32; 3], [f32; 3], f32, i32, u8);

fn bone() -> impl Strategy<Value = Bone> {
    let point = || prop::array::uniform3(-1.0f32..1.0);
    (any::<u16>(), point(), point(), -3.0f32..3.0, 0..12i32, 0u8..64)
}

/// A rig of up to `most` bones; about half of them with Blender's default settings.
pub fn rigs(most: usize) -> impl Strategy<Value = RandomRig> {
    prop::collection::vec(bone(), 1..most).prop_map(|bones| {
        let rest = |(_, head, along, roll, _, _): &Bone| {
            let head = Vec3::from(*head);
            let along = Vec3::from(*along) + Vec3::new(0.0, 0.1, 0.01);
            Mat4::from(rest::rest_matrix(head, head + along, *roll)).to_cols_array()
        };
        // One bone in eight is a root; the others hang on any bone before them.
        let parent = |(index, bone): (usize, &Bone)| {
            if bone.0 % 8 == 0 { -1 } else { (usize::from(bone.0) % (index + 1)) as i32 - 1 }
        };
        RandomRig {
            parents: bones.iter().enumerate().map(parent).collect(),
            rest: bones.iter().map(rest).collect(),
            inherit_scale: bones.iter().map(|b| if b.4 < 6 { b.4 } else { 0 }).collect(),
            inherit_rotation: bones.iter().map(|b| u8::from(b.5 & 3 != 0)).collect(),
            local_location: bones.iter().map(|b| u8::from(b.5 & 12 != 0)).collect(),
            connect: bones.iter().map(|b| u8::from(b.5 & 48 == 0)).collect(),
        }
    })
}

/// The channels of `frames` frames of `bones` bones.
pub fn poses(bones: usize, frames: usize) -> impl Strategy<Value = RandomPose> {
    let count = bones * frames;
    let values = move |width, range| prop::collection::vec(range, count * width);
    (
        values(3, -1.0f32..1.0),
        values(4, -1.0f32..1.0),
        values(3, -4.0f32..4.0),
        values(4, -2.0f32..2.0),
        values(3, 0.5f32..1.6),
        prop::collection::vec(-1..7i32, bones),
    )
        .prop_map(move |(location, quaternion, euler, axis_angle, scale, mode)| RandomPose {
            bones,
            location,
            quaternion,
            euler,
            axis_angle,
            scale,
            mode,
        })
}
