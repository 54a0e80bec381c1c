# SPDX-License-Identifier: GPL-3.0-or-later
"""An armature's bones at rest, and evaluated pose matrices, as arrays."""

from __future__ import annotations

from array import array

RIG_ARRAYS = {
    "rest": ("matrix_local", "f", 16),
    "length": ("length", "f", 1),
    "inherit_scale": ("inherit_scale", "i", 1),
    "use_connect": ("use_connect", "b", 1),
    "use_inherit_rotation": ("use_inherit_rotation", "b", 1),
    "use_local_location": ("use_local_location", "b", 1),
}
"""Arrays of a rig: Blender's property, type code and elements a bone."""


def parents(obj) -> array:
    """Index of each bone's parent, -1 = none, in the order of `pose.bones`."""
    names = obj.data.bones.keys()
    index = {name: i for i, name in enumerate(names)}
    index[None] = -1
    found = (bone.parent for bone in obj.data.bones)
    return array("i", [index[parent.name] if parent else -1 for parent in found])


def read(obj, names: tuple[str, ...]) -> dict[str, array]:
    """Arrays of the rig by name, `parent` always included."""
    bones = obj.data.bones
    arrays = {"parent": parents(obj)}
    for name in names:
        prop, code, width = RIG_ARRAYS[name]
        values = array(code, bytes(array(code).itemsize * width * len(bones)))
        bones.foreach_get(prop, values)
        arrays[name] = values
    return arrays


def pose_matrices(obj) -> array:
    """Pose matrices after constraints, armature space, column-major."""
    bones = obj.pose.bones
    values = array("f", bytes(64 * len(bones)))
    bones.foreach_get("matrix", values)
    return values
