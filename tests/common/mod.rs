//! What the tests of the C face share: the header as data, and the compilers.
// Each test binary uses its own part of this module.
#![allow(dead_code)]

pub mod compile;
pub mod header;
