//! Constraint tables across the C boundary.

use super::args::{Args, view};
use super::guard;
use crate::constraint_table::{self, Kind, Table, Target};
use crate::error::{Error, Result};

/// `kind` of an object: anything else.
pub const LIMBER_OBJECT_OTHER: u8 = 0;
/// `kind` of an object: a curve.
pub const LIMBER_OBJECT_CURVE: u8 = 1;
/// `kind` of an object: a mesh.
pub const LIMBER_OBJECT_MESH: u8 = 2;
/// `kind` of an object: an armature in pose mode.
pub const LIMBER_OBJECT_POSED: u8 = 3;

/// `target`: none was found.
pub const LIMBER_TARGET_NOTHING: u32 = 0;
/// `target`: a bone of the same rig.
pub const LIMBER_TARGET_BONE: u32 = 1;
/// `target`: an object.
pub const LIMBER_TARGET_OBJECT: u32 = 2;
/// `target`: the bone that a posed armature proposes.
pub const LIMBER_TARGET_OBJECT_BONE: u32 = 3;
/// `target`: an Empty has to be made.
pub const LIMBER_TARGET_EMPTY: u32 = 4;

/// The constraint stacks of the bones of one or several rigs, a row a constraint. Rows of one
/// bone stand in the order of its stack.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberConstraints {
    /// sizeof(LimberConstraints)
    pub struct_size: usize,
    /// r, the number of rows
    pub count: usize,
    /// n, the number of bones; those of several rigs are numbered one after the other
    pub bone_count: usize,
    /// r, index of the bone that has the constraint
    pub owner: *const i32,
    /// r, Blender's number of the type (IK is 3); NULL = all unknown
    pub kind: *const i32,
    /// r, non-zero = belongs to a library and cannot be removed; NULL = none
    pub fixed: *const u8,
    /// n, non-zero = the bone is selected; NULL = every one
    pub selected: *const u8,
}
view!(LimberConstraints, selected: *const u8);

impl LimberConstraints {
    /// Slices of the view, and the mask of the selected bones.
    ///
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    unsafe fn slices<'a>(&self, args: &mut Args) -> Result<(Table<'a>, Option<&'a [u8]>)> {
        // SAFETY: the header's promise, passed on by the caller.
        let (table, selected) = unsafe {
            let table = Table {
                owner: args.need("owner", self.owner, self.count)?,
                kind: args.input("kind", self.kind, self.count)?,
                fixed: args.input("fixed", self.fixed, self.count)?,
            };
            (table, args.input("selected", self.selected, self.bone_count)?)
        };
        if self.bone_count > i32::MAX as usize {
            return Err(Error::BadSize {
                arg: "bone_count",
                value: self.bone_count,
                why: "at most 2^31 - 1",
            });
        }
        let exists = |bone: &i32| usize::try_from(*bone).is_ok_and(|b| b < self.bone_count);
        match table.owner.iter().position(|bone| !exists(bone)) {
            None => Ok((table, selected)),
            Some(index) => Err(Error::BadElement {
                arg: "owner",
                index,
                value: table.owner[index].to_string(),
                why: "no such bone",
            }),
        }
    }
}

fn chosen(selected: Option<&[u8]>) -> impl Fn(usize) -> bool {
    move |bone| selected.is_none_or(|mask| mask[bone] != 0)
}

/// Which constraints go when the selected bones lose theirs.
///
/// table   the stacks
/// only    Blender's number of the type that goes (IK is 3), negative = every type
/// remove  receives r bytes: 1 = remove this row; rows of a library stay
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE (owner) or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_constraints_clear(
    table: *const LimberConstraints,
    only: i32,
    remove: *mut u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (table, selected, remove) = unsafe {
            let view = args.view(table)?;
            let (table, selected) = view.slices(&mut args)?;
            (table, selected, args.need_mut("remove", remove, view.count)?)
        };
        let only = (only >= 0).then_some(only);
        let rows = constraint_table::clear(table, chosen(selected), only);
        remove.iter_mut().zip(rows).for_each(|(out, row)| *out = u8::from(row));
        Ok(())
    })
}

/// What has to be done to give the selected bones the constraints of one bone.
///
/// table              the stacks
/// source             the bone whose stack is copied; it keeps its own
/// remove             receives r bytes: 1 = remove this row before; rows of a library stay
/// copy               receives r bytes: 1 = a row of the source, to be copied in this order
/// destination        receives n bytes: 1 = this bone gets the copies
/// found              receives 0 if the source has no constraint, and then nothing is to be
///                    done, else 1; may be NULL
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE (owner, source) or
/// _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_constraints_copy(
    table: *const LimberConstraints,
    source: i32,
    remove: *mut u8,
    copy: *mut u8,
    destination: *mut u8,
    found: *mut u8,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (view, table, selected, remove, copy, destination, found) = unsafe {
            let view = args.view(table)?;
            let (table, selected) = view.slices(&mut args)?;
            (
                view,
                table,
                selected,
                args.need_mut("remove", remove, view.count)?,
                args.need_mut("copy", copy, view.count)?,
                args.need_mut("destination", destination, view.bone_count)?,
                args.optional_value("found", found)?,
            )
        };
        let start = usize::try_from(source).ok().filter(|bone| *bone < view.bone_count);
        let start = start.ok_or_else(|| Error::BadValue {
            arg: "source",
            value: source.to_string(),
            why: "no such bone",
        })?;
        let edits = constraint_table::copy(table, chosen(selected), view.bone_count, start);
        remove.fill(0);
        copy.fill(0);
        destination.fill(0);
        if let Some(found) = found {
            *found = u8::from(edits.is_some());
        }
        if let Some(edits) = edits {
            remove.iter_mut().zip(edits.remove).for_each(|(out, row)| *out = u8::from(row));
            edits.rows.iter().for_each(|row| copy[*row] = 1);
            edits.destinations.iter().for_each(|bone| destination[*bone] = 1);
        }
        Ok(())
    })
}

/// Find the target of a new constraint among selected bones and objects, as Blender does.
///
/// kind          Blender's number of the constraint's type
/// active        the bone that gets the constraint
/// selected      bone_count bytes: non-zero = a selected bone of the same rig; NULL = every one
/// object_kind   object_count values LIMBER_OBJECT_*: the other selected objects, in order
/// object_bone   object_count bone indices: the selected bone that a posed armature proposes
///               (its active one, else its first), -1 = none; NULL = no armature proposes one
/// target        receives LIMBER_TARGET_*
/// index         receives the bone's or object's index, -1 where there is none
///
/// Selected bones come before objects; a posed armature without a selected bone ends the search.
/// Types that take no target, and those that would take only a curve or a mesh, behave so.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE (active, object_kind) or _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_constraint_target(
    kind: i32,
    active: i32,
    selected: *const u8,
    bone_count: usize,
    object_kind: *const u8,
    object_bone: *const i32,
    object_count: usize,
    target: *mut u32,
    index: *mut i32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (selected, kinds, proposed, target, index) = unsafe {
            (
                args.input("selected", selected, bone_count)?,
                args.need("object_kind", object_kind, object_count)?,
                args.input("object_bone", object_bone, object_count)?,
                args.need_mut("target", target, 1)?,
                args.need_mut("index", index, 1)?,
            )
        };
        let start = usize::try_from(active).ok().filter(|bone| *bone < bone_count);
        let start = start.ok_or_else(|| Error::BadValue {
            arg: "active",
            value: active.to_string(),
            why: "no such bone",
        })?;
        if bone_count > i32::MAX as usize || object_count > i32::MAX as usize {
            let value = bone_count.max(object_count);
            return Err(Error::BadSize { arg: "count", value, why: "at most 2^31 - 1" });
        }
        let kinds = kinds.iter().enumerate().map(object).collect::<Result<Vec<_>>>()?;
        let bones =
            (0..object_count).map(|i| proposed.and_then(|bones| usize::try_from(bones[i]).ok()));
        let is_selected = chosen(selected);
        let selected = (0..bone_count).filter(|bone| is_selected(*bone));
        let objects = kinds.into_iter().zip(bones);
        let (code, number) = match constraint_table::find_target(kind, start, selected, objects) {
            Target::Nothing => (LIMBER_TARGET_NOTHING, -1),
            Target::Bone(bone) => (LIMBER_TARGET_BONE, bone as i32),
            Target::Object(object) => (LIMBER_TARGET_OBJECT, object as i32),
            Target::ObjectBone(object) => (LIMBER_TARGET_OBJECT_BONE, object as i32),
            Target::Empty => (LIMBER_TARGET_EMPTY, -1),
        };
        target[0] = code;
        index[0] = number;
        Ok(())
    })
}

fn object((index, kind): (usize, &u8)) -> Result<Kind> {
    Ok(match *kind {
        LIMBER_OBJECT_OTHER => Kind::Other,
        LIMBER_OBJECT_CURVE => Kind::Curve,
        LIMBER_OBJECT_MESH => Kind::Mesh,
        LIMBER_OBJECT_POSED => Kind::Posed,
        _ => {
            return Err(Error::BadElement {
                arg: "object_kind",
                index,
                value: kind.to_string(),
                why: "not a LIMBER_OBJECT_*",
            });
        }
    })
}
