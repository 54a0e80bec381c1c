# SPDX-License-Identifier: GPL-3.0-or-later
"""Hide bones and show them again."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty

from ..bridge import bones as bones_bridge
from ..bridge import flags as bridge
from ..native import select
from .select import SelectionOperator


def _flags(context) -> list[bridge.Flags]:
    return [bridge.Flags(obj) for obj in bridge.unique_data(bones_bridge.posed_objects(context))]


def _run(flags: list[bridge.Flags], change) -> set[str]:
    """Applies a native change to each armature and writes the flags back."""
    found = [change(select.Bones(**each.fields())) for each in flags]
    bridge.write_all(flags)
    return {"FINISHED"} if any(found) else {"CANCELLED"}


class LIMBER_OT_hide(SelectionOperator, bpy.types.Operator):
    """Tag selected bones to not be visible in Pose Mode"""

    bl_idname = "limber.hide"
    bl_label = "Hide Selected (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    unselected: BoolProperty(name="Unselected", default=False)

    def run(self, context) -> set[str]:
        wanted = bytes([not self.unselected])
        flags = [each for each in _flags(context) if wanted in each.arrays["select"].tobytes()]
        for each in flags:
            each.read("hidden", "collection_visible")
        return _run(flags, lambda view: select.hide(view, self.unselected))


class LIMBER_OT_reveal(SelectionOperator, bpy.types.Operator):
    """Reveal all bones hidden in Pose Mode"""

    bl_idname = "limber.reveal"
    bl_label = "Reveal Selected (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    select: BoolProperty(name="Select", default=True)

    def run(self, context) -> set[str]:
        flags = [each.read("hidden") for each in _flags(context)]
        flags = [each for each in flags if any(each.arrays["hidden"])]
        for each in flags:
            each.read("collection_visible", "unselectable")
        return _run(flags, lambda view: select.reveal(view, self.select))


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
