//! Tables of bone names.

use super::{floats, texts};
use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, need, needed, out};

const NAMES: [&str; 5] = ["hand.L", "hand.R", "Spine", "finger.L.001", "Müll_rechts"];

pub fn cases() -> Vec<Case> {
    let n = NAMES.len();
    let names = texts(&NAMES);
    let size = names.len();
    let table = || need(&names);
    let wishes = texts(&["Spine", "b", ""]);
    vec![
        case!(names::limber_flip_side(
            table(),
            count(size, 1),
            count(n, 4),
            Slot::Number(1),
            may_out(&[7u8; 100]),
            count(100, 1),
            needed(),
        )),
        case!(names::limber_mirror_bones(table(), count(size, 1), count(n, 4), out(&[7i32; 5]))),
        case!(names::limber_flip_names(
            table(),
            count(size, 1),
            count(n, 4),
            may(&[1u8, 1, 0, 1, 1]),
            Slot::Number(0),
            may_out(&[7i32; 10]),
            count(10, 4),
            needed(),
            may_out(&[7u8; 640]),
            count(640, 1),
            needed(),
        )),
        case!(names::limber_autoside_names(
            table(),
            count(size, 1),
            count(n, 4),
            may(&[1u8, 1, 0, 1, 1]),
            Slot::Choice(0),
            need(&floats(n)),
            need(&floats(n)),
            may_out(&[7i32; 10]),
            count(10, 4),
            needed(),
            may_out(&[7u8; 640]),
            count(640, 1),
            needed(),
        )),
        case!(names::limber_rename_bones(
            table(),
            count(size, 1),
            count(n, 4),
            need(&[4i32, 0, 2]),
            need(&wishes),
            count(wishes.len(), 1),
            count(3, 4),
            may_out(&[7i32; 6]),
            count(6, 4),
            needed(),
            may_out(&[7u8; 384]),
            count(384, 1),
            needed(),
        )),
    ]
}
