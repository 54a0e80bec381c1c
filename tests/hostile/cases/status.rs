//! Version, last error, threads.

use crate::case;
use crate::slot::{Case, Slot, may_out, needed};

pub fn cases() -> Vec<Case> {
    vec![
        case!(status::limber_version()),
        case!(status::limber_last_error(may_out(&[0u8; 16]), Slot::Room(16), needed())),
        case!(status::limber_set_threads(Slot::Choice(2))),
        case!(status::limber_threads()),
    ]
}
