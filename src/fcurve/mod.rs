//! F-curves: keys where they lie, evaluation, handles, insertion.

pub(crate) mod alike;
pub(crate) mod bezier;
pub(crate) mod cubic;
pub mod easing;
pub mod evaluate;
pub mod handles;
pub mod insert;
pub mod key;
pub mod modifiers;
pub mod noise;
pub mod propagate;
pub mod samples;
mod smooth;
mod split;
mod together;
pub mod update;

pub(crate) use alike::Solved;
pub use evaluate::{Curve, Extrapolation, evaluate_curves};
pub(crate) use evaluate::{Near, likely_segment};
pub use key::{Key, KeyLayout, KeyView, Keys};
pub use modifiers::Modifier;
pub use samples::Samples;
