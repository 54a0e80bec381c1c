"""Damaged layouts: whatever is wrong with Blender's description of its structs is noticed."""

from __future__ import annotations

import dataclasses
import importlib
import struct

import pytest
import session


def module(name: str):
    session.install()
    return importlib.import_module(f"{session.MODULE}.{name}")


layout, probe, scratch, sdna = (
    module(f"reader.{name}") for name in ("layout", "probe", "scratch", "sdna")
)
GOOD = scratch.blend_file()
FIELDS = [(name, field) for name, wanted in layout.STRUCTS.items() for field in wanted]


def prove(offsets) -> None:
    with scratch.curves() as curves:
        probe.prove(offsets, curves)


class Block:
    """The parts of an SDNA block, to be changed and written again."""

    def __init__(self, data: bytes) -> None:
        block = sdna._Block(data)
        block.tag(b"NAME")
        self.names = block.texts()
        block.tag(b"TYPE")
        self.types = block.texts()
        block.tag(b"TLEN")
        self.sizes = list(block.shorts(len(self.types)))
        block.tag(b"STRC")
        self.structs = []
        for _ in range(block.number()):
            kind, count = block.shorts(2)
            numbers = block.shorts(2 * count)
            self.structs.append([kind, [list(p) for p in zip(*[iter(numbers)] * 2, strict=True)]])

    def fields(self, name: str) -> list:
        return next(f for kind, f in self.structs if self.types[kind] == name)

    def place(self, name: str, field: str) -> int:
        plain = [self.names[n].lstrip("*(").split("[")[0].rstrip(")") for _, n in self.fields(name)]
        return plain.index(field)

    def number(self, texts: list[str], text: str) -> int:
        if text not in texts:
            texts.append(text)
            if texts is self.types:
                self.sizes.append(0)
        return texts.index(text)

    def size(self, kind: int, name: int) -> int:
        return sdna._size(self.names[name], self.sizes[kind])

    def bytes(self) -> bytes:
        def part(tag: bytes, body: bytes) -> bytes:
            return tag + body + bytes(-len(body) % 4)

        def texts(list_: list[str]) -> bytes:
            return struct.pack("<i", len(list_)) + b"".join(t.encode() + b"\0" for t in list_)

        structs = struct.pack("<i", len(self.structs))
        for kind, fields in self.structs:
            structs += struct.pack("<HH", kind, len(fields))
            structs += b"".join(struct.pack("<HH", *pair) for pair in fields)
        return b"".join(
            (
                *(b"BLENDER", b"SDNA", part(b"NAME", texts(self.names))),
                part(b"TYPE", texts(self.types)),
                part(b"TLEN", struct.pack(f"<{len(self.sizes)}H", *self.sizes)),
                part(b"STRC", structs),
            )
        )


def refused(block: Block) -> str:
    with pytest.raises(layout.LayoutError) as error:
        prove(layout.find(block.bytes()))
    return str(error.value)


def test_the_layout_of_this_blender_is_proven():
    assert layout.find(Block(GOOD).bytes()) == layout.find(GOOD)
    prove(layout.find(GOOD))


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_that_is_missing(name, field):
    block = Block(GOOD)
    del block.fields(name)[block.place(name, field)]
    assert "bytes" in refused(block)
    # With padding in its place the struct is whole.
    block = Block(GOOD)
    place = block.place(name, field)
    kind, old = block.fields(name)[place]
    padding = block.number(block.names, f"_pad_test[{block.size(kind, old)}]")
    block.fields(name)[place] = [block.number(block.types, "char"), padding]
    assert f"no field {field}" in refused(block)


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_of_another_type(name, field):
    block = Block(GOOD)
    pair = block.fields(name)[block.place(name, field)]
    size = block.size(*pair)
    pair[0] = block.number(block.types, "short" if block.types[pair[0]] != "short" else "ushort")
    pair[1] = block.number(block.names, f"{field}[{size // 2}]" if size > 1 else f"*{field}")
    refused(block)


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_elsewhere(name, field):
    """In turn it changes places with every other field of the struct."""
    good = Block(GOOD)
    place = good.place(name, field)
    if len(good.fields(name)) == 1:
        pytest.fail("a struct of one field has no other place")
    for other in range(len(good.fields(name))):
        if other == place:
            continue
        block = Block(GOOD)
        fields = block.fields(name)
        fields[place], fields[other] = fields[other], fields[place]
        if layout.find(block.bytes()).offset == layout.find(GOOD).offset:
            continue
        refused(block)


@pytest.mark.parametrize("shift", (-16, -8, -4, -2, -1, 1, 2, 3, 4, 6, 8, 12, 16, 64, 4000))
def test_an_offset_that_is_wrong(shift):
    good = layout.find(GOOD)
    for name, field in FIELDS:
        offsets = {n: dict(fields) for n, fields in good.offset.items()}
        offsets[name][field] += shift
        with pytest.raises(layout.LayoutError):
            prove(dataclasses.replace(good, offset=offsets))


@pytest.mark.parametrize("name", ("ActionChannelBag", "FCurve", "BezTriple", "ListBase"))
def test_a_struct_of_another_size_or_name(name):
    block = Block(GOOD)
    block.sizes[block.types.index(name)] += 8
    assert "bytes" in refused(block)
    block = Block(GOOD)
    block.types[block.types.index(name)] = "Renamed"
    assert "no struct" in refused(block) or "Renamed" in refused(block)


def test_capitals_of_a_struct_do_not_count():
    block = Block(GOOD)
    block.types[block.types.index("ActionChannelBag")] = "actionchannelBAG"
    assert layout.find(block.bytes()) == layout.find(GOOD)


def test_keys_of_another_size():
    """The distance of two keys tells what the description does not."""
    good = layout.find(GOOD)
    for size in (good.size["BezTriple"] - 4, good.size["BezTriple"] + 8):
        with pytest.raises(layout.LayoutError):
            prove(dataclasses.replace(good, size={**good.size, "BezTriple": size}))


@pytest.mark.parametrize("cut", (0, 4, 8, 12, 100, 5000, 20_000, 60_000))
def test_a_block_that_is_cut_short(cut):
    start = GOOD.find(b"SDNANAME")
    with pytest.raises(layout.LayoutError):
        layout.find(GOOD[: start + cut])


def test_counts_and_tags_that_make_no_sense():
    start = GOOD.find(b"SDNANAME")
    for offset in (4, 8, 9, 10, 11):
        for byte in (0x00, 0x7F, 0xFF):
            if GOOD[start + offset] == byte:
                continue
            data = bytearray(GOOD)
            data[start + offset] = byte
            with pytest.raises(layout.LayoutError):
                layout.find(bytes(data))
    with pytest.raises(layout.LayoutError):
        layout.find(b"")


def test_memory_that_is_not_there():
    memory = module("native.memory")
    assert memory.copy(0, 8) == b"" and memory.copy(16, 8) == b"" and memory.copy(2**62, 8) == b""
    with scratch.curves() as curves:
        assert len(memory.copy(curves.bag.as_pointer(), 10_000)) > 0
