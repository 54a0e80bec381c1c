//! Edits of constraint tables.

use limber::constraint_table::{Kind, TYPE_IK, Table, Target, clear, copy, find_target};
use proptest::prelude::*;

proptest! {
    #[test]
    fn only_chosen_rows_go(
        rows in proptest::collection::vec((0i32..8, 0i32..6, 0u8..4), 0..30),
        mask: u8,
        ik: bool,
    ) {
        let mut rows = rows;
        rows.sort_by_key(|row| row.0);
        let owner: Vec<i32> = rows.iter().map(|row| row.0).collect();
        let kind: Vec<i32> = rows.iter().map(|row| row.1).collect();
        let fixed: Vec<u8> = rows.iter().map(|row| u8::from(row.2 == 0)).collect();
        let table = Table { owner: &owner, kind: Some(&kind), fixed: Some(&fixed) };
        let chosen = |bone: usize| mask >> bone & 1 != 0;
        let gone = clear(table, chosen, ik.then_some(TYPE_IK));
        for (row, gone) in gone.into_iter().enumerate() {
            let wanted = chosen(owner[row] as usize) && (!ik || kind[row] == TYPE_IK);
            prop_assert_eq!(gone, wanted && fixed[row] == 0);
        }
    }

    #[test]
    fn copies_replace_stacks_but_the_sources(
        mut owner in proptest::collection::vec(0i32..8, 0..30),
        mask: u8,
        source in 0usize..8,
    ) {
        owner.sort();
        let table = Table { owner: &owner, kind: None, fixed: None };
        let edits = copy(table, |bone| mask >> bone & 1 != 0, 8, source);
        let has_any = owner.contains(&(source as i32));
        prop_assert_eq!(edits.is_some(), has_any);
        if let Some(edits) = edits {
            prop_assert!(edits.rows.iter().all(|row| owner[*row] == source as i32));
            prop_assert!(edits.rows.is_sorted());
            prop_assert!(!edits.destinations.contains(&source));
            for (row, gone) in edits.remove.iter().enumerate() {
                prop_assert_eq!(*gone, edits.destinations.contains(&(owner[row] as usize)));
            }
        }
    }
}

#[test]
fn targets_are_searched_in_blenders_order() {
    let posed = (Kind::Posed, Some(3));
    let blank = (Kind::Posed, None);
    let curve = (Kind::Curve, None);
    let mesh = (Kind::Mesh, None);
    let other = (Kind::Other, None);
    type Case<'a> = (i32, &'a [usize], &'a [(Kind, Option<usize>)], Target);
    let cases: &[Case] = &[
        (9, &[1, 4], &[other], Target::Bone(4)),
        (9, &[1], &[curve, other], Target::Object(0)),
        (9, &[1], &[posed, other], Target::ObjectBone(0)),
        (9, &[1], &[blank, other], Target::Empty),
        (9, &[], &[], Target::Empty),
        (30, &[1], &[], Target::Nothing),
        (30, &[1], &[other], Target::Object(0)),
        (18, &[1, 4], &[posed, mesh, curve], Target::Object(2)),
        (20, &[1, 4], &[blank, mesh], Target::Object(1)),
        (20, &[4], &[curve], Target::Nothing),
        (6, &[4], &[other], Target::Nothing),
        (27, &[4], &[other], Target::Nothing),
    ];
    for (kind, selected, objects, expected) in cases {
        let target = find_target(*kind, 1, selected.iter().copied(), objects.iter().copied());
        assert_eq!(target, *expected, "{kind} {selected:?} {objects:?}");
    }
}
