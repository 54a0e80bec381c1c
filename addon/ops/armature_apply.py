# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply Pose as Rest Pose."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty

from .base import LimberOperator, run_stock


class LIMBER_OT_armature_apply(LimberOperator, bpy.types.Operator):
    """Apply the current pose as the new rest pose"""

    bl_idname = "limber.armature_apply"
    bl_label = "Apply Pose as Rest Pose (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    selected: BoolProperty(
        name="Selected Only",
        description="Only apply the selected bones (with propagation to children)",
        default=False,
    )

    def run(self, context) -> set[str]:
        # Python reaches rest bones through edit mode only. Changing the mode takes as long as
        # all of Blender's operator, applies the animation over the pose and takes other objects
        # out of pose mode, so it is Blender that applies the pose here. The computation itself
        # is `native.apply_rest`, for programs that hold their own bones.
        return run_stock(self, lambda: bpy.ops.pose.armature_apply(selected=self.selected))


CLASSES = (LIMBER_OT_armature_apply,)

MENU = (
    (
        "Apply",
        (
            "limber.armature_apply",
            ("limber.armature_apply", "Apply Selected as Rest Pose (Limber)", {"selected": True}),
        ),
    ),
)
