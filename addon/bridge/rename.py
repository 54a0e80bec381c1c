# SPDX-License-Identifier: GPL-3.0-or-later
"""Renames bones with all that refers to them, or not at all."""

from __future__ import annotations

from collections.abc import Callable

import bpy

from .bones import FLAGS_ON_POSE_BONES, names
from .detach import Detached, curve_count
from .references import References

Steps = list[tuple[int, str]]
Plan = Callable[[object, list[str]], Steps]
FEW = 24
"""So many bones are never worth it, whatever their curves."""


def rename_bones(context, objects: list, plan: Plan, stock: Callable[[], set[str]]) -> set[str]:
    """Renames bones of each object in turn, by the steps that `plan` makes of its names then.

    Where few bones have few curves that is `stock`, Blender's own operator, and then what it
    forgets. If anything fails, every bone gets its old name back, and animation stays as it was.
    """
    editable = [obj for obj in objects if obj.data.is_editable]
    if len(editable) == len(objects) and not _pays(sum(len(obj.pose.bones) for obj in objects)):
        before = {obj.data: names(obj) for obj in objects}
        references = References(set(before))
        status = stock()
        references.apply({data: _map(old, data.bones.keys()) for data, old in before.items()})
        return status
    plans, renamed = _plans(editable, plan)
    if any(steps for _, steps in plans):
        _rename_apart(context, plans, renamed)
    return {"FINISHED"}


def _map(old: list[str], new: list[str]) -> dict[str, str]:
    return {a: b for a, b in zip(old, new, strict=True) if a != b}


def _rename_apart(context, plans: list, renamed: dict) -> None:
    """Renames with all animation taken off."""
    references = References(set(renamed))
    animation = Detached(renamed, keep_all=not FLAGS_ON_POSE_BONES)
    done: list[tuple] = []
    try:
        animation.detach()
        try:
            for armature, steps in plans:
                _apply(armature, steps, done)
            animation.rename()
            references.apply(renamed)
        except BaseException:
            for bone, old in reversed(done):
                bone.name = old
            references.undo()
            animation.undo()
            raise
    finally:
        animation.attach()
    animation.keep_values(context)


def _pays(bones: int) -> bool:
    """Whether animation is better taken off to rename so many bones.

    Up to 4.5 also where Blender itself would leave paths wrong: those of other slots of an
    action, and those of armatures.
    """
    if not FLAGS_ON_POSE_BONES:
        if any(len(action.slots) > 1 for action in bpy.data.actions):
            return True
        if any(armature.animation_data is not None for armature in bpy.data.armatures):
            return True
    if bones <= FEW:
        return False
    curves = curve_count()
    # Microseconds, as measured: each rename looks at each curve, against work once for each. Two
    # bones that exchange their names take three renames.
    return 0.05 * 1.5 * bones * curves > 4000.0 + 12.0 * curves


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
