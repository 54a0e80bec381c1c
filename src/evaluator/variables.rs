//! What drivers read of bones and objects.

use super::slots::Slot;
use super::space::World;
use super::{Slots, frame::Parts};
use crate::channels::{Matrix, basis_matrices, load};
use crate::constraints::transformation::swing_twist;
use crate::inherit::column_lengths;
use crate::rotation::{
    RotationMode, mat3_normalized, mat3_to_euler, mat3_to_euler_compatible, mat3_to_quat, quat_dot,
};
use glam::{Affine3A, Mat3};

/// What a variable looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// A bone of the rig.
    Bone(usize),
    /// Something else, whose matrix in the space of the variable is given under this number.
    Outside(usize),
}

/// In which space a variable sees its anchor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VariableSpace {
    /// The world.
    #[default]
    World,
    /// The channels alone.
    Transform,
    /// The final matrix without what is inherited: with constraints.
    Local,
}

/// Which part of a matrix a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A component of the location.
    Location(usize),
    /// A component of the rotation, W is 3.
    Rotation(usize, Angles),
    /// The scale along an axis, never negative.
    Scale(usize),
    /// The cube root of the volume.
    AverageScale,
}

/// How a rotation is split into components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Angles {
    /// In the bone's own Euler order, near its own Euler angles; in XYZ if it has none.
    Auto,
    /// In this Euler order.
    Euler(RotationMode),
    /// As a quaternion.
    Quaternion,
    /// As a twist about this axis, and the angles of what is left; W is the whole of these.
    SwingTwist(usize),
}

/// A variable that reads matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A part of a matrix.
    Transform(Anchor, VariableSpace, Part),
    /// The angle between two rotations, those of bones in armature space.
    Angle(Anchor, Anchor),
    /// The distance between two points.
    Distance([(Anchor, VariableSpace); 2]),
}

/// All that readings look at.
pub(super) struct Sight<'a> {
    pub(super) parts: &'a Parts<'a>,
    pub(super) slots: &'a Slots,
    pub(super) world: &'a World,
    pub(super) pose: &'a [Matrix],
    pub(super) outside: &'a [Matrix],
}

impl Reading {
    /// The two anchors; of one there are two of it.
    pub(super) fn anchors(&self) -> [Anchor; 2] {
        match *self {
            Self::Transform(anchor, ..) => [anchor, anchor],
            Self::Angle(a, b) => [a, b],
            Self::Distance([(a, _), (b, _)]) => [a, b],
        }
    }

    /// The same reading of a rig with other bone numbers.
    pub(super) fn renumbered(self, bone: impl Fn(usize) -> Option<usize>) -> Self {
        let new = |anchor| match anchor {
            Anchor::Bone(old) => Anchor::Bone(bone(old).unwrap_or_default()),
            outside => outside,
        };
        match self {
            Self::Transform(anchor, space, part) => Self::Transform(new(anchor), space, part),
            Self::Angle(a, b) => Self::Angle(new(a), new(b)),
            Self::Distance(ends) => {
                Self::Distance(ends.map(|(anchor, space)| (new(anchor), space)))
            }
        }
    }
}

impl Sight<'_> {
    pub(super) fn read(&self, row: &[f32], reading: &Reading) -> f32 {
        match *reading {
            Reading::Transform(anchor, space, part) => {
                let m = self.matrix(row, anchor, space);
                match part {
                    Part::Location(axis) => m.translation[axis],
                    Part::Scale(axis) => column_lengths(&m.matrix3)[axis],
                    Part::AverageScale => m.matrix3.determinant().cbrt(),
                    Part::Rotation(component, angles) => {
                        self.rotation(row, &Mat3::from(m.matrix3), anchor, angles)[component]
                    }
                }
            }
            Reading::Angle(a, b) => {
                let quat = |anchor| mat3_to_quat(&Mat3::from(self.armature(anchor).matrix3));
                // The shorter way round.
                2.0 * quat_dot(quat(a), quat(b)).abs().min(1.0).acos()
            }
            Reading::Distance([a, b]) => {
                let point = |(anchor, space)| self.matrix(row, anchor, space).translation;
                (point(a) - point(b)).length()
            }
        }
    }

    /// A bone's matrix in armature space, anything else's as it is given.
    fn armature(&self, anchor: Anchor) -> Affine3A {
        match anchor {
            Anchor::Bone(bone) => load(&self.pose[bone]),
            Anchor::Outside(index) => self.given(index),
        }
    }

    fn given(&self, index: usize) -> Affine3A {
        self.outside.get(index).map_or(Affine3A::IDENTITY, load)
    }

    fn matrix(&self, row: &[f32], anchor: Anchor, space: VariableSpace) -> Affine3A {
        let bone = match anchor {
            Anchor::Outside(index) => return self.given(index),
            Anchor::Bone(bone) => bone,
        };
        match space {
            VariableSpace::World => self.world.to(&load(&self.pose[bone])),
            VariableSpace::Transform => {
                let modes = self.parts.modes.map(|modes| &modes[bone..=bone]);
                let mut basis = [[0.0; 16]];
                basis_matrices(
                    &self.slots.channels(row, row.len(), bone, modes),
                    0,
                    None,
                    &mut basis,
                );
                load(&basis[0])
            }
            VariableSpace::Local => {
                let parent = self.parts.hierarchy.parent_transform(bone, self.pose);
                parent.inverse().apply(&load(&self.pose[bone]))
            }
        }
    }

    /// x, y, z and w.
    fn rotation(&self, row: &[f32], m: &Mat3, anchor: Anchor, angles: Angles) -> [f32; 4] {
        let m = &mat3_normalized(m);
        // Euler angles have no W.
        let euler = |[x, y, z]: [f32; 3]| [x, y, z, 0.0];
        match angles {
            Angles::Auto => euler(self.auto(row, m, anchor)),
            Angles::Euler(order) => euler(mat3_to_euler(m, order)),
            Angles::Quaternion => {
                let [w, x, y, z] = mat3_to_quat(m);
                [x, y, z, w]
            }
            Angles::SwingTwist(axis) => {
                let quat = mat3_to_quat(m);
                let [x, y, z] = swing_twist(quat, axis);
                // What is left without the twist has this for its W.
                let swing = quat[0].hypot(quat[1 + axis]).min(1.0);
                [x, y, z, 2.0 * swing.acos()]
            }
        }
    }

    fn auto(&self, row: &[f32], m: &Mat3, anchor: Anchor) -> [f32; 3] {
        if let Anchor::Bone(bone) = anchor {
            let mode = self.parts.modes.and_then(|modes| RotationMode::from_number(modes[bone]));
            if let Some(order) = mode.filter(|mode| mode.is_euler()) {
                let start = self.slots.range(Slot::Euler).start + 3 * bone;
                let own = [row[start], row[start + 1], row[start + 2]];
                return mat3_to_euler_compatible(m, own, order);
            }
        }
        mat3_to_euler(m, RotationMode::Xyz)
    }
}
