# SPDX-License-Identifier: GPL-3.0-or-later
"""The bones that a slide or propagate acts on, and their F-curves.

Selected visible bones of all objects in pose mode that have curves in the assigned slot; all
visible bones of the same objects if there is no such bone. Blender 5.0 and later add the mirrored
bone of each selected one where the pose's X mirror option is on.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import bpy

from .. import reader
from ..bridge import bones, curves, pose
from ..native import names as native_names
from ..native import slide as native
from ..native.names import Packed
from ..reader import bones as bone_reader

RULES = native.RULES_5_2 if bpy.app.version >= (5, 2) else native.RULES_4_5
"""Which Blender's behaviour the native library shall follow: that of the one it runs in."""


_MODES = ("rotation_mode",)


@dataclass
class Subjects:
    """The bones of one object that take part, and their curves."""

    object: object
    names: list[str] | Packed
    """Names of all bones of the object, in bone order."""
    mask: array
    """Which bones are candidates."""
    all_curves: reader.Curves
    index: native.CurveIndex
    modes: array
    """Rotation mode of each bone ('i')."""
    moved: native.ChosenCurves
    """What a slide moves."""
    mirror: array | None = None
    """The mirrored bone of each, where those of selected bones take part right after them."""
    sampled: dict[float, array] = field(default_factory=dict)
    """Values of the moved curves at the frames of the action that were asked for, if they came
    with the curves."""
    channels: dict[str, array] = field(default_factory=dict)
    """Transform channels of all bones by name, as far as they came with the names."""

    @property
    def classes(self) -> array:
        """Class bits of each bone's curves ('B'); 0 for a bone that takes no part."""
        return self.moved.classes

    @cached_property
    def chosen(self) -> list[int]:
        """All curves of the bones that take part, by their place in `all_curves`, ascending."""
        bone, mask = self.index.bone, self.mask
        return [i for i, channel in enumerate(self.index.channel) if channel and mask[bone[i]]]

    def bone_indices(self) -> list[int]:
        """The bones that take part, in the order in which Blender keys them."""
        if self.mirror is None:
            return [bone for bone, classes in enumerate(self.classes) if classes]
        order: dict[int, None] = {}
        for bone, mirrored in enumerate(self.mirror):
            if self.mask[bone] == 1:
                order[bone] = None
                if mirrored >= 0:
                    order[mirrored] = None
        return [bone for bone in order if self.classes[bone]]


def names_and_channels(obj, transform: bool) -> tuple[list[str] | Packed, dict[str, array]]:
    """The bones' names and rotation modes; with `transform` the other transform channels as well,
    if that takes no longer."""
    state = bone_reader.state(obj)
    if state is None or state.layout is None:
        names = bones.names(obj)
        return names, {"rotation_mode": pose.read(obj, "rotation_mode", len(names))}
    found = bone_reader.read(obj, tuple(pose.TRANSFORM) if transform else _MODES, names=True)
    return Packed(found.names, found.count), found.arrays


class _Candidate:
    """An object in pose mode with its curves found, before any bone is chosen."""

    def __init__(self, obj, bag, count: int, channels: int, frames: Sequence[float]) -> None:
        self.object = obj
        self.channels = channels
        self.frames = frames
        self.curves = reader.curve_list(bag, count)
        self.names, self.given = names_and_channels(obj, bool(frames))
        self.modes = self.given.pop("rotation_mode")
        self.selected, self.mirror = self._selected()
        arguments = (self.names, RULES, self.selected, self.modes, channels, frames)
        self.found = self.curves.sample(*arguments) if frames else None
        if self.found is not None:
            self.index, self.component = self.found.index, self.found.component
        else:
            self.index, self.component = self.curves.index(self.names, RULES)

    def choose(self, mask: array, mirror: array | None = None) -> Subjects | None:
        """The subjects among the bones of a mask; None without any curve."""
        sampled = {}
        if self.found is not None and mask is self.selected:
            moved = self.found.chosen
            sampled = dict(zip(self.frames, self.found.rows, strict=True))
        else:
            arguments = (self.index, self.component, mask, self.modes, self.channels)
            moved = native.choose_curves(*arguments)
        if not any(moved.classes):
            return None
        found = (self.names, mask, self.curves, self.index, self.modes, moved, mirror, sampled)
        return Subjects(self.object, *found, self.given)

    def _selected(self) -> tuple[array, array | None]:
        """Selected visible bones, marked 1, and 2 their mirrored bones where the version adds
        them; and then the mirrored bone of each."""
        mask = selected_mask(self.object, len(self.names))
        if RULES == native.RULES_4_5 or not self.object.pose.use_mirror_x or not any(mask):
            return mask, None
        mirror = native_names.mirror_bones(self.names)
        for bone, mirrored in enumerate(mirror):
            if mask[bone] == 1 and mirrored >= 0 and not mask[mirrored]:
                mask[mirrored] = 2
        return mask, mirror


def selected_mask(obj, count: int) -> array:
    """A byte a bone: selected and visible."""
    return bones.selected_mask(obj, lambda name: bone_reader.read_flag(obj, name, count))


def curve_holders(context) -> list[tuple]:
    """The objects in pose mode that have curves: each with its channelbag and their number."""
    found = []
    for obj in bones.posed_objects(context):
        bag = curves.channelbag(obj)
        count = len(bag.fcurves) if bag is not None else 0
        if count:
            found.append((obj, bag, count))
    return found


def _no_frames(_obj) -> Sequence[float]:
    return ()


def collect(
    context,
    channels: int = native.ALL,
    frames: Callable[[object], Sequence[float]] = _no_frames,
    holders: list[tuple] | None = None,
) -> list[Subjects]:
    """The subjects of all objects in pose mode; empty if no visible bone has a curve.

    `channels` limits what `Subjects.moved` lists, not which bones take part. `frames` gives the
    frames of an object's action at which the moved curves will be asked for their values.
    `holders` are those of `curve_holders`, if they are known.
    """
    if holders is None:
        holders = curve_holders(context)
    candidates = [_Candidate(obj, bag, count, channels, frames(obj)) for obj, bag, count in holders]
    chosen = [c.choose(c.selected, c.mirror) for c in candidates]
    if not any(chosen):
        chosen = [c.choose(bones.visible_mask(c.object)) for c in candidates]
    return [subjects for subjects in chosen if subjects is not None]
