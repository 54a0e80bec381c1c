"""Ctrl R over the viewport: a menu of rotation modes, Blender's own and then Limber's."""

from __future__ import annotations

from driver import KEYED_BONE

MODE = "result = bpy.context.object.pose.bones[0].rotation_mode"


def open_menu(window, shot=None) -> None:
    window.move(*window.viewport())
    window.key("ctrl+r")
    window.settle()
    if shot:
        window.shot(shot)


def test_ctrl_r_offers_the_modes(window, family, shots):
    window.setup(KEYED_BONE)
    open_menu(window, shots / f"rotation-menu-{family.lower()}.png")
    before = window.history()
    # Nothing has happened while the menu is open; an entry runs the operator, once.
    assert window.python(MODE) == "QUATERNION"
    for _ in range(2):
        window.key("Down")
    window.key("Return")
    window.settle()
    assert window.python(MODE) not in {"QUATERNION", "AXIS_ANGLE"}
    assert window.history() == [*before, f"{family}_OT_rotation_mode_set"]
    window.key("ctrl+z")
    window.settle()
    assert window.python(MODE) == "QUATERNION"
    assert window.errors() == []


def test_the_menus_offer_the_same(window, shots):
    """The same keys choose the same mode in either menu, which begins at the last choice."""
    chosen = {}
    for family, replaced in (("POSE", False), ("LIMBER", True)):
        window.use_limber(replaced)
        # Eight steps in all, so that the second menu begins where the first one did.
        for steps in (1, 3, 4):
            window.setup(KEYED_BONE + "bone.rotation_mode = 'XZY'\n")
            open_menu(window)
            for _ in range(steps):
                window.key("Down")
            window.key("Return")
            window.settle()
            chosen.setdefault(family, []).append(window.python(MODE))
    window.use_limber(False)
    assert chosen["LIMBER"] == chosen["POSE"]
    assert len(set(chosen["LIMBER"])) > 1


def test_a_menu_that_is_left_does_nothing(window, family):
    window.setup(KEYED_BONE)
    before = window.history()
    open_menu(window)
    window.close_popup()
    assert window.python(MODE) == "QUATERNION"
    assert window.history() == before
    assert window.errors() == []
