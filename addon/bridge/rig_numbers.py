# SPDX-License-Identifier: GPL-3.0-or-later
"""Which number of a rig a data path means: a channel, a constraint's setting, a custom property."""

from __future__ import annotations

import re

import bpy

from . import rig_writes
from .detach import split_path
from .rig_constraints import Constraints, value_names

(
    LOCATION,
    ROTATION_QUATERNION,
    ROTATION_EULER,
    ROTATION_AXIS_ANGLE,
    SCALE,
    INFLUENCE,
    MUTE,
    VALUE,
    WEIGHT,
    HEAD_TAIL,
    CUSTOM,
) = range(11)
"""The arrays of numbers, as the native library counts them."""

CHANNELS = {
    "location": (LOCATION, 3),
    "rotation_quaternion": (ROTATION_QUATERNION, 4),
    "rotation_euler": (ROTATION_EULER, 3),
    "rotation_axis_angle": (ROTATION_AXIS_ANGLE, 4),
    "scale": (SCALE, 3),
}
_HARMLESS = re.compile(
    r"\.(bbone_|custom_shape|color|lock_|hide|select|ik_|use_ik_|lock_ik_|motion_path)"
)
"""Settings of bones that move no bone; those of IK only where IK is."""
_HARMLESS_SETTING = re.compile(r"^\.(name|show_expanded|active|is_override_data)$")
_CONSTRAINT = re.compile(r'^\.constraints\["((?:[^"\\]|\\.)*)"\](.*)$')
_TARGET = re.compile(r"^\.targets\[(\d+)\]\.(\w+)$")
_ELEMENT = re.compile(r"^(.*?)(?:\[(\d+)\]|\.([wxyz]))$")

NOTHING = None
"""A path that moves no bone."""


class ElsewhereError(Exception):
    """A path that changes a bone in a way that is not a number of the rig; `bone` is its number,
    or -1 for the whole rig."""

    def __init__(self, bone: int) -> None:
        super().__init__(bone)
        self.bone = bone


def with_component(path: str) -> tuple[str, int]:
    """A path that may end in an element of an array, and the number of the element or -1."""
    match = _ELEMENT.match(path)
    if match is None:
        return path, -1
    rest, index, letter = match.groups()
    if index is not None:
        return rest, int(index)
    four = rest.endswith(("rotation_quaternion", "rotation_axis_angle"))
    return rest, ("wxyz" if four else "xyz").find(letter)


class Numbers:
    """The numbers of a rig by data path."""

    def __init__(self, index: dict[str, int], constraints: Constraints) -> None:
        self.index = index
        self.constraints = constraints
        self.custom: dict[tuple[str, int], int] = {}
        """Numbers that drivers read or write, by path and element."""
        self.values: list[float] = []
        self.custom_writes: list[rig_writes.Write] = []
        self.has_solver = any(c.type in {"IK", "SPLINE_IK"} for c in constraints.found)

    def add_custom(self, path: str, component: int, value: float, write: rig_writes.Write) -> int:
        """The place of a number that is not the rig's own."""
        key = (path, component)
        if key not in self.custom:
            self.custom[key] = len(self.values)
            self.values.append(value)
            self.custom_writes.append(write)
        return self.custom[key]

    def find(self, path: str, component: int) -> tuple[int, int] | None:
        """The array and element that a path means; NOTHING for one that moves no bone.

        Raises ElsewhereError.
        """
        known = self.custom.get((path, component))
        if known is not None:
            return CUSTOM, known
        parts = split_path(path, 'pose.bones["')
        if parts is None:
            if path.startswith("pose.bones["):
                raise ElsewhereError(-1)
            return NOTHING
        bone = self.index.get(bpy.utils.unescape_identifier(parts[0]))
        if bone is None:
            return NOTHING
        rest = parts[1][1:]
        channel = CHANNELS.get(rest[1:])
        if channel is not None:
            slot, width = channel
            return (slot, width * bone + component) if 0 <= component < width else NOTHING
        if rest.startswith("["):
            return NOTHING
        match = _CONSTRAINT.match(rest)
        if match is not None:
            name = bpy.utils.unescape_identifier(match[1])
            return self._setting(bone, name, match[2], component)
        if _HARMLESS.match(rest) and not (self.has_solver and "ik_" in rest):
            return NOTHING
        raise ElsewhereError(bone)

    def write(self, number: tuple[int, int]) -> rig_writes.Write:
        """How what a number stands for takes what is written."""
        slot, element = number
        if slot <= SCALE:
            return rig_writes.PLAIN
        if slot in {INFLUENCE, WEIGHT, HEAD_TAIL}:
            return rig_writes.FACTOR
        if slot == MUTE:
            return rig_writes.SWITCH
        if slot == CUSTOM:
            return self.custom_writes[element]
        constraint = self.constraints.found[element // 16]
        names = value_names(constraint)
        prop = constraint.bl_rna.properties[names[min(element % 16, len(names) - 1)]]
        return rig_writes.of_rna(prop)

    def _setting(self, bone: int, name: str, rest: str, component: int):
        found = self.constraints.places.get((bone, name))
        if found is None or _HARMLESS_SETTING.match(rest):
            return NOTHING
        row, first, constraint = found
        setting = rest[1:]
        if setting == "influence":
            return INFLUENCE, row
        if setting in {"mute", "enabled"}:
            if setting == "enabled":
                raise ElsewhereError(bone)
            return MUTE, row
        if setting == "head_tail" and self.constraints.target_first[row + 1] > first:
            return HEAD_TAIL, first
        target = _TARGET.match(rest)
        if target is not None and target[2] == "weight":
            place = first + int(target[1])
            if place < self.constraints.target_first[row + 1]:
                return WEIGHT, place
        names = value_names(constraint)
        whole = setting in {"frame_start", "frame_end"}
        if setting in names and constraint.type in {*_NUMBERED} and not whole:
            return VALUE, 16 * row + names.index(setting) + max(component, 0)
        raise ElsewhereError(bone)


_NUMBERED = (
    *("COPY_SCALE", "LIMIT_DISTANCE", "STRETCH_TO", "FLOOR", "MAINTAIN_VOLUME", "LIMIT_LOCATION"),
    *(
        "LIMIT_ROTATION",
        "LIMIT_SCALE",
        "TRANSFORM",
        "PIVOT",
        "IK",
        "ACTION",
        "FOLLOW_PATH",
        "SPLINE_IK",
    ),
)
