//! Splines: points with handles or weights, and the line of points that is drawn for them.

use super::{Samples, Twist};
use crate::constraints::matrix::unit;
use glam::Vec3A;

/// What a spline's points mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SplineKind {
    /// The line goes through them.
    #[default]
    Poly,
    /// The curve goes through them, steered by their handles.
    Bezier,
    /// The curve goes near them.
    Nurbs,
}

/// How tilt or radius goes from one Bezier point to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// Evenly.
    #[default]
    Linear,
    /// Smoothly through the points.
    Cardinal,
    /// Smoothly near the points.
    BSpline,
    /// Slowly at the points.
    Ease,
}

impl Interpolation {
    /// Shares of the point before, the two that it is between and the one behind.
    fn shares(self, t: f32) -> [f32; 4] {
        let (t2, t3) = (t * t, t * t * t);
        match self {
            Self::Linear => [0.0, 1.0 - t, t, 0.0],
            Self::Ease => {
                let eased = 3.0 * t2 - 2.0 * t3;
                [0.0, 1.0 - eased, eased, 0.0]
            }
            Self::Cardinal => {
                const TENSION: f32 = 0.71;
                [
                    -TENSION * t + 2.0 * TENSION * t2 - TENSION * t3,
                    1.0 + (TENSION - 3.0) * t2 + (2.0 - TENSION) * t3,
                    TENSION * t + (3.0 - 2.0 * TENSION) * t2 + (TENSION - 2.0) * t3,
                    TENSION * (t3 - t2),
                ]
            }
            Self::BSpline => {
                let back = 1.0 - t;
                [
                    back * back * back / 6.0,
                    (3.0 * t3 - 6.0 * t2 + 4.0) / 6.0,
                    (-3.0 * t3 + 3.0 * t2 + 3.0 * t + 1.0) / 6.0,
                    t3 / 6.0,
                ]
            }
        }
    }
}

/// One spline of a curve. Arrays have one element a point; absent ones the values of a new point.
#[derive(Clone, Copy, Debug)]
pub struct Spline<'a> {
    /// What the points mean.
    pub kind: SplineKind,
    /// Whether the last point is joined to the first.
    pub cyclic: bool,
    /// Points of the line for each segment; at least 1.
    pub resolution: usize,
    /// NURBS: how many points each part of the curve depends on, 2 to the number of points.
    pub order: usize,
    /// NURBS: the curve begins and ends at its end points.
    pub use_endpoint: bool,
    /// NURBS: parts of it are Bezier curves.
    pub use_bezier: bool,
    /// What upwards is.
    pub twist: Twist,
    /// How tilt goes from one Bezier point to the next.
    pub tilt_interpolation: Interpolation,
    /// How the radius goes from one Bezier point to the next.
    pub radius_interpolation: Interpolation,
    /// The points.
    pub points: &'a [[f32; 3]],
    /// Bezier: left and right handles; absent: each at its point.
    pub handles: Option<[&'a [[f32; 3]]; 2]>,
    /// NURBS: weights; absent: 1.
    pub weights: Option<&'a [f32]>,
    /// Turns about the path, radians; absent: 0.
    pub tilt: Option<&'a [f32]>,
    /// Radii; absent: 1.
    pub radius: Option<&'a [f32]>,
}

impl Default for Spline<'_> {
    fn default() -> Self {
        Self {
            kind: SplineKind::Poly,
            cyclic: false,
            resolution: 12,
            order: 4,
            use_endpoint: false,
            use_bezier: false,
            twist: Twist::Minimum,
            tilt_interpolation: Interpolation::Linear,
            radius_interpolation: Interpolation::Linear,
            points: &[],
            handles: None,
            weights: None,
            tilt: None,
            radius: None,
        }
    }
}

impl Spline<'_> {
    fn tilt(&self, point: usize) -> f32 {
        self.tilt.map_or(0.0, |tilt| tilt[point])
    }

    fn radius(&self, point: usize) -> f32 {
        self.radius.map_or(1.0, |radius| radius[point])
    }

    fn point(&self, point: usize) -> Vec3A {
        self.points[point].into()
    }

    /// The handle of a point: 0 = left, 1 = right.
    fn handle(&self, side: usize, point: usize) -> Vec3A {
        self.handles.map_or(self.points, |handles| handles[side])[point].into()
    }

    /// The least and the greatest coordinates of the points, with their radius around them, and of
    /// Bezier handles.
    pub fn bounds(&self) -> [Vec3A; 2] {
        let mut bounds = [Vec3A::splat(f32::INFINITY), Vec3A::splat(f32::NEG_INFINITY)];
        let mut grow = |at: Vec3A, around: f32| {
            bounds = [bounds[0].min(at - around), bounds[1].max(at + around)];
        };
        for point in 0..self.points.len() {
            grow(self.point(point), self.radius(point));
            if self.kind == SplineKind::Bezier {
                grow(self.handle(0, point), 0.0);
                grow(self.handle(1, point), 0.0);
            }
        }
        bounds
    }

    /// The points of the line.
    pub(super) fn samples(&self) -> Option<Samples> {
        if self.points.len() < 2 || self.resolution == 0 {
            return None;
        }
        match self.kind {
            SplineKind::Poly => Some(self.poly()),
            SplineKind::Bezier => Some(self.bezier()),
            SplineKind::Nurbs => self.nurbs(),
        }
    }

    fn poly(&self) -> Samples {
        let all = 0..self.points.len();
        Samples {
            points: all.clone().map(|point| self.point(point)).collect(),
            tilt: all.clone().map(|point| self.tilt(point)).collect(),
            radius: all.map(|point| self.radius(point)).collect(),
            ends: [Vec3A::ZERO; 2],
            cyclic: self.cyclic,
        }
    }

    fn bezier(&self) -> Samples {
        let last = self.points.len() - 1;
        let mut samples = Samples { cyclic: self.cyclic, ..Samples::default() };
        // A cyclic path begins at the last point, as in Blender.
        if self.cyclic {
            self.bezier_segment(last, 0, &mut samples);
        }
        (0..last).for_each(|point| self.bezier_segment(point, point + 1, &mut samples));
        if !self.cyclic {
            samples.points.push(self.point(last));
            samples.tilt.push(self.tilt(last));
            samples.radius.push(self.radius(last));
            samples.ends = [
                unit(self.handle(1, 0) - self.point(0)),
                unit(self.point(last) - self.handle(0, last)),
            ];
        }
        samples
    }

    /// The points from one Bezier point to just before the next.
    fn bezier_segment(&self, from: usize, to: usize, samples: &mut Samples) {
        let count = self.points.len();
        let before = if self.cyclic { (from + count - 1) % count } else { from.saturating_sub(1) };
        let behind = if self.cyclic { (to + 1) % count } else { (to + 1).min(count - 1) };
        let near = [before, from, to, behind];
        let mix = |shares: [f32; 4], value: &dyn Fn(usize) -> f32| -> f32 {
            shares.iter().zip(near).map(|(share, point)| share * value(point)).sum()
        };
        let ends = [self.point(from), self.handle(1, from), self.handle(0, to), self.point(to)];
        for step in 0..self.resolution {
            let t = step as f32 / self.resolution as f32;
            let s = 1.0 - t;
            let shares = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
            samples.points.push(ends.iter().zip(shares).map(|(end, share)| *end * share).sum());
            samples.tilt.push(mix(self.tilt_interpolation.shares(t), &|p| self.tilt(p)));
            samples.radius.push(mix(self.radius_interpolation.shares(t), &|p| self.radius(p)));
        }
    }

    /// The knots of a NURBS spline; `None` if Blender draws no curve with its settings.
    fn knots(&self) -> Option<Vec<f32>> {
        let (count, order) = (self.points.len(), self.order);
        if order < 2 || order > count {
            return None;
        }
        let steps = order - 1;
        let possible = match (self.use_bezier, self.cyclic) {
            (false, _) => true,
            (true, true) => count.is_multiple_of(steps),
            (true, false) => self.use_endpoint || count > order,
        };
        let total = count + order + if self.cyclic { steps } else { 0 };
        let each = if self.use_bezier { steps } else { 1 };
        let head = match (self.use_endpoint, self.use_bezier) {
            (true, _) => order,
            (false, true) => 2.min(steps + 1),
            (false, false) => 1,
        };
        let tail = match (self.use_endpoint && !self.use_bezier, self.cyclic) {
            (false, _) => 0,
            (true, false) => order,
            (true, true) => 2 * steps,
        };
        let mut knots = vec![0.0; head];
        knots.extend((0..total - head - tail).map(|index| (index / each + 1) as f32));
        let last = knots[knots.len() - 1] + 1.0;
        knots.extend(std::iter::repeat_n(last, tail));
        possible.then_some(knots)
    }

    fn nurbs(&self) -> Option<Samples> {
        let (count, order) = (self.points.len(), self.order);
        let knots = self.knots()?;
        let segments = if self.cyclic { count } else { count - 1 };
        let total = segments * self.resolution;
        if total < 2 {
            return None;
        }
        let ends = [order - 1, if self.cyclic { count + order - 1 } else { count }];
        let [start, end] = ends.map(|knot| knots[knot]);
        let steps = if self.cyclic { total } else { total - 1 };
        let mut samples = Samples { cyclic: self.cyclic, ..Samples::default() };
        let mut shares = vec![0.0; order];
        for step in 0..total {
            let at = start + (end - start) * step as f32 / steps as f32;
            let first = basis(at, order, &knots, ends, &mut shares);
            let (mut point, mut tilt, mut radius, mut sum) = (Vec3A::ZERO, 0.0, 0.0, 0.0);
            for (place, share) in shares.iter().enumerate() {
                let index = (first + place) % count;
                let share = share * self.weights.map_or(1.0, |weights| weights[index]);
                point += self.point(index) * share;
                tilt += self.tilt(index) * share;
                radius += self.radius(index) * share;
                sum += share;
            }
            samples.points.push(point / sum);
            samples.tilt.push(tilt / sum);
            samples.radius.push(radius / sum);
        }
        if !self.cyclic {
            samples.ends = [
                unit(self.point(1) - self.point(0)),
                unit(self.point(count - 1) - self.point(count - 2)),
            ];
        }
        Some(samples)
    }
}

/// The shares of `order` points in a row at a parameter between two knots, and the first of these
/// points (Cox and de Boor).
fn basis(at: f32, order: usize, knots: &[f32], ends: [usize; 2], shares: &mut [f32]) -> usize {
    // The last span that is not empty, at its end.
    let [first, last] = ends;
    let behind = knots[first..last].partition_point(|knot| *knot <= at) + first;
    let mut span = behind.clamp(first + 1, last) - 1;
    while span > first && knots[span] == knots[span + 1] {
        span -= 1;
    }
    shares.fill(0.0);
    shares[0] = 1.0;
    for degree in 1..order {
        let mut saved = 0.0;
        for place in 0..degree {
            let right = knots[span + place + 1];
            let left = knots[span + place + 1 - degree];
            let width = right - left;
            let part = if width == 0.0 { 0.0 } else { shares[place] / width };
            shares[place] = saved + (right - at) * part;
            saved = (at - left) * part;
        }
        shares[degree] = saved;
    }
    span + 1 - order
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTS: [[f32; 3]; 6] = [
        [0.0; 3],
        [1.0, 0.0, 0.0],
        [1.0, 2.0, 0.0],
        [4.0, 2.0, 1.0],
        [3.0, 0.0, 2.0],
        [-1.0, 1.0, 1.0],
    ];

    #[test]
    fn shares_of_points_add_up_to_one() {
        let all = [
            Interpolation::Linear,
            Interpolation::Cardinal,
            Interpolation::BSpline,
            Interpolation::Ease,
        ];
        for interpolation in all {
            for t in [0.0, 0.25, 0.8, 1.0] {
                let sum: f32 = interpolation.shares(t).iter().sum();
                assert!((sum - 1.0).abs() < 1e-6, "{interpolation:?} {t} {sum}");
            }
        }
    }

    /// What Blender 5.2 draws, and what it does not.
    #[test]
    fn knots_are_those_of_blender() {
        let knots = |count: usize, order, cyclic, use_endpoint, use_bezier| {
            let points = &POINTS[..count];
            let kind = SplineKind::Nurbs;
            let spline =
                Spline { kind, order, cyclic, use_endpoint, use_bezier, points, ..<_>::default() };
            spline.knots()
        };
        let same = |got: Option<Vec<f32>>, want: &[f32]| assert_eq!(got.unwrap()[1..], want[1..]);
        same(knots(4, 4, false, true, false), &[0., 0., 0., 0., 1., 1., 1., 1.]);
        same(knots(6, 4, false, false, true), &[0., 0., 1., 1., 1., 2., 2., 2., 3., 3.]);
        let cyclic = [0., 0., 0., 0., 1., 2., 3., 4., 4., 4., 4., 4., 4.];
        same(knots(6, 4, true, true, false), &cyclic);
        assert!(knots(4, 4, false, false, true).is_none());
        assert!(knots(5, 4, true, false, true).is_none());
        assert!(knots(6, 4, true, false, true).is_some());
        assert!(knots(3, 4, false, false, false).is_none());
    }

    #[test]
    fn bezier_knots_make_the_bezier_curve() {
        let points = &POINTS[..4];
        let nurbs = Spline {
            kind: SplineKind::Nurbs,
            use_endpoint: true,
            resolution: 4,
            points,
            ..<_>::default()
        };
        let ends = [points[0], points[3]];
        let handles: [&[[f32; 3]]; 2] = [&[[0.0; 3], points[2]], &[points[1], [0.0; 3]]];
        let bezier = Spline {
            kind: SplineKind::Bezier,
            resolution: 11,
            points: &ends,
            handles: Some(handles),
            ..<_>::default()
        };
        let (nurbs, bezier) = (nurbs.samples().unwrap(), bezier.samples().unwrap());
        assert_eq!((nurbs.points.len(), bezier.points.len()), (12, 12));
        for (a, b) in nurbs.points.iter().zip(&bezier.points) {
            assert!(a.abs_diff_eq(*b, 1e-5), "{a} {b}");
        }
    }
}
