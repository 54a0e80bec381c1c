//! Curves as paths: places along a curve by the part of its length that lies before them.
//!
//! A [`Spline`] is what an artist draws; a [`Path`] is made of it once: a line through points that
//! are close together, of which any place is found by its length. As Blender does, everything
//! between two of these points is on a straight line.

mod spline;
mod twist;

pub use spline::{Interpolation, Spline, SplineKind};
pub use twist::Twist;

use glam::{Mat3A, Quat, Vec3A};

/// A place on a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Where it is, in the curve's space.
    pub position: Vec3A,
    /// Columns: to the side, along the path, upwards.
    pub frame: Mat3A,
    /// The curve's radius there.
    pub radius: f32,
}

/// A curve, ready for looking up places by length.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The points; of a cyclic path the first again at the end.
    points: Vec<Vec3A>,
    /// The length from the first point to each.
    lengths: Vec<f32>,
    turns: Vec<Quat>,
    radii: Vec<f32>,
    cyclic: bool,
}

/// A curve as constraints look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The path of its first spline, if it has one.
    pub path: Option<Path>,
    /// The least and the greatest coordinates of the points of all splines.
    pub bounds: [Vec3A; 2],
}

impl Curve {
    /// The curve of these splines.
    pub fn new(splines: &[Spline]) -> Self {
        let none = [Vec3A::splat(f32::INFINITY), Vec3A::splat(f32::NEG_INFINITY)];
        let join = |[low, high]: [Vec3A; 2], spline: &Spline| {
            let [least, greatest] = spline.bounds();
            [low.min(least), high.max(greatest)]
        };
        Self { path: splines.first().and_then(Path::new), bounds: splines.iter().fold(none, join) }
    }
}

/// The points of a path as its spline gives them.
#[derive(Clone, Debug, Default)]
struct Samples {
    points: Vec<Vec3A>,
    tilt: Vec<f32>,
    radius: Vec<f32>,
    /// Directions of the two ends, if others than those of the line.
    ends: [Vec3A; 2],
    cyclic: bool,
}

impl Samples {
    /// Points that lie on the one before count once.
    fn without_doubles(mut self) -> Self {
        let (mut kept, count) = (0, self.points.len());
        for index in 0..count {
            if kept == 0 || self.points[index] != self.points[kept - 1] {
                self.points[kept] = self.points[index];
                self.tilt[kept] = self.tilt[index];
                self.radius[kept] = self.radius[index];
                kept += 1;
            }
        }
        while self.cyclic && kept > 1 && self.points[kept - 1] == self.points[0] {
            kept -= 1;
        }
        self.points.truncate(kept);
        self.tilt.truncate(kept);
        self.radius.truncate(kept);
        self
    }
}

impl Path {
    /// The path of a spline; `None` if there is none: fewer than two points, all in one place, or
    /// settings with which Blender draws no curve.
    pub fn new(spline: &Spline) -> Option<Self> {
        let samples = spline.samples()?.without_doubles();
        let frames = twist::frames(&samples, spline.twist);
        let Samples { mut points, tilt, mut radius, cyclic, .. } = samples;
        if points.len() < 2 {
            return None;
        }
        let turn =
            |(frame, tilt): (&Mat3A, &f32)| Quat::from_mat3a(frame) * Quat::from_rotation_y(*tilt);
        let mut turns: Vec<Quat> = frames.iter().zip(&tilt).map(turn).collect();
        if cyclic {
            points.push(points[0]);
            turns.push(turns[0]);
            radius.push(radius[0]);
        }
        let mut length = 0.0;
        let mut lengths = vec![0.0];
        lengths.extend(points.windows(2).map(|pair| {
            length += f64::from(pair[0].distance(pair[1]));
            length as f32
        }));
        Some(Self { points, lengths, turns, radii: radius, cyclic })
    }

    /// The points of the line; of a cyclic path the first again at the end.
    pub fn points(&self) -> &[Vec3A] {
        &self.points
    }

    /// The length from the first point to each of them.
    pub fn lengths(&self) -> &[f32] {
        &self.lengths
    }

    /// The radius at each of the points.
    pub fn radii(&self) -> &[f32] {
        &self.radii
    }

    /// Whether the end is the beginning.
    pub fn is_cyclic(&self) -> bool {
        self.cyclic
    }

    /// The whole length; more than 0.
    pub fn length(&self) -> f32 {
        self.lengths[self.lengths.len() - 1]
    }

    /// The segment at this part of the length, and the part of the segment.
    pub(crate) fn segment(&self, factor: f32) -> (usize, f32) {
        let factor = if self.cyclic { factor - factor.floor() } else { factor };
        let length = factor * self.length();
        let after = self.lengths.partition_point(|before| *before <= length);
        let index = after.clamp(1, self.points.len() - 1) - 1;
        let (from, to) = (self.lengths[index], self.lengths[index + 1]);
        (index, (length - from) / (to - from))
    }

    /// The position where `factor` of the length lies before: 0 = start to 1 = end. Beyond the ends
    /// an open path goes straight on, a cyclic one round again.
    pub fn position(&self, factor: f32) -> Vec3A {
        let (index, part) = self.segment(factor);
        self.points[index] + (self.points[index + 1] - self.points[index]) * part
    }

    /// The radius at a place, as [`Self::position`]; beyond the ends that of the end.
    pub fn radius(&self, factor: f32) -> f32 {
        let (index, part) = self.segment(factor);
        let part = part.clamp(0.0, 1.0);
        self.radii[index] * (1.0 - part) + self.radii[index + 1] * part
    }

    /// The place where `factor` of the length lies before, as [`Self::position`]. Beyond the ends
    /// frame and radius are those of the end.
    pub fn place(&self, factor: f32) -> Place {
        let (index, part) = self.segment(factor);
        let turn = self.turns[index].slerp(self.turns[index + 1], part.clamp(0.0, 1.0));
        Place {
            position: self.position(factor),
            frame: Mat3A::from_quat(turn),
            radius: self.radius(factor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poly<'a>(points: &'a [[f32; 3]]) -> Spline<'a> {
        Spline { points, ..Spline::default() }
    }

    const CORNER: [[f32; 3]; 4] = [[0.0; 3], [1.0, 0.0, 0.0], [1.0, 2.0, 0.0], [4.0, 2.0, 1.0]];

    #[track_caller]
    fn near(got: Vec3A, want: [f32; 3]) {
        assert!(got.abs_diff_eq(want.into(), 1e-5), "{got} is not {want:?}");
    }

    /// Numbers of Blender's Follow Path.
    #[test]
    fn places_go_by_length_and_straight_on_beyond_the_ends() {
        let path = Path::new(&poly(&CORNER)).unwrap();
        near(path.position(-0.3), [-1.848_683, 0.0, 0.0]);
        near(path.position(0.1), [0.616_228, 0.0, 0.0]);
        near(path.position(0.5), [1.076_975, 2.0, 0.025_658]);
        near(path.position(1.2), [5.169_21, 2.0, 1.389_737]);
        let path = Path::new(&Spline { cyclic: true, ..poly(&CORNER) }).unwrap();
        near(path.position(-0.3), [2.813_663, 1.406_832, 0.703_416]);
        near(path.position(1.0), [0.0; 3]);
        near(path.position(1.2), [1.0, 1.148_971, 0.0]);
    }

    /// Numbers of Blender's Follow Path.
    #[test]
    fn frames_turn_from_point_to_point() {
        let (tilt, radius) = ([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0]);
        let spline = Spline { tilt: Some(&tilt), radius: Some(&radius), ..poly(&CORNER) };
        let place = Path::new(&spline).unwrap().place(0.3);
        near(place.frame.x_axis * place.radius, [0.414_667, -0.084_409, -2.387_124]);
        assert!(
            (place.frame.y_axis * place.radius)
                .abs_diff_eq(Vec3A::new(1.6389, 1.7727, 0.2220), 1e-4)
        );
    }

    #[test]
    fn what_is_no_curve_has_no_path() {
        assert!(Path::new(&poly(&[])).is_none());
        assert!(Path::new(&poly(&[[1.0; 3]])).is_none());
        assert!(Path::new(&poly(&[[9.0; 3], [9.0; 3]])).is_none());
        let path = Path::new(&Spline { cyclic: true, ..poly(&[[0.0; 3], [1.0; 3]]) }).unwrap();
        assert!((path.length() - 12.0f32.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn no_number_is_a_place_of_no_number() {
        let path = Path::new(&poly(&CORNER)).unwrap();
        for factor in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            path.place(factor);
        }
        let odd = [[0.0; 3], [f32::NAN; 3], [1.0; 3], [f32::INFINITY; 3]];
        if let Some(path) = Path::new(&poly(&odd)) {
            path.place(0.5);
        }
    }
}
