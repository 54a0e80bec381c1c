//! The actions of Action constraints.

use super::args::{Args, view};
use super::curves::LimberFCurves;
use crate::error::{Error, Result};
use crate::evaluator::{ActionChannel, BoneAction, OwnCurve};

/// The curves of the actions that Action constraints look at: for each constraint those of its own
/// bone, evaluated at the frame that the constraint finds.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberActions {
    /// sizeof(LimberActions)
    pub struct_size: usize,
    /// a curves; NULL = none
    pub curves: *const LimberFCurves,
    /// a, the constraint that looks at each curve; a curve of several constraints is given for each
    pub constraint: *const i32,
    /// a, LIMBER_SLOT_LOCATION to LIMBER_SLOT_SCALE: what it moves
    pub slot: *const i32,
    /// a, its component: axis, or place in w x y z or angle x y z
    pub component: *const i32,
}
view!(LimberActions, component: *const i32);

/// A channel with its component.
fn channel(slot: i32, component: i32) -> Option<ActionChannel> {
    let at = usize::try_from(component).ok()?;
    let (channel, count) = match slot {
        0 => (ActionChannel::Location(at), 3),
        1 => (ActionChannel::Quaternion(at), 4),
        2 => (ActionChannel::Euler(at), 3),
        3 => (ActionChannel::AxisAngle(at), 4),
        4 => (ActionChannel::Scale(at), 3),
        _ => return None,
    };
    (at < count).then_some(channel)
}

/// Copies the actions for a rig of that many constraints, one for each; none without any curve.
///
/// # Safety
/// The pointers hold what the header says.
pub(super) unsafe fn actions(
    args: &mut Args,
    view: *const LimberActions,
    constraints: usize,
) -> Result<Vec<BoneAction>> {
    if view.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: passed on from the caller; so for the arrays below.
    let view = unsafe { args.view(view)? };
    if view.curves.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: as above.
    let (table, owners, slots, components) = unsafe {
        let table = args.view(view.curves)?.read(args, true)?;
        let a = table.len();
        (
            table,
            args.need("constraint", view.constraint, a)?,
            args.need("slot", view.slot, a)?,
            args.need("component", view.component, a)?,
        )
    };
    let keys = table.view();
    let wrong = |arg, index, value: i32, why| {
        let value = value.to_string();
        Err(Error::BadElement { arg, index, value, why })
    };
    let mut actions = vec![BoneAction::default(); constraints];
    for index in 0..table.len() {
        let owner = usize::try_from(owners[index]).ok();
        let Some(action) = owner.and_then(|owner| actions.get_mut(owner)) else {
            return wrong("constraint", index, owners[index], "no such constraint");
        };
        if !(0..5).contains(&slots[index]) {
            return wrong("slot", index, slots[index], "not LIMBER_SLOT_LOCATION to _SCALE");
        }
        let Some(channel) = channel(slots[index], components[index]) else {
            return wrong("component", index, components[index], "no such component");
        };
        action.0.push((channel, OwnCurve::new(&table.curve(index, table.keys(&keys, index)))));
    }
    Ok(actions)
}
