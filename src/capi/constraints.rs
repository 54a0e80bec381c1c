//! The constraints of a rig as the header's arrays.

use super::args::{Args, view};
use super::constraint_kinds::{BadOption, Settings};
use super::plan_actions::{LimberActions, actions};
use super::splines::LimberSplines;
use crate::channels::Matrix;
use crate::error::{Error, Result};
use crate::evaluator::{BoneAction, Constraint, Space, Target};
use crate::ik::Joint;
use crate::path::Curve as PathCurve;
use std::fmt::Display;

/// How the bones of a rig move in inverse kinematics. Each array that is NULL has the values of a
/// new bone, which are all 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberIkBones {
    /// sizeof(LimberIkBones)
    pub struct_size: usize,
    /// n, the number of bones of the rig
    pub bone_count: usize,
    /// 3*n bytes, lock_ik_x, _y, _z
    pub lock: *const u8,
    /// 3*n bytes, use_ik_limit_x, _y, _z
    pub use_limit: *const u8,
    /// 3*n, ik_min_x, _y, _z, radians
    pub min: *const f32,
    /// 3*n, ik_max_x, _y, _z, radians
    pub max: *const f32,
    /// 3*n, ik_stiffness_x, _y, _z, 0 to 0.99
    pub stiffness: *const f32,
    /// n, ik_stretch, 0 to 1
    pub stretch: *const f32,
}
view!(LimberIkBones, stretch: *const f32);

impl LimberIkBones {
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    unsafe fn joints(&self, args: &mut Args) -> Result<Vec<Joint>> {
        let n = self.bone_count;
        // SAFETY: the header's promise, passed on by the caller.
        let (lock, use_limit, min, max, stiffness, stretch) = unsafe {
            (
                args.input::<[u8; 3]>("lock", self.lock.cast(), n)?,
                args.input::<[u8; 3]>("use_limit", self.use_limit.cast(), n)?,
                args.input::<[f32; 3]>("min", self.min.cast(), n)?,
                args.input::<[f32; 3]>("max", self.max.cast(), n)?,
                args.input::<[f32; 3]>("stiffness", self.stiffness.cast(), n)?,
                args.input("stretch", self.stretch, n)?,
            )
        };
        let three = |rows: Option<&[[f32; 3]]>, bone: usize| rows.map_or([0.0; 3], |r| r[bone]);
        let flags = |rows: Option<&[[u8; 3]]>, bone: usize| {
            rows.map_or([false; 3], |rows| rows[bone].map(|flag| flag != 0))
        };
        let joint = |bone: usize| {
            let (limited, min, max) = (flags(use_limit, bone), three(min, bone), three(max, bone));
            let limit = |axis: usize| limited[axis].then(|| [min[axis], max[axis]]);
            Joint {
                lock: flags(lock, bone),
                limit: std::array::from_fn(limit),
                stiffness: three(stiffness, bone),
                stretch: stretch.map_or(0.0, |stretch| stretch[bone]),
            }
        };
        Ok((0..n).map(joint).collect())
    }
}

/// Constraints of the bones of one rig, in the order of each bone's stack.
///
/// Enums have Blender's own numbers. Invalid constraints are left out. Muted ones may be left out,
/// too, but for IK and Spline IK: Blender lets them join other chains. What a
/// constraint needs that is not listed here (a target with B-Bone shape or vertex group,
/// envelopes, a curve) makes it a constraint of type 0, which is not evaluated.
///
/// option and value of each type, by Blender's property names (P[3] = P_x, P_y, P_z; an Euler
/// order is 0 = AUTO or a LIMBER_ROTATION_*):
///   CHILD_OF         option: rotation mode of a target outside the rig if it is an Euler order,
///                    else 0; value: inverse_matrix[16]
///   TRACK_TO         option: track_axis, up_axis
///   LIMIT_ROTATION   option: euler_order; value: min[3], max[3]
///   LIMIT_LOCATION, LIMIT_SCALE  value: min[3], max[3]
///   COPY_ROTATION    option: euler_order, mix_mode
///   COPY_SCALE       value: power
///   LOCKED_TRACK     option: track_axis, lock_axis
///   LIMIT_DISTANCE   option: limit_mode; value: distance (as stored, not 0)
///   STRETCH_TO       option: volume, keep_axis; value: rest_length (as stored, not 0), bulge,
///                    bulge_min, bulge_max, bulge_smooth
///   FLOOR            option: floor_location; value: offset
///   TRANSFORM        option: map_from, map_to, map_to_x_from, map_to_y_from, map_to_z_from, the
///                    mix_mode of what map_to names, from_rotation_mode, to_euler_order;
///                    value: from_min[3], from_max[3], to_min[3], to_max[3] of those channels
///   DAMPED_TRACK     option: track_axis
///   COPY_TRANSFORMS  option: mix_mode
///   MAINTAIN_VOLUME  option: free_axis, mode; value: volume
///   PIVOT            option: rotation_range; value: offset[3]
///   IK               option: chain_count (-1 = 0 = all), iterations (up to 10000); value: weight,
///                    orient_weight, pole_angle. Its targets are the goal and, if it has one, the
///                    pole
///   ACTION           option: transform_channel, mix_mode; value: min, max, eval_time, frame_start,
///                    frame_end. Without use_bone_object_action; needs actions, if
///                    only to say that they have no curves
///   FOLLOW_PATH      option: curve of splines, forward_axis, up_axis, use_path_clamp of the curve;
///                    value: offset, offset_factor, and the curve's eval_time and path_duration.
///                    Its target is the curve's object, as with the next
///   CLAMP_TO         option: curve of splines, main_axis
///   SPLINE_IK        option: curve of splines, chain_count, y_scale_mode, xz_scale_mode;
///                    value: bulge, bulge_min, bulge_max, bulge_smooth. Its joint_bindings are those
///                    that Blender makes of the lengths of the bones. Not evaluated: bones that two
///                    such chains share, or one and IK; a curve that is no path; and with another
///                    y_scale_mode than FIT_CURVE cyclic curves, where Blender is not the same twice
///   every other, IK without ik, ACTION without actions and what needs splines without them
///                    option: how many ancestors of the bone it changes, too; -1 = all
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberPoseConstraints {
    /// sizeof(LimberPoseConstraints)
    pub struct_size: usize,
    /// c, the number of constraints
    pub constraint_count: usize,
    /// t, the number of targets of all constraints
    pub target_count: usize,
    /// c, index of the bone that it belongs to
    pub bone: *const i32,
    /// c, LIMBER_CONSTRAINT_*
    pub constraint_type: *const i32,
    /// c, LIMBER_SPACE_*; NULL = all LIMBER_SPACE_WORLD
    pub owner_space: *const i32,
    /// c, LIMBER_SPACE_*; NULL = all LIMBER_SPACE_WORLD
    pub target_space: *const i32,
    /// c, OR of flag bits LIMBER_CONSTRAINT_*; NULL = all 0
    pub flag: *const u32,
    /// 8*c, see above; NULL = all 0
    pub option: *const i32,
    /// 16*c, see above; NULL = all 0
    pub value: *const f32,
    /// c, not clamped; NULL = all 1
    pub influence: *const f32,
    /// c, bone that is the custom space, -1 = space_matrix; NULL = all -1
    pub space_bone: *const i32,
    /// 16*c, world matrix of the custom space; NULL = all identity
    pub space_matrix: *const f32,
    /// c+1, constraint i has the targets target_first[i] to target_first[i+1]-1; from 0 to t,
    /// ascending. Only Armature and IK look at more than the first. NULL = each has one, t is c
    pub target_first: *const i32,
    /// t, bone, -1 = outside the rig; NULL = all -1
    pub target_bone: *const i32,
    /// t, 0 = head to 1 = tail; NULL = all 0, else the rig's length is needed
    pub target_head_tail: *const f32,
    /// 16*t, world matrix of a target outside the rig (with LIMBER_SPACE_LOCAL and the like its
    /// matrix in that space); NULL = all identity
    pub target_matrix: *const f32,
    /// t, weight of a target of Armature; NULL = all 1
    pub target_weight: *const f32,
    /// 16, world matrix of the armature object; NULL = identity
    pub object_matrix: *const f32,
    /// c bytes, non-zero = muted; NULL = none
    pub mute: *const u8,
    /// how the bones move in inverse kinematics, of as many bones as the rig; NULL = not known, IK
    /// is not evaluated
    pub ik: *const LimberIkBones,
    /// curves of the actions of Action constraints; NULL = not known, they are not evaluated
    pub actions: *const LimberActions,
    /// the curves that constraints name by number; NULL = not known, what needs them is not evaluated
    pub splines: *const LimberSplines,
}
view!(LimberPoseConstraints, object_matrix: *const f32);

/// A view's arrays that do not move, not yet checked for sense.
pub(super) struct Arrays<'a> {
    pub(super) count: usize,
    bone: &'a [i32],
    kind: &'a [i32],
    owner_space: Option<&'a [i32]>,
    target_space: Option<&'a [i32]>,
    flag: Option<&'a [u32]>,
    option: Option<&'a [[i32; 8]]>,
    pub(super) value: Option<&'a [[f32; 16]]>,
    space_bone: Option<&'a [i32]>,
    pub(super) space_matrix: Option<&'a [Matrix]>,
    target_count: usize,
    target_first: Option<&'a [i32]>,
    target_bone: Option<&'a [i32]>,
    pub(super) head_tail: Option<&'a [f32]>,
    joints: Option<Vec<Joint>>,
    /// One a constraint, if they are known.
    pub(super) actions: Option<Vec<BoneAction>>,
    /// The curves, if they are given.
    paths: Option<Vec<PathCurve>>,
}

fn wrong(arg: &'static str, index: usize, value: impl Display, why: &'static str) -> Error {
    Error::BadElement { arg, index, value: value.to_string(), why }
}

/// A bone number, or `None` for -1.
fn bone(arg: &'static str, index: usize, number: i32, bones: usize) -> Result<Option<usize>> {
    match usize::try_from(number) {
        Ok(bone) if bone < bones => Ok(Some(bone)),
        Err(_) if number == -1 => Ok(None),
        _ => Err(wrong(arg, index, number, "no such bone")),
    }
}

impl LimberPoseConstraints {
    /// Slices of the arrays.
    ///
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    pub(super) unsafe fn slices<'a>(&self, args: &mut Args) -> Result<Arrays<'a>> {
        let (c, t) = (self.constraint_count, self.target_count);
        let ends = c.checked_add(1).ok_or(Error::BadSize {
            arg: "constraint_count",
            value: c,
            why: "more than memory holds",
        })?;
        // SAFETY: the header's promise, passed on by the caller.
        let arrays = unsafe {
            Arrays {
                count: c,
                bone: args.need("bone", self.bone, c)?,
                kind: args.need("constraint_type", self.constraint_type, c)?,
                owner_space: args.input("owner_space", self.owner_space, c)?,
                target_space: args.input("target_space", self.target_space, c)?,
                flag: args.input("flag", self.flag, c)?,
                option: args.input("option", self.option.cast(), c)?,
                value: args.input("value", self.value.cast(), c)?,
                space_bone: args.input("space_bone", self.space_bone, c)?,
                space_matrix: args.input("space_matrix", self.space_matrix.cast(), c)?,
                target_count: t,
                target_first: args.input("target_first", self.target_first, ends)?,
                target_bone: args.input("target_bone", self.target_bone, t)?,
                head_tail: args.input("target_head_tail", self.target_head_tail, t)?,
                actions: match self.actions.is_null() {
                    true => None,
                    false => Some(actions(args, self.actions, c)?),
                },
                joints: match self.ik.is_null() {
                    true => None,
                    false => Some(args.view(self.ik)?.joints(args)?),
                },
                paths: match self.splines.is_null() {
                    true => None,
                    false => Some(args.view(self.splines)?.curves(args)?),
                },
            }
        };
        if arrays.target_first.is_none() && t != c {
            let why = "without target_first it must be constraint_count";
            return Err(Error::BadSize { arg: "target_count", value: t, why });
        }
        Ok(arrays)
    }
}

impl Arrays<'_> {
    /// The targets as the core has them, for a rig of that many bones.
    pub(super) fn targets(&self, bones: usize) -> Result<Vec<Target>> {
        // First of all: without an array of that length the count alone is no promise of memory.
        if let Some(first) = self.target_first {
            self.check_first(first)?;
        }
        (0..self.target_count)
            .map(|index| {
                let number = self.target_bone.map_or(-1, |bones| bones[index]);
                Ok(match bone("target_bone", index, number, bones)? {
                    Some(bone) => Target::Bone(bone, self.head_tail.map_or(0.0, |h| h[index])),
                    None => Target::Outside,
                })
            })
            .collect()
    }

    fn check_first(&self, first: &[i32]) -> Result<()> {
        let mut last = 0;
        for (index, start) in first.iter().enumerate() {
            let end = index + 1 == first.len();
            if *start < last || (index == 0 && *start != 0) {
                return Err(wrong("target_first", index, start, "not ascending from 0"));
            }
            if end && usize::try_from(*start) != Ok(self.target_count) {
                return Err(wrong("target_first", index, start, "must end at target_count"));
            }
            last = *start;
        }
        Ok(())
    }

    fn constraint(&self, index: usize, bones: usize) -> Result<Constraint> {
        let owner = bone("bone", index, self.bone[index], bones)?
            .ok_or_else(|| wrong("bone", index, -1, "no such bone"))?;
        let space = |arg, spaces: Option<&[i32]>| {
            let number = spaces.map_or(0, |spaces| spaces[index]);
            let space = Space::from_number(number);
            space.ok_or_else(|| wrong(arg, index, number, "not a LIMBER_SPACE_*"))
        };
        let owner_space = space("owner_space", self.owner_space)?;
        if owner_space == Space::LocalOwnerOrient {
            return Err(wrong("owner_space", index, 6, "only a target_space"));
        }
        let kind = self.kind[index];
        if kind < 0 {
            return Err(wrong("constraint_type", index, kind, "not a LIMBER_CONSTRAINT_*"));
        }
        let flag = self.flag.map_or(0, |flags| flags[index]);
        let settings = Settings {
            flag,
            option: self.option.map_or(&[0; 8], |options| &options[index]),
            value: self.value.map_or(&[0.0; 16], |values| &values[index]),
            has_joints: self.joints.is_some(),
            has_actions: self.actions.is_some(),
            curves: self.paths.as_ref().map(Vec::len),
        };
        let effect = settings.effect(kind).map_err(|BadOption(at)| {
            wrong("option", index * 8 + at, settings.option[at], "no such setting of its type")
        })?;
        let space_bone = self.space_bone.map_or(-1, |bones| bones[index]);
        let at = |index: usize| self.target_first.map_or(index, |first| first[index] as usize);
        Ok(Constraint {
            bone: owner,
            effect,
            owner_space,
            target_space: space("target_space", self.target_space)?,
            space_bone: bone("space_bone", index, space_bone, bones)?,
            targets: at(index)..at(index + 1),
        })
    }

    /// The constraints as the core has them, for a rig of that many bones.
    pub(super) fn constraints(&self, bones: usize) -> Result<Vec<Constraint>> {
        let joints = self.joints.as_ref().map_or(bones, Vec::len);
        if joints != bones {
            let why = "not the rig's";
            return Err(Error::BadSize { arg: "bone_count", value: joints, why });
        }
        (0..self.count).map(|index| self.constraint(index, bones)).collect()
    }

    /// The actions, one a constraint or none.
    pub(super) fn actions(&self) -> &[BoneAction] {
        self.actions.as_deref().unwrap_or_default()
    }

    /// The curves.
    pub(super) fn paths(&self) -> &[PathCurve] {
        self.paths.as_deref().unwrap_or_default()
    }

    /// How the bones move in inverse kinematics.
    pub(super) fn joints(&self) -> &[Joint] {
        self.joints.as_deref().unwrap_or_default()
    }
}
