//! Curves whose keys and handles stand at the same frames share the parameters of their segments.
//!
//! Keys are mostly set for several channels at once, and where a handle stands seldom depends on
//! the value. The parameter at a frame, which is a root of a cubic, is then the same for all of
//! these curves, and only the value at the parameter is to be computed.

use super::bezier::{Bend, Bezier, polynomial};

/// What one curve has left for the next ones at the same frames.
pub(crate) struct Alike<'a> {
    frames: &'a [f32],
    /// For each frame the last segment that it was the first frame of.
    met: Vec<Met>,
    parameters: Vec<f32>,
}

/// A segment that was met, from some frame on.
#[derive(Clone, Copy, Default)]
struct Met {
    /// Bits of the frames of its keys and handles.
    stands: [u32; 4],
    /// Where its parameters begin, and how many they are; none before it is met again.
    first: usize,
    count: usize,
}

/// No parameter: the frame is not on the segment.
const OUTSIDE: f32 = f32::NAN;

impl<'a> Alike<'a> {
    /// For curves that are evaluated at these frames.
    pub(crate) fn new(frames: &'a [f32]) -> Self {
        Self { frames, met: vec![Met::default(); frames.len()], parameters: Vec::new() }
    }

    /// The frames.
    pub(crate) fn frames(&self) -> &'a [f32] {
        self.frames
    }

    /// The values from frame `first` on, if the parameters of this segment are known; how many.
    pub(super) fn fill(&self, first: usize, bend: &Bend, out: &mut [f32]) -> Option<usize> {
        let met = &self.met[first];
        if met.count == 0 || met.stands != bend.stands() {
            return None;
        }
        let value = bend.coefficients();
        let parameters = &self.parameters[met.first..met.first + met.count];
        for (out, u) in out.iter_mut().zip(parameters) {
            let at = polynomial(value, Some(*u));
            *out = if u.is_nan() { 0.0 } else { at };
        }
        Some(met.count)
    }

    /// Whether the segment was met at this frame before, so that its parameters are worth keeping;
    /// if not, it is from now on.
    pub(super) fn meets_again(&mut self, first: usize, bend: &Bend) -> bool {
        let met = &mut self.met[first];
        let again = met.stands == bend.stands();
        *met = Met { stands: bend.stands(), ..Met::default() };
        again
    }

    /// Keeps the parameters of a segment at `count` frames from `first` on.
    pub(super) fn keep(&mut self, first: usize, count: usize, bezier: &Bezier) {
        // Curves in turn may have several segments from a frame on, which would add up.
        if self.parameters.len() > 8 * self.frames.len() {
            self.parameters.clear();
            self.met.iter_mut().for_each(|met| met.count = 0);
        }
        let met = &mut self.met[first];
        (met.first, met.count) = (self.parameters.len(), count);
        let frames = &self.frames[first..first + count];
        bezier.parameters(frames, |u| self.parameters.push(u.unwrap_or(OUTSIDE)));
    }
}

/// A parameter that was found at one frame, for the next curve at that frame.
#[derive(Clone, Copy)]
pub(crate) struct Solved {
    frame: f32,
    stands: [u32; 4],
    parameter: Option<f32>,
}

impl Solved {
    /// The parameter of a segment at a frame: the one that is kept, or a new one, which is kept
    /// from then on.
    pub(super) fn parameter(kept: &mut Option<Self>, bend: Bend, frame: f32) -> Option<f32> {
        let stands = bend.stands();
        match kept {
            Some(kept) if kept.frame == frame && kept.stands == stands => kept.parameter,
            _ => {
                let parameter = Bezier::from(bend).parameter(frame);
                *kept = Some(Self { frame, stands, parameter });
                parameter
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::evaluate::Curve;
    use super::super::key::{Key, interpolation};
    use super::*;
    use bytemuck::Zeroable;
    use proptest::prelude::*;

    /// Curves whose keys stand at one of two sets of frames, with handles at one of two lengths.
    fn curves() -> impl Strategy<Value = Vec<Vec<Key>>> {
        let key = (-5f32..5.0, -3f32..3.0, -3f32..3.0, 0..12);
        let curve =
            (0..2, prop::sample::select(vec![1f32 / 3.0, 0.8]), prop::collection::vec(key, 2..9));
        prop::collection::vec(
            curve.prop_map(|(late, reach, keys)| {
                let frame = |i: usize| 6.5 * i as f32 + 2.0 * late as f32;
                let each = keys.into_iter().enumerate();
                each.map(|(i, (value, left, right, kind))| Key {
                    point: [frame(i), value],
                    handle_left: [frame(i) - 6.5 * reach, value + left],
                    handle_right: [frame(i) + 6.5 * reach, value + right],
                    interpolation: if kind == 0 {
                        interpolation::CONSTANT
                    } else {
                        interpolation::BEZIER
                    },
                    ..Key::zeroed()
                })
                .collect()
            }),
            1..8,
        )
    }

    proptest! {
        #[test]
        fn values_are_those_of_each_curve_alone(
            curves in curves(),
            steps in prop::collection::vec(0f32..2.0, 1..60),
            start in -10f32..10.0,
        ) {
            let mut frame = start;
            let frames: Vec<f32> = steps.iter().map(|step| { frame += step; frame }).collect();
            let mut alike = Alike::new(&frames);
            let mut out = vec![0.0; frames.len()];
            for keys in curves.iter().chain(&curves).chain(&curves) {
                let curve = Curve::new(keys.as_slice());
                curve.evaluate_alike(&mut alike, &mut out);
                for (frame, out) in frames.iter().zip(&out) {
                    prop_assert_eq!(curve.evaluate(*frame).to_bits(), out.to_bits());
                }
            }
        }
    }

    #[test]
    fn parameters_are_kept_from_the_second_curve_on() {
        let frames: Vec<f32> = (0..100).map(|i| i as f32 / 10.0).collect();
        let keys = |value: f32| {
            [0.0, 10.0].map(|frame| Key {
                point: [frame, value * frame],
                handle_left: [frame - 4.0, value],
                handle_right: [frame + 4.0, -value],
                interpolation: interpolation::BEZIER,
                ..Key::zeroed()
            })
        };
        let mut alike = Alike::new(&frames);
        let mut out = vec![0.0; 100];
        for (turn, kept) in [0, 99, 99].into_iter().enumerate() {
            let keys = keys(turn as f32 + 1.0);
            Curve::new(keys.as_slice()).evaluate_alike(&mut alike, &mut out);
            assert_eq!(alike.parameters.len(), kept);
        }
    }
}
