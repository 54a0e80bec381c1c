//! Rest and pose matrices, rotation modes, channel matrices.

use super::rig::{self, matrices};
use super::{floats, pose};
use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, need, out, view};

const BONES: usize = 7;
const FRAMES: usize = 5;

fn rig() -> Slot {
    rig::rig(
        &[-1, 0, 1, 1, -1, 4, 0],
        &[0, 1, 2, 3, 4, 5, 0],
        [&[0, 1, 0, 0, 0, 1, 0], &[1, 1, 0, 0, 1, 1, 1], &[1, 0, 1, 0, 1, 1, 1]],
    )
}

/// As the others use it: without the fields that a function does not look at.
fn rig_with(names: &[&str]) -> Slot {
    let Slot::View { name, fields, required } = rig() else { unreachable!() };
    let fields = fields.into_iter().filter(|(name, _)| names.contains(name)).collect();
    Slot::View { name, fields, required }
}

fn flags() -> [&'static str; 8] {
    [
        "bone_count",
        "parent",
        "rest",
        "offset",
        "inherit_scale",
        "use_connect",
        "use_inherit_rotation",
        "use_local_location",
    ]
}

fn channels(frames: usize) -> Slot {
    rig::channels(&[-1, 0, 1, 2, 3, 4, 5], frames)
}

fn rest_cases() -> Vec<Case> {
    vec![
        case!(transform::limber_rest_matrices(
            need(&floats(3 * BONES)),
            need(&floats(3 * BONES)),
            may(&floats(BONES)),
            count(BONES, 4),
            out(&matrices(BONES)),
            may_out(&floats(BONES)),
        )),
        case!(transform::limber_rest_roll(
            need(&matrices(BONES)),
            may(&floats(3 * BONES)),
            count(BONES, 4),
            out(&floats(BONES)),
        )),
        case!(transform::limber_rest_offsets(
            rig_with(&["bone_count", "parent", "rest"]),
            out(&matrices(BONES)),
        )),
    ]
}

fn pose_cases() -> Vec<Case> {
    vec![
        case!(transform::limber_pose_matrices(
            rig(),
            channels(1),
            out(&matrices(BONES)),
            may_out(&floats(3 * BONES)),
            may_out(&floats(3 * BONES)),
        )),
        case!(transform::limber_pose_matrices_batch(
            rig_with(&flags()),
            channels(FRAMES),
            count(FRAMES, 4),
            count(0, 4),
            out(&matrices(BONES * FRAMES)),
            count(0, 4),
        )),
        case!(transform::limber_local_matrices(
            rig_with(&flags()),
            need(&matrices(BONES * FRAMES)),
            count(FRAMES, 4),
            out(&matrices(BONES * FRAMES)),
        )),
        case!(transform::limber_channel_matrices(
            need(&matrices(BONES)),
            count(BONES, 4),
            need(&matrices(BONES * FRAMES)),
            count(FRAMES, 4),
            out(&matrices(BONES * FRAMES)),
        )),
    ]
}

fn channel_cases() -> Vec<Case> {
    let modes = [0i32, 1, 2, 3, 4, 5, 6];
    vec![
        case!(channels::limber_rotation_convert(
            pose(BONES),
            need(&modes),
            may(&[1u8, 0, 1, 1, 1, 1, 1]),
            Slot::Number(1),
        )),
        case!(channels::limber_basis_matrices(
            channels(1),
            may(&[0u8, 1, 0, 0, 0, 1, 0]),
            out(&matrices(BONES)),
        )),
        case!(channels::limber_decompose(
            need(&matrices(BONES)),
            pose(BONES),
            may(&[1u8, 0, 1, 1, 1, 1, 1]),
            Slot::Number(0),
        )),
    ]
}

pub fn cases() -> Vec<Case> {
    let mut cases = rest_cases();
    cases.extend(pose_cases());
    cases.extend(channel_cases());
    cases.extend(mode_cases());
    cases.extend(apply_cases());
    cases
}

/// A pose whose rotations and modes must be there.
fn rotations() -> Slot {
    view(
        "LimberPose",
        vec![
            ("bone_count", count(BONES, 4)),
            ("rotation_quaternion", out(&floats(4 * BONES))),
            ("rotation_euler", out(&floats(3 * BONES))),
            ("rotation_axis_angle", out(&floats(4 * BONES))),
            ("rotation_mode", out(&[-1i32, 0, 1, 2, 3, 4, 6])),
        ],
    )
}

/// Channels that are written, FRAMES frames of them.
fn frames_out() -> Slot {
    let array = |each: usize| may_out(&floats(each * BONES * FRAMES));
    view(
        "LimberPose",
        vec![
            ("bone_count", count(BONES, 4)),
            ("location", array(3)),
            ("rotation_quaternion", array(4)),
            ("rotation_euler", array(3)),
            ("rotation_axis_angle", array(4)),
            ("scale", array(3)),
        ],
    )
}

fn mode_cases() -> Vec<Case> {
    let selected = || may(&[1u8, 0, 1, 2, 255, 1, 1]);
    vec![
        case!(rotation_mode::limber_rotation_mode_set(
            rotations(),
            selected(),
            // -1 is a mode, so not every odd number is wrong.
            Slot::Number(3),
            Slot::Number(1),
        )),
        case!(rotation_mode::limber_quaternions_flip(pose(BONES), selected(), may_out(&[0usize]),)),
        case!(visual::limber_visual_transform_apply(
            rig_with(&flags()),
            need(&matrices(BONES)),
            pose(BONES),
            selected(),
        )),
        case!(visual::limber_visual_transforms_batch(
            rig_with(&flags()),
            need(&matrices(BONES * FRAMES)),
            count(FRAMES, 4),
            may(&[-1i32, 0, 1, 2, 3, 4, 6]),
            frames_out(),
            Slot::Choice(1),
        )),
    ]
}

/// Rest bones that a pose is applied to.
fn apply_cases() -> Vec<Case> {
    vec![case!(apply_rest::limber_armature_apply(
        rig(),
        need(&matrices(BONES)),
        pose(BONES),
        may(&[1u8, 0, 1, 2, 255, 1, 1]),
        out(&floats(3 * BONES)),
        out(&floats(3 * BONES)),
        out(&floats(BONES)),
        bendy(),
        may(&[1i32, 3, 1, 1, 4, 1, 2]),
        out(&[7u8; BONES]),
    ))]
}

/// Bendy-bone values at rest; may be absent.
fn bendy() -> Slot {
    crate::slot::may_view(
        "LimberPose",
        vec![
            ("bone_count", count(BONES, 4)),
            ("bbone_rollin", may_out(&floats(BONES))),
            ("bbone_scalein", may_out(&floats(3 * BONES))),
        ],
    )
}
