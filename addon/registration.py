# SPDX-License-Identifier: GPL-3.0-or-later
"""Registering classes so that it can be repeated and taken back."""

from __future__ import annotations

import bpy


def add(classes: list[type]) -> None:
    """Registers classes; one of the same name that an earlier failure left goes first."""
    for cls in classes:
        # Preferences are not in bpy.types, so the class is asked as well.
        stale = cls if cls.is_registered else getattr(bpy.types, cls.__name__, None)
        if stale is not None:
            bpy.utils.unregister_class(stale)
        bpy.utils.register_class(cls)


def remove(classes: list[type]) -> None:
    """Unregisters those of the classes that are registered, last first."""
    for cls in reversed(classes):
        if cls.is_registered:
            bpy.utils.unregister_class(cls)
