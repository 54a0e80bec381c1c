# SPDX-License-Identifier: GPL-3.0-or-later
"""Which chains of inverse kinematics are sure to be solved as Blender solves them."""

from __future__ import annotations

from .rig_snapshot import Snapshot


def doubt(snapshot: Snapshot) -> str | None:
    """Why the chains of a rig may come out otherwise than in Blender; None if they do not.

    With limits, and where chains share bones, the last bit of a number may decide which way a
    step goes, and the solver then comes to rest elsewhere.
    """
    bones = snapshot.object.pose.bones
    owner_of: dict[str, str] = {}
    constraints = snapshot.constraints
    for constraint, number in zip(constraints.found, constraints.rows["bone"], strict=True):
        if constraint.type != "IK" or constraint.target is None:
            continue
        owner = bones[number]
        tip = owner if constraint.use_tail else owner.parent
        chain = [tip, *tip.parent_recursive] if tip is not None else []
        for bone in chain[: constraint.chain_count or None]:
            if owner_of.setdefault(bone.name, owner.name) != owner.name:
                return "two chains of inverse kinematics share a bone"
            if bone.use_ik_limit_x or bone.use_ik_limit_y or bone.use_ik_limit_z:
                return "inverse kinematics have limits"
    return None
