//! Blender's bone constraints as functions of an owner matrix and a target matrix.
//!
//! Each kind works in the owner's and the target's space as the caller converted them; spaces,
//! the order of a stack, influence and what depends on what are the [evaluator](crate::evaluator)'s
//! business. Matrices may be scaled, mirrored and sheared.

pub mod action;
pub mod armature;
pub mod blend;
pub mod child_of;
pub mod copy;
pub mod distance;
pub mod follow_path;
pub mod limit;
pub(crate) mod matrix;
pub mod pivot;
pub mod stretch;
pub mod track;
pub mod transformation;
pub mod values;
pub mod volume;

use crate::rotation::RotationMode;
use glam::Affine3A;

/// A set of axes: X, Y, Z.
pub type Axes = [bool; 3];

/// One of the six directions along the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Axis {
    /// 0 = X, 1 = Y, 2 = Z.
    pub index: usize,
    /// The other way.
    pub negative: bool,
}

/// A constraint's kind with its settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Copy Location.
    CopyLocation(copy::CopyLocation),
    /// Copy Rotation.
    CopyRotation(copy::CopyRotation),
    /// Copy Scale.
    CopyScale(copy::CopyScale),
    /// Copy Transforms.
    CopyTransforms(copy::CopyTransforms),
    /// Limit Location.
    LimitLocation(limit::Ranges),
    /// Limit Rotation.
    LimitRotation(limit::LimitRotation),
    /// Limit Scale.
    LimitScale(limit::Ranges),
    /// Limit Distance.
    LimitDistance(distance::LimitDistance),
    /// Maintain Volume.
    MaintainVolume(volume::MaintainVolume),
    /// Transformation.
    Transformation(transformation::Transformation),
    /// Damped Track, with the axis that points to the target.
    DampedTrack(Axis),
    /// Locked Track.
    LockedTrack(track::LockedTrack),
    /// Track To.
    TrackTo(track::TrackTo),
    /// Stretch To.
    StretchTo(stretch::StretchTo),
    /// Child Of.
    ChildOf(child_of::ChildOf),
    /// Floor.
    Floor(distance::Floor),
    /// Pivot.
    Pivot(pivot::Pivot),
    /// Armature; it has several targets and is not done by [`Kind::apply`].
    Armature(armature::Armature),
    /// Action; its pose comes from curves, so it is not done by [`Kind::apply`], either.
    Action(action::Action),
    /// Follow Path; it needs a path and is not done by [`Kind::apply`], either.
    FollowPath(follow_path::FollowPath),
    /// Clamp To, likewise.
    ClampTo(follow_path::ClampTo),
}

impl Kind {
    /// The owner matrix after the constraint, both matrices in the constraint's spaces. Without a
    /// target most kinds change nothing. `order` is the owner's Euler order, XYZ if it has none.
    ///
    /// Child Of gives a world matrix; all others stay in the owner's space.
    pub fn apply(&self, m: &Affine3A, target: Option<&Affine3A>, order: RotationMode) -> Affine3A {
        let alone = match self {
            Self::LimitLocation(limits) => limits.location(m),
            Self::LimitRotation(limit) => limit.apply(m, order),
            Self::LimitScale(limits) => limits.scale(m),
            Self::MaintainVolume(volume) => volume.apply(m),
            Self::Pivot(pivot) => pivot.apply(m, target, order),
            _ => *m,
        };
        let Some(t) = target else { return alone };
        match self {
            Self::CopyLocation(copy) => copy.apply(m, t),
            Self::CopyRotation(copy) => copy.apply(m, t, order),
            Self::CopyScale(copy) => copy.apply(m, t),
            Self::CopyTransforms(copy) => copy.apply(m, t),
            Self::LimitDistance(limit) => limit.apply(m, t),
            Self::Transformation(map) => map.apply(m, t, order),
            Self::DampedTrack(axis) => track::damped(m, t, *axis),
            Self::LockedTrack(lock) => lock.apply(m, t),
            Self::TrackTo(to) => to.apply(m, t),
            Self::StretchTo(stretch) => stretch.apply(m, t),
            Self::ChildOf(child) => child.apply(m, t, order),
            Self::Floor(floor) => floor.apply(m, t),
            _ => alone,
        }
    }
}
