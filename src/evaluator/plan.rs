//! In which order bones are evaluated, and which ones can be.

use super::{Constraint, Constraints, Effect, Target};
use crate::constraints::Kind;
use crate::hierarchy::Hierarchy;
use core::ops::Range;

/// Whether a bone can be evaluated, and if not, why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum State {
    /// It can.
    #[default]
    Evaluable = 0,
    /// A constraint that is not done here changes it.
    Unsupported = 1,
    /// It depends on itself by way of other bones, or lies between two such cycles.
    Cycle = 2,
    /// It depends on a bone that cannot be evaluated.
    Depends = 3,
}

/// The order of evaluation of one rig.
pub struct Plan {
    order: Vec<u32>,
    states: Vec<State>,
    /// Constraints by bone: those of bone `b` are `sorted[first[b]..first[b + 1]]`.
    first: Vec<u32>,
    sorted: Vec<u32>,
}

/// Lists of numbers, one list a key, in one array; `pairs` are (key, value).
fn grouped(count: usize, pairs: &[(u32, u32)]) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0u32; count + 1];
    for (key, _) in pairs {
        first[*key as usize + 1] += 1;
    }
    for key in 0..count {
        first[key + 1] += first[key];
    }
    let (mut next, mut values) = (first.clone(), vec![0; pairs.len()]);
    for (key, value) in pairs {
        let at = &mut next[*key as usize];
        values[*at as usize] = *value;
        *at += 1;
    }
    (first, values)
}

fn group((first, values): &(Vec<u32>, Vec<u32>), key: u32) -> &[u32] {
    let key = key as usize;
    &values[first[key] as usize..first[key + 1] as usize]
}

/// Takes away the bones that nothing is left to wait for, again and again; gives them in order.
/// `edges` are (bone that waits, bone it waits for) of the bones that are in `among`.
fn peel(count: usize, edges: &[(u32, u32)], among: &[bool]) -> Vec<u32> {
    let mut waits = vec![0u32; count];
    let mut reversed = Vec::with_capacity(edges.len());
    for (bone, other) in edges {
        if among[*bone as usize] && among[*other as usize] {
            waits[*bone as usize] += 1;
            reversed.push((*other, *bone));
        }
    }
    let followers = grouped(count, &reversed);
    let mut order: Vec<u32> =
        (0..count as u32).filter(|b| among[*b as usize] && waits[*b as usize] == 0).collect();
    let mut at = 0;
    while let Some(bone) = order.get(at).copied() {
        at += 1;
        for follower in group(&followers, bone) {
            waits[*follower as usize] -= 1;
            if waits[*follower as usize] == 0 {
                order.push(*follower);
            }
        }
    }
    order
}

/// What each bone waits for: its parent, and the bones that its constraints look at.
fn dependencies(hierarchy: &Hierarchy, constraints: &Constraints) -> Vec<(u32, u32)> {
    let parents = (0..hierarchy.len()).filter_map(|bone| {
        let parent = hierarchy.parent(bone)?;
        Some((bone as u32, parent as u32))
    });
    let mut edges: Vec<(u32, u32)> = parents.collect();
    for constraint in constraints.list {
        let owner = constraint.bone as u32;
        for target in &constraints.targets[constraint.targets.clone()] {
            if let Target::Bone(bone, _) = target {
                edges.push((owner, *bone as u32));
                // Its local space needs its parent, too, on which it depends anyway.
            }
        }
        if let (Some(bone), true) = (constraint.space_bone, constraint.uses_custom()) {
            edges.push((owner, bone as u32));
        }
    }
    edges
}

/// Whether a constraint cannot be done, and then how many ancestors of its bone it changes.
fn unsupported(constraint: &Constraint, targets: &[Target]) -> Option<usize> {
    match constraint.effect {
        Effect::Unknown(ancestors) => Some(ancestors),
        // The rest matrices of another armature's bones are not known here.
        Effect::Known(Kind::Armature(_)) => {
            targets[constraint.targets.clone()].contains(&Target::Outside).then_some(0)
        }
        Effect::Known(_) => None,
    }
}

impl Plan {
    /// The plan for a rig. Bone numbers of the constraints must exist in the hierarchy.
    ///
    /// # Panics
    /// If a constraint names a bone or target that does not exist.
    pub fn new(hierarchy: &Hierarchy, constraints: &Constraints) -> Self {
        let count = hierarchy.len();
        let edges = dependencies(hierarchy, constraints);
        let order = peel(count, &edges, &vec![true; count]);
        let mut states = vec![State::Evaluable; count];
        if order.len() < count {
            mark_cycles(&edges, &order, &mut states);
        }
        for constraint in constraints.list {
            let Some(ancestors) = unsupported(constraint, constraints.targets) else { continue };
            let mut bone = Some(constraint.bone);
            for _ in 0..=ancestors.min(count) {
                let Some(now) = bone else { break };
                if states[now] == State::Evaluable {
                    states[now] = State::Unsupported;
                }
                bone = hierarchy.parent(now);
            }
        }
        let waits = grouped(count, &edges);
        for bone in &order {
            let blocked = |other: &u32| states[*other as usize] != State::Evaluable;
            if states[*bone as usize] == State::Evaluable
                && group(&waits, *bone).iter().any(blocked)
            {
                states[*bone as usize] = State::Depends;
            }
        }
        let owners = constraints.list.iter().enumerate();
        let owners: Vec<_> = owners.map(|(index, c)| (c.bone as u32, index as u32)).collect();
        let (first, sorted) = grouped(count, &owners);
        let order = order.into_iter().filter(|b| states[*b as usize] == State::Evaluable).collect();
        Self { order, states, first, sorted }
    }

    /// The bones that can be evaluated, each after those that it depends on.
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// One a bone.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The constraints of a bone, in the order in which they act.
    pub(super) fn stack(&self, bone: usize) -> &[u32] {
        let range: Range<usize> = self.first[bone] as usize..self.first[bone + 1] as usize;
        &self.sorted[range]
    }
}

/// Tells the bones in cycles from those behind them; `order` are the ones with neither.
fn mark_cycles(edges: &[(u32, u32)], order: &[u32], states: &mut [State]) {
    let mut left = vec![true; states.len()];
    order.iter().for_each(|bone| left[*bone as usize] = false);
    let reversed: Vec<_> = edges.iter().map(|(bone, other)| (*other, *bone)).collect();
    let behind = peel(states.len(), &reversed, &left);
    for (state, left) in states.iter_mut().zip(&left) {
        if *left {
            *state = State::Cycle;
        }
    }
    behind.iter().for_each(|bone| states[*bone as usize] = State::Depends);
}
