//! How a path is turned about itself.

use super::Samples;
use crate::constraints::matrix::unit;
use glam::{Mat3A, Quat, Vec3A};

/// What upwards is along a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Twist {
    /// As near to Z as can be, everywhere.
    ZUp,
    /// As near to Z as can be at the start, from there with as little turning as can be.
    #[default]
    Minimum,
}

/// The direction at each point: between those of the two segments that meet there.
fn directions(samples: &Samples) -> Vec<Vec3A> {
    let points = &samples.points;
    let (count, cyclic) = (points.len(), samples.cyclic);
    if count == 2 {
        // As in Blender, also there and back again.
        return vec![unit(points[1] - points[0]); 2];
    }
    let to_next = |index: usize| unit(points[(index + 1) % count] - points[index]);
    let direction = |index: usize| {
        let first = index == 0 && !cyclic;
        let last = index + 1 == count && !cyclic;
        let before = if first { Vec3A::ZERO } else { to_next((index + count - 1) % count) };
        let after = if last { Vec3A::ZERO } else { to_next(index) };
        let given = samples.ends[usize::from(last)];
        match (first || last) && given != Vec3A::ZERO {
            true => given,
            // There and back again.
            false if before == -after => before,
            false => unit(before + after),
        }
    };
    (0..count).map(direction).collect()
}

/// The frame along a direction whose third column is as near to Z as can be.
fn upright(along: Vec3A) -> Mat3A {
    let flat = Vec3A::new(along.y, -along.x, 0.0);
    // Where Blender takes a direction for vertical.
    let least = if along.z > 0.0 { 3.452_67e-4 } else { 2.441_4e-4 };
    let side = if flat.length() < least { Vec3A::X } else { unit(flat) };
    let side = unit(side - along * side.dot(along));
    Mat3A::from_cols(side, along, side.cross(along))
}

/// The shortest turn from one direction to another.
fn turn(from: Vec3A, to: Vec3A) -> Quat {
    let axis = from.cross(to);
    let sine = axis.length();
    if sine < 1e-12 {
        return Quat::IDENTITY;
    }
    Quat::from_axis_angle((axis / sine).into(), sine.atan2(from.dot(to)))
}

/// The angle about `axis` that brings one direction across it to another.
fn angle(axis: Vec3A, from: Vec3A, to: Vec3A) -> f32 {
    from.cross(to).dot(axis).atan2(from.dot(to))
}

/// The frame at each point before its tilt; columns: to the side, along the path, upwards.
pub(super) fn frames(samples: &Samples, twist: Twist) -> Vec<Mat3A> {
    let along = directions(samples);
    let count = along.len();
    if twist == Twist::ZUp || count <= 2 {
        return along.into_iter().map(upright).collect();
    }
    // A cyclic path begins at its last point, as in Blender.
    let first = if samples.cyclic { count - 1 } else { 0 };
    let mut frames = vec![upright(along[first]); count];
    let mut frame = frames[first];
    for step in 1..count {
        let (last, index) = ((first + step - 1) % count, (first + step) % count);
        frame = carried(&frame, along[last], along[index]);
        frames[index] = frame;
    }
    if samples.cyclic {
        let last = (first + count - 1) % count;
        let back = carried(&frame, along[last], along[first]);
        // What is left over after one round is shared out.
        let rest = angle(along[first], back.z_axis, frames[first].z_axis);
        for step in 0..count {
            let index = (first + step) % count;
            let part = rest * (step + 1) as f32 / count as f32;
            let roll = Quat::from_axis_angle(along[index].into(), part);
            frames[index] = Mat3A::from_quat(roll) * frames[index];
        }
    }
    frames
}

/// A frame along a direction carried on to another.
fn carried(frame: &Mat3A, from: Vec3A, to: Vec3A) -> Mat3A {
    let turned = Mat3A::from_quat(turn(from, to)) * *frame;
    // So that rounding does not add up along the path.
    let side = unit(turned.x_axis - to * turned.x_axis.dot(to));
    Mat3A::from_cols(side, to, side.cross(to))
}
