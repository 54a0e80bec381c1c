//! One tree in one pose.

use super::Goal;
use super::damped::Problem;
use super::joint::{Clamped, Kind, Segment, State, skew};
use super::tree::Tree;
use crate::channels::{Matrix, load};
use crate::hierarchy::Hierarchy;
use crate::rotation::mat3_to_quat;
use glam::{Affine3A, DAffine3, DMat3, DQuat, DVec3};

/// What the goals of a rig look at in one frame; one element a goal. Matrices are in armature
/// space.
pub trait Input {
    /// The influence of a goal; 0 if it is muted.
    fn influence(&self, goal: usize) -> f32;
    /// The goal with the weights and pole angle that it has now.
    fn settings(&self, _goal: usize, made_with: &Goal) -> Goal {
        *made_with
    }
    /// The target of a goal.
    fn target(&self, goal: usize, pose: &[Matrix]) -> Matrix;
    /// The pole target of a goal; asked for only if it has one.
    fn pole(&self, goal: usize, pose: &[Matrix]) -> Matrix;
}

/// Memory for solving, to be used again.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    states: Vec<State>,
    tasks: Vec<Task>,
    problem: Problem,
    changes: Vec<Change>,
    /// Whether a tree went back and forth until its last iteration, since this was last cleared.
    pub unsettled: bool,
}

/// Something that the tip of a chain is to do.
#[derive(Clone, Copy, Debug)]
struct Task {
    wish: Wish,
    /// The last segment of the chain.
    tip: usize,
    factor: f64,
}

#[derive(Clone, Copy, Debug)]
enum Wish {
    /// Go there, by this distance at most in one step.
    Location(DVec3, f64),
    Rotation(DMat3),
}

/// What the solver makes of a bone.
#[derive(Clone, Copy, Debug)]
struct Change {
    /// From the parent's matrix to the bone's.
    link: DAffine3,
    turn: DMat3,
    /// How many times as long as before, parents' stretch included.
    stretch: f64,
}

/// A pole, and with what it is followed.
struct Pole {
    location: DVec3,
    angle: f64,
    influence: f64,
}

fn read(m: &Matrix) -> DAffine3 {
    let m = load(m);
    DAffine3 { matrix3: widen(&m), translation: m.translation.as_dvec3() }
}

fn widen(m: &Affine3A) -> DMat3 {
    let m = m.matrix3;
    DMat3::from_cols(m.x_axis.as_dvec3(), m.y_axis.as_dvec3(), m.z_axis.as_dvec3())
}

fn write(m: &DAffine3) -> Matrix {
    let DMat3 { x_axis: x, y_axis: y, z_axis: z } = m.matrix3;
    let t = m.translation;
    let columns = [[x.x, x.y, x.z, 0.0], [y.x, y.y, y.z, 0.0], [z.x, z.y, z.z, 0.0]];
    let mut out = [0.0; 16];
    for (out, value) in out.iter_mut().zip(columns.as_flattened()) {
        *out = *value as f32;
    }
    (out[12], out[13], out[14], out[15]) = (t.x as f32, t.y as f32, t.z as f32, 1.0);
    out
}

fn unit(v: DVec3) -> DVec3 {
    v.try_normalize().unwrap_or(DVec3::ZERO)
}

fn normalized(m: &DMat3) -> DMat3 {
    DMat3::from_cols(unit(m.x_axis), unit(m.y_axis), unit(m.z_axis))
}

/// The inverse, zero if there is none.
fn inverse(m: &DMat3) -> DMat3 {
    let determinant = m.determinant();
    if determinant != 0.0 && determinant.is_finite() { m.inverse() } else { DMat3::ZERO }
}

/// The rotation of a matrix, sheared or not, as Blender finds it.
fn rotation(m: &DMat3) -> DQuat {
    let [w, x, y, z] = mat3_to_quat(&m.as_mat3()).map(f64::from);
    DQuat::from_xyzw(x, y, z, w)
}

/// A change that is done in part: rotation and size each, shear not at all, as in Blender.
fn part_of(m: &DMat3, factor: f64) -> DMat3 {
    let turn = DQuat::IDENTITY.slerp(rotation(m), factor);
    let size = |column: DVec3| 1.0 + (column.length() - 1.0) * factor;
    let DMat3 { x_axis: x, y_axis: y, z_axis: z } = DMat3::from_quat(turn);
    DMat3::from_cols(x * size(m.x_axis), y * size(m.y_axis), z * size(m.z_axis))
}

/// Rows that look along `direction` with `up` upwards.
fn look(direction: DVec3, up: DVec3) -> DMat3 {
    let side = unit(direction.cross(up));
    DMat3::from_cols(side, side.cross(direction), -direction).transpose()
}

impl Tree {
    /// Solves the tree and writes the pose matrices of its bones. `pose` are the pose matrices of
    /// the whole rig, those of the tree's bones as hierarchy and constraints leave them. A tree
    /// with matrices that are not finite, and one whose goals all have no influence, is left
    /// alone.
    ///
    /// # Panics
    /// If `pose` has fewer matrices than the hierarchy has bones.
    pub fn solve(
        &self,
        rig: &Hierarchy,
        input: &impl Input,
        pose: &mut [Matrix],
        scratch: &mut Scratch,
    ) {
        if self.ends.iter().all(|end| input.influence(end.goal) == 0.0) {
            return;
        }
        let chain = Chain { tree: self, rig };
        let frame = chain.frame(pose);
        let Some(extent) = chain.start(pose, scratch) else { return };
        let scale = if extent > 0.0 { 1.0 / extent } else { 1.0 };
        let pole = chain.tasks(&frame, input, pose, scale, scratch);
        if scratch.tasks.iter().any(|task| !task.is_finite()) {
            return;
        }
        for state in &mut scratch.states {
            state.start *= scale;
            state.length *= scale;
        }
        if self.freedoms > 0 && !scratch.tasks.is_empty() {
            let root = chain.turn_to_pole(pole.as_ref(), scratch);
            // A slider's limits are not those of the scaled chain, as in Blender.
            let slide = [0.001, 1e10 * scale.powi(3)];
            Solver { segments: &self.segments, root, slide, scratch }.run(self.iterations);
            let first = &mut scratch.states[0];
            first.basis = first.rest.transpose() * root * first.rest * first.basis;
        }
        let influence = pole.map_or(1.0, |pole| pole.influence);
        chain.finish(pose, scale, influence, scratch);
    }
}

/// A tree on a rig.
struct Chain<'a> {
    tree: &'a Tree,
    rig: &'a Hierarchy<'a>,
}

impl Chain<'_> {
    fn parent_matrix(&self, bone: usize, pose: &[Matrix]) -> Option<DAffine3> {
        self.rig.parent(bone).map(|parent| read(&pose[parent]))
    }

    /// From armature space to that of the chain, which begins at its root.
    fn frame(&self, pose: &[Matrix]) -> DAffine3 {
        let root = self.tree.members[0].bone;
        let axes =
            self.parent_matrix(root, pose).map_or(DMat3::IDENTITY, |m| normalized(&m.matrix3));
        let inverse = inverse(&axes);
        let head = read(&pose[root]).translation;
        DAffine3 { matrix3: inverse, translation: -(inverse * head) }
    }

    /// The joints as the pose has them; gives the sum of all lengths, or `None` if something is
    /// not finite.
    fn start(&self, pose: &[Matrix], scratch: &mut Scratch) -> Option<f64> {
        scratch.states.clear();
        scratch.changes.clear();
        let mut extent = 0.0;
        for member in &self.tree.members {
            let bone = member.bone;
            let (matrix, parent) = (read(&pose[bone]), self.parent_matrix(bone, pose));
            let above = parent.map_or(DMat3::IDENTITY, |m| inverse(&normalized(&m.matrix3)));
            let start = match (member.parent, parent, self.rig.parent(bone)) {
                (Some(_), Some(parent), Some(above_bone)) => {
                    let length = f64::from(self.rig.length(above_bone));
                    let tail = parent.translation + parent.matrix3.y_axis * length;
                    above * (matrix.translation - tail)
                }
                _ => DVec3::ZERO,
            };
            let length = f64::from(self.rig.length(bone)) * matrix.matrix3.y_axis.length();
            let rest = widen(&load(&self.rig.offsets()[bone]));
            let before = rest.transpose() * above * normalized(&matrix.matrix3);
            if !(start.is_finite() && length.is_finite() && before.is_finite()) {
                return None;
            }
            extent += start.length() + length;
            for segment in &self.tree.segments[member.first..=member.last] {
                let behind = segment.kind == Kind::Slider && member.first != member.last;
                let length = if segment.is_short { 0.0 } else { length };
                scratch.states.push(if behind {
                    let one = DMat3::IDENTITY;
                    State::new(segment.kind, DVec3::ZERO, one, one, length)
                } else {
                    State::new(segment.kind, start, rest, before, length)
                });
            }
            let link = match parent {
                Some(parent) => DAffine3 {
                    matrix3: inverse(&parent.matrix3) * matrix.matrix3,
                    translation: inverse(&parent.matrix3)
                        * (matrix.translation - parent.translation),
                },
                None => matrix,
            };
            scratch.changes.push(Change { link, turn: DMat3::IDENTITY, stretch: length });
        }
        Some(extent)
    }

    /// What the goals ask for, and the pole if there is one that counts.
    fn tasks(
        &self,
        frame: &DAffine3,
        input: &impl Input,
        pose: &[Matrix],
        scale: f64,
        scratch: &mut Scratch,
    ) -> Option<Pole> {
        let wide = |m: Matrix| *frame * read(&m);
        let goals = || {
            let ends = self.tree.ends.iter();
            ends.map(|end| (end, input.settings(end.goal, &end.settings)))
        };
        let total: f64 = goals().flat_map(|(_, goal)| weights(&goal)).map(f64::from).sum();
        scratch.tasks.clear();
        let mut pole = None;
        for (end, settings) in goals() {
            let influence = f64::from(input.influence(end.goal));
            let target = wide(input.target(end.goal, pose));
            let member = &self.tree.members[end.tip];
            if let Some(angle) = settings.pole {
                let location = wide(input.pole(end.goal, pose)).translation * scale;
                pole = Some(Pole { location, angle: f64::from(angle), influence });
            }
            let (mut goal, mut axes) = (target.translation, normalized(&target.matrix3));
            if influence != 1.0 && pole.is_none() {
                let tip = *frame * read(&pose[member.bone]);
                let length = f64::from(self.rig.length(member.bone));
                let tail = tip.translation + tip.matrix3.y_axis * length;
                goal = tail.lerp(goal, influence);
                axes = DMat3::from_quat(rotation(&tip.matrix3).slerp(rotation(&axes), influence));
            }
            let [location, rotation] = weights(&settings);
            let tip = member.last;
            let factor = |weight: f32| (f64::from(weight) / total).sqrt();
            if location != 0.0 {
                let wish = Wish::Location(goal * scale, self.longest_step(tip, scratch) * scale);
                scratch.tasks.push(Task { wish, tip, factor: factor(location) });
            }
            if rotation != 0.0 {
                scratch.tasks.push(Task {
                    wish: Wish::Rotation(axes),
                    tip,
                    factor: factor(rotation),
                });
            }
        }
        let goals = scratch.tasks.iter().filter(|task| task.location().is_some()).count();
        pole.filter(|_| goals == 1)
    }

    /// How far a tip may go in one iteration: half the mean extent of its chain's segments.
    fn longest_step(&self, tip: usize, scratch: &Scratch) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for segment in path(&self.tree.segments, tip) {
            let state = &scratch.states[segment];
            sum += state.start.length() + state.length;
            count += 1.0;
        }
        sum / (2.0 * count)
    }

    /// Poses the chain; gives the rotation of the whole that turns it to the pole.
    fn turn_to_pole(&self, pole: Option<&Pole>, scratch: &mut Scratch) -> DMat3 {
        let one = DMat3::IDENTITY;
        let Some(pole) = pole else { return one };
        place(&self.tree.segments, &one, &mut scratch.states);
        let task = scratch.tasks.iter().find_map(|task| Some((task.location()?, task.tip)));
        let Some((goal, tip)) = task else { return one };
        let root = &scratch.states[0];
        let direction = unit(scratch.states[tip].to - root.from);
        let up = root.axes.x_axis * pole.angle.cos() + root.axes.z_axis * pole.angle.sin();
        let wanted = look(unit(goal - root.from), unit(pole.location - root.from));
        let turn = wanted.transpose() * look(direction, up);
        if turn.is_finite() { turn } else { one }
    }

    /// Writes the solved chain.
    fn finish(&self, pose: &mut [Matrix], scale: f64, influence: f64, scratch: &mut Scratch) {
        for number in 0..self.tree.members.len() {
            let member = self.tree.members[number];
            let (first, last) = (&scratch.states[member.first], &scratch.states[member.last]);
            let solved = if self.tree.segments[member.last].kind == Kind::Slider {
                last.length / scale
            } else {
                scratch.changes[number].stretch
            };
            let before = scratch.changes[number].stretch;
            let own = if before > 0.0 { solved / before } else { 1.0 };
            let turn = first.before.transpose() * first.basis;
            let change = &mut scratch.changes[number];
            change.stretch = own;
            let above = member.parent.map_or(1.0, |parent| scratch.changes[parent].stretch);
            let size = own / above;
            if influence != 1.0 {
                scratch.changes[number].turn = part_of(&(turn * size), influence);
            } else {
                scratch.changes[number].turn = turn * size;
            }
        }
        for (member, change) in self.tree.members.iter().zip(&scratch.changes) {
            let parent = self.parent_matrix(member.bone, pose).unwrap_or(DAffine3::IDENTITY);
            let mut matrix = parent * change.link;
            let sizes = |m: &DMat3| [m.x_axis.length(), m.y_axis.length(), m.z_axis.length()];
            let [x, y, z] = sizes(&matrix.matrix3);
            let resized = |m: &DMat3, x: f64, z: f64| {
                DMat3::from_cols(unit(m.x_axis) * x, m.y_axis, unit(m.z_axis) * z)
            };
            let turned = resized(&matrix.matrix3, y, y) * change.turn;
            let [wide, _, deep] = sizes(&change.turn);
            matrix.matrix3 = resized(&turned, x * wide, z * deep);
            pose[member.bone] = write(&matrix);
        }
    }
}

/// The weights of a goal's location and rotation; 0 if it does not ask for it.
fn weights(goal: &Goal) -> [f32; 2] {
    let of = |weight: Option<f32>| weight.filter(|weight| *weight > 0.0).unwrap_or(0.0);
    [of(goal.location), of(goal.rotation)]
}

impl Task {
    fn location(&self) -> Option<DVec3> {
        match self.wish {
            Wish::Location(goal, _) => Some(goal),
            Wish::Rotation(_) => None,
        }
    }

    fn is_finite(&self) -> bool {
        match self.wish {
            Wish::Location(goal, _) => goal.is_finite(),
            Wish::Rotation(axes) => axes.is_finite(),
        }
    }
}

/// The segments from a tip to the root.
fn path(segments: &[Segment], tip: usize) -> impl Iterator<Item = usize> {
    core::iter::successors(Some(tip), |segment| segments[*segment].parent)
}

/// Puts the segments where their joints have them.
fn place(segments: &[Segment], root: &DMat3, states: &mut [State]) {
    for number in 0..segments.len() {
        let above = segments[number].parent.map(|parent| &states[parent]);
        let (axes, end) = above.map_or((*root, DVec3::ZERO), |above| (above.axes, above.to));
        let state = &mut states[number];
        state.from = end + axes * state.start;
        state.axes = axes * state.rest * state.basis;
        state.to = state.from + state.axes.y_axis * state.length;
    }
}

/// The change of the last iteration from which a tree counts as not settled: less only creeps
/// towards one pose, more goes back and forth.
const RESTLESS: f64 = 0.01;

/// The iterations.
struct Solver<'a> {
    segments: &'a [Segment],
    root: DMat3,
    /// Least and greatest length of a slider.
    slide: [f64; 2],
    scratch: &'a mut Scratch,
}

impl Solver<'_> {
    fn run(&mut self, iterations: usize) {
        let freedoms = self.segments.iter().map(|segment| segment.kind.freedoms()).sum();
        let Scratch { problem, tasks, .. } = self.scratch;
        problem.resize(tasks.len(), freedoms);
        for segment in self.segments {
            for freedom in 0..segment.kind.freedoms() {
                problem.weight[segment.first + freedom] = segment.weight[freedom];
                problem.root[segment.first + freedom] = segment.weight[freedom].sqrt();
            }
        }
        let mut restless = false;
        for iteration in 0..iterations {
            place(self.segments, &self.root, &mut self.scratch.states);
            self.fill(iteration == 0);
            let (held, last) = self.step();
            restless = !(held < 1e-3 || last < RESTLESS);
            if (held < 1e-3 || held.is_nan()) && iteration > 10 {
                break;
            }
        }
        self.scratch.unsettled |= restless;
    }

    /// The equations of the pose as it is.
    fn fill(&mut self, is_first: bool) {
        let Scratch { states, tasks, problem, .. } = &mut *self.scratch;
        problem.clear();
        for (number, task) in tasks.iter().enumerate() {
            let tip = &states[task.tip];
            let wanted = match task.wish {
                Wish::Location(goal, most) => (goal - tip.to).clamp_length_max(most),
                Wish::Rotation(goal) => skew(&(goal * tip.axes.transpose())),
            };
            problem.wanted[3 * number..][..3].copy_from_slice(&(wanted * task.factor).to_array());
            for segment in path(self.segments, task.tip) {
                let (joint, state) = (&self.segments[segment], &states[segment]);
                let arm = tip.to - state.from;
                for (freedom, axis) in joint.kind.axes().into_iter().flatten().enumerate() {
                    let axis = axis_of(joint.kind, axis, state, is_first);
                    let effect = match (task.wish, joint.kind) {
                        (Wish::Location(..), Kind::Slider) => axis,
                        (Wish::Location(..), _) => axis.cross(arm),
                        (Wish::Rotation(_), Kind::Slider) => DVec3::ZERO,
                        (Wish::Rotation(_), _) => axis,
                    };
                    let column = joint.first + freedom;
                    let factor = task.factor * problem.root[column];
                    problem.set_column(number, column, (effect * factor).to_array());
                }
            }
        }
    }

    /// Takes one step within the limits; gives how much changed at most, as Blender counts it and
    /// in radians and parts of the chain's length.
    fn step(&mut self) -> (f64, f64) {
        let Scratch { states, problem, .. } = &mut *self.scratch;
        let mut remembered = 0.0f64;
        // Every round but the last holds a degree of freedom.
        for _ in 0..=problem.step.len() {
            problem.solve();
            let mut least: Option<(usize, usize, f64)> = None;
            let mut held = false;
            for (number, segment) in self.segments.iter().enumerate() {
                let clamped = states[number].try_step(segment, steps(segment, problem), self.slide);
                for freedom in 0..3 {
                    if !clamped.violated[freedom] {
                        continue;
                    }
                    let left = clamped.step[freedom];
                    if left.abs() < 1e-20 {
                        hold(segment, &mut states[number], freedom, &clamped, problem);
                        held = true;
                    } else if least.is_none_or(|(.., least)| left.abs() < least) {
                        least = Some((number, freedom, left.abs()));
                    }
                }
            }
            if let Some((number, freedom, amount)) = least {
                let segment = &self.segments[number];
                let clamped = states[number].try_step(segment, steps(segment, problem), self.slide);
                hold(segment, &mut states[number], freedom, &clamped, problem);
                remembered = remembered.max(amount);
                held = true;
            }
            if !held {
                break;
            }
        }
        let (mut most, mut last) = (remembered, remembered);
        for (segment, state) in self.segments.iter().zip(states.iter_mut()) {
            state.take();
            let units = if segment.kind == Kind::Slider { 100.0 } else { 1.0 };
            for step in &steps(segment, problem)[..segment.kind.freedoms()] {
                most = most.max(step.abs() * units);
                last = last.max(step.abs());
            }
        }
        (most, last)
    }
}

/// The step of each degree of freedom of a joint.
fn steps(segment: &Segment, problem: &Problem) -> [f64; 3] {
    let mut steps = [0.0; 3];
    let count = segment.kind.freedoms();
    steps[..count].copy_from_slice(&problem.step[segment.first..][..count]);
    steps
}

/// Holds a degree of freedom, and those that go with it, at the limit that the last try found.
fn hold(
    segment: &Segment,
    state: &mut State,
    freedom: usize,
    clamped: &Clamped,
    problem: &mut Problem,
) {
    for freedom in state.hold(segment.kind, freedom) {
        problem.fix(segment.first + freedom, clamped.step[*freedom]);
    }
}

/// The axis of a degree of freedom in the space of the chain.
fn axis_of(kind: Kind, axis: usize, state: &State, is_first: bool) -> DVec3 {
    match (kind, axis) {
        (Kind::Elbow(_), 0 | 2) => {
            // Blender does not know the twist yet in its first iteration.
            let twist = if is_first { 0.0f64 } else { state.twist };
            let (sine, cosine) = twist.sin_cos();
            let local = if axis == 0 {
                DVec3::new(cosine, 0.0, sine)
            } else {
                DVec3::new(-sine, 0.0, cosine)
            };
            state.axes * local
        }
        _ => state.axes.col(axis),
    }
}
