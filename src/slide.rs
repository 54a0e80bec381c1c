//! The pose slides: breakdown, push, relax, blend to neighbour, blend with rest.
//!
//! Each moves the channels of a pose along what its F-curves say at two frames. The caller samples
//! the curves ([`Samples`]); a slide is then one linear pass over them. Arithmetic is `f32` in
//! Blender's order of operations, so that results agree to the last bit where `sin` and `acos` do.

use crate::Rules;
use crate::curve_index::{Property, class};
use crate::pose::PoseMut;
use crate::rotation::{RotationMode, quat_dot as dot, quat_mul, quat_normalized};

/// Which slide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slide {
    /// Between the poses at the two frames.
    Breakdown,
    /// Away from the breakdown pose.
    Push,
    /// Towards the breakdown pose.
    Relax,
    /// Towards the pose at the one frame (factor below 0.5) or the other.
    BlendToNeighbor,
    /// Towards the rest pose; needs no samples, only [`Samples::classes`].
    BlendWithRest,
}

/// How far, between which frames, and what takes part.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// 0 to 1, outside it extrapolates.
    pub factor: f32,
    /// The current frame in scene time.
    pub frame: f32,
    /// The frame of [`Samples::previous`] in scene time.
    pub previous_frame: f32,
    /// The frame of [`Samples::next`] in scene time.
    pub next_frame: f32,
    /// Which classes are moved: OR of [`class`].
    pub channels: u8,
    /// Moves only this axis (0 x, 1 y, 2 z) of location, Euler angles and scale.
    pub axis: Option<u8>,
    /// Whose behaviour.
    pub rules: Rules,
}

/// The curves of a pose, sampled; element `i` of each array is curve `i`.
#[derive(Clone, Copy, Default)]
pub struct Samples<'a> {
    /// Index of the bone.
    pub bone: &'a [u32],
    /// Number of a [`Property`]; custom properties are skipped, see [`slide_values`].
    pub property: &'a [u8],
    /// Component: x y z, w x y z or angle x y z; one that does not exist is skipped.
    pub component: &'a [u32],
    /// Value at the previous frame.
    pub previous: &'a [f32],
    /// Value at the next frame.
    pub next: &'a [f32],
    /// Value at the current frame; only Blender 4.5's blend to neighbour reads it.
    pub current: &'a [f32],
    /// OR of [`class`] of each bone's curves, one a bone: a class without a curve takes no part.
    pub classes: &'a [u8],
}

/// `t·b + (1−t)·a`, in this form.
fn lerp(a: f32, b: f32, t: f32) -> f32 {
    t * b + (1.0 - t) * a
}

impl Settings {
    /// Where the current frame lies between the two, 0 to 1 if it does.
    fn weight(&self) -> f32 {
        (self.frame - self.previous_frame) / (self.next_frame - self.previous_frame)
    }

    fn neighbor(&self) -> f32 {
        (2.0 * (self.factor - 0.5)).abs()
    }

    fn moves(&self, class: u8) -> bool {
        self.channels & class != 0
    }

    fn moves_axis(&self, component: usize) -> bool {
        self.axis.is_none_or(|axis| usize::from(axis) == component)
    }
}

/// The breakdown value at the current frame.
fn breakdown(s: &Settings, p: f32, n: f32) -> f32 {
    match s.rules {
        // Blender 4.5 divides for each side, so that the two weights need not add up to 1.
        Rules::Blender45 => {
            let rest = (s.next_frame - s.frame) / (s.next_frame - s.previous_frame);
            s.weight() * n + rest * p
        }
        Rules::Blender52 => lerp(p, n, s.weight()),
    }
}

/// One number: `v` now, `p` and `n` at the two frames, `c` by the curve at the current frame.
/// `v` moves towards a target by a share; `towards` is how that is rounded.
fn scalar(
    slide: Slide,
    s: &Settings,
    [v, p, n, c]: [f32; 4],
    towards: fn(f32, f32, f32) -> f32,
) -> f32 {
    let f = s.factor;
    match slide {
        Slide::Breakdown => lerp(p, n, f),
        Slide::Push => towards(v, breakdown(s, p, n), -f),
        Slide::Relax => towards(v, breakdown(s, p, n), f),
        Slide::BlendToNeighbor => {
            let target = if f < 0.5 { p } else { n };
            match s.rules {
                Rules::Blender45 => lerp(c, target, s.neighbor()),
                Rules::Blender52 => towards(v, target, s.neighbor()),
            }
        }
        Slide::BlendWithRest => v,
    }
}

/// How channels move: `v + (target − v)·share`.
fn add_share(v: f32, target: f32, share: f32) -> f32 {
    v + (target - v) * share
}

type Quaternion = [f32; 4];
const IDENTITY: Quaternion = [1.0, 0.0, 0.0, 0.0];

/// Unit quaternion and old length.
fn normalized(q: Quaternion) -> (Quaternion, f32) {
    (quat_normalized(q), dot(q, q).sqrt())
}

/// Spherical interpolation; the result takes the sign of `b`.
fn slerp(mut a: Quaternion, b: Quaternion, t: f32) -> Quaternion {
    let mut cosine = dot(a, b);
    if cosine < 0.0 {
        cosine = -cosine;
        a = a.map(|v| -v);
    }
    let (wa, wb) = if cosine < 1.0 - 1e-4 {
        let angle = cosine.acos();
        let sine = angle.sin();
        (((1.0 - t) * angle).sin() / sine, (t * angle).sin() / sine)
    } else {
        (1.0 - t, t)
    };
    core::array::from_fn(|i| wa * a[i] + wb * b[i])
}

/// A rotation by quaternion: `q` now, `p` and `n` at the two frames.
fn quaternion(
    slide: Slide,
    s: &Settings,
    q: Quaternion,
    p: Quaternion,
    n: Quaternion,
) -> Quaternion {
    let (p, n) = (quat_normalized(p), quat_normalized(n));
    let (unit, length) = normalized(q);
    let f = s.factor;
    // Blender 5.2 normalizes these ends twice, which may move the last bit.
    let end = |q: Quaternion| match s.rules {
        Rules::Blender45 => q,
        Rules::Blender52 => quat_normalized(q),
    };
    let breakdown_pose = || {
        let b = slerp(p, n, s.weight());
        match s.rules {
            Rules::Blender45 => b,
            // Far outside the two frames the linear branch of slerp leaves the unit sphere.
            Rules::Blender52 => quat_normalized(b),
        }
    };
    let result = match slide {
        Slide::Breakdown => slerp(end(p), end(n), f),
        Slide::Relax => slerp(unit, breakdown_pose(), f),
        Slide::Push => match s.rules {
            Rules::Blender45 => slerp(breakdown_pose(), unit, 1.0 + f),
            Rules::Blender52 => slerp(unit, breakdown_pose(), -f),
        },
        Slide::BlendToNeighbor => slerp(unit, end(if f < 0.5 { p } else { n }), s.neighbor()),
        Slide::BlendWithRest => return q,
    };
    match s.rules {
        // Blender 4.5 turns the old quaternion by the difference, so that it keeps its length.
        Rules::Blender45 if length > 1e-4 => quat_mul(q, quat_mul(inverse(unit), result)),
        _ => result,
    }
}

/// The inverse of a quaternion of almost unit length, rounded as Blender does.
fn inverse([w, x, y, z]: Quaternion) -> Quaternion {
    let scale = 1.0 / dot([w, x, y, z], [w, x, y, z]);
    [w, -x, -y, -z].map(|v| v * scale)
}

/// Moves location, rotation, scale and bendy-bone channels of a pose.
///
/// A bone takes part with the classes that `samples.classes` gives it; absent arrays of the pose
/// are left out. Formulas: Blender manual, *Pose sliding tools*; per component
/// `breakdown = lerp(p, n, f)`, `push/relax = v ∓ f·(b − v)` with the breakdown value `b` at the
/// current frame, `blend to neighbor = v + |2f − 1|·(s − v)`, `blend with rest = v + f·(rest − v)`.
pub fn slide(pose: &mut PoseMut, samples: &Samples, slide: Slide, settings: &Settings) {
    if slide == Slide::BlendWithRest {
        rest(pose, samples.classes, settings);
    } else {
        components(pose, samples, slide, settings);
        if settings.moves(class::ROTATION) {
            quaternions(pose, samples, slide, settings);
        }
    }
}

/// The number that a curve drives, if it is moved component by component and takes part.
fn target<'p>(
    pose: &'p mut PoseMut,
    bone: usize,
    property: Property,
    component: usize,
    settings: &Settings,
) -> Option<&'p mut f32> {
    use Property as P;
    let transform = matches!(property, P::Location | P::RotationEuler | P::Scale);
    if !settings.moves(property.class()) || (transform && !settings.moves_axis(component)) {
        return None;
    }
    if property == P::RotationEuler && !pose.mode(bone).is_euler() {
        return None;
    }
    let b = &mut pose.bbone;
    let vector = match property {
        P::Location => &mut pose.location,
        P::RotationEuler => &mut pose.rotation_euler,
        P::Scale => &mut pose.scale,
        P::BboneScaleIn => &mut b.scale_in,
        P::BboneScaleOut => &mut b.scale_out,
        _ => {
            let number = match property {
                P::BboneCurveInX => &mut b.curve_in_x,
                P::BboneCurveInZ => &mut b.curve_in_z,
                P::BboneCurveOutX => &mut b.curve_out_x,
                P::BboneCurveOutZ => &mut b.curve_out_z,
                P::BboneRollIn => &mut b.roll_in,
                P::BboneRollOut => &mut b.roll_out,
                P::BboneEaseIn => &mut b.ease_in,
                P::BboneEaseOut => &mut b.ease_out,
                _ => return None,
            };
            // Blender 4.5 applies every curve of a single number, whatever index it has.
            let counts = component == 0 || settings.rules == Rules::Blender45;
            return number.as_deref_mut().filter(|_| counts).map(|a| &mut a[bone]);
        }
    };
    vector.as_deref_mut()?[bone].get_mut(component)
}

/// How a property moves towards a target, as far as rounding goes: Blender 5.2 blends bendy-bone
/// properties as it does custom ones.
fn rounding(property: Property, rules: Rules) -> fn(f32, f32, f32) -> f32 {
    if rules == Rules::Blender52 && property.class() == class::BBONE { lerp } else { add_share }
}

fn components(pose: &mut PoseMut, samples: &Samples, slide: Slide, settings: &Settings) {
    let mut found = vec![0u16; samples.classes.len()];
    for (i, &bone) in samples.bone.iter().enumerate() {
        let bone = bone as usize;
        let Some(property) = Property::from_number(samples.property[i]) else { continue };
        if samples.classes[bone] & property.class() == 0 {
            continue;
        }
        let component = samples.component[i] as usize;
        if let Some(value) = target(pose, bone, property, component, settings) {
            let current = samples.current.get(i).copied().unwrap_or(*value);
            let numbers = [*value, samples.previous[i], samples.next[i], current];
            *value = scalar(slide, settings, numbers, rounding(property, settings.rules));
            if let Some(place) = VECTORS.iter().position(|vector| *vector == property) {
                found[bone] |= 1 << (3 * place + component);
            }
        }
    }
    if settings.rules == Rules::Blender52 {
        without_curves(pose, samples.classes, &found, slide, settings);
    }
}

/// The properties of three components that are moved one by one.
const VECTORS: [Property; 5] = [
    Property::Location,
    Property::RotationEuler,
    Property::Scale,
    Property::BboneScaleIn,
    Property::BboneScaleOut,
];

/// Moves the components without a curve beside those that have one, as Blender 5.2 does: their
/// value stands for its own at every frame, which may move its last bit.
///
/// `found` has a bit a component, three for each of [`VECTORS`].
fn without_curves(
    pose: &mut PoseMut,
    classes: &[u8],
    found: &[u16],
    slide: Slide,
    settings: &Settings,
) {
    for (bone, &found) in found.iter().enumerate() {
        for (place, &property) in VECTORS.iter().enumerate() {
            let present = (found >> (3 * place)) & 7;
            // Of bendy bones only the properties that have a curve take part.
            let absent = property.class() == class::BBONE && present == 0;
            if absent || present == 7 || classes[bone] & property.class() == 0 {
                continue;
            }
            for component in (0..3).filter(|component| present & (1 << component) == 0) {
                if let Some(value) = target(pose, bone, property, component, settings) {
                    let towards = rounding(property, settings.rules);
                    *value = scalar(slide, settings, [*value; 4], towards);
                }
            }
        }
    }
}

fn quaternions(pose: &mut PoseMut, samples: &Samples, slide: Slide, settings: &Settings) {
    let Some(values) = pose.rotation_quaternion.as_deref_mut() else { return };
    let modes = pose.rotation_mode.as_deref();
    let quaternion_mode =
        |bone: usize| modes.is_none_or(|m| m[bone] == RotationMode::Quaternion as i32);
    // A bone's four curves may lie anywhere in the list: collect the ends, then turn.
    let mut ends: Vec<(Quaternion, Quaternion, u8)> = values.iter().map(|q| (*q, *q, 0)).collect();
    for (i, &bone) in samples.bone.iter().enumerate() {
        let component = samples.component[i] as usize;
        if samples.property[i] == Property::RotationQuaternion as u8 && component < 4 {
            let end = &mut ends[bone as usize];
            end.0[component] = samples.previous[i];
            end.1[component] = samples.next[i];
            end.2 |= 1 << component;
        }
    }
    for (bone, (previous, next, found)) in ends.into_iter().enumerate() {
        let complete = match settings.rules {
            Rules::Blender45 => found == 15,
            // The current value stands in for a missing component, and for all of them.
            Rules::Blender52 => true,
        };
        if complete && samples.classes[bone] & class::ROTATION != 0 && quaternion_mode(bone) {
            values[bone] = quaternion(slide, settings, values[bone], previous, next);
        }
    }
}

fn rest(pose: &mut PoseMut, classes: &[u8], settings: &Settings) {
    let f = settings.factor;
    for (bone, &classes) in classes.iter().enumerate() {
        let classes = classes & settings.channels;
        let blend = |values: &mut [f32; 3], rest: f32| {
            for (component, v) in values.iter_mut().enumerate() {
                if settings.moves_axis(component) {
                    *v += f * (rest - *v);
                }
            }
        };
        let vectors = [
            (class::LOCATION, pose.location.as_deref_mut(), 0.0),
            (class::SCALE, pose.scale.as_deref_mut(), 1.0),
        ];
        for (class, vector, rest) in vectors {
            if let Some(vector) = vector.filter(|_| classes & class != 0) {
                blend(&mut vector[bone], rest);
            }
        }
        if classes & class::ROTATION == 0 {
            continue;
        }
        match pose.mode(bone) {
            RotationMode::Quaternion => {
                if let Some(q) = pose.rotation_quaternion.as_deref_mut() {
                    q[bone] = rest_quaternion(q[bone], settings);
                }
            }
            RotationMode::AxisAngle => {
                if let Some(a) = pose.rotation_axis_angle.as_deref_mut() {
                    a[bone] = rest_axis_angle(a[bone], f);
                }
            }
            _ => {
                if let Some(euler) = pose.rotation_euler.as_deref_mut() {
                    blend(&mut euler[bone], 0.0);
                }
            }
        }
    }
}

fn rest_quaternion(q: Quaternion, settings: &Settings) -> Quaternion {
    let f = settings.factor;
    match settings.rules {
        Rules::Blender45 => core::array::from_fn(|i| q[i] + f * (IDENTITY[i] - q[i])),
        Rules::Blender52 => slerp(normalized(q).0, IDENTITY, f),
    }
}

/// By way of quaternions, as Blender 5.2 does. Blender 4.5 instead bends the hidden quaternion of
/// such a bone and leaves its rotation as it is, a defect that no rule here repeats.
fn rest_axis_angle(axis_angle: [f32; 4], factor: f32) -> [f32; 4] {
    let q = crate::rotation::axis_angle_to_quat(axis_angle);
    crate::rotation::quat_to_axis_angle(slerp(q, IDENTITY, factor))
}

/// The curves of a table that a slide moves, by their place in it, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// OR of [`class`] of each bone's curves, one a bone; 0 for a bone that takes no part.
    pub classes: Vec<u8>,
    /// Curves that move a channel of the bone as its rotation mode has it.
    pub channels: Vec<u32>,
    /// Curves of custom properties.
    pub custom: Vec<u32>,
}

/// Whether slides move a property of a bone with this rotation mode.
pub fn moves(property: Property, mode: RotationMode) -> bool {
    match property {
        Property::RotationAxisAngle => false,
        Property::RotationQuaternion => mode == RotationMode::Quaternion,
        Property::RotationEuler => mode.is_euler(),
        _ => true,
    }
}

/// Chooses the curves of the bones that `takes_part`.
///
/// `bone`, `property` and `class` are one a curve, as [`crate::curve_index`] gives them; a bone
/// index that is too large belongs to no bone. Classes outside `channels` are counted in
/// [`Chosen::classes`], but none of their curves is listed.
pub fn choose(
    bone: &[u32],
    property: &[u8],
    curve_class: &[u8],
    bone_count: usize,
    takes_part: impl Fn(usize) -> bool,
    mode: impl Fn(usize) -> RotationMode,
    channels: u8,
) -> Chosen {
    let mut chosen = Chosen { classes: vec![0; bone_count], ..Chosen::default() };
    let mut subjects = Vec::with_capacity(bone.len());
    for (i, (&bone, &class)) in bone.iter().zip(curve_class).enumerate() {
        let bone = bone as usize;
        if class != 0 && bone < bone_count && takes_part(bone) {
            chosen.classes[bone] |= class;
            subjects.push(i);
        }
    }
    // Which class a bone has is known only now: a custom property counts with its bone's class.
    for i in subjects {
        let bone = bone[i] as usize;
        let Some(property) = Property::from_number(property[i]) else { continue };
        if channels & chosen.classes[bone] & property.class() == 0 {
            continue;
        }
        match property {
            Property::Custom => chosen.custom.push(i as u32),
            _ if moves(property, mode(bone)) => chosen.channels.push(i as u32),
            _ => (),
        }
    }
    chosen
}

/// What a value of a custom property is stored as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ValueKind {
    /// A float.
    Float = 0,
    /// An integer: the result is truncated towards zero.
    Int = 1,
    /// A boolean: any result but 0 is true.
    Bool = 2,
}

/// Moves plain numbers, such as custom properties; limits are not enforced, as in Blender.
///
/// All arrays have one element a value; `current` may be empty as in [`Samples::current`].
/// [`Slide::BlendWithRest`] leaves values as they are.
pub fn slide_values(
    values: &mut [f32],
    kinds: &[ValueKind],
    previous: &[f32],
    next: &[f32],
    current: &[f32],
    slide: Slide,
    settings: &Settings,
) {
    if slide == Slide::BlendWithRest {
        return;
    }
    let towards = match settings.rules {
        Rules::Blender45 => add_share,
        Rules::Blender52 => lerp,
    };
    for (i, value) in values.iter_mut().enumerate() {
        let c = current.get(i).copied().unwrap_or(*value);
        let result = scalar(slide, settings, [*value, previous[i], next[i], c], towards);
        *value = match kinds[i] {
            ValueKind::Float => result,
            ValueKind::Int => result.trunc(),
            ValueKind::Bool => f32::from(u8::from(result != 0.0)),
        };
    }
}

#[cfg(test)]
#[path = "slide_tests.rs"]
mod tests;
