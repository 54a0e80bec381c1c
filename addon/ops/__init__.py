# SPDX-License-Identifier: GPL-3.0-or-later
"""The operators, one module a family; each lists its classes in `CLASSES`, its menus in `MENU`."""

from __future__ import annotations

import importlib

NAMES = (
    "slide",
    "clear",
    "transform",
    "user_transforms",
    "armature_apply",
    "clipboard",
    "select",
    "visibility",
    "propagate",
    "selection_sets",
    "names",
    "constraints",
    "paths",
)

MODULES = tuple(importlib.import_module(f".{name}", __package__) for name in NAMES)
"""The families, in the order of registration."""


def classes() -> list[type]:
    """Every class to register."""
    return [cls for module in MODULES for cls in module.CLASSES]
