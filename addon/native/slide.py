# SPDX-License-Identifier: GPL-3.0-or-later
"""The pose slides, and the index from F-curves to bones."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from . import call
from .structs import Pose, View, pointer

_POINTER = ctypes.c_void_p
_SIZE = ctypes.c_size_t

FUNCTIONS = {
    "limber_curve_index": [
        *(_POINTER, _SIZE, _SIZE) * 2,
        ctypes.c_uint32,
        _POINTER,
        _POINTER,
        _POINTER,
        _POINTER,
    ],
    "limber_breakdown": [_POINTER] * 3,
    "limber_push": [_POINTER] * 3,
    "limber_relax": [_POINTER] * 3,
    "limber_blend_to_neighbor": [_POINTER] * 3,
    "limber_blend_with_rest": [_POINTER] * 3,
    "limber_slide_values": [*(_POINTER,) * 5, _SIZE, ctypes.c_uint32, _POINTER],
}

RULES_4_5 = 405
RULES_5_2 = 502

LOCATION, ROTATION, SCALE, BBONE, CUSTOM, ALL = 1, 2, 4, 8, 16, 31
"""Classes of channels, bits."""

PROPERTIES = (
    None,
    "location",
    "rotation_quaternion",
    "rotation_euler",
    "rotation_axis_angle",
    "scale",
    "bbone_curveinx",
    "bbone_curveinz",
    "bbone_curveoutx",
    "bbone_curveoutz",
    "bbone_rollin",
    "bbone_rollout",
    "bbone_easein",
    "bbone_easeout",
    "bbone_scalein",
    "bbone_scaleout",
)
"""Names of LIMBER_PROPERTY_* by number; PROPERTY_CUSTOM has none."""

PROPERTY_LOCATION = 1
PROPERTY_QUATERNION = 2
PROPERTY_EULER = 3
PROPERTY_AXIS_ANGLE = 4
PROPERTY_SCALE = 5
PROPERTY_CUSTOM = 16

NO_BONE = 0xFFFFFFFF

VALUE_FLOAT, VALUE_INT, VALUE_BOOL = 0, 1, 2

SLIDES = ("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest")
"""Names of LIMBER_SLIDE_* by number."""


class Slide(View):
    """LimberSlide."""

    _fields_ = [
        ("struct_size", _SIZE),
        ("factor", ctypes.c_float),
        ("frame", ctypes.c_float),
        ("previous_frame", ctypes.c_float),
        ("next_frame", ctypes.c_float),
        ("rules", ctypes.c_uint32),
        ("channels", ctypes.c_uint8),
        ("axis", ctypes.c_uint8),
        ("reserved", ctypes.c_uint8 * 2),
    ]


class Samples(View):
    """LimberSamples."""

    _fields_ = [
        ("struct_size", _SIZE),
        ("curve_count", _SIZE),
        ("bone", _POINTER),
        ("property", _POINTER),
        ("component", _POINTER),
        ("previous", _POINTER),
        ("next", _POINTER),
        ("current", _POINTER),
        ("classes", _POINTER),
    ]


def _texts(texts: Sequence[str]) -> bytes:
    """Texts as the library takes them, each with a terminating zero."""
    if not texts:
        return b""
    return ("\0".join(texts) + "\0").encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class CurveIndex:
    """What each curve animates; element `i` of each array is curve `i`."""

    bone: array
    """Index of the bone ('I'), or NO_BONE."""
    property: array
    """PROPERTY_* ('B')."""
    channel: array
    """One class bit, or 0 ('B')."""
    rest: array
    """Where the path goes on behind the bone, in bytes of UTF-8 ('I')."""


def curve_index(paths: Sequence[str], names: Sequence[str], rules: int) -> CurveIndex:
    """Which bone and property each data path animates."""
    count = len(paths)
    index = CurveIndex(
        array("I", bytes(4 * count)),
        array("B", bytes(count)),
        array("B", bytes(count)),
        array("I", bytes(4 * count)),
    )
    if count:
        text, table = _texts(paths), _texts(names)
        outputs = (index.bone, index.property, index.channel, index.rest)
        call(
            "limber_curve_index",
            *(text, len(text), count, table, len(table), len(names), rules),
            *map(pointer, outputs),
        )
    return index


def slide(name: str, pose: Pose, samples: Samples, settings: Slide) -> None:
    """Runs one of SLIDES on a pose in place."""
    call(
        f"limber_{name}",
        ctypes.byref(pose),
        ctypes.byref(samples),
        ctypes.byref(settings),
    )


def slide_values(
    name: str,
    values: array,
    kinds: array,
    previous: array,
    next_: array,
    current: array | None,
    settings: Slide,
) -> None:
    """Runs one of SLIDES on plain numbers in place."""
    call(
        "limber_slide_values",
        *map(pointer, (values, kinds, previous, next_, current)),
        len(values),
        SLIDES.index(name),
        ctypes.byref(settings),
    )
