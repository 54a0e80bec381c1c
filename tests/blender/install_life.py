"""The installation scenarios, one a process: `python install_life.py SCENARIO ZIP`.

Each ends normally, so that what the add-on leaves behind can make Blender hang, and the test fail.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

USER = tempfile.mkdtemp(prefix="limber-install-")
os.environ["BLENDER_USER_RESOURCES"] = USER

import bpy
import menu_walk

MODULE = "bl_ext.user_default.limber"
BACKBONE = (
    *("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest", "propagate"),
    *("loc_clear", "rot_clear", "scale_clear", "transforms_clear"),
)
OWNERS = ("Object", "Armature", "Bone", "PoseBone", "Scene", "WindowManager", "Action")


def addon():
    return sys.modules[MODULE]


def enabled() -> bool:
    return MODULE in bpy.context.preferences.addons


def install(path: str) -> None:
    bpy.ops.extensions.package_install_files(
        filepath=path, repo="user_default", enable_on_install=True
    )
    assert enabled(), "the zip was not installed"


def disable() -> None:
    bpy.ops.preferences.addon_disable(module=MODULE)


def enable() -> None:
    bpy.ops.preferences.addon_enable(module=MODULE)


def preferences():
    return bpy.context.preferences.addons[MODULE].preferences


def posed_armature() -> None:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    bpy.ops.object.armature_add()
    bpy.ops.object.mode_set(mode="POSE")


def traces() -> dict[str, list[str]]:
    """Everything in Blender that belongs to the add-on."""
    handlers = bpy.app.handlers
    menus = [cls for cls in map(bpy.types.__getattribute__, dir(bpy.types)) if hasattr(cls, "draw")]
    keymaps = bpy.context.window_manager.keyconfigs
    return {
        "types": [name for name in dir(bpy.types) if "limber" in name.lower()],
        "properties": [
            f"{owner}.{name}"
            for owner in OWNERS
            for name in dir(getattr(bpy.types, owner))
            if "limber" in name.lower()
        ],
        "handlers": [
            f"{name}: {function}"
            for name in dir(handlers)
            if isinstance(getattr(handlers, name), list)
            for function in getattr(handlers, name)
            if "limber" in getattr(function, "__module__", "")
        ],
        "draw functions": [
            f"{cls.__name__}: {function}"
            for cls in menus
            for function in menu_walk.draw_functions(cls)
            if "limber" in (getattr(function, "__module__", "") or "")
        ],
        "shortcuts": [
            f"{config}: {item.idname}"
            for config in ("user", "addon")
            for keymap in getattr(keymaps, config).keymaps
            for item in keymap.keymap_items
            if item.idname.startswith("limber.")
        ],
    }


def nothing_left() -> None:
    left = {kind: found for kind, found in traces().items() if found}
    assert not left, f"left behind: {left}"


def operators() -> list[str]:
    return [
        cls.bl_idname
        for cls in addon().ops.classes()
        if hasattr(cls, "bl_idname") and "_OT_" in cls.__name__
    ]


def everything_there() -> None:
    """Every operator is registered and stands in the Limber submenu, under a text of its own."""
    names = operators()
    assert {f"limber.{name}" for name in BACKBONE} <= set(names)
    labels = {
        name: getattr(bpy.ops.limber, name.removeprefix("limber.")).get_rna_type().name
        for name in names
    }
    assert all(label.endswith("(Limber)") for label in labels.values()), labels
    shown = [e for e in menu_walk.entries("VIEW3D_MT_pose") if e[0].startswith("LIMBER_MT_")]
    missing = set(names) - {operator for _, operator, _ in shown}
    assert not missing, f"not in a menu: {sorted(missing)}"
    unknown = {operator for _, operator, _ in shown} - set(names)
    assert not unknown, f"in a menu, but no operator: {sorted(unknown)}"
    texts = [text or labels[operator] for _, operator, text in shown]
    twice = sorted({text for text in texts if texts.count(text) > 1})
    assert not twice, f"entries that the search cannot tell apart: {twice}"
    assert len([f for f in traces()["draw functions"] if f.startswith("VIEW3D_MT_pose:")]) == 1


def declines(reason: str) -> None:
    """Every operator is there, says why it does not run, and does not run."""
    state = addon().native.state()
    assert not state.usable and reason in state.reason, state
    posed_armature()
    everything_there()
    for name in operators():
        call = getattr(bpy.ops.limber, name.removeprefix("limber."))
        assert not call.poll(), name
        try:
            call()
        except RuntimeError as error:
            assert reason in str(error), f"{name}: {error}"
        else:
            raise AssertionError(f"{name} ran")


# --- scenarios -----------------------------------------------------------------------------------


def life(path: str) -> None:
    nothing_left()
    install(path)
    assert addon().native.state().usable, addon().native.state().reason
    posed_armature()
    everything_there()
    disable()
    nothing_left()
    enable()
    everything_there()
    install(path)  # over the enabled one
    posed_armature()
    assert enabled() and addon().native.state().usable
    everything_there()
    bpy.ops.pose.select_all(action="SELECT")
    assert bpy.ops.limber.rot_clear() == {"FINISHED"}
    index = [r.module for r in bpy.context.preferences.extensions.repos].index("user_default")
    bpy.ops.extensions.package_uninstall(repo_index=index, pkg_id="limber")
    assert not enabled()
    nothing_left()
    assert not Path(USER, "extensions", "user_default", "limber").exists()


def twice(path: str) -> None:
    install(path)
    posed_armature()
    addon().register()
    everything_there()
    addon().unregister()
    nothing_left()
    addon().unregister()
    addon().register()
    everything_there()
    disable()
    nothing_left()


def failure(path: str) -> None:
    install(path)
    disable()
    module = addon()
    for owner, name in ((module.menus, "register"), (module.prefs, "register")):
        real = getattr(owner, name)

        def fail() -> None:
            raise RuntimeError("made to fail")

        setattr(owner, name, fail)
        try:
            module.register()
        except RuntimeError as error:
            assert "made to fail" in str(error)
        else:
            raise AssertionError("the failure was swallowed")
        setattr(owner, name, real)
        nothing_left()
    enable()
    posed_armature()
    everything_there()
    disable()
    nothing_left()


def threads(path: str) -> None:
    install(path)
    preferences().threads = 3
    assert addon().native.threads() == 3
    preferences().threads = 0
    assert addon().native.threads() >= 1
    disable()


def missing(path: str) -> None:
    install(path)
    declines("the native library is missing")
    disable()
    nothing_left()


def wrong_version(path: str) -> None:
    install(path)
    declines("the native library is version 9.7.3, this add-on needs 0.")
    disable()
    nothing_left()


def unloadable(path: str) -> None:
    install(path)
    declines("the native library does not load")
    preferences().replace_stock = True
    assert not traces()["shortcuts"]
    disable()
    nothing_left()


def _shortcuts() -> dict[str, tuple]:
    """Of the key map that stands for Blender's: key -> (operator, its properties)."""
    bpy.context.window_manager.keyconfigs.update()
    keymap = bpy.context.window_manager.keyconfigs.user.keymaps["Pose"]
    return {
        item.type: (
            item.idname,
            {
                name: getattr(item.properties, name)
                for name in ("flipped", "action", "mode")
                if hasattr(item.properties, name) and item.properties.is_property_set(name)
            },
            item.shift,
        )
        for item in keymap.keymap_items
    }


def switch(path: str) -> None:
    install(path)
    posed_armature()
    stock_entries = menu_walk.entries("VIEW3D_MT_pose")
    configs = bpy.context.window_manager.keyconfigs
    # The key maps of a Blender without a window are empty.
    keymap = configs.addon.keymaps.new("Pose")
    keymap.keymap_items.new("pose.push", "E", "PRESS", ctrl=True)
    item = keymap.keymap_items.new("pose.propagate", "P", "PRESS", shift=True)
    item.properties.mode = "LAST_KEY"
    keymap.keymap_items.new("pose.rigify_generate", "G", "PRESS")
    configs.update()
    own = configs.user.keymaps["Pose"].keymap_items.new("pose.relax", "X", "PRESS")
    assert own.is_user_defined
    before = _shortcuts()
    assert before["E"][0] == "pose.push"

    preferences().replace_stock = True
    after = _shortcuts()
    assert after["E"] == ("limber.push", {}, False)
    assert after["P"] == ("limber.propagate", {"mode": "LAST_KEY"}, True)
    assert after["X"] == before["X"], "the user's own shortcut was changed"
    assert after["G"] == before["G"]
    shown = menu_walk.entries("VIEW3D_MT_pose")
    names = set(operators())
    stock = [e for e in shown if e[1].startswith("pose.")]
    assert not [e for e in stock if f"limber.{e[1][5:]}" in names], stock
    assert [e[0] for e in shown] == [e[0] for e in stock_entries], "entries moved"
    texts = [e[2] for e in shown if e[1] == "limber.push" and not e[0].startswith("LIMBER")]
    assert texts == ["Push Pose from Breakdown"], texts

    preferences().replace_stock = False
    assert _shortcuts() == before
    assert menu_walk.entries("VIEW3D_MT_pose") == stock_entries
    preferences().replace_stock = True
    disable()
    nothing_left()
    assert _shortcuts() == before


SCENARIOS = {
    f.__name__: f
    for f in (life, twice, failure, threads, missing, wrong_version, unloadable, switch)
}

if __name__ == "__main__":
    status = 1
    try:
        SCENARIOS[sys.argv[1]](sys.argv[2])
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        shutil.rmtree(USER, ignore_errors=True)
    print("SCENARIO PASSED" if status == 0 else "SCENARIO FAILED", flush=True)
    sys.exit(status)
