# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom properties of a bone as plain data, and pasting them on another bone.

A bone has up to two groups of them: the user's, and from 5.0 on a second one with the properties
that add-ons register; before, these are in the user's group.
"""

from __future__ import annotations

from array import array
from itertools import compress
from typing import NamedTuple

import bpy

_SYSTEM_GROUP = "bl_system_properties_get" in bpy.types.PoseBone.bl_rna.functions
_NO_GROUP = "<IDPropertyGroupViewKeys>"
"""How the keys of a bone without a group are written; those of a group have its name."""


class Property(NamedTuple):
    """One custom property."""

    kind: str
    """Name of its type; properties of different types are not pasted on each other."""
    value: object
    settings: dict | None
    """Minimum, maximum, description and the like, if it has such."""


class Groups(NamedTuple):
    """The properties of a bone; None for a group that it does not have, which is not an empty
    one: that one takes nothing from the clipboard."""

    user: dict[str, Property] | None
    system: dict[str, Property] | None


def marks(bones: list) -> array:
    """A byte a bone: it has a group, be it empty."""
    keys = map(bpy.types.PoseBone.keys, bones)
    found = array("B", (text != _NO_GROUP for text in map(repr, keys)))
    if _SYSTEM_GROUP:
        for i, bone in enumerate(bones):
            if bone.bl_system_properties_get() is not None:
                found[i] = 1
    return found


def read_all(obj, marked: bytes) -> dict[int, Groups]:
    """The groups of the marked bones, by index."""
    if 1 not in marked:
        return {}
    # Blender walks to a bone by its number; all at once take it less.
    bones = obj.pose.bones.values()
    return {at: read(bones[at]) for at in compress(range(len(bones)), marked)}


def read(bone) -> Groups:
    """The groups of one bone."""
    system = bone.bl_system_properties_get() if _SYSTEM_GROUP else None
    user = _read(bone)
    return Groups(
        user if user or _has_group(bone) else None,
        None if system is None else _read(system, False),
    )


def _has_group(bone) -> bool:
    return repr(bone.keys()) != _NO_GROUP


_PLAIN = {kind: kind.__name__ for kind in (float, int, bool, str)}
_ID = bpy.types.ID


def _read(group, texts_have_settings: bool = True) -> dict[str, Property]:
    found = {}
    for key, value in group.items():
        # Nearly all are of these types, and a copy of a large rig waits for this.
        kind = _PLAIN.get(type(value))
        if kind is None:
            found[key] = _property(group, key, value)
        else:
            # Registered texts have no more than every text has, and there are many of them.
            bare = kind == "str" and not texts_have_settings
            found[key] = Property(kind, value, None if bare else _settings(group, key))
    return found


def _property(owner, key: str, value) -> Property:
    if isinstance(value, _ID) or value is None:
        # The clipboard does not carry other data blocks.
        return Property("ID", None, None)
    if hasattr(value, "items"):
        return Property("group", _read(value), None)
    settings = _settings(owner, key)
    if hasattr(value, "typecode"):
        numbers = value.to_list()
        if value.typecode == "b":
            return Property("array", [bool(number) for number in numbers], settings)
        return Property("array", array(value.typecode, numbers), settings)
    if isinstance(value, list):
        return Property("list", [_property(None, "", element) for element in value], settings)
    return Property(type(value).__name__, value, settings)


def _settings(owner, key: str) -> dict | None:
    try:
        return owner.id_properties_ui(key).as_dict()
    except (AttributeError, KeyError, TypeError):
        return None


def paste(source: Groups, bone) -> None:
    """Pastes properties as Blender does.

    A bone without a group gets the whole group, with the settings of the properties. Else only
    properties that both have in the same type are changed: numbers keep the target's settings,
    groups go on inwards.
    """
    if source.user is not None:
        if _has_group(bone):
            _update(source.user, bone)
        else:
            bone.id_properties_ensure()
            _create_all(source.user, bone)
    if source.system is not None:
        group = bone.bl_system_properties_get()
        if group is not None:
            _update(source.system, group)
        else:
            _create_all(source.system, bone.bl_system_properties_get(do_create=True))


def _create_all(source: dict[str, Property], target) -> None:
    for key, prop in source.items():
        _create(target, key, prop)


def _update(source: dict[str, Property], target) -> None:
    present = set(target.keys())
    for key, prop in source.items():
        if key not in present:
            continue
        old = _property(target, key, target[key])
        if old.kind != prop.kind:
            continue
        if prop.kind == "group":
            _update(prop.value, target[key])
        elif prop.kind in {"int", "float", "bool"}:
            target[key] = prop.value
        else:
            _create(target, key, prop)


def _create(target, key: str, prop: Property) -> None:
    if _has_pointers_in_rows(prop):
        return
    if prop.kind == "bytes":
        # In place Blender changes bytes no further than to a zero.
        target[key] = 0
    target[key] = _plain(prop)
    _empty(target, key, prop)
    if prop.settings:
        target.id_properties_ui(key).update(**prop.settings)


def _plain(prop: Property):
    if prop.kind == "group":
        return {key: _plain(inner) for key, inner in prop.value.items()}
    if prop.kind == "list":
        return [_plain(element) for element in prop.value]
    # A pointer to nothing cannot be made from Python, but any can be emptied.
    return bpy.context.scene if prop.kind == "ID" else prop.value


def _empty(target, key: str, prop: Property) -> None:
    """Empties the pointers of a property and of those in it."""
    if prop.kind == "ID":
        target[key] = None
    elif prop.kind == "group":
        for inner_key, inner in prop.value.items():
            _empty(target[key], inner_key, inner)
    elif prop.kind == "list":
        for element, inner in zip(target[key], prop.value, strict=True):
            for inner_key, innermost in inner.value.items() if inner.kind == "group" else ():
                _empty(element, inner_key, innermost)


def can_be_made(groups: Groups) -> bool:
    """Whether Python can make the properties; not so rows of pointers to nothing."""
    return not any(
        _has_pointers_in_rows(prop)
        for group in groups
        if group is not None
        for prop in group.values()
    )


def _has_pointers_in_rows(prop: Property) -> bool:
    if prop.kind == "group":
        return any(map(_has_pointers_in_rows, prop.value.values()))
    if prop.kind != "list":
        return False
    return any(inner.kind == "ID" or _has_pointers_in_rows(inner) for inner in prop.value)
