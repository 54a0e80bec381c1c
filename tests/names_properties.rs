//! Laws of names that hold for any bytes.

use limber::names::{
    Axis, MAX_BYTES, NameTable, Renamer, autoside, autoside_names, flip_names, flip_side,
    mirror_bones, truncate,
};
use proptest::prelude::*;
use std::collections::HashSet;

fn any_name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[lrLRab._ -]{0,8}(\\.[0-9]{1,4})?".prop_map(String::into_bytes),
        "(Left|right|LEFT|rIGHT|\\.)?[a-zé腕]{0,6}(Left|right|LEFT|rIGHT|\\.)?(\\.0[0-9]{2})?"
            .prop_map(String::into_bytes),
        proptest::collection::vec(1u8..=255, 0..70),
    ]
}

/// Distinct names that a bone can have.
fn bone_names() -> impl Strategy<Value = Vec<Vec<u8>>> {
    proptest::collection::vec(any_name(), 1..20).prop_map(|names| {
        let mut seen = HashSet::new();
        names
            .into_iter()
            .map(|name| truncate(&name, MAX_BYTES).to_vec())
            .filter(|name| !name.is_empty() && seen.insert(name.clone()))
            .collect()
    })
}

fn packed(names: &[Vec<u8>]) -> Vec<u8> {
    names.iter().flat_map(|name| name.iter().copied().chain([0])).collect()
}

/// The rule without any memory: what the fast search must agree with.
fn slow_rename(names: &mut [Vec<u8>], bone: usize, wanted: &[u8]) {
    let mut wanted = truncate(wanted, MAX_BYTES);
    if wanted == names[bone] {
        return;
    }
    if wanted.is_empty() {
        wanted = b"Bone";
    }
    let mut name = wanted.to_vec();
    if names.contains(&name) {
        let dot = wanted.iter().rposition(|b| *b == b'.');
        let number = dot.and_then(|dot| {
            let digits = &wanted[dot + 1..];
            (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
                .then(|| std::str::from_utf8(digits).unwrap().parse::<i32>().ok())
                .flatten()
        });
        let base = if number.is_some() { &wanted[..dot.unwrap()] } else { wanted };
        let mut number = i64::from(number.unwrap_or(0));
        while names.contains(&name) {
            number += 1;
            let suffix = format!(".{number:03}");
            name = [truncate(base, MAX_BYTES - suffix.len()), suffix.as_bytes()].concat();
        }
    }
    names[bone] = name;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn renames_keep_names_unique_and_short(
        names in bone_names(),
        wishes in proptest::collection::vec((0usize..20, any_name()), 0..40),
    ) {
        prop_assume!(!names.is_empty());
        let text = packed(&names);
        let table = NameTable::new("names", &text, names.len()).unwrap();
        let mut renamer = Renamer::new(&table);
        let mut slow = names.clone();
        for (bone, wanted) in wishes {
            let bone = bone % names.len();
            renamer.rename(bone, &wanted);
            slow_rename(&mut slow, bone, &wanted);
        }
        prop_assert_eq!(renamer.names(), &slow[..]);
        let distinct: HashSet<_> = renamer.names().iter().collect();
        prop_assert_eq!(distinct.len(), names.len());
        prop_assert!(renamer.names().iter().all(|n| !n.is_empty() && n.len() <= MAX_BYTES));
    }

    #[test]
    fn many_wishes_for_one_base_agree_with_the_plain_search(
        wishes in proptest::collection::vec((0usize..8, 0u32..7), 0..60),
    ) {
        let names: Vec<Vec<u8>> = (0..8).map(|i| format!("b{i}").into_bytes()).collect();
        let text = packed(&names);
        let table = NameTable::new("names", &text, names.len()).unwrap();
        let mut renamer = Renamer::new(&table);
        let mut slow = names;
        for (bone, number) in wishes {
            let wanted = if number == 0 { "a".into() } else { format!("a.{number:03}") };
            renamer.rename(bone, wanted.as_bytes());
            slow_rename(&mut slow, bone, wanted.as_bytes());
            prop_assert_eq!(renamer.names(), &slow[..]);
        }
    }

    #[test]
    fn steps_lead_from_the_old_names_to_the_new(names in bone_names(), strip: bool) {
        prop_assume!(!names.is_empty());
        let text = packed(&names);
        let table = NameTable::new("names", &text, names.len()).unwrap();
        let all: Vec<usize> = (0..names.len()).collect();
        let renamer = flip_names(&table, &all, strip);
        let end = renamer.names().to_vec();
        let mut now = names;
        for step in renamer.into_steps() {
            prop_assert!(!now.contains(&step.name), "every step goes to a free name");
            now[step.bone] = step.name;
        }
        prop_assert_eq!(now, end);
    }

    #[test]
    fn flipping_keeps_utf8_and_a_lone_number(name in "\\PC{0,20}(\\.[0-9]{3})?") {
        let flipped = flip_side(name.as_bytes(), false);
        prop_assert!(String::from_utf8(flipped.clone()).is_ok());
        let change = flipped.len().abs_diff(name.len());
        prop_assert!(change <= 1);
        let stripped = flip_side(name.as_bytes(), true);
        prop_assert!(flipped.starts_with(&stripped));
    }

    #[test]
    fn a_letter_flipped_twice_is_itself(
        body in "[abcd]{1,5}", separator in "[. _-]", side in "[lrLR]",
    ) {
        let name = format!("{body}{separator}{side}");
        let once = flip_side(name.as_bytes(), false);
        prop_assert_ne!(&once, name.as_bytes());
        prop_assert_eq!(flip_side(&once, false), name.as_bytes());
    }

    #[test]
    fn mirrors_are_found_by_name(names in bone_names()) {
        prop_assume!(!names.is_empty());
        let text = packed(&names);
        let table = NameTable::new("names", &text, names.len()).unwrap();
        for (bone, mirror) in mirror_bones(&table).into_iter().enumerate() {
            let flipped = flip_side(&names[bone], false);
            let slow = names.iter().position(|n| *n == flipped).filter(|_| flipped != names[bone]);
            prop_assert_eq!(mirror, slow);
        }
    }

    #[test]
    fn a_side_tag_is_put_once(name in any_name(), head in -2.0f32..2.0, axis in 0u32..3) {
        prop_assume!(!name.is_empty() && name.len() < 40);
        let axis = Axis::from_number(axis).unwrap();
        if let Some(tagged) = autoside(&name, axis, head, 0.0) {
            prop_assert!(tagged.len() <= 62);
            prop_assert_eq!(autoside(&tagged, axis, head, 0.0), Some(tagged));
        }
    }
}

#[test]
fn a_bone_in_the_middle_or_without_a_place_keeps_its_name() {
    let text = b"a\0b\0c\0";
    let table = NameTable::new("names", text, 3).unwrap();
    let nan = f32::NAN;
    let heads = [0.0, nan, 1.0];
    let renamer = autoside_names(&table, &[0, 1, 2], Axis::X, &heads, &[0.0, 1.0, -1.0]);
    assert_eq!(renamer.names(), [b"a".to_vec(), b"b".to_vec(), b"c.L".to_vec()]);
}

#[test]
fn a_table_must_hold_exactly_its_names() {
    for (text, count) in [
        (&b"a\0b"[..], 2),
        (b"a\0b\0", 1),
        (b"a\0b\0", 3),
        (b"", 1),
        (b"a\0", 0),
        (b"a\0", usize::MAX),
    ] {
        assert!(NameTable::new("names", text, count).is_err(), "{text:?} {count}");
    }
    assert_eq!(NameTable::new("names", b"\0\0", 2).unwrap().get(1), b"");
}

#[test]
fn thousands_of_bones_that_want_one_name_stay_fast() {
    let names: Vec<Vec<u8>> = (0..20_000).map(|i| format!("x{i}").into_bytes()).collect();
    let text = packed(&names);
    let table = NameTable::new("names", &text, names.len()).unwrap();
    let mut renamer = Renamer::new(&table);
    let start = std::time::Instant::now();
    for bone in 0..names.len() {
        renamer.rename(bone, b"same");
    }
    // The plain search would probe 200 million names.
    assert!(start.elapsed().as_secs_f64() < 3.0);
    assert_eq!(renamer.name(19_999), b"same.19999");
}
