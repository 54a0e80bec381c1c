//! Constraint tables.

use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, need, out, view};

fn table() -> Slot {
    view(
        "LimberConstraints",
        vec![
            ("count", count(4, 4)),
            ("bone_count", count(5, 1)),
            ("owner", need(&[0i32, 0, 2, 4])),
            ("kind", may(&[3i32, 9, 3, 30])),
            ("fixed", may(&[0u8, 0, 0, 1])),
            ("selected", may(&[1u8, 0, 1, 1, 1])),
        ],
    )
}

pub fn cases() -> Vec<Case> {
    vec![
        case!(constraint_table::limber_constraints_clear(table(), Slot::Number(3), out(&[7u8; 4]))),
        case!(constraint_table::limber_constraints_copy(
            table(),
            Slot::Choice(0),
            out(&[7u8; 4]),
            out(&[7u8; 4]),
            out(&[7u8; 5]),
            may_out(&[7u8]),
        )),
        case!(constraint_table::limber_constraint_target(
            Slot::Number(9),
            Slot::Choice(1),
            may(&[0u8, 1, 0]),
            count(3, 1),
            need(&[0u8, 3, 1]),
            may(&[-1i32, 2, -1]),
            count(3, 4),
            out(&[7u32]),
            out(&[7i32]),
        )),
    ]
}
