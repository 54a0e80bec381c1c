# SPDX-License-Identifier: GPL-3.0-or-later
"""Copying, pasting and mirroring poses."""

from __future__ import annotations

import ctypes
from array import array
from typing import NamedTuple

from . import call
from .structs import POSE_ARRAYS, Pose, pointer

_P = ctypes.c_void_p
_N = ctypes.c_size_t

FLIPPED, EXACT = 1, 2

FUNCTIONS = {
    "limber_pose_copy": [_P, _P, _N, _P, _P, _P, _P, _N, _P],
    "limber_pose_paste": [_P, _P, _N, _P, _P, _N, _P, ctypes.c_uint32, _P, _P, _P],
    "limber_pose_mirror": [_P, _P],
}


class Pasted(NamedTuple):
    """What a paste did."""

    came_from: array
    """For each bone of the target the bone of the source, or -1."""
    pasted: int
    skipped: int


def pose_copy(
    arrays: dict[str, array], names: bytes, selected: array
) -> tuple[dict[str, array], bytes]:
    """The arrays of the selected bones, and their names, each with a NUL behind it."""
    count = len(selected) - selected.tobytes().count(0)
    copied = {
        name: array(POSE_ARRAYS[name][0], bytes(4 * POSE_ARRAYS[name][1] * count))
        for name in arrays
    }
    pose = Pose(bone_count=len(selected), **arrays)
    out = ctypes.create_string_buffer(max(1, len(names)))
    size = array("Q", [0])
    call(
        "limber_pose_copy",
        ctypes.byref(pose),
        names,
        len(names),
        pointer(selected),
        ctypes.byref(Pose(bone_count=count, **copied)),
        None,
        out,
        len(names),
        pointer(size),
    )
    return copied, out.raw[: size[0]]


def pose_paste(
    source: Pose,
    source_names: bytes,
    target: Pose,
    target_names: bytes,
    selected: array | None,
    flags: int,
) -> Pasted:
    """Pastes in place; `flags` is an OR of FLIPPED and EXACT, names have a NUL behind each."""
    texts = source_names, target_names
    came_from = array("i", [-1]) * target.bone_count
    counts = array("Q", [0]), array("Q", [0])
    call(
        "limber_pose_paste",
        ctypes.byref(source),
        texts[0],
        len(texts[0]),
        ctypes.byref(target),
        texts[1],
        len(texts[1]),
        pointer(selected),
        flags,
        pointer(came_from),
        pointer(counts[0]),
        pointer(counts[1]),
    )
    return Pasted(came_from, counts[0][0], counts[1][0])


def pose_mirror(pose: Pose, selected: array | None) -> None:
    """Mirrors channels in place."""
    call("limber_pose_mirror", ctypes.byref(pose), pointer(selected))
