# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto-keying: the keys that Blender's own operators would leave after a change.

Clears and paste key by way of a keying set, under the preferences of manual insertion. Key
insertion itself is Blender's `keyframe_insert`; it maps the frame of a tweaked NLA strip, honours
locked curves and makes actions, slots, curves and groups as any insertion does.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

import bpy

from . import keying_sets
from .bones import posed_objects, selected_mask
from .curves import channelbag
from .deselect import deselect_listed_keys
from .key_failures import NLA, Failures
from .keying_sets import Channel
from .known_curves import KnownCurves
from .recalculated_paths import recalculate, recalculate_around

LOCATION, ROTATION, SCALE, BBONE, PROPERTIES = 1, 2, 4, 8, 16
"""Classes of what a slide moves; a bone's are combined by OR."""

_BENDY = (
    *("bbone_rollin", "bbone_rollout", "bbone_curveinx", "bbone_curveoutx"),
    *("bbone_curveinz", "bbone_curveoutz", "bbone_easein", "bbone_easeout"),
    *("bbone_scalein", "bbone_scaleout"),
)
"""The bendy-bone properties in the order in which a slide makes their curves."""

_KEYS_CLASSES = bpy.app.version >= (5, 2)
"""Whether slides key the classes that they move, and not what the set Whole Character names."""

SLIDE_WORK = 1_000_000 if _KEYS_CLASSES else 150_000
"""Blender's `work` below which it keys a slide faster than a script can."""
CLEAR_WORK = 30_000 if _KEYS_CLASSES else 200_000
"""The same for clears."""
STYLED_CLEAR_WORK = 30_000 if _KEYS_CLASSES else 10**10
"""The same for clears, where the preferences ask for other keys than `keyframe_insert` makes."""


@dataclass(frozen=True)
class Settings:
    """How keys are inserted."""

    frame: float
    key_type: str
    options: set[str] = field(default_factory=set)
    one_by_one: bool = False
    """Whether components are keyed one by one, as through a keying set."""


def enabled(context) -> bool:
    """Whether operators are to key what they change."""
    return context.scene.tool_settings.use_keyframe_insert_auto


def is_visual(context) -> bool:
    """Whether what constraints make of a bone is to be keyed, if anything is.

    That is left to Blender: it then also keys components that a property does not have.
    """
    return enabled(context) and context.preferences.edit.use_visual_keying


def work(objects: list) -> int:
    """The pairs of a curve and a selected bone: so often Blender compares a path to key them.

    Without any selected bone all of them count, since slides act on them.
    """
    counts = [sum(selected_mask(obj)) for obj in objects]
    if not any(counts):
        counts = [len(obj.pose.bones) for obj in objects]
    bags = map(channelbag, objects)
    pairs = zip(bags, counts, strict=True)
    return sum(len(bag.fcurves) * count for bag, count in pairs if bag is not None)


def _manual_settings(context, frame: float) -> Settings:
    """Insertion through a keying set: the preferences of manual insertion apply."""
    edit = context.preferences.edit
    options = set()
    if edit.use_keyframe_insert_needed:
        options.add("INSERTKEY_NEEDED")
    if edit.use_visual_keying:
        options.add("INSERTKEY_VISUAL")
    tools = context.scene.tool_settings
    if tools.use_keyframe_cycle_aware:
        options.add("INSERTKEY_CYCLE_AWARE")
    return Settings(frame, tools.keyframe_type, options, one_by_one=True)


def _automatic_settings(context) -> Settings:
    """Insertion of properties one by one: the preferences of auto-keying apply."""
    scene = context.scene
    edit = context.preferences.edit
    tools = scene.tool_settings
    options = {
        name
        for name, wanted in (
            ("INSERTKEY_NEEDED", edit.use_auto_keyframe_insert_needed),
            ("INSERTKEY_VISUAL", edit.use_visual_keying),
            ("INSERTKEY_AVAILABLE", edit.use_keyframe_insert_available),
            ("INSERTKEY_REPLACE", tools.auto_keying_mode == "REPLACE_KEYS"),
            ("INSERTKEY_CYCLE_AWARE", tools.use_keyframe_cycle_aware),
        )
        if wanted
    }
    return Settings(scene.frame_current_final, tools.keyframe_type, options)


def takes_keys(context, obj) -> bool:
    """Whether operators are to key what they change of an object on the current frame."""
    return enabled(context) and _may_key(context, obj, context.scene.frame_current_final)


def _may_key(context, obj, frame: float) -> bool:
    """In mode Replace an object is keyed only where its action has a key already."""
    if context.scene.tool_settings.auto_keying_mode != "REPLACE_KEYS":
        return True
    return keying_sets.has_key(obj, frame)


def insert(channels: list[Channel], settings: Settings, obj=None) -> None:
    """Inserts a key of the present value on each channel; for use in `unchanged_pose` and `told`.

    If all channels are of one object or its bones, giving that makes it faster. A channel that
    cannot be keyed does not keep the others from it.
    """
    known = KnownCurves.of(obj, len(channels), settings)
    together = None
    failures = Failures()
    for channel in channels:
        # Blender's keying sets key, and tell of, one property after the other.
        if settings.one_by_one or channel.owner != together:
            failures.tell()
            failures, together = Failures(), channel.owner
        if known is None or not known.insert(channel, failures):
            _insert_slowly(channel, settings, failures)
    failures.tell()


def _insert_slowly(channel: Channel, settings: Settings, failures: Failures) -> None:
    """Inserts by Blender's own search for the curve."""
    printed = io.StringIO()
    # A path that leads nowhere, such as one of a deleted property, raises.
    with (
        contextlib.suppress(RuntimeError, TypeError, ValueError),
        contextlib.redirect_stdout(printed),
    ):
        done = [_insert(channel, index, settings) for index in _indices(channel, settings)]
        failures.inserted = failures.inserted or any(done)
        if done == [False] and settings.one_by_one and channel.index < 0:
            _count_others(channel.owner.path_resolve(channel.path), failures)
    failures.add_printed(printed.getvalue())


def _count_others(value, failures: Failures) -> None:
    """Counts the components beside each single one, as Blender's keying sets do by mistake."""
    if not isinstance(value, (bool, int, float, str)):
        failures.add(NLA, len(value) * (len(value) - 1))


def _indices(channel: Channel, settings: Settings) -> Iterable[int]:
    """The components to key; -1 = all of them.

    Visual keying takes any property with "location", "rotation" or "scale" in its name for that of
    a transformation, with as many components as that has, unless they are keyed one by one.
    """
    visual = settings.one_by_one and "INSERTKEY_VISUAL" in settings.options
    if not visual or channel.index >= 0 or not channel.path.endswith("]"):
        return (channel.index,)
    value = channel.owner.path_resolve(channel.path)
    return (-1,) if isinstance(value, (bool, int, float, str)) else range(len(value))


def _insert(channel: Channel, index: int, settings: Settings) -> bool:
    """Whether a key was inserted; if not Blender prints why."""
    try:
        return channel.owner.keyframe_insert(
            channel.path,
            index=index,
            frame=settings.frame,
            group=channel.group,
            options=settings.options,
            keytype=settings.key_type,
        )
    except TypeError:
        # An index is refused where there are no components, though the curve has it.
        if index != 0:
            raise
        return _insert(channel, -1, settings)


def key_bones(context, obj, pose_bones: list, keying_set: str, frame: float | None = None) -> bool:
    """Keys bones of one object with a keying set, on the whole current frame unless one is given.

    The active keying set replaces it if the user wants only that one keyed; the set Available
    does if only existing curves are wanted. False if the object takes no keys on this frame.
    """
    scene = context.scene
    if not _may_key(context, obj, scene.frame_current_final):
        return False
    settings = _manual_settings(context, scene.frame_current if frame is None else frame)
    active = _only_set(context)
    if active is not None:
        channels = keying_sets.of_set(context, active, pose_bones)
    elif context.preferences.edit.use_keyframe_insert_available:
        channels = keying_sets.of_builtin(context, "Available", obj, pose_bones)
    else:
        channels = keying_sets.of_builtin(context, keying_set, obj, pose_bones)
    insert(channels, settings, obj if active is None else None)
    return True


def _only_set(context):
    """The active keying set, if the user wants only that one keyed; else None."""
    scene = context.scene
    if not scene.tool_settings.use_keyframe_insert_keyingset:
        return None
    return scene.keying_sets_all.active


def key_quaternions(context, obj, pose_bones: list) -> None:
    """Keys the quaternions of bones of one object, on the current frame with its fraction."""
    scene = context.scene
    if not _may_key(context, obj, scene.frame_current_final):
        return
    active = _only_set(context)
    if active is not None:
        settings = _manual_settings(context, scene.frame_current_final)
        insert(keying_sets.of_set(context, active, pose_bones), settings)
        return
    channels = [Channel(bone, "rotation_quaternion", -1, bone.name) for bone in pose_bones]
    insert(channels, _automatic_settings(context), obj)


def slides_to_key(context, subjects: list) -> list[tuple]:
    """Prepares the keys of a slide and gives back the subjects that get any.

    Subjects are (object, [(pose bone, classes)]), for each object what a slide moved.
    """
    if not _KEYS_CLASSES:
        # Blender before 5.2 does this for every posed object with an action, without subjects too.
        moved = {obj.session_uid: bones for obj, bones in subjects}
        subjects = [
            (obj, moved.get(obj.session_uid, []))
            for obj in posed_objects(context)
            if obj.animation_data is not None and obj.animation_data.action is not None
        ]
    exact = context.scene.frame_current_final
    subjects = [(obj, moved) for obj, moved in subjects if _may_key(context, obj, exact)]
    if subjects and _KEYS_CLASSES:
        deselect_listed_keys(context)
    return subjects


def key_slide(context, obj, moved: list) -> None:
    """Keys what a slide moved of one object: pairs of a pose bone and its classes.

    Blender before 5.2 keys the set Whole Character of every bone, since then the classes that have
    curves.
    """
    pose_bones = [bone for bone, _ in moved]
    if not _KEYS_CLASSES:
        key_bones(context, obj, pose_bones, "WholeCharacter")
        return
    active = _only_set(context)
    if active is not None:
        settings = _manual_settings(context, context.scene.frame_current_final)
        insert(keying_sets.of_set(context, active, pose_bones), settings)
    else:
        channels = [one for bone, classes in moved for one in _of_classes(bone, classes)]
        insert(channels, _automatic_settings(context), obj)


def recalculate_paths(context, subjects: list, keyed: list) -> None:
    """Calculates motion paths anew after `keyed` of the subjects of a slide got their keys."""
    if not _KEYS_CLASSES:
        recalculate(context, [obj for obj, _ in keyed])
    elif keyed:
        recalculate_around(context, [obj for obj, _ in subjects], context.scene.frame_current)


def _of_classes(bone, classes: int) -> list[Channel]:
    found = []
    if classes & LOCATION:
        found.append(Channel(bone, "location", -1, bone.name))
    if classes & ROTATION:
        found += keying_sets.rotation(bone)
    if classes & SCALE:
        found.append(Channel(bone, "scale", -1, bone.name))
    if classes & BBONE:
        found += [Channel(bone, path, -1, bone.name) for path in _BENDY]
    if classes & PROPERTIES:
        found += keying_sets.custom(bone)
    return found
