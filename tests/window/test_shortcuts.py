"""The shortcut switch exchanges every entry of Blender's key maps that has a Limber variant."""

from __future__ import annotations

import pytest

ENTRIES = """
def values(properties):
    found = {}
    for definition in properties.bl_rna.properties if properties else ():
        name = definition.identifier
        if definition.type != "POINTER" and properties.is_property_set(name):
            value = getattr(properties, name)
            found[name] = list(value) if getattr(definition, "is_array", False) else value
    return found

result = [
    [m.name, k.idname, k.to_string(), k.value, k.repeat, k.active, values(k.properties)]
    for m in bpy.context.window_manager.keyconfigs.user.keymaps
    if not m.is_modal
    for k in m.keymap_items
]
"""

ACTIVATE = """
import os
folder = os.path.join(bpy.utils.resource_path("LOCAL"), "scripts", "presets", "keyconfig")
if not os.path.isdir(folder):
    folder = bpy.utils.preset_paths("keyconfig")[0]
bpy.ops.preferences.keyconfig_activate(filepath=os.path.join(folder, "NAME.py"))
result = bpy.context.window_manager.keyconfigs.active.name
"""


def activate(window, name: str) -> None:
    assert window.python(ACTIVATE.replace("NAME", name)) == name
    window.settle()


@pytest.fixture(params=("Blender", "Industry_Compatible", "Blender_27x"))
def key_configuration(request, window):
    """The window with one of the key configurations that Blender brings."""
    activate(window, request.param)
    yield window
    window.use_limber(False)
    activate(window, "Blender")


def test_every_pose_entry_is_exchanged_and_comes_back(key_configuration):
    window = key_configuration
    before = window.python(ENTRIES)
    operators = {row[1] for row in before if row[1].startswith("pose.")}
    assert len(operators) > 10
    assert not any(row[1].startswith("limber.") for row in before)
    window.use_limber(True)
    window.settle()
    switched = window.python(ENTRIES)
    wanted = [
        [m, name.replace("pose.", "limber.", 1), *rest]
        for m, name, *rest in before
        if name.startswith("pose.")
    ]
    assert [row for row in switched if row[1].startswith("limber.")] == wanted
    others = [row for row in before if not row[1].startswith("pose.")]
    assert [row for row in switched if not row[1].startswith("limber.")] == others
    window.use_limber(False)
    window.settle()
    assert window.python(ENTRIES) == before
