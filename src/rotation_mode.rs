//! Changing how bones store their rotation, and flipping the sign of quaternions.

use crate::clear::fix_axis;
use crate::decompose::{convert_rotations, stored, write_rotation};
use crate::pose::{Mask, PoseMut};
use crate::rotation::{
    Rotation, RotationMode, axis_angle_to_quat, euler_to_quat, quat_normalized, quat_to_axis_angle,
    quat_to_euler,
};

/// Sets the rotation mode of the bones of the mask and converts their live value as Blender
/// does. The orientation is kept but for Blender's two exceptions: between two Euler orders the
/// angles stay as they are, and an axis (a, a, a) gets `y = 1`.
///
/// From a quaternion, the stored quaternion is normalised in place. Other stored representations
/// stay as they are.
pub fn set_modes(pose: &mut PoseMut, mode: RotationMode, mask: Mask) {
    for bone in (0..pose.bone_count).filter(|bone| mask.has(*bone)) {
        let from = pose.mode(bone);
        let mut rotation = stored(pose, bone);
        convert_as_blender(&mut rotation, from, mode);
        if from == RotationMode::Quaternion {
            write_rotation(pose, bone, from, &rotation);
        }
        write_rotation(pose, bone, mode, &rotation);
        if let Some(modes) = &mut pose.rotation_mode {
            modes[bone] = mode as i32;
        }
    }
}

/// Sets the rotation mode of the bones of the mask without ever changing an orientation.
pub fn set_modes_exactly(pose: &mut PoseMut, mode: RotationMode, mask: Mask) {
    let modes = vec![mode as i32; pose.bone_count];
    convert_rotations(pose, &modes, mask, false);
}

fn convert_as_blender(rotation: &mut Rotation, from: RotationMode, to: RotationMode) {
    use RotationMode::{AxisAngle, Quaternion};
    match (from, to) {
        (Quaternion, Quaternion) => {}
        (Quaternion, AxisAngle) => {
            rotation.quaternion = quat_normalized(rotation.quaternion);
            rotation.axis_angle = quat_to_axis_angle(rotation.quaternion);
            fix_axis(&mut rotation.axis_angle);
        }
        (Quaternion, order) => {
            rotation.quaternion = quat_normalized(rotation.quaternion);
            rotation.euler = quat_to_euler(rotation.quaternion, order);
        }
        (AxisAngle, Quaternion) => rotation.quaternion = axis_angle_to_quat(rotation.axis_angle),
        (AxisAngle, AxisAngle) => fix_axis(&mut rotation.axis_angle),
        (AxisAngle, order) => {
            rotation.euler = quat_to_euler(axis_angle_to_quat(rotation.axis_angle), order);
        }
        (order, Quaternion) => rotation.quaternion = euler_to_quat(rotation.euler, order),
        (order, AxisAngle) => {
            rotation.axis_angle = quat_to_axis_angle(euler_to_quat(rotation.euler, order));
            fix_axis(&mut rotation.axis_angle);
        }
        (_, _) => {}
    }
}

/// Negates the quaternions of the bones of the mask that are in quaternion mode: the same
/// orientation with the other sign. Gives back how many there were.
pub fn flip_quaternions(pose: &mut PoseMut, mask: Mask) -> usize {
    let mut flipped = 0;
    for bone in (0..pose.bone_count).filter(|bone| mask.has(*bone)) {
        if pose.mode(bone) != RotationMode::Quaternion {
            continue;
        }
        flipped += 1;
        if let Some(rows) = &mut pose.rotation_quaternion {
            rows[bone] = rows[bone].map(|value| -value);
        }
    }
    flipped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rotation::quat_dot;
    use proptest::prelude::*;

    const MODES: [i32; 8] = [-1, 0, 1, 2, 3, 4, 5, 6];

    struct One {
        quaternion: [[f32; 4]; 1],
        euler: [[f32; 3]; 1],
        axis_angle: [[f32; 4]; 1],
        mode: [i32; 1],
    }

    impl One {
        fn pose(&mut self) -> PoseMut<'_> {
            PoseMut {
                bone_count: 1,
                rotation_quaternion: Some(&mut self.quaternion),
                rotation_euler: Some(&mut self.euler),
                rotation_axis_angle: Some(&mut self.axis_angle),
                rotation_mode: Some(&mut self.mode),
                ..PoseMut::default()
            }
        }

        fn orientation(&mut self) -> [f32; 4] {
            let pose = self.pose();
            quat_normalized(stored(&pose, 0).to_quat(pose.mode(0)))
        }
    }

    fn mode(number: i32) -> RotationMode {
        RotationMode::from_number(number).unwrap()
    }

    #[test]
    fn euler_orders_keep_their_angles_and_equal_axes_change() {
        let mut bone = One {
            quaternion: [[0.5; 4]],
            euler: [[0.1, 0.2, 0.3]],
            axis_angle: [[0.0; 4]],
            mode: [1],
        };
        set_modes(&mut bone.pose(), mode(6), Mask(None));
        assert_eq!((bone.euler[0], bone.mode[0]), ([0.1, 0.2, 0.3], 6));
        bone.mode = [0];
        set_modes(&mut bone.pose(), RotationMode::AxisAngle, Mask(None));
        let [angle, x, y, z] = bone.axis_angle[0];
        assert!((angle - 2.0944).abs() < 1e-4 && (x - 0.57735).abs() < 1e-5 && x == z);
        assert_eq!(y, 1.0);
    }

    proptest! {
        #[test]
        fn exact_keeps_the_orientation(
            quaternion in prop::array::uniform4(-1f32..1.0),
            euler in prop::array::uniform3(-3f32..3.0),
            axis_angle in prop::array::uniform4(-3f32..3.0),
            from in 0usize..8,
            to in 0usize..8,
        ) {
            prop_assume!(quaternion.iter().map(|c| c * c).sum::<f32>() > 0.01);
            prop_assume!(axis_angle[1..].iter().map(|c| c * c).sum::<f32>() > 0.01);
            let mut bone = One {
                quaternion: [quaternion],
                euler: [euler],
                axis_angle: [axis_angle],
                mode: [MODES[from]],
            };
            let before = bone.orientation();
            set_modes_exactly(&mut bone.pose(), mode(MODES[to]), Mask(None));
            prop_assert_eq!(bone.mode[0], MODES[to]);
            prop_assert!(quat_dot(before, bone.orientation()).abs() > 1.0 - 2e-6);
        }

        #[test]
        fn exact_keeps_the_tiniest_rotation(
            axis in prop::array::uniform3(-1f32..1.0),
            small in -30f32..-1.0,
            from in 0usize..8,
            to in 0usize..8,
        ) {
            let [x, y, z] = axis.map(|value| value * small.exp2());
            prop_assume!(axis.iter().map(|c| c * c).sum::<f32>() > 0.01);
            let mut rotation = crate::rotation::Rotation::REST;
            rotation.quaternion = quat_normalized([1.0, x, y, z]);
            let want = rotation.quaternion;
            rotation.convert(RotationMode::Quaternion, mode(MODES[from]));
            rotation.convert(mode(MODES[from]), mode(MODES[to]));
            let got = rotation.to_quat(mode(MODES[to]));
            // By components: the dot product of two quaternions cannot tell such angles.
            let apart = want.iter().zip(got).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            prop_assert!(apart < 5e-7, "{:?} {:?}", want, got);
        }

        #[test]
        fn flipping_twice_is_nothing(quaternion in prop::array::uniform4(-1f32..1.0)) {
            let mut bone = One {
                quaternion: [quaternion],
                euler: [[0.0; 3]],
                axis_angle: [[0.0; 4]],
                mode: [0],
            };
            prop_assert_eq!(flip_quaternions(&mut bone.pose(), Mask(None)), 1);
            prop_assert_eq!(bone.quaternion[0], quaternion.map(|value| -value));
            flip_quaternions(&mut bone.pose(), Mask(None));
            prop_assert_eq!(bone.quaternion[0], quaternion);
            bone.mode = [-1];
            prop_assert_eq!(flip_quaternions(&mut bone.pose(), Mask(None)), 0);
        }
    }
}
