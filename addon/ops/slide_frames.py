# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyframes between which an interactive slide goes."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable

from ..bridge import curves

_SAME_FRAME = 0.01
"""Keys closer than this stand on one frame."""


def key_columns(subjects: Iterable) -> list[float]:
    """Scene frames of all keys of the subjects' curves, ascending."""
    columns: set[float] = set()
    for found in subjects:
        times: set[float] = set()
        for curve in found.all_curves.pick(found.chosen):
            points = curve.keyframe_points
            coordinates = array("f", bytes(8 * len(points)))
            if coordinates:
                points.foreach_get("co", coordinates)
                times.update(coordinates[::2])
        columns.update(curves.scene_frame(found.object, time) for time in times)
    return sorted(columns)


def around(columns: list[float], frame: int) -> tuple[int, int]:
    """The columns before and after a frame, as whole frames; without one, the frame beside it.

    A column on the frame itself is passed over. Times are cut towards zero, as Blender does.
    """
    before = bisect_left(columns, frame - _SAME_FRAME)
    after = bisect_left(columns, frame + _SAME_FRAME)
    while after < len(columns) and columns[after] <= frame + _SAME_FRAME:
        after += 1
    previous = int(columns[before - 1]) if before > 0 else frame - 1
    following = int(columns[after]) if after < len(columns) else frame + 1
    return previous, following
