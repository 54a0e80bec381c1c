//! Safe views over the channels of a pose: structures of arrays, one element a bone.

use crate::rotation::RotationMode;

/// The ten bendy-bone properties of a pose bone; each present array has one element a bone.
#[derive(Default)]
pub struct BBonesMut<'a> {
    /// Curve-in X.
    pub curve_in_x: Option<&'a mut [f32]>,
    /// Curve-in Z.
    pub curve_in_z: Option<&'a mut [f32]>,
    /// Curve-out X.
    pub curve_out_x: Option<&'a mut [f32]>,
    /// Curve-out Z.
    pub curve_out_z: Option<&'a mut [f32]>,
    /// Roll-in, radians.
    pub roll_in: Option<&'a mut [f32]>,
    /// Roll-out, radians.
    pub roll_out: Option<&'a mut [f32]>,
    /// Ease-in.
    pub ease_in: Option<&'a mut [f32]>,
    /// Ease-out.
    pub ease_out: Option<&'a mut [f32]>,
    /// Scale-in x y z.
    pub scale_in: Option<&'a mut [[f32; 3]]>,
    /// Scale-out x y z.
    pub scale_out: Option<&'a mut [[f32; 3]]>,
}

/// The channels of every bone of one rig, each array in bone order; an absent channel is `None`.
#[derive(Default)]
pub struct PoseMut<'a> {
    /// Number of bones; every present array has this many elements.
    pub bone_count: usize,
    /// Location, in the bone's rest space.
    pub location: Option<&'a mut [[f32; 3]]>,
    /// Quaternion w x y z.
    pub rotation_quaternion: Option<&'a mut [[f32; 4]]>,
    /// Euler angles x y z, radians.
    pub rotation_euler: Option<&'a mut [[f32; 3]]>,
    /// Angle in radians, then axis x y z.
    pub rotation_axis_angle: Option<&'a mut [[f32; 4]]>,
    /// Scale.
    pub scale: Option<&'a mut [[f32; 3]]>,
    /// Rotation mode numbers, all of them valid for [`RotationMode::from_number`]; absent:
    /// every bone is in quaternion mode.
    pub rotation_mode: Option<&'a mut [i32]>,
    /// Bendy-bone properties.
    pub bbone: BBonesMut<'a>,
}

impl PoseMut<'_> {
    /// The rotation mode of one bone.
    pub fn mode(&self, bone: usize) -> RotationMode {
        match &self.rotation_mode {
            Some(modes) => RotationMode::from_number(modes[bone]).unwrap_or_default(),
            None => RotationMode::default(),
        }
    }
}

/// Transform locks of every bone; an absent array locks nothing.
#[derive(Clone, Copy, Default)]
pub struct Locks<'a> {
    /// `lock_location`, x y z a bone.
    pub location: Option<&'a [[u8; 3]]>,
    /// `lock_rotation`, x y z a bone.
    pub rotation: Option<&'a [[u8; 3]]>,
    /// `lock_rotation_w`.
    pub rotation_w: Option<&'a [u8]>,
    /// `lock_rotations_4d`: W, X, Y, Z are locked as they are, not as Euler angles.
    pub rotations_4d: Option<&'a [u8]>,
    /// `lock_scale`, x y z a bone.
    pub scale: Option<&'a [[u8; 3]]>,
}

/// Which bones an operator acts on; absent: all of them.
#[derive(Clone, Copy)]
pub struct Mask<'a>(pub Option<&'a [u8]>);

impl Mask<'_> {
    /// Whether the operator acts on `bone`.
    pub fn has(&self, bone: usize) -> bool {
        self.0.is_none_or(|mask| mask[bone] != 0)
    }
}
