# SPDX-License-Identifier: GPL-3.0-or-later
"""Constraint stacks of bones as a table, and edits of them."""

from __future__ import annotations

from array import array

import bpy

from .bones import FLAGS_ON_POSE_BONES, posed_objects, selected_mask

_TYPES = bpy.types.Constraint.bl_rna.properties["type"].enum_items
NUMBERS = {item.identifier: item.value for item in _TYPES}
"""Blender's number of each type of constraint."""


def targets_of(constraint) -> list[tuple]:
    """Targets of a constraint as (object, bone name), custom spaces included."""
    found = []
    if constraint.type == "ARMATURE":
        found += [(target.target, target.subtarget) for target in constraint.targets]
    else:
        found.append((getattr(constraint, "target", None), getattr(constraint, "subtarget", "")))
        if constraint.type == "IK":
            found.append((constraint.pole_target, constraint.pole_subtarget))
    if "CUSTOM" in (constraint.owner_space, constraint.target_space):
        found.append((constraint.space_object, constraint.space_subtarget))
    return [(target, bone) for target, bone in found if target is not None and bone]


class Stacks:
    """The constraints of all objects in pose mode, or of their selected bones only.

    `arrays` are the fields of `native.constraints.Constraints`.
    """

    def __init__(self, context, always=None) -> None:
        """`always`: a pose bone whose stack is read though it is not selected."""
        self.bones: list = []
        self.objects: list = []
        self._rows: list[tuple] = []
        self.source = -1
        owner, kind, fixed, selected = array("i"), array("i"), array("B"), array("b")
        for obj in posed_objects(context):
            mask = selected_mask(obj)
            library = obj.override_library is not None
            for bone, on in zip(obj.pose.bones, mask, strict=True):
                if bone == always:
                    self.source = len(self.bones)
                elif not on:
                    continue
                for constraint in bone.constraints:
                    owner.append(len(self.bones))
                    kind.append(NUMBERS[constraint.type])
                    fixed.append(library and constraint.is_override_data)
                    self._rows.append((bone, constraint))
                self.bones.append(bone)
                self.objects.append(obj)
                selected.append(on)
        self.arrays = {
            "count": len(owner),
            "bone_count": len(self.bones),
            "owner": owner,
            "kind": kind,
            "fixed": fixed,
            "selected": selected,
        }

    def remove(self, mask: array, drivers: bool = False) -> None:
        """Removes the rows whose byte is set; `drivers`: with what drives them."""
        rows = list(zip(self._rows, mask, strict=True))
        # Removing any constraint leaves the stack without an active one.
        active = [(bone, c) for (bone, c), gone in rows if not gone and c.active]
        for (bone, constraint), gone in rows:
            if gone:
                if drivers:
                    _remove_drivers(bone.id_data, constraint.path_from_id())
                bone.constraints.remove(constraint)
        for bone, constraint in active:
            bone.constraints.active = constraint

    def fixed_count(self) -> int:
        """How many rows of selected bones belong to a library."""
        selected, owner = self.arrays["selected"], self.arrays["owner"]
        return sum(
            1 for row, f in zip(owner, self.arrays["fixed"], strict=True) if f and selected[row]
        )

    def chosen(self, mask: array) -> list:
        """The constraints whose byte is set."""
        return [constraint for (_, constraint), on in zip(self._rows, mask, strict=True) if on]


def _remove_drivers(obj, path: str) -> None:
    data = obj.animation_data
    for curve in [c for c in data.drivers if c.data_path.startswith(path)] if data else ():
        data.drivers.remove(curve)


def any_override(context) -> bool:
    """Whether constraints can be there that come from a library."""
    return any(obj.override_library is not None for obj in posed_objects(context))


def any_driven(context) -> bool:
    """Whether a constraint of a bone is driven."""
    for obj in posed_objects(context):
        data = obj.animation_data
        if data is not None and any(".constraints[" in c.data_path for c in data.drivers):
            return True
    return False


def copies_to_own_target(context) -> bool:
    """Whether a bone may get a copy of a constraint that aims at this very bone."""
    source = context.active_pose_bone
    for constraint in source.constraints if source is not None else ():
        for target, name in targets_of(constraint):
            bone = target.pose.bones.get(name) if target.pose is not None else None
            if bone is not None and (bone if FLAGS_ON_POSE_BONES else bone.bone).select:
                return True
    return False


def copy_stack(bone, constraints: list, active: int) -> None:
    """Appends copies to a bone's stack; `active` is the active one's place among them."""
    start = len(bone.constraints)
    for constraint in constraints:
        bone.constraints.copy(constraint)
    bone.constraints.active = bone.constraints[start + active] if active >= 0 else None


def add_constraint(bone, kind: str):
    """A new constraint at the end of a bone's stack, the active one."""
    return bone.constraints.new(kind)


def target_objects(context) -> list:
    """The other selected objects, among which a target is searched."""
    active = context.active_object
    return [obj for obj in context.selected_objects if obj != active]


def object_kind(obj) -> int:
    """The object as `native.constraints` numbers it."""
    if obj.type == "CURVE":
        return 1
    if obj.type == "MESH":
        return 2
    return 3 if obj.type == "ARMATURE" and obj.mode == "POSE" else 0


def proposed_bone(obj) -> int:
    """The selected bone that a posed armature offers as target: its active one or the first."""
    mask = selected_mask(obj)
    active = obj.data.bones.active
    if active is not None:
        number = obj.data.bones.find(active.name)
        if mask[number]:
            return number
    return next((number for number, on in enumerate(mask) if on), -1)


def set_target(constraint, target, bone_name: str = "") -> None:
    """Aims a new constraint at an object or one of its bones."""
    owner = constraint
    if constraint.type == "ARMATURE":
        owner = constraint.targets.new()
    owner.target = target
    if bone_name and hasattr(owner, "subtarget"):
        owner.subtarget = bone_name
    if constraint.type in {"CLAMP_TO", "FOLLOW_PATH", "SPLINE_IK"}:
        target.data.use_path = True


def add_empty(context, bone, at_tail: bool):
    """An Empty at the posed head or tail of a bone; it and the active object end up selected."""
    active = context.active_object
    place = active.matrix_world @ (bone.tail if at_tail else bone.head)
    empty = bpy.data.objects.new("Empty", None)
    context.view_layer.active_layer_collection.collection.objects.link(empty)
    empty.location = place
    for obj in context.selected_objects:
        obj.select_set(False)
    empty.select_set(True)
    active.select_set(True)
    return empty
