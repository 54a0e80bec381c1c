# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Blender has the bones of one armature on single frames, with the user's scene left alone.

The armature is evaluated in a scene of its own that is gone afterwards. Only what it depends on is
evaluated with it, and nothing is written back: the frame of the user's scene, poses without keys
and all other objects stay as they are.
"""

from __future__ import annotations

import contextlib
import math
from array import array
from collections.abc import Iterable, Iterator

import bpy

from .rig_drivers import reads_scene

_HANDLERS = (
    *("depsgraph_update_pre", "depsgraph_update_post"),
    *("frame_change_pre", "frame_change_post"),
)
"""Handlers that would be called of a scene that they do not know."""

SCENE_COST = 12
"""What a scene of its own costs, in evaluations of the armature: finding out what depends on what
there, and again in the user's scene."""
OBJECT_COST = 20
"""What each object of the user's scene adds to that, in evaluations of a bone."""


def reason_against(obj) -> str | None:
    """Why the armature cannot be evaluated apart from its scene; None if it can."""
    if any(getattr(bpy.app.handlers, name) for name in _HANDLERS):
        return "handlers watch the evaluation"
    if reads_scene(obj):
        return "drivers read the scene"
    return None


def pays(obj, some: int, frame_count: int) -> bool:
    """Whether evaluating some frames is sooner done than Blender's evaluation of all."""
    objects = len(bpy.context.view_layer.objects)
    costs = some + SCENE_COST + OBJECT_COST * objects / max(1, len(obj.pose.bones))
    return costs <= 0.75 * frame_count


@contextlib.contextmanager
def _scene_of(obj) -> Iterator:
    scene = bpy.data.scenes.new("Limber")
    try:
        scene.collection.objects.link(obj)
        yield scene
    finally:
        bpy.data.scenes.remove(scene)


def ends(obj, frames: Iterable[float], names: Iterable[str]) -> Iterator[dict[str, array]]:
    """By name, `head` or `tail`, those of all bones in armature space; frame after frame."""
    size = 12 * len(obj.pose.bones)
    with _scene_of(obj) as scene:
        for frame in frames:
            whole = math.floor(frame)
            scene.frame_set(whole, subframe=frame - whole)
            bones = obj.evaluated_get(scene.view_layers[0].depsgraph).pose.bones
            found = {name: array("f", bytes(size)) for name in names}
            for name, values in found.items():
                bones.foreach_get(name, values)
            yield found
