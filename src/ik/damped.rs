//! One step of selectively damped least squares: S. R. Buss, J.-S. Kim, "Selectively Damped Least
//! Squares for Inverse Kinematics", Journal of Graphics Tools 10 (2005), with weights.

use core::f64::consts::FRAC_PI_4;

/// The linear problem of one iteration: rows are equations, three to a task, columns degrees of
/// freedom. Columns are padded to a multiple of [`LANES`].
#[derive(Clone, Debug, Default)]
pub(super) struct Problem {
    rows: usize,
    /// Columns with padding.
    width: usize,
    /// Row after row.
    pub(super) jacobian: Vec<f64>,
    /// What is wanted of each row.
    pub(super) wanted: Vec<f64>,
    /// Willingness of each degree of freedom, and its root; 0 in the padding.
    pub(super) weight: Vec<f64>,
    pub(super) root: Vec<f64>,
    /// The step found.
    pub(super) step: Vec<f64>,
    /// Rows turned until they are orthogonal, and by what.
    turned: Vec<f64>,
    turns: Vec<f64>,
    lengths: Vec<f64>,
    /// Whether a singular vector was damped that might as well have been another, since
    /// [`resize`](Self::resize).
    pub(super) ambiguous: bool,
}

/// Columns come in multiples of this, so that they fill vector registers.
const LANES: usize = 4;
/// Enough for any matrix of this size; it ends sooner when all rows are orthogonal.
const SWEEPS: usize = 40;

/// Squares of singular values that differ by less, relatively, count as equal.
const EQUAL: f64 = 1e-5;

impl Problem {
    /// Makes room for a problem of that many tasks and degrees of freedom.
    pub(super) fn resize(&mut self, tasks: usize, freedoms: usize) {
        self.rows = 3 * tasks;
        self.width = freedoms.next_multiple_of(LANES);
        self.ambiguous = false;
        let size = self.rows * self.width;
        let fill = |values: &mut Vec<f64>, count: usize| {
            values.clear();
            values.resize(count, 0.0);
        };
        fill(&mut self.jacobian, size);
        fill(&mut self.turned, size);
        fill(&mut self.turns, self.rows * self.rows);
        fill(&mut self.wanted, self.rows);
        for values in [&mut self.weight, &mut self.root, &mut self.step, &mut self.lengths] {
            fill(values, self.width);
        }
        for row in 0..self.rows {
            self.turns[row * self.rows + row] = 1.0;
        }
    }

    /// Lets the search for singular vectors begin elsewhere, so that it finds others where some are
    /// equally good.
    pub(super) fn mix_rows(&mut self) {
        for row in 1..self.rows {
            let (before, behind) = self.turns.split_at_mut(row * self.rows);
            let last = &mut before[(row - 1) * self.rows..];
            rotate(last, &mut behind[..self.rows], 0.8, 0.6);
        }
    }

    pub(super) fn clear(&mut self) {
        self.jacobian.fill(0.0);
    }

    /// Puts a vector into the three rows of a task.
    pub(super) fn set_column(&mut self, task: usize, column: usize, values: [f64; 3]) {
        for (row, value) in values.into_iter().enumerate() {
            self.jacobian[(3 * task + row) * self.width + column] = value;
        }
    }

    /// Takes a degree of freedom out that has been moved by `step`.
    pub(super) fn fix(&mut self, column: usize, step: f64) {
        for (row, wanted) in self.wanted.iter_mut().enumerate() {
            let place = row * self.width + column;
            *wanted -= self.jacobian[place] * step;
            self.jacobian[place] = 0.0;
        }
    }

    /// Finds the step.
    pub(super) fn solve(&mut self) {
        // The usual sizes, each with loops of known length.
        match (self.rows, self.width) {
            (3, 4) => self.solve_sized(3, 4),
            (3, 8) => self.solve_sized(3, 8),
            (3, 12) => self.solve_sized(3, 12),
            (3, 16) => self.solve_sized(3, 16),
            (6, 8) => self.solve_sized(6, 8),
            (rows, width) => self.solve_sized(rows, width),
        }
    }

    #[inline(always)]
    fn solve_sized(&mut self, rows: usize, width: usize) {
        self.turn_rows(rows, width);
        self.measure_columns(rows, width);
        let step = &mut self.step[..width];
        let (weight, root) = (&self.weight[..width], &self.root[..width]);
        let lengths = &self.lengths[..width];
        step.fill(0.0);
        for row in 0..rows {
            let turned = &self.turned[row * width..][..width];
            let square = dot(turned, turned);
            let size = square.sqrt();
            // The same rank as Blender's; NaN is none, either.
            if size <= 1e-10 || !size.is_finite() {
                continue;
            }
            let turn = &self.turns[row * rows..][..rows];
            let amount = dot(turn, &self.wanted[..rows]) / size;
            let blocks = turn.chunks_exact(3);
            let effect: f64 =
                blocks.map(|b| (b[0] * b[0] + b[1] * b[1] + b[2] * b[2]).sqrt()).sum();
            let mut reach = 0.0;
            for (value, length) in turned.iter().zip(lengths) {
                reach += value.abs() * length;
            }
            let allowed = FRAC_PI_4 * (effect * square / reach).min(1.0);
            let scale = amount / size;
            let mut most = 0.0f64;
            for (value, root) in turned.iter().zip(root) {
                most = most.max((value * scale).abs() * root);
            }
            let damping = if allowed < most { allowed / most } else { 1.0 };
            if damping < 1.0 {
                let others = self.turned.chunks_exact(width).enumerate();
                let equal = |other: &[f64]| (dot(other, other) - square).abs() < EQUAL * square;
                self.ambiguous |=
                    others.into_iter().any(|(other, turned)| other != row && equal(turned));
            }
            for ((step, value), weight) in step.iter_mut().zip(turned).zip(weight) {
                *step += 0.8 * (damping / weight).min(1.0) * value * scale;
            }
        }
        let mut most = 0.0f64;
        for (step, weight) in step.iter_mut().zip(weight) {
            *step *= weight;
            most = most.max(step.abs());
        }
        if most > FRAC_PI_4 {
            let scale = FRAC_PI_4 / (FRAC_PI_4 + most);
            step.iter_mut().for_each(|step| *step *= scale);
        }
    }

    /// Sum over the tasks of the length of each column's three rows.
    #[inline(always)]
    fn measure_columns(&mut self, rows: usize, width: usize) {
        let lengths = &mut self.lengths[..width];
        lengths.fill(0.0);
        for block in self.jacobian[..rows * width].chunks_exact(3 * width) {
            let (x, rest) = block.split_at(width);
            let (y, z) = rest.split_at(width);
            for (((length, x), y), z) in lengths.iter_mut().zip(x).zip(y).zip(z) {
                *length += (x * x + y * y + z * z).sqrt();
            }
        }
    }

    /// The singular values and vectors: turns the rows in pairs until all are orthogonal
    /// (M. R. Hestenes 1958). It begins with the turns of the step before, which nearly do it.
    #[inline(always)]
    fn turn_rows(&mut self, rows: usize, width: usize) {
        let (turned, turns) = (&mut self.turned[..rows * width], &mut self.turns[..rows * rows]);
        for (turned, turn) in turned.chunks_exact_mut(width).zip(turns.chunks_exact(rows)) {
            turned.fill(0.0);
            for (row, factor) in self.jacobian[..rows * width].chunks_exact(width).zip(turn) {
                for (turned, value) in turned.iter_mut().zip(row) {
                    *turned += value * factor;
                }
            }
        }
        for _ in 0..SWEEPS {
            let mut orthogonal = true;
            for p in 0..rows {
                for q in p + 1..rows {
                    let (before, behind) = turned.split_at_mut(q * width);
                    let (p_row, q_row) = (&mut before[p * width..][..width], &mut behind[..width]);
                    let (pp, qq) = (dot(p_row, p_row), dot(q_row, q_row));
                    let pq = dot(p_row, q_row);
                    if pq * pq <= 1e-30 * pp * qq || !pq.is_finite() {
                        continue;
                    }
                    orthogonal = false;
                    let zeta = (qq - pp) / (2.0 * pq);
                    let sign = if zeta < 0.0 { -1.0 } else { 1.0 };
                    let t = sign / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
                    let c = 1.0 / (1.0 + t * t).sqrt();
                    rotate(p_row, q_row, c, t * c);
                    let (before, behind) = turns.split_at_mut(q * rows);
                    rotate(&mut before[p * rows..][..rows], &mut behind[..rows], c, t * c);
                }
            }
            if orthogonal {
                break;
            }
        }
    }
}

#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let mut sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (a, b) in a_rest.iter().zip(b_rest) {
        sum += a * b;
    }
    sum
}

#[inline(always)]
fn rotate(p: &mut [f64], q: &mut [f64], c: f64, s: f64) {
    for (p, q) in p.iter_mut().zip(q) {
        (*p, *q) = (c * *p - s * *q, s * *p + c * *q);
    }
}
