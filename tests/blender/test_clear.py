"""limber.loc_clear, rot_clear, scale_clear and transforms_clear against Blender's."""

from __future__ import annotations

import importlib

import pytest
import session
from differential import compare_with_stock
from scene import Options

NAMES = ("loc_clear", "rot_clear", "scale_clear", "transforms_clear")


@pytest.mark.parametrize("name", NAMES)
def test_clear(name, addon, monkeypatch):
    module = importlib.import_module(f"{session.MODULE}.ops.clear")
    monkeypatch.setattr(module, "stock_pays", lambda context: False)
    compare_with_stock(name, options=Options(locks=0.5, mirror_option=0.3, auto_key=0))


@pytest.mark.parametrize("name", NAMES)
def test_clear_whoever_does_the_work(name):
    compare_with_stock(name, options=Options(locks=0.3, auto_key=0), count=50)
