# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's bone selection sets on an armature object, and their clipboard text."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from itertools import compress

from ..reader import bones as reader
from .bones import (
    collections_hide_nothing,
    flag_owner,
    names,
    names_of_each,
    posed_objects,
    without,
)

FEW = 16
"""Up to so many names are taken out of a set one by one."""


def chosen_names(context) -> list[str]:
    """Names of the selected bones of all objects in pose mode."""
    found = []
    objects = posed_objects(context)
    if not all(collections_hide_nothing(obj.data) for obj in objects):
        return names_of_each(context.selected_pose_bones)
    masks = [_selected(obj) for obj in objects]
    if 4 * sum(mask.count(1) for mask in masks) < sum(map(len, masks)):
        # All names of an armature at once cost as much as a quarter of them one by one.
        return names_of_each(context.selected_pose_bones)
    for obj, mask in zip(objects, masks, strict=True):
        if 1 in mask:
            found += compress(names(obj), mask)
    return found


def _selected(obj) -> array:
    """A byte a bone: selected and not hidden itself."""
    mask = reader.read_flag(obj, "select", len(flag_owner(obj)))
    if 1 not in mask.tobytes():
        return mask
    return without(mask, reader.read_flag(obj, "hide", len(mask)))


def set_names(obj) -> list[str]:
    """Names of the sets in order; two can be equal."""
    return [each.name for each in obj.selection_sets]


def held_names(selection_set) -> list[str]:
    """Names of the bones of a set in order."""
    return selection_set.bone_ids.keys()


def append(selection_set, bones: Iterable[str]) -> None:
    """Adds bone names at the end."""
    add = selection_set.bone_ids.add
    for name in bones:
        add().name = name


def keep(selection_set, held: list[str], mask: bytearray) -> None:
    """Leaves the names whose byte is not zero."""
    gone = mask.count(0)
    entries = selection_set.bone_ids
    if gone == 0:
        return
    if gone <= FEW:
        for number in reversed(range(len(mask))):
            if not mask[number]:
                entries.remove(number)
    else:
        # Taking names out one by one moves all that follow each time.
        entries.clear()
        append(selection_set, compress(held, mask))


def is_override(obj) -> bool:
    """Whether entries may come from a library, and then can neither move nor go."""
    return obj.override_library is not None


def to_text(obj) -> str:
    """The active set and all that are ticked, as stock puts them on the clipboard."""
    return json.dumps(
        {
            each.name: held_names(each)
            for number, each in enumerate(obj.selection_sets)
            if number == obj.active_selection_set or each.is_selected
        }
    )


def from_text(text: str) -> dict[str, list[str]]:
    """Sets of a clipboard text; raises ValueError if it holds none."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    for bones in found.values():
        if not isinstance(bones, (list, str)) or not all(isinstance(name, str) for name in bones):
            raise ValueError("not a list of names")
    return {name: list(bones) for name, bones in found.items()}
