//! Back to the keyframed state: channels as the curves have them, or at rest without an action.

use crate::curve_index::Property;
use crate::pose::{Mask, PoseMut};
use crate::rotation::{Rotation, RotationMode};

/// Values of curves at one frame; element `i` of each array is curve `i`.
#[derive(Clone, Copy)]
pub struct CurveValues<'a> {
    /// The bone that a curve animates; others than those of the pose are passed over.
    pub bone: &'a [u32],
    /// Number of the [`Property`].
    pub property: &'a [u8],
    /// Component of the property; one that it does not have is passed over.
    pub component: &'a [u32],
    /// The curve's value.
    pub value: &'a [f32],
}

/// Sets the channels of the bones of the mask that have a curve to its value. Of the rotations
/// only the one that the bone's mode names is written; what has no curve stays.
pub fn apply_curves(pose: &mut PoseMut, mask: Mask, values: CurveValues) {
    for (i, bone) in values.bone.iter().map(|bone| *bone as usize).enumerate() {
        if bone >= pose.bone_count || !mask.has(bone) {
            continue;
        }
        let Some(property) = Property::from_number(values.property[i]) else { continue };
        if is_live(property, pose.mode(bone)) {
            set(pose, bone, property, values.component[i] as usize, values.value[i]);
        }
    }
}

fn is_live(property: Property, mode: RotationMode) -> bool {
    match property {
        Property::RotationQuaternion => mode == RotationMode::Quaternion,
        Property::RotationAxisAngle => mode == RotationMode::AxisAngle,
        Property::RotationEuler => mode.is_euler(),
        _ => true,
    }
}

fn vector<const N: usize>(
    rows: &mut Option<&mut [[f32; N]]>,
    bone: usize,
    component: usize,
    value: f32,
) {
    if let Some(slot) = rows.as_mut().and_then(|rows| rows[bone].get_mut(component)) {
        *slot = value;
    }
}

fn scalar(rows: &mut Option<&mut [f32]>, bone: usize, component: usize, value: f32) {
    if let (Some(rows), 0) = (rows, component) {
        rows[bone] = value;
    }
}

fn set(pose: &mut PoseMut, bone: usize, property: Property, at: usize, value: f32) {
    let bbone = &mut pose.bbone;
    match property {
        Property::Location => vector(&mut pose.location, bone, at, value),
        Property::RotationQuaternion => vector(&mut pose.rotation_quaternion, bone, at, value),
        Property::RotationEuler => vector(&mut pose.rotation_euler, bone, at, value),
        Property::RotationAxisAngle => vector(&mut pose.rotation_axis_angle, bone, at, value),
        Property::Scale => vector(&mut pose.scale, bone, at, value),
        Property::BboneCurveInX => scalar(&mut bbone.curve_in_x, bone, at, value),
        Property::BboneCurveInZ => scalar(&mut bbone.curve_in_z, bone, at, value),
        Property::BboneCurveOutX => scalar(&mut bbone.curve_out_x, bone, at, value),
        Property::BboneCurveOutZ => scalar(&mut bbone.curve_out_z, bone, at, value),
        Property::BboneRollIn => scalar(&mut bbone.roll_in, bone, at, value),
        Property::BboneRollOut => scalar(&mut bbone.roll_out, bone, at, value),
        Property::BboneEaseIn => scalar(&mut bbone.ease_in, bone, at, value),
        Property::BboneEaseOut => scalar(&mut bbone.ease_out, bone, at, value),
        Property::BboneScaleIn => vector(&mut bbone.scale_in, bone, at, value),
        Property::BboneScaleOut => vector(&mut bbone.scale_out, bone, at, value),
        Property::None | Property::Custom => {}
    }
}

/// Sets every channel of the bones of the mask to its rest value: location, all three rotations,
/// scale and the bendy-bone values, whatever is locked. Rotation modes stay.
pub fn reset(pose: &mut PoseMut, mask: Mask) {
    for bone in (0..pose.bone_count).filter(|bone| mask.has(*bone)) {
        fill(&mut pose.location, bone, [0.0; 3]);
        fill(&mut pose.rotation_quaternion, bone, Rotation::REST.quaternion);
        fill(&mut pose.rotation_euler, bone, Rotation::REST.euler);
        fill(&mut pose.rotation_axis_angle, bone, Rotation::REST.axis_angle);
        fill(&mut pose.scale, bone, [1.0; 3]);
        reset_bendy(pose, bone);
    }
}

/// Sets the bendy-bone values of one bone to rest.
pub(crate) fn reset_bendy(pose: &mut PoseMut, bone: usize) {
    let bbone = &mut pose.bbone;
    for values in [
        &mut bbone.curve_in_x,
        &mut bbone.curve_in_z,
        &mut bbone.curve_out_x,
        &mut bbone.curve_out_z,
        &mut bbone.roll_in,
        &mut bbone.roll_out,
        &mut bbone.ease_in,
        &mut bbone.ease_out,
    ] {
        fill(values, bone, 0.0);
    }
    fill(&mut bbone.scale_in, bone, [1.0; 3]);
    fill(&mut bbone.scale_out, bone, [1.0; 3]);
}

fn fill<T>(rows: &mut Option<&mut [T]>, bone: usize, value: T) {
    if let Some(rows) = rows {
        rows[bone] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_set_live_channels_of_selected_bones_only() {
        let mut location = [[1.0, 2.0, 3.0]; 2];
        let mut quaternion = [[0.5; 4]; 2];
        let mut euler = [[0.1; 3]; 2];
        let mut roll_in = [0.7; 2];
        let mut modes = [0, 4];
        let mut pose = PoseMut {
            bone_count: 2,
            location: Some(&mut location),
            rotation_quaternion: Some(&mut quaternion),
            rotation_euler: Some(&mut euler),
            rotation_mode: Some(&mut modes),
            ..PoseMut::default()
        };
        pose.bbone.roll_in = Some(&mut roll_in);
        let values = CurveValues {
            bone: &[0, 1, 1, 1, 1, 1, 9],
            property: &[1, 1, 2, 3, 10, 1, 1],
            component: &[0, 2, 0, 1, 0, 7, 0],
            value: &[9.0; 7],
        };
        apply_curves(&mut pose, Mask(Some(&[0, 1])), values);
        assert_eq!(location, [[1.0, 2.0, 3.0], [1.0, 2.0, 9.0]]);
        assert_eq!(quaternion, [[0.5; 4]; 2]);
        assert_eq!(euler, [[0.1; 3], [0.1, 9.0, 0.1]]);
        assert_eq!(roll_in, [0.7, 9.0]);
    }

    #[test]
    fn reset_takes_every_representation_back() {
        let mut quaternion = [[0.5; 4]; 2];
        let mut axis_angle = [[2.0, 1.0, 0.0, 0.0]; 2];
        let mut scale = [[2.0; 3]; 2];
        let mut scale_in = [[2.0; 3]; 2];
        let mut pose = PoseMut {
            bone_count: 2,
            rotation_quaternion: Some(&mut quaternion),
            rotation_axis_angle: Some(&mut axis_angle),
            scale: Some(&mut scale),
            ..PoseMut::default()
        };
        pose.bbone.scale_in = Some(&mut scale_in);
        reset(&mut pose, Mask(Some(&[1, 0])));
        assert_eq!(quaternion, [[1.0, 0.0, 0.0, 0.0], [0.5; 4]]);
        assert_eq!(axis_angle, [[0.0, 0.0, 1.0, 0.0], [2.0, 1.0, 0.0, 0.0]]);
        assert_eq!((scale[0], scale_in[0], scale[1]), ([1.0; 3], [1.0; 3], [2.0; 3]));
    }
}
