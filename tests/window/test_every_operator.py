"""The search finds operators by their labels and starts them.

Some in a normal run; all of them, which takes minutes, with LIMBER_TEST_EVERY_OPERATOR=1.
"""

from __future__ import annotations

import os

import pytest
from driver import KEYED_BONE

SPY = """
import sys
limber = sys.modules['bl_ext.user_default.limber']
classes = {c.bl_idname: c for c in limber.ops.classes() if '_OT_' in c.__name__}
started, replaced = [], []
def spy(cls, name):
    real = getattr(cls, name)
    # Blender counts the parameters.
    def execute(self, context):
        started.append(cls.bl_idname)
        return real(self, context)
    def invoke(self, context, event):
        started.append(cls.bl_idname)
        return real(self, context, event)
    replaced.append((cls, name, cls.__dict__.get(name)))
    setattr(cls, name, locals()[name])
for cls in classes.values():
    for name in ('invoke', 'execute'):
        if hasattr(cls, name):
            spy(cls, name)
shown = [row for rows in limber.menus.sections().values() for row in rows]
result = [[name, text or classes[name].bl_label] for name, text, _ in shown]
"""
UNSPY = """
for cls, name, own in replaced:
    if own is None:
        delattr(cls, name)
    else:
        setattr(cls, name, own)
"""
SETUP = (
    KEYED_BONE
    + """
bone.location.y = 1
for _ in range(2):
    bpy.ops.pose.selection_set_add_and_assign()
bone.constraints.new('LIMIT_ROTATION')
bpy.ops.pose.paths_calculate()
started.clear()
"""
)
PARTS = 16
"""The menu entries are dealt out into so many tests; a normal run takes one of these."""
WANTED = range(PARTS) if os.environ.get("LIMBER_TEST_EVERY_OPERATOR") else range(1)


@pytest.fixture
def entries(window):
    """(operator, text) of all entries of the Limber menu; what starts is recorded."""
    yield window.python(SPY)
    window.python(UNSPY)


@pytest.mark.parametrize("part", WANTED)
def test_the_search_starts_operators_by_their_text(window, entries, shots, part):
    failed = []
    for name, text in entries[part::PARTS]:
        window.setup(SETUP)
        shot = shots / f"failed-{name}.png"
        window.search(f"Limber {text}", shot)
        window.key("Return")
        window.settle()
        if name in window.python("result = started"):
            shot.unlink()
        else:
            failed.append(f"{name}: {text}")
        window.close_popup()
        if window.modal():
            window.close_popup()
    assert not failed, failed
