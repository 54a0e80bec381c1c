//! A tool's own pose bone records, read where they lie.

use super::pose;
use crate::case;
use crate::slot::{Case, Slot, addresses, count, may_out, needed, out, view};
use limber::capi::keys::LIMBER_FIELD_ABSENT;

const N: usize = 4;
const WORDS: usize = 12;
const BYTES: usize = WORDS * size_of::<usize>();

/// The first of a list of records: the address of the next, eight bytes of name, and numbers.
fn first() -> Slot {
    let mut next = 0;
    for _ in 1..N {
        let mut record = [0usize; WORDS];
        record[0] = next;
        next = Box::leak(Box::new(record)).as_ptr() as usize;
    }
    let mut record = [0usize; WORDS];
    record[0] = next;
    addresses(&record)
}

pub fn cases() -> Vec<Case> {
    let at = |word: usize| Slot::Choice((word * size_of::<usize>()) as u64);
    let fields = [
        "rotation_quaternion",
        "rotation_euler",
        "rotation_axis",
        "rotation_angle",
        "rotation_mode",
        "bbone_curveinx",
        "bbone_curveinz",
        "bbone_curveoutx",
        "bbone_curveoutz",
        "bbone_rollin",
        "bbone_rollout",
        "bbone_easein",
        "bbone_easeout",
        "bbone_scalein",
        "bbone_scaleout",
        "scale",
        "location",
    ];
    let mut layout = vec![
        ("record_size", Slot::Room(BYTES)),
        ("next", at(0)),
        ("name", at(1)),
        ("name_size", Slot::Choice(size_of::<usize>() as u64)),
        ("rotation_mode_size", Slot::Choice(2)),
        ("properties", at(11)),
        ("more_properties", Slot::Choice(LIMBER_FIELD_ABSENT as u64)),
        ("flag_owner", Slot::Choice(LIMBER_FIELD_ABSENT as u64)),
        ("select_bits", Slot::Choice(1)),
        ("hide_bits", Slot::Choice(2)),
        ("select", at(3)),
        ("hide", at(4)),
        ("only", Slot::Choice(2)),
    ];
    layout.extend(fields.iter().enumerate().map(|(i, name)| (*name, at(2 + i % 7))));
    let layout = || view("LimberBoneLayout", layout.clone());
    vec![
        case!(bone_records::limber_bone_records_read(
            layout(),
            first(),
            pose(N),
            may_out(&[7u8; 32]),
            count(32, 1),
            needed(),
            may_out(&[7u8; N]),
        )),
        case!(bone_records::limber_bone_records_flag(
            layout(),
            first(),
            count(N, 1),
            Slot::Choice(LIMBER_FIELD_ABSENT as u64),
            Slot::Choice(9),
            Slot::Number(3),
            out(&[7u8; N]),
        )),
        case!(bone_records::limber_bone_records_addresses(
            layout(),
            first(),
            count(N, size_of::<usize>()),
            at(11),
            out(&[7usize; N]),
        )),
    ]
}
