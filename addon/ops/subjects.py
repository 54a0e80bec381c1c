# SPDX-License-Identifier: GPL-3.0-or-later
"""The bones that a slide or propagate acts on, and their F-curves.

Selected visible bones of all objects in pose mode that have curves in the assigned slot; all
visible bones of the same objects if there is no such bone. Blender 5.0 and later add the mirrored
bone of each selected one where the pose's X mirror option is on.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cached_property

import bpy

from .. import reader
from ..bridge import bones, curves, pose
from ..native import names as native_names
from ..native import slide as native

RULES = native.RULES_5_2 if bpy.app.version >= (5, 0, 0) else native.RULES_4_5
"""Which Blender's behaviour the native library shall follow: that of the one it runs in."""


@dataclass
class Subjects:
    """The bones of one object that take part, and their curves."""

    object: object
    names: list[str]
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


class _Candidate:
    """An object in pose mode with its curves found, before any bone is chosen."""

    def __init__(self, obj, bag, channels: int) -> None:
        self.object = obj
        self.channels = channels
        self.curves = reader.curve_list(bag)
        self.names = bones.names(obj)
        self.index, self.component = self.curves.index(self.names, RULES)
        self.modes = pose.read(obj, "rotation_mode")

    def choose(self, mask: array, mirror: array | None = None) -> Subjects | None:
        """The subjects among the bones of a mask; None without any curve."""
        moved = native.choose_curves(self.index, self.component, mask, self.modes, self.channels)
        if not any(moved.classes):
            return None
        return Subjects(
            self.object, self.names, mask, self.curves, self.index, self.modes, moved, mirror
        )

    def selected(self) -> tuple[array, array | None]:
        """Selected visible bones, marked 1, and 2 their mirrored bones where the version adds
        them; and then the mirrored bone of each."""
        mask = bones.selected_mask(self.object)
        if RULES == native.RULES_4_5 or not self.object.pose.use_mirror_x or not any(mask):
            return mask, None
        mirror = native_names.mirror_bones(self.names)
        for bone, mirrored in enumerate(mirror):
            if mask[bone] == 1 and mirrored >= 0 and not mask[mirrored]:
                mask[mirrored] = 2
        return mask, mirror


def collect(context, channels: int = native.ALL) -> list[Subjects]:
    """The subjects of all objects in pose mode; empty if no visible bone has a curve.

    `channels` limits what `Subjects.moved` lists, not which bones take part.
    """
    candidates = []
    for obj in bones.posed_objects(context):
        bag = curves.channelbag(obj)
        if bag is not None and len(bag.fcurves):
            candidates.append(_Candidate(obj, bag, channels))
    chosen = [c.choose(*c.selected()) for c in candidates]
    if not any(chosen):
        chosen = [c.choose(bones.visible_mask(c.object)) for c in candidates]
    return [subjects for subjects in chosen if subjects is not None]
