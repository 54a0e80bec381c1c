"""Blender's own pose operators against Limber's, on a motion-capture clip and on a large rig.

Started by examples/demo.sh inside Blender, once a version. Both variants are called alternately
from the same state; the times are those of the whole operator calls, the median of several.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "benches"), str(ROOT / "tests" / "blender")]

import session  # before anything that imports bpy

import bpy  # isort: skip
import mocap  # isort: skip
from limberbench import measure, report, scenes  # isort: skip
from limberbench.cases import SLIDES, Case  # isort: skip

TOLERANCE = 1e-6
"""Relative to max(1, |value|): a few roundings of 32-bit floats."""
ROW = "{:18} {:>11} {:>11} {:>8}   {:>10}  {:9}  {:5}  {}"


def clip_cases(clip: str) -> list[Case]:
    """The sliders between two frames, and Propagate from frame 200 to the end."""
    scene = scenes.Scene("clip", clip)
    between = {"factor": 0.3, "prev_frame": 190, "next_frame": 215}
    end = {"mode": "BEFORE_END"}
    return [
        *(Case(name, scene, arguments=between, rounds=30) for name in SLIDES),
        Case("propagate", scene, arguments=end, keys=True, rounds=1),
    ]


def rig_cases() -> list[Case]:
    """The sliders on a thousand keyed bones."""
    between = {"factor": 0.3, "prev_frame": 41, "next_frame": 51}
    scene = scenes.Scene("synthetic", 1000)
    return [Case(name, scene, arguments=between, rounds=7) for name in SLIDES]


def duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.2f} ms"


def show(result: measure.Result, out) -> bool:
    """Prints a row; says whether both variants did the same."""
    found = result.differences

    def word(kind: str) -> str:
        return "-" if kind not in found else "equal" if found[kind] <= TOLERANCE else "DIFFER"

    row = ROW.format(
        result.case.operator,
        duration(result.stock.median),
        duration(result.limber.median),
        f"{result.ratio:.1f} x",
        f"{max(found['pose'], found.get('keys', 0.0)):.1e}",
        word("selection"),
        word("keys"),
        "same" if max(found.values()) <= TOLERANCE else "NOT THE SAME",
    )
    print(row, file=out, flush=True)
    return max(found.values()) <= TOLERANCE


def compare(cases: list[Case], title: str, out) -> bool:
    """Builds the scene of the cases and compares each; says whether all were the same."""
    cases[0].scene.build()
    obj = bpy.context.object
    curves = scenes.channelbag(obj).fcurves
    keys = sum(len(curve.keyframe_points) for curve in curves)
    print(f"\n{title}: {len(obj.pose.bones)} bones, {len(curves)} curves, {keys} keys\n", file=out)
    head = ("operator", "Blender", "Limber", "faster", "difference", "selection", "keys", "result")
    print(ROW.format(*head), file=out)
    same = [show(measure.measure(case, 1.0), out) for case in cases]
    return all(same)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a clip of 455 frames")
    clip = "short" if parser.parse_args().short else "middle"
    out = report.quiet_stdout()
    session.install()
    cases = clip_cases(clip), rig_cases()
    for case in (case for group in cases for case in group):
        if measure.operator("limber", case.operator) is None:
            print(f"bpy.ops.limber.{case.operator} is not there", file=sys.stderr)
            return 1
    print(f"\nBlender {bpy.app.version_string}, {session.zip_path().name} installed", file=out)
    same = compare(cases[0], mocap.path(clip).name, out)
    same = compare(cases[1], "a large rig", out) and same
    print("\nthe results are", "the same" if same else "NOT the same", file=out, flush=True)
    return 0 if same else 1


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Blender 4.5 does not end by itself while the add-on's classes are registered.
    os._exit(status)
