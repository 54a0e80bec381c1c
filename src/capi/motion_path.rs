//! C functions for motion paths.

use super::args::{Args, view};
use super::curves::{LimberFCurves, starts};
use super::guard;
use super::transform::elements;
use crate::channels::Matrix;
use crate::error::{Error, Result};
use crate::fcurve::Keys;
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
        let marked = Marked { path_count, first_frame, length, curve_starts, curves, curve_count };
        // SAFETY: the header asks for that many elements.
        let (marked, key_starts, keys, out) = unsafe {
            let marked = marked.slices(&mut args, c, out_count)?;
            let key_starts = starts(&mut args, "key_starts", key_starts, c, key_count)?;
            let key_starts = key_starts.ok_or(Error::NullPointer("key_starts"))?;
            let keys = args.need("keys", keys.cast::<[f32; 2]>(), key_count)?;
            (marked, key_starts, keys, args.need_mut("out", out, out_count)?)
        };
        marked.find(out, |curve, first, marks| {
            let keys = &keys[key_starts[curve]..key_starts[curve + 1]];
            motion_path::mark_keys(keys.iter().map(|key| key[0]), first, marks);
        });
        Ok(())
    })
}

/// The same as limber_path_keys() of curves as the other functions take them, with their keys
/// where they lie.
///
/// path_count    k
/// first_frame   k, the scene's frame of each path's first point
/// length        k, number of its points; 0 or more
/// curve_starts  k+1, ascending, at most curve_count: path i looks at the curves
///               curves[curve_starts[i]] up to, not including, curves[curve_starts[i+1]]
/// curves        curve_count numbers of curves, 0 to its curve_count-1
/// curve_count   number of elements of curves
/// fcurves       the curves; nothing but the points of their keys is looked at
/// out           out_count, one path after the other: LIMBER_PATH_KEY or 0
/// out_count     at least the sum of the lengths; elements beyond it are left alone
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP. Runs on
/// the calling thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_path_curve_keys(
    path_count: usize,
    first_frame: *const i32,
    length: *const i32,
    curve_starts: *const usize,
    curves: *const u32,
    curve_count: usize,
    fcurves: *const LimberFCurves,
    out: *mut i32,
    out_count: usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        let marked = Marked { path_count, first_frame, length, curve_starts, curves, curve_count };
        // SAFETY: the header asks for that many elements.
        let (marked, table, out) = unsafe {
            let view = args.view(fcurves)?;
            let table = view.read(&mut args, false)?;
            let marked = marked.slices(&mut args, view.curve_count, out_count)?;
            (marked, table, args.need_mut("out", out, out_count)?)
        };
        let view = table.view();
        marked.find(out, |curve, first, marks| {
            let keys = table.keys(&view, curve);
            motion_path::mark_keys((0..keys.len()).map(|i| keys.point(i)[0]), first, marks);
        });
        Ok(())
    })
}

/// The arguments that say which paths look at which curves.
struct Marked {
    path_count: usize,
    first_frame: *const i32,
    length: *const i32,
    curve_starts: *const usize,
    curves: *const u32,
    curve_count: usize,
}

/// The same, checked.
struct MarkedPaths<'a> {
    first: &'a [i32],
    lengths: &'a [i32],
    curve_starts: &'a [usize],
    curves: &'a [u32],
}

impl Marked {
    /// Checked against the number of curves and the room for marks.
    ///
    /// # Safety
    /// Every array holds what the header says.
    unsafe fn slices<'a>(
        &self,
        args: &mut Args,
        known: usize,
        room: usize,
    ) -> Result<MarkedPaths<'a>> {
        let (paths, count) = (self.path_count, self.curve_count);
        // SAFETY: the header asks for that many elements.
        let found = unsafe {
            let first = args.need("first_frame", self.first_frame, paths)?;
            let lengths = args.need("length", self.length, paths)?;
            let starts = starts(args, "curve_starts", self.curve_starts, paths, count)?;
            let curve_starts = starts.ok_or(Error::NullPointer("curve_starts"))?;
            let curves = args.need("curves", self.curves, count)?;
            MarkedPaths { first, lengths, curve_starts, curves }
        };
        check_room(found.lengths, room)?;
        if let Some(index) = found.curves.iter().position(|curve| *curve as usize >= known) {
            let (value, why) = (found.curves[index].to_string(), "no such curve");
            return Err(Error::BadElement { arg: "curves", index, value, why });
        }
        Ok(found)
    }
}

impl MarkedPaths<'_> {
    /// Writes the marks of each path; `mark` adds those of a curve from a first frame on.
    fn find(&self, out: &mut [i32], mark: impl Fn(usize, i32, &mut [u8])) {
        let mut marks = Vec::new();
        let mut rest = out;
        for (path, length) in self.lengths.iter().enumerate() {
            let (mine, others) = rest.split_at_mut(*length as usize);
            marks.clear();
            marks.resize(mine.len(), 0u8);
            for curve in &self.curves[self.curve_starts[path]..self.curve_starts[path + 1]] {
                mark(*curve as usize, self.first[path], &mut marks);
            }
            let flags = marks.iter().map(|mark| i32::from(*mark) * LIMBER_PATH_KEY);
            mine.iter_mut().zip(flags).for_each(|(out, flag)| *out = flag);
            rest = others;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::args::View;
    use crate::fcurve::Key;

    #[test]
    fn keys_are_found_where_they_lie() {
        let keys = [1.0f32, 2.0, 3.5, 3.0, 5.004]
            .map(|frame| Key { point: [frame, 0.0], ..bytemuck::Zeroable::zeroed() });
        let points: Vec<f32> = keys.iter().flat_map(|key| key.point).collect();
        let (first, length, of) = ([1, 3], [5, 2], [0usize, 2, 3]);
        let (curves, starts) = ([0u32, 1, 1], [0usize, 2, 5]);
        let view = LimberFCurves {
            struct_size: size_of::<LimberFCurves>(),
            curve_count: 2,
            keys: keys.as_ptr().cast(),
            key_count: 5,
            key_starts: starts.as_ptr(),
            ..View::ZERO
        };
        let (mut plain, mut placed) = ([7; 8], [7; 8]);
        let (first, length, of) = (first.as_ptr(), length.as_ptr(), of.as_ptr());
        // SAFETY: every array holds what is said of it.
        let status = unsafe {
            [
                limber_path_keys(
                    2,
                    first,
                    length,
                    of,
                    curves.as_ptr(),
                    3,
                    starts.as_ptr(),
                    2,
                    points.as_ptr(),
                    5,
                    plain.as_mut_ptr(),
                    8,
                ),
                limber_path_curve_keys(
                    2,
                    first,
                    length,
                    of,
                    curves.as_ptr(),
                    3,
                    &raw const view,
                    placed.as_mut_ptr(),
                    8,
                ),
            ]
        };
        assert_eq!(status, [0, 0]);
        assert_eq!(plain, [2, 2, 2, 0, 2, 2, 0, 7]);
        assert_eq!(placed, plain);
    }
}
