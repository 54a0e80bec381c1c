//! Which curves of an action a plan needs.

use super::args::Args;
use super::guard;
use crate::curve_index::Property;
use crate::error::Error;
use crate::evaluator::ChannelCurves;

/// Choose, among curves that limber_curve_index() or limber_curve_records_index() has placed, those
/// that move channels of the bones that a plan needs.
///
/// bone, property  curve_count, as limber_curve_index() gives them
/// component       curve_count: which component of the property
/// curve_count     m, number of curves
/// needed          bone_count bytes: the bones that matter; NULL = all of them
/// bone_count      number of bones; curves of others count as those of no bone
/// place           out, up to m: the chosen curves, ascending
/// slot, element   out, up to m each: what they move, `curve_slot` and `curve_element` of
///                 LimberPlanInput
/// chosen_count    out, their number
/// other           out, up to m: curves that move neither a channel nor a bendy bone's shape: of
///                 custom properties, constraints, the object; ascending
/// other_count     out, their number
///
/// A component that the property does not have moves nothing.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE or _OVERLAP. Runs on the calling thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_plan_curves(
    bone: *const u32,
    property: *const u8,
    component: *const u32,
    curve_count: usize,
    needed: *const u8,
    bone_count: usize,
    place: *mut u32,
    slot: *mut i32,
    element: *mut i32,
    chosen_count: *mut usize,
    other: *mut u32,
    other_count: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        let m = curve_count;
        // SAFETY: the header asks for that many elements.
        let (bone, property, component, needed) = unsafe {
            (
                args.need("bone", bone, m)?,
                args.need("property", property, m)?,
                args.need("component", component, m)?,
                args.input("needed", needed, bone_count)?,
            )
        };
        // SAFETY: as above.
        let (place, slot, element, other, counts) = unsafe {
            (
                args.need_mut("place", place, m)?,
                args.need_mut("slot", slot, m)?,
                args.need_mut("element", element, m)?,
                args.need_mut("other", other, m)?,
                (
                    args.need_mut("chosen_count", chosen_count, 1)?,
                    args.need_mut("other_count", other_count, 1)?,
                ),
            )
        };
        if let Some(index) = property.iter().position(|p| Property::from_number(*p).is_none()) {
            let (value, why) = (property[index].to_string(), "not a LIMBER_PROPERTY_*");
            return Err(Error::BadElement { arg: "property", index, value, why });
        }
        let curve = |i: usize| {
            let known = Some(bone[i]).filter(|bone| (*bone as usize) < bone_count);
            (known, Property::from_number(property[i]).unwrap_or(Property::None), component[i])
        };
        let wanted = |bone: u32| needed.is_none_or(|needed| needed[bone as usize] != 0);
        let found = ChannelCurves::new(m, curve, wanted);
        place[..found.places.len()].copy_from_slice(&found.places);
        element[..found.elements.len()].copy_from_slice(&found.elements);
        slot.iter_mut().zip(&found.slots).for_each(|(out, slot)| *out = *slot as i32);
        other[..found.others.len()].copy_from_slice(&found.others);
        (counts.0[0], counts.1[0]) = (found.places.len(), found.others.len());
        Ok(())
    })
}
