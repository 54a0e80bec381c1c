# SPDX-License-Identifier: GPL-3.0-or-later
"""The motion paths of an object's bones, and their settings."""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import bpy

from .bones import flag_owner, read_flag, selected_mask
from .curves import CurveList, channelbag
from .flags import collection_mask
from .kept_pose import Animated, KeptPose
from .keys import KeyTable
from .still import is_animated, is_still

KNOWN_POINTS = (4, 5) <= bpy.app.version[:2] <= (5, 2)
"""Whether the marks of keys lie in the points of paths where they are looked for."""

SEES_PICTURE = bpy.app.version >= (5, 2)
"""Whether points before a camera are on its picture, which a perspective divides."""

LOOK = ("use_custom_color", "color", "color_post", "line_thickness", "lines")
"""What a user sets on a path."""


def settings(obj):
    """The settings of all paths of an armature object."""
    return obj.pose.animation_visualization.motion_path


@contextlib.contextmanager
def safe_for_stock(obj) -> Iterator[None]:
    """While Blender calculates: 4.5 crashes when it is to mark the keys of all curves of a bone
    and the action has no curves for the object."""
    paths = settings(obj)
    marks = paths.show_keyframe_action_all
    data = obj.animation_data
    off = marks and data is not None and data.action is not None and channelbag(obj) is None
    if off:
        paths.show_keyframe_action_all = False
    try:
        yield
    finally:
        if off:
            paths.show_keyframe_action_all = True


def with_other_end(obj) -> list[int]:
    """Selected visible bones whose path follows another end than the settings say.

    Blender leaves it so when a path keeps its length, and calculates the old end again.
    """
    head = settings(obj).bake_location == "HEADS"
    return [
        index
        for index, (bone, selected) in enumerate(
            zip(obj.pose.bones, selected_mask(obj), strict=True)
        )
        if selected and bone.motion_path and bone.motion_path.use_bone_head != head
    ]


def remove(obj, bones: list[int]) -> dict[int, list]:
    """Removes the paths of bones; gives what their users had set on them."""
    looks = {}
    for index in bones:
        path = obj.pose.bones[index].motion_path
        looks[index] = [
            value[:] if hasattr(value, "__len__") else value
            for value in (getattr(path, name) for name in LOOK)
        ]
    owner = flag_owner(obj)
    selected = read_flag(owner, "select")
    only = array("b", bytes(len(selected)))
    for index in bones:
        only[index] = 1
    owner.foreach_set("select", only)
    bpy.ops.pose.paths_clear(only_selected=True)
    owner.foreach_set("select", selected)
    return looks


def restore_looks(obj, looks: dict[int, list]) -> None:
    """Gives new paths what `remove` found on the old ones."""
    for index, values in looks.items():
        path = obj.pose.bones[index].motion_path
        for name, value in zip(LOOK, values, strict=True):
            if path is not None:
                setattr(path, name, value)


@dataclass(frozen=True)
class Options:
    """What is to be calculated, as the settings hold it."""

    type: str
    range: str
    bake_location: str

    @classmethod
    def stored(cls, obj) -> Options:
        """Those of the last call."""
        paths = settings(obj)
        return cls(paths.type, paths.range, paths.bake_location)

    def arguments(self) -> dict[str, str]:
        """As the operator takes them."""
        return {
            "display_type": self.type,
            "range": self.range,
            "bake_location": self.bake_location,
        }


def scene_range(scene) -> tuple[int, int]:
    """First and last frame of the preview range, if it is used, or of the scene."""
    if scene.use_preview_range:
        return scene.frame_preview_start, scene.frame_preview_end
    return scene.frame_start, scene.frame_end


def evaluated_frames(scene, frames: range) -> array:
    """Where Blender evaluates the scene for the points of frames: as far behind each as the scene
    stands between two.

    Behind a negative frame it stands before the next one. Up to 5.1 the distance counts twice: when
    the frame is set, of which the part before the point is kept, and when it is evaluated.
    """
    between = scene.frame_subframe
    if bpy.app.version < (5, 2):
        return array("f", (int(frame + between) + between for frame in frames))
    return array("f", (frame + between for frame in frames))


def frame_range(scene, obj, mode: str) -> tuple[int, int]:
    """First and last frame of new paths."""
    if mode == "MANUAL":
        paths = settings(obj)
        return paths.frame_start, paths.frame_end
    found = None
    if mode == "KEYS_SELECTED":
        found = _selected_keys(obj)
    if mode in {"KEYS_ALL", "KEYS_SELECTED"} and found is None:
        found = _all_keys(obj)
    if found is None:
        return scene_range(scene)
    return int(found[0]), int(found[1])


def _keyed_curves(obj) -> list:
    bag = channelbag(obj)
    return [curve for curve in bag.fcurves if len(curve.keyframe_points)] if bag else []


def _all_keys(obj) -> tuple[float, float] | None:
    ends = [
        (curve.keyframe_points[0].co.x, curve.keyframe_points[-1].co.x)
        for curve in _keyed_curves(obj)
    ]
    return (min(e[0] for e in ends), max(e[1] for e in ends)) if ends else None


def _selected_keys(obj) -> tuple[float, float] | None:
    """First and last frame of keys with anything selected; None if that is one frame or none."""
    curves = _keyed_curves(obj)
    if not curves:
        return None
    table = KeyTable(curves)
    names = ("select_point", "select_left", "select_right")
    table.read(("point", *names))
    selected = zip(*(table.arrays[name] for name in names), strict=True)
    frames = [
        frame
        for frame, flags in zip(table.arrays["point"][::2], selected, strict=True)
        if any(flags)
    ]
    return (min(frames), max(frames)) if frames and min(frames) < max(frames) else None


@dataclass
class Wanted:
    """The paths that a call leaves, in the order of the bones; one element each."""

    bones: array
    first: array
    """The scene's frame of the first point."""
    length: array
    heads: list[bool]
    missing: list[int]
    """Bones of which the path has to be made, or to get another range."""
    turned: list[int]
    """Bones whose path is there in full length, but at the other end."""

    def __len__(self) -> int:
        return len(self.bones)


def wanted(obj, start: int, end: int, heads: bool) -> Wanted:
    """What is to be calculated: paths of selected bones anew, all others in their own range."""
    selected = selected_mask(obj)
    drawn = collection_mask(obj.data)
    found = Wanted(array("i"), array("i"), array("i"), [], [], [])
    for index, bone in enumerate(obj.pose.bones):
        path = bone.motion_path
        chosen = selected[index]
        if path is None and not chosen:
            continue
        fits = path is not None
        if chosen:
            first, length, head = start, end - start + 1, heads
            fits = fits and (path.frame_start, path.length) == (first, length)
            if not fits or path.use_bone_head != head:
                found.missing.append(index)
                if path is not None and path.length == length and path.use_bone_head != head:
                    found.turned.append(index)
        else:
            first, length, head = path.frame_start, path.length, path.use_bone_head
        # Bones in hidden collections keep the points they have.
        if drawn is None or drawn[index]:
            found.bones.append(index)
            found.first.append(first)
            found.length.append(length)
            found.heads.append(head)
    return found


def can_set_range(scene, obj, start: int, end: int) -> bool:
    """Whether the settings can take this range: their properties take no negative frames, but
    Blender takes them over from the scene and, where it has no path to calculate, from keys."""
    paths = settings(obj)
    stored = paths.frame_start, paths.frame_end
    has_paths = paths.has_motion_paths
    return start >= 0 or not has_paths or (start, end) in {stored, scene_range(scene)}


def set_settings(obj, options: Options, start: int, end: int) -> None:
    """Stores what a call is asked for, as Blender's does."""
    paths = settings(obj)
    paths.type = options.type
    paths.range = options.range
    paths.bake_location = options.bake_location
    if (paths.frame_start, paths.frame_end) == (start, end):
        return
    if start < 0:
        _let_blender_set_range(obj, options, (start, end))
        return
    # Each pushes the other one away, so the first may need a second try.
    paths.frame_start = start
    paths.frame_end = end
    paths.frame_start = start


def _let_blender_set_range(obj, options: Options, frames: tuple[int, int]) -> None:
    """Has Blender store the range of new paths, without any being made."""
    if frames == scene_range(bpy.context.scene):
        bpy.ops.pose.paths_range_update()
        return
    owner = flag_owner(obj)
    selected = read_flag(owner, "select")
    owner.foreach_set("select", bytes(len(selected)))
    try:
        with safe_for_stock(obj):
            bpy.ops.pose.paths_calculate(**options.arguments())
    finally:
        owner.foreach_set("select", selected)


def is_before_camera(scene, obj) -> bool:
    """Whether points are to be where a camera sees them."""
    return settings(obj).use_camera_space_bake and scene.camera is not None


def camera_matrix(context) -> array | None:
    """The matrix from the world to what the camera sees, as each version stores it: before the
    camera up to 5.1, on its picture since 5.2, where the fourth coordinate divides.

    None if it moves.
    """
    scene, camera = context.scene, context.scene.camera
    data = camera.data
    if not is_still(camera) or is_animated(scene) or (data is not None and is_animated(data)):
        return None
    matrix = camera.matrix_world.inverted_safe()
    if SEES_PICTURE:
        render = scene.render
        matrix = (
            camera.calc_matrix_camera(
                context.evaluated_depsgraph_get(),
                x=render.resolution_x,
                y=render.resolution_y,
                scale_x=render.pixel_aspect_x,
                scale_y=render.pixel_aspect_y,
            )
            @ matrix
        )
    return array("f", [value for column in matrix.col for value in column])


def can_make(obj) -> bool:
    """Whether the action can be taken off for a moment."""
    return obj.is_editable and obj.override_library is None


@contextlib.contextmanager
def taken_off(context, obj, animated: Animated) -> Iterator[None]:
    """While the block runs the object has no action; what that is to change, `animated`, stays."""
    data = obj.animation_data
    kept = KeptPose({data.action}, {channelbag(obj).as_pointer(): animated})
    action, slot = data.action, data.action_slot
    data.action = None
    try:
        yield
    finally:
        data.action = action
        data.action_slot = slot
        kept.restore(context)


def make(
    obj, todo: Wanted, options: Options, off: contextlib.AbstractContextManager | None
) -> None:
    """Makes the missing paths, with points that are not calculated yet.

    Only Blender makes paths, and it evaluates every frame meanwhile; without its action, which
    `off` takes off, the armature costs nothing. The settings must be those of the call.
    """
    looks = remove(obj, todo.turned) if todo.turned else {}
    arguments = {**options.arguments(), "range": "MANUAL"}
    try:
        with safe_for_stock(obj) if off is None else off:
            bpy.ops.pose.paths_calculate(**arguments)
    finally:
        settings(obj).range = options.range
        restore_looks(obj, looks)
        _tell(obj, todo.missing)


def _tell(obj, bones: list[int]) -> None:
    """Has Blender take over the object as it is now; writing one path does that."""
    for path in (obj.pose.bones[bone].motion_path for bone in bones):
        if path is not None:
            path.lines = path.lines
            return


def made(obj, todo: Wanted) -> list:
    """The paths themselves, as Blender has them now."""
    bones = obj.pose.bones
    if len(todo) > 1:
        # Blender walks to each bone that it is asked for by number.
        bones = bones.values()
    return [bones[bone].motion_path for bone in todo.bones]


def write(paths: list, todo: Wanted, points: array) -> None:
    """Writes the points of all paths, which lie one path after the other."""
    view = memoryview(points)
    at = 0
    for path, length in zip(paths, todo.length, strict=True):
        path.points.foreach_set("co", view[at : at + 3 * length])
        at += 3 * length


def addresses(paths: list) -> list[int] | None:
    """Where the points of each path lie; None if they do not lie as they are known to."""
    found = []
    if not KNOWN_POINTS:
        return None
    for path in paths:
        points = path.points
        first = points[0].as_pointer()
        if points[1].as_pointer() - first != 16:
            return None
        found.append(first)
    return found


@dataclass
class MarkedCurves:
    """The curves whose keys each path shows, one path after the other, by their place in
    `places`, which are places in the action."""

    starts: array
    curves: array
    places: list[int]


def marked_curves(obj, todo: Wanted, curve_list: CurveList, bone_of: array) -> MarkedCurves:
    """The curves of the group with the bone's name; or all of the bone, if the settings say so.

    `bone_of` says which bone each curve of the action animates.
    """
    if settings(obj).show_keyframe_action_all:
        if bpy.app.version < (5, 2):
            # Blender 4.5 to 5.1 show every bone the keys of all.
            lists = [range(len(curve_list))] * len(todo)
        else:
            of_bone: dict[int, list[int]] = {}
            for place, bone in enumerate(bone_of):
                if curve_list.path(place).startswith('pose.bones["'):
                    of_bone.setdefault(bone, []).append(place)
            lists = [of_bone.get(bone, ()) for bone in todo.bones]
    else:
        names = obj.pose.bones.keys()
        groups = _groups(curve_list.bag)
        lists = [groups.get(names[bone], ()) for bone in todo.bones]
    places = sorted(set().union(*lists))
    number = {place: at for at, place in enumerate(places)}
    starts, curves = array("Q", [0]), array("I")
    for each in lists:
        curves.extend(map(number.__getitem__, each))
        starts.append(len(curves))
    return MarkedCurves(starts, curves, places)


def _groups(bag) -> dict[str, range]:
    """Places of the curves of each group: a channelbag holds them one group after the other."""
    found: dict[str, range] = {}
    start = 0
    for group in bag.groups:
        count = len(group.channels)
        found.setdefault(group.name, range(start, start + count))
        start += count
    return found
