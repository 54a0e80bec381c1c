"""Records what Blender makes of random constraints, for tests/constraints.rs.

    bash tests/blender.sh python VERSION tests/blender/record_evaluator.py

writes tests/data/constraints.txt (the same in 4.5 and 5.2): for each type of constraint a rig
with its pose, the arrays of its constraint, and Blender's own pose matrices. The constraints that
look at curves go to tests/data/curve_constraints.txt, each with a curve of every kind, and those
that look at actions to tests/data/action_constraints.txt, one of each way to mix.
"""

from __future__ import annotations

import session  # before bpy

# isort: split
import importlib
import os
import random
import sys
from array import array
from types import SimpleNamespace

import bpy
import constraint_rigs
import curve_rigs
import test_action
import test_curve_constraints
import test_evaluator
import test_math

CHANNELS = ("location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle", "scale")


def line(name: str, values) -> str:
    text = " ".join(str(v) if isinstance(v, int) else f"{v:.7g}" for v in values)
    return f"{name} {text}".rstrip()


def arrays_of(view) -> dict:
    """The arrays of a view by name: they follow its counts in the order of its fields."""
    names = [name for name, _ in view._fields_[3:]]
    pairs = zip(names, view._keep, strict=False)
    return {name: values for name, values in pairs if isinstance(values, array)}


def record(native, kind: str, random_) -> list[str]:
    obj, empty = test_evaluator.make_rig(random_)
    test_math.random_pose(random_, obj)
    target = obj if random_.random() < 0.75 or kind == "ARMATURE" else empty
    constraint_rigs.new(random_, obj.pose.bones["owner"], kind, target, "target", obj)
    bpy.context.view_layer.update()
    if test_evaluator.is_half_turn(obj):
        constraint_rigs.remove_all()
        return record(native, kind, random_)
    lines = rig_lines(native, obj, kind)
    view = constraint_rigs.read(native, obj)
    lines += [line(f"c.{name}", values) for name, values in arrays_of(view).items()]
    lines.append(line("matrices", test_math.read(obj.pose.bones, "matrix", "f", 16)))
    constraint_rigs.remove_all()
    return lines


def record_on_curve(native, reader, kind: str, spline: str, random_) -> list[str]:
    obj, tip = test_curve_constraints.make_chain(random_)
    curve = curve_rigs.make_curve(random_, spline)
    makers = test_curve_constraints.MAKERS | {"SPLINE_IK": test_curve_constraints.spline_ik}
    constraint = makers[kind](random_, tip, curve)
    constraint.influence = 0.7
    bpy.context.view_layer.update()
    _, states = test_curve_constraints.compare(native, reader, obj)
    # A connected bone stays at its parent.
    stays = tip.bone.use_connect and kind != "SPLINE_IK"
    if states != {0} or not constraint.is_valid or stays:
        curve_rigs.remove_all()
        return record_on_curve(native, reader, kind, spline, random_)
    view = curve_rigs.read(native, reader, obj)
    splines = next(kept for kept in view._keep if isinstance(kept, native.evaluate.Splines))
    lines = rig_lines(native, obj, f"{kind}_{spline}")
    by_address = {
        values.buffer_info()[0]: values for values in view._keep if isinstance(values, array)
    }
    of_splines = {values.buffer_info()[0]: values for values in splines._keep}
    for name, found, arrays in (("c", view, by_address), ("s", splines, of_splines)):
        for field, _ in found._fields_[1:]:
            values = arrays.get(getattr(found, field))
            if values is not None and len(values):
                lines.append(line(f"{name}.{field}", values))
    lines.append(line("matrices", test_math.read(obj.pose.bones, "matrix", "f", 16)))
    curve_rigs.remove_all()
    return lines


def record_action(native, mode: str, random_) -> list[str]:
    obj, empty = test_evaluator.make_rig(random_)
    test_math.random_pose(random_, obj)
    constraint = test_action.add_constraint(random_, obj, empty)
    constraint.mix_mode = mode
    constraint.influence = 0.8
    bpy.context.view_layer.update()
    if not constraint.is_valid or test_evaluator.is_half_turn(obj):
        constraint_rigs.remove_all()
        return record_action(native, mode, random_)
    lines = rig_lines(native, obj, mode)
    view = constraint_rigs.read(native, obj)
    lines += [line(f"c.{name}", values) for name, values in arrays_of(view).items()]
    rows = {"owner": [], "slot": [], "component": [], "keys": [], "start": [0]}
    bag = constraint.action.layers[0].strips[0].channelbag(constraint.action_slot)
    for fcurve in bag.fcurves:
        bone, _, name = fcurve.data_path.rpartition(".")
        if bone != 'pose.bones["owner"]' or name not in CHANNELS:
            continue
        rows["owner"].append(0)
        rows["slot"].append(CHANNELS.index(name))
        rows["component"].append(fcurve.array_index)
        for key in fcurve.keyframe_points:
            rows["keys"] += [*key.co, *key.handle_left, *key.handle_right]
        rows["start"].append(len(rows["keys"]) // 6)
    lines += [line(f"a.{name}", values) for name, values in rows.items()]
    lines.append(line("matrices", test_math.read(obj.pose.bones, "matrix", "f", 16)))
    constraint_rigs.remove_all()
    return lines


def rig_lines(native, obj, name: str) -> list[str]:
    """The arrays of a rig and its pose."""
    rig = test_math.read_rig(native, obj)
    names = list(native.transform.RIG_ARRAYS)
    names.remove("offset")
    lines = [f"case {name}"]
    lines += [line(*pair) for pair in zip(names, rig._keep, strict=True)]
    _pose, channels = test_math.read_pose(native, obj)
    return lines + [line(name, channels[name]) for name in (*CHANNELS, "rotation_mode")]


def write(name: str, lines: list[str]) -> None:
    path = session.ROOT / "tests/data" / name
    path.write_text("\n".join(lines) + "\n")
    print(path, len(lines), "lines")


def main() -> None:
    session.new_file()
    session.install()
    native = SimpleNamespace(
        **{
            name: importlib.import_module(f"{session.MODULE}.native.{name}")
            for name in ("transform", "structs", "evaluate")
        }
    )
    lines = []
    for kind in constraint_rigs.KINDS:
        lines += record(native, kind, random.Random(f"golden {kind}"))
    write("constraints.txt", lines)
    reader, lines = curve_rigs.modules(session.MODULE), []
    for kind in ("FOLLOW_PATH", "CLAMP_TO", "SPLINE_IK"):
        for spline in test_curve_constraints.KINDS:
            random_ = random.Random(f"golden {kind} {spline}")
            lines += record_on_curve(native, reader, kind, spline, random_)
    write("curve_constraints.txt", lines)
    lines = []
    for item in bpy.types.ActionConstraint.bl_rna.properties["mix_mode"].enum_items:
        mode = item.identifier
        lines += record_action(native, mode, random.Random(f"golden action {mode}"))
    write("action_constraints.txt", lines)
    sys.stdout.flush()
    os._exit(0)


main()
