# SPDX-License-Identifier: GPL-3.0-or-later
"""Clear User Transforms."""

from __future__ import annotations

import re
from array import array
from functools import cached_property

import bpy
from bpy.props import BoolProperty

from .. import reader
from ..bridge import animated, bones, clipboard, curves, pose
from ..native import slide as native_slide
from ..native import user_transforms as native
from ..native.structs import Pose
from .base import LimberOperator, run_stock
from .subjects import names_and_channels

_CUSTOM_PATH = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')


_BLENDERS = re.compile(r"\.rotation_mode$|^pose\.bones\[[^\"]")
"""Paths that only Blender applies: of rotation modes, and of bones by number."""

_COUNTED = 40_000 if bpy.app.version >= (5, 0) else 4_000
"""From so many curves on the library is faster than Blender: up to 4.5 it takes 0.2 ms longer with
1,000 and two thirds of the time with 10,000; since 5.0 both take the same time with 40,000."""


def stock_pays(objects: list) -> bool:
    """Whether Blender's operator is the fastest way.

    By the public reader it always is: Python takes 2 microseconds to ask a curve for its path and
    its value.
    """
    if reader.state().layout is None:
        return True
    bags = map(curves.channelbag, objects)
    return sum(len(bag.fcurves) for bag in bags if bag is not None) < _COUNTED


class _Played:
    """The curves that an object's action plays, and what each of them animates."""

    def __init__(self, obj) -> None:
        self.bag = curves.channelbag(obj)
        self.list = reader.curve_list(self.bag)
        names, self.transforms = names_and_channels(obj, True)
        self.index, component = self.list.index(names, native_slide.RULES_5_2)
        self.component = component
        if component is None:
            self.component = array("I", (max(0, i) for i in self.list.components))
        self.all = array("I", range(len(self.list)))

    @cached_property
    def others(self) -> dict[int, str]:
        """The paths of the curves that animate no channel and no custom property, by place."""
        found, at = {}, -1
        properties = self.index.property.tobytes()
        while (at := properties.find(0, at + 1)) >= 0:
            found[at] = self.list.path(at)
        return found

    def channels(self) -> list[str]:
        """The channels that are animated, and the rotation modes."""
        animated_ones = {
            native_slide.PROPERTIES[i] for i in set(self.index.property.tobytes()) if i < 16
        }
        return [name for name in clipboard.CHANNELS if name in animated_ones] + ["rotation_mode"]

    @cached_property
    def idle(self) -> set[int]:
        """The places of the curves that do not play."""
        idle = set(self.list.empty())
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
        played = {obj: _Played(obj) for obj in objects if curves.channelbag(obj) is not None}
        if any(_BLENDERS.search(p) for one in played.values() for p in one.others.values()):
            return self._stock()
        frame = float(context.scene.frame_current)
        for obj in objects:
            selected = None
            if self.only_selected:
                selected = bones.read_flag(bones.flag_owner(obj), "select")
            one = played.get(obj)
            # What is no bone's comes back even where no bone is selected.
            if selected is None or 1 in selected.tobytes() or (one is not None and one.others):
                self._clear(obj, one, selected, frame)
            pose.tag(obj)
        return {"FINISHED"}

    def _stock(self) -> set[str]:
        return run_stock(
            self,
            lambda: bpy.ops.pose.user_transforms_clear(only_selected=self.only_selected),
        )

    def _clear(self, obj, played: _Played | None, selected: array | None, frame: float) -> None:
        names = clipboard.CHANNELS if played is None else played.channels()
        given = {} if played is None else played.transforms
        count = len(obj.pose.bones)
        arrays = {n: given[n] if n in given else pose.read(obj, n, count) for n in names}
        channels = pose.PoseArrays(obj, arrays, count)
        view = Pose(bone_count=channels.count, **channels.arrays)
        if obj.animation_data is None or obj.animation_data.action is None:
            native.transforms_reset(view, selected)
        elif played is not None:
            self._apply_action(obj, played, selected, frame, view)
        channels.write()

    def _apply_action(
        self, obj, played: _Played, selected: array | None, frame: float, view: Pose
    ) -> None:
        (values,) = played.list.evaluate(played.all, [frame])
        bone, prop = array("I", played.index.bone), played.index.property
        for i in played.idle:
            bone[i] = native_slide.NO_BONE
        native.user_transforms_clear(view, selected, bone, prop, played.component, values)
        custom, at = prop.tobytes(), -1
        while (at := custom.find(native_slide.PROPERTY_CUSTOM, at + 1)) >= 0:
            number = bone[at]
            if number < view.bone_count and (selected is None or selected[number]):
                path = played.list.path(at).encode("utf-8", "surrogateescape")
                name = path[played.index.rest[at] :].decode("utf-8", "surrogateescape")
                match = _CUSTOM_PATH.fullmatch(name)
                if match:
                    component = played.component[at]
                    animated.set_custom(obj.pose.bones[number], match[1], component, values[at])
        # Blender's copy of the pose shares the constraints, of whatever bone.
        for i, path in played.others.items():
            if i not in played.idle and "].constraints[" in path:
                animated.set_property(obj, path, values[i])


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
