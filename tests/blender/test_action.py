"""The Action constraint against Blender's own: random actions, channels, mix modes and spaces."""

from __future__ import annotations

import ctypes
import importlib
import os
import random
from array import array

import animation
import bpy
import constraint_rigs
import plan_rigs
import pytest
import test_evaluator
import test_math
from spread import Spread

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
RIGS = max(40, int(os.environ.get("LIMBER_TEST_SCENES", "200")))
CHANNELS = {
    "location": (0, 3),
    "rotation_quaternion": (1, 4),
    "rotation_euler": (2, 3),
    "rotation_axis_angle": (3, 4),
    "scale": (4, 3),
}
"""Channels of a bone: slot and components."""


@pytest.fixture(scope="module")
def native(addon):
    return plan_rigs.modules(addon)


def add_action(random_, constraint) -> None:
    """An action of two slots, one of which counts: with random curves of the owner, and others
    that do not matter."""
    action = bpy.data.actions.new("pose")
    slots = [action.slots.new("OBJECT", name) for name in ("other", "pose")]
    slot = random_.choice(slots)
    for one in slots:
        bag = animation.channelbag(action, one)
        add_curves(random_, bag, "owner")
        if one == slot:
            add_curves(random_, bag, "child")
            for path in (
                '["number"]',
                "location",
                'pose.bones["owner"]["number"]',
                'pose.bones["owner"].constraints["Action"].influence',
                'pose.bones["owner"].bbone_curveinx',
            ):
                bag.fcurves.new(path).keyframe_points.insert(1.0, 0.3)
    constraint.action = action
    constraint.action_slot = slot


def add_curves(random_, bag, bone: str) -> None:
    for channel, (_slot, width) in CHANNELS.items():
        for index in range(width):
            if random_.random() < 0.3:
                continue
            curve = bag.fcurves.new(f'pose.bones["{bone}"].{channel}', index=index)
            for frame in sorted(random_.sample(range(-20, 40), random_.randint(1, 4))):
                low = 0.5 if channel == "scale" else -1.5
                curve.keyframe_points.insert(frame, random_.uniform(low, 1.5))


def add_constraint(random_, obj, empty):
    constraint = obj.pose.bones["owner"].constraints.new("ACTION")
    add_action(random_, constraint)
    constraint.target = random_.choice((obj, obj, empty))
    if constraint.target == obj:
        constraint.subtarget = "target"
    props = constraint.bl_rna.properties
    constraint.transform_channel = random_.choice(props["transform_channel"].enum_items.keys())
    constraint.mix_mode = random_.choice(props["mix_mode"].enum_items.keys())
    wide = 180.0 if constraint.transform_channel.startswith("ROTATION") else 2.0
    constraint.min, constraint.max = (random_.uniform(-wide, wide) for _ in "ab")
    constraint.frame_start, constraint.frame_end = (random_.randint(-20, 40) for _ in "ab")
    constraint.use_eval_time = random_.random() < 0.3
    constraint.eval_time = random_.random()
    constraint_rigs.spaces(random_, constraint, obj)
    constraint.influence = random_.choice((1.0, random_.uniform(0.05, 0.95)))
    return constraint


def read_actions(native, constraint):
    """LimberActions of the only constraint of a rig."""
    bag = constraint.action.layers[0].strips[0].channelbag(constraint.action_slot)
    paths = {f'pose.bones["owner"].{name}': name for name in CHANNELS}
    fcurves = [fcurve for fcurve in bag.fcurves if fcurve.data_path in paths]
    names = [paths[fcurve.data_path] for fcurve in fcurves]
    return native.plan.Actions(
        curves=plan_rigs.table(native, fcurves),
        constraint=array("i", [0] * len(fcurves)),
        slot=array("i", (CHANNELS[name][0] for name in names)),
        component=array("i", (fcurve.array_index for fcurve in fcurves)),
    )


def evaluate(native, obj, constraint, with_actions: bool = True):
    pose, _arrays = test_math.read_pose(native, obj)
    with_actions = with_actions and constraint.is_valid
    more = {"actions": read_actions(native, constraint)} if with_actions else {}
    input_ = native.plan.PlanInput(
        rig=test_math.read_rig(native, obj),
        pose=pose,
        constraints=constraint_rigs.read(native, obj),
        **more,
    )
    count = len(obj.pose.bones)
    matrices = array("f", bytes(64 * count))
    with native.plan.Plan(input_, count) as plan:
        frames = native.plan.PlanFrames(frame_count=1, frames=array("f", [1.0]))
        plan.evaluate(frames, matrices=matrices)
        return matrices, plan.states()


def check_poses(native, obj, constraint, of_plan: array) -> None:
    """The function without a plan gives the same."""
    view = constraint_rigs.read(native, obj)
    if constraint.is_valid:
        actions = read_actions(native, constraint)
        view.actions = ctypes.addressof(actions)
    pose, _arrays = test_math.read_pose(native, obj)
    rig = test_math.read_rig(native, obj)
    poses = native.evaluate.evaluate_poses(rig, pose, view)
    assert set(poses.state) == {native.plan.EVALUABLE}
    assert list(poses.matrices) == pytest.approx(list(of_plan), rel=1e-6, abs=1e-6)


def test_random_actions(native, empty_file):
    differences, half_turns, invalid = [], 0, 0
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} action {at}")
        obj, empty = test_evaluator.make_rig(random_)
        test_math.random_pose(random_, obj)
        constraint = add_constraint(random_, obj, empty)
        bpy.context.view_layer.update()
        invalid += not constraint.is_valid
        matrices, states = evaluate(native, obj, constraint)
        assert set(states.state) == {native.plan.EVALUABLE}
        check_poses(native, obj, constraint, matrices)
        want = test_math.read(obj.pose.bones, "matrix", "f", 16)
        difference = test_math.worst(matrices, want, 16)[0]
        if difference > 5e-5 and test_evaluator.is_half_turn(obj):
            half_turns += 1
        else:
            details = "\n".join(test_evaluator.describe(obj))
            assert difference < 5e-5, f"{at}: {difference}\n{details}"
            differences.append(difference)
        constraint_rigs.remove_all()
    spread = Spread("ACTION", differences, f"{half_turns} half turns, {invalid} invalid")
    assert spread.at(50) < 2e-6
    assert half_turns <= RIGS // 20 and invalid <= RIGS // 10


def test_without_its_curves_an_action_is_unsupported(native, empty_file):
    random_ = random.Random(f"{SEED} no curves")
    obj, empty = test_evaluator.make_rig(random_)
    constraint = add_constraint(random_, obj, empty)
    bpy.context.view_layer.update()
    _, states = evaluate(native, obj, constraint, with_actions=False)
    owner = obj.pose.bones.find("owner")
    assert states.state[owner] == native.plan.UNSUPPORTED
    assert states.cause[owner] == 0


def animate(random_, obj, constraint) -> None:
    """Keys of the bones that decide, and of the constraint's settings."""
    for bone in ("owner", "target", "parent2"):
        for frame in (1, 6, 12):
            for path in ("location", "scale"):
                value = getattr(obj.pose.bones[bone], path)
                for axis in range(3):
                    value[axis] = random_.uniform(0.6, 1.6)
                obj.pose.bones[bone].keyframe_insert(path, frame=frame)
    for path in random_.sample(("influence", "eval_time", "min", "max"), random_.randint(0, 3)):
        for frame in (2, 9):
            setattr(constraint, path, random_.uniform(0.0, 1.0))
            constraint.keyframe_insert(path, frame=frame)


def test_the_snapshot_of_a_rig_holds_its_actions(native, addon, empty_file):
    """What motion paths are made of: every bone's head and tail on every frame."""
    rig_plan = importlib.import_module(f"{addon}.ops.rig_plan")
    frames = array("f", range(1, 13))
    differences = []
    for at in range(RIGS // 5):
        random_ = random.Random(f"{SEED} snapshot {at}")
        obj, empty = test_evaluator.make_rig(random_)
        test_math.random_pose(random_, obj)
        constraint = add_constraint(random_, obj, empty)
        constraint.influence = 1.0
        if constraint.target == obj and constraint.target_space == "CUSTOM":
            constraint.target_space = "WORLD"
        animate(random_, obj, constraint)
        bag = constraint.action.layers[0].strips[0].channelbag(constraint.action_slot)
        for curve in bag.fcurves:
            curve.mute = random_.random() < 0.1
            if random_.random() < 0.1:
                curve.modifiers.new("CYCLES")
        constraint.action.update_tag()
        bpy.context.view_layer.update()
        chosen = array("i", range(len(obj.pose.bones)))
        with rig_plan.RigPlan(bpy.context, obj, chosen) as plan:
            ends = [plan.ends(frames, tails).points for tails in (False, True)]
        for place, frame in enumerate(frames):
            bpy.context.scene.frame_set(int(frame))
            for got, name in zip(ends, ("head", "tail"), strict=True):
                want = test_math.read(obj.pose.bones, name, "f", 3)
                count = len(want)
                part = got[place * count : (place + 1) * count]
                differences.append(test_math.apart(part, want))
        constraint_rigs.remove_all()
    spread = Spread("ACTION in snapshots", differences)
    assert spread.at(50) < 2e-6
    assert spread.at(99) < 1e-4


def test_actions_that_are_not_known_are_left_to_blender(native, addon, empty_file):
    rig_plan = importlib.import_module(f"{addon}.ops.rig_plan")
    obj, empty = test_evaluator.make_rig(random.Random(f"{SEED} unknown"))
    constraint = add_constraint(random.Random(f"{SEED} unknown"), obj, empty)
    constraint.use_eval_time = True
    chosen = array("i", [obj.pose.bones.find("owner")])
    rig_plan.RigPlan(bpy.context, obj, chosen).free()
    constraint.use_bone_object_action = True
    with pytest.raises(rig_plan.UnsupportedError):
        rig_plan.RigPlan(bpy.context, obj, chosen)
    constraint.use_bone_object_action = False
    bag = constraint.action.layers[0].strips[0].channelbag(constraint.action_slot)
    bag.fcurves.new('pose.bones["owner"].rotation_mode').keyframe_points.insert(1.0, 2.0)
    with pytest.raises(rig_plan.UnsupportedError):
        rig_plan.RigPlan(bpy.context, obj, chosen)
