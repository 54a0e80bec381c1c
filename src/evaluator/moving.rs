//! Curves that move the numbers of a rig, copied for as long as a plan lives.

use super::write::Write;
use crate::fcurve::alike::Alike;
use crate::fcurve::key::interpolation;
use crate::fcurve::modifiers::Kind;
use crate::fcurve::{Curve, Extrapolation, Key, Keys, Modifier, Samples};

/// A curve with its own memory.
#[derive(Clone, Debug)]
pub struct OwnCurve {
    keys: Vec<Key>,
    extrapolation: Extrapolation,
    integer: bool,
    discrete: bool,
    modifiers: Vec<OwnModifier>,
    samples: Option<(f32, Vec<f32>)>,
    write: Write,
}

/// A modifier whose coefficients or control points, if it has any, are in `values`.
#[derive(Clone, Debug)]
struct OwnModifier {
    modifier: Modifier<'static>,
    values: Vec<f32>,
}

impl OwnModifier {
    fn new(modifier: &Modifier) -> Self {
        let (kind, values): (Kind<'static>, &[f32]) = match modifier.kind {
            Kind::Generator { factorised, additive, coefficients } => {
                (Kind::Generator { factorised, additive, coefficients: &[] }, coefficients)
            }
            Kind::Envelope { reference, default_min, default_max, points } => {
                let kind = Kind::Envelope { reference, default_min, default_max, points: &[] };
                (kind, points.as_flattened())
            }
            Kind::Cycles { before, after } => (Kind::Cycles { before, after }, &[]),
            Kind::Limits { min_x, max_x, min_y, max_y } => {
                (Kind::Limits { min_x, max_x, min_y, max_y }, &[])
            }
            Kind::Stepped { step, offset, start, end } => {
                (Kind::Stepped { step, offset, start, end }, &[])
            }
            Kind::Function(wave) => (Kind::Function(wave), &[]),
            Kind::Noise(noise) => (Kind::Noise(noise), &[]),
        };
        let Modifier { muted, influence, range, .. } = *modifier;
        Self { modifier: Modifier { muted, influence, range, kind }, values: values.to_vec() }
    }

    fn lend(&self) -> Modifier<'_> {
        let kind = match self.modifier.kind {
            Kind::Generator { factorised, additive, .. } => {
                Kind::Generator { factorised, additive, coefficients: &self.values }
            }
            Kind::Envelope { reference, default_min, default_max, .. } => {
                let points = self.values.as_chunks().0;
                Kind::Envelope { reference, default_min, default_max, points }
            }
            kind => kind,
        };
        Modifier { kind, ..self.modifier }
    }
}

impl OwnCurve {
    /// A copy of a curve.
    pub fn new<K: Keys>(curve: &Curve<K>) -> Self {
        let samples = curve.samples.map(|samples| (samples.first, samples.values.to_vec()));
        // A sampled curve does not look at its keys; its modifiers do.
        Self {
            keys: (0..curve.keys.len()).map(|index| curve.keys.get(index)).collect(),
            extrapolation: curve.extrapolation,
            integer: curve.integer,
            discrete: curve.discrete,
            modifiers: curve.modifiers.iter().map(OwnModifier::new).collect(),
            samples,
            write: Write::PLAIN,
        }
    }

    /// The same curve for a property that takes its values so.
    pub(super) fn written(self, write: Write) -> Self {
        Self { write, ..self }
    }

    /// The values at the frames.
    pub(super) fn evaluate(&self, frames: &[f32], out: &mut [f32]) {
        self.lend(|curve| curve.evaluate_frames(frames, out));
        self.write(out);
    }

    /// The values at the frames of `alike`, fastest after curves with keys at the same frames.
    pub(super) fn evaluate_alike(&self, alike: &mut Alike, out: &mut [f32]) {
        self.lend(|curve| curve.evaluate_alike(alike, out));
        self.write(out);
    }

    fn write(&self, values: &mut [f32]) {
        if self.write != Write::PLAIN {
            values.iter_mut().for_each(|value| *value = self.write.apply(*value));
        }
    }

    fn lend(&self, evaluate: impl FnOnce(&Curve<&[Key]>)) {
        let samples = self.samples.as_ref();
        let mut curve = Curve {
            keys: self.keys.as_slice(),
            extrapolation: self.extrapolation,
            integer: self.integer,
            discrete: self.discrete,
            modifiers: &[],
            samples: samples.map(|(first, values)| Samples { first: *first, values }),
        };
        if self.modifiers.is_empty() {
            return evaluate(&curve);
        }
        let modifiers: Vec<_> = self.modifiers.iter().map(OwnModifier::lend).collect();
        curve.modifiers = &modifiers;
        evaluate(&curve);
    }
}

/// Whether a modifier makes the same of the same value at every frame.
fn only_limits_values(modifier: &Modifier) -> bool {
    let limits = matches!(modifier.kind, Kind::Limits { min_x: None, max_x: None, .. });
    limits && modifier.range.is_none() && modifier.influence.is_none()
}

/// The value of a curve that is the same at every frame, if it can be seen from its keys.
pub(super) fn constant<K: Keys>(curve: &Curve<K>) -> Option<f32> {
    let level = |modifier: &Modifier| modifier.muted || only_limits_values(modifier);
    if !curve.modifiers.iter().all(level) || curve.samples.is_some() || curve.keys.is_empty() {
        return None;
    }
    let value = curve.keys.point(0)[1];
    let count = curve.keys.len();
    for index in 0..count {
        if curve.keys.point(index)[1].to_bits() != value.to_bits() {
            return None;
        }
        let key = curve.keys.get(index);
        let flat = match key.interpolation {
            interpolation::CONSTANT | interpolation::LINEAR => true,
            interpolation::BEZIER => {
                let level = |handle: [f32; 2]| handle[1].to_bits() == value.to_bits();
                let outer = curve.extrapolation == Extrapolation::Constant;
                let left = (index == 0 && outer) || level(key.handle_left);
                left && ((index + 1 == count && outer) || level(key.handle_right))
            }
            // Elastic easing swings even between equal values.
            _ => false,
        };
        // The left handle belongs to the segment of the key before.
        let bent = index > 0
            && curve.keys.get(index - 1).interpolation == interpolation::BEZIER
            && key.handle_left[1].to_bits() != value.to_bits();
        if !flat || bent {
            return None;
        }
    }
    Some(curve.evaluate(curve.keys.point(0)[0])).filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(frame: f32, value: f32, slope: f32, interpolation: u8) -> Key {
        Key {
            point: [frame, value],
            handle_left: [frame - 1.0, value - slope],
            handle_right: [frame + 1.0, value + slope],
            interpolation,
            ..bytemuck::Zeroable::zeroed()
        }
    }

    #[test]
    fn a_flat_curve_is_constant_and_a_bent_one_is_not() {
        let flat = [key(1.0, 2.5, 0.0, 2), key(9.0, 2.5, 0.0, 1), key(12.0, 2.5, 3.0, 0)];
        let mut curve = Curve::new(flat.as_slice());
        assert_eq!(constant(&curve), Some(2.5));
        curve.integer = true;
        assert_eq!(constant(&curve), Some(3.0));
        let bent = [key(1.0, 2.5, 0.0, 2), key(9.0, 2.5, 1.0, 2)];
        assert_eq!(constant(&Curve::new(bent.as_slice())), None);
        let single = [key(1.0, 2.5, 1.0, 2)];
        assert_eq!(constant(&Curve::new(single.as_slice())), Some(2.5));
        let mut rising = Curve::new(single.as_slice());
        rising.extrapolation = Extrapolation::Linear;
        assert_eq!(constant(&rising), None);
        assert_eq!(constant(&Curve::new([key(1.0, 2.5, 0.0, 7)].as_slice())), None);
        let limits = |min_x| Modifier {
            muted: false,
            influence: None,
            range: None,
            kind: Kind::Limits { min_x, max_x: None, min_y: Some(0.0), max_y: Some(1.0) },
        };
        let (of_value, of_frame) = ([limits(None)], [limits(Some(3.0))]);
        let mut limited = Curve::new(single.as_slice());
        limited.modifiers = &of_value;
        assert_eq!(constant(&limited), Some(1.0));
        limited.modifiers = &of_frame;
        assert_eq!(constant(&limited), None);
    }

    proptest! {
        #[test]
        fn what_is_called_constant_is(
            keys in prop::collection::vec((0u8..3, prop::bool::ANY, 0u8..13), 1..5),
            linear in prop::bool::ANY, frames in prop::collection::vec(-20f32..60.0, 8),
        ) {
            let mut at = 0.0;
            let keys: Vec<_> = keys.iter().map(|(step, steep, easing)| {
                at += f32::from(*step) * 3.0;
                key(at, 1.25, if *steep { 0.5 } else { 0.0 }, *easing)
            }).collect();
            let mut curve = Curve::new(keys.as_slice());
            if linear { curve.extrapolation = Extrapolation::Linear; }
            if let Some(value) = constant(&curve) {
                for frame in frames {
                    prop_assert_eq!(curve.evaluate(frame), value);
                }
            }
        }

        #[test]
        fn a_copy_gives_the_same_values(
            values in prop::collection::vec(-5f32..5.0, 1..6), frame in -5f32..40.0,
            coefficient in -2f32..2.0,
        ) {
            let keys: Vec<_> =
                values.iter().enumerate().map(|(i, v)| key(i as f32 * 6.0, *v, 0.3, 2)).collect();
            let kind = Kind::Generator {
                factorised: false, additive: true, coefficients: &[coefficient, 1.0],
            };
            let stack = [Modifier { muted: false, influence: None, range: None, kind }];
            let mut curve = Curve::new(keys.as_slice());
            for modifiers in [&stack[..0], &stack[..]] {
                curve.modifiers = modifiers;
                let mut out = [0.0];
                OwnCurve::new(&curve).evaluate(&[frame], &mut out);
                prop_assert_eq!(out[0], curve.evaluate(frame));
            }
        }
    }
}
