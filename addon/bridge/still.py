# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects surely stay where they are from frame to frame."""

from __future__ import annotations


def is_animated(owner) -> bool:
    """Whether an action, NLA strips or drivers change a data-block."""
    data = owner.animation_data
    if data is None:
        return False
    return data.action is not None or len(data.nla_tracks) > 0 or len(data.drivers) > 0


def is_still(obj) -> bool:
    """Whether nothing moves an object: not its animation, nor parents, constraints or physics.

    In doubt it is said to move.
    """
    return not is_animated(obj) and holds_still(obj)


def holds_still(obj) -> bool:
    """Whether an object stays where its own animation puts it."""
    if obj.rigid_body is not None or any(not c.mute for c in obj.constraints):
        return False
    if obj.parent is None:
        return True
    # A curve may carry its children along.
    parent = obj.parent
    return obj.parent_type == "OBJECT" and parent.type != "CURVE" and is_still(parent)
