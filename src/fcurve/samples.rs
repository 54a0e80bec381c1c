//! Sampled ("baked") curves: one value a whole frame.

/// The samples of one curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Samples<'a> {
    /// Frame of the first sample, a whole number.
    pub first: f32,
    /// One value a frame.
    pub values: &'a [f32],
}

impl Samples<'_> {
    /// The value at a frame: constant outside, linear between the samples; 0 without samples.
    ///
    /// Blender takes the sample below a frame by rounding towards zero, so that between negative
    /// frames it reads one sample too far; this takes the one below.
    pub fn evaluate(&self, frame: f32) -> f32 {
        let (Some(first), Some(last)) = (self.values.first(), self.values.last()) else {
            return 0.0;
        };
        if frame.is_nan() {
            return frame;
        }
        if frame <= self.first {
            return *first;
        }
        if frame >= self.first + (self.values.len() - 1) as f32 {
            return *last;
        }
        let below = frame.floor();
        let index = (below - self.first) as usize;
        let (a, b) = (self.values[index], self.values.get(index + 1).unwrap_or(last));
        // Rounded on the way as in Blender.
        let factor = 1.0 - ((below + 1.0) - frame);
        factor * b + (1.0 - factor) * a
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_hold_outside_and_are_linear_inside() {
        let samples = Samples { first: -3.0, values: &[10.0, 20.0, 0.0, 4.0] };
        for (frame, value) in [
            (-100.0, 10.0),
            (-3.0, 10.0),
            (-2.5, 15.0),
            (-2.0, 20.0),
            (-1.25, 5.0),
            (-0.5, 2.0),
            (0.0, 4.0),
            (9.0, 4.0),
        ] {
            assert_eq!(samples.evaluate(frame), value, "frame {frame}");
        }
        assert!(samples.evaluate(f32::NAN).is_nan());
        assert_eq!(Samples { first: 1.0, values: &[] }.evaluate(1.0), 0.0);
    }
}
