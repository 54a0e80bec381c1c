# SPDX-License-Identifier: GPL-3.0-or-later
"""Which chains of inverse kinematics are sure to be solved as Blender solves them."""

from __future__ import annotations

from .rig_snapshot import Snapshot


def doubt(snapshot: Snapshot) -> str | None:
    """Why the chains of a rig may come out otherwise than in Blender; None if they do not.

    Where a joint that swings both ways meets a limit, rounding decides in Blender what it does
    next. Joints that only bend or twist are sure; of all other doubts each frame tells by itself.
    """
    bones = snapshot.object.pose.bones
    constraints = snapshot.constraints
    for constraint, number in zip(constraints.found, constraints.rows["bone"], strict=True):
        if constraint.type != "IK" or constraint.target is None:
            continue
        owner = bones[number]
        tip = owner if constraint.use_tail else owner.parent
        chain = [tip, *tip.parent_recursive] if tip is not None else []
        for bone in chain[: constraint.chain_count or None]:
            if _is_limited_ball(bone):
                return "inverse kinematics limit joints that swing both ways"
    return None


def _is_limited_ball(bone) -> bool:
    if bone.lock_ik_x or bone.lock_ik_z:
        return False
    twists = bone.use_ik_limit_y and not bone.lock_ik_y
    return bone.use_ik_limit_x or bone.use_ik_limit_z or twists
