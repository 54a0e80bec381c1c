//! Channels of single bones: rotation modes, channel matrices and back.

use super::args::Args;
use super::guard;
use super::transform;
use super::views::{LimberPose, check_modes};
use crate::channels::{self, Matrix};
use crate::decompose;
use crate::error::{Error, Result};
use crate::pose::{Mask, PoseMut};
use crate::rotation::RotationMode;

/// Refuses a pose without the array that a bone's rotation in this mode is written to.
fn check_target(pose: &PoseMut, mode: RotationMode) -> Result<()> {
    let (name, present) = match mode {
        RotationMode::Quaternion => ("rotation_quaternion", pose.rotation_quaternion.is_some()),
        RotationMode::AxisAngle => ("rotation_axis_angle", pose.rotation_axis_angle.is_some()),
        _ => ("rotation_euler", pose.rotation_euler.is_some()),
    };
    if present { Ok(()) } else { Err(Error::NullPointer(name)) }
}

/// Change rotation modes and keep the orientations.
///
/// pose        in/out; of each bone the rotation that rotation_mode names is written in the array
///             of the new mode, and rotation_mode, where present, becomes the new mode. All other
///             values stay. A bone that is in its new mode already is left alone
/// mode        n, LIMBER_ROTATION_*, the new modes
/// selected    n bytes, non-zero = act; NULL = every bone
/// compatible  non-zero: Euler angles come out nearest to those that were stored, as Blender does
///             for visual transforms; 0: the smallest angles
///
/// Quaternions are normalised first; from quaternion to axis-angle the angle is 0 to 2 pi, with
/// the few digits that single precision leaves near 0. Blender's own mode switch does otherwise in
/// two cases: from one Euler order to another it keeps the angles, and it alters some axes.
///
/// LIMBER_STATUS_OK, _NULL_POINTER (also for an absent array that would be written), _BAD_SIZE,
/// _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_rotation_convert(
    pose: *const LimberPose,
    mode: *const i32,
    selected: *const u8,
    compatible: u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the struct and for that many elements.
        let (mut pose, modes, mask) = unsafe {
            let pose = args.view(pose)?.slices(&mut args)?;
            let n = pose.bone_count;
            let modes = args.need("mode", mode, n)?;
            (pose, modes, Mask(args.input("selected", selected, n)?))
        };
        check_modes("mode", modes)?;
        for (bone, number) in modes.iter().enumerate() {
            let mode = RotationMode::from_number(*number).unwrap_or_default();
            if mask.has(bone) && mode != pose.mode(bone) {
                check_target(&pose, mode)?;
            }
        }
        decompose::convert_rotations(&mut pose, modes, mask, compatible != 0);
        Ok(())
    })
}

/// Compute channel matrices: location, rotation and scale of each bone as one matrix.
///
/// pose         location, the rotation that rotation_mode names, and scale of n bones; an absent
///              channel has its rest value. Read only
/// use_connect  n bytes, non-zero = the bone ignores its location; NULL = none
/// basis        out, 16*n (Blender's `PoseBone.matrix_basis`)
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_basis_matrices(
    pose: *const LimberPose,
    use_connect: *const u8,
    basis: *mut f32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the struct and for that many elements.
        let (channels, use_connect, out) = unsafe {
            let pose = args.view(pose)?;
            let n = pose.bone_count;
            (
                transform::channels(&mut args, &pose)?,
                args.input("use_connect", use_connect, n)?,
                args.need_mut("basis", basis.cast::<Matrix>(), n)?,
            )
        };
        channels::basis_matrices(&channels, 0, use_connect, out);
        Ok(())
    })
}

/// Take channel matrices apart into location, rotation and scale.
///
/// basis       16*n, channel matrices
/// pose        in/out; location, scale, and the rotation that rotation_mode names are written
///             where present, nothing else
/// selected    n bytes, non-zero = act; NULL = every bone
/// compatible  non-zero: Euler angles come out nearest to those that were stored, as Blender does
///             for visual transforms; 0: the smallest angles
///
/// Shear is lost. A quaternion comes out with w >= 0, an axis-angle with an angle of 0 to pi. A
/// mirrored matrix comes out with three negative scales.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_decompose(
    basis: *const f32,
    pose: *const LimberPose,
    selected: *const u8,
    compatible: u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the struct and for that many elements.
        let (basis, mut pose, mask) = unsafe {
            let pose = args.view(pose)?.slices(&mut args)?;
            let n = pose.bone_count;
            let basis = args.need("basis", basis.cast::<Matrix>(), n)?;
            (basis, pose, Mask(args.input("selected", selected, n)?))
        };
        decompose::decompose(basis, &mut pose, mask, compatible != 0);
        Ok(())
    })
}
