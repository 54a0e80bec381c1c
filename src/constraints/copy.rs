//! Copy Location, Copy Rotation, Copy Scale and Copy Transforms.

use super::Axes;
use super::matrix::{Parts, aligned, euler, euler_near, from_euler, parts, resize, split};
use crate::inherit::{column_lengths, orthogonalize};
use crate::rotation::{RotationMode, euler_to_mat3, mat3_to_euler};
use glam::{Affine3A, Vec3A};

/// Copy Location.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CopyLocation {
    /// The axes that are copied.
    pub axes: Axes,
    /// The axes that are negated.
    pub invert: Axes,
    /// The owner's location is added.
    pub offset: bool,
}

impl CopyLocation {
    /// The owner with the target's location.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A) -> Affine3A {
        let mut out = *m;
        for axis in 0..3 {
            if self.axes[axis] {
                let from = t.translation[axis];
                let own = if self.offset { m.translation[axis] } else { 0.0 };
                out.translation[axis] = if self.invert[axis] { own - from } else { own + from };
            }
        }
        out
    }
}

/// How Copy Rotation combines the rotations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MixRotation {
    /// The target's instead of the owner's.
    #[default]
    Replace,
    /// Axis by axis on top of the owner's, as older Blenders did.
    Offset,
    /// Sum of the Euler angles.
    Add,
    /// The target's around the owner's.
    Before,
    /// The target's within the owner's.
    After,
}

/// Copy Rotation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CopyRotation {
    /// The axes that are copied.
    pub axes: Axes,
    /// The axes that are negated.
    pub invert: Axes,
    /// How.
    pub mix: MixRotation,
    /// The Euler order of the axes; `None`: the owner's.
    pub order: Option<RotationMode>,
}

impl CopyRotation {
    /// The owner with the target's rotation.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A, order: RotationMode) -> Affine3A {
        use MixRotation::{Add, After, Before, Offset, Replace};
        let order = self.order.unwrap_or(order);
        let own = parts(m);
        let old = euler(&m.matrix3, order);
        let mut angles = euler_near(&orthogonalize(&t.matrix3, false), old, order);
        for axis in 0..3 {
            if !self.axes[axis] {
                angles[axis] = if matches!(self.mix, Replace | Offset) { old[axis] } else { 0.0 };
                continue;
            }
            if self.mix == Offset {
                let mut turn = [0.0; 3];
                turn[axis] = old[axis];
                let turned = euler_to_mat3(angles, order) * euler_to_mat3(turn, order);
                angles = mat3_to_euler(&turned, order);
            }
            if self.invert[axis] {
                angles[axis] = -angles[axis];
            }
        }
        if self.mix == Add {
            for axis in 0..3 {
                angles[axis] += old[axis];
            }
        }
        let rotation = from_euler(angles, order);
        let rotation = match self.mix {
            Before => rotation * own.rotation,
            After => own.rotation * rotation,
            Replace | Offset | Add => rotation,
        };
        Parts { rotation, ..own }.matrix()
    }
}

/// Copy Scale.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CopyScale {
    /// The axes that are copied.
    pub axes: Axes,
    /// All axes get the same scale, that of the copied axes' volume.
    pub uniform: bool,
    /// Combined with the owner's scale: multiplied, or added with `add`.
    pub offset: bool,
    /// With `offset`: added.
    pub add: bool,
    /// Exponent of the target's scale.
    pub power: f32,
}

impl CopyScale {
    /// The owner with the target's scale.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A) -> Affine3A {
        let own = column_lengths(&m.matrix3);
        let mut size = column_lengths(&t.matrix3);
        if self.uniform {
            let all = self.axes == [true; 3];
            let used = |axis: usize| if self.axes[axis] { size[axis] } else { 1.0 };
            let volume =
                if all { t.matrix3.determinant().abs() } else { used(0) * used(1) * used(2) };
            size = Vec3A::splat(volume.cbrt());
        }
        if self.power != 1.0 {
            size = Vec3A::from(size.to_array().map(|length| length.powf(self.power)));
        }
        if self.offset {
            size = if self.add { size + own - 1.0 } else { size * own };
        }
        let axes = if self.uniform { [true; 3] } else { self.axes };
        Affine3A { matrix3: resize(&m.matrix3, own, size, axes), ..*m }
    }
}

/// How Copy Transforms combines the matrices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MixTransforms {
    /// The target's instead of the owner's.
    #[default]
    Replace,
    /// Target times owner, scales axis by axis.
    Before,
    /// Owner times target, scales axis by axis.
    After,
    /// Target and owner, each part by itself.
    BeforeSplit,
    /// Owner and target, each part by itself.
    AfterSplit,
    /// Target times owner.
    BeforeFull,
    /// Owner times target.
    AfterFull,
}

/// Copy Transforms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CopyTransforms {
    /// How.
    pub mix: MixTransforms,
    /// Shear of the target is taken away first.
    pub remove_shear: bool,
}

impl CopyTransforms {
    /// Owner and target combined.
    pub fn apply(&self, m: &Affine3A, t: &Affine3A) -> Affine3A {
        let mut t = *t;
        if self.remove_shear {
            t.matrix3 = orthogonalize(&t.matrix3, true);
        }
        match self.mix {
            MixTransforms::Replace => t,
            MixTransforms::Before => aligned(&t, m),
            MixTransforms::After => aligned(m, &t),
            MixTransforms::BeforeSplit => split(&t, m),
            MixTransforms::AfterSplit => split(m, &t),
            MixTransforms::BeforeFull => t * *m,
            MixTransforms::AfterFull => *m * t,
        }
    }
}
