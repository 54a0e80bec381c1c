//! Back to the rest pose: clearing location, rotation and scale of bones under their locks.

use crate::pose::{Locks, Mask, PoseMut};
use crate::rotation::{
    Rotation, RotationMode, axis_angle_to_quat, euler_to_quat, quat_normalized, quat_to_axis_angle,
    quat_to_euler,
};

/// Which channels to clear; each brings its share of the bendy-bone properties along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// Location.
    pub location: bool,
    /// The live rotation; bendy-bone rolls and curves.
    pub rotation: bool,
    /// Scale; bendy-bone eases and scales.
    pub scale: bool,
}

impl Channels {
    /// All three.
    pub const ALL: Self = Self { location: true, rotation: true, scale: true };
}

/// Clears the selected bones, each followed by the bone that `mirror` names for it.
///
/// Locked components stay; the bendy-bone properties have no locks. Representations of rotation
/// that the bone's mode does not use stay as they are.
///
/// `mirror`: for every bone the bone on the other side, or -1; that bone is cleared too, under
/// its own locks, selected or not. Every entry is below `bone_count`.
pub fn clear(
    pose: &mut PoseMut,
    locks: &Locks,
    selected: Mask,
    mirror: Option<&[i32]>,
    channels: Channels,
) {
    for bone in (0..pose.bone_count).filter(|bone| selected.has(*bone)) {
        clear_bone(pose, locks, bone, channels);
        let other = mirror.and_then(|mirror| usize::try_from(mirror[bone]).ok());
        if let Some(other) = other.filter(|other| *other != bone) {
            clear_bone(pose, locks, other, channels);
        }
    }
}

fn clear_bone(pose: &mut PoseMut, locks: &Locks, bone: usize, channels: Channels) {
    if channels.location {
        clear_vector(&mut pose.location, bone, 0.0, locks.location);
    }
    if channels.rotation {
        clear_rotation(pose, locks, bone);
        let bbone = &mut pose.bbone;
        for values in [
            &mut bbone.roll_in,
            &mut bbone.roll_out,
            &mut bbone.curve_in_x,
            &mut bbone.curve_in_z,
            &mut bbone.curve_out_x,
            &mut bbone.curve_out_z,
        ] {
            set(values, bone, 0.0);
        }
    }
    if channels.scale {
        clear_vector(&mut pose.scale, bone, 1.0, locks.scale);
        set(&mut pose.bbone.ease_in, bone, 0.0);
        set(&mut pose.bbone.ease_out, bone, 0.0);
        set(&mut pose.bbone.scale_in, bone, [1.0; 3]);
        set(&mut pose.bbone.scale_out, bone, [1.0; 3]);
    }
}

fn set<T>(values: &mut Option<&mut [T]>, bone: usize, value: T) {
    if let Some(values) = values {
        values[bone] = value;
    }
}

fn clear_vector(
    values: &mut Option<&mut [[f32; 3]]>,
    bone: usize,
    rest: f32,
    locks: Option<&[[u8; 3]]>,
) {
    if let Some(values) = values {
        let locked = locks.map_or([0; 3], |locks| locks[bone]);
        for (value, locked) in values[bone].iter_mut().zip(locked) {
            if locked == 0 {
                *value = rest;
            }
        }
    }
}

/// The rotation locks of one bone.
#[derive(Clone, Copy)]
struct RotationLocks {
    xyz: [bool; 3],
    w: bool,
    /// Components of quaternion and axis-angle are locked as they are, not as Euler angles.
    by_component: bool,
}

impl RotationLocks {
    fn of(locks: &Locks, bone: usize) -> Self {
        let flag = |values: Option<&[u8]>| values.is_some_and(|values| values[bone] != 0);
        Self {
            xyz: locks.rotation.map_or([false; 3], |locks| locks[bone].map(|lock| lock != 0)),
            w: flag(locks.rotation_w),
            by_component: flag(locks.rotations_4d),
        }
    }

    /// Counts the W lock in every mode, as Blender does.
    fn any(self) -> bool {
        self.w || self.xyz.contains(&true)
    }

    fn cleared_euler(self, euler: [f32; 3]) -> [f32; 3] {
        std::array::from_fn(|axis| if self.xyz[axis] { euler[axis] } else { 0.0 })
    }
}

fn clear_rotation(pose: &mut PoseMut, locks: &Locks, bone: usize) {
    let locks = RotationLocks::of(locks, bone);
    match pose.mode(bone) {
        RotationMode::Quaternion => {
            if let Some(values) = &mut pose.rotation_quaternion {
                values[bone] = cleared_quaternion(values[bone], locks);
            }
        }
        RotationMode::AxisAngle => {
            if let Some(values) = &mut pose.rotation_axis_angle {
                values[bone] = cleared_axis_angle(values[bone], locks);
            }
        }
        _ => {
            if let Some(values) = &mut pose.rotation_euler {
                values[bone] = locks.cleared_euler(values[bone]);
            }
        }
    }
}

fn cleared_quaternion(old: [f32; 4], locks: RotationLocks) -> [f32; 4] {
    let rest = Rotation::REST.quaternion;
    if !locks.any() {
        return rest;
    }
    if locks.by_component {
        let [x, y, z] = locks.xyz;
        return select([locks.w, x, y, z], old, rest);
    }
    // Locks without components act on the Euler angles; length and sign of the quaternion stay.
    let length = old.iter().map(|c| c * c).sum::<f32>().sqrt();
    let unit = quat_normalized(old);
    let euler = locks.cleared_euler(quat_to_euler(unit, RotationMode::Xyz));
    let new = euler_to_quat(euler, RotationMode::Xyz).map(|c| c * length);
    let opposite = (unit[0] < 0.0 && new[0] > 0.0) || (unit[0] > 0.0 && new[0] < 0.0);
    if opposite { new.map(|c| -c) } else { new }
}

fn cleared_axis_angle(old: [f32; 4], locks: RotationLocks) -> [f32; 4] {
    if !locks.any() {
        return Rotation::REST.axis_angle;
    }
    if locks.by_component {
        let [x, y, z] = locks.xyz;
        let mut new = select([locks.w, x, y, z], old, [0.0; 4]);
        fix_axis(&mut new);
        return new;
    }
    let euler = quat_to_euler(axis_angle_to_quat(old), RotationMode::Xyz);
    quat_to_axis_angle(euler_to_quat(locks.cleared_euler(euler), RotationMode::Xyz))
}

fn select(locked: [bool; 4], old: [f32; 4], rest: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|i| if locked[i] { old[i] } else { rest[i] })
}

/// Sets `y = 1` when the three axis components are pairwise equal to within `f32::EPSILON`: how
/// Blender guards against a zero axis. It also changes the axis (a, a, a).
pub fn fix_axis(axis_angle: &mut [f32; 4]) {
    let [_, x, y, z] = *axis_angle;
    let equal = |a: f32, b: f32| (a - b).abs() < f32::EPSILON;
    if equal(x, y) && equal(x, z) && equal(y, z) {
        axis_angle[2] = 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::BBonesMut;
    use proptest::prelude::*;

    struct Rig {
        location: Vec<[f32; 3]>,
        quaternion: Vec<[f32; 4]>,
        euler: Vec<[f32; 3]>,
        axis_angle: Vec<[f32; 4]>,
        scale: Vec<[f32; 3]>,
        modes: Vec<i32>,
        roll_in: Vec<f32>,
        scale_out: Vec<[f32; 3]>,
    }

    impl Rig {
        fn new(modes: &[i32]) -> Self {
            let n = modes.len();
            Self {
                location: vec![[1.0, 2.0, 3.0]; n],
                quaternion: vec![[0.5, 1.0, -2.0, 0.25]; n],
                euler: vec![[0.1, 0.2, 0.3]; n],
                axis_angle: vec![[1.5, 1.0, 2.0, 2.0]; n],
                scale: vec![[2.0, 3.0, 4.0]; n],
                modes: modes.to_vec(),
                roll_in: vec![0.7; n],
                scale_out: vec![[5.0; 3]; n],
            }
        }

        fn pose(&mut self) -> PoseMut<'_> {
            PoseMut {
                bone_count: self.modes.len(),
                location: Some(&mut self.location),
                rotation_quaternion: Some(&mut self.quaternion),
                rotation_euler: Some(&mut self.euler),
                rotation_axis_angle: Some(&mut self.axis_angle),
                scale: Some(&mut self.scale),
                rotation_mode: Some(&mut self.modes),
                bbone: BBonesMut {
                    roll_in: Some(&mut self.roll_in),
                    scale_out: Some(&mut self.scale_out),
                    ..BBonesMut::default()
                },
            }
        }
    }

    const ROTATION: Channels = Channels { location: false, rotation: true, scale: false };

    #[test]
    fn unlocked_channels_become_rest_values_and_stale_rotations_stay() {
        let mut rig = Rig::new(&[0, -1, 3]);
        clear(&mut rig.pose(), &Locks::default(), Mask(None), None, Channels::ALL);
        assert_eq!(rig.location, [[0.0; 3]; 3]);
        assert_eq!(rig.scale, [[1.0; 3]; 3]);
        assert_eq!(rig.roll_in, [0.0; 3]);
        assert_eq!(rig.scale_out, [[1.0; 3]; 3]);
        assert_eq!(rig.quaternion[0], [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(rig.quaternion[1], [0.5, 1.0, -2.0, 0.25]);
        assert_eq!(rig.axis_angle[0], [1.5, 1.0, 2.0, 2.0]);
        assert_eq!(rig.axis_angle[1], [0.0, 0.0, 1.0, 0.0]);
        assert_eq!(rig.euler, [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3], [0.0; 3]]);
    }

    #[test]
    fn only_selected_bones_and_their_mirror_bones_change_and_bendy_values_have_no_locks() {
        let mut rig = Rig::new(&[0; 4]);
        let locks = Locks {
            location: Some(&[[0; 3], [0; 3], [1, 0, 1], [0; 3]]),
            scale: Some(&[[1; 3]; 4]),
            ..Locks::default()
        };
        let mirror = [-1, 2, 1, 3];
        clear(
            &mut rig.pose(),
            &locks,
            Mask(Some(&[0, 1, 0, 0])),
            Some(&mirror),
            Channels { location: true, rotation: false, scale: true },
        );
        assert_eq!(rig.location, [[1.0, 2.0, 3.0], [0.0; 3], [1.0, 0.0, 3.0], [1.0, 2.0, 3.0]]);
        assert_eq!(rig.scale, [[2.0, 3.0, 4.0]; 4]);
        assert_eq!(rig.scale_out, [[5.0; 3], [1.0; 3], [1.0; 3], [5.0; 3]]);
        assert_eq!(rig.roll_in, [0.7; 4]);
    }

    fn one(mode: i32, quaternion: [f32; 4], axis_angle: [f32; 4], locks: &Locks) -> Rig {
        let mut rig = Rig::new(&[mode]);
        rig.quaternion[0] = quaternion;
        rig.axis_angle[0] = axis_angle;
        clear(&mut rig.pose(), locks, Mask(None), None, ROTATION);
        rig
    }

    #[test]
    fn locks_by_component_keep_components() {
        let locks =
            Locks { rotation: Some(&[[0, 1, 0]]), rotations_4d: Some(&[1]), ..Locks::default() };
        let q = [0.5, 1.0, -2.0, 0.25];
        assert_eq!(one(0, q, [0.0; 4], &locks).quaternion[0], [1.0, 0.0, -2.0, 0.0]);
        assert_eq!(one(-1, q, [1.5, 1.0, 2.0, 2.0], &locks).axis_angle[0], [0.0, 0.0, 2.0, 0.0]);
        // An axis of three equal components is taken for the zero axis.
        assert_eq!(one(-1, q, [1.5, 1.0, 0.0, 2.0], &locks).axis_angle[0], [0.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn the_lock_of_w_alone_keeps_length_and_sign() {
        let locks = Locks { rotation_w: Some(&[1]), ..Locks::default() };
        let q = one(0, [-3.0, 0.0, 4.0, 0.0], [0.0; 4], &locks).quaternion[0];
        assert_eq!(q, [-5.0, 0.0, 0.0, 0.0]);
        assert_eq!(one(0, [0.0; 4], [0.0; 4], &locks).quaternion[0], [0.0; 4]);
        // In an Euler order the W lock locks nothing.
        assert_eq!(one(1, [0.0; 4], [0.0; 4], &locks).euler[0], [0.0; 3]);
    }

    proptest! {
        #[test]
        fn euler_locks_keep_the_locked_angle_of_a_quaternion(
            euler in prop::array::uniform3(-1.4f32..1.4),
            axis in 0usize..3,
            length in 0.1f32..4.0,
        ) {
            let mut lock = [0u8; 3];
            lock[axis] = 1;
            let locks = Locks { rotation: Some(&[lock]), ..Locks::default() };
            let q = euler_to_quat(euler, RotationMode::Xyz).map(|c| c * length);
            let new = one(0, q, [0.0; 4], &locks).quaternion[0];
            let norm = new.iter().map(|c| c * c).sum::<f32>().sqrt();
            prop_assert!((norm - length).abs() < 1e-5 * length.max(1.0));
            let left = quat_to_euler(quat_normalized(new), RotationMode::Xyz);
            for (i, angle) in left.iter().enumerate() {
                let wanted = if i == axis { euler[axis] } else { 0.0 };
                prop_assert!((angle - wanted).abs() < 2e-5, "{left:?} {euler:?}");
            }
        }

        #[test]
        fn clearing_twice_is_clearing_once_without_locks(
            quaternion in prop::array::uniform4(-2f32..2.0),
            mode in -1i32..7,
        ) {
            let mut rig = Rig::new(&[mode]);
            rig.quaternion[0] = quaternion;
            clear(&mut rig.pose(), &Locks::default(), Mask(None), None, Channels::ALL);
            let once = (rig.location.clone(), rig.quaternion.clone(), rig.axis_angle.clone());
            clear(&mut rig.pose(), &Locks::default(), Mask(None), None, Channels::ALL);
            prop_assert_eq!(once, (rig.location, rig.quaternion, rig.axis_angle));
        }
    }
}
