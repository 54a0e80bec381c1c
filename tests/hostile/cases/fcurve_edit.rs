//! Editing the keys of many curves.

use super::floats;
use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, need, needed, out, view};

const CURVES: usize = 3;
const KEYS: usize = 12;

/// Three curves of 3, 0 and 4 keys in rooms of 5, 2 and 5.
fn table(read_only: bool) -> Slot {
    let frames = [1.0, 5.0, 9.0, 20.0, 21.0, 1.0, 5.0, 1.0, 5.0, 9.0, 20.0, 21.0];
    let points: Vec<f32> = frames.into_iter().flat_map(|frame| [frame, frame * 0.5]).collect();
    let field = if read_only { may::<f32> } else { may_out::<f32> };
    let bytes = if read_only { may::<u8> } else { may_out::<u8> };
    let counts = [3usize, 0, 4];
    let mut fields = vec![
        ("curve_count", count(CURVES, 8)),
        ("element_count", count(KEYS, 8)),
        ("first_key", need(&[0usize, 5, 7, 12])),
        ("key_count", if read_only { may(&counts) } else { may_out(&counts) }),
        ("curve_flags", may(&[1u8, 2, 7 | 64])),
        ("point", if read_only { need(&points) } else { out(&points) }),
    ];
    for name in ["handle_left", "handle_right"] {
        fields.push((name, field(&points)));
    }
    for name in ["back", "amplitude", "period"] {
        fields.push((name, field(&floats(KEYS))));
    }
    for name in [
        "interpolation",
        "easing",
        "handle_left_type",
        "handle_right_type",
        "key_type",
        "select_point",
        "select_left",
        "select_right",
    ] {
        fields.push((name, bytes(&[1u8; KEYS])));
    }
    view("LimberKeyTable", fields)
}

pub fn cases() -> Vec<Case> {
    let frames = [1.0f32, 6.0];
    vec![
        case!(fcurve_edit::limber_fcurve_recalc_handles(table(false))),
        case!(fcurve_edit::limber_fcurve_update(table(false))),
        case!(fcurve_edit::limber_fcurve_insert(
            table(false),
            need(&[2.0f32, 2.0, 9.0]),
            need(&floats(CURVES)),
            Slot::Choice(2),
            Slot::Choice(4),
            Slot::Choice(0),
            Slot::Choice(0),
            may_out(&[7i32; CURVES]),
        )),
        case!(fcurve_edit::limber_fcurve_insert(
            table(false),
            need(&[2.0f32, 2.0, 9.0]),
            need(&floats(CURVES)),
            Slot::Choice(2),
            Slot::Choice(4),
            Slot::Choice(0),
            Slot::Choice(10),
            may_out(&[7i32; CURVES]),
        )),
        case!(propagate::limber_propagate_frames(
            table(true),
            Slot::Choice(3),
            Slot::Float(2.0),
            Slot::Float(9.0),
            may_out(&floats(KEYS)),
            Slot::Room(KEYS),
            needed(),
        )),
        case!(propagate::limber_propagate_sizes(
            table(true),
            need(&frames),
            count(2, 4),
            Slot::Choice(0),
            out(&[0usize; CURVES]),
        )),
        case!(propagate::limber_propagate(
            table(false),
            need(&floats(CURVES)),
            need(&frames),
            count(2, 4),
            Slot::Choice(2),
            Slot::Choice(4),
            Slot::Choice(0),
            Slot::Choice(0),
        )),
    ]
}
