//! The actions of Action constraints: poses of one bone by frame.

use super::moving::OwnCurve;
use crate::rotation::{Rotation, RotationMode};
use glam::{Affine3A, Vec3};

/// A channel of a bone, with its component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionChannel {
    /// Location along an axis.
    Location(usize),
    /// A component of the quaternion w x y z.
    Quaternion(usize),
    /// An Euler angle.
    Euler(usize),
    /// The angle or a component of the axis.
    AxisAngle(usize),
    /// Scale along an axis.
    Scale(usize),
}

/// The action of one constraint: what moves the channels of the constraint's bone there.
#[derive(Clone, Debug, Default)]
pub struct BoneAction(pub Vec<(ActionChannel, OwnCurve)>);

impl BoneAction {
    /// The matrix of the bone's channels at a frame; those without a curve are at rest.
    pub(super) fn pose(&self, frame: f32, mode: RotationMode) -> Affine3A {
        let (mut location, mut scale, mut rotation) = ([0.0; 3], [1.0; 3], Rotation::REST);
        for (channel, curve) in &self.0 {
            let mut value = [0.0];
            curve.evaluate(&[frame], &mut value);
            let (values, at): (&mut [f32], usize) = match *channel {
                ActionChannel::Location(at) => (&mut location, at),
                ActionChannel::Quaternion(at) => (&mut rotation.quaternion, at),
                ActionChannel::Euler(at) => (&mut rotation.euler, at),
                ActionChannel::AxisAngle(at) => (&mut rotation.axis_angle, at),
                ActionChannel::Scale(at) => (&mut scale, at),
            };
            if let Some(place) = values.get_mut(at) {
                *place = value[0];
            }
        }
        let scale = glam::Mat3::from_diagonal(Vec3::from(scale));
        Affine3A::from_mat3_translation(rotation.to_mat3(mode) * scale, Vec3::from(location))
    }
}
