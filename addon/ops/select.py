# SPDX-License-Identifier: GPL-3.0-or-later
"""Select bones: all, along the hierarchy, by mirror name, by group, by constraint."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty

from ..bridge import bones as bones_bridge
from ..bridge import flags as bridge
from .base import LimberOperator, run_stock

OLD_SPELLING = not bridge.FLAGS_ON_POSE_BONES


class SelectionOperator(LimberOperator):
    """Mixin: Blender's own operator does the work.

    Setting flags costs next to nothing against the update of the scene that follows. Flags that
    are written through the public interface make that update dearer in 4.5, and where drivers look
    at the rig (on Rigify's human twice to four times as long).
    """

    def run(self, _context) -> set[str]:
        name = self.bl_idname.partition("_OT_")[2] or self.bl_idname.partition(".")[2]
        operator = getattr(bpy.ops.pose, name)
        return run_stock(self, lambda: operator(**self.stock_arguments()))

    def stock_arguments(self) -> dict:
        """The properties for Blender's own operator."""
        return self.as_keywords()


class LIMBER_OT_select_all(SelectionOperator, bpy.types.Operator):
    """Toggle selection status of all bones"""

    bl_idname = "limber.select_all"
    bl_label = "(De)select All (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    action: EnumProperty(
        name="Action",
        description="Selection action to execute",
        items=(
            ("TOGGLE", "Toggle", "Toggle selection for all elements", 0),
            ("SELECT", "Select", "Select all elements", 1),
            ("DESELECT", "Deselect", "Deselect all elements", 2),
            ("INVERT", "Invert", "Invert selection of all elements", 3),
        ),
        default="TOGGLE",
        options={"SKIP_SAVE", "HIDDEN"},
    )


class LIMBER_OT_select_hierarchy(SelectionOperator, bpy.types.Operator):
    """Select immediate parent/children of selected bones"""

    bl_idname = "limber.select_hierarchy"
    bl_label = "Select Hierarchy (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    direction: EnumProperty(
        name="Direction",
        items=(("PARENT", "Select Parent", "", 0), ("CHILD", "Select Child", "", 1)),
        default="PARENT",
    )
    extend: BoolProperty(name="Extend", description="Extend the selection", default=False)


class LIMBER_OT_select_parent(SelectionOperator, bpy.types.Operator):
    """Select bones that are parents of the currently selected bones"""

    bl_idname = "limber.select_parent"
    bl_label = "Select Parent Bone (Limber)"
    bl_options = {"REGISTER", "UNDO"}


def _none_or_all(objects: list) -> bool:
    """Whether each object's bones are either all selected or none of them is."""
    flags = (bridge.Flags(obj) for obj in objects)
    return all(each.arrays["select"].count(1) in {0, each.count} for each in flags)


class LIMBER_OT_select_linked(SelectionOperator, bpy.types.Operator):
    """Select all bones linked by connected parent/child relationships from the current selection"""

    bl_idname = "limber.select_linked"
    bl_label = "Select Connected (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    def run(self, context) -> set[str]:
        if bridge.FLAGS_ON_POSE_BONES and _none_or_all(bones_bridge.posed_objects(context)):
            # Nothing can be added, and yet Blender updates the scene.
            return {"FINISHED"}
        return super().run(context)


class LIMBER_OT_select_mirror(SelectionOperator, bpy.types.Operator):
    """Mirror the bone selection"""

    bl_idname = "limber.select_mirror"
    bl_label = "Select Mirror (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    only_active: BoolProperty(
        name="Active Only", description="Only operate on the active bone", default=False
    )
    extend: BoolProperty(name="Extend", description="Extend the selection", default=False)


def _grouped_types() -> tuple:
    """Stock's items; the last one is spelled differently in each version, so both are known."""
    siblings = (
        "Siblings",
        "Select all bones that have the same parent as currently selected bones",
    )
    spellings = ("SIBILINGS", "SIBLINGS") if OLD_SPELLING else ("SIBLINGS", "SIBILINGS")
    return (
        ("COLLECTION", "Collection", "Same collections as the active bone", 0),
        ("COLOR", "Color", "Same color as the active bone", 1),
        ("KEYINGSET", "Keying Set", "All bones affected by active Keying Set", 2),
        ("CHILDREN", "Children", "Select all children of currently selected bones", 3),
        (
            "CHILDREN_IMMEDIATE",
            "Immediate Children",
            "Select direct children of currently selected bones",
            4,
        ),
        ("PARENT", "Parents", "Select the parents of currently selected bones", 5),
        (spellings[0], *siblings, 6),
        (spellings[1], *siblings, 7),
    )


class LIMBER_OT_select_grouped(SelectionOperator, bpy.types.Operator):
    """Select all visible bones grouped by similar properties"""

    bl_idname = "limber.select_grouped"
    bl_label = "Select Grouped (Limber)"
    bl_options = {"REGISTER", "UNDO"}
    bl_property = "type"

    extend: BoolProperty(
        name="Extend",
        description="Extend selection instead of deselecting everything first",
        default=False,
    )
    type: EnumProperty(name="Type", items=_grouped_types(), default="COLLECTION")

    def invoke(self, context, _event) -> set[str]:
        context.window_manager.popup_menu(_draw_grouped, title="Select Grouped")
        return {"INTERFACE"}

    def execute(self, context) -> set[str]:
        if self.type == "COLOR" and context.active_pose_bone is None:
            return {"CANCELLED"}  # where Blender crashes
        if self.type == "KEYINGSET" and context.scene.keying_sets_all.active is None:
            # Blender's own operator within this one would report it as well.
            self.report({"ERROR"}, "No active Keying Set to use")
            return {"CANCELLED"}
        return super().execute(context)

    def stock_arguments(self) -> dict:
        siblings = _grouped_types()[6][0]
        kind = siblings if self.type in {"SIBLINGS", "SIBILINGS"} else self.type
        return {"type": kind, "extend": self.extend}


def _draw_grouped(menu, _context) -> None:
    menu.layout.operator_context = "EXEC_REGION_WIN"
    # As an enumeration is laid out, but without the other version's spelling.
    column = menu.layout.row().column()
    for identifier, text, _description, number in _grouped_types():
        if number < 7:
            column.operator("limber.select_grouped", text=text).type = identifier


class LIMBER_OT_select_constraint_target(SelectionOperator, bpy.types.Operator):
    """Select bones used as targets for the currently selected bones"""

    bl_idname = "limber.select_constraint_target"
    bl_label = "Select Constraint Target (Limber)"
    bl_options = {"REGISTER", "UNDO"}


class LIMBER_OT_select_linked_pick(LimberOperator, bpy.types.Operator):
    """Select bones linked by connected parent/child relationships under the mouse cursor"""

    bl_idname = "limber.select_linked_pick"
    bl_label = "Select Connected (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    extend: BoolProperty(
        name="Extend",
        description="Extend selection instead of deselecting everything first",
        default=False,
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll_stock(cls, context) -> bool:
        area = context.area
        return super().poll_stock(context) and area is not None and area.type == "VIEW_3D"

    # Which bone lies under the mouse is decided by Blender's drawing, so its own operator picks.
    def invoke(self, _context, _event) -> set[str]:
        return bpy.ops.pose.select_linked_pick("INVOKE_DEFAULT", extend=self.extend)


CLASSES = (
    LIMBER_OT_select_all,
    LIMBER_OT_select_hierarchy,
    LIMBER_OT_select_parent,
    LIMBER_OT_select_linked,
    LIMBER_OT_select_linked_pick,
    LIMBER_OT_select_mirror,
    LIMBER_OT_select_grouped,
    LIMBER_OT_select_constraint_target,
)

MENU = (
    (
        "Select",
        (
            ("limber.select_all", "All (Limber)", {"action": "SELECT"}),
            ("limber.select_all", "None (Limber)", {"action": "DESELECT"}),
            ("limber.select_all", "Invert (Limber)", {"action": "INVERT"}),
            "limber.select_constraint_target",
            "limber.select_linked",
            # Stock gives both one label; the search has to tell them apart.
            ("limber.select_linked_pick", "Select Connected to Bone at Pointer (Limber)", {}),
            "limber.select_parent",
            "limber.select_hierarchy",
            ("limber.select_hierarchy", "Select Child (Limber)", {"direction": "CHILD"}),
            "limber.select_mirror",
            "limber.select_grouped",
        ),
    ),
)
