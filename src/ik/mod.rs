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
mod iterate;
mod joint;
mod solve;
mod tree;
mod twin;

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
    /// The bone that it belongs to. Of one bone's goals those behind the first that acts do
    /// nothing.
    pub bone: usize,
    /// The bone whose tail is the end of the chain: with `use_tail` the bone itself, else its
    /// parent (see [`tips`]).
    pub tip: usize,
    /// How many bones it moves, 0: all to the root. At most 255.
    pub chain_count: usize,
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
    /// The bones of the chain, tip first.
    pub fn chain(&self, parents: &[i32]) -> impl Iterator<Item = usize> {
        let up = |bone: &usize| usize::try_from(parents[*bone]).ok();
        let count = if self.chain_count == 0 { 255 } else { self.chain_count.min(255) };
        core::iter::successors(Some(self.tip), up).take(count)
    }
}

/// The bone whose tail ends each chain, `None` if there is none; `goals` are the bone and
/// `use_tail` of each IK constraint, those of one bone in their order. Each constraint that ends
/// at a parent moves the tips of the same bone's later ones up, too, as in Blender.
pub fn tips(parents: &[i32], goals: &[(usize, bool)]) -> Vec<Option<usize>> {
    let up = |bone: &usize| usize::try_from(parents[*bone]).ok();
    let tip = |(index, (bone, _)): (usize, &(usize, bool))| {
        let steps = goals[..=index].iter().filter(|(of, tail)| of == bone && !tail).count();
        core::iter::successors(Some(*bone), up).nth(steps)
    };
    goals.iter().enumerate().map(tip).collect()
}
