//! Influence: the way from one matrix to another, rotation and stretch apart.

use crate::rotation::{mat3_to_quat, quat_dot, quat_to_mat3};
use glam::{Affine3A, DMat3, DVec3, Mat3, Mat3A};

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix, by Jacobi rotations. The number
/// of sweeps is fixed, so that no input, not even NaN, keeps it busy.
fn eigen(mut a: DMat3) -> (DVec3, DMat3) {
    let mut v = DMat3::IDENTITY;
    for _ in 0..12 {
        let beside = a.y_axis.x.abs() + a.z_axis.x.abs() + a.z_axis.y.abs();
        let along = a.x_axis.x.abs() + a.y_axis.y.abs() + a.z_axis.z.abs();
        if beside <= along * 1e-17 {
            break;
        }
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            let apq = a.col(q)[p];
            if apq == 0.0 {
                continue;
            }
            let theta = (a.col(q)[q] - a.col(p)[p]) / (2.0 * apq);
            let sign = if theta < 0.0 { -1.0 } else { 1.0 };
            let t = sign / (theta.abs() + theta.hypot(1.0));
            let c = 1.0 / t.hypot(1.0);
            let s = t * c;
            // Turned from both sides: what a product with the whole turn would leave as it is, is
            // left alone.
            for column in [&mut a.x_axis, &mut a.y_axis, &mut a.z_axis] {
                let (ap, aq) = (column[p], column[q]);
                column[p] = c * ap - s * aq;
                column[q] = s * ap + c * aq;
            }
            for m in [&mut a, &mut v] {
                let (mp, mq) = (m.col(p), m.col(q));
                *m.col_mut(p) = mp * c - mq * s;
                *m.col_mut(q) = mp * s + mq * c;
            }
        }
    }
    (DVec3::new(a.x_axis.x, a.y_axis.y, a.z_axis.z), v)
}

/// Rotation and symmetric stretch of a matrix; a mirror goes into the stretch.
fn polar(m: &Mat3A) -> (DMat3, DMat3) {
    let m = DMat3::from_cols(m.x_axis.as_dvec3(), m.y_axis.as_dvec3(), m.z_axis.as_dvec3());
    let (squares, v) = eigen(m.transpose() * m);
    let most = squares.max_element();
    let mut order = [0usize, 1, 2];
    order.sort_by(|a, b| squares[*b].total_cmp(&squares[*a]));
    // Left singular vectors, those of vanishing stretch made up from the others.
    let mut w = DMat3::ZERO;
    let mut sizes = DVec3::ZERO;
    let [a, b, c] = order;
    for axis in order {
        let size = squares[axis].max(0.0).sqrt();
        if squares[axis] > most * 1e-24 && size > 0.0 {
            sizes[axis] = size;
            *w.col_mut(axis) = m * v.col(axis) / size;
        }
    }
    if sizes[a] == 0.0 {
        return (DMat3::IDENTITY, DMat3::ZERO);
    }
    if sizes[b] == 0.0 {
        *w.col_mut(b) = w.col(a).any_orthonormal_vector();
    }
    if sizes[c] == 0.0 {
        let parity = if (b + 3 - a) % 3 == 1 { 1.0 } else { -1.0 };
        *w.col_mut(c) = w.col(a).cross(w.col(b)) * parity * v.determinant().signum();
    }
    let rotation = w * v.transpose();
    let stretch = v * DMat3::from_diagonal(sizes) * v.transpose();
    if rotation.determinant() < 0.0 { (-rotation, -stretch) } else { (rotation, stretch) }
}

fn to_mat3(m: &DMat3) -> Mat3 {
    m.as_mat3()
}

/// The weights of two quaternions on the short way between them.
fn slerp(a: [f32; 4], mut b: [f32; 4], factor: f32) -> [f32; 4] {
    let mut cosine = quat_dot(a, b);
    if cosine < 0.0 {
        cosine = -cosine;
        b = b.map(|value| -value);
    }
    let (wa, wb) = if cosine < 1.0 - 1e-4 {
        let angle = cosine.acos();
        let sine = angle.sin();
        (((1.0 - factor) * angle).sin() / sine, (factor * angle).sin() / sine)
    } else {
        (1.0 - factor, factor)
    };
    std::array::from_fn(|i| wa * a[i] + wb * b[i])
}

/// The matrix at `factor` of the way from `a` to `b`: the location goes straight, the rotation
/// the short way round, and the stretch, shear included, linearly.
pub fn blend(a: &Affine3A, b: &Affine3A, factor: f32) -> Affine3A {
    let ((turn_a, stretch_a), (turn_b, stretch_b)) = (polar(&a.matrix3), polar(&b.matrix3));
    let quats = (mat3_to_quat(&to_mat3(&turn_a)), mat3_to_quat(&to_mat3(&turn_b)));
    let turn = quat_to_mat3(slerp(quats.0, quats.1, factor));
    let part = f64::from(factor);
    let stretch = stretch_a * (1.0 - part) + stretch_b * part;
    Affine3A {
        matrix3: Mat3A::from(turn * to_mat3(&stretch)),
        translation: a.translation.lerp(b.translation, factor),
    }
}
