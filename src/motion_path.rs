//! Motion paths: where points of bones are in the world, or before a camera, from frame to frame.

use crate::channels::Matrix;
use glam::{Mat4, Vec3};

/// How far from a whole frame a key still lies on it, in frames.
///
/// Blender's own lists of keys take keys for one another that are nearer than this.
pub const KEY_NEARNESS: f32 = 0.01;

/// A matrix that may change from frame to frame.
#[derive(Clone, Copy)]
pub enum Moving<'a> {
    /// The identity.
    Identity,
    /// One for all frames.
    Still(&'a Matrix),
    /// One a frame.
    Frames(&'a [Matrix]),
}

impl Moving<'_> {
    fn at(&self, frame: usize) -> Option<Mat4> {
        match self {
            Self::Identity => None,
            Self::Still(matrix) => Some(Mat4::from_cols_array(matrix)),
            Self::Frames(matrices) => Some(Mat4::from_cols_array(&matrices[frame])),
        }
    }
}

/// What points pass through.
#[derive(Clone, Copy)]
pub struct Views<'a> {
    /// From the armature to the world.
    pub object: Moving<'a>,
    /// From the world to a camera.
    pub camera: Moving<'a>,
    /// Divide by the fourth coordinate after the camera, as for a perspective.
    pub divide: bool,
}

impl Views<'_> {
    fn point(&self, frame: usize, point: [f32; 3]) -> [f32; 3] {
        let mut point = Vec3::from_array(point);
        if let Some(object) = self.object.at(frame) {
            point = object.transform_point3(point);
        }
        let Some(camera) = self.camera.at(frame) else { return point.to_array() };
        let seen = camera * point.extend(1.0);
        // Blender keeps points in the plane of the camera from going to infinity.
        let by = if self.divide { seen.w.abs().max(1e-4) } else { 1.0 };
        (seen.truncate() / by).to_array()
    }
}

/// One path: a point of a bone over some of the frames.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    /// Index among the points of one frame.
    pub point: usize,
    /// Its first frame, counted from the first of all.
    pub first: usize,
    /// Number of its frames.
    pub count: usize,
}

/// Writes the points of paths, one path after the other.
///
/// `points` holds `each` points a frame.
///
/// # Panics
/// If a path lies outside `points`, or `out` is shorter than all paths.
pub fn points(
    points: &[[f32; 3]],
    each: usize,
    paths: &[Path],
    views: &Views,
    out: &mut [[f32; 3]],
) {
    let mut rest = out;
    for path in paths {
        let (mine, others) = rest.split_at_mut(path.count);
        for (offset, out) in mine.iter_mut().enumerate() {
            let frame = path.first + offset;
            *out = views.point(frame, points[frame * each + path.point]);
        }
        rest = others;
    }
}

/// Marks the frames on which keys lie, of `marks.len()` frames from `first` on; others stay.
/// `keys` are the frames of keys in any order.
pub fn mark_keys(keys: impl Iterator<Item = f32>, first: i32, marks: &mut [u8]) {
    for key in keys {
        let whole = key.round();
        let offset = f64::from(whole) - f64::from(first);
        if (key - whole).abs() < KEY_NEARNESS && offset >= 0.0 && offset < marks.len() as f64 {
            marks[offset as usize] = 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(x: f32) -> Matrix {
        Mat4::from_translation(Vec3::new(x, 0.0, 0.0)).to_cols_array()
    }

    #[test]
    fn paths_follow_their_point_in_their_frames() {
        let heads: Vec<[f32; 3]> = (0..8).map(|i| [i as f32, 0.0, 1.0]).collect();
        let objects: Vec<Matrix> = (0..4).map(|frame| moved(100.0 * frame as f32)).collect();
        let views =
            Views { object: Moving::Frames(&objects), camera: Moving::Identity, divide: false };
        let paths = [Path { point: 1, first: 1, count: 3 }, Path { point: 0, first: 0, count: 1 }];
        let mut out = [[0.0; 3]; 4];
        points(&heads, 2, &paths, &views, &mut out);
        assert_eq!(out.map(|p| p[0]), [103.0, 205.0, 307.0, 0.0]);
        assert!(out.iter().all(|p| p[2] == 1.0));
    }

    #[test]
    fn a_perspective_divides() {
        let mut lens = Mat4::from_diagonal(glam::Vec4::new(2.0, 2.0, 1.0, 0.0));
        lens.z_axis.w = -1.0;
        let lens = lens.to_cols_array();
        let views = Views {
            object: Moving::Still(&moved(1.0)),
            camera: Moving::Still(&lens),
            divide: true,
        };
        let mut out = [[0.0; 3]];
        let paths = [Path { point: 0, first: 0, count: 1 }];
        points(&[[0.0, 0.0, -10.0]], 1, &paths, &views, &mut out);
        assert!((out[0][0] - 2.0 * 1.0 / 10.0).abs() < 1e-6);
        points(&[[0.0, 0.0, 0.0]], 1, &paths, &views, &mut out);
        assert!(out[0][0].is_finite() && out[0][0] > 1e3);
    }

    #[test]
    fn keys_count_on_whole_frames_only() {
        let mut marks = [0; 6];
        let keys = [3.0, 3.0, 4.009, 5.011, 6.5, 1.0, 99.0, f32::NAN, f32::INFINITY, 8.0, 2.991];
        mark_keys(keys.into_iter(), 2, &mut marks);
        assert_eq!(marks, [0, 1, 1, 0, 0, 0]);
    }
}
