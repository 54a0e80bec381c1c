//! The pose slides and the index of curves.

use super::{floats, pose, texts};
use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, need, out, view};

const BONES: usize = 9;
const CURVES: usize = 8;

fn samples(with_values: bool) -> Slot {
    let mut fields = vec![
        ("curve_count", count(CURVES, 4)),
        ("bone", need(&[0u32, 1, 1, 2, 3, 4, 8, 8])),
        ("property", need(&[1u8, 2, 2, 3, 4, 5, 6, 16])),
        ("classes", may(&[31u8; BONES])),
    ];
    if with_values {
        fields.push(("component", need(&[0u32, 0, 3, 2, 1, 2, 0, 77])));
        fields.push(("previous", need(&floats(CURVES))));
        fields.push(("next", need(&floats(CURVES))));
        fields.push(("current", may(&floats(CURVES))));
    }
    view("LimberSamples", fields)
}

fn slide() -> Slot {
    view(
        "LimberSlide",
        vec![
            ("factor", Slot::Float(0.3)),
            ("frame", Slot::Float(5.0)),
            ("previous_frame", Slot::Float(1.0)),
            ("next_frame", Slot::Float(9.0)),
            ("rules", Slot::Choice(502)),
            ("channels", Slot::Number(31)),
            ("axis", Slot::Number(0)),
        ],
    )
}

pub fn cases() -> Vec<Case> {
    let paths = texts(&["pose.bones[\"a\"].location", "x", "pose.bones[\"b\"][\"p\"]"]);
    let names = texts(&["a", "b"]);
    vec![
        case!(slide::limber_curve_index(
            need(&paths),
            count(paths.len(), 1),
            count(3, 4),
            need(&names),
            count(names.len(), 1),
            count(2, 4),
            Slot::Choice(502),
            out(&[7u32; 3]),
            may_out(&[7u8; 3]),
            may_out(&[7u8; 3]),
            may_out(&[7u32; 3]),
        )),
        case!(slide::limber_choose_curves(
            need(&[0u32, 1, 1, u32::MAX, 3, 8]),
            need(&[1u8, 2, 3, 0, 16, 6]),
            need(&[1u8, 2, 2, 0, 16, 8]),
            need(&[0u32, 0, 3, 0, 0, 0]),
            count(6, 1),
            may(&[1u8; BONES]),
            may(&[0i32, 1, -1, 0, 0, 0, 6, 0, 0]),
            count(BONES, 1),
            Slot::Number(31),
            out(&[7u8; BONES]),
            out(&[7u32; 6]),
            out(&[7usize]),
            out(&[7u32; 6]),
            out(&[7u8; 6]),
            out(&[7u32; 6]),
            out(&[7u32; 6]),
            out(&[7usize]),
        )),
        case!(slide::limber_breakdown(pose(BONES), samples(true), slide())),
        case!(slide::limber_push(pose(BONES), samples(true), slide())),
        case!(slide::limber_relax(pose(BONES), samples(true), slide())),
        case!(slide::limber_blend_to_neighbor(pose(BONES), samples(true), slide())),
        case!(slide::limber_blend_with_rest(pose(BONES), samples(false), slide())),
        case!(slide::limber_slide_values(
            out(&floats(6)),
            may(&[0u8, 1, 2, 0, 1, 2]),
            need(&floats(6)),
            need(&floats(6)),
            may(&floats(6)),
            count(6, 4),
            Slot::Choice(1),
            slide(),
        )),
    ]
}
