# SPDX-License-Identifier: GPL-3.0-or-later
"""Propagate Pose: the values of curves at the current frame, at keyframes to come."""

from __future__ import annotations

from array import array

import bpy
from bpy.props import EnumProperty, FloatProperty

from ..bridge import curves, keys
from ..bridge.kept_pose import KeptPose
from ..native import keys as native
from .base import LimberOperator
from .subjects import collect

_READ = ("handle_left", "handle_right", "handle_left_type", "handle_right_type")
_CHANGED = ("point", "handle_left", "handle_right", *keys.SELECTION)


def _rounds(found) -> list[list[tuple]]:
    """The curves with keys of all subjects, with an object they animate.

    A curve that several objects share is propagated once for each, like in stock, where the
    second time starts from what the first has made of the curve: each round has it once.
    """
    rounds: list[dict] = []
    for subjects in found:
        for i in subjects.chosen:
            curve = subjects.all_curves.curves[i]
            if not len(curve.keyframe_points):
                continue
            pointer = curve.as_pointer()
            free = next((r for r in rounds if pointer not in r), None)
            if free is None:
                rounds.append(free := {})
            free[pointer] = (curve, subjects.object)
    return [list(curves_of_round.values()) for curves_of_round in rounds]


def _flags(curve, obj, count: int, grows: bool) -> int:
    """Curve flags of the native library."""
    flags = native.CONTINUOUS_ACCELERATION if curve.auto_smoothing == "CONT_ACCEL" else 0
    if curve.extrapolation == "LINEAR":
        flags |= native.LINEAR_EXTRAPOLATION
    if keys.is_cyclic(curve):
        flags |= native.CYCLIC
    if grows and count == 1:
        # Only the second key of a curve takes its interpolation from the kind of property.
        integer, discrete = keys.whole_numbers(curve, obj)
        flags |= native.INTEGER * integer | native.DISCRETE * discrete
    return flags


class LIMBER_OT_propagate(LimberOperator, bpy.types.Operator):
    """Copy selected aspects of the current pose to subsequent poses already keyframed"""

    bl_idname = "limber.propagate"
    bl_label = "Propagate Pose (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    mode: EnumProperty(
        name="Terminate Mode",
        description="Method used to determine when to stop propagating pose to keyframes",
        items=(
            (
                "NEXT_KEY",
                "To Next Keyframe",
                "Propagate pose to first keyframe following the current frame only",
            ),
            (
                "LAST_KEY",
                "To Last Keyframe",
                "Propagate pose to the last keyframe only (i.e. making action cyclic)",
            ),
            (
                "BEFORE_FRAME",
                "Before Frame",
                "Propagate pose to all keyframes between current frame and 'Frame' property",
            ),
            (
                "BEFORE_END",
                "Before Last Keyframe",
                "Propagate pose to all keyframes from current frame until no more are found",
            ),
            (
                "SELECTED_KEYS",
                "On Selected Keyframes",
                "Propagate pose to all selected keyframes",
            ),
            (
                "SELECTED_MARKERS",
                "On Selected Markers",
                "Propagate pose to all keyframes occurring on frames with Scene Markers after "
                "the current frame",
            ),
        ),
        default="NEXT_KEY",
    )
    end_frame: FloatProperty(
        name="End Frame",
        description="Frame to stop propagating frames to (for 'Before Frame' mode)",
        default=250.0,
        min=1.1754943508222875e-38,
        soft_min=1.0,
        soft_max=250.0,
        step=100,
        precision=3,
    )

    def run(self, context) -> set[str]:
        found = collect(context)
        if not found:
            self.report({"ERROR"}, "No keyframed poses to propagate to")
            return {"CANCELLED"}
        rounds = _rounds(found)
        if not rounds:
            return {"FINISHED"}
        table = keys.KeyTable([curve for curve, _ in rounds[0]])
        table.read(("point",))
        frames = self._frames(context.scene, table)
        if not frames:
            return {"FINISHED"}
        self._write(context, table, frames, [obj for _, obj in rounds[0]])
        for pairs in rounds[1:]:
            table = keys.KeyTable([curve for curve, _ in pairs])
            table.read(("point",))
            self._write(context, table, frames, [obj for _, obj in pairs])
        return {"FINISHED"}

    def _frames(self, scene, table: keys.KeyTable) -> array:
        if self.mode == "SELECTED_MARKERS":
            return array("f", sorted({m.frame for m in scene.timeline_markers if m.select}))
        if self.mode == "SELECTED_KEYS":
            table.read(keys.SELECTION)
        view = _view(table)
        return native.propagate_frames(view, self.mode, scene.frame_current_final, self.end_frame)

    def _write(self, context, table: keys.KeyTable, frames: array, objects: list) -> None:
        values = curves.evaluate(table.curves, context.scene.frame_current_final)
        before = table.counts
        after = native.propagate_sizes(_view(table), frames)
        grows = after != before
        if grows:
            table.make_room(after)
            table.read(keys.ALL)
        else:
            table.read(name for name in (*_READ, *keys.SELECTION) if name not in table.arrays)
        rows = zip(table.curves, objects, before, after, strict=True)
        flags = array("B", (_flags(curve, obj, a, a != b) for curve, obj, a, b in rows))
        edit = context.preferences.edit
        native.propagate(
            _view(table, flags),
            *(values, frames, edit.keyframe_new_interpolation_type, edit.keyframe_new_handle_type),
        )
        if not grows:
            table.write(_CHANGED)
            return
        # Blender applies the animation once more when keys are added; stock leaves the pose.
        kept = KeptPose(table.curves)
        grown = table.grow()
        table.write(keys.ALL, grown)
        grown_set = set(grown)
        table.write(_CHANGED, [c for c in range(len(table.curves)) if c not in grown_set])
        kept.restore(context)


def _view(table: keys.KeyTable, flags: array | None = None) -> native.KeyTable:
    return native.KeyTable(
        curve_count=len(table.curves),
        element_count=table.first[-1],
        first_key=table.first,
        key_count=table.counts,
        curve_flags=flags,
        **table.arrays,
    )


CLASSES = (LIMBER_OT_propagate,)

MENU = (("Propagate", ("limber.propagate",)),)
