# SPDX-License-Identifier: GPL-3.0-or-later
"""From a rig in Blender to where its bones are on many frames, evaluated by the library."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass

from .. import reader
from ..bridge import moving_curves, rig_snapshot
from ..bridge.rig_snapshot import Snapshot, UnsupportedError
from ..native import LimberError
from ..native import evaluate as native_evaluate
from ..native import fcurve as native_fcurve
from ..native import plan as native
from ..native import slide as native_slide
from ..native.structs import Pose, pointer
from ..native.transform import Rig
from .subjects import RULES


def _find_curves(bag, names):
    curves = reader.curve_list(bag)
    return curves, None if names is None else curves.index(names, RULES)[0]


def _read(read, *arguments) -> native_fcurve.FCurves:
    """Curves of Blender as the library takes them."""
    try:
        return curves_view(read(*arguments))
    except moving_curves.UnknownModifierError as unknown:
        raise UnsupportedError(f"a curve has {unknown}") from None


def curves_view(read: moving_curves.MovingCurves) -> native_fcurve.FCurves:
    """The same of curves that were read."""
    fields = {"curve_count": read.count, "extrapolation": read.extrapolation}
    held = read.in_place
    if held is not None:
        fields |= {"key_layout": held.layout, "key_pointers": held.pointers}
        fields |= {"key_counts": held.counts}
    else:
        count = len(read.keys["co"]) // 2
        arrays = native_fcurve.KeyArrays(**read.keys)
        keys = native_fcurve.gather(arrays, count) if count else array("B", bytes(44))
        fields |= {"keys": keys, "key_count": count, "key_starts": read.key_starts}
    if read.samples is not None:
        fields |= {"samples": read.samples, "sample_count": len(read.samples)}
        fields |= {"sample_starts": read.sample_starts}
        fields |= {"sample_first_frames": read.sample_first_frames}
    view = native_fcurve.FCurves(**fields)
    if read.modifiers:
        modifiers = [native_fcurve.Modifier(**values) for values in read.modifiers]
        stack = native_fcurve.modifier_stack(modifiers)
        view._keep += [stack, modifiers, read.modifier_starts]
        view.modifiers = native_fcurve.address(stack)
        view.modifier_count = len(modifiers)
        view.modifier_starts = read.modifier_starts.buffer_info()[0]
    return view


def _numbers(numbers: list[tuple[int, int]]) -> dict[str, array]:
    """Slots and elements by the names of the native library."""
    return {
        "curve_slot": array("i", [slot for slot, _ in numbers]),
        "curve_element": array("i", [element for _, element in numbers]),
    }


def _object_plan(snapshot: Snapshot) -> native.Plan | None:
    """Evaluates the matrices of the objects that move, as those of bones; None if there are none.

    Raises UnsupportedError.
    """
    objects, count = snapshot.objects, len(snapshot.objects)
    if not count:
        return None
    fields = {}
    if objects.parts:
        numbers = [slot for _, _, slots in objects.parts for slot in slots]
        fields["curves"] = _read(
            moving_curves.read_parts, [(*part[:2], None) for part in objects.parts]
        )
        fields |= _numbers(numbers)
    given = native.PlanInput(
        rig=Rig(bone_count=count, parent=objects.parent, rest=objects.rest),
        pose=Pose(bone_count=count, **objects.pose),
        **fields,
    )
    return native.Plan(given, count)


def _writes(snapshot: Snapshot) -> dict[str, array]:
    """How what curves move takes their values."""
    writes = dict(enumerate(snapshot.constraints.others.writes, len(snapshot.curves.places)))
    writes |= snapshot.writes
    if not writes:
        return {}
    count = len(snapshot.curves.places) + len(snapshot.constraints.others.writes)
    rows = {
        "curve_write": array("i", bytes(4 * count)),
        "curve_min": array("f", [-math.inf]) * count,
        "curve_max": array("f", [math.inf]) * count,
    }
    for place, (write, _) in writes.items():
        for values, value in zip(rows.values(), write, strict=True):
            values[place] = value
    return rows


def _moving_curves(snapshot: Snapshot) -> native_fcurve.FCurves | None:
    """The curves of the action, then those of the time of paths."""
    times = snapshot.constraints.others
    places = snapshot.curves.places
    parts = [(snapshot.curve_list, places, snapshot.curves.held)] if places else []
    parts += [(*part[:2], None) for part in times.parts]
    if not parts:
        return None
    view = _read(moving_curves.read_parts, parts)
    flags = {place: flags for place, (_, flags) in snapshot.writes.items()}
    flags |= {place: flags for place, (_, flags) in enumerate(times.writes, len(places))}
    if any(flags.values()):
        all_flags = array("B", bytes(view.curve_count))
        for place, value in flags.items():
            all_flags[place] = value
        view.flags = pointer(all_flags)
        view._keep.append(all_flags)
    return view


def _numbered(snapshot: Snapshot) -> dict[str, array]:
    """What the curves of `_moving_curves` move."""
    times = [slot for _, _, slots in snapshot.constraints.others.parts for slot in slots]
    numbered = snapshot.curves.numbered()
    return {name: numbered[name] + more for name, more in _numbers(times).items()}


def _actions_view(actions) -> native.Actions:
    curves = _read(moving_curves.read_each, actions.curves)
    return native.Actions(curves=curves, **actions.rows)


def _splines_view(splines) -> native_evaluate.Splines:
    return native_evaluate.Splines(
        spline_count=len(splines.rows["spline_type"]),
        point_count=splines.point_first[-1],
        point_first=splines.point_first,
        **splines.rows,
        **splines.points,
        curve_count=len(splines),
        curve_first=splines.curve_first,
    )


def _constraints_view(snapshot: Snapshot):
    table = snapshot.constraints
    # Drivers look at the object's matrix, too.
    if not table and snapshot.drivers is None:
        return None
    joints = table.ik_bones()
    more = {}
    if joints is not None:
        more["ik"] = native_evaluate.IkBones(bone_count=snapshot.bone_count, **joints)
    if table.actions.given:
        more["actions"] = _actions_view(table.actions)
    if table.splines:
        more["splines"] = _splines_view(table.splines)
    return native_evaluate.PoseConstraints(
        constraint_count=len(table),
        target_count=len(table.targets["target_bone"]),
        target_first=table.target_first,
        object_matrix=snapshot.matrix,
        **table.rows,
        **table.targets,
        **more,
    )


def _drivers_view(snapshot: Snapshot):
    drivers = snapshot.drivers
    if drivers is None:
        return None
    expressions, names = map(native_slide.texts, (drivers.expressions, drivers.names))
    return native.Drivers(
        driver_count=len(drivers.curves),
        variable_count=drivers.variable_count,
        curves=_read(moving_curves.read_each, drivers.curves),
        expressions=array("B", expressions),
        expression_size=len(expressions),
        variable_names=array("B", names),
        name_size=len(names),
        **drivers.arrays,
    )


@dataclass
class Ends:
    """Heads or tails of chosen bones, armature space, frame after frame."""

    points: array
    object_matrix: array
    moves: bool
    """Whether object_matrix is one a frame."""
    unsettled: array
    """1 a frame where the last bit of a number decides where inverse kinematics come to rest, so
    that only Blender knows."""


class RigPlan:
    """A rig read from Blender and prepared; use it in a `with` block.

    Raises UnsupportedError if the library cannot evaluate all of the chosen bones.
    """

    def __init__(self, context, obj, chosen: array) -> None:
        self.chosen = chosen
        self.snapshot = snapshot = rig_snapshot.read(
            context, obj, chosen, _find_curves, native.channel_curves
        )
        views = {
            "constraints": _constraints_view(snapshot),
            "curves": _moving_curves(snapshot),
            "drivers": _drivers_view(snapshot),
            **_writes(snapshot),
        }
        given = native.PlanInput(
            rig=Rig(bone_count=snapshot.bone_count, **snapshot.rig),
            pose=Pose(bone_count=snapshot.bone_count, **snapshot.pose),
            **_numbered(snapshot),
            custom_count=len(snapshot.custom),
            custom=snapshot.custom,
            state=snapshot.state,
            chosen_count=len(chosen),
            chosen=chosen,
            **{name: view for name, view in views.items() if view is not None},
        )
        try:
            self.plan = native.Plan(given, snapshot.bone_count)
        except LimberError as error:
            raise UnsupportedError(str(error)) from None
        self.object_plan = None
        try:
            self._check()
            self.object_plan = _object_plan(snapshot)
        except UnsupportedError:
            self.free()
            raise

    def _check(self) -> None:
        states = self.plan.states()
        failed = [i for i, state in enumerate(states.state) if state != native.EVALUABLE]
        if failed:
            # A bone that does not only depend on another one tells most.
            first = min(failed, key=lambda i: (states.state[i] == native.DEPENDS, i))
            why = self._why(states.state[first], states.cause[first])
            name = self.snapshot.object.pose.bones[self.chosen[first]].name
            raise UnsupportedError(f'bone "{name}" {why}')

    def _why(self, state: int, cause: int) -> str:
        """A reason in words, with the name of the cause."""
        snapshot, names = self.snapshot, []
        if state == native.UNSUPPORTED:
            table = snapshot.constraints
            names = [constraint.name for constraint in table.found]
            names = [
                f"{name}: {table.reasons[i]}" if i in table.reasons else name
                for i, name in enumerate(names)
            ]
        elif state == native.DEPENDS:
            names = snapshot.object.pose.bones.keys()
        elif state == native.DRIVER and snapshot.drivers is not None:
            drivers = snapshot.drivers
            names = [
                f"{curve.data_path}: {reason}" if reason else curve.data_path
                for curve, reason in zip(drivers.curves, drivers.reasons, strict=True)
            ]
        named = f" ({names[cause]})" if 0 <= cause < len(names) else ""
        return native.state_text(state) + named

    def __enter__(self) -> RigPlan:
        return self

    def __exit__(self, *_error: object) -> None:
        self.free()

    def free(self) -> None:
        """Releases the plan; a second time does nothing."""
        for plan in filter(None, (self.plan, self.object_plan)):
            plan.free()

    @property
    def may_refuse(self) -> bool:
        """Whether `ends` may find frames that only Blender can calculate."""
        return any(constraint.type == "IK" for constraint in self.snapshot.constraints.found)

    def ends(self, frames: array, tails: bool) -> Ends:
        """Heads, or tails, of the chosen bones."""
        moved, matrices = {}, None
        if self.object_plan is not None:
            moved, matrices = self._outside(frames)
        points = array("f", (0.0,)) * (3 * len(frames) * len(self.chosen))
        unsettled = array("B", bytes(len(frames)))
        at = native.PlanFrames(frame_count=len(frames), frames=frames, unsettled=unsettled, **moved)
        self.plan.evaluate(at, **{"tail" if tails else "head": points})
        still = matrices is None
        return Ends(points, self.snapshot.matrix if still else matrices, not still, unsettled)

    def _outside(self, frames: array) -> tuple[dict[str, array], array | None]:
        """What moves outside the rig, and the matrices of the armature object if it moves."""
        snapshot, count = self.snapshot, len(frames)
        objects = array("f", bytes(64 * count * len(snapshot.objects)))
        at = native.PlanFrames(frame_count=count, frames=frames)
        self.object_plan.evaluate(at, matrices=objects)
        stride, moved, own = 16 * len(snapshot.objects), {}, None
        number = snapshot.object_number
        if number is not None:
            own = objects
            if stride > 16:
                firsts = range(16 * number, len(objects), stride)
                own = array("f", [value for i in firsts for value in objects[i : i + 16]])
            moved["object_matrix"] = own
        table, drivers = snapshot.constraints, snapshot.drivers
        given = {"target_matrix": (table.targets["target_matrix"], table.moving)}
        if drivers is not None:
            given["driver_matrix"] = (drivers.arrays["driver_matrix"], drivers.moving)
        for name, (still, moving) in given.items():
            if moving:
                moved[name] = _moved(still, moving, objects, stride, count)
        return moved, own


def _moved(still: array, moving: dict[int, int], objects: array, stride: int, count: int) -> array:
    """Matrices of `count` frames, some of which are those of moving objects, `stride` floats a
    frame."""
    found = still * count
    for at, number in moving.items():
        firsts = range(16 * number, len(objects), stride)
        places = range(16 * at, len(found), len(still))
        for place, first in zip(places, firsts, strict=True):
            found[place : place + 16] = objects[first : first + 16]
    return found
