# SPDX-License-Identifier: GPL-3.0-or-later
"""How properties take the numbers that curves and drivers write, by the library's numbers."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

FLOAT, INT, BOOL = range(3)
"""A float; a whole number, the fraction cut off; true from 1 on."""
INTEGER, DISCRETE = 1, 2
"""Flags of a curve: its values are rounded; they hold until the next key."""

Write = tuple[int, float, float]
"""The kind, the least and the greatest value."""
PLAIN: Write = (FLOAT, -math.inf, math.inf)
FACTOR: Write = (FLOAT, 0.0, 1.0)
SWITCH: Write = (BOOL, 0.0, 1.0)


def of_custom(owner, name: str, value) -> Write:
    """That of a custom property with this value, or an array with this element."""
    if isinstance(value, bool):
        return SWITCH
    kind = INT if isinstance(value, int) else FLOAT
    try:
        shown = owner.id_properties_ui(name).as_dict()
    except (AttributeError, TypeError):
        return kind, *PLAIN[1:]
    return kind, shown.get("min", -math.inf), shown.get("max", math.inf)


def of_rna(prop) -> Write:
    """That of a setting, which is a float."""
    return FLOAT, prop.hard_min, prop.hard_max


def flags(curve, kind: int) -> int:
    """What Blender hides of a curve that moves a property of this kind.

    Keys that Blender inserts make such a curve round, or hold, its values; a curve that a script
    made may lack that. It shows where values change.
    """
    if kind == FLOAT or not len(curve.keyframe_points):
        return 0
    keyed = INTEGER if kind == INT else INTEGER | DISCRETE
    points = curve.keyframe_points
    for key, after in pairwise(points):
        (x, y), (x_after, y_after) = key.co, after.co
        if key.interpolation == "CONSTANT" or abs(y_after - y) < 0.6:
            continue
        # Near the next key, where a rounded value is no more that of this one.
        value = curve.evaluate(x + 0.96837 * (x_after - x))
        if value % 1.0:
            return 0
        return INTEGER | DISCRETE if value == math.floor(y + 0.5) else INTEGER
    return 0 if curve.evaluate(points[0].co[0]) % 1.0 else keyed


def rows(writes: list[Write]) -> dict[str, array]:
    """As arrays: kind, least, greatest."""
    kinds, low, high = zip(*writes, strict=True) if writes else ((), (), ())
    return {"write": array("i", kinds), "min": array("f", low), "max": array("f", high)}
