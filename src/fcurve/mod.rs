//! F-curves: keys where they lie, evaluation, handles, insertion.

pub mod key;

pub use key::{Key, KeyLayout, KeyView, Keys};
