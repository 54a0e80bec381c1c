# SPDX-License-Identifier: GPL-3.0-or-later
"""Bone selection sets: Blender's own data, so its panel shows what these operators do."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, IntProperty

from ..bridge import bones as bones_bridge
from ..bridge import flags
from ..bridge import sets as bridge
from ..native import select, sets
from ..reader import bones as reader
from .base import LimberOperator

FROM_LIBRARY = "Selection sets that come from a library cannot be changed here"


class _Sets(LimberOperator):
    """In pose mode, with an armature as the active object."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_stock(cls, context) -> bool:
        obj = context.object
        return (
            obj is not None
            and obj.type == "ARMATURE"
            and obj.pose is not None
            and context.mode == "POSE"
            and hasattr(obj, "selection_sets")
        )

    def execute(self, context) -> set[str]:
        try:
            return super().execute(context)
        except TypeError as error:
            # What Blender's collections answer when an entry comes from the library.
            if not bridge.is_override(context.object):
                raise
            self.report({"ERROR"}, f"{FROM_LIBRARY}: {error}")
            return {"CANCELLED"}


class _ActiveSet(_Sets):
    """The same, and there is an active set."""

    @classmethod
    def poll_stock(cls, context) -> bool:
        if not super().poll_stock(context):
            return False
        obj = context.object
        return 0 <= obj.active_selection_set < len(obj.selection_sets)


def _add(obj, wanted: str):
    """A new set at the end, active."""
    added = obj.selection_sets.add()
    # The new set's empty name counts, as in stock.
    added.name = sets.unique_name(bridge.set_names(obj), wanted)
    return added


def _select(context, held: list[str], deselect: bool) -> None:
    """Selects or deselects bones by name in all objects in pose mode."""
    names = {obj: reader.read_names(obj) for obj in bones_bridge.posed_objects(context)}
    read = flags.read_all(list(names), {obj: found.count for obj, found in names.items()})
    for each in dict.fromkeys(read):
        if deselect and 1 not in each.arrays["select"].tobytes():
            continue
        each.read(*flags.VISIBILITY)
        bits = sets.members(names[each.obj].names, each.count, held)
        sets.select(select.Bones(**each.fields()), bits, deselect)
    flags.write_all(read)


class LIMBER_OT_selection_set_delete_all(_Sets, bpy.types.Operator):
    """Remove all Selection Sets from this Armature"""

    bl_idname = "limber.selection_set_delete_all"
    bl_label = "Delete All Sets (Limber)"

    def run(self, context) -> set[str]:
        context.object.selection_sets.clear()
        return {"FINISHED"}


class LIMBER_OT_selection_set_remove_bones(_Sets, bpy.types.Operator):
    """Remove the selected bones from all Selection Sets"""

    bl_idname = "limber.selection_set_remove_bones"
    bl_label = "Remove Selected Bones from All Sets (Limber)"

    def run(self, context) -> set[str]:
        chosen = bridge.chosen_names(context)
        for each in context.object.selection_sets if chosen else ():
            held = bridge.held_names(each)
            bridge.keep(each, held, sets.kept(held, chosen))
        return {"FINISHED"}


class LIMBER_OT_selection_set_move(_ActiveSet, bpy.types.Operator):
    """Move the active Selection Set up/down the list of sets"""

    bl_idname = "limber.selection_set_move"
    bl_label = "Move Selection Set in List (Limber)"

    direction: EnumProperty(
        name="Move Direction",
        description="Direction to move the active Selection Set: UP (default) or DOWN",
        items=(("UP", "Up", "", -1), ("DOWN", "Down", "", 1)),
        default="UP",
        options={"HIDDEN"},
    )

    @classmethod
    def poll_stock(cls, context) -> bool:
        return super().poll_stock(context) and len(context.object.selection_sets) > 1

    def run(self, context) -> set[str]:
        obj = context.object
        old = obj.active_selection_set
        new = old + (-1 if self.direction == "UP" else 1)
        if 0 <= new < len(obj.selection_sets):
            obj.selection_sets.move(old, new)
            obj.active_selection_set = new
        return {"FINISHED"}


class LIMBER_OT_selection_set_add(_Sets, bpy.types.Operator):
    """Create a new empty Selection Set"""

    bl_idname = "limber.selection_set_add"
    bl_label = "Create Selection Set (Limber)"

    def run(self, context) -> set[str]:
        obj = context.object
        _add(obj, "SelectionSet")
        obj.active_selection_set = len(obj.selection_sets) - 1
        return {"FINISHED"}


class LIMBER_OT_selection_set_remove(_ActiveSet, bpy.types.Operator):
    """Remove a Selection Set from this Armature"""

    bl_idname = "limber.selection_set_remove"
    bl_label = "Delete Selection Set (Limber)"

    def run(self, context) -> set[str]:
        obj = context.object
        obj.selection_sets.remove(obj.active_selection_set)
        last = len(obj.selection_sets) - 1
        if obj.active_selection_set > last >= 0:
            obj.active_selection_set = last
        return {"FINISHED"}


def _assign(context) -> None:
    obj = context.object
    active = obj.selection_sets[obj.active_selection_set]
    chosen = bridge.chosen_names(context)
    bridge.append(active, sets.missing(bridge.held_names(active), chosen))


class LIMBER_OT_selection_set_assign(_Sets, bpy.types.Operator):
    """Add selected bones to Selection Set"""

    bl_idname = "limber.selection_set_assign"
    bl_label = "Add Bones to Selection Set (Limber)"

    def invoke(self, context, _event) -> set[str]:
        obj = context.object
        if obj.active_selection_set >= len(obj.selection_sets):
            bpy.ops.wm.call_menu("INVOKE_DEFAULT", name="POSE_MT_selection_set_create")
            return {"FINISHED"}
        return self.execute(context)

    def run(self, context) -> set[str]:
        obj = context.object
        count = len(obj.selection_sets)
        if not -count <= obj.active_selection_set < count:
            self.report({"ERROR"}, "There is no active Selection Set")
            return {"CANCELLED"}
        _assign(context)
        return {"FINISHED"}


class LIMBER_OT_selection_set_unassign(_ActiveSet, bpy.types.Operator):
    """Remove selected bones from Selection Set"""

    bl_idname = "limber.selection_set_unassign"
    bl_label = "Remove Bones from Selection Set (Limber)"

    def run(self, context) -> set[str]:
        obj = context.object
        active = obj.selection_sets[obj.active_selection_set]
        held = bridge.held_names(active)
        bridge.keep(active, held, sets.kept(held, bridge.chosen_names(context)))
        return {"FINISHED"}


class LIMBER_OT_selection_set_select(_ActiveSet, bpy.types.Operator):
    """Select the bones from this Selection Set"""

    bl_idname = "limber.selection_set_select"
    bl_label = "Select Selection Set (Limber)"

    selection_set_index: IntProperty(
        name="Selection Set Index",
        default=-1,
        description="Which Selection Set to select; -1 uses the active Selection Set",
        options={"HIDDEN"},
    )

    def run(self, context) -> set[str]:
        obj = context.object
        index = self.selection_set_index
        if index == -1:
            index = obj.active_selection_set
        count = len(obj.selection_sets)
        if not -count <= index < count:
            self.report({"ERROR"}, f"There is no Selection Set {index}")
            return {"CANCELLED"}
        _select(context, bridge.held_names(obj.selection_sets[index]), deselect=False)
        return {"FINISHED"}


class LIMBER_OT_selection_set_deselect(_ActiveSet, bpy.types.Operator):
    """Remove Selection Set bones from current selection"""

    bl_idname = "limber.selection_set_deselect"
    bl_label = "Deselect Selection Set (Limber)"

    def run(self, context) -> set[str]:
        obj = context.object
        active = obj.selection_sets[obj.active_selection_set]
        _select(context, bridge.held_names(active), deselect=True)
        return {"FINISHED"}


class LIMBER_OT_selection_set_add_and_assign(_Sets, bpy.types.Operator):
    """Create a new Selection Set with the currently selected bones"""

    bl_idname = "limber.selection_set_add_and_assign"
    bl_label = "Create and Add Bones to Selection Set (Limber)"

    def run(self, context) -> set[str]:
        obj = context.object
        _add(obj, "SelectionSet")
        obj.active_selection_set = len(obj.selection_sets) - 1
        _assign(context)
        return {"FINISHED"}


class LIMBER_OT_selection_set_copy(_ActiveSet, bpy.types.Operator):
    """Copy the selected Selection Set(s) to the clipboard"""

    bl_idname = "limber.selection_set_copy"
    bl_label = "Copy Selection Set(s) (Limber)"

    def run(self, context) -> set[str]:
        context.window_manager.clipboard = bridge.to_text(context.object)
        self.report({"INFO"}, "Copied Selection Set(s) to clipboard")
        return {"FINISHED"}


class LIMBER_OT_selection_set_paste(_Sets, bpy.types.Operator):
    """Add new Selection Set(s) from the clipboard"""

    bl_idname = "limber.selection_set_paste"
    bl_label = "Paste Selection Set(s) (Limber)"

    def run(self, context) -> set[str]:
        obj = context.object
        try:
            found = bridge.from_text(context.window_manager.clipboard)
        except ValueError:
            self.report({"ERROR"}, "The clipboard does not contain a Selection Set")
            return {"FINISHED"}
        for name, bones in found.items():
            bridge.append(_add(obj, name), bones)
        obj.active_selection_set = len(obj.selection_sets) - 1
        return {"FINISHED"}


CLASSES = (
    LIMBER_OT_selection_set_delete_all,
    LIMBER_OT_selection_set_remove_bones,
    LIMBER_OT_selection_set_move,
    LIMBER_OT_selection_set_add,
    LIMBER_OT_selection_set_remove,
    LIMBER_OT_selection_set_assign,
    LIMBER_OT_selection_set_unassign,
    LIMBER_OT_selection_set_select,
    LIMBER_OT_selection_set_deselect,
    LIMBER_OT_selection_set_add_and_assign,
    LIMBER_OT_selection_set_copy,
    LIMBER_OT_selection_set_paste,
)

MENU = (
    (
        "Selection Sets",
        (
            "limber.selection_set_add",
            "limber.selection_set_add_and_assign",
            "limber.selection_set_assign",
            "limber.selection_set_unassign",
            "limber.selection_set_select",
            "limber.selection_set_deselect",
            "limber.selection_set_move",
            (
                "limber.selection_set_move",
                "Move Selection Set Down (Limber)",
                {"direction": "DOWN"},
            ),
            "limber.selection_set_remove",
            "limber.selection_set_remove_bones",
            "limber.selection_set_delete_all",
            "limber.selection_set_copy",
            "limber.selection_set_paste",
        ),
    ),
)
