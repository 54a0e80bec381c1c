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
