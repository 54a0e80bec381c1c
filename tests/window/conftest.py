"""One Blender window with the add-on, shared by the window tests."""

from __future__ import annotations

import os
from pathlib import Path

import driver
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "dist" / "shots"
"""Where the tests leave screenshots."""


def zip_path() -> Path:
    given = os.environ.get("LIMBER_TEST_ZIP")
    found = (
        [Path(given)]
        if given
        else sorted((ROOT / "dist").glob("limber-*.zip"), key=lambda path: path.stat().st_mtime)
    )
    if not found:
        raise RuntimeError("no add-on to test: build it with tests/build_addon.sh")
    return found[-1]


@pytest.fixture(scope="session")
def window():
    """A running Blender with the add-on installed from its zip."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    with driver.Blender() as blender:
        blender.install(zip_path())
        blender.start()
        yield blender


@pytest.fixture
def switched(window):
    """The window while Blender's own shortcuts and menus call Limber."""
    window.use_limber(True)
    yield window
    window.use_limber(False)


@pytest.fixture(params=("POSE", "LIMBER"))
def family(request, window):
    """Whose operators the shortcuts call: Blender's own, then Limber's."""
    window.use_limber(request.param == "LIMBER")
    yield request.param
    window.use_limber(False)


@pytest.fixture
def shots() -> Path:
    return SHOTS
