//! The joints of a chain: how they start, step, and keep to their limits.

use super::Joint;
use core::f64::consts::PI;
use glam::{DMat3, DVec3};

/// About which axes a segment moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// About all three.
    Spherical,
    /// About X and Z.
    Swing,
    /// About X (0) or Z (2), then about Y.
    Elbow(usize),
    /// About one.
    Hinge(usize),
    /// Not at all.
    Fixed,
    /// Along Y.
    Slider,
}

impl Kind {
    /// The kind of a bone with these axes locked.
    pub(super) fn of(lock: [bool; 3]) -> Self {
        match lock {
            [false, false, false] => Self::Spherical,
            [false, true, false] => Self::Swing,
            [false, false, true] => Self::Elbow(0),
            [true, false, false] => Self::Elbow(2),
            [false, true, true] => Self::Hinge(0),
            [true, false, true] => Self::Hinge(1),
            [true, true, false] => Self::Hinge(2),
            [true, true, true] => Self::Fixed,
        }
    }

    pub(super) fn freedoms(self) -> usize {
        self.axes().iter().flatten().count()
    }

    /// The axis of each degree of freedom.
    pub(super) fn axes(self) -> [Option<usize>; 3] {
        match self {
            Self::Spherical => [Some(0), Some(1), Some(2)],
            Self::Swing => [Some(0), Some(2), None],
            Self::Elbow(axis) => [Some(axis), Some(1), None],
            Self::Hinge(axis) => [Some(axis), None, None],
            Self::Slider => [Some(1), None, None],
            Self::Fixed => [None; 3],
        }
    }
}

/// Least and greatest value.
type Range = Option<[f64; 2]>;

/// A joint with the rigid piece behind it. A bone that stretches has two: it turns with the first,
/// which has no length then, and slides with the second.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) kind: Kind,
    pub(super) parent: Option<usize>,
    /// Number of its first degree of freedom.
    pub(super) first: usize,
    /// Willingness of each of its degrees of freedom.
    pub(super) weight: [f64; 3],
    /// Limits by axis; the swing of X and Z as parameters, see [`swing`].
    limit: [Range; 3],
    /// Its length is another segment's.
    pub(super) is_short: bool,
}

impl Segment {
    pub(super) fn turning(kind: Kind, joint: &Joint, parent: Option<usize>, slides: bool) -> Self {
        let mut weight = [1.0; 3];
        for (weight, axis) in weight.iter_mut().zip(kind.axes().iter().flatten()) {
            *weight = 1.0 - f64::from(joint.stiffness[*axis]).min(0.99);
        }
        let mut limit = joint.limit.map(|limit| {
            let [min, max] = limit?.map(f64::from);
            (min <= max).then(|| [min.clamp(-PI, PI), max.clamp(-PI, PI)])
        });
        if matches!(kind, Kind::Spherical | Kind::Swing) {
            for axis in [0, 2] {
                let sines = |[min, max]: [f64; 2]| [-(max / 2.0).sin(), -(min / 2.0).sin()];
                limit[axis] = limit[axis].map(sines);
            }
        }
        Self { kind, parent, first: 0, weight, limit, is_short: slides }
    }

    pub(super) fn sliding(joint: &Joint, parent: Option<usize>) -> Self {
        let stretch = f64::from(joint.stretch);
        let weight = 1.0 - (1.0 - stretch * stretch).min(0.99);
        let (kind, limit) = (Kind::Slider, [None; 3]);
        Self { kind, parent, first: 0, weight: [weight; 3], limit, is_short: false }
    }
}

fn at(m: &DMat3, row: usize, column: usize) -> f64 {
    m.col(column)[row]
}

pub(super) fn turn(axis: usize, angle: f64) -> DMat3 {
    match axis {
        0 => DMat3::from_rotation_x(angle),
        1 => DMat3::from_rotation_y(angle),
        _ => DMat3::from_rotation_z(angle),
    }
}

/// The angle about Y.
fn twist(m: &DMat3) -> f64 {
    let trace = at(m, 0, 0) + at(m, 1, 1) + at(m, 2, 2);
    2.0 * (at(m, 0, 2) - at(m, 2, 0)).atan2(trace + 1.0)
}

fn without_twist(m: &DMat3) -> DMat3 {
    *m * turn(1, -twist(m))
}

/// The angle about X or Z as one of three Euler angles.
fn euler(m: &DMat3, axis: usize) -> f64 {
    let gimbal = at(m, 0, 0).hypot(at(m, 0, 1)) <= 1e-12;
    match axis {
        0 if gimbal => -(-at(m, 2, 1)).atan2(at(m, 1, 1)),
        0 => -at(m, 1, 2).atan2(at(m, 2, 2)),
        _ if gimbal => 0.0,
        _ => -at(m, 0, 1).atan2(at(m, 0, 0)),
    }
}

/// The direction of Y as the x and z of the quaternion without twist, whose w is negative. Straight
/// back there is none: these are no numbers then, as in Blender.
fn swing(m: &DMat3) -> [f64; 2] {
    let scale = (2.0 * (1.0 + at(m, 1, 1))).sqrt().recip();
    [-at(m, 2, 1) * scale, at(m, 0, 1) * scale]
}

/// The way back. Below scaled bones, bases are sheared and their swings no unit quaternions; like
/// Blender, it takes them as they are.
fn from_swing([x, z]: [f64; 2]) -> DMat3 {
    let w = -(1.0 - x * x - z * z).max(0.0).sqrt();
    let (xx, zz, xz, wx, wz) = (2.0 * x * x, 2.0 * z * z, 2.0 * x * z, 2.0 * w * x, 2.0 * w * z);
    DMat3::from_cols(
        DVec3::new(1.0 - zz, wz, xz),
        DVec3::new(-wz, 1.0 - (xx + zz), wx),
        DVec3::new(xz, -wx, 1.0 - xx),
    )
}

/// Rotation about a vector by its length.
fn from_axis_angle(v: DVec3) -> DMat3 {
    let angle = v.length();
    if angle > 0.0 && angle.is_finite() {
        DMat3::from_axis_angle(v / angle, angle)
    } else {
        DMat3::IDENTITY
    }
}

/// The vector of [`from_axis_angle`]. The angle is that of the trace: bases below scaled bones are
/// sheared, and other formulas would find another angle for them.
fn to_axis_angle(m: &DMat3) -> DVec3 {
    let cosine = (at(m, 0, 0) + at(m, 1, 1) + at(m, 2, 2) - 1.0) / 2.0;
    skew(m).normalize_or_zero() * cosine.clamp(-1.0, 1.0).acos()
}

/// Axis times sine of the angle of a rotation.
pub(super) fn skew(m: &DMat3) -> DVec3 {
    0.5 * DVec3::new(
        at(m, 2, 1) - at(m, 1, 2),
        at(m, 0, 2) - at(m, 2, 0),
        at(m, 1, 0) - at(m, 0, 1),
    )
}

/// What changes of a segment while it is solved.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// From the end of the parent to the joint.
    pub(super) start: DVec3,
    pub(super) rest: DMat3,
    pub(super) basis: DMat3,
    /// The basis of the pose that is started from.
    pub(super) before: DMat3,
    /// About X or Z (elbow) or the hinge's axis.
    angle: f64,
    pub(super) twist: f64,
    pub(super) length: f64,
    /// Start, axes and end in the space of the chain.
    pub(super) from: DVec3,
    pub(super) axes: DMat3,
    pub(super) to: DVec3,
    /// Values that are tried: basis or angle, twist, length.
    tried: Tried,
    /// Limits it has run into, with the values to stay at: swing, angle or length; twist.
    held: Option<[f64; 2]>,
    held_twist: Option<f64>,
    candidate: ([f64; 2], f64),
}

#[derive(Clone, Copy, Debug)]
struct Tried {
    basis: DMat3,
    angle: f64,
    twist: f64,
    length: f64,
}

/// What limits leave of a step, by degree of freedom.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clamped {
    /// Whether a limit is in the way.
    pub(super) violated: [bool; 3],
    /// The step to the limit. The two of a swing belong together.
    pub(super) step: [f64; 3],
}

impl Clamped {
    fn one(step: Option<f64>) -> Self {
        Self::two([step, None])
    }

    fn two([a, b]: [Option<f64>; 2]) -> Self {
        let step = [a.unwrap_or(0.0), b.unwrap_or(0.0), 0.0];
        Self { violated: [a.is_some(), b.is_some(), false], step }
    }
}

fn clamp(value: f64, range: Range) -> f64 {
    match range {
        Some([min, _]) if value < min => min,
        Some([_, max]) if value > max => max,
        _ => value,
    }
}

/// Moves a swing that is outside the ellipse of its limits straight back to it. Each quadrant has
/// its own half axes.
fn clamp_to_ellipse([x, z]: [f64; 2], x_range: [f64; 2], z_range: [f64; 2]) -> [f64; 2] {
    let half = |value: f64, [min, max]: [f64; 2]| if value < 0.0 { -min } else { max };
    let (half_x, half_z) = (half(x, x_range), half(z, z_range));
    let (dx, dz) = (x.abs(), z.abs());
    let (dx, dz) = if half_x.abs() < 1e-12 || half_z.abs() < 1e-12 {
        (dx.min(half_x), dz.min(half_z))
    } else {
        let (ix, iz) = (half_x.powi(-2), half_z.powi(-2));
        if dx * dx * ix + dz * dz * iz <= 1.0 {
            return [x, z];
        }
        if dx < 1e-12 {
            (0.0, half_z)
        } else {
            let slope = dz / dx;
            let dx = (ix + iz * slope * slope).sqrt().recip();
            (dx, slope * dx)
        }
    };
    [if x < 0.0 { -dx } else { dx }, if z < 0.0 { -dz } else { dz }]
}

impl State {
    /// A joint in the pose `before` (relative to rest), with what turns about locked axes removed.
    pub(super) fn new(kind: Kind, start: DVec3, rest: DMat3, before: DMat3, length: f64) -> Self {
        let (mut angle, mut around) = (0.0, 0.0);
        let basis = match kind {
            Kind::Spherical | Kind::Slider => before,
            Kind::Swing => without_twist(&before),
            Kind::Elbow(axis) => {
                (angle, around) = (euler(&before, axis), twist(&before));
                turn(axis, angle) * turn(1, around)
            }
            Kind::Hinge(axis) => {
                angle = if axis == 1 { twist(&before) } else { euler(&before, axis) };
                turn(axis, angle)
            }
            Kind::Fixed => DMat3::IDENTITY,
        };
        let tried = Tried { basis, angle, twist: around, length };
        let (from, to, axes) = (DVec3::ZERO, DVec3::ZERO, DMat3::IDENTITY);
        let (held, held_twist, candidate) = (None, None, ([0.0; 2], 0.0));
        Self {
            start,
            rest,
            basis,
            before,
            angle,
            twist: around,
            length,
            from,
            axes,
            to,
            tried,
            held,
            held_twist,
            candidate,
        }
    }

    /// Tries a step from where it is, and says which degrees of freedom would leave their limits.
    /// Those that are held stay at their limits.
    pub(super) fn try_step(&mut self, joint: &Segment, step: [f64; 3], slide: [f64; 2]) -> Clamped {
        let now =
            Tried { basis: self.basis, angle: self.angle, twist: self.twist, length: self.length };
        self.tried = now;
        let [x, y, z] = step;
        match joint.kind {
            Kind::Fixed => Clamped::default(),
            Kind::Slider => {
                let (tried, clamped) = self.try_value(self.length, x, Some(slide));
                self.tried.length = tried;
                Clamped::one(clamped)
            }
            Kind::Hinge(axis) => {
                let (tried, clamped) = self.try_value(self.angle, x, joint.limit[axis]);
                self.tried.angle = tried;
                self.tried.basis = turn(axis, tried);
                Clamped::one(clamped)
            }
            Kind::Elbow(axis) => {
                let (angle, clamped) = self.try_value(self.angle, x, joint.limit[axis]);
                let free = self.held_twist.unwrap_or(self.twist + y);
                let twist = clamp(free, joint.limit[1]);
                self.candidate.1 = twist;
                (self.tried.angle, self.tried.twist) = (angle, twist);
                self.tried.basis = turn(axis, angle) * turn(1, twist);
                Clamped::two([clamped, (twist != free).then_some(twist - self.twist)])
            }
            Kind::Spherical => self.try_ball(joint, DVec3::new(x, y, z)),
            Kind::Swing => self.try_ball(joint, DVec3::new(x, 0.0, y)),
        }
    }

    fn try_value(&mut self, now: f64, step: f64, range: Range) -> (f64, Option<f64>) {
        let free = self.held.map_or(now + step, |held| held[0]);
        let value = clamp(free, range);
        self.candidate.0[0] = value;
        (value, (value != free).then_some(value - now))
    }

    /// A step of a spherical or swing joint.
    fn try_ball(&mut self, joint: &Segment, step: DVec3) -> Clamped {
        let swings = joint.kind == Kind::Swing;
        let mut tried = self.basis * from_axis_angle(step);
        if swings {
            tried = without_twist(&tried);
        }
        self.tried.basis = tried;
        let [limit_x, limit_twist, limit_z] = joint.limit;
        let limit_twist = limit_twist.filter(|_| !swings);
        if limit_x.is_none() && limit_z.is_none() && limit_twist.is_none() {
            return Clamped::default();
        }
        let free_twist =
            if swings { 0.0 } else { self.held_twist.unwrap_or_else(|| twist(&tried)) };
        let around = clamp(free_twist, limit_twist);
        let free = self.held.unwrap_or_else(|| swing(&tried));
        let (to, swing_clamped) = match (self.held, limit_x, limit_z) {
            (Some(held), _, _) => (held, false),
            (None, Some(x), Some(z)) => {
                let to = clamp_to_ellipse(free, x, z);
                (to, to != free)
            }
            (None, None, None) => (free, false),
            // Blender forgets to look where such a joint is, and takes it for straight.
            _ if swings => {
                let to = [clamp(0.0, limit_x), clamp(0.0, limit_z)];
                if to == [0.0; 2] { (free, false) } else { (to, true) }
            }
            _ => {
                let to = [clamp(free[0], limit_x), clamp(free[1], limit_z)];
                (to, to != free)
            }
        };
        let twist_clamped = around != free_twist;
        self.candidate = (to, around);
        if swing_clamped || twist_clamped || self.held.is_some() || self.held_twist.is_some() {
            self.tried.basis = from_swing(to) * turn(1, around);
        }
        if !swing_clamped && !twist_clamped {
            return Clamped::default();
        }
        let left = to_axis_angle(&(self.basis.transpose() * self.tried.basis));
        // An ellipse stops both, even if it leaves one where it is.
        let both = swing_clamped && limit_x.is_some() && limit_z.is_some();
        let [x, z] = [both || to[0] != free[0], both || to[1] != free[1]];
        if swings {
            Clamped { violated: [x, z, false], step: [left.x, left.z, 0.0] }
        } else {
            Clamped { violated: [x, twist_clamped, z], step: left.to_array() }
        }
    }

    /// Holds what the last try has clamped; gives the degrees of freedom that go with it.
    pub(super) fn hold(&mut self, kind: Kind, freedom: usize) -> &'static [usize] {
        let is_twist = freedom == 1 && matches!(kind, Kind::Elbow(_) | Kind::Spherical);
        if is_twist {
            self.held_twist = Some(self.candidate.1);
            return &[1];
        }
        self.held = Some(self.candidate.0);
        match kind {
            Kind::Spherical => &[0, 2],
            Kind::Swing => &[0, 1],
            _ => &[0],
        }
    }

    /// Takes the last try, and holds nothing more.
    pub(super) fn take(&mut self) {
        let Tried { basis, angle, twist, length } = self.tried;
        (self.basis, self.angle, self.twist, self.length) = (basis, angle, twist, length);
        (self.held, self.held_twist) = (None, None);
    }
}
