//! Which part of a rig is needed, and the numbers that its bones, constraints and slots get.

use super::driver::Driver;
use super::plan::{DriverLinks, Finding, Needed, Plan, State, Step};
use super::rig_input::Draft;
use super::slots::Owner;
use super::{Chain, Constraint, Effect, Slot, Slots, Target};

/// Not among what is needed.
const GONE: u32 = u32::MAX;

/// Old numbers of what is needed, and the way from old to new ones.
pub(super) struct Renumber {
    /// Old numbers of the bones, first the plain ones, then in order of evaluation.
    pub(super) bones: Vec<usize>,
    pub(super) constraints: Vec<usize>,
    pub(super) targets: Vec<usize>,
    /// Numbers among [`Draft::drivers`].
    drivers: Vec<usize>,
    bone_to: Vec<u32>,
    constraint_to: Vec<u32>,
    target_to: Vec<u32>,
    pub(super) slots: Slots,
    old_slots: Slots,
    /// Old slots whose owners are not needed, though drivers read or write them: they come behind
    /// the numbers of the caller's. Sorted.
    strays: Vec<usize>,
    first_stray: usize,
    pub(super) plain: usize,
    pub(super) steps: Vec<Step>,
    pub(super) early: Vec<usize>,
    pub(super) late: Vec<bool>,
    pub(super) chosen: Vec<Option<usize>>,
    pub(super) wanted: Vec<Option<usize>>,
    pub(super) wanted_findings: Vec<Finding>,
    /// Whether the numbers of any constraint were changed while folding.
    pub(super) folded: bool,
}

fn invert(count: usize, old: &[usize]) -> Vec<u32> {
    let mut to = vec![GONE; count];
    for (new, old) in old.iter().enumerate() {
        to[*old] = new as u32;
    }
    to
}

fn look(to: &[u32], old: usize) -> Option<usize> {
    to.get(old).filter(|new| **new != GONE).map(|new| *new as usize)
}

/// Drivers that wait for no bone, not even by way of others; `links` are in an order of running.
fn early_drivers(links: &[DriverLinks], in_order: &[usize]) -> Vec<bool> {
    let mut early = vec![false; links.len()];
    for driver in in_order {
        let link = &links[*driver];
        early[*driver] = link.bones.is_empty() && link.drivers.iter().all(|other| early[*other]);
    }
    early
}

/// Bones that need nothing but their channels and plain parents.
fn plain_bones(draft: &Draft, plan: &Plan, chained: &[bool], late: &[bool]) -> Vec<bool> {
    let parents = draft.input.rig.parents;
    let mut plain = vec![false; parents.len()];
    for (bone, parent) in parents.iter().enumerate() {
        let alone = plan.stacks().of(bone).is_empty() && !chained[bone] && !late[bone];
        plain[bone] = alone && usize::try_from(*parent).map_or(true, |parent| plain[parent]);
    }
    plain
}

impl Renumber {
    pub(super) fn new(draft: &Draft, plan: &Plan, links: &[DriverLinks], chains: &[Chain]) -> Self {
        let input = draft.input;
        let count = input.rig.parents.len();
        let is_done = |bone: &usize| plan.states()[*bone] == State::Evaluable;
        let asked: Vec<usize> = input.chosen.map_or_else(|| (0..count).collect(), <[_]>::to_vec);
        let mut writers = vec![GONE; draft.slots.len()];
        for (number, index) in draft.drivers.iter().enumerate() {
            writers[input.drivers[*index].slot] = number as u32;
        }
        let wanted_drivers: Vec<_> =
            input.wanted.iter().map(|slot| look(&writers, *slot)).collect();
        let driver_done =
            |driver: &usize| plan.driver_findings()[*driver].state == State::Evaluable;
        let needed = plan.needed(
            asked.iter().copied().filter(is_done),
            wanted_drivers.iter().flatten().copied().filter(driver_done),
        );
        let order: Vec<_> = plan.order().iter().copied().filter(|step| needed.has(*step)).collect();
        let drivers: Vec<_> = order
            .iter()
            .filter_map(|step| if let Step::Driver(driver) = step { Some(*driver) } else { None })
            .collect();
        let early = early_drivers(links, &drivers);
        let mut late = vec![false; count];
        for driver in drivers.iter().filter(|driver| !early[**driver]) {
            links[*driver].moves.iter().for_each(|bone| late[*bone] = true);
        }
        let chained = plan.chained(count);
        let plain = plain_bones(draft, plan, &chained, &late);
        let mut bones: Vec<_> =
            (0..count).filter(|bone| plain[*bone] && needed.has(Step::Bone(*bone))).collect();
        let plain_count = bones.len();
        bones.extend(order.iter().filter_map(|step| match step {
            Step::Bone(bone) if !plain[*bone] => Some(*bone),
            _ => None,
        }));
        let mut new = Self::parts(draft, bones, drivers, &needed, chains);
        new.plain = plain_count;
        new.late = new.bones.iter().map(|bone| late[*bone]).collect();
        new.number_slots(draft);
        new.number_steps(&order, &plain, &early);
        new.chosen = asked.iter().map(|b| is_done(b).then(|| new.bone(*b)).flatten()).collect();
        new.wanted_findings = wanted_drivers
            .iter()
            .map(|driver| driver.map_or(Finding::default(), |d| plan.driver_findings()[d]))
            .collect();
        let results = input.wanted.iter().zip(&new.wanted_findings);
        let result = |(slot, finding): (&usize, &Finding)| {
            (finding.state == State::Evaluable).then(|| new.slot(*slot)).flatten()
        };
        new.wanted = results.map(result).collect();
        new
    }

    fn parts(
        draft: &Draft,
        bones: Vec<usize>,
        drivers: Vec<usize>,
        needed: &Needed,
        chains: &[Chain],
    ) -> Self {
        let list = draft.input.constraints.list;
        let of_chain = |(number, chain): (usize, &Chain)| {
            let owners = chain.owners.iter().copied();
            owners.filter(|_| needed.has(Step::Chain(number))).collect::<Vec<_>>()
        };
        let steering: Vec<usize> = chains.iter().enumerate().flat_map(of_chain).collect();
        let wanted = |index: &usize| match list[*index].effect {
            // Also if it is muted for ever, because of the chains that it joins.
            Effect::Ik(..) => steering.contains(&list[*index].bone),
            _ => !draft.idle[*index] && needed.has(Step::Bone(list[*index].bone)),
        };
        let constraints: Vec<_> = (0..list.len()).filter(wanted).collect();
        let targets: Vec<_> =
            constraints.iter().flat_map(|index| list[*index].targets.clone()).collect();
        Self {
            bone_to: invert(draft.input.rig.parents.len(), &bones),
            constraint_to: invert(list.len(), &constraints),
            target_to: invert(draft.input.constraints.targets.len(), &targets),
            bones,
            constraints,
            targets,
            drivers,
            slots: Slots::default(),
            old_slots: draft.slots.clone(),
            strays: Vec::new(),
            first_stray: 0,
            plain: 0,
            steps: Vec::new(),
            early: Vec::new(),
            late: Vec::new(),
            chosen: Vec::new(),
            wanted: Vec::new(),
            wanted_findings: Vec::new(),
            folded: draft.changed_values(),
        }
    }

    fn number_slots(&mut self, draft: &Draft) {
        let input = draft.input;
        let custom = input.custom.len();
        let (bones, constraints) = (self.bones.len(), self.constraints.len());
        self.slots = Slots::new(bones, constraints, self.targets.len(), custom);
        let used = self.drivers.iter().flat_map(|number| {
            let driver = &input.drivers[draft.drivers[*number]];
            driver.slots().chain([driver.slot])
        });
        let mut strays: Vec<_> = used
            .chain(input.wanted.iter().copied())
            .filter(|slot| self.slot(*slot).is_none())
            .collect();
        strays.sort_unstable();
        strays.dedup();
        self.strays = strays;
        let custom_count = custom + self.strays.len();
        self.slots = Slots::new(bones, constraints, self.targets.len(), custom_count);
        self.first_stray = self.slots.range(Slot::Custom).start + custom;
    }

    fn number_steps(&mut self, order: &[Step], plain: &[bool], early: &[bool]) {
        let driver_to = invert(early.len(), &self.drivers);
        for step in order {
            match *step {
                Step::Bone(bone) if !plain[bone] => {
                    self.steps.extend(self.bone(bone).map(Step::Bone));
                }
                Step::Driver(driver) => match look(&driver_to, driver) {
                    Some(number) if early[driver] => self.early.push(number),
                    number => self.steps.extend(number.map(Step::Driver)),
                },
                Step::Chain(chain) => self.steps.push(Step::Chain(chain)),
                Step::Bone(_) => {}
            }
        }
    }

    /// The new number of a bone.
    pub(super) fn bone(&self, old: usize) -> Option<usize> {
        look(&self.bone_to, old)
    }

    /// The new number of a constraint.
    pub(super) fn constraint(&self, old: usize) -> Option<usize> {
        look(&self.constraint_to, old)
    }

    /// The new number of a target.
    pub(super) fn target(&self, old: usize) -> Option<usize> {
        look(&self.target_to, old)
    }

    /// The new number of a slot.
    pub(super) fn slot(&self, old: usize) -> Option<usize> {
        let number = |owner| match owner {
            Owner::Bone(bone) => self.bone(bone),
            Owner::Constraint(constraint) => look(&self.constraint_to, constraint),
            Owner::Target(target) => look(&self.target_to, target),
            Owner::Custom => None,
        };
        self.old_slots.moved(old, &self.slots, number).or_else(|| {
            let stray = self.strays.binary_search(&old).ok()?;
            Some(self.first_stray + stray)
        })
    }

    /// The numbers in their new places.
    pub(super) fn row(&self, draft: &Draft) -> Vec<f32> {
        let mut row = vec![0.0; self.slots.len()];
        for (old, value) in draft.row.iter().enumerate() {
            if let Some(new) = self.slot(old) {
                row[new] = *value;
            }
        }
        row
    }

    /// The constraints with their new numbers.
    pub(super) fn constraints(&self, list: &[Constraint]) -> Vec<Constraint> {
        let mut first = 0;
        let renumbered = self.constraints.iter().map(|old| {
            let old = &list[*old];
            let targets = first..first + old.targets.len();
            first = targets.end;
            Constraint {
                bone: self.bone(old.bone).unwrap_or_default(),
                space_bone: old.space_bone.map(|bone| self.bone(bone).unwrap_or_default()),
                targets,
                ..old.clone()
            }
        });
        renumbered.collect()
    }

    /// The targets with their new numbers.
    pub(super) fn targets(&self, targets: &[Target]) -> Vec<Target> {
        let renumbered = self.targets.iter().map(|old| match targets[*old] {
            Target::Bone(bone, along) => Target::Bone(self.bone(bone).unwrap_or_default(), along),
            Target::Outside => Target::Outside,
        });
        renumbered.collect()
    }

    /// The drivers with their new numbers.
    pub(super) fn drivers(&self, draft: &Draft) -> Vec<Driver> {
        let drivers = self.drivers.iter().map(|number| {
            let driver = &draft.input.drivers[draft.drivers[*number]];
            driver.renumbered(
                draft.slots.limits(driver.slot),
                |slot| self.slot(slot),
                |bone| self.bone(bone),
            )
        });
        drivers.collect()
    }
}
