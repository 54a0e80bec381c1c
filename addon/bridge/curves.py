# SPDX-License-Identifier: GPL-3.0-or-later
"""F-curves of an object's assigned action, found once a call."""

from __future__ import annotations

import operator
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

_data_path = operator.attrgetter("data_path")
_array_index = operator.attrgetter("array_index")


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


@dataclass
class KeysInPlace:
    """The keys of some curves where they lie: good until Blender changes anything."""

    layout: object
    """Where the fields lie in a key, as the native library takes it."""
    pointers: array
    """Address of each curve's keys ('Q'), 0 without keys."""
    counts: array
    """Number of each curve's keys ('i')."""
    extrapolation: array
    """1 where a curve goes straight on ('B')."""
    more: list[int]
    """Which of the curves are more than their keys, or have none."""


class CurveList:
    """The curves of a channelbag, all that is asked for read once."""

    def __init__(self, bag, count: int | None = None) -> None:
        self.bag = bag
        self._count = len(bag.fcurves) if count is None else count

    def __len__(self) -> int:
        return self._count

    @cached_property
    def paths(self) -> list[str]:
        """The data path of every curve."""
        # The curves themselves are not kept: ten thousand of them cost as much as their paths.
        return list(map(_data_path, self.bag.fcurves))

    def path(self, place: int) -> str:
        """The data path of one curve."""
        known = self.__dict__.get("paths")
        return known[place] if known is not None else self.bag.fcurves[place].data_path

    @cached_property
    def curves(self) -> list:
        """All curves."""
        return self.bag.fcurves[:]

    @cached_property
    def components(self) -> array:
        """The array index of every curve."""
        values = array("i", bytes(4 * len(self)))
        if len(self):
            self.bag.fcurves.foreach_get("array_index", values)
        return values

    def pick(self, which: Sequence[int]) -> list:
        """The curves at these places."""
        if len(which) == len(self):
            return self.curves
        if 4 * len(which) > len(self):
            return [self.curves[i] for i in which]
        curves = self.bag.fcurves
        return [curves[i] for i in which]

    def in_place(self, which: Sequence[int]) -> KeysInPlace | None:
        """The keys of these curves where they lie; None if only Blender reads them."""
        return None

    def pick_components(self, which: Sequence[int]) -> array:
        """The array indices of the curves at these places."""
        if len(which) == len(self):
            return self.components
        if 4 * len(which) > len(self):
            return array("i", [self.components[i] for i in which])
        return array("i", map(_array_index, self.pick(which)))


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
