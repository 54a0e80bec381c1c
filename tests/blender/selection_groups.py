"""What bones have in common, as the library takes it: collections, colours, keying sets, constraint
targets."""

from __future__ import annotations

import contextlib
import re
from array import array
from itertools import accumulate

import bpy
from session import module

FLAGS_ON_POSE_BONES = "select" in bpy.types.PoseBone.bl_rna.properties


def bone_names(obj) -> list[str]:
    """Names of the bones in their order."""
    return obj.pose.bones.keys()


def _packed(groups_of_bones: list[list[int]]) -> tuple[array, array]:
    """Group ids of all bones, and where those of each bone begin."""
    first = array("I", accumulate(map(len, groups_of_bones), initial=0))
    return first, array("I", [group for groups in groups_of_bones for group in groups])


class Collections:
    """Bone collections by name, since each armature has its own."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def of_bone(self, pose_bone) -> array:
        """Ids of the collections of the active bone; later only these count."""
        for collection in pose_bone.bone.collections:
            self._ids.setdefault(collection.name, len(self._ids))
        return array("I", self._ids.values())

    def of_object(self, obj) -> tuple[array, array]:
        """Ids of every bone's collections, packed."""
        groups: dict[str, list[int]] = {name: [] for name in bone_names(obj)}
        for collection in obj.data.collections_all:
            number = self._ids.get(collection.name)
            if number is not None:
                for bone in collection.bones:
                    groups[bone.name].append(number)
        return _packed(list(groups.values()))


class Colors:
    """Colours as they are drawn: the pose bone's own unless that is the default."""

    def __init__(self) -> None:
        self._ids: dict[tuple, int] = {}

    def _id(self, pose_bone) -> int:
        color = pose_bone.color
        palette = color.palette
        if palette == "DEFAULT":
            color = pose_bone.bone.color
            palette = color.palette
        key: tuple = (palette,)
        if palette == "CUSTOM":
            custom = color.custom
            key = (
                *(tuple(getattr(custom, name)) for name in ("normal", "select", "active")),
                custom.show_colored_constraints,
            )
        return self._ids.setdefault(key, len(self._ids))

    def of_bone(self, pose_bone) -> array:
        """Id of the active bone's colour."""
        return array("I", [self._id(pose_bone)])

    def of_object(self, obj) -> tuple[array, array]:
        """Id of every bone's colour, packed."""
        ids = array("I", map(self._id, obj.pose.bones))
        return array("I", range(len(ids) + 1)), ids


class KeyingSetError(RuntimeError):
    """There is no keying set that names bones; the text is Blender's report."""


_BONE_PATH = re.compile(r'bones\["((?:[^"\\]|\\.)*)"\]')


def keying_set_bones(context):
    """A function from an object to the indices of the bones that the active keying set names."""
    active = context.scene.keying_sets_all.active
    if active is None:
        raise KeyingSetError("No active Keying Set to use")
    if not active.is_path_absolute:
        with contextlib.suppress(RuntimeError):
            active.refresh()
        if not active.paths:
            raise KeyingSetError(
                "Use another Keying Set, as the active one depends on the currently selected items"
                " or cannot find any targets due to unsuitable context"
            )
    paths = [(path.id, path.data_path) for path in active.paths]

    def indices(obj) -> list[int]:
        found = (
            _BONE_PATH.search(path) for owner, path in paths if owner == obj and "bones" in path
        )
        wanted = {bpy.utils.unescape_identifier(match[1]) for match in found if match}
        bones = bone_names(obj)
        return [number for number, name in enumerate(bones) if name in wanted]

    return indices


class ConstraintTargets:
    """Which bones aim at which, over the bones of several objects one after the other.

    `owners` and `targets` hold pairs of bones in the order in which stock walks them: objects in
    pose mode, bones in their order. `flags` are all objects concerned.
    """

    def __init__(self, context, flags: list) -> None:
        self.flags = list(dict.fromkeys(flags))
        self.owners, self.targets = array("i"), array("i")
        self._starts: dict = {}
        self._count = 0
        self._numbers: dict = {}
        for each in self.flags:
            self._place(each)
        self._wanted = {each: bytearray(each.arrays["select"].tobytes()) for each in self.flags}
        for obj, each in zip(module("bridge.bones").posed_objects(context), flags, strict=True):
            self._read(obj, each)

    def _place(self, flags) -> None:
        self._starts[flags] = self._count
        self._count += len(flags.arrays["select"])

    def _flags_of(self, target):
        """The flags of a target object; it may be hidden, and so not among those read first."""
        for each in self.flags:
            if each.obj == target or (not FLAGS_ON_POSE_BONES and each.obj.data == target.data):
                return each
        added = module("bridge.flags").Flags(target)
        self.flags.append(added)
        self._wanted[added] = bytearray(len(added.arrays["select"]))
        self._place(added)
        return added

    def _number(self, target, name: str) -> int:
        numbers = self._numbers.get(target)
        if numbers is None:
            numbers = {bone: number for number, bone in enumerate(bone_names(target))}
            self._numbers[target] = numbers
        return numbers.get(name, -1)

    def _read(self, obj, flags) -> None:
        wanted = self._wanted[flags]
        start = self._starts[flags]
        for number, bone in enumerate(obj.pose.bones):
            for constraint in bone.constraints if wanted[number] else ():
                for target, name in module("bridge.constraints").targets_of(constraint):
                    if target.type != "ARMATURE" or target.mode != "POSE":
                        continue
                    aimed = self._number(target, name)
                    if aimed >= 0:
                        other = self._flags_of(target)
                        # Once selected it counts as an owner too.
                        self._wanted[other][aimed] = 1
                        self.owners.append(start + number)
                        self.targets.append(self._starts[other] + aimed)

    def joined(self, *fields: str) -> dict:
        """The flags of all objects one after the other."""
        count = self._count
        joined: dict = {"bone_count": count}
        for each in self.flags:
            each.read(*fields)
        for name in ("select", *fields):
            values = array("b")
            for each in self.flags:
                own = each.arrays[name]
                shown = array("b", b"\1") * len(each.arrays["select"])
                values.extend(shown if own is None else own)
            joined[name] = values
        return joined

    def split(self, joined: dict) -> None:
        """Gives each object its part of changed flags back."""
        for each in self.flags:
            start = self._starts[each]
            for name in ("select", *module("bridge.flags").ENDS):
                each.arrays[name] = joined[name][start : start + len(each.arrays["select"])]
