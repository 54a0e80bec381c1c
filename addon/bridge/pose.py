# SPDX-License-Identifier: GPL-3.0-or-later
"""The channels of all pose bones of an object, as arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

TRANSFORM = {
    "location": ("f", 3),
    "rotation_quaternion": ("f", 4),
    "rotation_euler": ("f", 3),
    "rotation_axis_angle": ("f", 4),
    "scale": ("f", 3),
    "rotation_mode": ("i", 1),
}
"""Type code and elements a bone of the transform channels."""

BBONE = {
    "bbone_curveinx": ("f", 1),
    "bbone_curveinz": ("f", 1),
    "bbone_curveoutx": ("f", 1),
    "bbone_curveoutz": ("f", 1),
    "bbone_rollin": ("f", 1),
    "bbone_rollout": ("f", 1),
    "bbone_easein": ("f", 1),
    "bbone_easeout": ("f", 1),
    "bbone_scalein": ("f", 3),
    "bbone_scaleout": ("f", 3),
}
"""The same of the bendy-bone properties."""

LOCKS = {
    "lock_location": ("b", 3),
    "lock_rotation": ("b", 3),
    "lock_rotation_w": ("b", 1),
    "lock_rotations_4d": ("b", 1),
    "lock_scale": ("b", 3),
}
"""The same of the transform locks."""

ALL = TRANSFORM | BBONE | LOCKS
"""The same of all properties that can be read and written."""


def zeroes(name: str, count: int) -> array:
    """An array of the size that a property of `count` bones needs."""
    code, width = ALL[name]
    return array(code, bytes(array(code).itemsize * count * width))


def read(obj, name: str, count: int | None = None) -> array:
    """One property of all pose bones; counting them takes Blender half as long as reading."""
    bones = obj.pose.bones
    values = zeroes(name, len(bones) if count is None else count)
    bones.foreach_get(name, values)
    return values


class PoseArrays:
    """Channels of the bones of one object, in the order of `pose.bones`.

    `arrays` maps the names of properties to arrays that the native library changes in place;
    `write` gives back to Blender what has changed.
    """

    def __init__(self, obj, arrays: dict[str, array], count: int) -> None:
        self.object = obj
        self.count = count
        self.arrays = arrays
        self._start = {name: array(values.typecode, values) for name, values in arrays.items()}

    @classmethod
    def read(cls, obj, names: Iterable[str]) -> PoseArrays:
        """Reads the named properties of all bones."""
        count = len(obj.pose.bones)
        return cls(obj, {name: read(obj, name, count) for name in names}, count)

    def restore(self) -> None:
        """Sets the arrays, not Blender, back to what was read."""
        for name, values in self._start.items():
            self.arrays[name][:] = values

    def changed(self) -> list[str]:
        """Names of the arrays that differ from what was read."""
        return [
            name
            for name, start in self._start.items()
            if self.arrays[name].tobytes() != start.tobytes()
        ]

    def write(self, names: Iterable[str] | None = None) -> None:
        """Writes arrays to the bones, by default those that have changed."""
        bones = self.object.pose.bones
        for name in self.changed() if names is None else names:
            bones.foreach_set(name, self.arrays[name])


def tag(obj) -> None:
    """Makes Blender evaluate the pose again, without applying animation to it.

    Where the bones are depends on where the object is, so that saying this of the object is
    enough. Saying it of its data, as stock does, has the armature copied and evaluated besides,
    which takes as long as a quarter of evaluating its pose.
    """
    obj.update_tag(refresh={"OBJECT"})
