# SPDX-License-Identifier: GPL-3.0-or-later
"""The families of C functions: each module's table of argument types."""

from __future__ import annotations

import importlib

MODULES = (
    "apply_rest",
    "bone_records",
    "clear",
    "clipboard",
    "constraints",
    "evaluate",
    "fcurve",
    "keys",
    "names",
    "paths",
    "record_copies",
    "records",
    "plan",
    "rotation_mode",
    "select",
    "sets",
    "slide",
    "transform",
    "user_transforms",
)

TABLES: list[dict[str, list]] = [
    importlib.import_module(f".{name}", __package__).FUNCTIONS for name in MODULES
]
