# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that the constraints of a rig look at: the curves of their own bones."""

from __future__ import annotations

from array import array

import bpy

CHANNELS = {
    "location": (0, 3),
    "rotation_quaternion": (1, 4),
    "rotation_euler": (2, 3),
    "rotation_axis_angle": (3, 4),
    "scale": (4, 3),
}
"""Channels of a bone: their number in the native library, and how many components."""


class UnknownActionError(Exception):
    """Why the pose of an action is not known."""


class Actions:
    """Curves of actions with the names of `LimberActions`."""

    def __init__(self) -> None:
        self.curves: list = []
        self.rows = {name: array("i") for name in ("constraint", "slot", "component")}
        self.given = False
        """Whether any constraint has an action, be it without curves."""

    def add(self, row: int, bone_name: str, constraint) -> None:
        """The action of the constraint with the number `row`; raises UnknownActionError."""
        if constraint.use_bone_object_action:
            raise UnknownActionError("its action is that of an object, not of a bone")
        self.given = True
        own = f'pose.bones["{bpy.utils.escape_identifier(bone_name)}"].'
        for curve in _curves(constraint.action, constraint.action_slot):
            path = curve.data_path
            if curve.mute or curve.is_empty or not path.startswith(own):
                continue
            name = path.removeprefix(own)
            if name == "rotation_mode":
                raise UnknownActionError("it changes the rotation mode")
            slot, width = CHANNELS.get(name, (0, 0))
            if 0 <= curve.array_index < width:
                self.curves.append(curve)
                for to, value in zip(
                    self.rows.values(), (row, slot, curve.array_index), strict=True
                ):
                    to.append(value)


def _curves(action, slot):
    layers = action.layers
    if not len(layers):
        return ()
    if len(layers) > 1 or len(layers[0].strips) > 1:
        raise UnknownActionError("it has several layers or strips")
    for strip in layers[0].strips:
        bag = strip.channelbag(slot)
        if bag is not None:
            return bag.fcurves
    return ()
