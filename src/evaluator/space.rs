//! The spaces in which constraints see matrices.

use crate::inherit::{ParentTransform, affine_inverse_or_zero};
use glam::{Affine3A, Vec3A};

/// The space of a matrix; the numbers are those of Blender's `owner_space` and `target_space`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum Space {
    /// The world.
    #[default]
    World = 0,
    /// The bone's channels.
    Local = 1,
    /// The armature.
    Pose = 2,
    /// From the bone's rest pose, with what it inherits.
    LocalWithParent = 3,
    /// That of some object or bone.
    Custom = 5,
    /// Local, turned to the owner's axes; of a target.
    LocalOwnerOrient = 6,
}

impl Space {
    /// The space with this number.
    pub fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::World,
            1 => Self::Local,
            2 => Self::Pose,
            3 => Self::LocalWithParent,
            5 => Self::Custom,
            6 => Self::LocalOwnerOrient,
            _ => return None,
        })
    }
}

/// The armature object in the world.
#[derive(Clone, Copy)]
pub(super) struct World {
    to: Affine3A,
    from: Affine3A,
    /// Most armatures stand at the origin; then nothing is multiplied, and nothing rounded.
    identity: bool,
}

impl World {
    pub(super) fn new(object: Affine3A) -> Self {
        let identity = object == Affine3A::IDENTITY;
        Self { to: object, from: affine_inverse_or_zero(&object), identity }
    }

    /// Armature space to world.
    pub(super) fn to(&self, m: &Affine3A) -> Affine3A {
        if self.identity { *m } else { self.to * *m }
    }

    /// World to armature space.
    pub(super) fn from(&self, m: &Affine3A) -> Affine3A {
        if self.identity { *m } else { self.from * *m }
    }

    /// An armature-space motion as one of the world.
    pub(super) fn motion(&self, m: &Affine3A) -> Affine3A {
        if self.identity { *m } else { self.to * *m * self.from }
    }
}

/// What the spaces of one bone in one pose are made of.
pub(super) struct BoneSpaces<'a> {
    pub(super) world: &'a World,
    /// Rest matrix, armature space.
    pub(super) rest: Affine3A,
    /// From the bone's channels to its pose matrix.
    pub(super) parent: ParentTransform,
    /// World matrix of the custom space.
    pub(super) custom: Affine3A,
}

impl BoneSpaces<'_> {
    /// Armature space to `space`; LOCAL_OWNER_ORIENT needs the rest matrix of the owner.
    pub(super) fn to(&self, space: Space, pose: &Affine3A, owner_rest: &Affine3A) -> Affine3A {
        match space {
            Space::World => self.world.to(pose),
            Space::Pose => *pose,
            Space::Local => self.parent.inverse().apply(pose),
            Space::LocalWithParent => affine_inverse_or_zero(&self.rest) * *pose,
            Space::Custom => affine_inverse_or_zero(&self.custom) * self.world.to(pose),
            Space::LocalOwnerOrient => {
                let mut turn = affine_inverse_or_zero(owner_rest) * self.rest;
                turn.translation = Vec3A::ZERO;
                turn * self.parent.inverse().apply(pose) * affine_inverse_or_zero(&turn)
            }
        }
    }

    /// The way back, of an owner (for which LOCAL_OWNER_ORIENT is LOCAL).
    pub(super) fn from(&self, space: Space, m: &Affine3A) -> Affine3A {
        match space {
            Space::World => self.world.from(m),
            Space::Pose => *m,
            Space::Local | Space::LocalOwnerOrient => self.parent.apply(m),
            Space::LocalWithParent => self.rest * *m,
            Space::Custom => self.world.from(&(self.custom * *m)),
        }
    }
}
