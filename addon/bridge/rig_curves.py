# SPDX-License-Identifier: GPL-3.0-or-later
"""The curves that constraints of a rig look at, as arrays by the names of the native library."""

from __future__ import annotations

from array import array

from . import rig_writes
from .moving_objects import UnknownMotionError, check_action, is_driven
from .still import is_animated

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
    """Raises UnknownCurveError unless the object's path is that of its points."""
    if obj.type != "CURVE":
        raise UnknownCurveError(f'"{obj.name}" is no curve')
    if obj.modifiers:
        raise UnknownCurveError(f'the curve "{obj.name}" has modifiers')
    if obj.data.shape_keys is not None:
        raise UnknownCurveError(f'the curve "{obj.name}" has shape keys')


def turns_as_known(data) -> bool:
    """Whether it is known which way is up along a curve."""
    return data.twist_mode != "TANGENT" and data.twist_smooth == 0.0 and data.dimensions == "3D"


def _read(points, name: str, width: int) -> array:
    values = array("f", bytes(4 * width * len(points)))
    points.foreach_get(name, values)
    return values


def why_unknown_on(data, constraint) -> str:
    """What may keep the library from laying the chain of a Spline IK along a curve."""
    cyclic = any(spline.use_cyclic_u for spline in data.splines)
    if cyclic and constraint.y_scale_mode != "FIT_CURVE":
        return f'bones keep their length on "{data.name}", a cyclic curve'
    return "its bones are those of another solver, or its curve has no length"


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


_VALUE = 7
"""The slot of a constraint's values, as the native library counts them."""
_TIMES = {"eval_time": 2, "path_duration": 3}
"""What may be keyed of a curve that is followed: its place among the values of the constraint."""
_SHAPE = (
    *("splines", "twist_", "resolution_u", "dimensions", "use_path", "use_stretch", "use_radius"),
    *("use_deform_bounds", "shape_keys"),
)
"""What changes the path of a curve."""


class OtherCurves:
    """The animation curves of other data-blocks, and the number of the rig that each moves.

    They move the time of paths, and what drivers read.
    """

    def __init__(self) -> None:
        self.parts: list[tuple] = []
        """Lists of curves, the places of those that count, and what each moves."""
        self.writes: list[tuple[rig_writes.Write, int]] = []
        """How each of all these takes its values, and the flags of the curve."""

    def add(self, row: int, data, objects, follows_time: bool) -> None:
        """The curves that move the time of the constraint `row`; raises UnknownCurveError."""
        if not is_animated(data):
            return
        times = (*_TIMES,) if follows_time else ()
        try:
            check_action(data)
        except UnknownMotionError as unknown:
            raise UnknownCurveError(f'the curve "{data.name}" {unknown}') from None
        if is_driven(data, (*times, *_SHAPE)):
            raise UnknownCurveError(f'the curve "{data.name}" is driven')
        curves = objects.curve_list(data) if objects is not None else None
        if objects is None:
            raise UnknownCurveError(f'the curve "{data.name}" is animated')
        places, slots = [], []
        for place, curve in enumerate(curves.bag.fcurves if curves is not None else ()):
            path = curve.data_path
            if path.startswith(_SHAPE):
                raise UnknownCurveError(f'the shape of the curve "{data.name}" is animated')
            if path in times and not curve.mute and not curve.is_empty:
                places.append(place)
                slots.append((_VALUE, 16 * row + _TIMES[path]))
                self.writes.append(self._write(data, path, curve))
        if places:
            self.parts.append((curves, places, slots))

    def add_number(self, curves, place: int, number: tuple[int, int]) -> None:
        """A curve at a place of a list that moves one number as it is."""
        self.parts.append((curves, [place], [number]))
        self.writes.append((rig_writes.PLAIN, 0))

    def numbers(self) -> set[tuple[int, int]]:
        """All that they move."""
        return {number for _, _, numbers in self.parts for number in numbers}

    @staticmethod
    def _write(data, path: str, curve) -> tuple[rig_writes.Write, int]:
        prop = data.bl_rna.properties[path]
        kind = rig_writes.INT if prop.type == "INT" else rig_writes.FLOAT
        write = (kind, float(prop.hard_min), float(prop.hard_max))
        return write, rig_writes.flags(curve, kind)
