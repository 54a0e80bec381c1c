//! What a plan of a whole rig is made of, and what of it never changes.

use super::driver::Driver;
use super::graph::{self, Lists};
use super::moving::constant;
use super::plan::DriverLinks;
use super::slots::Owner;
use super::write::Write;
use super::{Constraints, Slot, Slots, State};
use crate::channels::{Channels, Matrix};
use crate::constraints::values::Values;
use crate::fcurve::{Curve, Keys};
use crate::hierarchy::Rig;

/// A rig with all that moves it; everything is copied into the plan.
#[derive(Clone, Copy)]
pub struct RigInput<'a> {
    /// The bones.
    pub rig: Rig<'a>,
    /// The channels where no curve moves them, and the rotation modes.
    pub channels: Channels<'a>,
    /// The constraints.
    pub constraints: Constraints<'a>,
    /// The numbers of each constraint; absent: none has moving ones.
    pub values: Option<&'a [Values]>,
    /// Influence of each constraint; absent: all 1.
    pub influence: Option<&'a [f32]>,
    /// Whether each constraint is muted; absent: none is.
    pub mute: Option<&'a [u8]>,
    /// Weight of each target; absent: all 1.
    pub weights: Option<&'a [f32]>,
    /// Matrix of each target outside the rig; absent: identity.
    pub target_matrices: Option<&'a [Matrix]>,
    /// World matrix of the armature object; absent: identity.
    pub object: Option<&'a Matrix>,
    /// Matrices of what drivers look at outside the rig.
    pub driver_matrices: &'a [Matrix],
    /// Numbers of the caller's that drivers read or write.
    pub custom: &'a [f32],
    /// The number that each curve moves; of several for one number the last counts.
    pub curve_slots: &'a [usize],
    /// How the property of each curve takes its values; absent: all [`Write::PLAIN`]. Influences,
    /// weights and places between head and tail stay between 0 and 1 anyway.
    pub curve_writes: Option<&'a [Write]>,
    /// The drivers; of several for one number the last counts.
    pub drivers: &'a [Driver],
    /// What the caller knows of each bone; absent: nothing.
    pub given: Option<&'a [State]>,
    /// The bones whose matrices are wanted; absent: all.
    pub chosen: Option<&'a [usize]>,
    /// The numbers that are wanted.
    pub wanted: &'a [usize],
}

impl<'a> RigInput<'a> {
    /// A rig that nothing moves.
    pub fn new(rig: Rig<'a>, channels: Channels<'a>, constraints: Constraints<'a>) -> Self {
        Self {
            rig,
            channels,
            constraints,
            values: None,
            influence: None,
            mute: None,
            weights: None,
            target_matrices: None,
            object: None,
            driver_matrices: &[],
            custom: &[],
            curve_slots: &[],
            curve_writes: None,
            drivers: &[],
            given: None,
            chosen: None,
            wanted: &[],
        }
    }

    /// How the property of a curve takes its values.
    pub(super) fn write(&self, curve: usize, slots: &Slots) -> Write {
        let given = self.curve_writes.map_or(Write::PLAIN, |writes| writes[curve]);
        given.within(slots.limits(self.curve_slots[curve]))
    }

    /// Where the numbers of this rig are.
    pub fn slots(&self) -> Slots {
        let Constraints { list, targets, .. } = self.constraints;
        Slots::new(self.rig.parents.len(), list.len(), targets.len(), self.custom.len())
    }

    /// The row of numbers where nothing moves them.
    fn row(&self, slots: &Slots) -> Vec<f32> {
        let mut row = vec![0.0; slots.len()];
        let bones = self.rig.parents.len();
        let rest = self.channels.stand_ins(bones);
        let rows = self.channels.rows(0, bones, &rest);
        let mut fill = |kind, values: &[f32]| row[slots.range(kind)].copy_from_slice(values);
        fill(Slot::Location, rows.location.as_flattened());
        fill(Slot::Quaternion, rows.quaternion.as_flattened());
        fill(Slot::Scale, rows.scale.as_flattened());
        fill(Slot::Custom, self.custom);
        if let Some(euler) = rows.euler {
            fill(Slot::Euler, euler.as_flattened());
        }
        match rows.axis_angle {
            Some(axis_angle) => fill(Slot::AxisAngle, axis_angle.as_flattened()),
            None => fill(Slot::AxisAngle, [0.0, 0.0, 1.0, 0.0].repeat(bones).as_slice()),
        }
        if let Some(values) = self.values {
            fill(Slot::Value, values.as_flattened());
        }
        let along = self.constraints.targets.iter().map(|target| target.along());
        row[slots.range(Slot::HeadTail)].iter_mut().zip(along).for_each(|(r, along)| *r = along);
        let or_one = |row: &mut [f32], values: Option<&[f32]>| match values {
            Some(values) => row.copy_from_slice(values),
            None => row.fill(1.0),
        };
        or_one(&mut row[slots.range(Slot::Influence)], self.influence);
        or_one(&mut row[slots.range(Slot::Weight)], self.weights);
        if let Some(mute) = self.mute {
            let muted = mute.iter().map(|mute| f32::from(u8::from(*mute != 0)));
            row[slots.range(Slot::Mute)].iter_mut().zip(muted).for_each(|(r, m)| *r = m);
        }
        row
    }
}

/// A rig of which is known what moves.
pub(super) struct Draft<'a> {
    pub(super) input: &'a RigInput<'a>,
    pub(super) slots: Slots,
    /// The numbers, with those of constant curves and drivers in place.
    pub(super) row: Vec<f32>,
    /// Which numbers change from frame to frame.
    pub(super) moves: Vec<bool>,
    /// The curves that change something.
    pub(super) curves: Vec<usize>,
    /// The drivers that change something, in an order in which they can run.
    pub(super) drivers: Vec<usize>,
    /// Constraints that never have an effect.
    pub(super) idle: Vec<bool>,
}

/// No driver writes there.
const NOBODY: u32 = u32::MAX;

impl<'a> Draft<'a> {
    pub(super) fn new<K: Keys>(
        input: &'a RigInput<'a>,
        curve: &impl Fn(usize) -> Curve<'a, K>,
    ) -> Self {
        let slots = input.slots();
        let mut draft = Self {
            input,
            row: input.row(&slots),
            moves: vec![false; slots.len()],
            slots,
            curves: Vec::new(),
            drivers: Vec::new(),
            idle: Vec::new(),
        };
        draft.fold_curves(curve);
        draft.fold_drivers();
        draft.find_idle();
        draft
    }

    /// Puts the values of curves that never change in place.
    fn fold_curves<K: Keys>(&mut self, curve: &impl Fn(usize) -> Curve<'a, K>) {
        for (index, slot) in self.input.curve_slots.iter().enumerate() {
            match constant(&curve(index)) {
                Some(value) if !self.moves[*slot] => {
                    self.row[*slot] = self.input.write(index, &self.slots).apply(value);
                }
                _ => {
                    self.moves[*slot] = true;
                    self.curves.push(index);
                }
            }
        }
    }

    /// The driver that writes each number; of several the last.
    fn writers(&self) -> Vec<u32> {
        let mut writers = vec![NOBODY; self.slots.len()];
        for (index, driver) in self.input.drivers.iter().enumerate() {
            writers[driver.slot] = index as u32;
        }
        writers
    }

    /// Runs the drivers that always give the same, once and for all.
    fn fold_drivers(&mut self) {
        let drivers = self.input.drivers;
        if drivers.is_empty() {
            return;
        }
        let writers = self.writers();
        let waits: Vec<(u32, u32)> = drivers
            .iter()
            .enumerate()
            .flat_map(|(index, driver)| driver.slots().map(move |slot| (index as u32, slot)))
            .map(|(index, slot)| (index, writers[slot]))
            .filter(|(_, writer)| *writer != NOBODY)
            .collect();
        let order = graph::order(drivers.len(), &Lists::new(drivers.len(), waits.iter().copied()));
        let mut values = Vec::new();
        for index in order.nodes {
            let index = index as usize;
            let driver = &drivers[index];
            if writers[driver.slot] as usize != index {
                continue;
            }
            let fixed = driver.is_fixed() && driver.slots().all(|slot| !self.moves[slot]);
            if fixed && !order.in_cycle[index] {
                driver.run(0.0, None, &mut self.row, &mut values);
                let value = &mut self.row[driver.slot];
                *value = self.slots.limits(driver.slot).apply(*value);
            } else {
                self.drivers.push(index);
            }
            self.moves[driver.slot] = !fixed || order.in_cycle[index];
        }
        // What a driver writes needs no curve.
        let (slots, writers) = (self.input.curve_slots, &writers);
        self.curves.retain(|curve| writers[slots[*curve]] == NOBODY);
    }

    fn find_idle(&mut self) {
        let influence = self.slots.range(Slot::Influence);
        let mute = self.slots.range(Slot::Mute);
        let still = |slot: usize| !self.moves[slot];
        self.idle = influence
            .zip(mute)
            .map(|(influence, mute)| {
                let off = still(influence) && self.row[influence] == 0.0;
                off || still(mute) && self.row[mute] >= 1.0
            })
            .collect();
    }

    /// Whether folding has changed the numbers of a constraint.
    pub(super) fn changed_values(&self) -> bool {
        let values = &self.row[self.slots.range(Slot::Value)];
        self.input.values.is_some_and(|given| given.as_flattened() != values)
    }

    /// The bone whose result a number changes, if it does.
    fn bone(&self, slot: usize, target_owner: &[usize]) -> Option<usize> {
        let constraint = match self.slots.owner(slot) {
            Owner::Bone(bone) => return Some(bone),
            Owner::Constraint(constraint) => constraint,
            Owner::Target(target) => target_owner[target],
            Owner::Custom => return None,
        };
        let constraint = self.input.constraints.list.get(constraint)?;
        Some(constraint.bone)
    }

    /// What the drivers that are left are tied to.
    pub(super) fn links(&self) -> Vec<DriverLinks> {
        let owners = self.input.constraints.owners();
        let mut place = vec![None; self.slots.len()];
        for (number, index) in self.drivers.iter().enumerate() {
            place[self.input.drivers[*index].slot] = Some(number);
        }
        let link = |index: &usize| {
            let driver = &self.input.drivers[*index];
            DriverLinks {
                bones: driver.bones().collect(),
                drivers: driver.slots().filter_map(|slot| place[slot]).collect(),
                moves: self.bone(driver.slot, &owners).into_iter().collect(),
                unknown: !driver.is_known(),
            }
        };
        self.drivers.iter().map(link).collect()
    }
}
