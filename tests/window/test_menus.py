"""The menus that operators open when they are invoked: the same picture as Blender's own."""

from __future__ import annotations

import struct

import pytest

RIG = """
if bpy.context.mode != 'OBJECT':
    bpy.ops.object.mode_set(mode='OBJECT')
bpy.ops.object.select_all(action='SELECT')
bpy.ops.object.delete()
bpy.ops.outliner.orphans_purge(do_recursive=True)
bpy.ops.object.armature_add()
armature = bpy.context.object.data
bpy.ops.object.mode_set(mode="EDIT")
armature.edit_bones.remove(armature.edit_bones[0])
for name, x in (("one", 2.0), ("two", -2.0)):
    bone = armature.edit_bones.new(name)
    bone.head, bone.tail = (x, 0.0, 0.0), (x, 1.0, 0.0)
bpy.ops.object.mode_set(mode="POSE")
armature.bones.active = armature.bones["one"]
bpy.ops.pose.select_all(action="DESELECT")
SELECT
"""
SELECT_TWO = "bpy.context.object.pose.bones['two'].select = True"
SELECT_OBJECT = """
other = bpy.data.objects.new("Other", None)
bpy.context.scene.collection.objects.link(other)
other.select_set(True)
other.hide_viewport = False
other.location.z = -500
"""
WITH_IK = "bpy.context.object.pose.bones['one'].constraints.new('IK').mute = True"
TOOLTIPS = "bpy.context.preferences.view.show_tooltips = {}\n"
KEYS = """
for item in bpy.context.window_manager.keyconfigs.user.keymaps["Pose"].keymap_items:
    if item.idname.startswith("pose."):
        item.active = {}
"""
INVOKE = """
window = bpy.context.window_manager.windows[0]
area = next(a for a in window.screen.areas if a.type == "VIEW_3D")
region = next(r for r in area.regions if r.type == "WINDOW")
with bpy.context.temp_override(window=window, area=area, region=region):
    try:
        result = list(bpy.ops.{family}.{name}("INVOKE_DEFAULT"))
    except RuntimeError as error:
        result = str(error)
"""


def rows(frame: bytes) -> list[bytes]:
    """The lines of pixels of a screen."""
    head = struct.unpack(">25I", frame[:100])
    start, height, line = head[0] + head[19] * 12, head[5], head[12]
    return [frame[start + y * line : start + (y + 1) * line] for y in range(height)]


def picture(window, shots, family: str, name: str, setup: str):
    """What the operator answered, and the screen with the menu it opened."""
    window.setup(setup)
    x, y = window.viewport()
    window.move(x, y)
    window.settle()
    before = rows(window.frame())
    answer = window.python(INVOKE.format(family=family, name=name))
    window.settle()
    after = rows(window.frame())
    window.shot(shots / f"menu-{name}-{family}.png")
    window.close_popup()
    return answer, before, after


@pytest.fixture
def plain(window):
    """No tooltips, which come some time after a menu, and no shortcuts behind the entries."""
    window.python(TOOLTIPS.format(False) + KEYS.format(False))
    yield window
    window.python(TOOLTIPS.format(True) + KEYS.format(True))


@pytest.mark.parametrize(
    ("name", "select"),
    (
        ("ik_add", ""),
        ("ik_add", SELECT_TWO),
        ("ik_add", SELECT_OBJECT),
        ("constraint_add", ""),
        ("constraint_add_with_targets", ""),
        ("select_grouped", ""),
        ("autoside_names", ""),
    ),
)
def test_the_menu_is_blenders(plain, shots, name, select):
    setup = RIG.replace("SELECT\n", select + "\n")
    stock, before, wanted = picture(plain, shots, "pose", name, setup)
    limber, _, found = picture(plain, shots, "limber", name, setup)
    assert limber == stock
    assert before != wanted, "Blender opened no menu"
    different = [y for y, (a, b) in enumerate(zip(wanted, found, strict=True)) if a != b]
    assert different == []


@pytest.mark.parametrize("setup", (WITH_IK, "armature.bones.active = None"))
def test_ik_add_declines_as_blender_does(plain, shots, setup):
    text = RIG.replace("SELECT\n", setup + "\n")
    answers = [picture(plain, shots, family, "ik_add", text)[0] for family in ("pose", "limber")]
    assert answers[0] == answers[1]
