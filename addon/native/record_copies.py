# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of the host's records with all that they lead to, as bytes that need no memory of its.

Nothing here knows what the host's records look like: offsets come from the caller. Addresses are
good only until the host does anything else; none is kept.
"""

from __future__ import annotations

import ctypes
import struct
from array import array
from collections.abc import Callable
from typing import NamedTuple

from . import LimberError, call
from .structs import View, pointer

_P = ctypes.c_void_p
_SIZE = ctypes.c_size_t

FUNCTIONS = {
    "limber_records_copy": [_P, ctypes.c_uint32, _P, _SIZE, _P, _SIZE, _P],
}

ABSENT = ctypes.c_size_t(-1).value
"""Offset of a field that a record does not have."""
TEXT = 0xFFFFFFFF
"""The kind of what ends with a zero."""

_LIMIT = 1 << 28
_BUFFER_TOO_SMALL, _BAD_VALUE = -6, -3
_HEAD = struct.Struct("<QII")


class Kind(NamedTuple):
    """Records of one size."""

    size: int
    tag: int = ABSENT
    """Offset of the two bytes that tell which links a record has."""


class Link(NamedTuple):
    """What records of a kind lead to."""

    start: int
    """The kind of the records that have the link."""
    end: int
    """The kind of those that they lead to, or TEXT."""
    address: int
    """Offset of the address; ABSENT: this sort of records leads nowhere."""
    count: int = ABSENT
    """Offset of their number; ABSENT: one."""
    value: int = 0
    mask: int = 0
    """The link counts where the tag has this value in these bits."""


_COLUMNS = {"start": "from", "end": "to"}
"""What the header calls them."""


class RecordKinds(View):
    """LimberRecordKinds."""

    _fields_ = [
        ("struct_size", _SIZE),
        ("kind_count", _SIZE),
        ("record_size", _P),
        ("tag", _P),
        ("link_count", _SIZE),
        *((name, _P) for name in ("from", "mask", "value", "address", "count", "to")),
    ]

    def __init__(self, kinds: list[Kind], links: list[Link]) -> None:
        self.kinds, self.links = tuple(kinds), tuple(links)
        columns = {
            _COLUMNS.get(name, name): array("Q", [getattr(link, name) for link in links])
            for name in Link._fields
        }
        super().__init__(
            kind_count=len(kinds),
            record_size=array("Q", [kind.size for kind in kinds]),
            tag=array("Q", [kind.tag for kind in kinds]),
            link_count=len(links),
            **columns,
        )


_room = (ctypes.c_char * (1 << 18))()
_written = array("Q", [0])


def copy(kinds: RecordKinds, kind: int, roots: array) -> bytes:
    """The records of a kind at the addresses, and all that they lead to, in blocks."""
    global _room
    before = (ctypes.addressof(kinds), kind, pointer(roots), len(roots))
    while True:
        size = len(_room)
        try:
            call("limber_records_copy", *before, _room, size, pointer(_written))
            return ctypes.string_at(_room, _written[0])
        except LimberError as error:
            if error.status != _BUFFER_TOO_SMALL or size >= _LIMIT:
                raise
        _room = (ctypes.c_char * (4 * size))()


def copy_carefully(
    kinds: RecordKinds, kind: int, roots: list[int], read: Callable[[int, int], bytes]
) -> bytes:
    """The same, slowly, by a function that reads so many bytes from an address, fewer where the
    memory ends before; raises LimberError there."""
    found = bytearray()
    places = [(root, kind, 1) for root in reversed(roots)]
    while places:
        address, kind, count = places.pop()
        if not address or not count:
            continue
        if len(found) > _LIMIT:
            raise LimberError(_BUFFER_TOO_SMALL, "the records have no end")
        if kind == TEXT:
            data = _text(address, read)
            count = len(data)
        else:
            size = kinds.kinds[kind].size
            data = _read(address, size * count, read)
            for at in range(0, len(data), size):
                places += _led_to(kinds, kind, data[at : at + size])
        found += _HEAD.pack(address, kind, count) + data + bytes(-len(data) % 8)
    return bytes(found)


def _read(address: int, size: int, read: Callable[[int, int], bytes]) -> bytes:
    data = read(address, size) if 0 < size < _LIMIT else b""
    if len(data) != size:
        raise LimberError(_BAD_VALUE, "a record lies where no memory is")
    return data


def _text(address: int, read: Callable[[int, int], bytes]) -> bytes:
    data = b""
    while b"\0" not in data:
        data += _read(address + len(data), 1, read)
    return data


def _led_to(kinds: RecordKinds, kind: int, record: bytes) -> list[tuple[int, int, int]]:
    """The places that a record leads to: address, kind and number."""
    try:
        return _places(kinds, kind, record)
    except struct.error as error:
        raise LimberError(_BAD_VALUE, f"a field ends beyond its record: {error}") from error


def _places(kinds: RecordKinds, kind: int, record: bytes) -> list[tuple[int, int, int]]:
    tagged = kinds.kinds[kind].tag != ABSENT
    tag = struct.unpack_from("<H", record, kinds.kinds[kind].tag)[0] if tagged else 0
    met, places = not tagged, []
    for link in kinds.links:
        if link.start != kind or (tagged and tag & link.mask != link.value):
            continue
        met |= link.mask != 0
        if link.address != ABSENT:
            (address,) = struct.unpack_from("<Q", record, link.address)
            several = link.count != ABSENT
            count = struct.unpack_from("<i", record, link.count)[0] if several else 1
            places.append((address, link.end, count))
    if not met:
        raise LimberError(_BAD_VALUE, "a record of a sort that is not known")
    return places


def blocks(kinds: RecordKinds, copied: bytes) -> dict[tuple[int, int], memoryview]:
    """The copies by kind and address."""
    found, at, view = {}, 0, memoryview(copied)
    while at < len(view):
        address, kind, count = _HEAD.unpack_from(view, at)
        start = at + _HEAD.size
        end = start + count * (1 if kind == TEXT else kinds.kinds[kind].size)
        found[kind, address] = view[start:end]
        at = end + -end % 8
    return found
