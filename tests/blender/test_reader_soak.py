"""Many edits, undos, file loads and operators in one process, by each reader in turn."""

from __future__ import annotations

import importlib
import os
import random
from pathlib import Path

import bpy
import pytest
import session
from scene import Options, build, generator

STEPS = int(os.environ.get("LIMBER_TEST_SOAK", "2000"))
OPERATORS = (
    *("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest"),
    *("propagate", "user_transforms_clear"),
)


def module(name: str):
    session.install()
    return importlib.import_module(f"{session.MODULE}.{name}")


def posed():
    return [obj for obj in bpy.data.objects if obj.type == "ARMATURE"]


def bags():
    return [
        bag
        for action in bpy.data.actions
        for layer in action.layers
        for strip in layer.strips
        for bag in strip.channelbags
    ]


def edit(dice: random.Random) -> None:
    """A change of the animation by the public API."""
    found = [bag for bag in bags() if len(bag.fcurves)]
    if not found:
        return
    bag = dice.choice(found)
    curve = dice.choice(list(bag.fcurves))
    kind = dice.randrange(6)
    if kind == 0:
        curve.keyframe_points.insert(dice.uniform(0, 40), dice.uniform(-2, 2))
    elif kind == 1 and len(curve.keyframe_points):
        curve.keyframe_points.remove(dice.choice(list(curve.keyframe_points)))
    elif kind == 2 and len(bag.fcurves) > 3:
        bag.fcurves.remove(curve)
    elif kind == 3:
        path, index = curve.data_path, curve.array_index + 4
        if bag.fcurves.find(path, index=index) is None:
            bag.fcurves.new(path, index=index)
    elif kind == 4 and len(curve.modifiers) < 2:
        curve.modifiers.new(dice.choice(("NOISE", "LIMITS")))
    else:
        curve.mute = not curve.mute


def step(dice: random.Random, file: Path) -> None:
    """One of: a scene, a file, an undo step, an edit, an operator."""
    kind = dice.random()
    if kind < 0.01 or not posed():
        build(dice.randrange(10**6), Options(modifiers=0.2, sampled_curves=0.1))
        bpy.ops.ed.undo_push(message="scene")
    elif kind < 0.02:
        bpy.ops.wm.save_as_mainfile(filepath=str(file), check_existing=False)
        bpy.ops.wm.open_mainfile(filepath=str(file), load_ui=False)
    elif kind < 0.1:
        undo = dice.choice((bpy.ops.ed.undo, bpy.ops.ed.redo))
        if undo.poll():
            undo()
    elif kind < 0.4:
        edit(dice)
        if dice.random() < 0.3:
            bpy.ops.ed.undo_push(message="edit")
    elif kind < 0.5:
        bpy.context.scene.frame_set(dice.randint(0, 40))
    else:
        operator = getattr(bpy.ops.limber, dice.choice(OPERATORS))
        if operator.poll():
            try:
                operator()
            except RuntimeError as error:
                assert "No keyframed poses" in str(error), error
            if dice.random() < 0.3:
                bpy.ops.ed.undo_push(message="operator")


def outcome() -> list:
    """Every channel and every key of the file."""
    rows: list = []
    for obj in posed():
        for bone in obj.pose.bones:
            rows.append((bone.name, *bone.location, *bone.rotation_quaternion, *bone.scale))
            rows.append((*bone.rotation_euler, *bone.rotation_axis_angle))
    for bag in bags():
        for curve in bag.fcurves:
            rows.append((curve.data_path, curve.array_index, len(curve.modifiers)))
            rows.extend(tuple(key.co) for key in curve.keyframe_points)
    return rows


def alike(one: tuple, other: tuple) -> bool:
    """The same texts and whole numbers, and floats but for rounding."""
    floats = [[v for v in row if isinstance(v, float)] for row in (one, other)]
    rest = [[v for v in row if not isinstance(v, float)] for row in (one, other)]
    return rest[0] == rest[1] and floats[0] == pytest.approx(
        floats[1], rel=5e-5, abs=5e-5, nan_ok=True
    )


def soak(direct: bool, folder: Path, monkeypatch) -> list:
    reader = module("reader")
    reader.want_direct(direct)
    assert (reader.state().layout is not None) == direct
    for name in ("slide", "propagate", "user_transforms"):
        monkeypatch.setattr(module(f"ops.{name}"), "stock_pays", lambda *_: False)
    session.new_file()
    dice = generator(int(os.environ.get("LIMBER_TEST_SEED", "1")), "soak")
    results = []
    for number in range(STEPS):
        step(dice, folder / "soak.blend")
        if number % 100 == 99:
            results.append(outcome())
    return results


def test_both_readers_end_with_the_same_data(tmp_path, monkeypatch):
    reader = module("reader")
    monkeypatch.delenv(reader.VARIABLE, raising=False)
    try:
        public = soak(False, tmp_path, monkeypatch)
        direct = soak(True, tmp_path, monkeypatch)
    finally:
        reader.want_direct(True)
    assert len(public) == len(direct)
    for number, (one, other) in enumerate(zip(public, direct, strict=True)):
        assert len(one) == len(other), f"after {100 * (number + 1)} steps"
        for a, b in zip(one, other, strict=True):
            assert alike(a, b), f"after {100 * (number + 1)} steps: {a}, {b}"
