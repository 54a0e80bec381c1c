//! Pose operators over caller-owned bone and keyframe arrays.
//!
//! # Conventions
//! * Column vectors: `v' = M v`. Matrices are column-major, translation in the last column.
//!   A bone points along its local +Y axis.
//! * *armature space* (or *pose space*) is the armature's own space; *basis* is a bone's channels
//!   as a matrix, relative to its rest pose.
//! * Angles are radians, frames are fractional frames.
//! * Quaternions are stored `w x y z`, axis-angle `angle x y z`, Euler angles `x y z` whatever the
//!   order of rotation.
//! * Parents come before their children: `parent[i] < i`.
//!
//! The modules are safe Rust over slices; [`capi`] is the C face of the same functions.

pub mod apply_rest;
pub mod capi;
pub mod channels;
pub mod clear;
pub mod clipboard;
pub mod constraint_table;
pub mod constraints;
pub mod curve_index;
pub mod decompose;
pub mod error;
pub mod evaluator;
pub mod expression;
pub mod fcurve;
pub mod hierarchy;
pub mod ik;
pub mod inherit;
pub mod motion_path;
pub mod names;
pub mod par;
pub mod path;
pub mod pose;
pub mod pose_matrices;
pub mod rest;
pub mod rotation;
pub mod rotation_mode;
pub mod select;
pub mod selection_sets;
pub mod slide;
pub mod spline_ik;
pub mod user_transforms;
pub mod visual;

pub use error::{Error, Result};

/// Which Blender's behaviour an operator follows where the versions differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rules {
    /// Blender 4.5 LTS.
    Blender45,
    /// Blender 5.2 LTS.
    #[default]
    Blender52,
}
