"""Times Blender's own operators against Limber's in one Blender process.

Both variants are called alternately from the same state, through `bpy.ops`, so every transfer
between Blender and the library is in the time; restoring the state is not. Printed are medians,
half the distance between the quartiles, and the ratio. benches/run.sh builds the add-on, fetches
Blender and starts this in each version:

    benches/run.sh                        everything, in 4.5 and 5.2 (an hour)
    benches/run.sh 5.2 sliders clears     some families, in one version
    benches/run.sh sliders --sizes 1000
    benches/run.sh 5.2 --operators relax push --match "1 selected"
    benches/run.sh --sizes 1000 --once    each operator once
    benches/run.sh sliders --readers      Limber by its public and by its direct reader
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests" / "blender")]

import session  # before anything that imports bpy

import bpy  # isort: skip
from limberbench import cases, measure, report, scenes  # isort: skip


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = ", ".join(cases.FAMILIES)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=f"of {names}; default: all")
    parser.add_argument("--operators", nargs="+", metavar="NAME")
    parser.add_argument("--sizes", nargs="+", type=int, metavar="BONES", help="synthetic rigs")
    parser.add_argument("--match", metavar="REGEX", help="only scenes whose title matches")
    parser.add_argument("--once", action="store_true", help="only the first case of an operator")
    parser.add_argument("--readers", action="store_true", help="Limber by either reader")
    parser.add_argument("--budget", type=float, default=1.5, help="seconds for a case")
    parser.add_argument("--json", type=Path, help="where to write all samples")
    parser.add_argument("--markdown", type=Path, help="where to write the table")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    options = parser.parse_args()
    for name in options.families:
        if name not in cases.FAMILIES:
            parser.error(f"no family {name}: there are {names}")
    return options


def chosen(options: argparse.Namespace) -> list[cases.Case]:
    """The wanted cases, those of one scene together."""
    found: dict[scenes.Scene, list[cases.Case]] = {}
    seen = set()
    for name, function in cases.FAMILIES.items():
        if options.families and name not in options.families:
            continue
        for case in function():
            if options.operators and case.operator not in options.operators:
                continue
            if options.sizes and case.scene.size not in options.sizes:
                continue
            if options.match and not re.search(options.match, case.title):
                continue
            if options.once and case.operator in seen:
                continue
            seen.add(case.operator)
            found.setdefault(case.scene, []).append(case)
    return [case for group in found.values() for case in group]


def main() -> int:
    options = arguments()
    wanted = chosen(options)
    if options.list:
        for case in wanted:
            print(f"{case.operator:24} {case.title}")
        return 0
    out = report.quiet_stdout()
    session.install()
    version = bpy.app.version_string
    head = f"Blender {version}\n\n{report.HEAD_READERS if options.readers else report.HEAD}"
    print(head, file=out, flush=True)
    lines, results, missing, scene = [head], [], set(), None
    for case in wanted:
        if not (
            measure.operator("limber", case.operator) and measure.operator("pose", case.operator)
        ):
            missing.add(case.operator)
            continue
        if case.scene != scene:
            case.scene.build()
        # What a case prepared is not for the next one.
        scene = None if case.prepare else case.scene
        for obj in scenes.posed():
            scenes.select(obj, case.selected)
        results.append(measure.measure(case, options.budget, options.readers))
        lines.append(report.line(results[-1]))
        print(lines[-1], file=out, flush=True)
    missed = [result for result in results if not result.met]
    last = f"{len(results)} cases, {len(missed)} missed their bar"
    if missing:
        last += f"; not in this Blender: {', '.join(sorted(missing))}"
    lines.append(f"\n{last}\n")
    print(lines[-1], file=out, flush=True)
    if options.markdown:
        options.markdown.write_text("\n".join(lines))
    if options.json:
        report.write_json(options.json, version, results)
    return 1 if options.check and (missed or missing) else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Blender 4.5 does not end by itself while the add-on's classes are registered.
    os._exit(status)
