"""Inverse kinematics against Blender's own, on random chains of each setting.

Each rig has a chain of five bones with a branch, bones that are goals and pole, a bone below the
tip, and an armature object that may be moved, turned and scaled. The whole pose is compared, by
the single call and by a plan.
"""

from __future__ import annotations

import importlib
import os
import random
from array import array
from types import SimpleNamespace

import bpy
import constraint_rigs
import ik_rigs
import pytest
import test_math
from spread import Spread

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
RIGS = max(30, int(os.environ.get("LIMBER_TEST_SCENES", "200")) // 2)
NEAR = 1e-3
"""Where the solver ends: its last step may be as large."""

OFTEN = {"limits": 0.85, "two_goals": 0.85, "two_goals_stretch": 0.85, "overlap": 0.85}
"""How many rigs must be near where Blender's own solver may hop between limits or goals without
coming to an end, so that rounding decides; all others 0.95."""


@pytest.fixture(scope="module")
def native(addon):
    """The modules of the native package that the tests use."""
    names = ("transform", "structs", "evaluate", "plan")
    return SimpleNamespace(**{n: importlib.import_module(f"{addon}.native.{n}") for n in names})


def evaluate(native, obj):
    """Pose matrices by one call, and by a plan."""
    rig = test_math.read_rig(native, obj)
    pose, _arrays = test_math.read_pose(native, obj)
    view = constraint_rigs.read(native, obj)
    poses = native.evaluate.evaluate_poses(rig, pose, view)
    assert set(poses.state) == {native.evaluate.EVALUABLE}, list(poses.state)
    count = len(obj.pose.bones)
    input_ = native.plan.PlanInput(rig=rig, pose=pose, constraints=view)
    with native.plan.Plan(input_, count) as plan:
        assert set(plan.states().state) == {native.plan.EVALUABLE}
        matrices = array("f", bytes(64 * count))
        frames = native.plan.PlanFrames(frame_count=1, frames=array("f", [1.0]))
        plan.evaluate(frames, matrices=matrices)
    return poses.matrices, matrices


@pytest.mark.parametrize("setting", ik_rigs.SETTINGS)
def test_chains(native, empty_file, setting):
    differences, between = [], []
    for at in range(RIGS):
        obj = ik_rigs.make(random.Random(f"{SEED} {setting} {at}"), setting)
        single, planned = evaluate(native, obj)
        want = test_math.read(obj.pose.bones, "matrix", "f", 16)
        differences.append((test_math.worst(single, want, 16)[0], at))
        between.append(test_math.worst(single, planned, 16)[0])
        constraint_rigs.remove_all()
    differences.sort()
    near = sum(difference < NEAR for difference, _ in differences) / RIGS
    values = [difference for difference, _ in differences]
    spread = Spread(setting, values, f"{100 * near:.0f} % below {NEAR:.0e}")
    if os.environ.get("LIMBER_TEST_LIST"):
        print(differences[-8:])
    assert spread.at(50) < 5e-6
    assert near >= OFTEN.get(setting, 0.95), differences[-10:]
    between.sort()
    assert between[RIGS // 2] < 1e-6 and between[RIGS * 9 // 10] < 1e-3


def test_a_muted_goal_and_none(native, empty_file):
    obj = ik_rigs.make(random.Random(f"{SEED} muted"), "plain")
    goal = ik_rigs.goals(obj)[0][1]
    for mute, influence in ((True, 1.0), (False, 0.0), (True, 0.0)):
        goal.mute, goal.influence = mute, influence
        bpy.context.view_layer.update()
        want = test_math.read(obj.pose.bones, "matrix", "f", 16)
        for got in evaluate(native, obj):
            assert test_math.worst(got, want, 16)[0] < 1e-5


def test_chosen_bones_are_those_of_the_whole_rig(native, empty_file):
    """Bones, constraints and targets get other numbers when only a part of a rig is needed."""
    for at in range(4 * len(ik_rigs.SETTINGS)):
        random_ = random.Random(f"{SEED} chosen {at}")
        obj = ik_rigs.make(random_, ik_rigs.SETTINGS[at % len(ik_rigs.SETTINGS)])
        _, whole = evaluate(native, obj)
        rig = test_math.read_rig(native, obj)
        pose, _arrays = test_math.read_pose(native, obj)
        count = len(obj.pose.bones)
        chosen = array("i", random_.sample(range(count), 2))
        input_ = native.plan.PlanInput(
            rig=rig,
            pose=pose,
            constraints=constraint_rigs.read(native, obj),
            chosen=chosen,
            chosen_count=2,
        )
        matrices = array("f", bytes(64 * 2))
        with native.plan.Plan(input_, count) as plan:
            frames = native.plan.PlanFrames(frame_count=1, frames=array("f", [1.0]))
            plan.evaluate(frames, matrices=matrices)
        for place, bone in enumerate(chosen):
            got = matrices[16 * place : 16 * place + 16]
            assert got == whole[16 * bone : 16 * bone + 16], (at, obj.pose.bones[bone].name)
        constraint_rigs.remove_all()
