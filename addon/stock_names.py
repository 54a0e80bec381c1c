# SPDX-License-Identifier: GPL-3.0-or-later
"""Which stock operator has a Limber variant: `pose.push` and `limber.push`."""

from __future__ import annotations

import bpy


def _registered(name: str) -> bool:
    return hasattr(bpy.types, f"LIMBER_OT_{name}")


def limber_name(operator: str) -> str | None:
    """Limber's variant of a stock operator, if there is one."""
    prefix, _, name = operator.partition(".")
    return f"limber.{name}" if prefix == "pose" and _registered(name) else None


def stock_name(operator: str) -> str | None:
    """The stock operator of a Limber variant, if there is one."""
    prefix, _, name = operator.partition(".")
    return f"pose.{name}" if prefix == "limber" and hasattr(bpy.types, f"POSE_OT_{name}") else None
