# SPDX-License-Identifier: GPL-3.0-or-later
"""The flags of the bones of one object, read once, changed natively and written back.

Reading a flag of all bones takes a tenth of a scene update, so each operator names what it needs.
"""

from __future__ import annotations

from array import array
from operator import attrgetter

import bpy

from ..reader import bones as reader
from .bones import FLAGS_ON_POSE_BONES, flag_owner, posed_objects, read_flag

RULES = 502 if FLAGS_ON_POSE_BONES else 405
"""The behaviour of the running Blender, as the native library numbers it."""


def writable(objects: list) -> bool:
    """Whether flags can be written at once: up to 4.5 a linked armature's cannot."""
    return FLAGS_ON_POSE_BONES or all(obj.data.is_editable for obj in objects)


def parents(armature) -> array:
    """Index of each bone's parent, -1 for none."""
    bones = armature.bones.values()
    index = {bone: number for number, bone in enumerate(bones)}
    index[None] = -1
    return array("i", map(index.__getitem__, map(attrgetter("parent"), bones)))


def collection_mask(armature) -> array | None:
    """A byte a bone: in a visible collection, or in none; None if that is every bone.

    From 5.0 a bone in no collection is hidden while any collection is solo.
    """
    collections = armature.collections_all
    seen = [collection for collection in collections if collection.is_visible_effectively]
    solo = FLAGS_ON_POSE_BONES and armature.collections.is_solo_active
    if len(seen) == len(collections) and not solo:
        return None
    shown = {bone.name for collection in seen for bone in collection.bones}
    bones = [bone.name for bone in armature.bones]
    if solo:
        return array("b", [name in shown for name in bones])
    held = {bone.name for collection in collections for bone in collection.bones}
    return array("b", [name in shown or name not in held for name in bones])


def active_index(obj) -> int:
    """Index of the active bone, -1 for none."""
    active = obj.data.bones.active
    return obj.data.bones.find(active.name) if active is not None else -1


READERS = {
    "select": lambda obj, count: reader.read_flag(obj, "select", count),
    "hidden": lambda obj, count: reader.read_flag(obj, "hide", count),
    "unselectable": lambda obj, count: read_flag(obj.data.bones, "hide_select", count),
    "collection_visible": lambda obj, _count: collection_mask(obj.data),
    "connected": lambda obj, count: read_flag(obj.data.bones, "use_connect", count),
    "parent": lambda obj, _count: parents(obj.data),
    "active": lambda obj, _count: array("i", [active_index(obj)]),
    "select_head": lambda obj, count: read_flag(obj.data.bones, "select_head", count),
    "select_tail": lambda obj, count: read_flag(obj.data.bones, "select_tail", count),
}
"""How each field of `native.select.Bones` is read."""

VISIBILITY = ("hidden", "collection_visible")
SELECTABILITY = (*VISIBILITY, "unselectable")
ENDS = () if FLAGS_ON_POSE_BONES else ("select_head", "select_tail")
"""The flags of a bone's ends, which a few operators set along up to 4.5."""
WRITTEN = {"hidden": "hide", "select": "select", **{name: name for name in ENDS}}


class Flags:
    """Fields of `native.select.Bones` for one object, in `arrays`."""

    def __init__(self, obj, count: int | None = None) -> None:
        self.obj = obj
        self.arrays: dict[str, array | None] = {}
        self._before: dict[str, array] = {}
        self.count = len(flag_owner(obj)) if count is None else count
        self._keep("select", READERS["select"](obj, self.count))

    def _keep(self, name: str, values: array | None) -> None:
        self.arrays[name] = values
        if name in WRITTEN or name == "active":
            self._before[name] = values[:]

    def read(self, *names: str) -> Flags:
        """Reads more fields, each once."""
        for name in names:
            if name not in self.arrays:
                self._keep(name, READERS[name](self.obj, self.count))
        return self

    def fields(self) -> dict:
        """What `native.select.Bones` takes."""
        return {"bone_count": self.count, **self.arrays}

    def changed(self) -> bool:
        """Whether writing would change anything."""
        return any(self.arrays[name] != values for name, values in self._before.items())

    def write(self, forced: bool = False) -> None:
        """Writes what changed, every flag that was read if `forced`."""
        active = self.arrays.get("active")
        if active is not None and active != self._before["active"]:
            bones = self.obj.data.bones
            bones.active = bones[active[0]] if active[0] >= 0 else None
            # Up to 4.5 the active bone is selected with that.
            forced = forced or not FLAGS_ON_POSE_BONES
        for name, flag in WRITTEN.items():
            if name in self._before and (forced or self.arrays[name] != self._before[name]):
                self._set(flag, self.arrays[name])

    def _set(self, flag: str, values: array) -> None:
        bones = flag_owner(self.obj)
        if writable([self.obj]):
            bones.foreach_set(flag, values)
            return
        for bone, value in zip(bones, values, strict=True):
            if getattr(bone, flag) != value:
                setattr(bone, flag, value)


def read_all(objects: list, counts: dict | None = None) -> list[Flags]:
    """The flags of each object. Where they live in the armature, its objects share them.

    `counts` are the bones of each object, if known: Blender takes long to count them.
    """
    found: dict = {}
    for obj in objects:
        owner = obj if FLAGS_ON_POSE_BONES else obj.data
        if owner not in found:
            found[owner] = Flags(obj, counts and counts[obj])
    return [found[obj if FLAGS_ON_POSE_BONES else obj.data] for obj in objects]


def _outliner_open() -> bool:
    """Whether a window shows an outliner, which keeps a selection of its own."""
    windows = bpy.context.window_manager.windows
    return any(area.type == "OUTLINER" for w in windows for area in w.screen.areas)


def write_all(flags: list[Flags]) -> None:
    """Writes the flags of all objects and tells the editors of an open window."""
    flags = list(dict.fromkeys(flags))
    if not any(each.changed() for each in flags):
        return
    forced = not bpy.app.background and _outliner_open()
    if forced:
        # The mark that makes outliner and channel lists follow the bones can only be set by an
        # operator of Blender's own. Its change is overwritten at once, on every object.
        known = {each.obj for each in flags}
        flags = [*flags, *(Flags(o) for o in posed_objects(bpy.context) if o not in known)]
        bpy.ops.pose.select_linked()
    for each in flags:
        each.write(forced)
    if not bpy.app.background:
        _tell(flags)


def _tell(flags: list[Flags]) -> None:
    """Has all editors draw the new flags."""
    for each in flags:
        # Writing a flag of all bones sends no note to the editors; writing it of one does.
        owner = flag_owner(each.obj)
        if len(owner):
            owner[0].select = bool(each.arrays["select"][0])
        _refresh_masks(each.obj)


def _refresh_masks(obj) -> None:
    """Has meshes evaluated anew whose Mask modifier follows the selected bones."""
    for other in bpy.data.objects:
        for modifier in other.modifiers if other.type == "MESH" else ():
            if modifier.type == "MASK" and modifier.mode == "ARMATURE" and modifier.armature == obj:
                obj.update_tag(refresh={"DATA"})
                return
