# SPDX-License-Identifier: GPL-3.0-or-later
"""Bone names: the other side's name, side tags, unique names.

Names cross the boundary as one text, each name ended by a NUL. Bytes that are no UTF-8 pass
through by way of Python's surrogate escapes.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence

from . import call
from .structs import pointer

_TEXT = [ctypes.c_void_p, ctypes.c_size_t]
_STEPS = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p] * 2

_P, _SIZE = ctypes.c_void_p, ctypes.c_size_t

FUNCTIONS = {
    "limber_flip_side": [*_TEXT, _SIZE, ctypes.c_uint8, _P, _SIZE, _P],
    "limber_mirror_bones": [*_TEXT, _SIZE, _P],
    "limber_flip_names": [*_TEXT, _SIZE, _P, ctypes.c_uint8, *_STEPS],
    "limber_autoside_names": [*_TEXT, _SIZE, _P, ctypes.c_uint32, _P, _P, *_STEPS],
    "limber_rename_bones": [*_TEXT, _SIZE, _P, *_TEXT, _SIZE, *_STEPS],
}


class Packed:
    """Names that are one text already, each ended by a NUL."""

    def __init__(self, text: bytes, count: int) -> None:
        self.text = text
        self._count = count

    def __len__(self) -> int:
        return self._count


def pack(names: Sequence[str] | Packed) -> bytes:
    """The names as one text, each ended by a NUL."""
    if isinstance(names, Packed):
        return names.text
    if not names:
        return b""
    return ("\0".join(names) + "\0").encode("utf-8", "surrogateescape")


def unpack(text: bytes) -> list[str]:
    """The names of such a text."""
    return text.decode("utf-8", "surrogateescape").split("\0")[:-1]


def flip_side(names: Sequence[str], strip_numbers: bool = False) -> list[str]:
    """Each name's name on the other side; itself where it has no side."""
    text = pack(names)
    # "left" to "right" adds a byte.
    out = ctypes.create_string_buffer(len(text) + len(names))
    size = ctypes.c_size_t()
    call(
        "limber_flip_side",
        text,
        len(text),
        len(names),
        bool(strip_numbers),
        out if names else None,
        len(out) if names else 0,
        ctypes.byref(size),
    )
    return unpack(out.raw[: size.value])


def mirror_bones(names: Sequence[str] | Packed) -> array:
    """For each bone the index of the bone on the other side, or -1."""
    text = pack(names)
    mirror = array("i", [-1]) * len(names)
    call("limber_mirror_bones", text, len(text), len(names), pointer(mirror))
    return mirror


def _steps(name: str, most: int, *arguments: object) -> list[tuple[int, str]]:
    bones = array("i", [0]) * max(most, 1)
    text = ctypes.create_string_buffer(64 * max(most, 1))
    count, size = ctypes.c_size_t(), ctypes.c_size_t()
    call(
        name,
        *arguments,
        pointer(bones),
        len(bones),
        ctypes.byref(count),
        text,
        len(text),
        ctypes.byref(size),
    )
    return list(zip(bones[: count.value], unpack(text.raw[: size.value]), strict=True))


def flip_names(names: Sequence[str], selected: array, strip_numbers: bool) -> list[tuple[int, str]]:
    """The renames (bone, new name) of Flip Names, to be done in order."""
    text = pack(names)
    arguments = (text, len(text), len(names), pointer(selected), bool(strip_numbers))
    return _steps("limber_flip_names", 2 * len(names), *arguments)


def autoside_names(
    names: Sequence[str], selected: array, axis: int, head: array, tail: array
) -> list[tuple[int, str]]:
    """The renames of Auto-Name; head and tail hold each bone's component along the axis."""
    text = pack(names)
    arguments = (text, len(text), len(names), pointer(selected), axis, pointer(head), pointer(tail))
    return _steps("limber_autoside_names", len(names), *arguments)


def rename_bones(
    names: Sequence[str], bones: Sequence[int], wishes: Sequence[str]
) -> list[tuple[int, str]]:
    """The renames that give bones the wanted names, each kept unique."""
    text, wanted = pack(names), pack(wishes)
    chosen = array("i", bones)
    arguments = (text, len(text), len(names), pointer(chosen), wanted, len(wanted), len(wishes))
    return _steps("limber_rename_bones", len(wishes), *arguments)
