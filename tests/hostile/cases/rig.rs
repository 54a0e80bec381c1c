//! Rigs and their channels.

use super::floats;
use crate::slot::{Slot, count, may, need, view};

/// Identity matrices, shifted.
pub fn matrices(n: usize) -> Vec<f32> {
    let shifted = |i| glam::Mat4::from_translation(glam::Vec3::new(0.0, i as f32, 0.0));
    (0..n).flat_map(|i| shifted(i).to_cols_array()).collect()
}

/// The flags of bones: `use_connect`, `use_inherit_rotation`, `use_local_location`.
pub type Flags<'a> = [&'a [u8]; 3];

/// A LimberRig with every array.
pub fn rig(parents: &[i32], inherit_scale: &[i32], [connect, rotation, location]: Flags) -> Slot {
    let n = parents.len();
    view(
        "LimberRig",
        vec![
            ("bone_count", count(n, 4)),
            ("parent", need(parents)),
            ("rest", need(&matrices(n))),
            ("offset", may(&matrices(n))),
            ("length", need(&floats(n))),
            ("inherit_scale", may(inherit_scale)),
            ("use_connect", may(connect)),
            ("use_inherit_rotation", may(rotation)),
            ("use_local_location", may(location)),
        ],
    )
}

/// A LimberPose that is read, with the channels of `frames` frames.
pub fn channels(modes: &[i32], frames: usize) -> Slot {
    let array = |each: usize| may(&floats(each * modes.len() * frames));
    view(
        "LimberPose",
        vec![
            ("bone_count", count(modes.len(), 4)),
            ("location", array(3)),
            ("rotation_quaternion", array(4)),
            ("rotation_euler", array(3)),
            ("rotation_axis_angle", array(4)),
            ("scale", array(3)),
            ("rotation_mode", may(modes)),
        ],
    )
}
