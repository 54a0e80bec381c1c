//! The parameter of a Bezier segment at a frame: the root of a cubic, as Blender rounds it.
//!
//! Blender solves in f64 by Cardano's formula, with the cube root as `exp(ln x / 3)`, and rounds
//! the root to float32. [`Solver::solve`] does the same. [`Solver::solve_several`] is several
//! times faster: it replaces the logarithms and angles by iterations on several frames at once,
//! which differ from Blender's way by a known bound, far below a float32's spacing; where even so
//! little could change the rounding, it leaves the frame to [`Solver::solve`]. So both give the
//! same float32.

/// Parameters solved at once, so that the processor works on several.
pub(crate) const LANES: usize = 8;

/// A cubic `c3 u^3 + c2 u^2 + c1 u + c0` of which only `c0` changes from frame to frame.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Solver {
    /// Reduced to `v^3 + 3 p v + 2 q = 0` with `u = v - shift` and
    /// `q = (q_fixed + c0 / leading) / 2`.
    Cubic { leading: f64, shift: f64, p: f64, p_cubed: f64, q_fixed: f64 },
    /// The leading coefficient is 0.
    Lower { c1: f64, c2: f64 },
}

/// What the fast way knows of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Nearly {
    /// It is this one.
    Parameter(f32),
    /// There is none in the segment.
    Outside,
    /// [`Solver::solve`] has to say.
    Unknown,
}

impl Nearly {
    /// The parameter, asking the exact way where the fast one does not know it.
    pub(crate) fn or_solve(self, solve: impl FnOnce() -> Option<f32>) -> Option<f32> {
        match self {
            Self::Parameter(u) => Some(u),
            Self::Outside => None,
            Self::Unknown => solve(),
        }
    }
}

/// A root as a parameter, if it lies on the segment. The first such root counts.
fn accept(root: f64) -> Option<f32> {
    let u = root as f32;
    (-1.0e-10..=1.000_001).contains(&u).then_some(u)
}

impl Solver {
    pub(crate) fn new(c1: f64, c2: f64, c3: f64) -> Self {
        if c3 == 0.0 {
            return Self::Lower { c1, c2 };
        }
        let shift = c2 / c3 / 3.0;
        let p = c1 / c3 / 3.0 - shift * shift;
        let q_fixed = 2.0 * shift * shift * shift - shift * (c1 / c3);
        Self::Cubic { leading: c3, shift, p, p_cubed: p * p * p, q_fixed }
    }

    /// The first root on the segment.
    pub(crate) fn solve(&self, c0: f64) -> Option<f32> {
        match *self {
            Self::Cubic { .. } => self.reduced(c0)?.solve(),
            Self::Lower { c1, c2 } => lower(c0, c1, c2),
        }
    }

    /// The reduced cubic, if it is one.
    #[inline]
    pub(crate) fn reduced(&self, c0: f64) -> Option<Reduced> {
        let Self::Cubic { leading, shift, p, p_cubed, q_fixed } = *self else { return None };
        Some(Reduced { q: (q_fixed + c0 / leading) / 2.0, p, p_cubed, shift })
    }

    /// [`Solver::solve`] for several `c0`, or that it has to be asked.
    pub(crate) fn solve_several(&self, c0: &[f64; LANES]) -> [Nearly; LANES] {
        let &Self::Cubic { leading, shift, p, p_cubed, q_fixed } = self else {
            return [Nearly::Unknown; LANES];
        };
        let q = c0.map(|c0| (q_fixed + c0 / leading) / 2.0);
        let d = q.map(|q| q * q + p_cubed);
        if d.iter().all(|d| *d > 0.0) {
            single_roots(&q, &d, &[shift; LANES])
        } else if d.iter().all(|d| *d < 0.0) {
            let (scale, size) = ((-p).sqrt(), (-p_cubed).sqrt());
            three_roots(&q, &[scale; LANES], &[size; LANES], &[shift; LANES])
        } else {
            [Nearly::Unknown; LANES]
        }
    }
}

/// One cubic, reduced to `v^3 + 3 p v + 2 q = 0`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reduced {
    q: f64,
    p: f64,
    p_cubed: f64,
    shift: f64,
}

impl Reduced {
    /// Positive where there is one real root, negative where there are three.
    #[inline]
    pub(crate) fn discriminant(&self) -> f64 {
        self.q * self.q + self.p_cubed
    }

    /// The first root on the segment.
    pub(crate) fn solve(&self) -> Option<f32> {
        cubic(self.q, self.p, self.p_cubed, self.shift)
    }
}

/// Cubics of any segments, one a lane.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Several {
    q: [f64; LANES],
    p: [f64; LANES],
    p_cubed: [f64; LANES],
    shift: [f64; LANES],
}

impl Several {
    #[inline]
    pub(crate) fn set(&mut self, lane: usize, cubic: Reduced) {
        let Reduced { q, p, p_cubed, shift } = cubic;
        (self.q[lane], self.p[lane]) = (q, p);
        (self.p_cubed[lane], self.shift[lane]) = (p_cubed, shift);
    }

    pub(crate) fn get(&self, lane: usize) -> Reduced {
        let (q, p) = (self.q[lane], self.p[lane]);
        Reduced { q, p, p_cubed: self.p_cubed[lane], shift: self.shift[lane] }
    }

    /// Solves lanes with positive discriminants.
    pub(crate) fn single_roots(&self) -> [Nearly; LANES] {
        let d = core::array::from_fn(|i| self.q[i] * self.q[i] + self.p_cubed[i]);
        single_roots(&self.q, &d, &self.shift)
    }

    /// Solves lanes with negative discriminants.
    pub(crate) fn three_roots(&self) -> [Nearly; LANES] {
        let scale = self.p.map(|p| (-p).sqrt());
        let size = self.p_cubed.map(|p_cubed| (-p_cubed).sqrt());
        three_roots(&self.q, &scale, &size, &self.shift)
    }
}

// --- Blender's way -------------------------------------------------------------------------------

/// Not `cbrt`, whose last bits differ.
fn cube_root(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { ((x.abs().ln() / 3.0).exp()).copysign(x) }
}

fn cubic(q: f64, p: f64, p_cubed: f64, shift: f64) -> Option<f32> {
    let d = q * q + p_cubed;
    if d > 0.0 {
        let root = d.sqrt();
        return accept(cube_root(-q + root) + cube_root(-q - root) - shift);
    }
    if d == 0.0 {
        let root = cube_root(-q);
        return accept(2.0 * root - shift).or_else(|| accept(-root - shift));
    }
    let phi = (-q / (-p_cubed).sqrt()).acos();
    let scale = (-p).sqrt();
    let k = (phi / 3.0).cos();
    let m = (3.0 - 3.0 * k * k).sqrt();
    accept(2.0 * scale * k - shift)
        .or_else(|| accept(-scale * (k + m) - shift))
        .or_else(|| accept(-scale * (k - m) - shift))
}

fn lower(c0: f64, c1: f64, c2: f64) -> Option<f32> {
    if c2 != 0.0 {
        let d = c1 * c1 - 4.0 * c2 * c0;
        if d > 0.0 {
            let root = d.sqrt();
            return accept((-c1 - root) / (2.0 * c2)).or_else(|| accept((-c1 + root) / (2.0 * c2)));
        }
        return if d == 0.0 { accept(-c1 / (2.0 * c2)) } else { None };
    }
    if c1 != 0.0 {
        return accept(-c0 / c1);
    }
    if c0 == 0.0 { Some(0.0) } else { None }
}

// --- the fast way --------------------------------------------------------------------------------

/// A root within `error` of Blender's, as a parameter.
fn nearly(root: f64, error: f64) -> Nearly {
    let (low, high) = ((root - error) as f32, (root + error) as f32);
    if low != high {
        return Nearly::Unknown;
    }
    accept(root).map_or(Nearly::Outside, Nearly::Parameter)
}

/// Cube roots of numbers of ordinary size, to a few units in the last place.
fn cube_roots(x: &[f64; LANES]) -> [f64; LANES] {
    x.map(|x| {
        // The inverse cube root by its exponent (in integers of 32 bits, of which the processor
        // does several at once), then twice Householder's method of fourth order.
        let a = x.abs();
        let third = ((a.to_bits() >> 32) * 0x5555_5556) >> 32;
        let mut r = f64::from_bits(0x553e_f0ff_u64.wrapping_sub(third) << 32);
        for _ in 0..2 {
            let h = 1.0 - (r * r) * (r * a);
            r += r * (h * (1.0 / 3.0 + h * (2.0 / 9.0 + h * (14.0 / 81.0))));
        }
        x * (r * r)
    })
}

/// Where the discriminant is positive.
///
/// Logarithm and exponential err by one unit in the last place each, so Blender's cube roots by
/// `(|ln x| / 2 + 2) * 2^-52`, and those here by less than `4 * 2^-52`: together below 1e-14 for
/// `x` of ordinary size.
#[inline]
fn single_roots(q: &[f64; LANES], d: &[f64; LANES], shift: &[f64; LANES]) -> [Nearly; LANES] {
    let ordinary = |x: f64| (1e-30..1e30).contains(&x.abs());
    let root = d.map(f64::sqrt);
    let x1: [f64; LANES] = core::array::from_fn(|i| -q[i] + root[i]);
    let x2: [f64; LANES] = core::array::from_fn(|i| -q[i] - root[i]);
    let (r1, r2) = (cube_roots(&x1), cube_roots(&x2));
    core::array::from_fn(|i| {
        if !ordinary(x1[i]) || !ordinary(x2[i]) {
            return Nearly::Unknown;
        }
        let error = 1e-14 * (r1[i].abs() + r2[i].abs()) + 1e-15 * shift[i].abs();
        nearly(r1[i] + r2[i] - shift[i], error)
    })
}

/// Where the discriminant is negative: `k = cos(acos(w) / 3)` is the root of `4 k^3 - 3 k = w`
/// in 1/2..1. `scale` is `sqrt(-p)` and `size` its cube.
///
/// For `|w| <= 0.9` Blender's `k` errs by less than 4e-16 and the one here by less than 6e-16;
/// `m` multiplies that by at most `3 k / m < 12`: together below 2e-14.
#[inline]
fn three_roots(
    q: &[f64; LANES],
    scale: &[f64; LANES],
    size: &[f64; LANES],
    shift: &[f64; LANES],
) -> [Nearly; LANES] {
    let w: [f64; LANES] = core::array::from_fn(|i| -q[i] / size[i]);
    let k = w.map(|w| {
        // A polynomial within 3e-3, then twice Halley's method.
        let mut k =
            0.8654542 + w * (0.16024073 + w * (-0.03719626 + w * (0.04954191 + w * -0.0426431)));
        for _ in 0..2 {
            let (f, slope) = ((4.0 * (k * k) - 3.0) * k - w, 12.0 * (k * k) - 3.0);
            k -= 2.0 * f * slope / (2.0 * slope * slope - f * (24.0 * k));
        }
        k
    });
    let m = k.map(|k| (3.0 - 3.0 * k * k).sqrt());
    core::array::from_fn(|i| {
        if !(-0.9..=0.9).contains(&w[i]) {
            return Nearly::Unknown;
        }
        let (k, m, scale, shift) = (k[i], m[i], scale[i], shift[i]);
        let error = 4e-14 * scale + 1e-15 * shift.abs();
        for root in [2.0 * scale * k, -scale * (k + m), -scale * (k - m)] {
            match nearly(root - shift, error) {
                Nearly::Outside => {}
                known => return known,
            }
        }
        Nearly::Outside
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What [`Solver::solve_several`] says must be what [`Solver::solve`] says; how many it knew.
    fn check(c: [f32; 3], c0: [f32; LANES]) -> std::result::Result<usize, TestCaseError> {
        let [c1, c2, c3] = c.map(f64::from);
        let (solver, c0) = (Solver::new(c1, c2, c3), c0.map(f64::from));
        let mut known = 0;
        for (c0, fast) in c0.iter().zip(solver.solve_several(&c0)) {
            let exact = solver.solve(*c0);
            match fast {
                Nearly::Unknown => continue,
                Nearly::Outside => prop_assert_eq!(exact, None),
                Nearly::Parameter(u) => {
                    prop_assert_eq!(exact.map(f32::to_bits), Some(u.to_bits()));
                }
            }
            known += 1;
        }
        Ok(known)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_fast_way_rounds_as_the_exact_one(
            c in prop::array::uniform3(-100f32..100.0), c0 in prop::array::uniform8(-100f32..10.0),
        ) {
            check(c, c0)?;
        }

        #[test]
        fn also_where_the_cubic_is_nearly_linear(
            length in 0.5f32..100.0, c2 in -1e-4f32..1e-4, c3 in -1e-4f32..1e-4,
            c0 in prop::array::uniform8(0f32..1.0),
        ) {
            check([length, c2, c3], c0.map(|c| -c * length))?;
        }
    }

    #[test]
    fn the_fast_way_knows_most_roots() {
        for (c, least) in [([9.0, 3.0, 2.0], 0.99), ([10.0, 1e-5, -1e-5], 0.9)] {
            let mut known = 0;
            for i in 0..1000 {
                let c0 = core::array::from_fn(|j| (i * LANES + j) as f32 * -9.0 / 8000.0);
                known += check(c, c0).unwrap();
            }
            assert!(known as f64 >= 8000.0 * least, "{c:?}: {known} of 8000");
        }
    }

    #[test]
    fn all_roots_of_simple_cubics_are_found() {
        // (u - 0.25)(u - 2)(u + 3) and (u - 0.5)^3, and lower degrees.
        let at = |c: [f64; 4]| Solver::new(c[1], c[2], c[3]).solve(c[0]);
        assert_eq!(at([1.5, -6.25, 0.75, 1.0]), Some(0.25));
        assert!((at([-0.125, 0.75, -1.5, 1.0]).unwrap() - 0.5).abs() < 1e-5);
        assert_eq!(at([-0.25, 0.0, 1.0, 0.0]), Some(0.5));
        assert_eq!(at([-3.0, 4.0, 0.0, 0.0]), Some(0.75));
        assert_eq!(at([0.0; 4]), Some(0.0));
        assert_eq!(at([5.0, 0.0, 0.0, 0.0]), None);
    }
}
