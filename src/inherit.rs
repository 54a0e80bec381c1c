//! What a bone inherits from its parent: Blender's inherit settings as one transform.

use glam::{Affine3A, DMat3, Mat3A, Vec3, Vec3A};

/// How a bone inherits its parent's scale; the numbers are those of Blender's `inherit_scale`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum InheritScale {
    /// All of it, shear included.
    #[default]
    Full = 0,
    /// Scale as it is, shear removed.
    FixShear = 1,
    /// The uniform scale of the same volume.
    Average = 2,
    /// No scale.
    None = 3,
    /// No scale, but shear stays.
    NoneLegacy = 4,
    /// The parent's scale along the bone's own axes.
    Aligned = 5,
}

impl InheritScale {
    /// The setting with this number, 0 to 5.
    pub fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Full,
            1 => Self::FixShear,
            2 => Self::Average,
            3 => Self::None,
            4 => Self::NoneLegacy,
            5 => Self::Aligned,
            _ => return None,
        })
    }
}

/// The inherit settings of one bone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inherit {
    /// `inherit_scale`.
    pub scale: InheritScale,
    /// `use_inherit_rotation`.
    pub rotation: bool,
    /// `use_local_location`: the location is along the bone's own axes.
    pub local_location: bool,
}

impl Default for Inherit {
    fn default() -> Self {
        Self { scale: InheritScale::Full, rotation: true, local_location: true }
    }
}

/// What stands between a bone's channels and its pose matrix: rotation and scale go through
/// `rotscale`, the location through `loc`, and `post` scales the columns of the result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParentTransform {
    /// 3×3 for rotation and scale.
    pub rotscale: Mat3A,
    /// For the location.
    pub loc: Affine3A,
    /// Scale of the result's columns.
    pub post: Vec3A,
}

impl ParentTransform {
    /// Of a bone without a parent.
    pub fn root(rest: &Affine3A, inherit: Inherit) -> Self {
        let loc = match inherit.local_location {
            true => *rest,
            false => Affine3A::from_translation(Vec3::from(rest.translation)),
        };
        Self { rotscale: rest.matrix3, loc, post: Vec3A::ONE }
    }

    /// Of a bone whose parent has the rest matrix `parent_rest` and the pose matrix
    /// `parent_pose`; `offset` is `parent_rest⁻¹ · rest`.
    pub fn child(
        offset: &Affine3A,
        parent_rest: &Mat3A,
        parent_pose: &Affine3A,
        inherit: Inherit,
    ) -> Self {
        let (rotscale, post) =
            inherited_rotscale(&offset.matrix3, parent_rest, &parent_pose.matrix3, inherit);
        let mut loc = *parent_pose * *offset;
        if !inherit.local_location {
            loc.matrix3 = parent_pose.matrix3;
        }
        Self { rotscale, loc, post }
    }

    /// The pose matrix of a bone whose channels make the matrix `basis`.
    pub fn apply(&self, basis: &Affine3A) -> Affine3A {
        let m = self.rotscale * basis.matrix3;
        Affine3A {
            matrix3: scale_columns(&m, self.post),
            translation: self.loc.transform_point3a(basis.translation),
        }
    }

    /// The way back: applied to a pose matrix it gives the channel matrix. A part that cannot be
    /// inverted becomes zero, as in Blender.
    pub fn inverse(&self) -> Self {
        let post = self.post.to_array().map(|scale| if scale == 0.0 { 0.0 } else { 1.0 / scale });
        Self {
            rotscale: inverse_or_zero(&self.rotscale),
            loc: affine_inverse_or_zero(&self.loc),
            post: post.into(),
        }
    }

    /// `self` after `first`, part by part.
    pub fn after(&self, first: &Self) -> Self {
        Self {
            rotscale: self.rotscale * first.rotscale,
            loc: self.loc * first.loc,
            post: self.post * first.post,
        }
    }
}

/// The rotation-and-scale part and the column scale of a child.
pub(crate) fn inherited_rotscale(
    offset: &Mat3A,
    parent_rest: &Mat3A,
    parent_pose: &Mat3A,
    inherit: Inherit,
) -> (Mat3A, Vec3A) {
    use InheritScale::{Aligned, Average, FixShear, Full, NoneLegacy};
    let (pose, rest) = (parent_pose, parent_rest);
    let mut post = Vec3A::ONE;
    let mut t = match (inherit.rotation, inherit.scale) {
        (true, Full | FixShear) => *pose,
        (true, Aligned) => {
            let straight = orthogonalize(pose, true);
            post = column_lengths(&straight);
            normalize_columns(&straight)
        }
        (true, NoneLegacy) => normalize_columns(pose),
        (true, _) => orthogonalize(pose, false),
        (false, Full) => scale_columns(rest, column_lengths(pose)),
        (false, FixShear) => scale_columns(rest, shear_safe_lengths(pose)),
        (false, Aligned) => {
            post = shear_safe_lengths(pose);
            *rest
        }
        (false, _) => *rest,
    };
    if inherit.scale == Average {
        t *= pose.determinant().abs().cbrt();
    }
    let mut rotscale = t * *offset;
    if inherit.scale == FixShear {
        rotscale = orthogonalize(&rotscale, true);
    }
    (rotscale, post)
}

pub(crate) fn scale_columns(m: &Mat3A, scale: Vec3A) -> Mat3A {
    Mat3A::from_cols(m.x_axis * scale.x, m.y_axis * scale.y, m.z_axis * scale.z)
}

pub(crate) fn column_lengths(m: &Mat3A) -> Vec3A {
    Vec3A::new(m.x_axis.length(), m.y_axis.length(), m.z_axis.length())
}

/// Column lengths, reduced so that their product is the volume.
fn shear_safe_lengths(m: &Mat3A) -> Vec3A {
    let lengths = column_lengths(m);
    let product = lengths.x * lengths.y * lengths.z;
    match product == 0.0 {
        true => lengths,
        false => lengths * (m.determinant().abs() / product).cbrt(),
    }
}

/// Normalised and its length; a zero vector stays as it is.
fn unit(v: Vec3A) -> (Vec3A, f32) {
    let length = v.length();
    if length == 0.0 { (v, length) } else { (v * (1.0 / length), length) }
}

pub(crate) fn normalize_columns(m: &Mat3A) -> Mat3A {
    Mat3A::from_cols(unit(m.x_axis).0, unit(m.y_axis).0, unit(m.z_axis).0)
}

/// Makes the columns orthogonal without favouring X or Z: Y stays, X and Z become orthogonal to
/// it, and then move apart evenly. `keep_lengths`: the columns keep their lengths (of X and Z
/// what is left after the shear along Y is gone), else they are normalised.
pub(crate) fn orthogonalize(m: &Mat3A, keep_lengths: bool) -> Mat3A {
    let (mut x, mut y, mut z) = (m.x_axis, m.y_axis, m.z_axis);
    let squared = y.dot(y);
    if squared > 0.0 {
        x -= y * (x.dot(y) / squared);
        z -= y * (z.dot(y) / squared);
        if !keep_lengths {
            y = unit(y).0;
        }
    }
    let ((mut nx, x_length), (mut nz, z_length)) = (unit(x), unit(z));
    let cosine = nx.dot(nz);
    // Blender lets X and Z be when they are nearly orthogonal, and when they are parallel.
    if cosine.abs() > 1e-4 && cosine.abs() < 1.0 - f32::EPSILON {
        let angle = cosine.acos();
        let wider = angle + (std::f32::consts::FRAC_PI_2 - angle) * 0.5;
        let across = nx - nz * cosine;
        nx = across * (wider.sin() / across.length()) + nz * wider.cos();
        nz = unit(nx.cross(nz).cross(nx)).0;
        if keep_lengths {
            let shrink = angle.sin().sqrt();
            x = nx * (x_length * shrink);
            z = nz * (z_length * shrink);
        }
    }
    if keep_lengths { Mat3A::from_cols(x, y, z) } else { Mat3A::from_cols(nx, y, nz) }
}

fn to_f64(m: &Mat3A) -> DMat3 {
    DMat3::from_cols(m.x_axis.as_dvec3(), m.y_axis.as_dvec3(), m.z_axis.as_dvec3())
}

fn to_f32(m: &DMat3) -> Mat3A {
    let column = |v: glam::DVec3| Vec3A::from(v.as_vec3());
    Mat3A::from_cols(column(m.x_axis), column(m.y_axis), column(m.z_axis))
}

/// The inverse in double, or `None` if the determinant vanishes in single precision.
fn inverse(m: &Mat3A) -> Option<DMat3> {
    let m = to_f64(m);
    (m.determinant() as f32 != 0.0).then(|| m.inverse())
}

/// The inverse, or the zero matrix if there is none.
pub(crate) fn inverse_or_zero(m: &Mat3A) -> Mat3A {
    inverse(m).map_or(Mat3A::ZERO, |m| to_f32(&m))
}

/// The inverse, or the zero matrix if there is none.
pub(crate) fn affine_inverse_or_zero(m: &Affine3A) -> Affine3A {
    match inverse(&m.matrix3) {
        None => Affine3A { matrix3: Mat3A::ZERO, translation: Vec3A::ZERO },
        Some(inverse) => {
            let translation = inverse * m.translation.as_dvec3();
            Affine3A { matrix3: to_f32(&inverse), translation: (-translation).as_vec3().into() }
        }
    }
}
