"""The pose evaluator against Blender's own, on random rigs with constraints.

Each rig has one owner bone under a parent, with every inherit setting, rotation mode, scale and
shear; a target bone between head and tail, an object as a target, custom spaces, every owner and
target space, and an armature object that may be moved, turned and scaled.
"""

from __future__ import annotations

import importlib
import math
import os
import random
from array import array
from types import SimpleNamespace

import bpy
import constraint_rigs
import pytest
import test_math
from mathutils import Euler, Matrix
from spread import Spread

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
RIGS = max(40, int(os.environ.get("LIMBER_TEST_SCENES", "200")) // 2)
BONES = ("root", "owner", "child", "parent2", "target", "target2", "space")
PARENTS = {"owner": "root", "child": "owner", "target": "parent2", "target2": "target"}


@pytest.fixture(scope="module")
def native(addon):
    """The modules of the native package that the tests use."""
    return SimpleNamespace(
        transform=importlib.import_module(f"{addon}.native.transform"),
        structs=importlib.import_module(f"{addon}.native.structs"),
        evaluate=importlib.import_module(f"{addon}.native.evaluate"),
    )


def make_rig(random_):
    """An armature object in object mode, and an empty beside it."""
    data = bpy.data.armatures.new("Rig")
    obj = bpy.data.objects.new("Rig", data)
    empty = bpy.data.objects.new("Empty", None)
    for one in (obj, empty):
        bpy.context.scene.collection.objects.link(one)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    for name in BONES:
        bone = data.edit_bones.new(name)
        bone.head = test_math.vector(random_)
        bone.tail = bone.head + test_math.vector(random_) + test_math.Vector((0.0, 0.3, 0.0))
        bone.roll = random_.uniform(-math.pi, math.pi)
        if name in PARENTS:
            bone.parent = data.edit_bones[PARENTS[name]]
        if random_.random() < 0.5:
            bone.inherit_scale = random_.choice(test_math.INHERIT)
            bone.use_inherit_rotation = random_.random() < 0.7
            bone.use_local_location = random_.random() < 0.7
            # Not the targets: two connected bones have no direction between them in LOCAL space.
            bone.use_connect = name in ("owner", "child") and random_.random() < 0.3
    bpy.ops.object.mode_set(mode="OBJECT")
    for one in (obj, empty):
        # An object at the origin is no direction to a connected bone in LOCAL space.
        if one == empty or random_.random() < 0.7:
            one.matrix_world = Matrix.LocRotScale(
                test_math.vector(random_),
                Euler(test_math.vector(random_, 3.0)),
                [random_.uniform(0.7, 1.4) for _ in "xyz"],
            )
    return obj, empty


def compare(native, obj, frames: int = 1):
    """Largest difference of a matrix of the rig, relative to its entries but at least to 1."""
    rig = test_math.read_rig(native, obj)
    pose, _arrays = test_math.read_pose(native, obj)
    view = constraint_rigs.read(native, obj)
    poses = native.evaluate.evaluate_poses(rig, pose, view, frames)
    assert all(state == native.evaluate.EVALUABLE for state in poses.state), list(poses.state)
    want = test_math.read(obj.pose.bones, "matrix", "f", 16)
    for name, ends in (("head", poses.head), ("tail", poses.tail)):
        # The ends are those of the matrices, whatever these are.
        of_matrix = [*zip(*[iter(poses.matrices)] * 16, strict=True)]
        for bone, matrix in enumerate(of_matrix):
            along = obj.data.bones[bone].length if name == "tail" else 0.0
            point = [matrix[12 + axis] + along * matrix[4 + axis] for axis in range(3)]
            assert test_math.apart(ends[3 * bone : 3 * bone + 3], point) < 1e-6
    return test_math.worst(poses.matrices, want, 16)


def describe(obj) -> list[str]:
    lines = []
    for bone in obj.pose.bones:
        for constraint in bone.constraints:
            names = sorted(prop.identifier for prop in constraint.bl_rna.properties)
            lines += [f"{name} = {getattr(constraint, name)!r}" for name in names]
    return lines


def is_half_turn(obj) -> bool:
    """Whether an influence has to choose a way round, which rounding decides."""
    partial = [c for b in obj.pose.bones for c in b.constraints if c.influence < 1.0]
    if not partial:
        return False
    ends = []
    keep = [c.influence for c in partial]
    for influence in (0.0, 1.0):
        for constraint in partial:
            constraint.influence = influence
        bpy.context.view_layer.update()
        ends.append((obj.matrix_world @ obj.pose.bones["owner"].matrix).to_3x3())
    for constraint, influence in zip(partial, keep, strict=True):
        constraint.influence = influence
    bpy.context.view_layer.update()
    a, b = (end.to_quaternion() for end in ends)
    return abs(a.dot(b)) < 0.02


@pytest.mark.parametrize("kind", constraint_rigs.KINDS)
def test_one_constraint(native, empty_file, kind):
    differences, half_turns = [], 0
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} {kind} {at}")
        obj, empty = make_rig(random_)
        test_math.random_pose(random_, obj)
        owner = obj.pose.bones["owner"]
        target = obj if random_.random() < 0.75 or kind == "ARMATURE" else empty
        custom = random_.choice((obj, empty))
        constraint_rigs.new(random_, owner, kind, target, "target", custom)
        bpy.context.view_layer.update()
        difference, bone = compare(native, obj)
        if difference > 5e-5 and is_half_turn(obj):
            half_turns += 1
            constraint_rigs.remove_all()
            continue
        if difference > 5e-5:
            details = "\n".join(describe(obj))
            raise AssertionError(f"{kind} {at}: {difference} of {BONES[bone]}\n{details}")
        differences.append(difference)
        constraint_rigs.remove_all()
    assert Spread(kind, differences, f"{half_turns} half turns").at(50) < 2e-6
    assert half_turns <= RIGS // 20


def test_stacks_of_many_bones(native, empty_file):
    """Several constraints a bone, each bone looking at any other that does not wait for it."""
    differences = []
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} stacks {at}")
        obj = test_math.make_rig(random_)
        test_math.random_pose(random_, obj)
        bones = list(obj.pose.bones)
        # Later bones may be ancestors of none before them: so there is no cycle.
        for number, bone in enumerate(bones[10:], 10):
            for _ in range(random_.randint(0, 2)):
                kind = random_.choice([k for k in constraint_rigs.KINDS if k != "ARMATURE"])
                target = random_.choice(bones[:number]).name
                constraint = constraint_rigs.new(random_, bone, kind, obj, target, obj)
                constraint.space_subtarget = random_.choice(bones[:number]).name
                constraint.influence = 1.0
        bpy.context.view_layer.update()
        rig = test_math.read_rig(native, obj)
        pose, _arrays = test_math.read_pose(native, obj)
        poses = native.evaluate.evaluate_poses(rig, pose, constraint_rigs.read(native, obj))
        assert set(poses.state) == {native.evaluate.EVALUABLE}
        want = test_math.read(obj.pose.bones, "matrix", "f", 16)
        for bone in range(len(bones)):
            place = slice(16 * bone, 16 * bone + 16)
            differences.append(test_math.apart(poses.matrices[place], want[place]))
        constraint_rigs.remove_all()
    spread = Spread("stacks", differences)
    assert spread.at(50) < 2e-6
    # Chains of constraints magnify rounding without bound where a matrix is nearly singular.
    assert spread.at(95) < 1e-4


def test_what_is_not_evaluated_is_left_alone(native, empty_file):
    obj, _ = make_rig(random.Random(f"{SEED} states"))
    bones = obj.pose.bones
    follow = bones["root"].constraints.new("COPY_LOCATION")
    follow.target, follow.subtarget = obj, "child"
    ik = bones["target2"].constraints.new("IK")
    ik.target, ik.subtarget, ik.chain_count = obj, "space", 1
    bpy.context.view_layer.update()
    rig = test_math.read_rig(native, obj)
    pose, _arrays = test_math.read_pose(native, obj)
    evaluate = native.evaluate
    poses = evaluate.evaluate_poses(rig, pose, constraint_rigs.read(native, obj, False))
    state = dict(zip(bones.keys(), poses.state, strict=True))
    assert state == {
        "root": evaluate.CYCLE,
        "owner": evaluate.CYCLE,
        "child": evaluate.CYCLE,
        "parent2": evaluate.EVALUABLE,
        "target": evaluate.UNSUPPORTED,
        "target2": evaluate.UNSUPPORTED,
        "space": evaluate.EVALUABLE,
    }
    for index, bone in enumerate(bones):
        matrix = list(poses.matrices[16 * index : 16 * index + 16])
        if state[bone.name] == evaluate.EVALUABLE:
            assert test_math.apart(matrix, constraint_rigs.flat(bone.matrix)) < 5e-6
        else:
            assert matrix == [0.0] * 16


def test_frames_are_those_of_single_calls(native, empty_file):
    random_ = random.Random(f"{SEED} frames")
    obj, _ = make_rig(random_)
    constraint = constraint_rigs.new(
        random_, obj.pose.bones["owner"], "STRETCH_TO", obj, "target", obj
    )
    constraint.influence = 0.5
    singles, together = [], {}
    for _ in range(7):
        test_math.random_pose(random_, obj)
        for bone in obj.pose.bones:
            bone.rotation_mode = "XYZ"
        pose, arrays = test_math.read_pose(native, obj)
        rig, view = test_math.read_rig(native, obj), constraint_rigs.read(native, obj)
        singles.extend(native.evaluate.evaluate_poses(rig, pose, view).matrices)
        for name, values in arrays.items():
            if name == "rotation_mode":
                together[name] = values
            else:
                together.setdefault(name, array("f")).extend(values)
    pose = native.structs.Pose(bone_count=len(BONES), **together)
    assert list(native.evaluate.evaluate_poses(rig, pose, view, 7).matrices) == singles
