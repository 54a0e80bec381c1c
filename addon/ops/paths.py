# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion paths of bones: calculate, update, take the scene's range, clear."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty

from ..bridge import motion_paths as bridge
from .base import LimberOperator, run_stock

DISPLAY_TYPES = (
    (
        *("CURRENT_FRAME", "Around Frame"),
        "Display Paths of poses within a fixed number of frames around the current frame",
        *("NONE", 1),
    ),
    ("RANGE", "In Range", "Display Paths of poses within specified range", "NONE", 0),
)
RANGES = (
    ("KEYS_ALL", "All Keys", "From the first keyframe to the last", "NONE", 2),
    ("KEYS_SELECTED", "Selected Keys", "From the first selected keyframe to the last", "NONE", 1),
    ("SCENE", "Scene Frame Range", "The entire Scene / Preview range", "NONE", 0),
    ("MANUAL", "Manual Range", "Manually determined frame range", "NONE", 3),
)
LOCATIONS = (
    ("HEADS", "Heads", "Calculate bone paths from heads", "NONE", 2),
    ("TAILS", "Tails", "Calculate bone paths from tails", "NONE", 0),
)


class PathOperator(LimberOperator):
    """Mixin: the poll of all four, an active armature in pose mode and nothing else."""

    @classmethod
    def poll_stock(cls, _context) -> bool:
        if bpy.ops.pose.paths_clear.poll():
            return True
        cls.poll_message_set("No object, or not exclusively in pose mode")
        return False


def _with_ends(operator, context, calculate) -> set[str]:
    """Calculates; paths that then still have the other end of their bone are made anew."""
    obj = context.object
    with bridge.safe_for_stock(obj):
        return _stock_with_ends(operator, obj, calculate)


def _stock_with_ends(operator, obj, calculate) -> set[str]:
    status = run_stock(operator, calculate)
    wrong = bridge.with_other_end(obj)
    if status != {"FINISHED"} or not wrong:
        return status
    looks = bridge.remove(obj, wrong)
    settings = bridge.settings(obj)
    options = {
        "display_type": settings.type,
        "range": settings.range,
        "bake_location": settings.bake_location,
    }
    try:
        return run_stock(operator, lambda: bpy.ops.pose.paths_calculate(**options))
    finally:
        bridge.restore_looks(obj, looks)


class LIMBER_OT_paths_calculate(PathOperator, bpy.types.Operator):
    """Calculate paths for the selected bones"""

    bl_idname = "limber.paths_calculate"
    bl_label = "Calculate Bone Paths (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    display_type: EnumProperty(name="Display Type", items=DISPLAY_TYPES, default="RANGE")
    range: EnumProperty(name="Computation Range", items=RANGES, default="SCENE")
    bake_location: EnumProperty(
        name="Bake Location",
        description="Which point on the bones is used when calculating paths",
        items=LOCATIONS,
        default="HEADS",
    )

    def invoke(self, context, _event) -> set[str]:
        settings = bridge.settings(context.object)
        self.display_type = settings.type
        self.range = settings.range
        self.bake_location = settings.bake_location
        return context.window_manager.invoke_props_dialog(self)

    def run(self, context) -> set[str]:
        options = {
            "display_type": self.display_type,
            "range": self.range,
            "bake_location": self.bake_location,
        }
        return _with_ends(self, context, lambda: bpy.ops.pose.paths_calculate(**options))


class LIMBER_OT_paths_update(PathOperator, bpy.types.Operator):
    """Recalculate paths for bones that already have them"""

    bl_idname = "limber.paths_update"
    bl_label = "Update Bone Paths (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_stock(cls, context) -> bool:
        return super().poll_stock(context) and bridge.settings(context.object).has_motion_paths

    def run(self, context) -> set[str]:
        return _with_ends(self, context, lambda: bpy.ops.pose.paths_update())


class LIMBER_OT_paths_range_update(PathOperator, bpy.types.Operator):
    """Update frame range for motion paths from the Scene's current frame range"""

    bl_idname = "limber.paths_range_update"
    bl_label = "Update Range from Scene (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    def run(self, context) -> set[str]:
        return run_stock(self, bpy.ops.pose.paths_range_update)


class LIMBER_OT_paths_clear(PathOperator, bpy.types.Operator):
    """Remove the motion paths of all or of the selected bones"""

    bl_idname = "limber.paths_clear"
    bl_label = "Clear Bone Paths (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    only_selected: BoolProperty(
        name="Only Selected",
        description="Only clear motion paths of selected bones",
        default=False,
        options={"SKIP_SAVE"},
    )

    def run(self, context) -> set[str]:
        # Scripts cannot remove a path but by this operator.
        return run_stock(self, lambda: bpy.ops.pose.paths_clear(only_selected=self.only_selected))


CLASSES = (
    LIMBER_OT_paths_calculate,
    LIMBER_OT_paths_update,
    LIMBER_OT_paths_range_update,
    LIMBER_OT_paths_clear,
)

MENU = (
    (
        "Motion Paths",
        (
            "limber.paths_calculate",
            "limber.paths_update",
            "limber.paths_range_update",
            "limber.paths_clear",
            ("limber.paths_clear", "Clear Selected Bone Paths (Limber)", {"only_selected": True}),
        ),
    ),
)
