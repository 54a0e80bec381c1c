//! Splitting a Bezier segment of a curve at a frame, without changing its shape.

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
    let [p1, mut h1, mut h2, p2] = segment;
    limit(p1, &mut h1, &mut h2, p2);
    let t = parameter([p1[0], h1[0], h2[0], p2[0]], frame)?;
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

/// Shortens handles that reach over the segment.
fn limit(p1: [f32; 2], h1: &mut [f32; 2], h2: &mut [f32; 2], p2: [f32; 2]) {
    let length = p2[0] - p1[0];
    let shorten = |p: [f32; 2], h: &mut [f32; 2]| {
        let reach = (p[0] - h[0]).abs();
        if reach > length {
            let factor = length / reach;
            *h = [p[0] - factor * (p[0] - h[0]), p[1] - factor * (p[1] - h[1])];
        }
    };
    shorten(p1, h1);
    shorten(p2, h2);
}

/// The first root in Blender's order of the cubic through four frames.
fn parameter(x: [f32; 4], frame: f32) -> Option<f32> {
    let c0 = f64::from(x[0] - frame);
    let c1 = f64::from(3.0 * (x[1] - x[0]));
    let c2 = f64::from(3.0 * ((x[0] - 2.0 * x[1]) + x[2]));
    let c3 = f64::from((x[3] - x[0]) + 3.0 * (x[1] - x[2]));
    let cbrt = |v: f64| if v == 0.0 { 0.0 } else { v.signum() * (v.abs().ln() / 3.0).exp() };
    let mut roots = [f64::NAN; 3];
    if c3 != 0.0 {
        let a = c2 / c3 / 3.0;
        let p = c1 / c3 / 3.0 - a * a;
        let q = (2.0 * a * a * a - a * c1 / c3 + c0 / c3) / 2.0;
        let d = q * q + p * p * p;
        if d > 0.0 {
            roots[0] = cbrt(-q + d.sqrt()) + cbrt(-q - d.sqrt()) - a;
        } else if d == 0.0 {
            let r = cbrt(-q);
            roots = [2.0 * r - a, -r - a, f64::NAN];
        } else {
            let phi = (-q / (-(p * p * p)).sqrt()).acos();
            let s = (-p).sqrt();
            let k = (phi / 3.0).cos();
            let m = (3.0 - 3.0 * k * k).sqrt();
            roots = [2.0 * s * k - a, -s * (k + m) - a, -s * (k - m) - a];
        }
    } else if c2 != 0.0 {
        let d = c1 * c1 - 4.0 * c2 * c0;
        if d > 0.0 {
            roots = [(-c1 - d.sqrt()) / (2.0 * c2), (-c1 + d.sqrt()) / (2.0 * c2), f64::NAN];
        } else if d == 0.0 {
            roots[0] = -c1 / (2.0 * c2);
        }
    } else if c1 != 0.0 {
        roots[0] = -c0 / c1;
    } else if c0 == 0.0 {
        roots[0] = 0.0;
    }
    roots.into_iter().map(|r| r as f32).find(|u| (-1e-10..=1.000001).contains(u))
}
