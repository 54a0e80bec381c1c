"""Records what Blender's inverse kinematics make of random chains, for tests/ik.rs.

    bash tests/blender.sh python VERSION tests/blender/record_ik.py [RIGS [FILE]]

writes tests/data/ik.txt: for each setting with one tree of bones RIGS rigs (2), with their pose
before and after; and beside it ik_steps.txt: chains that are stopped after a few iterations each,
so that a step that differs is seen where it is taken.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import bpy
import constraint_rigs
import ik_rigs
import session
import test_math

SETTLED = [name for name in ik_rigs.SETTINGS[:17] if name != "hinge_limits"]
STEPS = (1, 2, 3, 5, 8)
STEPPED = {
    "limits": (187, 315, 138, 342, 8),
    "hinge_limits": (0, 1, 2),
    "two_goals": (0, 1, 51, 242, 468),
    "two_goals_stretch": (0, 1),
    "overlap": (0, 1, 2),
    "stretch": (0, 1),
    "pole": (0, 1),
    "rotation": (0, 1),
}
"""Numbers of rigs. Those with limits have more than one in the way in their first iterations; the
last three with two goals never come to rest."""


def line(name: str, values, digits: int = 9) -> str:
    text = " ".join(f"{value:.{digits}g}" for value in values)
    return f"{name} {text}".rstrip()


def write(path, lines: list[str]) -> None:
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    print(path, len(lines), "lines")


def rigs_of_each_setting(count: int) -> list[str]:
    lines = []
    for setting in SETTLED:
        for at in range(count):
            obj = ik_rigs.make(random.Random(f"golden {setting} {at}"), setting)
            lines.append(f"case {setting}")
            lines += [line(*row) for row in ik_rigs.rows(obj).items()]
            constraint_rigs.remove_all()
    return lines


def stopped_rigs() -> list[str]:
    lines = []
    for setting, numbers in STEPPED.items():
        for at in numbers:
            obj = ik_rigs.make(random.Random(f"1 {setting} {at}"), setting)
            lines.append(f"case {setting}")
            lines += [line(*row) for row in ik_rigs.rows(obj).items() if row[0] != "after"]
            lines.append(line("basis", test_math.read(obj.pose.bones, "matrix_basis", "f", 16)))
            lines.append(line("inherit", test_math.read(obj.data.bones, "inherit_scale", "i", 1)))
            for step in STEPS:
                for _, goal in ik_rigs.goals(obj):
                    goal.iterations = step
                bpy.context.view_layer.update()
                matrices = test_math.read(obj.pose.bones, "matrix", "f", 16)
                lines.append(line(f"after {step}", matrices, 7).replace(" ", "@", 1))
            constraint_rigs.remove_all()
    return lines


def main() -> None:
    rigs = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else session.ROOT / "tests/data/ik.txt"
    session.new_file()
    write(path, rigs_of_each_setting(rigs))
    write(path.with_name("ik_steps.txt"), stopped_rigs())
    sys.stdout.flush()
    os._exit(0)


main()
