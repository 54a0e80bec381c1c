# SPDX-License-Identifier: GPL-3.0-or-later
"""All that moves the bones of an armature object, as arrays by the names of the native library."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from . import pose, rig, rig_drivers
from .curves import CurveList, channelbag
from .rig_constraints import Constraints
from .rig_numbers import SCALE, ElsewhereError, Numbers
from .still import holds_still

OBJECT_PATHS = {
    "location": 3,
    "rotation_quaternion": 4,
    "rotation_euler": 3,
    "rotation_axis_angle": 4,
    "scale": 3,
}
"""What moves the object itself, and how many numbers that is."""
OBJECT_OTHERS = ("delta_", "rotation_mode", "constraints[", "parent", "matrix_", "track_axis")
HOST = 5
"""The state of bones that the host has to evaluate."""


class UnsupportedError(Exception):
    """Why Blender has to evaluate the rig."""


@dataclass
class ObjectCurves:
    """The curves that move the armature object: their places, what and which element."""

    places: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    elements: list[int] = field(default_factory=list)


@dataclass
class Snapshot:
    """A rig, and the curves of it that matter to some bones."""

    object: object
    bone_count: int
    rig: dict[str, array]
    pose: dict[str, array]
    constraints: Constraints
    matrix: array
    """World matrix of the object where it does not move."""
    curves: list
    extrapolation: array
    curve_slot: array
    curve_element: array
    limits: dict[int, tuple[float, float]]
    """Between which values Blender keeps what some curves move, by their place here."""
    custom: array
    drivers: rig_drivers.Drivers | None
    state: array
    object_curves: list
    object_slots: list[tuple[str, int]]
    object_extrapolation: array
    curve_bones: array
    """Which bone each curve of the action animates."""
    places: list[int]
    """Where the curves stand in the action."""


def check(context, obj) -> None:
    """Raises UnsupportedError for what is not evaluated at all."""
    render = context.scene.render
    if render.frame_map_old != render.frame_map_new:
        raise UnsupportedError("the scene's time is remapped")
    if obj.data.pose_position == "REST":
        raise UnsupportedError("the armature is in its rest position")
    data = obj.animation_data
    if data is not None:
        if data.use_tweak_mode or (data.use_nla and len(data.nla_tracks)):
            raise UnsupportedError("the object has NLA tracks")
        if any(
            curve.data_path.startswith((*OBJECT_PATHS, *OBJECT_OTHERS)) for curve in data.drivers
        ):
            raise UnsupportedError("the object is driven")
        if data.action is not None and len(data.action.layers) > 1:
            raise UnsupportedError("the action has several layers")
    if rig_drivers.armature_is_moved(obj.data):
        raise UnsupportedError("the armature is animated itself")
    if not holds_still(obj):
        raise UnsupportedError("the object has a moving parent, constraints or physics")


def _closure(count: int, parents: array, chosen, links: list[tuple[int, int]]) -> bytearray:
    """A byte a bone: the chosen ones, and all that they depend on."""
    looks: dict[int, list[int]] = {}
    for bone, other in links:
        looks.setdefault(bone, []).append(other)
    needed = bytearray(count)
    waiting = list(chosen)
    while waiting:
        bone = waiting.pop()
        if needed[bone]:
            continue
        needed[bone] = 1
        if parents[bone] >= 0:
            waiting.append(parents[bone])
        waiting.extend(looks.get(bone, ()))
    return needed


class _Reader:
    """Sorts the curves of an object by what they move."""

    def __init__(self, obj, curve_list: CurveList | None, index) -> None:
        self.object = obj
        self.list = curve_list
        self.curve_index = index
        self.host: set[int] = set()
        self.places: list[int] = []
        self.numbers_of: list[tuple[int, int]] = []
        self.object_curves = ObjectCurves()

    def read(self, numbers: Numbers, needed: bytearray | None) -> None:
        """Finds the curves that move bones, those of `needed` bones if it is given."""
        if self.list is None:
            return
        index, components = self.curve_index, self.list.components
        channel_slots = {1: (0, 3), 2: (1, 4), 3: (2, 3), 4: (3, 4), 5: (4, 3)}
        muted = self._muted()
        absent = 0xFFFFFFFF
        for place, (bone, prop) in enumerate(zip(index.bone, index.property, strict=True)):
            if muted[place]:
                continue
            channel = channel_slots.get(prop)
            if channel is not None and bone != absent:
                slot, width = channel
                component = components[place]
                if (needed is None or needed[bone]) and 0 <= component < width:
                    self.places.append(place)
                    self.numbers_of.append((slot, width * bone + component))
            elif not 6 <= prop <= 15:
                self._other(numbers, place, components[place])

    def drop(self, numbers: set[tuple[int, int]]) -> None:
        """Forgets the curves of numbers that something else decides."""
        if not numbers.isdisjoint(self.numbers_of):
            pairs = zip(self.places, self.numbers_of, strict=True)
            kept = [pair for pair in pairs if pair[1] not in numbers]
            self.places = [place for place, _ in kept]
            self.numbers_of = [number for _, number in kept]

    def drop_empty(self) -> list:
        """The curves that were found, without those that change nothing."""
        if not self.places:
            return []
        curves = self.list.pick(self.places)
        empty = [curve.is_empty for curve in curves]
        if True in empty:
            keep = [place for place, none in enumerate(empty) if not none]
            self.places = [self.places[place] for place in keep]
            self.numbers_of = [self.numbers_of[place] for place in keep]
            curves = [curves[place] for place in keep]
        return curves

    def _muted(self) -> array:
        bag = self.list.bag
        muted = array("b", bytes(len(self.list)))
        # What is muted is said by the curves; a muted group alone mutes nothing.
        bag.fcurves.foreach_get("mute", muted)
        return muted

    def _other(self, numbers: Numbers, place: int, component: int) -> None:
        path = self.list.paths[place]
        if not path.startswith("pose.bones"):
            self._of_object(numbers, path, place, component)
            return
        try:
            number = numbers.find(path, component)
        except ElsewhereError as elsewhere:
            self.host.add(elsewhere.bone)
            return
        if number is not None:
            self.places.append(place)
            self.numbers_of.append(number)

    def _of_object(self, numbers: Numbers, path: str, place: int, component: int) -> None:
        width = OBJECT_PATHS.get(path)
        if width is not None:
            if 0 <= component < width:
                self.object_curves.places.append(place)
                self.object_curves.paths.append(path)
                self.object_curves.elements.append(component)
        elif path.startswith(OBJECT_OTHERS):
            raise UnsupportedError("the object is animated by more than its transforms")
        else:
            number = numbers.find(path, max(component, 0))
            if number is not None:
                self.places.append(place)
                self.numbers_of.append(number)


def _object_matrix(obj, moved: bool) -> array:
    """The object's matrix in the world; for one with curves of its own only of plain ones."""
    if moved:
        deltas = (*obj.delta_location, *obj.delta_rotation_euler, *obj.delta_scale)
        turn = obj.delta_rotation_quaternion
        if deltas != (0.0,) * 6 + (1.0,) * 3 or tuple(turn) != (1.0, 0.0, 0.0, 0.0):
            raise UnsupportedError("the object has delta transforms and moves")
        if obj.parent is not None:
            raise UnsupportedError("the object has a parent and moves")
    return array("f", [value for column in obj.matrix_world.col for value in column])


def read(context, obj, chosen, make_index) -> Snapshot:
    """Reads a rig with what moves the chosen bones; raises UnsupportedError.

    `make_index` finds out what each of some data paths animates.
    """
    check(context, obj)
    names = obj.pose.bones.keys()
    index = {name: place for place, name in enumerate(names)}
    arrays = rig.read(obj, tuple(rig.RIG_ARRAYS))
    constraints = Constraints(obj, index)
    if (
        constraints
        and obj.pose.ik_solver == "ITASC"
        and any(c.type == "IK" for c in constraints.found)
    ):
        raise UnsupportedError("the pose has the solver iTaSC")
    numbers = Numbers(index, constraints)
    drivers = rig_drivers.DriverReader(obj, numbers)
    drivers.register_inputs()
    bag = channelbag(obj)
    curve_list = CurveList(bag) if bag is not None and len(bag.fcurves) else None
    found = make_index(curve_list.paths, names) if curve_list is not None else None
    needed = None
    if not drivers.curves:
        needed = _closure(len(names), arrays["parent"], chosen, constraints.links())
    reader = _Reader(obj, curve_list, found)
    reader.read(numbers, needed)
    fixed: set[tuple[int, int]] = set()
    running = drivers.running(set(reader.numbers_of), reader.host, fixed)
    reader.drop(fixed)
    if -1 in reader.host or rig_drivers.writes_custom(running):
        raise UnsupportedError("a driver or curve writes what is not known")
    state = array("i", bytes(4 * len(names)))
    for bone in reader.host:
        state[bone] = HOST
    return _snapshot(obj, arrays, constraints, numbers, reader, running, state)


def _snapshot(obj, arrays, constraints, numbers, reader, running, state) -> Snapshot:
    extrapolation = array("i", bytes(4 * len(reader.list or ())))
    if extrapolation:
        reader.list.bag.fcurves.foreach_get("extrapolation", extrapolation)
    own = reader.object_curves

    def ends(places: list[int]) -> array:
        return array("B", [extrapolation[place] for place in places])

    curves = reader.drop_empty()
    object_curves = reader.list.pick(own.places) if own.places else []
    return Snapshot(
        object=obj,
        bone_count=len(state),
        rig=arrays,
        pose={name: pose.read(obj, name) for name in pose.TRANSFORM},
        constraints=constraints,
        matrix=_object_matrix(obj, bool(own.places)),
        curves=curves,
        extrapolation=ends(reader.places),
        curve_slot=array("i", [slot for slot, _ in reader.numbers_of]),
        curve_element=array("i", [element for _, element in reader.numbers_of]),
        limits={
            place: limits
            for place, number in enumerate(reader.numbers_of)
            if number[0] > SCALE and (limits := numbers.limits(number)) is not None
        },
        custom=array("f", numbers.values),
        drivers=rig_drivers.rows(running) if running else None,
        state=state,
        object_curves=object_curves,
        object_slots=list(zip(own.paths, own.elements, strict=True)),
        object_extrapolation=ends(own.places),
        curve_bones=reader.curve_index.bone if reader.curve_index else array("I"),
        places=reader.places,
    )


def object_pose(obj) -> dict[str, array]:
    """The channels of the object itself, as those of one bone."""
    found = {
        name: array("f", getattr(obj, name))
        for name, (code, _) in pose.TRANSFORM.items()
        if code == "f"
    }
    items = obj.bl_rna.properties["rotation_mode"].enum_items
    found["rotation_mode"] = array("i", [items[obj.rotation_mode].value])
    return found
