# SPDX-License-Identifier: GPL-3.0-or-later
"""Pose bones in records of the host, read where they lie.

Nothing here knows what the host's records look like: offsets come from the caller. Addresses are
good only until the host does anything else; none is kept.
"""

from __future__ import annotations

import ctypes
from array import array
from typing import NamedTuple

from . import call
from .names import unpack
from .structs import POSE_ARRAYS, Pose, View, pointer

_P = ctypes.c_void_p
_SIZE = ctypes.c_size_t

FUNCTIONS = {
    "limber_bone_records_read": [_P, _P, _P, _P, _SIZE, _P, _P],
    "limber_bone_records_flag": [_P, _P, _SIZE, _SIZE, _SIZE, ctypes.c_uint8, _P],
    "limber_bone_records_addresses": [_P, _P, _SIZE, _SIZE, _P],
}

ABSENT = ctypes.c_size_t(-1).value
"""Offset of a field that a record does not have."""

FIELDS = (
    *("next", "name", "name_size", "location", "rotation_quaternion", "rotation_euler"),
    *("rotation_angle", "rotation_axis", "scale", "rotation_mode", "rotation_mode_size"),
    *(name for name in POSE_ARRAYS if name.startswith("bbone")),
    *("properties", "more_properties"),
)
_FLAG_FIELDS = ("flag_owner", "select", "select_bits", "hide", "hide_bits", "only")

HAS_PROPERTIES, SELECTED, HIDDEN = 1, 2, 4
"""Marks of a bone."""


class BoneLayout(View):
    """LimberBoneLayout; a field that is not given is absent."""

    _fields_ = [
        ("struct_size", _SIZE),
        ("record_size", _SIZE),
        *((name, _SIZE) for name in (*FIELDS, *_FLAG_FIELDS)),
    ]

    def __init__(self, **values: int) -> None:
        super().__init__(**{**dict.fromkeys(FIELDS, ABSENT), **values})

    def flag(self, name: str) -> Flag:
        """Where the flag `select` or `hide` lies."""
        return Flag(self.flag_owner, getattr(self, name), getattr(self, f"{name}_bits"))

    def with_flags(self, select: Flag, hide: Flag) -> BoneLayout:
        """The same layout with flags, both in the same struct."""
        return BoneLayout(
            **{name: getattr(self, name) for name in ("record_size", *FIELDS)},
            flag_owner=select.owner,
            select=select.at,
            select_bits=select.bits,
            hide=hide.at,
            hide_bits=hide.bits,
        )

    def for_marked(self, marks: int) -> BoneLayout:
        """The same layout, by which only the channels of bones with all of the marks are read."""
        fields = ("record_size", *FIELDS, *_FLAG_FIELDS)
        return BoneLayout(**{name: getattr(self, name) for name in fields} | {"only": marks})


class Flag(NamedTuple):
    """Where a flag of a record lies."""

    owner: int
    """Offset of the address of the struct that has it; ABSENT: the record itself."""
    at: int
    """Offset of its byte there."""
    bits: int
    """Its bits in that byte."""


class Bones(NamedTuple):
    """What a list of records holds."""

    count: int
    arrays: dict[str, array]
    """Channels by name."""
    names: bytes
    """Each name with a NUL behind it; empty if not asked for."""
    marks: bytes | None
    """A byte a bone: an OR of HAS_PROPERTIES and, if the layout has the flags, SELECTED and
    HIDDEN. None if not asked for."""

    def each_name(self) -> list[str]:
        """The names one by one."""
        return unpack(self.names)


class Room:
    """Arrays for the named channels of so many records, to be read into again and again."""

    def __init__(
        self, layout: BoneLayout, count: int, names: tuple[str, ...], with_names: bool
    ) -> None:
        self.layout = layout
        arrays = {}
        for name in names:
            code, width = POSE_ARRAYS[name]
            arrays[name] = array(code, bytes(4 * width * count))
        self.count, self.arrays, self.marks = count, arrays, array("B", bytes(count))
        size = layout.name_size * count if with_names else 0
        self._text, self._size = bytearray(size), array("Q", [0])
        view = Pose(bone_count=count, **arrays)
        self._keep = layout, view
        self._before = ctypes.addressof(layout)
        self._after = (
            ctypes.addressof(view),
            (ctypes.c_char * size).from_buffer(self._text) if size else None,
            size,
            pointer(self._size) if size else None,
            pointer(self.marks),
        )

    @property
    def names(self) -> bytes:
        """The names that were read last."""
        return bytes(memoryview(self._text)[: self._size[0]])

    def read(self, first: int) -> None:
        """Reads the records, the first of which lies at an address."""
        call("limber_bone_records_read", self._before, first, *self._after)

    def found(self) -> Bones:
        """What was read last; the next reading changes the arrays."""
        return Bones(self.count, self.arrays, self.names, self.marks.tobytes())


def read(layout: BoneLayout, first: int, count: int, names: tuple, with_names: bool) -> Bones:
    """The named channels of `count` records, the first of which lies at an address."""
    room = Room(layout, count, names, with_names)
    room.read(first)
    return room.found()


def read_flag(layout: BoneLayout, first: int, count: int, flag: Flag) -> array:
    """A byte a record: it has the flag."""
    values = array("b", bytes(count))
    call("limber_bone_records_flag", ctypes.byref(layout), first, count, *flag, pointer(values))
    return values


def read_addresses(layout: BoneLayout, first: int, count: int, at: int) -> array:
    """The address that stands in each record at an offset."""
    values = array("Q", bytes(8 * count))
    call("limber_bone_records_addresses", ctypes.byref(layout), first, count, at, pointer(values))
    return values
