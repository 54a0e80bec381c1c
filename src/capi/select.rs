//! Selection and visibility across the C boundary.

use super::args::{Args, view};
use super::guard;
use super::views::rules;
use crate::error::{Error, Result};
use crate::select::{self, Action, Bones, Direction, Relation};

/// `action`: off if any bone is selected, else on.
pub const LIMBER_SELECT_TOGGLE: u32 = 0;
/// `action`: select every selectable bone.
pub const LIMBER_SELECT_SELECT: u32 = 1;
/// `action`: deselect every visible bone.
pub const LIMBER_SELECT_DESELECT: u32 = 2;
/// `action`: the other selectable bones.
pub const LIMBER_SELECT_INVERT: u32 = 3;

/// `direction`: to the parent.
pub const LIMBER_SELECT_PARENT: u32 = 0;
/// `direction`: to the children.
pub const LIMBER_SELECT_CHILD: u32 = 1;

/// `relation`: every bone below.
pub const LIMBER_RELATED_CHILDREN: u32 = 3;
/// `relation`: direct children.
pub const LIMBER_RELATED_CHILDREN_IMMEDIATE: u32 = 4;
/// `relation`: parents.
pub const LIMBER_RELATED_PARENT: u32 = 5;
/// `relation`: bones with the same parent.
pub const LIMBER_RELATED_SIBLINGS: u32 = 6;

/// Flags of the bones of one rig. A bone is visible if a visible collection holds it and it is
/// not hidden, selectable if it is visible and not unselectable, selected if it is visible and
/// its select flag is on. Flags are written as 0 or 1; every array is in the same bone order.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberBones {
    /// sizeof(LimberBones)
    pub struct_size: usize,
    /// n, the number of bones
    pub bone_count: usize,
    /// n, index of the parent, -1 = none; a parent comes before its children. NULL only where a
    /// function says that it follows no parents
    pub parent: *const i32,
    /// n, non-zero = the head sticks to the parent's tail; NULL = none does
    pub connected: *const u8,
    /// n, non-zero = a visible bone collection holds the bone; NULL = every one
    pub collection_visible: *const u8,
    /// n, in/out, the bone's own hide flag; NULL = none is hidden
    pub hidden: *mut u8,
    /// n, non-zero = cannot be selected; NULL = all can
    pub unselectable: *const u8,
    /// n, in/out, the select flag; never NULL
    pub select: *mut u8,
    /// in/out, index of the active bone, -1 = none; NULL = none
    pub active: *mut i32,
    /// n, in/out, the select flag of the bone's head, which Blender keeps up to 4.5; only
    /// limber_select_all, _mirror and _targets touch it; NULL = not kept
    pub select_head: *mut u8,
    /// n, in/out, the same of its tail
    pub select_tail: *mut u8,
}
view!(LimberBones, select_tail: *mut u8);

/// Where a view's active bone goes back to.
struct Active<'a>(Option<&'a mut i32>);

impl Active<'_> {
    fn write(self, bones: &Bones) {
        if let Some(active) = self.0 {
            *active = bones.active.map_or(-1, |bone| bone as i32);
        }
    }
}

impl LimberBones {
    /// Slices of the view. `follows_parents`: the parents must be there, and are checked.
    ///
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    unsafe fn slices<'a>(
        &self,
        args: &mut Args,
        follows_parents: bool,
    ) -> Result<(Bones<'a>, Active<'a>)> {
        let n = self.bone_count;
        if n > i32::MAX as usize {
            return Err(Error::BadSize { arg: "bone_count", value: n, why: "at most 2^31 - 1" });
        }
        // SAFETY: the header's promise, passed on by the caller.
        let (bones, active) = unsafe {
            let parent = match args.input("parent", self.parent, n)? {
                Some(parent) if follows_parents => parent,
                None if follows_parents && n > 0 => return Err(Error::NullPointer("parent")),
                _ => &[],
            };
            let bones = Bones {
                parent,
                connected: args.input("connected", self.connected, n)?,
                shown: args.input("collection_visible", self.collection_visible, n)?,
                hidden: args.output("hidden", self.hidden, n)?,
                unselectable: args.input("unselectable", self.unselectable, n)?,
                select: args.need_mut("select", self.select, n)?,
                select_head: args.output("select_head", self.select_head, n)?,
                select_tail: args.output("select_tail", self.select_tail, n)?,
                active: None,
            };
            (bones, args.optional_value("active", self.active)?)
        };
        check_parents(bones.parent)?;
        let number = active.as_deref().copied().unwrap_or(-1);
        if number < -1 || number >= n as i32 {
            return Err(Error::BadValue {
                arg: "active",
                value: number.to_string(),
                why: "no such bone",
            });
        }
        Ok((Bones { active: usize::try_from(number).ok(), ..bones }, Active(active)))
    }
}

fn check_parents(parent: &[i32]) -> Result<()> {
    let early = |(bone, parent): (usize, &i32)| *parent >= -1 && i64::from(*parent) < bone as i64;
    match parent.iter().enumerate().find(|pair| !early(*pair)) {
        None => Ok(()),
        Some((index, parent)) => Err(Error::BadParent { index, parent: i64::from(*parent) }),
    }
}

/// Bone indices of a caller's list, each checked.
fn indices(arg: &'static str, list: &[i32], count: usize) -> Result<Vec<usize>> {
    list.iter()
        .enumerate()
        .map(|(index, bone)| {
            usize::try_from(*bone).ok().filter(|bone| *bone < count).ok_or_else(|| {
                Error::BadElement { arg, index, value: bone.to_string(), why: "no such bone" }
            })
        })
        .collect()
}

/// Runs `body` on the view's bones and writes back the active bone and what `body` found.
///
/// # Safety
/// The header's promises about `bones` and `found`.
pub(crate) unsafe fn run(
    bones: *const LimberBones,
    found: *mut u8,
    follows_parents: bool,
    body: impl FnOnce(&mut Args, &mut Bones) -> Result<bool>,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (mut bones, active, found) = unsafe {
            let view = args.view(bones)?;
            let (bones, active) = view.slices(&mut args, follows_parents)?;
            (bones, active, args.optional_value("found", found)?)
        };
        let result = body(&mut args, &mut bones)?;
        active.write(&bones);
        if let Some(found) = found {
            *found = u8::from(result);
        }
        Ok(())
    })
}

/// Tell whether any bone is selected: visible, and its select flag on.
///
/// bones  parent, connected and unselectable are not read; nothing is changed
/// found  receives 1 or 0
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE (active) or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_any_selected(bones: *const LimberBones, found: *mut u8) -> i32 {
    // SAFETY: the header's promise.
    unsafe { run(bones, found, false, |_, bones| Ok(bones.any_selected())) }
}

/// Select, deselect or invert the visible bones. Unselectable bones are never selected.
///
/// bones   parent and connected are not read
/// action  LIMBER_SELECT_TOGGLE, _SELECT, _DESELECT or _INVERT; to toggle several rigs together
///         ask limber_any_selected of each first
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_all(bones: *const LimberBones, action: u32) -> i32 {
    let body = |_: &mut Args, bones: &mut Bones| {
        let action = match action {
            LIMBER_SELECT_TOGGLE if bones.any_selected() => Action::Deselect,
            LIMBER_SELECT_TOGGLE | LIMBER_SELECT_SELECT => Action::Select,
            LIMBER_SELECT_DESELECT => Action::Deselect,
            LIMBER_SELECT_INVERT => Action::Invert,
            _ => return Err(bad("action", action, "not a LIMBER_SELECT_* action")),
        };
        select::select_all(bones, action);
        Ok(true)
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, core::ptr::null_mut(), false, body) }
}

fn bad(arg: &'static str, value: u32, why: &'static str) -> Error {
    Error::BadValue { arg, value: value.to_string(), why }
}

/// Move the selection to parents or children.
///
/// bones      the active bone moves along
/// direction  LIMBER_SELECT_PARENT or _CHILD
/// extend     non-zero: the bones it comes from stay selected
/// rules      LIMBER_RULES_*: 4.5 goes from the active bone to one bone, 5.2 from every selected
///            bone to all its relatives
/// found      receives 1 if a bone was selected, else 0; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_hierarchy(
    bones: *const LimberBones,
    direction: u32,
    extend: u8,
    rules: u32,
    found: *mut u8,
) -> i32 {
    let body = |_: &mut Args, bones: &mut Bones| {
        let direction = match direction {
            LIMBER_SELECT_PARENT => Direction::Parent,
            LIMBER_SELECT_CHILD => Direction::Child,
            _ => return Err(bad("direction", direction, "0 or 1")),
        };
        Ok(select::select_hierarchy(bones, direction, extend != 0, self::rules(rules)?))
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, found, true, body) }
}

/// Select the active bone's parent, unless it is hidden.
///
/// rules  LIMBER_RULES_*: with 4.5 the parent must be selectable and becomes active; with 5.2
///        the active bone must be selectable and stays active
/// found  receives 1 if the parent was selected, else 0; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_parent(
    bones: *const LimberBones,
    rules: u32,
    found: *mut u8,
) -> i32 {
    // SAFETY: the header's promise.
    unsafe {
        run(bones, found, true, |_, bones| Ok(select::select_parent(bones, self::rules(rules)?)))
    }
}

/// Extend the selection along chains of connected bones, up and down.
///
/// rules  LIMBER_RULES_*: with 5.2 nothing is selected below an unselectable bone
///
/// Downwards, hidden bones are selected too.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_linked(bones: *const LimberBones, rules: u32) -> i32 {
    let body = |_: &mut Args, bones: &mut Bones| {
        select::select_linked(bones, self::rules(rules)?);
        Ok(true)
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, core::ptr::null_mut(), true, body) }
}

/// Select or deselect the chain of connected bones through one bone, hidden bones too.
///
/// bone      index of the bone
/// deselect  non-zero: deselect the chain
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_linked_from(
    bones: *const LimberBones,
    bone: i32,
    deselect: u8,
) -> i32 {
    let body = |_: &mut Args, bones: &mut Bones| {
        let start = usize::try_from(bone).ok().filter(|bone| *bone < bones.len());
        let start = start.ok_or_else(|| Error::BadValue {
            arg: "bone",
            value: bone.to_string(),
            why: "no such bone",
        })?;
        select::select_linked_from(bones, start, deselect == 0);
        Ok(true)
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, core::ptr::null_mut(), true, body) }
}

/// Give every selectable bone the selection of its mirror bone.
///
/// bones        parent and connected are not read; the active bone's mirror becomes active
/// mirror       n, from limber_mirror_bones: index of the mirror bone, -1 = none
/// only_active  non-zero: only the active bone and its mirror change
/// extend       non-zero: a selected bone stays selected
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_mirror(
    bones: *const LimberBones,
    mirror: *const i32,
    only_active: u8,
    extend: u8,
) -> i32 {
    let body = |args: &mut Args, bones: &mut Bones| {
        // SAFETY: the header's promise.
        let mirror = unsafe { args.need("mirror", mirror, bones.len())? };
        if let Some(index) = mirror.iter().position(|m| *m >= bones.len() as i32) {
            let value = mirror[index].to_string();
            return Err(Error::BadElement { arg: "mirror", index, value, why: "no such bone" });
        }
        let mirror: Vec<_> = mirror.iter().map(|bone| usize::try_from(*bone).ok()).collect();
        select::select_mirror(bones, &mirror, only_active != 0, extend != 0);
        Ok(true)
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, core::ptr::null_mut(), false, body) }
}

/// Select relatives of the selected bones.
///
/// bones     connected is not read
/// relation  LIMBER_RELATED_*
/// extend    zero: the selected bones are deselected first (their parents, for siblings)
/// rules     LIMBER_RULES_*: with 4.5 CHILDREN keeps the bones themselves selected, and bones
///           without parent are siblings; with 5.2 PARENT selects hidden parents too
/// found     receives 1 if any bone qualified (siblings: was newly selected); may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT or
/// _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_related(
    bones: *const LimberBones,
    relation: u32,
    extend: u8,
    rules: u32,
    found: *mut u8,
) -> i32 {
    let body = |_: &mut Args, bones: &mut Bones| {
        let relation = match relation {
            LIMBER_RELATED_CHILDREN => Relation::Children,
            LIMBER_RELATED_CHILDREN_IMMEDIATE => Relation::ChildrenImmediate,
            LIMBER_RELATED_PARENT => Relation::Parent,
            LIMBER_RELATED_SIBLINGS => Relation::Siblings,
            _ => return Err(bad("relation", relation, "not a LIMBER_RELATED_*")),
        };
        Ok(select::select_related(bones, relation, extend != 0, self::rules(rules)?))
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, found, true, body) }
}

/// Select the visible bones that share a group (collection, colour, ...) with a key.
///
/// bones        parent and connected are not read
/// group_first  n + 1 ascending numbers from 0: bone b is in the groups
///              group[group_first[b]] to group[group_first[b + 1] - 1]
/// group        group_count group ids, any numbers
/// key          key_count group ids
/// extend       zero: all other selected bones are deselected
/// rules        LIMBER_RULES_*: with 5.2 unselectable bones are selected too
/// found        receives 1 if any flag was changed on the way, with 5.2 also if a
///              selectable bone shares a group, else 0; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE (group_first ends at another number than
/// group_count), _BAD_STRUCT_SIZE, _BAD_VALUE (rules, a falling group_first) or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_group(
    bones: *const LimberBones,
    group_first: *const u32,
    group: *const u32,
    group_count: usize,
    key: *const u32,
    key_count: usize,
    extend: u8,
    rules: u32,
    found: *mut u8,
) -> i32 {
    let body = |args: &mut Args, bones: &mut Bones| {
        let rules = self::rules(rules)?;
        // SAFETY: the header's promise.
        let (first, group, key) = unsafe {
            (
                args.need("group_first", group_first, bones.len() + 1)?,
                args.need("group", group, group_count)?,
                args.need("key", key, key_count)?,
            )
        };
        if let Some(index) = first.windows(2).position(|pair| pair[0] > pair[1]) {
            return Err(Error::BadElement {
                arg: "group_first",
                index: index + 1,
                value: first[index + 1].to_string(),
                why: "must not fall",
            });
        }
        if first[0] != 0 || first[bones.len()] as usize != group_count {
            return Err(Error::BadSize {
                arg: "group_count",
                value: group_count,
                why: "group_first must go from 0 to it",
            });
        }
        let matches = select::in_groups(first, group, key);
        Ok(select::select_matching(bones, &matches, extend != 0, rules))
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, found, false, body) }
}

/// Select the bones that constraints of selected bones aim at, hidden ones too.
///
/// bones   parent and connected are not read. Several rigs go in one call when their arrays
///         stand one after the other
/// owner   count bone indices, the bone that has the constraint, in the order of the bones
/// target  count bone indices, the bone that the constraint aims at
/// found   receives 1 if a selected owner has a target that is not unselectable, else 0; may be
///         NULL
///
/// A target that is selected on the way counts as an owner when its turn comes, as in Blender.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_targets(
    bones: *const LimberBones,
    owner: *const i32,
    target: *const i32,
    count: usize,
    found: *mut u8,
) -> i32 {
    let body = |args: &mut Args, bones: &mut Bones| {
        // SAFETY: the header's promise.
        let (owner, target) =
            unsafe { (args.need("owner", owner, count)?, args.need("target", target, count)?) };
        let owner = indices("owner", owner, bones.len())?;
        let target = indices("target", target, bones.len())?;
        let pairs: Vec<_> = owner.into_iter().zip(target).collect();
        Ok(select::select_targets(bones, &pairs))
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, found, false, body) }
}

/// Select the listed bones that are selectable, such as those that a keying set names.
///
/// bones   parent and connected are not read
/// list    count bone indices, repeats allowed
/// extend  zero: the other selectable bones are deselected
/// found   receives 1 if a bone was selected or extend is zero, else 0; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_select_keyed(
    bones: *const LimberBones,
    list: *const i32,
    count: usize,
    extend: u8,
    found: *mut u8,
) -> i32 {
    let body = |args: &mut Args, bones: &mut Bones| {
        // SAFETY: the header's promise.
        let list = indices("list", unsafe { args.need("list", list, count)? }, bones.len())?;
        Ok(select::select_keyed(bones, &list, extend != 0))
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, found, false, body) }
}

fn needs_hidden(bones: &Bones) -> Result<()> {
    match bones.hidden {
        None if !bones.is_empty() => Err(Error::NullPointer("hidden")),
        _ => Ok(()),
    }
}

/// Hide the selected bones and clear their select flag.
///
/// bones       parent, connected and unselectable are not read; hidden is needed
/// unselected  non-zero: hide the bones that are not selected
/// found       receives 1 if any bone qualified, hidden ones included; may be NULL
///
/// Only bones in visible collections change.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_hide(
    bones: *const LimberBones,
    unselected: u8,
    found: *mut u8,
) -> i32 {
    let body = |_: &mut Args, bones: &mut Bones| {
        needs_hidden(bones)?;
        Ok(select::hide(bones, unselected != 0))
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, found, false, body) }
}

/// Show the hidden bones of visible collections.
///
/// bones   parent and connected are not read; hidden is needed
/// select  the select flag that shown bones get, unless they are unselectable
/// found   receives 1 if any bone was hidden, else 0; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_reveal(
    bones: *const LimberBones,
    select: u8,
    found: *mut u8,
) -> i32 {
    let body = |_: &mut Args, bones: &mut Bones| {
        needs_hidden(bones)?;
        Ok(select::reveal(bones, select != 0))
    };
    // SAFETY: the header's promise.
    unsafe { run(bones, found, false, body) }
}
