# SPDX-License-Identifier: GPL-3.0-or-later
"""What the animation of an object sets."""

from __future__ import annotations

import math
from array import array

import bpy

_TRUE = 1.0 - 2.0**-23
"""Above that an animated switch is on."""


def has_tracks(obj) -> bool:
    """Whether the animation is more than the curves of one action."""
    data = obj.animation_data
    if data is None or data.action is None:
        return False
    return bool(data.use_nla and data.nla_tracks)


def muted(bag) -> array:
    """A byte a curve: it is muted ('b')."""
    values = array("b", bytes(len(bag.fcurves)))
    bag.fcurves.foreach_get("mute", values)
    return values


def set_custom(bone, escaped: str, component: int, value: float) -> None:
    """Sets one number of a custom property as animation does: within its limits, but one that is
    the curve's already stays, wherever it lies."""
    name = bpy.utils.unescape_identifier(escaped)
    old = bone.get(name)
    if hasattr(old, "typecode"):
        if 0 <= component < len(old):
            old[component] = _as_kind(bone, name, old[component], value)
    elif isinstance(old, (bool, int, float)) and component <= 0:
        bone[name] = _as_kind(bone, name, old, value)


def _as_kind(bone, name: str, old, value: float):
    if isinstance(old, bool):
        return value > _TRUE
    if isinstance(old, int) and (not math.isfinite(value) or int(value) == old):
        return old
    if value == array("f", (old,))[0]:
        return old
    limits = bone.id_properties_ui(name).as_dict()
    if limits.get("items"):
        return int(value)
    kept = min(max(value, limits.get("min", value)), limits.get("max", value))
    return int(kept) if isinstance(old, int) else kept


def set_property(owner, path: str, value: float) -> None:
    """Sets a number such as a constraint's influence, unless it has the value already."""
    parent, _, name = path.rpartition(".")
    try:
        holder = owner.path_resolve(parent)
    except ValueError:
        return
    old = getattr(holder, name, None)
    if isinstance(old, float) and old != value:
        setattr(holder, name, value)
