"""Rigs whose paths, targets and armature objects move, over frames against Blender's evaluation."""

from __future__ import annotations

import importlib
import os
import random
from array import array

import bpy
import constraint_rigs
import curve_rigs
import pytest
import test_curve_constraints as of_curves
import test_evaluator
import test_math
from mathutils import Euler, Matrix
from spread import Spread

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
RIGS = max(40, int(os.environ.get("LIMBER_TEST_SCENES", "200")))
FRAMES = (1, 4, 6, 9, 14)
CHANNELS = {
    "location": 3,
    "rotation_quaternion": 4,
    "rotation_euler": 3,
    "rotation_axis_angle": 4,
    "scale": 3,
}


@pytest.fixture(scope="module")
def rig_plan(addon):
    return importlib.import_module(f"{addon}.ops.rig_plan")


def key_object(random_, obj) -> None:
    """Keys on some of an object's transforms."""
    obj.rotation_mode = random_.choice(test_math.MODES)
    for path, width in CHANNELS.items():
        low, high = (0.6, 1.4) if path == "scale" else (-2.0, 2.0)
        for index in range(width):
            if random_.random() < 0.4:
                for frame in (1, 5, 12):
                    getattr(obj, path)[index] = random_.uniform(low, high)
                    obj.keyframe_insert(path, index=index, frame=frame)


def make_empty(random_, name: str):
    obj = bpy.data.objects.new(name, None)
    bpy.context.scene.collection.objects.link(obj)
    obj.location = test_math.vector(random_)
    return obj


def move(random_, obj) -> None:
    """Makes an object move by keys, by a parent, or by the parent of a parent."""
    kind = random_.choice(("keys", "parent", "both", "grandparent"))
    if kind in ("keys", "both"):
        key_object(random_, obj)
    if kind == "keys":
        return
    parent = make_empty(random_, "Parent")
    above = make_empty(random_, "Above")
    if kind == "grandparent":
        parent.parent = above
    key_object(random_, above if kind == "grandparent" else parent)
    obj.parent = parent
    if random_.random() < 0.6:
        obj.matrix_parent_inverse = Matrix.LocRotScale(
            test_math.vector(random_),
            Euler(test_math.vector(random_, 3.0)),
            [random_.uniform(0.7, 1.3)] * 3,
        )


def key_time(random_, data) -> None:
    """The keys that Blender's Animate Path sets, and others."""
    for frame in (1, random_.randint(5, 14)):
        data.eval_time = random_.uniform(-20.0, 1.5 * data.path_duration)
        data.keyframe_insert("eval_time", frame=frame)
    bag = data.animation_data.action.layers[0].strips[0].channelbags[0]
    bag.fcurves[0].extrapolation = random_.choice(("CONSTANT", "LINEAR"))
    if random_.random() < 0.3:
        for frame in (1, 9):
            data.path_duration = random_.randint(5, 150)
            data.keyframe_insert("path_duration", frame=frame)


def differences(rig_plan, obj) -> list[float]:
    """Differences of heads, tails and the object at all frames, but for those in which the plan
    tells that only Blender knows where inverse kinematics end."""
    bpy.context.view_layer.update()
    count, frames = len(obj.pose.bones), array("f", FRAMES)
    found = []
    with rig_plan.RigPlan(bpy.context, obj, array("i", range(count))) as plan:
        ends = [plan.ends(frames, tails) for tails in (False, True)]
    for place, frame in enumerate(FRAMES):
        if ends[0].unsettled[place]:
            continue
        bpy.context.scene.frame_set(frame)
        for tails, end in enumerate(ends):
            names = "tail" if tails else "head"
            want = [value for bone in obj.pose.bones for value in getattr(bone, names)]
            got = end.points[3 * count * place : 3 * count * (place + 1)]
            found.append(test_math.apart(got, want))
            matrix = end.object_matrix[16 * place :][:16] if end.moves else end.object_matrix
            found.append(test_math.apart(matrix, constraint_rigs.flat(obj.matrix_world)))
    return found


def test_paths_by_time(rig_plan, empty_file):
    """What is made when a path is animated: the curve's time is keyed."""
    found = []
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} time {at}")
        obj, _ = test_evaluator.make_rig(random_)
        test_math.random_pose(random_, obj)
        curve = curve_rigs.make_curve(random_, random_.choice(of_curves.KINDS))
        for name in ("owner", "parent2"):
            made = of_curves.follow_path(random_, obj.pose.bones[name], curve)
            made.use_fixed_location = random_.random() < 0.2
        key_time(random_, curve.data)
        if random_.random() < 0.4:
            obj.pose.bones["owner"].keyframe_insert("location", frame=3)
        found += differences(rig_plan, obj)
        curve_rigs.remove_all()
    spread = Spread("Follow Path by keyed time", found)
    assert spread.at(50) < 2e-6 and spread.at(99) < 5e-5 and spread.values[-1] < 1e-3


@pytest.mark.parametrize("kind", ("FOLLOW_PATH", "CLAMP_TO", "SPLINE_IK"))
def test_curves_that_move(rig_plan, empty_file, kind):
    found = []
    for at in range(RIGS // 2):
        random_ = random.Random(f"{SEED} moving {kind} {at}")
        obj, tip = of_curves.make_chain(random_)
        # The other curves are no path.
        curve = curve_rigs.make_curve(random_, random_.choice(("POLY", "BEZIER")))
        made = (of_curves.MAKERS | {"SPLINE_IK": of_curves.spline_ik})[kind](random_, tip, curve)
        if kind == "SPLINE_IK" and of_curves.is_undefined(curve, made):
            made.y_scale_mode = "FIT_CURVE"
        move(random_, curve)
        if random_.random() < 0.5:
            move(random_, obj)
        found += differences(rig_plan, obj)
        curve_rigs.remove_all()
    spread = Spread(f"{kind} on moving curves", found)
    assert spread.at(50) < 2e-6 and spread.at(97) < 1e-4


def test_targets_that_move(rig_plan, empty_file):
    """Objects as targets that move by keys or parents, while the armature may move as well."""
    kinds = [kind for kind in constraint_rigs.KINDS if kind != "ARMATURE"]
    found = []
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} targets {at}")
        obj, empty = test_evaluator.make_rig(random_)
        test_math.random_pose(random_, obj)
        for name in ("owner", "parent2"):
            owner = obj.pose.bones[name]
            made = constraint_rigs.new(random_, owner, random_.choice(kinds), empty, "", obj)
            if hasattr(made, "target_space"):
                made.target_space = "WORLD"
        move(random_, empty)
        if random_.random() < 0.5:
            move(random_, obj)
        found += differences(rig_plan, obj)
        curve_rigs.remove_all()
    spread = Spread("targets that move", found)
    assert spread.at(50) < 2e-6 and spread.at(97) < 1e-4


def test_goals_that_move(rig_plan, empty_file):
    """A goal of inverse kinematics that is parented to the armature object, which moves."""
    found = []
    for at in range(RIGS // 4):
        random_ = random.Random(f"{SEED} goals {at}")
        obj, tip = of_curves.make_chain(random_)
        goal = make_empty(random_, "Goal")
        key_object(random_, goal)
        if random_.random() < 0.5:
            goal.parent = obj
        if random_.random() < 0.5:
            key_object(random_, obj)
        made = tip.constraints.new("IK")
        made.target = goal
        made.chain_count = 2
        try:
            found += differences(rig_plan, obj)
        except rig_plan.UnsupportedError as reason:
            assert "rest" in str(reason), reason
        curve_rigs.remove_all()
    spread = Spread("goals that move", found)
    # Goals out of reach of a chain of two bones: seldom more than a tenth.
    assert len(found) > RIGS * len(FRAMES) * 4 // 5
    assert spread.at(50) < 2e-6 and spread.at(99) < 1e-4 and spread.values[-1] < 1e-3


def make_unknown(random_, obj, empty, case: str) -> str:
    """Something that is left to Blender, and a part of what the user is told."""
    owner = obj.pose.bones["owner"]
    if case == "driven":
        owner.constraints.new("COPY_LOCATION").target = empty
        empty.driver_add("location", 0)
        return '"Empty" is driven'
    if case == "constrained":
        owner.constraints.new("COPY_LOCATION").target = empty
        empty.constraints.new("COPY_LOCATION").target = make_empty(random_, "Other")
        return '"Empty" has constraints or physics'
    if case == "delta":
        owner.constraints.new("COPY_LOCATION").target = empty
        empty.keyframe_insert("location", frame=1)
        empty.delta_location.x = 1.0
        return "delta transforms"
    if case == "parent bone":
        owner.constraints.new("COPY_LOCATION").target = empty
        empty.parent, empty.parent_type, empty.parent_bone = obj, "BONE", "target"
        return "a parent that moves"
    curve = curve_rigs.make_curve(random_, "BEZIER")
    made = of_curves.follow_path(random_, owner, curve)
    made.use_fixed_location = False
    made.forward_axis, made.up_axis = "FORWARD_Y", "UP_Z"
    if case == "curve driven":
        curve.data.driver_add("eval_time")
        return "is driven"
    assert case == "curve shape"
    curve.data.splines[0].bezier_points[0].keyframe_insert("co", frame=1)
    return "shape of the curve"


CASES = ("driven", "constrained", "delta", "parent bone", "curve driven", "curve shape")


@pytest.mark.parametrize("case", CASES)
def test_what_is_left_to_blender_is_told(rig_plan, empty_file, case):
    random_ = random.Random(f"{SEED} {case}")
    obj, empty = test_evaluator.make_rig(random_)
    text = make_unknown(random_, obj, empty, case)
    bpy.context.view_layer.update()
    with pytest.raises(rig_plan.UnsupportedError, match=text):
        rig_plan.RigPlan(bpy.context, obj, array("i", range(len(obj.pose.bones))))
    curve_rigs.remove_all()
