/*
 * Limber: pose operators over caller-owned bone and keyframe arrays.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * This header is the manual. It is generated from the library's sources:
 * `LIMBER_WRITE_HEADER=1 cargo build` writes it anew.
 *
 * Conventions
 *   Columns      Matrices hold 16 floats, column-major, translation at 12..14, and act on
 *                column vectors. A bone points along its local +Y axis.
 *   Spaces       armature space: the armature's own space; pose space is another name for it.
 *                basis: a bone's channels as a matrix, relative to its rest pose.
 *   Units        angles in radians, frames in (fractional) frames, lengths in the rig's unit.
 *   Order        quaternions w x y z; axis-angle angle x y z; Euler angles x y z whatever the
 *                order of rotation.
 *   Arrays       one element a bone (or a key), densely packed, float = IEEE 754 binary32.
 *                Masks are bytes: 0 = no, anything else = yes. "3*n" means three a bone.
 *   NULL         a NULL array is an absent one; each function says which may be absent.
 *                A NULL pointer with a count of 0 is an empty array.
 *   struct_size  every view begins with it: zero the struct, then set it to sizeof(the struct).
 *                Views only grow at their end and a zero field is an absent one, so a program
 *                built against an older header goes on working.
 *   Errors       every function returns LIMBER_STATUS_OK (0) or a negative LIMBER_STATUS_*;
 *                limber_last_error() has the calling thread's message, which names the
 *                argument and the index. On error no output was written.
 *   Ownership    the caller owns every buffer; no pointer is kept after a call.
 *   Handles      LimberPlan is the only one: limber_plan_make() makes it of copies, several threads
 *                may use it at the same time, limber_plan_free() ends it when none does.
 *   Overlap      an output may overlap no other argument unless its comment says so.
 *   NaN          not-a-number and infinity are carried along within their own bone or curve
 *                and reach no other one (a child bone follows its parent).
 *   Threads      every function may be called from any thread; two calls at the same time must
 *                not share an output. The result never depends on the number of threads.
 *   Linking      on Windows define LIMBER_SHARED to import from limber.dll; a static library,
 *                and every other system, needs no define. C99 or later, C++11 or later.
 */

#ifndef LIMBER_H
#define LIMBER_H

#include <stddef.h>
#include <stdint.h>
#if defined(_WIN32) && defined(LIMBER_SHARED)
#define LIMBER_API __declspec(dllimport)
#else
#define LIMBER_API
#endif

/** Success. */
#define LIMBER_STATUS_OK 0
/** A required pointer was NULL. */
#define LIMBER_STATUS_NULL_POINTER (-1)
/** A count or stride does not fit. */
#define LIMBER_STATUS_BAD_SIZE (-2)
/** A scalar, enum or array element is outside its range. */
#define LIMBER_STATUS_BAD_VALUE (-3)
/** A parent does not come before its child, or does not exist. */
#define LIMBER_STATUS_BAD_PARENT (-4)
/** An output shares memory with another argument. */
#define LIMBER_STATUS_OVERLAP (-5)
/** A buffer of the caller is too small; its `needed` was written where there is one. */
#define LIMBER_STATUS_BUFFER_TOO_SMALL (-6)
/** A view's `struct_size` is too small to be one. */
#define LIMBER_STATUS_BAD_STRUCT_SIZE (-7)
/** Text is not valid UTF-8. */
#define LIMBER_STATUS_BAD_TEXT (-8)
/** Keys are not sorted by frame. */
#define LIMBER_STATUS_UNSORTED (-9)
/** Something that exists but that this library does not do; the host may do it itself. */
#define LIMBER_STATUS_UNSUPPORTED (-10)
/** A defect of the library, stopped at the boundary. */
#define LIMBER_STATUS_PANIC (-100)

/** Major version of this header. */
#define LIMBER_VERSION_MAJOR 0
/** Minor version of this header; before 1.0 another minor is another interface. */
#define LIMBER_VERSION_MINOR 1
/** Patch version of this header. */
#define LIMBER_VERSION_PATCH 0

/** `rotation_mode`: angle and axis. */
#define LIMBER_ROTATION_AXIS_ANGLE (-1)
/** `rotation_mode`: quaternion. */
#define LIMBER_ROTATION_QUATERNION 0
/** `rotation_mode`: Euler, X first, then Y, then Z. */
#define LIMBER_ROTATION_XYZ 1
/** `rotation_mode`: Euler X Z Y. */
#define LIMBER_ROTATION_XZY 2
/** `rotation_mode`: Euler Y X Z. */
#define LIMBER_ROTATION_YXZ 3
/** `rotation_mode`: Euler Y Z X. */
#define LIMBER_ROTATION_YZX 4
/** `rotation_mode`: Euler Z X Y. */
#define LIMBER_ROTATION_ZXY 5
/** `rotation_mode`: Euler Z Y X. */
#define LIMBER_ROTATION_ZYX 6

/** `rules`: the newest behaviour that this library knows, now that of Blender 5.2. */
#define LIMBER_RULES_DEFAULT 0
/** `rules`: do as Blender 4.5 does where the versions differ. */
#define LIMBER_RULES_BLENDER_4_5 405
/** `rules`: do as Blender 5.2 does where the versions differ. */
#define LIMBER_RULES_BLENDER_5_2 502

/** `change` of limber_armature_apply(): the bone is untouched. */
#define LIMBER_REST_UNCHANGED 0
/** `change` of limber_armature_apply(): the pose became the rest pose. */
#define LIMBER_REST_APPLIED 1
/** `change` of limber_armature_apply(): a parent's new rest pose moved the bone. */
#define LIMBER_REST_CARRIED 2

/** Mark of limber_bone_records_read(): the bone has properties of its own. */
#define LIMBER_BONE_HAS_PROPERTIES 1
/** Mark of limber_bone_records_read(): the flag "selected" is set. */
#define LIMBER_BONE_SELECTED 2
/** Mark of limber_bone_records_read(): the flag "hidden" is set. */
#define LIMBER_BONE_HIDDEN 4

/** `flags` of limber_pose_paste(): on the bones of the other side, mirrored. */
#define LIMBER_PASTE_FLIPPED 1
/** `flags` of limber_pose_paste(): never change an orientation, where Blender does. */
#define LIMBER_PASTE_EXACT 2

/** `type`: Child Of. */
#define LIMBER_CONSTRAINT_CHILD_OF 1
/** `type`: Track To. */
#define LIMBER_CONSTRAINT_TRACK_TO 2
/** `type`: Inverse Kinematics; evaluated if the view has ik. */
#define LIMBER_CONSTRAINT_IK 3
/** `type`: Follow Path; evaluated if the view has splines. */
#define LIMBER_CONSTRAINT_FOLLOW_PATH 4
/** `type`: Limit Rotation. */
#define LIMBER_CONSTRAINT_LIMIT_ROTATION 5
/** `type`: Limit Location. */
#define LIMBER_CONSTRAINT_LIMIT_LOCATION 6
/** `type`: Limit Scale. */
#define LIMBER_CONSTRAINT_LIMIT_SCALE 7
/** `type`: Copy Rotation. */
#define LIMBER_CONSTRAINT_COPY_ROTATION 8
/** `type`: Copy Location. */
#define LIMBER_CONSTRAINT_COPY_LOCATION 9
/** `type`: Copy Scale. */
#define LIMBER_CONSTRAINT_COPY_SCALE 10
/** `type`: Action; evaluated if the view, or the plan, has actions. */
#define LIMBER_CONSTRAINT_ACTION 12
/** `type`: Locked Track. */
#define LIMBER_CONSTRAINT_LOCKED_TRACK 13
/** `type`: Limit Distance. */
#define LIMBER_CONSTRAINT_LIMIT_DISTANCE 14
/** `type`: Stretch To. */
#define LIMBER_CONSTRAINT_STRETCH_TO 15
/** `type`: Floor. */
#define LIMBER_CONSTRAINT_FLOOR 16
/** `type`: Clamp To; evaluated if the view has splines. */
#define LIMBER_CONSTRAINT_CLAMP_TO 18
/** `type`: Transformation. */
#define LIMBER_CONSTRAINT_TRANSFORM 19
/** `type`: Damped Track. */
#define LIMBER_CONSTRAINT_DAMPED_TRACK 21
/** `type`: Spline IK; evaluated if the view has splines. */
#define LIMBER_CONSTRAINT_SPLINE_IK 22
/** `type`: Copy Transforms. */
#define LIMBER_CONSTRAINT_COPY_TRANSFORMS 23
/** `type`: Maintain Volume. */
#define LIMBER_CONSTRAINT_MAINTAIN_VOLUME 24
/** `type`: Pivot. */
#define LIMBER_CONSTRAINT_PIVOT 25
/** `type`: Armature, without envelopes. */
#define LIMBER_CONSTRAINT_ARMATURE 30

/** `owner_space`, `target_space`: the world. */
#define LIMBER_SPACE_WORLD 0
/** `owner_space`, `target_space`: the bone's channels. */
#define LIMBER_SPACE_LOCAL 1
/** `owner_space`, `target_space`: the armature. */
#define LIMBER_SPACE_POSE 2
/** `owner_space`, `target_space`: from the bone's rest pose, with what it inherits. */
#define LIMBER_SPACE_LOCAL_WITH_PARENT 3
/** `owner_space`, `target_space`: that of space_bone or space_matrix. */
#define LIMBER_SPACE_CUSTOM 5
/** `target_space`: the target's channels, turned to the owner's axes. */
#define LIMBER_SPACE_LOCAL_OWNER_ORIENT 6

/** `flag`: use_x, use_min_x, use_limit_x or use_location_x; Y and Z are the next two bits. */
#define LIMBER_CONSTRAINT_X 1
/** `flag`: invert_x, use_max_x or use_rotation_x; Y and Z are the next two bits. */
#define LIMBER_CONSTRAINT_INVERT_X 8
/** `flag`: use_scale_x; Y and Z are the next two bits. */
#define LIMBER_CONSTRAINT_SCALE_X 64
/** `flag`: use_offset; use_chain_offset of Spline IK. */
#define LIMBER_CONSTRAINT_OFFSET ((1 << 9))
/** `flag`: use_add. */
#define LIMBER_CONSTRAINT_ADD ((1 << 10))
/** `flag`: use_make_uniform. */
#define LIMBER_CONSTRAINT_UNIFORM ((1 << 11))
/** `flag`: remove_target_shear. */
#define LIMBER_CONSTRAINT_REMOVE_SHEAR ((1 << 12))
/** `flag`: use_legacy_behavior. */
#define LIMBER_CONSTRAINT_LEGACY ((1 << 13))
/** `flag`: use_motion_extrapolate. */
#define LIMBER_CONSTRAINT_EXTRAPOLATE ((1 << 14))
/** `flag`: use_target_z. */
#define LIMBER_CONSTRAINT_TARGET_Z ((1 << 15))
/** `flag`: use_bulge_min. */
#define LIMBER_CONSTRAINT_BULGE_MIN ((1 << 16))
/** `flag`: use_bulge_max. */
#define LIMBER_CONSTRAINT_BULGE_MAX ((1 << 17))
/** `flag`: use_rotation. */
#define LIMBER_CONSTRAINT_ROTATION ((1 << 18))
/** `flag`: use_relative_location. */
#define LIMBER_CONSTRAINT_RELATIVE ((1 << 19))
/** `flag`: use_deform_preserve_volume. */
#define LIMBER_CONSTRAINT_PRESERVE_VOLUME ((1 << 20))
/** `flag`: use_current_location. */
#define LIMBER_CONSTRAINT_CURRENT_LOCATION ((1 << 21))
/** `flag`: use_location of IK. */
#define LIMBER_CONSTRAINT_LOCATION ((1 << 22))
/** `flag`: use_tail. */
#define LIMBER_CONSTRAINT_TAIL ((1 << 23))
/** `flag`: use_stretch. */
#define LIMBER_CONSTRAINT_STRETCH ((1 << 24))
/** `flag`: use_eval_time. */
#define LIMBER_CONSTRAINT_EVAL_TIME ((1 << 25))
/** `flag`: use_fixed_location. */
#define LIMBER_CONSTRAINT_FIXED_LOCATION ((1 << 26))
/** `flag`: use_curve_follow. */
#define LIMBER_CONSTRAINT_CURVE_FOLLOW ((1 << 27))
/** `flag`: use_curve_radius. */
#define LIMBER_CONSTRAINT_CURVE_RADIUS ((1 << 28))
/** `flag`: use_cyclic of Clamp To. */
#define LIMBER_CONSTRAINT_CYCLIC ((1 << 29))
/** `flag`: use_even_divisions. */
#define LIMBER_CONSTRAINT_EVEN_DIVISIONS ((1 << 30))
/** `flag`: use_original_scale. */
#define LIMBER_CONSTRAINT_ORIGINAL_SCALE 2147483648

/** `kind` of an object: anything else. */
#define LIMBER_OBJECT_OTHER 0
/** `kind` of an object: a curve. */
#define LIMBER_OBJECT_CURVE 1
/** `kind` of an object: a mesh. */
#define LIMBER_OBJECT_MESH 2
/** `kind` of an object: an armature in pose mode. */
#define LIMBER_OBJECT_POSED 3

/** `target`: none was found. */
#define LIMBER_TARGET_NOTHING 0
/** `target`: a bone of the same rig. */
#define LIMBER_TARGET_BONE 1
/** `target`: an object. */
#define LIMBER_TARGET_OBJECT 2
/** `target`: the bone that a posed armature proposes. */
#define LIMBER_TARGET_OBJECT_BONE 3
/** `target`: an Empty has to be made. */
#define LIMBER_TARGET_EMPTY 4

/** `extrapolation`: the end keys' values. */
#define LIMBER_EXTRAPOLATION_CONSTANT 0
/** `extrapolation`: straight on. */
#define LIMBER_EXTRAPOLATION_LINEAR 1

/** `auto_smoothing`: automatic handles look at their neighbours alone. */
#define LIMBER_SMOOTHING_NONE 0
/** `auto_smoothing`: automatic handles keep the acceleration continuous. */
#define LIMBER_SMOOTHING_CONT_ACCEL 1

/** Curve flag: the property is an integer, values are rounded. */
#define LIMBER_FCURVE_INTEGER 1
/** Curve flag: the property is a switch or an enumeration, values hold until the next key. */
#define LIMBER_FCURVE_DISCRETE 2

/** `state`: the bone was evaluated. */
#define LIMBER_STATE_EVALUABLE 0
/** `state`: a constraint that is not done here changes the bone. */
#define LIMBER_STATE_UNSUPPORTED 1
/** `state`: the bone depends on itself by way of others. */
#define LIMBER_STATE_CYCLE 2
/** `state`: the bone depends on one that was not evaluated. */
#define LIMBER_STATE_DEPENDS 3
/** `state`: a driver that is not done here moves its channels or constraints. */
#define LIMBER_STATE_DRIVER 4
/** `state`: the caller said that the bone cannot be evaluated. */
#define LIMBER_STATE_HOST 5

/** `flags` of limber_evaluate_poses(): influence holds c values a frame. */
#define LIMBER_EVALUATE_INFLUENCE 1
/** `flags` of limber_evaluate_poses(): target_matrix holds t matrices a frame. */
#define LIMBER_EVALUATE_TARGET_MATRIX 2
/** `flags` of limber_evaluate_poses(): target_weight holds t values a frame. */
#define LIMBER_EVALUATE_TARGET_WEIGHT 4
/** `flags` of limber_evaluate_poses(): object_matrix holds a matrix a frame. */
#define LIMBER_EVALUATE_OBJECT_MATRIX 8

/**
 * `flags` of evaluation: the caller vouches that keys are in order and their enums valid, so
 * that only the keys needed are read. If they are not, that curve's values mean nothing; nothing
 * worse happens.
 */
#define LIMBER_EVALUATE_UNCHECKED 1
/** `flags` of evaluation of many curves: values lie frame after frame, not curve after curve. */
#define LIMBER_EVALUATE_BY_FRAME 2

/** `insert_flags`: only change existing keys, make none. */
#define LIMBER_INSERT_REPLACE 1

/**
 * `insert_flags`, limber_fcurve_insert() only: do nothing where the curve has the value already.
 * A key on the frame has to have exactly this value; without one the curve, as its keys describe
 * it, has to be within 2^-23 of it, or within 32 steps of a 32-bit float.
 */
#define LIMBER_INSERT_NEEDED 2
/** `insert_flags`: leave the handles to a later limber_fcurve_recalc_handles(). */
#define LIMBER_INSERT_FAST 4

/**
 * `insert_flags`, limber_fcurve_insert() only: in curves with LIMBER_CURVE_CYCLIC, a frame outside
 * the keys stands for the one in the cycle between them, its value less what the repetitions with
 * offset rise until there. Without any offset the first and the last key stay alike: both change.
 */
#define LIMBER_INSERT_CYCLE_AWARE 8

/** `curve_flags`: automatic handles give continuous acceleration (Blender's default). */
#define LIMBER_CURVE_CONTINUOUS_ACCELERATION 1
/** `curve_flags`: the curve goes on in a straight line beyond its ends. */
#define LIMBER_CURVE_LINEAR_EXTRAPOLATION 2

/**
 * `curve_flags`: the first modifier is an unmuted Cycles without restricted range, influence or
 * counts, and both its modes are Repeat or Repeat with Offset.
 */
#define LIMBER_CURVE_CYCLIC 4
/** `curve_flags`: values are whole numbers (a curve of an integer property). */
#define LIMBER_CURVE_INTEGER 8
/** `curve_flags`: values do not blend (a curve of a boolean or enum property). */
#define LIMBER_CURVE_DISCRETE 16

/**
 * `curve_flags`, with LIMBER_CURVE_CYCLIC: the mode before the first key is Repeat with Offset.
 */
#define LIMBER_CURVE_OFFSET_BEFORE 32
/** `curve_flags`, with LIMBER_CURVE_CYCLIC: the mode after the last key is Repeat with Offset. */
#define LIMBER_CURVE_OFFSET_AFTER 64

/** `interpolation`: the value holds until the next key. */
#define LIMBER_INTERPOLATION_CONSTANT 0
/** `interpolation`: straight line. */
#define LIMBER_INTERPOLATION_LINEAR 1
/** `interpolation`: Bezier curve through the handles. */
#define LIMBER_INTERPOLATION_BEZIER 2
/** `interpolation`: easing that overshoots by `back`. */
#define LIMBER_INTERPOLATION_BACK 3
/** `interpolation`: easing like a bouncing ball. */
#define LIMBER_INTERPOLATION_BOUNCE 4
/** `interpolation`: circular easing. */
#define LIMBER_INTERPOLATION_CIRC 5
/** `interpolation`: cubic easing. */
#define LIMBER_INTERPOLATION_CUBIC 6
/** `interpolation`: easing like a spring, of `amplitude` and `period`. */
#define LIMBER_INTERPOLATION_ELASTIC 7
/** `interpolation`: exponential easing. */
#define LIMBER_INTERPOLATION_EXPO 8
/** `interpolation`: quadratic easing. */
#define LIMBER_INTERPOLATION_QUAD 9
/** `interpolation`: quartic easing. */
#define LIMBER_INTERPOLATION_QUART 10
/** `interpolation`: quintic easing. */
#define LIMBER_INTERPOLATION_QUINT 11
/** `interpolation`: sinusoidal easing. */
#define LIMBER_INTERPOLATION_SINE 12

/** `easing`: EASE_OUT for BACK, BOUNCE and ELASTIC, EASE_IN for the others. */
#define LIMBER_EASING_AUTO 0
/** `easing`: the effect is at the first key. */
#define LIMBER_EASING_EASE_IN 1
/** `easing`: the effect is at the second key. */
#define LIMBER_EASING_EASE_OUT 2
/** `easing`: the effect is at both keys. */
#define LIMBER_EASING_EASE_IN_OUT 3

/** `handle_*_type`: stays where it is put. */
#define LIMBER_HANDLE_FREE 0
/** `handle_*_type`: computed, smooth. */
#define LIMBER_HANDLE_AUTO 1
/** `handle_*_type`: computed, points at the neighbouring key. */
#define LIMBER_HANDLE_VECTOR 2
/** `handle_*_type`: in line with the opposite handle. */
#define LIMBER_HANDLE_ALIGNED 3
/** `handle_*_type`: computed, smooth, without overshoot. */
#define LIMBER_HANDLE_AUTO_CLAMPED 4

/** `key_type`: plain key. */
#define LIMBER_KEY_TYPE_KEYFRAME 0
/** `key_type`: extreme pose. */
#define LIMBER_KEY_TYPE_EXTREME 1
/** `key_type`: breakdown pose. */
#define LIMBER_KEY_TYPE_BREAKDOWN 2
/** `key_type`: jitter. */
#define LIMBER_KEY_TYPE_JITTER 3
/** `key_type`: moving hold. */
#define LIMBER_KEY_TYPE_MOVING_HOLD 4
/** `key_type`: made by a tool. */
#define LIMBER_KEY_TYPE_GENERATED 5

/** Offset, in LimberKeyLayout, of a field that the records do not have. */
#define LIMBER_FIELD_ABSENT ((size_t)-1)

/** `type` of a modifier: polynomial of the frame. */
#define LIMBER_MODIFIER_GENERATOR 1
/** `type` of a modifier: sine, square root and the like of the frame. */
#define LIMBER_MODIFIER_FNGENERATOR 2
/** `type` of a modifier: moves a band of values to one that changes with the frame. */
#define LIMBER_MODIFIER_ENVELOPE 3
/** `type` of a modifier: repeats the keys. */
#define LIMBER_MODIFIER_CYCLES 4
/** `type` of a modifier: adds noise. */
#define LIMBER_MODIFIER_NOISE 5
/** `type` of a modifier: keeps frame and value inside limits. */
#define LIMBER_MODIFIER_LIMITS 8
/** `type` of a modifier: holds values for some frames at a time. */
#define LIMBER_MODIFIER_STEPPED 9
/** Modifier flag: has no effect. */
#define LIMBER_MODIFIER_FLAG_MUTED 1
/** Modifier flag: has an effect only from frame_start to frame_end. */
#define LIMBER_MODIFIER_FLAG_RESTRICTED_RANGE 2
/** Modifier flag: `influence` counts; without it the effect is full. */
#define LIMBER_MODIFIER_FLAG_INFLUENCE 4
/** Modifier flag, GENERATOR and FNGENERATOR: add to the value instead of replacing it. */
#define LIMBER_MODIFIER_FLAG_ADDITIVE 8
/** Modifier flag, LIMITS: min_x counts. */
#define LIMBER_MODIFIER_FLAG_MIN_X 16
/** Modifier flag, LIMITS: max_x counts. */
#define LIMBER_MODIFIER_FLAG_MAX_X 32
/** Modifier flag, LIMITS: min_y counts. */
#define LIMBER_MODIFIER_FLAG_MIN_Y 64
/** Modifier flag, LIMITS: max_y counts. */
#define LIMBER_MODIFIER_FLAG_MAX_Y 128
/** Modifier flag, STEPPED: step_start counts. */
#define LIMBER_MODIFIER_FLAG_STEP_START 256
/** Modifier flag, STEPPED: step_end counts. */
#define LIMBER_MODIFIER_FLAG_STEP_END 512
/** Modifier flag, NOISE: the noise of files from before Blender 4.4; not supported. */
#define LIMBER_MODIFIER_FLAG_LEGACY_NOISE 1024

/** `flags` of LimberPaths: object_matrix holds a matrix a frame. */
#define LIMBER_PATHS_OBJECT_MATRIX 1
/** `flags` of LimberPaths: camera_matrix holds a matrix a frame. */
#define LIMBER_PATHS_CAMERA_MATRIX 2
/** `flags` of LimberPaths: divide by the fourth coordinate, as a perspective camera does. */
#define LIMBER_PATHS_DIVIDE 4

/** What limber_path_keys() writes for a frame with a key, as Blender's motion paths have it. */
#define LIMBER_PATH_KEY 2

/** Slot: location, 3*n; element 3*bone + axis. */
#define LIMBER_SLOT_LOCATION 0
/** Slot: quaternion, 4*n; element 4*bone + component of w x y z. */
#define LIMBER_SLOT_ROTATION_QUATERNION 1
/** Slot: Euler angles, 3*n; element 3*bone + axis. */
#define LIMBER_SLOT_ROTATION_EULER 2
/** Slot: axis-angle, 4*n; element 4*bone + component of angle x y z. */
#define LIMBER_SLOT_ROTATION_AXIS_ANGLE 3
/** Slot: scale, 3*n; element 3*bone + axis. */
#define LIMBER_SLOT_SCALE 4
/** Slot: influence of a constraint, c. */
#define LIMBER_SLOT_INFLUENCE 5
/** Slot: whether a constraint is muted (from 1 on), c. */
#define LIMBER_SLOT_MUTE 6
/** Slot: `value` of a constraint, 16*c; element 16*constraint + place in its value. */
#define LIMBER_SLOT_VALUE 7
/** Slot: weight of a target, t. */
#define LIMBER_SLOT_WEIGHT 8
/** Slot: place of a target between head and tail, t. */
#define LIMBER_SLOT_HEAD_TAIL 9
/** Slot: a number of the caller's, such as a custom property, custom_count. */
#define LIMBER_SLOT_CUSTOM 10

/** `type` of a driver: mean of its variables. */
#define LIMBER_DRIVER_AVERAGE 0
/** `type` of a driver: an expression; one that Blender needs Python for is as _UNKNOWN. */
#define LIMBER_DRIVER_SCRIPTED 1
/** `type` of a driver: sum of its variables. */
#define LIMBER_DRIVER_SUM 2
/** `type` of a driver: smallest of its variables. */
#define LIMBER_DRIVER_MIN 3
/** `type` of a driver: greatest of its variables. */
#define LIMBER_DRIVER_MAX 4

/**
 * `type` of a driver: one whose result is not known here, such as a Python expression; what
 * depends on it has LIMBER_STATE_DRIVER.
 */
#define LIMBER_DRIVER_UNKNOWN (-1)

/**
 * `type` of a variable: variable_value, a number that never changes (such as a fallback value, or
 * a property of the scene).
 */
#define LIMBER_VARIABLE_CONSTANT (-1)
/** `type` of a variable: a number of the rig. */
#define LIMBER_VARIABLE_SINGLE_PROP 0
/** `type` of a variable: the angle between two targets, 0 to pi; of bones in armature space. */
#define LIMBER_VARIABLE_ROTATION_DIFF 1
/** `type` of a variable: the distance between the heads of two targets. */
#define LIMBER_VARIABLE_LOC_DIFF 2
/** `type` of a variable: part of a target's transform. */
#define LIMBER_VARIABLE_TRANSFORMS 3

/**
 * `type` of a variable: the frame that is evaluated; with a variable_element of 1 without its
 * fraction, as frame_current of a scene in Blender, with 0 as its frame_float.
 */
#define LIMBER_VARIABLE_FRAME 4
/** `transform_space`: the world. */
#define LIMBER_VARIABLE_SPACE_WORLD 0
/** `transform_space`: the channels alone. */
#define LIMBER_VARIABLE_SPACE_TRANSFORM 4
/** `transform_space`: the final pose without what is inherited. */
#define LIMBER_VARIABLE_SPACE_LOCAL 12

/** `write`, `curve_write`: a float, kept inside min and max. */
#define LIMBER_DRIVER_WRITE_FLOAT 0
/** `write`, `curve_write`: a whole number, kept inside min and max, its fraction cut off. */
#define LIMBER_DRIVER_WRITE_INT 1
/** `write`, `curve_write`: 1 from 1 on, else 0. */
#define LIMBER_DRIVER_WRITE_BOOL 2

/** `mode`: the earliest of all curves' next keys; a curve without a later key counts its last. */
#define LIMBER_PROPAGATE_NEXT_KEY 0
/** `mode`: the latest of all curves' last keys, but no frame before zero. */
#define LIMBER_PROPAGATE_LAST_KEY 1
/** `mode`: every key after the current frame, up to the end frame. */
#define LIMBER_PROPAGATE_BEFORE_FRAME 2
/** `mode`: every key after the current frame. */
#define LIMBER_PROPAGATE_BEFORE_END 3
/** `mode`: every key of which some part is selected. */
#define LIMBER_PROPAGATE_SELECTED_KEYS 4

/** `to` of a link: bytes up to a terminating 0, not records of a kind. */
#define LIMBER_RECORD_TEXT 4294967295
/** `state` of a record: samples stand in place of its keys. */
#define LIMBER_RECORD_SAMPLED 1
/** `state` of a record: it has modifiers. */
#define LIMBER_RECORD_MODIFIED 2
/** `state` of a record: it has a driver. */
#define LIMBER_RECORD_DRIVEN 4
/** `state` of a record: an address, a count or an enum in it makes no sense. */
#define LIMBER_RECORD_DAMAGED 8
/** `state` of a record: no end of its path within path_limit bytes. */
#define LIMBER_RECORD_LONG_PATH 16

/** `action`: off if any bone is selected, else on. */
#define LIMBER_SELECT_TOGGLE 0
/** `action`: select every selectable bone. */
#define LIMBER_SELECT_SELECT 1
/** `action`: deselect every visible bone. */
#define LIMBER_SELECT_DESELECT 2
/** `action`: the other selectable bones. */
#define LIMBER_SELECT_INVERT 3
/** `direction`: to the parent. */
#define LIMBER_SELECT_PARENT 0
/** `direction`: to the children. */
#define LIMBER_SELECT_CHILD 1

/** `relation`: every bone below. */
#define LIMBER_RELATED_CHILDREN 3
/** `relation`: direct children. */
#define LIMBER_RELATED_CHILDREN_IMMEDIATE 4
/** `relation`: parents. */
#define LIMBER_RELATED_PARENT 5
/** `relation`: bones with the same parent. */
#define LIMBER_RELATED_SIBLINGS 6

/** `property`: none that a slide knows. */
#define LIMBER_PROPERTY_NONE 0
/** `property`: location. */
#define LIMBER_PROPERTY_LOCATION 1
/** `property`: rotation_quaternion. */
#define LIMBER_PROPERTY_ROTATION_QUATERNION 2
/** `property`: rotation_euler. */
#define LIMBER_PROPERTY_ROTATION_EULER 3
/** `property`: rotation_axis_angle. */
#define LIMBER_PROPERTY_ROTATION_AXIS_ANGLE 4
/** `property`: scale. */
#define LIMBER_PROPERTY_SCALE 5
/** `property`: bbone_curveinx. */
#define LIMBER_PROPERTY_BBONE_CURVEINX 6
/** `property`: bbone_curveinz. */
#define LIMBER_PROPERTY_BBONE_CURVEINZ 7
/** `property`: bbone_curveoutx. */
#define LIMBER_PROPERTY_BBONE_CURVEOUTX 8
/** `property`: bbone_curveoutz. */
#define LIMBER_PROPERTY_BBONE_CURVEOUTZ 9
/** `property`: bbone_rollin. */
#define LIMBER_PROPERTY_BBONE_ROLLIN 10
/** `property`: bbone_rollout. */
#define LIMBER_PROPERTY_BBONE_ROLLOUT 11
/** `property`: bbone_easein. */
#define LIMBER_PROPERTY_BBONE_EASEIN 12
/** `property`: bbone_easeout. */
#define LIMBER_PROPERTY_BBONE_EASEOUT 13
/** `property`: bbone_scalein. */
#define LIMBER_PROPERTY_BBONE_SCALEIN 14
/** `property`: bbone_scaleout. */
#define LIMBER_PROPERTY_BBONE_SCALEOUT 15
/** `property`: a custom property. */
#define LIMBER_PROPERTY_CUSTOM 16

/** Class of channels: location. */
#define LIMBER_CHANNEL_LOCATION 1
/** Class of channels: rotation. */
#define LIMBER_CHANNEL_ROTATION 2
/** Class of channels: scale. */
#define LIMBER_CHANNEL_SCALE 4
/** Class of channels: bendy-bone properties. */
#define LIMBER_CHANNEL_BBONE 8
/** Class of channels: custom properties. */
#define LIMBER_CHANNEL_CUSTOM 16
/** All classes of channels. */
#define LIMBER_CHANNEL_ALL 31

/** `axis`: all of them. */
#define LIMBER_AXIS_ALL 0
/** `axis`: X alone. */
#define LIMBER_AXIS_X 1
/** `axis`: Y alone. */
#define LIMBER_AXIS_Y 2
/** `axis`: Z alone. */
#define LIMBER_AXIS_Z 3

/** `kind`: a float. */
#define LIMBER_VALUE_FLOAT 0
/** `kind`: an integer, results are truncated towards zero. */
#define LIMBER_VALUE_INT 1
/** `kind`: a boolean, every result but 0 is 1. */
#define LIMBER_VALUE_BOOL 2

/** `slide`: between the poses at the two frames. */
#define LIMBER_SLIDE_BREAKDOWN 0
/** `slide`: away from the breakdown pose. */
#define LIMBER_SLIDE_PUSH 1
/** `slide`: towards the breakdown pose. */
#define LIMBER_SLIDE_RELAX 2
/** `slide`: towards the pose at one of the two frames. */
#define LIMBER_SLIDE_BLEND_TO_NEIGHBOR 3
/** `slide`: towards the rest pose. */
#define LIMBER_SLIDE_BLEND_WITH_REST 4

/** `spline_type`: straight from point to point. */
#define LIMBER_SPLINE_POLY 0
/** `spline_type`: points with handles. */
#define LIMBER_SPLINE_BEZIER 1
/** `spline_type`: points with weights. */
#define LIMBER_SPLINE_NURBS 4
/** `spline_flag`: use_cyclic_u. */
#define LIMBER_SPLINE_CYCLIC 1
/** `spline_flag`: use_endpoint_u. */
#define LIMBER_SPLINE_ENDPOINT 2
/** `spline_flag`: use_bezier_u. */
#define LIMBER_SPLINE_BEZIER_KNOTS 4

/** `twist_mode`: Z is up everywhere. */
#define LIMBER_TWIST_Z_UP 0
/** `twist_mode`: Z is up at the start, and there is as little twist as can be. */
#define LIMBER_TWIST_MINIMUM 3

/** `tilt_interpolation`, `radius_interpolation`: evenly from point to point. */
#define LIMBER_SPLINE_LINEAR 0
/** `tilt_interpolation`, `radius_interpolation`: smoothly through the points. */
#define LIMBER_SPLINE_CARDINAL 1
/** `tilt_interpolation`, `radius_interpolation`: smoothly near the points. */
#define LIMBER_SPLINE_BSPLINE 2
/** `tilt_interpolation`, `radius_interpolation`: slowly at the points. */
#define LIMBER_SPLINE_EASE 3

/** `inherit_scale`: all of the parent's scale and shear. */
#define LIMBER_INHERIT_SCALE_FULL 0
/** `inherit_scale`: the parent's scale without its shear. */
#define LIMBER_INHERIT_SCALE_FIX_SHEAR 1
/** `inherit_scale`: the uniform scale of the parent's volume. */
#define LIMBER_INHERIT_SCALE_AVERAGE 2
/** `inherit_scale`: none. */
#define LIMBER_INHERIT_SCALE_NONE 3
/** `inherit_scale`: none, but shear stays. */
#define LIMBER_INHERIT_SCALE_NONE_LEGACY 4
/** `inherit_scale`: the parent's scale along the bone's own axes. */
#define LIMBER_INHERIT_SCALE_ALIGNED 5

/**
 * `flags` of limber_visual_transforms_batch(): a quaternion takes the sign that is nearest to
 * the frame before, instead of w >= 0.
 */
#define LIMBER_VISUAL_SAME_SIGN 1

/**
 * A plan: made by limber_plan_make(), released by limber_plan_free().
 *
 * It owns copies of all that it was made of and never changes.
 */
typedef struct LimberPlan LimberPlan;

/**
 * The bones of a rig at rest and how they hang together. Every array is in the same bone order.
 */
typedef struct LimberRig {
    /** sizeof(LimberRig) */
    size_t struct_size;
    /** n, the number of bones */
    size_t bone_count;
    /** n, index of the parent, -1 = none; a parent comes before its children */
    const int32_t *parent;
    /** 16*n, rest matrices in armature space (Blender's `Bone.matrix_local`) */
    const float *rest;
    /**
     * 16*n, what limber_rest_offsets made of this rig; NULL = computed anew by every call that
     * needs it, which takes longer than one pose
     */
    const float *offset;
    /** n, lengths of the bones; NULL = not known */
    const float *length;
    /** n, LIMBER_INHERIT_SCALE_*; NULL = all LIMBER_INHERIT_SCALE_FULL */
    const int32_t *inherit_scale;
    /** n bytes, non-zero = the bone ignores its location; NULL = none */
    const uint8_t *use_connect;
    /** n bytes, non-zero = the parent's rotation is inherited; NULL = all */
    const uint8_t *use_inherit_rotation;
    /** n bytes, non-zero = the location is along the bone's axes; NULL = all */
    const uint8_t *use_local_location;
} LimberRig;

/** The channels of the bones of one rig. Every array is in the same bone order; NULL = absent. */
typedef struct LimberPose {
    /** sizeof(LimberPose) */
    size_t struct_size;
    /** n, the number of bones */
    size_t bone_count;
    /** 3*n, in the bone's rest space */
    float *location;
    /** 4*n, w x y z */
    float *rotation_quaternion;
    /** 3*n, radians, x y z */
    float *rotation_euler;
    /** 4*n, angle in radians, then axis x y z */
    float *rotation_axis_angle;
    /** 3*n */
    float *scale;
    /** n, LIMBER_ROTATION_*; NULL = every bone LIMBER_ROTATION_QUATERNION */
    int32_t *rotation_mode;
    /** n */
    float *bbone_curveinx;
    /** n */
    float *bbone_curveinz;
    /** n */
    float *bbone_curveoutx;
    /** n */
    float *bbone_curveoutz;
    /** n, radians */
    float *bbone_rollin;
    /** n, radians */
    float *bbone_rollout;
    /** n */
    float *bbone_easein;
    /** n */
    float *bbone_easeout;
    /** 3*n */
    float *bbone_scalein;
    /** 3*n */
    float *bbone_scaleout;
} LimberPose;

/**
 * Where the fields lie in a tool's own pose bone record: byte offsets, or LIMBER_FIELD_ABSENT.
 *
 * Records form a list, each with the address of the next one. Fields may lie in any order,
 * aligned or not, with anything between them. All but `next` may be absent; an array of the pose
 * can then not be asked for.
 */
typedef struct LimberBoneLayout {
    /** sizeof(LimberBoneLayout) */
    size_t struct_size;
    /** bytes of a record; every field ends within it */
    size_t record_size;
    /** address of the next record, NULL = this is the last one; must be there */
    size_t next;
    /** name_size bytes, the name, UTF-8 with a terminating 0 */
    size_t name;
    /** bytes of the name with its terminating 0 */
    size_t name_size;
    /** 3 floats */
    size_t location;
    /** 4 floats, w x y z */
    size_t rotation_quaternion;
    /** 3 floats */
    size_t rotation_euler;
    /** 1 float, radians */
    size_t rotation_angle;
    /** 3 floats */
    size_t rotation_axis;
    /** 3 floats */
    size_t scale;
    /** integer, LIMBER_ROTATION_* */
    size_t rotation_mode;
    /** bytes of rotation_mode: 1, 2, 4 or 8; 0 = 4 */
    size_t rotation_mode_size;
    /** 1 float */
    size_t bbone_curveinx;
    /** 1 float */
    size_t bbone_curveinz;
    /** 1 float */
    size_t bbone_curveoutx;
    /** 1 float */
    size_t bbone_curveoutz;
    /** 1 float */
    size_t bbone_rollin;
    /** 1 float */
    size_t bbone_rollout;
    /** 1 float */
    size_t bbone_easein;
    /** 1 float */
    size_t bbone_easeout;
    /** 3 floats */
    size_t bbone_scalein;
    /** 3 floats */
    size_t bbone_scaleout;
    /** address that is not NULL where the bone has properties of its own */
    size_t properties;
    /** a second such address */
    size_t more_properties;
    /**
     * address of the struct that has the flags, not NULL; LIMBER_FIELD_ABSENT = the record itself
     */
    size_t flag_owner;
    /** byte of the flag "selected" in that struct, or in the record */
    size_t select;
    /** the flag's bits in that byte, 1 to 255; 0 = there is no such flag */
    size_t select_bits;
    /** byte of the flag "hidden" */
    size_t hide;
    /** the flag's bits in that byte, 1 to 255; 0 = there is no such flag */
    size_t hide_bits;
    /**
     * marks, LIMBER_BONE_*, that a bone must have for its channels to be read, all of them; what
     * the arrays hold of others stays. 0 or LIMBER_FIELD_ABSENT = the channels of every bone are
     * read
     */
    size_t only;
} LimberBoneLayout;

/** Transform locks of the bones of one rig, bytes; NULL = nothing locked. */
typedef struct LimberLocks {
    /** sizeof(LimberLocks) */
    size_t struct_size;
    /** 3*n */
    const uint8_t *lock_location;
    /** 3*n */
    const uint8_t *lock_rotation;
    /** n */
    const uint8_t *lock_rotation_w;
    /** n; non-zero: W X Y Z are locked one by one, zero: by way of Euler angles */
    const uint8_t *lock_rotations_4d;
    /** 3*n */
    const uint8_t *lock_scale;
} LimberLocks;

/**
 * The constraint stacks of the bones of one or several rigs, a row a constraint. Rows of one
 * bone stand in the order of its stack.
 */
typedef struct LimberConstraints {
    /** sizeof(LimberConstraints) */
    size_t struct_size;
    /** r, the number of rows */
    size_t count;
    /** n, the number of bones; those of several rigs are numbered one after the other */
    size_t bone_count;
    /** r, index of the bone that has the constraint */
    const int32_t *owner;
    /** r, Blender's number of the type (IK is 3); NULL = all unknown */
    const int32_t *kind;
    /** r, non-zero = belongs to a library and cannot be removed; NULL = none */
    const uint8_t *fixed;
    /** n, non-zero = the bone is selected; NULL = every one */
    const uint8_t *selected;
} LimberConstraints;

/**
 * How the bones of a rig move in inverse kinematics. Each array that is NULL has the values of a
 * new bone, which are all 0.
 */
typedef struct LimberIkBones {
    /** sizeof(LimberIkBones) */
    size_t struct_size;
    /** n, the number of bones of the rig */
    size_t bone_count;
    /** 3*n bytes, lock_ik_x, _y, _z */
    const uint8_t *lock;
    /** 3*n bytes, use_ik_limit_x, _y, _z */
    const uint8_t *use_limit;
    /** 3*n, ik_min_x, _y, _z, radians */
    const float *min;
    /** 3*n, ik_max_x, _y, _z, radians */
    const float *max;
    /** 3*n, ik_stiffness_x, _y, _z, 0 to 0.99 */
    const float *stiffness;
    /** n, ik_stretch, 0 to 1 */
    const float *stretch;
} LimberIkBones;

/**
 * Where the fields lie in a tool's own key record: byte offsets, or LIMBER_FIELD_ABSENT.
 *
 * A record need not be aligned. Fields may lie in any order, with anything between them.
 */
typedef struct LimberKeyLayout {
    /** sizeof(LimberKeyLayout) */
    size_t struct_size;
    /** bytes from one record to the next; 0 = the layout of LimberKey, whatever the offsets say */
    size_t stride;
    /** 2 floats, frame and value; must be there */
    size_t point;
    /** 2 floats; absent: at the point */
    size_t handle_left;
    /** 2 floats; absent: at the point */
    size_t handle_right;
    /** float; absent: 1.70158 */
    size_t back;
    /** float; absent: 0.8 */
    size_t amplitude;
    /** float; absent: 4.1 */
    size_t period;
    /** byte, LIMBER_INTERPOLATION_*; absent: BEZIER if both handles are there, else LINEAR */
    size_t interpolation;
    /** byte, LIMBER_EASING_*; absent: AUTO */
    size_t easing;
    /** byte, LIMBER_HANDLE_*; absent: FREE */
    size_t handle_left_type;
    /** byte, LIMBER_HANDLE_*; absent: FREE */
    size_t handle_right_type;
    /** byte, LIMBER_KEY_TYPE_*; absent: KEYFRAME */
    size_t key_type;
    /** byte, bit 0 counts; absent: not selected */
    size_t select_point;
    /** byte, bit 0 counts; absent: not selected */
    size_t select_left;
    /** byte, bit 0 counts; absent: not selected */
    size_t select_right;
} LimberKeyLayout;

/**
 * One modifier of a curve; only the fields of its type (named at each) are looked at.
 *
 * In an array of modifiers every one has the same struct_size, which is the distance from one
 * to the next.
 */
typedef struct LimberModifier {
    /** sizeof(LimberModifier) */
    size_t struct_size;
    /** LIMBER_MODIFIER_* */
    uint32_t kind;
    /** OR of LIMBER_MODIFIER_FLAG_* */
    uint32_t flags;
    /** all types: strength of the effect, 0..1 */
    float influence;
    /** all types: first frame of the restricted range */
    float frame_start;
    /** all types: last frame of the restricted range */
    float frame_end;
    /** all types: frames over which the effect grows from nothing after frame_start */
    float blend_in;
    /** all types: frames over which the effect shrinks to nothing before frame_end */
    float blend_out;
    /** CYCLES: 0 none, 1 repeat, 2 repeat with offset, 3 mirrored */
    uint32_t mode_before;
    /** CYCLES: as mode_before */
    uint32_t mode_after;
    /** CYCLES: how many times; 0 = without end */
    int32_t cycles_before;
    /** CYCLES: how many times; 0 = without end */
    int32_t cycles_after;
    /** LIMITS: least frame */
    float min_x;
    /** LIMITS: greatest frame */
    float max_x;
    /** LIMITS: least value */
    float min_y;
    /** LIMITS: greatest value */
    float max_y;
    /** STEPPED: frames that a value is held */
    float step;
    /** STEPPED: a frame at which a step begins */
    float step_offset;
    /** STEPPED: no effect before this frame */
    float step_start;
    /** STEPPED: no effect after this frame */
    float step_end;
    /**
     * GENERATOR: 0 = sum of values[i] * frame^i, 1 = product of values[2i] * frame + values[2i+1]
     */
    uint32_t generator_mode;
    /** FNGENERATOR: 0 sin, 1 cos, 2 tan, 3 square root, 4 natural logarithm, 5 sin(pi x)/(pi x) */
    uint32_t function_type;
    /**
     * FNGENERATOR: amplitude * function(phase_multiplier * frame + phase_offset) + value_offset
     */
    float amplitude;
    /** FNGENERATOR */
    float phase_multiplier;
    /** FNGENERATOR */
    float phase_offset;
    /** FNGENERATOR */
    float value_offset;
    /** ENVELOPE: middle of the band */
    float reference_value;
    /** ENVELOPE: lower edge, relative to the middle */
    float default_min;
    /** ENVELOPE: upper edge, relative to the middle */
    float default_max;
    /** NOISE: 0 replace, 1 add, 2 subtract, 3 multiply */
    uint32_t blend_type;
    /** NOISE: frames a wave */
    float scale;
    /** NOISE */
    float strength;
    /** NOISE: another phase is another noise */
    float phase;
    /** NOISE: frames by which the noise is shifted */
    float offset;
    /** NOISE: frequency of an octave relative to the one before */
    float lacunarity;
    /** NOISE: amplitude of an octave relative to the one before */
    float roughness;
    /** NOISE: octaves beyond the first, 0..32767 */
    int32_t depth;
    /**
     * GENERATOR: coefficients; ENVELOPE: frame, minimum, maximum of each control point, in
     * ascending order of frame
     */
    const float *values;
    /** number of floats in values; a multiple of 3 for ENVELOPE */
    size_t value_count;
} LimberModifier;

/**
 * Many F-curves. The keys lie either one curve after another in `keys`, or each curve's where
 * `key_pointers` says; the other one is NULL.
 */
typedef struct LimberFCurves {
    /** sizeof(LimberFCurves) */
    size_t struct_size;
    /** n, the number of curves */
    size_t curve_count;
    /** where the fields lie in every record; NULL = the records are LimberKey */
    const struct LimberKeyLayout *key_layout;
    /** records of all curves, one curve after another, each in ascending order of frame */
    const void *keys;
    /** number of records in keys */
    size_t key_count;
    /**
     * n+1, ascending, at most key_count: curve i has the records key_starts[i] up to, not including,
     * key_starts[i+1] of keys
     */
    const size_t *key_starts;
    /** n, address of each curve's records; NULL for a curve without keys */
    const void *const *key_pointers;
    /** n, number of each curve's records, with key_pointers; 0 or more */
    const int32_t *key_counts;
    /** n, LIMBER_EXTRAPOLATION_*; NULL = all CONSTANT */
    const uint8_t *extrapolation;
    /** n, OR of LIMBER_FCURVE_*; NULL = all 0 */
    const uint8_t *flags;
    /** modifiers of all curves, one curve after another; NULL = none */
    const struct LimberModifier *modifiers;
    /** number of modifiers */
    size_t modifier_count;
    /** n+1, ascending, at most modifier_count: as key_starts; NULL = no modifiers */
    const size_t *modifier_starts;
    /** values of all sampled curves, one curve after another; NULL = none */
    const float *samples;
    /** number of samples */
    size_t sample_count;
    /**
     * n+1, ascending, at most sample_count: as key_starts; a curve with at least one sample is sampled and its keys
     * do not count; NULL = no samples
     */
    const size_t *sample_starts;
    /** n, frame of each curve's first sample, a whole number; NULL = no samples */
    const float *sample_first_frames;
} LimberFCurves;

/**
 * The curves of the actions that Action constraints look at: for each constraint those of its own
 * bone, evaluated at the frame that the constraint finds.
 */
typedef struct LimberActions {
    /** sizeof(LimberActions) */
    size_t struct_size;
    /** a curves; NULL = none */
    const struct LimberFCurves *curves;
    /**
     * a, the constraint that looks at each curve; a curve of several constraints is given for each
     */
    const int32_t *constraint;
    /** a, LIMBER_SLOT_LOCATION to LIMBER_SLOT_SCALE: what it moves */
    const int32_t *slot;
    /** a, its component: axis, or place in w x y z or angle x y z */
    const int32_t *component;
} LimberActions;

/**
 * Curves of splines. As in Blender a constraint goes along a curve's first spline; the others only
 * count for the curve's bounds, by which Clamp To measures.
 *
 * Enums have Blender's own numbers. Points are in the space of the curve's object. Another
 * program's curve, or one that is already a line of points, is given as LIMBER_SPLINE_POLY.
 *
 * A spline of fewer than two points, of no length, or a NURBS spline that Blender does not draw is
 * no path; a constraint that looks at it does nothing. Blender draws no NURBS spline of fewer
 * points than its order; with BEZIER_KNOTS the order must, less one, divide the points of a cyclic
 * spline, and be less than the points of one that is neither cyclic nor has ENDPOINT.
 */
typedef struct LimberSplines {
    /** sizeof(LimberSplines) */
    size_t struct_size;
    /** s, the number of splines */
    size_t spline_count;
    /** p, the number of points of all splines */
    size_t point_count;
    /**
     * s+1, spline i has the points point_first[i] to point_first[i+1]-1; from 0 to p, ascending
     */
    const int32_t *point_first;
    /** s, LIMBER_SPLINE_POLY, _BEZIER or _NURBS; NULL = all POLY */
    const int32_t *spline_type;
    /** s, OR of LIMBER_SPLINE_CYCLIC, _ENDPOINT, _BEZIER_KNOTS; NULL = all 0 */
    const uint32_t *spline_flag;
    /** s, resolution_u, 1 to 1024; NULL = all 12 */
    const int32_t *resolution;
    /** s, order_u, 2 to 64; NULL = all 4 */
    const int32_t *order;
    /** s, LIMBER_TWIST_*; NULL = all MINIMUM */
    const int32_t *twist_mode;
    /** s, LIMBER_SPLINE_LINEAR to _EASE, of Bezier splines; NULL = all LINEAR */
    const int32_t *tilt_interpolation;
    /** s, LIMBER_SPLINE_LINEAR to _EASE, of Bezier splines; NULL = all LINEAR */
    const int32_t *radius_interpolation;
    /** 3*p, the points */
    const float *co;
    /** 3*p, left handles of Bezier splines; NULL = each at its point */
    const float *handle_left;
    /** 3*p, right handles of Bezier splines; NULL = each at its point */
    const float *handle_right;
    /** p, weights of NURBS splines; NULL = all 1 */
    const float *weight;
    /** p, tilt, radians; NULL = all 0 */
    const float *tilt;
    /** p, radius; NULL = all 1 */
    const float *radius;
    /** k, the number of curves; not looked at without curve_first */
    size_t curve_count;
    /**
     * k+1, curve i has the splines curve_first[i] to curve_first[i+1]-1; from 0 to s, ascending.
     * NULL = each spline is a curve, k is s
     */
    const int32_t *curve_first;
} LimberSplines;

/**
 * Constraints of the bones of one rig, in the order of each bone's stack.
 *
 * Enums have Blender's own numbers. Invalid constraints are left out. Muted ones may be left out,
 * too, but for IK and Spline IK: Blender lets them join other chains. What a
 * constraint needs that is not listed here (a target with B-Bone shape or vertex group,
 * envelopes, a curve) makes it a constraint of type 0, which is not evaluated.
 *
 * option and value of each type, by Blender's property names (P[3] = P_x, P_y, P_z; an Euler
 * order is 0 = AUTO or a LIMBER_ROTATION_*):
 *   CHILD_OF         option: rotation mode of a target outside the rig if it is an Euler order,
 *                    else 0; value: inverse_matrix[16]
 *   TRACK_TO         option: track_axis, up_axis
 *   LIMIT_ROTATION   option: euler_order; value: min[3], max[3]
 *   LIMIT_LOCATION, LIMIT_SCALE  value: min[3], max[3]
 *   COPY_ROTATION    option: euler_order, mix_mode
 *   COPY_SCALE       value: power
 *   LOCKED_TRACK     option: track_axis, lock_axis
 *   LIMIT_DISTANCE   option: limit_mode; value: distance (as stored, not 0)
 *   STRETCH_TO       option: volume, keep_axis; value: rest_length (as stored, not 0), bulge,
 *                    bulge_min, bulge_max, bulge_smooth
 *   FLOOR            option: floor_location; value: offset
 *   TRANSFORM        option: map_from, map_to, map_to_x_from, map_to_y_from, map_to_z_from, the
 *                    mix_mode of what map_to names, from_rotation_mode, to_euler_order;
 *                    value: from_min[3], from_max[3], to_min[3], to_max[3] of those channels
 *   DAMPED_TRACK     option: track_axis
 *   COPY_TRANSFORMS  option: mix_mode
 *   MAINTAIN_VOLUME  option: free_axis, mode; value: volume
 *   PIVOT            option: rotation_range; value: offset[3]
 *   IK               option: chain_count (-1 = 0 = all), iterations (up to 10000); value: weight,
 *                    orient_weight, pole_angle. Its targets are the goal and, if it has one, the
 *                    pole
 *   ACTION           option: transform_channel, mix_mode; value: min, max, eval_time, frame_start,
 *                    frame_end. Without use_bone_object_action; needs actions, if
 *                    only to say that they have no curves
 *   FOLLOW_PATH      option: curve of splines, forward_axis, up_axis, use_path_clamp of the curve;
 *                    value: offset, offset_factor, and the curve's eval_time and path_duration.
 *                    Its target is the curve's object, as with the next
 *   CLAMP_TO         option: curve of splines, main_axis
 *   SPLINE_IK        option: curve of splines, chain_count, y_scale_mode, xz_scale_mode;
 *                    value: bulge, bulge_min, bulge_max, bulge_smooth. Its joint_bindings are those
 *                    that Blender makes of the lengths of the bones. Not evaluated: bones that two
 *                    such chains share, or one and IK; a curve that is no path; and with another
 *                    y_scale_mode than FIT_CURVE cyclic curves, where Blender is not the same twice
 *   every other, IK without ik, ACTION without actions and what needs splines without them
 *                    option: how many ancestors of the bone it changes, too; -1 = all
 */
typedef struct LimberPoseConstraints {
    /** sizeof(LimberPoseConstraints) */
    size_t struct_size;
    /** c, the number of constraints */
    size_t constraint_count;
    /** t, the number of targets of all constraints */
    size_t target_count;
    /** c, index of the bone that it belongs to */
    const int32_t *bone;
    /** c, LIMBER_CONSTRAINT_* */
    const int32_t *constraint_type;
    /** c, LIMBER_SPACE_*; NULL = all LIMBER_SPACE_WORLD */
    const int32_t *owner_space;
    /** c, LIMBER_SPACE_*; NULL = all LIMBER_SPACE_WORLD */
    const int32_t *target_space;
    /** c, OR of flag bits LIMBER_CONSTRAINT_*; NULL = all 0 */
    const uint32_t *flag;
    /** 8*c, see above; NULL = all 0 */
    const int32_t *option;
    /** 16*c, see above; NULL = all 0 */
    const float *value;
    /** c, not clamped; NULL = all 1 */
    const float *influence;
    /** c, bone that is the custom space, -1 = space_matrix; NULL = all -1 */
    const int32_t *space_bone;
    /** 16*c, world matrix of the custom space; NULL = all identity */
    const float *space_matrix;
    /**
     * c+1, constraint i has the targets target_first[i] to target_first[i+1]-1; from 0 to t,
     * ascending. Only Armature and IK look at more than the first. NULL = each has one, t is c
     */
    const int32_t *target_first;
    /** t, bone, -1 = outside the rig; NULL = all -1 */
    const int32_t *target_bone;
    /** t, 0 = head to 1 = tail; NULL = all 0, else the rig's length is needed */
    const float *target_head_tail;
    /**
     * 16*t, world matrix of a target outside the rig (with LIMBER_SPACE_LOCAL and the like its
     * matrix in that space); NULL = all identity
     */
    const float *target_matrix;
    /** t, weight of a target of Armature; NULL = all 1 */
    const float *target_weight;
    /** 16, world matrix of the armature object; NULL = identity */
    const float *object_matrix;
    /** c bytes, non-zero = muted; NULL = none */
    const uint8_t *mute;
    /**
     * how the bones move in inverse kinematics, of as many bones as the rig; NULL = not known, IK
     * is not evaluated
     */
    const struct LimberIkBones *ik;
    /** curves of the actions of Action constraints; NULL = not known, they are not evaluated */
    const struct LimberActions *actions;
    /**
     * the curves that constraints name by number; NULL = not known, what needs them is not evaluated
     */
    const struct LimberSplines *splines;
} LimberPoseConstraints;

/** One F-curve. */
typedef struct LimberFCurve {
    /** sizeof(LimberFCurve) */
    size_t struct_size;
    /** key_count records, in ascending order of frame */
    const void *keys;
    /** number of keys */
    size_t key_count;
    /** where the fields lie in a record; NULL = the records are LimberKey */
    const struct LimberKeyLayout *key_layout;
    /** LIMBER_EXTRAPOLATION_* */
    uint32_t extrapolation;
    /** LIMBER_SMOOTHING_*; matters to functions that compute handles */
    uint32_t auto_smoothing;
    /** OR of LIMBER_FCURVE_* */
    uint32_t flags;
    /** frame of the first sample, a whole number */
    float sample_start;
    /** modifier_count modifiers, first to last; NULL = none */
    const struct LimberModifier *modifiers;
    /** number of modifiers */
    size_t modifier_count;
    /** sample_count values, one a frame, that stand in place of keys; NULL = not sampled */
    const float *samples;
    /** number of samples */
    size_t sample_count;
} LimberFCurve;

/**
 * The keys of many curves, one array a field, curve after curve.
 *
 * Curve c owns the elements first_key[c] .. first_key[c + 1] of every array: its room. Its keys
 * are the first key_count[c] of them, sorted by frame. With `stride` 0 every array is dense;
 * else element i lies i*stride bytes after the pointer, so that an array of key structs is read
 * and written where it lies, aligned or not: point every field at its member of the first
 * struct.
 * NULL fields other than `point` are absent: read as the default given, and not written.
 */
typedef struct LimberKeyTable {
    /** sizeof(LimberKeyTable) */
    size_t struct_size;
    /** m, the number of curves */
    size_t curve_count;
    /** n, the number of elements of every array of fields */
    size_t element_count;
    /**
     * m + 1 indices up to n, ascending: where each curve's room begins, and where the last ends
     */
    const size_t *first_key;
    /** m, in/out: keys of each curve, at most its room; NULL = every room is full */
    size_t *key_count;
    /** m, OR of LIMBER_CURVE_*; NULL = 0 for every curve */
    const uint8_t *curve_flags;
    /** bytes between keys in every array; 0 = dense arrays */
    size_t stride;
    /** 2 floats a key: frame and value; required */
    float *point;
    /** 2 floats a key: frame and value; default: the point */
    float *handle_left;
    /** 2 floats a key: frame and value; default: the point */
    float *handle_right;
    /** 1 float a key; default 1.70158 */
    float *back;
    /** 1 float a key; default 0.8 */
    float *amplitude;
    /** 1 float a key; default 4.1 */
    float *period;
    /** 1 byte a key, Blender's number; default 2 (BEZIER) */
    uint8_t *interpolation;
    /** 1 byte a key, Blender's number; default 0 (AUTO) */
    uint8_t *easing;
    /** 1 byte a key, Blender's number; default 4 (AUTO_CLAMPED) */
    uint8_t *handle_left_type;
    /** 1 byte a key, Blender's number; default 4 (AUTO_CLAMPED) */
    uint8_t *handle_right_type;
    /** 1 byte a key, Blender's number; default 0 (KEYFRAME) */
    uint8_t *key_type;
    /** 1 byte a key, 0 or 1; default 0 */
    uint8_t *select_point;
    /** 1 byte a key, 0 or 1; default 0 */
    uint8_t *select_left;
    /** 1 byte a key, 0 or 1; default 0 */
    uint8_t *select_right;
} LimberKeyTable;

/**
 * The fields of many keys, each in an array of its own, as the `foreach_get` of Blender's
 * `keyframe_points` gives them. NULL = absent.
 */
typedef struct LimberKeyArrays {
    /** sizeof(LimberKeyArrays) */
    size_t struct_size;
    /** 2*n, frame and value */
    float *co;
    /** 2*n */
    float *handle_left;
    /** 2*n */
    float *handle_right;
    /** n, LIMBER_INTERPOLATION_* */
    int32_t *interpolation;
    /** n, LIMBER_EASING_* */
    int32_t *easing;
    /** n, LIMBER_HANDLE_* */
    int32_t *handle_left_type;
    /** n, LIMBER_HANDLE_* */
    int32_t *handle_right_type;
    /** n, LIMBER_KEY_TYPE_* */
    int32_t *key_type;
    /** n */
    float *back;
    /** n */
    float *amplitude;
    /** n */
    float *period;
    /** n, bytes */
    uint8_t *select_control_point;
    /** n, bytes */
    uint8_t *select_left_handle;
    /** n, bytes */
    uint8_t *select_right_handle;
} LimberKeyArrays;

/** One keyframe, packed: 44 bytes without padding. */
typedef struct LimberKey {
    /** frame and value */
    float point[2];
    /** left handle: frame and value */
    float handle_left[2];
    /** right handle: frame and value */
    float handle_right[2];
    /** overshoot of BACK */
    float back;
    /** amplitude of ELASTIC */
    float amplitude;
    /** period of ELASTIC, in frames */
    float period;
    /** LIMBER_INTERPOLATION_* of the segment that begins here */
    uint8_t interpolation;
    /** LIMBER_EASING_* of the segment that begins here */
    uint8_t easing;
    /** LIMBER_HANDLE_* */
    uint8_t handle_left_type;
    /** LIMBER_HANDLE_* */
    uint8_t handle_right_type;
    /** LIMBER_KEY_TYPE_* */
    uint8_t key_type;
    /** non-zero: the point is selected */
    uint8_t select_point;
    /** non-zero: the left handle is selected */
    uint8_t select_left;
    /** non-zero: the right handle is selected */
    uint8_t select_right;
} LimberKey;

/** Motion paths, each the way of one point over some of the frames. */
typedef struct LimberPaths {
    /** sizeof(LimberPaths) */
    size_t struct_size;
    /** n, points a frame, such as the heads of all bones */
    size_t point_count;
    /** f, frames of all points */
    size_t frame_count;
    /** k, number of paths */
    size_t path_count;
    /** k, which point a path follows, 0 to n-1 */
    const int32_t *point;
    /** k, its first frame, counted from the first of the f frames; 0 or more */
    const int32_t *first_frame;
    /** k, number of its frames; 0 or more, within the f frames */
    const int32_t *length;
    /** 16, or 16*f with LIMBER_PATHS_OBJECT_MATRIX, armature to world; NULL = identity */
    const float *object_matrix;
    /** 16, or 16*f with LIMBER_PATHS_CAMERA_MATRIX, world to camera; NULL = stay in the world */
    const float *camera_matrix;
    /** OR of LIMBER_PATHS_* */
    uint32_t flags;
    /** keep 0 */
    uint32_t reserved;
} LimberPaths;

/** The drivers of a rig. */
typedef struct LimberDrivers {
    /** sizeof(LimberDrivers) */
    size_t struct_size;
    /** d, the number of drivers */
    size_t driver_count;
    /** v, the number of variables of all drivers */
    size_t variable_count;
    /** d, LIMBER_DRIVER_* */
    const int32_t *driver_type;
    /** d, LIMBER_SLOT_*: what it drives; of several for one slot the last counts */
    const int32_t *driver_slot;
    /** d, element of that slot's array */
    const int32_t *driver_element;
    /** d, LIMBER_DRIVER_WRITE_*; NULL = all LIMBER_DRIVER_WRITE_FLOAT */
    const int32_t *write;
    /** d, least value of the property; NULL = no limit */
    const float *min;
    /** d, greatest value of the property; NULL = no limit */
    const float *max;
    /** d curves that map the results, without keys and modifiers = as they are; NULL = none */
    const struct LimberFCurves *curves;
    /**
     * d+1, driver i has the variables variable_first[i] to variable_first[i+1]-1; from 0 to v,
     * ascending
     */
    const int32_t *variable_first;
    /** v, LIMBER_VARIABLE_*; NULL = all LIMBER_VARIABLE_SINGLE_PROP */
    const int32_t *variable_type;
    /** v, SINGLE_PROP: LIMBER_SLOT_*; NULL = all LIMBER_SLOT_LOCATION */
    const int32_t *variable_slot;
    /** v, SINGLE_PROP: element of that slot's array; FRAME: 0 or 1; NULL = all 0 */
    const int32_t *variable_element;
    /** v, CONSTANT: the number; NULL = all 0 */
    const float *variable_value;
    /**
     * expression_size bytes: d texts, each with a terminating 0, empty but for SCRIPTED; NULL =
     * no expressions
     */
    const char *expressions;
    /** bytes of expressions */
    size_t expression_size;
    /**
     * name_size bytes: v names of the variables, each with a terminating 0; needed with
     * expressions
     */
    const char *variable_names;
    /** bytes of variable_names */
    size_t name_size;
    /**
     * 2*v, the bones that ROTATION_DIFF, LOC_DIFF and TRANSFORMS (the first) look at, -1 =
     * something outside the rig, whose driver_matrix counts; NULL = all -1
     */
    const int32_t *variable_bone;
    /** 2*v, LOC_DIFF and TRANSFORMS (the first): LIMBER_VARIABLE_SPACE_*; NULL = all _WORLD */
    const int32_t *transform_space;
    /**
     * v, TRANSFORMS: Blender's number, 0 to 2 LOC_X to LOC_Z, 3 to 5 ROT_X to ROT_Z, 6 to 8
     * SCALE_X to SCALE_Z, 9 SCALE_AVG, 10 ROT_W; NULL = all 0
     */
    const int32_t *transform_type;
    /**
     * v, TRANSFORMS: Blender's number, 0 AUTO, 1 to 6 LIMBER_ROTATION_XYZ to _ZYX, 7 QUATERNION,
     * 8 to 10 SWING_TWIST_X to _Z; NULL = all 0. AUTO of something outside the rig is XYZ
     */
    const int32_t *variable_rotation_mode;
    /**
     * 32*v, two matrices a variable, each of what is outside the rig in its transform_space (for
     * ROTATION_DIFF in the world); NULL = all identity
     */
    const float *driver_matrix;
} LimberDrivers;

/**
 * A rig with all that moves it, for limber_plan_make().
 *
 * Curves, drivers and wanted numbers name a number of the rig as a slot: which array
 * (LIMBER_SLOT_*) and which element of it, for n bones, c constraints and t targets.
 */
typedef struct LimberPlanInput {
    /** sizeof(LimberPlanInput) */
    size_t struct_size;
    /** n bones; `length` is needed for tails and for targets between head and tail */
    const struct LimberRig *rig;
    /**
     * channels of one pose, for what no curve or driver moves; rotation_mode counts for all
     * frames
     */
    const struct LimberPose *pose;
    /**
     * c constraints with t targets; NULL = none. Constraints that a curve or driver mutes are
     * given with mute
     */
    const struct LimberPoseConstraints *constraints;
    /** m curves; NULL = none */
    const struct LimberFCurves *curves;
    /** m, LIMBER_SLOT_*: what each curve moves; of several for one slot the last counts */
    const int32_t *curve_slot;
    /** m, element of that slot's array */
    const int32_t *curve_element;
    /** number of custom numbers */
    size_t custom_count;
    /** custom_count numbers, where no curve or driver moves them */
    const float *custom;
    /** drivers; NULL = none */
    const struct LimberDrivers *drivers;
    /** n, LIMBER_STATE_*: bones that the caller knows not to be evaluable; NULL = all 0 */
    const int32_t *state;
    /** number of chosen bones; not looked at without chosen */
    size_t chosen_count;
    /** chosen_count bones whose matrices are wanted, in the order of the results; NULL = all n */
    const int32_t *chosen;
    /** number of wanted numbers */
    size_t wanted_count;
    /** wanted_count, LIMBER_SLOT_* */
    const int32_t *wanted_slot;
    /** wanted_count, element of that slot's array */
    const int32_t *wanted_element;
    /**
     * m, least value that each curve's property can have; NULL = no limits. Influence, weight and
     * place between head and tail stay from 0 to 1 anyway, as in Blender
     */
    const float *curve_min;
    /** m, greatest value that each curve's property can have; NULL = no limits */
    const float *curve_max;
    /**
     * curves of the actions of Action constraints, in place of those of `constraints`; NULL = those
     */
    const struct LimberActions *actions;
    /**
     * m, LIMBER_DRIVER_WRITE_*: how each curve's property takes its values, after limits; NULL =
     * all LIMBER_DRIVER_WRITE_FLOAT
     */
    const int32_t *curve_write;
} LimberPlanInput;

/** The frames of a call of limber_plan_evaluate(), and what moves outside the rig. */
typedef struct LimberPlanFrames {
    /** sizeof(LimberPlanFrames) */
    size_t struct_size;
    /** f, the number of frames */
    size_t frame_count;
    /** f frames, in any order; ascending ones are fastest */
    const float *frames;
    /** 16*f, world matrix of the armature object in each frame; NULL = as it was made with */
    const float *object_matrix;
    /**
     * 16*t*f, matrices of the targets frame after frame, as target_matrix of
     * LimberPoseConstraints; NULL = as it was made with
     */
    const float *target_matrix;
    /**
     * 32*v*f, the matrices of the v variables of drivers frame after frame, as driver_matrix of
     * LimberDrivers, which must have been given; NULL = as it was made with
     */
    const float *driver_matrix;
    /**
     * out, f bytes: 1 where the last bit of the input decides where inverse kinematics end (goals
     * that cannot be reached together, joints that hop between limits), or where they come to no
     * numbers, or where chains with different roots share bones, which Blender solves in any order.
     * Such a pose may lie elsewhere in Blender. 0 in all other frames; NULL = not wanted.
     * To know it, chains that meet limits or take more than 20 iterations are solved twice
     */
    uint8_t *unsettled;
} LimberPlanFrames;

/**
 * Kinds of records in a tool's memory, and the links by which one leads to others.
 *
 * A kind has records of one size. What a record leads to can depend on its tag, two bytes that
 * are read as one number: a link counts where `tag & mask == value`. In a kind with a tag each
 * record must meet a link with a mask, so that one of an unknown sort is noticed; a link whose
 * address is LIMBER_FIELD_ABSENT says of a sort that it leads nowhere.
 */
typedef struct LimberRecordKinds {
    /** sizeof(LimberRecordKinds) */
    size_t struct_size;
    /** k, the number of kinds */
    size_t kind_count;
    /** k, bytes of a record, at least 1 */
    const size_t *record_size;
    /** k, byte offset of the tag; LIMBER_FIELD_ABSENT = no tag, every link counts */
    const size_t *tag;
    /** l, the number of links */
    size_t link_count;
    /** l, the kind whose records have the link */
    const size_t *from;
    /** l, bits of the tag; 0 = the link counts for every sort */
    const size_t *mask;
    /** l, their value */
    const size_t *value;
    /** l, byte offset of the address of what the link leads to, NULL = nothing is there */
    const size_t *address;
    /**
     * l, byte offset of an int32_t, how many records lie there in a row; LIMBER_FIELD_ABSENT = one
     */
    const size_t *count;
    /** l, the kind of those records, or LIMBER_RECORD_TEXT */
    const size_t *to;
} LimberRecordKinds;

/**
 * Where the fields lie in a tool's own F-curve record: byte offsets, or LIMBER_FIELD_ABSENT.
 *
 * Fields may lie in any order, aligned or not, with anything between them. Integers are read
 * with the sign that their size in bytes, 1, 2, 4 or 8, gives them.
 */
typedef struct LimberCurveLayout {
    /** sizeof(LimberCurveLayout) */
    size_t struct_size;
    /** bytes of a record; every field ends within it */
    size_t record_size;
    /** address of the first key record, NULL = no keys; must be there */
    size_t keys;
    /** integer, number of keys; must be there */
    size_t key_count;
    /** address of the path, UTF-8 with a terminating 0, NULL = none; absent: no paths */
    size_t path;
    /** integer, index in the property's array; absent: 0 */
    size_t component;
    /** integer, LIMBER_EXTRAPOLATION_*; absent: CONSTANT */
    size_t extrapolation;
    /** integer, LIMBER_SMOOTHING_*; absent: NONE */
    size_t auto_smoothing;
    /** integer whose bits integer_mask and discrete_mask mean something; absent: 0 */
    size_t flags;
    /** address that is not NULL where samples stand in place of keys; absent: NULL */
    size_t samples;
    /** address that is not NULL where the curve has modifiers; absent: NULL */
    size_t modifiers;
    /** address that is not NULL where the curve has a driver; absent: NULL */
    size_t driver;
    /** bits of flags: any of them stands for LIMBER_FCURVE_INTEGER */
    uint64_t integer_mask;
    /** bits of flags: any of them stands for LIMBER_FCURVE_DISCRETE */
    uint64_t discrete_mask;
    /** bytes of key_count; 0 = 4 */
    uint8_t key_count_size;
    /** bytes of component; 0 = 4 */
    uint8_t component_size;
    /** bytes of extrapolation; 0 = 4 */
    uint8_t extrapolation_size;
    /** bytes of auto_smoothing; 0 = 4 */
    uint8_t auto_smoothing_size;
    /** bytes of flags; 0 = 4 */
    uint8_t flags_size;
    /** 0 */
    uint8_t reserved[3];
} LimberCurveLayout;

/**
 * F-curves in a tool's own records, read where they lie; nothing is copied, nothing is kept.
 *
 * What the layouts say must be true of every record: the addresses in it are readable, keys for
 * key_count records, the path up to its terminating 0 or path_limit bytes. Addresses that are
 * NULL or not aligned and counts that make no sense are noticed, and that record is called
 * damaged; no other address can be told from a good one. Nothing may change, move or free the
 * records during a call.
 */
typedef struct LimberCurveRecords {
    /** sizeof(LimberCurveRecords) */
    size_t struct_size;
    /** where the fields lie in every curve record */
    const struct LimberCurveLayout *layout;
    /** where the fields lie in every key record; NULL = the records are LimberKey */
    const struct LimberKeyLayout *key_layout;
    /** record_count addresses, one of each curve record */
    const void *const *records;
    /** number of curves */
    size_t record_count;
    /** a record with more keys is damaged; 0 = 16777216 */
    size_t key_limit;
    /** the terminating 0 of a path is within so many bytes; 0 = 4096 */
    size_t path_limit;
    /**
     * power of two: the address of every record and of every curve's first key is a multiple
     * of it, else the record is damaged; 0 = any address
     */
    size_t alignment;
} LimberCurveRecords;

/**
 * Flags of the bones of one rig. A bone is visible if a visible collection holds it and it is
 * not hidden, selectable if it is visible and not unselectable, selected if it is visible and
 * its select flag is on. Flags are written as 0 or 1; every array is in the same bone order.
 */
typedef struct LimberBones {
    /** sizeof(LimberBones) */
    size_t struct_size;
    /** n, the number of bones */
    size_t bone_count;
    /**
     * n, index of the parent, -1 = none; a parent comes before its children. NULL only where a
     * function says that it follows no parents
     */
    const int32_t *parent;
    /** n, non-zero = the head sticks to the parent's tail; NULL = none does */
    const uint8_t *connected;
    /** n, non-zero = a visible bone collection holds the bone; NULL = every one */
    const uint8_t *collection_visible;
    /** n, in/out, the bone's own hide flag; NULL = none is hidden */
    uint8_t *hidden;
    /** n, non-zero = cannot be selected; NULL = all can */
    const uint8_t *unselectable;
    /** n, in/out, the select flag; never NULL */
    uint8_t *select;
    /** in/out, index of the active bone, -1 = none; NULL = none */
    int32_t *active;
    /**
     * n, in/out, the select flag of the bone's head, which Blender keeps up to 4.5; only
     * limber_select_all, _mirror and _targets touch it; NULL = not kept
     */
    uint8_t *select_head;
    /** n, in/out, the same of its tail */
    uint8_t *select_tail;
} LimberBones;

/**
 * F-curves of a pose, each sampled at the frames of a slide. Every array has curve_count
 * elements but `classes`.
 */
typedef struct LimberSamples {
    /** sizeof(LimberSamples) */
    size_t struct_size;
    /** number of curves */
    size_t curve_count;
    /** index of the bone, below bone_count */
    const uint32_t *bone;
    /** LIMBER_PROPERTY_*; LIMBER_PROPERTY_NONE and _CUSTOM are skipped */
    const uint8_t *property;
    /** x y z = 0 1 2; w x y z or angle x y z = 0 1 2 3; others are skipped */
    const uint32_t *component;
    /** value at previous_frame */
    const float *previous;
    /** value at next_frame */
    const float *next;
    /**
     * value at the current frame; NULL = the channel's own value. Only
     * limber_blend_to_neighbor by the rules of Blender 4.5 reads it
     */
    const float *current;
    /**
     * bone_count: OR of LIMBER_CHANNEL_* of the bone's curves, a class without curves takes no
     * part; NULL = worked out from bone and property
     */
    const uint8_t *classes;
} LimberSamples;

/** How far a slide goes, between which frames, and what takes part. */
typedef struct LimberSlide {
    /** sizeof(LimberSlide) */
    size_t struct_size;
    /** 0 to 1; outside it extrapolates */
    float factor;
    /** the current frame, scene time */
    float frame;
    /** the frame of the values `previous`, scene time */
    float previous_frame;
    /**
     * the frame of the values `next`, scene time; not equal to previous_frame for push and relax
     */
    float next_frame;
    /** LIMBER_RULES_* */
    uint32_t rules;
    /** OR of LIMBER_CHANNEL_*: what is moved; 0 = LIMBER_CHANNEL_ALL */
    uint8_t channels;
    /** LIMBER_AXIS_*: limits location, Euler angles and scale */
    uint8_t axis;
    /** 0 */
    uint8_t reserved[2];
} LimberSlide;

/** What limber_records_copy() writes before each copy; these begin at multiples of eight bytes. */
typedef struct LimberRecordBlock {
    /** where the original lies */
    uint64_t address;
    /** index of the kind, or LIMBER_RECORD_TEXT */
    uint32_t kind;
    /** number of records in a row; of a text the bytes with the terminating 0 */
    uint32_t count;
} LimberRecordBlock;

#ifdef __cplusplus
extern "C" {
#endif /* __cplusplus */

/* ----------------------------------------------------------------------------------------------
 * Status codes, the last error's text, version and threads
 * ---------------------------------------------------------------------------------------------- */

/**
 * The version of the loaded library: major*10000 + minor*100 + patch.
 *
 * Compare it with LIMBER_VERSION_* of the header a program was built with: another major
 * (before 1.0: another minor) is another interface. Cannot fail.
 */
LIMBER_API int32_t limber_version(void);

/**
 * Text of the last error of the calling thread.
 *
 * buffer  receives UTF-8, always terminated, cut at a character if it does not fit;
 *         NULL only asks for the size
 * size    bytes that buffer holds; 0 with NULL
 * needed  receives the bytes of the whole text with its terminator; may be NULL
 *
 * The text stays until this thread's next error; a success leaves it alone.
 * LIMBER_STATUS_OK, _NULL_POINTER if buffer is NULL and size is not 0, _BAD_SIZE if needed is
 * not aligned, or _OVERLAP; a refusal by this function leaves no text of its own.
 */
LIMBER_API int32_t limber_last_error(char *buffer, size_t size, size_t *needed);

/**
 * Set how many threads large calls may use.
 *
 * threads  0 = one a core (the default), 1 = only the caller's thread, at most 1024
 *
 * Results do not depend on it. Small calls always stay on the caller's thread.
 * LIMBER_STATUS_OK or _BAD_VALUE.
 */
LIMBER_API int32_t limber_set_threads(uint32_t threads);

/** How many threads large calls use now; at least 1. Cannot fail. */
LIMBER_API int32_t limber_threads(void);

/* ----------------------------------------------------------------------------------------------
 * The C function that makes a pose the rest pose
 * ---------------------------------------------------------------------------------------------- */

/**
 * Make the current pose the new rest pose, of all bones or of the selected ones.
 *
 * Applied bones take the head, tail and roll of their pose; the length takes over the scale
 * along Y, other scale is lost. Their location, all three rotations and their scale are reset.
 * Of bones of more than one segment, the bendy-bone values of the pose are added to those at
 * rest (scales are multiplied) and then reset.
 *
 * With `selected`, the pose of a bone's ancestors that are not selected is taken out of its new
 * rest pose, and bones below a selected one are carried along: they keep their channels, only
 * their location is turned into the axes of the new rest bone.
 *
 * rig            the old rest bones; `length` is needed
 * pose_matrices  16*n, armature space, after constraints
 * pose           in/out; absent channels are left out
 * selected       n bytes, non-zero = apply; NULL = every bone
 * head           3*n, in: the old heads, out: the new ones, armature space
 * tail           3*n, the same of the tails
 * roll           n, receives the new rolls, radians; of untouched bones it is left
 * bbone          bendy-bone values at rest, in/out: the `bbone_*` arrays of a LimberPose of n
 *                bones; NULL = none
 * bbone_segments n, how many segments a bone has; NULL = one
 * change         n, receives LIMBER_REST_*
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP; on error nothing was written.
 */
LIMBER_API int32_t limber_armature_apply(
    const LimberRig *rig, const float *pose_matrices, LimberPose *pose, const uint8_t *selected,
    float *head, float *tail, float *roll, LimberPose *bbone, const int32_t *bbone_segments,
    uint8_t *change);

/* ----------------------------------------------------------------------------------------------
 * A tool's own pose bone records, read where they lie
 * ---------------------------------------------------------------------------------------------- */

/**
 * Copy the channels and names of a tool's own pose bone records into arrays.
 *
 * layout          where the fields of a record lie
 * first           the first record; each has the address of the next. NULL = no bones
 * pose            out; bone_count is the number of records in the list. The arrays that are not
 *                 NULL are filled, if the layout has `only`, for those bones alone
 * names           receives the names, each ended by a 0; NULL with capacity 0 leaves them out
 *                 or asks for the size
 * names_capacity  bytes that names holds
 * names_size      receives the bytes of the names with their terminating 0; may be NULL
 * marks           bone_count bytes, receives for each bone the OR of
 *                 LIMBER_BONE_HAS_PROPERTIES (it has an address in `properties` or
 *                 `more_properties`), LIMBER_BONE_SELECTED and LIMBER_BONE_HIDDEN; may be NULL
 *
 * Records, and the structs that have their flags, must be readable and aligned as addresses are;
 * an address that is not aligned is noticed, any other cannot be told from a good one. Nothing may
 * change, move or free them during the call.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE (also: not bone_count records, or
 * an array that the records do not have), _BAD_VALUE (an address or a rotation mode that makes no
 * sense, a name without end), _OVERLAP; on these nothing was written. _BUFFER_TOO_SMALL: nothing
 * but names_size was.
 */
LIMBER_API int32_t limber_bone_records_read(
    const LimberBoneLayout *layout, const void *first, LimberPose *pose, char *names,
    size_t names_capacity, size_t *names_size, uint8_t *marks);

/**
 * Read one flag of a tool's own pose bone records.
 *
 * layout   where the fields of a record lie; only `next` and `record_size` matter
 * first    the first record; each has the address of the next. NULL = no bones
 * n        the number of records in the list
 * owner    byte offset in a record of the address of the struct that has the flag, which must not
 *          be NULL; LIMBER_FIELD_ABSENT = the record itself
 * at       byte offset of the flag's byte in that struct, or in the record
 * bits     the flag's bits in that byte, not 0
 * out      n, receives 1 where any of the bits is set, else 0
 *
 * What limber_bone_records_read() says of records holds here, and for the structs that have the
 * flag as well.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE (also: not n records), _BAD_VALUE
 * (an address that makes no sense, or no bits), _OVERLAP; on error nothing was written.
 */
LIMBER_API int32_t limber_bone_records_flag(
    const LimberBoneLayout *layout, const void *first, size_t n, size_t owner, size_t at,
    uint8_t bits, uint8_t *out);

/**
 * Read one address of each of a tool's own pose bone records, such as that of its properties.
 *
 * layout   where the fields of a record lie; only `next` and `record_size` matter
 * first    the first record; each has the address of the next. NULL = no bones
 * n        the number of records in the list
 * at       byte offset of the address in a record
 * out      n, receives the addresses, which are not followed
 *
 * What limber_bone_records_read() says of records holds here.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE (also: not n records), _BAD_VALUE
 * (an address of a record that makes no sense), _OVERLAP; on error nothing was written.
 */
LIMBER_API int32_t limber_bone_records_addresses(
    const LimberBoneLayout *layout, const void *first, size_t n, size_t at, size_t *out);

/* ----------------------------------------------------------------------------------------------
 * Channels of single bones: rotation modes, channel matrices and back
 * ---------------------------------------------------------------------------------------------- */

/**
 * Change rotation modes and keep the orientations.
 *
 * pose        in/out; of each bone the rotation that rotation_mode names is written in the array
 *             of the new mode, and rotation_mode, where present, becomes the new mode. All other
 *             values stay. A bone that is in its new mode already is left alone
 * mode        n, LIMBER_ROTATION_*, the new modes
 * selected    n bytes, non-zero = act; NULL = every bone
 * compatible  non-zero: Euler angles come out nearest to those that were stored, as Blender does
 *             for visual transforms; 0: the smallest angles
 *
 * Quaternions are normalised first; from quaternion to axis-angle the angle is 0 to 2 pi, with
 * the few digits that single precision leaves near 0. Blender's own mode switch does otherwise in
 * two cases: from one Euler order to another it keeps the angles, and it alters some axes.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER (also for an absent array that would be written), _BAD_SIZE,
 * _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_rotation_convert(
    const LimberPose *pose, const int32_t *mode, const uint8_t *selected, uint8_t compatible);

/**
 * Compute channel matrices: location, rotation and scale of each bone as one matrix.
 *
 * pose         location, the rotation that rotation_mode names, and scale of n bones; an absent
 *              channel has its rest value. Read only
 * use_connect  n bytes, non-zero = the bone ignores its location; NULL = none
 * basis        out, 16*n (Blender's `PoseBone.matrix_basis`)
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_basis_matrices(
    const LimberPose *pose, const uint8_t *use_connect, float *basis);

/**
 * Take channel matrices apart into location, rotation and scale.
 *
 * basis       16*n, channel matrices
 * pose        in/out; location, scale, and the rotation that rotation_mode names are written
 *             where present, nothing else
 * selected    n bytes, non-zero = act; NULL = every bone
 * compatible  non-zero: Euler angles come out nearest to those that were stored, as Blender does
 *             for visual transforms; 0: the smallest angles
 *
 * Shear is lost. A quaternion comes out with w >= 0, an axis-angle with an angle of 0 to pi. A
 * mirrored matrix comes out with three negative scales.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_decompose(
    const float *basis, const LimberPose *pose, const uint8_t *selected, uint8_t compatible);

/* ----------------------------------------------------------------------------------------------
 * Clear location, rotation and scale
 * ---------------------------------------------------------------------------------------------- */

/**
 * Clear the location of the selected bones: unlocked components become 0.
 *
 * pose      in/out; uses `location`, which may be absent; other arrays stay as they are
 * locks     NULL = nothing locked; uses `lock_location`
 * selected  bone_count bytes, non-zero = act; NULL = every bone
 * mirror    bone_count, for every bone the index of the bone on the other side or -1; that bone
 *           is cleared too, under its own locks, selected or not; NULL = no mirroring
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_loc_clear(
    LimberPose *pose, const LimberLocks *locks, const uint8_t *selected, const int32_t *mirror);

/**
 * Clear the rotation of the selected bones.
 *
 * Only the representation that `rotation_mode` names is cleared. Without locks it becomes
 * (1,0,0,0), (0, 0,1,0) or (0,0,0). Of a bone with a lock, Euler angles that are not locked
 * become 0; quaternion and axis-angle keep their locked components if `lock_rotations_4d` is
 * set (the quaternion is not normalised, the axis gets y = 1 where all three components are
 * equal), and else go by way of XYZ Euler angles, keeping a quaternion's length and sign.
 * `bbone_roll*` and `bbone_curve*` become 0 whatever is locked.
 *
 * pose      in/out; uses `rotation_*`, `bbone_rollin`, `bbone_rollout` and the four
 *           `bbone_curve*`; absent ones are left out
 * locks     NULL = nothing locked; uses `lock_rotation`, `lock_rotation_w`, `lock_rotations_4d`
 * selected  as in limber_loc_clear()
 * mirror    as in limber_loc_clear()
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_rot_clear(
    LimberPose *pose, const LimberLocks *locks, const uint8_t *selected, const int32_t *mirror);

/**
 * Clear the scale of the selected bones: unlocked components become 1.
 *
 * `bbone_ease*` become 0 and `bbone_scale*` (1,1,1) whatever is locked.
 *
 * pose      in/out; uses `scale`, `bbone_easein`, `bbone_easeout`, `bbone_scalein` and
 *           `bbone_scaleout`; absent ones are left out
 * locks     NULL = nothing locked; uses `lock_scale`
 * selected  as in limber_loc_clear()
 * mirror    as in limber_loc_clear()
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_scale_clear(
    LimberPose *pose, const LimberLocks *locks, const uint8_t *selected, const int32_t *mirror);

/**
 * Clear location, rotation and scale of the selected bones.
 *
 * The same as limber_loc_clear(), limber_rot_clear() and limber_scale_clear() one after the
 * other, with their arguments.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_transforms_clear(
    LimberPose *pose, const LimberLocks *locks, const uint8_t *selected, const int32_t *mirror);

/* ----------------------------------------------------------------------------------------------
 * Copy, paste and mirror poses
 * ---------------------------------------------------------------------------------------------- */

/**
 * Copy the channels and names of the selected bones to a clipboard, which is plain data of the
 * caller: a pose and a table of names, ready for limber_pose_paste().
 *
 * pose            in; only read
 * names           bone_count names, UTF-8, each ended by a NUL, one after the other
 * names_size      bytes of all names with their NULs
 * selected        bone_count bytes, non-zero = copy; NULL = every bone
 * clipboard       out; arrays with room for bone_count elements each; those that are NULL here
 *                 or in pose are left out. Its own bone_count says how many bones fit. NULL
 *                 only asks for the sizes
 * bones_needed    receives how many bones are copied; may be NULL
 * out             receives their names in the same form; NULL only asks for the size
 * out_capacity    bytes that out holds; 0 with NULL
 * out_size        receives the bytes of the copied names with their NULs; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _OVERLAP, or
 * _BUFFER_TOO_SMALL (nothing but the two sizes was written).
 */
LIMBER_API int32_t limber_pose_copy(
    const LimberPose *pose, const char *names, size_t names_size, const uint8_t *selected,
    LimberPose *clipboard, size_t *bones_needed, char *out, size_t out_capacity, size_t *out_size);

/**
 * Paste a copied pose on a rig, bone by bone of the same name, as Blender does.
 *
 * Location, scale, bendy-bone values and rotation are written, as far as both poses have the
 * arrays; rotation modes of the target stay. The rotation is converted as Blender converts it,
 * which is not always right: from axis-angle to quaternion the target's own stored angle is
 * taken, between two Euler orders the source's stored quaternion, and a quaternion is not made
 * one of unit length. With LIMBER_PASTE_EXACT the orientation never changes.
 *
 * With LIMBER_PASTE_FLIPPED a bone goes to the one of the other side's name (limber_flip_side;
 * a name without a side to itself), mirrored as limber_pose_mirror() does.
 *
 * source               in; only read
 * source_names         a name for each bone of the source, each ended by a NUL
 * source_names_size    bytes of them
 * target               in/out
 * target_names         the same of the target
 * target_names_size    bytes of them
 * selected             a byte for each bone of the target, non-zero = paste on it; NULL = all
 * flags                OR of LIMBER_PASTE_*
 * came_from            a value for each bone of the target: receives the bone of the source that
 *                      was pasted on it, -1 = none; may be NULL
 * pasted               receives how many bones of the source were pasted; may be NULL
 * skipped              receives how many were not because of `selected`; may be NULL
 *
 * Names are compared byte by byte. Of two source bones for one target the later one stays; of
 * several target bones of one name the one at the source bone's own place is meant, else the
 * first.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error nothing was written.
 */
LIMBER_API int32_t limber_pose_paste(
    const LimberPose *source, const char *source_names, size_t source_names_size,
    LimberPose *target, const char *target_names, size_t target_names_size, const uint8_t *selected,
    uint32_t flags, int32_t *came_from, size_t *pasted, size_t *skipped);

/**
 * Mirror the channels of the selected bones at the plane X = 0, each bone in place.
 *
 * The X of the location, the bendy-bone rolls and the X of the bendy-bone curves change their
 * sign, Y and Z of Euler angles too; quaternion and axis-angle go by way of XYZ Euler angles,
 * which also makes a quaternion one of unit length. On a rig that is symmetric at rest this is
 * the pose for the bone of the other side.
 *
 * pose      in/out; absent arrays are left out
 * selected  bone_count bytes, non-zero = act; NULL = every bone
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_pose_mirror(LimberPose *pose, const uint8_t *selected);

/* ----------------------------------------------------------------------------------------------
 * Constraint tables across the C boundary
 * ---------------------------------------------------------------------------------------------- */

/**
 * Which constraints go when the selected bones lose theirs.
 *
 * table   the stacks
 * only    Blender's number of the type that goes (IK is 3), negative = every type
 * remove  receives r bytes: 1 = remove this row; rows of a library stay
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE (owner) or _OVERLAP.
 */
LIMBER_API int32_t limber_constraints_clear(
    const LimberConstraints *table, int32_t only, uint8_t *remove);

/**
 * What has to be done to give the selected bones the constraints of one bone.
 *
 * table              the stacks
 * source             the bone whose stack is copied; it keeps its own
 * remove             receives r bytes: 1 = remove this row before; rows of a library stay
 * copy               receives r bytes: 1 = a row of the source, to be copied in this order
 * destination        receives n bytes: 1 = this bone gets the copies
 * found              receives 0 if the source has no constraint, and then nothing is to be
 *                    done, else 1; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE (owner, source) or
 * _OVERLAP.
 */
LIMBER_API int32_t limber_constraints_copy(
    const LimberConstraints *table, int32_t source, uint8_t *remove, uint8_t *copy,
    uint8_t *destination, uint8_t *found);

/**
 * Find the target of a new constraint among selected bones and objects, as Blender does.
 *
 * kind          Blender's number of the constraint's type
 * active        the bone that gets the constraint
 * selected      bone_count bytes: non-zero = a selected bone of the same rig; NULL = every one
 * object_kind   object_count values LIMBER_OBJECT_*: the other selected objects, in order
 * object_bone   object_count bone indices: the selected bone that a posed armature proposes
 *               (its active one, else its first), -1 = none; NULL = no armature proposes one
 * target        receives LIMBER_TARGET_*
 * index         receives the bone's or object's index, -1 where there is none
 *
 * Selected bones come before objects; a posed armature without a selected bone ends the search.
 * Types that take no target, and those that would take only a curve or a mesh, behave so.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE (active, object_kind) or _OVERLAP.
 */
LIMBER_API int32_t limber_constraint_target(
    int32_t kind, int32_t active, const uint8_t *selected, size_t bone_count,
    const uint8_t *object_kind, const int32_t *object_bone, size_t object_count, uint32_t *target,
    int32_t *index);

/* ----------------------------------------------------------------------------------------------
 * Poses with their constraints, many frames at once
 * ---------------------------------------------------------------------------------------------- */

/**
 * Compute the final pose matrices of many frames: hierarchy, then each bone's constraints.
 *
 * rig            n bones; `length` is needed for tails and for targets between head and tail
 * pose           the channels of the n bones, frame after frame: frame_count times as many
 *                elements as for one pose, but rotation_mode is one for all frames. Read only
 * constraints    c constraints; NULL = none
 * frame_count    number of frames; 0 = only state is written
 * flags          OR of LIMBER_EVALUATE_*: arrays of the constraints that have values for each
 *                frame, frame after frame; the others are the same in all frames
 * pose_matrices  out, 16*n*frame_count, armature space (Blender's `PoseBone.matrix`)
 * head           out, 3*n*frame_count, armature space; NULL = not wanted
 * tail           out, 3*n*frame_count, armature space; NULL = not wanted
 * state          out, n, LIMBER_STATE_*: whether the bone was evaluated, or why not
 *
 * Bones are evaluated after those that their constraints look at, whatever their order. A bone
 * that cannot be evaluated as Blender does it, and what depends on it, is left alone in all
 * outputs but state. Drivers and keys are the caller's: influence, matrices and weights are
 * taken as given, channels may come from limber_fcurve_evaluate().
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP. Runs in parallel over frames; a frame does not depend on the others.
 */
LIMBER_API int32_t limber_evaluate_poses(
    const LimberRig *rig, const LimberPose *pose, const LimberPoseConstraints *constraints,
    size_t frame_count, uint32_t flags, float *pose_matrices, float *head, float *tail,
    int32_t *state);

/**
 * What a state says of a bone, in English, to be read after the bone's name: "depends on a bone
 * that Limber does not evaluate". What `cause` of limber_plan_states() numbers can stand behind.
 *
 * state   LIMBER_STATE_*
 * buffer  out, receives UTF-8, always terminated, cut to what it holds; NULL only asks for the
 *         size
 * size    bytes that buffer holds; 0 with NULL
 * needed  out, 1: the bytes of the whole text with its terminator; NULL = not wanted
 *
 * The texts stay the same while a program runs; tell states apart by their numbers.
 * LIMBER_STATUS_OK, _NULL_POINTER if buffer is NULL and size is not 0, _BAD_SIZE, _BAD_VALUE or
 * _OVERLAP. Safe from several threads.
 */
LIMBER_API int32_t limber_state_text(int32_t state, char *buffer, size_t size, size_t *needed);

/* ----------------------------------------------------------------------------------------------
 * Evaluation of F-curves
 * ---------------------------------------------------------------------------------------------- */

/**
 * Values of one F-curve at many frames, as Blender's `FCurve.evaluate` gives them.
 *
 * curve        the curve
 * frames       frame_count frames, in any order; ascending ones are fastest
 * frame_count  number of frames
 * flags        OR of LIMBER_EVALUATE_*
 * values       out, frame_count
 *
 * A curve without keys and samples is 0 before its modifiers. A frame that is no number gives a
 * value that is none. Between negative frames that are not whole, a sampled curve takes the
 * sample below and the one above, where Blender reads one sample too far.
 * Constant, linear, Bezier and most easing interpolations equal Blender's bit by bit; sine,
 * exponential and elastic easing and modifiers to about 1e-6 of the value.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE for an enum or flag,
 * _UNSORTED, _OVERLAP, or _UNSUPPORTED for a modifier that this library does not have (the host
 * can then evaluate the curve itself). Safe from several threads.
 */
LIMBER_API int32_t limber_fcurve_evaluate(
    const LimberFCurve *curve, const float *frames, size_t frame_count, uint32_t flags,
    float *values);

/**
 * Values of many F-curves at the same frames; see limber_fcurve_evaluate.
 *
 * curves       n curves
 * frames       frame_count frames, in any order; ascending ones are fastest
 * frame_count  number of frames
 * flags        OR of LIMBER_EVALUATE_*
 * values       out, n * frame_count: curve i at frame j is values[i * frame_count + j]
 *
 * LIMBER_STATUS_OK or the errors of limber_fcurve_evaluate; a message about keys names the
 * curve. Large calls use several threads. Safe from several threads.
 */
LIMBER_API int32_t limber_fcurves_evaluate(
    const LimberFCurves *curves, const float *frames, size_t frame_count, uint32_t flags,
    float *values);

/* ----------------------------------------------------------------------------------------------
 * Edit the keys of curves: handles, insertion, update
 * ---------------------------------------------------------------------------------------------- */

/**
 * Recompute the automatic, vector and aligned handles of curves, as Blender does after an edit.
 *
 * table  in/out; handles are written, everything else is read. Keys sorted by frame; a curve of
 *        fewer than two keys is left alone
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP or _BAD_STRUCT_SIZE; on error
 * the table is untouched. Runs in parallel over the curves.
 */
LIMBER_API int32_t limber_fcurve_recalc_handles(const LimberKeyTable *table);

/**
 * Bring curves in order after their keys were moved: sort the keys by frame (stable), put
 * handles on their own side, merge keys within 0.01 frame (the later one stays; it moves to the
 * earlier one's frame unless its own is whole), recompute handles.
 *
 * table  in/out; key_count must not be NULL: curves may lose keys. The elements of a room behind
 *        its keys keep their values
 *
 * Statuses as limber_fcurve_recalc_handles(). Runs in parallel over the curves.
 */
LIMBER_API int32_t limber_fcurve_update(const LimberKeyTable *table);

/**
 * Give each curve one value at one frame: change the key within 0.01 frame of it, or insert one.
 *
 * A changed key moves with its handles and keeps its types. A new key gets the given types; in a
 * curve that then has more than two keys it takes the interpolation of the key before it (of the
 * next one at the start). Between Bezier keys that are not all automatic the curve keeps its
 * shape. Then the handles of the whole curve are recomputed. The key becomes selected.
 *
 * table              in/out, m curves; key_count must not be NULL, and every curve that gets a
 *                    new key needs room for it
 * frame, value       m each; a frame that is not a number is put behind the last key
 * new_interpolation  0..12, Blender's number, for new keys; Blender's default is 2 (BEZIER)
 * new_handle_type    0..4, Blender's number, for new keys; Blender's default is 4 (AUTO_CLAMPED)
 * key_type           0..5, Blender's number, for new keys
 * insert_flags       OR of LIMBER_INSERT_*
 * index              m; receives the key's index within its curve, -1 if the flags left it as it
 *                    is; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP, _BAD_STRUCT_SIZE, or
 * _BUFFER_TOO_SMALL if a room is too small; on error nothing was written. Runs in parallel over
 * the curves.
 */
LIMBER_API int32_t limber_fcurve_insert(
    const LimberKeyTable *table, const float *frame, const float *value, uint32_t new_interpolation,
    uint32_t new_handle_type, uint32_t key_type, uint32_t insert_flags, int32_t *index);

/* ----------------------------------------------------------------------------------------------
 * Separate arrays of key fields to packed keys and back
 * ---------------------------------------------------------------------------------------------- */

/**
 * Put separate arrays together to packed keys.
 *
 * arrays  n elements each (2*n floats where the struct says so); co must be there, another NULL
 *         array gives every key the default that LimberKeyLayout states for an absent field
 * count   n; any number of curves one after another may be done at once
 * keys    out, n keys; need not be initialised
 *
 * The order of frames is not looked at.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _OVERLAP, or _BAD_VALUE for an
 * enum outside its range. Safe from several threads.
 */
LIMBER_API int32_t limber_keys_gather(const LimberKeyArrays *arrays, size_t count, LimberKey *keys);

/**
 * Take packed keys apart into separate arrays.
 *
 * keys    n keys
 * count   n
 * arrays  out, n elements each (2*n floats where the struct says so); NULL arrays are left out.
 *         Selection is written as 0 or 1
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE or _OVERLAP.
 * Safe from several threads.
 */
LIMBER_API int32_t limber_keys_scatter(
    const LimberKey *keys, size_t count, const LimberKeyArrays *arrays);

/* ----------------------------------------------------------------------------------------------
 * C functions for motion paths
 * ---------------------------------------------------------------------------------------------- */

/**
 * Write motion paths: points of armature space, brought to the world and, if wanted, before a
 * camera.
 *
 * paths      k paths over f frames of n points
 * points     3*n*f, armature space, frame after frame, such as `head` of limber_evaluate_poses()
 * out        3*out_count, one path after the other
 * out_count  at least the sum of the lengths of all paths; points beyond it are left alone
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP. Runs on
 * the calling thread.
 */
LIMBER_API int32_t limber_path_points(
    const LimberPaths *paths, const float *points, float *out, size_t out_count);

/**
 * Find the frames of motion paths on which the keys of some curves lie, nearer than 0.01.
 *
 * path_count    k
 * first_frame   k, the scene's frame of each path's first point
 * length        k, number of its points; 0 or more
 * curve_starts  k+1, ascending, at most curve_count: path i looks at the curves
 *               curves[curve_starts[i]] up to, not including, curves[curve_starts[i+1]]
 * curves        curve_count numbers of curves, 0 to c-1
 * curve_count   number of elements of curves
 * key_starts    c+1, ascending, at most key_count: keys of each curve
 * c             number of curves
 * keys          2*key_count, frame and value of each key
 * key_count     number of keys
 * out           out_count, one path after the other: LIMBER_PATH_KEY or 0
 * out_count     at least the sum of the lengths; elements beyond it are left alone
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE or _OVERLAP. Runs on the calling thread.
 */
LIMBER_API int32_t limber_path_keys(
    size_t path_count, const int32_t *first_frame, const int32_t *length,
    const size_t *curve_starts, const uint32_t *curves, size_t curve_count,
    const size_t *key_starts, size_t c, const float *keys, size_t key_count, int32_t *out,
    size_t out_count);

/**
 * The same as limber_path_keys() of curves as the other functions take them, with their keys
 * where they lie.
 *
 * path_count    k
 * first_frame   k, the scene's frame of each path's first point
 * length        k, number of its points; 0 or more
 * curve_starts  k+1, ascending, at most curve_count: path i looks at the curves
 *               curves[curve_starts[i]] up to, not including, curves[curve_starts[i+1]]
 * curves        curve_count numbers of curves, 0 to its curve_count-1
 * curve_count   number of elements of curves
 * fcurves       the curves; nothing but the points of their keys is looked at
 * out           out_count, one path after the other: LIMBER_PATH_KEY or 0
 * out_count     at least the sum of the lengths; elements beyond it are left alone
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP. Runs on
 * the calling thread.
 */
LIMBER_API int32_t limber_path_curve_keys(
    size_t path_count, const int32_t *first_frame, const int32_t *length,
    const size_t *curve_starts, const uint32_t *curves, size_t curve_count,
    const LimberFCurves *fcurves, int32_t *out, size_t out_count);

/* ----------------------------------------------------------------------------------------------
 * Bone names across the C boundary: packed tables of NUL-terminated UTF-8
 * ---------------------------------------------------------------------------------------------- */

/**
 * Names of the other side: `hand.L` to `hand.R`, `LeftArm` to `RightArm`.
 *
 * names          count names, UTF-8, each ended by a NUL, one after the other
 * names_size     bytes of all names with their NULs
 * strip_numbers  non-zero: drop a number such as .001 at the end
 * out            receives count names in the same form; NULL only asks for the size
 * out_capacity   bytes that out holds; 0 with NULL
 * out_size       receives the bytes of all results with their NULs; may be NULL
 *
 * One letter l r L R with a separator (. space - _) before it at the end, or after it at the
 * beginning; else "left" or "right", in any case, at the beginning or end of a name of more
 * than five bytes. A name without a side stays. Names are not cut at 63 bytes and not made
 * unique; limber_flip_names does both.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (the text does not hold count names), _OVERLAP,
 * or _BUFFER_TOO_SMALL (out is untouched, out_size written).
 */
LIMBER_API int32_t limber_flip_side(
    const char *names, size_t names_size, size_t count, uint8_t strip_numbers, char *out,
    size_t out_capacity, size_t *out_size);

/**
 * For every bone the bone whose name is that of the other side.
 *
 * names       count names, UTF-8, each ended by a NUL, one after the other
 * names_size  bytes of all names with their NULs
 * mirror      receives count indices; -1 where the name has no side or no bone has the other
 *             side's name. Numbers such as .001 are kept: foot.L.001 mirrors foot.R.001
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (the text does not hold count names) or _OVERLAP.
 */
LIMBER_API int32_t limber_mirror_bones(
    const char *names, size_t names_size, size_t count, int32_t *mirror);

/**
 * Rename bones of one armature to the other side's names and keep all names unique.
 *
 * names                count distinct names, UTF-8, each ended by a NUL, in bone order
 * names_size           bytes of all names with their NULs
 * selected             count bytes, non-zero = rename; NULL = every bone
 * strip_numbers        non-zero: drop a number such as .001 at the end
 * step_bone            receives the bone of each rename; NULL only asks for the sizes
 * step_capacity        elements that step_bone holds; 2*count is always enough
 * step_count           receives the number of renames; may be NULL
 * step_names           receives the new name of each rename, ended by a NUL; NULL as step_bone
 * step_names_capacity  bytes that step_names holds; 128*count is always enough
 * step_names_size      receives the bytes of all new names with their NULs; may be NULL
 *
 * The result is a list of renames to be done in order, each to a name that is free at that
 * moment: a bone can occur twice. Two sides that are both selected change their names; a bone
 * whose other side stays where it is gets a number, as in Blender: arm.L becomes arm.R.002.
 * Names are cut at 63 bytes, never inside a character.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (the text does not hold count names), _OVERLAP,
 * or _BUFFER_TOO_SMALL (only the sizes were written).
 */
LIMBER_API int32_t limber_flip_names(
    const char *names, size_t names_size, size_t count, const uint8_t *selected,
    uint8_t strip_numbers, int32_t *step_bone, size_t step_capacity, size_t *step_count,
    char *step_names, size_t step_names_capacity, size_t *step_names_size);

/**
 * Rename bones of one armature by the side they lie on, and keep all names unique.
 *
 * names        count distinct names, UTF-8, each ended by a NUL, in bone order
 * names_size   bytes of all names with their NULs
 * selected     count bytes, non-zero = rename; NULL = every bone
 * axis         0: .L (positive) .R (negative); 1: .Bk .Fr; 2: .Top .Bot
 * head         count floats, the component along the axis of each bone's head
 * tail         count floats, likewise; tells the side where the head is at zero
 * step_bone and the rest: as for limber_flip_names; count renames, 64*count bytes are enough
 *
 * Blender's Auto-Name takes head and tail relative to the parent bone; in armature space they
 * tell the real side. Tags that the name ends with are taken off first. A bone in the middle,
 * or at a place that is not a number, keeps its name.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE (axis), _OVERLAP, or
 * _BUFFER_TOO_SMALL (only the sizes were written).
 */
LIMBER_API int32_t limber_autoside_names(
    const char *names, size_t names_size, size_t count, const uint8_t *selected, uint32_t axis,
    const float *head, const float *tail, int32_t *step_bone, size_t step_capacity,
    size_t *step_count, char *step_names, size_t step_names_capacity, size_t *step_names_size);

/**
 * Give bones of one armature new names one after the other, keeping all names unique.
 *
 * names        count distinct names, UTF-8, each ended by a NUL, in bone order
 * names_size   bytes of all names with their NULs
 * wish_bone    wish_count bone indices, any order, repeats allowed
 * wishes       wish_count wanted names, each ended by a NUL
 * wishes_size  bytes of all wishes with their NULs
 * step_bone and the rest: as for limber_flip_names; wish_count renames, 64*wish_count bytes are
 * enough
 *
 * A taken name gets a number one above its own: a.009 becomes a.010, a.1 becomes a.002. Longer
 * names are cut at 63 bytes, never inside a character; an empty one becomes Bone. A wish for
 * the present name is no rename.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE (wish_bone), _OVERLAP, or
 * _BUFFER_TOO_SMALL (only the sizes were written).
 */
LIMBER_API int32_t limber_rename_bones(
    const char *names, size_t names_size, size_t count, const int32_t *wish_bone,
    const char *wishes, size_t wishes_size, size_t wish_count, int32_t *step_bone,
    size_t step_capacity, size_t *step_count, char *step_names, size_t step_names_capacity,
    size_t *step_names_size);

/* ----------------------------------------------------------------------------------------------
 * Plans: a whole rig with its curves and drivers, prepared once, evaluated at any frames
 * ---------------------------------------------------------------------------------------------- */

/**
 * Make a plan of a rig: find out what depends on what, what moves and what cannot be evaluated.
 *
 * input  the rig; everything is copied, no pointer is kept
 * plan   out, the plan; free it with limber_plan_free()
 *
 * Only what the chosen bones and wanted numbers depend on is kept and costs time later. Curves
 * and drivers that always give the same are evaluated here, once; constraints that are always
 * muted or without influence are left out.
 *
 * A plan never changes: limber_plan_evaluate() and the other functions that read it may be called
 * for one plan from several threads at the same time.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT,
 * _UNSORTED, _OVERLAP, or _UNSUPPORTED for a modifier of a curve that this library does not have.
 */
LIMBER_API int32_t limber_plan_make(const LimberPlanInput *input, LimberPlan **plan);

/**
 * Release a plan.
 *
 * plan  a plan that no other thread is using; NULL does nothing. The pointer is worthless
 *       afterwards
 *
 * LIMBER_STATUS_OK, or _BAD_SIZE or _BAD_VALUE if it is seen to be no plan.
 */
LIMBER_API int32_t limber_plan_free(LimberPlan *plan);

/**
 * What a plan found out: which bones and numbers it evaluates, and why not the others.
 *
 * plan          the plan
 * state         out, one a chosen bone (without chosen: n), LIMBER_STATE_*; NULL = not wanted
 * cause         out, as many: with LIMBER_STATE_UNSUPPORTED the constraint, with _DEPENDS the
 *               bone that cannot be evaluated, with _DRIVER the driver that is to blame, as
 *               numbers of the input; else -1; NULL = not wanted
 * wanted_state  out, one a wanted number, LIMBER_STATE_*; NULL = not wanted
 * bone_count    out, 1: how many bones are evaluated on the way to the results; NULL = not wanted
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE or _OVERLAP. Safe from several threads.
 */
LIMBER_API int32_t limber_plan_states(
    const LimberPlan *plan, int32_t *state, int32_t *cause, int32_t *wanted_state,
    size_t *bone_count);

/**
 * Evaluate frames of a plan, in parallel where it pays.
 *
 * plan           the plan, with k chosen bones (without chosen: n) and w wanted numbers
 * frames         f frames
 * pose_matrices  out, 16*k*f, frame after frame, armature space (Blender's `PoseBone.matrix`);
 *                NULL = not wanted, as with the others
 * head           out, 3*k*f, armature space
 * tail           out, 3*k*f, armature space; the rig's length is needed
 * values         out, w*f
 *
 * In each frame: curves, then drivers, then each bone after those that it depends on. What
 * belongs to a bone or number that cannot be evaluated (limber_plan_states()) is left alone.
 * A frame does not depend on the others. At a frame that is no number results mean nothing.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP. Safe from
 * several threads, also for the same plan.
 */
LIMBER_API int32_t limber_plan_evaluate(
    const LimberPlan *plan, const LimberPlanFrames *frames, float *pose_matrices, float *head,
    float *tail, float *values);

/* ----------------------------------------------------------------------------------------------
 * Which curves of an action a plan needs
 * ---------------------------------------------------------------------------------------------- */

/**
 * Choose, among curves that limber_curve_index() or limber_curve_records_index() has placed, those
 * that move channels of the bones that a plan needs.
 *
 * bone, property  curve_count, as limber_curve_index() gives them
 * component       curve_count: which component of the property
 * curve_count     m, number of curves
 * needed          bone_count bytes: the bones that matter; NULL = all of them
 * bone_count      number of bones; curves of others count as those of no bone
 * place           out, up to m: the chosen curves, ascending
 * slot, element   out, up to m each: what they move, `curve_slot` and `curve_element` of
 *                 LimberPlanInput
 * chosen_count    out, their number
 * other           out, up to m: curves that move neither a channel nor a bendy bone's shape: of
 *                 custom properties, constraints, the object; ascending
 * other_count     out, their number
 *
 * A component that the property does not have moves nothing.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE or _OVERLAP. Runs on the calling thread.
 */
LIMBER_API int32_t limber_plan_curves(
    const uint32_t *bone, const uint8_t *property, const uint32_t *component, size_t curve_count,
    const uint8_t *needed, size_t bone_count, uint32_t *place, int32_t *slot, int32_t *element,
    size_t *chosen_count, uint32_t *other, size_t *other_count);

/* ----------------------------------------------------------------------------------------------
 * Propagate values along many curves
 * ---------------------------------------------------------------------------------------------- */

/**
 * The frames that propagating a pose writes to: one list for all curves, ascending, each once.
 *
 * table          m curves, only read; SELECTED_KEYS needs the select_* fields, the others only
 *                `point`. Curves without keys count for nothing
 * mode           LIMBER_PROPAGATE_*
 * current_frame  where the pose is taken from, in frames of the curves
 * end_frame      last frame of BEFORE_FRAME; the other modes ignore it
 * frames         receives the frames; NULL only asks how many
 * capacity       elements of frames; the number of keys of all curves is always enough
 * needed         receives how many there are, also if frames is too small; not NULL
 *
 * The frames of selected markers, another mode of Blender, are the caller's own list.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP, _BAD_STRUCT_SIZE or
 * _BUFFER_TOO_SMALL; only the last one writes, and only `needed`.
 */
LIMBER_API int32_t limber_propagate_frames(
    const LimberKeyTable *table, uint32_t mode, float current_frame, float end_frame, float *frames,
    size_t capacity, size_t *needed);

/**
 * How many keys each curve has after limber_propagate() to these frames: the room it needs.
 *
 * table        m curves, only read; only `point` is needed
 * frames       frame_count ascending frames, each once
 * insert_flags OR of LIMBER_INSERT_REPLACE and _FAST
 * key_counts   m; receives the counts
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP or _BAD_STRUCT_SIZE.
 */
LIMBER_API int32_t limber_propagate_sizes(
    const LimberKeyTable *table, const float *frames, size_t frame_count, uint32_t insert_flags,
    size_t *key_counts);

/**
 * Give every curve its value at every one of the frames, as Blender propagates a pose: what
 * limber_fcurve_insert() of each frame in turn gives, in one go.
 *
 * table              in/out, m curves with room for the keys of limber_propagate_sizes();
 *                    key_count may be NULL only if no curve gets a key
 * values             m; the value of each curve, usually its value at the current frame
 * frames             frame_count ascending frames, each once
 * new_interpolation  0..12, Blender's number, for new keys
 * new_handle_type    0..4, Blender's number, for new keys
 * key_type           0..5, Blender's number, for new keys
 * insert_flags       OR of LIMBER_INSERT_REPLACE and _FAST
 *
 * The time is linear in keys + frames of a curve, but for curves with aligned handles or new
 * keys beside Bezier handles that are not automatic: there every step depends on the one before.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE, _OVERLAP, _BAD_STRUCT_SIZE, or
 * _BUFFER_TOO_SMALL if a room is too small; on error nothing was written. Runs in parallel over
 * the curves.
 */
LIMBER_API int32_t limber_propagate(
    const LimberKeyTable *table, const float *values, const float *frames, size_t frame_count,
    uint32_t new_interpolation, uint32_t new_handle_type, uint32_t key_type, uint32_t insert_flags);

/* ----------------------------------------------------------------------------------------------
 * Copies of a tool's own records with all that they lead to
 * ---------------------------------------------------------------------------------------------- */

/**
 * Copy a tool's own records, and all that they lead to, as plain bytes that need the tool's
 * memory no more: such as the properties of bones for a clipboard.
 *
 * kinds       what records there are, and what they lead to
 * root_kind   the kind of the first ones
 * roots       root_count, their addresses; NULL where there is none
 * out         receives for each run of records, and for each text, a LimberRecordBlock and the
 *             bytes behind it, then zeroes up to a multiple of eight bytes, in no certain order.
 *             What is led to twice is copied twice
 * capacity    bytes that out holds. Records that lead back to themselves have no end, so this is
 *             the limit as well, and what would be needed is not told
 * size        receives the bytes that were written
 *
 * Every address in a record must be NULL or that of what the link says, readable until the call
 * returns; records with addresses are aligned as these are. An address that is not aligned, a
 * negative count and a tag without a link are noticed, another error is not. Nothing may change,
 * move or free the records during the call.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _OVERLAP,
 * _BUFFER_TOO_SMALL (the copies do not fit); on error nothing was written.
 */
LIMBER_API int32_t limber_records_copy(
    const LimberRecordKinds *kinds, uint32_t root_kind, const size_t *roots, size_t root_count,
    uint8_t *out, size_t capacity, size_t *size);

/* ----------------------------------------------------------------------------------------------
 * A tool's own curve records placed, chosen and sampled for a slide in one pass
 * ---------------------------------------------------------------------------------------------- */

/**
 * Find, among a tool's own curve records, those that a slide moves, and sample them.
 *
 * records            n = record_count curves
 * names, names_size  bone_count bone names, as for limber_curve_records_index()
 * rules              LIMBER_RULES_*
 * mask, rotation_mode, channels  as for limber_choose_curves()
 * frames             frame_count frames, at least one
 * bone, property, channel, rest, component, state
 *                    out, n each: as limber_curve_records_index() gives them
 * classes            out, bone_count: as limber_choose_curves() gives them; so are the next eight
 * chosen             out, up to n
 * chosen_count       out
 * chosen_bone, chosen_property, chosen_component  out, up to n each
 * custom             out, up to n
 * custom_count       out
 * values             out, up to n * frame_count: chosen curve k at frame j is
 *                    values[j * *chosen_count + k]; NaN where its state is not 0: the caller
 *                    has to evaluate this curve
 *
 * The same as limber_curve_records_index(), limber_choose_curves() and, with
 * LIMBER_EVALUATE_UNCHECKED, limber_curve_records_evaluate() one after the other, in less than
 * half of their time. Large calls use several threads.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, or _OVERLAP, also
 * where a record, its keys or its path lies in an output.
 */
LIMBER_API int32_t limber_curve_records_sample(
    const LimberCurveRecords *records, const char *names, size_t names_size, size_t bone_count,
    uint32_t rules, const uint8_t *mask, const int32_t *rotation_mode, uint8_t channels,
    const float *frames, size_t frame_count, uint32_t *bone, uint8_t *property, uint8_t *channel,
    uint32_t *rest, uint32_t *component, uint8_t *state, uint8_t *classes, uint32_t *chosen,
    size_t *chosen_count, uint32_t *chosen_bone, uint8_t *chosen_property,
    uint32_t *chosen_component, uint32_t *custom, size_t *custom_count, float *values);

/* ----------------------------------------------------------------------------------------------
 * The functions that read a tool's own curve records
 * ---------------------------------------------------------------------------------------------- */

/**
 * Find out which bone and which property each of a tool's own curve records animates.
 *
 * records            n = record_count curves
 * names, names_size  bone_count bone names, UTF-8, not escaped, each with a terminating 0
 * rules              LIMBER_RULES_*, as for limber_curve_index()
 * bone               out, n: index of the bone, UINT32_MAX = no bone of the table
 * property           out, n: LIMBER_PROPERTY_*; may be NULL
 * channel            out, n: one LIMBER_CHANNEL_*, or 0 = takes no part in slides; may be NULL
 * rest               out, n: bytes of the path up to the end of the bone's `]`; may be NULL
 * component          out, n: index in the property's array; may be NULL
 * state              out, n: 0 = the keys of the record are all there is to its curve, else an OR
 *                    of LIMBER_RECORD_*: the caller has to evaluate it; may be NULL
 *
 * The same as limber_curve_index() of the records' paths, which are not copied. A record that is
 * damaged or without an end of its path has no bone. Large calls use several threads.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, or _OVERLAP, also
 * where a record, its keys or its path lies in an output.
 */
LIMBER_API int32_t limber_curve_records_index(
    const LimberCurveRecords *records, const char *names, size_t names_size, size_t bone_count,
    uint32_t rules, uint32_t *bone, uint8_t *property, uint8_t *channel, uint32_t *rest,
    uint32_t *component, uint8_t *state);

/**
 * Where the keys of a tool's own curve records lie: the arrays of LimberFCurves.
 *
 * records        the curves
 * which          count, places in the records; NULL = all of them, in order
 * count          number of curves
 * key_pointers   out, count: address of each curve's keys; NULL without keys
 * key_counts     out, count: number of each curve's keys
 * extrapolation  out, count: LIMBER_EXTRAPOLATION_*; may be NULL
 * smoothing      out, count: LIMBER_SMOOTHING_*; may be NULL
 * flags          out, count: OR of LIMBER_FCURVE_*; may be NULL
 * state          out, count: 0 = the keys are all there is to the curve, else an OR of
 *                LIMBER_RECORD_*, and then no keys are given
 *
 * The addresses are good for as long as the records stay as they are.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, or _OVERLAP, also
 * where a record or its keys lie in an output.
 */
LIMBER_API int32_t limber_curve_records_keys(
    const LimberCurveRecords *records, const uint32_t *which, size_t count,
    const void **key_pointers, int32_t *key_counts, uint8_t *extrapolation, uint8_t *smoothing,
    uint8_t *flags, uint8_t *state);

/**
 * Values of a tool's own curve records at frames, without copying a key.
 *
 * records      the curves
 * which        count, places in the records; NULL = all of them, in order
 * count        number of curves
 * frames       frame_count frames, in any order; ascending ones are fastest
 * frame_count  number of frames
 * flags        OR of LIMBER_EVALUATE_*
 * values       out, count * frame_count: curve i at frame j is values[i * frame_count + j], or
 *              values[j * count + i] with LIMBER_EVALUATE_BY_FRAME; NaN where the state is not 0
 * state        out, count: 0 = evaluated, else an OR of LIMBER_RECORD_*: the caller has to
 *              evaluate this curve
 *
 * The values are those of limber_fcurve_evaluate(). Without LIMBER_EVALUATE_UNCHECKED all keys
 * are looked at, and a curve with keys out of order or unknown enums is damaged. Large calls use
 * several threads.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, or _OVERLAP, also
 * where a record or its keys lie in an output.
 */
LIMBER_API int32_t limber_curve_records_evaluate(
    const LimberCurveRecords *records, const uint32_t *which, size_t count, const float *frames,
    size_t frame_count, uint32_t flags, float *values, uint8_t *state);

/**
 * Copy the keys of a tool's own curve records into the arrays of a LimberKeyTable.
 *
 * records  the curves
 * which    table->curve_count, places in the records; NULL = all of them, in order
 * table    out: keys of curve c go to the elements from first_key[c] on, as far as there are
 *          arrays; key_count, which must be there, gets their number
 * state    out, table->curve_count: 0 = copied, else an OR of LIMBER_RECORD_*, and then
 *          key_count is 0
 *
 * What the arrays held before does not matter. Fields that the key records do not have get the
 * defaults of LimberKeyLayout. Large calls use several threads.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BUFFER_TOO_SMALL
 * for a curve with more keys than its room, or _OVERLAP, also where a record or its keys lie in
 * an output.
 */
LIMBER_API int32_t limber_curve_records_gather(
    const LimberCurveRecords *records, const uint32_t *which, LimberKeyTable *table,
    uint8_t *state);

/* ----------------------------------------------------------------------------------------------
 * Change how rotations are stored
 * ---------------------------------------------------------------------------------------------- */

/**
 * Set the rotation mode of the selected bones as Blender does, converting their rotation.
 *
 * The live value is written into the new representation, the others keep what they hold; a
 * stored quaternion that is left is normalised in place. Blender keeps the orientation with two
 * exceptions: between two Euler orders the three angles stay as they are, and an axis whose
 * components are equal gets y = 1.
 *
 * pose      in/out; `rotation_mode`, `rotation_quaternion`, `rotation_euler` and
 *           `rotation_axis_angle` must be there
 * selected  bone_count bytes, non-zero = act; NULL = every bone
 * mode      LIMBER_ROTATION_*
 * exact     non-zero: without those exceptions; the orientation never changes
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_rotation_mode_set(
    LimberPose *pose, const uint8_t *selected, int32_t mode, uint8_t exact);

/**
 * Negate the quaternions of the selected bones that are in quaternion mode: the same
 * orientation by the other way round.
 *
 * pose      in/out; uses `rotation_mode` and `rotation_quaternion`
 * selected  bone_count bytes, non-zero = act; NULL = every bone
 * flipped   receives how many bones that were; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_quaternions_flip(
    LimberPose *pose, const uint8_t *selected, size_t *flipped);

/* ----------------------------------------------------------------------------------------------
 * Selection and visibility across the C boundary
 * ---------------------------------------------------------------------------------------------- */

/**
 * Tell whether any bone is selected: visible, and its select flag on.
 *
 * bones  parent, connected and unselectable are not read; nothing is changed
 * found  receives 1 or 0
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE (active) or _OVERLAP.
 */
LIMBER_API int32_t limber_any_selected(const LimberBones *bones, uint8_t *found);

/**
 * Select, deselect or invert the visible bones. Unselectable bones are never selected.
 *
 * bones   parent and connected are not read
 * action  LIMBER_SELECT_TOGGLE, _SELECT, _DESELECT or _INVERT; to toggle several rigs together
 *         ask limber_any_selected of each first
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_select_all(const LimberBones *bones, uint32_t action);

/**
 * Move the selection to parents or children.
 *
 * bones      the active bone moves along
 * direction  LIMBER_SELECT_PARENT or _CHILD
 * extend     non-zero: the bones it comes from stay selected
 * rules      LIMBER_RULES_*: 4.5 goes from the active bone to one bone, 5.2 from every selected
 *            bone to all its relatives
 * found      receives 1 if a bone was selected, else 0; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP.
 */
LIMBER_API int32_t limber_select_hierarchy(
    const LimberBones *bones, uint32_t direction, uint8_t extend, uint32_t rules, uint8_t *found);

/**
 * Select the active bone's parent, unless it is hidden.
 *
 * rules  LIMBER_RULES_*: with 4.5 the parent must be selectable and becomes active; with 5.2
 *        the active bone must be selectable and stays active
 * found  receives 1 if the parent was selected, else 0; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP.
 */
LIMBER_API int32_t limber_select_parent(const LimberBones *bones, uint32_t rules, uint8_t *found);

/**
 * Extend the selection along chains of connected bones, up and down.
 *
 * rules  LIMBER_RULES_*: with 5.2 nothing is selected below an unselectable bone
 *
 * Downwards, hidden bones are selected too.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP.
 */
LIMBER_API int32_t limber_select_linked(const LimberBones *bones, uint32_t rules);

/**
 * Select or deselect the chain of connected bones through one bone, hidden bones too.
 *
 * bone      index of the bone
 * deselect  non-zero: deselect the chain
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP.
 */
LIMBER_API int32_t limber_select_linked_from(
    const LimberBones *bones, int32_t bone, uint8_t deselect);

/**
 * Give every selectable bone the selection of its mirror bone.
 *
 * bones        parent and connected are not read; the active bone's mirror becomes active
 * mirror       n, from limber_mirror_bones: index of the mirror bone, -1 = none
 * only_active  non-zero: only the active bone and its mirror change
 * extend       non-zero: a selected bone stays selected
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_select_mirror(
    const LimberBones *bones, const int32_t *mirror, uint8_t only_active, uint8_t extend);

/**
 * Select relatives of the selected bones.
 *
 * bones     connected is not read
 * relation  LIMBER_RELATED_*
 * extend    zero: the selected bones are deselected first (their parents, for siblings)
 * rules     LIMBER_RULES_*: with 4.5 CHILDREN keeps the bones themselves selected, and bones
 *           without parent are siblings; with 5.2 PARENT selects hidden parents too
 * found     receives 1 if any bone qualified (siblings: was newly selected); may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP.
 */
LIMBER_API int32_t limber_select_related(
    const LimberBones *bones, uint32_t relation, uint8_t extend, uint32_t rules, uint8_t *found);

/**
 * Select the visible bones that share a group (collection, colour, ...) with a key.
 *
 * bones        parent and connected are not read
 * group_first  n + 1 ascending numbers from 0: bone b is in the groups
 *              group[group_first[b]] to group[group_first[b + 1] - 1]
 * group        group_count group ids, any numbers
 * key          key_count group ids
 * extend       zero: all other selected bones are deselected
 * rules        LIMBER_RULES_*: with 5.2 unselectable bones are selected too
 * found        receives 1 if any flag was changed on the way, with 5.2 also if a
 *              selectable bone shares a group, else 0; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (group_first ends at another number than
 * group_count), _BAD_STRUCT_SIZE, _BAD_VALUE (rules, a falling group_first) or _OVERLAP.
 */
LIMBER_API int32_t limber_select_group(
    const LimberBones *bones, const uint32_t *group_first, const uint32_t *group,
    size_t group_count, const uint32_t *key, size_t key_count, uint8_t extend, uint32_t rules,
    uint8_t *found);

/**
 * Select the bones that constraints of selected bones aim at, hidden ones too.
 *
 * bones   parent and connected are not read. Several rigs go in one call when their arrays
 *         stand one after the other
 * owner   count bone indices, the bone that has the constraint, in the order of the bones
 * target  count bone indices, the bone that the constraint aims at
 * found   receives 1 if a selected owner has a target that is not unselectable, else 0; may be
 *         NULL
 *
 * A target that is selected on the way counts as an owner when its turn comes, as in Blender.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_select_targets(
    const LimberBones *bones, const int32_t *owner, const int32_t *target, size_t count,
    uint8_t *found);

/**
 * Select the listed bones that are selectable, such as those that a keying set names.
 *
 * bones   parent and connected are not read
 * list    count bone indices, repeats allowed
 * extend  zero: the other selectable bones are deselected
 * found   receives 1 if a bone was selected or extend is zero, else 0; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_select_keyed(
    const LimberBones *bones, const int32_t *list, size_t count, uint8_t extend, uint8_t *found);

/**
 * Hide the selected bones and clear their select flag.
 *
 * bones       parent, connected and unselectable are not read; hidden is needed
 * unselected  non-zero: hide the bones that are not selected
 * found       receives 1 if any bone qualified, hidden ones included; may be NULL
 *
 * Only bones in visible collections change.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_hide(const LimberBones *bones, uint8_t unselected, uint8_t *found);

/**
 * Show the hidden bones of visible collections.
 *
 * bones   parent and connected are not read; hidden is needed
 * select  the select flag that shown bones get, unless they are unselectable
 * found   receives 1 if any bone was hidden, else 0; may be NULL
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_reveal(const LimberBones *bones, uint8_t select, uint8_t *found);

/* ----------------------------------------------------------------------------------------------
 * Bone selection sets across the C boundary
 * ---------------------------------------------------------------------------------------------- */

/**
 * The bones that a selection set means, as a bit mask.
 *
 * names       count bone names, UTF-8, each ended by a NUL, one after the other
 * names_size  bytes of all names with their NULs
 * set         set_count names of the set, in the same form
 * set_size    bytes of the set's names with their NULs
 * members     receives (count + 63) / 64 words: bone b is bit b % 64 of word b / 64
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (a text does not hold its names) or _OVERLAP.
 */
LIMBER_API int32_t limber_set_members(
    const char *names, size_t names_size, size_t count, const char *set, size_t set_size,
    size_t set_count, uint64_t *members);

/**
 * Which bones a selection set has to take in so that it holds all of them.
 *
 * set           set_count names of the set, UTF-8, each ended by a NUL, one after the other
 * set_size      bytes of the set's names with their NULs
 * chosen        chosen_count names, in the same form
 * chosen_size   bytes of them with their NULs
 * missing       receives chosen_count bytes: 1 = the set lacks this name; a name that is chosen
 *               twice is missing once
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (a text does not hold its names) or _OVERLAP.
 */
LIMBER_API int32_t limber_set_missing(
    const char *set, size_t set_size, size_t set_count, const char *chosen, size_t chosen_size,
    size_t chosen_count, uint8_t *missing);

/**
 * Which names of a selection set stay when bones are taken out of it.
 *
 * set, chosen   as for limber_set_missing
 * kept          receives set_count bytes: 0 = goes; each chosen name takes out the first of the
 *               set that equals it
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (a text does not hold its names) or _OVERLAP.
 */
LIMBER_API int32_t limber_set_kept(
    const char *set, size_t set_size, size_t set_count, const char *chosen, size_t chosen_size,
    size_t chosen_count, uint8_t *kept);

/**
 * A name for a new selection set that no other set has.
 *
 * sets          set_count names of sets, UTF-8, each ended by a NUL, one after the other
 * sets_size     bytes of them with their NULs
 * wanted        the wanted name, ended by a NUL
 * wanted_size   bytes of it with its NUL
 * out           receives the name, ended by a NUL; NULL only asks for the size
 * out_capacity  bytes that out holds; 0 with NULL
 * out_size      receives the bytes of the name with its NUL; may be NULL
 *
 * A taken name gets the smallest free number from 1, with at least three digits.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (a text does not hold its names), _OVERLAP, or
 * _BUFFER_TOO_SMALL (only out_size was written).
 */
LIMBER_API int32_t limber_set_unique_name(
    const char *sets, size_t sets_size, size_t set_count, const char *wanted, size_t wanted_size,
    char *out, size_t out_capacity, size_t *out_size);

/**
 * Select or deselect the visible bones of a selection set.
 *
 * bones     parent, connected and unselectable are not read: unselectable bones are selected too
 * members   (n + 63) / 64 words from limber_set_members, or several of them or-ed together
 * deselect  non-zero: deselect
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_set_select(
    const LimberBones *bones, const uint64_t *members, uint8_t deselect);

/* ----------------------------------------------------------------------------------------------
 * The pose slides of the header
 * ---------------------------------------------------------------------------------------------- */

/**
 * Find out which bone and which property each F-curve animates, from the curves' data paths.
 *
 * paths, paths_size  curve_count texts, each with a terminating 0, in paths_size bytes
 * names, names_size  bone_count bone names likewise, UTF-8, not escaped
 * rules              LIMBER_RULES_*: Blender 5.2 wants `pose.bones["NAME"]` at the start of the
 *                    path and an exact property behind it, Blender 4.5 takes the first of a few
 *                    words found anywhere behind the bone
 * bone               out, curve_count: index of the bone, UINT32_MAX = no bone of the table
 * property           out, curve_count: LIMBER_PROPERTY_*; may be NULL
 * channel            out, curve_count: one LIMBER_CHANNEL_*, or 0 = takes no part in slides;
 *                    may be NULL
 * rest               out, curve_count: bytes of the path up to the end of the bone's `]`, where
 *                    a custom property's `["…"]` begins; 0 without a bone; may be NULL
 *
 * Names in paths are escaped as Blender does it. Linear in the size of both texts.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (fewer texts than said), _BAD_VALUE, _OVERLAP.
 */
LIMBER_API int32_t limber_curve_index(
    const char *paths, size_t paths_size, size_t curve_count, const char *names, size_t names_size,
    size_t bone_count, uint32_t rules, uint32_t *bone, uint8_t *property, uint8_t *channel,
    uint32_t *rest);

/**
 * Choose the curves that a slide moves, among those that limber_curve_index() has placed.
 *
 * bone, property, channel  curve_count, as limber_curve_index() gives them
 * component                curve_count, as in LimberSamples; may be NULL
 * mask                     bone_count bytes: the bones that take part; NULL = all of them
 * rotation_mode            bone_count, LIMBER_ROTATION_*; NULL = quaternion: curves of another
 *                          representation are not chosen
 * channels                 OR of LIMBER_CHANNEL_*: curves of other classes are not chosen;
 *                          0 = LIMBER_CHANNEL_ALL
 * classes                  out, bone_count: `classes` of LimberSamples
 * chosen                   out, up to curve_count: curves that move channels, ascending
 * chosen_count             out, their number
 * chosen_bone, chosen_property, chosen_component
 *                          out, up to curve_count: the three arrays of LimberSamples, one for
 *                          each chosen curve; chosen_component is NULL where component is
 * custom                   out, up to curve_count: curves of custom properties, ascending
 * custom_count             out, their number
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_choose_curves(
    const uint32_t *bone, const uint8_t *property, const uint8_t *channel,
    const uint32_t *component, size_t curve_count, const uint8_t *mask,
    const int32_t *rotation_mode, size_t bone_count, uint8_t channels, uint8_t *classes,
    uint32_t *chosen, size_t *chosen_count, uint32_t *chosen_bone, uint8_t *chosen_property,
    uint32_t *chosen_component, uint32_t *custom, size_t *custom_count);

/**
 * Move a pose between its poses at two frames (Blender's Pose Breakdowner).
 *
 * pose     in/out; NULL arrays are left out. A rotation is moved in the representation that the
 *          bone's rotation_mode names; axis-angle ones are not moved
 * samples  the curves of the bones that take part, sampled at both frames
 * slide    how far and what
 *
 * Location, scale, Euler angles and bendy-bone values: lerp(previous, next, factor), component
 * by component. Quaternions: slerp of the normalised ends; by the rules of Blender 4.5 only with
 * all four curves, and with the length that the quaternion had.
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on error
 * pose is untouched. Linear in bones and curves, on the caller's thread.
 */
LIMBER_API int32_t limber_breakdown(
    const LimberPose *pose, const LimberSamples *samples, const LimberSlide *slide);

/**
 * Move a pose away from its breakdown pose at the current frame (Push Pose from Breakdown).
 *
 * With b = lerp(previous, next, (frame - previous_frame) / (next_frame - previous_frame)), each
 * component v becomes v - factor*(b - v); quaternions likewise by slerp.
 * Arguments and errors as limber_breakdown(); previous_frame = next_frame is _BAD_VALUE.
 */
LIMBER_API int32_t limber_push(
    const LimberPose *pose, const LimberSamples *samples, const LimberSlide *slide);

/**
 * Move a pose towards its breakdown pose at the current frame (Relax Pose to Breakdown).
 *
 * As limber_push() with the other sign: v + factor*(b - v).
 * Arguments and errors as limber_push().
 */
LIMBER_API int32_t limber_relax(
    const LimberPose *pose, const LimberSamples *samples, const LimberSlide *slide);

/**
 * Move a pose towards that at the previous frame (factor below 0.5) or the next (Blend to
 * Neighbor).
 *
 * With g = |2*factor - 1|: v + g*(s - v), where s is the value at that frame; by the rules of
 * Blender 4.5 lerp(current, s, g) from the curves' value at the current frame.
 * Arguments and errors as limber_breakdown(). Only the side that the factor names is read.
 */
LIMBER_API int32_t limber_blend_to_neighbor(
    const LimberPose *pose, const LimberSamples *samples, const LimberSlide *slide);

/**
 * Move a pose towards, or away from, the rest pose (Blend Pose with Rest Pose).
 *
 * v + factor*(rest - v) for each component of a class that the bone has curves of, whether or
 * not the component has one; rest is 0, or 1 for scale. Quaternions: slerp to (1, 0, 0, 0), by
 * the rules of Blender 4.5 component by component. Axis-angle by way of quaternions. Bendy-bone
 * values are left alone, as in Blender. Frames and values of the samples are not read.
 * Arguments and errors as limber_breakdown().
 */
LIMBER_API int32_t limber_blend_with_rest(
    const LimberPose *pose, const LimberSamples *samples, const LimberSlide *slide);

/**
 * Slide plain numbers, such as the values of custom properties.
 *
 * values          in/out, value_count; integers and booleans as floats
 * kind            value_count LIMBER_VALUE_*; NULL = all floats
 * previous, next  value_count: values of the curves at the two frames
 * current         value_count, as in LimberSamples; may be NULL
 * kind_of_slide   LIMBER_SLIDE_*; LIMBER_SLIDE_BLEND_WITH_REST leaves values as they are
 * slide           how far; channels and axis are not looked at
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP.
 */
LIMBER_API int32_t limber_slide_values(
    float *values, const uint8_t *kind, const float *previous, const float *next,
    const float *current, size_t value_count, uint32_t kind_of_slide, const LimberSlide *slide);

/* ----------------------------------------------------------------------------------------------
 * Rest matrices, pose matrices and the way back, for whole rigs
 * ---------------------------------------------------------------------------------------------- */

/**
 * Compute rest matrices and lengths of bones from head, tail and roll.
 *
 * head         3*n, armature space
 * tail         3*n, armature space
 * roll         n, radians about the bone's axis; NULL = all 0
 * bone_count   n
 * rest         out, 16*n, armature space (Blender's `Bone.matrix_local`); it has no scale
 * length       out, n; NULL = not wanted
 *
 * A bone's Y axis points from head to tail, with the X and Z axes that Blender gives a bone of
 * that roll. Bones that point nearly along -Y have few digits (errors up to 3e-5), in Blender as
 * well.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE or _OVERLAP.
 */
LIMBER_API int32_t limber_rest_matrices(
    const float *head, const float *tail, const float *roll, size_t bone_count, float *rest,
    float *length);

/**
 * Find the roll of bones from matrices: the inverse of limber_rest_matrices.
 *
 * matrices    16*n, orientations in the space of the directions, for instance pose matrices;
 *             may be scaled and sheared, the translation is not looked at
 * direction   3*n, tail minus head, of any length; NULL = the Y axes of the matrices
 * bone_count  n
 * roll        out, n, radians, -pi to pi
 *
 * A mirrored matrix (negative determinant) has no roll: some number in that range comes out.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE or _OVERLAP.
 */
LIMBER_API int32_t limber_rest_roll(
    const float *matrices, const float *direction, size_t bone_count, float *roll);

/**
 * Compute the `offset` of a LimberRig, once for a rig that poses are computed of repeatedly.
 *
 * rig     parent and rest; its offset, lengths and flags are not looked at
 * offset  out, 16*n: inverse rest matrix of the parent times rest matrix of the bone, of a root
 *         its rest matrix; a parent whose matrix has no inverse counts as zero
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_PARENT or _OVERLAP.
 */
LIMBER_API int32_t limber_rest_offsets(const LimberRig *rig, float *offset);

/**
 * Compute the pose matrices of a rig from its channels, before constraints.
 *
 * rig            n bones; with `offset` the call allocates nothing to speak of and takes about
 *                12 ns a bone in quaternion mode
 * pose           location, the rotation that rotation_mode names, and scale of the n bones; an
 *                absent channel has its rest value. Read only. Quaternions and axes need not be
 *                of unit length
 * pose_matrices  out, 16*n, armature space (Blender's `PoseBone.matrix`)
 * head           out, 3*n, armature space; NULL = not wanted
 * tail           out, 3*n, armature space; NULL = not wanted, else rig->length is needed
 *
 * A bone ignores its location if use_connect is set. As in Blender a zero quaternion is half a
 * turn about X. The Y axis of a pose matrix times the bone's length leads from head to tail.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP.
 */
LIMBER_API int32_t limber_pose_matrices(
    const LimberRig *rig, const LimberPose *pose, float *pose_matrices, float *head, float *tail);

/**
 * Compute the pose matrices of many frames, in parallel where it pays.
 *
 * rig            n bones
 * pose           the channels of the n bones in the first frame; those of the others follow.
 *                rotation_mode is one for all frames (n elements). Read only
 * frame_count    number of frames
 * frame_stride   bytes from a channel's values in one frame to those in the next, the same for
 *                all channels, a multiple of 4; 0 = each channel is packed: frame_count times
 *                3*n (or 4*n) floats
 * pose_matrices  out, 16*n floats a frame, armature space
 * matrix_stride  bytes from the matrices of one frame to those of the next, a multiple of 4 and
 *                at least 64*n; 0 = packed. Bytes between the frames are left alone, but no
 *                other argument may lie there
 *
 * Each frame is what limber_pose_matrices makes of it, to the last bit.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP.
 */
LIMBER_API int32_t limber_pose_matrices_batch(
    const LimberRig *rig, const LimberPose *pose, size_t frame_count, size_t frame_stride,
    float *pose_matrices, size_t matrix_stride);

/**
 * Go back from pose matrices to channel matrices, what Blender calls POSE to LOCAL.
 *
 * rig            n bones
 * pose_matrices  16*n floats a frame, packed, armature space
 * frame_count    number of frames
 * basis          out, 16*n floats a frame, packed: the channel matrices (Blender's
 *                `PoseBone.matrix_basis`) that give these pose matrices
 *
 * A connected bone gets the location that it would need, though it ignores it. Where there is no
 * way back, below a parent scaled to nothing, the matrix is zero.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP. Runs in parallel where it pays.
 */
LIMBER_API int32_t limber_local_matrices(
    const LimberRig *rig, const float *pose_matrices, size_t frame_count, float *basis);

/**
 * How bones have moved from rest, in armature space: pose matrix times inverse rest matrix.
 *
 * rest              16*n, armature space
 * bone_count        n
 * pose_matrices     16*n floats a frame, packed, armature space
 * frame_count       number of frames
 * channel_matrices  out, 16*n floats a frame, packed (Blender's `PoseBone.matrix_channel`);
 *                   these are the matrices that deform a skin
 *
 * A rest matrix without an inverse counts as having a zero one.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE or _OVERLAP. Runs in parallel where it pays.
 */
LIMBER_API int32_t limber_channel_matrices(
    const float *rest, size_t bone_count, const float *pose_matrices, size_t frame_count,
    float *channel_matrices);

/* ----------------------------------------------------------------------------------------------
 * Take a pose back to its keyframed state, or to rest
 * ---------------------------------------------------------------------------------------------- */

/**
 * Set every channel of the selected bones to its rest value: location, all three rotations,
 * scale and the bendy-bone values. What Clear User Transforms does to a rig without an action.
 *
 * pose      in/out; absent arrays are left out, rotation modes stay
 * selected  bone_count bytes, non-zero = act; NULL = every bone
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_transforms_reset(LimberPose *pose, const uint8_t *selected);

/**
 * Set the channels of the selected bones that have a curve to the curve's value, and leave the
 * others: what Clear User Transforms does to a rig with an action.
 *
 * Of the three rotations only the one that `rotation_mode` names is written.
 *
 * pose         in/out; absent arrays are left out, rotation modes stay
 * selected     bone_count bytes, non-zero = act; NULL = every bone
 * curve_count  m, how many curves
 * bone         m, the bone a curve animates; 4294967295 or any other that the pose does not
 *              have = passed over
 * property     m, LIMBER_PROPERTY_*; _NONE and _CUSTOM are passed over
 * component    m, of a vector property, else 0; one that does not exist is passed over
 * value        m, the curves' values at the frame
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on
 * error the pose is untouched.
 */
LIMBER_API int32_t limber_user_transforms_clear(
    LimberPose *pose, const uint8_t *selected, size_t curve_count, const uint32_t *bone,
    const uint8_t *property, const uint32_t *component, const float *value);

/* ----------------------------------------------------------------------------------------------
 * Take pose matrices over into channels
 * ---------------------------------------------------------------------------------------------- */

/**
 * Set location, rotation and scale of the selected bones so that they give these pose matrices:
 * what constraints made of the pose becomes the pose.
 *
 * Every bone is taken on its parent's pose matrix as given, so bones do not depend on each
 * other. The live rotation is written: Euler angles nearest to the present ones, a quaternion
 * with w >= 0, an angle of 0 to pi. Shear is lost; one negative scale comes back as three.
 *
 * rig            the bones; `rest` is needed
 * pose_matrices  16*n, armature space
 * pose           in/out; absent channels are not written
 * selected       n bytes, non-zero = act; NULL = every bone
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP; on error the pose is untouched.
 */
LIMBER_API int32_t limber_visual_transform_apply(
    const LimberRig *rig, const float *pose_matrices, LimberPose *pose, const uint8_t *selected);

/**
 * Take the pose matrices of many frames over into channels: the native half of a bake.
 *
 * As limber_visual_transform_apply() for every bone and frame, but Euler angles go on from frame
 * to frame without jumps (the first frame has the smallest), whatever the arrays held before.
 *
 * rig            the bones, n; `rest` is needed
 * pose_matrices  16*n*frame_count, armature space, frame after frame
 * frame_count    how many frames
 * rotation_mode  n, LIMBER_ROTATION_*; NULL = every bone LIMBER_ROTATION_QUATERNION
 * pose           bone_count is n; `location`, `rotation_*` and `scale` are out and hold
 *                frame_count times as many elements, frame after frame; absent ones are left
 *                out; `rotation_mode` and the bendy-bone arrays are not used
 * flags          OR of LIMBER_VISUAL_*
 *
 * Only the elements of a representation that its bone's mode names are written.
 *
 * LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _BAD_PARENT or
 * _OVERLAP; on error nothing was written. Runs in parallel over frames.
 */
LIMBER_API int32_t limber_visual_transforms_batch(
    const LimberRig *rig, const float *pose_matrices, size_t frame_count,
    const int32_t *rotation_mode, LimberPose *pose, uint32_t flags);

#ifdef __cplusplus
} /* extern "C" */
#endif /* __cplusplus */

#endif  /* LIMBER_H */
