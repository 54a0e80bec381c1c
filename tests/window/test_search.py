"""F3 finds Limber's operators and they act; the switch gives them Blender's own shortcuts."""

from __future__ import annotations

import pytest
from driver import KEYED_BONE

LOCATION = "result = bpy.context.object.pose.bones[0].location.x"


def test_an_operator_from_the_search_moves_the_bone(window, shots):
    window.setup(KEYED_BONE)
    assert abs(window.python(LOCATION) - 1.0) < 1e-6
    window.search("Pose Breakdowner (Limber)", shots / "search.png")
    window.key("Return")
    window.settle()
    assert window.modal() == ["LIMBER_OT_breakdown"]
    x, y = window.viewport()
    window.xdotool("mousemove", x + 100, y)
    window.settle()
    window.shot(shots / "slide.png")
    window.key("Return")
    window.settle()
    assert window.history()[-1] == "LIMBER_OT_breakdown"
    assert abs(window.python(LOCATION) - 1.0) > 0.5
    assert window.errors() == []


def test_a_direct_operator_from_the_search_acts(window):
    window.setup(KEYED_BONE)
    window.search("limber clear location")
    window.key("Return")
    window.settle()
    assert window.history()[-1] == "LIMBER_OT_loc_clear"
    assert window.python(LOCATION) == 0.0
    window.key("ctrl+z")
    window.settle()
    assert abs(window.python(LOCATION) - 1.0) < 1e-6


SHORTCUTS = {
    "shift+e": "breakdown",
    "ctrl+e": "push",
    "alt+e": "relax",
    "alt+g": "loc_clear",
    "alt+r": "rot_clear",
}


@pytest.mark.parametrize("key", SHORTCUTS)
def test_the_switch_points_a_shortcut_at_limber(switched, key):
    window = switched
    window.setup(KEYED_BONE)
    for prefix in ("LIMBER", "POSE"):
        window.use_limber(prefix == "LIMBER")
        window.move(*window.viewport())
        window.key(key)
        window.settle()
        if window.modal():
            window.key("Return")
            window.settle()
        assert window.history()[-1] == f"{prefix}_OT_{SHORTCUTS[key]}"


def test_the_switch_leaves_the_key_map_as_it_was(window):
    dump = (
        "result = [[m.name, k.idname, k.to_string(), k.active, k.is_user_modified]"
        " for m in bpy.context.window_manager.keyconfigs.user.keymaps"
        " if not m.is_modal for k in m.keymap_items]"
    )
    before = window.python(dump)
    window.use_limber(True)
    window.settle()
    assert sum(row[1].startswith("limber.") for row in window.python(dump)) > 8
    window.use_limber(False)
    window.settle()
    assert window.python(dump) == before


def test_the_switch_points_stocks_menu_entries_at_limber(switched):
    window = switched
    window.setup(KEYED_BONE)
    window.search("in betweens relax pose")
    window.key("Return")
    window.settle()
    assert window.modal() == ["LIMBER_OT_relax"]
    window.key("Escape")
    window.settle()
