"""The motion paths that operators leave which key bones, or paste poses."""

from __future__ import annotations

import bpy
import own_keys
import pytest
import session
from differential import compare_with_stock
from scene import Options
from slide_defects import without_defect

SLIDES = ("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest")
CLEARS = ("loc_clear", "rot_clear", "scale_clear", "transforms_clear")
OPTIONS = Options(
    motion_paths=1.0,
    auto_key=0.9,
    frames=(1, 12),
    constraints=0.1,
    nla=0.05,
    rotation_modes=("QUATERNION", "XYZ", "ZYX"),
    # What Blender makes of a pose without keys depends on what it evaluated last.
    pose_edits=0.3,
)
TOLERANCE = 2e-5

pytestmark = pytest.mark.usefixtures("addon")


def stale_paths(random, scene) -> None:
    """Paths of bones in every object, with points that only a new calculation changes."""
    layer = bpy.context.view_layer
    active = layer.objects.active
    for obj in scene.objects:
        layer.objects.active = obj
        settings = obj.pose.animation_visualization.motion_path
        for _ in range(2):
            # A path that is there already keeps its range unless its bone is selected.
            start = random.randint(1, 8)
            settings.frame_start, settings.frame_end = start, start + random.randint(1, 5)
            bpy.ops.pose.paths_calculate(range="MANUAL")
            bpy.ops.pose.select_all(action="INVERT")
        for bone in obj.pose.bones:
            if bone.motion_path is not None:
                for point in bone.motion_path.points:
                    point.co = (9.0, 9.0, 9.0)
    layer.objects.active = active


def select_others(random, scene) -> None:
    """Stale paths, and other bones selected than those that have one; none at times."""
    stale_paths(random, scene)
    for obj in scene.objects:
        chosen = random.choice((0.0, 0.5, 1.0))
        for bone in obj.pose.bones:
            owner = bone if session.VERSION >= (5, 0) else bone.bone
            owner.select = random.random() < chosen


@pytest.mark.parametrize("name", SLIDES)
def test_slide(name):
    values = {"prev_frame": 2, "next_frame": 9}
    with own_keys.always():
        compare_with_stock(
            name,
            lambda random, scene: values,
            without_defect(name, OPTIONS),
            count=60,
            prepare=select_others,
            tolerance=TOLERANCE,
        )


@pytest.mark.parametrize("name", (*CLEARS, "quaternions_flip"))
def test_clear_and_flip(name):
    with own_keys.always():
        compare_with_stock(
            name, options=OPTIONS, count=60, prepare=select_others, tolerance=TOLERANCE
        )


def test_paste():
    def copied(operator, scene, arguments):
        (bpy.ops.limber if "LIMBER" in operator.idname() else bpy.ops.pose).copy()
        return operator(**arguments)

    compare_with_stock(
        "paste", options=OPTIONS, count=60, prepare=select_others, call=copied, tolerance=TOLERANCE
    )
