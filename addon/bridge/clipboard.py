# SPDX-License-Identifier: GPL-3.0-or-later
"""The pose clipboard: Blender's file, and what Limber remembers of its own last copy."""

from __future__ import annotations

import os
from array import array
from dataclasses import dataclass
from itertools import compress

import bpy

from . import bones, pose, property_groups

CHANNELS = [*pose.TRANSFORM, *pose.BBONE]


@dataclass
class Clipboard:
    """A copied pose."""

    names: list[str]
    arrays: dict[str, array]
    properties: list[dict]
    """The custom properties of each bone."""
    stamp: tuple | None = None
    """Which file holds the same."""


_last: Clipboard | None = None


def path() -> str:
    """Blender's clipboard file, beside the temporary folder of the running Blender."""
    folder = bpy.app.tempdir.rstrip(os.sep)
    return os.path.join(os.path.dirname(folder), "copybuffer_pose.blend")


def _stamp() -> tuple | None:
    try:
        status = os.stat(path())
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def remember(copied: Clipboard) -> None:
    """Takes a copy for the content of the file as it is now."""
    global _last
    copied.stamp = _stamp()
    _last = copied if copied.stamp is not None else None


def newest() -> Clipboard | None:
    """Limber's last copy, if nothing was copied since, by whatever Blender; else None."""
    return _last if _last is not None and _last.stamp == _stamp() else None


def copied_mask(obj) -> array:
    """A byte a bone: what Blender copies.

    Up to 4.5 selected bones that are hidden themselves count, those of hidden collections not.
    """
    if bones.FLAGS_ON_POSE_BONES:
        return bones.selected_mask(obj)
    selected = bones.read_flag(bones.flag_owner(obj), "select")
    hidden = bones.read_flag(bones.flag_owner(obj), "hide")
    visible = bones.visible_mask(obj)
    for i, bone in enumerate(obj.data.bones):
        if selected[i] and not visible[i]:
            collections = bone.collections
            seen = not collections or any(c.is_visible_effectively for c in collections)
            selected[i] = bool(hidden[i]) and seen
    return selected


def read_all(obj) -> dict[str, array]:
    """All channels of all bones."""
    return pose.PoseArrays.read(obj, CHANNELS).arrays


def read_file(gather) -> Clipboard | None:
    """The pose in Blender's file; None if there is none.

    `gather(arrays, names, mask)` picks the copied bones.
    """
    before = set(bpy.data.armatures)
    try:
        with bpy.data.libraries.load(path()) as (inside, wanted):
            wanted.objects = list(inside.objects)
    except OSError:
        return None
    objects = [obj for obj in wanted.objects if obj is not None]
    try:
        found = [obj for obj in objects if obj.type == "ARMATURE" and obj.pose]
        if len(objects) != 1 or not found:
            return None
        return capture(found[0], gather)
    finally:
        bpy.data.batch_remove(objects)
        bpy.data.batch_remove(
            [armature for armature in bpy.data.armatures if armature not in before]
        )


def capture(obj, gather) -> Clipboard:
    """What a copy of the object's pose holds."""
    mask = copied_mask(obj)
    arrays, names = gather(read_all(obj), bones.names(obj), mask)
    copied = compress(obj.pose.bones.values(), mask)
    return Clipboard(names, arrays, [property_groups.read(bone) for bone in copied])
