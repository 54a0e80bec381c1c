//! Poses with their constraints: from channels to final pose matrices, many frames at once.
//!
//! [`Plan`] orders the bones of a rig by what they depend on and says of each whether it can be
//! evaluated; [`Evaluator`] then makes the matrices of any frame from channels that are given.
//! [`RigPlan`] holds a whole rig with its curves: it makes the channels itself.

mod actions;
mod channel_curves;
mod driver;
mod frame;
mod frames;
mod graph;
mod ik;
mod moving;
mod plan;
mod renumber;
mod rig_input;
mod rig_plan;
mod run;
mod slots;
mod space;
mod splines;
mod variables;
mod write;

pub use actions::{ActionChannel, BoneAction};
pub use channel_curves::ChannelCurves;
pub use driver::{Driver, Rule, Variable};
pub use frames::{Evaluator, Moving};
pub use moving::OwnCurve;
pub use plan::{Finding, Plan, State, Step};
pub use rig_input::RigInput;
pub use rig_plan::RigPlan;
pub use run::{Outputs, Outside};
pub use slots::{Slot, Slots};
pub use space::Space;
pub use variables::{Anchor, Angles, Part, Reading, VariableSpace};
pub use write::{Limits, Write};

use crate::channels::Matrix;
use crate::constraints::Kind;
use crate::ik::{Goal, Joint};
use crate::path::Curve as PathCurve;
use crate::spline_ik::SplineIk;
use core::ops::Range;

/// What a constraint looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A bone of the rig, at this point between its head (0) and tail (1).
    Bone(usize, f32),
    /// Something else, whose matrix the caller knows.
    Outside,
}

impl Target {
    /// The place between head and tail.
    fn along(&self) -> f32 {
        if let Self::Bone(_, along) = self { *along } else { 0.0 }
    }
}

/// What a constraint does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// One of the kinds that are done here.
    Known(Kind),
    /// Inverse kinematics for its targets: a goal and, if it has one, a pole. The goal's bone and
    /// tip are found from the constraint's bone and its `use_tail`, which is told here.
    Ik(Goal, bool),
    /// Spline IK for the bone and its ancestors; the target is the curve's object.
    SplineIk(SplineIk),
    /// Something else that changes the bone and this many of its ancestors.
    Unknown(usize),
}

/// One constraint of a rig.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// The bone it belongs to.
    pub bone: usize,
    /// What it does.
    pub effect: Effect,
    /// The space of the owner's matrix.
    pub owner_space: Space,
    /// The space of the target's matrix.
    pub target_space: Space,
    /// Which bone the space CUSTOM is that of; `None`: the space's matrix is given.
    pub space_bone: Option<usize>,
    /// Its targets, as a range of the rig's.
    pub targets: Range<usize>,
}

impl Constraint {
    /// Whether the custom space is looked at.
    fn uses_custom(&self) -> bool {
        self.owner_space == Space::Custom || self.target_space == Space::Custom
    }
}

/// Bones that are changed together, after each of them was computed alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// The constraint that does it.
    pub constraint: usize,
    /// The bones that it changes.
    pub bones: Vec<usize>,
    /// Other bones that it looks at.
    pub looks_at: Vec<usize>,
    /// The bones with the constraints that steer it.
    pub owners: Vec<usize>,
    /// Whether it is done here.
    pub known: bool,
}

/// The constraints of a rig. Those of one bone act in their order here.
#[derive(Clone, Copy)]
pub struct Constraints<'a> {
    /// The constraints.
    pub list: &'a [Constraint],
    /// The targets of all of them.
    pub targets: &'a [Target],
    /// World matrices of the custom spaces that are no bone's, one a constraint; absent: identity.
    pub spaces: Option<&'a [Matrix]>,
    /// How each bone moves in inverse kinematics; empty: all as new bones do.
    pub joints: &'a [Joint],
    /// The actions of Action constraints, one a constraint; empty: none has curves.
    pub actions: &'a [BoneAction],
    /// The curves that constraints look at by number.
    pub paths: &'a [PathCurve],
}

impl Constraints<'_> {
    /// None.
    pub const NONE: Self =
        Self { list: &[], targets: &[], spaces: None, joints: &[], actions: &[], paths: &[] };

    /// The constraint of each target.
    fn owners(&self) -> Vec<usize> {
        let mut owners = vec![usize::MAX; self.targets.len()];
        for (index, constraint) in self.list.iter().enumerate() {
            owners[constraint.targets.clone()].fill(index);
        }
        owners
    }
}
