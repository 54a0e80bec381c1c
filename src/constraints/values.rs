//! The settings of a constraint that are numbers, as an array: what curves and drivers move.

use super::Kind;
use crate::channels::load;

/// The numbers of any kind; each kind says which ones it uses.
pub type Values = [f32; 16];

fn three(values: &Values, first: usize) -> [f32; 3] {
    [values[first], values[first + 1], values[first + 2]]
}

impl Kind {
    /// The same constraint with other numbers. In the order of the array:
    ///
    /// * Child Of: the inverse matrix, column-major
    /// * Limit Location, Rotation and Scale: three minima, three maxima
    /// * Copy Scale: the power; Limit Distance: the distance; Floor: the offset; Maintain Volume:
    ///   the volume; Pivot: the offset
    /// * Action: least, greatest, evaluation time, first and last frame
    /// * Follow Path: offset, factor, time and duration of the curve
    /// * Stretch To: rest length, bulge, least bulge, greatest bulge, smoothness
    /// * Transformation: from least, from greatest, to least, to greatest, three each
    pub fn with_values(mut self, values: &Values) -> Self {
        match &mut self {
            Self::CopyScale(copy) => copy.power = values[0],
            Self::Action(action) => {
                (action.range, action.time) = ([values[0], values[1]], values[2]);
                action.frames = [values[3], values[4]];
            }
            Self::FollowPath(follow) => {
                (follow.offset, follow.factor) = (values[0], values[1]);
                (follow.time, follow.duration) = (values[2], values[3]);
            }
            Self::LimitLocation(limits) | Self::LimitScale(limits) => {
                (limits.min, limits.max) = (three(values, 0), three(values, 3));
            }
            Self::LimitRotation(limit) => {
                (limit.min, limit.max) = (three(values, 0), three(values, 3));
            }
            Self::LimitDistance(limit) => limit.distance = values[0],
            Self::MaintainVolume(volume) => volume.volume = values[0],
            Self::Floor(floor) => floor.offset = values[0],
            Self::Pivot(pivot) => pivot.offset = three(values, 0),
            Self::ChildOf(child) => child.inverse = load(values),
            Self::StretchTo(stretch) => {
                *stretch = stretch.with_bulge(&values[1..]);
                stretch.rest_length = values[0];
            }
            Self::Transformation(map) => {
                (map.from_min, map.from_max) = (three(values, 0), three(values, 3));
                (map.to_min, map.to_max) = (three(values, 6), three(values, 9));
            }
            Self::CopyLocation(_)
            | Self::CopyRotation(_)
            | Self::CopyTransforms(_)
            | Self::DampedTrack(_)
            | Self::LockedTrack(_)
            | Self::TrackTo(_)
            | Self::ClampTo(_)
            | Self::Armature(_) => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::distance::{LimitDistance, Side};

    #[test]
    fn numbers_go_where_they_belong() {
        let limit = Kind::LimitDistance(LimitDistance { distance: 1.0, side: Side::Inside });
        let mut values = [0.0; 16];
        values[0] = 7.0;
        let want = Kind::LimitDistance(LimitDistance { distance: 7.0, side: Side::Inside });
        assert_eq!(limit.with_values(&values), want);
    }
}
