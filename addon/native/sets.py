# SPDX-License-Identifier: GPL-3.0-or-later
"""Bone selection sets: names of bones, and bit masks of the bones that they mean."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from itertools import compress

from . import call
from .names import pack, unpack
from .select import Bones
from .structs import pointer

_P, _SIZE = ctypes.c_void_p, ctypes.c_size_t
_TABLE = [_P, _SIZE, _SIZE]

FUNCTIONS = {
    "limber_set_members": [*_TABLE, *_TABLE, _P],
    "limber_set_missing": [*_TABLE, *_TABLE, _P],
    "limber_set_kept": [*_TABLE, *_TABLE, _P],
    "limber_set_unique_name": [*_TABLE, _P, _SIZE, _P, _SIZE, _P],
    "limber_set_select": [_P, _P, ctypes.c_uint8],
}


def _table(names: Sequence[str]) -> tuple:
    text = pack(names)
    return text, len(text), len(names)


def members(bones: bytes, count: int, chosen: Sequence[str]) -> array:
    """The bit mask of the bones that a set names; `bones` are the names of `count`, packed."""
    bits = array("Q", [0]) * ((count + 63) // 64)
    call("limber_set_members", bones, len(bones), count, *_table(chosen), pointer(bits))
    return bits


def missing(held: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """The chosen names that a set does not hold, each once."""
    mask = bytearray(len(chosen))
    buffer = (ctypes.c_uint8 * len(chosen)).from_buffer(mask)
    call("limber_set_missing", *_table(held), *_table(chosen), ctypes.addressof(buffer))
    return list(compress(chosen, mask))


def kept(held: Sequence[str], chosen: Sequence[str]) -> bytearray:
    """A byte for each name of a set: it stays when the chosen ones are taken out."""
    mask = bytearray(len(held))
    buffer = (ctypes.c_uint8 * len(held)).from_buffer(mask)
    call("limber_set_kept", *_table(held), *_table(chosen), ctypes.addressof(buffer))
    return mask


def unique_name(sets: Sequence[str], wanted: str) -> str:
    """The wanted name, numbered if a set has it."""
    text = pack([wanted])
    out = ctypes.create_string_buffer(len(text) + 24)
    size = ctypes.c_size_t()
    call(
        "limber_set_unique_name",
        *_table(sets),
        text,
        len(text),
        out,
        len(out),
        ctypes.byref(size),
    )
    return unpack(out.raw[: size.value])[0]


def select(bones: Bones, bits: array, deselect: bool) -> None:
    """Selects or deselects the visible bones of a bit mask."""
    call("limber_set_select", ctypes.addressof(bones), pointer(bits), deselect)
