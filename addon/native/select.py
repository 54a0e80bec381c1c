# SPDX-License-Identifier: GPL-3.0-or-later
"""Selection and visibility of bones over byte masks."""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .structs import View, pointer

_P = _BONES = ctypes.c_void_p
_FOUND = ctypes.c_void_p
_LIST = [ctypes.c_void_p, ctypes.c_size_t]

FUNCTIONS = {
    "limber_any_selected": [_BONES, _FOUND],
    "limber_select_all": [_BONES, ctypes.c_uint32],
    "limber_select_hierarchy": [_BONES, ctypes.c_uint32, ctypes.c_uint8, ctypes.c_uint32, _FOUND],
    "limber_select_parent": [_BONES, ctypes.c_uint32, _FOUND],
    "limber_select_linked": [_BONES, ctypes.c_uint32],
    "limber_select_linked_from": [_BONES, ctypes.c_int32, ctypes.c_uint8],
    "limber_select_mirror": [_BONES, ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint8],
    "limber_select_related": [_BONES, ctypes.c_uint32, ctypes.c_uint8, ctypes.c_uint32, _FOUND],
    "limber_select_group": [_BONES, _P, *_LIST, *_LIST, ctypes.c_uint8, ctypes.c_uint32, _FOUND],
    "limber_select_targets": [_BONES, _P, *_LIST, _FOUND],
    "limber_select_keyed": [_BONES, *_LIST, ctypes.c_uint8, _FOUND],
    "limber_hide": [_BONES, ctypes.c_uint8, _FOUND],
    "limber_reveal": [_BONES, ctypes.c_uint8, _FOUND],
}


class Bones(View):
    """LimberBones; `active` is an array of one index."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        ("bone_count", ctypes.c_size_t),
        *(
            (name, ctypes.c_void_p)
            for name in ("parent", "connected", "collection_visible", "hidden")
        ),
        *(
            (name, ctypes.c_void_p)
            for name in ("unselectable", "select", "active", "select_head", "select_tail")
        ),
    ]


def _found(name: str, bones: Bones, *arguments: object) -> bool:
    found = ctypes.c_uint8()
    call(name, ctypes.addressof(bones), *arguments, ctypes.addressof(found))
    return bool(found.value)


def any_selected(bones: Bones) -> bool:
    """Whether any bone is selected and visible."""
    return _found("limber_any_selected", bones)


def select_all(bones: Bones, action: int) -> None:
    """Toggle 0, select 1, deselect 2, invert 3."""
    call("limber_select_all", ctypes.addressof(bones), action)


def select_hierarchy(bones: Bones, direction: int, extend: bool, rules: int) -> bool:
    """To parents (0) or children (1); whether a bone was selected."""
    return _found("limber_select_hierarchy", bones, direction, extend, rules)


def select_parent(bones: Bones, rules: int) -> bool:
    """The active bone's parent; whether it was selected."""
    return _found("limber_select_parent", bones, rules)


def select_linked(bones: Bones, rules: int) -> None:
    """Along chains of connected bones."""
    call("limber_select_linked", ctypes.addressof(bones), rules)


def select_linked_from(bones: Bones, bone: int, deselect: bool) -> None:
    """The chain of connected bones through one bone."""
    call("limber_select_linked_from", ctypes.addressof(bones), bone, deselect)


def select_mirror(bones: Bones, mirror: array, only_active: bool, extend: bool) -> None:
    """The selection of each bone's mirror bone."""
    call("limber_select_mirror", ctypes.addressof(bones), pointer(mirror), only_active, extend)


def select_related(bones: Bones, relation: int, extend: bool, rules: int) -> bool:
    """Relatives of the selected bones, by Blender's number of the relation."""
    return _found("limber_select_related", bones, relation, extend, rules)


def select_group(
    bones: Bones, first: array, groups: array, key: array, extend: bool, rules: int
) -> bool:
    """Bones that share a group with the key; whether any flag changed."""
    return _found(
        "limber_select_group",
        bones,
        pointer(first),
        pointer(groups),
        len(groups),
        pointer(key),
        len(key),
        extend,
        rules,
    )


def select_targets(bones: Bones, owners: array, targets: array) -> bool:
    """Targets of the selected ones of `owners`, hidden ones too; whether there was one."""
    return _found("limber_select_targets", bones, pointer(owners), pointer(targets), len(targets))


def select_keyed(bones: Bones, listed: array, extend: bool) -> bool:
    """Listed bones that are visible and can be selected."""
    return _found("limber_select_keyed", bones, pointer(listed), len(listed), extend)


def hide(bones: Bones, unselected: bool) -> bool:
    """Hides selected (or the other) bones; whether there was one."""
    return _found("limber_hide", bones, unselected)


def reveal(bones: Bones, select: bool) -> bool:
    """Shows hidden bones; whether there was one."""
    return _found("limber_reveal", bones, select)
