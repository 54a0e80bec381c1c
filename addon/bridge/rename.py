# SPDX-License-Identifier: GPL-3.0-or-later
"""Renames bones with all that refers to them, or not at all."""

from __future__ import annotations

from collections.abc import Callable

import bpy

from .bones import FLAGS_ON_POSE_BONES, names, names_of
from .detach import Detached, curve_count
from .references import References

Steps = list[tuple[int, str]]
Plan = Callable[[object, list[str]], Steps]
FEW = 110
"""So many renames are never worth taking animation off, however many curves there are."""
_FORGETS_ARMATURES = bpy.app.version < (5, 1)
LONGEST = 63
"""Bytes of a bone's name at most."""


def rename_bones(
    context,
    objects: list,
    plan: Plan,
    steps_a_bone: int,
    stock: Callable[[], set[str]],
    curve_list: Callable,
) -> set[str]:
    """Renames bones of each object in turn, by the steps that `plan` makes of its names then,
    at most `steps_a_bone`. `curve_list` reads the curves of a channelbag.

    Few renames are left to `stock`, Blender's own operator, and then what it forgets is mended,
    unless names are such that one of both ways would do damage. If
    anything fails, every bone gets its old name back, and animation stays as it was.
    """
    editable = [obj for obj in objects if obj.data.is_editable]
    all_editable = len(editable) == len(objects)
    most = steps_a_bone * sum(len(obj.pose.bones) for obj in objects)
    own = _own_way(objects) if all_editable else True
    if own is False or (own is None and not _pays(most)):
        return _rename_in_place(objects, stock)
    plans, renamed = _plans(editable, plan)
    renames = sum(len(steps) for _, steps in plans)
    if not renames:
        return {"FINISHED"}
    if own is None and not _pays(renames):
        return _rename_in_place(objects, stock)
    _rename_apart(context, plans, renamed, curve_list)
    return {"FINISHED"}


def _own_way(objects: list) -> bool | None:
    """Whether names forbid Blender's own operator (True), or renaming from Python (False).

    Up to 4.5 Blender's operator cuts a name that gets too long within a character; from then on
    Python can neither read nor write it.
    """
    if FLAGS_ON_POSE_BONES:
        return None
    rare = [name for obj in objects for name in names(obj) if not name.isascii()]
    try:
        return True if any(len(name.encode()) >= LONGEST for name in rare) else None
    except UnicodeEncodeError:
        return False


def _rename_in_place(objects: list, stock: Callable[[], set[str]]) -> set[str]:
    """Renames by Blender's own operator, and sets right what that forgets."""
    references = References({obj.data for obj in objects})
    if references.is_empty():
        return stock()
    before = {obj.data: names_of(obj.data.bones) for obj in objects}
    status = stock()
    references.apply({data: _map(old, names_of(data.bones)) for data, old in before.items()})
    return status


def _map(old: list[str], new: list[str]) -> dict[str, str]:
    return {a: b for a, b in zip(old, new, strict=True) if a != b}


def _rename_apart(context, plans: list, renamed: dict, curve_list: Callable) -> None:
    """Renames with all animation taken off."""
    references = References(set(renamed))
    animation = Detached(renamed, curve_list)
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


def _pays(renames: int) -> bool:
    """Whether animation is better taken off for so many renames.

    Also where Blender itself would leave paths wrong: up to 4.5 those of other slots of an action,
    up to 5.0 those of armatures.
    """
    if not FLAGS_ON_POSE_BONES and any(len(action.slots) > 1 for action in bpy.data.actions):
        return True
    armatures = bpy.data.armatures if _FORGETS_ARMATURES else ()
    if any(armature.animation_data is not None for armature in armatures):
        return True
    if renames <= FEW:
        return False
    curves = curve_count()
    # Microseconds, as measured: each rename looks at each curve, against work once for each.
    return 0.036 * renames * curves > 300.0 + 4.1 * curves


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
