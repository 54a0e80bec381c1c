//! Drivers: numbers that follow other numbers of the rig.

use super::moving::OwnCurve;
use super::variables::{Anchor, Reading, Sight};
use super::write::{Limits, Write};
use crate::expression::Expression;

/// How a driver's variables make one number.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Their mean; 0 without variables.
    Average,
    /// Their sum.
    Sum,
    /// The smallest; 0 without variables.
    Min,
    /// The greatest; 0 without variables.
    Max,
    /// A calculation with them.
    Expression(Expression),
    /// Something that is not done here.
    Unknown,
}

/// What a variable reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Variable {
    /// A number of the rig.
    Slot(usize),
    /// A number that never changes.
    Constant(f32),
    /// The frame.
    Frame {
        /// Without its fraction.
        whole: bool,
    },
    /// Matrices.
    Reading(Reading),
}

/// A driver.
#[derive(Clone, Debug)]
pub struct Driver {
    /// The number that it drives.
    pub slot: usize,
    /// What it computes.
    pub rule: Rule,
    /// From what.
    pub variables: Vec<Variable>,
    /// What maps the result; absent: it stays.
    pub curve: Option<OwnCurve>,
    /// How it is written.
    pub write: Write,
}

impl Driver {
    /// The slots that its variables read.
    pub(super) fn slots(&self) -> impl Iterator<Item = usize> + '_ {
        self.variables.iter().filter_map(|variable| match variable {
            Variable::Slot(slot) => Some(*slot),
            Variable::Constant(_) | Variable::Frame { .. } | Variable::Reading(_) => None,
        })
    }

    fn anchors(&self) -> impl Iterator<Item = Anchor> + '_ {
        let readings = self.variables.iter().filter_map(|variable| match variable {
            Variable::Reading(reading) => Some(reading.anchors()),
            Variable::Constant(_) | Variable::Frame { .. } | Variable::Slot(_) => None,
        });
        readings.flatten()
    }

    /// The bones whose matrices its variables read.
    pub(super) fn bones(&self) -> impl Iterator<Item = usize> + '_ {
        self.anchors().filter_map(|anchor| match anchor {
            Anchor::Bone(bone) => Some(bone),
            Anchor::Outside(_) => None,
        })
    }

    /// Whether it gives the same as long as its slots do.
    pub(super) fn is_fixed(&self) -> bool {
        let uses_frame = matches!(&self.rule, Rule::Expression(expression) if expression.uses_frame())
            || self.variables.iter().any(|variable| matches!(variable, Variable::Frame { .. }));
        self.is_known() && !uses_frame && self.anchors().next().is_none()
    }

    /// Whether it is done here.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self.rule, Rule::Unknown)
    }

    /// The same driver with other numbers of slots and bones; its result stays inside limits.
    pub(super) fn renumbered(
        &self,
        limits: Limits,
        slot: impl Fn(usize) -> Option<usize>,
        bone: impl Fn(usize) -> Option<usize>,
    ) -> Self {
        let mut driver = self.clone();
        driver.slot = slot(self.slot).unwrap_or_default();
        driver.write = self.write.within(limits);
        for variable in &mut driver.variables {
            match variable {
                Variable::Slot(number) => *number = slot(*number).unwrap_or_default(),
                Variable::Reading(reading) => *reading = reading.renumbered(&bone),
                Variable::Constant(_) | Variable::Frame { .. } => {}
            }
        }
        driver
    }

    /// Computes the driver and writes its result into the row. `sight` may be absent only for
    /// drivers that read no matrices.
    pub(super) fn run(
        &self,
        frame: f32,
        sight: Option<&Sight>,
        row: &mut [f32],
        values: &mut Vec<f32>,
    ) {
        values.clear();
        values.extend(self.variables.iter().map(|variable| match variable {
            Variable::Slot(slot) => row[*slot],
            Variable::Constant(value) => *value,
            Variable::Frame { whole: true } => frame.trunc(),
            Variable::Frame { whole: false } => frame,
            Variable::Reading(reading) => sight.map_or(0.0, |sight| sight.read(row, reading)),
        }));
        let value = self.rule.apply(values, frame);
        let mut mapped = [value];
        if let Some(curve) = &self.curve {
            curve.evaluate(&[value], &mut mapped);
        }
        row[self.slot] = self.write.apply(mapped[0]);
    }
}

impl Rule {
    fn apply(&self, values: &[f32], frame: f32) -> f32 {
        let sum = || values.iter().sum::<f32>();
        let pick = |better: fn(f32, f32) -> bool| {
            let keep = |best: f32, value: f32| if better(value, best) { value } else { best };
            values.iter().copied().reduce(keep).unwrap_or(0.0)
        };
        match self {
            Self::Sum => sum(),
            Self::Average if values.is_empty() => 0.0,
            Self::Average => sum() / values.len() as f32,
            Self::Min => pick(|a, b| a < b),
            Self::Max => pick(|a, b| a > b),
            Self::Expression(expression) => expression.evaluate(values, frame),
            Self::Unknown => f32::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_the_frame_or_its_whole_part() {
        let value = |whole, frame| {
            let variables = vec![Variable::Frame { whole }];
            let (rule, curve, write) = (Rule::Sum, None, Write::PLAIN);
            let driver = Driver { slot: 0, rule, variables, curve, write };
            assert!(!driver.is_fixed());
            let mut row = [0.0];
            driver.run(frame, None, &mut row, &mut Vec::new());
            row[0]
        };
        assert_eq!((value(false, 7.25), value(true, 7.25)), (7.25, 7.0));
        assert_eq!((value(false, -3.5), value(true, -3.5)), (-3.5, -3.0));
    }
}
