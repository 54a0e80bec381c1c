//! The Spline IK of a rig: which bones are laid along which curve.

use super::frame::Frame;
use super::{Chain, Constraint, Constraints, Effect, Target};
use crate::channels::{load, store};
use crate::hierarchy::Hierarchy;
use crate::spline_ik::{Link, SplineIk, shares};
use glam::Affine3A;

/// A chain of bones on a curve.
#[derive(Clone, Debug)]
pub(super) struct SplineChain {
    settings: SplineIk,
    constraint: usize,
    target: usize,
    /// From root to tip.
    bones: Vec<usize>,
    /// The part of the curve of each bone.
    shares: Vec<f32>,
}

/// The bone of the constraint and its ancestors, from root to tip.
fn bones(hierarchy: &Hierarchy, constraint: &Constraint, count: usize) -> Vec<usize> {
    let up = |bone: &usize| hierarchy.parent(*bone);
    let mut bones: Vec<_> = std::iter::successors(Some(constraint.bone), up).take(count).collect();
    bones.reverse();
    bones
}

/// The chains of a rig; `idle` says of each constraint whether it never acts.
pub(super) fn spline_chains(
    hierarchy: &Hierarchy,
    constraints: &Constraints,
    idle: Option<&[bool]>,
) -> Vec<SplineChain> {
    let acts = |index: usize| !idle.is_some_and(|idle| idle[index]);
    let chain = |(index, constraint): (usize, &Constraint)| {
        let Effect::SplineIk(settings) = constraint.effect else { return None };
        let target = constraint.targets.clone().next()?;
        let bones = bones(hierarchy, constraint, settings.chain_count);
        let lengths = bones.iter().map(|bone| hierarchy.length(*bone));
        let shares = shares(lengths, settings.even_divisions);
        acts(index).then_some(SplineChain { settings, constraint: index, target, bones, shares })
    };
    constraints.list.iter().enumerate().filter_map(chain).collect()
}

impl SplineChain {
    /// The bones that are changed together. `others` are the bones of all other chains: what two
    /// solvers share is not done here, nor is what [`SplineIk::is_known_on`] does not know.
    pub(super) fn chain(&self, constraints: &Constraints, others: &[usize]) -> Chain {
        let shares = self.bones.iter().any(|bone| others.contains(bone));
        let curve = constraints.paths.get(self.settings.curve);
        let path = curve.and_then(|curve| curve.path.as_ref());
        let is_known = path.is_some_and(|path| self.settings.is_known_on(path));
        let looks_at = match constraints.targets[self.target] {
            Target::Bone(bone, _) => vec![bone],
            Target::Outside => Vec::new(),
        };
        Chain {
            constraint: self.constraint,
            bones: self.bones.clone(),
            looks_at,
            owners: vec![constraints.list[self.constraint].bone],
            known: is_known && !shares,
        }
    }

    /// The bones of the chain.
    pub(super) fn bones(&self) -> &[usize] {
        &self.bones
    }

    /// The chain with other numbers; one that is not needed has no bones.
    pub(super) fn renumbered(
        &self,
        bone: impl Fn(usize) -> Option<usize>,
        constraint: impl Fn(usize) -> Option<usize>,
        target: impl Fn(usize) -> Option<usize>,
    ) -> Self {
        let bones: Option<Vec<usize>> = self.bones.iter().map(|old| bone(*old)).collect();
        match (bones, constraint(self.constraint), target(self.target)) {
            (Some(bones), Some(constraint), Some(target)) => {
                Self { bones, constraint, target, ..self.clone() }
            }
            _ => Self { bones: Vec::new(), ..self.clone() },
        }
    }

    /// Lays the chain along its curve. Every bone of it is there as hierarchy and constraints have
    /// it.
    pub(super) fn solve(&self, frame: &mut Frame) {
        if self.bones.is_empty() {
            return;
        }
        let Frame { parts, world, numbers, .. } = *frame;
        let influence = numbers.influence(self.constraint);
        let curve = parts.constraints.paths.get(self.settings.curve);
        let Some(path) = curve.and_then(|curve| curve.path.as_ref()) else { return };
        if influence == 0.0 {
            return;
        }
        let mut settings = self.settings;
        if let (Some(values), Some(true)) =
            (numbers.values, parts.animated.map(|animated| animated[self.constraint]))
        {
            settings.bulge = settings.bulge.with_bulge(&values[self.constraint]);
        }
        let matrices = numbers.target_matrices;
        let curve = matrices.map_or(Affine3A::IDENTITY, |matrices| load(&matrices[self.target]));
        let place = if settings.chain_offset { Affine3A::IDENTITY } else { curve };
        let lengths = self.bones.iter().map(|bone| parts.hierarchy.length(*bone));
        let links = lengths.zip(&self.shares).map(|(length, share)| Link { length, share: *share });
        let links: Vec<Link> = links.collect();
        let mut pose: Vec<Affine3A> =
            self.bones.iter().map(|bone| load(&frame.pose[*bone])).collect();
        settings.solve(path, &world.from(&place), influence, &links, &mut pose);
        for (bone, pose) in self.bones.iter().zip(&pose) {
            frame.pose[*bone] = store(pose);
        }
    }
}
