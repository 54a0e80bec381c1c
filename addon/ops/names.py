# SPDX-License-Identifier: GPL-3.0-or-later
"""Rename bones by side, with everything that refers to them."""

from __future__ import annotations

import functools
from array import array

import bpy
from bpy.props import BoolProperty, EnumProperty

from .. import reader
from ..bridge import bones as bridge
from ..bridge.rename import rename_bones
from ..native import names
from .base import LimberOperator, run_stock


class _Renames(LimberOperator):
    """Renames bones of all objects in pose mode."""

    def stock(self) -> set[str]:
        """Blender's own operator."""
        raise TypeError(f"{type(self).__name__} has no stock()")

    def rename(self, context, plan, steps_a_bone: int) -> set[str]:
        """Does what `plan` says, see `rename_bones`."""
        objects = bridge.posed_objects(context)
        stock = functools.partial(run_stock, self, self.stock)
        return rename_bones(context, objects, plan, steps_a_bone, stock, reader.curve_list)


class LIMBER_OT_flip_names(_Renames, bpy.types.Operator):
    """Flips (and corrects) the axis suffixes of the names of selected bones"""

    bl_idname = "limber.flip_names"
    bl_label = "Flip Names (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    do_strip_numbers: BoolProperty(
        name="Strip Numbers",
        description="Try to remove right-most dot-number from flipped names.\n"
        "Warning: May result in incoherent naming in some cases",
        default=False,
    )

    @classmethod
    def poll_stock(cls, context) -> bool:
        if not super().poll_stock(context):
            return False
        obj = context.pose_object
        return obj.is_editable and obj.data.is_editable

    def stock(self) -> set[str]:
        return bpy.ops.pose.flip_names(do_strip_numbers=self.do_strip_numbers)

    def run(self, context) -> set[str]:
        def plan(obj, present: list[str]) -> list[tuple[int, str]]:
            mask = bridge.selected_mask(obj)
            return names.flip_names(present, mask, self.do_strip_numbers)

        # Two bones that exchange their names take three renames.
        return self.rename(context, plan, 2)


class LIMBER_OT_autoside_names(_Renames, bpy.types.Operator):
    """Automatically renames the selected bones according to which side of the target axis they \
fall on"""

    bl_idname = "limber.autoside_names"
    bl_label = "Auto-Name by Axis (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    axis: EnumProperty(
        name="Axis",
        description="Axis to tag names with",
        items=(
            ("XAXIS", "X-Axis", "Left/Right", 0),
            ("YAXIS", "Y-Axis", "Front/Back", 1),
            ("ZAXIS", "Z-Axis", "Top/Bottom", 2),
        ),
        default="XAXIS",
    )

    def invoke(self, context, _event) -> set[str]:
        context.window_manager.popup_menu(_draw_axes, title="Auto-Name by Axis")
        return {"INTERFACE"}

    def stock(self) -> set[str]:
        return bpy.ops.pose.autoside_names(axis=self.axis)

    def run(self, context) -> set[str]:
        axis = ("XAXIS", "YAXIS", "ZAXIS").index(self.axis)

        def plan(obj, present: list[str]) -> list[tuple[int, str]]:
            bones = obj.data.bones
            ends = []
            for end in ("head", "tail"):
                values = array("f", bytes(12 * len(bones)))
                bones.foreach_get(end, values)
                ends.append(values[axis::3])
            mask = bridge.selected_mask(obj)
            return names.autoside_names(present, mask, axis, *ends)

        return self.rename(context, plan, 1)


def _draw_axes(menu, _context) -> None:
    menu.layout.operator_context = "EXEC_REGION_WIN"
    menu.layout.operator_enum("limber.autoside_names", "axis")


CLASSES = (LIMBER_OT_flip_names, LIMBER_OT_autoside_names)

MENU = (
    (
        "Names",
        (
            ("limber.autoside_names", "Auto-Name Left/Right (Limber)", {"axis": "XAXIS"}),
            ("limber.autoside_names", "Auto-Name Front/Back (Limber)", {"axis": "YAXIS"}),
            ("limber.autoside_names", "Auto-Name Top/Bottom (Limber)", {"axis": "ZAXIS"}),
            "limber.flip_names",
        ),
    ),
)
