# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way something is read: where it lies in memory if that is proven, else the public way."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from .. import native
from .layout import LayoutError

VARIABLE = "LIMBER_READER"
"""Environment variable that names the reader, `public` or `direct`, whatever was chosen."""

_REFUSED = (LayoutError, RuntimeError, AttributeError, TypeError, OSError, native.LimberError)

_wanted = True


@dataclass(frozen=True)
class State:
    """Which reader is in use."""

    layout: object | None
    """Where the data's fields lie; None for the public reader."""
    reason: str
    """Why it is this one."""


def _refusal() -> str:
    """Why nothing may be read where it lies; empty if it may."""
    if os.environ.get(VARIABLE) == "public":
        return f"{VARIABLE} asks for the public reader"
    if not _wanted:
        return "the preferences ask for the public reader"
    return native.state().reason


class Choice:
    """The reader of one kind of data, chosen at its first use and kept."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._state: State | None = None
        _choices.append(self)

    @property
    def known(self) -> State | None:
        """The choice; None as long as nobody has asked for it."""
        return self._state

    def state(self, prove: Callable[[], object]) -> State:
        """The choice; at first `prove` finds the layout, or raises."""
        if self._state is None:
            self._state = self._choose(prove)
        return self._state

    def _choose(self, prove: Callable[[], object]) -> State:
        refusal = _refusal()
        if refusal:
            return State(None, refusal)
        try:
            return State(prove(), f"{self.what} are read the same both ways")
        except LayoutError as error:
            return State(None, str(error))
        except _REFUSED as error:
            return State(None, f"the probe failed: {error}")

    def refuse(self, reason: str) -> None:
        """From now on the public way."""
        self._state = State(None, reason)

    def forget(self) -> None:
        """The next use chooses anew."""
        self._state = None


_choices: list[Choice] = []


def forget() -> None:
    """Everything is chosen anew at its next use."""
    for choice in _choices:
        choice.forget()


def want_direct(wanted: bool) -> None:
    """Whether anything may be read where it lies; if that is new, the choices are made anew."""
    global _wanted
    if wanted != _wanted:
        _wanted = wanted
        forget()
