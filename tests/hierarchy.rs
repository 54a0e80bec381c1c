//! Rest matrices, pose matrices for every inherit setting, and the way back: values seen in
//! Blender (two bones), and what must hold for every rig.

use glam::{Affine3A, Mat3, Vec3};
use limber::capi::processor;
use limber::channels::{Channels, Frames, Matrix, basis_matrices};
use limber::decompose;
use limber::error::Error;
use limber::hierarchy::{Hierarchy, Rig, channel_matrices, head_tail, rest_offsets};
use limber::rest;
use limber::rotation::*;
use proptest::prelude::*;

#[path = "common/posed.rs"]
mod posed;
#[path = "common/rig.rs"]
mod rig;
use posed::pose_matrices;
use rig::{poses, rigs};

fn flat(m: &Affine3A) -> Matrix {
    glam::Mat4::from(*m).to_cols_array()
}

/// Rows, as matrices are printed; checks as many columns as given.
fn assert_rows(m: &Matrix, want: &[&[f32]; 3]) {
    for (row, values) in want.iter().enumerate() {
        for (column, value) in values.iter().enumerate() {
            let got = m[column * 4 + row];
            assert!((got - value).abs() < 1.2e-5, "[{row}][{column}] {got} {value} in {m:?}");
        }
    }
    assert_eq!([m[3], m[7], m[11], m[15]], [0.0, 0.0, 0.0, 1.0]);
}

/// `p` and its child `c`, not connected.
struct TwoBones {
    rest: [Matrix; 2],
    lengths: [f32; 2],
}

impl TwoBones {
    const HEAD: [Vec3; 2] = [Vec3::ZERO, Vec3::new(0.5, 1.2, 0.1)];
    const TAIL: [Vec3; 2] = [Vec3::new(0.2, 1.0, 0.3), Vec3::new(0.9, 1.5, 0.8)];
    const ROLL: [f32; 2] = [0.5, -0.7];

    fn new() -> Self {
        let bone = |i: usize| rest::rest_matrix(Self::HEAD[i], Self::TAIL[i], Self::ROLL[i]);
        let length = |i: usize| (Self::TAIL[i] - Self::HEAD[i]).length();
        Self { rest: [flat(&bone(0)), flat(&bone(1))], lengths: [length(0), length(1)] }
    }

    fn rig(&self) -> Rig<'_> {
        Rig { parents: &[-1, 0], rest: &self.rest, lengths: Some(&self.lengths), ..Rig::default() }
    }

    fn pose(&self, rig: Rig) -> [Matrix; 2] {
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
        let mut out = [[0.0; 16]; 2];
        Hierarchy::new(rig).unwrap().pose_matrices(&channels, 0, &mut out);
        out
    }
}

#[test]
fn rest_matrices() {
    let bones = TwoBones::new();
    assert_rows(
        &bones.rest[0],
        &[
            &[0.87469, 0.18814, 0.44667, 0.0],
            &[-0.02981, 0.94072, -0.33787, 0.0],
            &[-0.48376, 0.28222, 0.82845, 0.0],
        ],
    );
    assert_rows(
        &bones.rest[1],
        &[
            &[0.46150, 0.46499, -0.75551, 0.5],
            &[-0.87987, 0.34874, -0.32282, 1.2],
            &[0.11337, 0.81373, 0.57007, 0.1],
        ],
    );
}

#[test]
fn a_bone_along_minus_y_has_half_a_turn_about_z() {
    let m = rest::rest_mat3(Vec3::new(0.0, -2.0, 0.0), 0.0);
    assert_eq!(m, Mat3::from_diagonal(Vec3::new(-1.0, -1.0, 1.0)));
    for x in [1e-4, 1e-3, 1e-2, 0.1] {
        let m = rest::rest_mat3(Vec3::new(x, -1.0, x * 0.5), 1.0);
        assert!((m * m.transpose() - Mat3::IDENTITY).abs_diff_eq(Mat3::ZERO, 1e-4));
    }
}

#[test]
fn pose_of_the_parent_and_full_inheritance() {
    let bones = TwoBones::new();
    let [p, c] = bones.pose(bones.rig());
    assert_rows(
        &p,
        &[
            &[0.76894, -0.00231, 0.68688, 0.25910],
            &[0.90981, 0.35487, -0.28665, 0.08380],
            &[-0.91159, 0.35223, 0.29330, 0.25660],
        ],
    );
    assert_rows(
        &c,
        &[
            &[1.19839, -0.17993, -0.17661, 0.51018],
            &[0.35043, -0.27803, -1.01721, 0.74920],
            &[-0.30047, 0.77551, 0.53426, 0.21314],
        ],
    );
}

#[test]
fn every_inherit_scale() {
    let none: [&[f32]; 3] = [
        &[1.19602, -0.00718, 0.08909],
        &[0.09765, 0.09771, -1.08983],
        &[-0.00107, 0.89465, 0.11975],
    ];
    for (scale, rotation, want) in [
        (
            1,
            1,
            [
                &[0.88117, 0.03624, -0.12589][..],
                &[0.22979, -0.20991, -1.24750],
                &[-0.18632, 0.67548, 0.12175],
            ],
        ),
        (
            5,
            1,
            [
                &[1.79403, -0.00359, 0.07127],
                &[0.14648, 0.04886, -0.87186],
                &[-0.00160, 0.44733, 0.09580],
            ],
        ),
        (
            2,
            1,
            [
                &[1.00876, -0.00606, 0.07514],
                &[0.08236, 0.08242, -0.91920],
                &[-0.00090, 0.75458, 0.10100],
            ],
        ),
        (3, 1, none),
        (4, 1, none),
        (
            0,
            0,
            [
                &[1.24322, -0.47212, -0.78515],
                &[-0.26845, 0.27338, -0.43166],
                &[0.17769, 0.64301, 0.74063],
            ],
        ),
        (
            1,
            0,
            [
                &[0.89193, -0.23460, -0.76203],
                &[-0.19960, 0.20322, -0.85458],
                &[0.16909, 0.63665, 0.52529],
            ],
        ),
        (
            5,
            0,
            [
                &[1.56510, -0.08360, -0.40274],
                &[-0.44365, 0.28790, -0.64062],
                &[0.77048, 0.33560, 0.44923],
            ],
        ),
        (
            2,
            0,
            [
                &[0.88004, -0.14102, -0.42461],
                &[-0.24946, 0.48564, -0.67539],
                &[0.43323, 0.56611, 0.47362],
            ],
        ),
        (
            3,
            0,
            [
                &[1.04340, -0.16720, -0.50343],
                &[-0.29577, 0.57579, -0.80077],
                &[0.51365, 0.67120, 0.56154],
            ],
        ),
    ] {
        let bones = TwoBones::new();
        let [_, c] = bones.pose(Rig {
            inherit_scale: Some(&[0, scale]),
            use_inherit_rotation: Some(&[1, rotation]),
            ..bones.rig()
        });
        assert_rows(&c, &want);
        // The location does not depend on what else is inherited.
        for (got, want) in c[12..15].iter().zip([0.51018, 0.74920, 0.21314]) {
            assert!((got - want).abs() < 1.2e-5, "{c:?}");
        }
    }
}

#[test]
fn location_along_the_parents_axes_and_not_at_all() {
    let bones = TwoBones::new();
    let full = bones.pose(bones.rig())[1];
    let [_, c] = bones.pose(Rig { use_local_location: Some(&[1, 0]), ..bones.rig() });
    assert_eq!(c[..12], full[..12]);
    for (got, want) in c[12..15].iter().zip([0.75945, 1.05090, 0.03162]) {
        assert!((got - want).abs() < 1.2e-5, "{c:?}");
    }
    // A connected bone stays at its rest offset.
    let [p, c] = bones.pose(Rig { use_connect: Some(&[0, 1]), ..bones.rig() });
    let at = glam::Mat4::from_cols_array(&p)
        * glam::Mat4::from_cols_array(&bones.rest[0]).inverse()
        * glam::Vec4::new(0.5, 1.2, 0.1, 1.0);
    assert!(Vec3::from_slice(&c[12..15]).abs_diff_eq(at.truncate(), 1e-6));
}

#[test]
fn head_tail_and_roll_of_the_pose() {
    let bones = TwoBones::new();
    let poses = bones.pose(bones.rig());
    for (bone, head, tail, roll) in [
        (0, [0.259099, 0.0838024, 0.256602], [0.256646, 0.461031, 0.631025], 1.03065),
        (1, [0.510184, 0.749205, 0.213135], [0.355403, 0.51003, 0.880255], -0.158127),
    ] {
        let (got_head, got_tail) = head_tail(&poses[bone], bones.lengths[bone]);
        assert!(Vec3::from(got_head).abs_diff_eq(head.into(), 2e-6), "{got_head:?}");
        assert!(Vec3::from(got_tail).abs_diff_eq(tail.into(), 2e-6), "{got_tail:?}");
        let m = glam::Mat4::from_cols_array(&poses[bone]);
        let axes = Mat3::from_mat4(m);
        let got = rest::roll_from_mat3(&axes, Vec3::from(got_tail) - Vec3::from(got_head));
        assert!((got - roll).abs() < 2e-6, "{got}");
    }
}

#[test]
fn a_mirrored_matrix_has_three_negative_scales() {
    let m = decompose::join([1.0, 2.0, 3.0], &Mat3::IDENTITY, [-1.0, 1.0, 1.0]);
    let (location, rotation, scale) = decompose::split(&m);
    assert_eq!(location, [1.0, 2.0, 3.0]);
    assert_eq!(scale, [-1.0, -1.0, -1.0]);
    assert_eq!(rotation, Mat3::from_diagonal(Vec3::new(1.0, -1.0, -1.0)));
    let (_, rotation, scale) = decompose::split(&[0.0; 16]);
    assert_eq!((scale, mat3_to_quat(&rotation)), ([0.0; 3], [1.0, 0.0, 0.0, 0.0]));
}

#[test]
fn quaternions_of_any_length() {
    let around = [0.8, 0.1, 0.2, 0.3];
    let quats: Vec<[f32; 4]> = [1.0, 1e-12, 1e-16, 3e-20, 1e15, 0.0]
        .iter()
        .map(|length| around.map(|value: f32| value * length))
        .collect();
    let channels =
        Channels { rotation_quaternion: Some(Frames::single(&quats)), ..Channels::default() };
    let mut basis = vec![[0.0; 16]; quats.len()];
    basis_matrices(&channels, 0, None, &mut basis);
    let unit = flat(&Affine3A::from_mat3(quat_to_mat3(quat_normalized(around))));
    for (length, m) in quats.iter().zip(&basis[..5]) {
        // The squares of the fourth have few digits.
        assert!(apart(m, &unit) < 1e-3, "{length:?} {m:?}");
    }
    assert!(apart(&basis[1], &unit) < 1e-6 && apart(&basis[4], &unit) < 1e-6);
    // Half a turn about X.
    assert_eq!(basis[5], flat(&Affine3A::from_scale(Vec3::new(1.0, -1.0, -1.0))));
}

#[test]
fn parents_must_come_first() {
    let rest = [[0.0; 16]; 3];
    for (parents, bad) in [([0, 0, 1], 0), ([-1, 2, 0], 1), ([-1, 0, -2], 2)] {
        let rig = Rig { parents: &parents, rest: &rest, ..Rig::default() };
        let error = Hierarchy::new(rig).err();
        let parent = i64::from(parents[bad]);
        assert_eq!(error, Some(Error::BadParent { index: bad, parent }));
    }
    let rig = Rig {
        parents: &[-1, 0, 1],
        rest: &rest,
        inherit_scale: Some(&[0, 5, 6]),
        ..Rig::default()
    };
    assert!(matches!(Hierarchy::new(rig), Err(Error::BadElement { index: 2, .. })));
}

/// Zero, tiny and endless quaternions are the rare cases of the rotations' fast way.
#[test]
fn rare_quaternions_in_every_lane() {
    let rare = [
        [0.0; 4],
        [3e-20, -1e-20, 2e-20, 4e-20],
        [0.0, 0.0, 1e-38, 0.0],
        [1e19, 2e19, -3e19, 1e19],
        [f32::INFINITY, 0.0, 1.0, 0.0],
        [0.3, f32::NAN, 0.2, 0.1],
        [0.5, -0.5, 0.5, 0.5],
    ];
    // Twenty frames of seven bones, of which every frame begins with another one.
    let quaternions: Vec<f32> =
        (0..20).flat_map(|frame| (0..7).flat_map(move |bone| rare[(frame + bone) % 7])).collect();
    let rest: Vec<Matrix> = (0..7).map(|_| flat(&Affine3A::from_rotation_x(0.4))).collect();
    let parents = [-1, 0, 0, 0, 0, 0, 0];
    let channels = Channels {
        rotation_quaternion: Some(Frames::new(&quaternions, 28)),
        ..Channels::default()
    };
    let bits = |kernel| {
        let rig = Rig { parents: &parents, rest: &rest, ..Rig::default() };
        let mut out = vec![0.0; 20 * 7 * 16];
        Hierarchy::new(rig).unwrap().pose_matrices_batch(&channels, 20, &mut out, 7 * 16, kernel);
        // Of what is not a number the sign may be any.
        out.iter().map(|v| if v.is_nan() { 0 } else { v.to_bits() }).collect::<Vec<_>>()
    };
    assert_eq!(bits(processor::eight_kernel()), bits(None));
}

/// Largest difference of two matrices, relative to their largest value but at least 1.
fn apart(a: &Matrix, b: &Matrix) -> f32 {
    let most = |m: &Matrix| m.iter().fold(1.0f32, |most, v| most.max(v.abs()));
    let difference = a.iter().zip(b).fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
    difference / most(a).max(most(b))
}

proptest! {
    #[test]
    fn the_way_back_finds_the_channels(
        (rig, pose) in rigs(40).prop_flat_map(|rig| { let n = rig.parents.len(); (Just(rig), poses(n, 1)) })
    ) {
        let hierarchy = Hierarchy::new(rig.rig()).unwrap();
        let poses = pose_matrices(&rig, &pose);
        let mut basis = vec![[0.0; 16]; poses.len()];
        basis_matrices(&pose.channels(), 0, rig.rig().use_connect, &mut basis);
        let mut local = basis.clone();
        hierarchy.local_matrices(&poses, &mut local);
        for bone in 0..basis.len() {
            // How much a parent scaled unevenly magnifies the rounding of its child's matrix.
            let parent = hierarchy.parent(bone).map_or(flat(&Affine3A::IDENTITY), |p| poses[p]);
            let (_, _, scale) = decompose::split(&parent);
            let size = poses[bone].iter().fold(1.0f32, |most, v| most.max(v.abs()));
            let least = scale.iter().fold(1.0f32, |least, v| least.min(v.abs()));
            if least > 0.02 && size < 50.0 {
                prop_assert!(apart(&local[bone], &basis[bone]) < 2e-6 * size / least.powi(2),
                    "bone {bone}: {:?} {:?}", local[bone], basis[bone]);
            }
        }
    }

    #[test]
    fn a_channel_matrix_comes_apart_and_together(pose in poses(20, 1)) {
        let mut basis = vec![[0.0; 16]; 20];
        basis_matrices(&pose.channels(), 0, None, &mut basis);
        for (bone, m) in basis.iter().enumerate() {
            let mode = RotationMode::from_number(pose.mode[bone]).unwrap();
            let (location, rotation, scale) = decompose::split(m);
            prop_assert!(apart(&decompose::join(location, &rotation, scale), m) < 1e-6);
            let mut stored = Rotation { euler: [7.0, -3.0, 9.0], ..Rotation::REST };
            decompose::set_rotation(&mut stored, mode, &rotation, true);
            let again = decompose::join(location, &stored.to_mat3(mode), scale);
            // A small angle has few digits: it comes from the arc cosine of nearly one.
            let tolerance = if mode == RotationMode::AxisAngle { 1.5e-3 } else { 1e-4 };
            prop_assert!(apart(&again, m) < tolerance, "{mode:?}");
        }
    }

    #[test]
    fn many_frames_equal_one_frame_each(
        (rig, pose, frames) in (rigs(40), 1usize..20).prop_flat_map(|(rig, frames)| {
            let n = rig.parents.len();
            (Just(rig), poses(n, frames), Just(frames))
        }),
        threads in 1usize..4,
        by_eight: bool,
    ) {
        let n = rig.parents.len();
        let kernel = if by_eight { processor::eight_kernel() } else { None };
        let hierarchy = Hierarchy::new(rig.rig()).unwrap();
        let stride = n * 16 + 3;
        let mut batch = vec![7.0; frames * stride];
        limber::par::set_threads(threads);
        hierarchy.pose_matrices_batch(&pose.channels(), frames, &mut batch, stride, kernel);
        limber::par::set_threads(0);
        let mut one = vec![[0.0; 16]; n];
        for frame in 0..frames {
            hierarchy.pose_matrices(&pose.channels(), frame, &mut one);
            let row = &batch[frame * stride..];
            prop_assert_eq!(&row[..n * 16], one.as_flattened());
            if frame + 1 < frames {
                prop_assert_eq!(&row[n * 16..stride], &[7.0; 3]);
            }
        }
    }

    #[test]
    fn not_a_number_stays_in_its_branch(
        (rig, pose, bone, what) in rigs(30).prop_flat_map(|rig| {
            let n = rig.parents.len();
            (Just(rig), poses(n, 1), 0..n, 0..4)
        })
    ) {
        let clean = pose_matrices(&rig, &pose);
        let mut dirty = pose.clone();
        match what {
            0 => dirty.location[bone * 3] = f32::NAN,
            1 => dirty.scale[bone * 3 + 1] = f32::INFINITY,
            2 => dirty.quaternion[bone * 4 + 2] = f32::NAN,
            _ => dirty.euler[bone * 3] = f32::NAN,
        }
        let got = pose_matrices(&rig, &dirty);
        let mut below = vec![false; got.len()];
        for (other, parent) in rig.parents.iter().enumerate() {
            below[other] = other == bone || (*parent >= 0 && below[*parent as usize]);
            if !below[other] {
                prop_assert_eq!(got[other], clean[other]);
            }
        }
    }

    #[test]
    fn offsets_given_or_not(rig in rigs(20), pose in poses(20, 1)) {
        let n = rig.parents.len();
        let mut offsets = vec![[0.0; 16]; n];
        rest_offsets(&rig.parents, &rig.rest, &mut offsets);
        let mut given = vec![[0.0; 16]; n];
        Hierarchy::new(Rig { offsets: Some(&offsets), ..rig.rig() })
            .unwrap()
            .pose_matrices(&pose.channels(), 0, &mut given);
        prop_assert_eq!(given, pose_matrices(&rig, &pose));
    }

    #[test]
    fn at_rest_nothing_has_moved(rig in rigs(30)) {
        let mut poses = vec![[0.0; 16]; rig.parents.len()];
        Hierarchy::new(rig.rig()).unwrap().pose_matrices(&Channels::default(), 0, &mut poses);
        let mut moved = poses.clone();
        channel_matrices(&rig.rest, &poses, &mut moved);
        // Rest matrices near -Y are orthogonal to 3e-5 only, and some settings straighten them.
        for bone in 0..poses.len() {
            prop_assert!(apart(&poses[bone], &rig.rest[bone]) < 1e-4);
            prop_assert!(apart(&moved[bone], &flat(&Affine3A::IDENTITY)) < 1e-4);
        }
    }

    #[test]
    fn head_tail_roll_and_matrix_are_the_same(
        head in prop::array::uniform3(-5.0f32..5.0), along in prop::array::uniform3(-1.0f32..1.0),
        roll in -3.1f32..3.1
    ) {
        let along = Vec3::from(along);
        prop_assume!(along.length() > 0.05);
        // Near -Y single precision loses digits, in Blender too.
        let near = along.normalize().y < -0.9;
        let m = rest::rest_matrix(head.into(), Vec3::from(head) + along, roll);
        let axes = Mat3::from(m.matrix3);
        let off = (axes * axes.transpose() - Mat3::IDENTITY).to_cols_array();
        let tolerance = if near { 1e-4 } else { 1e-5 };
        prop_assert!(off.iter().all(|v| v.abs() < tolerance), "{off:?}");
        let again = rest::roll_from_mat3(&axes, along);
        let turns = (again - roll) / std::f32::consts::TAU;
        prop_assert!((turns - turns.round()).abs() * std::f32::consts::TAU < tolerance);
    }
}
