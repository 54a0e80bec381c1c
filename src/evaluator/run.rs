//! Frames of a [`RigPlan`]: curves, drivers, matrices, results.

use super::RigPlan;
use super::frame::{Frame, Numbers, Parts};
use super::plan::Step;
use super::slots::Slot;
use super::space::World;
use super::variables::Sight;
use crate::channels::{Matrix, basis_matrices, load};
use crate::hierarchy::{Hierarchy, head_tail};
use crate::par;

/// What is outside the rig and moves. Absent: it stands as the plan has it.
#[derive(Clone, Copy, Default)]
pub struct Outside<'a> {
    /// World matrix of the armature object, one a frame.
    pub object: Option<&'a [Matrix]>,
    /// Matrices of all targets, frame after frame; those of bones are not looked at.
    pub target_matrices: Option<&'a [Matrix]>,
    /// Matrices of what drivers look at, all of a frame, frame after frame.
    pub driver_matrices: Option<&'a [Matrix]>,
}

/// Where results go, frame after frame; absent: not wanted. What belongs to a bone or number that
/// cannot be evaluated is left alone.
#[derive(Default)]
pub struct Outputs<'a> {
    /// Pose matrices of the chosen bones, armature space.
    pub matrices: Option<&'a mut [Matrix]>,
    /// Heads of the chosen bones, armature space.
    pub heads: Option<&'a mut [[f32; 3]]>,
    /// Tails of the chosen bones, armature space.
    pub tails: Option<&'a mut [[f32; 3]]>,
    /// The wanted numbers.
    pub values: Option<&'a mut [f32]>,
}

/// Frames that one thread does before it takes the next ones.
const FRAMES_AT_ONCE: usize = 32;

/// Some frames in a row, with their part of the outputs.
struct Job<'a> {
    first: usize,
    count: usize,
    out: Outputs<'a>,
}

/// Cuts the next `count` elements off a slice, if there is one.
fn cut<'a, T>(rest: &mut Option<&'a mut [T]>, count: usize) -> Option<&'a mut [T]> {
    let (part, left) = rest.take()?.split_at_mut(count);
    *rest = Some(left);
    Some(part)
}

/// What one thread works with.
struct Scratch {
    /// Values of the curves, one curve after another.
    samples: Vec<f32>,
    row: Vec<f32>,
    variables: Vec<f32>,
    basis: Vec<Matrix>,
    pose: Vec<Matrix>,
    target_matrices: Vec<Matrix>,
}

/// What all frames of a call share.
struct Call<'a> {
    plan: &'a RigPlan,
    /// The plain bones alone.
    plain: Hierarchy<'a>,
    parts: Parts<'a>,
    frames: &'a [f32],
    outside: &'a Outside<'a>,
}

impl RigPlan {
    /// The results at the frames, in parallel where it pays. A frame does not depend on the others.
    ///
    /// # Panics
    /// If an output or an array of `outside` has not one element a frame and bone (or target).
    pub fn evaluate(&self, frames: &[f32], outside: &Outside, mut out: Outputs) {
        let (Ok(all), Ok(plain)) = (
            Hierarchy::new(self.bones.first(self.modes.len())),
            Hierarchy::new(self.bones.first(self.plain)),
        ) else {
            unreachable!("the plan was made of a checked rig")
        };
        let call = Call { plan: self, plain, parts: self.parts(&all), frames, outside };
        let (bones, values) = (self.chosen.len(), self.wanted.len());
        let mut jobs: Vec<Job> = Vec::with_capacity(frames.len().div_ceil(FRAMES_AT_ONCE));
        for first in (0..frames.len()).step_by(FRAMES_AT_ONCE) {
            let count = FRAMES_AT_ONCE.min(frames.len() - first);
            jobs.push(Job {
                first,
                count,
                out: Outputs {
                    matrices: cut(&mut out.matrices, bones * count),
                    heads: cut(&mut out.heads, bones * count),
                    tails: cut(&mut out.tails, bones * count),
                    values: cut(&mut out.values, values * count),
                },
            });
        }
        let work = frames.len() * self.cost();
        par::for_chunks(
            work,
            &mut jobs,
            1,
            || self.scratch(),
            |scratch, _, jobs| {
                jobs.iter_mut().for_each(|job| call.job(job, scratch));
            },
        );
    }

    /// Rough nanoseconds a frame.
    fn cost(&self) -> usize {
        10 * self.modes.len() + 20 * self.curves.len() + 300 * self.constraints.len()
    }

    fn parts<'a>(&'a self, hierarchy: &'a Hierarchy<'a>) -> Parts<'a> {
        Parts {
            hierarchy,
            constraints: super::Constraints {
                list: &self.constraints,
                targets: &self.targets,
                spaces: self.spaces.as_deref(),
            },
            stacks: &self.stacks,
            modes: Some(&self.modes),
            animated: Some(&self.animated),
        }
    }

    fn scratch(&self) -> Scratch {
        let bones = self.modes.len();
        Scratch {
            samples: vec![0.0; self.curves.len() * FRAMES_AT_ONCE],
            row: self.row.clone(),
            variables: Vec::new(),
            basis: vec![[0.0; 16]; bones],
            pose: vec![[0.0; 16]; bones],
            target_matrices: self.target_matrices.clone(),
        }
    }
}

impl Call<'_> {
    fn job(&self, job: &mut Job, scratch: &mut Scratch) {
        let frames = &self.frames[job.first..job.first + job.count];
        let samples = scratch.samples.chunks_mut(FRAMES_AT_ONCE);
        for ((_, curve), samples) in self.plan.curves.iter().zip(samples) {
            curve.evaluate(frames, &mut samples[..frames.len()]);
        }
        for frame in 0..job.count {
            let samples = scratch.samples.chunks(FRAMES_AT_ONCE);
            for ((slot, _), samples) in self.plan.curves.iter().zip(samples) {
                scratch.row[*slot] = samples[frame];
            }
            self.frame(job.first + frame, scratch);
            self.write(frame, &mut job.out, scratch);
        }
    }

    fn frame(&self, frame: usize, scratch: &mut Scratch) {
        let plan = self.plan;
        let object = self.outside.object.map_or(&plan.object, |object| &object[frame]);
        let world = World::new(load(object));
        for driver in &plan.early {
            self.drive(*driver, frame, &world, scratch);
        }
        if let Some(matrices) = self.outside.target_matrices {
            let matrices = &matrices[frame * plan.target_count..];
            for (to, from) in scratch.target_matrices.iter_mut().zip(&plan.target_from) {
                *to = matrices[*from];
            }
        }
        let channels = plan.slots.channels(&scratch.row, 0, Some(&plan.modes));
        let (plain, rest) = scratch.pose.split_at_mut(plan.plain);
        self.plain.pose_matrices(&channels, 0, plain);
        if rest.is_empty() && plan.steps.is_empty() {
            return;
        }
        self.bases(plan.plain, plan.modes.len(), scratch);
        for step in &plan.steps {
            match *step {
                Step::Bone(bone) => {
                    if plan.late[bone] {
                        self.bases(bone, bone + 1, scratch);
                    }
                    let Scratch { row, basis, pose, target_matrices, .. } = scratch;
                    let numbers = plan.numbers(row, target_matrices);
                    let mut frame = Frame { parts: &self.parts, world: &world, numbers, pose };
                    frame.place(bone, &basis[bone]);
                }
                Step::Driver(driver) => self.drive(driver, frame, &world, scratch),
                Step::Chain(_) => {}
            }
        }
    }

    fn drive(&self, driver: usize, frame: usize, world: &World, scratch: &mut Scratch) {
        let plan = self.plan;
        let count = plan.driver_matrices.len();
        let outside = match self.outside.driver_matrices {
            Some(matrices) => &matrices[frame * count..(frame + 1) * count],
            None => &plan.driver_matrices,
        };
        let Scratch { row, variables, pose, .. } = scratch;
        let sight = Sight { parts: &self.parts, slots: &plan.slots, world, pose, outside };
        plan.drivers[driver].run(self.frames[frame], Some(&sight), row, variables);
    }

    /// Channel matrices of the bones `first..end`.
    fn bases(&self, first: usize, end: usize, scratch: &mut Scratch) {
        let bones = &self.plan.bones;
        let modes = &self.plan.modes[first..end];
        let channels = self.plan.slots.channels(&scratch.row, first, Some(modes));
        let connected = (!bones.usual).then(|| &bones.use_connect[first..end]);
        basis_matrices(&channels, 0, connected, &mut scratch.basis[first..end]);
    }

    /// Copies the results of a frame of the job.
    fn write(&self, frame: usize, out: &mut Outputs, scratch: &Scratch) {
        let plan = self.plan;
        let count = plan.chosen.len();
        let done = || {
            let chosen = plan.chosen.iter().enumerate();
            chosen.filter_map(|(at, bone)| Some((frame * count + at, (*bone)?)))
        };
        if let Some(out) = &mut out.matrices {
            done().for_each(|(at, bone)| out[at] = scratch.pose[bone]);
        }
        if let Some(out) = &mut out.heads {
            done().for_each(|(at, bone)| out[at] = head_tail(&scratch.pose[bone], 0.0).0);
        }
        if let Some(out) = &mut out.tails {
            let length = |bone: usize| plan.bones.lengths[bone];
            done().for_each(|(at, bone)| out[at] = head_tail(&scratch.pose[bone], length(bone)).1);
        }
        if let Some(out) = &mut out.values {
            for (at, slot) in plan.wanted.iter().enumerate() {
                if let Some(slot) = slot {
                    out[frame * plan.wanted.len() + at] = scratch.row[*slot];
                }
            }
        }
    }
}

impl RigPlan {
    /// The numbers of the constraints in a row of slots.
    fn numbers<'a>(&self, row: &'a [f32], target_matrices: &'a [Matrix]) -> Numbers<'a> {
        let part = |kind| Some(&row[self.slots.range(kind)]);
        Numbers {
            influence: part(Slot::Influence),
            mute: part(Slot::Mute),
            values: part(Slot::Value).map(|values| values.as_chunks().0),
            weights: part(Slot::Weight),
            head_tail: part(Slot::HeadTail),
            target_matrices: Some(target_matrices),
        }
    }
}
