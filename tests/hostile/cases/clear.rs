//! Location, rotation and scale cleared.

use super::{locks, pose};
use crate::case;
use crate::slot::{Case, Slot, count, may, need};

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
        case!(user_transforms::limber_transforms_reset(pose(), selected())),
        case!(user_transforms::limber_user_transforms_clear(
            pose(),
            selected(),
            count(4, 4),
            need(&[0u32, 3, 8, 4_000_000_000]),
            need(&[1u8, 2, 16, 15]),
            need(&[0u32, 3, 0, 9]),
            need(&[0.5f32, 1.0, 2.0, 3.0]),
        )),
    ]
}
