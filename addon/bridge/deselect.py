# SPDX-License-Identifier: GPL-3.0-or-later
"""Deselecting the keys that the open animation editors list."""

from __future__ import annotations

import re

import bpy

from .bones import names, posed_objects, selected_mask
from .curves import channelbag

_ALL, _ACTIVE = "all", "active"
_MODES = {
    ("DOPESHEET_EDITOR", "TIMELINE"): _ALL,
    ("DOPESHEET_EDITOR", "DOPESHEET"): _ALL,
    ("DOPESHEET_EDITOR", "ACTION"): _ACTIVE,
    ("GRAPH_EDITOR", "FCURVES"): _ALL,
}
"""The editors and their modes that list keys: of all data blocks, or of the active object."""

_BONE = re.compile(r'pose\.bones\["((?:[^"\\]|\\.)*)"\]')


def deselect_listed_keys(context) -> None:
    """Deselects all keys of the actions of which an open dope sheet or graph editor lists a curve.

    That takes in the curves of unselected bones and of other slots. The editors' own switches for
    hidden or unselected data do not matter; their text filters are not looked at.
    """
    scopes = set(_scopes(context))
    if not scopes:
        return
    objects = posed_objects(context)
    if _ALL not in scopes:
        objects = [obj for obj in objects if obj == context.object]
    owners = [obj for obj in objects if _lists_any(obj)]
    if _ALL in scopes:
        owners += [one for one in _others(context, objects) if one is not None and _has_any(one)]
    done = set()
    for owner in owners:
        action = owner.animation_data.action
        if action.session_uid not in done:
            done.add(action.session_uid)
            action.deselect_keys()


def _scopes(context):
    """Whose keys the open editors list."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            space = area.spaces.active
            scope = _MODES.get((area.type, getattr(space, "mode", "")))
            if scope is not None and not space.dopesheet.show_only_errors:
                yield scope


def _others(context, objects: list):
    """The data blocks besides posed objects that posing has to do with."""
    yield context.scene
    yield context.scene.world
    for obj in objects:
        yield obj.data


def _has_any(owner) -> bool:
    bag = channelbag(owner)
    return bag is not None and len(bag.fcurves) > 0


def _lists_any(obj) -> bool:
    """Whether a curve of the object is listed: not one of a bone that is hidden or unselected."""
    bag = channelbag(obj)
    if bag is None:
        return False
    mask = selected_mask(obj)
    left_out = {name for name, selected in zip(names(obj), mask, strict=True) if not selected}
    for curve in bag.fcurves:
        found = _BONE.match(curve.data_path)
        if found is None or bpy.utils.unescape_identifier(found[1]) not in left_out:
            return True
    return False
