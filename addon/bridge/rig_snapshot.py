# SPDX-License-Identifier: GPL-3.0-or-later
"""All that moves the bones of an armature object, as arrays by the names of the native library."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

from . import pose, rig, rig_drivers, rig_writes
from .curves import CurveList, channelbag
from .rig_constraints import Constraints
from .rig_numbers import CHANNELS, SCALE, ElsewhereError, Numbers
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
    """Why Blender has to evaluate the rig, in words for the user."""


@dataclass
class ChosenCurves:
    """Some curves of the action: their places there, and the number that each moves."""

    places: list[int] = field(default_factory=list)
    numbers: list[tuple[int, int]] = field(default_factory=list)

    def add(self, place: int, number: tuple[int, int]) -> None:
        """One more."""
        self.places.append(place)
        self.numbers.append(number)

    def keep(self, wanted: Callable[[int], bool]) -> None:
        """Forgets the others; `wanted` is asked with places among these."""
        kept = [i for i in range(len(self.places)) if wanted(i)]
        if len(kept) < len(self.places):
            self.places = [self.places[i] for i in kept]
            self.numbers = [self.numbers[i] for i in kept]

    def numbered(self) -> dict[str, array]:
        """The numbers by the names of the native library."""
        return {
            "curve_slot": array("i", [slot for slot, _ in self.numbers]),
            "curve_element": array("i", [element for _, element in self.numbers]),
        }


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
    curve_list: CurveList | None
    """The curves of the action."""
    index: object
    """What each of them animates."""
    curves: ChosenCurves
    """Those that matter."""
    writes: dict[int, tuple[rig_writes.Write, int]]
    """How what some curves move takes their values, and the curves' flags, by their place in
    `curves`."""
    custom: array
    drivers: rig_drivers.Drivers | None
    state: array
    object_curves: ChosenCurves
    """Those that move the object itself."""


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
        self.found = ChosenCurves()
        self.of_object = ChosenCurves()

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
                    self.found.add(place, (slot, width * bone + component))
            elif not 6 <= prop <= 15:
                self._other(numbers, place, components[place])

    def drop(self, numbers: set[tuple[int, int]]) -> None:
        """Forgets the curves of numbers that something else decides."""
        if numbers:
            self.found.keep(lambda i: self.found.numbers[i] not in numbers)

    def drop_empty(self) -> None:
        """Forgets the curves that change nothing."""
        for chosen in (self.found, self.of_object):
            if chosen.places:
                held = self.list.in_place(chosen.places)
                doubtful = range(len(chosen.places)) if held is None else held.more
                curves = self.list.bag.fcurves
                empty = {i for i in doubtful if curves[chosen.places[i]].is_empty}
                chosen.keep(lambda i, empty=empty: i not in empty)

    def _muted(self) -> array:
        bag = self.list.bag
        muted = array("b", bytes(len(self.list)))
        # What is muted is said by the curves; a muted group alone mutes nothing.
        bag.fcurves.foreach_get("mute", muted)
        return muted

    def _other(self, numbers: Numbers, place: int, component: int) -> None:
        path = self.list.path(place)
        if not path.startswith("pose.bones"):
            self._of_object(numbers, path, place, component)
            return
        try:
            number = numbers.find(path, component)
        except ElsewhereError as elsewhere:
            self.host.add(elsewhere.bone)
            return
        if number is not None:
            self.found.add(place, number)

    def _of_object(self, numbers: Numbers, path: str, place: int, component: int) -> None:
        width = OBJECT_PATHS.get(path)
        if width is not None:
            if 0 <= component < width:
                self.of_object.add(place, (CHANNELS[path][0], component))
        elif path.startswith(OBJECT_OTHERS):
            raise UnsupportedError("the object is animated by more than its transforms")
        else:
            number = numbers.find(path, max(component, 0))
            if number is not None:
                self.found.add(place, number)


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


def read(context, obj, chosen, find_curves) -> Snapshot:
    """Reads a rig with what moves the chosen bones; raises UnsupportedError.

    `find_curves` makes the list of a channelbag's curves, and finds what each of them animates.
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
    curve_list = found = None
    if bag is not None and len(bag.fcurves):
        curve_list, found = find_curves(bag, names)
    needed = None
    if not drivers.curves:
        needed = _closure(len(names), arrays["parent"], chosen, constraints.links())
    reader = _Reader(obj, curve_list, found)
    reader.read(numbers, needed)
    fixed: set[tuple[int, int]] = set()
    running = drivers.running(set(reader.found.numbers), reader.host, fixed)
    reader.drop(fixed)
    if -1 in reader.host:
        raise UnsupportedError("a driver or curve writes what is not known")
    state = array("i", bytes(4 * len(names)))
    for bone in reader.host:
        state[bone] = HOST
    return _snapshot(obj, arrays, constraints, numbers, reader, running, state)


def _writes(numbers: Numbers, reader: _Reader):
    """By place: how what is no channel takes values, and the flags of its curve."""
    for place, number in enumerate(reader.found.numbers):
        if number[0] > SCALE:
            write = numbers.write(number)
            curve = reader.list.bag.fcurves[reader.found.places[place]]
            yield place, (write, rig_writes.flags(curve, write[0]))


def _snapshot(obj, arrays, constraints, numbers, reader, running, state) -> Snapshot:
    reader.drop_empty()
    return Snapshot(
        object=obj,
        bone_count=len(state),
        rig=arrays,
        pose={name: pose.read(obj, name) for name in pose.TRANSFORM},
        constraints=constraints,
        matrix=_object_matrix(obj, bool(reader.of_object.places)),
        curve_list=reader.list,
        index=reader.curve_index,
        curves=reader.found,
        writes=dict(_writes(numbers, reader)),
        custom=array("f", numbers.values),
        drivers=rig_drivers.rows(running, numbers) if running else None,
        state=state,
        object_curves=reader.of_object,
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
