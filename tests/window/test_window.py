"""The window tests' own tools: keys arrive, undo is one step, a wrong name finds nothing."""

from __future__ import annotations

from driver import KEYED_BONE

LOCATION = "result = bpy.context.object.pose.bones[0].location.x"


def test_the_add_on_is_loaded_in_the_window(window):
    assert window.python(
        "import addon_utils; result = addon_utils.check('bl_ext.user_default.limber')"
    ) == [True, True]


def test_an_operator_runs_from_the_search_and_is_undone(window, shots):
    window.setup(KEYED_BONE + "bpy.context.scene.cursor.location = (5.0, 0.0, 0.0)\n")
    before = window.python(LOCATION)
    window.search("Selection to Cursor", shots / "stock-search.png")
    window.key("Return")
    window.settle()
    assert window.history()[-1:] == ["VIEW3D_OT_snap_selected_to_cursor"]
    assert abs(window.python(LOCATION) - 5.0) < 1e-4
    window.key("ctrl+z")
    window.settle()
    assert window.python(LOCATION) == before
    assert window.errors() == []


def test_a_name_that_no_operator_has_runs_nothing(window):
    window.setup(KEYED_BONE)
    before = window.history()
    window.search("Unheard Of Operator")
    window.key("Return")
    window.settle()
    window.close_popup()
    assert window.history() == before
    assert "Failed to find 'Unheard Of Operator'" in window.log_text()
