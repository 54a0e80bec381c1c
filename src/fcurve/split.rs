//! Splitting a Bezier segment of a curve at a frame, without changing its shape.

use super::bezier::{Bezier, limit_handles};

/// The control points of both halves; the outer ones stay.
pub(crate) struct Parts {
    pub right_of_first: [f32; 2],
    pub left_of_middle: [f32; 2],
    pub middle: [f32; 2],
    pub right_of_middle: [f32; 2],
    pub left_of_last: [f32; 2],
}

fn blend(a: [f32; 2], b: [f32; 2], t: f32) -> [f32; 2] {
    let s = 1.0 - t;
    [s * a[0] + t * b[0], s * a[1] + t * b[1]]
}

/// Splits `[point, right handle, left handle, point]` where it passes `frame`; `None` if it
/// does not.
pub(crate) fn at_frame(segment: [[f32; 2]; 4], frame: f32) -> Option<Parts> {
    let [p1, h1, h2, p2] = segment;
    let t = Bezier::new(p1, h1, h2, p2).parameter(frame)?;
    let (h1, h2) = limit_handles(p1, h1, h2, p2);
    let first = blend(p1, h1, t);
    let between = blend(h1, h2, t);
    let last = blend(h2, p2, t);
    let left = blend(first, between, t);
    let right = blend(between, last, t);
    Some(Parts {
        right_of_first: first,
        left_of_middle: left,
        middle: blend(left, right, t),
        right_of_middle: right,
        left_of_last: last,
    })
}
