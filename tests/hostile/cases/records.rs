//! A tool's own curve records, read where they lie.

use super::{floats, keys, texts};
use crate::case;
use crate::slot::{Case, Slot, addresses, count, may, may_out, may_view, need, out, view};
use limber::capi::keys::{LIMBER_FIELD_ABSENT, LimberKey};
use std::mem::offset_of;
use std::ptr::null;

const N: usize = 5;
const FRAMES: usize = 3;

#[derive(Clone, Copy)]
#[repr(C)]
struct Tool {
    component: i32,
    keys: *const LimberKey,
    driver: *const u8,
    path: *const u8,
    key_count: i32,
    flags: u32,
}

/// Records that live as long as the test: good ones, one without keys, damaged ones.
fn records() -> Slot {
    let path = texts(&["pose.bones[\"arm\"].location"]).leak().as_ptr();
    let keys = keys(4).leak().as_ptr();
    let good = Tool { component: 1, keys, driver: null(), path, key_count: 4, flags: 3 };
    let list = [
        Tool { driver: path, path: null(), ..good },
        Tool { keys: null(), key_count: 0, ..good },
        Tool { key_count: -1, ..good },
        Tool { keys: null(), ..good },
        good,
    ];
    let list: Vec<usize> =
        Box::leak(Box::new(list)).iter().map(|t| (&raw const *t) as usize).collect();
    let fields = [
        ("record_size", Slot::Room(size_of::<Tool>())),
        ("keys", Slot::Choice(offset_of!(Tool, keys) as u64)),
        ("key_count", Slot::Choice(offset_of!(Tool, key_count) as u64)),
        ("path", Slot::Choice(offset_of!(Tool, path) as u64)),
        ("component", Slot::Choice(offset_of!(Tool, component) as u64)),
        ("extrapolation", Slot::Choice(LIMBER_FIELD_ABSENT as u64)),
        ("auto_smoothing", Slot::Choice(LIMBER_FIELD_ABSENT as u64)),
        ("flags", Slot::Choice(offset_of!(Tool, flags) as u64)),
        ("samples", Slot::Choice(LIMBER_FIELD_ABSENT as u64)),
        ("modifiers", Slot::Choice(LIMBER_FIELD_ABSENT as u64)),
        ("driver", Slot::Choice(offset_of!(Tool, driver) as u64)),
        ("integer_mask", Slot::Number(1)),
        ("discrete_mask", Slot::Number(8)),
    ];
    view(
        "LimberCurveRecords",
        vec![
            ("layout", view("LimberCurveLayout", fields.into())),
            ("key_layout", may_view("LimberKeyLayout", vec![])),
            ("records", addresses(&list)),
            ("record_count", count(N, size_of::<usize>())),
            ("key_limit", Slot::Number(100)),
            ("path_limit", Slot::Number(100)),
            ("alignment", Slot::Number(4)),
        ],
    )
}

fn which() -> Slot {
    may(&[4u32, 0, 1, 2, 3])
}

pub fn cases() -> Vec<Case> {
    let names = texts(&["leg", "arm"]);
    let (longs, bytes) = ([9u32; N], [9u8; N]);
    let first = [0usize, 4, 8, 12, 16, 20];
    let table = view(
        "LimberKeyTable",
        vec![
            ("curve_count", count(N, 8)),
            ("element_count", count(20, 8)),
            ("first_key", need(&first)),
            ("key_count", out(&[0usize; N])),
            ("point", may_out(&floats(40))),
            ("interpolation", may_out(&[0u8; 20])),
        ],
    );
    vec![
        case!(records::limber_curve_records_index(
            records(),
            need(&names),
            count(names.len(), 1),
            count(2, 1),
            Slot::Choice(405),
            out(&longs),
            may_out(&bytes),
            may_out(&bytes),
            may_out(&longs),
            may_out(&longs),
            may_out(&bytes),
        )),
        case!(records::limber_curve_records_keys(
            records(),
            which(),
            count(N, 1),
            out(&[9usize; N]),
            out(&[9i32; N]),
            may_out(&bytes),
            may_out(&bytes),
            may_out(&bytes),
            out(&bytes),
        )),
        case!(records::limber_curve_records_evaluate(
            records(),
            which(),
            count(N, 1),
            need(&floats(FRAMES)),
            count(FRAMES, 4),
            Slot::Choice(2),
            out(&floats(N * FRAMES)),
            out(&bytes),
        )),
        case!(records::limber_curve_records_gather(records(), which(), table, out(&bytes))),
        case!(record_samples::limber_curve_records_sample(
            records(),
            need(&names),
            count(names.len(), 1),
            count(2, 1),
            Slot::Choice(405),
            may(&[1u8, 1]),
            may(&[0i32, 1]),
            Slot::Number(31),
            need(&floats(FRAMES)),
            count(FRAMES, 4),
            out(&longs),
            out(&bytes),
            out(&bytes),
            out(&longs),
            out(&longs),
            out(&bytes),
            out(&[9u8; 2]),
            out(&longs),
            out(&[9usize]),
            out(&longs),
            out(&bytes),
            out(&longs),
            out(&longs),
            out(&[9usize]),
            out(&floats(N * FRAMES)),
        )),
    ]
}
