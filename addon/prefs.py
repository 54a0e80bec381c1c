# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences: state of the library, threads, and the switch for stock shortcuts."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, IntProperty

from . import keymap, native, registration, stock_menus


def _update(_self, _context) -> None:
    apply()


class LIMBER_AP_preferences(bpy.types.AddonPreferences):
    """What the user chooses for Limber"""

    bl_idname = __package__

    threads: IntProperty(
        name="Threads",
        description="How many threads large calls may use; 0 uses one for each processor core",
        default=0,
        min=0,
        max=256,
        update=_update,
    )
    replace_stock: BoolProperty(
        name="Use Limber for Blender's own pose shortcuts and menus",
        description=(
            "Blender's shortcuts and menu entries of pose mode call Limber's operators. "
            "Shortcuts that you added yourself stay as they are"
        ),
        default=False,
        update=_update,
    )

    def draw(self, _context) -> None:
        layout = self.layout
        layout.use_property_split = True
        state = native.state()
        box = layout.box().column(align=True)
        if state.usable:
            box.label(text=f"Native library {state.version}", icon="CHECKMARK")
            cores = native.threads()
            box.label(text=f"Working with {cores} thread{'' if cores == 1 else 's'}", icon="BLANK1")
        else:
            box.label(text=f"Not working: {state.reason}", icon="ERROR")
            if state.version:
                box.label(text=f"Library version found: {state.version}", icon="BLANK1")
        if state.path:
            box.label(text=state.path, icon="BLANK1")
        column = layout.column()
        column.enabled = state.usable
        column.prop(self, "threads")
        layout.use_property_split = False
        row = layout.column()
        row.enabled = state.usable
        row.prop(self, "replace_stock")


def get() -> LIMBER_AP_preferences | None:
    """The preferences, if the add-on stands in Blender's list of enabled add-ons."""
    addon = bpy.context.preferences.addons.get(__package__)
    return addon.preferences if addon else None


def apply() -> None:
    """Brings threads, shortcuts and stock menus in line with the preferences."""
    values = get()
    usable = native.state().usable
    if usable:
        native.set_threads(values.threads if values else 0)
    if usable and values and values.replace_stock:
        keymap.point_at_limber()
        stock_menus.point_at_limber()
    else:
        keymap.restore()
        stock_menus.restore()


def _apply_later() -> None:
    apply()


def register() -> None:
    """Registers the preferences."""
    registration.add([LIMBER_AP_preferences])
    if not bpy.app.background:
        # At start-up add-ons come before the key maps are complete.
        bpy.app.timers.register(_apply_later, first_interval=0.0)


def unregister() -> None:
    """Unregisters them."""
    if bpy.app.timers.is_registered(_apply_later):
        bpy.app.timers.unregister(_apply_later)
    registration.remove([LIMBER_AP_preferences])
