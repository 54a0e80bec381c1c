//! Stretch To.

use super::Axis;
use super::matrix::unit;
use super::track::damp;
use crate::inherit::{column_lengths, normalize_columns, orthogonalize, scale_columns};
use glam::{Affine3A, Mat3A, Vec3A};

/// Which axes keep the volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// X and Z.
    #[default]
    Both,
    /// X alone.
    X,
    /// Z alone.
    Z,
    /// None.
    None,
}

/// How the bone turns to the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Swing {
    /// About its X axis first.
    #[default]
    PlaneX,
    /// By the shortest way.
    SwingY,
    /// About its Z axis first.
    PlaneZ,
}

/// Stretch To.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StretchTo {
    /// Which axes keep the volume.
    pub keep: Keep,
    /// How it turns.
    pub swing: Swing,
    /// The length at which there is no stretch.
    pub rest_length: f32,
    /// How strongly the volume is kept.
    pub bulge: f32,
    /// The smallest bulge.
    pub bulge_min: Option<f32>,
    /// The largest bulge.
    pub bulge_max: Option<f32>,
    /// 0 = hard bounds, 1 = soft ones.
    pub bulge_smooth: f32,
}

impl StretchTo {
    /// The same with other numbers for the bulge: itself, its bounds, smoothness.
    pub(crate) fn with_bulge(mut self, values: &[f32]) -> Self {
        self.bulge = values[0];
        self.bulge_min = self.bulge_min.map(|_| values[1]);
        self.bulge_max = self.bulge_max.map(|_| values[2]);
        self.bulge_smooth = values[3];
        self
    }

    /// How thick something gets that is this many times as short.
    pub(crate) fn bulge(&self, stretch: f32) -> f32 {
        let soft = |beyond: f32, range: f32| {
            let part = if range > 0.0 { beyond / range } else { 0.0 };
            range * part.atan() * std::f32::consts::FRAC_2_PI
        };
        let mix =
            |soft: f32, hard: f32| self.bulge_smooth * soft + (1.0 - self.bulge_smooth) * hard;
        let mut bulge = stretch.powf(self.bulge);
        if let (Some(most), true) = (self.bulge_max, bulge > 1.0) {
            let most = most.max(1.0);
            bulge = mix(1.0 + soft(bulge - 1.0, most - 1.0), bulge.min(most));
        }
        if let (Some(least), true) = (self.bulge_min, bulge < 1.0) {
            let least = least.clamp(0.0, 1.0);
            bulge = mix(1.0 - soft(1.0 - bulge, 1.0 - least), bulge.max(least));
        }
        bulge
    }

    /// The owner turned and stretched to the target.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A) -> Affine3A {
        let own = match self.swing {
            Swing::SwingY => orthogonalize(&m.matrix3, true),
            _ => m.matrix3,
        };
        let mut size = column_lengths(&own);
        let axes = normalize_columns(&own);
        let v = t.translation - m.translation;
        let distance = v.length() / size.y;
        let v = unit(v);
        let bulge = self.bulge(self.rest_length / distance);
        let across = match self.keep {
            Keep::Both => Vec3A::new(bulge.sqrt(), 1.0, bulge.sqrt()),
            Keep::X => Vec3A::new(bulge, 1.0, 1.0),
            Keep::Z => Vec3A::new(1.0, 1.0, bulge),
            Keep::None => Vec3A::ONE,
        };
        size *= across;
        size.y *= distance / self.rest_length;
        let turned = match self.swing {
            Swing::SwingY => damp(&axes, v, Axis { index: 1, negative: false }),
            Swing::PlaneX => {
                let z = unit(axes.x_axis.cross(v));
                Mat3A::from_cols(unit(v.cross(z)), v, z)
            }
            Swing::PlaneZ => {
                let other = unit(axes.z_axis.cross(v));
                Mat3A::from_cols(-other, v, unit(v.cross(other)))
            }
        };
        Affine3A { matrix3: scale_columns(&turned, size), ..*m }
    }
}
