# SPDX-License-Identifier: GPL-3.0-or-later
"""Hide bones and show them again."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty

from .select import SelectionOperator


class LIMBER_OT_hide(SelectionOperator, bpy.types.Operator):
    """Tag selected bones to not be visible in Pose Mode"""

    bl_idname = "limber.hide"
    bl_label = "Hide Selected (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    unselected: BoolProperty(name="Unselected", default=False)


class LIMBER_OT_reveal(SelectionOperator, bpy.types.Operator):
    """Reveal all bones hidden in Pose Mode"""

    bl_idname = "limber.reveal"
    bl_label = "Reveal Selected (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    select: BoolProperty(name="Select", default=True)


CLASSES = (LIMBER_OT_hide, LIMBER_OT_reveal)

MENU = (
    (
        "Show/Hide",
        (
            "limber.reveal",
            "limber.hide",
            ("limber.hide", "Hide Unselected (Limber)", {"unselected": True}),
        ),
    ),
)
