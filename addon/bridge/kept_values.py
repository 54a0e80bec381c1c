# SPDX-License-Identifier: GPL-3.0-or-later
"""What is posed by hand over animation, kept while that is applied again."""

from __future__ import annotations

import contextlib
import re

import bpy

from . import pose
from .bone_paths import PREFIXES, split_path

CHANNELS = tuple(name for name in pose.TRANSFORM if name != "rotation_mode")
"""What nearly all curves animate: numbers of every pose bone, read and written at once."""

CHANNEL_ENDS = frozenset(f"].{name}" for name in CHANNELS)
"""How the paths of those channels end."""


class KeptValues:
    """The present values of what curves animate, to find and undo what evaluation changes."""

    def __init__(self, bags: list, owners: set) -> None:
        """Of the `bag.curves` of each of `bags`, as far as its `owners` are among those here."""
        self._channels: list[tuple] = []
        self._others: list[tuple] = []
        for owner in owners:
            if getattr(owner, "pose", None) is not None:
                for name in CHANNELS:
                    self._channels.append((owner, name, pose.read(owner, name)))
        for bag in bags:
            shared = owners.intersection(bag.owners)
            if shared:
                self._keep_others(bag.curves, shared)

    def _keep_others(self, curves, owners: set) -> None:
        """What else the curves animate, as far as it is there."""
        seen = set()
        for place, path in enumerate(curves.paths):
            parts = split_path(path, PREFIXES["OBJECT"])
            if path in seen or (parts is not None and parts[1] in CHANNEL_ENDS):
                continue
            seen.add(path)
            curve = curves.bag.fcurves[place]
            for owner in owners:
                with contextlib.suppress(ValueError):
                    value = _plain(owner.path_resolve(path))
                    self._others.append((owner, curve, value))

    def any(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self._channels or self._others)

    def restore(self) -> None:
        """Writes back what differs now; curves know their new paths."""
        changed = set()
        for owner, name, values in self._channels:
            if pose.read(owner, name) != values:
                owner.pose.bones.foreach_set(name, values)
                changed.add(owner)
        for owner, curve, value in self._others:
            path = curve.data_path
            with contextlib.suppress(ValueError):
                if _plain(owner.path_resolve(path)) != value:
                    _assign(owner, path, value)
                    changed.add(owner)
        for owner in changed:
            # Evaluates the pose anew, but not its animation.
            owner.update_tag(refresh={"DATA"} if owner.id_type == "OBJECT" else set())


def _plain(value):
    """A value that does not change when the property does."""
    return tuple(value) if hasattr(value, "__len__") and not isinstance(value, str) else value


_CUSTOM = re.compile(r'(.*)\["((?:[^"\\]|\\.)*)"\]$', re.S)


def _assign(owner, path: str, value) -> None:
    """Sets the property at a path, a custom property too."""
    custom = _CUSTOM.match(path)
    try:
        if custom:
            holder = owner.path_resolve(custom[1]) if custom[1] else owner
            holder[bpy.utils.unescape_identifier(custom[2])] = value
            return
        holder, _, name = path.rpartition(".")
        setattr(owner.path_resolve(holder) if holder else owner, name, value)
    except (AttributeError, TypeError):
        return  # cannot be set by hand, so it cannot have been
