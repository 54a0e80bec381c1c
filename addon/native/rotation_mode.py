# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotation modes, signs of quaternions, and pose matrices taken over into channels."""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .structs import Pose, pointer
from .transform import Rig

_P = ctypes.c_void_p

FUNCTIONS = {
    "limber_rotation_mode_set": [_P, _P, ctypes.c_int32, ctypes.c_uint8],
    "limber_quaternions_flip": [_P, _P, _P],
    "limber_visual_transform_apply": [_P, _P, _P, _P],
    "limber_visual_transforms_batch": [_P, _P, ctypes.c_size_t, _P, _P, ctypes.c_uint32],
}


def rotation_mode_set(pose: Pose, selected: array | None, mode: int, exact: bool) -> None:
    """Changes rotation modes in place, as Blender does or without changing an orientation."""
    call("limber_rotation_mode_set", ctypes.byref(pose), pointer(selected), mode, bool(exact))


def quaternions_flip(pose: Pose, selected: array | None) -> int:
    """Negates quaternions in place; gives back how many."""
    flipped = array("Q", [0])
    call("limber_quaternions_flip", ctypes.byref(pose), pointer(selected), pointer(flipped))
    return flipped[0]


def visual_transform_apply(
    rig: Rig, pose_matrices: array, pose: Pose, selected: array | None
) -> None:
    """Sets channels in place so that they give the pose matrices."""
    views = (ctypes.byref(rig), pointer(pose_matrices), ctypes.byref(pose))
    call("limber_visual_transform_apply", *views, pointer(selected))


def visual_transforms_batch(
    rig: Rig,
    pose_matrices: array,
    rotation_mode: array | None,
    pose: Pose,
    same_sign: bool = False,
) -> None:
    """The same for packed frames; the arrays of the pose hold all of them."""
    frames = len(pose_matrices) // (16 * rig.bone_count) if rig.bone_count else 0
    views = (ctypes.byref(rig), pointer(pose_matrices), frames)
    modes = (pointer(rotation_mode), ctypes.byref(pose), int(same_sign))
    call("limber_visual_transforms_batch", *views, *modes)
