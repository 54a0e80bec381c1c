//! The drivers of a plan as the header's arrays.

use super::args::{Args, view};
use super::curves::LimberFCurves;
use crate::error::{Error, Result};
use crate::evaluator::{Driver, OwnCurve, Rule, Slot, Slots, Variable, Write};

/// `type` of a driver: mean of its variables.
pub const LIMBER_DRIVER_AVERAGE: i32 = 0;
/// `type` of a driver: sum of its variables.
pub const LIMBER_DRIVER_SUM: i32 = 1;
/// `type` of a driver: an expression.
pub const LIMBER_DRIVER_SCRIPTED: i32 = 2;
/// `type` of a driver: smallest of its variables.
pub const LIMBER_DRIVER_MIN: i32 = 3;
/// `type` of a driver: greatest of its variables.
pub const LIMBER_DRIVER_MAX: i32 = 4;
/// `type` of a driver: one whose result is not known here, such as a Python expression; what
/// depends on it has LIMBER_STATE_DRIVER.
pub const LIMBER_DRIVER_UNKNOWN: i32 = -1;

/// `write` of a driver: a float, kept inside min and max.
pub const LIMBER_DRIVER_WRITE_FLOAT: i32 = 0;
/// `write` of a driver: a whole number, kept inside min and max, its fraction cut off.
pub const LIMBER_DRIVER_WRITE_INT: i32 = 1;
/// `write` of a driver: 1 from 1 on, else 0.
pub const LIMBER_DRIVER_WRITE_BOOL: i32 = 2;

/// `type` of a variable: a number of the rig.
pub const LIMBER_VARIABLE_SINGLE_PROP: i32 = 0;
/// `type` of a variable: value, a number that never changes.
pub const LIMBER_VARIABLE_CONSTANT: i32 = -1;

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
    /// v, SINGLE_PROP: element of that slot's array; NULL = all 0
    pub variable_element: *const i32,
    /// v, CONSTANT: the number; NULL = all 0
    pub variable_value: *const f32,
}
view!(LimberDrivers, variable_value: *const f32);

fn bad(arg: &'static str, index: usize, value: impl ToString, why: &'static str) -> Error {
    Error::BadElement { arg, index, value: value.to_string(), why }
}

/// The arrays as slices.
struct Arrays<'a> {
    kind: &'a [i32],
    slot: &'a [i32],
    element: &'a [i32],
    write: Option<&'a [i32]>,
    min: Option<&'a [f32]>,
    max: Option<&'a [f32]>,
    curves: Vec<Option<OwnCurve>>,
    first: &'a [i32],
    variable_type: Option<&'a [i32]>,
    variable_slot: Option<&'a [i32]>,
    variable_element: Option<&'a [i32]>,
    variable_value: Option<&'a [f32]>,
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
                write: args.input("write", view.write, d)?,
                min: args.input("min", view.min, d)?,
                max: args.input("max", view.max, d)?,
                first: args.need("variable_first", view.variable_first, ends)?,
                variable_type: args.input("variable_type", view.variable_type, v)?,
                variable_slot: args.input("variable_slot", view.variable_slot, v)?,
                variable_element: args.input("variable_element", view.variable_element, v)?,
                variable_value: args.input("variable_value", view.variable_value, v)?,
                curves: curves(args, view.curves, d)?,
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

    fn variable(&self, index: usize, slots: &Slots) -> Result<Variable> {
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
            other => Err(bad("variable_type", index, other, "not a LIMBER_VARIABLE_*")),
        }
    }

    fn write(&self, index: usize) -> Result<Write> {
        let limit = |array: Option<&[f32]>, none| array.map_or(none, |array| array[index]);
        let min = limit(self.min, f32::NEG_INFINITY);
        let max = limit(self.max, f32::INFINITY);
        match self.write.map_or(LIMBER_DRIVER_WRITE_FLOAT, |write| write[index]) {
            LIMBER_DRIVER_WRITE_FLOAT => Ok(Write::Float(min, max)),
            LIMBER_DRIVER_WRITE_INT => Ok(Write::Int(min, max)),
            LIMBER_DRIVER_WRITE_BOOL => Ok(Write::Bool),
            other => Err(bad("write", index, other, "not a LIMBER_DRIVER_WRITE_*")),
        }
    }

    fn driver(&self, index: usize, slots: &Slots) -> Result<Driver> {
        let rule = match self.kind[index] {
            LIMBER_DRIVER_AVERAGE => Rule::Average,
            LIMBER_DRIVER_SUM => Rule::Sum,
            LIMBER_DRIVER_MIN => Rule::Min,
            LIMBER_DRIVER_MAX => Rule::Max,
            LIMBER_DRIVER_SCRIPTED | LIMBER_DRIVER_UNKNOWN => Rule::Unknown,
            other => return Err(bad("driver_type", index, other, "not a LIMBER_DRIVER_*")),
        };
        let names = ["driver_slot", "driver_element"];
        let slot = slot(slots, names, index, self.slot[index], self.element[index])?;
        let variables = self.first[index] as usize..self.first[index + 1] as usize;
        Ok(Driver {
            slot,
            rule,
            variables: variables.map(|v| self.variable(v, slots)).collect::<Result<_>>()?,
            curve: self.curves.get(index).cloned().flatten(),
            write: self.write(index)?,
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

/// The drivers as the core has them.
///
/// # Safety
/// The pointers hold what the header says.
pub(super) unsafe fn drivers(
    args: &mut Args,
    pointer: *const LimberDrivers,
    slots: &Slots,
) -> Result<Vec<Driver>> {
    if pointer.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: passed on from the caller.
    let arrays = unsafe {
        let view = args.view(pointer)?;
        Arrays::read(args, &view)?
    };
    (0..arrays.kind.len()).map(|index| arrays.driver(index, slots)).collect()
}
