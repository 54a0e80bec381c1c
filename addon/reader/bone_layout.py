# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the channels of Blender's pose bones lie, by its own SDNA, and the proof of it."""

from __future__ import annotations

import struct
from array import array

import bpy

from ..bridge import pose, property_groups
from ..native import memory
from ..native.bone_records import BoneLayout, read
from . import sdna
from .layout import LayoutError

STRUCT = "bPoseChannel"
CHANNELS = (*pose.TRANSFORM, *pose.BBONE)

_FIELDS = {
    "next": "bPoseChannel *next",
    "location": "float loc[3]",
    "rotation_quaternion": "float quat[4]",
    "rotation_euler": "float eul[3]",
    "rotation_angle": "float rotAngle",
    "rotation_axis": "float rotAxis[3]",
    "scale": "float size[3]",
    "rotation_mode": "short rotmode",
    "bbone_curveinx": "float curveInX",
    "bbone_curveinz": "float curveInY",
    "bbone_curveoutx": "float curveOutX",
    "bbone_curveoutz": "float curveOutY",
    "bbone_rollin": "float roll1",
    "bbone_rollout": "float roll2",
    "bbone_easein": "float ease1",
    "bbone_easeout": "float ease2",
    "bbone_scalein": "float scale_in[3]",
    "bbone_scaleout": "float scale_out[3]",
    "properties": "IDProperty *prop",
    "more_properties": "IDProperty *system_properties",
}
"""The field of each part of the library's layout, and what it has to be."""


def find(data: bytes) -> BoneLayout:
    """The layout by a .blend file's bytes; raises LayoutError."""
    try:
        found = sdna.read(data, [STRUCT]).get(STRUCT.lower())
    except sdna.SdnaError as error:
        raise LayoutError(f"Blender's description of its structs is damaged: {error}") from error
    if found is None:
        raise LayoutError(f"Blender has no struct {STRUCT}")
    by_declaration = {f"{f.type} {f.declaration}": f for f in found.fields.values()}
    missing = set(_FIELDS.values()) - set(by_declaration)
    name = found.fields.get("name")
    if missing or name is None or name.type != "char" or name.size < 2:
        raise LayoutError(f"{STRUCT} has no {', '.join(sorted(missing)) or 'name'}")
    offsets = {part: by_declaration[wanted].offset for part, wanted in _FIELDS.items()}
    return BoneLayout(
        record_size=found.size,
        name=name.offset,
        name_size=name.size,
        rotation_mode_size=by_declaration[_FIELDS["rotation_mode"]].size,
        **offsets,
    )


def prove(layout: BoneLayout, obj) -> None:
    """Reads the pose of a copy of the object both ways; raises LayoutError if they differ.

    The copy gets other values in every channel of every bone, is in no scene and goes away.
    """
    if not memory.is_64_bit_little_endian():
        raise LayoutError("addresses are not of 64 bits with the lowest byte first")
    copy = obj.copy()
    try:
        _fill(copy.pose.bones)
        _prove(layout, copy)
    finally:
        bpy.data.objects.remove(copy)


def _fill(bones) -> None:
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
    names = "".join(f"{bone.name}\0" for bone in bones).encode("utf-8", "surrogateescape")
    marks = [groups != (None, None) for groups in map(property_groups.read, bones)]
    if found.names != names or list(found.has_properties) != marks:
        raise LayoutError("a pose bone is read otherwise than Blender tells it")
