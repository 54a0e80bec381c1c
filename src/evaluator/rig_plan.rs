//! A whole rig made ready once, of which any frames can be evaluated.

use super::actions::BoneAction;
use super::driver::Driver;
use super::graph::Lists;
use super::ik::IkRig;
use super::moving::OwnCurve;
use super::plan::{Finding, Plan, Step, Wiring, chains};
use super::renumber::Renumber;
use super::rig_input::{Draft, RigInput};
use super::{Constraint, Effect, Slot, Slots, State, Target};
use crate::channels::{Matrix, load, store};
use crate::constraints::values::Values;
use crate::error::Result;
use crate::fcurve::{Curve, Keys};
use crate::hierarchy::{Hierarchy, Rig};
use crate::par;
use crate::path::Curve as PathCurve;
use crate::pose_matrices::EightKernel;
use rayon::prelude::*;

/// The part of a rig that the wanted results need, bones in an order of evaluation.
pub struct RigPlan {
    /// Computes eight frames of plain bones at once.
    pub(super) kernel: Option<EightKernel>,
    pub(super) bones: OwnRig,
    pub(super) modes: Vec<i32>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) targets: Vec<Target>,
    /// World matrices of the custom spaces, one a constraint, if any is given.
    pub(super) spaces: Option<Vec<Matrix>>,
    /// Constraints by bone.
    pub(super) stacks: Lists,
    /// Which constraints have moving numbers.
    pub(super) animated: Vec<bool>,
    pub(super) slots: Slots,
    /// The numbers that do not move, in their slots.
    pub(super) row: Vec<f32>,
    pub(super) curves: Vec<(usize, OwnCurve)>,
    pub(super) drivers: Vec<Driver>,
    /// Drivers that need no bone.
    pub(super) early: Vec<usize>,
    /// The first bones need nothing but their channels and their parents, which are among them.
    pub(super) plain: usize,
    /// What is left to do after these.
    pub(super) steps: Vec<Step>,
    /// Which bones have channels that are moved by drivers that need bones.
    pub(super) late: Vec<bool>,
    /// Bone numbers of the results; `None` for one that cannot be evaluated.
    pub(super) chosen: Vec<Option<usize>>,
    /// Slots of the results; `None` for one that cannot be evaluated.
    pub(super) wanted: Vec<Option<usize>>,
    /// The caller's number of each target, and how many it has.
    pub(super) target_from: Vec<usize>,
    pub(super) target_count: usize,
    pub(super) target_matrices: Vec<Matrix>,
    pub(super) driver_matrices: Vec<Matrix>,
    pub(super) object: Matrix,
    pub(super) ik: IkRig,
    /// One a constraint, or none at all.
    pub(super) actions: Vec<BoneAction>,
    pub(super) paths: Vec<PathCurve>,
    findings: Vec<Finding>,
    slot_findings: Vec<Finding>,
}

/// [`Rig`] with its own memory.
#[derive(Default)]
pub(super) struct OwnRig {
    pub(super) parents: Vec<i32>,
    pub(super) rest: Vec<Matrix>,
    pub(super) offsets: Vec<Matrix>,
    pub(super) lengths: Vec<f32>,
    pub(super) inherit_scale: Vec<i32>,
    pub(super) use_inherit_rotation: Vec<u8>,
    pub(super) use_local_location: Vec<u8>,
    pub(super) use_connect: Vec<u8>,
    /// Whether all inherit settings are the usual ones.
    pub(super) usual: bool,
}

impl OwnRig {
    /// The first `count` bones.
    pub(super) fn first(&self, count: usize) -> Rig<'_> {
        let unusual = !self.usual;
        Rig {
            parents: &self.parents[..count],
            rest: &self.rest[..count],
            offsets: Some(&self.offsets[..count]),
            lengths: Some(&self.lengths[..count]),
            inherit_scale: unusual.then(|| &self.inherit_scale[..count]),
            use_inherit_rotation: unusual.then(|| &self.use_inherit_rotation[..count]),
            use_local_location: unusual.then(|| &self.use_local_location[..count]),
            use_connect: unusual.then(|| &self.use_connect[..count]),
        }
    }

    /// These bones of a rig, with the new numbers of their parents.
    fn of(hierarchy: &Hierarchy, bones: &[usize], new: &Renumber) -> Self {
        let inherits: Vec<_> = bones.iter().map(|bone| hierarchy.inherit(*bone)).collect();
        let connected: Vec<_> =
            bones.iter().map(|bone| u8::from(hierarchy.is_connected(*bone))).collect();
        let usual = inherits.iter().all(|inherit| *inherit == Default::default());
        let parent = |bone: &usize| {
            let parent = hierarchy.parent(*bone).and_then(|parent| new.bone(parent));
            parent.map_or(-1, |parent| parent as i32)
        };
        let clean = |m: &Matrix| store(&load(m));
        Self {
            parents: bones.iter().map(parent).collect(),
            rest: bones.iter().map(|bone| clean(&hierarchy.rest()[*bone])).collect(),
            offsets: bones.iter().map(|bone| clean(&hierarchy.offsets()[*bone])).collect(),
            lengths: bones.iter().map(|bone| hierarchy.length(*bone)).collect(),
            inherit_scale: inherits.iter().map(|inherit| inherit.scale as i32).collect(),
            use_inherit_rotation: inherits.iter().map(|i| u8::from(i.rotation)).collect(),
            use_local_location: inherits.iter().map(|i| u8::from(i.local_location)).collect(),
            usual: usual && connected.iter().all(|connected| *connected == 0),
            use_connect: connected,
        }
    }
}

impl RigPlan {
    /// Makes the plan; `curve` gives the curves by number.
    ///
    /// # Errors
    /// Those of [`Hierarchy::new`].
    ///
    /// # Panics
    /// If arrays do not fit together, or a number of a bone, target or slot does not exist.
    pub fn new<'a, K: Keys>(
        input: &'a RigInput<'a>,
        curve: impl Fn(usize) -> Curve<'a, K> + Sync,
    ) -> Result<Self> {
        let hierarchy = Hierarchy::new(input.rig)?;
        let draft = Draft::new(input, &curve);
        let links = draft.links();
        let ik = IkRig::new(&hierarchy, &input.constraints, Some(&draft.idle));
        let chains = chains(&hierarchy, &input.constraints, Some(&draft.idle), &ik);
        let plan = Plan::of(&Wiring {
            hierarchy: &hierarchy,
            constraints: &input.constraints,
            idle: Some(&draft.idle),
            chains: &chains,
            drivers: &links,
            given: input.given,
        });
        let new = Renumber::new(&draft, &plan, &links, &chains);
        let made = Self::assemble(&hierarchy, &draft, &plan, &new, &curve);
        let ik = ik.renumbered(
            &made.bones.parents,
            &new.bones,
            |bone| new.bone(bone),
            |constraint| new.constraint(constraint),
            |target| new.target(target),
        );
        Ok(Self { ik, ..made })
    }

    /// The same plan, by a kernel that computes eight frames at once; the results are the same.
    pub fn by_eight(self, kernel: Option<EightKernel>) -> Self {
        Self { kernel, ..self }
    }

    fn assemble<'a, K: Keys>(
        hierarchy: &Hierarchy,
        draft: &Draft<'a>,
        plan: &Plan,
        new: &Renumber,
        curve: &(impl Fn(usize) -> Curve<'a, K> + Sync),
    ) -> Self {
        let input = draft.input;
        let modes = input.channels.rotation_mode;
        let constraints = new.constraints(input.constraints.list);
        let owners = constraints.iter().enumerate();
        let owners =
            owners.filter(|(_, c)| !matches!(c.effect, Effect::Ik(..) | Effect::SplineIk(_)));
        let owners = owners.map(|(i, c)| (c.bone as u32, i as u32));
        let own = |index: &usize| {
            let slot = new.slot(input.curve_slots[*index])?;
            let own = OwnCurve::new(&curve(*index)).written(input.write(*index, &draft.slots));
            Some((slot, own))
        };
        // Copying the keys of a curve takes about a microsecond.
        let curves: Vec<_> = par::run(
            1000 * draft.curves.len(),
            || draft.curves.iter().filter_map(own).collect(),
            || draft.curves.par_iter().with_min_len(64).filter_map(own).collect(),
        );
        let value = draft.slots.range(Slot::Value);
        let moving_values = |old: &usize| {
            let first = value.start + size_of::<Values>() / 4 * old;
            draft.moves[first..first + 16].contains(&true)
        };
        let spaces = input.constraints.spaces;
        let actions = new.constraints.iter().filter_map(|old| input.constraints.actions.get(*old));
        let matrices = input.target_matrices;
        let identity = store(&glam::Affine3A::IDENTITY);
        let target_matrices = new.targets.iter().map(|old| matrices.map_or(identity, |m| m[*old]));
        let findings = input.chosen.map_or_else(
            || plan.findings().to_vec(),
            |chosen| chosen.iter().map(|bone| plan.findings()[*bone]).collect(),
        );
        Self {
            kernel: None,
            bones: OwnRig::of(hierarchy, &new.bones, new),
            modes: new.bones.iter().map(|b| modes.map_or(0, |modes| modes[*b])).collect(),
            stacks: Lists::new(new.bones.len(), owners),
            constraints,
            targets: new.targets(input.constraints.targets),
            spaces: spaces.map(|s| new.constraints.iter().map(|old| s[*old]).collect()),
            // Base numbers may differ from those that the kinds were made of, where something
            // constant was folded into them.
            animated: new.constraints.iter().map(|old| moving_values(old) || new.folded).collect(),
            row: new.row(draft),
            slots: new.slots.clone(),
            curves,
            drivers: new.drivers(draft),
            early: new.early.clone(),
            plain: new.plain,
            steps: new.steps.clone(),
            late: new.late.clone(),
            chosen: new.chosen.clone(),
            wanted: new.wanted.clone(),
            target_from: new.targets.clone(),
            target_count: input.constraints.targets.len(),
            target_matrices: target_matrices.collect(),
            driver_matrices: input.driver_matrices.to_vec(),
            object: input.object.copied().unwrap_or(identity),
            ik: IkRig::default(),
            actions: actions.cloned().collect(),
            paths: input.constraints.paths.to_vec(),
            findings,
            slot_findings: new.wanted_findings.clone(),
        }
    }

    /// One a chosen bone: whether it is evaluated. Causes are numbers of the whole rig.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// One a wanted number.
    pub fn slot_findings(&self) -> &[Finding] {
        &self.slot_findings
    }

    /// How many matrices drivers look at.
    pub fn driver_matrix_count(&self) -> usize {
        self.driver_matrices.len()
    }

    /// Number of bones whose matrices are evaluated on the way to the results.
    pub fn evaluated_bones(&self) -> usize {
        self.bones.parents.len()
    }

    /// Whether everything that was asked for is evaluated.
    pub fn is_complete(&self) -> bool {
        let done = |finding: &Finding| finding.state == State::Evaluable;
        self.findings.iter().all(done) && self.slot_findings.iter().all(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluator::{Constraints, Limits, Outputs, Outside, Rule, Slot, Variable, Write};
    use crate::fcurve::Key;

    fn key(frame: f32, value: f32) -> Key {
        Key { point: [frame, value], interpolation: 1, ..bytemuck::Zeroable::zeroed() }
    }

    #[test]
    fn drivers_of_what_does_not_move_are_calculated_once() {
        let rest = [glam::Mat4::IDENTITY.to_cols_array()];
        let slots = Slots::new(1, 0, 0, 5);
        let custom = |index| slots.at(Slot::Custom, index).unwrap();
        let sum = |slot, variables: Vec<Variable>| Driver {
            slot,
            rule: Rule::Sum,
            variables,
            curve: None,
            write: Write::Float(Limits::NONE),
        };
        let read = |index| Variable::Slot(custom(index));
        let location = |axis| slots.at(Slot::Location, axis).unwrap();
        let drivers = [
            // By way of another driver, of a number and of a curve that stays at one value.
            sum(location(0), vec![read(1), read(3)]),
            sum(custom(1), vec![read(0), Variable::Constant(0.5)]),
            // Of a curve that moves.
            sum(location(1), vec![read(4), read(1)]),
        ];
        let curves = [vec![key(1.0, 4.0), key(9.0, 4.0)], vec![key(1.0, 1.0), key(11.0, 11.0)]];
        let rig = Rig { parents: &[-1], rest: &rest, ..Default::default() };
        let input = RigInput {
            custom: &[2.0; 5],
            curve_slots: &[custom(3), custom(4)],
            drivers: &drivers,
            ..RigInput::new(rig, Default::default(), Constraints::NONE)
        };
        let plan = RigPlan::new(&input, |curve| Curve::new(curves[curve].as_slice())).unwrap();
        assert_eq!((plan.drivers.len(), plan.curves.len()), (1, 1));
        let mut out = [[0.0; 16]; 2];
        let outputs = Outputs { matrices: Some(&mut out), ..Outputs::default() };
        plan.evaluate(&[1.0, 6.0], &Outside::default(), outputs);
        let places = out.map(|matrix| [matrix[12], matrix[13]]);
        assert_eq!(places, [[6.5, 3.5], [6.5, 8.5]]);
    }
}
