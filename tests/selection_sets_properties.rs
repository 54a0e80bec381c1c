//! Laws of selection sets.

use limber::names::NameTable;
use limber::select::Bones;
use limber::selection_sets::{kept, members, missing, select, unique_name};
use proptest::prelude::*;

fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[ab](\\.0{0,2}[1-4])?|[c-h]{0,2}", 0..150)
}

fn packed(names: &[String]) -> Vec<u8> {
    names.iter().flat_map(|name| name.bytes().chain([0])).collect()
}

fn with<R>(a: &[String], b: &[String], body: impl FnOnce(&NameTable, &NameTable) -> R) -> R {
    let (text, other) = (packed(a), packed(b));
    body(
        &NameTable::new("a", &text, a.len()).unwrap(),
        &NameTable::new("b", &other, b.len()).unwrap(),
    )
}

proptest! {
    #[test]
    fn assigning_twice_adds_nothing(set in names(), chosen in names()) {
        let new: Vec<String> = with(&set, &chosen, missing)
            .into_iter()
            .zip(&chosen)
            .filter(|(new, _)| *new)
            .map(|(_, name)| name.clone())
            .collect();
        let mut after = set.clone();
        for name in &chosen {
            if !after.contains(name) {
                after.push(name.clone());
            }
        }
        let joined = [set, new].concat();
        prop_assert_eq!(&joined, &after);
        prop_assert!(with(&joined, &chosen, missing).iter().all(|new| !new));
    }

    #[test]
    fn unassigning_takes_first_occurrences(set in names(), chosen in names()) {
        let mut slow = set.clone();
        for name in &chosen {
            if let Some(at) = slow.iter().position(|other| other == name) {
                slow.remove(at);
            }
        }
        let stay = with(&set, &chosen, kept);
        let fast: Vec<String> =
            set.into_iter().zip(stay).filter_map(|(name, stays)| stays.then_some(name)).collect();
        prop_assert_eq!(fast, slow);
    }

    #[test]
    fn members_are_selected_and_deselected(
        bones in names(), set in names(), hidden: u64, start: u64,
    ) {
        let bits = with(&bones, &set, members);
        let flag = |mask: u64, bone: usize| u8::from(mask >> (bone % 61) & 1 != 0);
        let before: Vec<u8> = (0..bones.len()).map(|b| flag(start, b)).collect();
        let mut hide: Vec<u8> = (0..bones.len()).map(|b| flag(hidden, b)).collect();
        for on in [true, false] {
            let mut flags = before.clone();
            let mut view = Bones {
                parent: &[],
                connected: None,
                shown: None,
                hidden: Some(&mut hide),
                unselectable: None,
                select: &mut flags,
                select_head: None,
                select_tail: None,
                active: None,
            };
            select(&mut view, &bits, on);
            for (bone, name) in bones.iter().enumerate() {
                let acts = set.contains(name) && hide[bone] == 0;
                let expected = if acts { u8::from(on) } else { before[bone] };
                prop_assert_eq!(flags[bone], expected);
            }
        }
    }

    #[test]
    fn new_names_are_free(sets in names(), wanted in "[ab](\\.00[12])?") {
        let other = [wanted.clone()];
        let name = with(&sets, &other, |sets, wanted| unique_name(sets, wanted.get(0)));
        let name = String::from_utf8(name).unwrap();
        prop_assert!(!sets.contains(&name));
        prop_assert_eq!(name == wanted, !sets.contains(&wanted));
    }
}
