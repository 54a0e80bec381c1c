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

_CHANNEL_ENDS = {f"].{name}" for name in CHANNELS}

PREFIXES = {"OBJECT": 'pose.bones["', "ARMATURE": 'bones["'}
"""What begins the path of a bone's property, by the kind of the owner."""
_QUOTED = re.compile(r'(?:[^"\\]|\\.)*', re.S)


def split_path(path: str, prefix: str) -> tuple[str, str] | None:
    """The escaped name that follows a prefix, and the rest of the path behind its quote."""
    head, quote, tail = path.partition('"')
    if head + quote != prefix:
        return None
    name, _, rest = tail.partition('"')
    if "\\" in name:
        name = _QUOTED.match(tail)[0]
        rest = tail[len(name) + 1 :]
    return (name, rest) if rest.startswith("]") else None


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


class _Bag:
    """The curves of one slot, which have to follow the names of bones."""

    def __init__(self, bag, action) -> None:
        self.bag, self.action = bag, action
        self.owners: list = []
        self._groups: list[tuple] = []
        self._paths: list[str] = []
        """Old paths of the curves, as far as `rename` came."""
        self._changes: dict[str, tuple | None] = {}

    def armatures(self, maps: dict) -> int:
        """How many armatures with renamed bones use these curves."""
        return len({_armature(owner) for owner in self.owners if maps.get(_armature(owner))})

    def _concerned(self, maps: dict) -> list[tuple]:
        """The owners that have renamed bones, how their paths begin, and the escaped names."""
        return [
            (owner, PREFIXES[owner.id_type], names)
            for owner in self.owners
            if (names := maps.get(_armature(owner)))
        ]

    def rename(self, maps: dict) -> None:
        """Writes the new paths, and the names of the groups that are named after bones.

        Each curve is visited once: to Python every visit is a new object.
        """
        concerned = self._concerned(maps)
        if not concerned:
            return
        self._groups = [(group, group.name) for group in self.bag.groups]
        escape = bpy.utils.escape_identifier
        groups = {escape(name): group for group, name in self._groups}
        renamed: dict[str, tuple] = {}
        changes, note = self._changes, self._paths.append
        for curve in self.bag.fcurves:
            path = curve.data_path
            try:
                change = changes[path]
            except KeyError:
                change = changes[path] = _change(path, concerned)
            note(path)
            if change is None:
                continue
            curve.data_path, old, new = change
            if groups and old not in renamed and curve.group == groups.get(old, 0):
                renamed[old] = (groups[old], bpy.utils.unescape_identifier(new))
        _name_groups(renamed.values())

    def undo(self) -> None:
        """Writes the old paths and names of groups, as far as `rename` came."""
        for curve, path in zip(self.bag.fcurves, self._paths, strict=False):
            if self._changes[path] is not None:
                curve.data_path = path
        _name_groups([pair for pair in self._groups if pair[0].name != pair[1]])


def _name_groups(pairs) -> None:
    """Gives groups new names; two that exchange theirs must not meet on the way."""
    for number, (group, _) in enumerate(pairs):
        group.name = f"\x01{number}"
    for group, new in pairs:
        group.name = new


def _armature(owner):
    return owner if owner.id_type == "ARMATURE" else owner.data


def _change(path: str, concerned: list[tuple]) -> tuple | None:
    """What a path becomes, and the escaped old and new name of the bone; None if it stays: it is
    of no renamed bone, or would lead nowhere."""
    for owner, prefix, names in concerned:
        parts = split_path(path, prefix)
        new = names.get(parts[0]) if parts is not None else None
        if new is not None:
            name, rest = parts
            changed = f'{prefix}{new}"{rest}'
            # Every pose bone has the channels.
            known = rest in _CHANNEL_ENDS and prefix == PREFIXES["OBJECT"]
            return (changed, name, new) if known or resolves(owner, changed) else None
    return None


class Detached:
    """All actions of objects and armatures, off from `detach` to `attach`.

    An action is taken off by exchanging it for an empty one in the whole file, which leaves the
    pose as it is, or by unassigning it: then its animation is applied again afterwards.
    """

    def __init__(self, renamed: dict) -> None:
        """`renamed` has {old name: new name} by armature."""
        self._maps = {armature: escaped(names) for armature, names in renamed.items()}
        self._uses: list[tuple] = []
        self._taken: list[tuple] = []
        self._exchanged: list[tuple] = []
        bags = self._find_bags()
        if FLAGS_ON_POSE_BONES:
            # Which of several armatures a shared path follows is best left to Blender.
            shared = {key[:2] for key, bag in bags.items() if bag.armatures(self._maps) > 1}
            self._uses = [use for use in self._uses if (use[1], use[2].handle) not in shared]
            bags = {key: bag for key, bag in bags.items() if key[:2] not in shared}
        self._bags = list(bags.values())
        self._exchangeable = _of_known_users(self._uses)
        applied = (bag for bag in self._bags if bag.action not in self._exchangeable)
        kept = {owner for bag in applied for owner in bag.owners}
        self._values = _Values(self._bags, kept)

    def _find_bags(self) -> dict[tuple, _Bag]:
        """The curves that are in use, by action, slot and number; the uses are noted."""
        bags: dict[tuple, _Bag] = {}
        for owner in (*bpy.data.objects, *bpy.data.armatures):
            for holder in _holders(owner):
                action, slot = holder.action, holder.action_slot
                self._uses.append((holder, action, slot))
                for number, bag in enumerate(_channelbags(action, slot)):
                    key = (action, slot.handle, number)
                    found = bags.get(key)
                    if found is None:
                        found = bags[key] = _Bag(bag, action)
                    if owner not in found.owners:
                        found.owners.append(owner)
        return bags

    def detach(self) -> None:
        """Takes every action off."""
        for action in self._exchangeable:
            placeholder = bpy.data.actions.new("Limber")
            self._exchanged.append((action, placeholder))
            action.user_remap(placeholder)
        for use in self._uses:
            if use[1] not in self._exchangeable:
                self._taken.append(use)
                use[0].action = None

    def attach(self) -> None:
        """Puts every action and slot back."""
        while self._taken:
            holder, action, slot = self._taken.pop()
            holder.action = action
            holder.action_slot = slot
        while self._exchanged:
            action, placeholder = self._exchanged.pop()
            placeholder.user_remap(action)
            bpy.data.actions.remove(placeholder)

    def rename(self) -> None:
        """Rewrites paths and group names."""
        for bag in self._bags:
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


def _of_known_users(uses: list[tuple]) -> set:
    """The actions whose every user is listed: no constraint, no owner that cannot be changed."""
    counts: dict = {}
    for _, action, _ in uses:
        counts[action] = counts.get(action, 0) + 1
    return {a for a, n in counts.items() if a.users - a.use_fake_user - a.use_extra_user == n}


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
                if path in seen or (parts is not None and parts[1] in _CHANNEL_ENDS):
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
