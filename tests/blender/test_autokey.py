"""The keys that auto-keying leaves after a clear, inserted by Blender or by the add-on."""

from __future__ import annotations

import own_keys
import pytest
from differential import compare_with_stock
from scene import Options

NAMES = ("loc_clear", "rot_clear", "scale_clear", "transforms_clear")


@pytest.mark.parametrize("name", NAMES)
def test_keys_of_clear(name):
    compare_with_stock(name, options=Options(auto_key=1, locks=0.4))


@pytest.mark.parametrize("name", NAMES)
def test_own_keys_of_clear(name):
    with own_keys.always():
        compare_with_stock(name, options=Options(auto_key=1, locks=0.4))


def turn_a_little(random, scene) -> None:
    """Small angles, of which the axis is least exact, and a lock on every bone."""
    for obj in scene.objects:
        for bone in obj.pose.bones:
            bone.rotation_axis_angle[0] *= 0.05
            bone.lock_rotations_4d = False
            bone.lock_rotation[random.randrange(3)] = True


@pytest.mark.parametrize("name", ("rot_clear", "transforms_clear"))
def test_partly_locked_bones_on_the_other_side(name):
    """Where Blender keys, it clears them twice, which changes their axes by a rounding."""
    options = Options(
        auto_key=0.8,
        mirror_option=1.0,
        unselected=0.5,
        rotation_modes=("AXIS_ANGLE", "QUATERNION"),
    )
    with own_keys.always():
        compare_with_stock(name, options=options, count=100, prepare=turn_a_little, tolerance=5e-6)
