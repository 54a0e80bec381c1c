# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Blender keeps the select and hide flags of its bones, found by setting them."""

from __future__ import annotations

import struct
from array import array

import bpy

from ..bridge import bones
from ..native import memory
from ..native.bone_records import ABSENT, BoneLayout, Flag, read_flag
from .bone_layout import STRUCT
from .layout import LayoutError, find_field, read_structs

NAMES = ("select", "hide")
_TRIED = 16
"""So many bones have to agree on the place of a flag; all have to be read right."""


def find(data: bytes, layout: BoneLayout, obj) -> dict[str, Flag]:
    """The flags by name; raises LayoutError.

    They are set on a copy of the object and of its armature, which are in no scene and go away.
    """
    owner, size = _owner(data, layout)
    armature = obj.data.copy()
    copy = obj.copy()
    try:
        copy.data = armature
        addresses = [_address(bone, owner) for bone in copy.pose.bones]
        flags = bones.flag_owner(copy)
        count = len(addresses)
        for name in NAMES:
            flags.foreach_set(name, bytes(count))
        return {name: _flag(layout, copy, name, owner, addresses, size) for name in NAMES}
    finally:
        bpy.data.objects.remove(copy)
        bpy.data.armatures.remove(armature)


def _owner(data: bytes, layout: BoneLayout) -> tuple[int, int]:
    """Where a pose bone has the address of what has the flags, and how large that is."""
    if bones.FLAGS_ON_POSE_BONES:
        return ABSENT, layout.record_size
    structs = read_structs(data, [STRUCT, "Bone"])
    return find_field(structs[STRUCT], "bone", "Bone *bone").offset, structs["Bone"].size


def _address(bone, owner: int) -> int:
    """Where the struct with the flags of a pose bone lies."""
    if owner == ABSENT:
        return bone.as_pointer()
    address = bone.bone.as_pointer()
    if memory.copy(bone.as_pointer() + owner, 8) != struct.pack("<Q", address):
        raise LayoutError("a bone lies elsewhere than Blender tells it")
    return address


def _flag(layout, obj, name: str, owner: int, addresses: list[int], size: int) -> Flag:
    """The one flag that setting it changes."""
    flags, count = bones.flag_owner(obj), len(addresses)
    before = [memory.copy(address, size) for address in addresses[:_TRIED]]
    flags.foreach_set(name, b"\1" * count)
    after = [memory.copy(address, size) for address in addresses[:_TRIED]]
    places = {
        (at, old, new)
        for olds, news in zip(before, after, strict=True)
        for at, (old, new) in enumerate(zip(olds, news, strict=True))
        if old != new
    }
    bits = {(at, old ^ new) for at, old, new in places if not old & (old ^ new)}
    if len(bits) != 1 or len({at for at, _, _ in places}) != 1:
        raise LayoutError(f"the flag {name} of bones is not found")
    flag = Flag(owner, *bits.pop())
    flags.foreach_set(name, array("b", (i % 3 == 0 for i in range(count))))
    first = obj.pose.bones[0].as_pointer()
    if read_flag(layout, first, count, flag) != bones.read_flag(flags, name):
        raise LayoutError(f"the flag {name} of bones is read otherwise than Blender tells it")
    flags.foreach_set(name, bytes(count))
    return flag
