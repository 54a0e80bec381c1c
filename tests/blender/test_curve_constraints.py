"""Constraints that look at curves, against Blender's own: random curves, settings and spaces."""

from __future__ import annotations

import importlib
import os
import random
from array import array

import bpy
import curve_rigs
import pytest
import test_evaluator
import test_math
from mathutils import Euler, Matrix
from spread import Spread

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
RIGS = max(40, int(os.environ.get("LIMBER_TEST_SCENES", "200")) // 2)
KINDS = ("POLY", "BEZIER", "NURBS")

native = test_evaluator.native


@pytest.fixture(scope="module")
def reader(addon):
    return curve_rigs.modules(addon)


def follow_path(random_, owner, curve):
    constraint = owner.constraints.new("FOLLOW_PATH")
    props = constraint.bl_rna.properties
    constraint.target = curve
    constraint.use_fixed_location = random_.random() < 0.6
    constraint.use_curve_follow = random_.random() < 0.6
    constraint.use_curve_radius = random_.random() < 0.4
    constraint.offset_factor = random_.uniform(-0.3, 1.3)
    constraint.offset = random_.uniform(-50.0, 50.0)
    constraint.forward_axis = random_.choice(props["forward_axis"].enum_items.keys())
    constraint.up_axis = random_.choice(props["up_axis"].enum_items.keys())
    return constraint


def clamp_to(random_, owner, curve):
    constraint = owner.constraints.new("CLAMP_TO")
    constraint.target = curve
    axes = constraint.bl_rna.properties["main_axis"].enum_items
    constraint.main_axis = random_.choice(axes.keys())
    constraint.use_cyclic = random_.random() < 0.5
    return constraint


MAKERS = {"FOLLOW_PATH": follow_path, "CLAMP_TO": clamp_to}


def spaces(random_, constraint, custom) -> None:
    """Any owner space; that of the target does not matter for a curve."""
    props = constraint.bl_rna.properties
    constraint.owner_space = random_.choice(props["owner_space"].enum_items.keys())
    constraint.target_space = random_.choice(("WORLD", "CUSTOM", "LOCAL"))
    if "CUSTOM" in (constraint.owner_space, constraint.target_space) and random_.random() < 0.8:
        constraint.space_object = custom
        if custom.type == "ARMATURE":
            constraint.space_subtarget = "space"


def compare(native, reader, obj):
    """The largest difference of a matrix, and the states of the bones."""
    rig = test_math.read_rig(native, obj)
    pose, _arrays = test_math.read_pose(native, obj)
    view = curve_rigs.read(native, reader, obj)
    poses = native.evaluate.evaluate_poses(rig, pose, view, 1)
    want = test_math.read(obj.pose.bones, "matrix", "f", 16)
    return test_math.worst(poses.matrices, want, 16)[0], set(poses.state)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("constraint", MAKERS)
def test_random_curves(native, reader, empty_file, constraint, kind):
    differences, half_turns = [], 0
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} {constraint} {kind} {at}")
        obj, empty = test_evaluator.make_rig(random_)
        test_math.random_pose(random_, obj)
        curve = curve_rigs.make_curve(random_, kind)
        made = MAKERS[constraint](random_, obj.pose.bones["owner"], curve)
        spaces(random_, made, random_.choice((obj, empty)))
        made.influence = random_.choice((1.0, random_.uniform(0.05, 0.95)))
        bpy.context.view_layer.update()
        difference, states = compare(native, reader, obj)
        assert states == {native.evaluate.EVALUABLE}
        if difference > 5e-5 and test_evaluator.is_half_turn(obj):
            half_turns += 1
        else:
            details = "\n".join(test_evaluator.describe(obj))
            assert difference < 5e-5, f"{constraint} {kind} {at}: {difference}\n{details}"
            differences.append(difference)
        curve_rigs.remove_all()
    spread = Spread(f"{constraint} {kind}", differences, f"{half_turns} half turns")
    assert spread.at(50) < 2e-6
    assert half_turns <= RIGS // 20


def make_chain(random_):
    """An armature object with a chain of bones, posed, and the chain's tip."""
    data = bpy.data.armatures.new("Rig")
    obj = bpy.data.objects.new("Rig", data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    last = data.edit_bones.new("root")
    last.tail = test_math.vector(random_)
    for place in range(random_.randint(2, 6)):
        bone = data.edit_bones.new(f"bone{place}")
        bone.parent = last
        bone.head = last.tail
        bone.use_connect = random_.random() < 0.7
        if not bone.use_connect:
            bone.head += test_math.vector(random_, 0.3)
        bone.tail = bone.head + test_math.vector(random_).normalized() * random_.uniform(0.3, 1.0)
        bone.roll = random_.uniform(-3.0, 3.0)
        last = bone
    after = data.edit_bones.new("after")
    after.parent, after.head = last, last.tail
    after.tail = after.head + test_math.vector(random_)
    tip = last.name
    bpy.ops.object.mode_set(mode="OBJECT")
    if random_.random() < 0.6:
        obj.matrix_world = Matrix.LocRotScale(
            test_math.vector(random_),
            Euler(test_math.vector(random_, 3.0)),
            [random_.uniform(0.7, 1.4)] * 3,
        )
    if random_.random() < 0.7:
        test_math.random_pose(random_, obj)
    return obj, obj.pose.bones[tip]


def spline_ik(random_, owner, curve):
    constraint = owner.constraints.new("SPLINE_IK")
    constraint.target = curve
    props = constraint.bl_rna.properties
    names = ("use_chain_offset", "use_even_divisions", "use_curve_radius", "use_original_scale")
    for name in (*names, "use_bulge_min", "use_bulge_max"):
        setattr(constraint, name, random_.random() < 0.3)
    for name in ("y_scale_mode", "xz_scale_mode"):
        setattr(constraint, name, random_.choice(props[name].enum_items.keys()))
    # The whole of a cyclic curve is no length for one bone.
    constraint.chain_count = random_.randint(2, 6)
    constraint.bulge = random_.uniform(0.2, 2.0)
    constraint.bulge_min = random_.uniform(0.2, 1.0)
    constraint.bulge_max = random_.uniform(1.0, 3.0)
    constraint.bulge_smooth = random_.random()
    return constraint


def is_undefined(curve, constraint) -> bool:
    """Whether bones of a length of their own go along a cyclic curve.

    On the line that closes it Blender finds something else from one evaluation of the same rig to
    the next.
    """
    return constraint.y_scale_mode != "FIT_CURVE" and curve.data.splines[0].use_cyclic_u


@pytest.mark.parametrize("kind", KINDS)
def test_chains_on_random_curves(native, reader, empty_file, kind):
    differences, pathless, undefined = [], 0, 0
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} SPLINE_IK {kind} {at}")
        obj, tip = make_chain(random_)
        curve = curve_rigs.make_curve(random_, kind)
        made = spline_ik(random_, tip, curve)
        made.influence = random_.choice((1.0, random_.uniform(0.05, 0.95)))
        bpy.context.view_layer.update()
        difference, states = compare(native, reader, obj)
        if is_undefined(curve, made):
            assert native.evaluate.UNSUPPORTED in states
            undefined += 1
        elif native.evaluate.UNSUPPORTED in states:
            pathless += 1
        else:
            assert states == {native.evaluate.EVALUABLE}
            details = "\n".join(test_evaluator.describe(obj))
            assert difference < 1e-3, f"{kind} {at}: {difference}\n{details}"
            differences.append(difference)
        curve_rigs.remove_all()
    note = f"{pathless} without a path, {undefined} undefined in Blender"
    spread = Spread(f"SPLINE_IK {kind}", differences, note)
    assert spread.at(50) < 2e-6
    assert len(differences) > RIGS // 2 and pathless < RIGS // 4


def animate(random_, obj, constraint) -> None:
    """Keys of the chain's bones and of the constraint's numbers."""
    for bone in obj.pose.bones:
        bone.rotation_mode = "XYZ"
    numbers = ["influence"]
    if constraint.type == "FOLLOW_PATH":
        numbers += ["offset", "offset_factor"]
    elif constraint.type == "SPLINE_IK":
        numbers.append("bulge")
    for frame in (1, 4, 9):
        for bone in obj.pose.bones:
            bone.rotation_euler = test_math.vector(random_)
            bone.keyframe_insert("rotation_euler", frame=frame)
        for name in numbers:
            setattr(constraint, name, random_.uniform(0.1, 0.9))
            constraint.keyframe_insert(name, frame=frame)


@pytest.mark.parametrize("kind", ("FOLLOW_PATH", "CLAMP_TO", "SPLINE_IK"))
def test_places_over_frames(addon, empty_file, kind):
    """As motion paths take them: from a rig that is read once."""
    rig_plan = importlib.import_module(f"{addon}.ops.rig_plan")
    scene, frames = bpy.context.scene, array("f", range(1, 11))
    differences, unsupported = [], 0
    for at in range(RIGS // 4):
        random_ = random.Random(f"{SEED} frames {kind} {at}")
        obj, tip = make_chain(random_)
        curve = curve_rigs.make_curve(random_, random_.choice(KINDS))
        made = (MAKERS | {"SPLINE_IK": spline_ik})[kind](random_, tip, curve)
        if kind == "SPLINE_IK" and is_undefined(curve, made):
            made.y_scale_mode = "FIT_CURVE"
        animate(random_, obj, made)
        bpy.context.view_layer.update()
        count = len(obj.pose.bones)
        try:
            plan = rig_plan.RigPlan(bpy.context, obj, array("i", range(count)))
        except rig_plan.UnsupportedError:
            unsupported += 1
        else:
            with plan:
                points = plan.ends(frames, False).points
            for place, frame in enumerate(frames):
                scene.frame_set(int(frame))
                want = [value for bone in obj.pose.bones for value in bone.head]
                got = points[3 * count * place : 3 * count * (place + 1)]
                differences.append(test_math.apart(got, want))
        curve_rigs.remove_all()
    spread = Spread(f"{kind} over frames", differences, f"{unsupported} unsupported")
    assert spread.at(50) < 2e-6 and spread.values[-1] < 1e-3
    assert len(differences) > 2 * RIGS // 4


def unknown(curve, case: str) -> None:
    """Makes a curve one whose path is not that of its points, or that moves."""
    data = curve.data
    if case == "modifier":
        curve.modifiers.new("Wave", "WAVE")
    elif case == "shape keys":
        curve.shape_key_add(name="Basis")
    elif case == "animated":
        data.keyframe_insert("eval_time", frame=1)
    elif case == "moving":
        curve.keyframe_insert("location", frame=1)
    elif case == "tangent":
        data.twist_mode = "TANGENT"


CASES = ("modifier", "shape keys", "animated", "moving", "tangent")


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_known_of_a_curve_is_left_to_blender(native, reader, empty_file, case):
    random_ = random.Random(f"{SEED} {case}")
    obj, _ = test_evaluator.make_rig(random_)
    curve = curve_rigs.make_curve(random_, "BEZIER")
    constraint = follow_path(random_, obj.pose.bones["owner"], curve)
    constraint.use_curve_follow = True
    constraint.forward_axis, constraint.up_axis = "FORWARD_Y", "UP_Z"
    unknown(curve, case)
    bpy.context.view_layer.update()
    _, states = compare(native, reader, obj)
    assert native.evaluate.UNSUPPORTED in states
    curve_rigs.remove_all()
