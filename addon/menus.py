# SPDX-License-Identifier: GPL-3.0-or-later
"""The Limber submenu of the Pose menu, where the F3 search finds every operator.

The modules of `ops` list their entries in `MENU`: sections of (title, entries). An entry is an
operator id, or (operator id, text, properties). Sections of one title become one submenu.
"""

from __future__ import annotations

import bpy

from . import native, ops, registration

ORDER = (
    "Clear Transform",
    "Apply",
    "In-Betweens",
    "Propagate",
    "Copy and Paste",
    "Rotation",
    "Motion Paths",
    "Inverse Kinematics",
    "Constraints",
    "Names",
    "Show/Hide",
    "Select",
    "Selection Sets",
)
"""Titles in the order of Blender's own menus; other sections follow in order of registration."""

_classes: list[type] = []


def sections() -> dict[str, list[tuple[str, str, dict]]]:
    """Entries of every submenu as (operator id, text or '', properties)."""
    found: dict[str, list] = {}
    for module in ops.MODULES:
        for title, entries in getattr(module, "MENU", ()):
            for entry in entries:
                row = (entry, "", {}) if isinstance(entry, str) else tuple(entry)
                found.setdefault(title, []).append(row)
    known = [title for title in ORDER if title in found]
    return {title: found[title] for title in [*known, *(t for t in found if t not in known)]}


def _submenu(title: str, entries: list[tuple[str, str, dict]]) -> type:
    """A Menu class that shows the entries of one section."""

    def draw(self, _context) -> None:
        # As the stock submenus: dialogs and sliders start interactively.
        self.layout.operator_context = "INVOKE_REGION_WIN"
        for operator, text, properties in entries:
            settings = {"text": text} if text else {}
            button = self.layout.operator(operator, **settings)
            for name, value in properties.items():
                setattr(button, name, value)

    slug = "".join(c if c.isalnum() else "_" for c in title.lower())
    name = f"LIMBER_MT_{slug}"
    return type(name, (bpy.types.Menu,), {"bl_idname": name, "bl_label": title, "draw": draw})


class LIMBER_MT_pose(bpy.types.Menu):
    """All of Limber's operators"""

    bl_idname = "LIMBER_MT_pose"
    bl_label = "Limber"

    def draw(self, _context) -> None:
        state = native.state()
        if not state.usable:
            self.layout.label(text=state.reason, icon="ERROR")
            self.layout.separator()
        for cls in _classes[:-1]:
            self.layout.menu(cls.bl_idname)


def _draw(self, _context) -> None:
    """Stands at the end of the Pose menu."""
    self.layout.separator()
    self.layout.menu(LIMBER_MT_pose.bl_idname)


def register() -> None:
    """Adds the submenu to the Pose menu."""
    _classes[:] = [_submenu(title, entries) for title, entries in sections().items()]
    _classes.append(LIMBER_MT_pose)
    registration.add(_classes)
    bpy.types.VIEW3D_MT_pose.append(_draw)


def unregister() -> None:
    """Takes it out again."""
    bpy.types.VIEW3D_MT_pose.remove(_draw)
    registration.remove(_classes)
    _classes.clear()
