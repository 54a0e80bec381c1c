# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of many curves, from the arrays of the bridge to the table of the native library."""

from __future__ import annotations

from array import array

from ..bridge import keys
from ..native import keys as native


def curve_flags(curve, obj, count: int, grows: bool) -> int:
    """Curve flags of the native library."""
    flags = native.CONTINUOUS_ACCELERATION if curve.auto_smoothing == "CONT_ACCEL" else 0
    if curve.extrapolation == "LINEAR":
        flags |= native.LINEAR_EXTRAPOLATION
    if keys.is_cyclic(curve):
        flags |= native.CYCLIC
    if grows and count == 1:
        # Only the second key of a curve takes its interpolation from the kind of property.
        integer, discrete = keys.whole_numbers(curve, obj)
        flags |= native.INTEGER * integer | native.DISCRETE * discrete
    return flags


def key_view(table: keys.KeyTable, flags: array | None = None) -> native.KeyTable:
    """The native view of a table; keep the table alive while it is used."""
    return native.KeyTable(
        curve_count=len(table.curves),
        element_count=table.first[-1],
        first_key=table.first,
        key_count=table.counts,
        curve_flags=flags,
        **table.arrays,
    )
