# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom properties of a bone as plain data, and pasting them on another bone."""

from __future__ import annotations

from array import array
from typing import NamedTuple

import bpy


class Property(NamedTuple):
    """One custom property."""

    kind: str
    """Name of its type; properties of different types are not pasted on each other."""
    value: object
    settings: dict | None
    """Minimum, maximum, description and the like, if it has such."""


def read(owner) -> dict[str, Property]:
    """The custom properties of a bone, or of a group of properties within them."""
    return {key: _property(owner, key, owner[key]) for key in owner.keys()}  # noqa: SIM118


def _property(owner, key: str, value) -> Property:
    if isinstance(value, bpy.types.ID) or value is None:
        # The clipboard does not carry other data blocks.
        return Property("ID", None, None)
    if hasattr(value, "items"):
        return Property("group", read(value), None)
    settings = _settings(owner, key)
    if hasattr(value, "typecode"):
        numbers = value.to_list()
        if value.typecode == "b":
            return Property("array", [bool(number) for number in numbers], settings)
        return Property("array", array(value.typecode, numbers), settings)
    if isinstance(value, list):
        return Property("list", [read(group) for group in value], settings)
    return Property(type(value).__name__, value, settings)


def _settings(owner, key: str) -> dict | None:
    try:
        return owner.id_properties_ui(key).as_dict()
    except (AttributeError, TypeError):
        return None


def paste(source: dict[str, Property], target) -> None:
    """Pastes properties as Blender does.

    A bone without any gets all of them, with their settings. Else only those that both have in
    the same type are changed: numbers keep the target's settings, groups go on inwards.
    """
    present = set(target.keys())
    if not present:
        for key, prop in source.items():
            _create(target, key, prop)
        return
    for key, prop in source.items():
        if key not in present:
            continue
        old = _property(target, key, target[key])
        if old.kind != prop.kind:
            continue
        if prop.kind == "group":
            if prop.value and old.value:
                paste(prop.value, target[key])
        elif prop.kind in {"int", "float", "bool"}:
            target[key] = prop.value
        else:
            _create(target, key, prop)


def _create(target, key: str, prop: Property) -> None:
    if prop.kind == "ID":
        # A pointer to nothing cannot be made from Python; one that is there is emptied.
        if key in target.keys():  # noqa: SIM118
            target[key] = None
        return
    target[key] = _plain(prop)
    if prop.settings:
        target.id_properties_ui(key).update(**prop.settings)


def _plain(prop: Property):
    if prop.kind == "group":
        return {key: _plain(inner) for key, inner in prop.value.items()}
    if prop.kind == "list":
        return [{key: _plain(inner) for key, inner in group.items()} for group in prop.value]
    return prop.value
