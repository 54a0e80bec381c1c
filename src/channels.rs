//! Channels of many bones, for one or many frames, and the matrices they make.

use crate::pose::PoseMut;
use crate::rotation::{RotationMode, axis_angle_to_mat3, euler_to_mat3};
use glam::{Affine3A, Mat4, Vec3A, Vec4};

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

    /// The channels of the first `bones` bones in one frame.
    pub(crate) fn rows(&self, frame: usize, bones: usize) -> Rows<'a> {
        Rows {
            location: self.location.map(|c| c.row(frame, bones)),
            quaternion: self.rotation_quaternion.map(|c| c.row(frame, bones)),
            euler: self.rotation_euler.map(|c| c.row(frame, bones)),
            axis_angle: self.rotation_axis_angle.map(|c| c.row(frame, bones)),
            scale: self.scale.map(|c| c.row(frame, bones)),
            mode: self.rotation_mode.map(|modes| &modes[..bones]),
        }
    }
}

/// [`Channels`] of one frame.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) location: Option<&'a [[f32; 3]]>,
    pub(crate) quaternion: Option<&'a [[f32; 4]]>,
    pub(crate) euler: Option<&'a [[f32; 3]]>,
    pub(crate) axis_angle: Option<&'a [[f32; 4]]>,
    pub(crate) scale: Option<&'a [[f32; 3]]>,
    pub(crate) mode: Option<&'a [i32]>,
}

impl Rows<'_> {
    fn mode(&self, bone: usize) -> RotationMode {
        self.mode.map_or(RotationMode::Quaternion, |modes| {
            RotationMode::from_number(modes[bone]).unwrap_or_default()
        })
    }

    fn quaternion(&self, bone: usize) -> Vec4 {
        self.quaternion.map_or(Vec4::X, |rows| Vec4::from_array(rows[bone]))
    }

    fn scale(&self, bone: usize) -> [f32; 3] {
        self.scale.map_or([1.0; 3], |rows| rows[bone])
    }
}

/// Four 3×3 matrices at once: `m[column][row]` has one lane a matrix.
pub(crate) type Lanes3 = [[Vec4; 3]; 3];

/// Which bone of which frame each lane works on.
pub(crate) struct Lane<'r, 'a> {
    pub(crate) rows: &'r Rows<'a>,
    pub(crate) bone: usize,
}

/// Rotation times scale of four poses of bones.
///
/// Single precision throughout, which for a matrix is near enough to Blender's double (2e-7),
/// and every lane is computed alone: what stands in the others does not matter.
#[inline(always)]
pub(crate) fn rotation_scale(lanes: &[Lane; 4]) -> Lanes3 {
    let quats = Mat4::from_cols(
        lanes[0].rows.quaternion(lanes[0].bone),
        lanes[1].rows.quaternion(lanes[1].bone),
        lanes[2].rows.quaternion(lanes[2].bone),
        lanes[3].rows.quaternion(lanes[3].bone),
    )
    .transpose();
    let mut m = quaternion_lanes([quats.x_axis, quats.y_axis, quats.z_axis, quats.w_axis]);
    for (index, lane) in lanes.iter().enumerate() {
        if lane.rows.mode.is_some() && lane.rows.mode(lane.bone) != RotationMode::Quaternion {
            other_mode(&mut m, index, lane);
        }
    }
    if lanes[0].rows.scale.is_some() {
        let s = [0, 1, 2, 3].map(|l: usize| lanes[l].rows.scale(lanes[l].bone));
        for (axis, column) in m.iter_mut().enumerate() {
            let scale = Vec4::new(s[0][axis], s[1][axis], s[2][axis], s[3][axis]);
            *column = column.map(|row| row * scale);
        }
    }
    m
}

/// The rotation matrices of four quaternions, which are normalised first.
#[inline(always)]
fn quaternion_lanes([w, x, y, z]: [Vec4; 4]) -> Lanes3 {
    let squared = w * w + x * x + y * y + z * z;
    // The zero quaternion normalises to half a turn about X.
    let zero = squared.cmpeq(Vec4::ZERO);
    let scale = Vec4::select(zero, Vec4::ZERO, squared.sqrt().recip());
    let x = Vec4::select(zero, Vec4::ONE, x * scale);
    let (w, y, z) = (w * scale, y * scale, z * scale);
    let (x2, y2, z2) = (x + x, y + y, z + z);
    let (xx, xy, xz) = (x * x2, x * y2, x * z2);
    let (yy, yz, zz) = (y * y2, y * z2, z * z2);
    let (wx, wy, wz) = (w * x2, w * y2, w * z2);
    [
        [Vec4::ONE - (yy + zz), xy + wz, xz - wy],
        [xy - wz, Vec4::ONE - (xx + zz), yz + wx],
        [xz + wy, yz - wx, Vec4::ONE - (xx + yy)],
    ]
}

/// Puts the rotation of a bone that is not in quaternion mode into its lane.
#[inline(never)]
fn other_mode(m: &mut Lanes3, index: usize, lane: &Lane) {
    let (rows, bone) = (lane.rows, lane.bone);
    let rotation = match rows.mode(bone) {
        RotationMode::AxisAngle => {
            axis_angle_to_mat3(rows.axis_angle.map_or([0.0, 0.0, 1.0, 0.0], |r| r[bone]))
        }
        order => euler_to_mat3(rows.euler.map_or([0.0; 3], |r| r[bone]), order),
    };
    for (column, lanes) in m.iter_mut().enumerate() {
        for (row, lane) in lanes.iter_mut().enumerate() {
            lane[index] = rotation.col(column)[row];
        }
    }
}

/// The four matrices of [`Lanes3`], one after the other, as columns; the fourth row is zero.
#[inline(always)]
pub(crate) fn matrices(m: &Lanes3) -> [[Vec4; 3]; 4] {
    let [x, y, z] = m.map(|c| Mat4::from_cols(c[0], c[1], c[2], Vec4::ZERO).transpose());
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
    let rows = channels.rows(frame, count);
    for (block, out) in out.chunks_mut(4).enumerate() {
        let first = block * 4;
        let lane = |lane: usize| Lane { rows: &rows, bone: (first + lane).min(count - 1) };
        let turned = matrices(&rotation_scale(&[lane(0), lane(1), lane(2), lane(3)]));
        for (index, (out, [x, y, z])) in out.iter_mut().zip(turned).enumerate() {
            let bone = first + index;
            let connected = use_connect.is_some_and(|flags| flags[bone] != 0);
            let location = match rows.location {
                Some(location) if !connected => location[bone],
                _ => [0.0; 3],
            };
            let place = Vec3A::from_array(location);
            *out = store(&Affine3A::from_cols(
                Vec3A::from_vec4(x),
                Vec3A::from_vec4(y),
                Vec3A::from_vec4(z),
                place,
            ));
        }
    }
}
