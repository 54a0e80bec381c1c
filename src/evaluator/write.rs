//! How properties take numbers.

/// The least and the greatest value that a number can have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The least.
    pub min: f32,
    /// The greatest.
    pub max: f32,
}

impl Limits {
    /// Any value.
    pub const NONE: Self = Self { min: f32::NEG_INFINITY, max: f32::INFINITY };
    /// That of a factor.
    pub const FACTOR: Self = Self { min: 0.0, max: 1.0 };

    /// The nearest value inside. A NaN stays one.
    pub fn apply(self, value: f32) -> f32 {
        let low = if value < self.min { self.min } else { value };
        if low > self.max { self.max } else { low }
    }

    /// Inside both.
    pub fn and(self, other: Self) -> Self {
        let (min, max) = (self.min.max(other.min), self.max.min(other.max));
        Self { min, max }
    }
}

/// What a property makes of a number that a curve or driver writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Write {
    /// A float within limits.
    Float(Limits),
    /// A whole number within limits; what is behind the point is cut off.
    Int(Limits),
    /// True from 1 on.
    Bool,
}

impl Write {
    /// As it is.
    pub const PLAIN: Self = Self::Float(Limits::NONE);

    /// Inside other limits as well.
    pub(super) fn within(self, limits: Limits) -> Self {
        match self {
            Self::Float(own) => Self::Float(own.and(limits)),
            Self::Int(own) => Self::Int(own.and(limits)),
            Self::Bool => Self::Bool,
        }
    }

    pub(super) fn apply(self, value: f32) -> f32 {
        match self {
            Self::Float(limits) => limits.apply(value),
            Self::Int(limits) => limits.apply(value).trunc(),
            Self::Bool => f32::from(u8::from(value >= 1.0)),
        }
    }
}
