# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion paths calculated anew after the animation was changed."""

from __future__ import annotations

from array import array

import bpy

from .known_curves import settle


def recalculate(context, objects: list) -> None:
    """Calculates the motion paths of all bones of some objects anew, as the animation is now.

    Every bone that has a path keeps its range, and none gets a path; bones need not be selected.
    Objects without paths cost a microsecond.
    """
    objects = [obj for obj in objects if _bones_have_paths(obj)]
    own = [obj.motion_path for obj in objects]
    _recalculate(context, objects, [(path, 0, 0) for path in own if path is not None])


def recalculate_around(context, objects: list, frame: int) -> None:
    """Calculates the frames anew of all paths that reach over a frame, or end just before it.

    Other paths of these objects are calculated where they have such frames, too. The path of an
    object itself counts like that of a bone. Blender 5.2 does this after keying a slide.
    """
    objects = [(obj, _paths(obj)) for obj in objects]
    paths = [path for _, found in objects for path in found]
    # The frame after the last one counts, as it does in Blender.
    reached = [path for path in paths if path.frame_start <= frame <= path.frame_end]
    if not reached:
        return
    start = min(path.frame_start for path in reached)
    end = max(path.frame_end for path in reached)
    kept = []
    for path in paths:
        first = min(max(start - path.frame_start, 0), path.length)
        last = min(max(end - path.frame_start, first), path.length)
        if last - first < path.length:
            kept.append((path, first, last))
    _recalculate(context, [obj for obj, found in objects if found], kept)


def _bones_have_paths(obj) -> bool:
    return obj.pose.animation_visualization.motion_path.has_motion_paths


def _paths(obj) -> list:
    """The paths of an object and of its bones."""
    paths = [obj.motion_path]
    if _bones_have_paths(obj):
        paths += [bone.motion_path for bone in obj.pose.bones]
    return [path for path in paths if path is not None]


def _recalculate(context, objects: list, kept: list[tuple]) -> None:
    """Calculates all paths of some objects; of those in `kept`, (path, first, last), only the
    points from the first to before the last become new."""
    if not objects:
        return
    # Blender's operator evaluates the scene, and would apply new keys to the pose.
    settle(context)
    before = [_points(path) for path, _, _ in kept]
    with context.temp_override(visible_objects=objects):
        bpy.ops.object.paths_update_visible()
    for (path, first, last), old in zip(kept, before, strict=True):
        new = _points(path)
        old[3 * first : 3 * last] = new[3 * first : 3 * last]
        path.points.foreach_set("co", old)


def _points(path) -> array:
    points = array("f", bytes(12 * len(path.points)))
    path.points.foreach_get("co", points)
    return points
