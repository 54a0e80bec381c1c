"""The key L over a bone, and undo of a selection: Blender's own, and switched to Limber."""

from __future__ import annotations

import pytest

PREFERENCES = "bpy.context.preferences.addons['bl_ext.user_default.limber'].preferences"
CHAINS = """
if bpy.context.mode != 'OBJECT':
    bpy.ops.object.mode_set(mode='OBJECT')
bpy.ops.object.select_all(action='SELECT')
bpy.ops.object.delete()
bpy.ops.object.armature_add()
armature = bpy.context.object.data
bpy.ops.object.mode_set(mode="EDIT")
armature.edit_bones.remove(armature.edit_bones[0])
for chain, y in (("near", 0.0), ("far", 9.0)):
    parent = None
    for number in range(4):
        bone = armature.edit_bones.new(f"{chain}{number}")
        bone.head, bone.tail = (3.0 * number - 4.5, y, 0.0), (3.0 * number - 1.5, y, 0.0)
        # The last bone of a chain touches, but is not connected.
        bone.parent, bone.use_connect = parent, parent is not None and number < 3
        parent = bone
bpy.ops.object.mode_set(mode="POSE")
bpy.ops.pose.select_all(action="DESELECT")
screen = bpy.context.window_manager.windows[0].screen
area = next(a for a in screen.areas if a.type == "VIEW_3D")
view = area.spaces.active.region_3d
view.view_perspective = "ORTHO"
view.view_rotation = (1.0, 0.0, 0.0, 0.0)
view.view_location = (0.0, 0.0, 0.0)
view.view_distance = 20.0
"""
SELECTED = "result = sorted(b.name for b in bpy.context.selected_pose_bones)"
CONNECTED = ["near0", "near1", "near2"]


@pytest.fixture(params=("POSE", "LIMBER"))
def family(request, window):
    """Blender's own operator on the key, then Limber's."""
    if request.param == "LIMBER":
        window.setup(CHAINS)
        window.python(f"{PREFERENCES}.replace_stock = True")
    yield request.param
    window.python(f"{PREFERENCES}.replace_stock = False")


def test_l_selects_the_chain_under_the_mouse(window, family, shots):
    window.setup(CHAINS)
    x, y = window.viewport()
    # The first click in a new window wakes its picking.
    window.move(x, y + 180)
    window.settle()
    window.click()
    window.settle()
    window.move(x, y)
    window.settle()
    window.key("l")
    window.settle()
    window.shot(shots / f"linked-pick-{family.lower()}.png")
    assert window.python(SELECTED) == CONNECTED
    assert window.history()[-1:] == [f"{family}_OT_select_linked_pick"]
    window.key("ctrl+z")
    window.settle()
    assert window.python(SELECTED) == []
    assert window.errors() == []


def test_l_over_nothing_selects_nothing(window, family):
    window.setup(CHAINS)
    x, y = window.viewport()
    window.move(x, y + 180)
    window.settle()
    window.key("l")
    window.settle()
    assert window.python(SELECTED) == []


def test_a_native_selection_is_undone_in_one_step(window, family):
    window.setup(CHAINS)
    x, y = window.viewport()
    window.move(x, y)
    window.settle()
    window.key("a")
    window.settle()
    assert len(window.python(SELECTED)) == 8
    assert window.history()[-1:] == [f"{family}_OT_select_all"]
    window.key("ctrl+z")
    window.settle()
    assert window.python(SELECTED) == []
    assert window.errors() == []
