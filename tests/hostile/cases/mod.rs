//! One good call of every exported function, a file for each family.

mod status;

use crate::slot::Case;

/// Every case.
pub fn all() -> Vec<Case> {
    [status::cases()].into_iter().flatten().collect()
}
