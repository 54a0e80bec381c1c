//! The numbers of the header for constraints: types, spaces and flags.

/// `type`: Child Of.
pub const LIMBER_CONSTRAINT_CHILD_OF: i32 = 1;
/// `type`: Track To.
pub const LIMBER_CONSTRAINT_TRACK_TO: i32 = 2;
/// `type`: Inverse Kinematics; evaluated if the view has ik.
pub const LIMBER_CONSTRAINT_IK: i32 = 3;
/// `type`: Follow Path; evaluated if the view has splines.
pub const LIMBER_CONSTRAINT_FOLLOW_PATH: i32 = 4;
/// `type`: Limit Rotation.
pub const LIMBER_CONSTRAINT_LIMIT_ROTATION: i32 = 5;
/// `type`: Limit Location.
pub const LIMBER_CONSTRAINT_LIMIT_LOCATION: i32 = 6;
/// `type`: Limit Scale.
pub const LIMBER_CONSTRAINT_LIMIT_SCALE: i32 = 7;
/// `type`: Copy Rotation.
pub const LIMBER_CONSTRAINT_COPY_ROTATION: i32 = 8;
/// `type`: Copy Location.
pub const LIMBER_CONSTRAINT_COPY_LOCATION: i32 = 9;
/// `type`: Copy Scale.
pub const LIMBER_CONSTRAINT_COPY_SCALE: i32 = 10;
/// `type`: Action; evaluated if the view, or the plan, has actions.
pub const LIMBER_CONSTRAINT_ACTION: i32 = 12;
/// `type`: Locked Track.
pub const LIMBER_CONSTRAINT_LOCKED_TRACK: i32 = 13;
/// `type`: Limit Distance.
pub const LIMBER_CONSTRAINT_LIMIT_DISTANCE: i32 = 14;
/// `type`: Stretch To.
pub const LIMBER_CONSTRAINT_STRETCH_TO: i32 = 15;
/// `type`: Floor.
pub const LIMBER_CONSTRAINT_FLOOR: i32 = 16;
/// `type`: Clamp To; evaluated if the view has splines.
pub const LIMBER_CONSTRAINT_CLAMP_TO: i32 = 18;
/// `type`: Transformation.
pub const LIMBER_CONSTRAINT_TRANSFORM: i32 = 19;
/// `type`: Damped Track.
pub const LIMBER_CONSTRAINT_DAMPED_TRACK: i32 = 21;
/// `type`: Spline IK; evaluated if the view has splines.
pub const LIMBER_CONSTRAINT_SPLINE_IK: i32 = 22;
/// `type`: Copy Transforms.
pub const LIMBER_CONSTRAINT_COPY_TRANSFORMS: i32 = 23;
/// `type`: Maintain Volume.
pub const LIMBER_CONSTRAINT_MAINTAIN_VOLUME: i32 = 24;
/// `type`: Pivot.
pub const LIMBER_CONSTRAINT_PIVOT: i32 = 25;
/// `type`: Armature, without envelopes.
pub const LIMBER_CONSTRAINT_ARMATURE: i32 = 30;

/// `owner_space`, `target_space`: the world.
pub const LIMBER_SPACE_WORLD: i32 = 0;
/// `owner_space`, `target_space`: the bone's channels.
pub const LIMBER_SPACE_LOCAL: i32 = 1;
/// `owner_space`, `target_space`: the armature.
pub const LIMBER_SPACE_POSE: i32 = 2;
/// `owner_space`, `target_space`: from the bone's rest pose, with what it inherits.
pub const LIMBER_SPACE_LOCAL_WITH_PARENT: i32 = 3;
/// `owner_space`, `target_space`: that of space_bone or space_matrix.
pub const LIMBER_SPACE_CUSTOM: i32 = 5;
/// `target_space`: the target's channels, turned to the owner's axes.
pub const LIMBER_SPACE_LOCAL_OWNER_ORIENT: i32 = 6;

/// `flag`: use_x, use_min_x, use_limit_x or use_location_x; Y and Z are the next two bits.
pub const LIMBER_CONSTRAINT_X: u32 = 1;
/// `flag`: invert_x, use_max_x or use_rotation_x; Y and Z are the next two bits.
pub const LIMBER_CONSTRAINT_INVERT_X: u32 = 8;
/// `flag`: use_scale_x; Y and Z are the next two bits.
pub const LIMBER_CONSTRAINT_SCALE_X: u32 = 64;
/// `flag`: use_offset; use_chain_offset of Spline IK.
pub const LIMBER_CONSTRAINT_OFFSET: u32 = 1 << 9;
/// `flag`: use_add.
pub const LIMBER_CONSTRAINT_ADD: u32 = 1 << 10;
/// `flag`: use_make_uniform.
pub const LIMBER_CONSTRAINT_UNIFORM: u32 = 1 << 11;
/// `flag`: remove_target_shear.
pub const LIMBER_CONSTRAINT_REMOVE_SHEAR: u32 = 1 << 12;
/// `flag`: use_legacy_behavior.
pub const LIMBER_CONSTRAINT_LEGACY: u32 = 1 << 13;
/// `flag`: use_motion_extrapolate.
pub const LIMBER_CONSTRAINT_EXTRAPOLATE: u32 = 1 << 14;
/// `flag`: use_target_z.
pub const LIMBER_CONSTRAINT_TARGET_Z: u32 = 1 << 15;
/// `flag`: use_bulge_min.
pub const LIMBER_CONSTRAINT_BULGE_MIN: u32 = 1 << 16;
/// `flag`: use_bulge_max.
pub const LIMBER_CONSTRAINT_BULGE_MAX: u32 = 1 << 17;
/// `flag`: use_rotation.
pub const LIMBER_CONSTRAINT_ROTATION: u32 = 1 << 18;
/// `flag`: use_relative_location.
pub const LIMBER_CONSTRAINT_RELATIVE: u32 = 1 << 19;
/// `flag`: use_deform_preserve_volume.
pub const LIMBER_CONSTRAINT_PRESERVE_VOLUME: u32 = 1 << 20;
/// `flag`: use_current_location.
pub const LIMBER_CONSTRAINT_CURRENT_LOCATION: u32 = 1 << 21;
/// `flag`: use_location of IK.
pub const LIMBER_CONSTRAINT_LOCATION: u32 = 1 << 22;
/// `flag`: use_tail.
pub const LIMBER_CONSTRAINT_TAIL: u32 = 1 << 23;
/// `flag`: use_stretch.
pub const LIMBER_CONSTRAINT_STRETCH: u32 = 1 << 24;
/// `flag`: use_eval_time.
pub const LIMBER_CONSTRAINT_EVAL_TIME: u32 = 1 << 25;
/// `flag`: use_fixed_location.
pub const LIMBER_CONSTRAINT_FIXED_LOCATION: u32 = 1 << 26;
/// `flag`: use_curve_follow.
pub const LIMBER_CONSTRAINT_CURVE_FOLLOW: u32 = 1 << 27;
/// `flag`: use_curve_radius.
pub const LIMBER_CONSTRAINT_CURVE_RADIUS: u32 = 1 << 28;
/// `flag`: use_cyclic of Clamp To.
pub const LIMBER_CONSTRAINT_CYCLIC: u32 = 1 << 29;
/// `flag`: use_even_divisions.
pub const LIMBER_CONSTRAINT_EVEN_DIVISIONS: u32 = 1 << 30;
/// `flag`: use_original_scale.
pub const LIMBER_CONSTRAINT_ORIGINAL_SCALE: u32 = 0x8000_0000;
