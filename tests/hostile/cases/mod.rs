//! One good call of every exported function, a file for each family.

mod bone_records;
mod clear;
mod clipboard;
mod constraint_table;
mod evaluator;
mod fcurve;
mod fcurve_edit;
mod keys;
mod motion_path;
mod names;
mod plan;
mod record_copies;
mod records;
mod rig;
mod select;
mod selection_sets;
mod slide;
mod status;
mod transform;

use crate::slot::{Case, Slot};

/// Every case.
pub fn all() -> Vec<Case> {
    let mut all = status::cases();
    all.extend(bone_records::cases());
    all.extend(clear::cases());
    all.extend(clipboard::cases());
    all.extend(constraint_table::cases());
    all.extend(evaluator::cases());
    all.extend(fcurve::cases());
    all.extend(fcurve_edit::cases());
    all.extend(keys::cases());
    all.extend(motion_path::cases());
    all.extend(names::cases());
    all.extend(plan::cases());
    all.extend(record_copies::cases());
    all.extend(records::cases());
    all.extend(select::cases());
    all.extend(selection_sets::cases());
    all.extend(slide::cases());
    all.extend(transform::cases());
    all
}

/// Texts as the header wants them: each with a terminating 0, one after the other.
pub fn texts(list: &[&str]) -> Vec<u8> {
    list.iter().flat_map(|text| text.bytes().chain([0])).collect()
}

/// A view that may be absent.
pub fn optional(slot: Slot) -> Slot {
    match slot {
        Slot::View { name, fields, .. } => Slot::View { name, fields, required: false },
        other => other,
    }
}

/// `count` floats that are all different and small.
pub fn floats(count: usize) -> Vec<f32> {
    (0..count).map(|i| 0.25 + i as f32 / 16.0).collect()
}

/// A LimberPose of `n` bones with every array, in mixed rotation modes.
pub fn pose(n: usize) -> Slot {
    let modes: Vec<i32> = (0..n as i32).map(|i| i % 8 - 1).collect();
    let arrays = [
        ("location", 3),
        ("rotation_quaternion", 4),
        ("rotation_euler", 3),
        ("rotation_axis_angle", 4),
        ("scale", 3),
        ("bbone_curveinx", 1),
        ("bbone_curveinz", 1),
        ("bbone_curveoutx", 1),
        ("bbone_curveoutz", 1),
        ("bbone_rollin", 1),
        ("bbone_rollout", 1),
        ("bbone_easein", 1),
        ("bbone_easeout", 1),
        ("bbone_scalein", 3),
        ("bbone_scaleout", 3),
    ];
    let mut fields: Vec<(&'static str, Slot)> = arrays
        .iter()
        .map(|(name, each)| (*name, crate::slot::may_out(&floats(each * n))))
        .collect();
    fields.push(("rotation_mode", crate::slot::may_out(&modes)));
    fields.push(("bone_count", crate::slot::count(n, 4)));
    crate::slot::view("LimberPose", fields)
}

/// LimberLocks of `n` bones, some locked in every way; may be absent.
pub fn locks(n: usize) -> Slot {
    let bytes = |each: usize| -> Vec<u8> { (0..each * n).map(|i| (i % 3 == 0) as u8).collect() };
    let fields = [
        ("lock_location", 3),
        ("lock_rotation", 3),
        ("lock_rotation_w", 1),
        ("lock_rotations_4d", 1),
        ("lock_scale", 3),
    ];
    let fields = fields.iter().map(|(name, each)| (*name, crate::slot::may(&bytes(*each))));
    crate::slot::may_view("LimberLocks", fields.collect())
}

/// Records of keys for output and input: `n` keys at frames 0, 1, 2 ...
pub fn keys(n: usize) -> Vec<limber::capi::keys::LimberKey> {
    (0..n)
        .map(|i| limber::capi::keys::LimberKey {
            point: [i as f32, 0.5 * i as f32],
            handle_left: [i as f32 - 0.3, 0.5 * i as f32],
            handle_right: [i as f32 + 0.3, 0.5 * i as f32],
            back: 1.7,
            amplitude: 0.8,
            period: 4.1,
            interpolation: (2 + i % 11) as u8,
            easing: (i % 4) as u8,
            handle_left_type: (i % 5) as u8,
            handle_right_type: (i % 5) as u8,
            key_type: (i % 6) as u8,
            select_point: (i % 2) as u8,
            select_left: 0,
            select_right: 1,
        })
        .collect()
}
