# SPDX-License-Identifier: GPL-3.0-or-later
"""Renames bones with all that refers to them, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import bpy

from .bones import FLAGS_ON_POSE_BONES, names
from .detach import Detached, curve_count
from .references import References

Steps = list[tuple[int, str]]
Plan = Callable[[object, list[str]], Steps]


def rename_bones(context, objects: Iterable, plan: Plan) -> None:
    """Renames bones of each object in turn, by the steps that `plan` makes of its names then.

    If anything fails, every bone gets its old name back, and animation stays as it was.
    """
    plans, renamed = _plans([obj for obj in objects if obj.data.is_editable], plan)
    if not any(steps for _, steps in plans):
        return
    references = References(set(renamed))
    apart = _pays(sum(len(steps) for _, steps in plans))
    animation = Detached(renamed, keep_all=not FLAGS_ON_POSE_BONES) if apart else None
    done: list[tuple] = []
    try:
        if animation is not None:
            animation.detach()
        try:
            for armature, steps in plans:
                _apply(armature, steps, done)
            if animation is not None:
                animation.rename()
            references.apply(renamed)
        except BaseException:
            for bone, old in reversed(done):
                bone.name = old
            references.undo()
            if animation is not None:
                animation.undo()
            raise
    finally:
        if animation is not None:
            animation.attach()
    if animation is not None:
        animation.keep_values(context)


def _pays(renames: int) -> bool:
    """Whether animation is better taken off for so many renames.

    Up to 4.5 also where Blender itself would leave paths wrong: those of other slots of an
    action, and those of armatures.
    """
    if not FLAGS_ON_POSE_BONES:
        if any(len(action.slots) > 1 for action in bpy.data.actions):
            return True
        if any(armature.animation_data is not None for armature in bpy.data.armatures):
            return True
    curves = curve_count()
    # Microseconds, as measured: each rename looks at each curve, against work once for each.
    return 0.05 * renames * curves > 2000.0 + 6.0 * curves


def _plans(objects: list, plan: Plan) -> tuple[list, dict]:
    """The steps of each object, and {old name: new name} of each armature after all of them.

    A bone that gets its old name back is listed too: to Blender it was renamed.
    """
    plans, known = [], {}
    for obj in objects:
        present = names(obj)
        _, new, touched = known.setdefault(obj.data, (present, present[:], set()))
        steps = plan(obj, new)
        for number, name in steps:
            new[number] = name
            touched.add(number)
        plans.append((obj.data, steps))
    renamed = {
        armature: {old[number]: new[number] for number in sorted(touched)}
        for armature, (old, new, touched) in known.items()
    }
    return plans, renamed


def _apply(armature, steps: Steps, done: list) -> None:
    bones = armature.bones.values()
    for number, new in steps:
        bone = bones[number]
        done.append((bone, bone.name))
        bone.name = new
