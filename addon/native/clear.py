# SPDX-License-Identifier: GPL-3.0-or-later
"""The C functions that clear location, rotation and scale."""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .structs import Locks, Pose, pointer

_ARGUMENTS = [ctypes.c_void_p] * 4

FUNCTIONS = {
    "limber_loc_clear": _ARGUMENTS,
    "limber_rot_clear": _ARGUMENTS,
    "limber_scale_clear": _ARGUMENTS,
    "limber_transforms_clear": _ARGUMENTS,
}


def clear(
    name: str, pose: Pose, locks: Locks, selected: array | None, mirror: array | None
) -> None:
    """Clears in place; `name` is that of Blender's operator, such as "loc_clear"."""
    call(
        f"limber_{name}",
        ctypes.byref(pose),
        ctypes.byref(locks),
        pointer(selected),
        pointer(mirror),
    )
