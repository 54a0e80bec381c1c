"""The interactive slides in a real window, against Blender's own driven the same way."""

from __future__ import annotations

import pytest
from driver import EMPTY, Blender

RIG = (
    EMPTY
    + """
import math
bpy.ops.object.armature_add()
bpy.ops.object.mode_set(mode='EDIT')
for k in range(3):
    bone = bpy.context.object.data.edit_bones.new('Bone.00%d' % (k + 1))
    bone.head, bone.tail = (k + 1, 0, 0), (k + 1, 0.2, 1)
bpy.ops.object.mode_set(mode='POSE')
bpy.ops.pose.select_all(action='SELECT')
bpy.context.scene.tool_settings.use_keyframe_insert_auto = False
for k, bone in enumerate(bpy.context.object.pose.bones):
    bone.rotation_mode = ('QUATERNION', 'XYZ')[k % 2]
    bone['prop'] = 1.0
    for frame, value in ((1, 0.3), (21, 1.7), (40, -0.4)):
        bone.location = (value, value * k, 1 - value)
        bone.rotation_quaternion = (1, value, 0.3 * k, 0)
        bone.rotation_euler = (value, 0.2, -value)
        bone.scale = (1 + value, 1, 1)
        bone['prop'] = value
        rotation = 'rotation_quaternion' if k % 2 == 0 else 'rotation_euler'
        for path in ('location', rotation, 'scale', '["prop"]'):
            bone.keyframe_insert(path, frame=frame)
bpy.context.scene.frame_set(11)
for bone in bpy.context.object.pose.bones:
    bone.location.x += 0.25
    bone.rotation_euler.y += 0.5
    bone.rotation_quaternion.z += 0.2
bpy.context.view_layer.update()
"""
)
POSE = """
result = [
    [*b.location, *b.rotation_quaternion, *b.rotation_euler, *b.scale, b['prop']]
    for b in bpy.context.object.pose.bones
]
"""
IN_VIEWPORT = """
w = bpy.context.window_manager.windows[0]
a = next(a for a in w.screen.areas if a.type == 'VIEW_3D')
r = next(r for r in a.regions if r.type == 'WINDOW')
with bpy.context.temp_override(window=w, area=a, region=r):
"""
KEYS = """
bag = bpy.data.actions[0].layers[0].strips[0].channelbags[0]
result = sum(len(curve.keyframe_points) for curve in bag.fcurves)
"""
SLIDES = ("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest")


def start(window: Blender, operator: str, prefix: str) -> tuple[int, int]:
    """Invokes an operator over the viewport; returns where the mouse is."""
    x, y = window.viewport()
    window.move(x, y)
    window.settle()
    window.python(f"{IN_VIEWPORT}    bpy.ops.{prefix}.{operator}('INVOKE_DEFAULT', True)\n")
    window.move(x, y)
    window.settle()
    assert window.modal() == [f"{prefix.upper()}_OT_{operator}"]
    return x, y


def close(first, second, tolerance: float = 2e-6) -> bool:
    return all(
        abs(a - b) <= tolerance * max(1.0, abs(a))
        for x, y in zip(first, second, strict=True)
        for a, b in zip(x, y, strict=True)
    )


def steps(window: Blender, x: int, y: int) -> list:
    """One sequence of mouse moves and keys; the pose after each."""
    poses = [window.python(POSE)]

    def record() -> None:
        for _ in range(3):  # the picture need not stand still for that, as settle() asks
            window.python("result = 0")
        poses.append(window.python(POSE))

    def to(dx: int) -> None:
        window.xdotool("mousemove", x + dx, y)
        record()

    def press(name: str) -> None:
        window.key(name)
        record()

    to(61)
    to(-200)
    to(-400)
    press("e")
    press("e")
    to(40)
    for name in ("g", "x", "x", "z", "r", "y", "s", "c", "x", "c"):
        press(name)
    window.xdotool("keydown", "Shift_L")
    to(120)
    window.xdotool("keyup", "Shift_L")
    window.xdotool("keydown", "Control_L")
    to(137)
    window.xdotool("keyup", "Control_L")
    to(150)
    for name in ("3", "5", "period", "5", "minus", "e", "BackSpace", "BackSpace", "e"):
        press(name)
    to(170)
    press("8")
    press("BackSpace")
    press("BackSpace")
    to(190)
    return poses


@pytest.mark.parametrize("operator", SLIDES)
def test_the_same_moves_and_keys_give_stocks_pose(window, operator):
    results = {}
    for prefix in ("pose", "limber"):
        window.setup(RIG)
        poses = steps(window, *start(window, operator, prefix))
        window.key("Return")
        window.settle()
        assert window.modal() == []
        poses.append(window.python(POSE))
        window.key("ctrl+z")
        window.settle()
        poses.append(window.python(POSE))
        results[prefix] = poses
    for number, (stock, ours) in enumerate(zip(results["pose"], results["limber"], strict=True)):
        assert close(stock, ours), f"step {number}: stock {stock}, Limber {ours}"
    assert len({str(pose) for pose in results["limber"]}) > 10


@pytest.mark.parametrize("key", ["Escape", "right mouse"])
def test_cancelling_leaves_the_scene_as_it_was(window, key):
    window.setup(RIG)
    window.python("bpy.context.scene.tool_settings.use_keyframe_insert_auto = True")
    overlay = (
        "a = next(a for a in bpy.context.window_manager.windows[0].screen.areas"
        " if a.type == 'VIEW_3D')\nresult = a.spaces.active.overlay.show_bones"
    )
    before = window.python(POSE), window.python(KEYS), window.python(overlay), window.history()
    x, y = start(window, "push", "limber")
    window.xdotool("mousemove", x + 200, y)
    window.settle()
    window.key("h")
    window.settle()
    assert window.python(overlay) != before[2]
    assert window.python(POSE) != before[0]
    if key == "Escape":
        window.key(key)
    else:
        window.click(3)
    window.settle()
    assert window.modal() == []
    after = window.python(POSE), window.python(KEYS), window.python(overlay), window.history()
    assert after == before
    window.python("bpy.context.scene.tool_settings.use_keyframe_insert_auto = False")


def test_confirming_with_the_mouse_is_one_undo_step(window):
    window.setup(RIG)
    before = window.python(POSE)
    x, y = start(window, "relax", "limber")
    window.xdotool("mousemove", x + 90, y)
    window.settle()
    window.click()
    window.settle()
    done = window.python(POSE)
    assert window.history()[-1] == "LIMBER_OT_relax"
    assert done != before
    window.key("ctrl+z")
    window.settle()
    assert close(window.python(POSE), before)
    window.key("ctrl+shift+z")
    window.settle()
    assert close(window.python(POSE), done)


def test_the_frames_are_the_keys_around_the_current_one(window):
    frames = (
        "o = bpy.context.window_manager.operators[-1]\n"
        "result = [o.properties.prev_frame, o.properties.next_frame]"
    )
    for frame, expected in ((21, [1, 40]), (50, [40, 51])):
        for prefix in ("pose", "limber"):
            window.setup(RIG + f"bpy.context.scene.frame_set({frame})\n")
            start(window, "breakdown", prefix)
            window.key("Return")
            window.settle()
            assert window.python(frames) == expected, (prefix, frame)


@pytest.mark.parametrize("prefix", ["pose", "limber"])
def test_without_keys_it_says_so(window, prefix):
    window.setup(RIG + "bpy.context.object.animation_data_clear()\n")
    said = window.python(
        f"{IN_VIEWPORT}"
        "    try:\n"
        f"        result = str(bpy.ops.{prefix}.relax('INVOKE_DEFAULT', True))\n"
        "    except RuntimeError as error:\n"
        "        result = str(error).strip()\n"
    )
    assert said == "Error: No keyframes to slide between"
    assert window.modal() == []


def test_auto_keying_happens_on_confirming_only(window):
    window.setup(RIG)
    window.python("bpy.context.scene.tool_settings.use_keyframe_insert_auto = True")
    before = window.python(KEYS)
    x, y = start(window, "push", "limber")
    window.xdotool("mousemove", x + 60, y)
    window.settle()
    assert window.python(KEYS) == before
    window.key("Return")
    window.settle()
    assert window.python(KEYS) > before
    window.python("bpy.context.scene.tool_settings.use_keyframe_insert_auto = False")
