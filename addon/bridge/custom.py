# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom properties of pose bones as plain numbers."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass

import bpy

_PATH = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')


@dataclass
class CustomValues:
    """One custom property that holds numbers."""

    owner: object
    name: str
    kind: type
    """float, int or bool."""
    is_array: bool
    values: list
    """Its elements; one for a property that is no array."""


def escaped_name(path: str, rest: int) -> str | None:
    """The name of the custom property that a path leads to, as it stands there; `rest` is the byte
    behind the bone's part of the path. None if it leads elsewhere."""
    text = path.encode("utf-8", "surrogateescape")[rest:]
    match = _PATH.fullmatch(text.decode("utf-8", "surrogateescape"))
    return match[1] if match else None


def read(bone, escaped: str) -> CustomValues | None:
    """The property whose name stands escaped in a data path; None if it holds no numbers."""
    name = bpy.utils.unescape_identifier(escaped)
    value = bone.get(name)
    if isinstance(value, (bool, int, float)):
        # An enum is stored as an integer, but stock slides do not move it.
        if type(value) is int and _is_enum(bone, name):
            return None
        return CustomValues(bone, name, type(value), False, [value])
    code = getattr(value, "typecode", None)
    if code is None:
        return None
    values = value.to_list()
    kind = {"f": float, "d": float, "i": int, "b": bool}.get(code)
    if kind is None or not values or not isinstance(values[0], (bool, int, float)):
        return None
    return CustomValues(bone, name, bool if isinstance(values[0], bool) else kind, True, values)


def _is_enum(bone, name: str) -> bool:
    data = bone.id_properties_ui(name).as_dict()
    return bool(data.get("items"))


def write(target: CustomValues, values: array) -> None:
    """Sets the elements from floats of the right kind; leaves equal ones alone."""
    owner, name = target.owner, target.name
    if target.is_array:
        stored = owner[name]
        for i, value in enumerate(values):
            if stored[i] != value:
                stored[i] = target.kind(value)
    elif owner[name] != values[0]:
        owner[name] = target.kind(values[0])


def restore(target: CustomValues) -> None:
    """Sets the elements back to what was read."""
    owner, name = target.owner, target.name
    if target.is_array:
        owner[name] = target.values
    else:
        owner[name] = target.values[0]
