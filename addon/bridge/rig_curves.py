# SPDX-License-Identifier: GPL-3.0-or-later
"""The curves that constraints of a rig look at, as arrays by the names of the native library."""

from __future__ import annotations

from array import array

from .still import is_animated, is_still

SPLINE = {
    "spline_type": "i",
    "spline_flag": "I",
    "resolution": "i",
    "order": "i",
    "twist_mode": "i",
    "tilt_interpolation": "i",
    "radius_interpolation": "i",
}
"""Arrays with an element a spline: type code."""
POINT = {
    "co": 3,
    "handle_left": 3,
    "handle_right": 3,
    "weight": 1,
    "tilt": 1,
    "radius": 1,
}
"""Arrays with elements a point: how many floats."""
_FLAGS = ("use_cyclic_u", "use_endpoint_u", "use_bezier_u")


class UnknownCurveError(Exception):
    """Why a curve's path is not known."""


def _number(owner, name: str) -> int:
    return owner.bl_rna.properties[name].enum_items[getattr(owner, name)].value


def check(obj) -> None:
    """Raises UnknownCurveError unless the object's path is that of its points and stands still."""
    if obj.type != "CURVE":
        raise UnknownCurveError("what is followed is no curve")
    if obj.modifiers:
        raise UnknownCurveError("a curve has modifiers")
    if obj.data.shape_keys is not None:
        raise UnknownCurveError("a curve has shape keys")
    if is_animated(obj.data):
        raise UnknownCurveError("a curve is animated")
    if not is_still(obj):
        raise UnknownCurveError("a curve moves")


def turns_as_known(data) -> bool:
    """Whether it is known which way is up along a curve."""
    return data.twist_mode != "TANGENT" and data.twist_smooth == 0.0 and data.dimensions == "3D"


def _read(points, name: str, width: int) -> array:
    values = array("f", bytes(4 * width * len(points)))
    points.foreach_get(name, values)
    return values


class Splines:
    """The first splines of curves; a path is that of a curve's first one."""

    def __init__(self) -> None:
        self.rows = {name: array(code) for name, code in SPLINE.items()}
        self.points = {name: array("f") for name in POINT}
        self.point_first = array("i", [0])
        self._numbers: dict = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, data) -> int:
        """The number of a curve, which is read when it is asked for first."""
        found = self._numbers.get(data)
        if found is None:
            found = self._numbers[data] = len(self._numbers)
            self._add(data)
        return found

    def _add(self, data) -> None:
        spline = data.splines[0] if data.splines else None
        # What turns in another way is not asked for its turns.
        twist = 3 if not turns_as_known(data) else _number(data, "twist_mode")
        row = {"twist_mode": twist, "resolution": 12, "order": 4}
        if spline is not None:
            row["spline_type"] = _number(spline, "type")
            row["spline_flag"] = sum(
                bool(getattr(spline, name)) << place for place, name in enumerate(_FLAGS)
            )
            row["resolution"] = spline.resolution_u
            row["order"] = spline.order_u
            for name in ("tilt_interpolation", "radius_interpolation"):
                row[name] = _number(spline, name)
            self._add_points(spline)
        for name, values in self.rows.items():
            values.append(row.get(name, 0))
        self.point_first.append(len(self.points["tilt"]))

    def _add_points(self, spline) -> None:
        if spline.type == "BEZIER":
            points = spline.bezier_points
            for name in ("co", "handle_left", "handle_right"):
                self.points[name].extend(_read(points, name, 3))
            self.points["weight"].extend([1.0] * len(points))
        else:
            points = spline.points
            four = _read(points, "co", 4)
            co = array("f", bytes(12 * len(points)))
            for axis in range(3):
                co[axis::3] = four[axis::4]
            for name in ("co", "handle_left", "handle_right"):
                self.points[name].extend(co)
            self.points["weight"].extend(four[3::4])
        for name in ("tilt", "radius"):
            self.points[name].extend(_read(points, name, 1))
