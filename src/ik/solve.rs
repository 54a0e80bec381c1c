//! One tree in one pose.

use super::Goal;
use super::iterate::{Course, Task, Wish, Work, path, place};
use super::joint::{Kind, State};
use super::tree::Tree;
use super::twin::Twin;
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
    work: Work,
    changes: Vec<Change>,
    twin: Twin,
    /// Whether [`unsettled`](Self::unsettled) is wanted. Trees that go back and forth, or meet
    /// limits, are solved twice then.
    pub check: bool,
    /// Whether the last bit of the input decides where a tree ended, since this was last cleared.
    /// A tree that comes to no numbers counts as such, looked for or not.
    pub unsettled: bool,
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
        if scratch.work.tasks.iter().any(|task| !task.is_finite()) {
            return;
        }
        for state in &mut scratch.work.states {
            state.start *= scale;
            state.length *= scale;
        }
        if self.freedoms > 0 && !scratch.work.tasks.is_empty() {
            let root = chain.turn_to_pole(pole.as_ref(), &mut scratch.work);
            self.iterate(root, scale, scratch);
            if scratch.work.states.iter().any(|state| !state.basis.is_finite()) {
                scratch.unsettled = true;
                return;
            }
            let first = &mut scratch.work.states[0];
            first.basis = first.rest.transpose() * root * first.rest * first.basis;
        }
        let influence = pole.map_or(1.0, |pole| pole.influence);
        chain.finish(pose, scale, influence, scratch);
    }

    fn iterate(&self, root: DMat3, scale: f64, scratch: &mut Scratch) {
        let course = Course {
            segments: &self.segments,
            root,
            // A slider's limits are not those of the scaled chain, as in Blender.
            slide: [0.001, 1e10 * scale.powi(3)],
            iterations: self.iterations,
            rounds_otherwise: false,
        };
        if scratch.check {
            scratch.twin.take(&scratch.work);
        }
        let went = scratch.work.run(&course);
        if scratch.check {
            scratch.unsettled |= scratch.twin.differs(&course, &mut scratch.work, went);
        }
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
        scratch.work.states.clear();
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
                scratch.work.states.push(if behind {
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
        scratch.work.tasks.clear();
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
                scratch.work.tasks.push(Task { wish, tip, factor: factor(location) });
            }
            if rotation != 0.0 {
                scratch.work.tasks.push(Task {
                    wish: Wish::Rotation(axes),
                    tip,
                    factor: factor(rotation),
                });
            }
        }
        let goals = scratch.work.tasks.iter().filter(|task| task.location().is_some()).count();
        pole.filter(|_| goals == 1)
    }

    /// How far a tip may go in one iteration: half the mean extent of its chain's segments.
    fn longest_step(&self, tip: usize, scratch: &Scratch) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for segment in path(&self.tree.segments, tip) {
            let state = &scratch.work.states[segment];
            sum += state.start.length() + state.length;
            count += 1.0;
        }
        sum / (2.0 * count)
    }

    /// Poses the chain; gives the rotation of the whole that turns it to the pole.
    fn turn_to_pole(&self, pole: Option<&Pole>, work: &mut Work) -> DMat3 {
        let one = DMat3::IDENTITY;
        let Some(pole) = pole else { return one };
        place(&self.tree.segments, &one, &mut work.states);
        let task = work.tasks.iter().find_map(|task| Some((task.location()?, task.tip)));
        let Some((goal, tip)) = task else { return one };
        let root = &work.states[0];
        let direction = unit(work.states[tip].to - root.from);
        let up = root.axes.x_axis * pole.angle.cos() + root.axes.z_axis * pole.angle.sin();
        let wanted = look(unit(goal - root.from), unit(pole.location - root.from));
        let turn = wanted.transpose() * look(direction, up);
        if turn.is_finite() { turn } else { one }
    }

    /// Writes the solved chain.
    fn finish(&self, pose: &mut [Matrix], scale: f64, influence: f64, scratch: &mut Scratch) {
        for number in 0..self.tree.members.len() {
            let member = self.tree.members[number];
            let (first, last) =
                (&scratch.work.states[member.first], &scratch.work.states[member.last]);
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
