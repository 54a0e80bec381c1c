# SPDX-License-Identifier: GPL-3.0-or-later
"""Clear User Transforms."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from functools import cached_property
from itertools import compress
from typing import NamedTuple

import bpy
from bpy.props import BoolProperty

from .. import reader
from ..bridge import animated, bones, clipboard, curves, custom, pose
from ..native import slide as native_slide
from ..native import user_transforms as native
from ..native.structs import Pose
from .base import LimberOperator, run_stock
from .subjects import names_and_channels

_BLENDERS = re.compile(r"\.rotation_mode$|^pose\.bones\[[^\"]")
"""Paths that only Blender applies: of rotation modes, and of bones by number."""

_SCALARS = {
    number
    for number, name in enumerate(native_slide.PROPERTIES)
    if name in pose.BBONE and pose.BBONE[name][1] == 1
}
"""Numbers of the channels that are no arrays."""

_COUNTED = 2_500 if bpy.app.version >= (5, 0) else 500
"""From so many curves on the library is faster than Blender."""


def stock_pays(objects: list) -> bool:
    """Whether Blender's operator is the fastest way.

    By the public reader it always is: Python takes 2 microseconds to ask a curve for its path and
    its value.
    """
    if reader.state().layout is None:
        return True
    bags = map(curves.channelbag, objects)
    return sum(len(bag.fcurves) for bag in bags if bag is not None) < _COUNTED


_ZERO = bytes(4)

_ELSEWHERE = {0, native_slide.PROPERTY_AXIS_ANGLE, native_slide.PROPERTY_CUSTOM}
_NOT_SAMPLED = bytes(number in _ELSEWHERE for number in range(256))
"""Translates properties: 1 for those that slides do not sample."""


class _Part(NamedTuple):
    """Some curves of a list with their values."""

    places: array
    bone: array
    property: array
    component: array
    values: array

    def of(self, number: int) -> Iterator[int]:
        """The curves of the part that animate a property of this number."""
        properties, at = self.property.tobytes(), -1
        while (at := properties.find(number, at + 1)) >= 0:
            yield at


class _Played:
    """The curves that an object's action plays, and what each of them animates."""

    def __init__(self, obj, frame: float) -> None:
        self.object, self.bag = obj, curves.channelbag(obj)
        self.list = reader.curve_list(self.bag)
        names, self.transforms = names_and_channels(obj, True)
        arguments = (native_slide.RULES_5_2, array("b", b"\1") * len(names))
        modes = self.transforms["rotation_mode"]
        found = self.list.sample(names, *arguments, modes, native_slide.ALL, [frame])
        if found is None:
            self.index, component = self.list.index(names, native_slide.RULES_5_2)
            if component is None:
                component = array("I", (max(0, i) for i in self.list.components))
            places = array("I", range(len(self.list)))
            self.parts = [self._evaluated(places, component, frame)]
        else:
            self.index, chosen = found.index, found.chosen
            what = (chosen.curves, chosen.bone, chosen.property, chosen.component)
            self.parts = [_Part(*what, found.rows[0])]
            rest = self.index.property.tobytes().translate(_NOT_SAMPLED)
            if 1 in rest:
                places = array("I", compress(range(len(rest)), rest))
                self.parts.append(self._evaluated(places, found.component, frame))

    def _evaluated(self, places: array, component: array, frame: float) -> _Part:
        """These curves, of all of which the components are given."""
        (values,) = self.list.evaluate(places, [frame])
        columns = (self.index.bone, self.index.property, component)
        if len(places) < len(self.list):
            columns = (array(c.typecode, map(c.__getitem__, places)) for c in columns)
        return _Part(places, *columns, values)

    @cached_property
    def others(self) -> dict[int, tuple[str, float]]:
        """The paths and values of the curves that animate no channel and no custom property, by
        place."""
        part = self.parts[-1]
        return {
            part.places[k]: (self.list.path(part.places[k]), part.values[k]) for k in part.of(0)
        }

    def is_blenders(self) -> bool:
        """Whether there is a curve that only Blender applies: of a rotation mode, of a bone by its
        number, or one of several of a property that is no array."""
        if any(_BLENDERS.search(path) for path, _ in self.others.values()):
            return True
        for part in self.parts:
            for number in _SCALARS & set(part.property.tobytes()):
                if any(part.component[k] for k in part.of(number)):
                    return True
            further = (k for k in part.of(native_slide.PROPERTY_CUSTOM) if part.component[k])
            if any(self._is_scalar(part.bone[k], part.places[k]) for k in further):
                return True
        return False

    def _is_scalar(self, bone: int, place: int) -> bool:
        """Whether a curve animates a custom property that is no array."""
        name, bones = self.custom_name(place), self.object.pose.bones
        if name is None or bone >= len(bones):
            return False
        return not hasattr(bones[bone].get(bpy.utils.unescape_identifier(name)), "typecode")

    def custom_name(self, place: int) -> str | None:
        """The escaped name of the custom property that a curve animates."""
        return custom.escaped_name(self.list.path(place), self.index.rest[place])

    def channels(self) -> list[str]:
        """The channels that are animated, and the rotation modes."""
        animated_ones = {
            native_slide.PROPERTIES[i] for i in set(self.index.property.tobytes()) if i < 16
        }
        return [name for name in clipboard.CHANNELS if name in animated_ones] + ["rotation_mode"]

    @cached_property
    def idle(self) -> set[int]:
        """The places of the curves that do not play."""
        # What holds nothing has the value 0; four such bytes are seldom parts of two values.
        zeroes = any(_ZERO in part.values.tobytes() for part in self.parts)
        idle = set(self.list.empty()) if zeroes else set()
        muted = animated.muted(self.bag).tobytes()
        at = -1
        while (at := muted.find(1, at + 1)) >= 0:
            idle.add(at)
        return idle


class LIMBER_OT_user_transforms_clear(LimberOperator, bpy.types.Operator):
    """Reset pose bone transforms to keyframed state"""

    bl_idname = "limber.user_transforms_clear"
    bl_label = "Clear User Transforms (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    only_selected: BoolProperty(
        name="Only Selected", description="Only visible/selected bones", default=True
    )

    def run(self, context) -> set[str]:
        objects = bones.posed_objects(context)
        if stock_pays(objects) or any(map(animated.has_tracks, objects)):
            return self._stock()
        frame = float(context.scene.frame_current)
        played = {o: _Played(o, frame) for o in objects if curves.channelbag(o) is not None}
        if any(one.is_blenders() for one in played.values()):
            return self._stock()
        for obj in objects:
            selected = None
            if self.only_selected:
                selected = bones.read_flag(bones.flag_owner(obj), "select")
            one = played.get(obj)
            # What is no bone's comes back even where no bone is selected.
            if selected is None or 1 in selected.tobytes() or (one is not None and one.others):
                self._clear(obj, one, selected)
            pose.tag(obj)
        return {"FINISHED"}

    def _stock(self) -> set[str]:
        return run_stock(
            self,
            lambda: bpy.ops.pose.user_transforms_clear(only_selected=self.only_selected),
        )

    def _clear(self, obj, played: _Played | None, selected: array | None) -> None:
        names = clipboard.CHANNELS if played is None else played.channels()
        given = {} if played is None else played.transforms
        count = len(obj.pose.bones)
        arrays = {n: given[n] if n in given else pose.read(obj, n, count) for n in names}
        channels = pose.PoseArrays(obj, arrays, count)
        view = Pose(bone_count=channels.count, **channels.arrays)
        if obj.animation_data is None or obj.animation_data.action is None:
            native.transforms_reset(view, selected)
        elif played is not None:
            self._apply_action(obj, played, selected, view)
        channels.write()

    def _apply_action(self, obj, played: _Played, selected: array | None, view: Pose) -> None:
        for part in played.parts:
            bone = part.bone
            if played.idle:
                plays = zip(part.places, bone, strict=True)
                no_bone, idle = native_slide.NO_BONE, played.idle
                bone = array("I", (no_bone if i in idle else number for i, number in plays))
            what = (bone, part.property, part.component, part.values)
            native.user_transforms_clear(view, selected, *what)
            for k in part.of(native_slide.PROPERTY_CUSTOM):
                number = bone[k]
                if number < view.bone_count and (selected is None or selected[number]):
                    name = played.custom_name(part.places[k])
                    if name is not None:
                        owner, component = obj.pose.bones[number], part.component[k]
                        animated.set_custom(owner, name, component, part.values[k])
        # Blender's copy of the pose shares the constraints, of whatever bone.
        for i, (path, value) in played.others.items():
            if i not in played.idle and "].constraints[" in path:
                animated.set_property(obj, path, value)


CLASSES = (LIMBER_OT_user_transforms_clear,)

MENU = (
    (
        "Clear Transform",
        (
            ("limber.user_transforms_clear", "Reset Unkeyed (Limber)", {"only_selected": False}),
            ("limber.user_transforms_clear", "", {"only_selected": True}),
        ),
    ),
)
