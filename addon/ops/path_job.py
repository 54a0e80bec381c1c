# SPDX-License-Identifier: GPL-3.0-or-later
"""Calculates motion paths by the library: what Blender's operator does, in its own paths."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import accumulate

from .. import reader
from ..bridge import motion_paths as bridge
from ..bridge import moving_curves, pose, settled_chains, single_frames
from ..bridge.curves import channelbag
from ..bridge.kept_pose import Animated
from ..bridge.motion_paths import Options, Wanted
from ..bridge.rig_snapshot import Snapshot, UnsupportedError
from ..native import paths as native
from ..native import slide as native_slide
from ..reader import actions as reader_actions
from .rig_plan import Ends, RigPlan, curves_view
from .subjects import RULES

LONG = 3_000_000
"""Points above which a calculation may take longer than a second."""
CHUNK = 200_000
"""Points that are evaluated without a look at the keyboard: some tens of milliseconds."""

DOUBTFUL = 32
"""Frames that are evaluated first where too many may turn out to be Blender's, which ends it."""
BY_BLENDER = 40
"""Frames that Blender evaluates without a look at the keyboard."""


class RefusedError(UnsupportedError):
    """Blender refuses paths of one frame, and says so itself."""


class Job:
    """One calculation: made, evaluated step by step, then finished or cancelled.

    Making it raises UnsupportedError; only `finish` changes anything in Blender.
    """

    def __init__(self, context, obj, options: Options) -> None:
        start, end = _range(context, obj, options)
        # What is read below has to be up to date, such as which constraints are valid.
        context.view_layer.update()
        self.camera = _camera(context, obj)
        self.object, self.options, self.range = obj, options, (start, end)
        self.todo = todo = bridge.wanted(obj, start, end, options.bake_location == "HEADS")
        if todo.missing and not bridge.can_make(obj):
            raise UnsupportedError("the action cannot be taken off")
        # A path stays in the space that it was made in, which nothing of it tells.
        if self.camera is not None and not {*todo.bones} <= {*todo.missing}:
            raise UnsupportedError("paths that exist may be those before a camera or not")
        self.low = min(todo.first, default=0)
        last = max(map(int.__add__, todo.first, todo.length), default=0)
        self.frames = bridge.evaluated_frames(context.scene, range(self.low, last))
        self.plan = _plan(context, obj, todo.bones) if len(todo) else None
        self.points = {head: array("f") for head in {*todo.heads}}
        self.matrices = array("f")
        self.moves = False
        self.unsettled = array("I")
        """Places in `frames` of those that only Blender can evaluate."""

    @property
    def size(self) -> int:
        """Points to evaluate; a second is some millions of them."""
        return len(self.frames) * len(self.todo)

    def steps(self) -> Iterator[float]:
        """Evaluates; gives the share that is done, several times if it takes long."""
        count = len(self.frames) if len(self.todo) else 0
        most = count if self.size <= LONG else max(1, CHUNK // max(1, len(self.todo)))
        each = min(most, DOUBTFUL) if self.plan is not None and self.plan.may_refuse else most
        first = 0
        while first < count:
            frames = self.frames[first : first + each]
            unsettled = self._evaluate(frames)
            self.unsettled.extend(first + place for place in unsettled)
            if unsettled:
                self._check_unsettled(count)
            first += len(frames)
            each = min(2 * each, most)
            yield first / (count + len(self.unsettled))
        at_once = BY_BLENDER if self.size > LONG else max(1, count)
        for first in range(0, len(self.unsettled), at_once):
            yield (count + first) / (count + len(self.unsettled))
            self._let_blender_evaluate(self.unsettled[first : first + at_once])

    def _evaluate(self, frames: array) -> list[int]:
        """Evaluates some more frames; gives the places of those that are not settled."""
        for head, points in self.points.items():
            ends = self.plan.ends(frames, not head)
            if points:
                points.extend(ends.points)
            else:
                self.points[head] = ends.points
        self.moves = ends.moves
        if ends.moves:
            self.matrices.extend(ends.object_matrix)
        else:
            self.matrices = ends.object_matrix
        return unsettled_places(ends)

    def _check_unsettled(self, count: int) -> None:
        """Raises UnsupportedError if Blender has to do, or is sooner done with, all frames."""
        reason = single_frames.reason_against(self.object)
        if reason is None and single_frames.pays(self.object, len(self.unsettled), count):
            return
        more = "" if reason is None else f", and {reason}"
        raise UnsupportedError(f"inverse kinematics come to no rest{more}")

    def _let_blender_evaluate(self, places: array) -> None:
        """Takes the points of some frames, by their place in `frames`, from Blender."""
        bones, names = self.todo.bones, {True: "head", False: "tail"}
        frames = [self.frames[place] for place in places]
        wanted = [names[head] for head in self.points]
        found = single_frames.ends(self.object, frames, wanted)
        for place, ends in zip(places, found, strict=True):
            at = 3 * len(bones) * place
            for head, points in self.points.items():
                points[at : at + 3 * len(bones)] = _of_bones(ends[names[head]], bones)

    def cancel(self) -> None:
        """Frees what the job holds; the paths are as they were."""
        if self.plan is not None:
            self.plan.free()

    def finish(self, context, later: bool = False) -> None:
        """Makes the paths that are missing and writes all points.

        `later` says that anything may have been changed since the job was made.
        """
        obj, todo = self.object, self.todo
        self.cancel()
        points = self._in_order()
        known = None if later or self.plan is None else self.plan.snapshot
        action = _Action.of(obj) if known is None else _Action.known(known)
        marks = action.marks(obj, todo) if action else array("i", bytes(4 * sum(todo.length)))
        bridge.set_settings(obj, self.options, *self.range)
        if todo.missing:
            bridge.make(obj, todo, self.options, action and action.off(context, obj))
        paths = bridge.made(obj, todo)
        bridge.write(paths, todo, points)
        _set_marks(paths, todo, marks)

    def _in_order(self) -> array:
        """The points of all paths, one path after the other."""
        todo, count = self.todo, len(self.frames)
        parts = {head: self._world(points, count) for head, points in self.points.items()}
        if len(parts) == 1:
            return parts[todo.heads[0]]
        points = array("f")
        starts = list(accumulate(todo.length, initial=0))
        for at, head in enumerate(todo.heads):
            points.extend(parts[head][3 * starts[at] : 3 * starts[at + 1]])
        return points

    def _world(self, points: array, frame_count: int) -> array:
        todo, seen, flags = self.todo, {}, native.OBJECT_MATRIX if self.moves else 0
        if self.camera is not None:
            seen = {"camera_matrix": self.camera}
            flags |= native.DIVIDE if bridge.SEES_PICTURE else 0
        paths = native.Paths(
            point_count=len(todo),
            frame_count=frame_count,
            path_count=len(todo),
            point=array("i", range(len(todo))),
            first_frame=array("i", [first - self.low for first in todo.first]),
            length=todo.length,
            object_matrix=self.matrices,
            flags=flags,
            **seen,
        )
        return native.points(paths, points, sum(todo.length))


def unsettled_places(ends: Ends) -> list[int]:
    """The frames among those evaluated that only Blender can evaluate."""
    flags = ends.unsettled.tobytes()
    return [place for place, flag in enumerate(flags) if flag] if 1 in flags else []


def _of_bones(ends: array, bones: array) -> array:
    """Three floats for each of some bones out of those of all."""
    if 3 * len(bones) == len(ends):
        return ends
    return array("f", (ends[3 * bone + axis] for bone in bones for axis in range(3)))


def _range(context, obj, options: Options) -> tuple[int, int]:
    """First and last frame; raises UnsupportedError for what Blender has to do."""
    if not bridge.KNOWN_POINTS:
        raise UnsupportedError("where this Blender marks keys is not known")
    start, end = bridge.frame_range(context.scene, obj, options.range)
    if end <= start:
        raise RefusedError
    if not bridge.can_set_range(context.scene, obj, start, end):
        raise UnsupportedError("the range begins before frame 0")
    return start, end


def _plan(context, obj, bones: array) -> RigPlan:
    """The plan of some bones; raises UnsupportedError also where it might end elsewhere."""
    plan = RigPlan(context, obj, bones)
    doubt = settled_chains.doubt(plan.snapshot)
    if doubt is not None:
        plan.free()
        raise UnsupportedError(doubt)
    return plan


def _camera(context, obj) -> array | None:
    """The matrix of the camera that the points are seen from; None = they stay in the world."""
    if not bridge.is_before_camera(context.scene, obj):
        return None
    matrix = bridge.camera_matrix(context)
    if matrix is None:
        raise UnsupportedError("the camera moves")
    return matrix


def calculate(context, obj, options: Options, watched: bool = False) -> Job | None:
    """Calculates the paths of an object; raises UnsupportedError as `Job`.

    Gives a job that is not yet done back if somebody watches and it will take long.
    """
    job = Job(context, obj, options)
    if watched and job.size > LONG:
        return job
    manager = context.window_manager
    shown = job.size > LONG
    if shown:
        manager.progress_begin(0, 100)
    try:
        for done in job.steps():
            if shown:
                manager.progress_update(100 * done)
        job.finish(context)
    finally:
        job.cancel()
        if shown:
            manager.progress_end()
    return None


class _Action:
    """The curves of an object's action, as they are now."""

    def __init__(self, curve_list, index) -> None:
        self.list = curve_list
        self.index = index

    @classmethod
    def of(cls, obj) -> _Action | None:
        """None if there are no curves."""
        bag = channelbag(obj)
        if bag is None or not len(bag.fcurves):
            return None
        curve_list = reader.curve_list(bag)
        return cls(curve_list, curve_list.index(obj.pose.bones.keys(), RULES)[0])

    @classmethod
    def known(cls, snapshot: Snapshot) -> _Action | None:
        """The same where a rig was read just now."""
        return cls(snapshot.curve_list, snapshot.index) if snapshot.curve_list else None

    def off(self, context, obj) -> AbstractContextManager:
        """Takes the action off while a block runs."""
        off = reader_actions.taken_off(context, obj)
        return off if off is not None else bridge.taken_off(context, obj, self.animated())

    def animated(self) -> Animated:
        """What the curves animate."""
        numbers = self.index.property.tobytes()
        others = [self.list.path(i) for i, number in enumerate(numbers) if number in _NO_CHANNEL]
        names = {path.rpartition(".")[2] for path in others}
        names |= {native_slide.PROPERTIES[number] for number in {*numbers} - _NO_CHANNEL}
        return Animated(
            others, frozenset(names & pose.TRANSFORM.keys() | names & pose.BBONE.keys())
        )

    def marks(self, obj, todo: Wanted) -> array:
        """The marks of all points of all paths."""
        marked = bridge.marked_curves(obj, todo, self.list, self.index.bone)
        curves = curves_view(moving_curves.keys(self.list, marked.places, moving_curves.points))
        return native.keys(todo.first, todo.length, marked.starts, marked.curves, curves)


_NO_CHANNEL = {0, native_slide.PROPERTY_CUSTOM}


def _set_marks(paths: list, todo: Wanted, marks: array) -> None:
    """Gives the points on keys their mark, which no property of Blender shows."""
    addresses = bridge.addresses(paths)
    if addresses is None:
        return
    at = 0
    for address, length in zip(addresses, todo.length, strict=True):
        new = marks[at : at + length]
        at += length
        old = native.marks(address, length)
        if new == old:
            continue
        if old.count(0) + old.count(native.KEY) < length:
            new = array("i", (mark | was & 1 for mark, was in zip(new, old, strict=True)))
        if new != old:
            native.set_marks(address, new)
