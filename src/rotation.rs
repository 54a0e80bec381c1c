//! Rotation representations: quaternion, axis-angle, the six Euler orders, 3×3 matrices, and the
//! conversions between them as Blender does them, rounding included.
//!
//! Quaternions are `w x y z`, axis-angle is `angle x y z`, Euler angles are `x y z` whatever the
//! order; angles are radians. Matrices act on column vectors; `m.col(c)[r]` is row `r` of column
//! `c`. Blender stores single precision and does some of the steps in double: so do these
//! functions, since an angle near a threshold or a singularity shows the difference.

use glam::{Mat3, Vec3};

/// How a bone's rotation is stored; the numbers are those of Blender's `rotation_mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum RotationMode {
    /// Angle and axis.
    AxisAngle = -1,
    /// Quaternion w x y z.
    #[default]
    Quaternion = 0,
    /// X first, then Y, then Z.
    Xyz = 1,
    /// X, Z, Y.
    Xzy = 2,
    /// Y, X, Z.
    Yxz = 3,
    /// Y, Z, X.
    Yzx = 4,
    /// Z, X, Y.
    Zxy = 5,
    /// Z, Y, X.
    Zyx = 6,
}

impl RotationMode {
    /// All modes, by number.
    pub const ALL: [Self; 8] = [
        Self::AxisAngle,
        Self::Quaternion,
        Self::Xyz,
        Self::Xzy,
        Self::Yxz,
        Self::Yzx,
        Self::Zxy,
        Self::Zyx,
    ];

    /// The mode with this number, -1 to 6.
    pub fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            -1 => Self::AxisAngle,
            0 => Self::Quaternion,
            1 => Self::Xyz,
            2 => Self::Xzy,
            3 => Self::Yxz,
            4 => Self::Yzx,
            5 => Self::Zxy,
            6 => Self::Zyx,
            _ => return None,
        })
    }

    /// Whether it is one of the six Euler orders.
    pub fn is_euler(self) -> bool {
        self as i32 > 0
    }

    /// The axes in order of application (first, second, third) and whether that is an odd
    /// permutation; `None` if it is no Euler order.
    pub fn axes(self) -> Option<([usize; 3], bool)> {
        Some(match self {
            Self::Xyz => ([0, 1, 2], false),
            Self::Xzy => ([0, 2, 1], true),
            Self::Yxz => ([1, 0, 2], true),
            Self::Yzx => ([1, 2, 0], false),
            Self::Zxy => ([2, 0, 1], false),
            Self::Zyx => ([2, 1, 0], true),
            Self::AxisAngle | Self::Quaternion => return None,
        })
    }

    /// The axes of an Euler order; those of XYZ for the modes that are none.
    fn order(self) -> ([usize; 3], bool) {
        self.axes().unwrap_or(([0, 1, 2], false))
    }
}

/// The three rotation representations of one bone; only the one its mode names is live.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rotation {
    /// Quaternion w x y z.
    pub quaternion: [f32; 4],
    /// Euler angles x y z, radians.
    pub euler: [f32; 3],
    /// Angle in radians, then axis x y z.
    pub axis_angle: [f32; 4],
}

impl Rotation {
    /// No rotation, in the values of a bone at rest.
    pub const REST: Self = Self {
        quaternion: [1.0, 0.0, 0.0, 0.0],
        euler: [0.0; 3],
        axis_angle: [0.0, 0.0, 1.0, 0.0],
    };

    /// The rotation matrix of the live representation.
    pub fn to_mat3(&self, mode: RotationMode) -> Mat3 {
        match mode {
            RotationMode::Quaternion => quat_to_mat3(quat_normalized(self.quaternion)),
            RotationMode::AxisAngle => axis_angle_to_mat3(self.axis_angle),
            _ => euler_to_mat3(self.euler, mode),
        }
    }

    /// The live representation as a quaternion; a stored quaternion is given as it is.
    pub fn to_quat(&self, mode: RotationMode) -> [f32; 4] {
        match mode {
            RotationMode::Quaternion => self.quaternion,
            RotationMode::AxisAngle => axis_angle_to_quat(self.axis_angle),
            _ => euler_to_quat(self.euler, mode),
        }
    }

    /// Converts the live value of mode `from` into the representation of mode `to`. Between two
    /// Euler orders the orientation is kept and the angles change; the conversion does not look
    /// at the old value of the representation it writes. Quaternions are normalised first.
    pub fn convert(&mut self, from: RotationMode, to: RotationMode) {
        if from == to {
            return;
        }
        let quat = match from {
            RotationMode::Quaternion => quat_normalized(self.quaternion),
            _ => self.to_quat(from),
        };
        match to {
            RotationMode::Quaternion => self.quaternion = quat,
            RotationMode::AxisAngle => self.axis_angle = exact_axis_angle(quat),
            _ => self.euler = quat_to_euler(quat, to),
        }
    }
}

/// `v/|v|` and `|v|`; a vector with `v·v` of at most 1e-35 becomes zero with length 0.
pub fn unit(v: Vec3) -> (Vec3, f32) {
    let squared = v.dot(v);
    if squared > 1e-35 {
        let length = squared.sqrt();
        // Multiplied, not divided: the rounding of single precision shows in rest matrices.
        (v * (1.0 / length), length)
    } else if squared.is_nan() {
        (v, squared)
    } else {
        (Vec3::ZERO, 0.0)
    }
}

/// A unit quaternion; the zero quaternion becomes `(0, 1, 0, 0)`, half a turn about X, as in
/// Blender.
pub fn quat_normalized(q: [f32; 4]) -> [f32; 4] {
    let length = quat_dot(q, q).sqrt();
    if length == 0.0 {
        return [0.0, 1.0, 0.0, 0.0];
    }
    let scale = 1.0 / length;
    q.map(|value| value * scale)
}

/// The dot product of two quaternions.
pub fn quat_dot(a: [f32; 4], b: [f32; 4]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
}

/// The quaternion product `a ⊗ b`: first `b`, then `a`.
pub fn quat_mul(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [
        a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
        a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
        a[0] * b[2] + a[2] * b[0] + a[3] * b[1] - a[1] * b[3],
        a[0] * b[3] + a[3] * b[0] + a[1] * b[2] - a[2] * b[1],
    ]
}

/// The matrix of a quaternion as it is: one that is not of unit length scales and shears.
/// Computed in double, rounded once.
pub fn quat_to_mat3(q: [f32; 4]) -> Mat3 {
    let [w, x, y, z] = q.map(f64::from);
    mat3_of_f64([
        [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)],
        [2.0 * (x * y - w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + w * x)],
        [2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)],
    ])
}

/// Columns in double, rounded to a matrix in single precision.
fn mat3_of_f64(columns: [[f64; 3]; 3]) -> Mat3 {
    Mat3::from_cols_array_2d(&columns.map(|column| column.map(|value| value as f32)))
}

/// The rotation matrix of Euler angles; for order `ABC` it is `R_C · R_B · R_A`. Computed in
/// double. A mode that is no Euler order is taken for XYZ.
pub fn euler_to_mat3(euler: [f32; 3], order: RotationMode) -> Mat3 {
    let ([i, j, k], odd) = order.order();
    let sign = if odd { -1.0 } else { 1.0 };
    let (si, ci) = (sign * f64::from(euler[i])).sin_cos();
    let (sj, cj) = (sign * f64::from(euler[j])).sin_cos();
    let (sk, ck) = (sign * f64::from(euler[k])).sin_cos();
    let (cc, cs, sc, ss) = (ci * ck, ci * sk, si * ck, si * sk);
    let mut columns = [[0.0; 3]; 3];
    columns[i][i] = cj * ck;
    columns[j][i] = sj * sc - cs;
    columns[k][i] = sj * cc + ss;
    columns[i][j] = cj * sk;
    columns[j][j] = sj * ss + cc;
    columns[k][j] = sj * cs - sc;
    columns[i][k] = -sj;
    columns[j][k] = cj * si;
    columns[k][k] = cj * ci;
    mat3_of_f64(columns)
}

/// The quaternion of Euler angles, computed in double; its sign is not normalised, `w` may be
/// negative. A mode that is no Euler order is taken for XYZ.
pub fn euler_to_quat(euler: [f32; 3], order: RotationMode) -> [f32; 4] {
    let ([i, j, k], odd) = order.order();
    let sign = if odd { -1.0 } else { 1.0 };
    let (si, ci) = (f64::from(euler[i]) * 0.5).sin_cos();
    let (sj, cj) = (f64::from(euler[j]) * 0.5 * sign).sin_cos();
    let (sk, ck) = (f64::from(euler[k]) * 0.5).sin_cos();
    let (cc, cs, sc, ss) = (ci * ck, ci * sk, si * ck, si * sk);
    let mut quat = [0.0; 4];
    quat[0] = (cj * cc + sj * ss) as f32;
    quat[1 + i] = (cj * sc - sj * cs) as f32;
    quat[1 + j] = (sign * (cj * ss + sj * cc)) as f32;
    quat[1 + k] = (cj * cs - sj * sc) as f32;
    quat
}

/// The quaternion of an axis-angle: the axis is normalised, a zero axis gives no rotation, the
/// angle is taken as it is.
pub fn axis_angle_to_quat(axis_angle: [f32; 4]) -> [f32; 4] {
    let [angle, x, y, z] = axis_angle;
    let (axis, length) = unit(Vec3::new(x, y, z));
    if length == 0.0 {
        return [1.0, 0.0, 0.0, 0.0];
    }
    let (s, c) = (angle * 0.5).sin_cos();
    [c, axis.x * s, axis.y * s, axis.z * s]
}

/// The axis-angle of a unit quaternion, angle 0 to 2π. All of it in single precision, as Blender
/// does: for tiny rotations the axis is not of unit length, and `|w| > 1` gives NaN everywhere.
pub fn quat_to_axis_angle(q: [f32; 4]) -> [f32; 4] {
    let half = q[0].acos();
    let sine = half.sin();
    let divisor = if sine.abs() < 0.0005 { 1.0 } else { sine };
    let axis = [q[1] / divisor, q[2] / divisor, q[3] / divisor];
    match axis {
        [0.0, 0.0, 0.0] => [half * 2.0, 0.0, 1.0, 0.0],
        [x, y, z] => [half * 2.0, x, y, z],
    }
}

/// The same for every rotation, the tiniest included: the axis is of unit length.
fn exact_axis_angle(q: [f32; 4]) -> [f32; 4] {
    let vector = glam::DVec3::new(q[1].into(), q[2].into(), q[3].into());
    let sine = vector.length();
    if sine == 0.0 {
        return [0.0, 0.0, 1.0, 0.0];
    }
    let axis = vector / sine;
    [(2.0 * sine.atan2(q[0].into())) as f32, axis.x as f32, axis.y as f32, axis.z as f32]
}

/// The rotation matrix of an axis-angle, by Rodrigues' formula; a zero axis gives no rotation.
pub fn axis_angle_to_mat3(axis_angle: [f32; 4]) -> Mat3 {
    let [angle, x, y, z] = axis_angle;
    let (axis, length) = unit(Vec3::new(x, y, z));
    if length == 0.0 {
        return Mat3::IDENTITY;
    }
    let (sine, cosine) = angle.sin_cos();
    let ico = 1.0 - cosine;
    let s = axis * sine;
    let (xx, xy, yy) = (axis.x * axis.x * ico, axis.x * axis.y * ico, axis.y * axis.y * ico);
    let (xz, yz, zz) = (axis.x * axis.z * ico, axis.y * axis.z * ico, axis.z * axis.z * ico);
    Mat3::from_cols(
        Vec3::new(xx + cosine, xy + s.z, xz - s.y),
        Vec3::new(xy - s.z, yy + cosine, yz + s.x),
        Vec3::new(xz + s.y, yz - s.x, zz + cosine),
    )
}

/// The two sets of angles that give the matrix; equal at gimbal lock.
fn euler_candidates(m: &Mat3, order: RotationMode) -> [[f32; 3]; 2] {
    /// Below this cosine of the middle angle the first and third axis count as one.
    const GIMBAL: f32 = 0.000_037_5;
    let ([i, j, k], odd) = order.order();
    let at = |row: usize, column: usize| m.col(column)[row];
    let cosine = at(i, i).hypot(at(j, i));
    let (mut first, mut second) = ([0.0; 3], [0.0; 3]);
    if cosine > GIMBAL {
        first[i] = at(k, j).atan2(at(k, k));
        first[j] = (-at(k, i)).atan2(cosine);
        first[k] = at(j, i).atan2(at(i, i));
        second[i] = (-at(k, j)).atan2(-at(k, k));
        second[j] = (-at(k, i)).atan2(-cosine);
        second[k] = (-at(j, i)).atan2(-at(i, i));
    } else {
        first[i] = (-at(j, k)).atan2(at(j, j));
        first[j] = (-at(k, i)).atan2(cosine);
        second = first;
    }
    if odd {
        first = first.map(|angle| -angle);
        second = second.map(|angle| -angle);
    }
    [first, second]
}

/// The Euler angles of a rotation matrix: of the two solutions the one with the smaller sum of
/// absolute angles. A mode that is no Euler order is taken for XYZ.
pub fn mat3_to_euler(m: &Mat3, order: RotationMode) -> [f32; 3] {
    let size = |e: &[f32; 3]| e[0].abs() + e[1].abs() + e[2].abs();
    let [first, second] = euler_candidates(m, order);
    if size(&first) > size(&second) { second } else { first }
}

/// Moves each angle by whole turns to within half a turn of `old`.
fn wrap_near(euler: [f32; 3], old: [f32; 3]) -> [f32; 3] {
    use std::f32::consts::{PI, TAU};
    let mut near = euler;
    for (angle, old) in near.iter_mut().zip(old) {
        let apart = *angle - old;
        if apart > PI {
            *angle -= TAU * (apart / TAU + 0.5).floor();
        } else if apart < -PI {
            *angle += TAU * (-apart / TAU + 0.5).floor();
        }
    }
    near
}

/// The Euler angles of a rotation matrix that lie nearest to `old`: both solutions are moved by
/// whole turns, and the one with the smaller sum of absolute differences is taken. A mode that
/// is no Euler order is taken for XYZ.
pub fn mat3_to_euler_compatible(m: &Mat3, old: [f32; 3], order: RotationMode) -> [f32; 3] {
    let apart =
        |e: &[f32; 3]| (e[0] - old[0]).abs() + (e[1] - old[1]).abs() + (e[2] - old[2]).abs();
    let [first, second] = euler_candidates(m, order).map(|euler| wrap_near(euler, old));
    if apart(&first) > apart(&second) { second } else { first }
}

/// The Euler angles of a quaternion as it is (normalise it first where that is wanted).
pub fn quat_to_euler(q: [f32; 4], order: RotationMode) -> [f32; 3] {
    mat3_to_euler(&quat_to_mat3(q), order)
}

/// The matrix with its columns normalised; columns of zero length stay zero.
pub fn mat3_normalized(m: &Mat3) -> Mat3 {
    Mat3::from_cols(unit(m.x_axis).0, unit(m.y_axis).0, unit(m.z_axis).0)
}

/// The quaternion of any 3×3 matrix, `w` not negative. Scale is removed from the columns, a
/// mirrored matrix is negated, a determinant that is no finite number gives no rotation.
pub fn mat3_to_quat(m: &Mat3) -> [f32; 4] {
    let mut r = mat3_normalized(m);
    let determinant = r.determinant();
    if !determinant.is_finite() {
        r = Mat3::IDENTITY;
    } else if determinant < 0.0 {
        r = -r;
    }
    normalized_mat3_to_quat(&r)
}

/// [`mat3_to_quat`] of a matrix with unit columns and a positive determinant. The branches are
/// Blender's: for a sheared matrix another order of them would give another rotation.
fn normalized_mat3_to_quat(r: &Mat3) -> [f32; 4] {
    let at = |row: usize, column: usize| r.col(column)[row];
    // `lead` is the component of the quaternion with the largest magnitude.
    let (t, negate, lead) = if at(2, 2) < 0.0 {
        if at(0, 0) > at(1, 1) {
            (1.0 + at(0, 0) - at(1, 1) - at(2, 2), at(2, 1) < at(1, 2), 1)
        } else {
            (1.0 - at(0, 0) + at(1, 1) - at(2, 2), at(0, 2) < at(2, 0), 2)
        }
    } else if at(0, 0) < -at(1, 1) {
        (1.0 - at(0, 0) - at(1, 1) + at(2, 2), at(1, 0) < at(0, 1), 3)
    } else {
        (1.0 + at(0, 0) + at(1, 1) + at(2, 2), false, 0)
    };
    let s = 2.0 * t.sqrt() * if negate { -1.0 } else { 1.0 };
    let inverse = 1.0 / s;
    let (wx, wy, wz) = (at(2, 1) - at(1, 2), at(0, 2) - at(2, 0), at(1, 0) - at(0, 1));
    let (xy, xz, yz) = (at(0, 1) + at(1, 0), at(0, 2) + at(2, 0), at(1, 2) + at(2, 1));
    let mut quat = match lead {
        0 => [0.0, wx, wy, wz],
        1 => [wx, 0.0, xy, xz],
        2 => [wy, xy, 0.0, yz],
        _ => [wz, xz, yz, 0.0],
    }
    .map(|value| value * inverse);
    quat[lead] = 0.25 * s;
    // The zero matrix has t = 1 and nothing else: it gives no rotation instead of half a one.
    if t == 1.0 && (0..4).all(|index| index == lead || quat[index] == 0.0) {
        quat[lead] = 1.0;
    }
    if (quat_dot(quat, quat) - 1.0).abs() >= 0.0006 {
        quat = quat_normalized(quat);
    }
    quat
}
