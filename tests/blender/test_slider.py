"""The interactive slider's state and drawing, and the frames that it slides between; no window."""

from __future__ import annotations

import importlib
import math

import bpy
import pytest


@pytest.fixture(scope="module")
def module(addon):
    return lambda name: importlib.import_module(f"{addon}.ops.{name}")


def test_travel_precision_snapping_and_bounds(module):
    slider = module("slider").Slider(0.5)
    slider.drag(60, 1.0)
    assert slider.factor == pytest.approx(0.7)
    slider.precise = True
    slider.drag(80, 2.0)
    assert slider.factor == pytest.approx(0.7 + 10 / 600)
    slider.precise, slider.snap = False, True
    slider.drag(0, 1.0)
    assert slider.factor == pytest.approx(0.7)
    slider.snap = False
    slider.drag(300, 1.0)
    assert slider.factor == 1.0
    slider.toggle_overshoot()
    assert slider.factor == pytest.approx(1.7 + 10 / 600)
    slider.toggle_overshoot()
    assert slider.factor == 1.0
    slider.drag(-300, 1.0)
    assert slider.factor == pytest.approx(0.7 + 10 / 600), "travel beyond the bounds counts"


def test_a_slider_with_two_sides_takes_the_same_travel(module):
    slider = module("slider").Slider(0.0, low=-1.0)
    slider.drag(-150, 1.0)
    assert slider.factor == -1.0
    slider.drag(75, 1.0)
    assert slider.factor == pytest.approx(-0.5)


def test_typed_numbers_are_percentages_until_the_mouse_moves(module):
    slider = module("slider").Slider(0.5)
    shown = []
    for character in "35.5-":
        slider.typed.type(character)
        slider.read_typed()
        shown.append((str(slider.typed), slider.factor))
    assert [text for text, _ in shown] == [
        "[3|] = 3",
        "[35|] = 35",
        "[35.|] = 35",
        "[35.5|] = 35.5",
        "[-(35.5|)] = -35.5",
    ]
    assert [factor for _, factor in shown] == pytest.approx([0.03, 0.35, 0.35, 0.355, 0.0])
    slider.toggle_overshoot()
    assert slider.factor == pytest.approx(-0.355)
    for _ in range(4):
        slider.typed.erase()
        slider.read_typed()
    assert slider.typed.active and slider.factor == 0.0 and str(slider.typed).endswith("Invalid")
    slider.typed.erase()
    assert not slider.typed.active
    slider.drag(30, 1.0)
    assert slider.factor == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (11, (1, 21)),
        (21, (1, 40)),
        (1, (-3, 21)),
        (40, (21, 41)),
        (50, (40, 51)),
        (-3, (-4, 1)),
        (-9, (-10, -3)),
    ],
)
def test_frames_around(module, frame, expected):
    # Times are cut towards zero; a key within 0.01 of the frame stands on it.
    columns = [-3.6, 1.0, 20.995, 40.005]
    if frame == -3:
        columns[0] = -3.0
    wanted = expected if expected[1] != 21 else (expected[0], 20)
    wanted = wanted if wanted[0] != 21 else (20, wanted[1])
    assert module("slide_frames").around(columns, frame) == wanted


@pytest.mark.parametrize("factor", [0.0, 0.3, 1.0, 1.46, -2.0])
@pytest.mark.parametrize("low", [0.0, -1.0])
def test_the_scale_has_its_ticks_and_handle(module, factor, low):
    slider = module("slider").Slider(factor, low=low, overshoot=not low <= factor <= 1.0)
    parts = module("slider_hud").rectangles(slider, 500.0, 10.0, 1.0)
    half = 150.0 * (1.4 if slider.overshoot else 1.0)
    assert min(p.left for p in parts) >= 500.0 - half - 2.0
    assert max(p.right for p in parts) <= 500.0 + half + 2.0
    handle = parts[-1]
    middle = (handle.left + handle.right) / 2.0
    if slider.overshoot:
        assert middle == pytest.approx(500.0)
    else:
        assert middle == pytest.approx(350.0 + 300.0 * (factor - low) / (1.0 - low))
    ticks = [p for p in parts[:-1] if p.right - p.left < 2.0]
    assert len(ticks) in ({13, 14, 15} if slider.overshoot else {11})
    assert all(math.isfinite(v) for p in parts for v in (p.left, p.bottom, p.right, p.top))


def test_key_columns_are_those_of_all_curves_of_the_bones_that_take_part(module, empty_file):
    bpy.ops.object.armature_add()
    bpy.ops.object.mode_set(mode="EDIT")
    other = bpy.context.object.data.edit_bones.new("Other")
    other.tail = (0.0, 0.0, 1.0)
    bpy.ops.object.mode_set(mode="POSE")
    bone, other = bpy.context.object.pose.bones
    for frame in (1.5, 20.0, 40.0):
        bone.keyframe_insert("location", index=0, frame=frame)
    bone.keyframe_insert("scale", index=1, frame=33.0)
    other.keyframe_insert("location", frame=7.0)
    bpy.ops.pose.select_all(action="DESELECT")
    (bone if hasattr(bone, "select") else bone.bone).select = True
    session = module("slide_session").Session(bpy.context)
    columns = module("slide_frames").key_columns(s.subjects for s in session.objects)
    assert columns == [1.5, 20.0, 33.0, 40.0]
