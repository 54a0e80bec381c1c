# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the parts of Blender's custom properties lie, by its own SDNA, and what they mean.

Each property is a record in a list. What its value and its settings are depends on its sort, a
number of two bytes; which number stands for which sort is learned from properties made for it.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

from ..native import memory
from ..native.record_copies import ABSENT, TEXT, Kind, Link, RecordKinds
from .layout import LayoutError, find_field, read_structs

_STRUCTS = {
    "IDProperty": {
        "next": "IDProperty *next",
        "type": "char type",
        "subtype": "char subtype",
        "name": "char name[64]",
        "data": "IDPropertyData data",
        "len": "int len",
        "ui_data": "IDPropertyUIData *ui_data",
    },
    "IDPropertyData": {
        "pointer": "void *pointer",
        "group": "ListBase group",
        "val": "int val",
        "val2": "int val2",
    },
    "ListBase": {"first": "void *first"},
    "IDPropertyUIData": {"description": "char *description", "rna_subtype": "int rna_subtype"},
    "IDPropertyUIDataInt": {
        "base": "IDPropertyUIData base",
        "default_array": "int *default_array",
        "default_array_len": "int default_array_len",
        **{
            name: f"int {name}"
            for name in ("min", "max", "soft_min", "soft_max", "step", "default_value")
        },
        "enum_items_num": "int enum_items_num",
        "enum_items": "IDPropertyUIDataEnumItem *enum_items",
    },
    "IDPropertyUIDataFloat": {
        "base": "IDPropertyUIData base",
        "default_array": "double *default_array",
        "default_array_len": "int default_array_len",
        "step": "float step",
        "precision": "int precision",
        **{
            name: f"double {name}"
            for name in ("min", "max", "soft_min", "soft_max", "default_value")
        },
    },
    "IDPropertyUIDataBool": {
        "base": "IDPropertyUIData base",
        "default_array": "int8_t *default_array",
        "default_array_len": "int default_array_len",
        "default_value": "int8_t default_value",
    },
    "IDPropertyUIDataString": {
        "base": "IDPropertyUIData base",
        "default_value": "char *default_value",
    },
    "IDPropertyUIDataEnumItem": {
        "identifier": "char *identifier",
        "name": "char *name",
        "description": "char *description",
        "value": "int value",
        "icon": "int icon",
    },
}
"""The fields that are read, and what each has to be."""

SETTINGS = {
    "int": "IDPropertyUIDataInt",
    "float": "IDPropertyUIDataFloat",
    "bool": "IDPropertyUIDataBool",
    "str": "IDPropertyUIDataString",
}
"""The struct of the settings of each kind of value."""

PROPERTY, ELEMENT, BYTE, WORD, LONG, ITEM = range(6)
"""Kinds of records: a property of a list, one of a row or alone, numbers of 1, 4 and 8 bytes, an
item of an enum; those of the settings follow."""
SETTINGS_KINDS = {kind: ITEM + 1 + i for i, kind in enumerate(SETTINGS)}

SAMPLES = {
    "int": 3,
    "double": 0.1,
    "bool": True,
    "str": "t\u00e4xt",
    "bytes": b"a\0b",
    "int array": [1, -2],
    "float array": array("f", (0.5, 0.1)),
    "double array": [0.1, 2.5, 3.5],
    "bool array": [True, False],
    "group": {"inner": 1, "deeper": {"text": ""}},
    "list": [{"a": 1.5}, {"b": [1, 2]}],
}
"""A value of each sort of properties; only those of registered properties are floats of 4 bytes,
and of those there are arrays."""
ID = "ID"
"""The sort of properties that are data blocks."""


@dataclass(frozen=True)
class PropertyLayout:
    """Where everything lies."""

    at: dict[str, dict[str, int]]
    """Offsets by struct and field; those in parts of a property count from its start."""
    size: dict[str, int]
    sorts: dict[int, str]
    """What each number of type stands for; arrays have 256 times that of an element besides."""
    bytes_subtype: int
    """The second part of the sort of a text that is just bytes."""
    kinds: RecordKinds

    def sort(self, record: memoryview) -> str:
        """The sort of a property."""
        kind = record[self.at["IDProperty"]["type"]]
        if self.sorts[kind] != "array":
            return self.sorts[kind]
        return f"{self.sorts[record[self.at['IDProperty']['subtype']]]} array"


def find(data: bytes) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """The offsets and sizes by a .blend file's bytes; raises LayoutError."""
    structs = read_structs(data, _STRUCTS)
    at = {
        name: {
            field: find_field(structs[name], field, text).offset for field, text in wanted.items()
        }
        for name, wanted in _STRUCTS.items()
    }
    prop, value = at["IDProperty"], at["IDPropertyData"]
    for part in ("pointer", "val"):
        prop[part] = prop["data"] + value[part]
    prop["first"] = prop["data"] + value["group"] + at["ListBase"]["first"]
    if value["val2"] != value["val"] + 4:
        raise LayoutError("the parts of a number lie apart")
    if prop["subtype"] != prop["type"] + 1:
        raise LayoutError("the two parts of a property's sort lie apart")
    for name in SETTINGS.values():
        base = at[name]["base"]
        at[name].update((field, base + o) for field, o in at["IDPropertyUIData"].items())
    return at, {name: struct.size for name, struct in structs.items()}


def learn(at: dict, size: dict, group: int, names: list[str]) -> tuple[dict[int, str], int]:
    """What the numbers of sorts stand for, and that of texts that are bytes, by a group with a
    property of each sort by its name.

    Nothing is followed but with care; raises LayoutError.
    """
    prop = at["IDProperty"]

    def record(address: int) -> bytes:
        found = memory.copy(address, size["IDProperty"])
        if len(found) != size["IDProperty"]:
            raise LayoutError("a property lies where no memory is")
        return found

    root = record(group)
    numbers = {}
    (address,) = struct.unpack_from("<Q", root, prop["first"])
    for name in names:
        found = record(address)
        if found[prop["name"] :].split(b"\0", 1)[0] != name.encode():
            raise LayoutError("properties are read in another order than Blender tells it")
        numbers[name] = found[prop["type"]], found[prop["subtype"]]
        (address,) = struct.unpack_from("<Q", found, prop["next"])
    if address:
        raise LayoutError("there are more properties than Blender tells")
    arrays = {name.split()[0]: numbers[name] for name in names if name.endswith(" array")}
    sorts = {name: numbers[name][0] for name in names if not name.endswith(" array")}
    sorts["float"] = arrays["float"][1]
    sorts["array"] = arrays["float"][0]
    if any(found != (sorts["array"], sorts[name]) for name, found in arrays.items()):
        raise LayoutError("arrays are of other sorts than their elements")
    if sorts.pop("bytes") != sorts["str"] or root[prop["type"]] != sorts["group"]:
        raise LayoutError("the sorts of properties do not agree")
    meaning = {number: name for name, number in sorts.items()}
    if len(meaning) != len(sorts) or numbers["bytes"][1] == numbers["str"][1]:
        raise LayoutError("two sorts of properties have the same number")
    return meaning, numbers["bytes"][1]


def layout(at: dict, size: dict, sorts: dict[int, str], bytes_subtype: int) -> PropertyLayout:
    """The layout with its kinds of records and their links."""
    sizes = [1, 4, 8, size["IDPropertyUIDataEnumItem"]]
    prop = at["IDProperty"]
    kinds = [Kind(size["IDProperty"], prop["type"])] * 2 + [Kind(number) for number in sizes]
    kinds += [Kind(size[name]) for name in SETTINGS.values()]
    links = [Link(PROPERTY, PROPERTY, prop["next"])]
    for start in (PROPERTY, ELEMENT):
        links += _value_links(prop, {name: number for number, name in sorts.items()}, start)
    return PropertyLayout(
        at, size, sorts, bytes_subtype, RecordKinds(kinds, [*links, *_settings_links(at)])
    )


def _value_links(prop: dict[str, int], sorts: dict[str, int], start: int) -> list[Link]:
    """What a property's value and settings are, for each sort."""
    pointer, length = prop["pointer"], prop["len"]
    links = []

    def add(sort: str, end: int, address: int, count: int = ABSENT) -> None:
        links.append(Link(start, end, address, count, sorts[sort], 0xFF))

    add("str", BYTE, pointer, length)
    add("group", PROPERTY, prop["first"])
    add("list", ELEMENT, pointer, length)
    add(ID, ELEMENT, ABSENT)
    for kind in ("int", "float", "double", "bool", "str"):
        settings = SETTINGS_KINDS["float" if kind == "double" else kind]
        add(kind, settings, prop["ui_data"])
        if kind != "str":
            number = LONG if kind == "double" else BYTE if kind == "bool" else WORD
            both = sorts["array"] | sorts[kind] << 8
            links.append(Link(start, number, pointer, length, both, 0xFFFF))
            links.append(Link(start, settings, prop["ui_data"], ABSENT, both, 0xFFFF))
    return links


def _settings_links(at: dict[str, dict[str, int]]) -> list[Link]:
    """The texts, arrays and items that settings have."""
    links = []
    for kind, name in SETTINGS.items():
        start, fields = SETTINGS_KINDS[kind], at[name]
        links.append(Link(start, TEXT, fields["description"]))
        if kind == "str":
            links.append(Link(start, TEXT, fields["default_value"]))
            continue
        number = {"int": WORD, "float": LONG, "bool": BYTE}[kind]
        links.append(Link(start, number, fields["default_array"], fields["default_array_len"]))
        if kind == "int":
            links.append(Link(start, ITEM, fields["enum_items"], fields["enum_items_num"]))
    item = at["IDPropertyUIDataEnumItem"]
    texts = ("identifier", "name", "description")
    return links + [Link(ITEM, TEXT, item[text]) for text in texts]
