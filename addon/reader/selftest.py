# SPDX-License-Identifier: GPL-3.0-or-later
"""Both readers on the same data: whether they agree, and how long each takes."""

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

    count: int
    """Curves or bones."""
    public: float
    """Seconds that the public reader took."""
    direct: float
    equal: bool
    """Whether both gave the same, bit by bit."""


def _timed(read: Callable[[], tuple]) -> tuple[float, tuple]:
    """The fastest of a few rounds, and what was read."""
    best, found = float("inf"), ()
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        found = read()
        best = min(best, time.perf_counter() - start)
    return best, found


def compare(count: int, public: Callable[[], tuple], direct: Callable[[], tuple]) -> Result:
    """Two ways to read the same."""
    (slow, one), (fast, other) = _timed(public), _timed(direct)
    return Result(count, slow, fast, one == other)


def curves(layout: Layout) -> Result:
    """Finds the bones of a rig's curves and evaluates each at two frames; nothing is left."""
    names = [f"bone.{i:03}" for i in range(BONES)]

    def read(curves: Curves) -> tuple:
        index, _ = curves.index(names, RULES_5_2)
        values = curves.evaluate(array("I", range(len(curves))), _FRAMES)
        columns = (index.bone, index.property, index.channel, index.rest, *values)
        return tuple(column.tobytes() for column in columns)

    with scratch.rig(names) as bag:
        return compare(
            len(bag.fcurves), lambda: read(Curves(bag)), lambda: read(DirectCurves(bag, layout))
        )
