# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that Blender would overwrite by applying an action, kept while the action is edited.

Adding keys makes the next update apply the action to everything that uses it. What was posed but
not keyed would be lost, so it is read before and written after one update.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import bpy

from . import pose

_CHANNELS = pose.TRANSFORM | pose.BBONE


_CUSTOM = re.compile(r'\["((?:[^"\\]|\\.)*)"\]$')


def _owner(data_block, path: str) -> tuple:
    """What holds the property of a path, and its name; a custom property's in a list."""
    custom = _CUSTOM.search(path)
    if custom:
        prefix, name = path[: custom.start()], [bpy.utils.unescape_identifier(custom[1])]
    else:
        prefix, _, name = path.rpartition(".")
    return data_block.path_resolve(prefix) if prefix else data_block, name


def _copy(value):
    """A property's value that does not change with it."""
    if hasattr(value, "to_list"):
        return value.to_list()
    return value[:] if hasattr(value, "__len__") and not isinstance(value, str) else value


def _get(owner, name):
    return _copy(owner[name[0]] if isinstance(name, list) else getattr(owner, name))


class _KeptValue:
    """One animated property outside the channels of the pose."""

    def __init__(self, data_block, path: str) -> None:
        self.owner, self.name = _owner(data_block, path)
        self.value = _get(self.owner, self.name)

    def restore(self) -> None:
        if _get(self.owner, self.name) == self.value:
            return
        if isinstance(self.name, list):
            self.owner[self.name[0]] = self.value
        else:
            setattr(self.owner, self.name, self.value)


def _is_channel(path: str) -> bool:
    return path.startswith('pose.bones["') and path.rpartition(".")[2] in _CHANNELS


@dataclass(frozen=True)
class Animated:
    """What the curves of a channelbag animate."""

    others: list[str]
    """Paths that are no channels of the pose."""
    channels: frozenset[str] = frozenset(_CHANNELS)
    """The channels of the pose, of any bone."""

    @classmethod
    def of(cls, bag) -> Animated:
        """The same by the paths of all curves."""
        paths = {curve.data_path for curve in bag.fcurves}
        return cls([path for path in paths if not _is_channel(path)])


class KeptPose:
    """What some actions animate, as it is now.

    `known` may give what a channelbag, by its pointer, animates; for the others that is found.
    """

    def __init__(self, actions: set, known: dict[int, Animated]) -> None:
        self.poses: list[tuple] = []
        self.values: list[_KeptValue] = []
        for action in actions:
            for layer in action.layers:
                for strip in layer.strips:
                    for bag in strip.channelbags:
                        animated = known.get(bag.as_pointer()) or Animated.of(bag)
                        self._keep_users(bag, animated)

    def _keep_users(self, bag, animated: Animated) -> None:
        for user in bag.slot.users():
            if getattr(user, "pose", None) is not None:
                arrays = {name: pose.read(user, name) for name in animated.channels}
                self.poses.append((user, arrays))
            for path in set(animated.others):
                try:
                    self.values.append(_KeptValue(user, path))
                except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                    # A curve may animate what is not there.
                    continue

    def restore(self, context) -> None:
        """Lets Blender apply the animation now, and writes back what that changed."""
        context.view_layer.update()
        for kept in self.values:
            kept.restore()
        for obj, arrays in self.poses:
            for name, values in arrays.items():
                if pose.read(obj, name) != values:
                    obj.pose.bones.foreach_set(name, values)
            pose.tag(obj)
