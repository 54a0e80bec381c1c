# SPDX-License-Identifier: GPL-3.0-or-later
"""Propagate Pose: the values of curves at the current frame, at keyframes to come."""

from __future__ import annotations

from array import array
from collections import Counter

import bpy
from bpy.props import EnumProperty, FloatProperty

from ..bridge import bones, curves, keys, pose
from ..bridge.kept_pose import Animated, KeptPose
from ..native import keys as native
from ..native.slide import PROPERTY_CUSTOM
from .base import LimberOperator, run_stock
from .key_tables import curve_flags, key_view
from .subjects import collect

_TYPES = ("handle_left_type", "handle_right_type")
_HANDLES = ("handle_left", "handle_right")
_AUTOMATIC = bytes((native.HANDLES.index("AUTO"), native.HANDLES.index("AUTO_CLAMPED")))
_NO_CHANNEL = (0, PROPERTY_CUSTOM)
_PREFIX = 'pose.bones["'
_FEW = 4
"""Up to so many keys a curve are selected one by one."""
_COUNTED = 2000
"""Up to so many curves the keys are counted before it is decided who does the work."""


def _rounds(found: list) -> list[list[tuple]]:
    """The curves of all subjects that have keys, with an object they animate.

    A curve that several objects share is propagated once for each, like in stock, where the
    second time starts from what the first has made of the curve: each round has it once.
    """
    rounds: list[list[tuple]] = [[]]
    seen: dict[int, Counter] = {}
    for subjects in found:
        obj = subjects.object
        every = subjects.all_curves.curves
        # How often each curve of the channelbag was met before.
        times = seen.setdefault(curves.channelbag(obj).as_pointer(), Counter())
        again = [i for i in subjects.chosen if times[i]] if times else ()
        first = [i for i in subjects.chosen if not times[i]] if times else subjects.chosen
        rounds[0].extend((curve, obj) for curve in subjects.all_curves.pick(first))
        for i in again:
            if times[i] == len(rounds):
                rounds.append([])
            rounds[times[i]].append((every[i], obj))
        times.update(subjects.chosen)
    with_keys = [[pair for pair in pairs if len(pair[0].keyframe_points)] for pairs in rounds]
    return [pairs for pairs in with_keys if pairs]


class _Places:
    """The curves of one object by their places, for readers of many curves at once."""

    def __init__(self, subjects) -> None:
        chosen = subjects.chosen
        with_keys = [
            (place, curve)
            for place, curve in zip(chosen, subjects.all_curves.pick(chosen), strict=True)
            if len(curve.keyframe_points)
        ]
        self.list = subjects.all_curves
        self.which = array("I", (place for place, _ in with_keys))
        self.pairs = [(curve, subjects.object) for _, curve in with_keys]

    def gather(self, first: array, names: list[str]) -> dict[str, array] | None:
        """Fields of all keys, for a `KeyTable`."""
        return self.list.gather(self.which, first, names)

    def evaluate(self, frame: float) -> array:
        """The value of every curve."""
        return self.list.evaluate(self.which, [frame])[0]


class LIMBER_OT_propagate(LimberOperator, bpy.types.Operator):
    """Copy selected aspects of the current pose to subsequent poses already keyframed"""

    bl_idname = "limber.propagate"
    bl_label = "Propagate Pose (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    mode: EnumProperty(
        name="Terminate Mode",
        description="Method used to determine when to stop propagating pose to keyframes",
        items=(
            (
                "NEXT_KEY",
                "To Next Keyframe",
                "Propagate pose to first keyframe following the current frame only",
            ),
            (
                "LAST_KEY",
                "To Last Keyframe",
                "Propagate pose to the last keyframe only (i.e. making action cyclic)",
            ),
            (
                "BEFORE_FRAME",
                "Before Frame",
                "Propagate pose to all keyframes between current frame and 'Frame' property",
            ),
            (
                "BEFORE_END",
                "Before Last Keyframe",
                "Propagate pose to all keyframes from current frame until no more are found",
            ),
            (
                "SELECTED_KEYS",
                "On Selected Keyframes",
                "Propagate pose to all selected keyframes",
            ),
            (
                "SELECTED_MARKERS",
                "On Selected Markers",
                "Propagate pose to all keyframes occurring on frames with Scene Markers after "
                "the current frame",
            ),
        ),
        default="NEXT_KEY",
    )
    end_frame: FloatProperty(
        name="End Frame",
        description="Frame to stop propagating frames to (for 'Before Frame' mode)",
        default=250.0,
        min=1.1754943508222875e-38,
        soft_min=1.0,
        soft_max=250.0,
        step=100,
        precision=3,
    )

    def run(self, context) -> set[str]:
        if stock_pays(context, self.mode):
            return self._stock()
        found = collect(context)
        if not found:
            self.report({"ERROR"}, "No keyframed poses to propagate to")
            return {"CANCELLED"}
        places = _Places(found[0]) if len(found) == 1 else None
        rounds = _rounds(found) if places is None else [places.pairs]
        if not rounds or not rounds[0]:
            return {"FINISHED"}
        gather = places.gather if places is not None else None
        table = keys.KeyTable([curve for curve, _ in rounds[0]], gather)
        table.read(("point",))
        frames = self._frames(context.scene, table)
        if not frames:
            return {"FINISHED"}
        work = _Propagation(context, found, frames)
        evaluate = places.evaluate if places is not None else None
        work.run(table, [obj for _, obj in rounds[0]], evaluate)
        for pairs in rounds[1:]:
            table = keys.KeyTable([curve for curve, _ in pairs])
            table.read(("point",))
            work.run(table, [obj for _, obj in pairs])
        return {"FINISHED"}

    def _stock(self) -> set[str]:
        values = {"mode": self.mode, "end_frame": self.end_frame}
        return run_stock(self, lambda: bpy.ops.pose.propagate(**values))

    def _frames(self, scene, table: keys.KeyTable) -> array:
        if self.mode == "SELECTED_MARKERS":
            return array("f", sorted({m.frame for m in scene.timeline_markers if m.select}))
        if self.mode == "SELECTED_KEYS":
            table.read(keys.SELECTION)
        current = scene.frame_current_final
        return native.propagate_frames(key_view(table), self.mode, current, self.end_frame)


def _surely_acts(obj, bag) -> bool:
    """Whether an ordinary curve of a visible bone is found at once.

    Stock reports an error if there is none, which is better reported by Limber itself.
    """
    visible = None
    for curve in bag.fcurves:
        start, _, rest = curve.data_path.rpartition('"].')
        if rest in pose.TRANSFORM and start.startswith(_PREFIX):
            at = obj.pose.bones.find(start[len(_PREFIX) :])
            if at >= 0:
                visible = bones.visible_mask(obj) if visible is None else visible
                if visible[at]:
                    return True
    return False


def stock_pays(context, mode: str) -> bool:
    """Whether a job is so small that Blender's operator does it sooner than curves are read.

    Measured in microseconds: Blender compares every curve with every bone, 0.025 for each pair,
    and an insertion takes 0.1 and 0.035 for each key of the curve; reading and writing from
    Python costs 300, for a curve 12, or 25 if there are many targets, and 1.1 for every curve of
    the action, which Blender applies once more.
    """
    one_target = mode in {"NEXT_KEY", "LAST_KEY"}
    acts = False
    pairs = curve_count = total = inserting = 0
    for obj in bones.posed_objects(context):
        bag = curves.channelbag(obj)
        if bag is None:
            continue
        count, bone_count = len(bag.fcurves), len(obj.pose.bones)
        acting = sum(bones.selected_mask(obj)) or bone_count
        pairs += acting * count
        used = count * acting // max(bone_count, 1)
        curve_count += used
        total += count
        if not one_target:
            if count > _COUNTED:
                return False
            longest = max((len(curve.keyframe_points) for curve in bag.fcurves), default=0)
            inserting += used * longest * (0.1 + 0.035 * longest)
        acts = acts or _surely_acts(obj, bag)
    limber = 300 + 1.1 * total + (12 if one_target else 25) * curve_count
    return acts and 0.025 * pairs + inserting < limber


def inserting_pays(targets: int, curve_count: int, key_count: int) -> bool:
    """Whether Blender's own insertion of each key costs less than copying all keys both ways.

    Measured in microseconds: an insertion 1.2 and 0.06 for each key of its curve, whose handles
    Blender computes, and 200 to keep the pose meanwhile; copying 9 for a curve and 0.4 for each
    of its keys.
    """
    inserting = 200 + targets * (1.2 * curve_count + 0.06 * key_count)
    return inserting < 9 * curve_count + 0.4 * key_count


class _Propagation:
    """Gives curves their values at the target frames."""

    def __init__(self, context, found: list, frames: array) -> None:
        self.context = context
        self.found = found
        self.frames = frames
        edit = context.preferences.edit
        self.interpolation = edit.keyframe_new_interpolation_type
        self.handle_type = edit.keyframe_new_handle_type

    def run(self, table: keys.KeyTable, objects: list, evaluate=None) -> None:
        """`evaluate` may give the values of all curves at a frame."""
        frame = self.context.scene.frame_current_final
        values = evaluate(frame) if evaluate else curves.evaluate(table.curves, frame)
        after = native.propagate_sizes(key_view(table), self.frames)
        grows = after != table.counts
        # Blender's insertion from Python makes keys of this kind, whatever the preferences.
        alike = (self.interpolation, self.handle_type) == ("BEZIER", "AUTO_CLAMPED")
        pays = inserting_pays(len(self.frames), len(table.curves), table.first[-1])
        if pays and (alike or not grows):
            self._insert(table, values)
        elif grows:
            self._grow(table, objects, values, after)
        else:
            self._replace(table, objects, values)

    def _kept_pose(self, table: keys.KeyTable) -> KeptPose:
        """Blender applies the animation once more when keys are added; stock leaves the pose."""
        known = {}
        for subjects in self.found:
            numbers = enumerate(subjects.index.property)
            path = subjects.all_curves.path
            others = [path(i) for i, number in numbers if number in _NO_CHANNEL]
            known[curves.channelbag(subjects.object).as_pointer()] = Animated(others)
        return KeptPose({curve.id_data for curve in table.curves}, known)

    def _insert(self, table: keys.KeyTable, values: array) -> None:
        kept = self._kept_pose(table)
        for points, value in zip(table.points, values, strict=True):
            for frame in self.frames:
                points.insert(frame, value)
        kept.restore(self.context)

    def _replace(self, table: keys.KeyTable, objects: list, values: array) -> None:
        """Every target is a key already: only arrays change, and Blender notices nothing."""
        table.read(_TYPES)
        automatic = min(table.counts) > 1 and all(
            table.has_only(name, _AUTOMATIC) for name in _TYPES
        )
        # Automatic handles follow from the points alone.
        (table.blank if automatic else table.read)(_HANDLES)
        few = automatic and len(self.frames) <= _FEW and "select_point" not in table.arrays
        if few:
            table.blank(("select_point",))
        else:
            table.read(name for name in keys.SELECTION if name not in table.arrays)
        self._call(table, objects, values, table.counts)
        table.write(("point", *_HANDLES))
        if few:
            table.select_marked("select_point")
        else:
            table.write(keys.SELECTION)

    def _grow(self, table: keys.KeyTable, objects: list, values: array, after: array) -> None:
        before = table.counts[:]
        table.make_room(after)
        table.read(keys.ALL)
        self._call(table, objects, values, after)
        kept = self._kept_pose(table)
        table.grow()
        grown = [c for c, count in enumerate(before) if count != after[c]]
        table.write(keys.ALL, grown)
        others = [c for c, count in enumerate(before) if count == after[c]]
        table.write((*_HANDLES, "point", *keys.SELECTION), others)
        kept.restore(self.context)

    def _call(self, table: keys.KeyTable, objects: list, values: array, after: array) -> None:
        rows = zip(table.curves, objects, table.counts, after, strict=True)
        flags = array("B", (curve_flags(curve, obj, a, a != b) for curve, obj, a, b in rows))
        view = key_view(table, flags)
        native.propagate(view, values, self.frames, self.interpolation, self.handle_type)


CLASSES = (LIMBER_OT_propagate,)

MENU = (("Propagate", ("limber.propagate",)),)
