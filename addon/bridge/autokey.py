# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto-keying: the keys that Blender's own operators would leave after a change.

Clears and paste key by way of a keying set, under the preferences of manual insertion. Key
insertion itself is Blender's `keyframe_insert`; it maps the frame of a tweaked NLA strip, honours
locked curves and makes actions, slots, curves and groups as any insertion does.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from . import keying_sets
from .keying_sets import Channel


@dataclass(frozen=True)
class Settings:
    """How keys are inserted."""

    frame: float
    key_type: str
    options: set[str] = field(default_factory=set)


def enabled(context) -> bool:
    """Whether operators are to key what they change."""
    return context.scene.tool_settings.use_keyframe_insert_auto


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
    return Settings(frame, tools.keyframe_type, options)


def _may_key(context, obj, frame: float) -> bool:
    """In mode Replace an object is keyed only where its action has a key already."""
    if context.scene.tool_settings.auto_keying_mode != "REPLACE_KEYS":
        return True
    return keying_sets.has_key(obj, frame)


def insert(channels: list[Channel], settings: Settings) -> None:
    """Inserts a key of the present value on each channel.

    Blender prints why a channel could not be keyed; the others are keyed all the same.
    """
    for channel in channels:
        # A path that leads nowhere, such as one of a deleted property, raises.
        with contextlib.suppress(RuntimeError, TypeError):
            _insert(channel, channel.index, settings)


def _insert(channel: Channel, index: int, settings: Settings) -> None:
    try:
        channel.owner.keyframe_insert(
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
        _insert(channel, -1, settings)


def key_bones(context, obj, pose_bones: list, keying_set: str, frame: float | None = None) -> None:
    """Keys bones of one object with a keying set, on the whole current frame unless one is given.

    The active keying set replaces it if the user wants only that one keyed; the set Available
    does if only existing curves are wanted.
    """
    scene = context.scene
    if not _may_key(context, obj, scene.frame_current_final):
        return
    settings = _manual_settings(context, scene.frame_current if frame is None else frame)
    active = scene.keying_sets_all.active
    if scene.tool_settings.use_keyframe_insert_keyingset and active is not None:
        channels = keying_sets.of_set(context, active, pose_bones)
    elif context.preferences.edit.use_keyframe_insert_available:
        channels = keying_sets.of_builtin(context, "Available", obj, pose_bones)
    else:
        channels = keying_sets.of_builtin(context, keying_set, obj, pose_bones)
    insert(channels, settings)
