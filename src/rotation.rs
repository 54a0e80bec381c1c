//! Rotation representations: quaternion, axis-angle and the six Euler orders.

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
}
