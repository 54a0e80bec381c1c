"""limber.loc_clear, rot_clear, scale_clear and transforms_clear against Blender's."""

from __future__ import annotations

import pytest
from differential import compare_with_stock
from scene import Options

NAMES = ("loc_clear", "rot_clear", "scale_clear", "transforms_clear")


@pytest.mark.parametrize("name", NAMES)
def test_clear(name):
    compare_with_stock(name, options=Options(locks=0.5, mirror_option=0.3, auto_key=0))
