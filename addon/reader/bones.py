# SPDX-License-Identifier: GPL-3.0-or-later
"""How the channels of all bones are read: by Blender's public API, or where they lie in memory.

The second way takes a tenth of the time. As with curves it is chosen at its first use, if
Blender's description of its structs has everything and a copy of a posed object reads the same
both ways; else the public way stays. Both give the same.
"""

from __future__ import annotations

from .. import native
from ..bridge import bones as public_bones
from ..bridge import pose, property_groups
from ..native import bone_records
from ..native import names as native_names
from ..native.bone_records import BoneLayout, Bones
from . import bone_layout, direct_allowed, scratch
from .layout import LayoutError

_REFUSED = (LayoutError, RuntimeError, AttributeError, TypeError, OSError, native.LimberError)

_layout: BoneLayout | None = None
_reason = ""
"""Why there is no layout; empty as long as nobody has asked."""


def layout(obj) -> BoneLayout | None:
    """How pose bones are read where they lie; None for the public way."""
    global _layout, _reason
    if not direct_allowed():
        return None
    if _layout is None and not _reason and len(obj.pose.bones):
        try:
            found = bone_layout.find(scratch.blend_file())
            bone_layout.prove(found, obj)
            _layout = found
        except _REFUSED as error:
            _reason = str(error) or type(error).__name__
    return _layout


def reason() -> str:
    """Why pose bones are not read where they lie; empty if they are, or nobody has asked."""
    return _reason


def forget() -> None:
    """The next use chooses anew."""
    global _layout, _reason
    _layout, _reason = None, ""


def read(obj, channels: tuple[str, ...], names: bool = False, marks: bool = False) -> Bones:
    """The channels of all bones; on demand their names, and which have custom properties."""
    pose_bones = obj.pose.bones
    direct = layout(obj)
    count = len(pose_bones)
    if direct is not None and count:
        try:
            return bone_records.read(direct, pose_bones[0].as_pointer(), count, channels, names)
        except native.LimberError:
            # A record made no sense, so there is no trust in the others.
            _forget_for_good("a pose bone made no sense")
    return Bones(
        count,
        {name: pose.read(obj, name, count) for name in channels},
        native_names.pack(public_bones.names(obj)) if names else b"",
        property_groups.marks(pose_bones.values()) if marks else None,
    )


def _forget_for_good(why: str) -> None:
    """From now on the public way."""
    global _layout, _reason
    _layout, _reason = None, why
