//! One frame: hierarchy and constraint stacks to final pose matrices.

use super::graph::Lists;
use super::space::{BoneSpaces, World};
use super::{Constraint, Constraints, Effect, Space, Target};
use crate::channels::{Matrix, load, store};
use crate::constraints::armature::Follow;
use crate::constraints::blend::blend;
use crate::constraints::values::Values;
use crate::constraints::{Kind, armature::Armature};
use crate::hierarchy::Hierarchy;
use crate::inherit::{Inherit, affine_inverse_or_zero};
use crate::rotation::RotationMode;
use glam::{Affine3A, Vec3A};

/// What a rig consists of that is the same in all frames.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) hierarchy: &'a Hierarchy<'a>,
    pub(super) constraints: Constraints<'a>,
    /// The constraints of each bone that may have an effect.
    pub(super) stacks: &'a Lists,
    pub(super) modes: Option<&'a [i32]>,
    /// Which constraints have moving numbers; absent: none.
    pub(super) animated: Option<&'a [bool]>,
}

/// The numbers of one frame that are no channels. Absent: as the constraints have them.
#[derive(Clone, Copy, Default)]
pub(super) struct Numbers<'a> {
    /// One a constraint; absent: all 1.
    pub(super) influence: Option<&'a [f32]>,
    /// One a constraint, muted from 1 on.
    pub(super) mute: Option<&'a [f32]>,
    pub(super) values: Option<&'a [Values]>,
    /// One a target; absent: all 1.
    pub(super) weights: Option<&'a [f32]>,
    pub(super) head_tail: Option<&'a [f32]>,
    pub(super) target_matrices: Option<&'a [Matrix]>,
}

impl Numbers<'_> {
    /// The influence of a constraint, 0 if it is muted.
    pub(super) fn influence(&self, constraint: usize) -> f32 {
        if self.mute.is_some_and(|mute| mute[constraint] >= 1.0) {
            return 0.0;
        }
        self.influence.map_or(1.0, |influence| influence[constraint])
    }
}

/// One frame in the making.
pub(super) struct Frame<'a> {
    pub(super) parts: &'a Parts<'a>,
    pub(super) world: &'a World,
    pub(super) numbers: Numbers<'a>,
    /// Final pose matrices, of the bones that were done.
    pub(super) pose: &'a mut [Matrix],
}

impl Frame<'_> {
    /// Makes the final pose matrix of a bone; those that it depends on are there.
    pub(super) fn place(&mut self, bone: usize, basis: &Matrix) {
        self.pose[bone] = store(&self.bone(bone, &load(basis)));
    }

    fn bone(&self, bone: usize, basis: &Affine3A) -> Affine3A {
        let hierarchy = self.parts.hierarchy;
        let stack = self.parts.stacks.of(bone);
        if stack.is_empty() && hierarchy.inherit(bone) == Inherit::default() {
            let local = load(&hierarchy.offsets()[bone]) * *basis;
            return match hierarchy.parent(bone) {
                Some(parent) => load(&self.pose[parent]) * local,
                None => local,
            };
        }
        let mut spaces = self.spaces(bone);
        let before = spaces.parent.apply(basis);
        let mut m = self.world.to(&before);
        for index in stack {
            m = self.constraint(*index as usize, &mut spaces, &m);
        }
        if stack.is_empty() {
            return before;
        }
        let mut pose = self.world.from(&m);
        if hierarchy.is_connected(bone) {
            pose.translation = before.translation;
        }
        pose
    }

    fn spaces(&self, bone: usize) -> BoneSpaces<'_> {
        let hierarchy = self.parts.hierarchy;
        BoneSpaces {
            world: self.world,
            rest: load(&hierarchy.rest()[bone]),
            parent: hierarchy.parent_transform(bone, self.pose),
            custom: Affine3A::IDENTITY,
        }
    }

    /// The Euler order of a bone.
    fn order(&self, bone: usize) -> RotationMode {
        let mode = self.parts.modes.and_then(|modes| RotationMode::from_number(modes[bone]));
        mode.filter(|mode| mode.is_euler()).unwrap_or(RotationMode::Xyz)
    }

    /// The owner's world matrix after a constraint.
    fn constraint(&self, index: usize, owner: &mut BoneSpaces, m: &Affine3A) -> Affine3A {
        let constraint = &self.parts.constraints.list[index];
        let Effect::Known(kind) = &constraint.effect else { return *m };
        let influence = self.numbers.influence(index);
        if influence == 0.0 {
            return *m;
        }
        let kind = match self.numbers.values {
            Some(values) if self.parts.animated.is_some_and(|a| a[index]) => {
                &kind.with_values(&values[index])
            }
            _ => kind,
        };
        if constraint.uses_custom() {
            owner.custom = match constraint.space_bone {
                Some(bone) => self.world.to(&load(&self.pose[bone])),
                None => {
                    self.parts.constraints.spaces.map_or(Affine3A::IDENTITY, |s| load(&s[index]))
                }
            };
        }
        let own = match constraint.owner_space {
            Space::World => *m,
            space => owner.to(space, &self.world.from(m), &owner.rest),
        };
        let order = self.order(constraint.bone);
        let (after, is_world) = match kind {
            Kind::Armature(armature) => (self.armature(constraint, armature, &own), false),
            Kind::Action(action) => {
                let target = constraint.targets.clone().next();
                let target = target.map(|target| self.target(constraint, target, owner));
                let pose = action.frame(target.as_ref()).map(|frame| self.action(index, frame));
                (pose.map_or(own, |pose| action.apply(&own, &pose)), false)
            }
            Kind::FollowPath(_) | Kind::ClampTo(_) => {
                (self.on_curve(constraint, kind, &own, owner), false)
            }
            _ => {
                let target = constraint.targets.clone().next();
                let kind = &self.with_target_order(kind, target);
                let target = target.map(|target| self.target(constraint, target, owner));
                let child = matches!(kind, Kind::ChildOf(_)) && target.is_some();
                (kind.apply(&own, target.as_ref(), order), child)
            }
        };
        let after = match constraint.owner_space {
            _ if is_world => after,
            Space::World => after,
            space => self.world.to(&owner.from(space, &after)),
        };
        // Not clamped, and a NaN influence makes NaN of its own bone.
        if influence < 1.0 || influence.is_nan() { blend(m, &after, influence) } else { after }
    }

    /// A constraint whose target is a curve.
    fn on_curve(
        &self,
        constraint: &Constraint,
        kind: &Kind,
        m: &Affine3A,
        owner: &BoneSpaces,
    ) -> Affine3A {
        let Some(target) = constraint.targets.clone().next() else { return *m };
        let place = self.target(constraint, target, owner);
        let curve = |number: usize| self.parts.constraints.paths.get(number);
        match kind {
            Kind::FollowPath(follow) => match curve(follow.curve).and_then(|c| c.path.as_ref()) {
                Some(path) => follow.apply(m, path, &place),
                None => *m,
            },
            Kind::ClampTo(clamp) => match curve(clamp.curve) {
                Some(curve) => clamp.apply(m, curve, &place),
                None => *m,
            },
            _ => *m,
        }
    }

    /// The pose of a constraint's bone in its action.
    fn action(&self, constraint: usize, frame: f32) -> Affine3A {
        let bone = self.parts.constraints.list[constraint].bone;
        let mode = self.parts.modes.and_then(|modes| RotationMode::from_number(modes[bone]));
        let mode = mode.unwrap_or(RotationMode::Quaternion);
        let action = self.parts.constraints.actions.get(constraint);
        action.map_or(Affine3A::IDENTITY, |action| action.pose(frame, mode))
    }

    /// Child Of reads a target bone in the order of that bone.
    fn with_target_order(&self, kind: &Kind, target: Option<usize>) -> Kind {
        match (kind, target.map(|target| self.parts.constraints.targets[target])) {
            (Kind::ChildOf(child), Some(Target::Bone(bone, _))) => {
                let mut child = *child;
                child.target_order = self.order(bone);
                Kind::ChildOf(child)
            }
            _ => *kind,
        }
    }

    /// A target's matrix in the constraint's target space.
    fn target(&self, constraint: &Constraint, target: usize, owner: &BoneSpaces) -> Affine3A {
        match self.parts.constraints.targets[target] {
            Target::Outside => {
                let matrix =
                    self.numbers.target_matrices.map_or(Affine3A::IDENTITY, |m| load(&m[target]));
                match constraint.target_space {
                    Space::Custom => affine_inverse_or_zero(&owner.custom) * matrix,
                    _ => matrix,
                }
            }
            Target::Bone(bone, along) => {
                let along = self.numbers.head_tail.map_or(along, |along| along[target]);
                let mut pose = load(&self.pose[bone]);
                // As in Blender, which takes a point this near to the head for the head.
                if along >= 1e-6 {
                    let length = self.parts.hierarchy.length(bone);
                    pose.translation += pose.matrix3.y_axis * (length * along);
                }
                let mut spaces = self.spaces(bone);
                spaces.custom = owner.custom;
                spaces.to(constraint.target_space, &pose, &owner.rest)
            }
        }
    }

    fn armature(&self, constraint: &Constraint, armature: &Armature, m: &Affine3A) -> Affine3A {
        let rest = self.parts.hierarchy.rest();
        let follow = constraint.targets.clone().filter_map(|target| {
            let weight = self.numbers.weights.map_or(1.0, |weights| weights[target]);
            let Target::Bone(bone, _) = self.parts.constraints.targets[target] else { return None };
            let rest = load(&rest[bone]);
            let moved = load(&self.pose[bone]) * affine_inverse_or_zero(&rest);
            (weight > 0.0).then(|| Follow {
                moved: self.world.motion(&moved),
                rest: self.world.to(&rest),
                weight,
            })
        });
        let head: Vec3A = load(&rest[constraint.bone]).translation;
        let head = self.world.to(&Affine3A::from_translation(head.into())).translation;
        armature.apply(m, follow, head)
    }
}
