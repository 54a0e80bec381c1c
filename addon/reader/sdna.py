# SPDX-License-Identifier: GPL-3.0-or-later
"""SDNA: what every .blend file says of the structs of the program that wrote it.

A block of four parts, each beginning at a multiple of four bytes: NAME, the fields' names with
their stars and array sizes; TYPE, the types' names; TLEN, their sizes; STRC, the fields of each
struct by numbers of the parts before. The block is found by its two first tags, since file and
block headers differ between versions.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection
from dataclasses import dataclass

POINTER_SIZE = 8
_SIZES = re.compile(r"\[(\d+)\]")
_NAME = re.compile(r"\(?\**(\w+)")


class SdnaError(ValueError):
    """The bytes hold no SDNA that could be read."""


@dataclass(frozen=True)
class Field:
    """One field of a struct."""

    type: str
    declaration: str
    """The name with its stars and array sizes."""
    offset: int
    size: int


@dataclass(frozen=True)
class Struct:
    """The fields of a struct by name, without stars and array sizes."""

    name: str
    size: int
    fields: dict[str, Field]


class _Block:
    """Reads the parts of the block one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.start = data.find(b"SDNANAME")
        if self.start < 0:
            raise SdnaError("no SDNA")
        self.at = self.start + 4

    def tag(self, name: bytes) -> None:
        self.at += -(self.at - self.start) % 4
        if self.data[self.at : self.at + 4] != name:
            raise SdnaError(f"no part {name.decode()}")
        self.at += 4

    def number(self) -> int:
        (value,) = struct.unpack_from("<i", self.data, self.at)
        self.at += 4
        if not 0 <= value < len(self.data):
            raise SdnaError(f"a count of {value}")
        return value

    def texts(self) -> list[str]:
        count = self.number()
        end = self.at
        for _ in range(count):
            end = self.data.index(b"\0", end) + 1
        texts = self.data[self.at : end].split(b"\0")[:count]
        self.at = end
        return [text.decode("ascii") for text in texts]

    def shorts(self, count: int) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{count}H", self.data, self.at)
        self.at += 2 * count
        return values


def _size(declaration: str, size: int) -> int:
    if declaration.startswith(("*", "(*")):
        size = POINTER_SIZE
    for count in _SIZES.findall(declaration):
        size *= int(count)
    return size


def read(data: bytes, wanted: Collection[str]) -> dict[str, Struct]:
    """The wanted structs by their names in lower case; capitals do not count.

    Raises SdnaError if the block is damaged, a name stands for two structs, or the fields of a
    struct do not fill it.
    """
    try:
        return _read(_Block(data), {name.lower() for name in wanted})
    except (struct.error, ValueError, IndexError) as error:
        raise SdnaError(str(error)) from error


def _read(block: _Block, wanted: set[str]) -> dict[str, Struct]:
    block.tag(b"NAME")
    names = block.texts()
    block.tag(b"TYPE")
    types = block.texts()
    block.tag(b"TLEN")
    sizes = block.shorts(len(types))
    block.tag(b"STRC")
    found: dict[str, Struct] = {}
    for _ in range(block.number()):
        kind, count = block.shorts(2)
        if types[kind].lower() not in wanted:
            block.at += 4 * count
            continue
        numbers = block.shorts(2 * count)
        pairs = [(types[t], names[n], sizes[t]) for t, n in zip(*[iter(numbers)] * 2, strict=True)]
        name = types[kind].lower()
        if name in found:
            raise SdnaError(f"two structs {name}")
        found[name] = _struct(types[kind], sizes[kind], pairs)
    return found


def _struct(name: str, size: int, pairs: list[tuple[str, str, int]]) -> Struct:
    fields, offset = {}, 0
    for kind, declaration, type_size in pairs:
        plain = _NAME.match(declaration)
        if plain is None:
            raise SdnaError(f"{name} has a field {declaration!r}")
        field = Field(kind, declaration, offset, _size(declaration, type_size))
        if plain[1] in fields:
            raise SdnaError(f"{name} has two fields {plain[1]}")
        fields[plain[1]] = field
        offset += field.size
    if offset != size:
        raise SdnaError(f"the fields of {name} have {offset} bytes, the struct {size}")
    return Struct(name, size, fields)
