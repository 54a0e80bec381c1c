"""Blender's overlay draws the motion paths that Limber calculated, as it draws its own."""

from __future__ import annotations

import time

import pytest
from driver import EMPTY

ARM = (
    EMPTY
    + """
import math
data = bpy.data.armatures.new('Arm')
arm = bpy.data.objects.new('Arm', data)
bpy.context.scene.collection.objects.link(arm)
bpy.context.view_layer.objects.active = arm
bpy.ops.object.mode_set(mode='EDIT')
for number in range(4):
    bone = data.edit_bones.new(f'bone{number}')
    bone.head, bone.tail = (0, 0, number * 1.5), (0, 0, number * 1.5 + 1.5)
    bone.parent = data.edit_bones[number - 1] if number else None
bpy.ops.object.mode_set(mode='POSE')
for frame in range(1, 82, 10):
    for number, bone in enumerate(arm.pose.bones):
        bone.rotation_mode = 'XYZ'
        bone.rotation_euler = [0.45 * math.sin(0.08 * frame + axis + number) for axis in range(3)]
        bone.keyframe_insert('rotation_euler', frame=frame)
arm.pose.animation_visualization.motion_path.show_keyframe_numbers = False
scene = bpy.context.scene
scene.frame_start, scene.frame_end = 1, 81
scene.frame_set(41)
bpy.ops.pose.select_all(action='SELECT')
"""
)
NATIVE = """
import sys
job = sys.modules['bl_ext.user_default.limber.ops.path_job']
paths = sys.modules['bl_ext.user_default.limber.ops.paths']
kept = paths.stock_pays, job.calculate
done = []
paths.stock_pays = lambda obj: False
def spy(*arguments):
    done.append(True)
    return kept[1](*arguments)
job.calculate = spy
"""
POINTS = """
result = [round(v, 4) for b in bpy.context.object.pose.bones if b.motion_path
          for p in b.motion_path.points for v in p.co]
"""


@pytest.fixture
def native(window):
    """The library calculates, however few bones there are."""
    window.python(NATIVE)
    yield window
    window.python("paths.stock_pays, job.calculate = kept")


def picture(window) -> bytes:
    window.settle()
    return window.frame()


def different(one: bytes, other: bytes) -> int:
    """Bytes that differ, of two pictures of one size."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def test_the_overlay_draws_limbers_paths(native, shots):
    window = native
    window.setup(ARM)
    bare = picture(window)
    window.search("Calculate Bone Paths (Limber)")
    window.key("Return")
    window.settle()
    window.key("Return")  # the dialog's button
    window.settle()
    assert window.history()[-1] == "LIMBER_OT_paths_calculate"
    assert window.python("result = len(done)") == 1
    x, y = window.viewport()
    window.move(x + 300, y + 300)
    limber = picture(window)
    window.shot(shots / "paths.png")
    points = window.python(POINTS)
    assert len(points) == 4 * 81 * 3
    window.python("bpy.ops.pose.paths_clear(); bpy.ops.pose.paths_calculate()")
    stock = picture(window)
    assert points == pytest.approx(window.python(POINTS), abs=2e-4)
    assert different(bare, limber) > 2000
    assert different(stock, limber) < different(bare, limber) // 20
    assert window.errors() == []


def test_the_user_is_told_why_blender_calculates(native):
    window = native
    window.setup(ARM + "arm.pose.bones[1].keyframe_insert('rotation_mode', frame=1)\n")
    window.python("bpy.ops.pose.paths_calculate()")
    window.python(TOLD)
    window.search("Update Bone Paths (Limber)")
    window.key("Return")
    window.settle()
    told = window.python("result = told")
    window.python("bpy.ops.limber.paths_update()")
    assert window.python("result = told") == told, "scripts get the reports of Blender's operator"
    window.python("paths.tell = kept_tell")
    assert len(told) == 1
    assert 'bone "bone1" has animation' in told[0]
    assert window.errors() == []


TOLD = """
told, kept_tell = [], paths.tell
def spy_tell(operator, reason):
    told.append(str(reason))
    kept_tell(operator, reason)
paths.tell = spy_tell
"""
LONG = """
sizes = job.LONG, job.CHUNK
job.LONG, job.CHUNK = 0, 1  # a frame a step
"""


@pytest.fixture
def slow(native):
    """Every calculation counts as long."""
    native.python(LONG)
    yield native
    native.python("job.LONG, job.CHUNK = sizes")


def wait_until_done(window) -> None:
    """Until no operator runs on, for a minute at most."""
    end = time.monotonic() + 60
    while window.modal():
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.mark.parametrize("operator", ["Calculate", "Update"])
def test_long_work_is_left_with_esc_or_goes_on_to_its_end(slow, operator):
    window = slow
    window.setup(ARM + "bpy.ops.pose.paths_calculate()\n")
    old = window.python(POINTS)
    window.setup(
        "arm.animation_data.action = None\nbpy.context.object.pose.bones[0].location.x = 3"
    )
    dialog = operator == "Calculate"
    for key in ("Escape", None):
        window.search(f"{operator} Bone Paths (Limber)")
        window.key("Return")
        if dialog:
            window.settle()
            window.key("Return")
        if key:
            assert window.modal() == [f"LIMBER_OT_paths_{operator.lower()}"]
            window.key(key)
            window.settle()
            assert window.python(POINTS) == old
        else:
            window.settle()
        wait_until_done(window)
    window.settle()
    new = window.python(POINTS)
    assert new != old
    assert new[0] == pytest.approx(3.0, abs=0.01)
    assert window.errors() == []
