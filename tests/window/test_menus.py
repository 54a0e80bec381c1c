"""The menus that operators open when they are invoked: the same picture as Blender's own."""

from __future__ import annotations

import pytest
from driver import rig

RIG = (
    rig({name: ((x, 0.0, 0.0), (x, 1.0, 0.0)) for name, x in (("one", 2.0), ("two", -2.0))})
    + """
armature.bones.active = armature.bones["one"]
"""
)
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


CALL_MENU = """
window = bpy.context.window_manager.windows[0]
area = next(a for a in window.screen.areas if a.type == "VIEW_3D")
region = next(r for r in area.regions if r.type == "WINDOW")
with bpy.context.temp_override(window=window, area=area, region=region):
    result = list(bpy.ops.wm.call_menu(name={name!r}))
"""
MENUS = """
import sys
menus = sys.modules["bl_ext.user_default.limber.stock_menus"].MENUS
result = [name for name in menus if "_MT_" in name and hasattr(bpy.types, name)]
"""


def picture(window, shots, family: str, name: str, setup: str):
    """What the operator answered, and the screen with the menu it opened."""
    window.setup(setup)
    x, y = window.viewport()
    window.move(x, y)
    window.settle()
    before = window.rows()
    answer = window.python(INVOKE.format(family=family, name=name))
    window.settle()
    after = window.rows()
    window.shot(shots / f"menu-{name}-{family}.png")
    window.close_popup()
    return answer, before, after


@pytest.fixture
def still(window):
    """No tooltips, which come some time after a menu."""
    window.python(TOOLTIPS.format(False))
    yield window
    window.use_limber(False)
    window.python(TOOLTIPS.format(True))


@pytest.fixture
def plain(still):
    """No shortcuts behind the entries either."""
    still.python(KEYS.format(False))
    yield still
    still.python(KEYS.format(True))


def differing(some: list[bytes], others: list[bytes]) -> list[int]:
    """The lines of pixels that are not the same."""
    return [y for y, (a, b) in enumerate(zip(some, others, strict=True)) if a != b]


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
    setup = RIG + select
    stock, before, wanted = picture(plain, shots, "pose", name, setup)
    limber, _, found = picture(plain, shots, "limber", name, setup)
    assert limber == stock
    assert before != wanted, "Blender opened no menu"
    assert differing(wanted, found) == []


@pytest.mark.parametrize(
    "name", ("select_grouped", "constraint_add_with_targets", "ik_add", "rotation_mode_set")
)
def test_the_menu_shows_the_shortcut_that_is_limbers_now(still, shots, name):
    """As Blender's own menu shows it while the key calls Blender's operator."""
    setup = RIG + SELECT_TWO
    _, _, bare = picture(still, shots, "limber", name, setup)
    _, before, wanted = picture(still, shots, "pose", name, setup)
    still.use_limber(True)
    _, _, found = picture(still, shots, "limber", name, setup)
    assert before != wanted
    assert differing(wanted, found) == []
    # The entry of Inverse Kinematics has none in either.
    assert (differing(bare, found) == []) == (name == "ik_add")


def test_blenders_menus_look_the_same_while_they_call_limber(still, shots):
    """Entries, texts, order and shortcuts."""
    still.setup(RIG + SELECT_TWO)
    still.move(*still.viewport())
    different = []
    for menu in still.python(MENUS):
        pictures = []
        for replaced in (False, True):
            still.use_limber(replaced)
            still.settle()
            still.python(CALL_MENU.format(name=menu))
            still.settle()
            still.shot(shots / f"{menu}-{'limber' if replaced else 'blender'}.png")
            pictures.append(still.rows())
            still.close_popup()
        if differing(*pictures):
            different.append(menu)
    assert different == []


@pytest.mark.parametrize("setup", (WITH_IK, "armature.bones.active = None"))
def test_ik_add_declines_as_blender_does(plain, shots, setup):
    text = RIG + setup
    answers = [picture(plain, shots, family, "ik_add", text)[0] for family in ("pose", "limber")]
    assert answers[0] == answers[1]
