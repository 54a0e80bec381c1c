//! Which curves of an action move the channels of some bones, and which numbers those are.

use super::Slot;
use crate::curve_index::Property;

/// Curves by their place in the action, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelCurves {
    /// Those that move a channel of a wanted bone.
    pub places: Vec<u32>,
    /// What each of these moves.
    pub slots: Vec<Slot>,
    /// Which element of that slot's array.
    pub elements: Vec<i32>,
    /// Those that may move anything else.
    pub others: Vec<u32>,
}

/// The slot of a property and its elements a bone, if it is a channel.
fn channel(property: Property) -> Option<(Slot, u32)> {
    Some(match property {
        Property::Location => (Slot::Location, 3),
        Property::RotationQuaternion => (Slot::Quaternion, 4),
        Property::RotationEuler => (Slot::Euler, 3),
        Property::RotationAxisAngle => (Slot::AxisAngle, 4),
        Property::Scale => (Slot::Scale, 3),
        _ => return None,
    })
}

impl ChannelCurves {
    /// Sorts the curves by what they move: `curve` gives the bone, its property and the component
    /// of each, `wanted` says whether a bone matters. Curves of bendy bones move no bone.
    pub fn new(
        count: usize,
        curve: impl Fn(usize) -> (Option<u32>, Property, u32),
        wanted: impl Fn(u32) -> bool,
    ) -> Self {
        let mut found = Self::default();
        for place in 0..count {
            let (bone, property, component) = curve(place);
            match (channel(property), bone) {
                (Some((slot, width)), Some(bone)) => {
                    let element = u64::from(bone) * u64::from(width) + u64::from(component);
                    let element = i32::try_from(element).ok().filter(|_| component < width);
                    if let Some(element) = element.filter(|_| wanted(bone)) {
                        found.places.push(place as u32);
                        found.slots.push(slot);
                        found.elements.push(element);
                    }
                }
                (Some(_), None) => found.others.push(place as u32),
                (None, _) if matches!(property, Property::None | Property::Custom) => {
                    found.others.push(place as u32);
                }
                (None, _) => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_sorted_by_what_they_move() {
        let curves = [
            (Some(2), Property::Scale, 1),
            (Some(1), Property::RotationQuaternion, 3),
            (Some(1), Property::Location, 3),
            (Some(0), Property::Location, 0),
            (None, Property::None, 0),
            (Some(1), Property::BboneRollIn, 0),
            (Some(1), Property::Custom, 0),
            (None, Property::Scale, 0),
            (Some(u32::MAX - 1), Property::RotationQuaternion, 0),
        ];
        let found = ChannelCurves::new(curves.len(), |i| curves[i], |bone| bone != 0);
        assert_eq!(found.places, [0, 1]);
        assert_eq!(found.slots, [Slot::Scale, Slot::Quaternion]);
        assert_eq!(found.elements, [7, 7]);
        assert_eq!(found.others, [4, 6, 7]);
    }
}
