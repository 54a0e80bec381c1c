# SPDX-License-Identifier: GPL-3.0-or-later
"""How F-curves are read: by Blender's public API, or where they lie in memory.

The second way is ten times faster. It is chosen once, at its first use, if Blender's own
description of its structs has everything that is needed and a probe reads the same both ways;
else the public way stays, and `state` says why. Both give the same results.
"""

from __future__ import annotations

__all__ = (
    "VARIABLE",
    "Curves",
    "State",
    "chosen",
    "curve_list",
    "find_layout",
    "forget",
    "self_test",
    "state",
    "want_direct",
)

from ..native.records import Layout
from . import layout as layouts
from . import probe, scratch, selftest
from .choice import VARIABLE, Choice, State, forget, want_direct
from .curve_lists import Curves, DirectCurves

_choice = Choice("curves")


def find_layout() -> Layout:
    """The proven layout of the running Blender; raises LayoutError."""
    offsets = layouts.find(scratch.blend_file())
    with scratch.curves() as curves:
        return probe.prove(offsets, curves)


def state() -> State:
    """Which reader of curves is in use, and why; chosen at the first call."""
    return _choice.state(find_layout)


def chosen() -> State | None:
    """The same, None as long as no call has asked for it."""
    return _choice.known


def curve_list(bag, count: int | None = None) -> Curves:
    """The curves of a channelbag, by the reader in use; counting them takes a while."""
    layout = state().layout
    return Curves(bag, count) if layout is None else DirectCurves(bag, layout, count)


def self_test() -> selftest.Result:
    """Reads the curves of a rig both ways; if the readers differ, the public one stays in use."""
    result = selftest.curves(state().layout)
    if not result.equal:
        _choice.refuse("the self-test has found a difference")
    return result
