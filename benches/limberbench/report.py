"""What was measured, as a table and as JSON."""

from __future__ import annotations

import json
import os
from pathlib import Path

HEAD = (
    "| operator | scene | stock ms | Limber ms | ratio | bar | largest difference |\n"
    "|---|---|---:|---:|---:|---|---:|"
)


HEAD_READERS = (
    "| operator | scene | stock ms | public reader ms | ratio | direct reader ms | ratio | bar "
    "| largest difference |\n|---|---|---:|---:|---:|---:|---:|---|---:|"
)
"""The same where both readers are measured."""


def milliseconds(timing) -> str:
    median, spread = timing.median * 1e3, timing.spread * 1e3
    digits = 3 if median < 1 else 2 if median < 100 else 0
    return f"{median:.{digits}f} ± {spread:.{digits}f}"


def line(result) -> str:
    """One row of the table."""
    case = result.case
    bar = f"≥ {case.bar:g}" if case.bar else "not slower"
    verdict = "" if result.met else " **missed**"
    ratio = f"{result.ratio:.3g}"
    difference = f"{result.difference:.2g}" if result.difference else "0"
    public = ""
    if result.public is not None:
        public = f"| {milliseconds(result.public.limber)} | {result.public.ratio:.3g} "
    return (
        f"| `{case.operator}` | {case.title} | {milliseconds(result.stock)} {public}"
        f"| {milliseconds(result.limber)} | {ratio} | {bar}{verdict} | {difference} |"
    )


def write_json(path: Path, version: str, results) -> None:
    """All samples, in seconds."""
    rows = [
        {
            "blender": version,
            "operator": result.case.operator,
            "scene": result.case.title,
            "arguments": result.case.arguments,
            "stock": result.stock.samples,
            "limber": result.limber.samples,
            "public": result.public.limber.samples if result.public else None,
            "public_stock": result.public.stock.samples if result.public else None,
            "ratio": result.ratio,
            "bar": result.case.bar,
            "met": result.met,
            "difference": result.difference,
        }
        for result in results
    ]
    path.write_text(json.dumps(rows, indent=1) + "\n")


def quiet_stdout():
    """The standard output for the table alone: Blender prints the reports of operators there."""
    out = os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return out
