//! Curve modifiers: they change the frame at which keys are read, or the value read there.
//!
//! All arithmetic is float32 but the functions of [`Kind::Function`].

use super::key::Keys;
use super::noise;

/// One modifier of a curve's stack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modifier<'a> {
    /// Has no effect.
    pub muted: bool,
    /// How strong the effect is, 0..1; `None` = fully.
    pub influence: Option<f32>,
    /// The only frames where it has an effect; `None` = everywhere.
    pub range: Option<Range>,
    /// What it does.
    pub kind: Kind<'a>,
}

/// The frames that a modifier is restricted to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// First frame.
    pub start: f32,
    /// Last frame.
    pub end: f32,
    /// Frames after the start over which the effect grows from nothing.
    pub blend_in: f32,
    /// Frames before the end over which the effect shrinks to nothing.
    pub blend_out: f32,
}

/// What a modifier does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind<'a> {
    /// Repeats the keys before the first and after the last one. It has an effect only as the
    /// first of its stack.
    Cycles {
        /// Before the first key.
        before: Cycle,
        /// After the last key.
        after: Cycle,
    },
    /// Keeps frame and value inside limits; `None` = no limit.
    #[allow(missing_docs)]
    Limits { min_x: Option<f32>, max_x: Option<f32>, min_y: Option<f32>, max_y: Option<f32> },
    /// Holds the value for `step` frames at a time.
    Stepped {
        /// Frames that a value is held.
        step: f32,
        /// A frame at which a step begins.
        offset: f32,
        /// No effect before this frame.
        start: Option<f32>,
        /// No effect after this frame.
        end: Option<f32>,
    },
    /// A polynomial of the frame: the sum of `coefficients[i] * frame^i`, or, factorised, the
    /// product of `coefficients[2i] * frame + coefficients[2i + 1]`. Without effect below order 1.
    #[allow(missing_docs)]
    Generator { factorised: bool, additive: bool, coefficients: &'a [f32] },
    /// A function of the frame.
    Function(Wave),
    /// Moves the band `reference + default_min ..= reference + default_max` to the one between
    /// the control points.
    Envelope {
        /// Middle of the band.
        reference: f32,
        /// Lower edge, relative to the middle.
        default_min: f32,
        /// Upper edge, relative to the middle.
        default_max: f32,
        /// Frame, minimum, maximum of each control point, in ascending order of frame.
        points: &'a [[f32; 3]],
    },
    /// Adds gradient noise.
    Noise(Noise),
}

/// `amplitude * function(phase_multiplier * frame + phase_offset) + value_offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Wave {
    pub function: Function,
    pub additive: bool,
    pub amplitude: f32,
    pub phase_multiplier: f32,
    pub phase_offset: f32,
    pub value_offset: f32,
}

/// The settings of [`Kind::Noise`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Noise {
    pub blend: Blend,
    pub scale: f32,
    pub strength: f32,
    pub phase: f32,
    pub offset: f32,
    pub depth: u16,
    pub roughness: f32,
    pub lacunarity: f32,
}

/// How one side of a [`Kind::Cycles`] goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cycle {
    /// How the keys are repeated.
    pub mode: CycleMode,
    /// How many times; 0 = without end.
    pub count: i32,
}

/// How keys are repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CycleMode {
    /// Not at all.
    None,
    /// As they are.
    Repeat,
    /// Each time beginning where the last one ended.
    RepeatOffset,
    /// Forwards and backwards in turn.
    Mirror,
}

/// The functions of [`Kind::Function`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Tangent.
    Tan,
    /// Square root, of positive arguments.
    Sqrt,
    /// Natural logarithm, of arguments above 1.
    Ln,
    /// `sin(pi x) / (pi x)`.
    Sinc,
}

/// How noise is put together with the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blend {
    /// `value + (noise - 1/2) * strength`
    Replace,
    /// `value + noise * strength`
    Add,
    /// `value - noise * strength`
    Subtract,
    /// `value * noise * strength`
    Multiply,
}

/// `b` by `factor`, the rest `a`; in this form because its rounding is Blender's.
fn lerp(a: f32, b: f32, factor: f32) -> f32 {
    factor * b + (1.0 - factor) * a
}

/// Frame at which to read the keys, and what [`Kind::Cycles`] will add to the value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// The frame.
    pub frame: f32,
    /// Value of the cycles passed.
    pub cycle_offset: f32,
}

/// The first pass: from the last modifier to the first, each changes the frame.
pub fn change_frame(stack: &[Modifier], keys: impl Keys, frame: f32) -> Timing {
    let mut timing = Timing { frame, cycle_offset: 0.0 };
    for (index, modifier) in stack.iter().enumerate().rev() {
        let Some(weight) = modifier.weight(timing.frame) else { continue };
        let t = timing.frame;
        let changed = match modifier.kind {
            Kind::Cycles { before, after } if index == 0 => {
                let cycled = cycle(before, after, keys, t);
                timing.cycle_offset = cycled.cycle_offset;
                cycled.frame
            }
            Kind::Limits { min_x, max_x, .. } => limit(t, min_x, max_x),
            Kind::Stepped { step, offset, start, end } => {
                // Outside, the frame is still mixed with itself by the weight, which rounds.
                if start.is_some_and(|s| t < s) || end.is_some_and(|e| t > e) {
                    t
                } else {
                    ((t - offset) / step).trunc() * step + offset
                }
            }
            _ => continue,
        };
        timing.frame = lerp(t, changed, weight);
    }
    timing
}

/// The second pass: from the first modifier to the last, each changes the value.
pub fn change_value(stack: &[Modifier], timing: Timing, mut value: f32) -> f32 {
    let t = timing.frame;
    for (index, modifier) in stack.iter().enumerate() {
        let Some(weight) = modifier.weight(t) else { continue };
        let changed = match modifier.kind {
            Kind::Cycles { .. } if index == 0 => Some(value + timing.cycle_offset),
            Kind::Cycles { .. } | Kind::Stepped { .. } => None,
            Kind::Limits { min_y, max_y, .. } => Some(limit(value, min_y, max_y)),
            Kind::Generator { factorised, additive, coefficients } => {
                polynomial(factorised, coefficients, t)
                    .map(|p| if additive { value + p } else { p })
            }
            Kind::Function(wave) => Some(wave.apply(t, value)),
            Kind::Envelope { reference, default_min, default_max, points } => envelope(points, t)
                .map(|(min, max)| {
                    let position =
                        (value - (reference + default_min)) / (default_max - default_min);
                    min + position * (max - min)
                }),
            Kind::Noise(noise) => Some(noise.apply(t, value)),
        };
        if let Some(changed) = changed {
            value = lerp(value, changed, weight);
        }
    }
    value
}

impl Modifier<'_> {
    /// How much of the effect there is at a frame; `None` = the modifier is skipped there.
    fn weight(&self, frame: f32) -> Option<f32> {
        if self.muted {
            return None;
        }
        let full = self.influence.unwrap_or(1.0);
        let Some(Range { start, end, blend_in, blend_out }) = self.range else {
            return Some(full);
        };
        if frame < start || frame > end {
            return None;
        }
        if blend_in != 0.0 && frame <= start + blend_in {
            let grown = start + blend_in;
            return Some(full * (frame - start) / (grown - start));
        }
        if blend_out != 0.0 && frame >= end - blend_out {
            let full_until = end - blend_out;
            return Some(full * (frame - end) / (full_until - end));
        }
        Some(full)
    }
}

fn limit(x: f32, min: Option<f32>, max: Option<f32>) -> f32 {
    let x = if min.is_some_and(|min| x < min) { min.unwrap_or(x) } else { x };
    if max.is_some_and(|max| x > max) { max.unwrap_or(x) } else { x }
}

/// The frame inside the keys that repeats at `t`, and the value of the cycles between.
fn cycle(before: Cycle, after: Cycle, keys: impl Keys, t: f32) -> Timing {
    let unchanged = Timing { frame: t, cycle_offset: 0.0 };
    let Some(last) = keys.len().checked_sub(1) else { return unchanged };
    let ([x0, y0], [x1, y1]) = (keys.point(0), keys.point(last));
    let (side, cycle, origin) = if t < x0 {
        (-1.0, before, x0)
    } else if t > x1 {
        (1.0, after, x1)
    } else {
        return unchanged;
    };
    let (dx, dy) = (x1 - x0, y1 - y0);
    if cycle.mode == CycleMode::None || dx == 0.0 {
        return unchanged;
    }
    let cycles = side * (t - origin) / dx;
    if cycle.count != 0 && cycles > cycle.count as f32 {
        return unchanged;
    }
    let part = (t - origin) % dx;
    let whole = (t - origin) / dx;
    let cycle_offset = match cycle.mode {
        CycleMode::RepeatOffset if side < 0.0 => dy * whole.floor(),
        CycleMode::RepeatOffset => dy * whole.ceil(),
        _ => 0.0,
    };
    let mirror = cycle.mode == CycleMode::Mirror;
    let odd = |n: f32| mirror && n as i64 % 2 != 0;
    let frame = if part == 0.0 {
        let at_end = (side > 0.0) != odd(cycles);
        if at_end { x1 } else { x0 }
    } else if odd(cycles + 1.0) {
        if side < 0.0 { x0 - part } else { x1 - part }
    } else {
        x0 + part
    };
    let frame = if frame < x0 { frame + dx } else { frame };
    Timing { frame, cycle_offset }
}

fn polynomial(factorised: bool, coefficients: &[f32], t: f32) -> Option<f32> {
    if coefficients.len() < 2 {
        return None;
    }
    if factorised {
        return Some(coefficients.chunks_exact(2).fold(1.0, |p, c| p * (c[0] * t + c[1])));
    }
    let (mut sum, mut power) = (0.0, 1.0);
    for c in coefficients {
        sum += c * power;
        power *= t;
    }
    Some(sum)
}

impl Function {
    fn at(self, x: f64) -> Option<f64> {
        match self {
            Self::Sin => Some(x.sin()),
            Self::Cos => Some(x.cos()),
            Self::Tan => Some(x.tan()),
            Self::Sqrt => (x > 0.0).then(|| x.sqrt()),
            Self::Ln => (x > 1.0).then(|| x.ln()),
            Self::Sinc if x.abs() < 1e-4 => Some(1.0),
            Self::Sinc => {
                let x = core::f64::consts::PI * x;
                Some(x.sin() / x)
            }
        }
    }
}

/// Minimum and maximum at a frame; `None` without control points.
fn envelope(points: &[[f32; 3]], t: f32) -> Option<(f32, f32)> {
    let (first, last) = (points.first()?, points.last()?);
    let edges = |p: &[f32; 3]| (p[1], p[2]);
    if t <= first[0] {
        return Some(edges(first));
    }
    if t >= last[0] {
        return Some(edges(last));
    }
    let next = points.partition_point(|p| p[0] <= t).clamp(1, points.len() - 1);
    let (a, b) = (points[next - 1], points[next]);
    let dx = b[0] - a[0];
    if dx == 0.0 {
        return Some(edges(&a));
    }
    let factor = (t - a[0]) / dx;
    Some((lerp(a[1], b[1], factor), lerp(a[2], b[2], factor)))
}

impl Wave {
    fn apply(&self, t: f32, value: f32) -> f32 {
        let argument = f64::from(self.phase_multiplier * t + self.phase_offset);
        let wave = self.function.at(argument);
        let wave = wave.map(|f| self.amplitude * f as f32 + self.value_offset);
        match (wave, self.additive) {
            (Some(wave), true) => value + wave,
            (Some(wave), false) => wave,
            // Still mixed with itself by the weight, which rounds.
            (None, true) => value,
            (None, false) => 0.0,
        }
    }
}

impl Noise {
    fn apply(&self, t: f32, value: f32) -> f32 {
        /// Away from 0, where every octave has a lattice point and the noise vanishes.
        const SHIFT: f32 = 0.618_034;
        let per_frame = if self.scale == 0.0 { 0.0 } else { 1.0 / self.scale };
        let at = (t - self.offset) * per_frame + SHIFT;
        let noise = noise::fractal(at, self.phase, self.depth, self.roughness, self.lacunarity);
        match self.blend {
            Blend::Replace => value + (noise - 0.5) * self.strength,
            Blend::Add => value + noise * self.strength,
            Blend::Subtract => value - noise * self.strength,
            Blend::Multiply => value * noise * self.strength,
        }
    }
}

#[cfg(test)]
#[path = "modifiers_tests.rs"]
mod tests;
