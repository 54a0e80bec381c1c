//! The forward pass: channels to pose matrices, parents before children.
//!
//! A pose matrix is `parent · (offset · basis)`; the inner product does not wait for the parent.
//! One pose works on four bones at once up to that product, many poses work on four frames at
//! once. Both do the same operations in the same order on every number, so the result is the
//! same to the last bit.

use crate::channels::{Channels, Lane, Lanes3, Matrix, Rows, load, matrices, rotation_scale};
use crate::hierarchy::{Hierarchy, Link};
use crate::inherit::{inherited_rotscale, scale_columns};
use crate::par;
use glam::{BVec4A, Mat3A, Mat4, Vec3A, Vec4, Vec4Swizzles};

/// Keeps x, y, z.
const XYZ: BVec4A = BVec4A::new(true, true, true, false);

/// Four columns of a matrix.
#[inline(always)]
fn columns(m: &Matrix) -> [Vec4; 4] {
    let column = |at: usize| Vec4::new(m[at], m[at + 1], m[at + 2], m[at + 3]);
    [column(0), column(4), column(8), column(12)]
}

#[inline(always)]
fn flat(columns: [Vec4; 4]) -> Matrix {
    let mut out = [0.0; 16];
    for (out, column) in out.as_chunks_mut::<4>().0.iter_mut().zip(columns) {
        *out = column.to_array();
    }
    out
}

/// 3×3 times vector.
#[inline(always)]
fn turn(m: &[Vec4; 4], v: Vec4) -> Vec4 {
    m[0] * v.xxxx() + m[1] * v.yyyy() + m[2] * v.zzzz()
}

/// 3×3 times vector, every number with four lanes.
#[inline(always)]
fn turn_lanes(m: &Lanes4, v: [Vec4; 3]) -> [Vec4; 3] {
    [0, 1, 2].map(|r: usize| m[0][r] * v[0] + m[1][r] * v[1] + m[2][r] * v[2])
}

#[inline(always)]
fn add(a: [Vec4; 3], b: [Vec4; 3]) -> [Vec4; 3] {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Four columns of three rows, four matrices at once.
type Lanes4 = [[Vec4; 3]; 4];

/// The location of a bone that is connected, or that has none.
const HERE: [f32; 3] = [0.0; 3];

impl Hierarchy<'_> {
    /// Pose matrices (armature space, before constraints) of one frame of the channels.
    ///
    /// # Panics
    /// If `out` has not one matrix a bone, or a channel holds too little.
    pub fn pose_matrices(&self, channels: &Channels, frame: usize, out: &mut [Matrix]) {
        assert_eq!(out.len(), self.len(), "one matrix a bone");
        self.one_frame(&channels.rows(frame, self.len()), out);
    }

    /// Pose matrices of the first `frames` frames, in parallel where it pays. Frame `f` goes to
    /// `out[f * stride..]`, 16 floats a bone.
    ///
    /// # Panics
    /// If `stride` is less than a frame's matrices, or a slice holds too little.
    pub fn pose_matrices_batch(
        &self,
        channels: &Channels,
        frames: usize,
        out: &mut [f32],
        stride: usize,
    ) {
        const NS_PER_BONE: usize = 8;
        let count = self.len();
        if count == 0 || frames == 0 {
            return;
        }
        assert!(stride >= count * 16, "stride");
        let out = &mut out[..(frames - 1) * stride + count * 16];
        let work = frames * count * NS_PER_BONE;
        par::for_chunks(work, out, 4 * stride, Vec::new, |scratch, block, out| {
            self.block(channels, block * 4, stride, scratch, out);
        });
    }

    /// Up to four frames, from `first` on.
    fn block(
        &self,
        channels: &Channels,
        first: usize,
        stride: usize,
        scratch: &mut Vec<Lanes4>,
        out: &mut [f32],
    ) {
        let count = self.len();
        let mut outs = out.chunks_mut(stride).map(|row| row[..count * 16].as_chunks_mut().0);
        match [outs.next(), outs.next(), outs.next(), outs.next()] {
            [Some(a), Some(b), Some(c), Some(d)] => {
                scratch.resize(count, [[Vec4::ZERO; 3]; 4]);
                let rows = [0, 1, 2, 3].map(|f| channels.rows(first + f, count));
                self.four_frames(&rows, scratch, [a, b, c, d]);
            }
            fewer => {
                for (frame, out) in fewer.into_iter().flatten().enumerate() {
                    self.one_frame(&channels.rows(first + frame, count), out);
                }
            }
        }
    }

    fn one_frame(&self, rows: &Rows, out: &mut [Matrix]) {
        let count = out.len();
        for first in (0..count).step_by(4) {
            let lane = |lane: usize| Lane { rows, bone: (first + lane).min(count - 1) };
            let turned = matrices(&rotation_scale(&[lane(0), lane(1), lane(2), lane(3)]));
            for (bone, basis) in (first..count).zip(turned) {
                let link = self.link(bone);
                let location = match rows.location {
                    Some(location) if !link.connected => location[bone],
                    _ => HERE,
                };
                out[bone] = self.place(bone, link, basis, location, out);
            }
        }
    }

    /// The pose matrix of a bone from its channels and the finished matrices of its parents.
    #[inline(always)]
    fn place(
        &self,
        bone: usize,
        link: Link,
        basis: [Vec4; 3],
        [x, y, z]: [f32; 3],
        done: &[Matrix],
    ) -> Matrix {
        let offset = columns(&self.offsets()[bone]);
        let location = Vec4::new(x, y, z, 0.0);
        let moved = if link.parent_axes { location } else { turn(&offset, location) };
        let moved = Vec4::select(XYZ, moved + offset[3], Vec4::W);
        let turned = basis.map(|column| Vec4::select(XYZ, turn(&offset, column), Vec4::ZERO));
        let Some(parent) = self.parent(bone) else {
            return flat([turned[0], turned[1], turned[2], moved]);
        };
        let pose = columns(&done[parent]);
        let moved = turn(&pose, moved) + pose[3];
        if link.special {
            let [x, y, z] = self.special(bone, parent, &done[parent], basis);
            return flat([x, y, z, moved]);
        }
        flat([turn(&pose, turned[0]), turn(&pose, turned[1]), turn(&pose, turned[2]), moved])
    }

    /// The 3×3 of the pose matrix of a bone that does not inherit its parent's as it is.
    #[inline(never)]
    fn special(&self, bone: usize, parent: usize, pose: &Matrix, basis: [Vec4; 3]) -> [Vec4; 3] {
        let (rotscale, post) = inherited_rotscale(
            &load(&self.offsets()[bone]).matrix3,
            &load(&self.rest()[parent]).matrix3,
            &load(pose).matrix3,
            self.inherit(bone),
        );
        let [x, y, z] = basis.map(Vec3A::from_vec4);
        let m = scale_columns(&(rotscale * Mat3A::from_cols(x, y, z)), post);
        [m.x_axis.extend(0.0), m.y_axis.extend(0.0), m.z_axis.extend(0.0)]
    }

    fn four_frames(&self, rows: &[Rows; 4], done: &mut [Lanes4], mut out: [&mut [Matrix]; 4]) {
        for bone in 0..self.len() {
            let link = self.link(bone);
            let lane = |lane: usize| Lane { rows: &rows[lane], bone };
            let basis = rotation_scale(&[lane(0), lane(1), lane(2), lane(3)]);
            let mut pose = self.place_lanes(bone, link, &basis, locations(rows, bone, link), done);
            if let (true, Some(parent)) = (link.special, self.parent(bone)) {
                for (index, basis) in matrices(&basis).into_iter().enumerate() {
                    let turned = self.special(bone, parent, &out[index][parent], basis);
                    for (column, lanes) in turned.iter().zip(&mut pose) {
                        for (row, lane) in lanes.iter_mut().enumerate() {
                            lane[index] = column[row];
                        }
                    }
                }
            }
            done[bone] = pose;
            let [x, y, z, t] = pose;
            let spread = |c: [Vec4; 3], w| Mat4::from_cols(c[0], c[1], c[2], w).transpose();
            let (x, y) = (spread(x, Vec4::ZERO), spread(y, Vec4::ZERO));
            let (z, t) = (spread(z, Vec4::ZERO), spread(t, Vec4::ONE));
            for (index, out) in out.iter_mut().enumerate() {
                out[bone] = flat([x.col(index), y.col(index), z.col(index), t.col(index)]);
            }
        }
    }

    /// [`Self::place`] of a plain bone for four frames.
    #[inline(always)]
    fn place_lanes(
        &self,
        bone: usize,
        link: Link,
        basis: &Lanes3,
        location: [Vec4; 3],
        done: &[Lanes4],
    ) -> Lanes4 {
        let m = &self.offsets()[bone];
        let column = |at: usize| [m[at], m[at + 1], m[at + 2]].map(Vec4::splat);
        let offset = [column(0), column(4), column(8), column(12)];
        let moved = if link.parent_axes { location } else { turn_lanes(&offset, location) };
        let moved = add(moved, offset[3]);
        let turned = basis.map(|column| turn_lanes(&offset, column));
        match self.parent(bone) {
            None => [turned[0], turned[1], turned[2], moved],
            Some(parent) => {
                let pose = &done[parent];
                let [x, y, z] = turned.map(|column| turn_lanes(pose, column));
                [x, y, z, add(turn_lanes(pose, moved), pose[3])]
            }
        }
    }
}

/// The locations of one bone in four frames.
#[inline(always)]
fn locations(rows: &[Rows; 4], bone: usize, link: Link) -> [Vec4; 3] {
    if link.connected || rows[0].location.is_none() {
        return [Vec4::ZERO; 3];
    }
    let [a, b, c, d] = [0, 1, 2, 3].map(|f: usize| rows[f].location.map_or(HERE, |l| l[bone]));
    [0, 1, 2].map(|axis: usize| Vec4::new(a[axis], b[axis], c[axis], d[axis]))
}
