//! Rest data of bones: matrices from head, tail and roll, and back.
//!
//! A bone lies at its head, its Y axis points to the tail, and the roll turns it about that axis.

use crate::rotation::{axis_angle_to_mat3, mat3_to_quat, unit};
use glam::{Affine3A, Mat3, Vec3};

/// The axes of a bone of roll 0 that points along the unit vector `direction`.
///
/// It turns +Y into the direction by the shortest way; a bone that points (nearly) along -Y has
/// none, and Blender gives it half a turn about Z. The switch-over is Blender's, too.
fn axes_without_roll(direction: Vec3) -> Mat3 {
    /// Below this `1 + y` it is computed from x and z, which are then the more precise ones.
    const NEAR: f32 = 6.1e-3;
    /// Below this `x² + z²` the bone counts as pointing along -Y.
    const ON_AXIS: f32 = 2.5e-4 * 2.5e-4;
    let Vec3 { x, y, z } = direction;
    let across = x * x + z * z;
    let mut theta = 1.0 + y;
    if theta <= NEAR {
        if across <= ON_AXIS {
            return Mat3::from_diagonal(Vec3::new(-1.0, -1.0, 1.0));
        }
        theta = across * 0.5 + across * across * 0.125;
    }
    let slope = -(x * z) / theta;
    Mat3::from_cols(
        Vec3::new(1.0 - x * x / theta, -x, slope),
        direction,
        Vec3::new(slope, -z, 1.0 - z * z / theta),
    )
}

/// The rest orientation of a bone that points along `direction` (of any length; if that is zero,
/// so is the Y axis) with this roll in radians.
pub fn rest_mat3(direction: Vec3, roll: f32) -> Mat3 {
    let (direction, _) = unit(direction);
    axis_angle_to_mat3([roll, direction.x, direction.y, direction.z]) * axes_without_roll(direction)
}

/// The rest matrix (space of head and tail) of a bone; it has no scale.
pub fn rest_matrix(head: Vec3, tail: Vec3, roll: f32) -> Affine3A {
    Affine3A::from_mat3_translation(rest_mat3(tail - head, roll), head)
}

/// The roll, -π to π, that gives a bone pointing along `direction` the orientation nearest to
/// `m`, which may be scaled and sheared. For a mirrored `m` there is no answer: the result is
/// then some number in that range.
pub fn roll_from_mat3(m: &Mat3, direction: Vec3) -> f32 {
    let axes = axes_without_roll(unit(direction).0);
    let quat = mat3_to_quat(&(axes.inverse() * *m));
    2.0 * quat[2].atan2(quat[0])
}

/// A bone relative to its parent, as `Bone.matrix` and `Bone.head` have it: the axes in those of
/// the parent, and the head's offset from the parent's *tail* in the parent's axes.
pub fn relative_to_parent(
    rest: &Affine3A,
    parent_rest: &Affine3A,
    parent_length: f32,
) -> (Mat3, Vec3) {
    let offset = parent_rest.inverse() * *rest;
    let head = Vec3::from(offset.translation) - Vec3::new(0.0, parent_length, 0.0);
    (Mat3::from(offset.matrix3), head)
}
