# SPDX-License-Identifier: GPL-3.0-or-later
"""The C functions that evaluate F-curves."""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .structs import View, pointer

FUNCTIONS = {
    "limber_fcurve_evaluate": [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_uint32,
        ctypes.c_void_p,
    ],
    "limber_fcurves_evaluate": [
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_uint32,
        ctypes.c_void_p,
    ],
    "limber_keys_gather": [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p],
    "limber_keys_scatter": [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p],
}

KEY_SIZE = 44
"""Bytes of a packed key."""

KEY_ARRAYS = {
    "co": ("f", 2),
    "handle_left": ("f", 2),
    "handle_right": ("f", 2),
    "interpolation": ("i", 1),
    "easing": ("i", 1),
    "handle_left_type": ("i", 1),
    "handle_right_type": ("i", 1),
    "key_type": ("i", 1),
    "back": ("f", 1),
    "amplitude": ("f", 1),
    "period": ("f", 1),
    "select_control_point": ("b", 1),
    "select_left_handle": ("b", 1),
    "select_right_handle": ("b", 1),
}
"""Arrays of `LimberKeyArrays`: type code and elements a key."""

UNCHECKED = 1
"""Flag of evaluation: keys are known to be in order and valid."""

INTEGER, DISCRETE = 1, 2
"""Curve flags."""

MUTED, RESTRICTED_RANGE, INFLUENCE, ADDITIVE = 1, 2, 4, 8
MIN_X, MAX_X, MIN_Y, MAX_Y, STEP_START, STEP_END, LEGACY_NOISE = 16, 32, 64, 128, 256, 512, 1024
"""Modifier flags."""

GENERATOR, FNGENERATOR, ENVELOPE, CYCLES, NOISE, LIMITS, STEPPED = 1, 2, 3, 4, 5, 8, 9
"""Kinds of modifiers."""


class KeyArrays(View):
    """LimberKeyArrays."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        *((name, ctypes.c_void_p) for name in KEY_ARRAYS),
    ]


class KeyLayout(View):
    """LimberKeyLayout; a field that is not given is absent."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        ("stride", ctypes.c_size_t),
        ("point", ctypes.c_size_t),
        ("handle_left", ctypes.c_size_t),
        ("handle_right", ctypes.c_size_t),
        ("back", ctypes.c_size_t),
        ("amplitude", ctypes.c_size_t),
        ("period", ctypes.c_size_t),
        ("interpolation", ctypes.c_size_t),
        ("easing", ctypes.c_size_t),
        ("handle_left_type", ctypes.c_size_t),
        ("handle_right_type", ctypes.c_size_t),
        ("key_type", ctypes.c_size_t),
        ("select_point", ctypes.c_size_t),
        ("select_left", ctypes.c_size_t),
        ("select_right", ctypes.c_size_t),
    ]

    def __init__(self, **values: int) -> None:
        absent = {name: ctypes.c_size_t(-1).value for name, _ in self._fields_[2:]}
        super().__init__(**{**absent, **values})


class Modifier(View):
    """LimberModifier."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        ("kind", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        *((n, ctypes.c_float) for n in ("influence", "frame_start", "frame_end")),
        *((n, ctypes.c_float) for n in ("blend_in", "blend_out")),
        *((n, ctypes.c_uint32) for n in ("mode_before", "mode_after")),
        *((n, ctypes.c_int32) for n in ("cycles_before", "cycles_after")),
        *((n, ctypes.c_float) for n in ("min_x", "max_x", "min_y", "max_y")),
        *((n, ctypes.c_float) for n in ("step", "step_offset", "step_start", "step_end")),
        *((n, ctypes.c_uint32) for n in ("generator_mode", "function_type")),
        *((n, ctypes.c_float) for n in ("amplitude", "phase_multiplier", "phase_offset")),
        *((n, ctypes.c_float) for n in ("value_offset", "reference_value")),
        *((n, ctypes.c_float) for n in ("default_min", "default_max")),
        ("blend_type", ctypes.c_uint32),
        *((n, ctypes.c_float) for n in ("scale", "strength", "phase", "offset")),
        *((n, ctypes.c_float) for n in ("lacunarity", "roughness")),
        ("depth", ctypes.c_int32),
        ("values", ctypes.c_void_p),
        ("value_count", ctypes.c_size_t),
    ]


class FCurve(View):
    """LimberFCurve."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        ("keys", ctypes.c_void_p),
        ("key_count", ctypes.c_size_t),
        ("key_layout", ctypes.c_void_p),
        ("extrapolation", ctypes.c_uint32),
        ("auto_smoothing", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("sample_start", ctypes.c_float),
        ("modifiers", ctypes.c_void_p),
        ("modifier_count", ctypes.c_size_t),
        ("samples", ctypes.c_void_p),
        ("sample_count", ctypes.c_size_t),
    ]


class FCurves(View):
    """LimberFCurves."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        ("curve_count", ctypes.c_size_t),
        ("key_layout", ctypes.c_void_p),
        ("keys", ctypes.c_void_p),
        ("key_count", ctypes.c_size_t),
        ("key_starts", ctypes.c_void_p),
        ("key_pointers", ctypes.c_void_p),
        ("key_counts", ctypes.c_void_p),
        ("extrapolation", ctypes.c_void_p),
        ("flags", ctypes.c_void_p),
        ("modifiers", ctypes.c_void_p),
        ("modifier_count", ctypes.c_size_t),
        ("modifier_starts", ctypes.c_void_p),
        ("samples", ctypes.c_void_p),
        ("sample_count", ctypes.c_size_t),
        ("sample_starts", ctypes.c_void_p),
        ("sample_first_frames", ctypes.c_void_p),
    ]


def address(item: ctypes.Structure | ctypes.Array) -> int:
    """Where a view, or an array of them, lies; keep it alive during the call."""
    return ctypes.addressof(item)


def gather(arrays: KeyArrays, count: int) -> array:
    """Packed keys, as bytes, from the arrays of each field."""
    keys = array("B", bytes(KEY_SIZE * count))
    call("limber_keys_gather", ctypes.byref(arrays), count, pointer(keys))
    return keys


def scatter(keys: array, arrays: KeyArrays) -> None:
    """Writes packed keys into the arrays of each field."""
    call("limber_keys_scatter", pointer(keys), len(keys) // KEY_SIZE, ctypes.byref(arrays))


def modifier_stack(modifiers: list[Modifier]) -> ctypes.Array | None:
    """Modifiers as one C array; keep it, and the list, alive during the call."""
    return (Modifier * len(modifiers))(*modifiers) if modifiers else None


def evaluate(curve: FCurve, frames: array, flags: int = 0) -> array:
    """Values of one curve at many frames."""
    values = array("f", bytes(4 * len(frames)))
    call(
        "limber_fcurve_evaluate",
        ctypes.byref(curve),
        pointer(frames),
        len(frames),
        flags,
        pointer(values),
    )
    return values


def evaluate_all(curves: FCurves, frames: array, flags: int = 0) -> array:
    """Values of many curves at the same frames, one curve after another."""
    values = array("f", bytes(4 * len(frames) * curves.curve_count))
    call(
        "limber_fcurves_evaluate",
        ctypes.byref(curves),
        pointer(frames),
        len(frames),
        flags,
        pointer(values),
    )
    return values
