# SPDX-License-Identifier: GPL-3.0-or-later
"""The pose clipboard: Blender's file, and what Limber remembers of its own last copy."""

from __future__ import annotations

import os
from array import array
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import bpy

from ..reader import bones as reader
from ..reader import properties
from . import bones, pose, property_groups

CHANNELS = (*pose.TRANSFORM, *pose.BBONE)


@dataclass
class Clipboard:
    """A copied pose: of all bones of a rig, and which of them count.

    Picking those is left to the first paste, so that copying costs little more than Blender's.
    """

    names: bytes
    """Each name with a NUL behind it."""
    arrays: dict[str, array]
    mask: array
    kept: properties.Kept
    """The custom properties of those bones that have any."""
    stamp: tuple | None = None
    """Which file holds the same."""
    properties: dict[int, property_groups.Groups] | None = None
    """The same, once there are only the bones that count."""

    @property
    def count(self) -> int:
        """How many bones were copied."""
        return len(self.mask) - self.mask.tobytes().count(0)

    def pick(self, gather) -> Clipboard:
        """The bones that count alone; `gather(arrays, names, mask)` picks them."""
        if self.properties is None:
            self.properties = self.kept()
            if 0 in self.mask.tobytes():
                self.arrays, self.names = gather(self.arrays, self.names, self.mask)
                places = list(accumulate(map(bool, self.mask), initial=0))
                self.properties = {places[i]: groups for i, groups in self.properties.items()}
        return self


def _new_reader() -> reader.Reader:
    return reader.Reader(CHANNELS, names=True, marks=True, selected_only=True)


_last: Clipboard | None = None
_spare, _kept = _new_reader(), _new_reader()
"""The reader for the next copy, and the one whose arrays the last copy has."""


def path() -> str:
    """Blender's clipboard file, beside the temporary folder of the running Blender."""
    return _beside(bpy.app.tempdir)


@lru_cache(maxsize=1)
def _beside(folder: str) -> str:
    return os.path.join(os.path.dirname(folder.rstrip(os.sep)), "copybuffer_pose.blend")


def _stamp() -> tuple | None:
    try:
        status = os.stat(path())
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def remember(copied: Clipboard) -> None:
    """Takes a copy for the content of the file as it is now."""
    global _last, _spare, _kept
    copied.stamp = _stamp()
    _last = copied if copied.stamp is not None else None
    _spare, _kept = _kept, _spare


def newest() -> Clipboard | None:
    """Limber's last copy, if nothing was copied since, by whatever Blender; else None."""
    return _last if _last is not None and _last.stamp == _stamp() else None


def _table(wanted: int, unwanted: int = 0) -> bytes:
    """Translates marks of bones: 1 where all wanted ones are set and no unwanted one."""
    return bytes(mark & wanted == wanted and not mark & unwanted for mark in range(256))


_HAS_PROPERTIES = _table(reader.HAS_PROPERTIES)
_SELECTED = _table(reader.SELECTED, reader.HIDDEN)
_HIDDEN = _table(reader.SELECTED | reader.HIDDEN)
"""Selected bones that are hidden themselves: up to 4.5 they are copied."""


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
        return _clipboard(found[0], _new_reader().read(found[0]), bones.selected_mask(found[0]))
    finally:
        bpy.data.batch_remove(objects)
        bpy.data.batch_remove(
            [armature for armature in bpy.data.armatures if armature not in before]
        )


def capture(obj) -> Clipboard:
    """What Blender's operator would copy now; good until the next one, unless remembered."""
    found = _spare.read(obj)
    selected = array("b", found.marks.translate(_SELECTED))
    copied = bones.selected_in_visible_collections(obj, selected, found.each_name)
    hidden = b"" if bones.FLAGS_ON_POSE_BONES else found.marks.translate(_HIDDEN)
    if 1 in hidden:
        hidden = bones.in_visible_collections(obj, array("b", hidden))
        copied = array("b", map(int.__or__, copied, hidden))
    return _clipboard(obj, found, copied)


def _clipboard(obj, found: reader.Bones, mask: array) -> Clipboard:
    """The bones of a mask; of those alone the properties are read."""
    owners = found.marks.translate(_HAS_PROPERTIES)
    if 1 in owners:
        owners = bones.both(owners, mask.tobytes())
    kept = properties.keep(obj, owners, reader.known_layout(obj))
    return Clipboard(found.names, found.arrays, mask, kept)
