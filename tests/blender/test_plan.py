"""Plans over frames against Blender's own evaluation: keys, constraints, drivers.

Every rig has keyed bones and constraints, with keyed influences and settings; the second test
adds drivers of every type with variables of every kind.
"""

from __future__ import annotations

import math
import os
import random
from array import array

import bpy
import constraint_rigs
import plan_rigs
import pytest
import test_evaluator
import test_math
from spread import Spread

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
RIGS = max(20, int(os.environ.get("LIMBER_TEST_SCENES", "200")) // 2)
FRAMES = [1.0, 4.0, 7.25, 12.0, 16.5, 30.0]
FREE = ("parent2", "target", "target2", "space")
"""Bones that look at none of the others."""
CHANNELS = {
    "location": 3,
    "rotation_quaternion": 4,
    "rotation_euler": 3,
    "rotation_axis_angle": 4,
    "scale": 3,
}
TRANSFORM_TYPES = [
    *(f"LOC_{axis}" for axis in "XYZ"),
    *(f"ROT_{axis}" for axis in "XYZW"),
    *(f"SCALE_{axis}" for axis in "XYZ"),
    "SCALE_AVG",
]
EXPRESSIONS = (
    "a + b * 0.5",
    "a if b > 0.2 else -a",
    "sin(a) + cos(b * frame * 0.1)",
    "max(a, b) - min(a, b, 0.3)",
    "(1 - a) * pi",
    "a == 1",
    "clamp(a) + lerp(a, b, 0.25)",
    "a * a - abs(b) / 3",
    "not a or b < 0.5 and 2",
)


@pytest.fixture(scope="module")
def native(addon):
    return plan_rigs.modules(addon)


def keyed(random_, owner, path: str, index: int, values) -> None:
    """Keys at some frames with random interpolation."""
    for frame in (2.0, 9.0, 15.0, 21.0):
        if random_.random() < 0.8:
            value = random_.choice(values) if isinstance(values, list) else values(random_)
            if index < 0:
                setattr(owner, path, value)
            else:
                getattr(owner, path)[index] = value
            owner.keyframe_insert(path, index=index, frame=frame)


def animate(random_, obj) -> None:
    """Random keys on channels and constraints."""
    for bone in obj.pose.bones:
        bone.rotation_mode = random_.choice(test_math.MODES)
        for path, width in CHANNELS.items():
            low, high = (0.6, 1.4) if path == "scale" else (-1.5, 1.5)
            for index in range(width):
                if random_.random() < 0.3:
                    keyed(random_, bone, path, index, lambda r, lo=low, hi=high: r.uniform(lo, hi))
        for constraint in bone.constraints:
            if not constraint.is_valid:
                continue
            if random_.random() < 0.5:
                keyed(random_, constraint, "influence", -1, [0.0, 0.25, 0.7, 1.0])
            # Not 0 at a key: Blender then takes what it measures, for rest_length also later.
            for name in constraint_rigs.VALUES.get(constraint.type, ()):
                if name != "power" and random_.random() < 0.5:
                    keyed(random_, constraint, name, -1, lambda r: r.uniform(0.3, 0.9))
    action = obj.animation_data.action if obj.animation_data else None
    if action:
        bag = action.layers[0].strips[0].channelbags[0]
        for fcurve in bag.fcurves:
            fcurve.extrapolation = random_.choice(("CONSTANT", "LINEAR", "CONSTANT"))
            for key in fcurve.keyframe_points:
                key.interpolation = random_.choice(("BEZIER", "BEZIER", "LINEAR", "CONSTANT"))
    obj.animation_data_create()


def make_rig(random_):
    obj, empty = test_evaluator.make_rig(random_)
    test_math.random_pose(random_, obj, 0.0)
    for name in ("owner", "child"):
        for _ in range(random_.randint(0, 2)):
            kind = random_.choice([k for k in constraint_rigs.KINDS if k != "ARMATURE"])
            owner = obj.pose.bones[name]
            constraint_rigs.new(random_, owner, kind, obj, random_.choice(FREE), obj)
    bpy.context.view_layer.update()
    return obj, empty


def wrapped(difference: float) -> float:
    """Without whole turns, which Euler angles near a switch of sides differ by."""
    return abs(math.remainder(difference, 2.0 * math.pi))


def compare(native, obj, wanted: list[str]):
    """Differences of matrices and of numbers at all frames."""
    bpy.context.view_layer.update()
    with plan_rigs.make(native, obj, wanted) as plan:
        states = plan.states()
        assert set(states.state) == {native.plan.EVALUABLE}, list(states.state)
        assert set(states.wanted) <= {native.plan.EVALUABLE}
        matrices, values = plan_rigs.evaluate(native, plan, FRAMES)
    of_bones, of_numbers = [], []
    for number, frame in enumerate(FRAMES):
        plan_rigs.go_to(frame)
        stock = test_math.read(obj.pose.bones, "matrix", "f", 16)
        for bone in range(len(obj.pose.bones)):
            want = stock[16 * bone : 16 * bone + 16]
            at = 16 * (number * len(obj.pose.bones) + bone)
            of_bones.append(test_math.apart(matrices[at : at + 16], want))
        for place, name in enumerate(wanted):
            got, want = values[number * len(wanted) + place], float(obj[name])
            of_numbers.append((abs(got - want) / max(1.0, abs(want)), got, want, name, frame))
    return of_bones, of_numbers


def report(what: str, differences: list[float]) -> None:
    spread = Spread(what, differences)
    assert spread.at(50) < 2e-6
    # Chains of constraints magnify rounding without bound where a matrix is nearly singular.
    assert spread.at(97) < 1e-4


def test_keys_and_constraints_over_frames(native, empty_file):
    differences = []
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} plan {at}")
        obj, _empty = make_rig(random_)
        animate(random_, obj)
        differences += compare(native, obj, [])[0]
        constraint_rigs.remove_all()
    report("matrices", differences)


def test_a_part_is_evaluated_as_in_the_whole(native, empty_file):
    for at in range(max(4, RIGS // 10)):
        random_ = random.Random(f"{SEED} part {at}")
        obj, _empty = make_rig(random_)
        animate(random_, obj)
        bpy.context.view_layer.update()
        count = len(obj.pose.bones)
        with plan_rigs.make(native, obj) as plan:
            whole, _ = plan_rigs.evaluate(native, plan, FRAMES)
        chosen = array("i", random_.sample(range(count), 2))
        with plan_rigs.make(native, obj, chosen=chosen) as plan:
            part, _ = plan_rigs.evaluate(native, plan, FRAMES)
            assert plan.states().evaluated_bones <= count
        for frame in range(len(FRAMES)):
            for place, bone in enumerate(chosen):
                a, b = 16 * (2 * frame + place), 16 * (count * frame + bone)
                assert part[a : a + 16] == whole[b : b + 16]
        constraint_rigs.remove_all()


def set_variable(random_, variable, obj, empty, readable: list[str]) -> None:
    """A random variable that reads keyed numbers or bones that nothing drives."""
    kind = random_.choice(("SINGLE_PROP", "SINGLE_PROP", "TRANSFORMS", "ROTATION_DIFF", "LOC_DIFF"))
    variable.type = kind
    if kind == "SINGLE_PROP":
        variable.targets[0].id = obj
        path = f'["{random_.choice(readable)}"]'
        if random_.random() < 0.4:
            bone, channel = random_.choice(FREE), random_.choice(("location", "scale"))
            path = f'pose.bones["{bone}"].{channel}[{random_.randrange(3)}]'
        variable.targets[0].data_path = path
        return
    for target in variable.targets:
        target.id = obj if random_.random() < 0.8 else empty
        if target.id == obj:
            target.bone_target = random_.choice(FREE)
        if kind != "ROTATION_DIFF":
            target.transform_space = random_.choice(list(plan_rigs.SPACES))
        if kind == "TRANSFORMS":
            target.transform_type = random_.choice(TRANSFORM_TYPES)
            modes = target.bl_rna.properties["rotation_mode"].enum_items.keys()
            target.rotation_mode = random_.choice(modes)


def add_driver(random_, fcurve, obj, empty, readable: list[str]) -> None:
    driver = fcurve.driver
    driver.type = random_.choice(("SUM", "AVERAGE", "MIN", "MAX", "SCRIPTED", "SCRIPTED"))
    for name in "ab":
        variable = driver.variables.new()
        variable.name = name
        set_variable(random_, variable, obj, empty, readable)
    if driver.type == "SCRIPTED":
        driver.expression = random_.choice(EXPRESSIONS)
        assert driver.is_simple_expression, driver.expression
    mapping = random_.random()
    if mapping < 0.6:
        while fcurve.keyframe_points:
            fcurve.keyframe_points.remove(fcurve.keyframe_points[0])
        while fcurve.modifiers:
            fcurve.modifiers.remove(fcurve.modifiers[0])
    if mapping < 0.2:
        modifier = fcurve.modifiers.new("GENERATOR")
        modifier.coefficients = (1.0, -1.0)
    elif mapping < 0.4:
        for x, y in ((-1.0, 0.3), (0.5, -0.2), (2.0, 1.0)):
            fcurve.keyframe_points.insert(x, y)
        fcurve.extrapolation = random_.choice(("CONSTANT", "LINEAR"))


def add_properties(random_, obj) -> tuple[list[str], list[str]]:
    """Custom properties: some keyed, some to be driven."""
    keyed_names, driven = ["k0", "k1", "k2"], ["p0", "p1", "p2", "p3", "p4", "p5"]
    for name in keyed_names:
        obj[name] = random_.uniform(-1.0, 1.0)
        for frame in (1.0, 10.0, 20.0):
            obj[name] = random_.choice((0.0, 1.0, random_.uniform(-1.0, 1.0)))
            obj.keyframe_insert(f'["{name}"]', frame=frame)
    obj["fixed"] = 0.75
    for name in driven:
        obj[name] = random_.choice((0.0, 0.0, 0, False))
        if isinstance(obj[name], int) and not isinstance(obj[name], bool):
            obj.id_properties_ui(name).update(min=-3, max=3)
    return [*keyed_names, "fixed"], driven


def describe(driver) -> str:
    """What a driver does, for messages."""
    parts = [driver.type, driver.expression if driver.type == "SCRIPTED" else ""]
    for variable in driver.variables:
        parts.append(variable.type)
        for target in variable.targets:
            parts += [target.data_path, target.bone_target, target.transform_space]
            parts += [target.transform_type, target.rotation_mode]
    return " ".join(parts)


def test_drivers(native, empty_file):
    differences, of_values, wrong = [], [], []
    for at in range(RIGS):
        random_ = random.Random(f"{SEED} drivers {at}")
        obj, empty = make_rig(random_)
        animate(random_, obj)
        readable, driven = add_properties(random_, obj)
        for name in driven:
            add_driver(random_, obj.driver_add(f'["{name}"]'), obj, empty, readable)
            # The later ones may read those before them.
            readable.append(name)
        for name in ("owner", "child"):
            bone = obj.pose.bones[name]
            path = random_.choice([path for path in CHANNELS if path != "scale"])
            index = random_.randrange(CHANNELS[path])
            add_driver(random_, bone.driver_add(path, index), obj, empty, readable)
            for constraint in bone.constraints:
                if constraint.is_valid and random_.random() < 0.5:
                    add_driver(random_, constraint.driver_add("influence"), obj, empty, readable)
        of_bones, numbers = compare(native, obj, driven)
        differences += of_bones
        for difference, got, want, name, frame in numbers:
            of_values.append(min(difference, wrapped(got - want)))
            if of_values[-1] > 1e-3:
                fcurve = next(f for f in obj.animation_data.drivers if f.data_path == f'["{name}"]')
                text = describe(fcurve.driver)
                wrong.append(f"{at} {name} frame {frame}: {got}, not {want}: {text}")
        constraint_rigs.remove_all()
    assert len(wrong) <= len(of_values) // 100, "\n".join(wrong[:20])
    report("driven values", of_values)
    report("matrices", differences)
