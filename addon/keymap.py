# SPDX-License-Identifier: GPL-3.0-or-later
"""Points Blender's own pose shortcuts at Limber, and back.

It works on the user key map, on entries that Blender or an add-on brought: their operator is
exchanged; key, properties and what the user changed of them stay. Shortcuts that the user added
name their operator on purpose and are left alone, both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import bpy

from .stock_names import limber_name, stock_name


def _items() -> Iterator:
    """The entries that are not the user's own."""
    keyconfig = bpy.context.window_manager.keyconfigs.user
    for keymap in keyconfig.keymaps if keyconfig else ():
        if not keymap.is_modal:
            yield from (item for item in keymap.keymap_items if not item.is_user_defined)


def _set_properties(item) -> dict[str, object]:
    """The operator properties that an entry sets."""
    values = {}
    for definition in item.properties.bl_rna.properties if item.properties else ():
        name = definition.identifier
        if definition.type in {"POINTER", "COLLECTION"} or definition.is_readonly:
            continue
        if item.properties.is_property_set(name):
            value = getattr(item.properties, name)
            values[name] = tuple(value) if getattr(definition, "is_array", False) else value
    return values


def _exchange(other: Callable[[str], str | None]) -> int:
    """Gives every entry the operator that `other` names; returns how many changed."""
    count = 0
    for item in list(_items()):
        operator = other(item.idname)
        if operator is None:
            continue
        values = _set_properties(item)
        item.idname = operator  # drops the properties
        for name, value in values.items():
            if hasattr(item.properties, name):
                setattr(item.properties, name, value)
        count += 1
    return count


def point_at_limber() -> int:
    """Exchanges `pose.x` for `limber.x` wherever Limber has it."""
    return _exchange(limber_name)


def restore() -> int:
    """Exchanges `limber.x` for `pose.x`."""
    return _exchange(stock_name)
