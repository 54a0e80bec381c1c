//! Easing interpolations: the value between two keys that do not use handles.
//!
//! The formulas are Robert Penner's easing equations in Blender's arrangement. Everything is
//! float32 and in this order of operations: all but SINE, EXPO and ELASTIC (whose sin, cos and
//! exp2 come from the system) equal Blender's values bit by bit.

use super::key::{Key, easing, interpolation};
use core::f32::consts::PI;

/// Which end of a segment the effect is at.
#[derive(Clone, Copy, PartialEq)]
enum End {
    In,
    Out,
    Both,
}

/// A segment as the formulas want it.
#[derive(Clone, Copy)]
struct Segment {
    /// Frames since its first key.
    time: f32,
    /// Value at its first key.
    begin: f32,
    /// Value at its second key minus that at its first.
    change: f32,
    /// Frames between the keys, not 0.
    duration: f32,
}

/// The value `time` frames after `key`, on the way to `begin + change`, `duration` frames on.
///
/// `key.interpolation` must not be CONSTANT, LINEAR or BEZIER, which have no easing (the value
/// stays at `begin`). Frames of any unit; `duration` not 0.
pub fn ease(key: &Key, time: f32, begin: f32, change: f32, duration: f32) -> f32 {
    use interpolation as i;
    let s = Segment { time, begin, change, duration };
    let springy = matches!(key.interpolation, i::BACK | i::BOUNCE | i::ELASTIC);
    let end = match key.easing {
        easing::EASE_IN => End::In,
        easing::EASE_OUT => End::Out,
        easing::EASE_IN_OUT => End::Both,
        _ if springy => End::Out,
        _ => End::In,
    };
    match key.interpolation {
        i::QUAD => quad(s, end),
        i::CUBIC => odd_power::<3>(s, end),
        i::QUART => quart(s, end),
        i::QUINT => odd_power::<5>(s, end),
        i::SINE => sine(s, end),
        i::CIRC => circ(s, end),
        i::EXPO => expo(s, end),
        i::BACK => back(s, end, key.back),
        i::BOUNCE => bounce(s, end),
        i::ELASTIC => elastic(s, end, key.amplitude, key.period),
        _ => begin,
    }
}

impl Segment {
    /// 0 at the first key, 1 at the second.
    fn x(&self) -> f32 {
        self.time / self.duration
    }

    /// 0 at the first key, 2 at the second.
    fn z(&self) -> f32 {
        self.time / (self.duration / 2.0)
    }
}

fn quad(s: Segment, end: End) -> f32 {
    let Segment { begin: b, change: c, .. } = s;
    match end {
        End::In => c * s.x() * s.x() + b,
        End::Out => -c * s.x() * (s.x() - 2.0) + b,
        End::Both => {
            let z = s.z();
            if z < 1.0 {
                return c / 2.0 * z * z + b;
            }
            let z = z - 1.0;
            -c / 2.0 * (z * (z - 2.0) - 1.0) + b
        }
    }
}

/// `first * x * x ...` with N factors x, from the left.
fn times<const N: usize>(first: f32, x: f32) -> f32 {
    (0..N).fold(first, |product, _| product * x)
}

/// `x * x ...` with N factors, from the left.
fn power<const N: usize>(x: f32) -> f32 {
    (1..N).fold(x, |product, _| product * x)
}

/// CUBIC and QUINT.
fn odd_power<const N: usize>(s: Segment, end: End) -> f32 {
    let Segment { begin: b, change: c, .. } = s;
    match end {
        End::In => times::<N>(c, s.x()) + b,
        End::Out => c * (power::<N>(s.x() - 1.0) + 1.0) + b,
        End::Both => {
            let z = s.z();
            if z < 1.0 {
                return times::<N>(c / 2.0, z) + b;
            }
            c / 2.0 * (power::<N>(z - 2.0) + 2.0) + b
        }
    }
}

fn quart(s: Segment, end: End) -> f32 {
    let Segment { begin: b, change: c, .. } = s;
    match end {
        End::In => times::<4>(c, s.x()) + b,
        End::Out => -c * (power::<4>(s.x() - 1.0) - 1.0) + b,
        End::Both => {
            let z = s.z();
            if z < 1.0 {
                return times::<4>(c / 2.0, z) + b;
            }
            -c / 2.0 * (power::<4>(z - 2.0) - 2.0) + b
        }
    }
}

fn sine(s: Segment, end: End) -> f32 {
    let Segment { begin: b, change: c, .. } = s;
    match end {
        End::In => -c * (s.x() * (PI / 2.0)).cos() + c + b,
        End::Out => c * (s.x() * (PI / 2.0)).sin() + b,
        End::Both => -c / 2.0 * ((PI * s.time / s.duration).cos() - 1.0) + b,
    }
}

fn circ(s: Segment, end: End) -> f32 {
    let Segment { begin: b, change: c, .. } = s;
    match end {
        End::In => {
            let x = s.x();
            -c * ((1.0 - x * x).sqrt() - 1.0) + b
        }
        End::Out => {
            let x = s.x() - 1.0;
            c * (1.0 - x * x).sqrt() + b
        }
        End::Both => {
            let z = s.z();
            if z < 1.0 {
                return -c / 2.0 * ((1.0 - z * z).sqrt() - 1.0) + b;
            }
            let z = z - 2.0;
            c / 2.0 * ((1.0 - z * z).sqrt() + 1.0) + b
        }
    }
}

fn expo(s: Segment, end: End) -> f32 {
    // 2^-10 is where the bare exponential begins; scaled so that it begins at 0.
    const MIN: f32 = 0.0009765625;
    const SCALE: f32 = 1.0 / (1.0 - MIN);
    let Segment { time, begin: b, change: c, duration: d } = s;
    match end {
        _ if time == 0.0 => b,
        End::In => c * ((10.0 * (time / d - 1.0)).exp2() - MIN) * SCALE + b,
        End::Out => c * (1.0 - ((-10.0 * time / d).exp2() - MIN) * SCALE) + b,
        End::Both => {
            let (half, change) = (d / 2.0, c / 2.0);
            if time <= half {
                return expo(Segment { time, begin: b, change, duration: half }, End::In);
            }
            let second = Segment { time: time - half, begin: b + change, change, duration: half };
            expo(second, End::Out)
        }
    }
}

fn back(s: Segment, end: End, overshoot: f32) -> f32 {
    let Segment { begin: b, change: c, .. } = s;
    let o = overshoot;
    match end {
        End::In => {
            let x = s.x();
            c * x * x * ((o + 1.0) * x - o) + b
        }
        End::Out => {
            let x = s.x() - 1.0;
            c * (x * x * ((o + 1.0) * x + o) + 1.0) + b
        }
        End::Both => {
            let o = o * 1.525;
            let z = s.z();
            if z < 1.0 {
                return c / 2.0 * (z * z * ((o + 1.0) * z - o)) + b;
            }
            let z = z - 2.0;
            c / 2.0 * (z * z * ((o + 1.0) * z + o) + 2.0) + b
        }
    }
}

fn bounce_out(time: f32, b: f32, c: f32, d: f32) -> f32 {
    let x = time / d;
    let (x, height) = if x < 1.0 / 2.75 {
        return c * (7.5625 * x * x) + b;
    } else if x < 2.0 / 2.75 {
        (x - 1.5 / 2.75, 0.75)
    } else if x < 2.5 / 2.75 {
        (x - 2.25 / 2.75, 0.9375)
    } else {
        (x - 2.625 / 2.75, 0.984375)
    };
    c * ((7.5625 * x) * x + height) + b
}

fn bounce_in(time: f32, b: f32, c: f32, d: f32) -> f32 {
    c - bounce_out(d - time, 0.0, c, d) + b
}

fn bounce(s: Segment, end: End) -> f32 {
    let Segment { time, begin: b, change: c, duration: d } = s;
    match end {
        End::In => bounce_in(time, b, c, d),
        End::Out => bounce_out(time, b, c, d),
        End::Both if time < d / 2.0 => bounce_in(time * 2.0, 0.0, c, d) * 0.5 + b,
        End::Both => bounce_out(time * 2.0 - d, 0.0, c, d) * 0.5 + c * 0.5 + b,
    }
}

/// The wave of ELASTIC at `theta` (in durations from where it is strongest), without its sign.
struct Spring {
    amplitude: f32,
    shift: f32,
    period: f32,
    fade: f32,
}

impl Spring {
    /// An amplitude below the change of value cannot overshoot: the wave then follows the change
    /// and fades in by the given amplitude.
    fn new(theta: f32, s: &Segment, amplitude: f32, period: f32) -> Self {
        let (c, d) = (s.change, s.duration);
        if amplitude != 0.0 && amplitude >= c.abs() {
            let shift = period / (2.0 * PI) * (c / amplitude).asin();
            return Self { amplitude, shift, period, fade: 1.0 };
        }
        let shift = period / 4.0;
        let mut fade = 1.0;
        if c != 0.0 {
            fade = if amplitude == 0.0 { 0.0 } else { amplitude / c.abs() };
            let (at, limit) = ((theta * d).abs(), shift.abs());
            if at < limit {
                let l = at / limit;
                fade = fade * l + (1.0 - l);
            }
        }
        Self { amplitude: c, shift, period, fade }
    }

    fn wave(&self, theta: f32, duration: f32) -> f32 {
        let angle = (theta * duration - self.shift) * (2.0 * PI) / self.period;
        self.fade * (self.amplitude * (10.0 * theta).exp2() * angle.sin())
    }
}

fn elastic(s: Segment, end: End, amplitude: f32, period: f32) -> f32 {
    let Segment { time, begin: b, change: c, duration: d } = s;
    if time == 0.0 {
        return b;
    }
    let (x, last) = match end {
        End::Both => (s.z(), 2.0),
        _ => (s.x(), 1.0),
    };
    if x == last {
        return b + c;
    }
    let period = match end {
        _ if period != 0.0 => period,
        End::Both => d * (0.3 * 1.5),
        _ => d * 0.3,
    };
    let theta = if end == End::Out { -x } else { x - 1.0 };
    let spring = Spring::new(theta, &s, amplitude, period);
    match end {
        End::In => -spring.wave(theta, d) + b,
        End::Out => spring.wave(theta, d) + c + b,
        End::Both if theta < 0.0 => -0.5 * spring.wave(theta, d) + b,
        End::Both => 0.5 * spring.wave(-theta, d) + c + b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytemuck::Zeroable;
    use proptest::prelude::*;

    const EASED: [u8; 10] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    fn key(interpolation: u8, easing: u8) -> Key {
        Key { interpolation, easing, back: 1.70158, amplitude: 0.8, period: 4.1, ..Key::zeroed() }
    }

    proptest! {
        #[test]
        fn every_easing_begins_and_ends_at_its_keys(
            kind in prop::sample::select(&EASED[..]), easing in 0u8..4,
            b in -100f32..100.0, c in -100f32..100.0, d in 0.01f32..1000.0,
        ) {
            let key = key(kind, easing);
            prop_assert!((ease(&key, 0.0, b, c, d) - b).abs() <= 1e-4 * c.abs().max(1.0));
            prop_assert!((ease(&key, d, b, c, d) - (b + c)).abs() <= 1e-4 * c.abs().max(1.0));
        }

        #[test]
        fn easing_out_is_easing_in_turned_round(
            kind in prop::sample::select(&EASED[..]), x in 0.001f32..0.999,
            c in 0.5f32..2.0, d in 1f32..100.0,
        ) {
            let there = ease(&key(kind, easing::EASE_IN), x * d, 0.0, c, d);
            let back = ease(&key(kind, easing::EASE_OUT), d - x * d, 0.0, c, d);
            prop_assert!((there + back - c).abs() < 2e-3, "{there} {back} {c}");
        }

        #[test]
        fn easing_at_both_ends_is_symmetric(
            kind in prop::sample::select(&EASED[..]), x in 0.001f32..0.999, d in 1f32..100.0,
        ) {
            let key = key(kind, easing::EASE_IN_OUT);
            let (a, b) = (ease(&key, x * d, 0.0, 1.0, d), ease(&key, d - x * d, 0.0, 1.0, d));
            prop_assert!((a + b - 1.0).abs() < 2e-3, "{a} {b}");
        }
    }

    #[test]
    fn middle_values_are_those_of_the_textbook() {
        let at = |kind, easing| ease(&key(kind, easing), 5.0, 0.0, 1.0, 10.0);
        assert_eq!(at(interpolation::QUAD, easing::EASE_IN), 0.25);
        assert_eq!(at(interpolation::CUBIC, easing::EASE_OUT), 0.875);
        assert_eq!(at(interpolation::QUART, easing::EASE_IN), 0.0625);
        assert_eq!(at(interpolation::QUINT, easing::EASE_IN), 0.03125);
        assert!((at(interpolation::SINE, easing::EASE_OUT) - 0.70710677).abs() < 1e-6);
        assert!((at(interpolation::CIRC, easing::EASE_IN) - 0.1339746).abs() < 1e-6);
        assert_eq!(at(interpolation::BOUNCE, easing::EASE_OUT), 0.765625);
        assert!((at(interpolation::EXPO, easing::EASE_IN) - 0.030303).abs() < 1e-5);
        assert!((at(interpolation::BACK, easing::EASE_IN) - -0.0876975).abs() < 1e-6);
    }

    #[test]
    fn automatic_easing_follows_the_interpolation() {
        for kind in EASED {
            let springy = [interpolation::BACK, interpolation::BOUNCE, interpolation::ELASTIC];
            let explicit = if springy.contains(&kind) { easing::EASE_OUT } else { easing::EASE_IN };
            let (a, b) = (key(kind, easing::AUTO), key(kind, explicit));
            assert_eq!(ease(&a, 3.0, 1.0, 2.0, 10.0), ease(&b, 3.0, 1.0, 2.0, 10.0));
        }
    }
}
