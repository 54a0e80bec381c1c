//! One Bezier segment: handle limiting, the parameter at a frame, the value at a parameter.

use super::cubic::{LANES, Reduced, Solver};

/// A segment with its handles limited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bend {
    /// Frames of the keys and handles, in order.
    frames: [f32; 4],
    /// Coefficients of the value as a polynomial of the parameter.
    value: [f32; 4],
}

/// A segment made ready for many frames.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bezier {
    /// Frame of the first key.
    start: f32,
    /// Coefficients of the value as a polynomial of the parameter.
    value: [f32; 4],
    /// For the frame as a polynomial of the parameter.
    solver: Solver,
}

/// The value of a segment that does not change, if it is one.
pub(crate) fn flat(k1: [f32; 2], h1: [f32; 2], h2: [f32; 2], k2: [f32; 2]) -> Option<f32> {
    const SMALL: f32 = f32::EPSILON;
    let same = |a: [f32; 2], b: [f32; 2]| (a[1] - b[1]).abs() < SMALL;
    (same(k1, k2) && same(h1, h2) && same(h2, k2)).then_some(k1[1])
}

/// Handles that reach beyond the other key are shortened to the segment, each on its own.
pub(crate) fn limit_handles(
    k1: [f32; 2],
    h1: [f32; 2],
    h2: [f32; 2],
    k2: [f32; 2],
) -> ([f32; 2], [f32; 2]) {
    let length = k2[0] - k1[0];
    let limit = |k: [f32; 2], h: [f32; 2]| {
        let reach = (k[0] - h[0]).abs();
        if reach <= length || reach == 0.0 {
            return h;
        }
        let factor = length / reach;
        [k[0] - factor * (k[0] - h[0]), k[1] - factor * (k[1] - h[1])]
    };
    (limit(k1, h1), limit(k2, h2))
}

/// Polynomial coefficients of a Bezier curve from its four control values; float32, in this
/// order, because the roots depend on the rounding.
fn coefficients(k1: f32, h1: f32, h2: f32, k2: f32) -> [f32; 4] {
    [k1, 3.0 * (h1 - k1), 3.0 * ((k1 - 2.0 * h1) + h2), (k2 - k1) + 3.0 * (h1 - h2)]
}

/// The value at a parameter; 0 where there is none.
#[inline]
pub(crate) fn polynomial([y, d1, d2, d3]: [f32; 4], parameter: Option<f32>) -> f32 {
    let Some(u) = parameter else { return 0.0 };
    ((y + u * d1) + (u * u) * d2) + ((u * u) * u) * d3
}

impl Bend {
    /// A segment from key to key; limits the handles.
    pub(crate) fn new(k1: [f32; 2], h1: [f32; 2], h2: [f32; 2], k2: [f32; 2]) -> Self {
        let (h1, h2) = limit_handles(k1, h1, h2, k2);
        Self {
            frames: [k1[0], h1[0], h2[0], k2[0]],
            value: coefficients(k1[1], h1[1], h2[1], k2[1]),
        }
    }

    /// Bits of the frames of its keys and handles: with the same ones the parameter at a frame is
    /// the same.
    pub(crate) fn stands(&self) -> [u32; 4] {
        self.frames.map(f32::to_bits)
    }

    /// The value as a polynomial of the parameter.
    pub(crate) fn coefficients(&self) -> [f32; 4] {
        self.value
    }
}

impl From<Bend> for Bezier {
    fn from(bend: Bend) -> Self {
        let [k1, h1, h2, k2] = bend.frames;
        let [start, c1, c2, c3] = coefficients(k1, h1, h2, k2);
        let solver = Solver::new(c1.into(), c2.into(), c3.into());
        Self { start, value: bend.value, solver }
    }
}

impl Bezier {
    /// A segment from key to key; limits the handles.
    pub(crate) fn new(k1: [f32; 2], h1: [f32; 2], h2: [f32; 2], k2: [f32; 2]) -> Self {
        Bend::new(k1, h1, h2, k2).into()
    }

    /// The value at a frame inside the segment; 0 in the case, not known to occur, that the
    /// frame is at no parameter.
    pub(crate) fn at(&self, frame: f32) -> f32 {
        self.value(self.parameter(frame))
    }

    fn value(&self, parameter: Option<f32>) -> f32 {
        polynomial(self.value, parameter)
    }

    /// The values at as many of the first frames inside the segment as fill whole lanes, the same
    /// as [`Bezier::at`] at each; how many these are.
    pub(crate) fn fill(&self, frames: &[f32], out: &mut [f32]) -> usize {
        let (chunks, _) = frames.as_chunks::<LANES>();
        let (out, _) = out.as_chunks_mut::<LANES>();
        for (frames, out) in chunks.iter().zip(out) {
            self.fill_lanes(frames, out);
        }
        chunks.len() * LANES
    }

    /// Gives the parameter, 0..1, of each frame in turn.
    pub(crate) fn parameters(&self, frames: &[f32], mut give: impl FnMut(Option<f32>)) {
        for frames in frames.chunks(LANES) {
            // What is missing in the last lanes is one of the others.
            let at = |lane: usize| frames[lane.min(frames.len() - 1)];
            let found = self.solver.solve_several(&std::array::from_fn(|i| self.offset(at(i))));
            for (frame, found) in frames.iter().zip(found) {
                give(found.or_solve(|| self.parameter(*frame)));
            }
        }
    }

    /// The cubic of a frame, for [`Together`](super::together::Together); `None` if it is of a
    /// lower degree.
    pub(crate) fn reduced(&self, frame: f32) -> Option<Reduced> {
        self.solver.reduced(self.offset(frame))
    }

    /// The value as a polynomial of the parameter.
    pub(crate) fn coefficients(&self) -> [f32; 4] {
        self.value
    }

    fn fill_lanes(&self, frames: &[f32; LANES], out: &mut [f32; LANES]) {
        let parameters = self.solver.solve_several(&frames.map(|f| self.offset(f)));
        for ((frame, out), found) in frames.iter().zip(out).zip(parameters) {
            *out = self.value(found.or_solve(|| self.parameter(*frame)));
        }
    }

    /// The constant coefficient of the frame's polynomial.
    fn offset(&self, frame: f32) -> f64 {
        f64::from(self.start - frame)
    }

    /// The parameter, 0..1, at a frame.
    pub(crate) fn parameter(&self, frame: f32) -> Option<f32> {
        self.solver.solve(self.offset(frame))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// De Casteljau in f64.
    fn point(k1: [f32; 2], h1: [f32; 2], h2: [f32; 2], k2: [f32; 2], u: f64) -> [f64; 2] {
        let of = |axis: usize| {
            let mut p = [k1, h1, h2, k2].map(|p| f64::from(p[axis]));
            for n in (1..4).rev() {
                for i in 0..n {
                    p[i] += (p[i + 1] - p[i]) * u;
                }
            }
            p[0]
        };
        [of(0), of(1)]
    }

    proptest! {
        #[test]
        fn values_lie_on_the_curve(
            x in -1000f32..1000.0, dx in 0.1f32..200.0, a in 0f32..=1.0, b in 0f32..=1.0,
            y in prop::array::uniform4(-50f32..50.0), u in 0.001f64..0.999,
        ) {
            let (k1, k2) = ([x, y[0]], [x + dx, y[3]]);
            let (h1, h2) = ([x + a * dx, y[1]], [x + dx - b * dx, y[2]]);
            let [frame, value] = point(k1, h1, h2, k2, u);
            let got = f64::from(Bezier::new(k1, h1, h2, k2).at(frame as f32));
            // A curve that stands on end gives a band of values within a rounding of its frame.
            let near = |du: f64| point(k1, h1, h2, k2, (u + du).clamp(0.0, 1.0));
            let band = f64::from(frame as f32 - frame.next_up() as f32).abs() + 2e-4 * f64::from(dx);
            let close = (-1000..=1000).map(|i| near(f64::from(i) * 2e-4))
                .filter(|p| (p[0] - frame).abs() <= band).any(|p| (p[1] - got).abs() < 0.5);
            prop_assert!((value - got).abs() < 1e-3 || close, "{value} {got}");
        }

        #[test]
        fn limited_handles_stay_in_the_segment(
            dx in 0.1f32..100.0, h1 in prop::array::uniform2(-300f32..300.0),
            h2 in prop::array::uniform2(-300f32..300.0),
        ) {
            let (a, b) = limit_handles([0.0, 0.0], h1, h2, [dx, 0.0]);
            prop_assert!(a[0].abs() <= dx * 1.000001 && (dx - b[0]).abs() <= dx * 1.000001);
        }
    }

    #[test]
    fn equidistant_handles_make_the_parameter_linear() {
        let b = Bezier::new([0.0, 0.0], [4.0, 0.0], [8.0, 3.0], [12.0, 3.0]);
        for i in 1..12 {
            assert!((b.parameter(i as f32).unwrap() - i as f32 / 12.0).abs() < 1e-6);
        }
        assert_eq!(b.at(6.0), 1.5);
    }

    #[test]
    fn broken_segments_return() {
        for x in [f32::NAN, f32::INFINITY, -0.0, 1e38] {
            for y in [f32::NAN, f32::NEG_INFINITY, 0.0, -1e38] {
                let b = Bezier::new([x, y], [y, x], [1.0, x], [2.0, y]);
                let _ = (b.at(1.5), b.at(x), b.at(f32::NAN));
            }
        }
    }
}
