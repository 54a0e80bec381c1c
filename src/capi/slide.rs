//! The pose slides of the header.

use super::args::{Args, view};
use super::guard;
use super::text::Texts;
use super::views::{LimberPose, check_modes, rules};
use crate::curve_index::{BoneTable, Recent, class};
use crate::error::{Error, Result};
use crate::rotation::RotationMode;
use crate::slide::{self, Samples, Settings, Slide, ValueKind};
use core::ffi::c_char;

/// `property`: none that a slide knows.
pub const LIMBER_PROPERTY_NONE: u8 = 0;
/// `property`: location.
pub const LIMBER_PROPERTY_LOCATION: u8 = 1;
/// `property`: rotation_quaternion.
pub const LIMBER_PROPERTY_ROTATION_QUATERNION: u8 = 2;
/// `property`: rotation_euler.
pub const LIMBER_PROPERTY_ROTATION_EULER: u8 = 3;
/// `property`: rotation_axis_angle.
pub const LIMBER_PROPERTY_ROTATION_AXIS_ANGLE: u8 = 4;
/// `property`: scale.
pub const LIMBER_PROPERTY_SCALE: u8 = 5;
/// `property`: bbone_curveinx.
pub const LIMBER_PROPERTY_BBONE_CURVEINX: u8 = 6;
/// `property`: bbone_curveinz.
pub const LIMBER_PROPERTY_BBONE_CURVEINZ: u8 = 7;
/// `property`: bbone_curveoutx.
pub const LIMBER_PROPERTY_BBONE_CURVEOUTX: u8 = 8;
/// `property`: bbone_curveoutz.
pub const LIMBER_PROPERTY_BBONE_CURVEOUTZ: u8 = 9;
/// `property`: bbone_rollin.
pub const LIMBER_PROPERTY_BBONE_ROLLIN: u8 = 10;
/// `property`: bbone_rollout.
pub const LIMBER_PROPERTY_BBONE_ROLLOUT: u8 = 11;
/// `property`: bbone_easein.
pub const LIMBER_PROPERTY_BBONE_EASEIN: u8 = 12;
/// `property`: bbone_easeout.
pub const LIMBER_PROPERTY_BBONE_EASEOUT: u8 = 13;
/// `property`: bbone_scalein.
pub const LIMBER_PROPERTY_BBONE_SCALEIN: u8 = 14;
/// `property`: bbone_scaleout.
pub const LIMBER_PROPERTY_BBONE_SCALEOUT: u8 = 15;
/// `property`: a custom property.
pub const LIMBER_PROPERTY_CUSTOM: u8 = 16;

/// Class of channels: location.
pub const LIMBER_CHANNEL_LOCATION: u8 = 1;
/// Class of channels: rotation.
pub const LIMBER_CHANNEL_ROTATION: u8 = 2;
/// Class of channels: scale.
pub const LIMBER_CHANNEL_SCALE: u8 = 4;
/// Class of channels: bendy-bone properties.
pub const LIMBER_CHANNEL_BBONE: u8 = 8;
/// Class of channels: custom properties.
pub const LIMBER_CHANNEL_CUSTOM: u8 = 16;
/// All classes of channels.
pub const LIMBER_CHANNEL_ALL: u8 = 31;

/// `axis`: all of them.
pub const LIMBER_AXIS_ALL: u8 = 0;
/// `axis`: X alone.
pub const LIMBER_AXIS_X: u8 = 1;
/// `axis`: Y alone.
pub const LIMBER_AXIS_Y: u8 = 2;
/// `axis`: Z alone.
pub const LIMBER_AXIS_Z: u8 = 3;

/// `kind`: a float.
pub const LIMBER_VALUE_FLOAT: u8 = 0;
/// `kind`: an integer, results are truncated towards zero.
pub const LIMBER_VALUE_INT: u8 = 1;
/// `kind`: a boolean, every result but 0 is 1.
pub const LIMBER_VALUE_BOOL: u8 = 2;

/// `slide`: between the poses at the two frames.
pub const LIMBER_SLIDE_BREAKDOWN: u32 = 0;
/// `slide`: away from the breakdown pose.
pub const LIMBER_SLIDE_PUSH: u32 = 1;
/// `slide`: towards the breakdown pose.
pub const LIMBER_SLIDE_RELAX: u32 = 2;
/// `slide`: towards the pose at one of the two frames.
pub const LIMBER_SLIDE_BLEND_TO_NEIGHBOR: u32 = 3;
/// `slide`: towards the rest pose.
pub const LIMBER_SLIDE_BLEND_WITH_REST: u32 = 4;

/// How far a slide goes, between which frames, and what takes part.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberSlide {
    /// sizeof(LimberSlide)
    pub struct_size: usize,
    /// 0 to 1; outside it extrapolates
    pub factor: f32,
    /// the current frame, scene time
    pub frame: f32,
    /// the frame of the values `previous`, scene time
    pub previous_frame: f32,
    /// the frame of the values `next`, scene time; not equal to previous_frame for push and relax
    pub next_frame: f32,
    /// LIMBER_RULES_*
    pub rules: u32,
    /// OR of LIMBER_CHANNEL_*: what is moved; 0 = LIMBER_CHANNEL_ALL
    pub channels: u8,
    /// LIMBER_AXIS_*: limits location, Euler angles and scale
    pub axis: u8,
    /// 0
    pub reserved: [u8; 2],
}
view!(LimberSlide, reserved: [u8; 2]);

/// F-curves of a pose, each sampled at the frames of a slide. Every array has curve_count
/// elements but `classes`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberSamples {
    /// sizeof(LimberSamples)
    pub struct_size: usize,
    /// number of curves
    pub curve_count: usize,
    /// index of the bone, below bone_count
    pub bone: *const u32,
    /// LIMBER_PROPERTY_*; LIMBER_PROPERTY_NONE and _CUSTOM are skipped
    pub property: *const u8,
    /// x y z = 0 1 2; w x y z or angle x y z = 0 1 2 3; others are skipped
    pub component: *const u32,
    /// value at previous_frame
    pub previous: *const f32,
    /// value at next_frame
    pub next: *const f32,
    /// value at the current frame; NULL = the channel's own value. Only
    /// limber_blend_to_neighbor by the rules of Blender 4.5 reads it
    pub current: *const f32,
    /// bone_count: OR of LIMBER_CHANNEL_* of the bone's curves, a class without curves takes no
    /// part; NULL = worked out from bone and property
    pub classes: *const u8,
}
view!(LimberSamples, classes: *const u8);

/// Find out which bone and which property each F-curve animates, from the curves' data paths.
///
/// paths, paths_size  curve_count texts, each with a terminating 0, in paths_size bytes
/// names, names_size  bone_count bone names likewise, UTF-8, not escaped
/// rules              LIMBER_RULES_*: Blender 5.2 wants `pose.bones["NAME"]` at the start of the
///                    path and an exact property behind it, Blender 4.5 takes the first of a few
///                    words found anywhere behind the bone
/// bone               out, curve_count: index of the bone, UINT32_MAX = no bone of the table
/// property           out, curve_count: LIMBER_PROPERTY_*; may be NULL
/// channel            out, curve_count: one LIMBER_CHANNEL_*, or 0 = takes no part in slides;
///                    may be NULL
/// rest               out, curve_count: bytes of the path up to the end of the bone's `]`, where
///                    a custom property's `["…"]` begins; 0 without a bone; may be NULL
///
/// Names in paths are escaped as Blender does it. Linear in the size of both texts.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (fewer texts than said), _BAD_VALUE, _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_curve_index(
    paths: *const c_char,
    paths_size: usize,
    curve_count: usize,
    names: *const c_char,
    names_size: usize,
    bone_count: usize,
    rules: u32,
    bone: *mut u32,
    property: *mut u8,
    channel: *mut u8,
    rest: *mut u32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        let rules = self::rules(rules)?;
        // SAFETY: the pointers hold what the comment above says.
        let (paths, names, bone, mut property, mut channel, mut rest) = unsafe {
            (
                Texts::from_c(&mut args, "paths", paths, paths_size, curve_count)?,
                Texts::from_c(&mut args, "names", names, names_size, bone_count)?,
                args.need_mut("bone", bone, curve_count)?,
                args.output("property", property, curve_count)?,
                args.output("channel", channel, curve_count)?,
                args.output("rest", rest, curve_count)?,
            )
        };
        let table = BoneTable::new(names.iter(), rules);
        let mut recent = Recent::default();
        for (i, path) in paths.iter().enumerate() {
            let entry = table.look_up_after(path, &mut recent);
            bone[i] = entry.bone.unwrap_or(u32::MAX);
            if let Some(property) = &mut property {
                property[i] = entry.property as u8;
            }
            if let Some(channel) = &mut channel {
                channel[i] = entry.class;
            }
            if let Some(rest) = &mut rest {
                rest[i] = entry.rest;
            }
        }
        Ok(())
    })
}

/// Choose the curves that a slide moves, among those that limber_curve_index() has placed.
///
/// bone, property, channel  curve_count, as limber_curve_index() gives them
/// component                curve_count, as in LimberSamples; may be NULL
/// mask                     bone_count bytes: the bones that take part; NULL = all of them
/// rotation_mode            bone_count, LIMBER_ROTATION_*; NULL = quaternion: curves of another
///                          representation are not chosen
/// channels                 OR of LIMBER_CHANNEL_*: curves of other classes are not chosen;
///                          0 = LIMBER_CHANNEL_ALL
/// classes                  out, bone_count: `classes` of LimberSamples
/// chosen                   out, up to curve_count: curves that move channels, ascending
/// chosen_count             out, their number
/// chosen_bone, chosen_property, chosen_component
///                          out, up to curve_count: the three arrays of LimberSamples, one for
///                          each chosen curve; chosen_component is NULL where component is
/// custom                   out, up to curve_count: curves of custom properties, ascending
/// custom_count             out, their number
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_choose_curves(
    bone: *const u32,
    property: *const u8,
    channel: *const u8,
    component: *const u32,
    curve_count: usize,
    mask: *const u8,
    rotation_mode: *const i32,
    bone_count: usize,
    channels: u8,
    classes: *mut u8,
    chosen: *mut u32,
    chosen_count: *mut usize,
    chosen_bone: *mut u32,
    chosen_property: *mut u8,
    chosen_component: *mut u32,
    custom: *mut u32,
    custom_count: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        let (n, bones) = (curve_count, bone_count);
        // SAFETY: the pointers hold what the comment above says.
        unsafe {
            let bone = args.need("bone", bone, n)?;
            let property = args.need("property", property, n)?;
            let channel = args.need("channel", channel, n)?;
            let component = args.input("component", component, n)?;
            let mask = args.input("mask", mask, bones)?;
            let modes = args.input("rotation_mode", rotation_mode, bones)?;
            if let Some(modes) = modes {
                check_modes("rotation_mode", modes)?;
            }
            let classes = args.need_mut("classes", classes, bones)?;
            let chosen = args.need_mut("chosen", chosen, n)?;
            let chosen_count = args.need_mut("chosen_count", chosen_count, 1)?;
            let chosen_bone = args.need_mut("chosen_bone", chosen_bone, n)?;
            let chosen_property = args.need_mut("chosen_property", chosen_property, n)?;
            let mut chosen_component = args.output("chosen_component", chosen_component, n)?;
            if component.is_some() != chosen_component.is_some() && n > 0 {
                return Err(Error::NullPointer("one of component and chosen_component"));
            }
            let custom = args.need_mut("custom", custom, n)?;
            let custom_count = args.need_mut("custom_count", custom_count, 1)?;
            let result = slide::choose(
                bone,
                property,
                channel,
                bones,
                |bone| mask.is_none_or(|mask| mask[bone] != 0),
                |bone| modes.and_then(|m| RotationMode::from_number(m[bone])).unwrap_or_default(),
                channel_bits(channels)?,
            );
            classes.copy_from_slice(&result.classes);
            chosen_count[0] = result.channels.len();
            custom_count[0] = result.custom.len();
            custom[..result.custom.len()].copy_from_slice(&result.custom);
            for (k, &curve) in result.channels.iter().enumerate() {
                chosen[k] = curve;
                chosen_bone[k] = bone[curve as usize];
                chosen_property[k] = property[curve as usize];
                if let (Some(out), Some(component)) = (&mut chosen_component, component) {
                    out[k] = component[curve as usize];
                }
            }
        }
        Ok(())
    })
}

/// 0 stands for all classes.
pub(super) fn channel_bits(channels: u8) -> Result<u8> {
    match channels {
        0 => Ok(class::ALL),
        bits if bits & !class::ALL == 0 => Ok(bits),
        bits => Err(Error::BadValue {
            arg: "channels",
            value: bits.to_string(),
            why: "an OR of LIMBER_CHANNEL_*",
        }),
    }
}

fn slide_kind(number: u32) -> Result<Slide> {
    Ok(match number {
        LIMBER_SLIDE_BREAKDOWN => Slide::Breakdown,
        LIMBER_SLIDE_PUSH => Slide::Push,
        LIMBER_SLIDE_RELAX => Slide::Relax,
        LIMBER_SLIDE_BLEND_TO_NEIGHBOR => Slide::BlendToNeighbor,
        LIMBER_SLIDE_BLEND_WITH_REST => Slide::BlendWithRest,
        _ => {
            return Err(Error::BadValue {
                arg: "slide",
                value: number.to_string(),
                why: "not a LIMBER_SLIDE_*",
            });
        }
    })
}

fn settings(view: &LimberSlide, slide: Slide) -> Result<Settings> {
    let bad = |arg, value: String, why| Err(Error::BadValue { arg, value, why });
    if view.axis > LIMBER_AXIS_Z {
        return bad("axis", view.axis.to_string(), "not a LIMBER_AXIS_*");
    }
    if !view.factor.is_finite() {
        return bad("factor", view.factor.to_string(), "must be finite");
    }
    let weighted = matches!(slide, Slide::Push | Slide::Relax);
    if weighted && !(view.next_frame - view.previous_frame).is_normal() {
        return bad("next_frame", view.next_frame.to_string(), "must differ from previous_frame");
    }
    Ok(Settings {
        factor: view.factor,
        frame: view.frame,
        previous_frame: view.previous_frame,
        next_frame: view.next_frame,
        channels: channel_bits(view.channels)?,
        axis: view.axis.checked_sub(1),
        rules: rules(view.rules)?,
    })
}

/// Classes of the bones from their curves, where the caller gave none.
fn classes_of(samples: &Samples, bone_count: usize) -> Vec<u8> {
    use crate::curve_index::Property;
    let mut classes = vec![0; bone_count];
    for (bone, property) in samples.bone.iter().zip(samples.property) {
        classes[*bone as usize] |= Property::from_number(*property).map_or(0, Property::class);
    }
    classes
}

unsafe fn run(
    pose: *const LimberPose,
    samples: *const LimberSamples,
    slide: *const LimberSlide,
    kind: Slide,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the pointers hold what the header says of each view.
        unsafe {
            let settings = settings(&args.view(slide)?, kind)?;
            let mut pose = args.view(pose)?.slices(&mut args)?;
            let view = args.view(samples)?;
            let (n, bones) = (view.curve_count, pose.bone_count);
            let mut samples = Samples {
                bone: args.need("bone", view.bone, n)?,
                property: args.need("property", view.property, n)?,
                classes: args.input("classes", view.classes, bones)?.unwrap_or_default(),
                ..Samples::default()
            };
            if kind != Slide::BlendWithRest {
                samples.component = args.need("component", view.component, n)?;
                samples.previous = args.need("previous", view.previous, n)?;
                samples.next = args.need("next", view.next, n)?;
                samples.current = args.input("current", view.current, n)?.unwrap_or_default();
            }
            check_samples(&samples, bones)?;
            let own;
            if view.classes.is_null() {
                own = classes_of(&samples, bones);
                samples.classes = &own;
            }
            slide::slide(&mut pose, &samples, kind, &settings);
        }
        Ok(())
    })
}

fn check_samples(samples: &Samples, bone_count: usize) -> Result<()> {
    if let Some(index) = samples.bone.iter().position(|b| *b as usize >= bone_count) {
        return Err(Error::BadElement {
            arg: "bone",
            index,
            value: samples.bone[index].to_string(),
            why: "not below bone_count",
        });
    }
    match samples.property.iter().position(|p| *p > LIMBER_PROPERTY_CUSTOM) {
        None => Ok(()),
        Some(index) => Err(Error::BadElement {
            arg: "property",
            index,
            value: samples.property[index].to_string(),
            why: "not a LIMBER_PROPERTY_*",
        }),
    }
}

/// Move a pose between its poses at two frames (Blender's Pose Breakdowner).
///
/// pose     in/out; NULL arrays are left out. A rotation is moved in the representation that the
///          bone's rotation_mode names; axis-angle ones are not moved
/// samples  the curves of the bones that take part, sampled at both frames
/// slide    how far and what
///
/// Location, scale, Euler angles and bendy-bone values: lerp(previous, next, factor), component
/// by component. Quaternions: slerp of the normalised ends; by the rules of Blender 4.5 only with
/// all four curves, and with the length that the quaternion had.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP; on error
/// pose is untouched. Linear in bones and curves, on the caller's thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_breakdown(
    pose: *const LimberPose,
    samples: *const LimberSamples,
    slide: *const LimberSlide,
) -> i32 {
    // SAFETY: passed on from the caller.
    unsafe { run(pose, samples, slide, Slide::Breakdown) }
}

/// Move a pose away from its breakdown pose at the current frame (Push Pose from Breakdown).
///
/// With b = lerp(previous, next, (frame - previous_frame) / (next_frame - previous_frame)), each
/// component v becomes v - factor*(b - v); quaternions likewise by slerp.
/// Arguments and errors as limber_breakdown(); previous_frame = next_frame is _BAD_VALUE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_push(
    pose: *const LimberPose,
    samples: *const LimberSamples,
    slide: *const LimberSlide,
) -> i32 {
    // SAFETY: passed on from the caller.
    unsafe { run(pose, samples, slide, Slide::Push) }
}

/// Move a pose towards its breakdown pose at the current frame (Relax Pose to Breakdown).
///
/// As limber_push() with the other sign: v + factor*(b - v).
/// Arguments and errors as limber_push().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_relax(
    pose: *const LimberPose,
    samples: *const LimberSamples,
    slide: *const LimberSlide,
) -> i32 {
    // SAFETY: passed on from the caller.
    unsafe { run(pose, samples, slide, Slide::Relax) }
}

/// Move a pose towards that at the previous frame (factor below 0.5) or the next (Blend to
/// Neighbor).
///
/// With g = |2*factor - 1|: v + g*(s - v), where s is the value at that frame; by the rules of
/// Blender 4.5 lerp(current, s, g) from the curves' value at the current frame.
/// Arguments and errors as limber_breakdown(). Only the side that the factor names is read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_blend_to_neighbor(
    pose: *const LimberPose,
    samples: *const LimberSamples,
    slide: *const LimberSlide,
) -> i32 {
    // SAFETY: passed on from the caller.
    unsafe { run(pose, samples, slide, Slide::BlendToNeighbor) }
}

/// Move a pose towards, or away from, the rest pose (Blend Pose with Rest Pose).
///
/// v + factor*(rest - v) for each component of a class that the bone has curves of, whether or
/// not the component has one; rest is 0, or 1 for scale. Quaternions: slerp to (1, 0, 0, 0), by
/// the rules of Blender 4.5 component by component. Axis-angle by way of quaternions. Bendy-bone
/// values are left alone, as in Blender. Frames and values of the samples are not read.
/// Arguments and errors as limber_breakdown().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_blend_with_rest(
    pose: *const LimberPose,
    samples: *const LimberSamples,
    slide: *const LimberSlide,
) -> i32 {
    // SAFETY: passed on from the caller.
    unsafe { run(pose, samples, slide, Slide::BlendWithRest) }
}

/// Slide plain numbers, such as the values of custom properties.
///
/// values          in/out, value_count; integers and booleans as floats
/// kind            value_count LIMBER_VALUE_*; NULL = all floats
/// previous, next  value_count: values of the curves at the two frames
/// current         value_count, as in LimberSamples; may be NULL
/// kind_of_slide   LIMBER_SLIDE_*; LIMBER_SLIDE_BLEND_WITH_REST leaves values as they are
/// slide           how far; channels and axis are not looked at
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_slide_values(
    values: *mut f32,
    kind: *const u8,
    previous: *const f32,
    next: *const f32,
    current: *const f32,
    value_count: usize,
    kind_of_slide: u32,
    slide: *const LimberSlide,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        let n = value_count;
        let which = slide_kind(kind_of_slide)?;
        // SAFETY: the pointers hold what the comment above says.
        let (view, values, kinds, previous, next, current) = unsafe {
            (
                args.view(slide)?,
                args.need_mut("values", values, n)?,
                args.input("kind", kind, n)?,
                args.need("previous", previous, n)?,
                args.need("next", next, n)?,
                args.input("current", current, n)?.unwrap_or_default(),
            )
        };
        let settings = settings(&view, which)?;
        let kinds = match kinds {
            None => vec![ValueKind::Float; n],
            Some(numbers) => value_kinds(numbers)?,
        };
        slide::slide_values(values, &kinds, previous, next, current, which, &settings);
        Ok(())
    })
}

fn value_kinds(numbers: &[u8]) -> Result<Vec<ValueKind>> {
    let kind = |(index, number): (usize, &u8)| match *number {
        LIMBER_VALUE_FLOAT => Ok(ValueKind::Float),
        LIMBER_VALUE_INT => Ok(ValueKind::Int),
        LIMBER_VALUE_BOOL => Ok(ValueKind::Bool),
        other => Err(Error::BadElement {
            arg: "kind",
            index,
            value: other.to_string(),
            why: "not a LIMBER_VALUE_*",
        }),
    };
    numbers.iter().enumerate().map(kind).collect()
}
