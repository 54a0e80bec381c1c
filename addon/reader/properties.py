# SPDX-License-Identifier: GPL-3.0-or-later
"""How the custom properties of bones are kept: as copies of Blender's records of them, which are
made in next to no time and read when they are wanted, or read at once by the public API.

The first way is chosen, as those of bones and curves, if Blender's description of its structs has
everything and properties of every sort are read the same both ways.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable
from itertools import compress

import bpy

from .. import native
from ..bridge import property_groups
from ..bridge.property_groups import Groups
from ..native import memory, record_copies
from ..native.bone_records import ABSENT, BoneLayout, read_addresses
from . import property_layout, scratch
from .choice import Choice, State
from .layout import LayoutError
from .property_copies import Copies
from .property_layout import ELEMENT, ID, SAMPLES, PropertyLayout

_choice = Choice("custom properties")

Kept = Callable[[], dict[int, Groups]]
"""Gives the properties of bones by index, as they were."""


def state(bones: BoneLayout | None, obj) -> State:
    """Whether records of properties are copied, and why; the first object that has bones
    decides."""

    def find() -> PropertyLayout:
        if bones is None:
            raise LayoutError("where pose bones lie is not known")
        at, size = property_layout.find(scratch.blend_file())
        return prove(at, size, bones, obj)

    return _choice.known or _choice.state(find)


def chosen() -> State | None:
    """The same, None as long as no call has asked for it."""
    return _choice.known


def keep(obj, marked: bytes, bones: BoneLayout | None) -> Kept:
    """The properties of the marked bones as they are now; `bones` tells where those lie, if that
    is known."""
    if 1 not in marked:
        return dict
    layout = state(bones, obj).layout
    if layout is not None:
        try:
            return _keep(layout, bones, obj.pose.bones[0].as_pointer(), marked)
        except native.LimberError:
            # A property of a sort that is not known.
            pass
    found = property_groups.read_all(obj, marked)
    return lambda: found


def _keep(layout: PropertyLayout, bones: BoneLayout, first: int, marked: bytes) -> Kept:
    count = len(marked)
    fields = (bones.properties, bones.more_properties)
    user, system = (
        array("Q", compress(read_addresses(bones, first, count, at), marked))
        if at != ABSENT
        else array("Q", bytes(8 * marked.count(1)))
        for at in fields
    )
    copied = record_copies.copy(layout.kinds, ELEMENT, user + system)

    def read() -> dict[int, Groups]:
        copies = Copies(layout, copied)
        groups = map(copies.read, user, system)
        return dict(zip(compress(range(count), marked), groups, strict=True))

    return read


def prove(at: dict, size: dict, bones: BoneLayout, obj) -> PropertyLayout:
    """The proven layout; raises LayoutError if properties of a copy of the object are read
    otherwise than Blender tells them. The copy is in no scene and goes away."""
    if not memory.is_64_bit_little_endian():
        raise LayoutError("addresses are not of 64 bits with the lowest byte first")
    copy = obj.copy()
    try:
        bone = copy.pose.bones[0]
        for key in list(bone.keys()):
            del bone[key]
        names = [*SAMPLES, ID]
        for name in names:
            bone[name] = copy if name == ID else SAMPLES[name]
        group = _address(bone, bones.properties)
        layout = property_layout.layout(at, size, *property_layout.learn(at, size, group, names))
        _compare(layout, bone, group, with_settings=False)
        _set_settings(bone)
        _compare(layout, bone, group, with_settings=True)
        return layout
    finally:
        bpy.data.objects.remove(copy)


def _address(bone, at: int) -> int:
    found = memory.copy(bone.as_pointer() + at, 8)
    if len(found) != 8:
        raise LayoutError("a pose bone lies where no memory is")
    return struct.unpack("<Q", found)[0]


def _set_settings(bone) -> None:
    """Settings in which no two numbers are alike."""
    limits = {"min": -7, "max": 9, "soft_min": -5, "soft_max": 6, "step": 3, "default": 2}
    text = {"description": "d\u00e9scription", "subtype": "FACTOR"}
    numbers = text | limits | {"precision": 4}
    items = [("A", "An A", "first", 0, 2), ("B", "a B", "", 1, 5)]
    settings = {
        "int": text | limits,
        "double": numbers,
        "bool": {"default": True, "description": "", "subtype": "LAYER"},
        "str": {"default": "d\u00e9fault", "subtype": "FILE_PATH"},
        "bytes": {"description": "bytes"},
        "int array": text | limits | {"default": [4, -6]},
        "float array": numbers | {"default": [0.5, -1.5]},
        "double array": numbers | {"default": [0.1, 0.2, 0.3]},
        "bool array": {"default": [False, True]},
    }
    for name, values in settings.items():
        bone.id_properties_ui(name).update(**values)
    bone["items"] = 2
    bone.id_properties_ui("items").update(items=items)


def _compare(layout: PropertyLayout, bone, group: int, with_settings: bool) -> None:
    """First by copies that no wrong address can harm, then by the library's."""
    careful = record_copies.copy_carefully(layout.kinds, ELEMENT, [group], memory.copy)
    copied = record_copies.copy(layout.kinds, ELEMENT, array("Q", [group]))
    try:
        read = Copies(layout, careful).read(group, 0).user
    except (struct.error, KeyError, IndexError, ValueError) as error:
        raise LayoutError(f"copies of custom properties make no sense: {error}") from error
    # Blender is asked last: it makes settings when it is asked for them.
    known = property_groups.read(bone).user
    if not with_settings:
        read, known = (
            {key: prop._replace(settings=None) for key, prop in properties.items()}
            for properties in (read, known)
        )
    if read != known or list(read) != list(known):
        raise LayoutError("custom properties are read otherwise than Blender tells them")
    if copied != careful:
        raise LayoutError("custom properties are copied otherwise than they are read")
