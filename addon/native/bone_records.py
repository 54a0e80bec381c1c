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
from .structs import POSE_ARRAYS, Pose, View, pointer

_P = ctypes.c_void_p
_SIZE = ctypes.c_size_t

FUNCTIONS = {"limber_bone_records_read": [_P, _P, _P, _P, _SIZE, _P, _P]}

ABSENT = ctypes.c_size_t(-1).value
"""Offset of a field that a record does not have."""

FIELDS = (
    *("next", "name", "name_size", "location", "rotation_quaternion", "rotation_euler"),
    *("rotation_angle", "rotation_axis", "scale", "rotation_mode", "rotation_mode_size"),
    *(name for name in POSE_ARRAYS if name.startswith("bbone")),
    *("properties", "more_properties"),
)


class BoneLayout(View):
    """LimberBoneLayout; a field that is not given is absent."""

    _fields_ = [
        ("struct_size", _SIZE),
        ("record_size", _SIZE),
        *((name, _SIZE) for name in FIELDS),
    ]

    def __init__(self, **values: int) -> None:
        super().__init__(**{**dict.fromkeys(FIELDS, ABSENT), **values})


class Bones(NamedTuple):
    """What a list of records holds."""

    count: int
    arrays: dict[str, array]
    """Channels by name."""
    names: bytes
    """Each name with a NUL behind it; empty if not asked for."""
    has_properties: array | None
    """A byte a bone: it has properties of its own. None if not asked for."""


def read(layout: BoneLayout, first: int, count: int, names: tuple, with_names: bool) -> Bones:
    """The named channels of `count` records, the first of which lies at an address."""
    arrays = {}
    for name in names:
        code, width = POSE_ARRAYS[name]
        arrays[name] = array(code, bytes(4 * width * count))
    marks = array("B", bytes(count))
    room = layout.name_size * count if with_names else 0
    text, size = bytearray(room), array("Q", [0])
    call(
        "limber_bone_records_read",
        ctypes.byref(layout),
        first,
        ctypes.byref(Pose(bone_count=count, **arrays)),
        (ctypes.c_char * room).from_buffer(text) if room else None,
        room,
        pointer(size) if room else None,
        pointer(marks),
    )
    return Bones(count, arrays, bytes(text[: size[0]]), marks)
