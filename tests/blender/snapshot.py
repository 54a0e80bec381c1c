"""Everything a pose operator could have touched, as nested dictionaries and lists.

`take()` reads the file as the operator left it, then lets Blender evaluate it and adds the
resulting pose matrices, which also shows whether the operator told Blender to update them.
`differences(a, b)` compares two of them: numbers within a tolerance relative to max(1, |value|),
everything else exactly. Quaternions are compared as they are, sign included.
"""

from __future__ import annotations

import ctypes
import math
from array import array

import bpy

SKIPPED = {
    # derived from other values, or different in every file
    "PoseBone": {"matrix", "matrix_basis", "matrix_channel", "head", "tail", "length", "bone"}
    | {"parent", "child", "motion_path", "is_in_ik_chain"},
    "Bone": {"matrix", "head", "tail", "length", "children"},
    "NlaStrip": {"frame_start_ui", "frame_end_ui", "action_suitable_slots", "fcurves"},
}
KEY_NUMBERS = {"co": 2, "handle_left": 2, "handle_right": 2, "back": 1, "amplitude": 1, "period": 1}
KEY_CODES = (
    *("interpolation", "easing", "handle_left_type", "handle_right_type", "type"),
    *("select_control_point", "select_left_handle", "select_right_handle"),
)
_readers: dict[str, list[tuple[str, str]]] = {}


# --- values --------------------------------------------------------------------------------------


def plain(value):
    """A property's value as comparable data; data blocks and bones by name."""
    if value is None or isinstance(value, (int, float, str, bool)):
        return value
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "to_dict"):
        return {key: plain(inner) for key, inner in value.items()}
    if hasattr(value, "to_list"):
        return [value.typecode, *value.to_list()]
    if hasattr(value, "__len__"):
        return [plain(inner) for inner in value]
    if hasattr(value, "name"):
        return value.name
    return str(type(value))


def _reader(kind) -> list[tuple[str, str]]:
    """Names and kinds of the properties of an RNA type that are worth comparing."""
    found = _readers.get(kind.identifier)
    if found is None:
        skipped = SKIPPED.get(kind.identifier, ())
        found = _readers[kind.identifier] = [
            (prop.identifier, "array" if getattr(prop, "is_array", False) else prop.type)
            for prop in kind.properties
            if prop.type != "COLLECTION"
            and prop.identifier not in {"rna_type", *skipped}
            and not (prop.type == "POINTER" and prop.identifier in {"color", "colors"})
        ]
    return found


def properties(owner) -> dict:
    """All properties of a piece of RNA data, except collections."""
    result = {}
    for name, kind in _reader(owner.bl_rna):
        value = getattr(owner, name)
        if kind == "array":
            value = [*value] if not hasattr(value, "col") else [x for row in value for x in row]
        elif kind == "POINTER" or (kind == "ENUM" and isinstance(value, set)):
            value = plain(value)
        result[name] = value
    return result


def custom_properties(owner) -> dict:
    """Custom properties with their types, since 1 and 1.0 are not the same to Blender."""
    return {key: [type(value).__name__, plain(value)] for key, value in owner.items()}


# --- animation -----------------------------------------------------------------------------------


def keys(points) -> dict:
    count = len(points)
    result = {"count": count}
    for name, size in KEY_NUMBERS.items():
        values = array("f", bytes(4 * size * count))
        points.foreach_get(name, values)
        result[name] = values.tolist()
    for name in KEY_CODES:
        values = array("i", bytes(4 * count))
        points.foreach_get(name, values)
        result[name] = values.tolist()
    return result


def curve(fcurve) -> dict:
    result = {
        "path": [fcurve.data_path, fcurve.array_index],
        "group": fcurve.group.name if fcurve.group else None,
        "flags": [fcurve.mute, fcurve.lock, fcurve.hide, fcurve.select],
        "kinds": [fcurve.extrapolation, fcurve.auto_smoothing, fcurve.color_mode],
        "color": [*fcurve.color],
        "keys": keys(fcurve.keyframe_points),
    }
    if fcurve.sampled_points:
        samples = array("f", bytes(8 * len(fcurve.sampled_points)))
        fcurve.sampled_points.foreach_get("co", samples)
        result["samples"] = samples.tolist()
    if fcurve.modifiers:
        result["modifiers"] = [properties(modifier) for modifier in fcurve.modifiers]
    return result


def driver(fcurve) -> dict:
    """A driver: its curve, and what drives it."""
    result = curve(fcurve)
    result["driver"] = properties(fcurve.driver)
    result["variables"] = [
        [variable.name, variable.type, [properties(target) for target in variable.targets]]
        for variable in fcurve.driver.variables
    ]
    return result


def channelbag(bag) -> dict:
    return {
        "slot": bag.slot_handle,
        "groups": [
            [g.name, g.select, g.lock, g.mute, g.color_set, len(g.channels)] for g in bag.groups
        ],
        "curves": [curve(fcurve) for fcurve in bag.fcurves],
    }


def action(data) -> dict:
    return {
        "name": data.name,
        "users": data.users,
        "frames": [data.use_frame_range, data.use_cyclic, data.frame_start, data.frame_end],
        "custom": custom_properties(data),
        "slots": [[s.identifier, s.target_id_type, s.handle, s.select] for s in data.slots],
        "layers": [
            [layer.name, [[channelbag(bag) for bag in s.channelbags] for s in layer.strips]]
            for layer in data.layers
        ],
    }


def animation(owner) -> dict | None:
    """An owner's animation data: what is assigned, NLA, drivers."""
    data = owner.animation_data
    if data is None:
        return None
    return {
        "action": data.action.name if data.action else None,
        "slot": data.action_slot_handle,
        "last slot": data.last_slot_identifier,
        "nla": [data.use_nla, data.use_tweak_mode, data.action_influence],
        "kinds": [data.action_extrapolation, data.action_blend_type],
        "tracks": [
            {**properties(track), "strips": [properties(strip) for strip in track.strips]}
            for track in data.nla_tracks
        ],
        "drivers": [driver(fcurve) for fcurve in data.drivers],
    }


# --- objects -------------------------------------------------------------------------------------


def motion_path(path) -> dict | None:
    if path is None:
        return None
    points = array("f", bytes(12 * len(path.points)))
    path.points.foreach_get("co", points)
    return {**properties(path), "points": points.tolist(), "flags": point_flags(path.points)}


def point_flags(points) -> list[int]:
    """Whether each point is selected and a key; RNA does not show keys, so they are read from
    the records: three floats and these bits."""
    size = points[1].as_pointer() - points[0].as_pointer()
    assert size == 16, size
    records = ctypes.string_at(points[0].as_pointer(), size * len(points))
    return array("i", records)[3::4].tolist()


def bone_color(color) -> list:
    custom = color.custom
    return [color.palette, [*custom.normal], [*custom.select], [*custom.active]]


def constraint(data) -> dict:
    result = properties(data)
    if data.type == "ARMATURE":
        result["targets"] = [properties(target) for target in data.targets]
    return result


def pose_bone(bone) -> dict:
    return {
        **properties(bone),
        "parent": bone.parent.name if bone.parent else None,
        "color": bone_color(bone.color),
        "custom": custom_properties(bone),
        "constraints": [constraint(data) for data in bone.constraints],
        "motion path": motion_path(bone.motion_path),
    }


def pose(obj) -> dict:
    settings = obj.pose
    return {
        "options": [settings.use_mirror_x, settings.use_mirror_relative, settings.use_auto_ik],
        "paths": properties(settings.animation_visualization.motion_path),
        "bones": {bone.name: pose_bone(bone) for bone in settings.bones},
        "order": [bone.name for bone in settings.bones],
    }


def armature(data) -> dict:
    active = data.bones.active
    return {
        "options": [data.pose_position, data.use_mirror_x, data.users],
        "custom": custom_properties(data),
        "active": active.name if active else None,
        "bones": {
            bone.name: {
                **properties(bone),
                "color": bone_color(bone.color),
                "custom": custom_properties(bone),
                "collections": [collection.name for collection in bone.collections],
            }
            for bone in data.bones
        },
        "collections": [
            {**properties(c), "bones": [bone.name for bone in c.bones]}
            for c in data.collections_all
        ],
        "animation": animation(data),
    }


OBJECT_VALUES = (
    *("mode", "type", "rotation_mode", "hide_select", "hide_viewport", "location", "scale"),
    *("rotation_euler", "rotation_quaternion", "rotation_axis_angle", "delta_location"),
    *("parent", "parent_type", "parent_bone", "data"),
)


def scene_object(obj) -> dict:
    result = {name: plain(getattr(obj, name)) for name in OBJECT_VALUES}
    result["select"] = obj.select_get()
    result["custom"] = custom_properties(obj)
    result["constraints"] = [constraint(data) for data in obj.constraints]
    result["modifiers"] = [properties(modifier) for modifier in obj.modifiers]
    result["vertex groups"] = [group.name for group in obj.vertex_groups]
    result["animation"] = animation(obj)
    if obj.pose is not None:
        result["pose"] = pose(obj)
    if hasattr(obj, "selection_sets"):
        result["active set"] = obj.active_selection_set
        result["sets"] = [[s.name, [b.name for b in s.bone_ids]] for s in obj.selection_sets]
    return result


def scene_settings() -> dict:
    scene = bpy.context.scene
    tools = scene.tool_settings
    edit = bpy.context.preferences.edit
    active = bpy.context.view_layer.objects.active
    return {
        "frame": [scene.frame_current, scene.frame_subframe, scene.frame_start, scene.frame_end],
        "preview": [scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end],
        "markers": [[m.name, m.frame, m.select] for m in scene.timeline_markers],
        "active": active.name if active else None,
        "mode": bpy.context.mode,
        "keying sets": [[k.bl_idname, k.bl_label, len(k.paths)] for k in scene.keying_sets],
        "tools": {
            name: plain(getattr(tools, name))
            for name, _ in _reader(tools.bl_rna)
            if "key" in name or "mirror" in name or "pivot" in name
        },
        "preferences": {
            name: plain(getattr(edit, name)) for name, _ in _reader(edit.bl_rna) if "key" in name
        },
    }


def evaluated() -> dict:
    """Channels and pose matrices after Blender has evaluated the scene."""
    bpy.context.view_layer.update()
    result = {}
    for obj in bpy.data.objects:
        if obj.pose is None:
            continue
        bones = obj.pose.bones
        arrays = {}
        for name, size in (("matrix", 16), ("location", 3), ("rotation_quaternion", 4)):
            values = array("f", bytes(4 * size * len(bones)))
            bones.foreach_get(name, values)
            arrays[name] = values.tolist()
        _leave_out_flat(bones, arrays["matrix"])
        result[obj.name] = arrays
    return result


def _leave_out_flat(bones, matrices: list[float]) -> None:
    """Blanks the matrices below a flattened bone: there the last bit decides the rotation."""
    flat = set()
    for index, bone in enumerate(bones):
        columns = [column.to_3d() for column in bone.matrix.col[:3]]
        lengths = [column.length for column in columns]
        volume = abs(columns[0].cross(columns[1]).dot(columns[2]))
        box = lengths[0] * lengths[1] * lengths[2]
        thin = min(lengths) < 0.1 * max(lengths) or volume < 0.1 * box or box < 1e-4
        if thin or bone.parent in flat:
            flat.add(bone)
            matrices[16 * index : 16 * index + 16] = [math.nan] * 16


def take() -> dict:
    """Everything, then the evaluated pose."""
    data = bpy.data
    return {
        "scene": scene_settings(),
        "objects": {obj.name: scene_object(obj) for obj in data.objects},
        "armatures": {item.name: armature(item) for item in data.armatures},
        "actions": {item.name: action(item) for item in data.actions},
        "evaluated": evaluated(),
    }


# --- comparison ----------------------------------------------------------------------------------

EVALUATED_SLACK = 20.0
"""Pose matrices add up the rounding of a whole chain of bones."""


def close(a: float, b: float, tolerance: float) -> bool:
    if a == b:
        return True
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))


def differences(a, b, tolerance: float = 1e-6, limit: int = 12) -> list[str]:
    """The first differences as lines `path: a | b`; none if both are equal within the tolerance."""
    found: list[str] = []
    if a != b:
        _compare(a, b, "", tolerance, limit, found)
    return found


def _compare(a, b, path: str, tolerance: float, limit: int, found: list[str]) -> None:
    if len(found) >= limit or a == b:
        return
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            inner = f"{path}.{key}" if path else str(key)
            slack = EVALUATED_SLACK if inner == "evaluated" else 1.0
            if key not in a or key not in b:
                found.append(f"{inner}: only in the {'second' if key not in a else 'first'}")
            else:
                _compare(a[key], b[key], inner, tolerance * slack, limit, found)
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            found.append(f"{path}: {len(a)} | {len(b)} elements: {_short(a)} | {_short(b)}")
            return
        for index, (x, y) in enumerate(zip(a, b, strict=True)):
            _compare(x, y, f"{path}[{index}]", tolerance, limit, found)
    elif isinstance(a, float) and isinstance(b, float):
        if not close(a, b, tolerance):
            found.append(f"{path}: {a!r} | {b!r}")
    else:
        found.append(f"{path}: {_short(a)} | {_short(b)}")


def _short(value) -> str:
    text = repr(value)
    return text if len(text) < 120 else text[:117] + "..."
