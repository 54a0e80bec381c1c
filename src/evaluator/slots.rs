//! Every number of a rig that curves and drivers may move, in one row.
//!
//! The row of a frame begins with the channels, an array each, so that it can be read as
//! [`Channels`] without copying.

use super::write::Limits;
use crate::channels::{Channels, Frames};
use core::ops::Range;

/// What a number is. The numbers are those of the C header's `LIMBER_SLOT_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Slot {
    /// Location, three a bone.
    Location = 0,
    /// Quaternion w x y z, four a bone.
    Quaternion = 1,
    /// Euler angles, three a bone.
    Euler = 2,
    /// Angle and axis, four a bone.
    AxisAngle = 3,
    /// Scale, three a bone.
    Scale = 4,
    /// Influence, one a constraint.
    Influence = 5,
    /// Whether a constraint is muted: from 1 on, one a constraint.
    Mute = 6,
    /// Settings that are numbers, sixteen a constraint.
    Value = 7,
    /// Weight, one a target.
    Weight = 8,
    /// Place between head and tail, one a target.
    HeadTail = 9,
    /// Any number of the caller's, such as a custom property.
    Custom = 10,
}

/// How many kinds there are.
const KINDS: usize = 11;

impl Slot {
    /// All kinds in the order of their numbers.
    pub const ALL: [Self; KINDS] = [
        Self::Location,
        Self::Quaternion,
        Self::Euler,
        Self::AxisAngle,
        Self::Scale,
        Self::Influence,
        Self::Mute,
        Self::Value,
        Self::Weight,
        Self::HeadTail,
        Self::Custom,
    ];

    /// The kind with this number.
    pub fn from_number(number: i32) -> Option<Self> {
        usize::try_from(number).ok().and_then(|number| Self::ALL.get(number).copied())
    }
}

/// What a slot belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Bone(usize),
    Constraint(usize),
    Target(usize),
    Custom,
}

/// Where the slots of each kind begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    starts: [usize; KINDS + 1],
    bones: usize,
}

impl Slots {
    /// The slots of a rig of that many bones, constraints, targets and numbers of the caller's.
    pub fn new(bones: usize, constraints: usize, targets: usize, custom: usize) -> Self {
        let counts = [
            3 * bones,
            4 * bones,
            3 * bones,
            4 * bones,
            3 * bones,
            constraints,
            constraints,
            16 * constraints,
            targets,
            targets,
            custom,
        ];
        let mut starts = [0; KINDS + 1];
        for (kind, count) in counts.iter().enumerate() {
            starts[kind + 1] = starts[kind] + count;
        }
        Self { starts, bones }
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.starts[KINDS]
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The slots of a kind.
    pub fn range(&self, kind: Slot) -> Range<usize> {
        self.starts[kind as usize]..self.starts[kind as usize + 1]
    }

    /// Element `index` of the array of a kind, if there is one.
    pub fn at(&self, kind: Slot, index: usize) -> Option<usize> {
        let range = self.range(kind);
        (index < range.len()).then(|| range.start + index)
    }

    /// The kind of a slot, and which element of its array it is.
    pub(super) fn find(&self, slot: usize) -> (Slot, usize) {
        let kind = self.starts[1..].partition_point(|end| *end <= slot).min(KINDS - 1);
        (Slot::ALL[kind], slot - self.starts[kind])
    }

    /// What Blender lets the numbers of a slot be.
    pub(super) fn limits(&self, slot: usize) -> Limits {
        match self.find(slot).0 {
            Slot::Influence | Slot::Weight | Slot::HeadTail => Limits::FACTOR,
            _ => Limits::NONE,
        }
    }

    /// What a slot belongs to.
    pub(super) fn owner(&self, slot: usize) -> Owner {
        let (kind, index) = self.find(slot);
        match kind {
            Slot::Location | Slot::Euler | Slot::Scale => Owner::Bone(index / 3),
            Slot::Quaternion | Slot::AxisAngle => Owner::Bone(index / 4),
            Slot::Influence | Slot::Mute => Owner::Constraint(index),
            Slot::Value => Owner::Constraint(index / 16),
            Slot::Weight | Slot::HeadTail => Owner::Target(index),
            Slot::Custom => Owner::Custom,
        }
    }

    /// The slot of the same thing in a rig that holds a part of this one: `bone`, `constraint` and
    /// `target` give the new numbers. `None` if it is not among them.
    pub(super) fn moved(
        &self,
        slot: usize,
        to: &Slots,
        number: impl Fn(Owner) -> Option<usize>,
    ) -> Option<usize> {
        let (kind, index) = self.find(slot);
        let each = match kind {
            Slot::Location | Slot::Euler | Slot::Scale => 3,
            Slot::Quaternion | Slot::AxisAngle => 4,
            Slot::Value => 16,
            Slot::Custom => return to.at(kind, index),
            _ => 1,
        };
        to.at(kind, number(self.owner(slot))? * each + index % each)
    }

    /// The channels of the bones from `first` on in rows of slots, `stride` from one to the next.
    pub(super) fn channels<'a>(
        &self,
        rows: &'a [f32],
        stride: usize,
        first: usize,
        modes: Option<&'a [i32]>,
    ) -> Channels<'a> {
        let from = |kind| self.starts[kind as usize];
        if self.bones == 0 {
            return Channels { rotation_mode: modes, ..Channels::default() };
        }
        Channels {
            location: Some(Frames::new(&rows[from(Slot::Location) + 3 * first..], stride)),
            rotation_quaternion: Some(Frames::new(
                &rows[from(Slot::Quaternion) + 4 * first..],
                stride,
            )),
            rotation_euler: Some(Frames::new(&rows[from(Slot::Euler) + 3 * first..], stride)),
            rotation_axis_angle: Some(Frames::new(
                &rows[from(Slot::AxisAngle) + 4 * first..],
                stride,
            )),
            scale: Some(Frames::new(&rows[from(Slot::Scale) + 3 * first..], stride)),
            rotation_mode: modes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_is_found_again() {
        let slots = Slots::new(3, 2, 4, 5);
        assert_eq!(slots.len(), 17 * 3 + 18 * 2 + 2 * 4 + 5);
        for slot in 0..slots.len() {
            let (kind, index) = slots.find(slot);
            assert_eq!(slots.at(kind, index), Some(slot));
        }
        assert_eq!(slots.at(Slot::Influence, 2), None);
        assert_eq!(slots.owner(slots.range(Slot::Value).start + 17), Owner::Constraint(1));
    }

    #[test]
    fn slots_move_with_their_owners() {
        let (all, part) = (Slots::new(3, 2, 2, 1), Slots::new(1, 0, 0, 1));
        let number = |owner| (owner == Owner::Bone(2)).then_some(0);
        let moved = |kind, index| all.moved(all.at(kind, index).unwrap(), &part, number);
        assert_eq!(moved(Slot::Quaternion, 9), part.at(Slot::Quaternion, 1));
        assert_eq!(moved(Slot::Quaternion, 7), None);
        assert_eq!(moved(Slot::Influence, 1), None);
        assert_eq!(moved(Slot::Custom, 0), part.at(Slot::Custom, 0));
    }
}
