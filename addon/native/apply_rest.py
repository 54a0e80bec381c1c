# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a pose the rest pose."""

from __future__ import annotations

import ctypes
from array import array
from dataclasses import dataclass

from . import call
from .structs import Pose, pointer
from .transform import Rig

_P = ctypes.c_void_p

FUNCTIONS = {"limber_armature_apply": [_P] * 10}

APPLIED, CARRIED = 1, 2


@dataclass
class EditBones:
    """Rest bones, changed in place: heads and tails (three a bone), rolls, bendy-bone values."""

    head: array
    tail: array
    roll: array
    bbone: dict[str, array]
    segments: array
    change: array
    """Receives APPLIED, CARRIED or 0 of each bone ('B')."""


def armature_apply(
    rig: Rig, pose_matrices: array, pose: Pose, selected: array | None, edit: EditBones
) -> None:
    """Applies the pose of all or of the selected bones."""
    rest = Pose(bone_count=rig.bone_count, **edit.bbone)
    call(
        "limber_armature_apply",
        ctypes.byref(rig),
        pointer(pose_matrices),
        ctypes.byref(pose),
        pointer(selected),
        pointer(edit.head),
        pointer(edit.tail),
        pointer(edit.roll),
        ctypes.byref(rest),
        pointer(edit.segments),
        pointer(edit.change),
    )
