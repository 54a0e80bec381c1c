//! Whether the last bits of the input decide where a tree ends.
//!
//! Goals that cannot be reached together, and limits that a joint leaves and meets again, can let
//! the iterations double any difference every few steps. Two correct solvers that round otherwise
//! then end elsewhere. A twin is solved from slightly other goals and [rounds
//! otherwise](Course::rounds_otherwise): what both agree on is as good as certain.

use super::iterate::{Course, Went, Wish, Work, place};
use glam::{DMat3, DQuat, DVec3};

/// How far the twin's goals are off, in parts of the chain's length and radians: what single
/// precision makes uncertain.
const OFF: f64 = 2e-6;
/// From where on the ends count as different; in the same units.
const APART: f64 = 1e-4;
/// So few iterations without limits do not make [`APART`] of [`OFF`].
const FEW: usize = 20;
/// Axes in single precision are not quite unit and square. That decides between directions in which
/// a bone would go as well.
const BEND: DMat3 = DMat3::from_cols_array(&[0.1, 0.2, -0.2, -0.1, -0.2, 0.1, 0.2, -0.1, 0.1]);

/// A copy of a tree's work.
#[derive(Clone, Debug, Default)]
pub(super) struct Twin {
    work: Work,
}

impl Twin {
    /// Takes the work over as it is before the iterations.
    pub(super) fn take(&mut self, work: &Work) {
        self.work.states.clone_from(&work.states);
        self.work.tasks.clone_from(&work.tasks);
    }

    /// Whether it ends elsewhere than the `work` that it was taken from, which `went` that way.
    pub(super) fn differs(&mut self, course: &Course, work: &mut Work, went: Went) -> bool {
        if went.iterations <= FEW && !went.limited && !went.ambiguous {
            return false;
        }
        let aside = DVec3::new(0.7, -0.6, 0.4) * OFF;
        let turn = DMat3::from_quat(DQuat::from_scaled_axis(aside));
        if went.ambiguous {
            let bent = DMat3::IDENTITY + BEND * OFF;
            self.work.states.iter_mut().for_each(|state| state.rest *= bent);
        }
        for task in &mut self.work.tasks {
            match &mut task.wish {
                Wish::Location(goal, _) => *goal += aside,
                Wish::Rotation(axes) => *axes = turn * *axes,
            }
        }
        self.work.run(&Course { rounds_otherwise: true, ..*course });
        place(course.segments, &course.root, &mut work.states);
        place(course.segments, &course.root, &mut self.work.states);
        work.states.iter().zip(&self.work.states).any(|(a, b)| {
            let axes = (a.axes - b.axes).to_cols_array();
            let to = (a.to - b.to).to_array();
            !axes.iter().chain(&to).all(|value| value.abs() < APART)
        })
    }
}
