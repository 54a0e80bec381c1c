//! Transformation: one channel's range mapped to another's.

use super::matrix::{Parts, euler, from_euler, parts};
use crate::inherit::column_lengths;
use crate::rotation::{RotationMode, mat3_to_quat, quat_mul};
use glam::{Affine3A, Mat3, Vec3A};

/// How a rotation is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The location.
    Location,
    /// Euler angles; `None`: in the owner's order.
    Euler(Option<RotationMode>),
    /// The quaternion's three components as angles.
    Quaternion,
    /// Twist about this axis, and swing of the two others.
    SwingTwist(usize),
    /// The scale.
    Scale,
}

/// What is written, and how it meets what was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Location added.
    AddLocation,
    /// Location replaced.
    ReplaceLocation,
    /// Euler angles added, in this order (`None`: the owner's).
    AddRotation(Option<RotationMode>),
    /// Rotation replaced.
    ReplaceRotation(Option<RotationMode>),
    /// Rotation around the old one.
    BeforeRotation(Option<RotationMode>),
    /// Rotation within the old one.
    AfterRotation(Option<RotationMode>),
    /// Scale replaced.
    ReplaceScale,
    /// Scale multiplied.
    MultiplyScale,
}

/// Transformation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transformation {
    /// What is read.
    pub from: From,
    /// What is written.
    pub to: To,
    /// The axis that is read for each of the three that are written.
    pub axes: [usize; 3],
    /// Values outside of the range are mapped, too.
    pub extrapolate: bool,
    /// The range that is read.
    pub from_min: [f32; 3],
    /// The range that is read.
    pub from_max: [f32; 3],
    /// The range that is written.
    pub to_min: [f32; 3],
    /// The range that is written.
    pub to_max: [f32; 3],
}

fn angle(component: f32) -> f32 {
    2.0 * component.clamp(-1.0, 1.0).asin()
}

/// The swing's components as angles, and the twist's angle in the place of its axis.
pub(crate) fn swing_twist(q: [f32; 4], axis: usize) -> [f32; 3] {
    let half = q[1 + axis].atan2(q[0]);
    let mut back = [half.cos(), 0.0, 0.0, 0.0];
    back[1 + axis] = -half.sin();
    let swing = quat_mul(q, back);
    let mut angles = [angle(swing[1]), angle(swing[2]), angle(swing[3])];
    angles[axis] = 2.0 * half;
    angles
}

impl Transformation {
    fn read(&self, t: &Affine3A, order: RotationMode) -> [f32; 3] {
        let quat = || mat3_to_quat(&Mat3::from(t.matrix3));
        match self.from {
            From::Location => t.translation.to_array(),
            From::Scale => {
                let size = column_lengths(&t.matrix3);
                let mirrored = t.matrix3.determinant() < 0.0;
                (if mirrored { -size } else { size }).to_array()
            }
            From::Euler(given) => euler(&t.matrix3, given.unwrap_or(order)),
            From::Quaternion => {
                let [_, x, y, z] = quat();
                [x, y, z].map(angle)
            }
            From::SwingTwist(axis) => swing_twist(quat(), axis),
        }
    }

    /// What the target's channel is mapped to.
    fn map(&self, t: &Affine3A, order: RotationMode) -> [f32; 3] {
        let values = self.read(t, order);
        let part: [f32; 3] = std::array::from_fn(|i| {
            let (low, high, mut value) = (self.from_min[i], self.from_max[i], values[i]);
            if !self.extrapolate {
                value = if value < low { low } else { value.min(high) };
            }
            if high == low { 0.0 } else { (value - low) / (high - low) }
        });
        std::array::from_fn(|i| {
            self.to_min[i] + part[self.axes[i]] * (self.to_max[i] - self.to_min[i])
        })
    }

    /// The owner with the mapped channel.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A, order: RotationMode) -> Affine3A {
        let new = self.map(t, order);
        let own = parts(m);
        let turn = |given: Option<RotationMode>| from_euler(new, given.unwrap_or(order));
        let to = match self.to {
            To::AddLocation => Parts { location: own.location + Vec3A::from(new), ..own },
            To::ReplaceLocation => Parts { location: new.into(), ..own },
            To::ReplaceScale => Parts { scale: new.into(), ..own },
            To::MultiplyScale => Parts { scale: own.scale * Vec3A::from(new), ..own },
            To::ReplaceRotation(given) => Parts { rotation: turn(given), ..own },
            To::BeforeRotation(given) => Parts { rotation: turn(given) * own.rotation, ..own },
            To::AfterRotation(given) => Parts { rotation: own.rotation * turn(given), ..own },
            To::AddRotation(given) => {
                let order = given.unwrap_or(order);
                let old = euler(&own.rotation, order);
                let sum = std::array::from_fn(|axis| old[axis] + new[axis]);
                Parts { rotation: from_euler(sum, order), ..own }
            }
        };
        to.matrix()
    }
}
