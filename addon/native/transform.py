# SPDX-License-Identifier: GPL-3.0-or-later
"""Rest matrices, pose matrices and the way back, rotation modes.

Arrays are `array.array`: 'f' for floats, 'i' for parents, modes and inherit_scale, 'b' or 'B' for
flags. Matrices are 16 floats a bone, column-major, as Blender's foreach_get gives them.
"""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .structs import Pose, View, pointer

_P = ctypes.c_void_p
_N = ctypes.c_size_t

FUNCTIONS = {
    "limber_rest_matrices": [_P, _P, _P, _N, _P, _P],
    "limber_rest_roll": [_P, _P, _N, _P],
    "limber_rest_offsets": [_P, _P],
    "limber_pose_matrices": [_P, _P, _P, _P, _P],
    "limber_pose_matrices_batch": [_P, _P, _N, _N, _P, _N],
    "limber_local_matrices": [_P, _P, _N, _P],
    "limber_channel_matrices": [_P, _N, _P, _N, _P],
    "limber_rotation_convert": [_P, _P, _P, ctypes.c_uint8],
    "limber_basis_matrices": [_P, _P, _P],
    "limber_decompose": [_P, _P, _P, ctypes.c_uint8],
}

RIG_ARRAYS = {
    "parent": ("i", 1),
    "rest": ("f", 16),
    "offset": ("f", 16),
    "length": ("f", 1),
    "inherit_scale": ("i", 1),
    "use_connect": ("b", 1),
    "use_inherit_rotation": ("b", 1),
    "use_local_location": ("b", 1),
}
"""Arrays of `LimberRig`: type code and elements a bone."""


class Rig(View):
    """LimberRig."""

    _fields_ = [
        ("struct_size", _N),
        ("bone_count", _N),
        *((name, _P) for name in RIG_ARRAYS),
    ]


def _floats(count: int) -> array:
    return array("f", bytes(4 * count))


def rest_matrices(head: array, tail: array, roll: array | None) -> tuple[array, array]:
    """Rest matrices and lengths of bones with these heads and tails (three a bone)."""
    count = len(head) // 3
    rest, length = _floats(16 * count), _floats(count)
    arrays = (pointer(head), pointer(tail), pointer(roll))
    call("limber_rest_matrices", *arrays, count, pointer(rest), pointer(length))
    return rest, length


def rest_roll(matrices: array, direction: array | None = None) -> array:
    """The rolls that give bones these orientations; directions default to the Y axes."""
    count = len(matrices) // 16
    roll = _floats(count)
    call("limber_rest_roll", pointer(matrices), pointer(direction), count, pointer(roll))
    return roll


def rest_offsets(rig: Rig) -> array:
    """The `offset` of a rig."""
    offset = _floats(16 * rig.bone_count)
    call("limber_rest_offsets", ctypes.byref(rig), pointer(offset))
    return offset


def pose_matrices(rig: Rig, pose: Pose) -> array:
    """Pose matrices, armature space."""
    out = _floats(16 * rig.bone_count)
    call("limber_pose_matrices", ctypes.byref(rig), ctypes.byref(pose), pointer(out), None, None)
    return out


def pose_matrices_and_ends(rig: Rig, pose: Pose) -> tuple[array, array, array]:
    """Pose matrices, heads and tails, armature space; the rig must have its lengths."""
    count = rig.bone_count
    out, head, tail = _floats(16 * count), _floats(3 * count), _floats(3 * count)
    arrays = (pointer(out), pointer(head), pointer(tail))
    call("limber_pose_matrices", ctypes.byref(rig), ctypes.byref(pose), *arrays)
    return out, head, tail


def pose_matrices_batch(rig: Rig, pose: Pose, frame_count: int) -> array:
    """Pose matrices of packed frames, one frame after the other."""
    out = _floats(16 * rig.bone_count * frame_count)
    views = (ctypes.byref(rig), ctypes.byref(pose))
    call("limber_pose_matrices_batch", *views, frame_count, 0, pointer(out), 0)
    return out


def local_matrices(rig: Rig, matrices: array) -> array:
    """Channel matrices that give these pose matrices (of one or more packed frames)."""
    out = _floats(len(matrices))
    frames = len(matrices) // (16 * rig.bone_count) if rig.bone_count else 0
    call("limber_local_matrices", ctypes.byref(rig), pointer(matrices), frames, pointer(out))
    return out


def channel_matrices(rest: array, matrices: array) -> array:
    """How bones have moved from rest, armature space."""
    out = _floats(len(matrices))
    frames = len(matrices) // len(rest) if rest else 0
    arrays = (pointer(rest), len(rest) // 16, pointer(matrices))
    call("limber_channel_matrices", *arrays, frames, pointer(out))
    return out


def rotation_convert(
    pose: Pose, mode: array, selected: array | None = None, compatible: bool = False
) -> None:
    """Changes rotation modes in place and keeps the orientations."""
    flags = (pointer(selected), bool(compatible))
    call("limber_rotation_convert", ctypes.byref(pose), pointer(mode), *flags)


def basis_matrices(pose: Pose, use_connect: array | None = None) -> array:
    """Channel matrices."""
    out = _floats(16 * pose.bone_count)
    call("limber_basis_matrices", ctypes.byref(pose), pointer(use_connect), pointer(out))
    return out


def decompose(
    basis: array, pose: Pose, selected: array | None = None, compatible: bool = False
) -> None:
    """Channel matrices to channels, in place."""
    flags = (pointer(selected), bool(compatible))
    call("limber_decompose", pointer(basis), ctypes.byref(pose), *flags)
