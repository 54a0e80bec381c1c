# SPDX-License-Identifier: GPL-3.0-or-later
"""Limber: native variants of Blender's pose operators.

Only registration is here. A missing or wrong library is no failure: the operators register all
the same and decline with the reason, which the preferences show.
"""

from __future__ import annotations

import sys
import traceback

if "_undo" in globals():
    # Blender reloads only this file when it changed on disk; the rest has to follow.
    for _name in [name for name in sys.modules if name.startswith(__name__ + ".")]:
        del sys.modules[_name]
        globals().pop(_name.removeprefix(__name__ + "."), None)

from . import keymap, menus, native, ops, prefs, registration, stock_menus

_undo: list = []


def _steps() -> tuple:
    """What registering does, in order, each with what takes it back."""
    return (
        (native.load, native.unload),
        (lambda: registration.add(ops.classes()), lambda: registration.remove(ops.classes())),
        (menus.register, menus.unregister),
        (prefs.register, prefs.unregister),
        (prefs.apply, lambda: (keymap.restore(), stock_menus.restore())),
    )


def register() -> None:
    """Enables the add-on; if a step fails, those before it are taken back."""
    unregister()
    try:
        for do, undo in _steps():
            _undo.append(undo)
            do()
    except Exception:
        unregister()
        raise


def unregister() -> None:
    """Takes back every step of `register` that was begun, last first, whatever fails."""
    while _undo:
        try:
            _undo.pop()()
        except Exception:
            traceback.print_exc()
