//! Poses with their constraints.

use super::rig::{self, matrices};
use super::{fcurve, floats, optional};
use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, may_view, need, needed, out};
use limber::capi::constraint_numbers::*;

pub const BONES: usize = 4;
const FRAMES: usize = 3;

/// One of each of some types; the last one is not done by the library.
const TYPES: [i32; 11] = [
    LIMBER_CONSTRAINT_COPY_ROTATION,
    LIMBER_CONSTRAINT_LIMIT_ROTATION,
    LIMBER_CONSTRAINT_STRETCH_TO,
    LIMBER_CONSTRAINT_TRANSFORM,
    LIMBER_CONSTRAINT_CHILD_OF,
    LIMBER_CONSTRAINT_ARMATURE,
    LIMBER_CONSTRAINT_PIVOT,
    LIMBER_CONSTRAINT_FOLLOW_PATH,
    LIMBER_CONSTRAINT_CLAMP_TO,
    LIMBER_CONSTRAINT_SPLINE_IK,
    LIMBER_CONSTRAINT_IK,
];

pub fn rig() -> Slot {
    rig::rig(&[-1, 0, -1, 2], &[0, 5, 2, 1], [&[0, 1, 0, 0], &[1, 1, 0, 0], &[1, 0, 1, 0]])
}

pub fn pose(frames: usize) -> Slot {
    rig::channels(&[0, 1, -1, 6], frames)
}

fn ik() -> Slot {
    may_view(
        "LimberIkBones",
        vec![
            ("bone_count", count(BONES, 4)),
            ("lock", may(&[0u8, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1])),
            ("use_limit", may(&[1u8, 0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0])),
            ("min", may(&floats(3 * BONES))),
            ("max", may(&floats(3 * BONES))),
            ("stiffness", may(&floats(3 * BONES))),
            ("stretch", may(&floats(BONES))),
        ],
    )
}

/// The curves of the table, all of constraint 0.
pub fn actions() -> Slot {
    may_view(
        "LimberActions",
        vec![
            ("curves", optional(fcurve::table())),
            ("constraint", need(&[0i32; 4])),
            ("slot", need(&[0i32, 1, 3, 4])),
            ("component", need(&[2i32, 3, 0, 1])),
        ],
    )
}

/// A cyclic Bezier curve and a NURBS curve.
fn splines() -> Slot {
    let (s, p) = (2, 7);
    may_view(
        "LimberSplines",
        vec![
            ("spline_count", count(s, 4)),
            ("point_count", count(p, 4)),
            ("point_first", need(&[0i32, 3, 7])),
            ("spline_type", may(&[1i32, 4])),
            ("spline_flag", may(&[1u32, 2])),
            ("resolution", may(&[3i32, 2])),
            ("order", may(&[4i32, 3])),
            ("twist_mode", may(&[3i32, 0])),
            ("tilt_interpolation", may(&[1i32, 0])),
            ("radius_interpolation", may(&[2i32, 3])),
            ("co", need(&floats(3 * p))),
            ("handle_left", may(&floats(3 * p))),
            ("handle_right", may(&floats(3 * p))),
            ("weight", may(&floats(p))),
            ("tilt", may(&floats(p))),
            ("radius", may(&floats(p))),
            ("curve_count", count(2, 4)),
            ("curve_first", may(&[0i32, 1, 2])),
        ],
    )
}

/// Bones 2 and 3 look at 0 and 1.
pub fn constraints(frames: usize) -> Slot {
    let c = TYPES.len();
    let first: Vec<i32> = [0, 1, 1, 2, 3, 4, 7, 7, 8, 9, 10, 11].into();
    let bones: [i32; 11] = [0, 1, -1, 0, 0, 1, 0, -1, -1, -1, -1];
    let t = bones.len();
    may_view(
        "LimberPoseConstraints",
        vec![
            ("constraint_count", count(c, 4)),
            ("target_count", count(t, 4)),
            ("bone", need(&[2i32, 2, 2, 3, 3, 3, 2, 3, 3, 3, 1])),
            ("constraint_type", need(&TYPES)),
            ("owner_space", may(&[0i32, 1, 2, 3, 2, 0, 5, 0, 0, 0, 0])),
            ("target_space", may(&[0i32, 1, 2, 3, 5, 0, 6, 0, 0, 0, 0])),
            (
                "flag",
                may(&[
                    7u32,
                    15,
                    3 << 16,
                    1 << 14,
                    511,
                    1 << 20,
                    1 << 19,
                    7 << 26,
                    1 << 29,
                    3 << 16,
                    0,
                ]),
            ),
            ("option", may(&vec![1i32; 8 * c])),
            ("value", may(&floats(16 * c))),
            ("influence", may(&floats(c * frames))),
            ("space_bone", may(&[-1i32, -1, -1, -1, 1, -1, -1, -1, -1, -1, -1])),
            ("space_matrix", may(&matrices(c))),
            ("target_first", may(&first)),
            ("target_bone", may(&bones)),
            ("target_head_tail", may(&floats(t))),
            ("target_matrix", may(&matrices(t * frames))),
            ("target_weight", may(&floats(t * frames))),
            ("object_matrix", may(&matrices(frames))),
            ("mute", may(&[0u8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])),
            ("ik", ik()),
            ("actions", actions()),
            ("splines", splines()),
        ],
    )
}

pub fn cases() -> Vec<Case> {
    vec![
        case!(evaluator::limber_evaluate_poses(
            rig(),
            pose(FRAMES),
            constraints(FRAMES),
            count(FRAMES, 4),
            Slot::Choice(15),
            out(&matrices(BONES * FRAMES)),
            may_out(&floats(3 * BONES * FRAMES)),
            may_out(&floats(3 * BONES * FRAMES)),
            out(&[0i32; BONES]),
        )),
        case!(evaluator::limber_state_text(
            Slot::Choice(3),
            may_out(&[0u8; 64]),
            Slot::Room(64),
            needed(),
        )),
    ]
}
