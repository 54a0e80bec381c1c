//! Packed keys and separate arrays.

use super::{floats, keys};
use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, need, out, view};

const N: usize = 5;

type Field = (&'static str, Slot);

fn arrays(
    float: fn(&[f32]) -> Slot,
    int: fn(&[i32]) -> Slot,
    byte: fn(&[u8]) -> Slot,
) -> Vec<Field> {
    vec![
        ("handle_left", float(&floats(2 * N))),
        ("handle_right", float(&floats(2 * N))),
        ("interpolation", int(&[0, 1, 2, 11, 12])),
        ("easing", int(&[0, 1, 2, 3, 0])),
        ("handle_left_type", int(&[0, 1, 2, 3, 4])),
        ("handle_right_type", int(&[0, 1, 2, 3, 4])),
        ("key_type", int(&[0, 1, 2, 4, 5])),
        ("back", float(&floats(N))),
        ("amplitude", float(&floats(N))),
        ("period", float(&floats(N))),
        ("select_control_point", byte(&[0, 1, 2, 0, 255])),
        ("select_left_handle", byte(&[0; N])),
        ("select_right_handle", byte(&[1; N])),
    ]
}

pub fn cases() -> Vec<Case> {
    let mut from = arrays(may, may, may);
    from.push(("co", need(&floats(2 * N))));
    let mut to = arrays(may_out, may_out, may_out);
    to.push(("co", may_out(&floats(2 * N))));
    vec![
        case!(key_arrays::limber_keys_gather(
            view("LimberKeyArrays", from),
            count(N, 4),
            out(&keys(N)),
        )),
        case!(key_arrays::limber_keys_scatter(
            need(&keys(N)),
            count(N, 4),
            view("LimberKeyArrays", to),
        )),
    ]
}
