//! Motion paths.

use super::fcurve::table;
use super::floats;
use crate::case;
use crate::slot::{Case, Slot, count, may, need, out, view};

const POINTS: usize = 2;
const FRAMES: usize = 5;

fn paths() -> Slot {
    let matrices = [0.5f32; 16 * FRAMES];
    view(
        "LimberPaths",
        vec![
            ("point_count", count(POINTS, 12)),
            ("frame_count", count(FRAMES, 12)),
            ("path_count", count(3, 4)),
            ("point", need(&[1i32, 0, 1])),
            ("first_frame", need(&[0i32, 2, 4])),
            ("length", need(&[5i32, 3, 0])),
            ("object_matrix", may(&matrices)),
            ("camera_matrix", may(&matrices)),
            ("flags", Slot::Choice(7)),
        ],
    )
}

pub fn cases() -> Vec<Case> {
    let points = floats(3 * POINTS * FRAMES);
    vec![
        case!(motion_path::limber_path_points(
            paths(),
            need(&points),
            out(&[7.0f32; 24]),
            Slot::Room(8)
        )),
        case!(motion_path::limber_path_keys(
            count(2, 4),
            need(&[1i32, -3]),
            need(&[4i32, 2]),
            need(&[0usize, 2, 3]),
            need(&[0u32, 1, 1]),
            count(3, 4),
            need(&[0usize, 3, 4]),
            count(2, 8),
            need(&[1.0f32, 0.0, 2.0, 0.0, 3.5, 0.0, -3.0, 1.0]),
            count(4, 8),
            out(&[7i32; 6]),
            Slot::Room(6),
        )),
        case!(motion_path::limber_path_curve_keys(
            count(2, 4),
            need(&[1i32, -3]),
            need(&[4i32, 2]),
            need(&[0usize, 2, 3]),
            need(&[0u32, 1, 1]),
            count(3, 4),
            table(),
            out(&[7i32; 6]),
            Slot::Room(6),
        )),
    ]
}
