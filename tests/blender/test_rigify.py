"""Whole production rigs against Blender's own evaluation: Rigify's seven, every bone.

Random control poses, with keyed custom properties: IK against FK, poles, stretch, follow, parents.
"""

from __future__ import annotations

import importlib
import os
import random
import time
from array import array
from types import SimpleNamespace

import bpy
import pytest
import rigify_rigs
import session
import snapshot
import test_math

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
POSES = max(1, int(os.environ.get("LIMBER_TEST_SCENES", "200")) // 100)
FRAMES = [1.0, 3.0, 6.5, 9.0, 12.0, 15.25, 18.0, 21.0, 25.0, 28.0]
CLOSE = 1e-3
"""What Blender's solver and long chains of Stretch To leave open, for entries up to 1."""


@pytest.fixture(scope="module")
def modules(addon):
    """The modules of the add-on that the tests use."""
    return SimpleNamespace(
        rig_plan=importlib.import_module(f"{addon}.ops.rig_plan"),
        plan=importlib.import_module(f"{addon}.native.plan"),
    )


def blender_matrices(obj) -> list[array]:
    """Pose matrices on all frames as Blender evaluates them."""
    scene, found = bpy.context.scene, []
    for frame in FRAMES:
        scene.frame_set(int(frame), subframe=frame - int(frame))
        found.append(test_math.read(obj.pose.bones, "matrix", "f", 16))
    return found


def own_matrices(modules, obj) -> tuple[list[array], tuple[float, float]]:
    """The same from the library, and the seconds that a frame takes, of many: by the clock, and of
    processors."""
    bones = len(obj.pose.bones)
    with modules.rig_plan.RigPlan(bpy.context, obj, array("i", range(bones))) as plan:
        size = 16 * bones
        frames = array("f", FRAMES)
        out = array("f", bytes(4 * size * len(frames)))
        at = modules.plan.PlanFrames(frame_count=len(frames), frames=frames)
        plan.plan.evaluate(at, matrices=out)
        many = array("f", range(250))
        at = modules.plan.PlanFrames(frame_count=len(many), frames=many)
        heads = array("f", bytes(12 * bones * len(many)))
        clock, processors = time.perf_counter(), time.process_time()
        plan.plan.evaluate(at, head=heads)
        seconds = time.perf_counter() - clock, time.process_time() - processors
        seconds = seconds[0] / len(many), seconds[1] / len(many)
    return [out[n * size : (n + 1) * size] for n in range(len(frames))], seconds


@pytest.mark.parametrize("name", rigify_rigs.METARIGS)
def test_every_bone(modules, empty_file, name):
    obj = rigify_rigs.generate(name)
    names = obj.pose.bones.keys()
    differences, seconds = [], []
    for at in range(POSES):
        random_ = random.Random(f"{SEED} {name} {at}")
        switches = rigify_rigs.animate(random_, obj)
        assert switches >= 3, "a Rigify rig has switches"
        bpy.context.view_layer.update()
        want = blender_matrices(obj)
        got, took = own_matrices(modules, obj)
        seconds.append(took)
        for frame, (mine, theirs) in enumerate(zip(got, want, strict=True)):
            for bone, bone_name in enumerate(names):
                place = slice(16 * bone, 16 * bone + 16)
                difference = test_math.apart(mine[place], theirs[place])
                differences.append((difference, at, FRAMES[frame], bone_name))
        rigify_rigs.clear(obj)
    differences.sort(reverse=True)
    count = len(differences)
    median, most = differences[count // 2][0], differences[count // 100][0]
    clock, processors = (min(each) * 1e3 for each in zip(*seconds, strict=True))
    print(
        f"{name}, {len(names)} bones: median {median:.1e}, 99 % {most:.1e}, worst"
        f" {differences[0][0]:.1e} of {count} matrices; {clock:.2f} ms a frame,"
        f" {processors:.2f} ms of processors"
    )
    assert differences[0][0] < CLOSE, differences[:20]
    assert median < 1e-5


def test_paths_of_a_human_are_calculated(modules, empty_file, monkeypatch):
    """By the library: it has chains with two constraints of which one is off."""
    obj = rigify_rigs.generate("human")
    rigify_rigs.animate(random.Random(f"{SEED} paths"), obj)
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 28
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    found = []
    for name in ("pose", "limber"):
        if name == "limber":
            paths = importlib.import_module(f"{session.MODULE}.ops.paths")
            refused = lambda _operator, _obj, reason: pytest.fail(str(reason))  # noqa: E731
            monkeypatch.setattr(paths, "_by_blender", refused)
        calculate = getattr(bpy.ops, name).paths_calculate
        assert calculate(range="SCENE", bake_location="TAILS") == {"FINISHED"}
        drawn = [bone for bone in obj.pose.bones if bone.motion_path]
        points = [snapshot.motion_path(bone.motion_path)["points"] for bone in drawn]
        found.append(array("f", (value for path in points for value in path)))
        bpy.ops.pose.paths_clear()
    stock, limber = found
    assert len(stock) == len(limber) > 3 * 28 * 100
    assert test_math.apart(limber, stock) < CLOSE
