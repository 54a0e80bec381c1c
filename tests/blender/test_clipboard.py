"""Copying and pasting poses against Blender's."""

from __future__ import annotations

import os

import bpy
import pytest
from differential import compare_with_stock
from scene import Options

pytestmark = pytest.mark.usefixtures("addon")

OPTIONS = Options(auto_key=0, custom_properties=0.4, bendy=0.3, side_names=0.8)


def test_copy():
    compare_with_stock("copy", options=OPTIONS, changes=0)


def copied_by(name: str):
    """A call that copies with `pose` or `limber`, changes the pose, and then pastes."""

    def call(operator, scene, arguments):
        module = bpy.ops.limber if "LIMBER" in operator.idname() else bpy.ops.pose
        {"own": module, "stock": bpy.ops.pose}[name].copy()
        for obj in scene.objects:
            for number, bone in enumerate(obj.pose.bones):
                bone.location = (0.1 * number, 0.2, 0.3)
                bone.rotation_mode = ("XYZ", "QUATERNION", "AXIS_ANGLE", "ZYX")[number % 4]
                bone.rotation_quaternion = (0.5, 0.1, 0.2, 0.6)
                bone.rotation_axis_angle = (0.3, 0.0, 0.6, 0.8)
                bone.scale = (1.0, 2.0, 1.5)
        return operator(**arguments)

    return call


def any_paste(random, scene) -> dict:
    return {
        name: random.random() < share
        for name, share in (("flipped", 0.5), ("selected_mask", 0.4))
        if random.random() < 0.9
    }


@pytest.mark.parametrize("copier", ("own", "stock"))
def test_paste(copier):
    compare_with_stock("paste", any_paste, OPTIONS, tolerance=5e-6, call=copied_by(copier))


def test_keys_of_paste():
    options = Options(auto_key=1, custom_properties=0.4, bendy=0.3, locks=0.3)
    compare_with_stock("paste", any_paste, options, tolerance=5e-6, call=copied_by("own"))


def test_the_clipboards_are_one():
    """Stock pastes what Limber copied; Limber pastes what stock, or another Blender, copied."""

    def crossed(operator, scene, arguments):
        bpy.ops.limber.copy()
        for obj in scene.objects:
            for bone in obj.pose.bones:
                bone.location = (9.0, 9.0, 9.0)
        # Limber's own copy is still in memory, but it is no longer the newest.
        bpy.ops.pose.copy()
        for obj in scene.objects:
            for bone in obj.pose.bones:
                bone.location = (1.0, 2.0, 3.0)
        return operator(**arguments)

    compare_with_stock("paste", any_paste, OPTIONS, count=60, call=crossed)


def test_stock_pastes_a_limber_copy():
    def swapped(operator, scene, arguments):
        limber = "LIMBER" in operator.idname()
        (bpy.ops.limber if limber else bpy.ops.pose).copy()
        for obj in scene.objects:
            for bone in obj.pose.bones:
                bone.location = (9.0, 9.0, 9.0)
        return bpy.ops.pose.paste(**arguments)

    compare_with_stock("paste", any_paste, OPTIONS, count=60, call=swapped)


def test_an_empty_clipboard():
    def emptied(operator, scene, arguments):
        folder = bpy.app.tempdir.rstrip("/").rpartition("/")[0]
        for name in ("copybuffer_pose.blend",):
            path = f"{folder}/{name}"
            if os.path.exists(path):
                os.remove(path)
        return operator(**arguments)

    compare_with_stock("paste", any_paste, OPTIONS, count=20, call=emptied, changes=0)
