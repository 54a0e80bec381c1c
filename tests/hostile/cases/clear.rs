//! Location, rotation and scale cleared.

use super::{locks, pose};
use crate::case;
use crate::slot::{Case, Slot, may};

const BONES: usize = 9;

fn selected() -> Slot {
    may(&[1u8, 0, 1, 1, 1, 1, 1, 2, 255])
}

fn mirror() -> Slot {
    may(&[-1i32, 2, 1, -1, 8, 5, -1, -1, 4])
}

pub fn cases() -> Vec<Case> {
    let (pose, locks) = (|| pose(BONES), || locks(BONES));
    vec![
        case!(clear::limber_loc_clear(pose(), locks(), selected(), mirror())),
        case!(clear::limber_rot_clear(pose(), locks(), selected(), mirror())),
        case!(clear::limber_scale_clear(pose(), locks(), selected(), mirror())),
        case!(clear::limber_transforms_clear(pose(), locks(), selected(), mirror())),
    ]
}
