# SPDX-License-Identifier: GPL-3.0-or-later
"""The curves of a channelbag with their bones and values, by either reader."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ..bridge.curves import CurveList, KeysInPlace, evaluate
from ..native import slide
from ..native.names import Packed
from ..native.records import (
    BY_FRAME,
    DAMAGED,
    LONG_PATH,
    MODIFIED,
    SAMPLED,
    UNCHECKED,
    Layout,
    Records,
    Sampled,
)
from ..native.slide import NO_BONE, PROPERTIES, RULES_5_2, CurveIndex

T = TypeVar("T")
Names = Sequence[str] | Packed
"""Names of bones, in their order."""

_RESTS = {number: f"].{name}" for number, name in enumerate(PROPERTIES) if name}
"""What stands behind a bone's name and quote in a path, by the property's number."""


class Curves(CurveList):
    """Read by the public API."""

    def __init__(self, bag, count: int | None = None) -> None:
        super().__init__(bag, count)
        self._picked: tuple[array | None, list] = (None, [])

    def index(self, names: Names, rules: int) -> tuple[CurveIndex, array | None]:
        """What each curve animates, and all components ('I') if they were found on the way."""
        return slide.curve_index(self.paths, names, rules), None

    def of_bones(self, names: Sequence[str], make: Callable[[int, str], T]) -> list[T | None]:
        """What `make` gives for each curve, from the bone's place and what stands in its path
        behind the name and its quote; None where the path does not begin with one of the bones.

        Curves of one property share the answer.
        """
        index, _ = self.index(names, RULES_5_2)
        keys = [bone << 8 | prop for bone, prop in zip(index.bone, index.property, strict=True)]
        made: dict[int, T | None] = {}
        several = set()
        for key in set(keys):
            bone, prop = divmod(key, 256)
            if bone == NO_BONE:
                made[key] = None
            elif prop in _RESTS:
                made[key] = make(bone, _RESTS[prop])
            else:
                several.add(key)
        if not several:
            return list(map(made.__getitem__, keys))
        paths: dict[str, T | None] = {}
        found = list(map(made.get, keys))
        for place, key in enumerate(keys):
            if key in several:
                path = self.path(place)
                if path not in paths:
                    raw = path.encode("utf-8", "surrogateescape")[index.rest[place] :]
                    paths[path] = make(key >> 8, "]" + raw.decode("utf-8", "surrogateescape"))
                found[place] = paths[path]
        return found

    def evaluate(self, which: array, frames: Sequence[float]) -> list[array]:
        """Values of some curves at frames of the action, an array a frame."""
        if self._picked[0] is not which:
            self._picked = (which, self.pick(which))
        return [evaluate(self._picked[1], frame) for frame in frames]

    def sample(
        self,
        names: Names,
        rules: int,
        mask: array,
        modes: array,
        channels: int,
        frames: Sequence[float],
    ) -> Sampled | None:
        """What each curve animates, which of them a slide moves, and their values at frames.

        None: these are to be asked for one after the other.
        """
        return None

    def gather(self, which: array, first: array, names: Sequence[str]) -> dict[str, array] | None:
        """Fields of the keys of some curves, of which each begins at element first[c].

        None: they are to be read curve by curve.
        """
        return None

    def empty(self) -> list[int]:
        """The places of the curves that animate nothing: they hold neither keys nor anything."""
        return [i for i, curve in enumerate(self.bag.fcurves) if curve.is_empty]


class DirectCurves(Curves):
    """Read where they lie. Every method asks anew where that is, and keeps no address."""

    def __init__(self, bag, layout: Layout, count: int | None = None) -> None:
        super().__init__(bag, count)
        self._layout = layout

    def _records(self) -> Records | None:
        """The records of the curves; None if they are not those of before."""
        records = Records.of(self.bag.as_pointer(), self._layout)
        return records if records.count == len(self) else None

    def index(self, names: Names, rules: int) -> tuple[CurveIndex, array | None]:
        """As the public reader, without a look at the paths from Python."""
        records = self._records()
        if records is None:
            return super().index(names, rules)
        index, component, state = records.index(names, rules)
        if any(value & (DAMAGED | LONG_PATH) for value in set(state.tobytes())):
            return super().index(names, rules)
        self.__dict__["components"] = array("i", component.tobytes())
        return index, component

    def evaluate(self, which: array, frames: Sequence[float]) -> list[array]:
        """As the public reader, which evaluates curves that are more than their keys."""
        records = self._records()
        if records is None:
            return super().evaluate(which, frames)
        count = len(which)
        values, state = records.evaluate(which, array("f", frames), BY_FRAME | UNCHECKED)
        rows = [values[j * count : (j + 1) * count] for j in range(len(frames))]
        if state.tobytes().strip(b"\0"):
            self._evaluate_rest((k for k, value in enumerate(state) if value), which, rows, frames)
        return rows

    def _evaluate_rest(
        self, places: Iterable[int], which: array, rows: list[array], frames: Sequence[float]
    ) -> None:
        """Fills in the values of curves that are more than their keys."""
        curves = self.bag.fcurves
        for k in places:
            curve = curves[which[k]]
            for row, frame in zip(rows, frames, strict=True):
                row[k] = curve.evaluate(frame)

    def sample(
        self,
        names: Names,
        rules: int,
        mask: array,
        modes: array,
        channels: int,
        frames: Sequence[float],
    ) -> Sampled | None:
        """All in one look at the curves; None where that is not to be trusted."""
        records = self._records()
        if records is None:
            return None
        found = records.sample(names, rules, mask, modes, channels, array("f", frames))
        if len(found.chosen.custom):
            self.__dict__["components"] = array("i", found.component.tobytes())
        if found.state.tobytes().strip(b"\0"):
            if any(value & (DAMAGED | LONG_PATH) for value in set(found.state)):
                return None
            which, state = found.chosen.curves, found.state
            rest = (k for k, place in enumerate(which) if state[place])
            self._evaluate_rest(rest, which, found.rows, frames)
        return found

    def empty(self) -> list[int]:
        """As the public reader, which looks at the curves without keys alone."""
        records = self._records()
        if records is None:
            return super().empty()
        counts, _, state = records.key_counts(None)
        # Four bytes of zero are a count of 0, or parts of neighbours that are rarely so.
        if b"\0\0\0\0" not in counts.tobytes() or 0 not in counts:
            return []
        rest = [i for i, count in enumerate(counts) if not count or state[i]]
        curves = self.bag.fcurves
        return [i for i in rest if curves[i].is_empty]

    def in_place(self, which: Sequence[int]) -> KeysInPlace | None:
        """As said there."""
        records = self._records()
        if records is None:
            return None
        pointers, counts, fields, state = records.keys(array("I", which))
        states = state.tobytes()
        more = [i for i, count in enumerate(counts) if not count or states[i]]
        curves = self.bag.fcurves
        for i in more:
            if states[i] & ~(MODIFIED | SAMPLED):
                return None
            # The library gives no keys of a curve that is more, but Blender tells where they are.
            points = curves[which[i]].keyframe_points
            counts[i] = len(points)
            pointers[i] = points[0].as_pointer() if len(points) else 0
        layout = self._layout.key
        return KeysInPlace(layout, pointers, counts, fields["extrapolation"], more)

    def gather(self, which: array, first: array, names: Sequence[str]) -> dict[str, array] | None:
        """As said above; None where a curve is more than its keys."""
        records = self._records()
        if records is None:
            return None
        counts, _, state = records.key_counts(which)
        if state.tobytes().strip(b"\0") or sum(counts) != first[-1]:
            return None
        return records.gather(which, first, names)[0]
