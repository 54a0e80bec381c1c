//! Copying poses between rigs by bone name, mirrored or not.

use crate::decompose::{stored, write_rotation};
use crate::names::{NameTable, flip_side};
use crate::pose::{Mask, PoseMut};
use crate::rotation::{
    Rotation, RotationMode, axis_angle_to_quat, euler_to_quat, quat_normalized, quat_to_axis_angle,
    quat_to_euler,
};

/// What a paste found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// Bones of the source whose counterpart exists and was written.
    pub pasted: usize,
    /// Bones of the source whose counterpart exists but was not selected.
    pub skipped: usize,
}

/// How to paste.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// To the bones of the other side, mirrored at the plane X = 0.
    pub flipped: bool,
    /// Keep the orientation where Blender does not: between two Euler orders, from axis-angle to
    /// quaternion, and from quaternions that are not of unit length.
    pub exact: bool,
}

/// For every bone of the source the bone of the target that it goes to: the one of the same name,
/// or, `flipped`, of the name of the other side. `None` where there is no such bone. Of several
/// bones of one name it is the one at the same place, else the first.
pub fn counterparts(source: &NameTable, target: &NameTable, flipped: bool) -> Vec<Option<usize>> {
    let mut index = None;
    let mut find = |place: usize, name: &[u8]| {
        // On the rig that was copied from, every bone is where it was, and no index is needed.
        if place < target.len() && target.get(place) == name {
            return Some(place);
        }
        index.get_or_insert_with(|| target.index()).get(name).copied()
    };
    let named = source.iter().enumerate();
    if flipped {
        named.map(|(place, name)| find(place, &flip_side(name, false))).collect()
    } else {
        named.map(|(place, name)| find(place, name)).collect()
    }
}

/// Pastes the bones of `source` on those of `target` that `counterparts` names, in order, so
/// that of two sources of one target the later one stays.
///
/// Location, scale, bendy-bone values and the rotation are written, as far as both poses have
/// them; the target keeps its rotation modes. Bones outside of `selected` are skipped.
/// `came_from`, one element a target bone, receives the source of each written bone.
pub fn paste(
    source: &PoseMut,
    target: &mut PoseMut,
    counterparts: &[Option<usize>],
    selected: Mask,
    settings: Settings,
    mut came_from: Option<&mut [i32]>,
) -> Pasted {
    let mut result = Pasted::default();
    for (from, to) in counterparts.iter().enumerate() {
        let Some(to) = *to else { continue };
        if !selected.has(to) {
            result.skipped += 1;
            continue;
        }
        result.pasted += 1;
        paste_bone(source, from, target, to, settings.exact);
        if settings.flipped {
            mirror_bone(target, to);
        }
        if let Some(came_from) = &mut came_from {
            came_from[to] = from as i32;
        }
    }
    result
}

/// Mirrors the channels of the bones of the mask at the plane X = 0, each in place: of a rig that
/// is symmetric at rest, the pose of the bone's counterpart.
pub fn mirror(pose: &mut PoseMut, mask: Mask) {
    for bone in (0..pose.bone_count).filter(|bone| mask.has(*bone)) {
        mirror_bone(pose, bone);
    }
}

/// Copies the bones of the mask to the front of `out`, in order; every array of `out` must hold
/// as many. Gives back how many there were.
pub fn gather(pose: &PoseMut, mask: Mask, out: &mut PoseMut) -> usize {
    let mut count = 0;
    for bone in (0..pose.bone_count).filter(|bone| mask.has(*bone)) {
        copy_values(pose, bone, out, count);
        copy(&pose.rotation_quaternion, bone, &mut out.rotation_quaternion, count);
        copy(&pose.rotation_euler, bone, &mut out.rotation_euler, count);
        copy(&pose.rotation_axis_angle, bone, &mut out.rotation_axis_angle, count);
        if let Some(modes) = &mut out.rotation_mode {
            modes[count] = pose.mode(bone) as i32;
        }
        count += 1;
    }
    count
}

fn copy<T: Copy>(source: &Option<&mut [T]>, from: usize, target: &mut Option<&mut [T]>, to: usize) {
    if let (Some(source), Some(target)) = (source, target) {
        target[to] = source[from];
    }
}

/// Everything but the rotation.
fn copy_values(source: &PoseMut, from: usize, target: &mut PoseMut, to: usize) {
    copy(&source.location, from, &mut target.location, to);
    copy(&source.scale, from, &mut target.scale, to);
    let (a, b) = (&source.bbone, &mut target.bbone);
    copy(&a.curve_in_x, from, &mut b.curve_in_x, to);
    copy(&a.curve_in_z, from, &mut b.curve_in_z, to);
    copy(&a.curve_out_x, from, &mut b.curve_out_x, to);
    copy(&a.curve_out_z, from, &mut b.curve_out_z, to);
    copy(&a.roll_in, from, &mut b.roll_in, to);
    copy(&a.roll_out, from, &mut b.roll_out, to);
    copy(&a.ease_in, from, &mut b.ease_in, to);
    copy(&a.ease_out, from, &mut b.ease_out, to);
    copy(&a.scale_in, from, &mut b.scale_in, to);
    copy(&a.scale_out, from, &mut b.scale_out, to);
}

fn paste_bone(source: &PoseMut, from: usize, target: &mut PoseMut, to: usize, exact: bool) {
    copy_values(source, from, target, to);
    let (old, new) = (source.mode(from), target.mode(to));
    let rotation = stored(source, from);
    let mine = stored(target, to);
    let converted = if exact {
        convert_exactly(&rotation, old, new)
    } else {
        convert_as_blender(&rotation, old, new, mine.axis_angle[0])
    };
    write_rotation(target, to, new, &converted);
}

fn convert_exactly(rotation: &Rotation, old: RotationMode, new: RotationMode) -> Rotation {
    let mut converted = *rotation;
    converted.convert(old, new);
    converted
}

/// As Blender pastes. It takes a quaternion as it is, without making it a unit quaternion; from
/// axis-angle to quaternion it takes the angle of the target, and between two Euler orders the
/// quaternion that the source has stored.
fn convert_as_blender(
    rotation: &Rotation,
    old: RotationMode,
    new: RotationMode,
    target_angle: f32,
) -> Rotation {
    use RotationMode::{AxisAngle, Quaternion};
    let mut converted = *rotation;
    match (old, new) {
        (Quaternion, Quaternion) | (AxisAngle, AxisAngle) => {}
        (Quaternion, AxisAngle) => {
            converted.axis_angle = quat_to_axis_angle(rotation.quaternion);
        }
        (Quaternion, order) => converted.euler = quat_to_euler(rotation.quaternion, order),
        (AxisAngle, Quaternion) => {
            let [_, x, y, z] = rotation.axis_angle;
            converted.quaternion = axis_angle_to_quat([target_angle, x, y, z]);
        }
        (AxisAngle, order) => {
            converted.euler = quat_to_euler(axis_angle_to_quat(rotation.axis_angle), order);
        }
        (order, Quaternion) => converted.quaternion = euler_to_quat(rotation.euler, order),
        (order, AxisAngle) => {
            converted.axis_angle = quat_to_axis_angle(euler_to_quat(rotation.euler, order));
        }
        (old, new) if old != new => converted.euler = quat_to_euler(rotation.quaternion, new),
        _ => {}
    }
    converted
}

fn negate(values: &mut Option<&mut [f32]>, bone: usize) {
    if let Some(values) = values {
        values[bone] = -values[bone];
    }
}

fn mirror_bone(pose: &mut PoseMut, bone: usize) {
    if let Some(location) = &mut pose.location {
        location[bone][0] = -location[bone][0];
    }
    negate(&mut pose.bbone.curve_in_x, bone);
    negate(&mut pose.bbone.curve_out_x, bone);
    negate(&mut pose.bbone.roll_in, bone);
    negate(&mut pose.bbone.roll_out, bone);
    let mode = pose.mode(bone);
    let mut rotation = stored(pose, bone);
    match mode {
        RotationMode::Quaternion => {
            let mirrored = mirrored_by_euler(quat_normalized(rotation.quaternion));
            rotation.quaternion = mirrored;
        }
        RotationMode::AxisAngle => {
            // An axis that is not a number counts as none, as it does for Blender.
            let [_, x, y, z] = rotation.axis_angle;
            let turn = match (x + y + z).is_nan() {
                true => Rotation::REST.quaternion,
                false => axis_angle_to_quat(rotation.axis_angle),
            };
            let mirrored = mirrored_by_euler(turn);
            rotation.axis_angle = quat_to_axis_angle(mirrored);
        }
        _ => {
            let [x, y, z] = rotation.euler;
            rotation.euler = [x, -y, -z];
        }
    }
    write_rotation(pose, bone, mode, &rotation);
}

/// The mirrored rotation by way of XYZ Euler angles, which decides about its sign.
fn mirrored_by_euler(quaternion: [f32; 4]) -> [f32; 4] {
    let [x, y, z] = quat_to_euler(quaternion, RotationMode::Xyz);
    euler_to_quat([x, -y, -z], RotationMode::Xyz)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rotation::quat_dot;
    use proptest::prelude::*;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Rig {
        location: Vec<[f32; 3]>,
        quaternion: Vec<[f32; 4]>,
        euler: Vec<[f32; 3]>,
        axis_angle: Vec<[f32; 4]>,
        modes: Vec<i32>,
        roll_in: Vec<f32>,
    }

    impl Rig {
        fn new(modes: &[i32], quaternion: [f32; 4]) -> Self {
            let n = modes.len();
            let q = quat_normalized(quaternion);
            Self {
                location: (0..n).map(|i| [i as f32 + 1.0, 2.0, 3.0]).collect(),
                quaternion: vec![q; n],
                euler: vec![[0.3, -0.2, 0.9]; n],
                axis_angle: vec![[1.0, 0.6, 0.0, 0.8]; n],
                modes: modes.to_vec(),
                roll_in: vec![0.5; n],
            }
        }

        fn pose(&mut self) -> PoseMut<'_> {
            let mut pose = PoseMut {
                bone_count: self.modes.len(),
                location: Some(&mut self.location),
                rotation_quaternion: Some(&mut self.quaternion),
                rotation_euler: Some(&mut self.euler),
                rotation_axis_angle: Some(&mut self.axis_angle),
                rotation_mode: Some(&mut self.modes),
                ..PoseMut::default()
            };
            pose.bbone.roll_in = Some(&mut self.roll_in);
            pose
        }

        fn orientation(&mut self, bone: usize) -> [f32; 4] {
            let pose = self.pose();
            quat_normalized(stored(&pose, bone).to_quat(pose.mode(bone)))
        }
    }

    fn table(text: &str) -> Vec<u8> {
        text.split(' ').flat_map(|name| name.bytes().chain([0])).collect()
    }

    fn counterparts_of(source: &str, target: &str, flipped: bool) -> Vec<Option<usize>> {
        let (source, target) = (table(source), table(target));
        let count = |bytes: &[u8]| bytes.iter().filter(|b| **b == 0).count();
        let source = NameTable::new("source", &source, count(&source)).unwrap();
        let target = NameTable::new("target", &target, count(&target)).unwrap();
        counterparts(&source, &target, flipped)
    }

    #[test]
    fn bones_find_each_other_by_name_or_by_the_other_side_s() {
        let found = counterparts_of("arm.L arm.R spine", "spine arm.R", false);
        assert_eq!(found, [None, Some(1), Some(0)]);
        let found = counterparts_of("arm.L arm.R spine", "spine arm.R", true);
        assert_eq!(found, [Some(1), None, Some(0)]);
    }

    #[test]
    fn of_bones_of_one_name_the_same_place_counts_else_the_first() {
        assert_eq!(counterparts_of("a b a", "b a a", false), [Some(1), Some(0), Some(2)]);
        assert_eq!(counterparts_of("a.R spine", "spine a.L spine a.L", true), [Some(1), Some(0)]);
    }

    #[test]
    fn unselected_counterparts_are_skipped_and_counted() {
        let (mut a, mut b) = (Rig::new(&[0, 0, 0], [1.0; 4]), Rig::new(&[0, 0], [1.0; 4]));
        let found = counterparts_of("a b c", "b a", false);
        let mut from = [-1; 2];
        let settings = Settings::default();
        let mask = Mask(Some(&[1, 0]));
        let done = paste(&a.pose(), &mut b.pose(), &found, mask, settings, Some(&mut from));
        assert_eq!(done, Pasted { pasted: 1, skipped: 1 });
        assert_eq!(from, [1, -1]);
        assert_eq!(b.location, [[2.0, 2.0, 3.0], [2.0, 2.0, 3.0]]);
    }

    #[test]
    fn between_modes_blender_keeps_what_the_target_or_the_source_has_stored() {
        let mut source = Rig::new(&[-1, 2], [1.0, 0.0, 0.0, 0.0]);
        let mut target = Rig::new(&[0, 5], [0.0, 1.0, 0.0, 0.0]);
        target.axis_angle[0][0] = 2.0;
        let found = [Some(0), Some(1)];
        let blender = Settings::default();
        paste(&source.pose(), &mut target.pose(), &found, Mask(None), blender, None);
        let half = (2.0f32 / 2.0).sin();
        let want = [1f32.cos(), 0.6 * half, 0.0, 0.8 * half];
        assert!(target.quaternion[0].iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6));
        assert_eq!(target.euler[1], [0.0; 3]);
    }

    proptest! {
        #[test]
        fn exact_paste_keeps_every_orientation(
            quaternion in prop::array::uniform4(-1f32..1.0), from in -1i32..7, to in -1i32..7,
        ) {
            prop_assume!(quaternion.iter().map(|c| c * c).sum::<f32>() > 0.01);
            let mut source = Rig::new(&[from], quaternion);
            let mut target = Rig::new(&[to], [1.0, 0.0, 0.0, 0.0]);
            let settings = Settings { exact: true, flipped: false };
            paste(&source.pose(), &mut target.pose(), &[Some(0)], Mask(None), settings, None);
            let dot = quat_dot(source.orientation(0), target.orientation(0));
            prop_assert!(dot.abs() > 1.0 - 2e-6);
        }

        #[test]
        fn pasting_flipped_twice_is_identity(
            left in prop::array::uniform4(-1f32..1.0),
            right in prop::array::uniform4(-1f32..1.0),
            mode in -1i32..7,
        ) {
            for q in [left, right] {
                prop_assume!(q.iter().map(|c| c * c).sum::<f32>() > 0.01);
            }
            let mut rig = Rig::new(&[mode; 3], left);
            rig.quaternion[1] = quat_normalized(right);
            let before = rig.clone();
            let found = counterparts_of("arm.L arm.R spine", "arm.L arm.R spine", true);
            prop_assert_eq!(&found, &[Some(1), Some(0), Some(2)]);
            for _ in 0..2 {
                let mut source = rig.clone();
                let settings = Settings { flipped: true, exact: false };
                paste(&source.pose(), &mut rig.pose(), &found, Mask(None), settings, None);
            }
            prop_assert_eq!(&rig.location, &before.location);
            prop_assert_eq!(&rig.roll_in, &before.roll_in);
            let mut before = before;
            for bone in 0..3 {
                let dot = quat_dot(rig.orientation(bone), before.orientation(bone));
                prop_assert!(dot.abs() > 1.0 - 1e-5, "{} of {:?}", dot, rig);
            }
        }
    }
}
