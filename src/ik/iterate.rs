//! The iterations: equations of the pose as it is, steps within the limits, and their end.

use super::damped::Problem;
use super::joint::{Clamped, Kind, Segment, State, skew};
use glam::{DMat3, DVec3};

/// The segments from a tip to the root.
pub(super) fn path(segments: &[Segment], tip: usize) -> impl Iterator<Item = usize> {
    core::iter::successors(Some(tip), |segment| segments[*segment].parent)
}

/// Puts the segments where their joints have them.
pub(super) fn place(segments: &[Segment], root: &DMat3, states: &mut [State]) {
    for number in 0..segments.len() {
        let above = segments[number].parent.map(|parent| &states[parent]);
        let (axes, end) = above.map_or((*root, DVec3::ZERO), |above| (above.axes, above.to));
        let state = &mut states[number];
        state.from = end + axes * state.start;
        state.axes = axes * state.rest * state.basis;
        state.to = state.from + state.axes.y_axis * state.length;
    }
}

/// Something that the tip of a chain is to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    pub(super) wish: Wish,
    /// The last segment of the chain.
    pub(super) tip: usize,
    pub(super) factor: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Wish {
    /// Go there, by this distance at most in one step.
    Location(DVec3, f64),
    Rotation(DMat3),
}

impl Task {
    pub(super) fn location(&self) -> Option<DVec3> {
        match self.wish {
            Wish::Location(goal, _) => Some(goal),
            Wish::Rotation(_) => None,
        }
    }

    pub(super) fn is_finite(&self) -> bool {
        match self.wish {
            Wish::Location(goal, _) => goal.is_finite(),
            Wish::Rotation(axes) => axes.is_finite(),
        }
    }
}

/// Degrees of freedom with less than this left before a limit are all held at once, as in Blender,
/// where often rounding decides whether so little is left.
const NOTHING: f64 = 1e-20;
/// More than rounding leaves of a step that a limit takes away, and less than any real one.
const ROUNDING: f64 = 1e-13;

/// How a tree is iterated.
pub(super) struct Course<'a> {
    pub(super) segments: &'a [Segment],
    /// Turns the whole.
    pub(super) root: DMat3,
    /// Least and greatest length of a slider.
    pub(super) slide: [f64; 2],
    /// Most iterations.
    pub(super) iterations: usize,
    /// What rounding alone decides is decided otherwise: whether so small a rest of a step as
    /// rounding leaves is one, and which of equally good singular vectors are taken.
    pub(super) rounds_otherwise: bool,
}

/// What is iterated: a tree's joints and what they are to do.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    pub(super) states: Vec<State>,
    pub(super) tasks: Vec<Task>,
    problem: Problem,
}

/// How the iterations went.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Went {
    pub(super) iterations: usize,
    /// A limit was in the way.
    pub(super) limited: bool,
    /// A step was damped whose direction is one of several that are equally good.
    pub(super) ambiguous: bool,
}

impl Work {
    /// Iterates until little changes.
    pub(super) fn run(&mut self, course: &Course) -> Went {
        let freedoms = course.segments.iter().map(|segment| segment.kind.freedoms()).sum();
        let problem = &mut self.problem;
        problem.resize(self.tasks.len(), freedoms);
        if course.rounds_otherwise {
            problem.mix_rows();
        }
        for segment in course.segments {
            for freedom in 0..segment.kind.freedoms() {
                problem.weight[segment.first + freedom] = segment.weight[freedom];
                problem.root[segment.first + freedom] = segment.weight[freedom].sqrt();
            }
        }
        let mut went = Went::default();
        for iteration in 0..course.iterations {
            place(course.segments, &course.root, &mut self.states);
            self.fill(course.segments, iteration == 0);
            let (change, limited) = self.step(course);
            went.iterations = iteration + 1;
            went.limited |= limited;
            if (change < 1e-3 || change.is_nan()) && iteration > 10 {
                break;
            }
        }
        went.ambiguous = self.problem.ambiguous;
        went
    }

    /// The equations of the pose as it is.
    fn fill(&mut self, segments: &[Segment], is_first: bool) {
        let Self { states, tasks, problem } = self;
        problem.clear();
        for (number, task) in tasks.iter().enumerate() {
            let tip = &states[task.tip];
            let wanted = match task.wish {
                Wish::Location(goal, most) => (goal - tip.to).clamp_length_max(most),
                Wish::Rotation(goal) => skew(&(goal * tip.axes.transpose())),
            };
            problem.wanted[3 * number..][..3].copy_from_slice(&(wanted * task.factor).to_array());
            for segment in path(segments, task.tip) {
                let (joint, state) = (&segments[segment], &states[segment]);
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

    /// Takes one step within the limits; gives how much changed at most as Blender counts it, and
    /// whether a limit was in the way.
    fn step(&mut self, course: &Course) -> (f64, bool) {
        let Self { states, problem, .. } = self;
        let (mut most, mut limited) = (0.0f64, false);
        let nothing = if course.rounds_otherwise { ROUNDING } else { NOTHING };
        // Every round but the last holds a degree of freedom.
        for _ in 0..=problem.step.len() {
            problem.solve();
            let mut least: Option<(usize, usize, f64)> = None;
            let mut held = false;
            for (number, segment) in course.segments.iter().enumerate() {
                let step = steps(segment, problem);
                let clamped = states[number].try_step(segment, step, course.slide);
                for freedom in 0..3 {
                    if !clamped.violated[freedom] {
                        continue;
                    }
                    let left = clamped.step[freedom].abs();
                    if left < nothing {
                        hold(segment, &mut states[number], freedom, &clamped, problem);
                        held = true;
                    } else if least.is_none_or(|(.., least)| left < least) {
                        least = Some((number, freedom, left));
                    }
                }
            }
            if let Some((number, freedom, left)) = least {
                let segment = &course.segments[number];
                let step = steps(segment, problem);
                let clamped = states[number].try_step(segment, step, course.slide);
                hold(segment, &mut states[number], freedom, &clamped, problem);
                most = most.max(left);
                held = true;
            }
            if !held {
                break;
            }
            limited = true;
        }
        for (segment, state) in course.segments.iter().zip(states.iter_mut()) {
            state.take();
            let units = if segment.kind == Kind::Slider { 100.0 } else { 1.0 };
            for step in &steps(segment, problem)[..segment.kind.freedoms()] {
                most = most.max(step.abs() * units);
            }
        }
        (most, limited)
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
