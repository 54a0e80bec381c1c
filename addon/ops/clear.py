# SPDX-License-Identifier: GPL-3.0-or-later
"""Clearing location, rotation and scale of pose bones."""

from __future__ import annotations

from array import array
from itertools import compress

import bpy

from ..bridge import animated, autokey, bones, pose, some_bones
from ..bridge.key_failures import told
from ..bridge.known_curves import unchanged_pose
from ..bridge.recalculated_paths import recalculate
from ..native import clear as native_clear
from ..native import names as native_names
from ..native.structs import Locks, Pose
from . import key_style
from .base import LimberOperator, run_stock

_ROTATION_BBONE = [
    "bbone_curveinx",
    "bbone_curveinz",
    "bbone_curveoutx",
    "bbone_curveoutz",
    "bbone_rollin",
    "bbone_rollout",
]
_SCALE_BBONE = ["bbone_easein", "bbone_easeout", "bbone_scalein", "bbone_scaleout"]
_ROTATION_LOCKS = ["lock_rotation", "lock_rotation_w", "lock_rotations_4d"]


def stock_pays(context) -> bool:
    """Whether Blender's operator is the fastest way.

    It resets 1,000 bones in 0.1 ms, less than Python needs to ask for their locks; keying them is
    what takes its time. Which keys reach through NLA tracks is Blender's to say.
    """
    if not autokey.enabled(context) or autokey.is_visual(context):
        return True
    objects = bones.posed_objects(context)
    if any(map(animated.has_tracks, objects)):
        return True
    plain = key_style.is_plain(context)
    fewest = autokey.CLEAR_WORK if plain else autokey.STYLED_CLEAR_WORK
    return context.mode == "POSE" and autokey.work(objects) < fewest


class _ClearOperator(LimberOperator):
    """Clears the selected visible bones of every posed object."""

    bl_options = {"REGISTER", "UNDO"}
    function: str
    keying_set: str
    vectors: list[str] = []
    modes: list[str] = []
    bbone: list[str] = []
    locks: list[str] = []

    def run(self, context) -> set[str]:
        if stock_pays(context):
            return run_stock(self, getattr(bpy.ops.pose, self.function))
        keying = autokey.enabled(context)
        done = False
        with told(self), unchanged_pose(context):
            for obj in bones.posed_objects(context):
                pose_bones = self._clear_selected(context, obj)
                done = done or bool(pose_bones)
                if keying and pose_bones:
                    self._key(context, obj, pose_bones)
        return {"FINISHED"} if done else {"CANCELLED"}

    def _key(self, context, obj, pose_bones: list) -> None:
        with key_style.preferred(context, [obj]):
            keyed = autokey.key_bones(context, obj, pose_bones, self.keying_set)
        if keyed:
            recalculate(context, [obj])

    def _clear_selected(self, context, obj) -> list:
        """Clears an object's selected bones and gives them back."""
        selected = bones.selected_mask(obj)
        count = len(selected) - selected.tobytes().count(0)
        if not count:
            return []
        pose_bones = self._clear_object(context, obj, selected, count)
        pose.tag(obj)
        return pose_bones or list(compress(obj.pose.bones.values(), selected))

    def _clear_object(self, context, obj, selected: array, count: int) -> list | None:
        """Clears one object's bones; gives back the selected ones if it had to look for them."""
        if obj.pose.use_mirror_x:
            mirror = native_names.mirror_bones(bones.names(obj))
            locked = self._clear_all(obj, selected, False, mirror)
            if locked and self.modes and autokey.takes_keys(context, obj):
                # Where Blender keys, it clears a bone on the other side a second time: partly
                # locked rotations change by a rounding.
                self._clear_all(obj, _others(selected, mirror), False, None)
            return None
        if some_bones.worth_it(count, len(selected)):
            pose_bones = some_bones.find(obj, selected)
            self._clear_some(pose_bones)
            return pose_bones
        self._clear_all(obj, selected, count == len(selected), None)
        return None

    def _clear_some(self, pose_bones: list) -> None:
        names = [*self.locks, *self.vectors, *self.bbone]
        if self.modes:
            names += [*self.modes, *some_bones.live_rotations(pose_bones)]
        channels = some_bones.SomeBones.read(pose_bones, names)
        self._call(channels.count, channels.arrays, None, None)
        channels.write()

    def _clear_all(self, obj, selected: array, whole: bool, mirror: array | None) -> bool:
        """Clears by way of whole arrays; `whole`: every bone is selected.

        Gives back whether any bone of the object has a lock.
        """
        count = len(selected)
        fixed = pose.PoseArrays.read(obj, [*self.locks, *self.modes]).arrays
        locked = any(1 in fixed[name].tobytes() for name in self.locks)
        changing = list(self.vectors)
        if self.modes:
            changing += _live(set(fixed["rotation_mode"]))
        if whole and not locked and len(changing) == len(self.vectors) + len(self.modes):
            # Every value becomes the rest value, so reading the old ones would only cost time.
            channels = pose.PoseArrays.read(obj, self.bbone)
            blank = {name: pose.zeroes(name, count) for name in changing}
            self._call(count, fixed | blank | channels.arrays, selected, mirror)
            for name, values in blank.items():
                obj.pose.bones.foreach_set(name, values)
        else:
            channels = pose.PoseArrays.read(obj, [*changing, *self.bbone])
            self._call(count, fixed | channels.arrays, selected, mirror)
        channels.write()
        return locked

    def _call(
        self, count: int, arrays: dict[str, array], selected: array | None, mirror: array | None
    ) -> None:
        locks = {name: arrays[name] for name in self.locks}
        channels = {name: values for name, values in arrays.items() if name not in locks}
        native_clear.clear(
            self.function, Pose(bone_count=count, **channels), Locks(**locks), selected, mirror
        )


def _others(selected: array, mirror: array) -> array:
    """The mask of the bones that mirror selected ones."""
    others = array("B", bytes(len(selected)))
    for bone in compress(range(len(selected)), selected):
        if mirror[bone] not in (-1, bone):
            others[mirror[bone]] = 1
    return others


def _live(modes: set[int]) -> list[str]:
    """The arrays that hold the rotations of bones in these modes."""
    return [
        name
        for name, used in (
            ("rotation_quaternion", 0 in modes),
            ("rotation_axis_angle", -1 in modes),
            ("rotation_euler", any(mode > 0 for mode in modes)),
        )
        if used
    ]


class LIMBER_OT_loc_clear(_ClearOperator, bpy.types.Operator):
    """Reset locations of selected bones to their default values"""

    bl_idname = "limber.loc_clear"
    bl_label = "Clear Pose Location (Limber)"
    function = "loc_clear"
    keying_set = "Location"
    vectors = ["location"]
    locks = ["lock_location"]


class LIMBER_OT_rot_clear(_ClearOperator, bpy.types.Operator):
    """Reset rotations of selected bones to their default values"""

    bl_idname = "limber.rot_clear"
    bl_label = "Clear Pose Rotation (Limber)"
    function = "rot_clear"
    keying_set = "Rotation"
    modes = ["rotation_mode"]
    bbone = _ROTATION_BBONE
    locks = _ROTATION_LOCKS


class LIMBER_OT_scale_clear(_ClearOperator, bpy.types.Operator):
    """Reset scaling of selected bones to their default values"""

    bl_idname = "limber.scale_clear"
    bl_label = "Clear Pose Scale (Limber)"
    function = "scale_clear"
    keying_set = "Scaling"
    vectors = ["scale"]
    bbone = _SCALE_BBONE
    locks = ["lock_scale"]


class LIMBER_OT_transforms_clear(_ClearOperator, bpy.types.Operator):
    """Reset location, rotation, and scaling of selected bones to their default values"""

    bl_idname = "limber.transforms_clear"
    bl_label = "Clear Pose Transforms (Limber)"
    function = "transforms_clear"
    keying_set = "LocRotScale"
    vectors = ["location", "scale"]
    modes = ["rotation_mode"]
    bbone = [*_ROTATION_BBONE, *_SCALE_BBONE]
    locks = ["lock_location", "lock_scale", *_ROTATION_LOCKS]


CLASSES = (
    LIMBER_OT_loc_clear,
    LIMBER_OT_rot_clear,
    LIMBER_OT_scale_clear,
    LIMBER_OT_transforms_clear,
)

MENU = (
    (
        "Clear Transform",
        ("limber.transforms_clear", "limber.loc_clear", "limber.rot_clear", "limber.scale_clear"),
    ),
)
