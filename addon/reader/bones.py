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
from ..native.bone_records import HAS_PROPERTIES, HIDDEN, SELECTED, BoneLayout, Bones, Room
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
    """Reads the same channels again and again; the arrays of one reading are those of the next.

    With `selected_only` those of other bones may be anything.
    """

    def __init__(
        self,
        channels: tuple[str, ...],
        names: bool = False,
        marks: bool = False,
        selected_only: bool = False,
    ) -> None:
        self._channels = channels
        self._names = names
        self._marks = marks
        self._selected_only = selected_only
        self._room: Room | None = None
        self._layout: BoneLayout | None = None
        """What the room was made for."""

    def read(self, obj) -> Bones:
        """The channels of all bones; on demand their names and marks."""
        layout = _layout(obj, self._marks or self._selected_only)
        if layout is not None:
            try:
                return self._read_directly(layout, obj.pose.bones)
            except IndexError:
                # There are no bones.
                pass
            except native.LimberError:
                # A record made no sense, so there is no trust in the others.
                _choice.refuse("a pose bone made no sense")
        return _read_publicly(obj, self._channels, self._names, self._marks)

    def _read_directly(self, layout: BoneLayout, pose_bones) -> Bones:
        first = pose_bones[0].as_pointer()
        room = self._room
        if room is not None and self._layout is layout:
            try:
                room.read(first)
                return room.found()
            except native.LimberError:
                # Most likely another number of bones, which Blender takes long to tell.
                pass
        self._layout = layout
        if self._selected_only:
            layout = layout.for_marked(SELECTED)
        room = self._room = Room(layout, len(pose_bones), self._channels, self._names)
        room.read(first)
        return room.found()


_names = Reader((), names=True)


def read(obj, channels: tuple[str, ...], names: bool = False, marks: bool = False) -> Bones:
    """The channels of all bones; on demand their names and marks."""
    return Reader(channels, names, marks).read(obj)


def _layout(obj, with_flags: bool = False) -> BoneLayout | None:
    """Where the bones' fields lie; None if that is not known, or the flags are wanted and where
    those lie is not."""
    found = _choice.known or state(obj)
    if found is None or found.layout is None or not with_flags:
        return None if found is None else found.layout
    flags = _flag_choice.known

    def find() -> BoneLayout:
        places = bone_flags.find(scratch.blend_file(), found.layout, obj)
        return found.layout.with_flags(**places)

    return (flags or _flag_choice.state(find)).layout


def known_layout(obj) -> BoneLayout | None:
    """Where the bones' fields lie, if they are read where they lie."""
    return _layout(obj)


def read_flag(obj, name: str, count: int) -> array:
    """A byte a bone: `select` or `hide`."""
    layout = _layout(obj, with_flags=True) if count else None
    if layout is not None:
        first = obj.pose.bones[0].as_pointer()
        try:
            return bone_records.read_flag(layout, first, count, layout.flag(name))
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
        _public_marks(obj) if marks else None,
    )


def _public_marks(obj) -> bytes:
    bones = obj.pose.bones.values()
    owner, count = public_bones.flag_owner(obj), len(bones)
    columns = (
        (property_groups.marks(bones), HAS_PROPERTIES),
        (public_bones.read_flag(owner, "select", count), SELECTED),
        (public_bones.read_flag(owner, "hide", count), HIDDEN),
    )
    # All bytes are 0 or 1: as one large number each, no product leaves its byte.
    total = sum(int.from_bytes(column.tobytes(), "little") * mark for column, mark in columns)
    return total.to_bytes(count, "little")


def self_test() -> selftest.Result | None:
    """Reads the file's armature with the most bones both ways; if the readers differ, the public
    one stays in use. None without an armature, or where nothing is read where it lies."""
    posed = [obj for obj in bpy.data.objects if obj.pose is not None and len(obj.pose.bones)]
    if not posed:
        return None
    obj = max(posed, key=lambda obj: len(obj.pose.bones))
    layout = _layout(obj, with_flags=True) or state(obj).layout
    if layout is None:
        return None
    # Without the flags there are no marks to compare.
    rest = 1 if layout is state(obj).layout else 0
    channels = bone_layout.CHANNELS
    result = selftest.compare(
        len(obj.pose.bones),
        lambda: _columns(_read_publicly(obj, channels, True, True))[rest:],
        lambda: _columns(_read_directly(layout, obj, channels, True))[rest:],
    )
    if not result.equal:
        _choice.refuse("the self-test has found a difference")
    return result


def _columns(found: Bones) -> tuple:
    return (found.marks, found.names, *(values.tobytes() for values in found.arrays.values()))
