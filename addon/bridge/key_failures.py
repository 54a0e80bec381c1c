# SPDX-License-Identifier: GPL-3.0-or-later
"""Why keys could not be inserted, in Blender's words.

Blender's own operators tell the window, once for each property or bone of which nothing was keyed;
insertion from Python prints a warning for each call. Here the printed counts are added up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

UNKNOWN, NO_CURVE, LOCKED, NOT_NEEDED, NLA = range(5)
"""Reasons, in the order in which Blender lists them."""

_TEXTS = (
    "There were {} keying failures for unknown reasons.",
    "Could not create {} F-Curve(s). This can happen when only inserting to available F-Curves.",
    "{} F-Curve(s) are not keyframeable. They might be locked or sampled.",
    "Due to the setting 'Only Insert Needed', {} keyframe(s) have not been inserted.",
    "Due to the NLA stack setup, {} keyframe(s) have not been inserted.",
)
_PATTERNS = [re.compile(re.escape(text).replace(r"\{\}", r"(\d+)")) for text in _TEXTS]

_waiting: list[str] = []


class Failures:
    """The keys of one property or bone that could not be inserted."""

    def __init__(self) -> None:
        self.inserted = False
        """Whether any key was: then Blender says nothing of the others."""
        self._counts = [0] * len(_TEXTS)

    def add(self, reason: int, count: int = 1) -> None:
        """Counts keys that were not inserted."""
        self._counts[reason] += count

    def add_printed(self, text: str) -> None:
        """Counts what insertion from Python has printed."""
        for reason, pattern in enumerate(_PATTERNS):
            self._counts[reason] += sum(map(int, pattern.findall(text)))

    def tell(self) -> None:
        """Has the operator say it at its end."""
        lines = [
            text.format(count) for text, count in zip(_TEXTS, self._counts, strict=True) if count
        ]
        if self.inserted or not lines:
            return
        if len(lines) > 1:
            lines = ["Inserting keyframes failed:", *(f"- {line}" for line in lines)]
        _waiting.append("\n".join(lines))


@contextmanager
def told(operator) -> Iterator[None]:
    """Around all keys of an operator: at the end it says which of them failed.

    Blender's own operators say this to the window, so that scripts get no exception.
    """
    _waiting.clear()
    try:
        yield
    finally:
        for text in _waiting:
            if operator.options.is_invoke:
                operator.report({"ERROR"}, text)
            else:
                print(f"Error: {text}")
        _waiting.clear()
