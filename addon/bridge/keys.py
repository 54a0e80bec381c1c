# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of many F-curves, as one array a field.

Fields go by the names of the native library. Writing them does not make Blender apply the
animation again, so a pose that is not keyed stays; making room for new keys does.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

PROPERTIES = {
    "point": ("co", "f", 2),
    "handle_left": ("handle_left", "f", 2),
    "handle_right": ("handle_right", "f", 2),
    "back": ("back", "f", 1),
    "amplitude": ("amplitude", "f", 1),
    "period": ("period", "f", 1),
    "interpolation": ("interpolation", "B", 1),
    "easing": ("easing", "B", 1),
    "handle_left_type": ("handle_left_type", "B", 1),
    "handle_right_type": ("handle_right_type", "B", 1),
    "key_type": ("type", "B", 1),
    "select_point": ("select_control_point", "B", 1),
    "select_left": ("select_left_handle", "B", 1),
    "select_right": ("select_right_handle", "B", 1),
}
"""For each field Blender's property, the type code, and the elements a key.

Enums are bytes in Blender; asking for bytes copies them, which is several times faster."""

SELECTION = ("select_point", "select_left", "select_right")
SHAPE = ("handle_left", "handle_right", "handle_left_type", "handle_right_type")
ALL = tuple(PROPERTIES)

_ENDLESS = {"REPEAT", "REPEAT_OFFSET"}


def _view(name: str, values: array) -> memoryview:
    """An array to be sliced without a copy, in the format that Blender copies fastest."""
    view = memoryview(values)
    return view.cast("?") if name in SELECTION else view


def is_cyclic(curve) -> bool:
    """Whether the first modifier repeats the curve without end, so that its ends are joined."""
    if not len(curve.modifiers):
        return False
    first = curve.modifiers[0]
    if first.type != "CYCLES" or first.mute or first.use_restricted_range or first.use_influence:
        return False
    counts = first.cycles_before or first.cycles_after
    return not counts and {first.mode_before, first.mode_after} <= _ENDLESS


def whole_numbers(curve, owner) -> tuple[bool, bool]:
    """Whether the values are whole numbers, and whether they are flags or enums.

    Blender hides what it knows of a curve: it follows from the property and from the values.
    """
    frame = curve.keyframe_points[0].co[0]
    if curve.evaluate(frame) % 1.0:
        return False, False
    try:
        value = owner.path_resolve(curve.data_path)
    except ValueError:
        return False, False
    if not isinstance(value, (bool, int, float, str)):
        if not 0 <= curve.array_index < len(value):
            return False, False
        value = value[curve.array_index]
    return isinstance(value, (int, str)), isinstance(value, (bool, str))


Gather = Callable[[array, Sequence[str]], dict[str, array] | None]


class KeyTable:
    """Keys of some curves; curve c owns the elements `first[c] .. first[c + 1]` of every array."""

    def __init__(self, curves: list, gather: Gather | None = None) -> None:
        """`gather` may read the fields of all keys at once; None from it means that it cannot."""
        self.curves = curves
        self._gather = gather
        self.points = [curve.keyframe_points for curve in curves]
        self.counts = array("Q", map(len, self.points))
        """Keys of each curve."""
        self.arrays: dict[str, array] = {}
        self.make_room(self.counts)

    def make_room(self, counts: array) -> None:
        """Drops what was read, and gives each curve as many elements."""
        self.first = array("Q", accumulate(counts, initial=0))
        self.arrays.clear()

    def read(self, names: Iterable[str]) -> None:
        """Reads fields of all curves."""
        full = self.first[-1] == sum(self.counts)
        names = list(names)
        gathered = self._gather(self.first, names) if self._gather and full and names else None
        if gathered is not None:
            self.arrays.update(gathered)
            return
        for name in names:
            prop, code, width = PROPERTIES[name]
            values = array(code, bytes(array(code).itemsize * width * self.first[-1]))
            self.arrays[name] = values
            view = _view(name, values)
            ends = self.first[1:] if full else map(int.__add__, self.first, self.counts)
            for points, start, end in zip(self.points, self.first, ends, strict=False):
                points.foreach_get(prop, view[start * width : end * width])

    def blank(self, names: Iterable[str]) -> None:
        """Makes fields of zeroes instead of reading them; handles are put on their keys."""
        for name in names:
            _, code, width = PROPERTIES[name]
            if name in ("handle_left", "handle_right"):
                self.arrays[name] = array("f", self.arrays["point"])
            else:
                size = array(code).itemsize * width * self.first[-1]
                self.arrays[name] = array(code, bytes(size))

    def has_only(self, name: str, values: bytes) -> bool:
        """Whether a field of bytes holds nothing but these."""
        return not self.arrays[name].tobytes().translate(None, values)

    def select_marked(self, name: str) -> None:
        """Selects the keys of which a field of bytes is not zero, all parts of them."""
        marks = self.arrays[name].tobytes()
        at = marks.find(1)
        for c, points in enumerate(self.points):
            start, end = self.first[c], self.first[c + 1]
            while start <= at < end:
                key = points[at - start]
                key.select_control_point = True
                key.select_left_handle = True
                key.select_right_handle = True
                at = marks.find(1, at + 1)

    def write(self, names: Iterable[str], which: Iterable[int] | None = None) -> None:
        """Writes fields of all curves, or of some, to Blender."""
        chosen = range(len(self.curves)) if which is None else which
        for name in names:
            prop, _, width = PROPERTIES[name]
            view = _view(name, self.arrays[name])
            for c in chosen:
                start = self.first[c]
                end = start + self.counts[c]
                self.points[c].foreach_set(prop, view[start * width : end * width])

    def grow(self) -> list[int]:
        """Adds keys in Blender until each curve has `counts`; the curves that got some.

        The new keys are at the end and hold nothing: write all fields of these curves.
        """
        grown = []
        for c, (points, count) in enumerate(zip(self.points, self.counts, strict=True)):
            missing = count - len(points)
            if missing > 0:
                points.add(missing)
                grown.append(c)
        return grown
