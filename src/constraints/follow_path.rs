//! Follow Path and Clamp To: a place on a curve.

use super::Axis;
use super::matrix::resize;
use crate::inherit::column_lengths;
use crate::path::{Curve, Path};
use glam::{Affine3A, Mat3A, Vec3A};

/// Clamp To.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClampTo {
    /// The number of the curve.
    pub curve: usize,
    /// The axis along which the owner's place is taken; `None`: that in which the curve is longest.
    pub axis: Option<usize>,
    /// Beyond the end it begins anew.
    pub cyclic: bool,
}

impl ClampTo {
    /// The owner put on the curve, which is in a space with the matrix `place`. A curve without a
    /// path puts it into the origin, as in Blender.
    pub fn apply(&self, m: &Affine3A, curve: &Curve, place: &Affine3A) -> Affine3A {
        let Some(path) = &curve.path else {
            return Affine3A { translation: Vec3A::ZERO, ..*m };
        };
        let [low, high] = curve.bounds;
        let size = high - low;
        let longest = match size {
            _ if size.z > size.x && size.z > size.y => 2,
            _ if size.y > size.x && size.y > size.z => 1,
            _ => 0,
        };
        let axis = self.axis.unwrap_or(longest);
        // The owner's own coordinate, though the bounds are those of the curve's space.
        let part = (m.translation[axis] - low[axis]) / size[axis];
        let part = match self.cyclic {
            _ if size[axis] == 0.0 => 0.0,
            true => part - part.floor(),
            false => part.clamp(0.0, 1.0),
        };
        Affine3A { translation: place.transform_point3a(path.position(part)), ..*m }
    }
}

/// Follow Path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FollowPath {
    /// The number of the curve.
    pub curve: usize,
    /// The axis that points along the curve.
    pub forward: Axis,
    /// The axis that points upwards; with that of `forward` the constraint does nothing.
    pub up: usize,
    /// The place is `factor`; else it goes by time.
    pub fixed: bool,
    /// It turns with the curve.
    pub follow: bool,
    /// It grows with the curve's radius.
    pub radius: bool,
    /// By time it stays on an open curve.
    pub clamp: bool,
    /// Frames by which the time is shifted.
    pub offset: f32,
    /// The part of the curve that lies before the place.
    pub factor: f32,
    /// The curve's time, in frames.
    pub time: f32,
    /// The frames in which the whole curve is gone along.
    pub duration: f32,
}

impl FollowPath {
    /// The owner after the path, which is in a space with the matrix `curve`.
    pub fn apply(&self, m: &Affine3A, path: &Path, curve: &Affine3A) -> Affine3A {
        if self.forward.index == self.up {
            return *m;
        }
        let mut factor = self.factor;
        if !self.fixed {
            factor = (self.time - self.offset) / self.duration;
            if self.clamp && !path.is_cyclic() {
                factor = factor.clamp(0.0, 1.0);
            }
        }
        let place = path.place(factor);
        let turn = if self.follow { self.turned(&place.frame) } else { Mat3A::IDENTITY };
        let size = if self.radius { place.radius } else { 1.0 };
        let on_path = Affine3A { matrix3: turn * size, translation: place.position };
        let mut after = *curve * on_path * *m;
        if !self.radius {
            let (old, new) = (column_lengths(&after.matrix3), column_lengths(&m.matrix3));
            after.matrix3 = resize(&after.matrix3, old, new, [true; 3]);
        }
        after
    }

    /// The axes along a place whose columns go to the side, along and upwards.
    fn turned(&self, frame: &Mat3A) -> Mat3A {
        let mut columns = [Vec3A::ZERO; 3];
        let along = if self.forward.negative { -frame.y_axis } else { frame.y_axis };
        columns[self.forward.index] = along;
        columns[self.up] = frame.z_axis;
        let third = 3 - self.forward.index - self.up;
        columns[third] = columns[(third + 1) % 3].cross(columns[(third + 2) % 3]);
        Mat3A::from_cols(columns[0], columns[1], columns[2])
    }
}
