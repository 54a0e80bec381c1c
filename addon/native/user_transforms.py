# SPDX-License-Identifier: GPL-3.0-or-later
"""Back to the keyframed state."""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .structs import Pose, pointer

_P = ctypes.c_void_p

FUNCTIONS = {
    "limber_transforms_reset": [_P, _P],
    "limber_user_transforms_clear": [_P, _P, ctypes.c_size_t, _P, _P, _P, _P],
}


def transforms_reset(pose: Pose, selected: array | None) -> None:
    """Sets all channels to rest in place."""
    call("limber_transforms_reset", ctypes.byref(pose), pointer(selected))


def user_transforms_clear(
    pose: Pose,
    selected: array | None,
    bone: array,
    property: array,
    component: array,
    value: array,
) -> None:
    """Sets channels to the values of their curves in place."""
    columns = map(pointer, (bone, property, component, value))
    call(
        "limber_user_transforms_clear",
        ctypes.byref(pose),
        pointer(selected),
        len(value),
        *columns,
    )
