# SPDX-License-Identifier: GPL-3.0-or-later
"""Data paths that begin with a bone's name."""

from __future__ import annotations

import re

import bpy

PREFIXES = {"OBJECT": 'pose.bones["', "ARMATURE": 'bones["'}
"""What begins the path of a bone's property, by the kind of the owner."""
_QUOTED = re.compile(r'(?:[^"\\]|\\.)*', re.S)


def split_path(path: str, prefix: str) -> tuple[str, str] | None:
    """The escaped name that follows a prefix, and the rest of the path behind its quote."""
    head, quote, tail = path.partition('"')
    if head + quote != prefix:
        return None
    name, _, rest = tail.partition('"')
    if "\\" in name:
        name = _QUOTED.match(tail)[0]
        rest = tail[len(name) + 1 :]
    return (name, rest) if rest.startswith("]") else None


def escaped(names: dict[str, str]) -> dict[str, str]:
    """Old and new names as they stand in paths."""
    escape = bpy.utils.escape_identifier
    return {escape(old): escape(new) for old, new in names.items()}


def resolves(owner, path: str) -> bool:
    """Whether a path leads to a property."""
    try:
        owner.path_resolve(path, False)
    except ValueError:
        return False
    return True
