# SPDX-License-Identifier: GPL-3.0-or-later
"""All that F-curves are evaluated from: keys, samples, modifiers, as arrays of many curves."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from . import curve_modifiers
from .curves import CurveList, KeysInPlace
from .keys import KeyTable

_STRAIGHT = bytes((0, 1))
"""CONSTANT and LINEAR: without handles."""
_PLAIN = bytes((0, 1, 2))
"""Those and BEZIER: without easing and the numbers of the other interpolations."""


class UnknownModifierError(Exception):
    """A modifier that the library does not have."""


@dataclass
class MovingCurves:
    """Curves by arrays; the keys are fields of `LimberKeyArrays`, curve after curve, or lie in
    Blender."""

    count: int
    extrapolation: array
    key_starts: array | None = None
    keys: dict[str, array] | None = None
    in_place: KeysInPlace | None = None
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
    curve_list: CurveList, places: Sequence[int], held: KeysInPlace | None = None
) -> MovingCurves:
    """The curves at some places of a list; raises UnknownModifierError.

    Keys may be found in place, or be known to be there: they are to be used before Blender changes
    anything.
    """
    found = keys(curve_list, places, _key_fields, held)
    held = found.in_place
    if held is None:
        _read_more(dict(enumerate(curve_list.pick(places))), found)
    else:
        _read_more({i: curve_list.bag.fcurves[places[i]] for i in held.more}, found)
    return found


def keys(
    curve_list: CurveList, places: Sequence[int], fields, held: KeysInPlace | None = None
) -> MovingCurves:
    """The same without modifiers and samples; `fields` reads what is wanted of a table of keys."""
    held = held or curve_list.in_place(places)
    if held is not None:
        return MovingCurves(len(places), held.extrapolation, in_place=held)
    table = KeyTable(curve_list.pick(places))
    ends = array("i", bytes(4 * len(curve_list)))
    if ends:
        curve_list.bag.fcurves.foreach_get("extrapolation", ends)
    ends = array("B", [ends[place] for place in places])
    return MovingCurves(len(places), ends, table.first, fields(table))


def points(table: KeyTable) -> dict[str, array]:
    """Where keys are, for `keys`."""
    table.read(("point",))
    return {"co": table.arrays["point"]}


def read_each(curves: list) -> MovingCurves:
    """Curves that are in no list, such as those of drivers; raises UnknownModifierError."""
    table = KeyTable(curves)
    ends = array("B", [curve.extrapolation == "LINEAR" for curve in curves])
    found = MovingCurves(len(curves), ends, table.first, _key_fields(table))
    _read_more(dict(enumerate(curves)), found)
    return found


def read_parts(
    parts: Sequence[tuple[CurveList, Sequence[int], KeysInPlace | None]],
) -> MovingCurves:
    """Curves of several lists, one list after the other, each as `read` is given them."""
    if len(parts) == 1:
        return read(*parts[0])
    held = [known or curve_list.in_place(places) for curve_list, places, known in parts]
    if None in held:
        return read_each([c for curve_list, places, _ in parts for c in curve_list.pick(places)])
    joined = KeysInPlace(held[0].layout, array("Q"), array("i"), array("B"), [])
    more = {}
    for (curve_list, places, _), part in zip(parts, held, strict=True):
        first = len(joined.counts)
        for name in ("pointers", "counts", "extrapolation"):
            getattr(joined, name).extend(getattr(part, name))
        joined.more += [first + i for i in part.more]
        more |= {first + i: curve_list.bag.fcurves[places[i]] for i in part.more}
    found = MovingCurves(len(joined.counts), joined.extrapolation, in_place=joined)
    _read_more(more, found)
    return found


def _why(modifier) -> str:
    if modifier.type == "STEPPED":
        return "a stepped modifier that is restricted to a range"
    return f"a modifier of the type {modifier.type}"


def _read_more(curves: dict[int, object], found: MovingCurves) -> None:
    """What some curves are beside their keys."""
    stacks = {i: list(curve.modifiers) for i, curve in curves.items() if curve.modifiers}
    if stacks:
        counts = array("Q", bytes(8 * found.count))
        for i, stack in stacks.items():
            for modifier in stack:
                fields = curve_modifiers.read(modifier)
                if fields is None:
                    raise UnknownModifierError(_why(modifier))
                found.modifiers.append(fields)
            counts[i] = len(stack)
        found.modifier_starts = array("Q", accumulate(counts, initial=0))
    sampled = {i: curve for i, curve in curves.items() if len(curve.sampled_points)}
    if sampled:
        _read_samples(sampled, found)


def _read_samples(curves: dict[int, object], found: MovingCurves) -> None:
    found.samples, counts = array("f"), array("Q", bytes(8 * found.count))
    found.sample_first_frames = array("f", bytes(4 * found.count))
    for i, curve in curves.items():
        points = curve.sampled_points
        found.sample_first_frames[i] = points[0].co[0]
        counts[i] = len(points)
        values = array("f", bytes(8 * len(points)))
        points.foreach_get("co", values)
        found.samples.extend(values[1::2])
    found.sample_starts = array("Q", accumulate(counts, initial=0))
