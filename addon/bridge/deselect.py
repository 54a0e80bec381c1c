# SPDX-License-Identifier: GPL-3.0-or-later
"""Deselecting the keys that the open animation editors list."""

from __future__ import annotations

from array import array

from .bones import selected_mask
from .curves import channelbag

_MODES = {"DOPESHEET_EDITOR": {"TIMELINE", "DOPESHEET"}, "GRAPH_EDITOR": {"FCURVES"}}
"""The editors and their modes that list keys of many data blocks."""

_SELECTIONS = ("select_control_point", "select_left_handle", "select_right_handle")


def deselect_listed_keys(context) -> None:
    """Deselects all keys of the data blocks that an open dope sheet or graph editor lists.

    Curves of bones that are hidden or not selected count as listed.
    """
    done = set()
    for dopesheet in _dopesheets(context):
        for owner in _listed(context, dopesheet):
            if owner is not None and owner.session_uid not in done:
                done.add(owner.session_uid)
                _deselect(owner)


def _dopesheets(context):
    """The filters of the open editors that show curves."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            space = area.spaces.active
            modes = _MODES.get(area.type)
            if modes is not None and space.mode in modes:
                yield space.dopesheet


def _listed(context, dopesheet):
    """The data blocks whose animation an editor lists, as far as posing has to do with them."""
    scene, layer = context.scene, context.view_layer
    yield scene
    if scene.world is not None:
        yield scene.world
    for obj in layer.objects:
        if not dopesheet.show_hidden and not obj.visible_get(view_layer=layer):
            continue
        if dopesheet.show_only_selected and not _is_selected(obj, layer):
            continue
        yield obj
        yield obj.data
        yield getattr(obj.data, "shape_keys", None)
        for slot in obj.material_slots:
            yield slot.material


def _is_selected(obj, layer) -> bool:
    """Whether an object counts as selected; one in pose mode does by its bones."""
    if obj.mode == "POSE":
        return 1 in selected_mask(obj).tobytes()
    return obj.select_get(view_layer=layer)


def _deselect(owner) -> None:
    bag = channelbag(owner) if hasattr(owner, "animation_data") else None
    if bag is None:
        return
    for curve in bag.fcurves:
        points = curve.keyframe_points
        nothing = array("b", bytes(len(points)))
        for name in _SELECTIONS:
            points.foreach_set(name, nothing)
