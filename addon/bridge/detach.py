# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes animation off its owners while bones are renamed, and puts it back with new paths.

For each rename Blender walks all F-curves of all assigned actions of the file, so that many
renames take time with the square of a rig's size. Unassigned actions are not walked; their paths
are rewritten here, once.
"""

from __future__ import annotations

from collections.abc import Callable

import bpy

from .bone_paths import PREFIXES, escaped, resolves, split_path
from .bones import FLAGS_ON_POSE_BONES
from .kept_values import CHANNEL_ENDS, KeptValues


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

    def __init__(self, curves, action) -> None:
        self.curves, self.action = curves, action
        self.owners: list = []
        self._groups: list[tuple] = []
        self._changes: list[_Change | None] = []

    def armatures(self, renamed: dict) -> set:
        """The armatures with renamed bones that use these curves."""
        return {_armature(owner) for owner in self.owners if renamed.get(_armature(owner))}

    def rename(self, renamed: dict) -> None:
        """Writes the new paths, and the names of the groups that are named after bones.

        Each curve is visited once: to Python every visit is a new object.
        """
        armatures = self.armatures(renamed)
        if not armatures:
            return
        self._groups = [(group, group.name) for group in self.curves.bag.groups]
        owners = [owner for owner in self.owners if _armature(owner) in armatures]
        if len(armatures) == 1 and owners[0].id_type == "OBJECT":
            self._changes = _changes_of_pose(self.curves, owners[0], renamed[armatures.pop()])
        else:
            self._changes = _changes(self.curves.paths, owners, renamed)
        groups = {name: group for group, name in self._groups}
        followed: dict[str, tuple] = {}
        for curve, change in zip(self.curves.bag.fcurves, self._changes, strict=True):
            if change is None:
                continue
            _, curve.data_path, old, new = change
            if groups and old not in followed and curve.group == groups.get(old, 0):
                followed[old] = (groups[old], new)
        _name_groups(followed.values())

    def undo(self) -> None:
        """Writes the old paths and names of groups, wherever `rename` came to."""
        for curve, change in zip(self.curves.bag.fcurves, self._changes, strict=False):
            if change is not None:
                curve.data_path = change[0]
        _name_groups([pair for pair in self._groups if pair[0].name != pair[1]])


def _name_groups(pairs) -> None:
    """Gives groups new names; two that exchange theirs must not meet on the way."""
    for number, (group, _) in enumerate(pairs):
        group.name = f"\x01{number}"
    for group, new in pairs:
        group.name = new


def _armature(owner):
    return owner if owner.id_type == "ARMATURE" else owner.data


_Change = tuple[str, str, str, str]
"""Path before and after, and the bone's name before and after."""


def _changes_of_pose(curves, owner, names: dict[str, str]) -> list[_Change | None]:
    """What becomes of each curve when bones of one armature are renamed; None where it stays: it
    is of no renamed bone, or would lead nowhere."""
    old, new = list(names), list(names.values())
    in_paths, prefix = escaped(names), PREFIXES["OBJECT"]
    before = [f'{prefix}{name}"' for name in in_paths]
    after = [f'{prefix}{name}"' for name in in_paths.values()]

    def change(bone: int, rest: str) -> _Change | None:
        changed = after[bone] + rest
        # Every pose bone has the channels.
        if rest not in CHANNEL_ENDS and not resolves(owner, changed):
            return None
        return before[bone] + rest, changed, old[bone], new[bone]

    return curves.of_bones(old, change)


def _changes(paths: list[str], owners: list, renamed: dict) -> list[_Change | None]:
    """The same of curves that several armatures use, or that animate armatures themselves: a path
    follows the first owner that has the bone."""
    concerned = [
        (owner, PREFIXES[owner.id_type], escaped(renamed[_armature(owner)])) for owner in owners
    ]
    known = {path: _change(path, concerned) for path in set(paths)}
    return [known[path] for path in paths]


def _change(path: str, concerned: list[tuple]) -> _Change | None:
    """The same of one path."""
    unescape = bpy.utils.unescape_identifier
    for owner, prefix, names in concerned:
        parts = split_path(path, prefix)
        new = names.get(parts[0]) if parts is not None else None
        if new is not None:
            name, rest = parts
            changed = f'{prefix}{new}"{rest}'
            follows = resolves(owner, changed)
            return (path, changed, unescape(name), unescape(new)) if follows else None
    return None


class Detached:
    """All actions of objects and armatures, off from `detach` to `attach`.

    An action is taken off by exchanging it for an empty one in the whole file, which leaves the
    pose as it is, or by unassigning it: then its animation is applied again afterwards.
    """

    def __init__(self, renamed: dict, curve_list: Callable) -> None:
        """`renamed` has {old name: new name} by armature; `curve_list` reads a channelbag."""
        self._renamed = renamed
        self._curve_list = curve_list
        self._uses: list[tuple] = []
        self._taken: list[tuple] = []
        self._exchanged: list[tuple] = []
        bags = self._find_bags()
        if FLAGS_ON_POSE_BONES:
            # Which of several armatures a shared path follows is best left to Blender.
            shared = {key[:2] for key, bag in bags.items() if len(bag.armatures(renamed)) > 1}
            self._uses = [use for use in self._uses if (use[1], use[2].handle) not in shared]
            bags = {key: bag for key, bag in bags.items() if key[:2] not in shared}
        self._bags = list(bags.values())
        self._exchangeable = _of_known_users(self._uses)
        applied = (bag for bag in self._bags if bag.action not in self._exchangeable)
        kept = {owner for bag in applied for owner in bag.owners}
        self._values = KeptValues(self._bags, kept)

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
                        found = bags[key] = _Bag(self._curve_list(bag), action)
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
            bag.rename(self._renamed)

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
