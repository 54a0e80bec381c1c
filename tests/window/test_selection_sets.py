"""Selection sets on the real clipboard, from Blender's operators to Limber's and back."""

from __future__ import annotations

import pytest
from driver import rig

RIG = rig({name: ((x, 0, 0), (x, 0, 1)) for x, name in enumerate(("a.L", 'q"{', "骨"))})

SETS = {"SelectionSet": ["a.L", "骨"], 'x"\\{': ['q"{', "nobody", ""], "": [], "unticked": ["a.L"]}

PASTE = f"""
obj = bpy.context.object
obj.selection_sets.clear()
for name, bones in {SETS!r}.items():
    made = obj.selection_sets.add()
    made.name = name
    made.is_selected = name != "unticked"
    for bone in bones:
        made.bone_ids.add().name = bone
obj.active_selection_set = 1
bpy.context.window_manager.clipboard = "nothing of use"
status = [list(bpy.ops.COPY.selection_set_copy())]
text = bpy.context.window_manager.clipboard
obj.selection_sets.remove(0)
status.append(list(bpy.ops.PASTE.selection_set_paste()))
sets = [[s.name, s.is_selected, [e.name for e in s.bone_ids]] for s in obj.selection_sets]
result = [status, text, sets, obj.active_selection_set]
"""


def result(window, copy: str, paste: str) -> list:
    window.setup(RIG)
    return window.python(PASTE.replace("COPY", copy).replace("PASTE", paste))


@pytest.mark.parametrize("copy, paste", (("pose", "limber"), ("limber", "pose"), ("limber",) * 2))
def test_sets_go_by_way_of_the_clipboard(window, copy, paste):
    found = result(window, copy, paste)
    assert found == result(window, "pose", "pose")
    status, text, sets, active = found
    assert status == [["FINISHED"]] * 2
    assert "nobody" in text and "unticked" not in text
    # The name that was taken out is free again; the other two get a number.
    assert [name for name, _, _ in sets[3:]] == ["SelectionSet", 'x"\\{.001', ".001"]
    assert [bones for _, _, bones in sets[3:]] == [SETS["SelectionSet"], SETS['x"\\{'], []]
    assert active == len(sets) - 1
    assert window.errors() == []
