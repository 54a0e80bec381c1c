# SPDX-License-Identifier: GPL-3.0-or-later
"""The motion paths of an object's bones, and their settings."""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Iterator

import bpy

from .bones import flag_owner, read_flag, selected_mask
from .curves import channelbag

LOOK = ("use_custom_color", "color", "color_post", "line_thickness", "lines")
"""What a user sets on a path."""


def settings(obj):
    """The settings of all paths of an armature object."""
    return obj.pose.animation_visualization.motion_path


@contextlib.contextmanager
def safe_for_stock(obj) -> Iterator[None]:
    """While Blender calculates: 4.5 crashes when it is to mark the keys of all curves of a bone
    and the action has no curves for the object."""
    paths = settings(obj)
    marks = paths.show_keyframe_action_all
    data = obj.animation_data
    off = marks and data is not None and data.action is not None and channelbag(obj) is None
    if off:
        paths.show_keyframe_action_all = False
    try:
        yield
    finally:
        if off:
            paths.show_keyframe_action_all = True


def with_other_end(obj) -> list[int]:
    """Selected visible bones whose path follows another end than the settings say.

    Blender leaves it so when a path keeps its length, and calculates the old end again.
    """
    head = settings(obj).bake_location == "HEADS"
    return [
        index
        for index, (bone, selected) in enumerate(
            zip(obj.pose.bones, selected_mask(obj), strict=True)
        )
        if selected and bone.motion_path and bone.motion_path.use_bone_head != head
    ]


def remove(obj, bones: list[int]) -> dict[int, list]:
    """Removes the paths of bones; gives what their users had set on them."""
    looks = {}
    for index in bones:
        path = obj.pose.bones[index].motion_path
        looks[index] = [
            value[:] if hasattr(value, "__len__") else value
            for value in (getattr(path, name) for name in LOOK)
        ]
    owner = flag_owner(obj)
    selected = read_flag(owner, "select")
    only = array("b", bytes(len(selected)))
    for index in bones:
        only[index] = 1
    owner.foreach_set("select", only)
    bpy.ops.pose.paths_clear(only_selected=True)
    owner.foreach_set("select", selected)
    return looks


def restore_looks(obj, looks: dict[int, list]) -> None:
    """Gives new paths what `remove` found on the old ones."""
    for index, values in looks.items():
        path = obj.pose.bones[index].motion_path
        for name, value in zip(LOOK, values, strict=True):
            if path is not None:
                setattr(path, name, value)
