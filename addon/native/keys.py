# SPDX-License-Identifier: GPL-3.0-or-later
"""Editing the keys of many curves: handles, insertion, propagation."""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .structs import View, pointer

_POINTER = ctypes.c_void_p
_SIZE = ctypes.c_size_t
_FLOAT = ctypes.c_float
_NUMBER = ctypes.c_uint32

FUNCTIONS = {
    "limber_fcurve_recalc_handles": [_POINTER],
    "limber_fcurve_update": [_POINTER],
    "limber_fcurve_insert": [*(_POINTER,) * 3, *(_NUMBER,) * 4, _POINTER],
    "limber_propagate_frames": [_POINTER, _NUMBER, _FLOAT, _FLOAT, _POINTER, _SIZE, _POINTER],
    "limber_propagate_sizes": [_POINTER, _POINTER, _SIZE, _NUMBER, _POINTER],
    "limber_propagate": [*(_POINTER,) * 3, _SIZE, *(_NUMBER,) * 4],
}

FIELDS = {
    "point": ("f", 2),
    "handle_left": ("f", 2),
    "handle_right": ("f", 2),
    "back": ("f", 1),
    "amplitude": ("f", 1),
    "period": ("f", 1),
    "interpolation": ("B", 1),
    "easing": ("B", 1),
    "handle_left_type": ("B", 1),
    "handle_right_type": ("B", 1),
    "key_type": ("B", 1),
    "select_point": ("B", 1),
    "select_left": ("B", 1),
    "select_right": ("B", 1),
}
"""Arrays of `LimberKeyTable`: type code and elements a key."""

CONTINUOUS_ACCELERATION, LINEAR_EXTRAPOLATION, CYCLIC, INTEGER, DISCRETE = 1, 2, 4, 8, 16
OFFSET_BEFORE, OFFSET_AFTER = 32, 64
"""Curve flags."""

MODES = {"NEXT_KEY": 0, "LAST_KEY": 1, "BEFORE_FRAME": 2, "BEFORE_END": 3, "SELECTED_KEYS": 4}
"""LIMBER_PROPAGATE_* by stock's names."""

INTERPOLATIONS = (
    *("CONSTANT", "LINEAR", "BEZIER", "BACK", "BOUNCE", "CIRC", "CUBIC"),
    *("ELASTIC", "EXPO", "QUAD", "QUART", "QUINT", "SINE"),
)
"""LIMBER_INTERPOLATION_* by number."""

HANDLES = ("FREE", "AUTO", "VECTOR", "ALIGNED", "AUTO_CLAMPED")
"""LIMBER_HANDLE_* by number."""


class KeyTable(View):
    """LimberKeyTable."""

    _fields_ = [
        ("struct_size", _SIZE),
        ("curve_count", _SIZE),
        ("element_count", _SIZE),
        ("first_key", _POINTER),
        ("key_count", _POINTER),
        ("curve_flags", _POINTER),
        ("stride", _SIZE),
        *((name, _POINTER) for name in FIELDS),
    ]


def propagate_frames(table: KeyTable, mode: str, current: float, end: float) -> array:
    """The frames that get the value, ascending ('f')."""
    needed = _SIZE()
    arguments = (ctypes.byref(table), MODES[mode], current, end)
    frames = array("f", bytes(4 * 64))
    call_arguments = (pointer(frames), len(frames), ctypes.byref(needed))
    if mode in {"NEXT_KEY", "LAST_KEY"}:
        call("limber_propagate_frames", *arguments, *call_arguments)
    else:
        call("limber_propagate_frames", *arguments, None, 0, ctypes.byref(needed))
        frames = array("f", bytes(4 * needed.value))
        call_arguments = (pointer(frames), len(frames), ctypes.byref(needed))
        call("limber_propagate_frames", *arguments, *call_arguments)
    return frames[: needed.value]


def propagate_sizes(table: KeyTable, frames: array) -> array:
    """How many keys each curve will have ('Q')."""
    counts = array("Q", bytes(8 * table.curve_count))
    arguments = (pointer(frames), len(frames), 0, pointer(counts))
    call("limber_propagate_sizes", ctypes.byref(table), *arguments)
    return counts


def propagate(
    table: KeyTable, values: array, frames: array, interpolation: str, handle_type: str
) -> None:
    """Gives every curve its value at every frame, in place."""
    call(
        "limber_propagate",
        *(ctypes.byref(table), pointer(values), pointer(frames), len(frames)),
        *(INTERPOLATIONS.index(interpolation), HANDLES.index(handle_type), 0, 0),
    )


def edit(name: str, table: KeyTable, *arguments) -> None:
    """Calls another function of FUNCTIONS on a table; arrays become pointers."""
    given = (pointer(a) if isinstance(a, array) else a for a in arguments)
    call(name, ctypes.byref(table), *given)


KEY_TYPES = ("KEYFRAME", "EXTREME", "BREAKDOWN", "JITTER", "MOVING_HOLD", "GENERATED")
"""LIMBER_KEY_TYPE_* by number."""


def insert(
    table: KeyTable,
    frames: array,
    values: array,
    interpolation: str,
    handle_type: str,
    key_type: str,
) -> None:
    """Gives each curve one value at one frame, in place; every curve has room for a new key."""
    call(
        "limber_fcurve_insert",
        *(ctypes.byref(table), pointer(frames), pointer(values)),
        *(INTERPOLATIONS.index(interpolation), HANDLES.index(handle_type)),
        *(KEY_TYPES.index(key_type), 0, None),
    )
