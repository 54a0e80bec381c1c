//! Constraint stacks as a table, and the edits that Blender's constraint operators make of it.
//!
//! A row is one constraint; rows stand in the order of their owners, and within one owner in the
//! order of its stack. Owners are bones, those of several rigs numbered one after the other.

/// Blender's number of the inverse-kinematics constraint.
pub const TYPE_IK: i32 = 3;

/// The rows, each array with one element a constraint.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    /// The bone that has the constraint.
    pub owner: &'a [i32],
    /// Blender's number of the constraint's type.
    pub kind: Option<&'a [i32]>,
    /// The constraint belongs to a library and cannot be removed.
    pub fixed: Option<&'a [u8]>,
}

impl Table<'_> {
    fn removable(&self, row: usize) -> bool {
        self.fixed.is_none_or(|fixed| fixed[row] == 0)
    }
}

/// Which rows go when the chosen bones lose their constraints, all or those of one type.
pub fn clear(table: Table, chosen: impl Fn(usize) -> bool, only: Option<i32>) -> Vec<bool> {
    (0..table.owner.len())
        .map(|row| {
            let of_type = only.is_none_or(|only| table.kind.is_some_and(|k| k[row] == only));
            of_type && table.removable(row) && chosen(table.owner[row] as usize)
        })
        .collect()
}

/// Replacing the stacks of bones by copies of one bone's stack.
pub struct Copy {
    /// Rows that go.
    pub remove: Vec<bool>,
    /// Rows of the source, in the order of its stack: each goes to every destination.
    pub rows: Vec<usize>,
    /// Bones that get them.
    pub destinations: Vec<usize>,
}

/// What has to be done to give the chosen bones the stack of `source`; the source itself stays.
/// `None` if the source has no constraint.
pub fn copy(
    table: Table,
    chosen: impl Fn(usize) -> bool,
    bone_count: usize,
    source: usize,
) -> Option<Copy> {
    let rows: Vec<usize> =
        (0..table.owner.len()).filter(|row| table.owner[*row] as usize == source).collect();
    if rows.is_empty() {
        return None;
    }
    let takes = |bone: usize| bone != source && chosen(bone);
    Some(Copy {
        remove: clear(table, takes, None),
        rows,
        destinations: (0..bone_count).filter(|bone| takes(*bone)).collect(),
    })
}

/// What an object is to the search for a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything else.
    Other,
    /// A curve.
    Curve,
    /// A mesh.
    Mesh,
    /// An armature in pose mode.
    Posed,
}

/// The target of a new constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// None.
    Nothing,
    /// A bone of the same rig.
    Bone(usize),
    /// An object of the list.
    Object(usize),
    /// The bone of a posed armature of the list that it proposes.
    ObjectBone(usize),
    /// An Empty has to be made.
    Empty,
}

enum Search {
    Nowhere,
    Only(Kind),
    Everywhere { empty: bool },
}

fn search(kind: i32) -> Search {
    match kind {
        // Limits and Maintain Volume need no target; solvers, Follow Track and Transform Cache
        // have none to set.
        5 | 6 | 7 | 24 | 26..=29 => Search::Nowhere,
        // Follow Path, Clamp To, Spline IK.
        4 | 18 | 22 => Search::Only(Kind::Curve),
        // Shrinkwrap.
        20 => Search::Only(Kind::Mesh),
        // Armature.
        30 => Search::Everywhere { empty: false },
        _ => Search::Everywhere { empty: true },
    }
}

/// Finds the target of a new constraint of Blender's type number `kind` on `active`.
///
/// `selected` tells the selected bones of the same rig; `objects` are the other selected objects,
/// each with the bone that a posed armature proposes. A posed armature without one ends the
/// search.
pub fn find_target(
    kind: i32,
    active: usize,
    selected: impl Iterator<Item = usize>,
    objects: impl Iterator<Item = (Kind, Option<usize>)>,
) -> Target {
    let (only, empty) = match search(kind) {
        Search::Nowhere => return Target::Nothing,
        Search::Only(kind) => (Some(kind), false),
        Search::Everywhere { empty } => (None, empty),
    };
    if only.is_none()
        && let Some(bone) = { selected }.find(|bone| *bone != active)
    {
        return Target::Bone(bone);
    }
    for (index, (object, bone)) in objects.enumerate() {
        match (only, object, bone) {
            (Some(only), object, _) if only == object => return Target::Object(index),
            (Some(_), ..) => (),
            (None, Kind::Posed, Some(_)) => return Target::ObjectBone(index),
            (None, Kind::Posed, None) => break,
            (None, ..) => return Target::Object(index),
        }
    }
    if empty { Target::Empty } else { Target::Nothing }
}
