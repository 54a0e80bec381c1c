//! Frames of several Bezier segments, solved together.
//!
//! Segments leave some frames that do not fill the [`LANES`], and short ones have no others. Those
//! of one curve wait here until there are enough.

use super::bezier::polynomial;
use super::cubic::{LANES, Nearly, Reduced, Several};

/// So few are solved faster one by one.
const FEW: usize = 3;

/// What waits of cubics of one kind.
#[derive(Clone, Copy, Default)]
struct Queue {
    count: usize,
    cubics: Several,
    values: [[f32; 4]; LANES],
    /// Where the values go.
    to: [usize; LANES],
}

/// What waits of one curve.
#[derive(Clone, Copy, Default)]
pub(super) struct Together {
    one_root: Queue,
    three_roots: Queue,
}

impl Together {
    /// Takes a frame whose value, as a polynomial of the parameter, goes to `out[to]`: now or at
    /// the [end](Self::finish) at the latest.
    pub(super) fn push(&mut self, cubic: Reduced, value: [f32; 4], to: usize, out: &mut [f32]) {
        let d = cubic.discriminant();
        if d > 0.0 {
            self.one_root.push(cubic, value, to);
            if self.one_root.count == LANES {
                self.one_root.solve(out, Several::single_roots);
            }
        } else if d < 0.0 {
            self.three_roots.push(cubic, value, to);
            if self.three_roots.count == LANES {
                self.three_roots.solve(out, Several::three_roots);
            }
        } else {
            out[to] = polynomial(value, cubic.solve());
        }
    }

    /// Solves what still waits.
    pub(super) fn finish(&mut self, out: &mut [f32]) {
        self.one_root.solve(out, Several::single_roots);
        self.three_roots.solve(out, Several::three_roots);
    }
}

impl Queue {
    fn push(&mut self, cubic: Reduced, value: [f32; 4], to: usize) {
        self.cubics.set(self.count, cubic);
        self.values[self.count] = value;
        self.to[self.count] = to;
        self.count += 1;
    }

    fn solve(&mut self, out: &mut [f32], solve: impl Fn(&Several) -> [Nearly; LANES]) {
        let few = self.count <= FEW;
        let found = if few { [Nearly::Unknown; LANES] } else { solve(&self.cubics) };
        for (lane, found) in found.into_iter().enumerate().take(self.count) {
            let parameter = found.or_solve(|| self.cubics.get(lane).solve());
            out[self.to[lane]] = polynomial(self.values[lane], parameter);
        }
        self.count = 0;
    }
}
