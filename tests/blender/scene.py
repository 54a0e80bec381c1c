"""Random scenes: the same seed gives the same scene in the same Blender.

`build(seed, Options(...))` empties the file and makes one to three armature objects in pose mode
with everything that a pose operator has to mind: hierarchies, hidden and unselected bones,
constraints, actions with partial curves, custom properties, NLA, tool settings. It takes 3 to 6 ms.
`Options` turns features off, or makes them more frequent, for the operators of one family.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import animation
import bpy
import rig


@dataclass(frozen=True)
class Options:
    """What the scenes of one test contain. Floats are probabilities; 0 turns a feature off."""

    bones: tuple[int, int] = (1, 12)
    """Fewest and most bones of an armature."""
    objects: tuple[int, int] = (1, 3)
    """Fewest and most armature objects; one object is most frequent."""
    shared_data: float = 0.2
    """Of each further object: uses the armature of the first."""
    shared_action: float = 0.3
    """Of each further object: uses the action of the first, in the same or another slot."""
    bystander: float = 0.1
    """Of a scene: one more armature object stays in object mode."""

    side_names: float = 0.6
    """Of an armature: bones in left/right pairs such as `arm.L`, `arm.R`."""
    hostile_names: float = 0.15
    """Of a bone: quotes, brackets, backslashes, dots, UTF-8 in its name."""
    hidden: float = 0.1
    unselected: float = 0.35
    unselectable: float = 0.05
    nothing_selected: float = 0.06
    """Of a scene: no bone is selected at all."""
    collections: float = 0.3
    """Of an armature: bone collections, some hidden or solo."""
    connected: float = 0.4
    bendy: float = 0.15
    """Of a bone: several segments and bendy-bone values."""
    rotation_modes: tuple[str, ...] = (
        *("QUATERNION", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX", "AXIS_ANGLE"),
    )
    quaternion_share: float = 0.4
    """Of a bone: rotation mode QUATERNION whatever `rotation_modes` would give, if it is listed."""
    locks: float = 0.15
    constraints: float = 0.12
    """Of a bone: one to three constraints."""
    drivers: float = 0.03
    custom_properties: float = 0.2
    """Of a bone: one to four custom properties."""
    custom_shapes: float = 0.05
    mirror_option: float = 0.15
    """Of an object: X-axis mirror, and of those some with relative mirror."""
    object_transform: float = 0.3
    rest_position: float = 0.02
    pose_edits: float = 0.5
    """Of a bone: channels that differ from what its curves give."""
    motion_paths: float = 0.0
    """Of a scene: motion paths are calculated on some bones (slow: a few ms a frame)."""
    selection_sets: float = 0.1
    """Of an object: bone selection sets."""

    no_action: float = 0.06
    no_slot: float = 0.02
    other_slot: float = 0.08
    """Of an action: curves also in a slot that is not the object's."""
    empty_action: float = 0.03
    keyed_bones: float = 0.8
    """Of a bone: it has curves at all."""
    partial_curves: float = 0.25
    """Of a channel: some components have no curve."""
    property_curves: float = 0.5
    """Of a custom property, constraint or bendy-bone value: it has a curve."""
    keys: tuple[int, int] = (1, 6)
    frames: tuple[int, int] = (-5, 40)
    fractional_keys: float = 0.1
    empty_curves: float = 0.03
    sampled_curves: float = 0.03
    modifiers: float = 0.06
    muted: float = 0.05
    odd_paths: float = 0.03
    """Of an action: curves of objects, of missing bones, by index or single quotes."""
    all_interpolations: float = 0.4
    """Of a curve: any interpolation and handle type a key; else Bezier with one handle type."""
    nla: float = 0.12
    """Of an object: tracks and strips; half of them in tweak mode."""
    subframe: float = 0.12
    markers: float = 0.2
    auto_key: float = 0.3
    """Of a scene: auto-keying with random preferences."""


@dataclass
class Scene:
    """A scene that was built."""

    seed: int
    options: Options
    objects: list = field(default_factory=list)
    """The armature objects in pose mode; the first is active."""

    @property
    def active(self):
        return self.objects[0]


def generator(seed: int, purpose: str = "scene") -> random.Random:
    """A generator of its own for each purpose, the same in every process."""
    return random.Random(f"{purpose} {seed}")


def empty() -> None:
    """Removes everything a scene may hold, without loading a file."""
    active = bpy.context.view_layer.objects.active
    if active is not None and active.mode != "OBJECT":
        # The mode of a hidden object cannot be changed.
        active.hide_viewport = False
        active.hide_set(False)
        bpy.ops.object.mode_set(mode="OBJECT")
    data = bpy.data
    for holders in (data.objects, data.armatures, data.meshes, data.actions):
        if holders:
            data.batch_remove(list(holders))
    for text in list(data.texts):
        data.texts.remove(text)
    scene = bpy.context.scene
    scene.timeline_markers.clear()
    for keying_set in list(scene.keying_sets):
        scene.keying_sets.active = keying_set
        bpy.ops.anim.keying_set_remove()
    for key in list(scene.keys()):
        del scene[key]


def build(seed: int, options: Options = Options()) -> Scene:  # noqa: B008 (Options is frozen)
    """Empties the file and builds the scene of a seed, in pose mode."""
    random_ = generator(seed)
    empty()
    scene = Scene(seed, options)
    rig.make_objects(random_, options, scene)
    for position, obj in enumerate(scene.objects):
        rig.pose_settings(random_, options, obj)
        animation.animate(random_, options, obj, first=scene.objects[0] if position else None)
    set_tools(random_, options)
    set_frame(random_, options)
    for obj in scene.objects:
        rig.select_bones(random_, options, obj)
        rig.edit_pose(random_, options, obj)
    if random_.random() < options.nothing_selected:
        for obj in scene.objects:
            rig.deselect_all(obj)
    if random_.random() < options.motion_paths:
        rig.calculate_paths(random_, scene.objects)
    bpy.context.view_layer.update()
    return scene


def set_frame(random_: random.Random, options: Options) -> None:
    """Frame range, markers and the current frame; evaluates the animation there."""
    scene = bpy.context.scene
    low, high = options.frames
    scene.frame_start = random_.randint(low, low + 10)
    scene.frame_end = random_.randint(high - 15, high + 10)
    scene.use_preview_range = random_.random() < 0.15
    if scene.use_preview_range:
        scene.frame_preview_start = random_.randint(low, low + 10)
        scene.frame_preview_end = random_.randint(high - 15, high)
    if random_.random() < options.markers:
        for number in range(random_.randint(1, 3)):
            marker = scene.timeline_markers.new(f"m{number}", frame=random_.randint(low, high))
            marker.select = random_.random() < 0.6
    subframe = random_.choice((0.25, 0.5, 0.9)) if random_.random() < options.subframe else 0.0
    scene.frame_set(random_.randint(low, high), subframe=subframe)


def set_tools(random_: random.Random, options: Options) -> None:
    """Auto-keying with its options, in the scene and in the preferences."""
    scene = bpy.context.scene
    tools = scene.tool_settings
    edit = bpy.context.preferences.edit
    on = random_.random() < options.auto_key
    tools.use_keyframe_insert_auto = on

    def often(share: float) -> bool:
        return on and random_.random() < share

    tools.auto_keying_mode = "REPLACE_KEYS" if often(0.3) else "ADD_REPLACE_KEYS"
    tools.use_keyframe_insert_keyingset = often(0.15)
    tools.use_keyframe_cycle_aware = often(0.2)
    tools.keyframe_type = random_.choice(("BREAKDOWN", "EXTREME")) if often(0.2) else "KEYFRAME"
    edit.use_keyframe_insert_available = often(0.3)
    edit.use_auto_keyframe_insert_needed = often(0.3)
    edit.use_keyframe_insert_needed = often(0.3)
    edit.use_visual_keying = often(0.1)
    edit.use_insertkey_xyz_to_rgb = not often(0.3)
    kinds = ("LINEAR", "CONSTANT", "BEZIER")
    edit.keyframe_new_interpolation_type = random_.choice(kinds) if often(0.3) else "BEZIER"
    kinds = ("AUTO", "VECTOR", "FREE", "ALIGNED")
    edit.keyframe_new_handle_type = random_.choice(kinds) if often(0.3) else "AUTO_CLAMPED"
    channels = ("LOCATION", "ROTATION", "SCALE", "ROTATE_MODE", "CUSTOM_PROPS")
    edit.key_insert_channels = (
        set(random_.sample(channels, random_.randint(1, 4))) if often(0.3) else set(channels[:3])
    )
    sets = ["", "Location", "Rotation", "BUILTIN_KSI_LocRot", "WholeCharacter"]
    scene.keying_sets_all.active = None
    if tools.use_keyframe_insert_keyingset:
        name = random_.choice(sets)
        found = {ks.bl_idname: ks for ks in scene.keying_sets_all}.get(name)
        if found is not None:
            scene.keying_sets_all.active = found
