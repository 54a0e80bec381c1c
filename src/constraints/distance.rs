//! Limit Distance and Floor.

use super::Axis;
use crate::inherit::affine_inverse_or_zero;
use glam::{Affine3A, Vec3A};

/// Where Limit Distance keeps the owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Inside the sphere.
    #[default]
    Inside,
    /// Outside of it.
    Outside,
    /// On its surface.
    OnSurface,
}

/// Limit Distance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LimitDistance {
    /// Radius of the sphere about the target.
    pub distance: f32,
    /// Where to stay.
    pub side: Side,
}

impl LimitDistance {
    /// The owner moved towards or away from the target.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A) -> Affine3A {
        let away = m.translation - t.translation;
        let now = away.length();
        let acts = match self.side {
            Side::Inside => now >= self.distance,
            Side::Outside => now <= self.distance,
            Side::OnSurface => (now - self.distance).abs() > f32::EPSILON,
        };
        if !acts {
            return *m;
        }
        let factor = if now != 0.0 { self.distance / now } else { 1.0 };
        Affine3A { translation: t.translation + away * factor, ..*m }
    }
}

/// Floor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Floor {
    /// The side of the target that the owner stays on.
    pub side: Axis,
    /// Distance from the target.
    pub offset: f32,
    /// The floor turns with the target.
    pub rotation: bool,
}

impl Floor {
    /// The owner moved to the floor if it is beyond.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A) -> Affine3A {
        let (mut own, floor) = match self.rotation {
            true => (affine_inverse_or_zero(t).transform_point3a(m.translation), Vec3A::ZERO),
            false => (m.translation, t.translation),
        };
        let axis = self.side.index;
        let (at, level) = (own[axis] - self.offset, floor[axis]);
        let beyond = if self.side.negative { at > level } else { at < level };
        if !beyond {
            return *m;
        }
        own[axis] = level + self.offset;
        let translation = if self.rotation { t.transform_point3a(own) } else { own };
        Affine3A { translation, ..*m }
    }
}
