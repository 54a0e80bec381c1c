# SPDX-License-Identifier: GPL-3.0-or-later
"""Calculates motion paths by the library: what Blender's operator does, in its own paths."""

from __future__ import annotations

from array import array
from itertools import accumulate

from ..bridge import motion_paths as bridge
from ..bridge.curves import CurveList, channelbag
from ..bridge.motion_paths import KnownKeys, MarkedCurves, Options, Wanted
from ..bridge.rig_snapshot import UnsupportedError
from ..native import paths as native
from .rig_plan import Ends, RigPlan


def calculate(context, obj, options: Options) -> None:
    """Calculates the paths of an object; raises UnsupportedError before anything is changed."""
    if not bridge.KNOWN_POINTS:
        raise UnsupportedError("where this Blender marks keys is not known")
    start, end = bridge.frame_range(context.scene, obj, options.range)
    if end <= start:
        raise UnsupportedError("Blender refuses paths of one frame")
    if not bridge.can_set_range(context.scene, obj, start, end):
        raise UnsupportedError("the range begins before frame 0")
    if bridge.settings(obj).use_camera_space_bake and context.scene.camera is not None:
        raise UnsupportedError("the paths are those before a camera")
    # What is read below has to be up to date, such as which constraints are valid.
    context.view_layer.update()
    todo = bridge.wanted(obj, start, end, options.bake_location == "HEADS")
    if todo.missing and not bridge.can_make(obj):
        raise UnsupportedError("the action cannot be taken off")
    points, known = _points(context, obj, todo)
    bag = channelbag(obj)
    curve_list = CurveList(bag) if bag is not None and len(bag.fcurves) else None
    marked = bridge.marked_curves(obj, todo, curve_list, known)
    bridge.set_settings(obj, options, start, end)
    if todo.missing:
        bridge.make(context, obj, todo, options, None)
    bridge.write(obj, todo, points)
    _mark_keys(obj, todo, marked)


def _points(context, obj, todo: Wanted) -> tuple[array, KnownKeys]:
    """The points of all paths, one path after the other; and the keys that were read for it."""
    with RigPlan(context, obj, todo.bones) as plan:
        snapshot, curves = plan.snapshot, plan.curves
        keys = (snapshot.places, curves.key_starts, curves.keys["co"])
        known = KnownKeys(*keys, snapshot.curve_bones)
        if not len(todo):
            return array("f"), known
        low = min(todo.first)
        ends = map(int.__add__, todo.first, todo.length)
        # With the scene between two frames, Blender calculates that far behind each frame.
        between = context.scene.frame_subframe
        frames = array("f", (frame + between for frame in range(low, max(ends))))
        sets = {head: plan.ends(frames, not head) for head in {*todo.heads}}
    parts = {head: _world(todo, ends, low, len(frames)) for head, ends in sets.items()}
    if len(parts) == 1:
        return parts[todo.heads[0]], known
    points = array("f")
    starts = list(accumulate(todo.length, initial=0))
    for at, head in enumerate(todo.heads):
        points.extend(parts[head][3 * starts[at] : 3 * starts[at + 1]])
    return points, known


def _world(todo: Wanted, ends: Ends, low: int, frame_count: int) -> array:
    paths = native.Paths(
        point_count=len(todo),
        frame_count=frame_count,
        path_count=len(todo),
        point=array("i", range(len(todo))),
        first_frame=array("i", [first - low for first in todo.first]),
        length=todo.length,
        object_matrix=ends.object_matrix,
        flags=native.OBJECT_MATRIX if ends.moves else 0,
    )
    return native.points(paths, ends.points, sum(todo.length))


def _mark_keys(obj, todo: Wanted, marked: MarkedCurves) -> None:
    """Gives the points on keys their mark, which no property of Blender shows."""
    if not len(todo):
        return
    addresses = bridge.addresses(obj, todo)
    if addresses is None:
        return
    lists = (marked.starts, marked.curves, marked.key_starts, marked.points)
    keys = native.keys(todo.first, todo.length, *lists)
    at = 0
    for address, length in zip(addresses, todo.length, strict=True):
        new = keys[at : at + length]
        at += length
        old = native.marks(address, length)
        if new == old:
            continue
        if old.count(0) + old.count(native.KEY) < length:
            new = array("i", (mark | was & 1 for mark, was in zip(new, old, strict=True)))
        if new != old:
            native.set_marks(address, new)
