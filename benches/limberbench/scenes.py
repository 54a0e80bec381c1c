"""Scenes to measure in; each is built in a new file and leaves its armature in pose mode."""

from __future__ import annotations

import math
import tempfile
from array import array
from dataclasses import dataclass
from pathlib import Path

import bpy
import mocap
import session

CHANNELS = (("location", 3), ("rotation_quaternion", 4), ("scale", 3))
KEYS = 10
MANY_KEYS = 26
FRAME = 45
"""The current frame, between the keys at 41 and 51."""

BEZIER = 2
AUTO_CLAMPED = 4
CHAIN = 10
RIGIFY_CONTROLS = 220
KEYED = f"{RIGIFY_CONTROLS} of 706 bones keyed, {MANY_KEYS} keys a curve"
SWING = 0.3
"""How far keys move channels to either side."""
WITHIN_REACH = {"location": 0.03, "scale": 0.0}
"""The same where hands and feet of a person stay where arms and legs can reach them."""


@dataclass(frozen=True)
class Scene:
    """What to build: `kind` is synthetic, bare, dense (more keys), rigify, dense rigify, reaching
    rigify, clip or many; `size` is its bones, clip's name or armatures."""

    kind: str
    size: int | str = 0

    @property
    def title(self) -> str:
        return {
            "synthetic": f"{self.size} bones, 10 curves each",
            "bare": f"{self.size} bones, no curves",
            "dense": f"{self.size} bones, 10 curves of {MANY_KEYS} keys each",
            "dense rigify": f"Rigify human, {KEYED}, limbs within reach",
            "reaching rigify": f"Rigify human, {KEYED}, limbs out of reach in some frames",
            "rigify": "Rigify human, 220 of 706 bones keyed",
            "clip": f"clip {self.size}",
            "many": f"{self.size} armatures of 300 bones",
        }[self.kind]

    def build(self) -> None:
        """Builds it in a new file; a second time it is opened as it was."""
        saved = _saved.get(self)
        if saved:
            bpy.ops.wm.open_mainfile(filepath=saved, load_ui=False)
        else:
            session.new_file()
            {
                "synthetic": lambda: synthetic(self.size, True),
                "bare": lambda: synthetic(self.size, False),
                "dense": lambda: synthetic(self.size, True, MANY_KEYS),
                "dense rigify": lambda: rigify(MANY_KEYS, WITHIN_REACH),
                "reaching rigify": lambda: rigify(MANY_KEYS),
                "rigify": rigify,
                "clip": lambda: clip(self.size),
                "many": lambda: many(self.size),
            }[self.kind]()
            _saved[self] = str(Path(tempfile.mkdtemp()) / "scene.blend")
            bpy.ops.wm.save_as_mainfile(filepath=_saved[self], check_existing=False)
        bpy.context.view_layer.update()


_saved: dict[Scene, str] = {}


def posed() -> list:
    """The armatures in pose mode, by name."""
    found = [obj for obj in bpy.context.objects_in_mode if obj.type == "ARMATURE"]
    return sorted(found, key=lambda obj: obj.name)


def flag_owner(obj):
    """The collection that holds the selection: pose bones in 5.0 and later, bones before."""
    on_pose = "select" in bpy.types.PoseBone.bl_rna.properties
    return obj.pose.bones if on_pose else obj.data.bones


def select(obj, count: int | None) -> None:
    """Selects `count` bones spread over the visible ones; all of them for None."""
    bones = flag_owner(obj)
    visible = [not bone.hide for bone in bones]
    places = [place for place, seen in enumerate(visible) if seen]
    if count is not None:
        places = [places[i * len(places) // count] for i in range(min(count, len(places)))]
    mask = array("b", bytes(len(bones)))
    for place in places:
        mask[place] = 1
    bones.foreach_set("select", mask)
    obj.data.bones.active = obj.data.bones[places[0]] if places else None


def channelbag(obj):
    """The curves of an object's action; made with an action, slot and layer when missing."""
    data = obj.animation_data_create()
    if data.action is None:
        data.action = bpy.data.actions.new("Moves")
        data.action_slot = data.action.slots.new("OBJECT", obj.name)
        data.action.layers.new("Layer").strips.new(type="KEYFRAME")
    return data.action.layers[0].strips[0].channelbag(data.action_slot, ensure=True)


def set_keys(curve, frames, values) -> None:
    """Gives a curve Bezier keys with automatic handles."""
    points = curve.keyframe_points
    count = len(frames)
    points.add(count)
    pairs = array("f", (part for pair in zip(frames, values, strict=True) for part in pair))
    points.foreach_set("co", pairs)
    points.foreach_set("interpolation", array("i", [BEZIER]) * count)
    for side in ("handle_left_type", "handle_right_type"):
        points.foreach_set(side, array("i", [AUTO_CLAMPED]) * count)
    curve.update()


def armature(name: str, bones: int):
    """An armature of limbs of ten bones, in object mode."""
    data = bpy.data.armatures.new(name)
    obj = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    parent = None
    for number in range(bones):
        limb, link = divmod(number, CHAIN)
        # Side tags that are wrong, so that naming bones by their side has something to do.
        side, sign = (".R", 1.0) if limb % 2 else (".L", -1.0)
        bone = data.edit_bones.new(f"limb{limb // 2:03}_{link}{side}")
        x = sign * (1 + limb // 2 + 0.05 * link)
        bone.head, bone.tail = (x, 0.0, float(link)), (x, 0.1, link + 1.0)
        if link:
            bone.parent = parent
        parent = bone
    bpy.ops.object.mode_set(mode="OBJECT")
    return obj


def key_bones(obj, names, keys: int = KEYS, swings: dict[str, float] | None = None) -> None:
    """Ten curves for each named bone: location, rotation and scale; a key every ten frames.

    `swings` may give channels another swing.
    """
    curves = channelbag(obj).fcurves
    frames = [1.0 + 10 * i for i in range(keys)]
    for number, name in enumerate(names):
        bone = obj.pose.bones[name]
        base = f'pose.bones["{bpy.utils.escape_identifier(name)}"].'
        euler = bone.rotation_mode != "QUATERNION"
        for path, width in CHANNELS:
            swing = (swings or {}).get(path, SWING)
            if path == "rotation_quaternion" and euler:
                path, width = "rotation_euler", 3
            for index in range(width):
                rest = 1.0 if path == "scale" or (width == 4 and index == 0) else 0.0
                step = 0.7 * number + 1.3 * index
                values = [rest + swing * math.sin(step + 0.9 * i) for i in range(keys)]
                set_keys(curves.new(base + path, index=index), frames, values)


def synthetic(bones: int, curves: bool, keys: int = KEYS) -> None:
    obj = armature("Rig", bones)
    if curves:
        key_bones(obj, obj.pose.bones.keys(), keys)
    pose_mode([obj])
    move(obj)


def many(count: int) -> None:
    """Armatures of 300 bones, ten curves a bone."""
    objects = []
    for number in range(count):
        obj = armature(f"Rig{number}", 300)
        key_bones(obj, obj.pose.bones.keys())
        objects.append(obj)
    pose_mode(objects)


def rigify(keys: int = KEYS, swings: dict[str, float] | None = None) -> None:
    """The human rig that Blender's own Rigify add-on generates, with keys on its controls."""
    bpy.ops.preferences.addon_enable(module="rigify")
    bpy.ops.object.armature_human_metarig_add()
    bpy.ops.pose.rigify_generate()
    obj = bpy.context.object
    controls = [b.name for b in obj.data.bones if b.name[:4] not in {"DEF-", "MCH-", "ORG-"}]
    key_bones(obj, controls[:RIGIFY_CONTROLS], keys, swings)
    pose_mode([obj])


def clip(name: str) -> None:
    """A motion-capture clip: every frame is a key."""
    mocap.load(name)
    bpy.context.scene.frame_set(200)


def pose_mode(objects) -> None:
    """Puts objects into pose mode at the current frame, all bones selected."""
    for obj in objects:
        obj.select_set(True)
    bpy.context.view_layer.objects.active = objects[0]
    if bpy.context.mode != "POSE":
        bpy.ops.object.mode_set(mode="POSE")
    bpy.context.scene.frame_set(FRAME)
    for obj in objects:
        select(obj, None)


def move(obj) -> None:
    """A pose that the curves do not give, as a user's hand would leave it."""
    count = len(obj.pose.bones)
    turn = [0.8, 0.36, 0.48, 0.0] * count
    for name, values in (
        ("location", [0.1, 0.2, -0.3] * count),
        ("rotation_quaternion", turn),
        ("scale", [1.1, 0.9, 1.2] * count),
    ):
        obj.pose.bones.foreach_set(name, array("f", values))
