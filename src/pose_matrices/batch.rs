//! Many frames, eight at once where a kernel for the processor at hand is given.
#![cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]

use crate::channels::{Channels, Matrix, Rows};
use crate::hierarchy::Hierarchy;
use bytemuck::{Pod, Zeroable};

/// One number in eight frames.
#[derive(Clone, Copy, Default, Pod, Zeroable)]
#[repr(C, align(32))]
pub(super) struct Eight(pub(super) [f32; 8]);

/// Four columns of three rows, of eight matrices.
pub(super) type Lanes8 = [[Eight; 3]; 4];

/// How many bones go through one step before the next one, so that their numbers stay at hand.
/// Every step needs few enough pointers to keep them all in registers.
pub(super) const AT_HAND: usize = 16;

/// Channels of some bones in eight frames.
#[derive(Clone, Copy, Default)]
pub(super) struct Local {
    pub(super) basis: [[[Eight; 3]; 3]; AT_HAND],
    pub(super) location: [[Eight; 3]; AT_HAND],
    pub(super) scale: [[Eight; 3]; AT_HAND],
}

/// Where the matrices of each bone are kept for its children.
struct Slots {
    /// Of each bone; another bone's after its last child.
    of: Vec<u32>,
    count: usize,
}

/// What a thread works with. It may be used for any frames afterwards.
pub(crate) struct Scratch {
    pub(super) done: Vec<Lanes8>,
    pub(super) local: Local,
}

/// Bones of eight frames to compute, parents before children.
pub struct EightFrames<'a, 'b> {
    pub(super) hierarchy: &'a Hierarchy<'a>,
    pub(super) rows: &'a [Rows<'a>; 8],
    pub(super) bones: &'a [u32],
    pub(super) slots: &'a [u32],
    pub(super) scratch: &'a mut Scratch,
    pub(super) out: &'a mut [&'b mut [Matrix]; 8],
}

/// Computes [`EightFrames`] with what a processor has beyond others of its kind. The results must
/// be those of every other way.
pub type EightKernel = fn(&mut EightFrames);

impl Slots {
    /// As few as can be, so that they stay in the nearest cache.
    fn new(hierarchy: &Hierarchy, order: &[u32]) -> Self {
        let mut children = vec![0u32; hierarchy.len()];
        for bone in order {
            if let Some(parent) = hierarchy.parent(*bone as usize) {
                children[parent] += 1;
            }
        }
        let mut of = vec![0; hierarchy.len()];
        let (mut free, mut count) = (Vec::new(), 0);
        for bone in order {
            let bone = *bone as usize;
            // Before the parent's is given back: both are looked at together.
            of[bone] = free.pop().unwrap_or_else(|| {
                count += 1;
                count - 1
            });
            if children[bone] == 0 {
                free.push(of[bone]);
            }
            if let Some(parent) = hierarchy.parent(bone) {
                children[parent] -= 1;
                if children[parent] == 0 {
                    free.push(of[parent]);
                }
            }
        }
        Self { of, count: count as usize }
    }
}

/// A rig made ready for its frames: what of them does not depend on the frame.
pub(crate) struct Batch<'a> {
    hierarchy: &'a Hierarchy<'a>,
    bones: Vec<u32>,
    slots: Slots,
    kernel: Option<EightKernel>,
}

impl<'a> Batch<'a> {
    /// Of all bones; without a kernel four frames are computed at once.
    pub(crate) fn new(hierarchy: &'a Hierarchy<'a>, kernel: Option<EightKernel>) -> Self {
        Self::of(hierarchy, (0..hierarchy.len() as u32).collect(), kernel)
    }

    /// Of these bones, parents before children; the matrices of others come out as anything.
    pub(crate) fn of(
        hierarchy: &'a Hierarchy<'a>,
        bones: Vec<u32>,
        kernel: Option<EightKernel>,
    ) -> Self {
        let slots = Slots::new(hierarchy, &bones);
        Self { hierarchy, bones, slots, kernel }
    }

    pub(crate) fn scratch(&self) -> Scratch {
        Scratch { done: vec![Lanes8::default(); self.slots.count], local: Local::default() }
    }

    /// Pose matrices of up to eight frames from `first` on: those of each are the first ones of
    /// `stride` floats of `out`, the last may have fewer.
    pub(crate) fn frames(
        &self,
        channels: &Channels,
        first: usize,
        scratch: &mut Scratch,
        out: &mut [f32],
        stride: usize,
    ) {
        let count = self.hierarchy.len();
        let rest = channels.stand_ins(count);
        let rows = |lane: usize| channels.rows(first + lane, count, &rest);
        let mut outs = out.chunks_mut(stride).map(|row| row[..count * 16].as_chunks_mut().0);
        let outs: [_; 8] = core::array::from_fn(|_| outs.next());
        match (outs, self.kernel) {
            (
                [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f), Some(g), Some(h)],
                Some(kernel),
            ) => kernel(&mut EightFrames {
                hierarchy: self.hierarchy,
                rows: &core::array::from_fn(rows),
                bones: &self.bones,
                slots: &self.slots.of,
                scratch,
                out: &mut [a, b, c, d, e, f, g, h],
            }),
            (frames, _) => {
                for (frame, out) in frames.into_iter().flatten().enumerate() {
                    self.hierarchy.one_frame(&rows(frame), out);
                }
            }
        }
    }
}
