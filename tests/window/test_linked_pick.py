"""The key L over a bone, and undo of a selection: Blender's own, and switched to Limber."""

from __future__ import annotations

from driver import rig

PLACES = [(chain, number, y) for chain, y in (("near", 0.0), ("far", 9.0)) for number in range(4)]
CHAINS = (
    rig(
        {
            f"{chain}{number}": ((3.0 * number - 4.5, y, 0.0), (3.0 * number - 1.5, y, 0.0))
            for chain, number, y in PLACES
        },
        {f"{chain}{number}": f"{chain}{number - 1}" for chain, number, _ in PLACES if number},
        # The last bone of a chain touches, but is not connected.
        {f"{chain}{number}" for chain, number, _ in PLACES if 0 < number < 3},
    )
    + """
screen = bpy.context.window_manager.windows[0].screen
area = next(a for a in screen.areas if a.type == "VIEW_3D")
view = area.spaces.active.region_3d
view.view_perspective = "ORTHO"
view.view_rotation = (1.0, 0.0, 0.0, 0.0)
view.view_location = (0.0, 0.0, 0.0)
view.view_distance = 20.0
"""
)
SELECTED = "result = sorted(b.name for b in bpy.context.selected_pose_bones)"
CONNECTED = ["near0", "near1", "near2"]


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
