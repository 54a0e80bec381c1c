"""The Action constraint against Blender's own: random actions, channels, mix modes and spaces."""

from __future__ import annotations

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
    """An action of random curves of the owner, and of another bone that does not matter."""
    action = bpy.data.actions.new("pose")
    slot = action.slots.new("OBJECT", "pose")
    bag = animation.channelbag(action, slot)
    for bone in ("owner", "child"):
        for channel, (_slot, width) in CHANNELS.items():
            for index in range(width):
                if random_.random() < 0.3:
                    continue
                curve = bag.fcurves.new(f'pose.bones["{bone}"].{channel}', index=index)
                for frame in sorted(random_.sample(range(-20, 40), random_.randint(1, 4))):
                    low = 0.5 if channel == "scale" else -1.5
                    curve.keyframe_points.insert(frame, random_.uniform(low, 1.5))
    constraint.action = action
    constraint.action_slot = slot


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
    bag = constraint.action.layers[0].strips[0].channelbags[0]
    own = 'pose.bones["owner"].'
    fcurves = [fcurve for fcurve in bag.fcurves if fcurve.data_path.startswith(own)]
    names = [fcurve.data_path.removeprefix(own) for fcurve in fcurves]
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
