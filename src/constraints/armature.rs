//! The Armature constraint: the owner follows several bones as a skinned vertex would.

use crate::inherit::{affine_inverse_or_zero, column_lengths, orthogonalize};
use crate::rotation::{mat3_to_quat, quat_dot, quat_mul, quat_normalized, quat_to_mat3};
use glam::{Affine3A, DMat4, Mat3, Mat3A, Mat4, Vec3A};

/// Armature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Armature {
    /// Rotations are averaged as dual quaternions, which keeps the volume.
    pub preserve_volume: bool,
    /// With `preserve_volume`: rotations are about the owner's location instead of its head at
    /// rest.
    pub current_location: bool,
}

/// A bone that is followed.
#[derive(Clone, Copy, Debug)]
pub struct Follow {
    /// How the bone has moved from rest, in world space.
    pub moved: Affine3A,
    /// The bone's rest matrix in world space.
    pub rest: Affine3A,
    /// More than 0.
    pub weight: f32,
}

impl Armature {
    /// The owner moved by the weighted mean of the bones; without any it stays. `head` is the
    /// owner's head at rest in world space.
    pub fn apply(
        &self,
        m: &Affine3A,
        follow: impl Iterator<Item = Follow>,
        head: Vec3A,
    ) -> Affine3A {
        if self.preserve_volume {
            let pivot = if self.current_location { m.translation } else { head };
            let mut mean = DualMean::new(pivot);
            follow.for_each(|bone| mean.add(&bone));
            return if mean.weight > 0.0 { mean.matrix() * *m } else { *m };
        }
        let (mut sum, mut weights) = (DMat4::ZERO, 0.0);
        for bone in follow {
            let weight = f64::from(bone.weight);
            sum += Mat4::from(bone.moved).as_dmat4() * weight;
            weights += weight;
        }
        if weights > 0.0 { affine(&(sum * (1.0 / weights))) * *m } else { *m }
    }
}

fn affine(m: &DMat4) -> Affine3A {
    Affine3A::from_mat4(m.as_mat4())
}

/// A weighted sum of rigid motions, and of what is left of the matrices without them.
struct DualMean {
    pivot: Vec3A,
    weight: f32,
    scaled_weight: f32,
    quat: [f32; 4],
    dual: [f32; 4],
    scale: Mat4,
}

impl DualMean {
    fn new(pivot: Vec3A) -> Self {
        Self {
            pivot,
            weight: 0.0,
            scaled_weight: 0.0,
            quat: [0.0; 4],
            dual: [0.0; 4],
            scale: Mat4::ZERO,
        }
    }

    fn add(&mut self, bone: &Follow) {
        let mut base = bone.rest;
        base.matrix3 = orthogonalize(&base.matrix3, false);
        let full = bone.moved * base;
        let mut rigid = bone.moved;
        let size = column_lengths(&full.matrix3);
        let plain = (size - Vec3A::ONE).abs().max_element() <= 1e-4;
        if !(plain && is_rotation(&bone.moved.matrix3)) {
            let turned = Affine3A { matrix3: rotation(&full.matrix3), ..full };
            let back = affine_inverse_or_zero(&base);
            rigid = turned * back;
            let mut rest = base * (affine_inverse_or_zero(&turned) * full) * back;
            let shift = rest.transform_point3a(self.pivot) - self.pivot;
            rigid.translation += rigid.matrix3 * shift;
            rest.translation -= shift;
            self.scale += Mat4::from(rest) * bone.weight;
            self.scaled_weight += bone.weight;
        }
        let quat = mat3_to_quat(&Mat3::from(rigid.matrix3));
        let [x, y, z] = rigid.translation.to_array();
        let dual = quat_mul([0.0, x, y, z], quat).map(|value| 0.5 * value);
        let near = quat_dot(quat, self.quat) >= 0.0;
        let weight = if near { bone.weight } else { -bone.weight };
        for part in 0..4 {
            self.quat[part] += weight * quat[part];
            self.dual[part] += weight * dual[part];
        }
        self.weight += bone.weight;
    }

    fn matrix(&self) -> Affine3A {
        let length = quat_dot(self.quat, self.quat).sqrt();
        let quat = quat_normalized(self.quat);
        let dual = self.dual.map(|value| value / length);
        let [w, x, y, z] = quat;
        let [_, x, y, z] = quat_mul(dual, [w, -x, -y, -z]).map(|value| 2.0 * value);
        let rigid =
            Affine3A { matrix3: Mat3A::from(quat_to_mat3(quat)), translation: Vec3A::new(x, y, z) };
        if self.scaled_weight == 0.0 {
            return rigid;
        }
        let unscaled = Mat4::IDENTITY * (self.weight - self.scaled_weight);
        rigid * Affine3A::from_mat4((self.scale + unscaled) * (1.0 / self.weight))
    }
}

fn is_rotation(m: &Mat3A) -> bool {
    let square = m.transpose() * *m;
    let off = square - Mat3A::IDENTITY;
    let most = off.x_axis.abs().max(off.y_axis.abs()).max(off.z_axis.abs()).max_element();
    most <= 1e-5 && m.determinant() > 0.0
}

/// The rotation of a matrix that keeps the direction of Y.
fn rotation(m: &Mat3A) -> Mat3A {
    let unit = |v: Vec3A| Vec3A::from(crate::rotation::unit(v.into()).0);
    let y = unit(m.y_axis);
    let z = unit(m.x_axis.cross(y));
    Mat3A::from_cols(y.cross(z), y, z)
}
