//! The forward pass: channels to pose matrices, parents before children.
//!
//! A pose matrix is `parent · (offset · basis)`; the inner product does not wait for the parent.
//! One pose makes the rotations of four bones at once, many poses do everything for four or eight
//! frames at once. All do the same operations in the same order on every number, so the result is the
//! same to the last bit.

use crate::channels::{
    Channels, Lanes3, Matrix, Rows, block, gather, load, matrices, rotations, scaled, set_rotation,
};
use crate::hierarchy::{Hierarchy, Link};
use crate::inherit::{inherited_rotscale, scale_columns};
use crate::par;
use core::ops::Range;
use glam::{BVec4A, Mat3A, Mat4, Vec3A, Vec4, Vec4Swizzles};

mod batch;
#[cfg(target_arch = "x86_64")]
mod eight;

pub(crate) use batch::{Batch, Scratch};
pub use batch::{EightFrames, EightKernel};

/// Keeps x, y, z.
const XYZ: BVec4A = BVec4A::new(true, true, true, false);

/// Four columns of three rows, four matrices at once.
type Lanes4 = [[Vec4; 3]; 4];

/// Four columns of a matrix.
#[inline(always)]
fn columns(m: &Matrix) -> [Vec4; 4] {
    let column = |at: usize| Vec4::new(m[at], m[at + 1], m[at + 2], m[at + 3]);
    [column(0), column(4), column(8), column(12)]
}

/// The same matrix in all four lanes.
fn spread(m: &Matrix) -> Lanes4 {
    [0, 4, 8, 12].map(|at| [m[at], m[at + 1], m[at + 2]].map(Vec4::splat))
}

#[inline(always)]
fn write(out: &mut Matrix, columns: [Vec4; 4]) {
    for (out, column) in out.as_chunks_mut::<4>().0.iter_mut().zip(columns) {
        *out = column.to_array();
    }
}

/// 3×3 times vector.
#[inline(always)]
fn turn(m: &[Vec4; 4], v: Vec4) -> Vec4 {
    m[0] * v.xxxx() + m[1] * v.yyyy() + m[2] * v.zzzz()
}

/// Affine matrix times point.
#[inline(always)]
fn put(m: &[Vec4; 4], v: Vec4) -> Vec4 {
    (m[0] * v.xxxx() + m[1] * v.yyyy()) + (m[2] * v.zzzz() + m[3])
}

/// [`turn`] of four vectors by four matrices.
#[inline(always)]
fn turn_lanes(m: &Lanes4, v: [Vec4; 3]) -> [Vec4; 3] {
    [
        m[0][0] * v[0] + m[1][0] * v[1] + m[2][0] * v[2],
        m[0][1] * v[0] + m[1][1] * v[1] + m[2][1] * v[2],
        m[0][2] * v[0] + m[1][2] * v[1] + m[2][2] * v[2],
    ]
}

/// [`put`] of four points by four matrices.
#[inline(always)]
fn put_lanes(m: &Lanes4, v: [Vec4; 3]) -> [Vec4; 3] {
    [
        (m[0][0] * v[0] + m[1][0] * v[1]) + (m[2][0] * v[2] + m[3][0]),
        (m[0][1] * v[0] + m[1][1] * v[1]) + (m[2][1] * v[2] + m[3][1]),
        (m[0][2] * v[0] + m[1][2] * v[1]) + (m[2][2] * v[2] + m[3][2]),
    ]
}

impl Hierarchy<'_> {
    /// Pose matrices (armature space, before constraints) of one frame of the channels.
    ///
    /// # Panics
    /// If `out` has not one matrix a bone, or a channel holds too little.
    pub fn pose_matrices(&self, channels: &Channels, frame: usize, out: &mut [Matrix]) {
        assert_eq!(out.len(), self.len(), "one matrix a bone");
        let rest = channels.stand_ins(self.len());
        self.one_frame(&channels.rows(frame, self.len(), &rest), out);
    }

    /// Pose matrices of the first `frames` frames, in parallel where it pays. Frame `f` goes to
    /// `out[f * stride..]`, 16 floats a bone. The kernel computes eight frames at once; without it
    /// four are, by what every processor has. The results are the same.
    ///
    /// # Panics
    /// If `stride` is less than a frame's matrices, or a slice holds too little.
    pub fn pose_matrices_batch(
        &self,
        channels: &Channels,
        frames: usize,
        out: &mut [f32],
        stride: usize,
        kernel: Option<EightKernel>,
    ) {
        const NS_PER_BONE: usize = 7;
        let count = self.len();
        if count == 0 || frames == 0 {
            return;
        }
        assert!(stride >= count * 16, "stride");
        let out = &mut out[..(frames - 1) * stride + count * 16];
        let rest = channels.stand_ins(count);
        let work = frames * count * NS_PER_BONE;
        if kernel.is_some() {
            let batch = Batch::new(self, kernel);
            let scratch = || batch.scratch();
            return par::for_chunks(work, out, 8 * stride, scratch, |scratch, index, out| {
                batch.frames(channels, index * 8, scratch, out, stride);
            });
        }
        let offsets: Vec<_> = self.offsets().iter().map(spread).collect();
        par::for_chunks(work, out, 4 * stride, Vec::new, |done: &mut Vec<Lanes4>, index, out| {
            let rows = |lane: usize| channels.rows(index * 4 + lane, count, &rest);
            let mut outs = out.chunks_mut(stride).map(|row| row[..count * 16].as_chunks_mut().0);
            match [outs.next(), outs.next(), outs.next(), outs.next()] {
                [Some(a), Some(b), Some(c), Some(d)] => {
                    done.resize(count, [[Vec4::ZERO; 3]; 4]);
                    let rows = [rows(0), rows(1), rows(2), rows(3)];
                    self.four_frames(&offsets, &rows, done, [a, b, c, d]);
                }
                fewer => {
                    for (frame, out) in fewer.into_iter().flatten().enumerate() {
                        self.one_frame(&rows(frame), out);
                    }
                }
            }
        });
    }

    fn one_frame(&self, rows: &Rows, out: &mut [Matrix]) {
        let links = self.links();
        let count = out.len();
        for first in (0..count).step_by(4) {
            let turned = block(rows, first);
            // By index: handing the columns on by an iterator copies them twice.
            for (lane, basis) in turned.iter().enumerate().take(count - first) {
                let bone = first + lane;
                let link = links.get(bone).copied().unwrap_or_default();
                self.place(bone, link, basis, rows.location[bone], out);
            }
        }
    }

    /// The pose matrix of a bone from its channels and the finished matrices of its parents.
    #[inline(always)]
    fn place(
        &self,
        bone: usize,
        link: Link,
        basis: &[Vec4; 3],
        [x, y, z]: [f32; 3],
        out: &mut [Matrix],
    ) {
        let offset = columns(&self.offsets()[bone]);
        let location = Vec4::new(x, y, z, 0.0);
        let moved = match link {
            Link { connected: true, .. } => offset[3],
            Link { parent_axes: true, .. } => location + offset[3],
            _ => put(&offset, location),
        };
        let moved = Vec4::select(XYZ, moved, Vec4::W);
        let x = Vec4::select(XYZ, turn(&offset, basis[0]), Vec4::ZERO);
        let y = Vec4::select(XYZ, turn(&offset, basis[1]), Vec4::ZERO);
        let z = Vec4::select(XYZ, turn(&offset, basis[2]), Vec4::ZERO);
        let Some(parent) = self.parent(bone) else {
            return write(&mut out[bone], [x, y, z, moved]);
        };
        let pose = columns(&out[parent]);
        let moved = put(&pose, moved);
        if link.special {
            let [x, y, z] = self.special(bone, parent, &out[parent], basis);
            return write(&mut out[bone], [x, y, z, moved]);
        }
        write(&mut out[bone], [turn(&pose, x), turn(&pose, y), turn(&pose, z), moved]);
    }

    /// The 3×3 of the pose matrix of a bone that does not inherit its parent's as it is.
    #[cold]
    #[inline(never)]
    fn special(&self, bone: usize, parent: usize, pose: &Matrix, basis: &[Vec4; 3]) -> [Vec4; 3] {
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

    fn four_frames(
        &self,
        offsets: &[Lanes4],
        rows: &[Rows; 4],
        done: &mut [Lanes4],
        mut out: [&mut [Matrix]; 4],
    ) {
        // The parents have to be waited for, so the processor gets all that it can do without
        // them first, for as many bones as stay at hand.
        const AT_HAND: usize = 32;
        let count = self.len();
        for first in (0..count).step_by(AT_HAND) {
            let bones = first..count.min(first + AT_HAND);
            self.hang(offsets, rows, bones.clone(), done);
            self.place_lanes(rows, bones, done, &mut out);
        }
    }

    /// Offset times basis of some bones in four frames.
    fn hang(&self, offsets: &[Lanes4], rows: &[Rows; 4], bones: Range<usize>, out: &mut [Lanes4]) {
        let count = self.len();
        let locations = [rows[0].location, rows[1].location, rows[2].location, rows[3].location];
        let links = self.links();
        for bone in bones {
            let offset = &offsets[bone];
            let basis = basis_lanes(rows, bone, count);
            let location = gather(&locations, bone, count);
            let moved = match links.get(bone).copied().unwrap_or_default() {
                Link { connected: true, .. } => offset[3],
                Link { parent_axes: true, .. } => {
                    let [x, y, z] = location;
                    [x + offset[3][0], y + offset[3][1], z + offset[3][2]]
                }
                _ => put_lanes(offset, location),
            };
            let out = &mut out[bone];
            out[0] = turn_lanes(offset, basis[0]);
            out[1] = turn_lanes(offset, basis[1]);
            out[2] = turn_lanes(offset, basis[2]);
            out[3] = moved;
        }
    }

    /// [`Self::place`] of some bones in four frames, from what [`Self::hang`] made of them.
    fn place_lanes(
        &self,
        rows: &[Rows; 4],
        bones: Range<usize>,
        poses: &mut [Lanes4],
        [oa, ob, oc, od]: &mut [&mut [Matrix]; 4],
    ) {
        let links = self.links();
        for bone in bones {
            let (before, after) = poses.split_at_mut(bone);
            let pose = &mut after[0];
            if let Some(parent) = self.parent(bone) {
                let above = &before[parent];
                pose[0] = turn_lanes(above, pose[0]);
                pose[1] = turn_lanes(above, pose[1]);
                pose[2] = turn_lanes(above, pose[2]);
                pose[3] = put_lanes(above, pose[3]);
                if links.get(bone).is_some_and(|link| link.special) {
                    let poses = [&oa[parent], &ob[parent], &oc[parent], &od[parent]];
                    self.special_lanes(bone, parent, poses, rows, pose);
                }
            }
            let outs = [&mut oa[bone], &mut ob[bone], &mut oc[bone], &mut od[bone]];
            let [a, b, c, d] = outs.map(|out| out.as_chunks_mut::<4>().0);
            for (index, (column, w)) in pose.iter().zip([0.0, 0.0, 0.0, 1.0]).enumerate() {
                let [x, y, z] = *column;
                let m = Mat4::from_cols(x, y, z, Vec4::splat(w)).transpose();
                a[index] = m.x_axis.to_array();
                b[index] = m.y_axis.to_array();
                c[index] = m.z_axis.to_array();
                d[index] = m.w_axis.to_array();
            }
        }
    }

    /// [`Self::special`] for four frames.
    #[cold]
    #[inline(never)]
    fn special_lanes(
        &self,
        bone: usize,
        parent: usize,
        poses: [&Matrix; 4],
        rows: &[Rows; 4],
        out: &mut Lanes4,
    ) {
        let basis = basis_lanes(rows, bone, self.len());
        for (index, basis) in matrices(&basis).iter().enumerate() {
            let turned = self.special(bone, parent, poses[index], basis);
            for (column, lanes) in turned.iter().zip(out.iter_mut()) {
                for (row, lane) in lanes.iter_mut().enumerate() {
                    lane[index] = column[row];
                }
            }
        }
    }
}

/// Rotation times scale of one bone in four frames.
#[inline(always)]
fn basis_lanes(rows: &[Rows; 4], bone: usize, count: usize) -> Lanes3 {
    let [a, b, c, d] = rows;
    let quats = [a.quaternion[bone], b.quaternion[bone], c.quaternion[bone], d.quaternion[bone]];
    let mut m = rotations(quats);
    if let Some(mode) = a.mode.map(|modes| modes[bone]).filter(|mode| *mode != 0) {
        m = other_mode(m, rows, bone, mode);
    }
    scaled(m, gather(&[a.scale, b.scale, c.scale, d.scale], bone, count))
}

/// The rotations of a bone that is not in quaternion mode.
#[inline(never)]
fn other_mode(mut m: Lanes3, rows: &[Rows; 4], bone: usize, mode: i32) -> Lanes3 {
    for (lane, rows) in rows.iter().enumerate() {
        set_rotation(&mut m, lane, rows, bone, mode);
    }
    m
}
