# SPDX-License-Identifier: GPL-3.0-or-later
"""All that F-curves are evaluated from: keys, samples, modifiers, as arrays of many curves."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from . import curve_modifiers
from .keys import KeyTable

_STRAIGHT = bytes((0, 1))
"""CONSTANT and LINEAR: without handles."""
_PLAIN = bytes((0, 1, 2))
"""Those and BEZIER: without easing and the numbers of the other interpolations."""


class UnknownModifierError(Exception):
    """A modifier that the library does not have."""


@dataclass
class MovingCurves:
    """Curves by arrays; `keys` are fields of `LimberKeyArrays`, curve after curve."""

    count: int
    key_starts: array
    keys: dict[str, array]
    extrapolation: array
    modifiers: list[dict] = field(default_factory=list)
    modifier_starts: array | None = None
    samples: array | None = None
    sample_starts: array | None = None
    sample_first_frames: array | None = None


def _key_fields(table: KeyTable) -> dict[str, array]:
    """What the interpolations of these keys need."""
    table.read(("point", "interpolation"))
    arrays = {"co": table.arrays["point"]}
    kinds = table.arrays["interpolation"]
    if kinds and kinds.count(kinds[0]) == len(kinds):
        arrays["interpolation"] = array("i", kinds[:1]) * len(kinds)
    else:
        arrays["interpolation"] = array("i", kinds)
    if not table.has_only("interpolation", _STRAIGHT):
        table.read(("handle_left", "handle_right"))
        arrays |= {name: table.arrays[name] for name in ("handle_left", "handle_right")}
    if not table.has_only("interpolation", _PLAIN):
        names = ("easing", "back", "amplitude", "period")
        table.read(names)
        arrays |= {name: table.arrays[name] for name in names[1:]}
        arrays["easing"] = array("i", table.arrays["easing"])
    return arrays


def read(
    curves: list, extrapolation: Iterable[int], limits: dict[int, tuple[float, float]]
) -> MovingCurves:
    """Reads curves; `limits` are those of the values of some. Raises UnknownModifierError."""
    table = KeyTable(curves)
    found = MovingCurves(
        count=len(curves),
        key_starts=table.first,
        keys=_key_fields(table),
        extrapolation=array("B", extrapolation),
    )
    _read_modifiers(curves, found, limits)
    if 0 in table.counts:
        _read_samples(curves, table.counts, found)
    return found


def _read_modifiers(curves: list, found: MovingCurves, limits: dict) -> None:
    stacks = {i: list(curve.modifiers) for i, curve in enumerate(curves) if curve.modifiers}
    if not stacks and not limits:
        return
    counts = array("Q", bytes(8 * len(curves)))
    for i in sorted({*stacks, *limits}):
        before = len(found.modifiers)
        for modifier in stacks.get(i, ()):
            fields = curve_modifiers.read(modifier)
            if fields is None:
                raise UnknownModifierError(modifier.type)
            found.modifiers.append(fields)
        if i in limits:
            found.modifiers.append(curve_modifiers.limits(*limits[i]))
        counts[i] = len(found.modifiers) - before
    found.modifier_starts = array("Q", accumulate(counts, initial=0))


def _read_samples(curves: list, key_counts: array, found: MovingCurves) -> None:
    samples, counts, first = array("f"), array("Q", bytes(8 * len(curves))), array("f")
    for i, curve in enumerate(curves):
        points = curve.sampled_points if not key_counts[i] else ()
        first.append(points[0].co[0] if len(points) else 0.0)
        counts[i] = len(points)
        if len(points):
            values = array("f", bytes(8 * len(points)))
            points.foreach_get("co", values)
            samples.extend(values[1::2])
    if samples:
        found.samples, found.sample_first_frames = samples, first
        found.sample_starts = array("Q", accumulate(counts, initial=0))
