# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the channels of Blender's pose bones lie, by its own SDNA, and the proof of it."""

from __future__ import annotations

import struct
from array import array

import bpy

from ..bridge import bones as public_bones
from ..bridge import pose, property_groups
from ..native import memory
from ..native import names as native_names
from ..native.bone_records import BoneLayout, read
from .layout import LayoutError, find_field, read_structs

STRUCT = "bPoseChannel"
CHANNELS = (*pose.TRANSFORM, *pose.BBONE)

_FIELDS = {
    "next": ("next", "bPoseChannel *next"),
    "location": ("loc", "float loc[3]"),
    "rotation_quaternion": ("quat", "float quat[4]"),
    "rotation_euler": ("eul", "float eul[3]"),
    "rotation_angle": ("rotAngle", "float rotAngle"),
    "rotation_axis": ("rotAxis", "float rotAxis[3]"),
    "scale": ("size", "float size[3]"),
    "rotation_mode": ("rotmode", "short rotmode"),
    "bbone_curveinx": ("curveInX", "float curveInX"),
    "bbone_curveinz": ("curveInY", "float curveInY"),
    "bbone_curveoutx": ("curveOutX", "float curveOutX"),
    "bbone_curveoutz": ("curveOutY", "float curveOutY"),
    "bbone_rollin": ("roll1", "float roll1"),
    "bbone_rollout": ("roll2", "float roll2"),
    "bbone_easein": ("ease1", "float ease1"),
    "bbone_easeout": ("ease2", "float ease2"),
    "bbone_scalein": ("scale_in", "float scale_in[3]"),
    "bbone_scaleout": ("scale_out", "float scale_out[3]"),
    "properties": ("prop", "IDProperty *prop"),
    "more_properties": ("system_properties", "IDProperty *system_properties"),
}
"""The field of each part of the library's layout, and what it has to be."""


def find(data: bytes) -> BoneLayout:
    """The layout by a .blend file's bytes; raises LayoutError."""
    record = read_structs(data, [STRUCT])[STRUCT]
    found = {part: find_field(record, *wanted) for part, wanted in _FIELDS.items()}
    name = record.fields.get("name")
    if name is None or name.type != "char" or name.size < 2:
        raise LayoutError(f"{STRUCT} has no name")
    return BoneLayout(
        record_size=record.size,
        name=name.offset,
        name_size=name.size,
        rotation_mode_size=found["rotation_mode"].size,
        **{part: field.offset for part, field in found.items()},
    )


def prove(layout: BoneLayout, obj) -> None:
    """Reads the pose of a copy of the object both ways; raises LayoutError if they differ.

    The copy gets other values in every channel of every bone, is in no scene and goes away.
    """
    if not memory.is_64_bit_little_endian():
        raise LayoutError("addresses are not of 64 bits with the lowest byte first")
    copy = obj.copy()
    try:
        _set_every_channel(copy.pose.bones)
        _prove(layout, copy)
    finally:
        bpy.data.objects.remove(copy)


def _set_every_channel(bones) -> None:
    count = len(bones)
    modes = array("i", (i % 8 - 1 for i in range(count)))
    bones.foreach_set("rotation_mode", modes)
    start = 0.25
    for name in CHANNELS:
        if name != "rotation_mode":
            size = pose.ALL[name][1] * count
            bones.foreach_set(name, array("f", (start + 0.5 * i for i in range(size))))
            start += 1000.25
    bones[0]["limber"] = 1
    if "bl_system_properties_get" in bones[0].bl_rna.functions:
        bones[-1].bl_system_properties_get(do_create=True)


def _prove(layout: BoneLayout, obj) -> None:
    bones = obj.pose.bones.values()
    addresses = [bone.as_pointer() for bone in bones]
    for address, after in zip(addresses, [*addresses[1:], 0], strict=True):
        data = memory.copy(address, layout.record_size)
        if len(data) != layout.record_size or layout.next > len(data) - 8:
            raise LayoutError("a pose bone lies where no memory is")
        if struct.unpack_from("<Q", data, layout.next)[0] != after:
            raise LayoutError("the order of pose bones is read otherwise than Blender tells it")
    found = read(layout, addresses[0], len(bones), CHANNELS, True)
    for name, values in found.arrays.items():
        if values.tobytes() != pose.read(obj, name).tobytes():
            raise LayoutError(f"{name} of pose bones is read otherwise than Blender tells it")
    names = native_names.pack(public_bones.names(obj))
    marks = [groups != (None, None) for groups in map(property_groups.read, bones)]
    if found.names != names or list(found.marks) != marks:
        raise LayoutError("a pose bone is read otherwise than Blender tells it")
