//! Action: a pose of an action, picked by a target's motion.

use super::copy::{CopyTransforms, MixTransforms};
use super::matrix::euler;
use crate::inherit::column_lengths;
use crate::rotation::RotationMode;
use glam::Affine3A;

/// What decides on the frame of the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The target's location along an axis.
    Location(usize),
    /// The target's Euler angle XYZ about an axis, in degrees.
    Rotation(usize),
    /// The target's scale along an axis.
    Scale(usize),
    /// The evaluation time of the constraint.
    Time,
}

/// Action, without the action's curves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Action {
    /// What decides.
    pub source: Source,
    /// The values at the first and the last frame; the first may be the greater.
    pub range: [f32; 2],
    /// 0 = first frame to 1 = last frame, for [`Source::Time`].
    pub time: f32,
    /// The first and the last frame.
    pub frames: [f32; 2],
    /// How the action's pose is put on the owner's.
    pub mix: MixTransforms,
}

impl Action {
    /// The frame of the action, `None` without the target that it needs.
    pub fn frame(&self, target: Option<&Affine3A>) -> Option<f32> {
        let [min, max] = self.range;
        let along = |value: f32| if min == max { 0.0 } else { (value - min) / (max - min) };
        let factor = match self.source {
            Source::Time => self.time,
            Source::Location(axis) => along(target?.translation[axis]),
            Source::Scale(axis) => along(column_lengths(&target?.matrix3)[axis]),
            Source::Rotation(axis) => {
                along(euler(&target?.matrix3, RotationMode::Xyz)[axis].to_degrees())
            }
        };
        let [first, last] = self.frames;
        Some(first + factor.clamp(0.0, 1.0) * (last - first))
    }

    /// The owner with the action's pose, given as the matrix of its channels.
    pub fn apply(&self, m: &Affine3A, pose: &Affine3A) -> Affine3A {
        CopyTransforms { mix: self.mix, remove_shear: false }.apply(m, pose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;

    #[test]
    fn frames_follow_the_target_and_stop_at_the_ends() {
        let source = Source::Location(1);
        let (range, frames, mix) = ([1.0, 3.0], [10.0, 20.0], MixTransforms::Replace);
        let action = Action { source, range, time: 0.25, frames, mix };
        let at = |y: f32| Affine3A::from_translation(Vec3::new(9.0, y, 9.0));
        let frame = |action: &Action, y: f32| action.frame(Some(&at(y))).unwrap();
        assert_eq!([0.0, 1.5, 3.0, 7.0].map(|y| frame(&action, y)), [10.0, 12.5, 20.0, 20.0]);
        let reversed = Action { range: [3.0, 1.0], ..action };
        assert_eq!(frame(&reversed, 1.5), 17.5);
        assert_eq!(frame(&Action { range: [2.0, 2.0], ..action }, 5.0), 10.0);
        assert_eq!(action.frame(None), None);
        assert_eq!(Action { source: Source::Time, ..action }.frame(None), Some(12.5));
        let turned = Affine3A::from_rotation_y(0.5f32.to_radians() * 4.0);
        let turns = Action { source: Source::Rotation(1), ..action };
        assert!((turns.frame(Some(&turned)).unwrap() - 15.0).abs() < 1e-4);
    }
}
