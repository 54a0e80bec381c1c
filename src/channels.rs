//! Channels of many bones, for one or many frames, and the matrices they make.

use crate::pose::PoseMut;
use crate::rotation::{RotationMode, axis_angle_to_mat3, euler_to_mat3, quat_dot, quat_normalized};
use glam::{Affine3A, Mat3, Mat4, Vec3A, Vec4};

/// A 4×4 matrix as 16 floats, column-major, translation at 12 to 14.
pub type Matrix = [f32; 16];

/// One channel of all bones over frames: `W` floats a bone, `stride` floats from one frame's
/// first bone to the next frame's.
#[derive(Clone, Copy)]
pub struct Frames<'a, const W: usize> {
    data: &'a [f32],
    stride: usize,
}

impl<'a, const W: usize> Frames<'a, W> {
    /// A single frame.
    pub fn single(rows: &'a [[f32; W]]) -> Self {
        Self { data: rows.as_flattened(), stride: 0 }
    }

    /// Many frames in one slice.
    pub fn new(data: &'a [f32], stride: usize) -> Self {
        Self { data, stride }
    }

    /// The values of the `bones` bones of one frame.
    pub fn row(&self, frame: usize, bones: usize) -> &'a [[f32; W]] {
        let start = frame * self.stride;
        self.data[start..start + bones * W].as_chunks().0
    }
}

/// Channels that are only read. An absent channel has its rest value in every bone.
#[derive(Clone, Copy, Default)]
pub struct Channels<'a> {
    /// Location, in the bone's rest space.
    pub location: Option<Frames<'a, 3>>,
    /// Quaternion w x y z; need not be normalised.
    pub rotation_quaternion: Option<Frames<'a, 4>>,
    /// Euler angles x y z, radians.
    pub rotation_euler: Option<Frames<'a, 3>>,
    /// Angle in radians, then axis x y z.
    pub rotation_axis_angle: Option<Frames<'a, 4>>,
    /// Scale.
    pub scale: Option<Frames<'a, 3>>,
    /// Rotation mode numbers, one a bone for all frames; absent: every bone is in quaternion
    /// mode.
    pub rotation_mode: Option<&'a [i32]>,
}

impl<'a> Channels<'a> {
    /// The channels of one pose.
    pub fn of_pose(pose: &'a PoseMut<'_>) -> Self {
        Self {
            location: pose.location.as_deref().map(Frames::single),
            rotation_quaternion: pose.rotation_quaternion.as_deref().map(Frames::single),
            rotation_euler: pose.rotation_euler.as_deref().map(Frames::single),
            rotation_axis_angle: pose.rotation_axis_angle.as_deref().map(Frames::single),
            scale: pose.scale.as_deref().map(Frames::single),
            rotation_mode: pose.rotation_mode.as_deref(),
        }
    }

    /// Rest values to stand in for the absent ones of location, quaternion and scale.
    pub(crate) fn stand_ins(&self, bones: usize) -> StandIns {
        let missing = |present: bool| if present { 0 } else { bones };
        StandIns {
            location: vec![[0.0; 3]; missing(self.location.is_some())],
            quaternion: vec![[1.0, 0.0, 0.0, 0.0]; missing(self.rotation_quaternion.is_some())],
            scale: vec![[1.0; 3]; missing(self.scale.is_some())],
        }
    }

    /// The channels of the first `bones` bones in one frame.
    #[inline]
    pub(crate) fn rows(&self, frame: usize, bones: usize, rest: &'a StandIns) -> Rows<'a> {
        Rows {
            location: self.location.map_or(&rest.location, |c| c.row(frame, bones)),
            quaternion: self.rotation_quaternion.map_or(&rest.quaternion, |c| c.row(frame, bones)),
            euler: self.rotation_euler.map(|c| c.row(frame, bones)),
            axis_angle: self.rotation_axis_angle.map(|c| c.row(frame, bones)),
            scale: self.scale.map_or(&rest.scale, |c| c.row(frame, bones)),
            mode: self.rotation_mode.map(|modes| &modes[..bones]),
        }
    }
}

/// Rows of rest values.
pub(crate) struct StandIns {
    location: Vec<[f32; 3]>,
    quaternion: Vec<[f32; 4]>,
    scale: Vec<[f32; 3]>,
}

/// [`Channels`] of one frame.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) location: &'a [[f32; 3]],
    pub(crate) quaternion: &'a [[f32; 4]],
    pub(crate) euler: Option<&'a [[f32; 3]]>,
    pub(crate) axis_angle: Option<&'a [[f32; 4]]>,
    pub(crate) scale: &'a [[f32; 3]],
    pub(crate) mode: Option<&'a [i32]>,
}

/// Four 3×3 matrices at once: `m[column][row]` has one lane a matrix.
pub(crate) type Lanes3 = [[Vec4; 3]; 3];

/// One vector a lane, as one lane vector an axis.
#[inline(always)]
pub(crate) fn lanes(v: [[f32; 3]; 4]) -> [Vec4; 3] {
    let [a, b, c, d] = v;
    [
        Vec4::new(a[0], b[0], c[0], d[0]),
        Vec4::new(a[1], b[1], c[1], d[1]),
        Vec4::new(a[2], b[2], c[2], d[2]),
    ]
}

/// [`lanes`] of one element of four rows of `count` elements.
#[inline(always)]
pub(crate) fn gather(rows: &[&[[f32; 3]]; 4], bone: usize, count: usize) -> [Vec4; 3] {
    let [a, b, c, d] = rows.map(|row| &row[..count]);
    if bone + 1 >= count {
        return lanes([a[bone], b[bone], c[bone], d[bone]]);
    }
    // With the element behind it, which makes it a whole vector to load.
    let wide = |row: &[[f32; 3]]| {
        let [[x, y, z], [next, ..]] = [row[bone], row[bone + 1]];
        Vec4::new(x, y, z, next)
    };
    let m = Mat4::from_cols(wide(a), wide(b), wide(c), wide(d)).transpose();
    [m.x_axis, m.y_axis, m.z_axis]
}

/// Rotation matrices of four bones in quaternion mode.
///
/// Single precision throughout, which for a matrix is near enough to Blender's double (2e-7),
/// and every lane is computed alone: what stands in the others does not matter.
#[inline(always)]
pub(crate) fn rotations(quats: [[f32; 4]; 4]) -> Lanes3 {
    let [a, b, c, d] = quats;
    let m = Mat4::from_cols(
        Vec4::from_array(a),
        Vec4::from_array(b),
        Vec4::from_array(c),
        Vec4::from_array(d),
    )
    .transpose();
    quaternion_lanes([m.x_axis, m.y_axis, m.z_axis, m.w_axis])
}

/// Scales the columns of four matrices.
#[inline(always)]
pub(crate) fn scaled([x, y, z]: Lanes3, [sx, sy, sz]: [Vec4; 3]) -> Lanes3 {
    [
        [x[0] * sx, x[1] * sx, x[2] * sx],
        [y[0] * sy, y[1] * sy, y[2] * sy],
        [z[0] * sz, z[1] * sz, z[2] * sz],
    ]
}

/// The rotation matrices of four quaternions, as if they were normalised first.
#[inline(always)]
fn quaternion_lanes(mut q: [Vec4; 4]) -> Lanes3 {
    let mut squared = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
    if squared.cmplt(Vec4::splat(TINY)).any() {
        (q, squared) = without_tiny(q, squared);
    }
    let [w, x, y, z] = q;
    // Twice the normalised x is x times this, over the length: no square root is needed.
    let twice = Vec4::splat(2.0) / squared;
    let (x2, y2, z2) = (x * twice, y * twice, z * twice);
    let (xx, xy, xz) = (x * x2, x * y2, x * z2);
    let (yy, yz, zz) = (y * y2, y * z2, z * z2);
    let (wx, wy, wz) = (w * x2, w * y2, w * z2);
    [
        [Vec4::ONE - (yy + zz), xy + wz, xz - wy],
        [xy - wz, Vec4::ONE - (xx + zz), yz + wx],
        [xz + wy, yz - wx, Vec4::ONE - (xx + yy)],
    ]
}

/// Below this the square of a quaternion has few digits left, or none.
pub(crate) const TINY: f32 = 1e-30;

/// Normalises the tiny ones of four quaternions. The zero quaternion counts as half a turn about
/// X, as in Blender.
#[cold]
#[inline(never)]
fn without_tiny(mut q: [Vec4; 4], mut squared: Vec4) -> ([Vec4; 4], Vec4) {
    for lane in 0..4 {
        if squared[lane] < TINY {
            let unit = quat_normalized([q[0][lane], q[1][lane], q[2][lane], q[3][lane]]);
            for (lanes, value) in q.iter_mut().zip(unit) {
                lanes[lane] = value;
            }
            squared[lane] = quat_dot(unit, unit);
        }
    }
    (q, squared)
}

fn set_lane(m: &mut Lanes3, lane: usize, rotation: &Mat3) {
    for (column, rows) in m.iter_mut().enumerate() {
        for (row, lanes) in rows.iter_mut().enumerate() {
            lanes[lane] = rotation.col(column)[row];
        }
    }
}

/// The rotation of a bone that is not in quaternion mode; `None` if it is.
pub(crate) fn other_rotation(rows: &Rows, bone: usize, mode: i32) -> Option<Mat3> {
    Some(match RotationMode::from_number(mode)? {
        RotationMode::Quaternion => return None,
        RotationMode::AxisAngle => {
            axis_angle_to_mat3(rows.axis_angle.map_or([0.0, 0.0, 1.0, 0.0], |r| r[bone]))
        }
        order => euler_to_mat3(rows.euler.map_or([0.0; 3], |r| r[bone]), order),
    })
}

/// Puts the rotation of a bone that is not in quaternion mode into a lane.
pub(crate) fn set_rotation(m: &mut Lanes3, lane: usize, rows: &Rows, bone: usize, mode: i32) {
    if let Some(rotation) = other_rotation(rows, bone, mode) {
        set_lane(m, lane, &rotation);
    }
}

/// Replaces the rotations of those of four bones that are not in quaternion mode.
#[inline(never)]
fn other_modes(mut m: Lanes3, rows: &Rows, first: usize, modes: &[i32]) -> Lanes3 {
    for (lane, mode) in modes.iter().enumerate() {
        set_rotation(&mut m, lane, rows, first + lane, *mode);
    }
    m
}

/// A row's four elements from `first` on; what lies behind its end is zero.
#[inline(always)]
fn four<const W: usize>(row: &[[f32; W]], first: usize) -> [[f32; W]; 4] {
    let row = &row[first..];
    row.first_chunk().copied().unwrap_or_else(|| {
        let mut some = [[0.0; W]; 4];
        some[..row.len()].copy_from_slice(row);
        some
    })
}

/// The columns of rotation times scale of the (up to) four bones from `first` on.
#[inline(always)]
pub(crate) fn block(rows: &Rows, first: usize) -> [[Vec4; 3]; 4] {
    let mut m = rotations(four(rows.quaternion, first));
    if let Some(modes) = rows.mode {
        let modes = &modes[first..];
        let modes = &modes[..modes.len().min(4)];
        if modes.iter().any(|mode| *mode != 0) {
            m = other_modes(m, rows, first, modes);
        }
    }
    matrices(&scaled(m, lanes(four(rows.scale, first))))
}

/// The four matrices of [`Lanes3`], one after the other, as columns; the fourth row is zero.
#[inline(always)]
pub(crate) fn matrices([x, y, z]: &Lanes3) -> [[Vec4; 3]; 4] {
    let x = Mat4::from_cols(x[0], x[1], x[2], Vec4::ZERO).transpose();
    let y = Mat4::from_cols(y[0], y[1], y[2], Vec4::ZERO).transpose();
    let z = Mat4::from_cols(z[0], z[1], z[2], Vec4::ZERO).transpose();
    [
        [x.x_axis, y.x_axis, z.x_axis],
        [x.y_axis, y.y_axis, z.y_axis],
        [x.z_axis, y.z_axis, z.z_axis],
        [x.w_axis, y.w_axis, z.w_axis],
    ]
}

/// Reads a matrix; its last row is taken for 0 0 0 1.
#[inline(always)]
pub(crate) fn load(m: &Matrix) -> Affine3A {
    let column = |at: usize| Vec3A::new(m[at], m[at + 1], m[at + 2]);
    Affine3A::from_cols(column(0), column(4), column(8), column(12))
}

/// Writes a matrix.
#[inline(always)]
pub(crate) fn store(m: &Affine3A) -> Matrix {
    let column = |v: Vec3A, w: f32| [v.x, v.y, v.z, w];
    let columns = [
        column(m.matrix3.x_axis, 0.0),
        column(m.matrix3.y_axis, 0.0),
        column(m.matrix3.z_axis, 0.0),
        column(m.translation, 1.0),
    ];
    let mut flat = [0.0; 16];
    flat.copy_from_slice(columns.as_flattened());
    flat
}

/// The channel matrices (`PoseBone.matrix_basis`) of one frame: location, rotation and scale.
///
/// `use_connect` has one byte a bone, absent: no bone is connected. A connected bone ignores its
/// location. `out` has one matrix a bone.
pub fn basis_matrices(
    channels: &Channels,
    frame: usize,
    use_connect: Option<&[u8]>,
    out: &mut [Matrix],
) {
    let count = out.len();
    let rest = channels.stand_ins(count);
    let rows = channels.rows(frame, count, &rest);
    for (index, out) in out.chunks_mut(4).enumerate() {
        let first = index * 4;
        for (bone, (out, [x, y, z])) in (first..).zip(out.iter_mut().zip(block(&rows, first))) {
            let connected = use_connect.is_some_and(|flags| flags[bone] != 0);
            let location = if connected { [0.0; 3] } else { rows.location[bone] };
            *out = store(&Affine3A::from_cols(
                Vec3A::from_vec4(x),
                Vec3A::from_vec4(y),
                Vec3A::from_vec4(z),
                Vec3A::from_array(location),
            ));
        }
    }
}
