# SPDX-License-Identifier: GPL-3.0-or-later
"""The pose slides, and the index from F-curves to bones."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from . import call
from .names import Packed
from .names import pack as texts
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
    "limber_choose_curves": [
        *[_POINTER] * 4,
        _SIZE,
        _POINTER,
        _POINTER,
        _SIZE,
        ctypes.c_uint8,
        *[_POINTER] * 8,
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


def curve_index(paths: Sequence[str], names: Sequence[str] | Packed, rules: int) -> CurveIndex:
    """Which bone and property each data path animates."""
    count = len(paths)
    index = CurveIndex(
        array("I", bytes(4 * count)),
        array("B", bytes(count)),
        array("B", bytes(count)),
        array("I", bytes(4 * count)),
    )
    if count:
        text, table = texts(paths), texts(names)
        outputs = (index.bone, index.property, index.channel, index.rest)
        call(
            "limber_curve_index",
            *(text, len(text), count, table, len(table), len(names), rules),
            *map(pointer, outputs),
        )
    return index


@dataclass(frozen=True)
class ChosenCurves:
    """The curves that a slide moves; `curves` and `custom` are places in the curve list."""

    classes: array
    """Class bits of each bone's curves ('B'); 0 for a bone that takes no part."""
    curves: array
    """Curves that move a channel ('I'), and of each one: bone and property."""
    bone: array
    property: array
    custom: array
    """Curves of custom properties ('I')."""
    component: array | None
    """Of each of `curves` its component ('I'), if the components were given."""


def choose_curves(
    index: CurveIndex, component: array | None, mask: array, modes: array, channels: int
) -> ChosenCurves:
    """The curves of the masked bones that move something in the bone's rotation mode."""
    count, bones = len(index.bone), len(mask)
    longs = [array("I", bytes(4 * count)) for _ in range(3)]
    curves, bone, custom = longs
    chosen = array("I", bytes(4 * count)) if component is not None else None
    classes, prop = array("B", bytes(bones)), array("B", bytes(count))
    curve_count, custom_count = _SIZE(), _SIZE()
    call(
        "limber_choose_curves",
        *map(pointer, (index.bone, index.property, index.channel, component)),
        *(count, pointer(mask), pointer(modes), bones, channels),
        *(pointer(classes), pointer(curves), ctypes.byref(curve_count)),
        *map(pointer, (bone, prop, chosen, custom)),
        ctypes.byref(custom_count),
    )
    for values in (curves, bone, prop, chosen):
        if values is not None:
            del values[curve_count.value :]
    del custom[custom_count.value :]
    return ChosenCurves(classes, curves, bone, prop, custom, chosen)


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
