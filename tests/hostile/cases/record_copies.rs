//! Copies of a tool's own records with all that they lead to.

use crate::case;
use crate::slot::{Case, Slot, addresses, count, out, view};
use limber::capi::keys::LIMBER_FIELD_ABSENT;
use limber::capi::record_copies::LIMBER_RECORD_TEXT;

const WORD: usize = size_of::<usize>();

pub fn cases() -> Vec<Case> {
    // The address of the next, that of a text, a tag, a count.
    let text = c"text".as_ptr() as usize;
    let last = Box::leak(Box::new([0usize, text, 0, 0])).as_ptr() as usize;
    let first = Box::leak(Box::new([last, text, 0, 1])).as_ptr() as usize;
    let absent = LIMBER_FIELD_ABSENT;
    let kinds = view(
        "LimberRecordKinds",
        vec![
            ("kind_count", count(1, WORD)),
            ("record_size", addresses(&[4 * WORD])),
            ("tag", addresses(&[2 * WORD])),
            ("link_count", count(3, WORD)),
            ("from", addresses(&[0, 0, 0])),
            ("mask", addresses(&[0, 0, 1])),
            ("value", addresses(&[0, 0, 0])),
            ("address", addresses(&[0, WORD, absent])),
            ("count", addresses(&[absent, absent, 3 * WORD])),
            ("to", addresses(&[0, LIMBER_RECORD_TEXT, 0])),
        ],
    );
    vec![case!(record_copies::limber_records_copy(
        kinds,
        Slot::Choice(0),
        addresses(&[first, 0]),
        count(2, WORD),
        out(&[7u8; 200]),
        Slot::Room(200),
        out(&[7usize]),
    ))]
}
