//! Evaluation of F-curves.

use super::{floats, keys};
use crate::case;
use crate::slot::{Case, Slot, count, may, may_view, need, out, view};
use limber::capi::keys::{LIMBER_FIELD_ABSENT, LimberKey};

const KEYS: usize = 7;
const FRAMES: usize = 6;

/// Keys as bytes, since records need not be aligned.
fn records(n: usize) -> Vec<u8> {
    bytemuck::cast_slice(&keys(n)).to_vec()
}

/// A layout of LimberKey without most of its fields.
fn layout() -> Slot {
    let mut fields: Vec<(&'static str, Slot)> = [
        "handle_left",
        "handle_right",
        "back",
        "amplitude",
        "period",
        "easing",
        "handle_left_type",
        "handle_right_type",
        "key_type",
        "select_point",
        "select_left",
    ]
    .map(|name| (name, Slot::Choice(LIMBER_FIELD_ABSENT as u64)))
    .into();
    fields.push(("stride", Slot::Room(size_of::<LimberKey>())));
    fields.push(("interpolation", Slot::Choice(36)));
    fields.push(("select_right", Slot::Choice(43)));
    may_view("LimberKeyLayout", fields)
}

fn modifier(kind: u64, fields: &[(&'static str, Slot)]) -> Slot {
    let mut all = vec![("kind", Slot::Choice(kind)), ("flags", Slot::Choice(0))];
    all.extend(fields.iter().cloned());
    view("LimberModifier", all)
}

fn curve(layout: Slot, modifier: Slot, samples: usize) -> Slot {
    let mut fields = vec![
        ("keys", need(&records(KEYS))),
        ("key_count", count(KEYS, size_of::<LimberKey>())),
        ("key_layout", layout),
        ("extrapolation", Slot::Choice(1)),
        ("auto_smoothing", Slot::Choice(1)),
        ("flags", Slot::Choice(1)),
        ("sample_start", Slot::Float(-2.0)),
        ("modifiers", modifier),
        ("modifier_count", count(1, 8)),
    ];
    if samples > 0 {
        fields.push(("samples", may(&floats(samples))));
        fields.push(("sample_count", count(samples, 4)));
    }
    view("LimberFCurve", fields)
}

fn evaluate(curve: Slot) -> Case {
    case!(fcurve::limber_fcurve_evaluate(
        curve,
        need(&floats(FRAMES)),
        count(FRAMES, 4),
        Slot::Choice(0),
        out(&floats(FRAMES)),
    ))
}

pub fn table() -> Slot {
    let n = 4;
    view(
        "LimberFCurves",
        vec![
            ("curve_count", count(n, 4)),
            ("keys", need(&[records(3), records(4)].concat())),
            ("key_count", count(7, size_of::<LimberKey>())),
            ("key_starts", need(&[0usize, 3, 3, 7, 7])),
            ("key_layout", layout()),
            ("extrapolation", may(&[0u8, 1, 0, 1])),
            ("flags", may(&[0u8, 1, 2, 3])),
            ("modifiers", modifier(8, &[("min_x", Slot::Float(1.0))])),
            ("modifier_count", count(1, 8)),
            ("modifier_starts", may(&[0usize, 0, 1, 1, 1])),
            ("samples", need(&floats(3))),
            ("sample_count", count(3, 4)),
            ("sample_starts", may(&[0usize, 0, 0, 0, 3])),
            ("sample_first_frames", need(&floats(n))),
        ],
    )
}

pub fn cases() -> Vec<Case> {
    let number = |name| (name, Slot::Float(0.5));
    let cycles = modifier(
        4,
        &[
            ("mode_before", Slot::Choice(2)),
            ("mode_after", Slot::Choice(3)),
            ("cycles_before", Slot::Number(0)),
            ("cycles_after", Slot::Number(2)),
        ],
    );
    let noise = modifier(
        5,
        &[
            ("blend_type", Slot::Choice(1)),
            ("depth", Slot::Room(3)),
            number("scale"),
            number("strength"),
            number("offset"),
            number("phase"),
            number("roughness"),
            number("lacunarity"),
            number("influence"),
        ],
    );
    let stepped = modifier(9, &[number("step"), number("step_offset")]);
    let generator = modifier(
        1,
        &[
            ("generator_mode", Slot::Choice(1)),
            ("values", need(&floats(4))),
            ("value_count", count(4, 4)),
        ],
    );
    let function = modifier(2, &[("function_type", Slot::Choice(4)), number("amplitude")]);
    let envelope = modifier(3, &[("values", need(&floats(6))), ("value_count", count(6, 4))]);
    let frames = need(&floats(FRAMES));
    vec![
        evaluate(curve(layout(), cycles, 0)),
        evaluate(curve(layout(), noise, 3)),
        evaluate(curve(layout(), stepped, 0)),
        evaluate(curve(layout(), generator, 0)),
        evaluate(curve(layout(), function, 0)),
        evaluate(curve(layout(), envelope, 0)),
        case!(fcurve::limber_fcurves_evaluate(
            table(),
            frames,
            count(FRAMES, 4),
            Slot::Choice(0),
            out(&floats(4 * FRAMES)),
        )),
    ]
}
