# SPDX-License-Identifier: GPL-3.0-or-later
"""The bones that a slide or propagate acts on, and their F-curves.

Selected visible bones of all objects in pose mode that have curves in the assigned slot; all
visible bones of the same objects if there is no such bone. Blender 5.0 and later add the mirrored
bone of each selected one where the pose's X mirror option is on.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import bpy

from ..bridge import bones, curves
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
    classes: array
    """Class bits of each bone's curves ('B'); 0 for a bone that takes no part."""
    all_curves: curves.CurveList
    chosen: list[int]
    """The curves of the bones that take part, by their place in `all_curves`, ascending."""
    index: native.CurveIndex

    def bone_indices(self) -> list[int]:
        """The bones that take part."""
        return [bone for bone, classes in enumerate(self.classes) if classes]


class _Candidate:
    """An object in pose mode with its curves found, before any bone is chosen."""

    def __init__(self, obj, bag) -> None:
        self.object = obj
        self.curves = curves.CurveList(bag)
        self.names = bones.names(obj)
        self.index = native.curve_index(self.curves.paths, self.names, RULES)

    def choose(self, mask: array) -> Subjects | None:
        """The subjects among the bones of a mask; None without any curve."""
        classes = array("B", bytes(len(mask)))
        chosen = []
        bone_of, channel_of = self.index.bone, self.index.channel
        for i, channel in enumerate(channel_of):
            if channel:
                bone = bone_of[i]
                if mask[bone]:
                    classes[bone] |= channel
                    chosen.append(i)
        if not chosen:
            return None
        return Subjects(self.object, self.names, classes, self.curves, chosen, self.index)

    def selected(self) -> array:
        """Selected visible bones, with their mirrored bones where the version adds them."""
        mask = bones.selected_mask(self.object)
        if RULES != native.RULES_4_5 and self.object.pose.use_mirror_x and any(mask):
            for bone, mirrored in enumerate(native_names.mirror_bones(self.names)):
                if mask[bone] == 1 and mirrored >= 0 and not mask[mirrored]:
                    mask[mirrored] = 2
        return mask


def collect(context) -> list[Subjects]:
    """The subjects of all objects in pose mode; empty if no visible bone has a curve."""
    candidates = []
    for obj in bones.posed_objects(context):
        bag = curves.channelbag(obj)
        if bag is not None and len(bag.fcurves):
            candidates.append(_Candidate(obj, bag))
    chosen = [c.choose(c.selected()) for c in candidates]
    if not any(chosen):
        chosen = [c.choose(bones.visible_mask(c.object)) for c in candidates]
    return [subjects for subjects in chosen if subjects is not None]
