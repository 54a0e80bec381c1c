//! C functions for motion paths.

use super::args::{Args, view};
use super::guard;
use super::transform::elements;
use crate::channels::Matrix;
use crate::error::{Error, Result};
use crate::motion_path::{self, Moving, Path, Views};

/// `flags` of LimberPaths: object_matrix holds a matrix a frame.
pub const LIMBER_PATHS_OBJECT_MATRIX: u32 = 1;
/// `flags` of LimberPaths: camera_matrix holds a matrix a frame.
pub const LIMBER_PATHS_CAMERA_MATRIX: u32 = 2;
/// `flags` of LimberPaths: divide by the fourth coordinate, as a perspective camera does.
pub const LIMBER_PATHS_DIVIDE: u32 = 4;

/// What limber_path_keys() writes for a frame with a key, as Blender's motion paths have it.
pub const LIMBER_PATH_KEY: i32 = 2;

/// Motion paths, each the way of one point over some of the frames.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberPaths {
    /// sizeof(LimberPaths)
    pub struct_size: usize,
    /// n, points a frame, such as the heads of all bones
    pub point_count: usize,
    /// f, frames of all points
    pub frame_count: usize,
    /// k, number of paths
    pub path_count: usize,
    /// k, which point a path follows, 0 to n-1
    pub point: *const i32,
    /// k, its first frame, counted from the first of the f frames; 0 or more
    pub first_frame: *const i32,
    /// k, number of its frames; 0 or more, within the f frames
    pub length: *const i32,
    /// 16, or 16*f with LIMBER_PATHS_OBJECT_MATRIX, armature to world; NULL = identity
    pub object_matrix: *const f32,
    /// 16, or 16*f with LIMBER_PATHS_CAMERA_MATRIX, world to camera; NULL = stay in the world
    pub camera_matrix: *const f32,
    /// OR of LIMBER_PATHS_*
    pub flags: u32,
    /// keep 0
    pub reserved: u32,
}
view!(LimberPaths, reserved: u32);

/// A number from an array of counts or places, at least 0.
fn natural(arg: &'static str, index: usize, value: i32) -> Result<usize> {
    let why = "negative";
    let bad = |_| Error::BadElement { arg, index, value: value.to_string(), why };
    usize::try_from(value).map_err(bad)
}

/// Checks that there is room for the points of all paths.
fn check_room(lengths: &[i32], room: usize) -> Result<()> {
    let mut left = room;
    for (index, length) in lengths.iter().enumerate() {
        let why = "less than the sum of the lengths";
        let less = left.checked_sub(natural("length", index, *length)?);
        left = less.ok_or(Error::BadSize { arg: "out_count", value: room, why })?;
    }
    Ok(())
}

impl LimberPaths {
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    unsafe fn slices<'a>(&self, args: &mut Args, room: usize) -> Result<(Vec<Path>, Views<'a>)> {
        let k = self.path_count;
        if self.flags >> 3 != 0 {
            let (arg, why) = ("flags", "not an OR of LIMBER_PATHS_*");
            return Err(Error::BadValue { arg, value: self.flags.to_string(), why });
        }
        // SAFETY: the header asks for that many elements.
        let (point, first, length) = unsafe {
            (
                args.need("point", self.point, k)?,
                args.need("first_frame", self.first_frame, k)?,
                args.need("length", self.length, k)?,
            )
        };
        check_room(length, room)?;
        let mut paths = Vec::with_capacity(k);
        for index in 0..k {
            let path = Path {
                point: natural("point", index, point[index])?,
                first: natural("first_frame", index, first[index])?,
                count: natural("length", index, length[index])?,
            };
            let refuse = |arg, value: i32, why| {
                Err(Error::BadElement { arg, index, value: value.to_string(), why })
            };
            if path.point >= self.point_count {
                return refuse("point", point[index], "no such point");
            }
            if path.first + path.count > self.frame_count {
                return refuse("length", length[index], "beyond the last frame");
            }
            paths.push(path);
        }
        // SAFETY: as above.
        let views = unsafe {
            Views {
                object: self.moving(args, LIMBER_PATHS_OBJECT_MATRIX)?,
                camera: self.moving(args, LIMBER_PATHS_CAMERA_MATRIX)?,
                divide: self.flags & LIMBER_PATHS_DIVIDE != 0,
            }
        };
        Ok((paths, views))
    }

    /// # Safety
    /// As [`Self::slices`].
    unsafe fn moving<'a>(&self, args: &mut Args, flag: u32) -> Result<Moving<'a>> {
        let (name, pointer) = match flag {
            LIMBER_PATHS_OBJECT_MATRIX => ("object_matrix", self.object_matrix),
            _ => ("camera_matrix", self.camera_matrix),
        };
        let each = self.flags & flag != 0;
        let count = if each { self.frame_count } else { 1 };
        // SAFETY: passed on from the caller.
        let matrices = unsafe { args.input(name, pointer.cast::<Matrix>(), count)? };
        Ok(match matrices {
            None => Moving::Identity,
            Some(matrices) if each => Moving::Frames(matrices),
            Some(matrices) => Moving::Still(&matrices[0]),
        })
    }
}

/// Write motion paths: points of armature space, brought to the world and, if wanted, before a
/// camera.
///
/// paths      k paths over f frames of n points
/// points     3*n*f, armature space, frame after frame, such as `head` of limber_evaluate_poses()
/// out        3*out_count, one path after the other
/// out_count  at least the sum of the lengths of all paths; points beyond it are left alone
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP. Runs on
/// the calling thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_path_points(
    paths: *const LimberPaths,
    points: *const f32,
    out: *mut f32,
    out_count: usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for that many elements.
        let (each, paths, views, points, out) = unsafe {
            let view = args.view(paths)?;
            let (paths, views) = view.slices(&mut args, out_count)?;
            let n = elements(view.point_count, view.frame_count)?;
            let points = args.need("points", points.cast::<[f32; 3]>(), n)?;
            let out = args.need_mut("out", out.cast::<[f32; 3]>(), out_count)?;
            (view.point_count, paths, views, points, out)
        };
        motion_path::points(points, each, &paths, &views, out);
        Ok(())
    })
}

/// An array of n+1 ascending starts into an array of `count`.
fn check_starts(arg: &'static str, starts: &[usize], count: usize) -> Result<()> {
    let bad = |index: usize, why| {
        let value = starts[index].to_string();
        Err(Error::BadElement { arg, index, value, why })
    };
    if let Some(index) = starts.windows(2).position(|pair| pair[0] > pair[1]) {
        return bad(index + 1, "less than the one before");
    }
    match starts.iter().position(|start| *start > count) {
        Some(index) => bad(index, "beyond the end of what it starts in"),
        None => Ok(()),
    }
}

/// Find the frames of motion paths on which the keys of some curves lie, nearer than 0.01.
///
/// path_count    k
/// first_frame   k, the scene's frame of each path's first point
/// length        k, number of its points; 0 or more
/// curve_starts  k+1, ascending, at most curve_count: path i looks at the curves
///               curves[curve_starts[i]] up to, not including, curves[curve_starts[i+1]]
/// curves        curve_count numbers of curves, 0 to c-1
/// curve_count   number of elements of curves
/// key_starts    c+1, ascending, at most key_count: keys of each curve
/// c             number of curves
/// keys          2*key_count, frame and value of each key
/// key_count     number of keys
/// out           out_count, one path after the other: LIMBER_PATH_KEY or 0
/// out_count     at least the sum of the lengths; elements beyond it are left alone
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE or _OVERLAP. Runs on the calling thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_path_keys(
    path_count: usize,
    first_frame: *const i32,
    length: *const i32,
    curve_starts: *const usize,
    curves: *const u32,
    curve_count: usize,
    key_starts: *const usize,
    c: usize,
    keys: *const f32,
    key_count: usize,
    out: *mut i32,
    out_count: usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for that many elements.
        let (first, lengths, curve_starts, curves, key_starts, keys, out) = unsafe {
            let lengths = args.need("length", length, path_count)?;
            (
                args.need("first_frame", first_frame, path_count)?,
                lengths,
                args.need("curve_starts", curve_starts, path_count.saturating_add(1))?,
                args.need("curves", curves, curve_count)?,
                args.need("key_starts", key_starts, c.saturating_add(1))?,
                args.need("keys", keys.cast::<[f32; 2]>(), key_count)?,
                args.need_mut("out", out, out_count)?,
            )
        };
        check_room(lengths, out_count)?;
        check_starts("curve_starts", curve_starts, curve_count)?;
        check_starts("key_starts", key_starts, key_count)?;
        if let Some(index) = curves.iter().position(|curve| *curve as usize >= c) {
            let (value, why) = (curves[index].to_string(), "no such curve");
            return Err(Error::BadElement { arg: "curves", index, value, why });
        }
        let mut marks = Vec::new();
        let mut rest = out;
        for (path, length) in lengths.iter().enumerate() {
            let (mine, others) = rest.split_at_mut(*length as usize);
            marks.clear();
            marks.resize(mine.len(), 0u8);
            for curve in &curves[curve_starts[path]..curve_starts[path + 1]] {
                let range = key_starts[*curve as usize]..key_starts[*curve as usize + 1];
                let frames = keys[range].iter().map(|key| key[0]);
                motion_path::mark_keys(frames, first[path], &mut marks);
            }
            let flags = marks.iter().map(|mark| i32::from(*mark) * LIMBER_PATH_KEY);
            mine.iter_mut().zip(flags).for_each(|(out, flag)| *out = flag);
            rest = others;
        }
        Ok(())
    })
}
