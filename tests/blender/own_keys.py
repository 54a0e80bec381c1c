"""Makes the add-on insert all keys itself, which it does only where that is faster."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

import session

LIMITS = {
    "autokey": {"SLIDE_WORK": 0, "CLEAR_WORK": 0, "STYLED_CLEAR_WORK": 0},
    "known_curves": {"FEWEST": 1},
}


@contextmanager
def always() -> Iterator[None]:
    """Inside, neither Blender's operators nor its search for curves are used for keys."""
    session.install()
    before = []
    for name, limits in LIMITS.items():
        module = importlib.import_module(f"{session.MODULE}.bridge.{name}")
        for limit, value in limits.items():
            before.append((module, limit, getattr(module, limit)))
            setattr(module, limit, value)
    try:
        yield
    finally:
        for module, limit, value in before:
            setattr(module, limit, value)
