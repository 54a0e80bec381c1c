//! Continuous acceleration: automatic handles whose second derivative does not jump at a key.
//!
//! Each run of free keys (automatic on both sides and not locked), with the other keys on either
//! side of it, is one tridiagonal system. Unknown `h[i]` is the value of key `i`'s right handle
//! relative to the key. Coefficients and results are f32 and the sweeps f64, as in Blender.

use super::key::{Key, both_auto, handle, is_auto};

/// How often a limited unknown may be released again.
const RELEASES: u8 = 2;

/// One knot of a system: the key whose left side it is, and the key whose right side it is.
/// They differ only where a cycle closes: there the last key and the first are one knot.
type Knot = (usize, usize);

/// One tridiagonal system and its buffers.
#[derive(Default)]
pub(crate) struct System {
    knots: Vec<Knot>,
    /// Frame and value step from the previous knot; `[0]` is unused.
    step: Vec<[f32; 2]>,
    /// Next frame step over the previous one.
    ratio: Vec<f32>,
    /// Coefficients of the unknown before, the own one and the one after, and the right side.
    rows: Vec<[f32; 4]>,
    /// Lowest and highest value allowed.
    bounds: Vec<[f32; 2]>,
    h: Vec<f32>,
    /// Whether an unknown is held at a bound, and how often it was released.
    held: Vec<bool>,
    released: Vec<u8>,
    solver: Solver,
}

/// Smooths all runs of free keys; `locked[i]` marks keys to leave level.
pub(crate) fn smooth(keys: &mut [Key], cyclic: bool, locked: &[bool], system: &mut System) {
    let last = keys.len() - 1;
    let is_free = |keys: &[Key], i: usize| both_auto(&keys[i]) && !locked[i];
    // With both ends free in a cycle a run crosses the seam: begin at the first other key.
    let wraps = cyclic && is_free(keys, 0) && is_free(keys, last);
    let anchor = (0..=last).find(|i| !is_free(keys, *i));
    let start = if wraps { anchor.unwrap_or(0) } else { 0 };
    let closed = wraps && anchor.is_none();
    system.knots.clear();
    system.knots.push((start, start));
    // Around a cycle there is one step less than keys, as the seam is one knot.
    for n in 1..=last {
        let at = start + n;
        let knot = match at {
            _ if !wraps || closed || at < last => (at, at),
            _ if at == last => (last, 0),
            _ => (at - last, at - last),
        };
        system.knots.push(knot);
        if (!closed && !is_free(keys, knot.0)) || n == last {
            system.run(keys, locked, closed);
            system.knots.clear();
            system.knots.push(knot);
        }
    }
}

fn can_write(kind: u8) -> bool {
    is_auto(kind) || kind == handle::VECTOR
}

fn has_clamped(keys: &[Key], knot: Knot) -> bool {
    [knot.0, knot.1].iter().any(|i| {
        let types = [keys[*i].handle_left_type, keys[*i].handle_right_type];
        types.contains(&handle::AUTO_CLAMPED)
    })
}

impl System {
    /// Smooths the run of `self.knots`.
    fn run(&mut self, keys: &mut [Key], locked: &[bool], closed: bool) {
        let count = self.knots.len();
        if count < 2 {
            return;
        }
        let last = keys.len() - 1;
        let (first_knot, last_knot) = (self.knots[0].1, self.knots[count - 1].0);
        let solved = |key: usize, kind: u8, end: usize| {
            kind == handle::VECTOR || (key == end && is_auto(kind) && !locked[key])
        };
        let start_solved = solved(first_knot, keys[first_knot].handle_right_type, 0);
        let end_solved = solved(last_knot, keys[last_knot].handle_left_type, last);
        if count == 2 && !closed && start_solved == end_solved {
            return;
        }
        self.measure(keys, closed);
        self.limit(keys, closed);
        self.interior(closed);
        if !closed {
            self.ends(&keys[first_knot], &keys[last_knot], [start_solved, end_solved]);
        }
        self.solve_limited(closed);
        self.store(keys, [start_solved || closed, end_solved || closed]);
    }

    fn measure(&mut self, keys: &[Key], closed: bool) {
        let count = self.knots.len();
        self.step.clear();
        self.step.push([0.0; 2]);
        for pair in self.knots.windows(2) {
            let (from, to) = (keys[pair[0].1].point, keys[pair[1].0].point);
            self.step.push([to[0] - from[0], to[1] - from[1]]);
        }
        self.ratio.clear();
        self.ratio.resize(count, 1.0);
        for i in 1..count - 1 {
            self.ratio[i] = self.step[i + 1][0] / self.step[i][0];
        }
        if closed {
            let seam = self.step[1][0] / self.step[count - 1][0];
            self.ratio[0] = seam;
            self.ratio[count - 1] = seam;
        }
    }

    /// Bounds of the unknowns beside clamped handles: between the values of both keys.
    fn limit(&mut self, keys: &[Key], closed: bool) {
        let count = self.knots.len();
        self.bounds.clear();
        self.bounds.resize(count, [f32::NEG_INFINITY, f32::INFINITY]);
        let restrict = |bounds: &mut [f32; 2], step: f32| {
            bounds[0] = bounds[0].max(step.min(0.0));
            bounds[1] = bounds[1].min(step.max(0.0));
        };
        for i in 1..count {
            let dy = self.step[i][1];
            if has_clamped(keys, self.knots[i - 1]) {
                restrict(&mut self.bounds[i - 1], dy);
            }
            if has_clamped(keys, self.knots[i]) {
                let dy = dy * self.ratio[i];
                restrict(&mut self.bounds[i], dy);
            }
        }
        if closed {
            let [low, high] = self.bounds[count - 1];
            self.bounds[0][0] = self.bounds[0][0].max(low);
            self.bounds[0][1] = self.bounds[0][1].min(high);
        }
    }

    fn interior(&mut self, closed: bool) {
        let count = self.knots.len();
        self.rows.clear();
        self.rows.resize(count, [0.0, 1.0, 0.0, 0.0]);
        let row = |ratio: f32, next_ratio: f32, dy: f32, next_dy: f32| {
            let square = ratio * ratio;
            [square, 2.0 * (ratio + 1.0), 1.0 / next_ratio, dy * ratio * ratio + next_dy]
        };
        for i in 1..count - 1 {
            let (dy, next) = (self.step[i][1], self.step[i + 1][1]);
            self.rows[i] = row(self.ratio[i], self.ratio[i + 1], dy, next);
        }
        if closed {
            let (dy, next) = (self.step[count - 1][1], self.step[1][1]);
            self.rows[0] = row(self.ratio[0], self.ratio[1], dy, next);
        }
    }

    /// The first and the last knot: no bend beyond one that is solved, else the handle it has.
    fn ends(&mut self, first: &Key, last: &Key, solved: [bool; 2]) {
        let count = self.knots.len();
        let end = count - 1;
        let [dx, dy] = self.step[1];
        let mut slopes = [None; 2];
        if solved[0] {
            self.rows[0] = [0.0, 2.0, 1.0 / self.ratio[1], dy];
        } else {
            let (p, q) = (first.point, first.handle_right);
            let (h, slope) = fixed_end([q[0] - p[0], q[1] - p[1]], dx);
            self.rows[0] = [0.0, 1.0, 0.0, h];
            slopes[0] = Some(slope);
        }
        let [dx, dy] = self.step[end];
        let ratio = self.ratio[end];
        if solved[1] {
            let square = ratio * ratio;
            self.rows[end] = [square, 2.0 * ratio, 0.0, dy * ratio * ratio];
        } else {
            let (p, q) = (last.point, last.handle_left);
            let (h, slope) = fixed_end([p[0] - q[0], p[1] - q[1]], dx);
            self.rows[end] = [0.0, 1.0, 0.0, h];
            slopes[1] = Some(slope);
        }
        if let Some(slope) = slopes[0].filter(|_| count > 2 || solved[1]) {
            self.rows[1][1] += self.ratio[1] * slope;
        }
        if let Some(slope) = slopes[1].filter(|_| count > 2 || solved[0]) {
            self.rows[end - 1][1] += slope;
        }
    }

    /// Solves; unknowns outside their bounds are held there, and released when the equation
    /// that they replaced pulls them back inside.
    fn solve_limited(&mut self, closed: bool) {
        let unknowns = if closed { self.knots.len() - 1 } else { self.knots.len() };
        self.h.clear();
        self.h.resize(self.knots.len(), 0.0);
        self.held.clear();
        self.held.resize(unknowns, false);
        self.released.clear();
        self.released.resize(unknowns, 0);
        loop {
            self.solver.solve(&self.rows[..unknowns], &self.held, closed, &mut self.h);
            // Bounds of zero are where the curve turns; they may resolve by themselves.
            if self.hold(unknowns, true) || self.hold(unknowns, false) {
                continue;
            }
            if !self.release(unknowns, closed) {
                break;
            }
        }
        if closed {
            self.h[unknowns] = self.h[0];
        }
    }

    fn hold(&mut self, unknowns: usize, skip_zero: bool) -> bool {
        let mut any = false;
        for i in 0..unknowns {
            let [low, high] = self.bounds[i];
            let value = self.h[i];
            if self.held[i] {
                continue;
            }
            let bound = if value > high {
                high
            } else if value < low {
                low
            } else {
                continue;
            };
            if skip_zero && bound == 0.0 {
                continue;
            }
            self.held[i] = true;
            self.h[i] = bound;
            any = true;
        }
        any
    }

    fn release(&mut self, unknowns: usize, closed: bool) -> bool {
        let mut any = false;
        for i in 0..unknowns {
            if !self.held[i] || self.released[i] >= RELEASES {
                continue;
            }
            let before = match i {
                0 if closed => self.h[unknowns - 1],
                0 => 0.0,
                _ => self.h[i - 1],
            };
            let after = match i + 1 {
                n if n < unknowns => self.h[n],
                _ if closed => self.h[0],
                _ => 0.0,
            };
            let [a, b, c, d] = self.rows[i];
            let pull = -(a * before + b * self.h[i] + c * after - d) * b;
            let [low, high] = self.bounds[i];
            if (pull > 0.0 && self.h[i] < high) || (pull < 0.0 && self.h[i] > low) {
                self.held[i] = false;
                self.released[i] += 1;
                any = true;
            }
        }
        any
    }

    /// Writes the handles that the system decides: all but the outer ones of its first and last
    /// knot, and all of a fixed knot. An outer handle follows if it is aligned, or if it is the
    /// curve's outermost one.
    fn store(&self, keys: &mut [Key], solved: [bool; 2]) {
        let end = self.knots.len() - 1;
        let last = keys.len() - 1;
        for (i, &(left, right)) in self.knots.iter().enumerate() {
            let h = self.h[i];
            if i > 0 && (i < end || solved[1]) && can_write(keys[left].handle_left_type) {
                let key = &mut keys[left];
                key.handle_left[1] = key.point[1] - h / self.ratio[i];
                if i == end || left == last {
                    right_follows(key, left == last);
                }
            }
            if i < end && (i > 0 || solved[0]) && can_write(keys[right].handle_right_type) {
                let key = &mut keys[right];
                key.handle_right[1] = key.point[1] + h;
                if i == 0 || right == 0 {
                    left_follows(key, right == 0);
                }
            }
        }
    }
}

/// Height of a fixed end handle, and what it adds to the neighbour's diagonal.
fn fixed_end(offset: [f32; 2], dx: f32) -> (f32, f32) {
    let [mut size, mut h] = offset;
    // A handle that reaches over the segment is used shortened.
    let factor = dx / (size + dx / 3.0);
    if factor < 1.0 {
        size *= factor;
        h *= factor;
    }
    (h, 1.0 - 3.0 * size / dx)
}

/// The left handle after the right one was set.
fn left_follows(key: &mut Key, real_end: bool) {
    if key.handle_left_type == handle::ALIGNED {
        key.handle_left = turned(key.point, key.handle_right, key.handle_left);
    } else if real_end && can_write(key.handle_left_type) {
        key.handle_left = mirrored(key.point, key.handle_right);
    }
}

/// The right handle after the left one was set.
fn right_follows(key: &mut Key, real_end: bool) {
    if key.handle_right_type == handle::ALIGNED {
        key.handle_right = turned(key.point, key.handle_left, key.handle_right);
    } else if real_end && can_write(key.handle_right_type) {
        key.handle_right = mirrored(key.point, key.handle_left);
    }
}

/// `handle` on the other side of the key.
fn mirrored(p: [f32; 2], handle: [f32; 2]) -> [f32; 2] {
    [p[0] - (handle[0] - p[0]), p[1] - (handle[1] - p[1])]
}

/// `other` at its old length on the line through `moved` and the key.
fn turned(p: [f32; 2], moved: [f32; 2], other: [f32; 2]) -> [f32; 2] {
    let length = |q: [f32; 2]| {
        let d = [q[0] - p[0], q[1] - p[1]];
        (d[0] * d[0] + d[1] * d[1]).sqrt()
    };
    let factor = length(other) / length(moved);
    [p[0] - (moved[0] - p[0]) * factor, p[1] - (moved[1] - p[1]) * factor]
}

/// Thomas' algorithm, in f64, also for a closed ring.
#[derive(Default)]
struct Solver {
    rows: Vec<[f64; 4]>,
    x: Vec<f64>,
    /// Solution for the column that closes the ring.
    z: Vec<f64>,
    /// Eliminated upper coefficients.
    upper: Vec<f64>,
}

impl Solver {
    /// Solves the rows into `h`; held unknowns keep their value.
    fn solve(&mut self, rows: &[[f32; 4]], held: &[bool], closed: bool, h: &mut [f32]) {
        let n = rows.len();
        self.rows.clear();
        self.rows.extend(rows.iter().zip(held).enumerate().map(|(i, (row, held))| {
            if *held { [0.0, 1.0, 0.0, f64::from(h[i])] } else { row.map(f64::from) }
        }));
        self.x.clear();
        self.x.resize(n, 0.0);
        if closed && n > 2 {
            self.ring();
        } else if closed {
            self.small_ring();
        } else {
            sweep(&self.rows, &mut self.x, &mut self.upper);
        }
        for (h, x) in h.iter_mut().zip(&self.x) {
            *h = *x as f32;
        }
    }

    /// A ring of one or two unknowns, where the neighbours on both sides are the same.
    fn small_ring(&mut self) {
        match self.rows[..] {
            [[a, b, c, d]] => self.x[0] = d / (a + b + c),
            [[a0, b0, c0, d0], [a1, b1, c1, d1]] => {
                self.rows[0] = [0.0, b0, a0 + c0, d0];
                self.rows[1] = [a1 + c1, b1, 0.0, d1];
                sweep(&self.rows, &mut self.x, &mut self.upper);
            }
            _ => (),
        }
    }

    /// A ring by a rank-one correction of the open chain.
    fn ring(&mut self) {
        let last = self.rows.len() - 1;
        let (first_a, last_c) = (self.rows[0][0], self.rows[last][2]);
        if first_a == 0.0 && last_c == 0.0 {
            sweep(&self.rows, &mut self.x, &mut self.upper);
            return;
        }
        let gamma = -self.rows[0][1];
        self.rows[0][1] -= gamma;
        self.rows[last][1] -= last_c * first_a / gamma;
        sweep(&self.rows, &mut self.x, &mut self.upper);
        for row in &mut self.rows {
            row[3] = 0.0;
        }
        self.rows[0][3] = gamma;
        self.rows[last][3] = last_c;
        self.z.clear();
        self.z.resize(last + 1, 0.0);
        sweep(&self.rows, &mut self.z, &mut self.upper);
        let (x, z) = (&mut self.x, &self.z);
        let scale = (x[0] + x[last] * first_a / gamma) / (1.0 + z[0] + z[last] * first_a / gamma);
        for (x, z) in x.iter_mut().zip(z) {
            *x -= scale * z;
        }
    }
}

/// Forward elimination and back substitution of `a x[i-1] + b x[i] + c x[i+1] = d`.
fn sweep(rows: &[[f64; 4]], x: &mut [f64], upper: &mut Vec<f64>) {
    let n = rows.len();
    upper.clear();
    upper.resize(n, 0.0);
    let (mut above, mut before) = (0.0, 0.0);
    for (i, [a, b, c, d]) in rows.iter().enumerate() {
        let pivot = b - a * above;
        above = c / pivot;
        before = (d - a * before) / pivot;
        upper[i] = above;
        x[i] = before;
    }
    for i in (0..n.saturating_sub(1)).rev() {
        x[i] -= upper[i] * x[i + 1];
    }
}
