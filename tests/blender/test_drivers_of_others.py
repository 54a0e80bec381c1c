"""Drivers that read what moves outside the rig: objects and the scene's frame, against the paths
that Blender makes."""

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
import test_moving_objects
from mathutils import Matrix, Vector
from spread import Spread

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
RIGS = max(20, int(os.environ.get("LIMBER_TEST_SCENES", "200")) // 2)
FRAMES = range(2, 8)


@pytest.fixture(scope="module")
def rig_plan(addon):
    return importlib.import_module(f"{addon}.ops.rig_plan")


def of_frame(random_, variable, _obj, _empty) -> None:
    paths = ("frame_current", "frame_float", "frame_current_final")
    # Blender 4.5 takes the others at times as they are, at times as they were.
    path = random_.choice(paths if bpy.app.version >= (5, 2) else paths[:1])
    if random_.random() < 0.5:
        variable.type = "CONTEXT_PROP"
        variable.targets[0].context_property = "ACTIVE_SCENE"
    else:
        variable.targets[0].id_type = "SCENE"
        variable.targets[0].id = bpy.context.scene
    variable.targets[0].data_path = path


def of_channel(random_, variable, _obj, empty) -> None:
    path = random_.choice(("location", "rotation_euler", "scale", "rotation_quaternion"))
    variable.targets[0].id = empty
    variable.targets[0].data_path = f"{path}[{random_.randrange(3)}]"


def of_transform(random_, variable, _obj, empty) -> None:
    variable.type = "TRANSFORMS"
    target = variable.targets[0]
    target.id = empty
    # Angles jump by a whole turn.
    kinds = ("LOC_X", "LOC_Y", "LOC_Z", "SCALE_X", "SCALE_Y", "SCALE_Z", "SCALE_AVG")
    target.transform_type = random_.choice(kinds)
    spaces = ("WORLD_SPACE", "TRANSFORM_SPACE")
    target.transform_space = "WORLD_SPACE" if empty.parent else random_.choice(spaces)


def of_two(random_, variable, obj, empty) -> None:
    variable.type = random_.choice(("LOC_DIFF", "ROTATION_DIFF"))
    places = [0, 1]
    random_.shuffle(places)
    variable.targets[places[0]].id = empty
    variable.targets[places[1]].id = obj
    variable.targets[places[1]].bone_target = "target"


KINDS = {"frame": of_frame, "channel": of_channel, "transform": of_transform, "two": of_two}


def add_drivers(random_, obj, empty, kind: str) -> None:
    for name in ("owner", "child", "root"):
        driver = obj.pose.bones[name].driver_add("location", random_.randrange(3)).driver
        variable = driver.variables.new()
        variable.name = "a"
        KINDS[kind](random_, variable, obj, empty)
        driver.type = random_.choice(("SUM", "SCRIPTED", "MAX"))
        driver.expression = random_.choice(("a * 0.5 + 1", "sin(a)", "a - 2"))


def stock_heads(obj) -> list[float]:
    """Heads of all bones in the world as Blender's paths have them, frame after frame."""
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = FRAMES[0], FRAMES[-1]
    bpy.context.view_layer.objects.active = obj
    obj.select_set(True)
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    bpy.ops.pose.paths_calculate(range="SCENE", bake_location="HEADS")
    paths = [bone.motion_path.points for bone in obj.pose.bones]
    found = [v for at in range(len(FRAMES)) for points in paths for v in points[at].co]
    bpy.ops.object.mode_set(mode="OBJECT")
    return found


def limber_heads(rig_plan, obj) -> list[float]:
    count = len(obj.pose.bones)
    with rig_plan.RigPlan(bpy.context, obj, array("i", range(count))) as plan:
        ends = plan.ends(array("f", FRAMES), False)
    found = []
    for at in range(len(FRAMES)):
        flat = ends.object_matrix[16 * at :][:16] if ends.moves else ends.object_matrix
        world = Matrix([flat[row::4] for row in range(4)])
        points = ends.points[3 * count * at :][: 3 * count]
        for bone in range(count):
            found.extend(world @ Vector(points[3 * bone : 3 * bone + 3]))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_drivers_of_what_moves_elsewhere(rig_plan, empty_file, kind):
    found, still = [], 0
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} others {kind} {at}")
        obj, empty = test_evaluator.make_rig(random_)
        test_math.random_pose(random_, obj)
        test_moving_objects.move(random_, empty)
        if kind == "channel":
            test_moving_objects.key_object(random_, empty)
        if random_.random() < 0.3:
            test_moving_objects.move(random_, obj)
        add_drivers(random_, obj, empty, kind)
        bpy.context.scene.frame_set(random_.randint(1, 9))
        bpy.context.view_layer.update()
        want, got = stock_heads(obj), limber_heads(rig_plan, obj)
        found += [test_math.apart(got[i : i + 3], want[i : i + 3]) for i in range(0, len(want), 3)]
        still += want[: 3 * len(obj.pose.bones)] == want[-3 * len(obj.pose.bones) :]
        curve_rigs.remove_all()
    spread = Spread(f"drivers of others: {kind}", found, f"{still} of {RIGS} rigs stand still")
    assert spread.at(50) < 2e-6 and spread.at(99) < 1e-4 and spread.values[-1] < 1e-3


def make_unknown(random_, obj, empty, case: str) -> str:
    """A driver that is left to Blender, and a part of what the user is told."""
    driver = obj.pose.bones["owner"].driver_add("location", 0).driver
    variable = driver.variables.new()
    variable.name = "a"
    driver.type, driver.expression = "SCRIPTED", "a"
    if case == "python":
        driver.expression = "[a][0]"
        of_channel(random_, variable, obj, empty)
        return "needs Python"
    of_transform(random_, variable, obj, empty)
    if case == "constrained":
        empty.constraints.new("COPY_LOCATION").target = obj
    elif case == "driven":
        empty.driver_add("location", 0)
    else:
        variable.targets[0].transform_space = "LOCAL_SPACE"
    return 'what "a" reads is not known'


def test_stepped_ranges_are_told(rig_plan, empty_file):
    obj, _ = test_evaluator.make_rig(random.Random(SEED))
    obj.pose.bones["owner"].keyframe_insert("location", index=0, frame=1)
    bag = obj.animation_data.action.layers[0].strips[0].channelbags[0]
    modifier = bag.fcurves[0].modifiers.new("STEPPED")
    rig_plan.RigPlan(bpy.context, obj, array("i", [0])).free()
    modifier.use_restricted_range = True
    with pytest.raises(rig_plan.UnsupportedError, match="stepped modifier that is restricted"):
        rig_plan.RigPlan(bpy.context, obj, array("i", range(len(obj.pose.bones))))
    curve_rigs.remove_all()


@pytest.mark.parametrize("case", ("python", "constrained", "driven", "local"))
def test_what_is_left_to_blender_is_told(rig_plan, empty_file, case):
    random_ = random.Random(f"{SEED} {case}")
    obj, empty = test_evaluator.make_rig(random_)
    test_moving_objects.key_object(random_, empty)
    empty.keyframe_insert("location", frame=1)
    text = make_unknown(random_, obj, empty, case)
    bpy.context.view_layer.update()
    with pytest.raises(rig_plan.UnsupportedError, match=text):
        rig_plan.RigPlan(bpy.context, obj, array("i", range(len(obj.pose.bones))))
    curve_rigs.remove_all()
