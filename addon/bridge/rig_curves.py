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
MINIMUM = 3
"""The twist of curves that are not asked how they turn."""
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
    """The splines of curves."""

    def __init__(self) -> None:
        self.rows = {name: array(code) for name, code in SPLINE.items()}
        self.points = {name: array("f") for name in POINT}
        self.point_first = array("i", [0])
        self.curve_first = array("i", [0])
        self._numbers: dict = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, data) -> int:
        """The number of a curve, which is read when it is asked for first."""
        found = self._numbers.get(data)
        if found is None:
            found = self._numbers[data] = len(self._numbers)
            twist = _number(data, "twist_mode") if turns_as_known(data) else MINIMUM
            for spline in data.splines:
                self._add(spline, twist)
            self.curve_first.append(len(self.point_first) - 1)
        return found

    def _add(self, spline, twist: int) -> None:
        flags = sum(bool(getattr(spline, name)) << place for place, name in enumerate(_FLAGS))
        row = {
            "spline_type": _number(spline, "type"),
            "spline_flag": flags,
            "resolution": spline.resolution_u,
            "order": spline.order_u,
            "twist_mode": twist,
            "tilt_interpolation": _number(spline, "tilt_interpolation"),
            "radius_interpolation": _number(spline, "radius_interpolation"),
        }
        for name, values in self.rows.items():
            values.append(row[name])
        self._add_points(spline)
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
