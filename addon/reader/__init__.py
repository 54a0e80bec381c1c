# SPDX-License-Identifier: GPL-3.0-or-later
"""How F-curves are read: by Blender's public API, or where they lie in memory.

The second way is ten times faster. It is chosen once, at its first use, if Blender's own
description of its structs has everything that is needed and a probe reads the same both ways;
else the public way stays, and `state` says why. Both give the same results.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

__all__ = ("Curves", "State", "chosen", "curve_list", "forget", "self_test", "state", "want_direct")

from .. import native
from ..native.records import Layout
from . import layout as layouts
from . import probe, scratch, selftest
from .curve_lists import Curves, DirectCurves

VARIABLE = "LIMBER_READER"
"""Environment variable that names the reader, `public` or `direct`, whatever was chosen."""


@dataclass(frozen=True)
class State:
    """Which reader is in use."""

    layout: Layout | None
    """How curves are read where they lie; None for the public reader."""
    reason: str
    """Why it is this one."""


_state: State | None = None
_wanted = True


def find_layout() -> Layout:
    """The proven layout of the running Blender; raises LayoutError."""
    offsets = layouts.find(scratch.blend_file())
    with scratch.curves() as curves:
        return probe.prove(offsets, curves)


def direct_allowed() -> bool:
    """Whether the user lets anything be read where it lies."""
    return _wanted and os.environ.get(VARIABLE) != "public"


def _choose() -> State:
    if os.environ.get(VARIABLE) == "public":
        return State(None, f"{VARIABLE} asks for the public reader")
    if not _wanted:
        return State(None, "the preferences ask for the public reader")
    if not native.state().usable:
        return State(None, native.state().reason)
    try:
        return State(find_layout(), "curves are read the same both ways")
    except layouts.LayoutError as error:
        return State(None, str(error))
    except (RuntimeError, AttributeError, TypeError, OSError, native.LimberError) as error:
        return State(None, f"the probe failed: {error}")


def state() -> State:
    """Which reader is in use, and why; chosen at the first call."""
    global _state
    if _state is None:
        _state = _choose()
    return _state


def chosen() -> State | None:
    """The same, None as long as no call has asked for it."""
    return _state


def curve_list(bag) -> Curves:
    """The curves of a channelbag, by the reader in use."""
    layout = state().layout
    return Curves(bag) if layout is None else DirectCurves(bag, layout)


def self_test() -> selftest.Result:
    """Reads a rig both ways; if the readers differ, the public one stays in use."""
    global _state
    result = selftest.run(state().layout)
    if not result.equal:
        _state = State(None, "the self-test has found a difference")
    return result


def want_direct(wanted: bool) -> None:
    """Whether curves may be read where they lie; the choice is made anew."""
    global _wanted
    if wanted != _wanted:
        _wanted = wanted
        forget()


def forget() -> None:
    """The next use chooses anew."""
    global _state
    _state = None
