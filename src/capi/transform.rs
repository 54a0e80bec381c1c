//! Rest matrices, pose matrices and the way back, for whole rigs.

use super::args::{Args, view};
use super::views::{LimberPose, check_modes};
use super::{guard, processor};
use crate::channels::{Channels, Frames, Matrix};
use crate::error::{Error, Result};
use crate::hierarchy::{self, Hierarchy, Rig};
use crate::rest;
use bytemuck::Pod;
use glam::{Mat3, Mat4, Vec3};

/// `inherit_scale`: all of the parent's scale and shear.
pub const LIMBER_INHERIT_SCALE_FULL: i32 = 0;
/// `inherit_scale`: the parent's scale without its shear.
pub const LIMBER_INHERIT_SCALE_FIX_SHEAR: i32 = 1;
/// `inherit_scale`: the uniform scale of the parent's volume.
pub const LIMBER_INHERIT_SCALE_AVERAGE: i32 = 2;
/// `inherit_scale`: none.
pub const LIMBER_INHERIT_SCALE_NONE: i32 = 3;
/// `inherit_scale`: none, but shear stays.
pub const LIMBER_INHERIT_SCALE_NONE_LEGACY: i32 = 4;
/// `inherit_scale`: the parent's scale along the bone's own axes.
pub const LIMBER_INHERIT_SCALE_ALIGNED: i32 = 5;

/// The bones of a rig at rest and how they hang together. Every array is in the same bone order.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberRig {
    /// sizeof(LimberRig)
    pub struct_size: usize,
    /// n, the number of bones
    pub bone_count: usize,
    /// n, index of the parent, -1 = none; a parent comes before its children
    pub parent: *const i32,
    /// 16*n, rest matrices in armature space (Blender's `Bone.matrix_local`)
    pub rest: *const f32,
    /// 16*n, what limber_rest_offsets made of this rig; NULL = computed anew by every call that
    /// needs it, which takes longer than one pose
    pub offset: *const f32,
    /// n, lengths of the bones; NULL = not known
    pub length: *const f32,
    /// n, LIMBER_INHERIT_SCALE_*; NULL = all LIMBER_INHERIT_SCALE_FULL
    pub inherit_scale: *const i32,
    /// n bytes, non-zero = the bone ignores its location; NULL = none
    pub use_connect: *const u8,
    /// n bytes, non-zero = the parent's rotation is inherited; NULL = all
    pub use_inherit_rotation: *const u8,
    /// n bytes, non-zero = the location is along the bone's axes; NULL = all
    pub use_local_location: *const u8,
}
view!(LimberRig, use_local_location: *const u8);

impl LimberRig {
    /// Slices of the rig, not yet checked for sense.
    ///
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    pub(crate) unsafe fn slices<'a>(&self, args: &mut Args) -> Result<Rig<'a>> {
        let n = self.bone_count;
        // SAFETY: the header's promise, passed on by the caller.
        unsafe {
            Ok(Rig {
                parents: args.need("parent", self.parent, n)?,
                rest: args.need("rest", self.rest.cast::<Matrix>(), n)?,
                offsets: args.input("offset", self.offset.cast::<Matrix>(), n)?,
                lengths: args.input("length", self.length, n)?,
                inherit_scale: args.input("inherit_scale", self.inherit_scale, n)?,
                use_inherit_rotation: args.input(
                    "use_inherit_rotation",
                    self.use_inherit_rotation,
                    n,
                )?,
                use_local_location: args.input("use_local_location", self.use_local_location, n)?,
                use_connect: args.input("use_connect", self.use_connect, n)?,
            })
        }
    }
}

/// How the frames of a batch lie in memory.
pub(super) struct Batch {
    pub(super) bones: usize,
    pub(super) frames: usize,
    /// Bytes; 0 = packed.
    pub(super) stride: usize,
}

fn too_large(arg: &'static str, value: usize) -> Error {
    Error::BadSize { arg, value, why: "more than memory holds" }
}

impl Batch {
    /// Floats from frame to frame and in all, of a channel of `width` floats a bone.
    fn floats(&self, width: usize) -> Result<(usize, usize)> {
        let row = self.bones.checked_mul(width).ok_or(too_large("bone_count", self.bones))?;
        let stride = if self.stride == 0 { row } else { self.stride / 4 };
        if self.frames == 0 || row == 0 {
            return Ok((stride, 0));
        }
        let total =
            (self.frames - 1).checked_mul(stride).and_then(|floats| floats.checked_add(row));
        Ok((stride, total.ok_or(too_large("frame_count", self.frames))?))
    }

    /// # Safety
    /// A pointer that is not NULL is readable for what the header says.
    unsafe fn channel<'a, const W: usize>(
        &self,
        args: &mut Args,
        name: &'static str,
        pointer: *const f32,
    ) -> Result<Option<Frames<'a, W>>> {
        let (stride, total) = self.floats(W)?;
        // SAFETY: passed on from the caller.
        let data = unsafe { args.input(name, pointer, total)? };
        Ok(data.map(|data| Frames::new(data, stride)))
    }

    /// The channels of a pose, to be read; checks the rotation modes.
    ///
    /// # Safety
    /// Every array that is not NULL is readable for what the header says.
    pub(super) unsafe fn channels<'a>(
        &self,
        args: &mut Args,
        pose: &LimberPose,
    ) -> Result<Channels<'a>> {
        // SAFETY: passed on from the caller.
        let channels = unsafe {
            Channels {
                location: self.channel(args, "location", pose.location)?,
                rotation_quaternion: self.channel(
                    args,
                    "rotation_quaternion",
                    pose.rotation_quaternion,
                )?,
                rotation_euler: self.channel(args, "rotation_euler", pose.rotation_euler)?,
                rotation_axis_angle: self.channel(
                    args,
                    "rotation_axis_angle",
                    pose.rotation_axis_angle,
                )?,
                scale: self.channel(args, "scale", pose.scale)?,
                rotation_mode: args.input(
                    "rotation_mode",
                    pose.rotation_mode.cast_const(),
                    self.bones,
                )?,
            }
        };
        if let Some(modes) = channels.rotation_mode {
            check_modes("rotation_mode", modes)?;
        }
        Ok(channels)
    }
}

/// The channels of a single pose, to be read.
///
/// # Safety
/// Every array that is not NULL is readable for what the header says.
pub(super) unsafe fn channels<'a>(args: &mut Args, pose: &LimberPose) -> Result<Channels<'a>> {
    let batch = Batch { bones: pose.bone_count, frames: 1, stride: 0 };
    // SAFETY: passed on from the caller.
    unsafe { batch.channels(args, pose) }
}

/// A pose must be of the rig's size.
pub(crate) fn same_count(rig: &LimberRig, pose: &LimberPose) -> Result<()> {
    if rig.bone_count == pose.bone_count {
        return Ok(());
    }
    Err(Error::BadSize {
        arg: "pose.bone_count",
        value: pose.bone_count,
        why: "must be that of the rig",
    })
}

/// Elements of `frames` frames of `bones` bones.
pub(crate) fn elements(bones: usize, frames: usize) -> Result<usize> {
    bones.checked_mul(frames).ok_or(too_large("frame_count", frames))
}

/// Writes a result that was computed beside the output.
fn fill<T: Pod>(out: Option<&mut [T]>, values: impl Iterator<Item = T>) {
    if let Some(out) = out {
        out.iter_mut().zip(values).for_each(|(out, value)| *out = value);
    }
}

/// Compute rest matrices and lengths of bones from head, tail and roll.
///
/// head         3*n, armature space
/// tail         3*n, armature space
/// roll         n, radians about the bone's axis; NULL = all 0
/// bone_count   n
/// rest         out, 16*n, armature space (Blender's `Bone.matrix_local`); it has no scale
/// length       out, n; NULL = not wanted
///
/// A bone's Y axis points from head to tail, with the X and Z axes that Blender gives a bone of
/// that roll. Bones that point nearly along -Y have few digits (errors up to 3e-5), in Blender as
/// well.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_rest_matrices(
    head: *const f32,
    tail: *const f32,
    roll: *const f32,
    bone_count: usize,
    rest: *mut f32,
    length: *mut f32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for that many elements.
        let (head, tail, roll, rest, length) = unsafe {
            (
                args.need("head", head.cast::<[f32; 3]>(), bone_count)?,
                args.need("tail", tail.cast::<[f32; 3]>(), bone_count)?,
                args.input("roll", roll, bone_count)?,
                args.need_mut("rest", rest.cast::<Matrix>(), bone_count)?,
                args.output("length", length, bone_count)?,
            )
        };
        for (bone, out) in rest.iter_mut().enumerate() {
            let roll = roll.map_or(0.0, |roll| roll[bone]);
            let matrix = rest::rest_matrix(head[bone].into(), tail[bone].into(), roll);
            *out = Mat4::from(matrix).to_cols_array();
        }
        let along = head.iter().zip(tail).map(|(h, t)| Vec3::from(*t) - Vec3::from(*h));
        fill(length, along.map(Vec3::length));
        Ok(())
    })
}

/// Find the roll of bones from matrices: the inverse of limber_rest_matrices.
///
/// matrices    16*n, orientations in the space of the directions, for instance pose matrices;
///             may be scaled and sheared, the translation is not looked at
/// direction   3*n, tail minus head, of any length; NULL = the Y axes of the matrices
/// bone_count  n
/// roll        out, n, radians, -pi to pi
///
/// A mirrored matrix (negative determinant) has no roll: some number in that range comes out.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_rest_roll(
    matrices: *const f32,
    direction: *const f32,
    bone_count: usize,
    roll: *mut f32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for that many elements.
        let (matrices, direction, roll) = unsafe {
            (
                args.need("matrices", matrices.cast::<Matrix>(), bone_count)?,
                args.input("direction", direction.cast::<[f32; 3]>(), bone_count)?,
                args.need_mut("roll", roll, bone_count)?,
            )
        };
        for (bone, roll) in roll.iter_mut().enumerate() {
            let axes = Mat3::from_mat4(Mat4::from_cols_array(&matrices[bone]));
            let along = direction.map_or(axes.y_axis, |direction| direction[bone].into());
            *roll = rest::roll_from_mat3(&axes, along);
        }
        Ok(())
    })
}

/// Compute the `offset` of a LimberRig, once for a rig that poses are computed of repeatedly.
///
/// rig     parent and rest; its offset, lengths and flags are not looked at
/// offset  out, 16*n: inverse rest matrix of the parent times rest matrix of the bone, of a root
///         its rest matrix; a parent whose matrix has no inverse counts as zero
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_PARENT or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_rest_offsets(rig: *const LimberRig, offset: *mut f32) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the struct and for that many elements.
        let (parents, rest, offset) = unsafe {
            let rig = args.view(rig)?;
            (
                args.need("parent", rig.parent, rig.bone_count)?,
                args.need("rest", rig.rest.cast::<Matrix>(), rig.bone_count)?,
                args.need_mut("offset", offset.cast::<Matrix>(), rig.bone_count)?,
            )
        };
        hierarchy::check_parents(parents)?;
        hierarchy::rest_offsets(parents, rest, offset);
        Ok(())
    })
}

/// Compute the pose matrices of a rig from its channels, before constraints.
///
/// rig            n bones; with `offset` the call allocates nothing to speak of and takes about
///                12 ns a bone in quaternion mode
/// pose           location, the rotation that rotation_mode names, and scale of the n bones; an
///                absent channel has its rest value. Read only. Quaternions and axes need not be
///                of unit length
/// pose_matrices  out, 16*n, armature space (Blender's `PoseBone.matrix`)
/// head           out, 3*n, armature space; NULL = not wanted
/// tail           out, 3*n, armature space; NULL = not wanted, else rig->length is needed
///
/// A bone ignores its location if use_connect is set. As in Blender a zero quaternion is half a
/// turn about X. The Y axis of a pose matrix times the bone's length leads from head to tail.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_pose_matrices(
    rig: *const LimberRig,
    pose: *const LimberPose,
    pose_matrices: *mut f32,
    head: *mut f32,
    tail: *mut f32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the structs and for that many elements.
        let (rig, channels, out, head, tail) = unsafe {
            let (rig, pose) = (args.view(rig)?, args.view(pose)?);
            same_count(&rig, &pose)?;
            let n = rig.bone_count;
            (
                rig.slices(&mut args)?,
                channels(&mut args, &pose)?,
                args.need_mut("pose_matrices", pose_matrices.cast::<Matrix>(), n)?,
                args.output("head", head.cast::<[f32; 3]>(), n)?,
                args.output("tail", tail.cast::<[f32; 3]>(), n)?,
            )
        };
        if tail.is_some() && rig.lengths.is_none() && !out.is_empty() {
            return Err(Error::NullPointer("length"));
        }
        let hierarchy = Hierarchy::new(rig)?;
        hierarchy.pose_matrices(&channels, 0, out);
        let length = |bone| hierarchy.length(bone);
        let ends = |bone| hierarchy::head_tail(&out[bone], length(bone));
        fill(head, (0..out.len()).map(|bone| ends(bone).0));
        fill(tail, (0..out.len()).map(|bone| ends(bone).1));
        Ok(())
    })
}

/// Compute the pose matrices of many frames, in parallel where it pays.
///
/// rig            n bones
/// pose           the channels of the n bones in the first frame; those of the others follow.
///                rotation_mode is one for all frames (n elements). Read only
/// frame_count    number of frames
/// frame_stride   bytes from a channel's values in one frame to those in the next, the same for
///                all channels, a multiple of 4; 0 = each channel is packed: frame_count times
///                3*n (or 4*n) floats
/// pose_matrices  out, 16*n floats a frame, armature space
/// matrix_stride  bytes from the matrices of one frame to those of the next, a multiple of 4 and
///                at least 64*n; 0 = packed. Bytes between the frames are left alone, but no
///                other argument may lie there
///
/// Each frame is what limber_pose_matrices makes of it, to the last bit.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_pose_matrices_batch(
    rig: *const LimberRig,
    pose: *const LimberPose,
    frame_count: usize,
    frame_stride: usize,
    pose_matrices: *mut f32,
    matrix_stride: usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the structs.
        let (rig, pose) = unsafe { (args.view(rig)?, args.view(pose)?) };
        same_count(&rig, &pose)?;
        for (arg, stride) in [("frame_stride", frame_stride), ("matrix_stride", matrix_stride)] {
            if !stride.is_multiple_of(4) {
                return Err(Error::BadSize { arg, value: stride, why: "not a multiple of 4" });
            }
        }
        let bones = rig.bone_count;
        let input = Batch { bones, frames: frame_count, stride: frame_stride };
        let output = Batch { bones, frames: frame_count, stride: matrix_stride };
        let (stride, total) = output.floats(16)?;
        if total > 0 && stride < bones * 16 {
            return Err(Error::BadSize {
                arg: "matrix_stride",
                value: matrix_stride,
                why: "less than the matrices of a frame",
            });
        }
        // SAFETY: the header asks for that many elements.
        let (rig, channels, out) = unsafe {
            (
                rig.slices(&mut args)?,
                input.channels(&mut args, &pose)?,
                args.need_mut("pose_matrices", pose_matrices, total)?,
            )
        };
        let kernel = processor::eight_kernel();
        Hierarchy::new(rig)?.pose_matrices_batch(&channels, frame_count, out, stride, kernel);
        Ok(())
    })
}

/// Go back from pose matrices to channel matrices, what Blender calls POSE to LOCAL.
///
/// rig            n bones
/// pose_matrices  16*n floats a frame, packed, armature space
/// frame_count    number of frames
/// basis          out, 16*n floats a frame, packed: the channel matrices (Blender's
///                `PoseBone.matrix_basis`) that give these pose matrices
///
/// A connected bone gets the location that it would need, though it ignores it. Where there is no
/// way back, below a parent scaled to nothing, the matrix is zero.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP. Runs in parallel where it pays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_local_matrices(
    rig: *const LimberRig,
    pose_matrices: *const f32,
    frame_count: usize,
    basis: *mut f32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the struct and for that many elements.
        let (rig, pose_matrices, out) = unsafe {
            let rig = args.view::<LimberRig>(rig)?;
            let count = elements(rig.bone_count, frame_count)?;
            (
                rig.slices(&mut args)?,
                args.need("pose_matrices", pose_matrices.cast::<Matrix>(), count)?,
                args.need_mut("basis", basis.cast::<Matrix>(), count)?,
            )
        };
        Hierarchy::new(rig)?.local_matrices(pose_matrices, out);
        Ok(())
    })
}

/// How bones have moved from rest, in armature space: pose matrix times inverse rest matrix.
///
/// rest              16*n, armature space
/// bone_count        n
/// pose_matrices     16*n floats a frame, packed, armature space
/// frame_count       number of frames
/// channel_matrices  out, 16*n floats a frame, packed (Blender's `PoseBone.matrix_channel`);
///                   these are the matrices that deform a skin
///
/// A rest matrix without an inverse counts as having a zero one.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE or _OVERLAP. Runs in parallel where it pays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_channel_matrices(
    rest: *const f32,
    bone_count: usize,
    pose_matrices: *const f32,
    frame_count: usize,
    channel_matrices: *mut f32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        let count = elements(bone_count, frame_count)?;
        // SAFETY: the header asks for that many elements.
        let (rest, pose_matrices, out) = unsafe {
            (
                args.need("rest", rest.cast::<Matrix>(), bone_count)?,
                args.need("pose_matrices", pose_matrices.cast::<Matrix>(), count)?,
                args.need_mut("channel_matrices", channel_matrices.cast::<Matrix>(), count)?,
            )
        };
        hierarchy::channel_matrices(rest, pose_matrices, out);
        Ok(())
    })
}
