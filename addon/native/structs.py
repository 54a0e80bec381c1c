# SPDX-License-Identifier: GPL-3.0-or-later
"""The view structs of the C header, and how arrays become pointers.

Arrays are `array.array` of the right type code ('f', 'i', 'B', 'b', 'Q'); a pointer shares their
memory, so keep the array alive during the call. The pointers of a struct keep theirs alive.
"""

from __future__ import annotations

import ctypes
from array import array


def pointer(values: array | None) -> int | None:
    """Address of an array's first element; None for an absent array."""
    return None if values is None else values.buffer_info()[0]


class View(ctypes.Structure):
    """A struct of the header that begins with `struct_size`; fields are set by name."""

    def __init__(self, **values: object) -> None:
        super().__init__()
        self.struct_size = ctypes.sizeof(self)
        self._keep = []
        for name, value in values.items():
            if isinstance(value, array):
                self._keep.append(value)
                value = pointer(value)
            elif isinstance(value, View):
                self._keep.append(value)
                value = ctypes.addressof(value)
            setattr(self, name, value)


POSE_ARRAYS = {
    "location": ("f", 3),
    "rotation_quaternion": ("f", 4),
    "rotation_euler": ("f", 3),
    "rotation_axis_angle": ("f", 4),
    "scale": ("f", 3),
    "rotation_mode": ("i", 1),
    "bbone_curveinx": ("f", 1),
    "bbone_curveinz": ("f", 1),
    "bbone_curveoutx": ("f", 1),
    "bbone_curveoutz": ("f", 1),
    "bbone_rollin": ("f", 1),
    "bbone_rollout": ("f", 1),
    "bbone_easein": ("f", 1),
    "bbone_easeout": ("f", 1),
    "bbone_scalein": ("f", 3),
    "bbone_scaleout": ("f", 3),
}
"""Arrays of `LimberPose`: type code and elements a bone."""

LOCK_ARRAYS = {
    "lock_location": ("b", 3),
    "lock_rotation": ("b", 3),
    "lock_rotation_w": ("b", 1),
    "lock_rotations_4d": ("b", 1),
    "lock_scale": ("b", 3),
}
"""Arrays of `LimberLocks`."""


class Pose(View):
    """LimberPose."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        ("bone_count", ctypes.c_size_t),
        *((name, ctypes.c_void_p) for name in POSE_ARRAYS),
    ]


class Locks(View):
    """LimberLocks."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        *((name, ctypes.c_void_p) for name in LOCK_ARRAYS),
    ]
