//! The inverse kinematics of a rig: which bones are solved when, and the solving.

use super::frame::{Frame, Numbers};
use super::space::World;
use super::splines::{SplineChain, spline_chains};
use super::{Chain, Constraint, Constraints, Effect, Target};
use crate::channels::{Matrix, load, store};
use crate::hierarchy::Hierarchy;
use crate::ik::{Goal, Input, Joint, Scratch, Tree, tips, trees};

/// An IK constraint in its place.
#[derive(Clone, Copy, Debug)]
struct Placed {
    goal: Goal,
    constraint: usize,
    target: usize,
    pole: Option<usize>,
    /// It never acts.
    is_idle: bool,
}

impl Placed {
    fn influence(&self, numbers: &Numbers) -> f32 {
        if self.is_idle { 0.0 } else { numbers.influence(self.constraint) }
    }
}

/// All chains on one root bone.
#[derive(Clone, Debug)]
struct Group {
    root: usize,
    /// All bones that may be in one of the trees, parents first.
    bones: Vec<usize>,
    /// It shares bones with a group that is solved before.
    shares: bool,
}

/// The inverse kinematics of a rig.
#[derive(Clone, Debug, Default)]
pub(super) struct IkRig {
    parents: Vec<i32>,
    joints: Vec<Joint>,
    goals: Vec<Placed>,
    groups: Vec<Group>,
    /// Their numbers come after those of the groups.
    splines: Vec<SplineChain>,
}

/// What one thread needs for solving.
#[derive(Default)]
pub(super) struct IkScratch {
    solver: Scratch,
    /// Which goals act, and the trees that they make then.
    active: Vec<bool>,
    trees: Vec<Tree>,
    /// Trees with other roots that act share bones.
    shared: bool,
    /// Which bones were solved in this frame.
    solved: Vec<bool>,
}

impl IkScratch {
    /// Whether [`unsettled`](Self::unsettled) is wanted; it costs time.
    pub(super) fn check(&mut self, wanted: bool) {
        self.solver.check = wanted;
    }

    /// Whether the last bit of a number decides where a tree of the frame ended.
    pub(super) fn unsettled(&self) -> bool {
        self.solver.unsettled
    }
}

impl IkRig {
    /// The goals of a rig, grouped by the roots of their chains. `idle` says of each constraint
    /// whether it never acts; groups of such alone are left out.
    pub(super) fn new(
        hierarchy: &Hierarchy,
        constraints: &Constraints,
        idle: Option<&[bool]>,
    ) -> Self {
        let parent = |bone| hierarchy.parent(bone).map_or(-1, |parent| parent as i32);
        let parents: Vec<i32> = (0..hierarchy.len()).map(parent).collect();
        let goals = placed(&parents, constraints, idle);
        let splines = spline_chains(hierarchy, constraints, idle);
        if goals.is_empty() {
            return Self { splines, ..Self::default() };
        }
        let chains: Vec<Vec<usize>> =
            goals.iter().map(|goal| goal.goal.chain(&parents).collect()).collect();
        let mut groups: Vec<Group> = Vec::new();
        for root in 0..parents.len() {
            let of_root: Vec<usize> =
                (0..goals.len()).filter(|goal| chains[*goal].last() == Some(&root)).collect();
            if of_root.iter().all(|goal| goals[*goal].is_idle) {
                continue;
            }
            let mut bones: Vec<usize> =
                of_root.iter().flat_map(|goal| chains[*goal].iter().copied()).collect();
            bones.sort_unstable();
            bones.dedup();
            let shares = groups.iter().any(|group| group.bones.iter().any(|b| bones.contains(b)));
            groups.push(Group { root, bones, shares });
        }
        let joints = constraints.joints.to_vec();
        Self { parents, joints, goals, groups, splines }
    }

    /// The bones that are solved together, one element a group.
    pub(super) fn chains(&self, constraints: &Constraints) -> Vec<Chain> {
        let chain = |group: &Group| {
            let root = |goal: &&Placed| goal.goal.chain(&self.parents).last();
            let goals = self.goals.iter().filter(|goal| root(goal) == Some(group.root));
            let looks_at = goals.clone().flat_map(|goal| [Some(goal.target), goal.pole]).flatten();
            let looks_at = looks_at.filter_map(|target| match constraints.targets[target] {
                Target::Bone(bone, _) => Some(bone),
                Target::Outside => None,
            });
            Chain {
                constraint: goals.clone().next().map_or(0, |goal| goal.constraint),
                bones: group.bones.clone(),
                looks_at: looks_at.collect(),
                owners: goals.map(|goal| goal.goal.bone).collect(),
                known: true,
            }
        };
        let mut chains: Vec<Chain> = self.groups.iter().map(chain).collect();
        for (index, spline) in self.splines.iter().enumerate() {
            let others = self.splines.iter().enumerate().filter(|(other, _)| *other != index);
            let others = others.flat_map(|(_, other)| other.bones());
            let others: Vec<usize> =
                others.chain(self.groups.iter().flat_map(|group| &group.bones)).copied().collect();
            chains.push(spline.chain(constraints, &others));
        }
        chains
    }

    /// The part of it that is left when bones, constraints and targets get new numbers.
    pub(super) fn renumbered(
        &self,
        parents: &[i32],
        old_bones: &[usize],
        bone: impl Fn(usize) -> Option<usize>,
        constraint: impl Fn(usize) -> Option<usize>,
        target: impl Fn(usize) -> Option<usize>,
    ) -> Self {
        let goal = |old: &Placed| {
            // The constraint's own bone only tells goals of the same one.
            let goal = Goal { tip: bone(old.goal.tip)?, ..old.goal };
            let pole = match old.pole {
                Some(pole) => Some(target(pole)?),
                None => None,
            };
            let (constraint, target) = (constraint(old.constraint)?, target(old.target)?);
            Some(Placed { goal, constraint, target, pole, is_idle: old.is_idle })
        };
        let splines = self.splines.iter();
        let splines = splines.map(|old| old.renumbered(&bone, &constraint, &target)).collect();
        let group = |old: &Group| {
            let bones: Option<Vec<usize>> = old.bones.iter().map(|old| bone(*old)).collect();
            let mut bones = bones?;
            bones.sort_unstable();
            Some(Group { root: bone(old.root)?, bones, shares: old.shares })
        };
        // Groups that are not needed have no steps, but keep their numbers.
        let gone = |old: &Group| Group { root: usize::MAX, bones: Vec::new(), shares: old.shares };
        Self {
            parents: parents.to_vec(),
            joints: old_bones.iter().filter_map(|old| self.joints.get(*old)).copied().collect(),
            goals: self.goals.iter().filter_map(goal).collect(),
            groups: self.groups.iter().map(|old| group(old).unwrap_or_else(|| gone(old))).collect(),
            splines,
        }
    }

    /// Begins a frame.
    pub(super) fn begin(&self, scratch: &mut IkScratch) {
        scratch.solver.unsettled = false;
        if !self.groups.is_empty() {
            scratch.solved.clear();
            scratch.solved.resize(self.parents.len(), false);
        }
    }

    /// Solves the trees of a group. Every bone of it is there as hierarchy and constraints have it.
    pub(super) fn solve(
        &self,
        group: usize,
        frame: &mut Frame,
        basis: &[Matrix],
        scratch: &mut IkScratch,
    ) {
        if let Some(spline) = group.checked_sub(self.groups.len()).map(|at| self.splines.get(at)) {
            spline.into_iter().for_each(|spline| spline.solve(frame));
            return;
        }
        let group = &self.groups[group];
        self.find_trees(frame, scratch);
        let IkScratch { solver, trees, solved, shared, .. } = scratch;
        // Blender does not always solve such chains in the same order.
        solver.unsettled |= *shared && solver.check;
        let mut moved = group.shares;
        for tree in trees.iter().filter(|tree| tree.root() == group.root) {
            if moved {
                place_unsolved(group, frame, basis, solved);
            }
            let Frame { parts, world, numbers, .. } = *frame;
            let goals = Goals { rig: self, targets: parts.constraints.targets, world, numbers };
            tree.solve(parts.hierarchy, &goals, frame.pose, solver);
            tree.bones().for_each(|bone| solved[bone] = true);
            moved = true;
        }
        if moved {
            place_unsolved(group, frame, basis, solved);
        }
    }

    /// Makes the trees, if not the same goals act as before.
    fn find_trees(&self, frame: &Frame, scratch: &mut IkScratch) {
        let acts = |goal: &Placed| goal.influence(&frame.numbers) != 0.0;
        let same = scratch.active.len() == self.goals.len()
            && self.goals.iter().zip(&scratch.active).all(|(goal, active)| acts(goal) == *active);
        if !same {
            scratch.active = self.goals.iter().map(acts).collect();
            let goals: Vec<Goal> = self.goals.iter().map(|goal| goal.goal).collect();
            scratch.trees = trees(&self.parents, &self.joints, &goals, &scratch.active);
            scratch.shared = scratch.trees.iter().any(|tree| tree.shares(&scratch.trees));
        }
    }
}

/// Bones that no tree has solved follow those that were.
fn place_unsolved(group: &Group, frame: &mut Frame, basis: &[Matrix], solved: &[bool]) {
    for bone in group.bones.iter().filter(|bone| !solved[**bone]) {
        frame.place(*bone, &basis[*bone]);
    }
}

/// The IK constraints that have a target and a chain, by their bones.
fn placed(parents: &[i32], constraints: &Constraints, idle: Option<&[bool]>) -> Vec<Placed> {
    let found = |(constraint, with): (usize, &Constraint)| {
        let Effect::Ik(goal, use_tail) = with.effect else { return None };
        let mut targets = with.targets.clone();
        let target = targets.next()?;
        let pole = targets.next().filter(|_| goal.pole.is_some());
        let goal = Goal { bone: with.bone, pole: goal.pole.filter(|_| pole.is_some()), ..goal };
        let is_idle = idle.is_some_and(|idle| idle[constraint]);
        Some((use_tail, Placed { goal, constraint, target, pole, is_idle }))
    };
    let mut goals: Vec<_> = constraints.list.iter().enumerate().filter_map(found).collect();
    goals.sort_by_key(|(_, placed)| placed.goal.bone);
    let ends: Vec<_> = goals.iter().map(|(tail, placed)| (placed.goal.bone, *tail)).collect();
    let tips = tips(parents, &ends);
    let placed = goals.into_iter().zip(tips).filter_map(|((_, mut placed), tip)| {
        placed.goal.tip = tip?;
        Some(placed)
    });
    placed.collect()
}

/// What the goals look at in one frame.
struct Goals<'a> {
    rig: &'a IkRig,
    targets: &'a [Target],
    world: &'a World,
    numbers: Numbers<'a>,
}

impl Goals<'_> {
    fn matrix(&self, target: usize, pose: &[Matrix]) -> Matrix {
        match self.targets[target] {
            Target::Bone(bone, _) => pose[bone],
            Target::Outside => {
                let matrices = self.numbers.target_matrices;
                let matrix = matrices.map_or(glam::Affine3A::IDENTITY, |m| load(&m[target]));
                store(&self.world.from(&matrix))
            }
        }
    }
}

impl Input for Goals<'_> {
    fn influence(&self, goal: usize) -> f32 {
        self.rig.goals[goal].influence(&self.numbers)
    }

    fn settings(&self, goal: usize, made_with: &Goal) -> Goal {
        let Some(values) = self.numbers.values else { return *made_with };
        let [weight, orient_weight, pole_angle, ..] = values[self.rig.goals[goal].constraint];
        Goal {
            location: made_with.location.map(|_| weight),
            rotation: made_with.rotation.map(|_| orient_weight),
            pole: made_with.pole.map(|_| pole_angle),
            ..*made_with
        }
    }

    fn target(&self, goal: usize, pose: &[Matrix]) -> Matrix {
        self.matrix(self.rig.goals[goal].target, pose)
    }

    fn pole(&self, goal: usize, pose: &[Matrix]) -> Matrix {
        let Placed { target, pole, .. } = self.rig.goals[goal];
        self.matrix(pole.unwrap_or(target), pose)
    }
}
