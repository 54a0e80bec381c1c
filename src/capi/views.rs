//! The view structs of the header that several families share, and their conversion to slices.

use super::args::{Args, view};
use crate::error::{Error, Result};
use crate::pose::{BBonesMut, Locks, PoseMut};
use crate::rotation::RotationMode;

/// `rotation_mode`: angle and axis.
pub const LIMBER_ROTATION_AXIS_ANGLE: i32 = -1;
/// `rotation_mode`: quaternion.
pub const LIMBER_ROTATION_QUATERNION: i32 = 0;
/// `rotation_mode`: Euler, X first, then Y, then Z.
pub const LIMBER_ROTATION_XYZ: i32 = 1;
/// `rotation_mode`: Euler X Z Y.
pub const LIMBER_ROTATION_XZY: i32 = 2;
/// `rotation_mode`: Euler Y X Z.
pub const LIMBER_ROTATION_YXZ: i32 = 3;
/// `rotation_mode`: Euler Y Z X.
pub const LIMBER_ROTATION_YZX: i32 = 4;
/// `rotation_mode`: Euler Z X Y.
pub const LIMBER_ROTATION_ZXY: i32 = 5;
/// `rotation_mode`: Euler Z Y X.
pub const LIMBER_ROTATION_ZYX: i32 = 6;

/// `rules`: the newest behaviour that this library knows, now that of Blender 5.2.
pub const LIMBER_RULES_DEFAULT: u32 = 0;
/// `rules`: do as Blender 4.5 does where the versions differ.
pub const LIMBER_RULES_BLENDER_4_5: u32 = 405;
/// `rules`: do as Blender 5.2 does where the versions differ.
pub const LIMBER_RULES_BLENDER_5_2: u32 = 502;

/// The channels of the bones of one rig. Every array is in the same bone order; NULL = absent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberPose {
    /// sizeof(LimberPose)
    pub struct_size: usize,
    /// n, the number of bones
    pub bone_count: usize,
    /// 3*n, in the bone's rest space
    pub location: *mut f32,
    /// 4*n, w x y z
    pub rotation_quaternion: *mut f32,
    /// 3*n, radians, x y z
    pub rotation_euler: *mut f32,
    /// 4*n, angle in radians, then axis x y z
    pub rotation_axis_angle: *mut f32,
    /// 3*n
    pub scale: *mut f32,
    /// n, LIMBER_ROTATION_*; NULL = every bone LIMBER_ROTATION_QUATERNION
    pub rotation_mode: *mut i32,
    /// n
    pub bbone_curveinx: *mut f32,
    /// n
    pub bbone_curveinz: *mut f32,
    /// n
    pub bbone_curveoutx: *mut f32,
    /// n
    pub bbone_curveoutz: *mut f32,
    /// n, radians
    pub bbone_rollin: *mut f32,
    /// n, radians
    pub bbone_rollout: *mut f32,
    /// n
    pub bbone_easein: *mut f32,
    /// n
    pub bbone_easeout: *mut f32,
    /// 3*n
    pub bbone_scalein: *mut f32,
    /// 3*n
    pub bbone_scaleout: *mut f32,
}
view!(LimberPose, bbone_scaleout: *mut f32);

/// Transform locks of the bones of one rig, bytes; NULL = nothing locked.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberLocks {
    /// sizeof(LimberLocks)
    pub struct_size: usize,
    /// 3*n
    pub lock_location: *const u8,
    /// 3*n
    pub lock_rotation: *const u8,
    /// n
    pub lock_rotation_w: *const u8,
    /// n; non-zero: W X Y Z are locked one by one, zero: by way of Euler angles
    pub lock_rotations_4d: *const u8,
    /// 3*n
    pub lock_scale: *const u8,
}
view!(LimberLocks, lock_scale: *const u8);

impl LimberPose {
    /// Slices of the pose; checks sizes, overlap and the rotation modes.
    ///
    /// # Safety
    /// Every array that is not NULL holds what the header says and is writable.
    pub(crate) unsafe fn slices<'a>(&self, args: &mut Args) -> Result<PoseMut<'a>> {
        // SAFETY: passed on from the caller.
        let pose = unsafe { self.room(args)? };
        if let Some(modes) = &pose.rotation_mode {
            check_modes("rotation_mode", modes)?;
        }
        Ok(pose)
    }

    /// Slices of a pose that is only written, whatever lies there; checks sizes and overlap.
    ///
    /// # Safety
    /// Every array that is not NULL holds what the header says and is writable.
    pub(crate) unsafe fn room<'a>(&self, args: &mut Args) -> Result<PoseMut<'a>> {
        let n = self.bone_count;
        // SAFETY: the header's promise, passed on by the caller.
        unsafe {
            Ok(PoseMut {
                bone_count: n,
                location: args.output("location", self.location.cast::<[f32; 3]>(), n)?,
                rotation_quaternion: args.output(
                    "rotation_quaternion",
                    self.rotation_quaternion.cast::<[f32; 4]>(),
                    n,
                )?,
                rotation_euler: args.output(
                    "rotation_euler",
                    self.rotation_euler.cast::<[f32; 3]>(),
                    n,
                )?,
                rotation_axis_angle: args.output(
                    "rotation_axis_angle",
                    self.rotation_axis_angle.cast::<[f32; 4]>(),
                    n,
                )?,
                scale: args.output("scale", self.scale.cast::<[f32; 3]>(), n)?,
                rotation_mode: args.output("rotation_mode", self.rotation_mode, n)?,
                bbone: BBonesMut {
                    curve_in_x: args.output("bbone_curveinx", self.bbone_curveinx, n)?,
                    curve_in_z: args.output("bbone_curveinz", self.bbone_curveinz, n)?,
                    curve_out_x: args.output("bbone_curveoutx", self.bbone_curveoutx, n)?,
                    curve_out_z: args.output("bbone_curveoutz", self.bbone_curveoutz, n)?,
                    roll_in: args.output("bbone_rollin", self.bbone_rollin, n)?,
                    roll_out: args.output("bbone_rollout", self.bbone_rollout, n)?,
                    ease_in: args.output("bbone_easein", self.bbone_easein, n)?,
                    ease_out: args.output("bbone_easeout", self.bbone_easeout, n)?,
                    scale_in: args.output("bbone_scalein", self.bbone_scalein.cast(), n)?,
                    scale_out: args.output("bbone_scaleout", self.bbone_scaleout.cast(), n)?,
                },
            })
        }
    }
}

impl LimberLocks {
    /// Slices of the locks of `n` bones.
    ///
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    pub(crate) unsafe fn slices<'a>(&self, args: &mut Args, n: usize) -> Result<Locks<'a>> {
        // SAFETY: the header's promise, passed on by the caller.
        unsafe {
            Ok(Locks {
                location: args.input("lock_location", self.lock_location.cast::<[u8; 3]>(), n)?,
                rotation: args.input("lock_rotation", self.lock_rotation.cast::<[u8; 3]>(), n)?,
                rotation_w: args.input("lock_rotation_w", self.lock_rotation_w, n)?,
                rotations_4d: args.input("lock_rotations_4d", self.lock_rotations_4d, n)?,
                scale: args.input("lock_scale", self.lock_scale.cast::<[u8; 3]>(), n)?,
            })
        }
    }
}

/// Refuses a rotation mode that does not exist.
pub(crate) fn check_modes(arg: &'static str, modes: &[i32]) -> Result<()> {
    match modes.iter().position(|m| RotationMode::from_number(*m).is_none()) {
        None => Ok(()),
        Some(index) => Err(Error::BadElement {
            arg,
            index,
            value: modes[index].to_string(),
            why: "not a LIMBER_ROTATION_*",
        }),
    }
}

/// Which Blender's behaviour to follow where the versions differ.
pub(crate) fn rules(number: u32) -> Result<crate::Rules> {
    match number {
        LIMBER_RULES_DEFAULT | LIMBER_RULES_BLENDER_5_2 => Ok(crate::Rules::Blender52),
        LIMBER_RULES_BLENDER_4_5 => Ok(crate::Rules::Blender45),
        _ => Err(Error::BadValue {
            arg: "rules",
            value: number.to_string(),
            why: "not a LIMBER_RULES_*",
        }),
    }
}
