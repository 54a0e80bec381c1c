//! Selection and visibility.

use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, need, out, view};

/// Seven bones in two trees, with every array.
pub fn bones(parents_required: bool) -> Slot {
    let parent = [-1i32, 0, 0, 1, -1, 4, 5];
    view(
        "LimberBones",
        vec![
            ("bone_count", count(7, 4)),
            ("parent", if parents_required { need(&parent) } else { may(&parent) }),
            ("connected", may(&[0u8, 1, 0, 1, 0, 1, 1])),
            ("collection_visible", may(&[1u8, 1, 1, 1, 1, 1, 0])),
            ("hidden", may_out(&[0u8, 0, 0, 1, 0, 0, 0])),
            ("unselectable", may(&[0u8, 0, 1, 0, 0, 0, 0])),
            ("select", out(&[0u8, 1, 0, 0, 1, 0, 0])),
            ("active", may_out(&[1i32])),
            ("select_head", may_out(&[0u8, 1, 0, 0, 1, 0, 0])),
            ("select_tail", may_out(&[0u8, 1, 0, 0, 1, 0, 0])),
        ],
    )
}

fn found() -> Slot {
    may_out(&[7u8])
}

pub fn cases() -> Vec<Case> {
    let flag = || Slot::Number(1);
    let rules = || Slot::Choice(502);
    vec![
        case!(select::limber_any_selected(bones(false), found())),
        case!(select::limber_select_all(bones(false), Slot::Choice(3))),
        case!(select::limber_select_hierarchy(
            bones(true),
            Slot::Choice(1),
            flag(),
            rules(),
            found(),
        )),
        case!(select::limber_select_parent(bones(true), rules(), found())),
        case!(select::limber_select_linked(bones(true), rules())),
        case!(select::limber_select_linked_from(bones(true), Slot::Choice(5), flag())),
        case!(select::limber_select_mirror(
            bones(false),
            need(&[-1i32, 2, 1, -1, 5, 4, -1]),
            Slot::Number(0),
            flag(),
        )),
        case!(select::limber_select_related(
            bones(true),
            Slot::Choice(6),
            flag(),
            rules(),
            found()
        )),
        case!(select::limber_select_group(
            bones(false),
            need(&[0u32, 1, 1, 3, 3, 4, 4, 5]),
            need(&[8u32, 8, 9, 8, 2]),
            count(5, 4),
            need(&[8u32, 100]),
            count(2, 4),
            flag(),
            rules(),
            found(),
        )),
        case!(select::limber_select_targets(
            bones(false),
            need(&[1i32, 4, 5]),
            need(&[5i32, 0, 2]),
            count(3, 4),
            found(),
        )),
        case!(select::limber_select_keyed(
            bones(false),
            need(&[1i32, 5]),
            count(2, 4),
            flag(),
            found()
        )),
        case!(select::limber_hide(hideable(), flag(), found())),
        case!(select::limber_reveal(hideable(), flag(), found())),
    ]
}

/// As [`bones`], for functions that need the hide flags.
fn hideable() -> Slot {
    let Slot::View { name, mut fields, required } = bones(false) else { unreachable!() };
    for (field, slot) in &mut fields {
        if *field == "hidden" {
            *slot = out(&[0u8, 0, 0, 1, 0, 0, 0]);
        }
    }
    Slot::View { name, fields, required }
}
