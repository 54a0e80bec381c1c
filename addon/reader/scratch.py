# SPDX-License-Identifier: GPL-3.0-or-later
"""Data made for a moment: a file of Blender's with its SDNA, and curves of every kind.

Everything is removed again; nothing of it reaches the scene, a file or the undo history.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import bpy

_INTERPOLATIONS = (
    *("CONSTANT", "LINEAR", "BEZIER", "BACK", "BOUNCE", "CIRC", "CUBIC"),
    *("ELASTIC", "EXPO", "QUAD", "QUART", "QUINT", "SINE"),
)
_EASINGS = ("AUTO", "EASE_IN", "EASE_OUT", "EASE_IN_OUT")
_HANDLES = ("FREE", "AUTO", "VECTOR", "ALIGNED", "AUTO_CLAMPED")
_KEY_TYPES = tuple(bpy.types.Keyframe.bl_rna.properties["type"].enum_items.keys())


def blend_file() -> bytes:
    """A small file as the running Blender writes it."""
    folder = tempfile.mkdtemp(prefix="limber-")
    path = os.path.join(folder, "layout.blend")
    text = bpy.data.texts.new(".limber")
    try:
        bpy.data.libraries.write(path, {text}, compress=False)
        with open(path, "rb") as file:
            return file.read()
    finally:
        bpy.data.texts.remove(text)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Curves:
    """Curves to be read both ways."""

    bag: object
    """A channelbag of curves of every kind."""
    driven: object
    """A curve with a driver; it is in no channelbag."""
    decimal: object
    """Curves of properties of three kinds, as Blender makes them."""
    whole: object
    switch: object


@contextmanager
def curves() -> Iterator[Curves]:
    """Curves of every kind while the block runs."""
    action = bpy.data.actions.new(".limber")
    owner = bpy.data.objects.new(".limber", None)
    try:
        slot = action.slots.new("OBJECT", "limber")
        strip = action.layers.new("limber").strips.new(type="KEYFRAME")
        bag = strip.channelbag(slot, ensure=True)
        data = owner.animation_data_create()
        data.action, data.action_slot = action, slot
        _add_every_kind(bag)
        kinds = [_keyed(owner, bag, name, value) for name, value in _VALUES.items()]
        driven = owner.driver_add("location", 0)
        # Curves may have moved while others were added.
        yield Curves(bag, driven, *(bag.fcurves.find(path) for path in kinds))
    finally:
        bpy.data.objects.remove(owner)
        bpy.data.actions.remove(action)


@contextmanager
def rig(names: list[str]) -> Iterator:
    """A channelbag with ten curves of ten keys for each bone while the block runs."""
    action = bpy.data.actions.new(".limber")
    try:
        slot = action.slots.new("OBJECT", "limber")
        strip = action.layers.new("limber").strips.new(type="KEYFRAME")
        bag = strip.channelbag(slot, ensure=True)
        for i, name in enumerate(names):
            for prop, size in (("location", 3), ("rotation_quaternion", 4), ("scale", 3)):
                for component in range(size):
                    curve = bag.fcurves.new(f'pose.bones["{name}"].{prop}', index=component)
                    curve.keyframe_points.add(10)
                    wave = [(i * 7 + component * 3 + k * k) % 13 / 4 for k in range(10)]
                    numbers = [n for k in range(10) for n in (1.0 + 3.0 * k, wave[k])]
                    curve.keyframe_points.foreach_set("co", numbers)
                    curve.update()
        yield bag
    finally:
        bpy.data.actions.remove(action)


_VALUES = {"decimal": (0.25, 5.5), "whole": (1, 4), "switch": (False, True)}


def _keyed(owner, bag, name: str, values: tuple) -> str:
    """The path of a custom property that was keyed as the user does it."""
    path = f'["{name}"]'
    for frame, value in zip((1.0, 11.0), values, strict=True):
        owner[name] = value
        owner.keyframe_insert(path, frame=frame)
    for key in bag.fcurves.find(path).keyframe_points:
        key.interpolation = "LINEAR"
    return path


def _add_every_kind(bag) -> None:
    curve = bag.fcurves.new
    curve("location", index=0)
    _add(curve('pose.bones["a"].location', index=1), 1)
    _add(curve('pose.bones["b\\"\\\\]"].rotation_quaternion', index=3), 2)
    _add(curve('pose.bones["\u00e9\u4e2d"]["prop"]', index=7), 3)
    many = curve('pose.bones["a"].scale', index=2)
    _add(many, 40)
    many.extrapolation = "LINEAR"
    many.auto_smoothing = "NONE"
    many.mute = many.lock = True
    grouped = curve('pose.bones["a"].rotation_euler', index=0)
    grouped.group = bag.groups.new("group")
    _add(grouped, 5)
    grouped.extrapolation = "LINEAR"
    _add(curve("x" * 300, index=2147483647), 2)
    modified = curve('pose.bones["a"].bbone_easein')
    _add(modified, 4)
    modified.modifiers.new("NOISE")
    modified.modifiers.new("LIMITS")
    sampled = curve('pose.bones["a"].bbone_rollin')
    _add(sampled, 4)
    sampled.convert_to_samples(0, 12)


def _add(curve, count: int) -> None:
    """Keys of which no two are alike."""
    points = curve.keyframe_points
    points.add(count)
    for i, key in enumerate(points):
        frame, value = 1.5 + 3.0 * i, (7 * i % 11) - 4.25
        key.co = (frame, value)
        key.handle_left_type = _HANDLES[i % 5]
        key.handle_right_type = _HANDLES[(i // 2 + 2) % 5]
        key.interpolation = _INTERPOLATIONS[i % 13]
        key.easing = _EASINGS[(i // 3) % 4]
        key.back, key.amplitude, key.period = 1.0 + i / 8, 0.5 + i / 4, 3.0 + i / 2
        key.type = _KEY_TYPES[i % len(_KEY_TYPES)]
        key.select_control_point = i % 2 == 0
        key.select_left_handle = i % 3 == 0
        key.select_right_handle = i % 4 < 2
    # After the handle types, which move handles.
    for i, key in enumerate(points):
        frame, value = key.co
        key.handle_left = (frame - 1.0 - i / 64, value - 0.5)
        key.handle_right = (frame + 0.75 + i / 64, value + 1.25)
