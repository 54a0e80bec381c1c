# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits of constraint stacks, and the target of a new constraint."""

from __future__ import annotations

import ctypes
from array import array

from . import call
from .structs import View, pointer

_P, _SIZE, _INT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int32

FUNCTIONS = {
    "limber_constraints_clear": [_P, _INT, _P],
    "limber_constraints_copy": [_P, _INT, _P, _P, _P, _P],
    "limber_constraint_target": [_INT, _INT, _P, _SIZE, _P, _P, _SIZE, _P, _P],
}

IK = 3
OTHER, CURVE, MESH, POSED = range(4)
NOTHING, BONE, OBJECT, OBJECT_BONE, EMPTY = range(5)


class Constraints(View):
    """LimberConstraints."""

    _fields_ = [
        ("struct_size", ctypes.c_size_t),
        ("count", ctypes.c_size_t),
        ("bone_count", ctypes.c_size_t),
        *((name, ctypes.c_void_p) for name in ("owner", "kind", "fixed", "selected")),
    ]


def clear(table: Constraints, only: int = -1) -> array:
    """A byte a row: it goes; `only` = rows of one type."""
    remove = array("B", bytes(table.count))
    call("limber_constraints_clear", ctypes.addressof(table), only, pointer(remove))
    return remove


def copy(table: Constraints, source: int) -> tuple[array, array, array] | None:
    """Bytes: rows that go, rows to copy, bones that get the copies; None without constraints."""
    remove = array("B", bytes(table.count))
    rows = array("B", bytes(table.count))
    destinations = array("B", bytes(table.bone_count))
    found = ctypes.c_uint8()
    call(
        "limber_constraints_copy",
        ctypes.addressof(table),
        source,
        pointer(remove),
        pointer(rows),
        pointer(destinations),
        ctypes.addressof(found),
    )
    return (remove, rows, destinations) if found.value else None


def find_target(
    kind: int, active: int, selected: array, object_kinds: array, object_bones: array
) -> tuple[int, int]:
    """What the target of a new constraint is, and which bone or object."""
    target, index = ctypes.c_uint32(), ctypes.c_int32()
    call(
        "limber_constraint_target",
        kind,
        active,
        pointer(selected),
        len(selected),
        pointer(object_kinds),
        pointer(object_bones),
        len(object_kinds),
        ctypes.addressof(target),
        ctypes.addressof(index),
    )
    return target.value, index.value
