# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that move by keys or by their parents, as the bones of a rig of their own.

The library evaluates their matrices as it does those of bones: an object's rest is where its parent
holds it, its channels are its own transforms.
"""

from __future__ import annotations

from array import array

from mathutils import Matrix

from . import pose
from .curves import channelbag
from .still import is_still

TRANSFORMS = {
    "location": 3,
    "rotation_quaternion": 4,
    "rotation_euler": 3,
    "rotation_axis_angle": 4,
    "scale": 3,
}
"""What moves an object itself, and how many numbers that is, in the order of their slots."""
_WIDTH = dict(enumerate(TRANSFORMS.values()))
_SLOT = {name: slot for slot, name in enumerate(TRANSFORMS)}
OTHERS = ("delta_", "rotation_mode", "constraints[", "parent", "matrix_", "track_axis")
_STILL = {
    "location": (0.0, 0.0, 0.0),
    "rotation_quaternion": (1.0, 0.0, 0.0, 0.0),
    "rotation_euler": (0.0, 0.0, 0.0),
    "rotation_axis_angle": (0.0, 0.0, 1.0, 0.0),
    "scale": (1.0, 1.0, 1.0),
}


class UnknownMotionError(Exception):
    """Why it is not known how an object moves, as what it does."""


def flat(matrix) -> list[float]:
    """A matrix column by column."""
    return [value for column in matrix.col for value in column]


def check_action(owner) -> None:
    """Raises UnknownMotionError unless an action of one layer alone animates a data-block."""
    data = owner.animation_data
    if data is None:
        return
    if data.use_tweak_mode or (data.use_nla and len(data.nla_tracks)):
        raise UnknownMotionError("has NLA tracks")
    if data.action is not None and len(data.action.layers) > 1:
        raise UnknownMotionError("has an action of several layers")


def is_driven(owner, paths: tuple[str, ...]) -> bool:
    """Whether a driver moves what begins like one of the paths."""
    data = owner.animation_data
    return data is not None and any(curve.data_path.startswith(paths) for curve in data.drivers)


def _check(obj) -> None:
    check_action(obj)
    if is_driven(obj, (*TRANSFORMS, *OTHERS)):
        raise UnknownMotionError("is driven")
    if obj.rigid_body is not None or any(not c.mute for c in obj.constraints):
        raise UnknownMotionError("has constraints or physics")
    deltas = (*obj.delta_location, *obj.delta_rotation_euler, *obj.delta_scale)
    turn = obj.delta_rotation_quaternion
    if deltas != (0.0,) * 6 + (1.0,) * 3 or tuple(turn) != (1.0, 0.0, 0.0, 0.0):
        raise UnknownMotionError("has delta transforms and moves")
    parent = obj.parent
    # A curve may carry its children along.
    if parent is not None and (obj.parent_type != "OBJECT" or parent.type == "CURVE"):
        raise UnknownMotionError("has a parent that moves")


class MovingObjects:
    """Objects by numbers, with what moves them."""

    def __init__(self, make_list) -> None:
        self._make_list = make_list
        self._numbers: dict = {}
        self._lists: dict = {}
        self._rest: list[Matrix] = []
        self.parent = array("i")
        self.pose = {name: array(code) for name, (code, _) in pose.TRANSFORM.items()}
        self.parts: list[tuple] = []
        """Lists of curves, the places of those that count, and the slot that each moves."""

    def __len__(self) -> int:
        return len(self._rest)

    @property
    def rest(self) -> array:
        """The matrices that the objects have without their own channels."""
        return array("f", [value for matrix in self._rest for value in flat(matrix)])

    def curve_list(self, owner):
        """The curves of a data-block's action; None if there are none."""
        if owner not in self._lists:
            bag = channelbag(owner)
            has_curves = bag is not None and len(bag.fcurves)
            self._lists[owner] = self._make_list(bag) if has_curves else None
        return self._lists[owner]

    def place(self, obj) -> int:
        """The number of an object; raises UnknownMotionError."""
        found = self._numbers.get(obj)
        if found is not None:
            return found
        if is_still(obj):
            return self._add(obj, -1, obj.matrix_world.copy(), None)
        curves = self.curve_list(obj)
        chosen = [] if curves is None else self._transforms(curves)
        return self.place_with(obj, curves, chosen)

    def place_with(self, obj, curves, chosen: list[tuple[int, tuple[int, int]]]) -> int:
        """The same of an object whose curves are known: (place, number) of its transforms."""
        if obj in self._numbers:
            return self._numbers[obj]
        _check(obj)
        parent, rest = -1, Matrix()
        if obj.parent is not None:
            parent = self.place(obj.parent)
            rest = self._rest[parent] @ obj.matrix_parent_inverse
        if abs(rest.determinant()) < 1e-12:
            raise UnknownMotionError("has no size")
        number = self._add(obj, parent, rest, obj)
        if chosen:
            slots = [(s, _WIDTH[s] * number + component) for _, (s, component) in chosen]
            self.parts.append((curves, [place for place, _ in chosen], slots))
        return number

    def _add(self, obj, parent: int, rest: Matrix, channels) -> int:
        number = self._numbers[obj] = len(self._rest)
        self._rest.append(rest)
        self.parent.append(parent)
        for name, values in self.pose.items():
            if name == "rotation_mode":
                items = obj.bl_rna.properties["rotation_mode"].enum_items
                values.append(items[obj.rotation_mode].value)
            else:
                values.extend(_STILL[name] if channels is None else getattr(channels, name))
        return number

    @staticmethod
    def _transforms(curves) -> list[tuple[int, tuple[int, int]]]:
        chosen = []
        for place, curve in enumerate(curves.bag.fcurves):
            path = curve.data_path
            width = TRANSFORMS.get(path)
            if width is not None:
                if 0 <= curve.array_index < width and not curve.mute and not curve.is_empty:
                    chosen.append((place, (_SLOT[path], curve.array_index)))
            elif path.startswith(OTHERS):
                raise UnknownMotionError("is animated by more than its transforms")
        return chosen
