//! Bone selection sets.

use super::select::bones;
use super::texts;
use crate::case;
use crate::slot::{Case, Slot, count, may_out, need, needed, out};

pub fn cases() -> Vec<Case> {
    let names = texts(&["a", "b.L", "b.R", "腕", "c", "d", "e"]);
    let set = texts(&["b.R", "a", "nobody"]);
    let one = texts(&["Set"]);
    let table = |text: &[u8], n: usize| (need(text), count(text.len(), 1), count(n, 1));
    let (a, b, c) = table(&names, 7);
    let (d, e, f) = table(&set, 3);
    let (g, h, i) = (d.clone(), e.clone(), f.clone());
    let (j, k, l) = (a.clone(), b.clone(), c.clone());
    let (m, n, o) = (d.clone(), e.clone(), f.clone());
    let (p, q, r) = (a.clone(), b.clone(), c.clone());
    vec![
        case!(selection_sets::limber_set_members(a, b, c, d, e, f, out(&[7u64]))),
        case!(selection_sets::limber_set_missing(g, h, i, j, k, l, out(&[7u8; 7]))),
        case!(selection_sets::limber_set_kept(m, n, o, p, q, r, out(&[7u8; 3]))),
        case!(selection_sets::limber_set_unique_name(
            need(&set),
            count(set.len(), 1),
            count(3, 1),
            need(&one),
            count(one.len(), 1),
            may_out(&[7u8; 40]),
            count(40, 1),
            needed(),
        )),
        case!(selection_sets::limber_set_select(bones(false), need(&[5u64]), Slot::Number(0))),
    ]
}
