# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys straight into the curves that an object has.

`keyframe_insert` looks for the curve by its path each time; over many bones that search takes
almost all of the time. What it does beyond inserting into a curve that is there is left to it.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import compress

import bpy

from .curves import CurveList, channelbag
from .kept_pose import KeptPose
from .key_failures import LOCKED, NLA, NO_CURVE, NOT_NEEDED, UNKNOWN, Failures
from .keying_sets import has_key_on

_OPTIONS = {
    "INSERTKEY_NEEDED": "NEEDED",
    "INSERTKEY_REPLACE": "REPLACE",
    "INSERTKEY_AVAILABLE": None,
}
FEWEST = 800
"""Channels from which on it pays to keep the pose over Blender's update."""
_CURVES_PER_SEARCH = 40
"""So many curves can be listed in the time of one `keyframe_insert`."""


_changed: set = set()
"""Actions that got keys, unlike those of `keyframe_insert`, in a way that Blender applies them."""


@contextmanager
def unchanged_pose(context) -> Iterator[None]:
    """Around all keys of an operator: the actions that they are in do not change the pose.

    The update that this takes comes last, for it brings drivers and constraints up to date whose
    values are to be keyed as they are.
    """
    try:
        yield
    finally:
        settle(context)


def settle(context) -> None:
    """Has Blender apply the changed actions now, and puts the pose back."""
    if _changed:
        kept = KeptPose(_changed, {})
        _changed.clear()
        kept.restore(context)


class KnownCurves:
    """The curves of an object that take keys without further ado; for use in `unchanged_pose`."""

    def __init__(self, obj, bag, settings) -> None:
        self._object = obj
        self._frame = settings.frame
        self._key_type = settings.key_type
        self._options = {_OPTIONS[name] for name in settings.options} - {None}
        self._one_by_one = settings.one_by_one
        self._only_existing = "INSERTKEY_AVAILABLE" in settings.options
        found = CurveList(bag)
        self._locked = _locked(bag, found.curves)
        self._curves: dict[str, dict[int, object]] = {}
        for curve, path, component in zip(found.curves, found.paths, found.components, strict=True):
            self._curves.setdefault(path, {})[component] = curve
        self._last: tuple[str, object] = ("", None)

    @classmethod
    def of(cls, obj, count: int, settings) -> KnownCurves | None:
        """The curves of an object for as many channels; None if `keyframe_insert` is better."""
        if obj is None or count < FEWEST or not settings.options <= _OPTIONS.keys():
            return None
        bag = channelbag(obj)
        # Above NLA tracks Blender keys what remains when their result is taken off.
        if bag is None or len(obj.animation_data.nla_tracks):
            return None
        if count * _CURVES_PER_SEARCH < len(bag.fcurves):
            return None
        return cls(obj, bag, settings)

    def insert(self, channel, failures: Failures) -> bool:
        """Keys a channel; False, and nothing is done, if that is for `keyframe_insert` to do."""
        path = channel.path
        if channel.owner != self._object:
            name = bpy.utils.escape_identifier(channel.owner.name)
            dot = "" if path.startswith("[") else "."
            path = f'pose.bones["{name}"]{dot}{path}'
        present = self._curves.get(path)
        if present is None:
            return False
        values = self._values(path, channel)
        if values is None:
            return False
        wanted = range(len(values)) if channel.index < 0 else (channel.index,)
        chosen = [(present.get(i), i) for i in wanted]
        if wanted[-1] >= len(values) or not self._takes_keys(chosen):
            return False
        _changed.add(self._object.animation_data.action)
        for curve, i in chosen:
            self._insert(curve, values[i], failures)
        if self._one_by_one:
            # Blender's keying sets count the components beside each single one by mistake.
            failures.add(NLA, len(chosen) * (len(values) - 1))
        return True

    def _insert(self, curve, value: float, failures: Failures) -> None:
        if curve is None:
            failures.add(NO_CURVE)
        elif curve.as_pointer() in self._locked:
            failures.add(LOCKED)
        else:
            key = curve.keyframe_points.insert(
                self._frame, value, options=self._options, keyframe_type=self._key_type
            )
            if key is not None:
                failures.inserted = True
            else:
                failures.add(self._reason(curve, value))

    def _reason(self, curve, value: float) -> int:
        """Why the options kept a key from being inserted."""
        if "NEEDED" not in self._options or not len(curve.keyframe_points):
            return UNKNOWN
        if "REPLACE" not in self._options or has_key_on(curve, self._frame):
            return NOT_NEEDED
        # Both may be the reason: Blender first asks whether the curve has the value already.
        near = max(2.0**-23, 2.0**34 * math.ulp(value))
        return NOT_NEEDED if abs(curve.evaluate(self._frame) - value) <= near else UNKNOWN

    def _values(self, path: str, channel):
        """The numbers of a property, or None if it holds anything else."""
        if self._last[0] == path:
            return self._last[1]
        try:
            value = channel.owner.path_resolve(channel.path)
        except ValueError:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            values = (value,)
        elif any(hasattr(value, name) for name in ("to_tuple", "order", "angle")) or (
            isinstance(value, bpy.types.bpy_prop_array) and isinstance(value[0], float)
        ):
            values = tuple(value)
        else:
            values = None
        self._last = (path, values)
        return values

    def _takes_keys(self, chosen: list) -> bool:
        """Whether all curves are there, or need not be, and hold nothing but keys."""
        for curve, _ in chosen:
            if curve is None:
                if not self._only_existing:
                    return False
            elif len(curve.modifiers) or len(curve.sampled_points):
                return False
        return True


def _locked(bag, curves: list) -> set[int]:
    """Addresses of the curves that are locked, by themselves or by their group."""
    locks = array("b", bytes(len(curves)))
    bag.fcurves.foreach_get("lock", locks)
    locked = {curve.as_pointer() for curve in compress(curves, locks)}
    for group in bag.groups:
        if group.lock:
            locked.update(curve.as_pointer() for curve in group.channels)
    return locked
