//! A rig's bones with their rest matrices and inherit settings, and what does not need the
//! forward pass: checks, offsets, the way back from pose matrices to channel matrices, tails.

use crate::channels::{Matrix, load, store};
use crate::error::{Error, Result};
use crate::inherit::{Inherit, InheritScale, ParentTransform, affine_inverse_or_zero};
use crate::par;
use glam::Vec3A;
use std::borrow::Cow;

/// A rig as the caller describes it; each present array has one element a bone.
#[derive(Clone, Copy, Default)]
pub struct Rig<'a> {
    /// The parent of each bone, -1 = none. Parents come before their children.
    pub parents: &'a [i32],
    /// Rest matrices in armature space (`Bone.matrix_local`).
    pub rest: &'a [Matrix],
    /// `parent_rest⁻¹ · rest` (a root: `rest`), if it was computed before.
    pub offsets: Option<&'a [Matrix]>,
    /// Lengths of the bones, for their tails.
    pub lengths: Option<&'a [f32]>,
    /// `inherit_scale` numbers; absent: all FULL.
    pub inherit_scale: Option<&'a [i32]>,
    /// `use_inherit_rotation`; absent: all set.
    pub use_inherit_rotation: Option<&'a [u8]>,
    /// `use_local_location`; absent: all set.
    pub use_local_location: Option<&'a [u8]>,
    /// `use_connect`; absent: none set.
    pub use_connect: Option<&'a [u8]>,
}

/// How one bone hangs on its parent, as far as the forward pass tells cases apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// The parent's 3×3 is not inherited as it is.
    pub(crate) special: bool,
    /// The location is along the axes of the parent's pose (root: of the armature).
    pub(crate) parent_axes: bool,
    /// The location is ignored.
    pub(crate) connected: bool,
}

/// Refuses a parent that does not come before its child.
pub fn check_parents(parents: &[i32]) -> Result<()> {
    let bad = |(bone, parent): (usize, &i32)| *parent < -1 || *parent >= bone as i32;
    match parents.iter().enumerate().position(bad) {
        None => Ok(()),
        Some(index) => Err(Error::BadParent { index, parent: i64::from(parents[index]) }),
    }
}

/// A checked [`Rig`] with everything that does not depend on the pose.
pub struct Hierarchy<'a> {
    rig: Rig<'a>,
    offsets: Cow<'a, [Matrix]>,
    /// Empty: every bone is a plain one.
    links: Vec<Link>,
}

impl<'a> Hierarchy<'a> {
    /// Checks the rig, and computes the offsets if it brings none.
    ///
    /// # Errors
    /// [`Error::BadParent`] for a parent that does not come before its child,
    /// [`Error::BadElement`] for an `inherit_scale` that does not exist.
    ///
    /// # Panics
    /// If the arrays are not equally long.
    pub fn new(rig: Rig<'a>) -> Result<Self> {
        let count = rig.parents.len();
        assert_eq!(rig.rest.len(), count, "rest matrices");
        check_parents(rig.parents)?;
        if let Some(scales) = rig.inherit_scale {
            let unknown = |scale: &i32| InheritScale::from_number(*scale).is_none();
            if let Some(index) = scales.iter().position(unknown) {
                return Err(Error::BadElement {
                    arg: "inherit_scale",
                    index,
                    value: scales[index].to_string(),
                    why: "not a LIMBER_INHERIT_SCALE_*",
                });
            }
        }
        let offsets = match rig.offsets {
            Some(offsets) => Cow::Borrowed(offsets),
            None => {
                let mut offsets = vec![[0.0; 16]; count];
                rest_offsets(rig.parents, rig.rest, &mut offsets);
                Cow::Owned(offsets)
            }
        };
        assert_eq!(offsets.len(), count, "offsets");
        let plain = rig.inherit_scale.is_none()
            && rig.use_inherit_rotation.is_none()
            && rig.use_local_location.is_none()
            && rig.use_connect.is_none();
        let mut links: Vec<Link> = Vec::new();
        if !plain {
            links.extend((0..count).map(|bone| link(&rig, bone)));
            if links.iter().all(|link| *link == Link::default()) {
                links.clear();
            }
        }
        Ok(Self { rig, offsets, links })
    }

    /// Number of bones.
    pub fn len(&self) -> usize {
        self.rig.parents.len()
    }

    /// Whether there is no bone.
    pub fn is_empty(&self) -> bool {
        self.rig.parents.is_empty()
    }

    /// The parent of a bone.
    pub fn parent(&self, bone: usize) -> Option<usize> {
        usize::try_from(self.rig.parents[bone]).ok()
    }

    /// The rest matrices, armature space.
    pub fn rest(&self) -> &[Matrix] {
        self.rig.rest
    }

    /// `parent_rest⁻¹ · rest` of every bone; of a root its rest matrix.
    pub fn offsets(&self) -> &[Matrix] {
        &self.offsets
    }

    /// The length of a bone; 0 if the rig has none.
    pub fn length(&self, bone: usize) -> f32 {
        self.rig.lengths.map_or(0.0, |lengths| lengths[bone])
    }

    /// The inherit settings of a bone.
    pub fn inherit(&self, bone: usize) -> Inherit {
        inherit(&self.rig, bone)
    }

    /// Whether a bone ignores its location.
    pub fn is_connected(&self, bone: usize) -> bool {
        flag(self.rig.use_connect, bone, false)
    }

    /// One a bone, or empty if every bone is a plain one.
    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    /// What stands between the channels and the pose matrix of `bone`, for the pose matrices
    /// (armature space) of the whole rig.
    pub fn parent_transform(&self, bone: usize, pose_matrices: &[Matrix]) -> ParentTransform {
        let inherit = self.inherit(bone);
        match self.parent(bone) {
            None => ParentTransform::root(&load(&self.rig.rest[bone]), inherit),
            Some(parent) => ParentTransform::child(
                &load(&self.offsets[bone]),
                &load(&self.rig.rest[parent]).matrix3,
                &load(&pose_matrices[parent]),
                inherit,
            ),
        }
    }

    /// Pose matrices to channel matrices, for `pose_matrices.len() / bones` frames one after the
    /// other: the inverse of the forward pass, which `Object.convert_space` calls POSE to LOCAL.
    /// What cannot be inverted (a parent scaled to nothing) becomes zero, as in Blender.
    ///
    /// # Panics
    /// If the slices are unequal or hold no whole number of frames.
    pub fn local_matrices(&self, pose_matrices: &[Matrix], out: &mut [Matrix]) {
        let count = self.len();
        assert_eq!(pose_matrices.len(), out.len(), "frames");
        if count == 0 {
            return;
        }
        assert!(out.len().is_multiple_of(count), "whole frames");
        const NS_PER_BONE: usize = 60;
        par::for_chunks(
            out.len() * NS_PER_BONE,
            out,
            count,
            || (),
            |(), frame, out| {
                let pose = &pose_matrices[frame * count..][..count];
                for (bone, (matrix, out)) in pose.iter().zip(out).enumerate() {
                    let way_back = self.parent_transform(bone, pose).inverse();
                    *out = store(&way_back.apply(&load(matrix)));
                }
            },
        );
    }
}

fn flag(flags: Option<&[u8]>, bone: usize, default: bool) -> bool {
    flags.map_or(default, |flags| flags[bone] != 0)
}

fn inherit(rig: &Rig, bone: usize) -> Inherit {
    Inherit {
        scale: rig
            .inherit_scale
            .and_then(|scales| InheritScale::from_number(scales[bone]))
            .unwrap_or_default(),
        rotation: flag(rig.use_inherit_rotation, bone, true),
        local_location: flag(rig.use_local_location, bone, true),
    }
}

fn link(rig: &Rig, bone: usize) -> Link {
    let inherit = inherit(rig, bone);
    let plain = inherit.rotation && inherit.scale == InheritScale::Full;
    Link {
        special: rig.parents[bone] >= 0 && !plain,
        parent_axes: !inherit.local_location,
        connected: flag(rig.use_connect, bone, false),
    }
}

/// `parent_rest⁻¹ · rest` of every bone; of a root its rest matrix. A parent's rest matrix that
/// has no inverse counts as zero.
///
/// # Panics
/// If the slices are not equally long, or a parent does not come before its child.
pub fn rest_offsets(parents: &[i32], rest: &[Matrix], out: &mut [Matrix]) {
    assert!(parents.len() == rest.len() && rest.len() == out.len(), "one element a bone");
    // Siblings share their parent's inverse, and often a bone is the child of the one before.
    let mut known = (usize::MAX, glam::Affine3A::IDENTITY);
    for (bone, (&parent, out)) in parents.iter().zip(out).enumerate() {
        let matrix = load(&rest[bone]);
        *out = store(&match usize::try_from(parent) {
            Err(_) => matrix,
            Ok(parent) => {
                if known.0 != parent {
                    known = (parent, affine_inverse_or_zero(&load(&rest[parent])));
                }
                known.1 * matrix
            }
        });
    }
}

/// How each bone has moved from rest, in armature space (`PoseBone.matrix_channel`): pose matrix
/// times inverse rest matrix, for `pose_matrices.len() / rest.len()` frames one after the other.
/// These are the matrices that deform a skin.
///
/// # Panics
/// If the slices hold no whole number of frames.
pub fn channel_matrices(rest: &[Matrix], pose_matrices: &[Matrix], out: &mut [Matrix]) {
    assert_eq!(pose_matrices.len(), out.len(), "frames");
    if rest.is_empty() {
        return;
    }
    assert!(out.len().is_multiple_of(rest.len()), "whole frames");
    let inverse: Vec<_> = rest.iter().map(|m| affine_inverse_or_zero(&load(m))).collect();
    let count = rest.len();
    par::for_chunks(
        out.len() * 10,
        out,
        count,
        || (),
        |(), frame, out| {
            let pose = &pose_matrices[frame * count..][..count];
            for ((pose, out), inverse) in pose.iter().zip(out).zip(&inverse) {
                *out = store(&(load(pose) * *inverse));
            }
        },
    );
}

/// Head and tail of a bone with this pose matrix: the tail lies `length` times the Y axis, scale
/// included, from the head.
#[inline]
pub fn head_tail(pose_matrix: &Matrix, length: f32) -> ([f32; 3], [f32; 3]) {
    let m = load(pose_matrix);
    let tail: Vec3A = m.translation + m.matrix3.y_axis * length;
    (m.translation.to_array(), tail.to_array())
}
