# SPDX-License-Identifier: GPL-3.0-or-later
"""An armature's rest bones as they are edited."""

from __future__ import annotations

from array import array

from . import pose


def read(obj) -> dict[str, array]:
    """Heads and tails in armature space ("head", "tail"), and numbers of "segments"."""
    bones = obj.data.bones
    arrays = {"segments": array("i", bytes(4 * len(bones)))}
    bones.foreach_get("bbone_segments", arrays["segments"])
    for name in ("head", "tail"):
        arrays[name] = array("f", bytes(12 * len(bones)))
        bones.foreach_get(f"{name}_local", arrays[name])
    return arrays


def read_bendy(obj) -> dict[str, array]:
    """The bendy-bone values at rest."""
    bones = obj.data.bones
    arrays = {name: pose.zeroes(name, len(bones)) for name in pose.BBONE}
    for name, values in arrays.items():
        bones.foreach_get(name, values)
    return arrays
