"""Records what Blender's inverse kinematics make of random chains, for tests/ik.rs.

    bash tests/blender.sh python VERSION tests/blender/record_ik.py [RIGS [FILE]]

writes tests/data/ik.txt: for each setting with one tree of bones RIGS rigs (2), with their pose
before and after.
"""

from __future__ import annotations

import os
import random
import sys

import constraint_rigs
import ik_rigs
import session


def line(name: str, values) -> str:
    text = " ".join(f"{value:.9g}" for value in values)
    return f"{name} {text}".rstrip()


def main() -> None:
    rigs = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    path = sys.argv[2] if len(sys.argv) > 2 else session.ROOT / "tests/data/ik.txt"
    session.new_file()
    lines = []
    for setting in ik_rigs.SETTINGS[:16]:
        for at in range(rigs):
            obj = ik_rigs.make(random.Random(f"golden {setting} {at}"), setting)
            lines.append(f"case {setting}")
            lines += [line(*row) for row in ik_rigs.rows(obj).items()]
            constraint_rigs.remove_all()
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    print(path, len(lines), "lines")
    sys.stdout.flush()
    os._exit(0)


main()
