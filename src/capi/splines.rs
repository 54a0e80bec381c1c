//! The curves that constraints look at.

use super::args::{Args, view};
use crate::error::{Error, Result};
use crate::path::{Curve, Interpolation, Spline, SplineKind, Twist};
use std::fmt::Display;

/// `spline_type`: straight from point to point.
pub const LIMBER_SPLINE_POLY: i32 = 0;
/// `spline_type`: points with handles.
pub const LIMBER_SPLINE_BEZIER: i32 = 1;
/// `spline_type`: points with weights.
pub const LIMBER_SPLINE_NURBS: i32 = 4;

/// `spline_flag`: use_cyclic_u.
pub const LIMBER_SPLINE_CYCLIC: u32 = 1;
/// `spline_flag`: use_endpoint_u.
pub const LIMBER_SPLINE_ENDPOINT: u32 = 2;
/// `spline_flag`: use_bezier_u.
pub const LIMBER_SPLINE_BEZIER_KNOTS: u32 = 4;

/// `twist_mode`: Z is up everywhere.
pub const LIMBER_TWIST_Z_UP: i32 = 0;
/// `twist_mode`: Z is up at the start, and there is as little twist as can be.
pub const LIMBER_TWIST_MINIMUM: i32 = 3;

/// `tilt_interpolation`, `radius_interpolation`: evenly from point to point.
pub const LIMBER_SPLINE_LINEAR: i32 = 0;
/// `tilt_interpolation`, `radius_interpolation`: smoothly through the points.
pub const LIMBER_SPLINE_CARDINAL: i32 = 1;
/// `tilt_interpolation`, `radius_interpolation`: smoothly near the points.
pub const LIMBER_SPLINE_BSPLINE: i32 = 2;
/// `tilt_interpolation`, `radius_interpolation`: slowly at the points.
pub const LIMBER_SPLINE_EASE: i32 = 3;

/// Curves of splines. As in Blender a constraint goes along a curve's first spline; the others only
/// count for the curve's bounds, by which Clamp To measures.
///
/// Enums have Blender's own numbers. Points are in the space of the curve's object. Another
/// program's curve, or one that is already a line of points, is given as LIMBER_SPLINE_POLY.
///
/// A spline of fewer than two points, of no length, or a NURBS spline that Blender does not draw is
/// no path; a constraint that looks at it does nothing. Blender draws no NURBS spline of fewer
/// points than its order; with BEZIER_KNOTS the order must, less one, divide the points of a cyclic
/// spline, and be less than the points of one that is neither cyclic nor has ENDPOINT.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberSplines {
    /// sizeof(LimberSplines)
    pub struct_size: usize,
    /// s, the number of splines
    pub spline_count: usize,
    /// p, the number of points of all splines
    pub point_count: usize,
    /// s+1, spline i has the points point_first[i] to point_first[i+1]-1; from 0 to p, ascending
    pub point_first: *const i32,
    /// s, LIMBER_SPLINE_POLY, _BEZIER or _NURBS; NULL = all POLY
    pub spline_type: *const i32,
    /// s, OR of LIMBER_SPLINE_CYCLIC, _ENDPOINT, _BEZIER_KNOTS; NULL = all 0
    pub spline_flag: *const u32,
    /// s, resolution_u, 1 to 1024; NULL = all 12
    pub resolution: *const i32,
    /// s, order_u, 2 to 64; NULL = all 4
    pub order: *const i32,
    /// s, LIMBER_TWIST_*; NULL = all MINIMUM
    pub twist_mode: *const i32,
    /// s, LIMBER_SPLINE_LINEAR to _EASE, of Bezier splines; NULL = all LINEAR
    pub tilt_interpolation: *const i32,
    /// s, LIMBER_SPLINE_LINEAR to _EASE, of Bezier splines; NULL = all LINEAR
    pub radius_interpolation: *const i32,
    /// 3*p, the points
    pub co: *const f32,
    /// 3*p, left handles of Bezier splines; NULL = each at its point
    pub handle_left: *const f32,
    /// 3*p, right handles of Bezier splines; NULL = each at its point
    pub handle_right: *const f32,
    /// p, weights of NURBS splines; NULL = all 1
    pub weight: *const f32,
    /// p, tilt, radians; NULL = all 0
    pub tilt: *const f32,
    /// p, radius; NULL = all 1
    pub radius: *const f32,
    /// k, the number of curves; not looked at without curve_first
    pub curve_count: usize,
    /// k+1, curve i has the splines curve_first[i] to curve_first[i+1]-1; from 0 to s, ascending.
    /// NULL = each spline is a curve, k is s
    pub curve_first: *const i32,
}
view!(LimberSplines, co: *const f32);

fn wrong(arg: &'static str, index: usize, value: impl Display, why: &'static str) -> Error {
    Error::BadElement { arg, index, value: value.to_string(), why }
}

/// The elements of an array that says where each part begins and the last ends.
fn one_more(arg: &'static str, count: usize) -> Result<usize> {
    let why = "more than memory holds";
    count.checked_add(1).ok_or(Error::BadSize { arg, value: count, why })
}

/// Checks that parts follow each other from 0 to `count`.
fn check_first(arg: &'static str, first: &[i32], count: usize) -> Result<()> {
    let mut last = 0;
    for (index, start) in first.iter().enumerate() {
        if *start < last || (index == 0 && *start != 0) {
            return Err(wrong(arg, index, start, "not ascending from 0"));
        }
        if index + 1 == first.len() && usize::try_from(*start) != Ok(count) {
            return Err(wrong(arg, index, start, "must end at the count of what it divides"));
        }
        last = *start;
    }
    Ok(())
}

/// The number of a spline in an array that may be absent, if it is in the range.
fn number(
    arg: &'static str,
    values: Option<&[i32]>,
    index: usize,
    [absent, least, most]: [i32; 3],
) -> Result<i32> {
    let value = values.map_or(absent, |values| values[index]);
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(wrong(arg, index, value, "out of range"))
    }
}

fn interpolation(arg: &'static str, values: Option<&[i32]>, index: usize) -> Result<Interpolation> {
    Ok(match number(arg, values, index, [0, 0, LIMBER_SPLINE_EASE])? {
        LIMBER_SPLINE_CARDINAL => Interpolation::Cardinal,
        LIMBER_SPLINE_BSPLINE => Interpolation::BSpline,
        LIMBER_SPLINE_EASE => Interpolation::Ease,
        _ => Interpolation::Linear,
    })
}

/// The arrays with an element a spline.
struct Settings<'a> {
    first: &'a [i32],
    kind: Option<&'a [i32]>,
    flag: Option<&'a [u32]>,
    resolution: Option<&'a [i32]>,
    order: Option<&'a [i32]>,
    twist: Option<&'a [i32]>,
    tilt_interpolation: Option<&'a [i32]>,
    radius_interpolation: Option<&'a [i32]>,
}

/// The arrays with an element a point.
struct Points<'a> {
    co: &'a [[f32; 3]],
    left: Option<&'a [[f32; 3]]>,
    right: Option<&'a [[f32; 3]]>,
    weight: Option<&'a [f32]>,
    tilt: Option<&'a [f32]>,
    radius: Option<&'a [f32]>,
}

impl<'a> Settings<'a> {
    fn spline<'p>(&self, index: usize, points: &Points<'p>) -> Result<Spline<'p>> {
        let range = self.first[index] as usize..self.first[index + 1] as usize;
        let kind = match self.kind.map_or(LIMBER_SPLINE_POLY, |kinds| kinds[index]) {
            LIMBER_SPLINE_POLY => SplineKind::Poly,
            LIMBER_SPLINE_BEZIER => SplineKind::Bezier,
            LIMBER_SPLINE_NURBS => SplineKind::Nurbs,
            other => return Err(wrong("spline_type", index, other, "not a LIMBER_SPLINE_*")),
        };
        let flag = self.flag.map_or(0, |flags| flags[index]);
        if flag >> 3 != 0 {
            return Err(wrong("spline_flag", index, flag, "unknown bits"));
        }
        let twist = match self.twist.map_or(LIMBER_TWIST_MINIMUM, |twists| twists[index]) {
            LIMBER_TWIST_Z_UP => Twist::ZUp,
            LIMBER_TWIST_MINIMUM => Twist::Minimum,
            other => return Err(wrong("twist_mode", index, other, "not a LIMBER_TWIST_*")),
        };
        let three = |rows: Option<&'p [[f32; 3]]>| rows.map_or(points.co, |rows| rows);
        let one = |values: Option<&'p [f32]>| values.map(|values| &values[range.clone()]);
        let (tilts, radii) = (self.tilt_interpolation, self.radius_interpolation);
        Ok(Spline {
            kind,
            cyclic: flag & LIMBER_SPLINE_CYCLIC != 0,
            resolution: number("resolution", self.resolution, index, [12, 1, 1024])? as usize,
            order: number("order", self.order, index, [4, 2, 64])? as usize,
            use_endpoint: flag & LIMBER_SPLINE_ENDPOINT != 0,
            use_bezier: flag & LIMBER_SPLINE_BEZIER_KNOTS != 0,
            twist,
            tilt_interpolation: interpolation("tilt_interpolation", tilts, index)?,
            radius_interpolation: interpolation("radius_interpolation", radii, index)?,
            points: &points.co[range.clone()],
            handles: Some([
                &three(points.left)[range.clone()],
                &three(points.right)[range.clone()],
            ]),
            weights: one(points.weight),
            tilt: one(points.tilt),
            radius: one(points.radius),
        })
    }
}

impl LimberSplines {
    /// The curves.
    ///
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    pub(super) unsafe fn curves(&self, args: &mut Args) -> Result<Vec<Curve>> {
        let (s, p) = (self.spline_count, self.point_count);
        let ends = one_more("spline_count", s)?;
        let curves = one_more("curve_count", self.curve_count)?;
        // SAFETY: the header's promise, passed on by the caller.
        let (settings, points, curves) = unsafe {
            let settings = Settings {
                first: args.need("point_first", self.point_first, ends)?,
                kind: args.input("spline_type", self.spline_type, s)?,
                flag: args.input("spline_flag", self.spline_flag, s)?,
                resolution: args.input("resolution", self.resolution, s)?,
                order: args.input("order", self.order, s)?,
                twist: args.input("twist_mode", self.twist_mode, s)?,
                tilt_interpolation: args.input("tilt_interpolation", self.tilt_interpolation, s)?,
                radius_interpolation: args.input(
                    "radius_interpolation",
                    self.radius_interpolation,
                    s,
                )?,
            };
            let points = Points {
                co: args.need("co", self.co.cast(), p)?,
                left: args.input("handle_left", self.handle_left.cast(), p)?,
                right: args.input("handle_right", self.handle_right.cast(), p)?,
                weight: args.input("weight", self.weight, p)?,
                tilt: args.input("tilt", self.tilt, p)?,
                radius: args.input("radius", self.radius, p)?,
            };
            (settings, points, args.input("curve_first", self.curve_first, curves)?)
        };
        check_first("point_first", settings.first, p)?;
        let splines = (0..s).map(|index| settings.spline(index, &points));
        let splines = splines.collect::<Result<Vec<_>>>()?;
        let Some(first) = curves else { return Ok(splines.chunks(1).map(Curve::new).collect()) };
        check_first("curve_first", first, s)?;
        let parts = first.windows(2);
        Ok(parts.map(|part| Curve::new(&splines[part[0] as usize..part[1] as usize])).collect())
    }
}
