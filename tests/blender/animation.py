"""Random actions, curves, keys and NLA strips for an armature object."""

from __future__ import annotations

import random

import bpy

ROTATION_PATHS = {"QUATERNION": "rotation_quaternion", "AXIS_ANGLE": "rotation_axis_angle"}
BENDY_PATHS = (
    *(("bbone_rollin", 1), ("bbone_curveoutz", 1), ("bbone_easein", 1)),
    *(("bbone_scalein", 3), ("bbone_scaleout", 3)),
)
EXTRAPOLATION = ("CONSTANT", "LINEAR")
MODIFIERS = ("CYCLES", "GENERATOR", "LIMITS", "NOISE", "STEPPED", "FNGENERATOR")


def enum_numbers(name: str) -> list[int]:
    """The numbers of a key's enum, in which arrays of keys are set."""
    return [item.value for item in bpy.types.Keyframe.bl_rna.properties[name].enum_items]


INTERPOLATIONS = enum_numbers("interpolation")
HANDLE_TYPES = enum_numbers("handle_left_type")
EASINGS = enum_numbers("easing")
KEY_TYPES = enum_numbers("type")
BEZIER = 2


def animate(random_: random.Random, options, obj, first=None) -> None:
    """Gives the object an action of its own, or that of the first object."""
    chance = random_.random
    if chance() < options.no_action:
        return
    data = obj.animation_data_create()
    data.action_influence = 1.0
    shared = first.animation_data if first is not None else None
    sharable = shared is not None and shared.action is not None and not shared.use_tweak_mode
    if sharable and chance() < options.shared_action:
        share_action(random_, options, obj, shared.action)
        return
    action = new_action(random_, options, obj)
    data.action = action
    slots = list(action.slots)
    if slots and chance() >= options.no_slot:
        data.action_slot = slots[0]
    else:
        data.action_slot = None
    if chance() < options.nla and data.action_slot is not None:
        add_strips(random_, options, obj)


def share_action(random_: random.Random, options, obj, action) -> None:
    """Assigns the action of another object, in the same slot or in one of its own."""
    data = obj.animation_data
    data.action = action
    if random_.random() < 0.7 and action.slots:
        data.action_slot = action.slots[0]
        return
    slot = action.slots.new("OBJECT", "second")
    fill_slot(random_, options, obj, action, slot)
    data.action_slot = slot


def new_action(random_: random.Random, options, obj):
    action = bpy.data.actions.new("Moves")
    if random_.random() < options.empty_action:
        return action
    slot = action.slots.new("OBJECT", obj.name)
    fill_slot(random_, options, obj, action, slot)
    if random_.random() < options.other_slot:
        other = action.slots.new("OBJECT", "other")
        fill_slot(random_, options, obj, action, other)
    return action


def channelbag(action, slot):
    """The channelbag of a slot, made with the layer and strip that it needs."""
    layer = action.layers[0] if action.layers else action.layers.new("Layer")
    strip = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    return strip.channelbag(slot, ensure=True)


def fill_slot(random_: random.Random, options, obj, action, slot) -> None:
    bag = channelbag(action, slot)
    for bone in obj.pose.bones:
        if random_.random() >= options.keyed_bones:
            continue
        group = None
        if random_.random() < 0.7 and bag.groups.get(bone.name) is None:
            group = bag.groups.new(bone.name)
            if random_.random() < options.muted:
                group.mute = True
                group.lock = random_.random() < 0.5
        for path, size in bone_paths(random_, options, bone):
            channel(random_, options, bag, path, size, group)
    if random_.random() < options.odd_paths:
        for path in (
            *("location", 'pose.bones["no such bone"].location', "pose.bones[0].scale"),
            *("pose.bones['bone0'].location", '["object property"]'),
        ):
            channel(random_, options, bag, path, 1, None)


def bone_paths(random_: random.Random, options, bone) -> list[tuple[str, int]]:
    """Paths and sizes of what is animated on a bone."""
    base = f'pose.bones["{bpy.utils.escape_identifier(bone.name)}"]'
    paths = []
    if random_.random() < 0.7:
        paths.append((base + ".location", 3))
    if random_.random() < 0.8:
        rotation = ROTATION_PATHS.get(bone.rotation_mode, "rotation_euler")
        if random_.random() < 0.1:  # curves of another mode than the bone's
            rotation = random_.choice(("rotation_euler", *ROTATION_PATHS.values()))
        paths.append((f"{base}.{rotation}", 3 if rotation == "rotation_euler" else 4))
    if random_.random() < 0.5:
        paths.append((base + ".scale", 3))
    if bone.bone.bbone_segments > 1:
        for name, size in BENDY_PATHS:
            if random_.random() < options.property_curves:
                paths.append((f"{base}.{name}", size))
    for name, value in bone.items():
        if isinstance(value, str) or hasattr(value, "keys"):
            continue
        if random_.random() < options.property_curves:
            size = len(value) if hasattr(value, "__len__") else 1
            paths.append((f'{base}["{bpy.utils.escape_identifier(name)}"]', size))
    for constraint in bone.constraints:
        if random_.random() < options.property_curves:
            name = bpy.utils.escape_identifier(constraint.name)
            paths.append((f'{base}.constraints["{name}"].influence', 1))
    return paths


def channel(random_: random.Random, options, bag, path: str, size: int, group) -> None:
    """The curves of one path; sometimes not all components."""
    partial = random_.random() < options.partial_curves
    frames = key_frames(random_, options)
    for index in range(size):
        if partial and random_.random() < 0.5:
            continue
        if bag.fcurves.find(path, index=index) is not None:
            continue
        curve = bag.fcurves.new(path, index=index)
        if group is not None:
            curve.group = group
        if random_.random() < 0.2:
            frames = key_frames(random_, options)
        set_keys(random_, options, curve, frames, path)


def key_frames(random_: random.Random, options) -> list[float]:
    low, high = options.frames
    count = min(random_.randint(*options.keys), high - low)
    frames = [float(frame) for frame in sorted(random_.sample(range(low, high), count))]
    if random_.random() < options.fractional_keys:
        frames = [frame + random_.choice((0.0, 0.25, 0.4)) for frame in frames]
    return frames


def key_values(random_: random.Random, path: str, count: int) -> list[float]:
    middle, spread = (1.0, 0.5) if "scale" in path else (0.0, 1.5)
    if path.endswith("influence"):
        middle, spread = 0.5, 0.5
    values = [middle + random_.uniform(-spread, spread) for _ in range(count)]
    if random_.random() < 0.25:  # flat pieces decide clamped handles
        values = [values[0] if random_.random() < 0.5 else value for value in values]
    return values


def set_keys(random_: random.Random, options, curve, frames: list[float], path: str) -> None:
    """Keys of one curve with their handles, and the curve's own settings."""
    chance, choices = random_.random, random_.choices
    if chance() < options.empty_curves:
        return
    count = len(frames)
    values = key_values(random_, path, count)
    keys = curve.keyframe_points
    keys.add(count)
    keys.foreach_set("co", [number for pair in zip(frames, values, strict=True) for number in pair])
    if chance() < options.all_interpolations:
        keys.foreach_set("interpolation", choices(INTERPOLATIONS, k=count))
        keys.foreach_set("easing", choices(EASINGS, k=count))
        keys.foreach_set("handle_left_type", choices(HANDLE_TYPES, k=count))
        keys.foreach_set("handle_right_type", choices(HANDLE_TYPES, k=count))
        keys.foreach_set("type", choices(KEY_TYPES, k=count))
        for name in ("back", "amplitude", "period"):
            keys.foreach_set(name, [random_.uniform(0, 3) for _ in range(count)])
    else:
        kind = random_.choice(HANDLE_TYPES)
        keys.foreach_set("handle_left_type", [kind] * count)
        keys.foreach_set("handle_right_type", [kind] * count)
        keys.foreach_set("interpolation", [BEZIER] * count)
    left, right = [], []
    for frame, value in zip(frames, values, strict=True):
        left += (frame - random_.uniform(0, 4), value + random_.uniform(-1, 1))
        right += (frame + random_.uniform(0, 4), value + random_.uniform(-1, 1))
    keys.foreach_set("handle_left", left)
    keys.foreach_set("handle_right", right)
    keys.foreach_set("select_control_point", [chance() < 0.3 for _ in range(count)])
    keys.foreach_set("select_left_handle", [chance() < 0.3 for _ in range(count)])
    if chance() < 0.3:
        curve.extrapolation = random_.choice(EXTRAPOLATION)
        curve.auto_smoothing = random_.choice(("NONE", "CONT_ACCEL"))
    curve.update()
    if chance() < options.muted:
        curve.mute, curve.lock = chance() < 0.6, chance() < 0.4
        curve.hide, curve.select = chance() < 0.3, chance() < 0.5
    if chance() < options.modifiers:
        add_modifier(random_, curve)
    if chance() < options.sampled_curves:
        curve.convert_to_samples(int(frames[0]), int(frames[-1]) + 3)


def add_modifier(random_: random.Random, curve) -> None:
    kind = random_.choice(MODIFIERS)
    modifier = curve.modifiers.new(kind)
    modifier.mute = random_.random() < 0.15
    if kind == "CYCLES":
        modes = ("NONE", "REPEAT", "REPEAT_OFFSET", "MIRROR")
        modifier.mode_before, modifier.mode_after = random_.choices(modes, k=2)
    elif kind == "LIMITS":
        modifier.use_max_y, modifier.max_y = True, random_.uniform(0, 1)
    elif kind == "NOISE":
        modifier.strength, modifier.phase = random_.uniform(0, 1), random_.uniform(0, 9)
    elif kind == "STEPPED":
        modifier.frame_step = random_.choice((2.0, 3.0))
    if random_.random() < 0.2:
        modifier.use_restricted_range = True
        modifier.frame_start, modifier.frame_end = 3.0, 20.0
        modifier.blend_in = 2.0
    if random_.random() < 0.2:
        modifier.use_influence, modifier.influence = True, random_.uniform(0, 1)


def add_strips(random_: random.Random, options, obj) -> None:
    """Moves the action into a scaled strip; half of the time that strip is being tweaked."""
    data = obj.animation_data
    action, slot = data.action, data.action_slot
    drop_integer_arrays(obj, channelbag(action, slot))
    tweak = random_.random() < 0.5
    track = data.nla_tracks.new()
    start = random_.randint(-3, 12)
    strip = track.strips.new("strip", start, action)
    strip.action_slot = slot
    strip.scale = random_.choice((1.0, 0.5, 2.0))
    strip.use_reverse = random_.random() < 0.15
    strip.repeat = random_.choice((1.0, 1.0, 2.0))
    strip.extrapolation = random_.choice(("HOLD", "HOLD_FORWARD", "NOTHING"))
    strip.blend_type = random_.choice(("REPLACE", "COMBINE", "ADD"))
    strip.mute = random_.random() < 0.1
    if not tweak:
        return
    data.action = None
    track.select = strip.select = True
    data.nla_tracks.active = track
    data.use_tweak_mode = True


def drop_integer_arrays(obj, bag) -> None:
    """Blender mixes uninitialised memory into animated integer arrays below an NLA track."""
    escape = bpy.utils.escape_identifier
    paths = {
        f'pose.bones["{escape(bone.name)}"]["{escape(name)}"]'
        for bone in obj.pose.bones
        for name, value in bone.items()
        if getattr(value, "typecode", "") in {"i", "b"}
    }
    for curve in [curve for curve in bag.fcurves if curve.data_path in paths]:
        bag.fcurves.remove(curve)
