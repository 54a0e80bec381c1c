# SPDX-License-Identifier: GPL-3.0-or-later
"""The channels of a few pose bones of an object, as arrays.

Blender hands out the property of all bones in one call, which is the cheaper way unless the few
wanted bones are a small part of the rig.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from .pose import ALL

MODES = ("AXIS_ANGLE", "QUATERNION", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")
"""Names of `rotation_mode`; the numbers begin with -1."""

LIVE = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}
"""The property that holds the rotation in these modes; in the others, `rotation_euler`."""

_MODE_NUMBERS = {name: number for number, name in enumerate(MODES, -1)}

_PART = 16
"""Read bone by bone when fewer than one in this many is wanted: one property of one bone costs
about as much as the same property of 5 to 10 bones in one call, and writing it twice that."""


def worth_it(wanted: int, count: int) -> bool:
    """Whether reading `wanted` of `count` bones one by one is the cheaper way."""
    return wanted * _PART <= count + _PART


def find(obj, mask: array) -> list:
    """The pose bones whose byte in the mask is not zero."""
    pose_bones = obj.pose.bones
    flags = mask.tobytes()
    found = []
    at = flags.find(b"\1")
    while at >= 0:
        found.append(pose_bones[at])
        at = flags.find(b"\1", at + 1)
    return found


def live_rotations(bones: list) -> list[str]:
    """The properties that hold the rotations of the bones."""
    return sorted({LIVE.get(bone.rotation_mode, "rotation_euler") for bone in bones})


class SomeBones:
    """Like `pose.PoseArrays`, of some bones only."""

    def __init__(self, bones: list, arrays: dict[str, array]) -> None:
        self.bones = bones
        self.count = len(bones)
        self.arrays = arrays
        self._start = {name: values.tobytes() for name, values in arrays.items()}

    @classmethod
    def read(cls, bones: list, names: Iterable[str]) -> SomeBones:
        """Reads the named properties of some pose bones."""
        arrays = {}
        for name in names:
            code, width = ALL[name]
            read = [getattr(bone, name) for bone in bones]
            if name == "rotation_mode":
                read = [_MODE_NUMBERS[mode] for mode in read]
            elif width > 1:
                read = [value for values in read for value in values]
            arrays[name] = array(code, read)
        return cls(bones, arrays)

    def write(self, names: Iterable[str] | None = None) -> None:
        """Writes the values that differ from what was read; makes Blender evaluate the pose."""
        for name in self.arrays if names is None else names:
            values = self.arrays[name]
            if values.tobytes() == self._start[name]:
                continue
            start = array(values.typecode, self._start[name])
            width = ALL[name][1]
            for i, bone in enumerate(self.bones):
                part = values[i * width : (i + 1) * width]
                if part.tobytes() != start[i * width : (i + 1) * width].tobytes():
                    setattr(bone, name, self._value(name, part))

    @staticmethod
    def _value(name: str, part: array):
        if name == "rotation_mode":
            return MODES[part[0] + 1]
        return part if len(part) > 1 else part[0]
