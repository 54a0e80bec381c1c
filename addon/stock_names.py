# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stock operator has a Limber variant: `pose.push` and `limber.push`."""

from __future__ import annotations

import bpy


def limber_name(operator: str) -> str | None:
    """Limber's variant of a stock operator, if there is one."""
    prefix, _, name = operator.partition(".")
    registered = prefix == "pose" and hasattr(bpy.types, f"LIMBER_OT_{name}")
    return f"limber.{name}" if registered else None


def stock_name(operator: str) -> str | None:
    """The stock operator of a Limber variant, if there is one."""
    prefix, _, name = operator.partition(".")
    if prefix != "limber":
        return None
    try:
        getattr(bpy.ops.pose, name).get_rna_type()  # built-in operators are not in bpy.types
    except KeyError:
        return None
    return f"pose.{name}"
