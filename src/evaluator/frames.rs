//! Many frames of a rig whose channels are given.

use super::Constraints;
use super::frame::{Frame, Numbers, Parts};
use super::ik::IkScratch;
use super::plan::{Plan, State, Step};
use super::space::World;
use crate::channels::{Channels, Matrix, basis_matrices, load};
use crate::hierarchy::Hierarchy;
use crate::par;
use crate::pose_matrices::{self, Batch, EightKernel};
use glam::Affine3A;

/// What moves over the frames besides the channels. Each array has the values of one frame, or
/// those of all frames one after the other.
#[derive(Clone, Copy, Default)]
pub struct Moving<'a> {
    /// The influence of each constraint; absent: all 1.
    pub influence: Option<&'a [f32]>,
    /// The matrix of each target; those of bones are not looked at. Absent: identity.
    pub target_matrices: Option<&'a [Matrix]>,
    /// The weight of each target; absent: all 1.
    pub target_weights: Option<&'a [f32]>,
    /// World matrix of the armature object; absent: identity.
    pub object: Option<&'a [Matrix]>,
}

/// The values of one frame, if there are those of more than one.
fn of_frame<T>(values: Option<&[T]>, frame: usize, count: usize) -> Option<&[T]> {
    let values = values?;
    if values.len() > count { values.get(frame * count..(frame + 1) * count) } else { Some(values) }
}

/// A rig with its plan, ready to evaluate frames.
pub struct Evaluator<'a> {
    parts: Parts<'a>,
    plan: &'a Plan,
    kernel: Option<EightKernel>,
    /// The bones that need nothing but their channels and their parents, which are among them.
    plain: Vec<bool>,
}

/// Frames whose plain bones are computed together.
const BLOCK: usize = 8;

/// What one thread needs for a frame.
struct Scratch {
    ik: IkScratch,
    basis: Vec<Matrix>,
    /// Of the frames of a block, one after the other.
    poses: Vec<Matrix>,
    plain: pose_matrices::Scratch,
}

impl<'a> Evaluator<'a> {
    /// An evaluator of a rig.
    pub fn new(
        hierarchy: &'a Hierarchy<'a>,
        constraints: Constraints<'a>,
        plan: &'a Plan,
        rotation_modes: Option<&'a [i32]>,
    ) -> Self {
        let (stacks, modes) = (plan.stacks(), rotation_modes);
        let mut plain: Vec<bool> = Vec::with_capacity(hierarchy.len());
        let chained = plan.chained(hierarchy.len());
        for (bone, state) in plan.states().iter().enumerate() {
            let parent = hierarchy.parent(bone).is_none_or(|parent| plain[parent]);
            let alone = stacks.of(bone).is_empty() && !chained[bone];
            plain.push(parent && *state == State::Evaluable && alone);
        }
        let parts = Parts { hierarchy, constraints, stacks, modes, animated: None };
        Self { parts, plan, kernel: None, plain }
    }

    /// The same, by a kernel that computes eight frames at once; the results are the same.
    pub fn by_eight(self, kernel: Option<EightKernel>) -> Self {
        Self { kernel, ..self }
    }

    /// The final pose matrices of as many frames as `out` holds, in parallel where it pays. Those
    /// of bones that cannot be evaluated are left as they are.
    ///
    /// # Panics
    /// If `out` holds no whole number of frames, or an array holds too little.
    pub fn evaluate(&self, channels: &Channels, moving: &Moving, out: &mut [Matrix]) {
        const NS_PER_BONE: usize = 10;
        const NS_PER_CONSTRAINT: usize = 300;
        let count = self.parts.hierarchy.len();
        if count == 0 {
            return;
        }
        assert!(out.len().is_multiple_of(count), "whole frames");
        let constraints = self.parts.constraints.list.len();
        let work = out.len() * NS_PER_BONE + out.len() / count * constraints * NS_PER_CONSTRAINT;
        let plain = (0..count as u32).filter(|bone| self.plain[*bone as usize]).collect();
        let plain = Batch::of(self.parts.hierarchy, plain, self.kernel);
        let connected: Vec<_> =
            (0..count).map(|b| u8::from(self.parts.hierarchy.is_connected(b))).collect();
        let all_plain = !self.plain.contains(&false);
        let unless_plain = |size: usize| vec![[0.0; 16]; if all_plain { 0 } else { size }];
        let scratch = || Scratch {
            ik: IkScratch::default(),
            basis: unless_plain(count),
            poses: unless_plain(count * BLOCK),
            plain: plain.scratch(),
        };
        par::for_chunks(work, out, count * BLOCK, scratch, |scratch, block, out| {
            let first = block * BLOCK;
            if all_plain {
                let out = out.as_flattened_mut();
                return plain.frames(channels, first, &mut scratch.plain, out, count * 16);
            }
            let poses = scratch.poses[..out.len()].as_flattened_mut();
            plain.frames(channels, first, &mut scratch.plain, poses, count * 16);
            for (frame, out) in out.chunks_mut(count).enumerate() {
                basis_matrices(channels, first + frame, Some(&connected), &mut scratch.basis);
                let pose = &mut scratch.poses[frame * count..][..count];
                self.frame(moving, first + frame, &scratch.basis, pose, &mut scratch.ik);
                for ((out, matrix), state) in out.iter_mut().zip(pose).zip(self.plan.states()) {
                    if *state == State::Evaluable {
                        *out = *matrix;
                    }
                }
            }
        });
    }

    /// The bones of a frame that are not plain.
    fn frame(
        &self,
        moving: &Moving,
        index: usize,
        basis: &[Matrix],
        pose: &mut [Matrix],
        scratch: &mut IkScratch,
    ) {
        let object = of_frame(moving.object, index, 1).and_then(|object| object.first());
        let constraints = &self.parts.constraints;
        let (count, targets) = (constraints.list.len(), constraints.targets.len());
        let mut frame = Frame {
            parts: &self.parts,
            world: &World::new(object.map_or(Affine3A::IDENTITY, load)),
            numbers: Numbers {
                influence: of_frame(moving.influence, index, count),
                target_matrices: of_frame(moving.target_matrices, index, targets),
                weights: of_frame(moving.target_weights, index, targets),
                ..Numbers::default()
            },
            pose,
        };
        self.plan.ik().begin(scratch);
        for step in self.plan.order() {
            match *step {
                Step::Bone(bone) if self.plain[bone] => {}
                Step::Bone(bone) => frame.place(bone, &basis[bone]),
                Step::Chain(chain) => self.plan.ik().solve(chain, &mut frame, basis, scratch),
                // There are none here.
                Step::Driver(_) => {}
            }
        }
    }
}
