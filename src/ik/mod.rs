//! Inverse kinematics as Blender's standard solver does it.
//!
//! A [`Goal`] is an IK constraint. [`trees`] joins the chains of a rig's goals into [`Tree`]s,
//! each of which then [solves](Tree::solve) any number of poses: it starts from the pose as
//! hierarchy and constraints leave it (nothing is kept from the frame before), turns and
//! stretches the chain's bones by selectively damped least squares, and writes their new pose
//! matrices. Everything is computed in double precision, as in Blender.
//!
//! Joints: a bone turns about those of its axes that are not locked, starting from its pose with
//! the rotation about locked axes taken away. The solver's steps, its damping and its end
//! (change below 0.001, but 12 iterations at least) are those of Blender, so that poses that are
//! out of reach come out alike, too.

mod damped;
mod joint;
mod solve;
mod tree;

pub use solve::{Input, Scratch};
pub use tree::{Tree, trees};

/// How a bone moves in inverse kinematics (`PoseBone.lock_ik_x` and so on).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Joint {
    /// Axes about which it does not turn.
    pub lock: [bool; 3],
    /// Least and greatest angle about each axis, radians; `None`: free. Not looked at if the
    /// least is greater.
    pub limit: [Option<[f32; 2]>; 3],
    /// Resistance to turning about each axis, 0 to 0.99.
    pub stiffness: [f32; 3],
    /// How willingly it stretches, 0 (not at all) to 1.
    pub stretch: f32,
}

impl Default for Joint {
    /// A new bone's: free, and of fixed length.
    fn default() -> Self {
        Self { lock: [false; 3], limit: [None; 3], stiffness: [0.0; 3], stretch: 0.0 }
    }
}

/// An IK constraint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    /// The bone it belongs to.
    pub bone: usize,
    /// How many bones it moves, 0: all to the root. At most 255.
    pub chain_count: usize,
    /// The chain ends with this bone's tail, otherwise with its parent's.
    pub use_tail: bool,
    /// The chain stretches.
    pub use_stretch: bool,
    /// Most iterations.
    pub iterations: usize,
    /// The tip goes to the target's location, with this weight.
    pub location: Option<f32>,
    /// The tip takes the target's rotation, with this weight.
    pub rotation: Option<f32>,
    /// It has a pole target, with this pole angle in radians.
    pub pole: Option<f32>,
}

impl Goal {
    /// The bones of the chain, tip first. `constraints_before`: how many IK constraints of the
    /// same bone end at its parent's tail and come before this one; each of them moves the tip of
    /// the later ones, too, as in Blender.
    pub fn chain(&self, parents: &[i32], constraints_before: usize) -> impl Iterator<Item = usize> {
        let up = |bone: &usize| usize::try_from(parents[*bone]).ok();
        let above = constraints_before + usize::from(!self.use_tail);
        let count = if self.chain_count == 0 { 255 } else { self.chain_count.min(255) };
        core::iter::successors(Some(self.bone), up).skip(above).take(count)
    }
}
