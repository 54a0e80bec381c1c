"""The add-on's preferences on a real page: the readers in use, the choice, and the self-test."""

from __future__ import annotations

import re

import pytest
from driver import KEYED_BONE

MODULE = "bl_ext.user_default.limber"
SHOW = f"""
window = bpy.context.window_manager.windows[0]
area = max(window.screen.areas, key=lambda area: area.width * area.height)
area.type = "PREFERENCES"
bpy.context.preferences.active_section = "ADDONS"
bpy.context.window_manager.addon_search = "Limber"
with bpy.context.temp_override(window=window, area=area):
    bpy.ops.preferences.addon_expand(module="{MODULE}")
"""
REDRAW = """
for area in bpy.context.window_manager.windows[0].screen.areas:
    area.tag_redraw()
"""
HIDE = """
window = bpy.context.window_manager.windows[0]
for area in window.screen.areas:
    if area.type == "PREFERENCES":
        area.type = "VIEW_3D"
"""
REGION = """
window = bpy.context.window_manager.windows[0]
area = next(area for area in window.screen.areas if area.type == "PREFERENCES")
region = next(region for region in area.regions if region.type == "WINDOW")
top = window.height - region.y - region.height
result = [region.x, top, region.width, region.height]
"""
CLOSE = f"""
window = bpy.context.window_manager.windows[0]
area = next(area for area in window.screen.areas if area.type == "PREFERENCES")
with bpy.context.temp_override(window=window, area=area):
    bpy.ops.preferences.addon_expand(module="{MODULE}")
"""
WATCH = f"""
import sys
prefs = sys.modules["{MODULE}.prefs"]
if not hasattr(prefs, "plain_draw_reader"):
    prefs.plain_draw_reader = prefs._draw_reader
prefs.told = []

class Told:
    def __init__(self, column):
        self.column = column

    def label(self, **said):
        prefs.told.append(said["text"])
        self.column.label(**said)

    def operator(self, name):
        prefs.told.append(name)
        self.column.operator(name)

def draw(column):
    prefs.told.clear()
    prefs.plain_draw_reader(Told(column))

prefs._draw_reader = draw
"""
UNWATCH = f"""
import sys
prefs = sys.modules["{MODULE}.prefs"]
prefs._draw_reader = prefs.plain_draw_reader
"""
TOLD = f"""
import sys
result = list(sys.modules["{MODULE}.prefs"].told)
"""
DIRECT = f"bpy.context.preferences.addons['{MODULE}'].preferences.direct_reader = {{}}\n"
CALL = """
window = bpy.context.window_manager.windows[0]
with bpy.context.temp_override(window=window):
    bpy.ops.limber.breakdown(factor=0.5)
"""


@pytest.fixture
def page(window):
    """The page with the add-on's preferences in place of the 3D viewport."""
    window.setup(KEYED_BONE)
    window.python(WATCH + SHOW)
    window.settle()
    yield window
    window.python(UNWATCH + CLOSE + HIDE + DIRECT.format(True))
    window.settle()


def last_button(window) -> tuple[int, list[int]]:
    """A column of pixels in the middle of the page, and where its last button may be, from the
    bottom up."""
    left, top, width, height = window.python(REGION)
    x = left + width // 2
    rows = window.rows()
    size = len(rows[0]) // 1280
    column = [row[x * size : (x + 1) * size] for row in rows]
    bottom = top + height - 2
    below = column[bottom]
    while bottom > top and column[bottom] == below:
        bottom -= 1
    return x, list(range(bottom, bottom - 60, -6))


def test_the_page_tells_the_readers_and_the_choice_counts(page, shots):
    assert page.python(TOLD)[-1] == "limber.reader_test"
    page.python(CALL + REDRAW)
    page.settle()
    told = page.python(TOLD)
    assert told[:2] == [
        "F-curves are read where they lie in memory",
        "Curves are read the same both ways",
    ]
    page.shot(shots / "preferences.png")
    direct = page.rows()
    page.python(DIRECT.format(False) + CALL + REDRAW)
    page.settle()
    assert page.python(TOLD)[:2] == [
        "F-curves are read by Blender's public interface",
        "The preferences ask for the public reader",
    ]
    assert page.rows() != direct
    assert page.errors() == []


def test_a_click_runs_the_self_test(page):
    said = len(page.log_text())
    times = re.compile(r"Limber: (\d+) curves read the same both ways, public [\d.]+ ms, direct")
    x, places = last_button(page)
    for y in places:
        page.move(x, y)
        page.settle()
        page.click()
        page.settle()
        if times.search(page.log_text()[said:]):
            break
    found = times.search(page.log_text()[said:])
    assert found and int(found[1]) >= 1000
    bones = r"Limber: \d+ bones read the same both ways, public [\d.]+ ms, direct [\d.]+ ms"
    assert re.search(bones, page.log_text()[said:])
    assert page.errors(said) == []
