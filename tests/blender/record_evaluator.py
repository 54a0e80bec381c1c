"""Records what Blender makes of random constraints, for tests/constraints.rs.

    bash tests/blender.sh python VERSION tests/blender/record_evaluator.py

writes tests/data/constraints.txt (the same in 4.5 and 5.2): for each type of constraint a rig
with its pose, the arrays of its constraint, and Blender's own pose matrices.
"""

from __future__ import annotations

import importlib
import os
import random
import sys
from array import array
from types import SimpleNamespace

import bpy
import constraint_rigs
import session  # before bpy
import test_evaluator
import test_math

CHANNELS = ("location", "rotation_quaternion", "rotation_euler", "rotation_axis_angle", "scale")


def line(name: str, values) -> str:
    text = " ".join(f"{value:.7g}" for value in values)
    return f"{name} {text}".rstrip()


def arrays_of(view) -> dict:
    """The arrays of a view by name: they follow its counts in the order of its fields."""
    names = [name for name, _ in view._fields_[3:]]
    pairs = zip(names, view._keep, strict=True)
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
    rig = test_math.read_rig(native, obj)
    names = list(native.transform.RIG_ARRAYS)
    names.remove("offset")
    lines = [f"case {kind}"]
    lines += [line(*pair) for pair in zip(names, rig._keep, strict=True)]
    _pose, channels = test_math.read_pose(native, obj)
    lines += [line(name, channels[name]) for name in (*CHANNELS, "rotation_mode")]
    view = constraint_rigs.read(native, obj)
    lines += [line(f"c.{name}", values) for name, values in arrays_of(view).items()]
    lines.append(line("matrices", test_math.read(obj.pose.bones, "matrix", "f", 16)))
    constraint_rigs.remove_all()
    return lines


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
    path = session.ROOT / "tests/data/constraints.txt"
    path.write_text("\n".join(lines) + "\n")
    print(path, len(lines), "lines")
    sys.stdout.flush()
    os._exit(0)


main()
