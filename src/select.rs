//! Which bones are selected and hidden: Blender's selection operators over byte masks.
//!
//! A bone is *visible* if a visible bone collection holds it (`shown`) and its own hide flag is
//! off; *selectable* if it is visible and not `unselectable`; *selected* if it is visible and its
//! select flag is on. Hidden bones keep their flag. Written flags are 0 or 1.

use crate::Rules;

/// The flags of the bones of one rig. An absent mask is false for every bone, `shown` true.
pub struct Bones<'a> {
    /// Parent of every bone, -1 for none; parents come first. May be empty where an operator
    /// does not follow parents.
    pub parent: &'a [i32],
    /// The bone's head sticks to its parent's tail.
    pub connected: Option<&'a [u8]>,
    /// The bone is in a visible collection.
    pub shown: Option<&'a [u8]>,
    /// The bone's own hide flag.
    pub hidden: Option<&'a mut [u8]>,
    /// The bone cannot be selected.
    pub unselectable: Option<&'a [u8]>,
    /// The select flag.
    pub select: &'a mut [u8],
    /// The select flag of the bone's head, which Blender keeps up to 4.5; only [`select_all`],
    /// [`select_mirror`] and [`select_targets`] touch it.
    pub select_head: Option<&'a mut [u8]>,
    /// The same of its tail.
    pub select_tail: Option<&'a mut [u8]>,
    /// The active bone.
    pub active: Option<usize>,
}

/// What [`select_all`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Every selectable bone.
    Select,
    /// No visible bone.
    Deselect,
    /// The other selectable ones.
    Invert,
}

/// Where [`select_hierarchy`] goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Towards the root.
    Parent,
    /// Towards the tips.
    Child,
}

fn flag(mask: Option<&[u8]>, bone: usize) -> bool {
    mask.is_some_and(|mask| mask[bone] != 0)
}

impl Bones<'_> {
    /// Number of bones.
    pub fn len(&self) -> usize {
        self.select.len()
    }

    /// Whether there is no bone.
    pub fn is_empty(&self) -> bool {
        self.select.is_empty()
    }

    /// In a visible collection.
    pub fn shown(&self, bone: usize) -> bool {
        self.shown.is_none_or(|mask| mask[bone] != 0)
    }

    /// Own hide flag.
    pub fn hidden(&self, bone: usize) -> bool {
        flag(self.hidden.as_deref(), bone)
    }

    /// Shown and not hidden.
    pub fn visible(&self, bone: usize) -> bool {
        self.shown(bone) && !self.hidden(bone)
    }

    /// Cannot be selected.
    pub fn unselectable(&self, bone: usize) -> bool {
        flag(self.unselectable, bone)
    }

    /// Visible and can be selected.
    pub fn selectable(&self, bone: usize) -> bool {
        self.visible(bone) && !self.unselectable(bone)
    }

    /// Visible and the select flag is on.
    pub fn selected(&self, bone: usize) -> bool {
        self.select[bone] != 0 && self.visible(bone)
    }

    /// Whether any bone is selected.
    pub fn any_selected(&self) -> bool {
        (0..self.len()).any(|bone| self.selected(bone))
    }

    fn connected(&self, bone: usize) -> bool {
        flag(self.connected, bone)
    }

    fn parent(&self, bone: usize) -> Option<usize> {
        usize::try_from(self.parent[bone]).ok()
    }

    fn set(&mut self, bone: usize, on: bool) {
        self.select[bone] = u8::from(on);
    }

    /// Sets the flags of the bone's two ends, where they are kept.
    fn set_ends(&mut self, bone: usize, on: bool) {
        for mask in [&mut self.select_head, &mut self.select_tail].into_iter().flatten() {
            mask[bone] = u8::from(on);
        }
    }

    fn selected_bones(&self) -> Vec<usize> {
        (0..self.len()).filter(|bone| self.selected(*bone)).collect()
    }

    fn deselect(&mut self, bones: &[usize]) {
        for &bone in bones {
            self.set(bone, false);
        }
    }

    /// A byte a bone: it is in `bones`.
    fn mask(&self, bones: &[usize]) -> Vec<bool> {
        let mut mask = vec![false; self.len()];
        for &bone in bones {
            mask[bone] = true;
        }
        mask
    }

    /// Selectable, but with the rules of 5.2 also if the bone's own hide flag is on.
    fn selectable_parent(&self, bone: usize, rules: Rules) -> bool {
        match rules {
            Rules::Blender45 => self.selectable(bone),
            Rules::Blender52 => self.shown(bone) && !self.unselectable(bone),
        }
    }
}

/// Selects, deselects or inverts the visible bones. Unselectable bones are never selected.
pub fn select_all(bones: &mut Bones, action: Action) {
    for bone in 0..bones.len() {
        if !bones.visible(bone) {
            continue;
        }
        let on = bones.select[bone] != 0;
        let result = match action {
            Action::Select => on || !bones.unselectable(bone),
            Action::Deselect => false,
            Action::Invert => !on && !bones.unselectable(bone),
        };
        bones.set(bone, result);
        if action == Action::Deselect || (action == Action::Invert && on) {
            bones.set_ends(bone, false);
        }
    }
}

/// Goes from the active bone (rules of 4.5) or from every selected bone (5.2) to its parent or
/// children; without `extend` the bones it came from are deselected. Whether any was selected.
pub fn select_hierarchy(
    bones: &mut Bones,
    direction: Direction,
    extend: bool,
    rules: Rules,
) -> bool {
    match rules {
        Rules::Blender45 => hierarchy_of_active(bones, direction, extend),
        Rules::Blender52 => hierarchy_of_selected(bones, direction, extend),
    }
}

fn hierarchy_of_active(bones: &mut Bones, direction: Direction, extend: bool) -> bool {
    let Some(active) = bones.active.filter(|bone| bones.shown(*bone)) else {
        return false;
    };
    let target = match direction {
        Direction::Parent => bones.parent(active),
        Direction::Child => {
            let child = |bone: &usize| bones.parent(*bone) == Some(active);
            let children: Vec<usize> = (active + 1..bones.len())
                .filter(child)
                .filter(|bone| bones.selectable(*bone))
                .collect();
            children.iter().find(|b| bones.connected(**b)).or(children.first()).copied()
        }
    };
    let Some(target) = target.filter(|bone| bones.selectable(*bone)) else {
        return false;
    };
    if !extend {
        bones.set(active, false);
    }
    bones.set(target, true);
    bones.active = Some(target);
    true
}

fn hierarchy_of_selected(bones: &mut Bones, direction: Direction, extend: bool) -> bool {
    let from = bones.selected_bones();
    let in_from = bones.mask(&from);
    let to: Vec<usize> = match direction {
        Direction::Parent => from.iter().filter_map(|bone| bones.parent(*bone)).collect(),
        Direction::Child => (0..bones.len())
            .filter(|bone| bones.parent(*bone).is_some_and(|parent| in_from[parent]))
            .collect(),
    };
    if to.is_empty() {
        return false;
    }
    if !extend {
        bones.deselect(&from);
    }
    let mut found = false;
    let mut active_moves = false;
    let active = bones.active.filter(|bone| in_from[*bone]);
    for &bone in &to {
        let able = match direction {
            Direction::Parent => bones.selectable_parent(bone, Rules::Blender52),
            Direction::Child => bones.selectable(bone),
        };
        if !able {
            continue;
        }
        bones.set(bone, true);
        found = true;
        active_moves |= active.is_some_and(|active| match direction {
            Direction::Parent => bones.parent(active) == Some(bone),
            Direction::Child => bones.parent(bone) == Some(active),
        });
    }
    if let (Some(active), true) = (active, active_moves) {
        bones.active = match direction {
            Direction::Parent => bones.parent(active),
            Direction::Child => {
                // The first connected child, whether or not it could be selected.
                let children: Vec<usize> =
                    to.iter().copied().filter(|b| bones.parent(*b) == Some(active)).collect();
                children.iter().find(|b| bones.connected(**b)).or(children.first()).copied()
            }
        };
    }
    found
}

/// Selects the active bone's parent, unless that is hidden. Whether it did.
///
/// With the rules of 4.5 the parent must be selectable and becomes active. 5.2 looks at the
/// active bone's selectability instead and leaves it active.
pub fn select_parent(bones: &mut Bones, rules: Rules) -> bool {
    let Some(active) = bones.active.filter(|bone| bones.shown(*bone)) else {
        return false;
    };
    let Some(parent) = bones.parent(active).filter(|bone| !bones.hidden(*bone)) else {
        return false;
    };
    let barred = match rules {
        Rules::Blender45 => parent,
        Rules::Blender52 => active,
    };
    if bones.unselectable(barred) {
        return false;
    }
    bones.set(parent, true);
    if rules == Rules::Blender45 {
        bones.active = Some(parent);
    }
    true
}

/// First child and next sibling of every bone, in bone order.
struct Children {
    first: Vec<Option<usize>>,
    next: Vec<Option<usize>>,
}

impl Children {
    fn new(bones: &Bones) -> Self {
        let mut first = vec![None; bones.len()];
        let mut next = vec![None; bones.len()];
        for bone in (0..bones.len()).rev() {
            if let Some(parent) = bones.parent(bone) {
                next[bone] = first[parent].replace(bone);
            }
        }
        Self { first, next }
    }

    fn of(&self, bone: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.first[bone], |child| self.next[*child])
    }

    /// Sets the flag of every bone below `bone` that a chain of connected, selectable-flagged
    /// bones leads to. `done` marks bones whose chains were followed before.
    fn set_connected_below(&self, bones: &mut Bones, bone: usize, on: bool, done: &mut [bool]) {
        let mut stack = vec![bone];
        while let Some(bone) = stack.pop() {
            if std::mem::replace(&mut done[bone], true) {
                continue;
            }
            for child in self.of(bone) {
                if bones.connected(child) && !bones.unselectable(child) {
                    bones.set(child, on);
                    stack.push(child);
                }
            }
        }
    }
}

/// Extends the selection along chains of connected bones, up and down.
///
/// Bones that are selected on the way count when their turn comes. Downwards hidden bones are
/// selected too. With the rules of 5.2 nothing happens below an unselectable bone.
pub fn select_linked(bones: &mut Bones, rules: Rules) {
    let children = Children::new(bones);
    let mut up_done = vec![false; bones.len()];
    let mut down_done = vec![false; bones.len()];
    for bone in 0..bones.len() {
        if !bones.selected(bone) {
            continue;
        }
        let mut up = Some(bone);
        while let Some(at) = up.filter(|at| bones.selectable(*at) && !up_done[*at]) {
            up_done[at] = true;
            bones.set(at, true);
            up = if bones.connected(at) { bones.parent(at) } else { None };
        }
        if rules == Rules::Blender45 || !bones.unselectable(bone) {
            children.set_connected_below(bones, bone, true, &mut down_done);
        }
    }
}

/// Selects or deselects the chain of connected bones through `bone`, hidden ones too; it ends at
/// unselectable bones.
pub fn select_linked_from(bones: &mut Bones, bone: usize, on: bool) {
    let mut up = Some(bone);
    while let Some(at) = up.filter(|at| !bones.unselectable(*at)) {
        bones.set(at, on);
        up = if bones.connected(at) { bones.parent(at) } else { None };
    }
    let mut done = vec![false; bones.len()];
    Children::new(bones).set_connected_below(bones, bone, on, &mut done);
}

/// Gives every selectable bone the selection of its mirror bone, with `extend` on top of its own.
///
/// `mirror` is the answer of [`crate::names::mirror_bones`]. With `only_active` only the active
/// bone and its mirror change. The active bone's mirror becomes active.
pub fn select_mirror(bones: &mut Bones, mirror: &[Option<usize>], only_active: bool, extend: bool) {
    let old: Vec<bool> = (0..bones.len()).map(|bone| bones.selected(bone)).collect();
    let was_active = bones.active;
    let mut active = bones.active;
    for bone in 0..bones.len() {
        let Some(other) = mirror[bone] else { continue };
        if !bones.selectable(bone) {
            continue;
        }
        if was_active == Some(bone) {
            active = Some(other);
        }
        let near_active = was_active == Some(bone) || was_active == Some(other);
        if only_active && !near_active {
            continue;
        }
        let on = old[other] || (extend && old[bone]);
        bones.set(bone, on);
        if !extend {
            bones.set_ends(bone, false);
        }
    }
    bones.active = active;
}

/// Which relatives of the selected bones [`select_related`] selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Everything below.
    Children,
    /// Direct children.
    ChildrenImmediate,
    /// Parents.
    Parent,
    /// Bones with the same parent.
    Siblings,
}

/// Selects relatives of the selected bones; without `extend` the bones themselves are deselected
/// (their parents, for [`Relation::Siblings`]). Whether any bone qualified (siblings: whether any
/// was newly selected).
pub fn select_related(bones: &mut Bones, relation: Relation, extend: bool, rules: Rules) -> bool {
    let from = bones.selected_bones();
    let in_from = bones.mask(&from);
    if relation == Relation::Siblings {
        return select_siblings(bones, &from, extend, rules);
    }
    if !extend {
        bones.deselect(&from);
    }
    let mut below = vec![false; bones.len()];
    let mut found = false;
    if relation == Relation::Parent {
        for bone in from {
            if let Some(parent) = bones.parent(bone)
                && bones.selectable_parent(parent, rules)
            {
                bones.set(parent, true);
                found = true;
            }
        }
        return found;
    }
    for bone in 0..bones.len() {
        let parent = bones.parent(bone);
        below[bone] = match relation {
            Relation::Children => parent.is_some_and(|p| in_from[p] || below[p]),
            _ => parent.is_some_and(|p| in_from[p]),
        };
        // 4.5 counts a selected bone as below itself.
        let own = rules == Rules::Blender45 && relation == Relation::Children && in_from[bone];
        if (below[bone] || own) && bones.selectable(bone) {
            bones.set(bone, true);
            found = true;
        }
    }
    found
}

fn select_siblings(bones: &mut Bones, from: &[usize], extend: bool, rules: Rules) -> bool {
    let mut is_parent = vec![false; bones.len()];
    let mut roots = false;
    for &bone in from {
        match bones.parent(bone) {
            Some(parent) => is_parent[parent] = true,
            None => roots = rules == Rules::Blender45,
        }
    }
    if !extend {
        for (bone, _) in is_parent.iter().enumerate().filter(|(_, is_parent)| **is_parent) {
            bones.set(bone, false);
        }
    }
    let mut found = false;
    for bone in 0..bones.len() {
        let sibling = bones.parent(bone).map_or(roots, |parent| is_parent[parent]);
        if sibling && bones.selectable(bone) && !bones.selected(bone) {
            bones.set(bone, true);
            found = true;
        }
    }
    found
}

/// Selects every visible bone that `matches`, without `extend` those alone.
///
/// Whether any flag changed on the way. With the rules of 5.2 unselectable bones are selected
/// too, and a selectable match counts as a change also if it was selected.
pub fn select_matching(bones: &mut Bones, matches: &[bool], extend: bool, rules: Rules) -> bool {
    let mut changed = false;
    for (bone, matches) in matches.iter().enumerate() {
        if !bones.visible(bone) {
            continue;
        }
        let was = bones.select[bone] != 0;
        if was && !extend {
            bones.set(bone, false);
            changed = true;
        }
        let (selectable, unselected) = (!bones.unselectable(bone), bones.select[bone] == 0);
        let able = match rules {
            Rules::Blender45 => selectable && unselected,
            Rules::Blender52 => selectable || unselected,
        };
        if *matches && able {
            bones.set(bone, true);
            changed = true;
        }
    }
    changed
}

/// Which bones share a group with the key: bone `b` is in `groups[first[b]..first[b + 1]]`.
pub fn in_groups(first: &[u32], groups: &[u32], key: &[u32]) -> Vec<bool> {
    let key: std::collections::HashSet<u32> = key.iter().copied().collect();
    first
        .windows(2)
        .map(|pair| groups[pair[0] as usize..pair[1] as usize].iter().any(|g| key.contains(g)))
        .collect()
}

/// Selects the bones that constraints of selected bones aim at, hidden ones too, unless they are
/// unselectable. Whether there was one.
///
/// `pairs` are (owner, target), in the order of the owners. A bone that is selected on the way
/// counts when its own turn comes.
pub fn select_targets(bones: &mut Bones, pairs: &[(usize, usize)]) -> bool {
    let mut found = false;
    for &(owner, target) in pairs {
        if bones.selected(owner) && !bones.unselectable(target) {
            bones.set(target, true);
            bones.set_ends(target, true);
            found = true;
        }
    }
    found
}

/// Selects the listed selectable bones, as a keying set names them; without `extend` the other
/// selectable ones are deselected. Whether a bone was selected, always true without `extend`.
pub fn select_keyed(bones: &mut Bones, list: &[usize], extend: bool) -> bool {
    if !extend {
        for bone in 0..bones.len() {
            if bones.selectable(bone) {
                bones.set(bone, false);
            }
        }
    }
    let mut found = !extend;
    for &bone in list {
        if bones.selectable(bone) {
            bones.set(bone, true);
            found = true;
        }
    }
    found
}

/// Hides the selected bones (`unselected`: the others) that are in visible collections and clears
/// their select flag. Bones that are hidden already count. Whether there was one.
pub fn hide(bones: &mut Bones, unselected: bool) -> bool {
    let mut found = false;
    for bone in 0..bones.len() {
        if bones.shown(bone) && (bones.select[bone] != 0) != unselected {
            if let Some(hidden) = &mut bones.hidden {
                hidden[bone] = 1;
            }
            bones.set(bone, false);
            found = true;
        }
    }
    found
}

/// Shows the hidden bones of visible collections and gives those that are not unselectable the
/// select flag `select`. Whether there was one.
pub fn reveal(bones: &mut Bones, select: bool) -> bool {
    let mut found = false;
    for bone in 0..bones.len() {
        if !bones.shown(bone) || !bones.hidden(bone) {
            continue;
        }
        if let Some(hidden) = &mut bones.hidden {
            hidden[bone] = 0;
        }
        if !bones.unselectable(bone) {
            bones.set(bone, select);
        }
        found = true;
    }
    found
}
