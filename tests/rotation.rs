//! Rotation conversions: values seen in Blender, singular inputs, and round trips.

use glam::{Mat3, Vec3};
use limber::rotation::RotationMode::{AxisAngle, Quaternion, Xyz, Xzy, Yxz, Yzx, Zxy, Zyx};
use limber::rotation::*;
use proptest::prelude::*;
use std::f32::consts::{FRAC_PI_2, PI};

const EULERS: [RotationMode; 6] = [Xyz, Xzy, Yxz, Yzx, Zxy, Zyx];

fn assert_near(got: &[f32], want: &[f32], tolerance: f32) {
    assert_eq!(got.len(), want.len());
    for (g, w) in got.iter().zip(want) {
        assert!((g - w).abs() <= tolerance * w.abs().max(1.0), "got {got:?}, want {want:?}");
    }
}

fn apart(a: &Mat3, b: &Mat3) -> f32 {
    (*a - *b).to_cols_array().iter().fold(0.0, |most, value| most.max(value.abs()))
}

#[test]
fn quaternion_to_every_euler_order() {
    let q = quat_normalized([1.0, 2.0, 3.0, 4.0]);
    for (order, want) in [
        (Xyz, [1.4289, -0.339837, 2.35619]),
        (Xzy, [1.10715, 0.463648, 2.41186]),
        (Yxz, [1.938, 1.9513, 0.380506]),
        (Yzx, [1.91382, 2.30861, -0.133732]),
        (Zxy, [-0.729728, 1.39094, 2.03444]),
        (Zyx, [1.76819, 2.31838, 0.197396]),
    ] {
        assert_near(&quat_to_euler(q, order), &want, 5e-6);
    }
}

#[test]
fn every_euler_order_to_quaternion() {
    for (order, want) in [
        (Xyz, [0.359611, 0.50819, -0.068284, 0.77959]),
        (Xzy, [0.559228, -0.273572, -0.068284, 0.77959]),
        (Yxz, [0.559228, 0.50819, -0.068284, 0.651417]),
        (Yzx, [0.359611, 0.50819, -0.43368, 0.651417]),
        (Zxy, [0.359611, -0.273572, -0.43368, 0.77959]),
        (Zyx, [0.559228, -0.273572, -0.43368, 0.651417]),
    ] {
        assert_near(&euler_to_quat([0.5, -1.0, 2.0], order), &want, 1e-6);
    }
}

#[test]
fn quaternion_to_axis_angle_and_back() {
    let q = quat_normalized([1.0, 2.0, 3.0, 4.0]);
    let axis_angle = quat_to_axis_angle(q);
    assert_near(&axis_angle, &[2.77438, 0.371391, 0.557086, 0.742781], 5e-6);
    assert_near(&axis_angle_to_quat(axis_angle), &q, 1e-6);
}

#[test]
fn axis_angle_beyond_half_a_turn() {
    let mut rotation = Rotation { axis_angle: [4.0, 1.0, 2.0, 2.0], ..Rotation::REST };
    rotation.convert(AxisAngle, Quaternion);
    assert_near(&rotation.quaternion, &[-0.416147, 0.303099, 0.606198, 0.606198], 1e-6);
    rotation.convert(AxisAngle, Xyz);
    assert_near(&rotation.euler, &[-1.73768, -2.0823, 0.2838], 5e-6);
}

#[test]
fn gimbal_lock_gives_the_third_angle_to_the_first() {
    let q = euler_to_quat([0.3, FRAC_PI_2, 0.2], Xyz);
    assert_near(&q, &[0.706223, 0.0353406, 0.706223, -0.0353406], 1e-6);
    assert_near(&quat_to_euler(q, Xyz), &[0.1, FRAC_PI_2, 0.0], 1e-4);
}

#[test]
fn singular_inputs() {
    assert_eq!(quat_normalized([0.0; 4]), [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(axis_angle_to_quat([1.0, 0.0, 0.0, 0.0]), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(axis_angle_to_mat3([1.0, 0.0, 0.0, 0.0]), Mat3::IDENTITY);
    assert_eq!(quat_to_axis_angle([1.0, 0.0, 0.0, 0.0]), [0.0, 0.0, 1.0, 0.0]);
    // The sine is too small to divide by: the axis keeps the length of the vector part.
    assert_eq!(quat_to_axis_angle([1.0, 1e-4, 2e-4, 0.0]), [0.0, 1e-4, 2e-4, 0.0]);
    assert!(quat_to_axis_angle([1.5, 0.1, 0.2, 0.3]).iter().all(|value| value.is_nan()));
    assert_eq!(mat3_to_quat(&Mat3::ZERO), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(mat3_to_quat(&Mat3::from_diagonal(Vec3::NAN)), [1.0, 0.0, 0.0, 0.0]);
    assert_near(&mat3_to_quat(&-Mat3::IDENTITY), &[1.0, 0.0, 0.0, 0.0], 1e-7);
}

#[test]
fn half_turns_take_the_branch_of_their_axis() {
    for (diagonal, want) in [
        ([1.0, -1.0, -1.0], [0.0, 1.0, 0.0, 0.0]),
        ([-1.0, 1.0, -1.0], [0.0, 0.0, 1.0, 0.0]),
        ([-1.0, -1.0, 1.0], [0.0, 0.0, 0.0, 1.0]),
    ] {
        assert_eq!(mat3_to_quat(&Mat3::from_diagonal(Vec3::from_array(diagonal))), want);
    }
}

#[test]
fn equal_modes_change_nothing() {
    let start = Rotation {
        quaternion: [3.0, 0.0, -1.0, 2.0],
        euler: [9.0, -7.0, 0.1],
        axis_angle: [12.0, 0.0, 0.0, 0.0],
    };
    for mode in RotationMode::ALL {
        let mut rotation = start;
        rotation.convert(mode, mode);
        assert_eq!(rotation, start);
    }
}

/// The product of the elementary rotations, from their definition.
fn euler_by_definition(euler: [f32; 3], order: RotationMode) -> Mat3 {
    let ([i, j, k], _) = order.axes().unwrap();
    let about = |axis: usize| match axis {
        0 => Mat3::from_rotation_x(euler[0]),
        1 => Mat3::from_rotation_y(euler[1]),
        _ => Mat3::from_rotation_z(euler[2]),
    };
    about(k) * about(j) * about(i)
}

fn angles(most: f32) -> impl Strategy<Value = [f32; 3]> {
    prop::array::uniform3(-most..most)
}

fn quaternions() -> impl Strategy<Value = [f32; 4]> {
    prop::array::uniform4(-1.0f32..1.0)
        .prop_filter("not near zero", |q| quat_dot(*q, *q) > 0.01)
        .prop_map(quat_normalized)
}

proptest! {
    #[test]
    fn euler_matrix_is_the_product_of_the_axes(euler in angles(10.0), order in prop::sample::select(&EULERS[..])) {
        let matrix = euler_to_mat3(euler, order);
        prop_assert!(apart(&matrix, &euler_by_definition(euler, order)) < 2e-6);
        prop_assert!(apart(&matrix, &quat_to_mat3(euler_to_quat(euler, order))) < 1e-6);
    }

    #[test]
    fn every_mode_holds_every_rotation(q in quaternions(), to in prop::sample::select(&RotationMode::ALL[..])) {
        let want = quat_to_mat3(q);
        let mut rotation = Rotation { quaternion: q, ..Rotation::REST };
        rotation.convert(Quaternion, to);
        // A small angle has few digits: it comes from the arc cosine of nearly one.
        let tolerance = if to == AxisAngle { 1e-3 } else { 5e-5 };
        prop_assert!(apart(&rotation.to_mat3(to), &want) < tolerance);
        prop_assert!(apart(&quat_to_mat3(mat3_to_quat(&want)), &want) < 2e-6);
        prop_assert!(mat3_to_quat(&want)[0] >= 0.0);
    }

    #[test]
    fn compatible_angles_are_near_and_equal_in_effect(
        euler in angles(PI), old in angles(30.0), order in prop::sample::select(&EULERS[..])
    ) {
        let matrix = euler_to_mat3(euler, order);
        let got = mat3_to_euler_compatible(&matrix, old, order);
        prop_assert!(apart(&euler_to_mat3(got, order), &matrix) < 5e-5);
        for axis in 0..3 {
            prop_assert!((got[axis] - old[axis]).abs() <= PI + 1e-4);
        }
        // The plain choice is the one compatible with angles of zero.
        let plain = mat3_to_euler(&matrix, order);
        prop_assert!(plain.iter().map(|a| a.abs()).sum::<f32>() <= 1.5 * PI + 1e-3);
    }

    #[test]
    fn scale_and_mirror_do_not_change_the_canonical_quaternion(
        q in quaternions(), scale in prop::array::uniform3(0.01f32..50.0), mirror in any::<bool>()
    ) {
        let rotation = quat_to_mat3(q);
        let sign = if mirror { -1.0 } else { 1.0 };
        let scaled = rotation * Mat3::from_diagonal(Vec3::from_array(scale) * sign);
        prop_assert!(apart(&quat_to_mat3(mat3_to_quat(&scaled)), &rotation) < 3e-6);
    }

    #[test]
    fn any_bits_give_a_result(bits in prop::array::uniform9(any::<u32>())) {
        let m = Mat3::from_cols_array(&bits.map(f32::from_bits));
        let q = mat3_to_quat(&m);
        prop_assert!(q.iter().all(|value| value.is_finite()));
    }
}
