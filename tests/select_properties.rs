//! Laws of the selection functions on random rigs, and slow models of the fast walks.

use limber::Rules;
use limber::select::{
    self, Action, Bones, Direction, Relation, hide, reveal, select_all, select_hierarchy,
    select_linked, select_linked_from, select_matching, select_mirror, select_related,
    select_targets,
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Rig {
    parent: Vec<i32>,
    connected: Vec<u8>,
    shown: Vec<u8>,
    hidden: Vec<u8>,
    unselectable: Vec<u8>,
    select: Vec<u8>,
    active: Option<usize>,
}

impl Rig {
    fn bones(&mut self) -> Bones<'_> {
        Bones {
            parent: &self.parent,
            connected: Some(&self.connected),
            shown: Some(&self.shown),
            hidden: Some(&mut self.hidden),
            unselectable: Some(&self.unselectable),
            select: &mut self.select,
            select_head: None,
            select_tail: None,
            active: self.active,
        }
    }

    fn visible(&self, bone: usize) -> bool {
        self.shown[bone] != 0 && self.hidden[bone] == 0
    }

    fn selected(&self, bone: usize) -> bool {
        self.visible(bone) && self.select[bone] != 0
    }
}

fn rig() -> impl Strategy<Value = Rig> {
    let bone = (any::<u32>(), 0u8..4, 0u8..5, 0u8..5, 0u8..5, 0u8..2);
    (proptest::collection::vec(bone, 1..24), any::<u32>()).prop_map(|(bones, active)| {
        let count = bones.len();
        Rig {
            parent: bones
                .iter()
                .enumerate()
                .map(|(i, bone)| (bone.0 as usize % (i + 1)) as i32 - 1)
                .collect(),
            connected: bones.iter().map(|bone| u8::from(bone.1 != 0)).collect(),
            shown: bones.iter().map(|bone| u8::from(bone.2 != 0)).collect(),
            hidden: bones.iter().map(|bone| u8::from(bone.3 == 0)).collect(),
            unselectable: bones.iter().map(|bone| u8::from(bone.4 == 0)).collect(),
            select: bones.iter().map(|bone| bone.5).collect(),
            active: Some(active as usize % (count + 1)).filter(|bone| *bone < count),
        }
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    prop_oneof![Just(Rules::Blender45), Just(Rules::Blender52)]
}

/// Blender's walk as it is described: every chain from every selected bone.
fn slow_linked(rig: &mut Rig, rules: Rules) {
    fn below(rig: &mut Rig, bone: usize) {
        for child in 0..rig.parent.len() {
            let of_bone = rig.parent[child] == bone as i32;
            if of_bone && rig.connected[child] != 0 && rig.unselectable[child] == 0 {
                rig.select[child] = 1;
                below(rig, child);
            }
        }
    }
    for bone in 0..rig.parent.len() {
        if !rig.selected(bone) {
            continue;
        }
        let mut at = bone;
        while rig.visible(at) && rig.unselectable[at] == 0 {
            rig.select[at] = 1;
            if rig.connected[at] == 0 || rig.parent[at] < 0 {
                break;
            }
            at = rig.parent[at] as usize;
        }
        if rules == Rules::Blender45 || rig.unselectable[bone] == 0 {
            below(rig, bone);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn linked_agrees_with_the_plain_walk(mut rig in rig(), rules in rules()) {
        let mut slow = rig.clone();
        slow_linked(&mut slow, rules);
        select_linked(&mut rig.bones(), rules);
        prop_assert_eq!(rig.select, slow.select);
    }

    #[test]
    fn all_selects_what_is_selectable_and_nothing_hidden(rig in rig()) {
        for action in [Action::Select, Action::Deselect, Action::Invert] {
            let mut after = rig.clone();
            select_all(&mut after.bones(), action);
            for bone in 0..rig.parent.len() {
                if !rig.visible(bone) {
                    prop_assert_eq!(after.select[bone], rig.select[bone]);
                    continue;
                }
                let (on, able) = (rig.select[bone] != 0, rig.unselectable[bone] == 0);
                let expected = match action {
                    Action::Select => on || able,
                    Action::Deselect => false,
                    Action::Invert => !on && able,
                };
                prop_assert_eq!(after.select[bone] != 0, expected);
            }
        }
    }

    #[test]
    fn the_hierarchy_goes_to_relatives_only(rig in rig(), extend: bool, down: bool, rules in rules()) {
        let direction = if down { Direction::Child } else { Direction::Parent };
        let mut after = rig.clone();
        let mut bones = after.bones();
        let found = select_hierarchy(&mut bones, direction, extend, rules);
        let active = bones.active;
        let gained: Vec<usize> =
            (0..rig.parent.len()).filter(|b| after.select[*b] > rig.select[*b]).collect();
        for bone in &gained {
            let relative = (0..rig.parent.len()).any(|other| {
                let from = rig.selected(other) || rig.active == Some(other);
                let (child, parent) = if down { (*bone, other) } else { (other, *bone) };
                from && rig.parent[child] == parent as i32
            });
            prop_assert!(relative && rig.unselectable[*bone] == 0);
        }
        prop_assert!(found || gained.is_empty());
        if extend {
            prop_assert!((0..rig.parent.len()).all(|b| after.select[b] >= rig.select[b]));
        }
        if !found {
            prop_assert_eq!(active, rig.active);
        }
    }

    #[test]
    fn mirroring_exchanges_two_sides(mut rig in rig()) {
        let count = rig.parent.len();
        let mirror: Vec<Option<usize>> =
            (0..count).map(|bone| Some(bone ^ 1).filter(|other| *other < count)).collect();
        rig.hidden.fill(0);
        rig.shown.fill(1);
        rig.unselectable.fill(0);
        let before = rig.clone();
        let mut bones = rig.bones();
        select_mirror(&mut bones, &mirror, false, false);
        let active = bones.active;
        for (bone, other) in mirror.iter().enumerate() {
            let expected = other.map_or(before.select[bone], |other| before.select[other]);
            prop_assert_eq!(rig.select[bone], expected);
        }
        let moved = before.active.map(|bone| mirror[bone].unwrap_or(bone));
        prop_assert_eq!(active, moved);
    }

    #[test]
    fn relatives_are_those_that_the_parents_say(rig in rig(), rules in rules()) {
        let related = |bone: usize, relation: Relation| -> bool {
            let mut up = rig.parent[bone];
            match relation {
                Relation::Children => {
                    while up >= 0 && !rig.selected(up as usize) {
                        up = rig.parent[up as usize];
                    }
                    up >= 0
                }
                Relation::ChildrenImmediate => up >= 0 && rig.selected(up as usize),
                Relation::Parent => (0..rig.parent.len())
                    .any(|child| rig.parent[child] == bone as i32 && rig.selected(child)),
                Relation::Siblings => (0..rig.parent.len()).any(|other| {
                    let roots = rules == Rules::Blender45 || up >= 0;
                    rig.parent[other] == up && rig.selected(other) && roots
                }),
            }
        };
        for relation in [
            Relation::Children,
            Relation::ChildrenImmediate,
            Relation::Parent,
            Relation::Siblings,
        ] {
            let mut after = rig.clone();
            select_related(&mut after.bones(), relation, true, rules);
            for bone in 0..rig.parent.len() {
                let mut able = rig.visible(bone);
                if relation == Relation::Parent && rules == Rules::Blender52 {
                    able = rig.shown[bone] != 0;
                }
                let gains = able && rig.unselectable[bone] == 0 && related(bone, relation);
                let expected = rig.select[bone] != 0 || gains;
                prop_assert_eq!(after.select[bone] != 0, expected, "{:?} {}", relation, bone);
            }
        }
    }

    #[test]
    fn hidden_bones_come_back(rig in rig(), unselected: bool) {
        let mut after = rig.clone();
        let found = hide(&mut after.bones(), unselected);
        for bone in 0..rig.parent.len() {
            let goes = rig.shown[bone] != 0 && (rig.select[bone] != 0) != unselected;
            prop_assert_eq!(after.hidden[bone] != 0, goes || rig.hidden[bone] != 0);
            prop_assert_eq!(after.select[bone] != 0, !goes && rig.select[bone] != 0);
            prop_assert!(found || !goes);
        }
        reveal(&mut after.bones(), true);
        for bone in 0..rig.parent.len() {
            prop_assert!(after.shown[bone] == 0 || after.hidden[bone] == 0);
        }
    }

    #[test]
    fn a_chain_is_taken_back_by_deselecting_it(rig in rig(), bone: prop::sample::Index) {
        let bone = bone.index(rig.parent.len());
        let mut after = rig.clone();
        after.select.fill(0);
        select_linked_from(&mut after.bones(), bone, true);
        prop_assert!((0..rig.parent.len())
            .all(|b| after.select[b] == 0 || rig.unselectable[b] == 0));
        select_linked_from(&mut after.bones(), bone, false);
        prop_assert!(after.select.iter().all(|on| *on == 0));
    }

    #[test]
    fn matches_alone_stay_selected(rig in rig(), kept: u32, rules in rules()) {
        let matches: Vec<bool> = (0..rig.parent.len()).map(|b| kept >> (b % 32) & 1 != 0).collect();
        let mut after = rig.clone();
        select_matching(&mut after.bones(), &matches, false, rules);
        for (bone, matches) in matches.into_iter().enumerate().filter(|(b, _)| rig.visible(*b)) {
            let able = rules == Rules::Blender52 || rig.unselectable[bone] == 0;
            prop_assert_eq!(after.select[bone] != 0, matches && able);
        }
    }

    #[test]
    fn targets_follow_from_owner_to_owner(
        rig in rig(),
        pairs in proptest::collection::vec((0usize..24, 0usize..24), 0..30),
    ) {
        let count = rig.parent.len();
        let mut pairs: Vec<_> = pairs.into_iter().map(|(a, b)| (a % count, b % count)).collect();
        pairs.sort_by_key(|pair| pair.0);
        let mut slow = rig.clone();
        for bone in 0..count {
            for (_, target) in pairs.iter().filter(|(owner, _)| *owner == bone) {
                if slow.selected(bone) && rig.unselectable[*target] == 0 {
                    slow.select[*target] = 1;
                }
            }
        }
        let mut after = rig.clone();
        select_targets(&mut after.bones(), &pairs);
        prop_assert_eq!(after.select, slow.select);
    }
}

#[test]
fn groups_are_looked_up_by_id() {
    let matches = select::in_groups(&[0, 1, 1, 3], &[5, 6, 9], &[9, 5]);
    assert_eq!(matches, [true, false, true]);
}
