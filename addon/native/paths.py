# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion paths: points of bones in the world, frames with keys, and the marks in Blender's points.

Arrays are `array.array`: 'f' for floats, 'i' for numbers, 'Q' for starts.
"""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .fcurve import FCurves
from .structs import View, pointer

_P = ctypes.c_void_p
_N = ctypes.c_size_t

FUNCTIONS = {
    "limber_path_points": [_P, _P, _P, _N],
    "limber_path_curve_keys": [_N, _P, _P, _P, _P, _N, _P, _P, _N],
}

OBJECT_MATRIX, CAMERA_MATRIX, DIVIDE = 1, 2, 4
"""Flags of `Paths`."""

KEY = 2
"""The mark of a key."""


class Paths(View):
    """LimberPaths."""

    _fields_ = [
        ("struct_size", _N),
        ("point_count", _N),
        ("frame_count", _N),
        ("path_count", _N),
        ("point", _P),
        ("first_frame", _P),
        ("length", _P),
        ("object_matrix", _P),
        ("camera_matrix", _P),
        ("flags", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
    ]


def points(paths: Paths, source: array, total: int) -> array:
    """The points of all paths, one path after the other."""
    out = array("f", (0.0,)) * (3 * total)
    call("limber_path_points", ctypes.byref(paths), pointer(source), pointer(out), total)
    return out


def keys(
    first_frame: array,
    length: array,
    curve_starts: array,
    curves: array,
    fcurves: FCurves,
) -> array:
    """KEY or 0 for each point of each path, which looks at some of the curves."""
    total = sum(length)
    out = array("i", (0,)) * total
    call(
        "limber_path_curve_keys",
        *(len(length), pointer(first_frame), pointer(length)),
        *(pointer(curve_starts), pointer(curves), len(curves)),
        *(ctypes.byref(fcurves), pointer(out), total),
    )
    return out


RECORD = 16
"""Bytes of a point in Blender: three floats and its marks."""


def marks(address: int, count: int) -> array:
    """The marks of points that lie in a row."""
    return array("i", ctypes.string_at(address, RECORD * count))[3::4]


def set_marks(address: int, new: array) -> None:
    """Sets the marks of points that lie in a row; their coordinates stay."""
    size = RECORD * len(new)
    records = array("i", ctypes.string_at(address, size))
    records[3::4] = new
    ctypes.memmove(address, pointer(records), size)
