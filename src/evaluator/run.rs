//! Frames of a [`RigPlan`]: curves, drivers, matrices, results.

use super::RigPlan;
use super::frame::{Frame, Numbers, Parts};
use super::ik::IkScratch;
use super::plan::Step;
use super::slots::Slot;
use super::space::World;
use super::variables::Sight;
use crate::channels::{Matrix, basis_matrices, load};
use crate::fcurve::alike::Alike;
use crate::hierarchy::{Hierarchy, head_tail};
use crate::par;
use crate::pose_matrices::{self, Batch};

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
    /// One a frame: 1 where the last bit of a number decides where inverse kinematics end.
    pub unsettled: Option<&'a mut [u8]>,
}

/// Most frames that one thread does before it takes the next ones.
const FRAMES_AT_ONCE: usize = 128;

/// As many that every thread gets some twice, in whole blocks. A curve is found anew every time.
fn at_once(frames: usize) -> usize {
    let share = frames.div_ceil(2 * par::threads());
    share.next_multiple_of(BLOCK).clamp(BLOCK, FRAMES_AT_ONCE)
}

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

/// Frames whose numbers and matrices are at hand together.
const BLOCK: usize = 8;

/// Numbers in a line of the cache.
const LINE: usize = 16;

/// What one thread works with.
struct Scratch {
    /// Values of the curves, one curve after another.
    samples: Vec<f32>,
    /// Rows of numbers, one a frame of the block, `row_stride` from one to the next.
    rows: Vec<f32>,
    row_stride: usize,
    /// Final pose matrices, frame after frame of the block, `pose_stride` from one to the next.
    poses: Vec<Matrix>,
    pose_stride: usize,
    plain: pose_matrices::Scratch,
    variables: Vec<f32>,
    basis: Vec<Matrix>,
    target_matrices: Vec<Matrix>,
    ik: IkScratch,
}

/// The parts of [`Scratch`] that belong to one frame.
struct OneFrame<'a> {
    row: &'a mut [f32],
    pose: &'a mut [Matrix],
    basis: &'a mut [Matrix],
    variables: &'a mut Vec<f32>,
    target_matrices: &'a mut [Matrix],
    ik: &'a mut IkScratch,
}

impl Scratch {
    /// What belongs to a frame of the block.
    fn frame(&mut self, frame: usize) -> OneFrame<'_> {
        let (slots, bones) = (self.row_stride, self.pose_stride);
        OneFrame {
            row: &mut self.rows[frame * slots..(frame + 1) * slots],
            pose: &mut self.poses[frame * bones..(frame + 1) * bones],
            basis: &mut self.basis,
            variables: &mut self.variables,
            target_matrices: &mut self.target_matrices,
            ik: &mut self.ik,
        }
    }
}

/// What all frames of a call share.
struct Call<'a> {
    plan: &'a RigPlan,
    /// The plain bones alone.
    plain: Batch<'a>,
    parts: Parts<'a>,
    frames: &'a [f32],
    outside: &'a Outside<'a>,
    /// The matrices of the plain bones are those that are wanted.
    as_wanted: bool,
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
        let plain = Batch::new(&plain, self.kernel);
        let as_wanted = self.is_as_wanted();
        let call = Call { plan: self, plain, parts: self.parts(&all), frames, outside, as_wanted };
        let (bones, values) = (self.chosen.len(), self.wanted.len());
        let mut jobs: Vec<Job> = Vec::new();
        let at_once = at_once(frames.len());
        for first in (0..frames.len()).step_by(at_once) {
            let count = at_once.min(frames.len() - first);
            jobs.push(Job {
                first,
                count,
                out: Outputs {
                    matrices: cut(&mut out.matrices, bones * count),
                    heads: cut(&mut out.heads, bones * count),
                    tails: cut(&mut out.tails, bones * count),
                    values: cut(&mut out.values, values * count),
                    unsettled: cut(&mut out.unsettled, count),
                },
            });
        }
        let work = frames.len() * self.cost();
        par::for_chunks(
            work,
            &mut jobs,
            1,
            || call.scratch(),
            |scratch, _, jobs| {
                jobs.iter_mut().for_each(|job| call.job(job, scratch));
            },
        );
    }

    /// Rough nanoseconds a frame.
    fn cost(&self) -> usize {
        let chains = self.steps.iter().filter(|step| matches!(step, Step::Chain(_))).count();
        let plain = 10 * self.modes.len() + 20 * self.curves.len();
        plain + 300 * self.constraints.len() + 20_000 * chains
    }

    /// Whether all bones are plain and wanted in this order.
    fn is_as_wanted(&self) -> bool {
        let bones = self.modes.len();
        let plain = bones > 0 && self.plain == bones && self.steps.is_empty();
        let wanted = self.chosen.iter().enumerate().all(|(at, bone)| *bone == Some(at));
        plain && wanted && self.chosen.len() == bones
    }

    fn parts<'a>(&'a self, hierarchy: &'a Hierarchy<'a>) -> Parts<'a> {
        Parts {
            hierarchy,
            constraints: super::Constraints {
                list: &self.constraints,
                targets: &self.targets,
                spaces: self.spaces.as_deref(),
                joints: &[],
                actions: &self.actions,
                paths: &self.paths,
            },
            stacks: &self.stacks,
            modes: Some(&self.modes),
            animated: Some(&self.animated),
        }
    }
}

impl Call<'_> {
    fn scratch(&self) -> Scratch {
        let plan = self.plan;
        let bones = plan.modes.len();
        // Odd numbers of cache lines: with powers of two all frames of a block would fall into the
        // same part of the cache.
        let pose_stride = bones | 1;
        let mut row = plan.row.clone();
        row.resize((plan.row.len().div_ceil(LINE) | 1) * LINE, 0.0);
        Scratch {
            samples: vec![0.0; plan.curves.len() * FRAMES_AT_ONCE],
            rows: row.repeat(BLOCK),
            row_stride: row.len(),
            poses: vec![[0.0; 16]; pose_stride * BLOCK],
            pose_stride,
            plain: self.plain.scratch(),
            variables: Vec::new(),
            basis: vec![[0.0; 16]; bones],
            target_matrices: plan.target_matrices.clone(),
            ik: IkScratch::default(),
        }
    }

    fn job(&self, job: &mut Job, scratch: &mut Scratch) {
        scratch.ik.check(job.out.unsettled.is_some());
        let frames = &self.frames[job.first..job.first + job.count];
        let mut alike = Alike::new(frames);
        let samples = scratch.samples.chunks_mut(FRAMES_AT_ONCE);
        for ((_, curve), samples) in self.plan.curves.iter().zip(samples) {
            curve.evaluate_alike(&mut alike, &mut samples[..frames.len()]);
        }
        let mut direct = if self.as_wanted { job.out.matrices.take() } else { None };
        for first in (0..job.count).step_by(BLOCK) {
            let count = BLOCK.min(job.count - first);
            let direct = cut(&mut direct, count * self.plan.chosen.len());
            self.block(job, first, count, scratch, direct);
        }
    }

    /// Some frames of a job: first the plain bones of all, then the others frame by frame.
    /// All bones may be plain, and their matrices go to `direct`.
    fn block(
        &self,
        job: &mut Job,
        first: usize,
        count: usize,
        scratch: &mut Scratch,
        direct: Option<&mut [Matrix]>,
    ) {
        let plan = self.plan;
        let slots = scratch.row_stride;
        for ((slot, _), samples) in plan.curves.iter().zip(scratch.samples.chunks(FRAMES_AT_ONCE)) {
            for (frame, value) in samples[first..first + count].iter().enumerate() {
                scratch.rows[frame * slots + slot] = *value;
            }
        }
        if !plan.early.is_empty() {
            for frame in 0..count {
                let at = job.first + first + frame;
                let (world, mut one) = (self.world(at), scratch.frame(frame));
                for driver in &plan.early {
                    self.drive(*driver, at, &world, &mut one);
                }
            }
        }
        let channels = plan.slots.channels(&scratch.rows, slots, 0, Some(&plan.modes));
        if let Some(matrices) = direct {
            let (bones, out) = (plan.plain, &mut *matrices);
            self.plain.frames(&channels, 0, &mut scratch.plain, out.as_flattened_mut(), bones * 16);
            for (frame, pose) in matrices.chunks(bones).enumerate() {
                let row = &scratch.rows[frame * slots..];
                self.write(first + frame, &mut job.out, pose, row, false);
            }
            return;
        }
        if plan.plain > 0 {
            let stride = scratch.pose_stride;
            let out = scratch.poses[..count * stride].as_flattened_mut();
            self.plain.frames(&channels, 0, &mut scratch.plain, out, stride * 16);
        }
        for frame in 0..count {
            let mut one = scratch.frame(frame);
            self.frame(job.first + first + frame, &mut one);
            self.write(first + frame, &mut job.out, one.pose, one.row, one.ik.unsettled());
        }
    }

    /// The bones of a frame that are not plain.
    fn frame(&self, frame: usize, one: &mut OneFrame) {
        let plan = self.plan;
        if plan.plain == plan.modes.len() && plan.steps.is_empty() {
            return;
        }
        if let Some(matrices) = self.outside.target_matrices {
            let matrices = &matrices[frame * plan.target_count..];
            for (to, from) in one.target_matrices.iter_mut().zip(&plan.target_from) {
                *to = matrices[*from];
            }
        }
        let world = self.world(frame);
        self.bases(plan.plain, plan.modes.len(), one);
        plan.ik.begin(one.ik);
        for step in &plan.steps {
            match *step {
                Step::Bone(bone) => {
                    if plan.late[bone] {
                        self.bases(bone, bone + 1, one);
                    }
                    let numbers = plan.numbers(one.row, one.target_matrices);
                    let pose = &mut *one.pose;
                    let mut frame = Frame { parts: &self.parts, world: &world, numbers, pose };
                    frame.place(bone, &one.basis[bone]);
                }
                Step::Driver(driver) => self.drive(driver, frame, &world, one),
                Step::Chain(chain) => {
                    let numbers = plan.numbers(one.row, one.target_matrices);
                    let pose = &mut *one.pose;
                    let mut frame = Frame { parts: &self.parts, world: &world, numbers, pose };
                    plan.ik.solve(chain, &mut frame, one.basis, one.ik);
                }
            }
        }
    }

    fn world(&self, frame: usize) -> World {
        let object = self.outside.object.map_or(&self.plan.object, |object| &object[frame]);
        World::new(load(object))
    }

    fn drive(&self, driver: usize, frame: usize, world: &World, one: &mut OneFrame) {
        let plan = self.plan;
        let count = plan.driver_matrices.len();
        let outside = match self.outside.driver_matrices {
            Some(matrices) => &matrices[frame * count..(frame + 1) * count],
            None => &plan.driver_matrices,
        };
        let pose = &*one.pose;
        let sight = Sight { parts: &self.parts, slots: &plan.slots, world, pose, outside };
        plan.drivers[driver].run(self.frames[frame], Some(&sight), one.row, one.variables);
    }

    /// Channel matrices of the bones `first..end`.
    fn bases(&self, first: usize, end: usize, one: &mut OneFrame) {
        let bones = &self.plan.bones;
        let modes = &self.plan.modes[first..end];
        let channels = self.plan.slots.channels(one.row, one.row.len(), first, Some(modes));
        let connected = (!bones.usual).then(|| &bones.use_connect[first..end]);
        basis_matrices(&channels, 0, connected, &mut one.basis[first..end]);
    }

    /// Copies the results of a frame of the job.
    fn write(
        &self,
        frame: usize,
        out: &mut Outputs,
        pose: &[Matrix],
        row: &[f32],
        unsettled: bool,
    ) {
        let plan = self.plan;
        let count = plan.chosen.len();
        let done = || {
            let chosen = plan.chosen.iter().enumerate();
            chosen.filter_map(|(at, bone)| Some((frame * count + at, (*bone)?)))
        };
        if let Some(out) = &mut out.matrices {
            done().for_each(|(at, bone)| out[at] = pose[bone]);
        }
        if let Some(out) = &mut out.heads {
            done().for_each(|(at, bone)| out[at] = head_tail(&pose[bone], 0.0).0);
        }
        if let Some(out) = &mut out.tails {
            let length = |bone: usize| plan.bones.lengths[bone];
            done().for_each(|(at, bone)| out[at] = head_tail(&pose[bone], length(bone)).1);
        }
        if let Some(out) = &mut out.unsettled {
            out[frame] = unsettled.into();
        }
        if let Some(out) = &mut out.values {
            for (at, slot) in plan.wanted.iter().enumerate() {
                if let Some(slot) = slot {
                    out[frame * plan.wanted.len() + at] = row[*slot];
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
