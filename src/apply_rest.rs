//! Making the current pose the new rest pose.

use crate::channels::{Matrix, load};
use crate::hierarchy::{Hierarchy, head_tail};
use crate::inherit::{ParentTransform, inverse_or_zero};
use crate::pose::{BBonesMut, Mask, PoseMut};
use crate::rest::{rest_matrix, roll_from_mat3};
use crate::rotation::Rotation;
use crate::user_transforms::reset_bendy;
use glam::{Affine3A, Mat3, Vec3, Vec3A};

/// A bone's part in an application of the pose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Change {
    /// Untouched.
    #[default]
    None = 0,
    /// Its pose became its rest pose, and its channels were reset.
    Applied = 1,
    /// It was carried along by a parent: the rest pose moved, the channels are kept.
    Carried = 2,
}

/// The rest bones as they are edited: head and tail in armature space, roll about the bone.
pub struct EditBones<'a> {
    /// Heads.
    pub head: &'a mut [[f32; 3]],
    /// Tails.
    pub tail: &'a mut [[f32; 3]],
    /// Rolls, radians.
    pub roll: &'a mut [f32],
    /// Bendy-bone values at rest.
    pub bbone: BBonesMut<'a>,
    /// Segments of each bone; absent: one.
    pub segments: Option<&'a [i32]>,
    /// Receives what happened to each bone.
    pub change: &'a mut [Change],
}

/// Makes the pose (its matrices after constraints, armature space) the rest pose of all bones, or
/// of the bones of a mask with their children carried along, and resets the channels of those
/// bones. `pose` has the channels; the pose matrices must be of that pose.
///
/// Rest bones have no scale: the length takes over that along Y, that along X and Z is lost.
///
/// # Panics
/// If an array is shorter than the rig.
pub fn apply_pose(
    rig: &Hierarchy,
    pose_matrices: &[Matrix],
    pose: &mut PoseMut,
    edit: &mut EditBones,
    selected: Option<&[u8]>,
) {
    match selected {
        None => {
            for (bone, matrix) in pose_matrices[..rig.len()].iter().enumerate() {
                let (head, tail) = head_tail(matrix, rig.length(bone));
                set_rest(edit, bone, head.into(), tail.into(), &load(matrix));
                bone_applied(pose, edit, bone);
            }
        }
        Some(mask) => Walk::new(rig, pose_matrices).run(pose, edit, Mask(Some(mask))),
    }
}

fn set_rest(edit: &mut EditBones, bone: usize, head: Vec3, tail: Vec3, matrix: &Affine3A) {
    edit.head[bone] = head.to_array();
    edit.tail[bone] = tail.to_array();
    edit.roll[bone] = roll_from_mat3(&Mat3::from(matrix.matrix3), tail - head);
}

/// Resets the channels of a bone and adds its bendy-bone values to those at rest.
fn bone_applied(pose: &mut PoseMut, edit: &mut EditBones, bone: usize) {
    edit.change[bone] = Change::Applied;
    fill(&mut pose.location, bone, [0.0; 3]);
    fill(&mut pose.rotation_quaternion, bone, Rotation::REST.quaternion);
    fill(&mut pose.rotation_euler, bone, Rotation::REST.euler);
    fill(&mut pose.rotation_axis_angle, bone, Rotation::REST.axis_angle);
    fill(&mut pose.scale, bone, [1.0; 3]);
    if edit.segments.is_some_and(|segments| segments[bone] > 1) {
        merge_bendy(&pose.bbone, &mut edit.bbone, bone);
        reset_bendy(pose, bone);
    }
}

fn fill<T>(rows: &mut Option<&mut [T]>, bone: usize, value: T) {
    if let Some(rows) = rows {
        rows[bone] = value;
    }
}

fn add(posed: &Option<&mut [f32]>, rest: &mut Option<&mut [f32]>, bone: usize) {
    if let (Some(posed), Some(rest)) = (posed, rest) {
        rest[bone] += posed[bone];
    }
}

fn multiply(posed: &Option<&mut [[f32; 3]]>, rest: &mut Option<&mut [[f32; 3]]>, bone: usize) {
    if let (Some(posed), Some(rest)) = (posed, rest) {
        for (rest, posed) in rest[bone].iter_mut().zip(posed[bone]) {
            *rest *= posed;
        }
    }
}

fn merge_bendy(posed: &BBonesMut, rest: &mut BBonesMut, bone: usize) {
    add(&posed.curve_in_x, &mut rest.curve_in_x, bone);
    add(&posed.curve_in_z, &mut rest.curve_in_z, bone);
    add(&posed.curve_out_x, &mut rest.curve_out_x, bone);
    add(&posed.curve_out_z, &mut rest.curve_out_z, bone);
    add(&posed.roll_in, &mut rest.roll_in, bone);
    add(&posed.roll_out, &mut rest.roll_out, bone);
    add(&posed.ease_in, &mut rest.ease_in, bone);
    add(&posed.ease_out, &mut rest.ease_out, bone);
    multiply(&posed.scale_in, &mut rest.scale_in, bone);
    multiply(&posed.scale_out, &mut rest.scale_out, bone);
}

/// What a bone passes on to its children.
#[derive(Clone, Copy)]
struct New {
    /// The new rest pose with its scale.
    scaled: Affine3A,
    /// The new rest matrix.
    rest: Affine3A,
}

/// The way from the roots down, if only some bones are applied.
struct Walk<'a> {
    rig: &'a Hierarchy<'a>,
    pose: &'a [Matrix],
    new: Vec<Option<New>>,
}

impl<'a> Walk<'a> {
    fn new(rig: &'a Hierarchy<'a>, pose: &'a [Matrix]) -> Self {
        Self { rig, pose, new: vec![None; rig.len()] }
    }

    fn run(mut self, pose: &mut PoseMut, edit: &mut EditBones, mask: Mask) {
        for bone in 0..self.rig.len() {
            let parent = self.rig.parent(bone);
            if mask.has(bone) {
                self.apply(edit, bone);
                bone_applied(pose, edit, bone);
            } else if let Some((parent, new)) = parent.and_then(|p| Some((p, self.new[p]?))) {
                self.carry(pose, edit, bone, parent, new);
            }
        }
    }

    /// The parent transform of a bone with the old rest bones and another pose of the parent.
    fn transform(&self, bone: usize, parent: usize, parent_pose: &Affine3A) -> ParentTransform {
        ParentTransform::child(
            &load(&self.rig.offsets()[bone]),
            &load(&self.rig.rest()[parent]).matrix3,
            parent_pose,
            self.rig.inherit(bone),
        )
    }

    /// A bone whose pose becomes its rest pose. The pose of an ancestor that is not applied is
    /// taken out of it.
    fn apply(&mut self, edit: &mut EditBones, bone: usize) {
        let posed = load(&self.pose[bone]);
        let scaled = match self.rig.parent(bone) {
            None => posed,
            Some(parent) => {
                let old = self.transform(bone, parent, &load(&self.pose[parent]));
                let onto = match self.new[parent] {
                    Some(new) => new.scaled,
                    None => load(&self.rig.rest()[parent]),
                };
                self.transform(bone, parent, &onto).after(&old.inverse()).apply(&posed)
            }
        };
        let length = self.rig.length(bone);
        let head = Vec3::from(scaled.translation);
        let tail = Vec3::from(scaled.transform_point3a(Vec3A::new(0.0, length, 0.0)));
        set_rest(edit, bone, head, tail, &scaled);
        let rest = rest_matrix(head, tail, edit.roll[bone]);
        self.new[bone] = Some(New { scaled, rest });
    }

    /// A bone that is not applied, below one that was.
    fn carry(
        &mut self,
        pose: &mut PoseMut,
        edit: &mut EditBones,
        bone: usize,
        parent: usize,
        new: New,
    ) {
        let old_rest = load(&self.rig.rest()[bone]);
        let transform = ParentTransform::child(
            &load(&self.rig.offsets()[bone]),
            &load(&self.rig.rest()[parent]).matrix3,
            &new.scaled,
            self.rig.inherit(bone),
        );
        let scaled = transform.apply(&Affine3A::IDENTITY);
        let moved = scaled * crate::inherit::affine_inverse_or_zero(&old_rest);
        let point = |p: [f32; 3]| moved.transform_point3(Vec3::from(p));
        let (head, tail) = (point(edit.head[bone]), point(edit.tail[bone]));
        set_rest(edit, bone, head, tail, &(moved * old_rest));
        edit.change[bone] = Change::Carried;
        let rest = rest_matrix(head, tail, edit.roll[bone]);
        self.new[bone] = Some(New { scaled, rest });
        self.keep_offset(pose, bone, &transform, &new.rest, &rest);
    }

    /// Turns a carried bone's location into the axes of its new rest bone.
    fn keep_offset(
        &self,
        pose: &mut PoseMut,
        bone: usize,
        old: &ParentTransform,
        parent_rest: &Affine3A,
        rest: &Affine3A,
    ) {
        let Some(location) = &mut pose.location else { return };
        if self.rig.is_connected(bone) {
            return;
        }
        let moved = old.loc.matrix3 * Vec3A::from(location[bone]);
        if moved == Vec3A::ZERO {
            return;
        }
        let offset = crate::inherit::affine_inverse_or_zero(parent_rest) * *rest;
        let new = ParentTransform::child(
            &offset,
            &parent_rest.matrix3,
            parent_rest,
            self.rig.inherit(bone),
        );
        location[bone] = (inverse_or_zero(&new.loc.matrix3) * moved).to_array();
    }
}
