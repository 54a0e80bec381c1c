# SPDX-License-Identifier: GPL-3.0-or-later
"""New keys as the preferences want them.

Blender's insertion from Python always makes Bezier keys with Auto Clamped handles, while its own
operators follow the preferences for new keys. Where these differ, the keys that were added are
taken back in memory and inserted once more by the native library.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager

from ..bridge import curves, keys
from ..native import keys as native
from .key_tables import curve_flags, key_view

_KINDS = {"LINEAR": native.INTEGER, "CONSTANT": native.DISCRETE}
"""Of which kind of property a curve is whose first keys Blender inserts with an interpolation."""


class _Before:
    """The keys of one channelbag before insertion."""

    def __init__(self, obj, bag) -> None:
        self.object = obj
        found = curves.CurveList(bag) if bag is not None else None
        self.rows: dict[tuple[str, int], int] = {}
        if found is not None:
            pairs = zip(found.paths, found.components, strict=True)
            self.rows = {pair: row for row, pair in enumerate(pairs)}
        self.table = keys.KeyTable(found.curves if found is not None else [])
        # Insertion may move curves in memory, so nothing but the arrays is kept.
        self.table.read(keys.ALL)
        self.table.curves = self.table.points = []

    def added(self, bag) -> list[tuple]:
        """Curves that have one key more now, each with its old row, or None for a new curve."""
        now = curves.CurveList(bag)
        result = []
        for curve, path, component in zip(now.curves, now.paths, now.components, strict=True):
            row = self.rows.get((path, component))
            count = self.table.counts[row] if row is not None else 0
            if len(curve.keyframe_points) == count + 1:
                result.append((curve, row))
        return result

    def new_key(self, curve, row: int | None) -> int:
        """The place of the key that was added."""
        points = array("f", bytes(8 * len(curve.keyframe_points)))
        curve.keyframe_points.foreach_get("co", points)
        start = 2 * self.table.first[row] if row is not None else 0
        old = self.table.arrays["point"]
        for k in range(len(points) // 2 - 1):
            if points[2 * k] != old[start + 2 * k]:
                return k
        return len(points) // 2 - 1


def _style(context) -> tuple[str, str]:
    edit = context.preferences.edit
    return edit.keyframe_new_interpolation_type, edit.keyframe_new_handle_type


def is_plain(context) -> bool:
    """Whether the preferences want new keys as insertion from Python makes them."""
    return _style(context) == ("BEZIER", "AUTO_CLAMPED")


@contextmanager
def preferred(context, objects: list) -> Iterator[None]:
    """Keys that are inserted inside become as the preferences want new keys."""
    if is_plain(context):
        yield
        return
    before: dict[int, _Before] = {}
    for position, obj in enumerate(objects):
        bag = curves.channelbag(obj)
        # Objects that share curves are counted once; one without any gets them only now.
        before.setdefault(bag.as_pointer() if bag is not None else -position, _Before(obj, bag))
    yield
    for old in before.values():
        bag = curves.channelbag(old.object)
        added = old.added(bag) if bag is not None else []
        if added:
            _insert_again(old, added, _style(context), context.scene.tool_settings.keyframe_type)


def _insert_again(old: _Before, added: list, style: tuple[str, str], key_type: str) -> None:
    points = array("f")
    flags = array("B")
    places = []
    for curve, row in added:
        places.append(old.new_key(curve, row))
        new = curve.keyframe_points[places[-1]]
        points.extend(new.co)
        flags.append(curve_flags(curve, old.object, 0, False))
        if len(curve.keyframe_points) <= 2:
            # Blender hides what it knows of a curve's values, but its Bezier keys tell.
            flags[-1] |= _KINDS.get(new.interpolation, 0)
    table = keys.KeyTable([curve for curve, _ in added])
    _take_back(table, old.table, [row for _, row in added], places)
    native.insert(key_view(table, flags), points[0::2], points[1::2], *style, key_type)
    # What is selected is right already: the keys are the same, in the same order.
    table.write(name for name in keys.ALL if name not in keys.SELECTION)


def _take_back(table: keys.KeyTable, old: keys.KeyTable, rows: list, places: list[int]) -> None:
    """Fills a table with the keys as they were before each curve got one, and room for that one.

    Aligned handles turn with the selected one, so the selection is that of now: others may have
    been deselected just before the insertion.
    """
    table.read(keys.SELECTION)
    for name in keys.ALL:
        _, code, width = keys.PROPERTIES[name]
        blank = array(code, bytes(array(code).itemsize * width))
        values = array(code)
        for c, row in enumerate(rows):
            if name in keys.SELECTION:
                start, end = table.first[c], table.first[c + 1]
                now = table.arrays[name][start:end]
                del now[places[c]]
                values.extend(now)
            elif row is not None:
                first = old.first[row] * width
                values.extend(old.arrays[name][first : first + old.counts[row] * width])
            values.extend(blank)
        table.arrays[name] = values
    table.counts = array("Q", (count - 1 for count in table.counts))
