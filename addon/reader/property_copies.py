# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom properties from copies of Blender's records of them.

They mean the same as what Blender's API tells, but for settings that nobody has made, which the
API makes when it is asked for them.
"""

from __future__ import annotations

import struct
from array import array

import bpy

from ..bridge.property_groups import Groups, Property
from ..native.record_copies import TEXT, blocks
from .property_layout import (
    BYTE,
    ELEMENT,
    ITEM,
    LONG,
    PROPERTY,
    SETTINGS,
    SETTINGS_KINDS,
    WORD,
    PropertyLayout,
)

_UNITS = {
    item.value: item.identifier
    for item in bpy.types.Property.bl_rna.properties["subtype"].enum_items
}
_NUMBERS = {"int": ("i", WORD), "float": ("f", WORD), "double": ("d", LONG), "bool": ("b", BYTE)}
"""How a number is packed, and the kind of records that an array of such is."""
_SETTINGS_NUMBERS = {"int": ("i", WORD), "float": ("d", LONG), "bool": ("?", BYTE)}
"""The same of the numbers of settings."""
_FORMATS = {"int": "i", "float": "f", "double": "d", "bool": "?"}


def _number(record: memoryview, at: int, code: str):
    return struct.unpack_from(f"<{code}", record, at)[0]


class Copies:
    """What was copied of some bones."""

    def __init__(self, layout: PropertyLayout, copied: bytes) -> None:
        self._layout = layout
        self._prop = layout.at["IDProperty"]
        self._blocks = blocks(layout.kinds, copied)

    def read(self, user: int, system: int) -> Groups:
        """The properties of a bone, by the addresses of its two groups; 0 for one that is none."""
        return Groups(
            self._group(self._blocks[ELEMENT, user], "user") if user else None,
            self._group(self._blocks[ELEMENT, system], "system") if system else None,
        )

    def _group(self, record: memoryview, whose: str = "") -> dict[str, Property]:
        """The properties of a group: those of a bone have settings, others none."""
        found = {}
        address = self._address(record, self._prop["first"])
        while address:
            member = self._blocks[PROPERTY, address]
            found[self._name(member)] = self._property(member, whose)
            address = self._address(member, self._prop["next"])
        return found

    def _property(self, record: memoryview, whose: str = "") -> Property:
        sort = self._layout.sort(record)
        if sort == "ID":
            return Property("ID", None, None)
        if sort == "group":
            return Property("group", self._group(record), None)
        if sort == "list":
            return Property("list", self._elements(record), None)
        settings = self._settings(record, sort) if whose else None
        if sort.endswith("array"):
            return Property("array", self._array(record, sort.split()[0]), settings)
        if sort == "str":
            value = self._text(record)
            # Registered texts have no more than every text has.
            settings = settings if whose == "user" else None
            return Property(type(value).__name__, value, settings)
        value = _number(record, self._prop["val"], _FORMATS[sort])
        return Property(type(value).__name__, value, settings)

    def _elements(self, record: memoryview) -> list[Property]:
        size = self._layout.size["IDProperty"]
        row = self._row(record, ELEMENT)
        return [self._property(row[at : at + size]) for at in range(0, len(row), size)]

    def _array(self, record: memoryview, sort: str) -> array | list:
        code, kind = _NUMBERS[sort]
        numbers = array(code, bytes(self._row(record, kind)))
        return list(map(bool, numbers)) if code == "b" else numbers

    def _text(self, record: memoryview) -> str | bytes:
        found = bytes(self._row(record, BYTE))
        if record[self._prop["subtype"]] == self._layout.bytes_subtype:
            return found
        return found.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")

    def _row(self, record: memoryview, kind: int) -> memoryview:
        return self._blocks.get(
            (kind, self._address(record, self._prop["pointer"])), memoryview(b"")
        )

    def _name(self, record: memoryview) -> str:
        text = bytes(record[self._prop["name"] :]).split(b"\0", 1)[0]
        return text.decode("utf-8", "surrogateescape")

    @staticmethod
    def _address(record: memoryview, at: int) -> int:
        return _number(record, at, "Q")

    def _settings(self, record: memoryview, sort: str) -> dict | None:
        """The settings of a property; None if nobody has made any."""
        kind = sort.split()[0].replace("double", "float")
        address = self._address(record, self._prop["ui_data"])
        found = self._blocks.get((SETTINGS_KINDS[kind], address))
        if found is None:
            return None
        at = self._layout.at[SETTINGS[kind]]
        settings = {"subtype": _UNITS.get(_number(found, at["rna_subtype"], "i"), "NONE")}
        self._add_text(settings, "description", found, at["description"])
        if kind == "str":
            settings["default"] = ""
            self._add_text(settings, "default", found, at["default_value"])
            return settings
        code, row = _SETTINGS_NUMBERS[kind]
        if kind != "bool":
            for name in ("min", "max", "soft_min", "soft_max"):
                settings[name] = _number(found, at[name], code)
            settings["step"] = _number(found, at["step"], "f" if kind == "float" else "i")
        if kind == "float":
            settings["precision"] = _number(found, at["precision"], "i")
        settings["default"] = _number(found, at["default_value"], code)
        several = self._blocks.get((row, self._address(found, at["default_array"])))
        if several is not None and sort.endswith("array"):
            count = _number(found, at["default_array_len"], "i")
            settings["default"] = list(struct.unpack_from(f"<{count}{code}", several))
        items = self._items(self._address(found, at["enum_items"])) if kind == "int" else ()
        return {**settings, "items": items} if items else settings

    def _items(self, address: int) -> list[tuple]:
        name = "IDPropertyUIDataEnumItem"
        at, size = self._layout.at[name], self._layout.size[name]
        row = self._blocks.get((ITEM, address), memoryview(b""))
        items = []
        for start in range(0, len(row), size):
            item = row[start : start + size]
            texts: dict[str, str] = {}
            for name in ("identifier", "name", "description"):
                texts[name] = ""
                self._add_text(texts, name, item, at[name])
            numbers = (_number(item, at[name], "i") for name in ("icon", "value"))
            items.append((*texts.values(), *numbers))
        return items

    def _add_text(self, found: dict, name: str, record: memoryview, at: int) -> None:
        """Sets a text, if there is one."""
        text = self._blocks.get((TEXT, self._address(record, at)))
        if text is not None:
            found[name] = bytes(text[:-1]).decode("utf-8", "surrogateescape")
