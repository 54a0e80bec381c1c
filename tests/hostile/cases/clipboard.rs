//! Copying, pasting and mirroring poses.

use super::{pose, texts};
use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, need, needed};

const NAMES: [&str; 5] = ["hand.L", "hand.R", "Spine", "b", "foot.L"];

/// A view that may be absent.
fn absent(view: Slot) -> Slot {
    match view {
        Slot::View { name, fields, .. } => Slot::View { name, fields, required: false },
        other => other,
    }
}

pub fn cases() -> Vec<Case> {
    let n = NAMES.len();
    let names = texts(&NAMES);
    let size = names.len();
    let selected = || may(&[1u8, 0, 1, 255, 1]);
    vec![
        case!(clipboard::limber_pose_copy(
            pose(n),
            need(&names),
            count(size, 1),
            selected(),
            absent(pose(n)),
            needed(),
            may_out(&[7u8; 64]),
            count(64, 1),
            needed(),
        )),
        case!(clipboard::limber_pose_paste(
            pose(n),
            need(&names),
            count(size, 1),
            pose(n),
            need(&names),
            count(size, 1),
            selected(),
            Slot::Choice(3),
            may_out(&[7i32; 5]),
            may_out(&[7usize]),
            may_out(&[7usize]),
        )),
        case!(clipboard::limber_pose_mirror(pose(n), selected())),
    ]
}
