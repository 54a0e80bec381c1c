//! Which bones are solved together.

use super::joint::{Kind, Segment};
use super::{Goal, Joint};

/// One end of a tree.
#[derive(Clone, Debug)]
pub(super) struct End {
    /// The goal's number.
    pub(super) goal: usize,
    pub(super) settings: Goal,
    /// The bone that ends the chain, as a number in the tree.
    pub(super) tip: usize,
}

/// A bone of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// The bone's number in the rig.
    pub(super) bone: usize,
    /// The parent's number in the tree.
    pub(super) parent: Option<usize>,
    /// The last of its segments.
    pub(super) last: usize,
    /// The one of its segments that turns.
    pub(super) first: usize,
}

/// A root bone with one or more chains below it that are solved together.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(super) members: Vec<Member>,
    pub(super) segments: Vec<Segment>,
    pub(super) ends: Vec<End>,
    pub(super) iterations: usize,
    /// Degrees of freedom.
    pub(super) freedoms: usize,
    stretch: bool,
}

impl Tree {
    /// The bones of the tree, each after its parent; the first one is the root.
    pub fn bones(&self) -> impl Iterator<Item = usize> {
        self.members.iter().map(|member| member.bone)
    }

    /// The bone on which it hangs.
    pub fn root(&self) -> usize {
        self.members[0].bone
    }

    /// The goals that it is solved for.
    pub fn goals(&self) -> impl Iterator<Item = usize> {
        self.ends.iter().map(|end| end.goal)
    }

    /// Whether it has bones of a tree with another root. Blender itself solves the two in one order
    /// or the other, as its threads run.
    pub fn shares(&self, others: &[Tree]) -> bool {
        let mut others = others.iter().filter(|other| other.root() != self.root());
        others.any(|other| other.bones().any(|bone| self.number(bone).is_some()))
    }

    fn number(&self, bone: usize) -> Option<usize> {
        self.members.iter().position(|member| member.bone == bone)
    }

    /// Adds the bones of a chain (root first) that are not there, and its end.
    fn join(&mut self, chain: &[usize], goal: usize, settings: Goal) {
        let mut parent = None;
        for bone in chain {
            parent = self.number(*bone).or_else(|| {
                self.members.push(Member { bone: *bone, parent, last: 0, first: 0 });
                Some(self.members.len() - 1)
            });
        }
        self.ends.push(End { goal, settings, tip: parent.unwrap_or(0) });
    }

    /// Gives every bone its segments.
    fn add_segments(&mut self, joints: &[Joint]) {
        for number in 0..self.members.len() {
            let member = self.members[number];
            let joint = joints.get(member.bone).copied().unwrap_or_default();
            let slides = self.stretch && joint.stretch > 0.0;
            let above = member.parent.map(|parent| self.members[parent].last);
            let kind = Kind::of(joint.lock);
            let first = self.segments.len();
            if kind != Kind::Fixed || !slides {
                self.push(Segment::turning(kind, &joint, above, slides));
            }
            if slides {
                let above = if self.segments.len() > first { Some(first) } else { above };
                self.push(Segment::sliding(&joint, above));
            }
            let member = &mut self.members[number];
            (member.first, member.last) = (first, self.segments.len() - 1);
        }
    }

    fn push(&mut self, mut segment: Segment) {
        segment.first = self.freedoms;
        self.freedoms += segment.kind.freedoms();
        self.segments.push(segment);
    }
}

/// The trees of a rig's goals, in the order in which they are solved: those of higher roots
/// first. The goals must be in the order of their bones (in Blender's: depth first), those of one
/// bone in the order of its constraints. `active` says of each goal
/// whether it acts (not muted, influence not 0); others may still be a part of other goals' trees,
/// which they hold where they are. `joints` has one element a bone; an empty slice is all default.
///
/// # Panics
/// If a goal's bone has no parent in `parents` (-1 = none).
pub fn trees(parents: &[i32], joints: &[Joint], goals: &[Goal], active: &[bool]) -> Vec<Tree> {
    let mut trees: Vec<Tree> = Vec::new();
    let mut at = 0;
    while at < goals.len() {
        let bone = goals[at].bone;
        let of_bone = goals[at..].iter().take_while(|goal| goal.bone == bone).count();
        for goal in at..at + of_bone {
            let settings = goals[goal];
            let mut chain: Vec<usize> = settings.chain(parents).collect();
            chain.reverse();
            add_chain(&mut trees, &chain, goal, settings);
            // Blender lets one constraint of a bone act.
            if active[goal] {
                break;
            }
        }
        at += of_bone;
    }
    trees.retain(|tree| tree.ends.iter().any(|end| active[end.goal]));
    trees.sort_by_key(|tree| tree.members[0].bone);
    trees.iter_mut().for_each(|tree| tree.add_segments(joints));
    trees
}

/// Joins a chain with the first tree of the same root that ends elsewhere, or makes a tree of it.
/// As in Blender, it does not join at a tip that a later tree with another root has got.
fn add_chain(trees: &mut Vec<Tree>, chain: &[usize], goal: usize, settings: Goal) {
    let joins = |(at, tree): (usize, &Tree)| {
        let taken = |tip: usize| {
            let mut later = trees[at + 1..].iter().filter(|later| later.root() != chain[0]);
            later.any(|later| later.number(tip).is_some())
        };
        let beside = |end: &End| {
            let tip = tree.members[end.tip].bone;
            !chain.contains(&tip) && !taken(tip)
        };
        tree.root() == chain[0] && tree.ends.iter().any(beside)
    };
    let mut tree = match trees.iter().enumerate().position(joins) {
        Some(found) => {
            let mut tree = trees.remove(found);
            tree.iterations = tree.iterations.max(settings.iterations);
            // So that joining chains do not stretch, as in Blender.
            tree.stretch = tree.stretch && !settings.use_stretch;
            tree
        }
        None => Tree {
            members: Vec::new(),
            segments: Vec::new(),
            ends: Vec::new(),
            iterations: settings.iterations,
            freedoms: 0,
            stretch: settings.use_stretch,
        },
    };
    tree.join(chain, goal, settings);
    trees.push(tree);
}
