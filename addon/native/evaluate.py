# SPDX-License-Identifier: GPL-3.0-or-later
"""Final pose matrices of many frames, constraints included.

Arrays are `array.array`: 'f' for floats, 'i' for numbers, 'I' for flags.
"""

from __future__ import annotations

import ctypes
from array import array
from dataclasses import dataclass

from . import call
from .structs import Pose, View, pointer
from .transform import Rig

_P = ctypes.c_void_p
_N = ctypes.c_size_t

FUNCTIONS = {
    "limber_evaluate_poses": [_P, _P, _P, _N, ctypes.c_uint32, _P, _P, _P, _P],
}

CONSTRAINT_ARRAYS = {
    "bone": ("i", 1),
    "constraint_type": ("i", 1),
    "owner_space": ("i", 1),
    "target_space": ("i", 1),
    "flag": ("I", 1),
    "option": ("i", 8),
    "value": ("f", 16),
    "influence": ("f", 1),
    "space_bone": ("i", 1),
    "space_matrix": ("f", 16),
}
"""Arrays of `LimberPoseConstraints`: type code and elements a constraint."""

TARGET_ARRAYS = {
    "target_first": ("i", 1),
    "target_bone": ("i", 1),
    "target_head_tail": ("f", 1),
    "target_matrix": ("f", 16),
    "target_weight": ("f", 1),
    "object_matrix": ("f", 16),
}
"""The others: type code and elements a target."""

EVALUABLE, UNSUPPORTED, CYCLE, DEPENDS = range(4)
"""What `Poses.state` says of a bone."""


IK_BONE_ARRAYS = {
    "lock": ("B", 3),
    "use_limit": ("B", 3),
    "min": ("f", 3),
    "max": ("f", 3),
    "stiffness": ("f", 3),
    "stretch": ("f", 1),
}
"""Arrays of `LimberIkBones`: type code and elements a bone."""


class IkBones(View):
    """LimberIkBones."""

    _fields_ = [
        ("struct_size", _N),
        ("bone_count", _N),
        *((name, _P) for name in IK_BONE_ARRAYS),
    ]


SPLINE_ARRAYS = {
    "point_first": ("i", 1),
    "spline_type": ("i", 1),
    "spline_flag": ("I", 1),
    "resolution": ("i", 1),
    "order": ("i", 1),
    "twist_mode": ("i", 1),
    "tilt_interpolation": ("i", 1),
    "radius_interpolation": ("i", 1),
}
"""Arrays of `LimberSplines` with an element a spline, but for `point_first`."""

SPLINE_POINT_ARRAYS = {
    "co": ("f", 3),
    "handle_left": ("f", 3),
    "handle_right": ("f", 3),
    "weight": ("f", 1),
    "tilt": ("f", 1),
    "radius": ("f", 1),
}
"""Arrays of `LimberSplines`: type code and elements a point."""


class Splines(View):
    """LimberSplines."""

    _fields_ = [
        ("struct_size", _N),
        ("spline_count", _N),
        ("point_count", _N),
        *((name, _P) for name in SPLINE_ARRAYS),
        *((name, _P) for name in SPLINE_POINT_ARRAYS),
        ("curve_count", _N),
        ("curve_first", _P),
    ]


class PoseConstraints(View):
    """LimberPoseConstraints."""

    _fields_ = [
        ("struct_size", _N),
        ("constraint_count", _N),
        ("target_count", _N),
        *((name, _P) for name in CONSTRAINT_ARRAYS),
        *((name, _P) for name in TARGET_ARRAYS),
        ("mute", _P),
        ("ik", _P),
        ("actions", _P),
        ("splines", _P),
    ]


@dataclass
class Poses:
    """Evaluated frames, one after the other; zeroes for bones that were not evaluated."""

    matrices: array
    head: array
    tail: array
    state: array


def evaluate_poses(
    rig: Rig, pose: Pose, constraints: PoseConstraints | None, frame_count: int = 1, flags: int = 0
) -> Poses:
    """Final pose matrices, heads and tails of packed frames; the rig must have its lengths."""
    count = rig.bone_count * frame_count
    poses = Poses(
        matrices=array("f", bytes(64 * count)),
        head=array("f", bytes(12 * count)),
        tail=array("f", bytes(12 * count)),
        state=array("i", bytes(4 * rig.bone_count)),
    )
    call(
        "limber_evaluate_poses",
        ctypes.byref(rig),
        ctypes.byref(pose),
        None if constraints is None else ctypes.byref(constraints),
        frame_count,
        flags,
        pointer(poses.matrices),
        pointer(poses.head),
        pointer(poses.tail),
        pointer(poses.state),
    )
    return poses
