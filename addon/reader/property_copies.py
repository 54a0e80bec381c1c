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
_FORMATS = {"int": "<i", "float": "<f", "double": "<d", "bool": "<?"}
_BYTES = "bytes"


def read(layout: PropertyLayout, copied: bytes, user: int, system: int) -> Groups:
    """The properties of a bone, by the addresses of its two groups; 0 for one that is none."""
    return Copies(layout, copied).read(user, system)


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
        (value,) = struct.unpack_from(_FORMATS[sort], record, self._prop["val"])
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
        return struct.unpack_from("<Q", record, at)[0]

    def _settings(self, record: memoryview, sort: str) -> dict | None:
        kind = sort.split()[0].replace("double", "float")
        found = self._blocks.get(
            (SETTINGS_KINDS[kind], self._address(record, self._prop["ui_data"]))
        )
        if found is None:
            return None
        at = self._layout.at[SETTINGS[kind]]

        def number(name: str, code: str):
            return struct.unpack_from(f"<{code}", found, at[name])[0]

        settings = {"subtype": _UNITS.get(number("rna_subtype", "i"), "NONE")}
        self._add_text(settings, "description", found, at["description"])
        if kind == "str":
            settings["default"] = ""
            self._add_text(settings, "default", found, at["default_value"])
            return settings
        code = {"int": "i", "float": "d", "bool": "?"}[kind]
        if kind != "bool":
            for name in ("min", "max", "soft_min", "soft_max"):
                settings[name] = number(name, code)
            settings["step"] = number("step", "f" if kind == "float" else "i")
        if kind == "float":
            settings["precision"] = number("precision", "i")
        settings["default"] = number("default_value", code)
        several = self._blocks.get(
            ({"int": WORD, "float": LONG, "bool": BYTE}[kind], number("default_array", "Q"))
        )
        if several is not None and sort.endswith("array"):
            count = number("default_array_len", "i")
            settings["default"] = list(struct.unpack_from(f"<{count}{code}", several))
        if kind == "int":
            items = self._items(number("enum_items", "Q"))
            if items:
                settings["items"] = items
        return settings

    def _items(self, address: int) -> list[tuple]:
        at, size = (
            self._layout.at["IDPropertyUIDataEnumItem"],
            self._layout.size["IDPropertyUIDataEnumItem"],
        )
        row = self._blocks.get((ITEM, address), memoryview(b""))
        items = []
        for start in range(0, len(row), size):
            item = row[start : start + size]
            texts: dict[str, str] = {}
            for name in ("identifier", "name", "description"):
                texts[name] = ""
                self._add_text(texts, name, item, at[name])
            numbers = (struct.unpack_from("<i", item, at[name])[0] for name in ("icon", "value"))
            items.append((*texts.values(), *numbers))
        return items

    def _add_text(self, found: dict, name: str, record: memoryview, at: int) -> None:
        """Sets a text, if there is one."""
        text = self._blocks.get((TEXT, self._address(record, at)))
        if text is not None:
            found[name] = bytes(text[:-1]).decode("utf-8", "surrogateescape")
