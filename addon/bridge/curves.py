# SPDX-License-Identifier: GPL-3.0-or-later
"""F-curves of an object's assigned action, found once a call."""

from __future__ import annotations

import operator
from array import array

_data_path = operator.attrgetter("data_path")


def channelbag(obj):
    """The channelbag of the object's action and slot; None if there is none."""
    data = obj.animation_data
    if data is None or data.action is None or data.action_slot is None:
        return None
    for layer in data.action.layers:
        for strip in layer.strips:
            if strip.type == "KEYFRAME":
                bag = strip.channelbag(data.action_slot)
                if bag is not None:
                    return bag
    return None


class CurveList:
    """The curves of a channelbag: the objects, their paths and their array indices."""

    def __init__(self, bag) -> None:
        self.curves = bag.fcurves[:]
        self.paths = list(map(_data_path, self.curves))
        self.components = array("i", bytes(4 * len(self.curves)))
        if self.curves:
            bag.fcurves.foreach_get("array_index", self.components)

    def __len__(self) -> int:
        return len(self.curves)


def pick(curves: list, which: array) -> list:
    """The curves at these places."""
    if len(which) == len(curves):
        return curves
    return [curves[i] for i in which]


def evaluate(curves: list, frame: float) -> array:
    """Value of each curve at an action frame."""
    return array("f", map(operator.methodcaller("evaluate", frame), curves))


def action_frame(obj, frame: float) -> float:
    """Scene frame to the frame of the assigned action, through the NLA strip being tweaked."""
    data = obj.animation_data
    if data is not None and data.use_tweak_mode:
        return data.nla_tweak_strip_time_to_scene(frame, invert=True)
    return frame


def scene_frame(obj, frame: float) -> float:
    """Frame of the assigned action to the scene frame; the inverse of `action_frame`."""
    data = obj.animation_data
    if data is not None and data.use_tweak_mode:
        return data.nla_tweak_strip_time_to_scene(frame)
    return frame
