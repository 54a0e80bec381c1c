"""The pose slides against stock."""

from __future__ import annotations

import bpy
import pytest
from differential import compare_with_stock
from scene import Options

SLIDES = ("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest")
CHANNELS = ("ALL", "ALL", "ALL", "LOC", "ROT", "SIZE", "BBONE", "CUSTOM")
AXES = ("FREE", "FREE", "X", "Y", "Z")

pytestmark = pytest.mark.usefixtures("addon")


def arguments(random, scene) -> dict:
    """Any call that a script could make, frames left out or turned round included."""
    chosen = {}
    if random.random() < 0.9:
        chosen["factor"] = random.choice((0.0, 0.5, 1.0, random.random(), random.random()))
    if random.random() < 0.8:
        chosen["prev_frame"] = random.randint(-10, 30)
        chosen["next_frame"] = random.choice((chosen["prev_frame"], random.randint(0, 60)))
    if random.random() < 0.5:
        chosen["channels"] = random.choice(CHANNELS)
    if random.random() < 0.4:
        chosen["axis_lock"] = random.choice(AXES)
    return chosen


@pytest.mark.parametrize("slide", SLIDES)
def test_same_as_stock(slide: str) -> None:
    compare_with_stock(slide, arguments, Options(auto_key=0.0), tolerance=3e-6)
