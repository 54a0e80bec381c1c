//! The drivers of a plan as the header's arrays.

use super::args::{Args, view};
use super::curves::LimberFCurves;
use super::plan_writes::Writes;
use super::text::Texts;
use crate::channels::Matrix;
use crate::error::{Error, Result};
use crate::evaluator::{
    Anchor, Angles, Driver, OwnCurve, Part, Reading, Rule, Slot, Slots, Variable, VariableSpace,
};
use crate::expression::Expression;
use crate::rotation::RotationMode;
use core::ffi::c_char;

/// `type` of a driver: mean of its variables.
pub const LIMBER_DRIVER_AVERAGE: i32 = 0;
/// `type` of a driver: an expression; one that Blender needs Python for is as _UNKNOWN.
pub const LIMBER_DRIVER_SCRIPTED: i32 = 1;
/// `type` of a driver: sum of its variables.
pub const LIMBER_DRIVER_SUM: i32 = 2;
/// `type` of a driver: smallest of its variables.
pub const LIMBER_DRIVER_MIN: i32 = 3;
/// `type` of a driver: greatest of its variables.
pub const LIMBER_DRIVER_MAX: i32 = 4;
/// `type` of a driver: one whose result is not known here, such as a Python expression; what
/// depends on it has LIMBER_STATE_DRIVER.
pub const LIMBER_DRIVER_UNKNOWN: i32 = -1;

/// `type` of a variable: variable_value, a number that never changes (such as a fallback value, or
/// a property of the scene).
pub const LIMBER_VARIABLE_CONSTANT: i32 = -1;
/// `type` of a variable: a number of the rig.
pub const LIMBER_VARIABLE_SINGLE_PROP: i32 = 0;
/// `type` of a variable: the angle between two targets, 0 to pi; of bones in armature space.
pub const LIMBER_VARIABLE_ROTATION_DIFF: i32 = 1;
/// `type` of a variable: the distance between the heads of two targets.
pub const LIMBER_VARIABLE_LOC_DIFF: i32 = 2;
/// `type` of a variable: part of a target's transform.
pub const LIMBER_VARIABLE_TRANSFORMS: i32 = 3;
/// `type` of a variable: the frame that is evaluated; with a variable_element of 1 without its
/// fraction, as frame_current of a scene in Blender, with 0 as its frame_float.
pub const LIMBER_VARIABLE_FRAME: i32 = 4;

/// `transform_space`: the world.
pub const LIMBER_VARIABLE_SPACE_WORLD: i32 = 0;
/// `transform_space`: the channels alone.
pub const LIMBER_VARIABLE_SPACE_TRANSFORM: i32 = 4;
/// `transform_space`: the final pose without what is inherited.
pub const LIMBER_VARIABLE_SPACE_LOCAL: i32 = 12;

/// The drivers of a rig.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberDrivers {
    /// sizeof(LimberDrivers)
    pub struct_size: usize,
    /// d, the number of drivers
    pub driver_count: usize,
    /// v, the number of variables of all drivers
    pub variable_count: usize,
    /// d, LIMBER_DRIVER_*
    pub driver_type: *const i32,
    /// d, LIMBER_SLOT_*: what it drives; of several for one slot the last counts
    pub driver_slot: *const i32,
    /// d, element of that slot's array
    pub driver_element: *const i32,
    /// d, LIMBER_DRIVER_WRITE_*; NULL = all LIMBER_DRIVER_WRITE_FLOAT
    pub write: *const i32,
    /// d, least value of the property; NULL = no limit
    pub min: *const f32,
    /// d, greatest value of the property; NULL = no limit
    pub max: *const f32,
    /// d curves that map the results, without keys and modifiers = as they are; NULL = none
    pub curves: *const LimberFCurves,
    /// d+1, driver i has the variables variable_first[i] to variable_first[i+1]-1; from 0 to v,
    /// ascending
    pub variable_first: *const i32,
    /// v, LIMBER_VARIABLE_*; NULL = all LIMBER_VARIABLE_SINGLE_PROP
    pub variable_type: *const i32,
    /// v, SINGLE_PROP: LIMBER_SLOT_*; NULL = all LIMBER_SLOT_LOCATION
    pub variable_slot: *const i32,
    /// v, SINGLE_PROP: element of that slot's array; FRAME: 0 or 1; NULL = all 0
    pub variable_element: *const i32,
    /// v, CONSTANT: the number; NULL = all 0
    pub variable_value: *const f32,
    /// expression_size bytes: d texts, each with a terminating 0, empty but for SCRIPTED; NULL =
    /// no expressions
    pub expressions: *const c_char,
    /// bytes of expressions
    pub expression_size: usize,
    /// name_size bytes: v names of the variables, each with a terminating 0; needed with
    /// expressions
    pub variable_names: *const c_char,
    /// bytes of variable_names
    pub name_size: usize,
    /// 2*v, the bones that ROTATION_DIFF, LOC_DIFF and TRANSFORMS (the first) look at, -1 =
    /// something outside the rig, whose driver_matrix counts; NULL = all -1
    pub variable_bone: *const i32,
    /// 2*v, LOC_DIFF and TRANSFORMS (the first): LIMBER_VARIABLE_SPACE_*; NULL = all _WORLD
    pub transform_space: *const i32,
    /// v, TRANSFORMS: Blender's number, 0 to 2 LOC_X to LOC_Z, 3 to 5 ROT_X to ROT_Z, 6 to 8
    /// SCALE_X to SCALE_Z, 9 SCALE_AVG, 10 ROT_W; NULL = all 0
    pub transform_type: *const i32,
    /// v, TRANSFORMS: Blender's number, 0 AUTO, 1 to 6 LIMBER_ROTATION_XYZ to _ZYX, 7 QUATERNION,
    /// 8 to 10 SWING_TWIST_X to _Z; NULL = all 0. AUTO of something outside the rig is XYZ
    pub variable_rotation_mode: *const i32,
    /// 32*v, two matrices a variable, each of what is outside the rig in its transform_space (for
    /// ROTATION_DIFF in the world); NULL = all identity
    pub driver_matrix: *const f32,
}
view!(LimberDrivers, variable_value: *const f32);

const VARIABLE_SPACES: [(i32, VariableSpace); 3] = [
    (LIMBER_VARIABLE_SPACE_WORLD, VariableSpace::World),
    (LIMBER_VARIABLE_SPACE_TRANSFORM, VariableSpace::Transform),
    (LIMBER_VARIABLE_SPACE_LOCAL, VariableSpace::Local),
];

fn bad(arg: &'static str, index: usize, value: impl ToString, why: &'static str) -> Error {
    Error::BadElement { arg, index, value: value.to_string(), why }
}

/// How the arrays of [`Writes`] are called.
const NAMES: [&str; 3] = ["write", "min", "max"];

/// The arrays as slices.
struct Arrays<'a> {
    kind: &'a [i32],
    slot: &'a [i32],
    element: &'a [i32],
    writes: Writes<'a>,
    curves: Vec<Option<OwnCurve>>,
    first: &'a [i32],
    variable_type: Option<&'a [i32]>,
    variable_slot: Option<&'a [i32]>,
    variable_element: Option<&'a [i32]>,
    variable_value: Option<&'a [f32]>,
    expressions: Option<Vec<&'a str>>,
    names: Vec<&'a str>,
    bone: Option<&'a [[i32; 2]]>,
    space: Option<&'a [[i32; 2]]>,
    transform_type: Option<&'a [i32]>,
    rotation_mode: Option<&'a [i32]>,
    matrices: &'a [Matrix],
}

/// Texts as UTF-8.
///
/// # Safety
/// The pointer holds what the header says.
unsafe fn texts<'a>(
    args: &mut Args,
    arg: &'static str,
    pointer: *const c_char,
    size: usize,
    count: usize,
) -> Result<Vec<&'a str>> {
    // SAFETY: passed on from the caller.
    let texts = unsafe { Texts::from_c(args, arg, pointer, size, count)? };
    let utf8 =
        |(index, text)| core::str::from_utf8(text).map_err(|_| Error::BadText { arg, index });
    texts.iter().enumerate().map(utf8).collect()
}

/// The mapping curves of `count` drivers.
///
/// # Safety
/// The pointers hold what the header says.
unsafe fn curves(
    args: &mut Args,
    pointer: *const LimberFCurves,
    count: usize,
) -> Result<Vec<Option<OwnCurve>>> {
    if pointer.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: passed on from the caller.
    let table = unsafe { args.view(pointer)?.read(args, true)? };
    if table.len() != count {
        let why = "must be that of the drivers";
        return Err(Error::BadSize { arg: "curves.curve_count", value: table.len(), why });
    }
    let view = table.view();
    let curve = |index| {
        let curve = table.curve(index, table.keys(&view, index));
        let empty = table.keys(&view, index).bytes().is_empty() && curve.modifiers.is_empty();
        (!empty || curve.samples.is_some()).then(|| OwnCurve::new(&curve))
    };
    Ok((0..count).map(curve).collect())
}

impl<'a> Arrays<'a> {
    /// # Safety
    /// The pointers hold what the header says.
    unsafe fn read(args: &mut Args, view: &LimberDrivers) -> Result<Self> {
        let (d, v) = (view.driver_count, view.variable_count);
        let ends = d.checked_add(1).ok_or(Error::BadSize {
            arg: "driver_count",
            value: d,
            why: "more than memory holds",
        })?;
        // SAFETY: passed on from the caller.
        let arrays = unsafe {
            Self {
                kind: args.need("driver_type", view.driver_type, d)?,
                slot: args.need("driver_slot", view.driver_slot, d)?,
                element: args.need("driver_element", view.driver_element, d)?,
                writes: Writes::read(args, NAMES, (view.write, view.min, view.max), d)?,
                first: args.need("variable_first", view.variable_first, ends)?,
                variable_type: args.input("variable_type", view.variable_type, v)?,
                variable_slot: args.input("variable_slot", view.variable_slot, v)?,
                variable_element: args.input("variable_element", view.variable_element, v)?,
                variable_value: args.input("variable_value", view.variable_value, v)?,
                curves: curves(args, view.curves, d)?,
                expressions: match view.expressions.is_null() {
                    true => None,
                    false => {
                        let (pointer, size) = (view.expressions, view.expression_size);
                        Some(texts(args, "expressions", pointer, size, d)?)
                    }
                },
                names: match view.expressions.is_null() {
                    true => Vec::new(),
                    false => texts(args, "variable_names", view.variable_names, view.name_size, v)?,
                },
                bone: args.input("variable_bone", view.variable_bone.cast(), v)?,
                space: args.input("transform_space", view.transform_space.cast(), v)?,
                transform_type: args.input("transform_type", view.transform_type, v)?,
                rotation_mode: {
                    args.input("variable_rotation_mode", view.variable_rotation_mode, v)?
                },
                matrices: {
                    let count = v.saturating_mul(2);
                    args.input("driver_matrix", view.driver_matrix.cast(), count)?.unwrap_or(&[])
                },
            }
        };
        arrays.check_first(v)?;
        Ok(arrays)
    }

    fn check_first(&self, variables: usize) -> Result<()> {
        let mut last = 0;
        for (index, start) in self.first.iter().enumerate() {
            if *start < last || (index == 0 && *start != 0) {
                return Err(bad("variable_first", index, start, "not ascending from 0"));
            }
            last = *start;
        }
        if usize::try_from(last) != Ok(variables) {
            let index = self.first.len() - 1;
            return Err(bad("variable_first", index, last, "must end at variable_count"));
        }
        Ok(())
    }

    fn anchor(&self, index: usize, target: usize, bones: usize) -> Result<Anchor> {
        let at = 2 * index + target;
        let number = self.bone.map_or(-1, |bone| bone[index][target]);
        match usize::try_from(number) {
            Ok(bone) if bone < bones => Ok(Anchor::Bone(bone)),
            Err(_) if number == -1 => Ok(Anchor::Outside(at)),
            _ => Err(bad("variable_bone", at, number, "no such bone")),
        }
    }

    fn space(&self, index: usize, target: usize) -> Result<VariableSpace> {
        let number = self.space.map_or(0, |space| space[index][target]);
        let found = VARIABLE_SPACES.iter().find(|(known, _)| *known == number);
        let at = 2 * index + target;
        found
            .map(|(_, space)| *space)
            .ok_or_else(|| bad("transform_space", at, number, "not a LIMBER_VARIABLE_SPACE_*"))
    }

    fn part(&self, index: usize) -> Result<Part> {
        let number = self.transform_type.map_or(0, |kinds| kinds[index]);
        let mode = self.rotation_mode.map_or(0, |modes| modes[index]);
        let angles = match mode {
            0 => Angles::Auto,
            7 => Angles::Quaternion,
            8..=10 => Angles::SwingTwist((mode - 8) as usize),
            _ => match RotationMode::from_number(mode).filter(|order| order.is_euler()) {
                Some(order) => Angles::Euler(order),
                None => return Err(bad("variable_rotation_mode", index, mode, "not 0 to 10")),
            },
        };
        Ok(match number {
            0..=2 => Part::Location(number as usize),
            3..=5 => Part::Rotation(number as usize - 3, angles),
            6..=8 => Part::Scale(number as usize - 6),
            9 => Part::AverageScale,
            10 => Part::Rotation(3, angles),
            _ => return Err(bad("transform_type", index, number, "not 0 to 10")),
        })
    }

    fn variable(&self, index: usize, slots: &Slots, bones: usize) -> Result<Variable> {
        let anchor = |target| self.anchor(index, target, bones);
        let space = |target| self.space(index, target);
        let number = |array: Option<&[i32]>| array.map_or(0, |array| array[index]);
        match number(self.variable_type) {
            LIMBER_VARIABLE_CONSTANT => {
                Ok(Variable::Constant(self.variable_value.map_or(0.0, |values| values[index])))
            }
            LIMBER_VARIABLE_SINGLE_PROP => {
                let (kind, element) = (number(self.variable_slot), number(self.variable_element));
                let names = ["variable_slot", "variable_element"];
                Ok(Variable::Slot(slot(slots, names, index, kind, element)?))
            }
            LIMBER_VARIABLE_ROTATION_DIFF => {
                Ok(Variable::Reading(Reading::Angle(anchor(0)?, anchor(1)?)))
            }
            LIMBER_VARIABLE_LOC_DIFF => {
                let ends = [(anchor(0)?, space(0)?), (anchor(1)?, space(1)?)];
                Ok(Variable::Reading(Reading::Distance(ends)))
            }
            LIMBER_VARIABLE_TRANSFORMS => {
                let reading = Reading::Transform(anchor(0)?, space(0)?, self.part(index)?);
                Ok(Variable::Reading(reading))
            }
            LIMBER_VARIABLE_FRAME => match number(self.variable_element) {
                part @ 0..=1 => Ok(Variable::Frame { whole: part == 1 }),
                other => Err(bad("variable_element", index, other, "not 0 or 1")),
            },
            other => Err(bad("variable_type", index, other, "not a LIMBER_VARIABLE_*")),
        }
    }

    /// The expression of a driver; Unknown if there is none that can be done here.
    fn expression(&self, index: usize) -> Rule {
        let variables = self.first[index] as usize..self.first[index + 1] as usize;
        let text = self.expressions.as_ref().map(|texts| texts[index]);
        text.and_then(|text| Expression::parse(text, &self.names[variables]))
            .map_or(Rule::Unknown, Rule::Expression)
    }

    fn driver(&self, index: usize, slots: &Slots, bones: usize) -> Result<Driver> {
        let rule = match self.kind[index] {
            LIMBER_DRIVER_AVERAGE => Rule::Average,
            LIMBER_DRIVER_SUM => Rule::Sum,
            LIMBER_DRIVER_MIN => Rule::Min,
            LIMBER_DRIVER_MAX => Rule::Max,
            LIMBER_DRIVER_SCRIPTED => self.expression(index),
            LIMBER_DRIVER_UNKNOWN => Rule::Unknown,
            other => return Err(bad("driver_type", index, other, "not a LIMBER_DRIVER_*")),
        };
        let names = ["driver_slot", "driver_element"];
        let slot = slot(slots, names, index, self.slot[index], self.element[index])?;
        let variables = self.first[index] as usize..self.first[index + 1] as usize;
        Ok(Driver {
            slot,
            rule,
            variables: variables.map(|v| self.variable(v, slots, bones)).collect::<Result<_>>()?,
            curve: self.curves.get(index).cloned().flatten(),
            write: self.writes.of(index)?,
        })
    }
}

/// The slot that two numbers of the header name.
pub(super) fn slot(
    slots: &Slots,
    names: [&'static str; 2],
    index: usize,
    kind: i32,
    element: i32,
) -> Result<usize> {
    let Some(kind) = Slot::from_number(kind) else {
        return Err(bad(names[0], index, kind, "not a LIMBER_SLOT_*"));
    };
    usize::try_from(element)
        .ok()
        .and_then(|element| slots.at(kind, element))
        .ok_or_else(|| bad(names[1], index, element, "no such element of that slot's array"))
}

/// The drivers of a rig of that many bones as the core has them, and the matrices of what they
/// look at outside of it.
///
/// # Safety
/// The pointers hold what the header says.
pub(super) unsafe fn drivers<'a>(
    args: &mut Args,
    pointer: *const LimberDrivers,
    slots: &Slots,
    bones: usize,
) -> Result<(Vec<Driver>, &'a [Matrix])> {
    if pointer.is_null() {
        return Ok((Vec::new(), &[]));
    }
    // SAFETY: passed on from the caller.
    let arrays = unsafe {
        let view = args.view(pointer)?;
        Arrays::read(args, &view)?
    };
    let driver = |index| arrays.driver(index, slots, bones);
    Ok(((0..arrays.kind.len()).map(driver).collect::<Result<_>>()?, arrays.matrices))
}
