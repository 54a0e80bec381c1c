"""Random rigs with inverse kinematics, one setting of the solver each, and their data as arrays."""

from __future__ import annotations

import math

import bpy
import test_math
from mathutils import Euler, Matrix, Vector

SETTINGS = (
    "plain",
    "two_bones",
    "pole",
    "stretch",
    "pole_stretch",
    "influence",
    "pole_influence",
    "scaled",
    "stiffness",
    "locks",
    "locks_stretch",
    "limits",
    "hinge_limits",
    "rotation",
    "iterations",
    "parent_tip",
    "two_constraints",
    "two_goals",
    "two_goals_stretch",
    "overlap",
)
CHAIN = ("a", "b", "c", "d", "e")
PARENTS = {"a": "root", "b": "a", "c": "b", "d": "c", "e": "d", "x": "b", "y": "x", "z": "e"}
NAMES = ("root", *CHAIN, "x", "y", "z", "goal", "goal2", "pole")


def make_bones(random_, setting: str):
    """An armature object: a chain with a branch, bones to be goals, and one below the tip."""
    data = bpy.data.armatures.new("Rig")
    obj = bpy.data.objects.new("Rig", data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    for name in NAMES:
        bone = data.edit_bones.new(name)
        parent = data.edit_bones[PARENTS[name]] if name in PARENTS else None
        bone.head = parent.tail if parent else test_math.vector(random_)
        if parent and random_.random() < 0.4:
            bone.head += test_math.vector(random_, 0.3)
        direction = test_math.vector(random_) + Vector((0.0, 0.3, 0.0))
        bone.tail = bone.head + direction.normalized() * random_.uniform(0.3, 1.2)
        bone.roll = random_.uniform(-math.pi, math.pi)
        bone.parent = parent
        bone.use_connect = parent is not None and random_.random() < 0.4
        if random_.random() < 0.2:
            bone.inherit_scale = random_.choice(test_math.INHERIT)
    bpy.ops.object.mode_set(mode="OBJECT")
    if random_.random() < 0.6:
        turn = Euler(test_math.vector(random_, 3.0))
        scale = [random_.uniform(0.7, 1.4) for _ in "xyz"]
        obj.matrix_world = Matrix.LocRotScale(test_math.vector(random_), turn, scale)
    for bone in obj.pose.bones:
        bone.rotation_mode = "XYZ"
        bone.rotation_euler = test_math.vector(random_, 0.6)
        if not bone.bone.use_connect:
            bone.location = test_math.vector(random_, 0.2)
        if bone.name not in CHAIN or setting == "scaled":
            bone.scale = [random_.uniform(0.7, 1.4) for _ in "xyz"]
    return obj


def add(random_, obj, bone: str, goal: str, count: int):
    constraint = obj.pose.bones[bone].constraints.new("IK")
    constraint.target, constraint.subtarget = obj, goal
    constraint.chain_count = count
    constraint.use_stretch = False
    return constraint


def joints(random_, obj, setting: str) -> None:
    """Stretch, stiffness, locks and limits; a bone with `hinge_limits` does not swing both ways."""
    for name in CHAIN:
        bone = obj.pose.bones[name]
        if "stretch" in setting and random_.random() < 0.8:
            bone.ik_stretch = random_.choice((0.1, 0.5, 1.0, random_.random()))
        for axis in "xyz":
            if setting == "stiffness":
                setattr(bone, f"ik_stiffness_{axis}", random_.uniform(0.0, 0.99))
            if setting.startswith("locks"):
                setattr(bone, f"lock_ik_{axis}", random_.random() < 0.4)
            if setting == "limits":
                setattr(bone, f"use_ik_limit_{axis}", random_.random() < 0.5)
                setattr(bone, f"ik_min_{axis}", random_.uniform(-2.0, 0.3))
                setattr(bone, f"ik_max_{axis}", random_.uniform(-0.3, 2.0))
                setattr(bone, f"lock_ik_{axis}", random_.random() < 0.15)
            if setting == "hinge_limits":
                setattr(bone, f"use_ik_limit_{axis}", random_.random() < 0.6)
                setattr(bone, f"ik_min_{axis}", random_.uniform(-2.0, 0.3))
                setattr(bone, f"ik_max_{axis}", random_.uniform(-0.3, 2.0))
        if setting == "hinge_limits":
            setattr(bone, f"lock_ik_{random_.choice('xz')}", True)
            bone.lock_ik_y = random_.random() < 0.5


def pole(random_, constraint) -> None:
    constraint.pole_target = constraint.target
    constraint.pole_subtarget = "pole"
    constraint.pole_angle = random_.uniform(-math.pi, math.pi)


def make(random_, setting: str):
    """An armature object with one or two IK constraints."""
    obj = make_bones(random_, setting)
    count = 2 if setting == "two_bones" else random_.randint(1, 5)
    tip = random_.choice(CHAIN[count - 1 :])
    first = add(random_, obj, tip, "goal", count)
    joints(random_, obj, setting)
    first.use_stretch = "stretch" in setting
    if "pole" in setting:
        pole(random_, first)
    if "influence" in setting:
        first.influence = random_.uniform(0.1, 0.95)
    if setting == "rotation":
        first.use_rotation = True
        first.orient_weight = random_.choice((1.0, random_.uniform(0.1, 1.0)))
        first.use_location = random_.random() < 0.7
        if random_.random() < 0.3:
            first.influence = random_.uniform(0.1, 0.95)
    if setting == "iterations":
        first.iterations = random_.randint(0, 20)
    if setting == "parent_tip":
        first.use_tail = False
    if setting.startswith("two_goals"):
        first.chain_count = "abcde".index(tip) + 1
        second = add(random_, obj, random_.choice("xy"), "goal2", 0)
        second.chain_count = 4 if obj.pose.bones["y"].constraints else 3
        second.use_stretch = random_.random() < 0.5 and "stretch" in setting
        second.weight = random_.choice((1.0, random_.uniform(0.1, 1.0)))
        if random_.random() < 0.3:
            second.influence = random_.random()
    if setting == "two_constraints":
        second = add(random_, obj, tip, "goal2", count)
        for one in (first, second):
            one.use_stretch = random_.random() < 0.5
            one.mute = random_.random() < 0.4
            one.influence = random_.choice((1.0, 1.0, 0.0, random_.random()))
            if random_.random() < 0.5:
                pole(random_, one)
            obj.pose.bones[tip].ik_stretch = 0.1
    if setting == "overlap":
        first.chain_count = 3
        second = add(random_, obj, random_.choice("dez"), "goal2", random_.randint(2, 4))
        second.influence = random_.choice((1.0, random_.random()))
    bpy.context.view_layer.update()
    return obj


def goals(obj):
    """The IK constraints of an object, in the order of its bones."""
    return [(b, c) for b in obj.pose.bones for c in b.constraints if c.type == "IK" and c.is_valid]


def unsolved(obj) -> list[float]:
    """The pose matrices without inverse kinematics."""
    keep = [(c, c.influence) for _, c in goals(obj)]
    for constraint, _ in keep:
        constraint.influence = 0.0
    bpy.context.view_layer.update()
    matrices = list(test_math.read(obj.pose.bones, "matrix", "f", 16))
    for constraint, influence in keep:
        constraint.influence = influence
    bpy.context.view_layer.update()
    return matrices


def rows(obj) -> dict[str, list]:
    """Everything of the solver by name: one element a bone (j) or a goal (g)."""
    index = {bone.name: at for at, bone in enumerate(obj.pose.bones)}
    found = {
        "parent": [index[b.parent.name] if b.parent else -1 for b in obj.pose.bones],
        "rest": list(test_math.read(obj.data.bones, "matrix_local", "f", 16)),
        "length": [bone.length for bone in obj.data.bones],
        "before": unsolved(obj),
        "after": list(test_math.read(obj.pose.bones, "matrix", "f", 16)),
    }
    for at, axis in enumerate("xyz"):
        for name in ("lock_ik", "ik_stiffness", "use_ik_limit", "ik_min", "ik_max"):
            values = [float(getattr(bone, f"{name}_{axis}")) for bone in obj.pose.bones]
            found.setdefault(f"j.{name}", [[], [], []])[at] = values
    for name in [name for name in found if name.startswith("j.")]:
        found[name] = [value for bone in zip(*found[name], strict=True) for value in bone]
    found["j.ik_stretch"] = [bone.ik_stretch for bone in obj.pose.bones]
    table = goals(obj)
    found["g.bone"] = [index[bone.name] for bone, _ in table]
    found["g.target"] = [index[goal.subtarget] for _, goal in table]
    found["g.pole"] = [index.get(goal.pole_subtarget, -1) for _, goal in table]
    found["g.influence"] = [0.0 if goal.mute else goal.influence for _, goal in table]
    names = ("chain_count", "use_tail", "use_stretch", "iterations", "use_location", "weight")
    for name in (*names, "use_rotation", "orient_weight", "pole_angle"):
        found[f"g.{name}"] = [float(getattr(goal, name)) for _, goal in table]
    return found
