//! The numbers of one constraint in the header's arrays, as the core's settings.

use super::constraint_numbers::*;
use crate::channels::{Matrix, load};
use crate::constraints::{Axes, Axis, Kind};
use crate::constraints::{
    action, armature, child_of, copy, distance, follow_path, limit, pivot, stretch, track,
    transformation, volume,
};
use crate::evaluator::Effect;
use crate::ik::Goal;
use crate::rotation::RotationMode;
use crate::spline_ik::{SplineIk, XzScale, YScale};

/// The settings of one constraint as the caller gives them.
#[derive(Clone, Copy)]
pub(super) struct Settings<'a> {
    pub(super) flag: u32,
    pub(super) option: &'a [i32; 8],
    pub(super) value: &'a [f32; 16],
    /// The IK settings of the bones are known.
    pub(super) has_joints: bool,
    /// The actions of Action constraints are known.
    pub(super) has_actions: bool,
    /// How many curves there are, if they are known.
    pub(super) curves: Option<usize>,
}

/// Which option does not exist.
pub(super) struct BadOption(pub(super) usize);

type Decoded<T> = Result<T, BadOption>;

impl Settings<'_> {
    fn has(&self, bit: u32) -> bool {
        self.flag & bit != 0
    }

    /// Three bits of the flags.
    fn axes(&self, first: u32) -> Axes {
        [self.has(first), self.has(first << 1), self.has(first << 2)]
    }

    fn three(&self, first: usize) -> [f32; 3] {
        [self.value[first], self.value[first + 1], self.value[first + 2]]
    }

    /// The option, if it is less than `count`.
    fn option(&self, index: usize, count: usize) -> Decoded<usize> {
        usize::try_from(self.option[index])
            .ok()
            .filter(|number| *number < count)
            .ok_or(BadOption(index))
    }

    /// The option as one of a list.
    fn pick<T: Copy>(&self, index: usize, list: &[T]) -> Decoded<T> {
        Ok(list[self.option(index, list.len())?])
    }

    fn axis(&self, index: usize) -> Decoded<Axis> {
        let number = self.option(index, 6)?;
        Ok(Axis { index: number % 3, negative: number >= 3 })
    }

    /// An Euler order, 0 = that of the owner.
    fn order(&self, index: usize) -> Decoded<Option<RotationMode>> {
        let number = self.option(index, 7)? as i32;
        Ok(RotationMode::from_number(number).filter(|mode| mode.is_euler()))
    }

    fn ranges(&self) -> limit::Ranges {
        limit::Ranges {
            use_min: self.axes(LIMBER_CONSTRAINT_X),
            use_max: self.axes(LIMBER_CONSTRAINT_INVERT_X),
            min: self.three(0),
            max: self.three(3),
        }
    }

    /// What a constraint of this type does.
    pub(super) fn effect(&self, kind: i32) -> Decoded<Effect> {
        Ok(Effect::Known(match kind {
            LIMBER_CONSTRAINT_COPY_LOCATION => Kind::CopyLocation(copy::CopyLocation {
                axes: self.axes(LIMBER_CONSTRAINT_X),
                invert: self.axes(LIMBER_CONSTRAINT_INVERT_X),
                offset: self.has(LIMBER_CONSTRAINT_OFFSET),
            }),
            LIMBER_CONSTRAINT_COPY_ROTATION => Kind::CopyRotation(self.copy_rotation()?),
            LIMBER_CONSTRAINT_COPY_SCALE => Kind::CopyScale(copy::CopyScale {
                axes: self.axes(LIMBER_CONSTRAINT_X),
                uniform: self.has(LIMBER_CONSTRAINT_UNIFORM),
                offset: self.has(LIMBER_CONSTRAINT_OFFSET),
                add: self.has(LIMBER_CONSTRAINT_ADD),
                power: self.value[0],
            }),
            LIMBER_CONSTRAINT_COPY_TRANSFORMS => Kind::CopyTransforms(self.copy_transforms()?),
            LIMBER_CONSTRAINT_LIMIT_LOCATION => Kind::LimitLocation(self.ranges()),
            LIMBER_CONSTRAINT_LIMIT_SCALE => Kind::LimitScale(self.ranges()),
            LIMBER_CONSTRAINT_LIMIT_ROTATION => Kind::LimitRotation(limit::LimitRotation {
                axes: self.axes(LIMBER_CONSTRAINT_X),
                min: self.three(0),
                max: self.three(3),
                order: self.order(0)?,
                legacy: self.has(LIMBER_CONSTRAINT_LEGACY),
            }),
            LIMBER_CONSTRAINT_LIMIT_DISTANCE => Kind::LimitDistance(self.limit_distance()?),
            LIMBER_CONSTRAINT_MAINTAIN_VOLUME => Kind::MaintainVolume(self.maintain_volume()?),
            LIMBER_CONSTRAINT_TRANSFORM => Kind::Transformation(self.transformation()?),
            LIMBER_CONSTRAINT_DAMPED_TRACK => Kind::DampedTrack(self.axis(0)?),
            LIMBER_CONSTRAINT_LOCKED_TRACK => Kind::LockedTrack(track::LockedTrack {
                track: self.axis(0)?,
                lock: self.option(1, 3)?,
            }),
            LIMBER_CONSTRAINT_TRACK_TO => Kind::TrackTo(track::TrackTo {
                track: self.axis(0)?,
                up: self.option(1, 3)?,
                target_z: self.has(LIMBER_CONSTRAINT_TARGET_Z),
            }),
            LIMBER_CONSTRAINT_STRETCH_TO => Kind::StretchTo(self.stretch_to()?),
            LIMBER_CONSTRAINT_CHILD_OF => Kind::ChildOf(self.child_of()?),
            LIMBER_CONSTRAINT_FLOOR => Kind::Floor(distance::Floor {
                side: self.axis(0)?,
                offset: self.value[0],
                rotation: self.has(LIMBER_CONSTRAINT_ROTATION),
            }),
            LIMBER_CONSTRAINT_PIVOT => Kind::Pivot(self.pivot()?),
            LIMBER_CONSTRAINT_ARMATURE => Kind::Armature(armature::Armature {
                preserve_volume: self.has(LIMBER_CONSTRAINT_PRESERVE_VOLUME),
                current_location: self.has(LIMBER_CONSTRAINT_CURRENT_LOCATION),
            }),
            LIMBER_CONSTRAINT_ACTION if self.has_actions => Kind::Action(self.action()?),
            LIMBER_CONSTRAINT_FOLLOW_PATH if self.curves.is_some() => {
                Kind::FollowPath(self.follow_path()?)
            }
            LIMBER_CONSTRAINT_CLAMP_TO if self.curves.is_some() => Kind::ClampTo(self.clamp_to()?),
            LIMBER_CONSTRAINT_SPLINE_IK if self.curves.is_some() => return self.spline_ik(),
            LIMBER_CONSTRAINT_IK if self.has_joints => return Ok(self.ik()),
            // A negative number of ancestors is all of them.
            _ => return Ok(Effect::Unknown(usize::try_from(self.option[0]).unwrap_or(usize::MAX))),
        }))
    }

    fn action(&self) -> Decoded<action::Action> {
        use copy::MixTransforms::{
            After, AfterFull, AfterSplit, Before, BeforeFull, BeforeSplit, Replace,
        };
        let source = match self.option[0] {
            _ if self.has(LIMBER_CONSTRAINT_EVAL_TIME) => action::Source::Time,
            channel @ 0..3 => action::Source::Rotation(channel as usize),
            channel @ 10..13 => action::Source::Scale(channel as usize - 10),
            channel @ 20..23 => action::Source::Location(channel as usize - 20),
            _ => return Err(BadOption(0)),
        };
        let list = [AfterFull, After, Before, BeforeFull, AfterSplit, BeforeSplit, Replace];
        Ok(action::Action {
            source,
            range: [self.value[0], self.value[1]],
            time: self.value[2],
            frames: [self.value[3], self.value[4]],
            mix: self.pick(1, &list)?,
        })
    }

    /// The option as the number of a curve.
    fn curve(&self, index: usize) -> Decoded<usize> {
        self.option(index, self.curves.unwrap_or(0))
    }

    fn clamp_to(&self) -> Decoded<follow_path::ClampTo> {
        Ok(follow_path::ClampTo {
            curve: self.curve(0)?,
            axis: self.pick(1, &[None, Some(0), Some(1), Some(2)])?,
            cyclic: self.has(LIMBER_CONSTRAINT_CYCLIC),
        })
    }

    fn follow_path(&self) -> Decoded<follow_path::FollowPath> {
        let [offset, factor, time, duration, ..] = *self.value;
        Ok(follow_path::FollowPath {
            curve: self.curve(0)?,
            forward: self.axis(1)?,
            up: self.option(2, 3)?,
            fixed: self.has(LIMBER_CONSTRAINT_FIXED_LOCATION),
            follow: self.has(LIMBER_CONSTRAINT_CURVE_FOLLOW),
            radius: self.has(LIMBER_CONSTRAINT_CURVE_RADIUS),
            clamp: self.option(3, 2)? == 1,
            offset,
            factor,
            time,
            duration,
        })
    }

    fn spline_ik(&self) -> Decoded<Effect> {
        let bound = |bit, index: usize| self.has(bit).then_some(self.value[index]);
        Ok(Effect::SplineIk(SplineIk {
            curve: self.curve(0)?,
            chain_count: match self.option(1, 256)? {
                0 => return Err(BadOption(1)),
                count => count,
            },
            chain_offset: self.has(LIMBER_CONSTRAINT_OFFSET),
            even_divisions: self.has(LIMBER_CONSTRAINT_EVEN_DIVISIONS),
            curve_radius: self.has(LIMBER_CONSTRAINT_CURVE_RADIUS),
            original_scale: self.has(LIMBER_CONSTRAINT_ORIGINAL_SCALE),
            y_scale: self.pick(2, &[YScale::None, YScale::FitCurve, YScale::BoneOriginal])?,
            xz_scale: self.pick(
                3,
                &[
                    XzScale::None,
                    XzScale::BoneOriginal,
                    XzScale::InversePreserve,
                    XzScale::VolumePreserve,
                ],
            )?,
            bulge: stretch::StretchTo {
                bulge: self.value[0],
                bulge_min: bound(LIMBER_CONSTRAINT_BULGE_MIN, 1),
                bulge_max: bound(LIMBER_CONSTRAINT_BULGE_MAX, 2),
                bulge_smooth: self.value[3],
                ..stretch::StretchTo::default()
            },
        }))
    }

    fn ik(&self) -> Effect {
        let count = |index: usize| usize::try_from(self.option[index]).unwrap_or(0);
        let [weight, orient_weight, pole_angle, ..] = *self.value;
        let goal = Goal {
            // Those of the constraint.
            bone: 0,
            tip: 0,
            chain_count: count(0),
            use_stretch: self.has(LIMBER_CONSTRAINT_STRETCH),
            // Blender's own limit; a goal out of reach uses them all.
            iterations: count(1).min(10_000),
            location: self.has(LIMBER_CONSTRAINT_LOCATION).then_some(weight),
            rotation: self.has(LIMBER_CONSTRAINT_ROTATION).then_some(orient_weight),
            // If there is a target for it.
            pole: Some(pole_angle),
        };
        Effect::Ik(goal, self.has(LIMBER_CONSTRAINT_TAIL))
    }

    fn copy_rotation(&self) -> Decoded<copy::CopyRotation> {
        use copy::MixRotation::{Add, After, Before, Offset, Replace};
        Ok(copy::CopyRotation {
            axes: self.axes(LIMBER_CONSTRAINT_X),
            invert: self.axes(LIMBER_CONSTRAINT_INVERT_X),
            order: self.order(0)?,
            mix: self.pick(1, &[Replace, Offset, Add, Before, After])?,
        })
    }

    fn copy_transforms(&self) -> Decoded<copy::CopyTransforms> {
        use copy::MixTransforms::{
            After, AfterFull, AfterSplit, Before, BeforeFull, BeforeSplit, Replace,
        };
        let list = [Replace, Before, After, BeforeSplit, AfterSplit, BeforeFull, AfterFull];
        Ok(copy::CopyTransforms {
            mix: self.pick(0, &list)?,
            remove_shear: self.has(LIMBER_CONSTRAINT_REMOVE_SHEAR),
        })
    }

    fn limit_distance(&self) -> Decoded<distance::LimitDistance> {
        use distance::Side::{Inside, OnSurface, Outside};
        Ok(distance::LimitDistance {
            distance: self.value[0],
            side: self.pick(0, &[Inside, Outside, OnSurface])?,
        })
    }

    fn maintain_volume(&self) -> Decoded<volume::MaintainVolume> {
        use volume::Measure::{SingleAxis, Strict, Uniform};
        Ok(volume::MaintainVolume {
            free_axis: self.option(0, 3)?,
            measure: self.pick(1, &[Strict, Uniform, SingleAxis])?,
            volume: self.value[0],
        })
    }

    fn transformation(&self) -> Decoded<transformation::Transformation> {
        use transformation::{From, To};
        let from = match self.option(0, 3)? {
            0 => From::Location,
            2 => From::Scale,
            _ => match self.option(6, 11)? {
                7 => From::Quaternion,
                twist @ 8.. => From::SwingTwist(twist - 8),
                _ => From::Euler(self.order(6)?),
            },
        };
        let order = self.order(7)?;
        let to = match self.option(1, 3)? {
            0 => self.pick(5, &[To::AddLocation, To::ReplaceLocation])?,
            2 => self.pick(5, &[To::ReplaceScale, To::MultiplyScale])?,
            _ => {
                let list: [fn(Option<RotationMode>) -> To; 4] =
                    [To::AddRotation, To::ReplaceRotation, To::BeforeRotation, To::AfterRotation];
                self.pick(5, &list)?(order)
            }
        };
        Ok(transformation::Transformation {
            from,
            to,
            axes: [self.option(2, 3)?, self.option(3, 3)?, self.option(4, 3)?],
            extrapolate: self.has(LIMBER_CONSTRAINT_EXTRAPOLATE),
            from_min: self.three(0),
            from_max: self.three(3),
            to_min: self.three(6),
            to_max: self.three(9),
        })
    }

    fn stretch_to(&self) -> Decoded<stretch::StretchTo> {
        use stretch::{Keep, Swing};
        let bound = |bit, index: usize| self.has(bit).then_some(self.value[index]);
        Ok(stretch::StretchTo {
            keep: self.pick(0, &[Keep::Both, Keep::X, Keep::Z, Keep::None])?,
            swing: self.pick(1, &[Swing::PlaneX, Swing::SwingY, Swing::PlaneZ])?,
            rest_length: self.value[0],
            bulge: self.value[1],
            bulge_min: bound(LIMBER_CONSTRAINT_BULGE_MIN, 2),
            bulge_max: bound(LIMBER_CONSTRAINT_BULGE_MAX, 3),
            bulge_smooth: self.value[4],
        })
    }

    fn child_of(&self) -> Decoded<child_of::ChildOf> {
        let inverse: &Matrix = self.value;
        let order = self.order(0)?;
        Ok(child_of::ChildOf {
            location: self.axes(LIMBER_CONSTRAINT_X),
            rotation: self.axes(LIMBER_CONSTRAINT_INVERT_X),
            scale: self.axes(LIMBER_CONSTRAINT_SCALE_X),
            inverse: load(inverse),
            target_order: order.unwrap_or(RotationMode::Xyz),
        })
    }

    fn pivot(&self) -> Decoded<pivot::Pivot> {
        use pivot::Active::{Always, Negative, Positive};
        let active = match self.option[0] {
            -1 => Always,
            _ => match self.option(0, 6)? {
                low @ 0..3 => Negative(low),
                high => Positive(high - 3),
            },
        };
        let relative = self.has(LIMBER_CONSTRAINT_RELATIVE);
        Ok(pivot::Pivot { active, offset: self.three(0), relative })
    }
}
