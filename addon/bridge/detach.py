# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes animation off its owners while bones are renamed, and puts it back with new paths.

For each rename Blender walks all F-curves of all assigned actions of the file, so that many
renames take time with the square of a rig's size. Unassigned actions are not walked; their paths
are rewritten here, once.
"""

from __future__ import annotations

import contextlib
import re
from array import array
from dataclasses import dataclass, field

import bpy

from .bones import FLAGS_ON_POSE_BONES

CHANNELS = {
    "location": 3,
    "rotation_quaternion": 4,
    "rotation_euler": 3,
    "rotation_axis_angle": 4,
    "scale": 3,
}
"""What nearly all curves animate: numbers of every pose bone, read and written at once."""

PREFIXES = {"OBJECT": 'pose.bones["', "ARMATURE": 'bones["'}
"""What begins the path of a bone's property, by the kind of the owner."""
_QUOTED = re.compile(r'(?:[^"\\]|\\.)*', re.S)


def split_path(path: str, prefix: str) -> tuple[str, str] | None:
    """The escaped name that follows a prefix, and the rest of the path from its quote on."""
    if not path.startswith(prefix):
        return None
    start = len(prefix)
    end = path.find('"', start)
    if "\\" in path[start:end]:
        end = _QUOTED.match(path, start).end()
    return (path[start:end], path[end:]) if path.startswith('"]', end) else None


def escaped(names: dict[str, str]) -> dict[str, str]:
    """Old and new names as they stand in paths."""
    escape = bpy.utils.escape_identifier
    return {escape(old): escape(new) for old, new in names.items()}


def resolves(owner, path: str) -> bool:
    """Whether a path leads to a property."""
    try:
        owner.path_resolve(path, False)
    except ValueError:
        return False
    return True


def _strips(strips):
    for strip in strips:
        yield strip
        yield from _strips(strip.strips)


def _holders(owner):
    """The places of an owner that hold an action with a slot and can be changed."""
    data = owner.animation_data
    if data is None or data.use_tweak_mode:
        return  # in tweak mode the action cannot be taken off; Blender updates it itself
    if not owner.is_editable or owner.override_library is not None:
        return
    candidates = [data, *(s for track in data.nla_tracks for s in _strips(track.strips))]
    for holder in candidates:
        action = holder.action
        if action is None or holder.action_slot is None:
            continue
        if action.library is None and action.override_library is None and action.layers:
            yield holder


def curve_count() -> int:
    """F-curves that each rename would walk."""
    actions = [a for a in bpy.data.actions if a.users > a.use_fake_user]
    return sum(len(bag.fcurves) for action in actions for bag in _all_channelbags(action))


def _all_channelbags(action) -> list:
    return [bag for layer in action.layers for strip in layer.strips for bag in strip.channelbags]


@dataclass
class _Change:
    """One path that has to change, and the curves that have it."""

    owner: object
    old: str
    """Escaped name of the bone."""
    path: str
    """The new path."""
    known: bool
    """Whether every bone has the property that it leads to."""
    numbers: list[int] = field(default_factory=list)


class _Bag:
    """The curves of one slot, and what has to change in them."""

    def __init__(self, bag) -> None:
        self.bag = bag
        self.owners: list = []
        self.changes: dict[str, _Change | None] = {}
        """By the old path; None for paths that stay."""
        self.renamed = False
        self._groups: list[tuple] = []

    def armatures(self, maps: dict) -> int:
        """How many armatures with renamed bones use these curves."""
        return len({_armature(owner) for owner in self.owners if maps.get(_armature(owner))})

    def plan(self, maps: dict) -> bool:
        """Finds the curves of bones that get new names; whether there are any."""
        concerned = [
            (owner, PREFIXES[owner.id_type], names)
            for owner in self.owners
            if (names := maps.get(_armature(owner)))
        ]
        if not concerned:
            return False
        changes = self.changes
        for number, path in enumerate([curve.data_path for curve in self.bag.fcurves]):
            if path not in changes:
                changes[path] = _change(path, concerned)
            change = changes[path]
            if change is not None:
                change.numbers.append(number)
        return any(changes.values())

    def rename(self, maps: dict) -> None:
        """Writes the new paths, and the names of the groups that are named after bones."""
        curves = self.bag.fcurves.values()
        groups: dict[str, tuple] = {}
        self.renamed = True
        self._groups = [(group, group.name) for group in self.bag.groups]
        for change in self.changes.values():
            if change is None or not (change.known or resolves(change.owner, change.path)):
                continue
            for number in change.numbers:
                curves[number].data_path = change.path
            if change.old not in groups:
                group = curves[change.numbers[0]].group
                if group is not None and group.name == bpy.utils.unescape_identifier(change.old):
                    new = maps[_armature(change.owner)][change.old]
                    groups[change.old] = (group, bpy.utils.unescape_identifier(new))
        _name_groups(groups.values())

    def undo(self) -> None:
        """Writes the old paths and names of groups."""
        if not self.renamed:
            return
        curves = self.bag.fcurves.values()
        for path, change in self.changes.items():
            for number in change.numbers if change is not None else ():
                curves[number].data_path = path
        _name_groups([pair for pair in self._groups if pair[0].name != pair[1]])


def _name_groups(pairs) -> None:
    """Gives groups new names; two that exchange theirs must not meet on the way."""
    for number, (group, _) in enumerate(pairs):
        group.name = f"\x01{number}"
    for group, new in pairs:
        group.name = new


def _armature(owner):
    return owner if owner.id_type == "ARMATURE" else owner.data


def _change(path: str, concerned: list[tuple]) -> _Change | None:
    for owner, prefix, names in concerned:
        parts = split_path(path, prefix)
        new = names.get(parts[0]) if parts is not None else None
        if new is not None:
            known = owner.id_type == "OBJECT" and parts[1][3:] in CHANNELS
            return _Change(owner, parts[0], f"{prefix}{new}{parts[1]}", known)
    return None


class Detached:
    """All actions of objects and armatures, off from `detach` to `attach`."""

    def __init__(self, renamed: dict, keep_all: bool) -> None:
        """`renamed` has {old name: new name} by armature. Values that are not keyed are kept on
        owners whose curves stay as they are, with `keep_all` on the others too."""
        self._maps = {armature: escaped(names) for armature, names in renamed.items()}
        self._uses: list[tuple] = []
        self._taken: list[tuple] = []
        bags: dict[tuple, _Bag] = {}
        for owner in (*bpy.data.objects, *bpy.data.armatures):
            for holder in _holders(owner):
                action, slot = holder.action, holder.action_slot
                self._uses.append((holder, action, slot))
                for number, bag in enumerate(_channelbags(action, slot)):
                    key = (action, slot.handle, number)
                    found = bags.setdefault(key, None) or _Bag(bag)
                    bags[key] = found
                    if owner not in found.owners:
                        found.owners.append(owner)
        if FLAGS_ON_POSE_BONES:
            # Which of several armatures a shared path follows is best left to Blender.
            shared = {key[:2] for key, bag in bags.items() if bag.armatures(self._maps) > 1}
            self._uses = [use for use in self._uses if (use[1], use[2].handle) not in shared]
            bags = {key: bag for key, bag in bags.items() if key[:2] not in shared}
        self._bags = list(bags.values())
        kept = {owner for bag in self._bags for owner in bag.owners}
        for bag in self._bags:
            if bag.plan(self._maps) and not keep_all:
                kept.difference_update(bag.owners)
        self._values = _Values(self._bags, kept)

    def detach(self) -> None:
        """Takes every action off."""
        for use in self._uses:
            self._taken.append(use)
            use[0].action = None

    def attach(self) -> None:
        """Puts every action and slot back."""
        while self._taken:
            holder, action, slot = self._taken.pop()
            holder.action = action
            holder.action_slot = slot

    def rename(self) -> None:
        """Rewrites paths and group names."""
        for bag in self._bags:
            if bag.changes:
                bag.rename(self._maps)

    def undo(self) -> None:
        """Takes `rename` back, as far as it came."""
        for bag in self._bags:
            bag.undo()

    def keep_values(self, context) -> None:
        """Writes values back that assigning an action put under its curves again."""
        if self._values.any():
            context.view_layer.update()
            self._values.restore()


def _channelbags(action, slot):
    for layer in action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(slot)
            if bag is not None:
                yield bag


class _Values:
    """The present values of what curves animate, to find and undo what evaluation changes."""

    def __init__(self, bags: list[_Bag], owners: set) -> None:
        self._channels: list[tuple] = []
        self._others: list[tuple] = []
        for owner in owners:
            if getattr(owner, "pose", None) is not None:
                for name, size in CHANNELS.items():
                    self._channels.append((owner, name, _read(owner.pose.bones, name, size)))
        for bag in bags:
            if owners.isdisjoint(bag.owners):
                continue
            seen = set()
            for curve in bag.bag.fcurves:
                path = curve.data_path
                parts = split_path(path, PREFIXES["OBJECT"])
                if path in seen or (parts is not None and parts[1][3:] in CHANNELS):
                    continue
                seen.add(path)
                for owner in owners.intersection(bag.owners):
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
            bones = owner.pose.bones
            if _read(bones, name, CHANNELS[name]) != values:
                bones.foreach_set(name, values)
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


def _read(bones, name: str, size: int) -> array:
    values = array("f", bytes(4 * size * len(bones)))
    bones.foreach_get(name, values)
    return values


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
