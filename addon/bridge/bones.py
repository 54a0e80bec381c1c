# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects and bones an operator acts on.

Where the flags live differs: up to 4.5 on `Bone`, from 5.0 on `PoseBone`. That is decided here, by
asking for the property and not by the version's number.
"""

from __future__ import annotations

from array import array

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


def read_flag(bones, name: str) -> array:
    """One flag of all bones, a byte each."""
    values = array("b", bytes(len(bones)))
    bones.foreach_get(name, values)
    return values


def names(obj) -> list[str]:
    """Names of the bones, in the order of `pose.bones`."""
    return obj.pose.bones.keys()


def _collections_hide_nothing(armature) -> bool:
    """Whether no bone can be hidden by its collections."""
    if getattr(armature.collections, "is_solo_active", False):
        return False
    return all(c.is_visible_effectively for c in armature.collections_all)


def visible_mask(obj) -> array:
    """A byte a bone: not hidden itself and in a visible collection, or in none."""
    hidden = read_flag(flag_owner(obj), "hide")
    if not any(hidden) and _collections_hide_nothing(obj.data):
        return array("b", b"\1") * len(hidden)
    mask = array("b", bytes(len(hidden)))
    solo = FLAGS_ON_POSE_BONES and obj.data.collections.is_solo_active
    for i, bone in enumerate(obj.data.bones):
        if not hidden[i]:
            seen = [c.is_visible_effectively for c in bone.collections]
            mask[i] = any(seen) if seen else not solo
    return mask


def selected_mask(obj) -> array:
    """A byte a bone: selected and visible."""
    selected = read_flag(flag_owner(obj), "select")
    if not any(selected):
        return selected
    hidden = read_flag(flag_owner(obj), "hide")
    plain = _collections_hide_nothing(obj.data)
    if plain and not any(hidden):
        return selected
    visible = visible_mask(obj)
    return array("b", (a and b for a, b in zip(selected, visible, strict=True)))
