//! Curve modifiers across the boundary.

use super::args::{Args, view};
use crate::error::{Error, Result};
use crate::fcurve::modifiers::{
    Blend, Cycle, CycleMode, Function, Kind, Modifier, Noise, Range, Wave,
};

/// `type` of a modifier: polynomial of the frame.
pub const LIMBER_MODIFIER_GENERATOR: u32 = 1;
/// `type` of a modifier: sine, square root and the like of the frame.
pub const LIMBER_MODIFIER_FNGENERATOR: u32 = 2;
/// `type` of a modifier: moves a band of values to one that changes with the frame.
pub const LIMBER_MODIFIER_ENVELOPE: u32 = 3;
/// `type` of a modifier: repeats the keys.
pub const LIMBER_MODIFIER_CYCLES: u32 = 4;
/// `type` of a modifier: adds noise.
pub const LIMBER_MODIFIER_NOISE: u32 = 5;
/// `type` of a modifier: keeps frame and value inside limits.
pub const LIMBER_MODIFIER_LIMITS: u32 = 8;
/// `type` of a modifier: holds values for some frames at a time.
pub const LIMBER_MODIFIER_STEPPED: u32 = 9;

/// Modifier flag: has no effect.
pub const LIMBER_MODIFIER_FLAG_MUTED: u32 = 1;
/// Modifier flag: has an effect only from frame_start to frame_end.
pub const LIMBER_MODIFIER_FLAG_RESTRICTED_RANGE: u32 = 2;
/// Modifier flag: `influence` counts; without it the effect is full.
pub const LIMBER_MODIFIER_FLAG_INFLUENCE: u32 = 4;
/// Modifier flag, GENERATOR and FNGENERATOR: add to the value instead of replacing it.
pub const LIMBER_MODIFIER_FLAG_ADDITIVE: u32 = 8;
/// Modifier flag, LIMITS: min_x counts.
pub const LIMBER_MODIFIER_FLAG_MIN_X: u32 = 16;
/// Modifier flag, LIMITS: max_x counts.
pub const LIMBER_MODIFIER_FLAG_MAX_X: u32 = 32;
/// Modifier flag, LIMITS: min_y counts.
pub const LIMBER_MODIFIER_FLAG_MIN_Y: u32 = 64;
/// Modifier flag, LIMITS: max_y counts.
pub const LIMBER_MODIFIER_FLAG_MAX_Y: u32 = 128;
/// Modifier flag, STEPPED: step_start counts.
pub const LIMBER_MODIFIER_FLAG_STEP_START: u32 = 256;
/// Modifier flag, STEPPED: step_end counts.
pub const LIMBER_MODIFIER_FLAG_STEP_END: u32 = 512;
/// Modifier flag, NOISE: the noise of files from before Blender 4.4; not supported.
pub const LIMBER_MODIFIER_FLAG_LEGACY_NOISE: u32 = 1024;

/// One modifier of a curve; only the fields of its type (named at each) are looked at.
///
/// In an array of modifiers every one has the same struct_size, which is the distance from one
/// to the next.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberModifier {
    /// sizeof(LimberModifier)
    pub struct_size: usize,
    /// LIMBER_MODIFIER_*
    pub kind: u32,
    /// OR of LIMBER_MODIFIER_FLAG_*
    pub flags: u32,
    /// all types: strength of the effect, 0..1
    pub influence: f32,
    /// all types: first frame of the restricted range
    pub frame_start: f32,
    /// all types: last frame of the restricted range
    pub frame_end: f32,
    /// all types: frames over which the effect grows from nothing after frame_start
    pub blend_in: f32,
    /// all types: frames over which the effect shrinks to nothing before frame_end
    pub blend_out: f32,
    /// CYCLES: 0 none, 1 repeat, 2 repeat with offset, 3 mirrored
    pub mode_before: u32,
    /// CYCLES: as mode_before
    pub mode_after: u32,
    /// CYCLES: how many times; 0 = without end
    pub cycles_before: i32,
    /// CYCLES: how many times; 0 = without end
    pub cycles_after: i32,
    /// LIMITS: least frame
    pub min_x: f32,
    /// LIMITS: greatest frame
    pub max_x: f32,
    /// LIMITS: least value
    pub min_y: f32,
    /// LIMITS: greatest value
    pub max_y: f32,
    /// STEPPED: frames that a value is held
    pub step: f32,
    /// STEPPED: a frame at which a step begins
    pub step_offset: f32,
    /// STEPPED: no effect before this frame
    pub step_start: f32,
    /// STEPPED: no effect after this frame
    pub step_end: f32,
    /// GENERATOR: 0 = sum of values[i] * frame^i, 1 = product of values[2i] * frame + values[2i+1]
    pub generator_mode: u32,
    /// FNGENERATOR: 0 sin, 1 cos, 2 tan, 3 square root, 4 natural logarithm, 5 sin(pi x)/(pi x)
    pub function_type: u32,
    /// FNGENERATOR: amplitude * function(phase_multiplier * frame + phase_offset) + value_offset
    pub amplitude: f32,
    /// FNGENERATOR
    pub phase_multiplier: f32,
    /// FNGENERATOR
    pub phase_offset: f32,
    /// FNGENERATOR
    pub value_offset: f32,
    /// ENVELOPE: middle of the band
    pub reference_value: f32,
    /// ENVELOPE: lower edge, relative to the middle
    pub default_min: f32,
    /// ENVELOPE: upper edge, relative to the middle
    pub default_max: f32,
    /// NOISE: 0 replace, 1 add, 2 subtract, 3 multiply
    pub blend_type: u32,
    /// NOISE: frames a wave
    pub scale: f32,
    /// NOISE
    pub strength: f32,
    /// NOISE: another phase is another noise
    pub phase: f32,
    /// NOISE: frames by which the noise is shifted
    pub offset: f32,
    /// NOISE: frequency of an octave relative to the one before
    pub lacunarity: f32,
    /// NOISE: amplitude of an octave relative to the one before
    pub roughness: f32,
    /// NOISE: octaves beyond the first, 0..32767
    pub depth: i32,
    /// GENERATOR: coefficients; ENVELOPE: frame, minimum, maximum of each control point, in
    /// ascending order of frame
    pub values: *const f32,
    /// number of floats in values; a multiple of 3 for ENVELOPE
    pub value_count: usize,
}
view!(LimberModifier, value_count: usize);

fn bad(arg: &'static str, value: impl ToString, why: &'static str) -> Error {
    Error::BadValue { arg, value: value.to_string(), why }
}

fn cycle(arg: &'static str, mode: u32, count: i32) -> Result<Cycle> {
    let mode = match mode {
        0 => CycleMode::None,
        1 => CycleMode::Repeat,
        2 => CycleMode::RepeatOffset,
        3 => CycleMode::Mirror,
        _ => return Err(bad(arg, mode, "must be 0 to 3")),
    };
    Ok(Cycle { mode, count })
}

impl LimberModifier {
    /// # Safety
    /// `values` holds `value_count` floats.
    unsafe fn read<'a>(&self, args: &mut Args) -> Result<Modifier<'a>> {
        let has = |flag: u32| self.flags & flag != 0;
        if has(!(2 * LIMBER_MODIFIER_FLAG_LEGACY_NOISE - 1)) {
            return Err(bad("modifiers.flags", self.flags, "not an OR of LIMBER_MODIFIER_FLAG_*"));
        }
        // SAFETY: passed on from the caller.
        let kind = unsafe { self.kind(args)? };
        Ok(Modifier {
            muted: has(LIMBER_MODIFIER_FLAG_MUTED),
            influence: has(LIMBER_MODIFIER_FLAG_INFLUENCE).then_some(self.influence),
            range: has(LIMBER_MODIFIER_FLAG_RESTRICTED_RANGE).then_some(Range {
                start: self.frame_start,
                end: self.frame_end,
                blend_in: self.blend_in,
                blend_out: self.blend_out,
            }),
            kind,
        })
    }

    /// # Safety
    /// `values` holds `value_count` floats.
    unsafe fn kind<'a>(&self, args: &mut Args) -> Result<Kind<'a>> {
        let some = |flag: u32, value: f32| (self.flags & flag != 0).then_some(value);
        // SAFETY: passed on from the caller.
        let values = |args: &mut Args| unsafe {
            args.need("modifiers.values", self.values, self.value_count)
        };
        Ok(match self.kind {
            LIMBER_MODIFIER_CYCLES => Kind::Cycles {
                before: cycle("modifiers.mode_before", self.mode_before, self.cycles_before)?,
                after: cycle("modifiers.mode_after", self.mode_after, self.cycles_after)?,
            },
            LIMBER_MODIFIER_LIMITS => Kind::Limits {
                min_x: some(LIMBER_MODIFIER_FLAG_MIN_X, self.min_x),
                max_x: some(LIMBER_MODIFIER_FLAG_MAX_X, self.max_x),
                min_y: some(LIMBER_MODIFIER_FLAG_MIN_Y, self.min_y),
                max_y: some(LIMBER_MODIFIER_FLAG_MAX_Y, self.max_y),
            },
            LIMBER_MODIFIER_STEPPED => Kind::Stepped {
                step: self.step,
                offset: self.step_offset,
                start: some(LIMBER_MODIFIER_FLAG_STEP_START, self.step_start),
                end: some(LIMBER_MODIFIER_FLAG_STEP_END, self.step_end),
            },
            LIMBER_MODIFIER_GENERATOR if self.generator_mode > 1 => {
                let mode = self.generator_mode;
                return Err(bad("modifiers.generator_mode", mode, "must be 0 or 1"));
            }
            LIMBER_MODIFIER_GENERATOR => Kind::Generator {
                factorised: self.generator_mode == 1,
                additive: self.flags & LIMBER_MODIFIER_FLAG_ADDITIVE != 0,
                coefficients: values(args)?,
            },
            LIMBER_MODIFIER_FNGENERATOR => self.function()?,
            LIMBER_MODIFIER_ENVELOPE => {
                let points = bytemuck::try_cast_slice(values(args)?).map_err(|_| {
                    let why = "ENVELOPE has 3 floats a control point";
                    Error::BadSize { arg: "modifiers.value_count", value: self.value_count, why }
                })?;
                Kind::Envelope {
                    reference: self.reference_value,
                    default_min: self.default_min,
                    default_max: self.default_max,
                    points,
                }
            }
            LIMBER_MODIFIER_NOISE => self.noise()?,
            kind => return Err(Error::Unsupported { arg: "modifiers.kind", value: kind.into() }),
        })
    }

    fn function<'a>(&self) -> Result<Kind<'a>> {
        use Function::*;
        let function = [Sin, Cos, Tan, Sqrt, Ln, Sinc]
            .get(self.function_type as usize)
            .ok_or_else(|| bad("modifiers.function_type", self.function_type, "must be 0 to 5"))?;
        Ok(Kind::Function(Wave {
            function: *function,
            additive: self.flags & LIMBER_MODIFIER_FLAG_ADDITIVE != 0,
            amplitude: self.amplitude,
            phase_multiplier: self.phase_multiplier,
            phase_offset: self.phase_offset,
            value_offset: self.value_offset,
        }))
    }

    fn noise<'a>(&self) -> Result<Kind<'a>> {
        if self.flags & LIMBER_MODIFIER_FLAG_LEGACY_NOISE != 0 {
            let value = LIMBER_MODIFIER_FLAG_LEGACY_NOISE.into();
            return Err(Error::Unsupported { arg: "modifiers.flags", value });
        }
        let blend = [Blend::Replace, Blend::Add, Blend::Subtract, Blend::Multiply]
            .get(self.blend_type as usize)
            .ok_or_else(|| bad("modifiers.blend_type", self.blend_type, "must be 0 to 3"))?;
        let depth = u16::try_from(self.depth).ok().filter(|d| *d <= 32767);
        Ok(Kind::Noise(Noise {
            blend: *blend,
            scale: self.scale,
            strength: self.strength,
            phase: self.phase,
            offset: self.offset,
            depth: depth.ok_or_else(|| bad("modifiers.depth", self.depth, "must be 0 to 32767"))?,
            roughness: self.roughness,
            lacunarity: self.lacunarity,
        }))
    }
}

/// The `count` modifiers at `pointer`.
///
/// # Safety
/// The modifiers hold what the header says.
pub(crate) unsafe fn stack<'a>(
    args: &mut Args,
    pointer: *const LimberModifier,
    count: usize,
) -> Result<Vec<Modifier<'a>>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    // SAFETY: there is at least one modifier.
    let stride = unsafe { args.view(pointer)? }.struct_size;
    if count > 1 {
        if !stride.is_multiple_of(align_of::<LimberModifier>()) {
            return Err(Error::BadStructSize("LimberModifier", stride));
        }
        if stride.checked_mul(count).is_none_or(|bytes| bytes > isize::MAX as usize) {
            let why = "more than memory holds";
            return Err(Error::BadSize { arg: "modifier_count", value: count, why });
        }
    }
    let mut stack = Vec::new();
    for index in 0..count {
        // SAFETY: inside the array, whose records are `stride` bytes each.
        let modifier = unsafe { args.view(pointer.byte_add(stride * index))? };
        if modifier.struct_size != stride {
            return Err(Error::BadStructSize("LimberModifier", modifier.struct_size));
        }
        // SAFETY: passed on from the caller.
        stack.push(unsafe { modifier.read(args)? });
    }
    Ok(stack)
}
