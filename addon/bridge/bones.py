# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects and bones an operator acts on.

Where the flags live differs: up to 4.5 on `Bone`, from 5.0 on `PoseBone`. That is decided here, by
asking for the property and not by the version's number.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial

import bpy

FLAGS_ON_POSE_BONES = "select" in bpy.types.PoseBone.bl_rna.properties
"""Whether select and hide are properties of pose bones (5.0 and later)."""


def posed_objects(context) -> list:
    """The visible armature objects in pose mode, the active one first.

    While painting weights it is the one armature that deforms the painted mesh.
    """
    if context.mode == "POSE":
        return list(context.objects_in_mode)
    posed = context.pose_object
    return [posed] if posed is not None else []


def flag_owner(obj):
    """The collection of bones that holds the select and hide flags of an object."""
    return obj.pose.bones if FLAGS_ON_POSE_BONES else obj.data.bones


def read_flag(bones, name: str, count: int | None = None) -> array:
    """One flag of all bones, a byte each; counting bones takes as long as reading a flag."""
    values = array("b", bytes(len(bones) if count is None else count))
    bones.foreach_get(name, values)
    return values


def names(obj) -> list[str]:
    """Names of the bones, in the order of `pose.bones`."""
    return names_of(obj.pose.bones)


def names_of(bones) -> list[str]:
    """Names of a collection's bones. Up to 4.5 one can end within a character, and then Blender
    cannot tell it; its bytes come as surrogate escapes."""
    try:
        return bones.keys()
    except SystemError:
        return [_name(bone) for bone in bones]


def names_of_each(bones: list) -> list[str]:
    """Names of bones one by one, read as `names_of` reads them."""
    try:
        return [bone.name for bone in bones]
    except UnicodeDecodeError:
        return [_name(bone) for bone in bones]


def _name(bone) -> str:
    try:
        return bone.name
    except UnicodeDecodeError as error:
        return error.object.decode("utf-8", "surrogateescape")


def collections_hide_nothing(armature) -> bool:
    """Whether no bone can be hidden by its collections."""
    if getattr(armature.collections, "is_solo_active", False):
        return False
    return all(c.is_visible_effectively for c in armature.collections_all)


def without(mask: array, removed: array) -> array:
    """The mask without the bones of another one; bytes are 0 or 1."""
    if 1 not in removed.tobytes():
        return mask
    left = int.from_bytes(mask.tobytes(), "little")
    # Removed bytes are 1, so clearing those bits clears the bytes.
    left &= ~int.from_bytes(removed.tobytes(), "little")
    return array("b", left.to_bytes(len(mask), "little"))


def both(one: bytes, other: bytes) -> bytes:
    """The bones of two masks; bytes are 0 or 1."""
    common = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return common.to_bytes(len(one), "little")


def _hidden_by_collections(obj) -> array:
    """A byte a bone: every collection of the bone is hidden, or it has none under solo."""
    seen: set[str] = set()
    held: set[str] = set()
    armature = obj.data
    solo = FLAGS_ON_POSE_BONES and armature.collections.is_solo_active
    for collection in armature.collections_all:
        (seen if collection.is_visible_effectively else held).update(collection.bones.keys())
    if solo:
        return array("b", [name not in seen for name in names(obj)])
    return array("b", map((held - seen).__contains__, names(obj)))


def in_visible_collections(obj, mask: array) -> array:
    """The bones of the mask that are in a visible collection, or in none."""
    if collections_hide_nothing(obj.data):
        return mask
    return without(mask, _hidden_by_collections(obj))


def visible_mask(obj) -> array:
    """A byte a bone: not hidden itself and in a visible collection, or in none."""
    hidden = read_flag(flag_owner(obj), "hide")
    return in_visible_collections(obj, without(array("b", b"\1") * len(hidden), hidden))


def selected_mask(obj, read: Callable[[str], array] | None = None) -> array:
    """A byte a bone: selected and visible. `read` gives a flag of all bones by its name."""
    if read is None:
        owner = flag_owner(obj)
        read = partial(read_flag, owner, count=len(owner))
    selected = read("select")
    if 1 not in selected.tobytes():
        return selected
    return selected_in_visible_collections(obj, without(selected, read("hide")))


def selected_in_visible_collections(
    obj, selected: array, known: Callable[[], list[str]] | None = None
) -> array:
    """The selected bones of a mask, none of which is hidden itself, that are in a visible
    collection, or in none. `known` gives the names of all bones, if they are at hand."""
    flags = selected.tobytes()
    count = len(flags) - flags.count(0)
    if not count or collections_hide_nothing(obj.data):
        return selected
    if count * 16 > len(flags):
        return _listed(obj, selected, count, known or partial(names, obj))
    solo = FLAGS_ON_POSE_BONES and obj.data.collections.is_solo_active
    at = flags.find(1)
    while at >= 0:
        collections = [c.is_visible_effectively for c in obj.pose.bones[at].bone.collections]
        selected[at] = any(collections) if collections else not solo
        at = flags.find(1, at + 1)
    return selected


def _listed(obj, selected: array, count: int, known: Callable[[], list[str]]) -> array:
    """The same of many bones, `count` of which are selected."""
    context = bpy.context
    # Blender's list of the active object's bones is sooner read than those of all collections.
    listed = context.selected_pose_bones_from_active_object if context.object is obj else None
    if listed is None or len(listed) > count:
        return without(selected, _hidden_by_collections(obj))
    if len(listed) == count:
        return selected
    found = {*names_of_each(listed)}
    return array("b", both(selected.tobytes(), bytes(map(found.__contains__, known()))))
