# SPDX-License-Identifier: GPL-3.0-or-later
"""Which channels a keying set names for some pose bones."""

from __future__ import annotations

import re
import types
from array import array
from bisect import bisect_left
from typing import NamedTuple

import bpy

from .curves import action_frame, channelbag
from .some_bones import LIVE

_SAME_FRAME = 0.01
"""Keys closer than that are on the same frame to Blender."""

_BONE_PATH = re.compile(r'pose\.bones\["(?:[^"\\]|\\.)*"\]')


class Channel(NamedTuple):
    """A property to key."""

    owner: object
    path: str
    index: int
    """Of one component; -1 = all."""
    group: str


def has_key(obj, frame: float) -> bool:
    """Whether a curve of the object's action, not muted, has a key on a frame of the scene."""
    bag = channelbag(obj)
    if bag is None:
        return False
    frame = action_frame(obj, frame)
    return any(not curve.mute and has_key_on(curve, frame) for curve in bag.fcurves)


def has_key_on(curve, frame: float) -> bool:
    """Whether a curve has a key on a frame of its action."""
    points = curve.keyframe_points
    positions = array("f", bytes(8 * len(points)))
    points.foreach_get("co", positions)
    frames = positions[::2]
    at = bisect_left(frames, frame - _SAME_FRAME)
    return at < len(frames) and frames[at] <= frame + _SAME_FRAME


def of_builtin(context, name: str, obj, pose_bones: list) -> list[Channel]:
    """The channels of one of Blender's own sets; none if its poll fails here."""
    if not _poll(context, name):
        return []
    if name == "Available":
        return available(obj, pose_bones)
    return [channel for bone in pose_bones for channel in _GENERATORS[name](bone)]


def _info(name: str):
    """The Python class of a keying set that finds its channels itself."""
    return bpy.types.KeyingSetInfo.bl_rna_get_subclass_py(name)


def _poll(context, name: str) -> bool:
    info = _info(name)
    if info is None:
        return False
    try:
        return bool(info.poll(info, context))
    except (AttributeError, TypeError):
        # Blender takes a poll that fails, as some do outside of any editor, for passed.
        return True


def _location(bone) -> list[Channel]:
    return [Channel(bone, "location", -1, bone.name)]


def rotation(bone) -> list[Channel]:
    """The rotation of the bone's mode."""
    return [Channel(bone, LIVE.get(bone.rotation_mode, "rotation_euler"), -1, bone.name)]


def _scale(bone) -> list[Channel]:
    return [Channel(bone, "scale", -1, bone.name)]


def _transform(bone) -> list[Channel]:
    return [*_location(bone), *rotation(bone), *_scale(bone)]


def _unlocked(bone, path: str, locked) -> list[Channel]:
    """The components of a property that are not locked, one by one as Blender has them."""
    return [Channel(bone, path, i, bone.name) for i, lock in enumerate(locked) if not lock]


def _unlocked_rotation(bone) -> list[Channel]:
    path = LIVE.get(bone.rotation_mode)
    locked = tuple(bone.lock_rotation)
    if path is None:
        return _unlocked(bone, "rotation_euler", locked)
    if bone.lock_rotations_4d:
        return _unlocked(bone, path, (bone.lock_rotation_w, *locked))
    # Locks of Euler angles say nothing about single components of a quaternion.
    return [] if any(locked) else [Channel(bone, path, -1, bone.name)]


def bendy(bone) -> list[Channel]:
    """The bendy-bone properties, in the order of Blender's keying sets."""
    return [Channel(bone, path, -1, bone.name) for path in _BENDY]


def custom(bone) -> list[Channel]:
    """The custom properties that can be animated."""
    return [
        Channel(bone, path, -1, bone.name)
        for path in (f'["{bpy.utils.escape_identifier(name)}"]' for name in bone.keys())  # noqa: SIM118
        if _is_animatable(bone, path)
    ]


def _is_animatable(bone, path: str) -> bool:
    try:
        resolved = bone.path_resolve(path, False)
    except ValueError:
        return False
    return bool(resolved) and resolved.rna_type in _ANIMATABLE


def _character_properties(bone, others: list[Channel]) -> list[Channel]:
    """Custom properties as the set Whole Character takes them: one that bears the name of a
    property of Blender or of an add-on stands for that property, unless the set has its first
    component."""
    found = []
    known = {channel.path for channel in others if channel.index < 1}
    defined = type(bone).bl_rna.properties
    for name in bone.keys():  # noqa: SIM118
        path = f'["{bpy.utils.escape_identifier(name)}"]'
        if name not in defined:
            if _is_animatable(bone, path):
                found.append(Channel(bone, path, -1, bone.name))
        elif defined[name].is_animatable and name not in known:
            found.append(Channel(bone, name, -1, bone.name))
    return found


def _whole_character(bone) -> list[Channel]:
    found = [] if bone.bone.use_connect else _unlocked(bone, "location", bone.lock_location)
    found += _unlocked_rotation(bone)
    found += _unlocked(bone, "scale", bone.lock_scale)
    if bone.bone.bbone_segments > 1:
        found += bendy(bone)
    return found + _character_properties(bone, found)


_BENDY = (
    *("bbone_curveinx", "bbone_curveinz", "bbone_curveoutx", "bbone_curveoutz"),
    *("bbone_rollin", "bbone_rollout", "bbone_scalein", "bbone_scaleout"),
    *("bbone_easein", "bbone_easeout"),
)
if bpy.app.version[:2] == (5, 0):
    # The other names in that version's sets are not those of any property.
    _BENDY = tuple(
        path
        for path in _BENDY
        if path not in {"bbone_curveinz", "bbone_curveoutz", "bbone_easein", "bbone_easeout"}
    )
_ANIMATABLE = {
    bpy.types.BoolProperty,
    bpy.types.IntProperty,
    bpy.types.FloatProperty,
    bpy.types.EnumProperty,
}
_GENERATORS = {
    "Location": _location,
    "Rotation": rotation,
    "Scaling": _scale,
    "LocRotScale": _transform,
    "WholeCharacter": _whole_character,
}


def available(obj, pose_bones: list) -> list[Channel]:
    """Every curve there is whose path names one of the bones."""
    bag = channelbag(obj)
    if bag is None:
        return []
    found: dict[str, list[Channel]] = {bone.path_from_id(): [] for bone in pose_bones}
    for curve in bag.fcurves:
        path = curve.data_path
        for name in _BONE_PATH.findall(path):
            if name in found:
                found[name].append(Channel(obj, path, curve.array_index, "Available"))
                break
    # Blender goes through the curves for each bone.
    return [channel for channels in found.values() for channel in channels]


class _Recorder:
    """Stands in for the `KeyingSet` that a keying set's Python functions add their paths to."""

    def __init__(self, name: str) -> None:
        self.paths = self
        self.name = name
        self.channels: dict[tuple, Channel] = {}

    def add(
        self, target_id, data_path, *, index=-1, group_method="KEYINGSET", group_name=""
    ) -> None:
        group = {"NONE": "", "KEYINGSET": self.name}.get(group_method, group_name)
        channel = Channel(target_id, data_path, index, group)
        # Blender takes a whole property for the same as its first component.
        self.channels.setdefault((target_id.session_uid, data_path, max(index, 0)), channel)


def of_set(context, keying_set, pose_bones: list) -> list[Channel]:
    """The channels of the user's active keying set."""
    info = _info(keying_set.bl_idname) if keying_set.bl_idname else None
    if info is None:
        return [channel for path in keying_set.paths for channel in _of_path(keying_set, path)]
    if not _poll(context, keying_set.bl_idname):
        return []
    recorder = _Recorder(keying_set.bl_label)
    methods = _Methods(info)
    for bone in pose_bones:
        methods.generate(context, recorder, bone)
    return list(recorder.channels.values())


class _Methods:
    """The methods of a keying set's class without an instance, which only Blender can make."""

    def __init__(self, info) -> None:
        self._info = info

    def __getattr__(self, name: str):
        value = getattr(self._info, name)
        return types.MethodType(value, self) if isinstance(value, types.FunctionType) else value


def _of_path(keying_set, path) -> list[Channel]:
    if path.id is None:
        return []
    method = path.group_method
    group = {"NONE": "", "KEYINGSET": keying_set.bl_label}.get(method, path.group)
    index = -1 if path.use_entire_array else path.array_index
    return [Channel(path.id, path.data_path, index, group)]
