# SPDX-License-Identifier: GPL-3.0-or-later
"""What the animation of an object sets."""

from __future__ import annotations

from array import array

import bpy

_TRUE = 1.0 - 2.0**-23
"""Above that an animated switch is on."""


def needs_blender(obj) -> bool:
    """Whether the animation is more than the curves of one action: NLA, or animated modes."""
    data = obj.animation_data
    if data is None or data.action is None:
        return False
    if data.use_nla and data.nla_tracks:
        return True
    for layer in data.action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(data.action_slot) if data.action_slot else None
            if bag is not None and any(
                curve.data_path.endswith(".rotation_mode") for curve in bag.fcurves
            ):
                return True
    return False


def playing(bag) -> bytes:
    """A byte a curve: it takes part in the animation."""
    curves = bag.fcurves
    muted = array("b", bytes(len(curves)))
    curves.foreach_get("mute", muted)
    plays = bytearray(not value for value in muted)
    for i, curve in enumerate(curves):
        if plays[i] and curve.is_empty:
            plays[i] = 0
    return bytes(plays)


def set_custom(bone, escaped: str, component: int, value: float) -> None:
    """Sets one number of a custom property as animation does: within its limits."""
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
