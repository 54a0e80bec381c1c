# SPDX-License-Identifier: GPL-3.0-or-later
"""The pose clipboard: Blender's file, and what Limber remembers of its own last copy."""

from __future__ import annotations

import os
from array import array
from dataclasses import dataclass
from itertools import accumulate

import bpy

from . import bones, pose, property_groups

CHANNELS = [*pose.TRANSFORM, *pose.BBONE]


@dataclass
class Clipboard:
    """A copied pose: of all bones of a rig, and which of them count.

    Picking those is left to the first paste, so that copying costs little more than Blender's.
    """

    names: list[str]
    arrays: dict[str, array]
    mask: array
    properties: dict[int, property_groups.Groups]
    """The custom properties of those bones that have any."""
    stamp: tuple | None = None
    """Which file holds the same."""
    picked: bool = False
    """Whether there are only the bones that count."""

    def pick(self, gather) -> Clipboard:
        """The bones that count alone; `gather(arrays, names, mask)` picks them."""
        if not self.picked:
            if 0 in self.mask.tobytes():
                self.arrays, self.names = gather(self.arrays, self.names, self.mask)
                places = list(accumulate(map(bool, self.mask), initial=0))
                self.properties = {places[i]: groups for i, groups in self.properties.items()}
            self.picked = True
        return self


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


def read_file() -> Clipboard | None:
    """The pose in Blender's file; None if there is none."""
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
        return capture(found[0])
    finally:
        bpy.data.batch_remove(objects)
        bpy.data.batch_remove(
            [armature for armature in bpy.data.armatures if armature not in before]
        )


def capture(obj) -> Clipboard:
    """What a copy of the object's pose holds."""
    pose_bones = obj.pose.bones.values()
    count = len(pose_bones)
    mask = copied_mask(obj)
    return Clipboard(
        bones.names(obj),
        {name: pose.read(obj, name, count) for name in CHANNELS},
        mask,
        property_groups.read_all(pose_bones, mask),
    )
