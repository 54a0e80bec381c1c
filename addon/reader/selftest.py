# SPDX-License-Identifier: GPL-3.0-or-later
"""Both readers on the same curves: whether they agree, and how long each takes."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from ..native.records import Layout
from ..native.slide import RULES_5_2
from . import scratch
from .curve_lists import Curves, DirectCurves

BONES = 200
_FRAMES = (3.25, 17.0)
_ROUNDS = 5


@dataclass(frozen=True)
class Result:
    """What a self-test found."""

    curves: int
    public: float
    """Seconds to find the bones of all curves and to evaluate each at two frames."""
    direct: float
    equal: bool
    """Whether both gave the same, bit by bit."""


def _read(make: Callable[[], Curves], names: list[str]) -> tuple[float, tuple]:
    """The fastest of a few rounds, and what was read."""
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        curves = make()
        index, _ = curves.index(names, RULES_5_2)
        values = curves.evaluate(array("I", range(len(curves))), _FRAMES)
        best = min(best, time.perf_counter() - start)
    columns = (index.bone, index.property, index.channel, index.rest, *values)
    return best, tuple(column.tobytes() for column in columns)


def run(layout: Layout) -> Result:
    """Reads the curves of a rig both ways; nothing is left of it."""
    names = [f"bone.{i:03}" for i in range(BONES)]
    with scratch.rig(names) as bag:
        public, one = _read(lambda: Curves(bag), names)
        direct, other = _read(lambda: DirectCurves(bag, layout), names)
        return Result(len(bag.fcurves), public, direct, one == other)
