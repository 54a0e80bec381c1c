"""The outliner follows the selected bones, whoever selects them."""

from __future__ import annotations

import pytest
from driver import rig

PLACES = {"arm.L": 2.0, "arm.R": -2.0, "foot.L": 3.0, "foot.R": -3.0}
RIG = (
    rig({name: ((x, 0.0, 0.0), (x, 1.0, 0.0)) for name, x in PLACES.items()})
    + """
bpy.context.object.pose.bones["arm.L"].select = True
bpy.context.object.pose.bones["foot.R"].select = True
made = bpy.context.object.selection_sets.add()
made.bone_ids.add().name = "foot.L"
window = bpy.context.window_manager.windows[0]
area = next(a for a in window.screen.areas if a.type == "VIEW_3D")
region = next(r for r in area.regions if r.type == "WINDOW")
"""
)
TALL = """
other = next(a for a in window.screen.areas if a.type == "PROPERTIES")
other.ui_type = "OUTLINER"
"""
EXPAND = """
tree = next(r for r in other.regions if r.type == "WINDOW")
for _ in range(6):
    with bpy.context.temp_override(window=window, area=other, region=tree):
        bpy.ops.outliner.show_one_level()
"""
BACK = "other.ui_type = 'PROPERTIES'"
CALL = """
with bpy.context.temp_override(window=window, area=area, region=region):
    result = list(bpy.ops.{family}.{name}(**{arguments}))
    {then}
"""


NOTHING = "pass"
# Selects nothing here, for no bones are connected, but has the outliner look at the bones.
LOOK = "bpy.ops.pose.select_linked()"


def picture(window, shots, family: str, name: str, arguments: dict, then: str = NOTHING):
    """The status, and the screen before and after."""
    window.setup(RIG + TALL)
    try:
        window.python(EXPAND)
        window.settle()
        before = window.rows()
        call = CALL.format(family=family, name=name, arguments=arguments, then=then)
        answer = window.python(call)
        window.settle()
        window.shot(shots / f"outliner-{name}-{family}.png")
        return answer, before, window.rows()
    finally:
        window.python(BACK)


@pytest.mark.parametrize(
    ("name", "arguments", "then"),
    (
        ("select_all", {"action": "INVERT"}, NOTHING),
        # After this of Blender's the outliner still shows what was selected before.
        ("selection_set_select", {}, LOOK),
    ),
)
def test_the_outliner_shows_the_selection(window, shots, name, arguments, then):
    stock, before, wanted = picture(window, shots, "pose", name, arguments, then)
    limber, _, found = picture(window, shots, "limber", name, arguments)
    assert limber == stock
    different = [y for y, (a, b) in enumerate(zip(wanted, found, strict=True)) if a != b]
    assert different == []
    assert before != wanted, "nothing is to be seen"
