"""Propagate Pose against stock."""

from __future__ import annotations

import sys

import bpy
import pytest
import session
from differential import compare_on_clip, compare_with_stock
from scene import Options

MODES = (
    "NEXT_KEY",
    "LAST_KEY",
    "BEFORE_FRAME",
    "BEFORE_END",
    "SELECTED_KEYS",
    "SELECTED_MARKERS",
)

pytestmark = pytest.mark.usefixtures("addon")


def arguments(random, scene) -> dict:
    chosen = {"mode": random.choice(MODES)}
    if random.random() < 0.5:
        chosen["end_frame"] = random.choice((random.uniform(1.0, 60.0), random.randint(1, 60)))
    return chosen


def prepare(random, scene) -> None:
    """Another frame, markers, and preferences for new keys."""
    here = bpy.context.scene
    for _ in range(random.randint(0, 4)):
        marker = here.timeline_markers.new("marker", frame=random.randint(-10, 60))
        marker.select = random.random() < 0.6
    edit = bpy.context.preferences.edit
    edit.keyframe_new_interpolation_type = "BEZIER"
    edit.keyframe_new_handle_type = "AUTO_CLAMPED"
    if random.random() < 0.4:
        edit.keyframe_new_interpolation_type = random.choice(("CONSTANT", "LINEAR", "SINE"))
        edit.keyframe_new_handle_type = random.choice(("FREE", "AUTO", "VECTOR", "ALIGNED"))


@pytest.fixture(params=("inserting", "arrays"))
def way(request, monkeypatch) -> None:
    """Each way to write, whichever would be chosen for the size of the scene."""
    module = sys.modules[f"{session.MODULE}.ops.propagate"]
    monkeypatch.setattr(module, "stock_pays", lambda *job: False)
    monkeypatch.setattr(module, "inserting_pays", lambda *job: request.param == "inserting")


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("mode", MODES)
def test_same_as_stock(mode: str) -> None:
    def with_mode(random, scene) -> dict:
        return {**arguments(random, scene), "mode": mode}

    compare_with_stock("propagate", with_mode, Options(auto_key=0.0), prepare=prepare)


def test_same_as_stock_whoever_does_the_work() -> None:
    """The way that the operator chooses by itself."""
    compare_with_stock("propagate", arguments, Options(auto_key=0.0), prepare=prepare)


@pytest.mark.parametrize("mode", ("NEXT_KEY", "LAST_KEY", "BEFORE_END"))
def test_same_as_stock_on_a_clip(mode: str) -> None:
    """Late in the clip, as stock takes 13 ms for every key that it writes to on all curves."""
    compare_on_clip("propagate", "middle", {"mode": mode}, frame=2950)
