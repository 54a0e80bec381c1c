# SPDX-License-Identifier: GPL-3.0-or-later
"""How the channels of all bones are read: by Blender's public API, or where they lie in memory.

The second way takes a tenth of the time. As with curves it is chosen at its first use, if
Blender's description of its structs has everything and a copy of a posed object reads the same
both ways; else the public way stays. Both give the same.
"""

from __future__ import annotations

from array import array

import bpy

from .. import native
from ..bridge import bones as public_bones
from ..bridge import pose, property_groups
from ..native import bone_records
from ..native import names as native_names
from ..native.bone_records import BoneLayout, Bones, Room
from . import bone_flags, bone_layout, scratch, selftest
from .choice import Choice, State

_choice = Choice("pose bones")
_flag_choice = Choice("flags of bones")


def state(obj) -> State | None:
    """Which reader of pose bones is in use, and why.

    The first object that has bones decides; None as long as there was none.
    """
    if _choice.known is None and not len(obj.pose.bones):
        return None

    def prove() -> BoneLayout:
        layout = bone_layout.find(scratch.blend_file())
        bone_layout.prove(layout, obj)
        return layout

    return _choice.state(prove)


def chosen() -> State | None:
    """The same, None as long as no call has asked for it."""
    return _choice.known


def forget() -> None:
    """The next use chooses anew."""
    _choice.forget()
    _flag_choice.forget()


class Reader:
    """Reads the same channels again and again; the arrays of one reading are those of the next."""

    def __init__(self, channels: tuple[str, ...], names: bool = False, marks: bool = False) -> None:
        self._channels = channels
        self._names = names
        self._marks = marks
        self._room: Room | None = None

    def read(self, obj) -> Bones:
        """The channels of all bones; on demand their names, and which have custom properties."""
        found = state(obj)
        if found is not None and found.layout is not None and obj.pose.bones:
            try:
                return self._read_directly(found.layout, obj.pose.bones)
            except native.LimberError:
                # A record made no sense, so there is no trust in the others.
                _choice.refuse("a pose bone made no sense")
        return _read_publicly(obj, self._channels, self._names, self._marks)

    def _read_directly(self, layout: BoneLayout, pose_bones) -> Bones:
        first = pose_bones[0].as_pointer()
        if self._room is not None and self._room.layout is layout:
            try:
                return self._room.read(first)
            except native.LimberError:
                # Most likely another number of bones, which Blender takes long to tell.
                self._room = None
        self._room = Room(layout, len(pose_bones), self._channels, self._names)
        return self._room.read(first)


_names = Reader((), names=True)


def read(obj, channels: tuple[str, ...], names: bool = False, marks: bool = False) -> Bones:
    """The channels of all bones; on demand their names, and which have custom properties."""
    return Reader(channels, names, marks).read(obj)


def read_flag(obj, name: str, count: int) -> array:
    """A byte a bone: `select` or `hide`."""
    found = state(obj)
    if count and found is not None and found.layout is not None:
        layout = found.layout
        flags = _flag_choice.state(
            lambda: bone_flags.find(scratch.blend_file(), layout, obj)
        ).layout
        if flags is not None:
            first = obj.pose.bones[0].as_pointer()
            try:
                return bone_records.read_flag(layout, first, count, flags[name])
            except native.LimberError:
                # The pose has not got the bones yet that its armature has.
                pass
    return public_bones.read_flag(public_bones.flag_owner(obj), name, count)


def read_names(obj) -> Bones:
    """The names of all bones in order, and how many bones there are."""
    return _names.read(obj)


def _read_directly(layout: BoneLayout, obj, channels: tuple[str, ...], names: bool) -> Bones:
    bones = obj.pose.bones
    return bone_records.read(layout, bones[0].as_pointer(), len(bones), channels, names)


def _read_publicly(obj, channels: tuple[str, ...], names: bool, marks: bool) -> Bones:
    bones = obj.pose.bones
    return Bones(
        len(bones),
        {name: pose.read(obj, name) for name in channels},
        native_names.pack(public_bones.names(obj)) if names else b"",
        property_groups.marks(bones.values()) if marks else None,
    )


def self_test() -> selftest.Result | None:
    """Reads the file's armature with the most bones both ways; if the readers differ, the public
    one stays in use. None without an armature, or where nothing is read where it lies."""
    posed = [obj for obj in bpy.data.objects if obj.pose is not None and len(obj.pose.bones)]
    if not posed:
        return None
    obj = max(posed, key=lambda obj: len(obj.pose.bones))
    layout = state(obj).layout
    if layout is None:
        return None
    channels = bone_layout.CHANNELS
    result = selftest.compare(
        len(obj.pose.bones),
        lambda: _columns(_read_publicly(obj, channels, True, True)),
        lambda: _columns(_read_directly(layout, obj, channels, True)),
    )
    if not result.equal:
        _choice.refuse("the self-test has found a difference")
    return result


def _columns(found: Bones) -> tuple:
    return (*(values.tobytes() for values in found.arrays.values()), found.names, *found[3:])
