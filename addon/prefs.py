# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences: state of the library, threads, and the switch for stock shortcuts."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, IntProperty

from . import keymap, native, reader, registration, stock_menus
from .reader import bones, properties


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

    direct_reader: BoolProperty(
        name="Read F-curves and pose bones where they lie in memory",
        description=(
            "Reading is ten times faster than by Blender's public interface, with the same "
            "results. It is only done if a probe has read data of every kind both ways"
        ),
        default=True,
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
        row.prop(self, "direct_reader")
        if state.usable:
            _draw_reader(layout.box().column(align=True))


def _draw_reader(column) -> None:
    """Which readers are in use, and why."""
    for what, chosen in (
        ("F-curves", reader.chosen()),
        ("Pose bones", bones.chosen()),
        ("Custom properties", properties.chosen()),
    ):
        if chosen is None:
            column.label(text=f"{what}: the reader is chosen at its first use", icon="BLANK1")
            continue
        direct = chosen.layout is not None
        way = "where they lie in memory" if direct else "by Blender's public interface"
        column.label(text=f"{what} are read {way}", icon="CHECKMARK" if direct else "INFO")
        column.label(text=chosen.reason[:1].upper() + chosen.reason[1:], icon="BLANK1")
    column.operator(LIMBER_OT_reader_test.bl_idname)


class LIMBER_OT_reader_test(bpy.types.Operator):
    """Read the curves of a rig made for the purpose, and the bones of the largest armature, both \
ways, compare and time them"""

    bl_idname = "limber.reader_test"
    bl_label = "Test the Readers"

    @classmethod
    def poll(cls, _context) -> bool:
        return native.state().usable

    def execute(self, _context) -> set[str]:
        reader.forget()
        state = reader.state()
        if state.layout is None:
            self.report({"WARNING"}, f"Limber reads by the public interface: {state.reason}")
            return {"FINISHED"}
        told = [self._tell("curves", reader.self_test()), self._tell("bones", bones.self_test())]
        return {"FINISHED"} if all(told) else {"CANCELLED"}

    def _tell(self, what: str, result) -> bool:
        """Reports a result; whether the readers agree."""
        if result is None:
            state = bones.chosen()
            why = "there is no armature to read" if state is None else state.reason
            self.report({"INFO"}, f"Limber: {what} not read both ways: {why}")
            return True
        if not result.equal:
            self.report({"ERROR"}, f"Limber: the readers of {what} differ, the public one is used")
            return False
        times = f"public {result.public * 1e3:.2f} ms, direct {result.direct * 1e3:.2f} ms"
        self.report({"INFO"}, f"Limber: {result.count} {what} read the same both ways, {times}")
        return True


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
        reader.want_direct(values.direct_reader if values else True)
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
    registration.add([LIMBER_OT_reader_test, LIMBER_AP_preferences])
    if not bpy.app.background:
        # At start-up add-ons come before the key maps are complete.
        bpy.app.timers.register(_apply_later, first_interval=0.0)


def unregister() -> None:
    """Unregisters them."""
    if bpy.app.timers.is_registered(_apply_later):
        bpy.app.timers.unregister(_apply_later)
    registration.remove([LIMBER_OT_reader_test, LIMBER_AP_preferences])
