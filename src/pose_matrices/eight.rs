//! The forward pass of eight frames at once, for processors with AVX.
//!
//! The operations on every number are those of four frames and of one, in the same order, so the
//! results are the same to the last bit.

use super::batch::{AT_HAND, Eight, EightFrames, Lanes8, Local, Scratch};
use crate::channels::{Matrix, Rows, TINY, other_rotation};
use crate::hierarchy::Hierarchy;
use crate::rotation::{quat_dot, quat_normalized};
use bytemuck::cast;
use core::arch::x86_64::*;
use glam::Vec4;

type V = __m256;
type Columns = [[V; 3]; 4];

#[inline]
#[target_feature(enable = "avx")]
fn add(a: V, b: V) -> V {
    _mm256_add_ps(a, b)
}

#[inline]
#[target_feature(enable = "avx")]
fn sub(a: V, b: V) -> V {
    _mm256_sub_ps(a, b)
}

#[inline]
#[target_feature(enable = "avx")]
fn mul(a: V, b: V) -> V {
    _mm256_mul_ps(a, b)
}

/// 4×4 blocks, turned over in each half.
#[inline]
#[target_feature(enable = "avx")]
fn transpose([a, b, c, d]: [V; 4]) -> [V; 4] {
    let (ab, cd) = (_mm256_unpacklo_ps(a, b), _mm256_unpacklo_ps(c, d));
    let (ab2, cd2) = (_mm256_unpackhi_ps(a, b), _mm256_unpackhi_ps(c, d));
    [
        _mm256_shuffle_ps::<0b0100_0100>(ab, cd),
        _mm256_shuffle_ps::<0b1110_1110>(ab, cd),
        _mm256_shuffle_ps::<0b0100_0100>(ab2, cd2),
        _mm256_shuffle_ps::<0b1110_1110>(ab2, cd2),
    ]
}

/// Four numbers of each of eight frames, as one vector a number.
#[inline]
#[target_feature(enable = "avx")]
fn gathered([a, b, c, d, e, f, g, h]: [&[f32; 4]; 8]) -> [V; 4] {
    transpose([
        _mm256_set_m128(cast(*e), cast(*a)),
        _mm256_set_m128(cast(*f), cast(*b)),
        _mm256_set_m128(cast(*g), cast(*c)),
        _mm256_set_m128(cast(*h), cast(*d)),
    ])
}

/// Three numbers of each of some bones in eight frames.
#[inline(never)]
#[target_feature(enable = "avx")]
fn triples(rows: [&[[f32; 3]]; 8], bones: &[u32], out: &mut [[Eight; 3]; AT_HAND]) {
    let size = rows[0].len() * 3;
    let [a, b, c, d, e, f, g, h] = rows;
    // One length for all, so that one check does for all.
    let (a, b) = (&a.as_flattened()[..size], &b.as_flattened()[..size]);
    let (c, d) = (&c.as_flattened()[..size], &d.as_flattened()[..size]);
    let (e, f) = (&e.as_flattened()[..size], &f.as_flattened()[..size]);
    let (g, h) = (&g.as_flattened()[..size], &h.as_flattened()[..size]);
    for (bone, out) in bones.iter().zip(out) {
        let at = *bone as usize * 3;
        if at + 4 > size {
            *out = triple(&rows, *bone as usize);
            continue;
        }
        // With the number behind them, which makes it a whole vector to load.
        let [x, y, z, _] = gathered([
            whole(&a[at..at + 4]),
            whole(&b[at..at + 4]),
            whole(&c[at..at + 4]),
            whole(&d[at..at + 4]),
            whole(&e[at..at + 4]),
            whole(&f[at..at + 4]),
            whole(&g[at..at + 4]),
            whole(&h[at..at + 4]),
        ]);
        *out = [cast(x), cast(y), cast(z)];
    }
}

#[inline(always)]
fn whole(row: &[f32]) -> &[f32; 4] {
    row.first_chunk().expect("four numbers")
}

#[cold]
#[inline(never)]
fn triple(rows: &[&[[f32; 3]]; 8], bone: usize) -> [Eight; 3] {
    let mut out = [Eight::default(); 3];
    for (lane, row) in rows.iter().enumerate() {
        for (out, value) in out.iter_mut().zip(row[bone]) {
            out.0[lane] = value;
        }
    }
    out
}

/// Affine matrix times vector.
#[inline]
#[target_feature(enable = "avx")]
fn turn(m: &Columns, v: [V; 3]) -> [V; 3] {
    let row = |r: usize| add(add(mul(m[0][r], v[0]), mul(m[1][r], v[1])), mul(m[2][r], v[2]));
    [row(0), row(1), row(2)]
}

/// Affine matrix times point.
#[inline]
#[target_feature(enable = "avx")]
fn put(m: &Columns, v: [V; 3]) -> [V; 3] {
    let row = |r: usize| {
        add(add(mul(m[0][r], v[0]), mul(m[1][r], v[1])), add(mul(m[2][r], v[2]), m[3][r]))
    };
    [row(0), row(1), row(2)]
}

/// The rotation matrices of eight quaternions, as if they were normalised first.
#[inline]
#[target_feature(enable = "avx")]
fn rotations(rows: [&[f32; 4]; 8]) -> [[V; 3]; 3] {
    let mut q = gathered(rows);
    let [w, x, y, z] = q;
    let mut squared = add(add(add(mul(w, w), mul(x, x)), mul(y, y)), mul(z, z));
    let tiny = _mm256_cmp_ps::<_CMP_LT_OQ>(squared, _mm256_set1_ps(TINY));
    if _mm256_movemask_ps(tiny) != 0 {
        let mut lanes = q.map(cast);
        let mut squares = cast(squared);
        without_tiny(&mut lanes, &mut squares);
        (q, squared) = (lanes.map(cast), cast(squares));
    }
    let [w, x, y, z] = q;
    let twice = _mm256_div_ps(_mm256_set1_ps(2.0), squared);
    let (x2, y2, z2) = (mul(x, twice), mul(y, twice), mul(z, twice));
    let (xx, xy, xz) = (mul(x, x2), mul(x, y2), mul(x, z2));
    let (yy, yz, zz) = (mul(y, y2), mul(y, z2), mul(z, z2));
    let (wx, wy, wz) = (mul(w, x2), mul(w, y2), mul(w, z2));
    let one = _mm256_set1_ps(1.0);
    [
        [sub(one, add(yy, zz)), add(xy, wz), sub(xz, wy)],
        [sub(xy, wz), sub(one, add(xx, zz)), add(yz, wx)],
        [add(xz, wy), sub(yz, wx), sub(one, add(xx, yy))],
    ]
}

/// Normalises the tiny ones of eight quaternions.
#[cold]
#[inline(never)]
fn without_tiny(q: &mut [[f32; 8]; 4], squares: &mut [f32; 8]) {
    for (lane, square) in squares.iter_mut().enumerate() {
        if *square < TINY {
            let unit = quat_normalized([q[0][lane], q[1][lane], q[2][lane], q[3][lane]]);
            for (lanes, value) in q.iter_mut().zip(unit) {
                lanes[lane] = value;
            }
            *square = quat_dot(unit, unit);
        }
    }
}

/// The rotations of a bone that is not in quaternion mode.
#[inline(never)]
fn other_mode(rows: &[Rows; 8], bone: usize, mode: i32) -> Option<[[Eight; 3]; 3]> {
    let mut out = [[Eight::default(); 3]; 3];
    for (lane, rows) in rows.iter().enumerate() {
        let m = other_rotation(rows, bone, mode)?;
        for (column, rows) in out.iter_mut().enumerate() {
            for (row, lanes) in rows.iter_mut().enumerate() {
                lanes.0[lane] = m.col(column)[row];
            }
        }
    }
    Some(out)
}

#[inline]
#[target_feature(enable = "avx")]
fn vectors<const N: usize>(m: &[[Eight; 3]; N]) -> [[V; 3]; N] {
    let mut out = [[_mm256_setzero_ps(); 3]; N];
    for (out, column) in out.iter_mut().zip(m) {
        *out = [cast(column[0]), cast(column[1]), cast(column[2])];
    }
    out
}

#[inline]
#[target_feature(enable = "avx")]
fn numbers<const N: usize>(m: &[[V; 3]; N]) -> [[Eight; 3]; N] {
    let mut out = [[Eight::default(); 3]; N];
    for (out, column) in out.iter_mut().zip(m) {
        *out = [cast(column[0]), cast(column[1]), cast(column[2])];
    }
    out
}

/// A matrix, the same in all frames.
#[inline]
#[target_feature(enable = "avx")]
fn spread(m: &Matrix) -> Columns {
    let mut out = [[_mm256_setzero_ps(); 3]; 4];
    for (out, column) in out.iter_mut().zip(m.as_chunks::<4>().0) {
        let [x, y, z, _] = *column;
        *out = [_mm256_set1_ps(x), _mm256_set1_ps(y), _mm256_set1_ps(z)];
    }
    out
}

/// A channel's rows in eight frames.
macro_rules! rows {
    ($rows:expr, $field:ident) => {{
        let [a, b, c, d, e, f, g, h] = $rows;
        [a.$field, b.$field, c.$field, d.$field, e.$field, f.$field, g.$field, h.$field]
    }};
}

impl EightFrames<'_, '_> {
    /// Computes the bones.
    ///
    /// # Safety
    /// The processor must have AVX.
    #[target_feature(enable = "avx")]
    pub fn run_avx(&mut self) {
        for bones in self.bones.chunks(AT_HAND) {
            triples(rows!(self.rows, location), bones, &mut self.scratch.local.location);
            triples(rows!(self.rows, scale), bones, &mut self.scratch.local.scale);
            self.turn(bones);
            self.place(bones);
        }
    }

    /// Rotation times scale.
    #[inline(never)]
    #[target_feature(enable = "avx")]
    fn turn(&mut self, bones: &[u32]) {
        let count = self.hierarchy.len();
        let [a, b, c, d, e, f, g, h] = rows!(self.rows, quaternion);
        let (a, b, c, d) = (&a[..count], &b[..count], &c[..count], &d[..count]);
        let (e, f, g, h) = (&e[..count], &f[..count], &g[..count], &h[..count]);
        let Local { basis, scale, .. } = &mut self.scratch.local;
        for ((bone, out), scale) in bones.iter().zip(&mut *basis).zip(&*scale) {
            let i = *bone as usize;
            let m = rotations([&a[i], &b[i], &c[i], &d[i], &e[i], &f[i], &g[i], &h[i]]);
            *out = scaled(m, scale);
        }
        let Some(modes) = self.rows[0].mode else { return };
        for ((bone, out), scale) in bones.iter().zip(basis).zip(scale) {
            let bone = *bone as usize;
            if modes[bone] != 0
                && let Some(m) = other_mode(self.rows, bone, modes[bone])
            {
                *out = scaled(vectors(&m), scale);
            }
        }
    }

    /// Offset times basis, by the parent.
    #[inline(never)]
    #[target_feature(enable = "avx")]
    fn place(&mut self, bones: &[u32]) {
        let links = self.hierarchy.links();
        let Scratch { done, local: Local { basis, location, .. } } = &mut *self.scratch;
        let (count, slots) = (self.hierarchy.len(), self.slots);
        let [a, b, c, d, e, f, g, h] = &mut *self.out;
        let [a, b, c, d] = [&mut a[..count], &mut b[..count], &mut c[..count], &mut d[..count]];
        let [e, f, g, h] = [&mut e[..count], &mut f[..count], &mut g[..count], &mut h[..count]];
        for ((bone, basis), location) in bones.iter().zip(&*basis).zip(&*location) {
            let bone = *bone as usize;
            let link = links.get(bone).copied().unwrap_or_default();
            let offset = spread(&self.hierarchy.offsets()[bone]);
            let [location] = vectors(&[*location]);
            let moved = if link.connected {
                offset[3]
            } else if link.parent_axes {
                let [x, y, z] = location;
                [add(x, offset[3][0]), add(y, offset[3][1]), add(z, offset[3][2])]
            } else {
                put(&offset, location)
            };
            let [x, y, z] = vectors(basis);
            let [x, y, z] = [turn(&offset, x), turn(&offset, y), turn(&offset, z)];
            if let Some(parent) = self.hierarchy.parent(bone) {
                let above = vectors(&done[slots[parent] as usize]);
                let moved = put(&above, moved);
                let [x, y, z] = [turn(&above, x), turn(&above, y), turn(&above, z)];
                done[slots[bone] as usize] = numbers(&[x, y, z, moved]);
                if link.special {
                    special(self.hierarchy, done, slots, bone, parent, basis);
                }
            } else {
                done[slots[bone] as usize] = numbers(&[x, y, z, moved]);
            }
            let (a, b, c, d) = (&mut a[bone], &mut b[bone], &mut c[bone], &mut d[bone]);
            let (e, f, g, h) = (&mut e[bone], &mut f[bone], &mut g[bone], &mut h[bone]);
            write(&done[slots[bone] as usize], [a, b, c, d, e, f, g, h]);
        }
    }
}

/// Writes the matrices of a bone.
#[inline]
#[target_feature(enable = "avx")]
fn write(pose: &[[Eight; 3]; 4], [a, b, c, d, e, f, g, h]: [&mut Matrix; 8]) {
    let (zero, one) = (_mm256_setzero_ps(), _mm256_set1_ps(1.0));
    let [x, y, z, moved] = pose;
    let [x, y, z] = [columns(x, zero), columns(y, zero), columns(z, zero)];
    let moved = columns(moved, one);
    low(a, x[0], y[0], z[0], moved[0]);
    low(b, x[1], y[1], z[1], moved[1]);
    low(c, x[2], y[2], z[2], moved[2]);
    low(d, x[3], y[3], z[3], moved[3]);
    high(e, x[0], y[0], z[0], moved[0]);
    high(f, x[1], y[1], z[1], moved[1]);
    high(g, x[2], y[2], z[2], moved[2]);
    high(h, x[3], y[3], z[3], moved[3]);
}

/// A column of eight matrices, with this fourth row: those of the first four frames in the lower
/// halves, those of the others in the upper ones.
#[inline]
#[target_feature(enable = "avx")]
fn columns(column: &[Eight; 3], w: V) -> [V; 4] {
    let (x, y, z) = (cast(column[0]), cast(column[1]), cast(column[2]));
    let (xy, xy2) = (_mm256_unpacklo_ps(x, y), _mm256_unpackhi_ps(x, y));
    // A blend needs no shuffle, of which the processor does fewer at once.
    [
        _mm256_blend_ps::<0b1000_1000>(_mm256_shuffle_ps::<0b00_00_01_00>(xy, z), w),
        _mm256_blend_ps::<0b1000_1000>(_mm256_shuffle_ps::<0b00_01_11_10>(xy, z), w),
        _mm256_blend_ps::<0b1000_1000>(_mm256_shuffle_ps::<0b00_10_01_00>(xy2, z), w),
        _mm256_blend_ps::<0b1000_1000>(_mm256_shuffle_ps::<0b00_11_11_10>(xy2, z), w),
    ]
}

/// The 3×3 of a bone that does not inherit its parent's as it is.
#[cold]
#[inline(never)]
fn special(
    hierarchy: &Hierarchy,
    done: &mut [Lanes8],
    slots: &[u32],
    bone: usize,
    parent: usize,
    basis: &[[Eight; 3]; 3],
) {
    for lane in 0..8 {
        let mut matrix = [0.0; 16];
        for (out, column) in
            matrix.as_chunks_mut::<4>().0.iter_mut().zip(&done[slots[parent] as usize])
        {
            *out = [column[0].0[lane], column[1].0[lane], column[2].0[lane], 0.0];
        }
        let basis = basis.map(|[x, y, z]| Vec4::new(x.0[lane], y.0[lane], z.0[lane], 0.0));
        let turned = hierarchy.special(bone, parent, &matrix, &basis);
        for (column, lanes) in turned.iter().zip(&mut done[slots[bone] as usize]) {
            for (row, lanes) in lanes.iter_mut().enumerate() {
                lanes.0[lane] = column[row];
            }
        }
    }
}

/// Writes a matrix whose columns are the lower halves.
#[inline]
#[target_feature(enable = "avx")]
fn low(out: &mut Matrix, x: V, y: V, z: V, moved: V) {
    let out = out.as_chunks_mut::<4>().0;
    out[0] = cast(_mm256_castps256_ps128(x));
    out[1] = cast(_mm256_castps256_ps128(y));
    out[2] = cast(_mm256_castps256_ps128(z));
    out[3] = cast(_mm256_castps256_ps128(moved));
}

/// Writes a matrix whose columns are the upper halves.
#[inline]
#[target_feature(enable = "avx")]
fn high(out: &mut Matrix, x: V, y: V, z: V, moved: V) {
    let out = out.as_chunks_mut::<4>().0;
    out[0] = cast(_mm256_extractf128_ps::<1>(x));
    out[1] = cast(_mm256_extractf128_ps::<1>(y));
    out[2] = cast(_mm256_extractf128_ps::<1>(z));
    out[3] = cast(_mm256_extractf128_ps::<1>(moved));
}

/// Scales the columns of matrices.
#[inline]
#[target_feature(enable = "avx")]
fn scaled([x, y, z]: [[V; 3]; 3], [sx, sy, sz]: &[Eight; 3]) -> [[Eight; 3]; 3] {
    let (sx, sy, sz) = (cast(*sx), cast(*sy), cast(*sz));
    numbers(&[
        [mul(x[0], sx), mul(x[1], sx), mul(x[2], sx)],
        [mul(y[0], sy), mul(y[1], sy), mul(y[2], sy)],
        [mul(z[0], sz), mul(z[1], sz), mul(z[2], sz)],
    ])
}
