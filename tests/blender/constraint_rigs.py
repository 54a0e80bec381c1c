"""Constraints of a Blender rig as arrays, and random ones of each type."""

from __future__ import annotations

import math
from array import array

import bpy
from mathutils import Matrix

SOURCES = ("location", "rotation", "scale")
SUFFIX = {"LOCATION": "", "ROTATION": "_rot", "SCALE": "_scale"}
BITS = {
    "use_offset": 9,
    "use_add": 10,
    "use_make_uniform": 11,
    "remove_target_shear": 12,
    "use_legacy_behavior": 13,
    "use_motion_extrapolate": 14,
    "use_target_z": 15,
    "use_bulge_min": 16,
    "use_bulge_max": 17,
    "use_rotation": 18,
    "use_relative_location": 19,
    "use_deform_preserve_volume": 20,
    "use_current_location": 21,
    "use_location": 22,
    "use_tail": 23,
    "use_stretch": 24,
    "use_eval_time": 25,
}
AXES = {
    "LIMIT_LOCATION": ("use_min", "use_max"),
    "LIMIT_SCALE": ("use_min", "use_max"),
    "LIMIT_ROTATION": ("use_limit",),
    "COPY_LOCATION": ("use", "invert"),
    "COPY_ROTATION": ("use", "invert"),
    "COPY_SCALE": ("use",),
    "CHILD_OF": ("use_location", "use_rotation", "use_scale"),
}
OPTIONS = {
    "TRACK_TO": ("track_axis", "up_axis"),
    "LIMIT_ROTATION": ("euler_order",),
    "COPY_ROTATION": ("euler_order", "mix_mode"),
    "LOCKED_TRACK": ("track_axis", "lock_axis"),
    "LIMIT_DISTANCE": ("limit_mode",),
    "STRETCH_TO": ("volume", "keep_axis"),
    "FLOOR": ("floor_location",),
    "DAMPED_TRACK": ("track_axis",),
    "COPY_TRANSFORMS": ("mix_mode",),
    "MAINTAIN_VOLUME": ("free_axis", "mode"),
    "PIVOT": ("rotation_range",),
    "ACTION": ("transform_channel", "mix_mode"),
}
VALUES = {
    "COPY_SCALE": ("power",),
    "LIMIT_DISTANCE": ("distance",),
    "STRETCH_TO": ("rest_length", "bulge", "bulge_min", "bulge_max", "bulge_smooth"),
    "FLOOR": ("offset",),
    "MAINTAIN_VOLUME": ("volume",),
    "IK": ("weight", "orient_weight", "pole_angle"),
    "ACTION": ("min", "max", "eval_time", "frame_start", "frame_end"),
}
KINDS = (
    "COPY_LOCATION",
    "COPY_ROTATION",
    "COPY_SCALE",
    "COPY_TRANSFORMS",
    "LIMIT_LOCATION",
    "LIMIT_ROTATION",
    "LIMIT_SCALE",
    "LIMIT_DISTANCE",
    "MAINTAIN_VOLUME",
    "TRANSFORM",
    "DAMPED_TRACK",
    "LOCKED_TRACK",
    "TRACK_TO",
    "STRETCH_TO",
    "CHILD_OF",
    "FLOOR",
    "PIVOT",
    "ARMATURE",
)


def number(owner, name: str) -> int:
    """An enum property as its number."""
    return owner.bl_rna.properties[name].enum_items[getattr(owner, name)].value


def axes(constraint, stem: str) -> list[float]:
    return [getattr(constraint, f"{stem}_{axis}") for axis in "xyz"]


def flags(constraint) -> int:
    bits = 0
    kind = constraint.type
    for group, stem in enumerate(AXES.get(kind, ())):
        for axis, on in enumerate(axes(constraint, stem)):
            bits |= on << (3 * group + axis)
    for name, bit in BITS.items():
        # Copy Rotation's use_offset is an old name of its mix mode.
        if hasattr(constraint, name) and not (kind == "COPY_ROTATION" and name == "use_offset"):
            bits |= bool(getattr(constraint, name)) << bit
    return bits


def options(constraint) -> list[int]:
    kind = constraint.type
    numbers = [number(constraint, name) for name in OPTIONS.get(kind, ())]
    if kind == "TRANSFORM":
        mix = "mix_mode" + SUFFIX[constraint.map_to]
        names = ["map_from", "map_to", "map_to_x_from", "map_to_y_from", "map_to_z_from", mix]
        names += ["from_rotation_mode", "to_euler_order"]
        numbers = [number(constraint, name) for name in names]
    elif kind == "IK":
        numbers = [constraint.chain_count or -1, getattr(constraint, "iterations", 0)]
    return numbers + [0] * (8 - len(numbers))


def values(constraint) -> list[float]:
    kind = constraint.type
    if kind == "CHILD_OF":
        return [value for column in constraint.inverse_matrix.col for value in column]
    numbers = [getattr(constraint, name) for name in VALUES.get(kind, ())]
    if kind.startswith("LIMIT_") and kind != "LIMIT_DISTANCE":
        numbers = [getattr(constraint, f"{end}_{axis}") for end in ("min", "max") for axis in "xyz"]
    elif kind == "PIVOT":
        numbers = list(constraint.offset)
    elif kind == "TRANSFORM":
        ends = [("from", SUFFIX[constraint.map_from]), ("to", SUFFIX[constraint.map_to])]
        numbers = [
            getattr(constraint, f"{way}_{end}_{axis}{suffix}")
            for way, suffix in ends
            for end in ("min", "max")
            for axis in "xyz"
        ]
    return numbers + [0.0] * (16 - len(numbers))


def flat(matrix: Matrix) -> list[float]:
    return [value for column in matrix.col for value in column]


def read_joints(native, obj):
    """LimberIkBones of an armature object."""
    count = len(obj.pose.bones)
    names = ("lock_ik", "use_ik_limit", "ik_min", "ik_max", "ik_stiffness")
    rows = {}
    for row, name in zip(native.evaluate.IK_BONE_ARRAYS, names, strict=False):
        code, width = native.evaluate.IK_BONE_ARRAYS[row]
        rows[row] = array(code, [0]) * (count * width)
        for at, axis in enumerate("xyz"):
            values = [getattr(bone, f"{name}_{axis}") for bone in obj.pose.bones]
            rows[row][at::3] = array(code, values)
    stretch = array("f", (bone.ik_stretch for bone in obj.pose.bones))
    return native.evaluate.IkBones(bone_count=count, **rows, stretch=stretch)


def read(native, obj, with_ik: bool = True):
    """LimberPoseConstraints of an armature object; constraints that do nothing are left out."""
    index = {bone.name: at for at, bone in enumerate(obj.pose.bones)}
    rows = {name: array(code) for name, (code, _) in native.evaluate.CONSTRAINT_ARRAYS.items()}
    targets = {name: array(code) for name, (code, _) in native.evaluate.TARGET_ARRAYS.items()}

    def add_target(target, name: str, along: float, weight: float) -> None:
        targets["target_bone"].append(index[name] if target == obj else -1)
        targets["target_head_tail"].append(along)
        targets["target_weight"].append(weight)
        targets["target_matrix"].extend(flat(target.matrix_world))

    count = 0
    mute = array("B")
    targets["target_first"].append(0)
    for owner, bone in enumerate(obj.pose.bones):
        for constraint in bone.constraints:
            ik = constraint.type in ("IK", "SPLINE_IK")
            if not constraint.is_valid or (constraint.mute and not ik):
                continue
            rows["bone"].append(owner)
            mute.append(constraint.mute)
            rows["constraint_type"].append(number(constraint, "type"))
            rows["owner_space"].append(number(constraint, "owner_space"))
            rows["target_space"].append(number(constraint, "target_space"))
            rows["flag"].append(flags(constraint))
            rows["option"].extend(options(constraint))
            rows["value"].extend(values(constraint))
            rows["influence"].append(constraint.influence)
            space = constraint.space_object
            rows["space_bone"].append(index[constraint.space_subtarget] if space == obj else -1)
            rows["space_matrix"].extend(flat(space.matrix_world if space else Matrix()))
            if constraint.type == "ARMATURE":
                for target in constraint.targets:
                    add_target(target.target, target.subtarget, 0.0, target.weight)
            elif getattr(constraint, "target", None):
                along = getattr(constraint, "head_tail", 0.0)
                add_target(constraint.target, constraint.subtarget, along, 1.0)
                if getattr(constraint, "pole_target", None):
                    add_target(constraint.pole_target, constraint.pole_subtarget, 0.0, 1.0)
            count += 1
            targets["target_first"].append(len(targets["target_bone"]))
    targets["object_matrix"].extend(flat(obj.matrix_world))
    return native.evaluate.PoseConstraints(
        constraint_count=count,
        target_count=len(targets["target_bone"]),
        **rows,
        **targets,
        mute=mute,
        **({"ik": read_joints(native, obj)} if with_ik else {}),
    )


def set_random(random_, constraint, name: str) -> None:
    """One property, by its name and range."""
    prop = constraint.bl_rna.properties[name]
    if prop.type == "BOOLEAN":
        setattr(constraint, name, random_.random() < 0.5)
    elif prop.type == "ENUM":
        setattr(constraint, name, random_.choice(prop.enum_items.keys()))
    elif prop.type == "FLOAT":
        low, high = max(prop.soft_min, -2.0), min(prop.soft_max, 2.0)
        size = prop.array_length
        value = [random_.uniform(low, high) for _ in range(max(size, 1))]
        setattr(constraint, name, value if size else value[0])


FIXED = {
    "influence",
    "mute",
    "enabled",
    "active",
    "show_expanded",
    "use_bbone_shape",
    "use_bone_envelopes",
    "set_inverse_pending",
    "inverse_matrix",
    "use_transform_limit",
    "error_location",
    "error_rotation",
    "power",
    "owner_space",
    "target_space",
}


def randomize(random_, constraint) -> None:
    """Every setting of a constraint but its targets."""
    legacy = constraint.type == "COPY_ROTATION"
    for prop in constraint.bl_rna.properties:
        fixed = prop.is_readonly or prop.identifier in FIXED or prop.type in ("POINTER", "STRING")
        if not fixed and not (legacy and prop.identifier == "use_offset"):
            set_random(random_, constraint, prop.identifier)
    kind = constraint.type
    if kind == "COPY_SCALE":
        constraint.power = random_.choice((1.0, 2.0, 0.5, -1.0))
    if kind == "LIMIT_ROTATION":
        for axis in "xyz":
            low, high = (random_.uniform(-math.pi, math.pi) for _ in "ab")
            setattr(constraint, f"min_{axis}", low)
            setattr(constraint, f"max_{axis}", high)
    if kind in ("MAINTAIN_VOLUME", "LIMIT_DISTANCE"):
        name = "volume" if kind == "MAINTAIN_VOLUME" else "distance"
        setattr(constraint, name, random_.uniform(0.3, 2.0))
    if kind == "STRETCH_TO":
        constraint.rest_length = random_.uniform(0.3, 2.0)
        constraint.bulge = random_.uniform(0.2, 2.0)
    if kind == "CHILD_OF":
        constraint.set_inverse_pending = False
        constraint.inverse_matrix = Matrix.Translation([random_.uniform(-1, 1) for _ in "xyz"]) @ (
            Matrix.Rotation(random_.uniform(-3, 3), 4, "XYZ"[random_.randrange(3)])
        )
        if random_.random() < 0.4:
            for channel in ("location", "rotation", "scale"):
                for axis in "xyz":
                    setattr(constraint, f"use_{channel}_{axis}", True)


def spaces(random_, constraint, custom) -> None:
    """Random spaces; the custom one is that of the object, or of its bone `space`."""
    props = constraint.bl_rna.properties
    constraint.owner_space = random_.choice(props["owner_space"].enum_items.keys())
    items = props["target_space"].enum_items.keys()
    subject = getattr(constraint, "target", None)
    if subject and subject.type == "ARMATURE":
        constraint.target_space = random_.choice(items)
    elif subject:
        # In its own space a target is where a connected bone is in LOCAL space: only rounding
        # would say which way it lies.
        wanted = random_.choice(("WORLD", "CUSTOM"))
        constraint.target_space = "WORLD" if custom == subject else wanted
    if "CUSTOM" in (constraint.owner_space, constraint.target_space) and random_.random() < 0.8:
        constraint.space_object = custom
        if custom.type == "ARMATURE":
            constraint.space_subtarget = "space"


def new(random_, bone, kind: str, target, subtarget: str, custom):
    """A random constraint of that type; influence is whole more often than not."""
    constraint = bone.constraints.new(kind)
    randomize(random_, constraint)
    constraint.influence = 1.0 if random_.random() < 0.6 else random_.uniform(0.05, 0.95)
    if kind == "ARMATURE":
        for name in [subtarget, *random_.sample(["target2", "space"], random_.randint(0, 2))]:
            follow = constraint.targets.new()
            follow.target, follow.subtarget = bone.id_data, name
            follow.weight = random_.choice((0.0, 1.0, random_.random()))
    elif "target" in constraint.bl_rna.properties:
        constraint.target = target
        if target and target.type == "ARMATURE":
            constraint.subtarget = subtarget
    spaces(random_, constraint, custom)
    return constraint


def remove_all() -> None:
    """No object and no armature is left."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    for data in list(bpy.data.armatures):
        bpy.data.armatures.remove(data)
