//! Poses taken over into channels and into the rest pose: what must hold for every rig, and the
//! values that Blender gave for two bones.

use glam::{Affine3A, Mat4, Vec3};
use limber::apply_rest::{Change, EditBones, apply_pose};
use limber::channels::{Channels, Frames, Matrix};
use limber::hierarchy::{Hierarchy, Rig};
use limber::pose::{BBonesMut, Mask, PoseMut};
use limber::rest::rest_matrix;
use limber::rotation::{RotationMode, quat_dot};
use limber::visual;
use proptest::prelude::*;

#[path = "common/posed.rs"]
mod posed;
#[path = "common/rig.rs"]
mod rig;
use posed::pose_matrices;
use rig::{RandomPose, RandomRig, poses, rigs};

/// The same channels, to be written.
fn writable(pose: &mut RandomPose) -> PoseMut<'_> {
    PoseMut {
        bone_count: pose.bones,
        location: Some(bytemuck::cast_slice_mut(&mut pose.location)),
        rotation_quaternion: Some(bytemuck::cast_slice_mut(&mut pose.quaternion)),
        rotation_euler: Some(bytemuck::cast_slice_mut(&mut pose.euler)),
        rotation_axis_angle: Some(bytemuck::cast_slice_mut(&mut pose.axis_angle)),
        scale: Some(bytemuck::cast_slice_mut(&mut pose.scale)),
        rotation_mode: Some(&mut pose.mode),
        ..PoseMut::default()
    }
}

fn size(matrices: &[Matrix]) -> f32 {
    matrices.iter().flatten().fold(1.0, |most, value| most.max(value.abs()))
}

fn apart(a: &[Matrix], b: &[Matrix]) -> f32 {
    a.iter().flatten().zip(b.iter().flatten()).fold(0.0, |most, (a, b)| most.max((a - b).abs()))
}

/// Rigs with one pose; scales are made mild, so that the way back can be computed in 32 bits.
fn posed_rigs() -> impl Strategy<Value = (RandomRig, RandomPose, RandomPose)> {
    rigs(12).prop_flat_map(|rig| {
        let n = rig.parents.len();
        (Just(rig), poses(n, 1), poses(n, 1))
    })
}

fn mild(mut pose: RandomPose) -> RandomPose {
    pose.scale.iter_mut().for_each(|s| *s = 0.8 + 0.4 * (s.abs() % 1.0));
    pose
}

proptest! {
    /// Without constraints the channels give the pose matrices that they were taken from.
    #[test]
    fn visual_apply_reproduces_every_pose_matrix((rig, shown, stored) in posed_rigs()) {
        let mut rig = rig;
        // A connected bone cannot take a location over.
        rig.connect.iter_mut().for_each(|flag| *flag = 0);
        let (mut shown, mut stored) = (mild(shown), mild(stored));
        stored.mode.clone_from(&shown.mode);
        shown.scale.fill(1.0);
        let wanted = pose_matrices(&rig, &shown);
        prop_assume!(size(&wanted) < 50.0);
        let hierarchy = Hierarchy::new(rig.rig()).unwrap();
        visual::apply(&hierarchy, &wanted, &mut writable(&mut stored), Mask(None));
        let got = pose_matrices(&rig, &stored);
        let off = apart(&wanted, &got);
        prop_assert!(off < 2e-4 * size(&wanted), "{off}");
    }

    /// Frames of a batch are those of single calls, but for the choice of Euler angles and signs.
    #[test]
    fn batches_go_on_from_frame_to_frame((rig, one, other) in posed_rigs()) {
        let mut one = mild(one);
        let mut frames = pose_matrices(&rig, &one);
        one.location.iter_mut().for_each(|x| *x += 0.01);
        frames.extend(pose_matrices(&rig, &one));
        frames.extend(pose_matrices(&rig, &mild(other)));
        let n = rig.parents.len();
        let mut location = vec![[0.0; 3]; 3 * n];
        let mut quaternion = vec![[0.0; 4]; 3 * n];
        let mut euler = vec![[0.0; 3]; 3 * n];
        let mut out = visual::FramesMut {
            location: Some(&mut location),
            rotation_quaternion: Some(&mut quaternion),
            rotation_euler: Some(&mut euler),
            ..visual::FramesMut::default()
        };
        let hierarchy = Hierarchy::new(rig.rig()).unwrap();
        visual::apply_frames(&hierarchy, &one.mode, &frames, &mut out, true);
        for bone in 0..n {
            let mode = RotationMode::from_number(one.mode[bone]).unwrap();
            for frame in 1..3 {
                let (now, before) = (frame * n + bone, (frame - 1) * n + bone);
                if mode == RotationMode::Quaternion {
                    prop_assert!(quat_dot(quaternion[now], quaternion[before]) >= 0.0);
                } else if mode.is_euler() {
                    for (now, before) in euler[now].iter().zip(euler[before]) {
                        prop_assert!((now - before).abs() < 3.2 + 1e-3);
                    }
                }
            }
        }
    }

    /// Of a pose without scale, the new rest matrices are the pose matrices: what follows the
    /// bones stays where it was.
    #[test]
    fn applied_poses_stay((rig, pose, _) in posed_rigs()) {
        let mut pose = pose;
        pose.scale.fill(1.0);
        let n = pose.bones;
        let lengths = vec![0.7; n];
        let posed = pose_matrices(&rig, &pose);
        prop_assume!(size(&posed) < 50.0);
        let hierarchy = Hierarchy::new(Rig { lengths: Some(&lengths), ..rig.rig() }).unwrap();
        let mut head = vec![[0.0; 3]; n];
        let mut tail = vec![[0.0; 3]; n];
        let mut roll = vec![0.0; n];
        let mut change = vec![Change::None; n];
        let mut edit = EditBones {
            head: &mut head,
            tail: &mut tail,
            roll: &mut roll,
            bbone: BBonesMut::default(),
            segments: None,
            change: &mut change,
        };
        apply_pose(&hierarchy, &posed, &mut writable(&mut pose), &mut edit, None);
        prop_assert!(change.iter().all(|change| *change == Change::Applied));
        for bone in 0..n {
            let rest = rest_matrix(head[bone].into(), tail[bone].into(), roll[bone]);
            let off = apart(&[Mat4::from(rest).to_cols_array()], &[posed[bone]]);
            prop_assert!(off < 2e-4 * size(&posed), "bone {bone}: {off}");
        }
        prop_assert!(pose.location.iter().all(|x| *x == 0.0));
        let unit = |row: &[f32]| row == [1.0, 0.0, 0.0, 0.0];
        prop_assert!(pose.quaternion.chunks(4).all(unit));
    }
}

/// The two bones whose values Blender 4.5 and 5.2 gave alike.
#[test]
fn applying_two_bones_gives_blender_s_heads_tails_and_rolls() {
    let heads = [Vec3::ZERO, Vec3::new(0.5, 1.2, 0.1)];
    let tails = [Vec3::new(0.2, 1.0, 0.3), Vec3::new(0.9, 1.5, 0.8)];
    let rest: Vec<Matrix> = [(0, 0.5), (1, -0.7)]
        .map(|(i, roll)| rest_matrix(heads[i], tails[i], roll))
        .map(|m: Affine3A| Mat4::from(m).to_cols_array())
        .to_vec();
    let lengths = [0, 1].map(|i: usize| (tails[i] - heads[i]).length());
    let rig = Rig { parents: &[-1, 0], rest: &rest, lengths: Some(&lengths), ..Rig::default() };
    let hierarchy = Hierarchy::new(rig).unwrap();
    let location = [[0.1, 0.2, 0.3], [0.3, -0.2, 0.1]];
    let euler = [[0.4, 0.5, 0.6], [0.0; 3]];
    let quaternion = [[1.0, 0.0, 0.0, 0.0], [0.8, 0.1, 0.2, 0.3]];
    let scale = [[1.5, 0.5, 0.8], [1.2, 0.9, 1.1]];
    let channels = Channels {
        location: Some(Frames::single(&location)),
        rotation_quaternion: Some(Frames::single(&quaternion)),
        rotation_euler: Some(Frames::single(&euler)),
        scale: Some(Frames::single(&scale)),
        rotation_mode: Some(&[1, 0]),
        ..Channels::default()
    };
    let mut posed = [[0.0; 16]; 2];
    hierarchy.pose_matrices(&channels, 0, &mut posed);
    let mut head = [[0.0; 3]; 2];
    let mut tail = [[0.0; 3]; 2];
    let mut roll = [0.0; 2];
    let mut edit = EditBones {
        head: &mut head,
        tail: &mut tail,
        roll: &mut roll,
        bbone: BBonesMut::default(),
        segments: None,
        change: &mut [Change::None; 2],
    };
    apply_pose(&hierarchy, &posed, &mut PoseMut::default(), &mut edit, None);
    let wanted = [
        [[0.259099, 0.083802, 0.256602], [0.256646, 0.461031, 0.631025]],
        [[0.510184, 0.749205, 0.213135], [0.355403, 0.51003, 0.880255]],
    ];
    for (bone, [wanted_head, wanted_tail]) in wanted.iter().enumerate() {
        for axis in 0..3 {
            assert!((head[bone][axis] - wanted_head[axis]).abs() < 3e-6, "{head:?}");
            assert!((tail[bone][axis] - wanted_tail[axis]).abs() < 3e-6, "{tail:?}");
        }
    }
    assert!((roll[0] - 1.03065).abs() < 1e-5 && (roll[1] + 0.158127).abs() < 1e-5, "{roll:?}");
}
