//! Where the bones of a random rig are.

use super::rig::{RandomPose, RandomRig};
use limber::channels::Matrix;
use limber::hierarchy::Hierarchy;

/// Pose matrices in armature space, of a pose of one frame.
pub fn pose_matrices(rig: &RandomRig, pose: &RandomPose) -> Vec<Matrix> {
    let mut out = vec![[0.0; 16]; rig.parents.len()];
    Hierarchy::new(rig.rig()).unwrap().pose_matrices(&pose.channels(), 0, &mut out);
    out
}
