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

REASONS = {
    native.UNSUPPORTED: "has a constraint or target that Limber does not evaluate",
    native.CYCLE: "is in a cycle of bones that depend on each other",
    native.DEPENDS: "depends on a bone that Limber does not evaluate",
    native.DRIVER: "has a driver that Limber does not evaluate",
    native.HOST: "has animation or drivers of settings that Limber does not evaluate",
}


def _find_curves(bag, names):
    curves = reader.curve_list(bag)
    return curves, curves.index(names, RULES)[0]


def _read(read, *arguments) -> native_fcurve.FCurves:
    """Curves of Blender as the library takes them."""
    try:
        return curves_view(read(*arguments))
    except moving_curves.UnknownModifierError as unknown:
        raise UnsupportedError(f"a modifier {unknown}") from None


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


def _object_plan(snapshot: Snapshot) -> native.Plan | None:
    """Evaluates the matrix of the armature object, as that of a bone; None if it keeps still."""
    chosen = snapshot.object_curves
    if not chosen.places:
        return None
    parent = array("i", [-1])
    still = array("f", [1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    given = native.PlanInput(
        rig=Rig(bone_count=1, parent=parent, rest=still),
        pose=Pose(bone_count=1, **rig_snapshot.object_pose(snapshot.object)),
        curves=_read(moving_curves.read, snapshot.curve_list, chosen.places),
        **chosen.numbered(),
    )
    return native.Plan(given, 1)


def _writes(snapshot: Snapshot) -> dict[str, array]:
    """How what curves move takes their values."""
    if not snapshot.writes:
        return {}
    count = len(snapshot.curves.places)
    rows = {
        "curve_write": array("i", bytes(4 * count)),
        "curve_min": array("f", [-math.inf]) * count,
        "curve_max": array("f", [math.inf]) * count,
    }
    for place, (write, _) in snapshot.writes.items():
        for values, value in zip(rows.values(), write, strict=True):
            values[place] = value
    return rows


def _moving_curves(snapshot: Snapshot) -> native_fcurve.FCurves | None:
    places = snapshot.curves.places
    if not places:
        return None
    view = _read(moving_curves.read, snapshot.curve_list, places, snapshot.curves.held)
    if any(flags for _, flags in snapshot.writes.values()):
        all_flags = array("B", bytes(len(places)))
        for place, (_, flags) in snapshot.writes.items():
            all_flags[place] = flags
        view.flags = pointer(all_flags)
        view._keep.append(all_flags)
    return view


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
            **snapshot.curves.numbered(),
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
            names = [constraint.name for constraint in snapshot.constraints.found]
        elif state == native.DEPENDS:
            names = snapshot.object.pose.bones.keys()
        elif state == native.DRIVER and snapshot.drivers is not None:
            names = [curve.data_path for curve in snapshot.drivers.curves]
        named = f" ({names[cause]})" if 0 <= cause < len(names) else ""
        return REASONS.get(state, "cannot be evaluated") + named

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
        """Whether `ends` may find a frame that only Blender can calculate."""
        return any(constraint.type == "IK" for constraint in self.snapshot.constraints.found)

    def ends(self, frames: array, tails: bool) -> Ends:
        """Heads, or tails, of the chosen bones.

        Raises UnsupportedError where inverse kinematics come to no rest: the last bit of a number
        decides then where they stop.
        """
        matrices = None
        if self.object_plan is not None:
            matrices = array("f", bytes(64 * len(frames)))
            at = native.PlanFrames(frame_count=len(frames), frames=frames)
            self.object_plan.evaluate(at, matrices=matrices)
        points = array("f", (0.0,)) * (3 * len(frames) * len(self.chosen))
        unsettled = array("B", bytes(len(frames)))
        moved = {} if matrices is None else {"object_matrix": matrices}
        at = native.PlanFrames(frame_count=len(frames), frames=frames, unsettled=unsettled, **moved)
        self.plan.evaluate(at, **{"tail" if tails else "head": points})
        if any(unsettled):
            raise UnsupportedError("inverse kinematics come to no rest")
        still = matrices is None
        return Ends(points, self.snapshot.matrix if still else matrices, not still)
