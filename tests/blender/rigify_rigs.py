"""Complete rigs as Blender's own Rigify add-on generates them, with keys on what animators move."""

from __future__ import annotations

import importlib
import math

import bpy

METARIGS = {
    "human": "human",
    "horse": "Animals.horse",
    "bird": "Animals.bird",
    "cat": "Animals.cat",
    "wolf": "Animals.wolf",
    "shark": "Animals.shark",
    "basic human": "Basic.basic_human",
}
"""The module of each metarig in Rigify's package."""
HELPERS = ("DEF-", "MCH-", "ORG-", "VIS_")
KEY_FRAMES = (1.0, 9.0, 17.0, 25.0)


def generate(name: str):
    """The armature object of a rig, generated in the current file; in pose mode."""
    if "rigify" not in bpy.context.preferences.addons:
        bpy.ops.preferences.addon_enable(module="rigify")
    data = bpy.data.armatures.new("metarig")
    metarig = bpy.data.objects.new("metarig", data)
    bpy.context.scene.collection.objects.link(metarig)
    bpy.context.view_layer.objects.active = metarig
    metarig.select_set(True)
    importlib.import_module(f"rigify.metarigs.{METARIGS[name]}").create(metarig)
    if bpy.context.mode != "POSE":
        bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.rigify_generate()
    obj = bpy.context.object
    assert obj is not metarig, "nothing was generated"
    return obj


def controls(obj) -> list:
    """The bones that animators move."""
    return [bone for bone in obj.pose.bones if not bone.name.startswith(HELPERS)]


def clear(obj) -> None:
    """Removes the keys, and the pose with them."""
    obj.animation_data.action = None
    for bone in obj.pose.bones:
        bone.matrix_basis.identity()


def _key(random_, owner, path: str, index: int, values) -> None:
    for frame in KEY_FRAMES:
        if index < 0:
            owner[path[2:-2]] = values()
        else:
            getattr(owner, path)[index] = values()
        owner.keyframe_insert(path, index=index, frame=frame)


def _key_transforms(random_, bone, size: float) -> None:
    rotation = "rotation_quaternion" if bone.rotation_mode == "QUATERNION" else "rotation_euler"
    ranges = {
        "location": (3, lambda _: random_.gauss(0.0, 0.05 * size), bone.lock_location),
        rotation: (4 if bone.rotation_mode == "QUATERNION" else 3, None, bone.lock_rotation),
        "scale": (3, lambda _: random_.uniform(0.85, 1.2), bone.lock_scale),
    }
    for path, (width, draw, locked) in ranges.items():
        if random_.random() > (0.25 if path == "scale" else 0.7):
            continue
        for index in range(width):
            part = index - 1 if width == 4 else index
            if part >= 0 and locked[part]:
                continue
            if draw:
                _key(random_, bone, path, index, lambda draw=draw, index=index: draw(index))
            elif part < 0:
                _key(random_, bone, path, index, lambda: random_.uniform(0.8, 1.0))
            else:
                most = 0.3 if width == 4 else math.pi / 5
                _key(random_, bone, path, index, lambda most=most: random_.gauss(0.0, most / 2))


def _key_properties(random_, bone) -> int:
    """Keys switches and sliders, such as those from IK to FK; how many."""
    count = 0
    for name in bone.keys():  # noqa: SIM118 - a bone is no dictionary
        value = bone[name]
        if name.startswith(("rigify", "_")) or not isinstance(value, (int, float)):
            continue
        limits = bone.id_properties_ui(name).as_dict()
        low, high = max(limits.get("min", 0), 0), min(limits.get("max", 1), 3)
        if limits.get("items"):
            high = len(limits["items"]) - 1

        kind = type(value)

        def draw(low=low, high=high, kind=kind):
            # Mostly at one end, as switches are, else between.
            drawn = random_.choice((low, high, random_.uniform(low, high)))
            return kind(round(drawn)) if kind in (int, bool) else drawn

        _key(random_, bone, f'["{bpy.utils.escape_identifier(name)}"]', -1, draw)
        count += 1
    return count


def animate(random_, obj) -> int:
    """Random keys on every third control or so, and on all their custom properties; gives the
    number of the latter."""
    switches = 0
    for bone in controls(obj):
        if random_.random() < 0.4:
            _key_transforms(random_, bone, min(bone.length * 4.0, 1.0))
        switches += _key_properties(random_, bone)
    return switches
