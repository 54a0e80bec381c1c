# SPDX-License-Identifier: GPL-3.0-or-later
"""All that moves the bones of an armature object, as arrays by the names of the native library."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from . import pose, rig, rig_drivers, rig_writes
from .curves import CurveList, KeysInPlace, channelbag
from .moving_objects import OTHERS, TRANSFORMS, MovingObjects, UnknownMotionError, is_driven
from .rig_constraints import Constraints
from .rig_numbers import CHANNELS, SCALE, ElsewhereError, Numbers
from .still import is_still

HOST = 5
"""The state of bones that the host has to evaluate."""


class UnsupportedError(Exception):
    """Why Blender has to evaluate the rig, in words for the user."""


@dataclass
class ChosenCurves:
    """Some curves of the action: their places there, and the number that each moves."""

    places: array = field(default_factory=lambda: array("I"))
    slots: array = field(default_factory=lambda: array("i"))
    elements: array = field(default_factory=lambda: array("i"))
    held: KeysInPlace | None = None
    """The curves' keys, if they were looked at where they lie."""

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """The numbers: which array of the rig's, and which element of it."""
        return list(zip(self.slots, self.elements, strict=True))

    def add(self, place: int, number: tuple[int, int]) -> None:
        """One more."""
        self.places.append(place)
        self.slots.append(number[0])
        self.elements.append(number[1])

    def take(self, which: list[int]) -> None:
        """Leaves these of them, in this order."""
        self.places = array("I", map(self.places.__getitem__, which))
        self.slots = array("i", map(self.slots.__getitem__, which))
        self.elements = array("i", map(self.elements.__getitem__, which))
        self.held = None

    def drop(self, unwanted: set[int]) -> None:
        """Forgets some, by their place among these."""
        if unwanted:
            self.take([i for i in range(len(self.places)) if i not in unwanted])

    def sort(self) -> None:
        """In the order of the action: of several curves for one number the last counts."""
        self.take(sorted(range(len(self.places)), key=self.places.__getitem__))

    def numbered(self) -> dict[str, array]:
        """The numbers by the names of the native library."""
        return {"curve_slot": self.slots, "curve_element": self.elements}


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
    objects: MovingObjects
    """All objects that the rig looks at and that move."""
    object_number: int | None
    """The number of the armature object among these, if it moves."""


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
        if is_driven(obj, (*TRANSFORMS, *OTHERS)):
            raise UnsupportedError("the object is driven")
        if data.action is not None and len(data.action.layers) > 1:
            raise UnsupportedError("the action has several layers")
    if rig_drivers.armature_is_moved(obj.data):
        raise UnsupportedError("the armature is animated itself")
    if obj.rigid_body is not None or any(not c.mute for c in obj.constraints):
        raise UnsupportedError("the object has constraints or physics")


def _closure(count: int, parents: array, chosen, links: list[tuple[int, int]]) -> array:
    """A byte a bone: the chosen ones, and all that they depend on."""
    looks: dict[int, list[int]] = {}
    for bone, other in links:
        looks.setdefault(bone, []).append(other)
    needed = array("B", bytes(count))
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

    def __init__(self, curve_list: CurveList | None, index) -> None:
        self.list = curve_list
        self.curve_index = index
        self.host: set[int] = set()
        self.found = ChosenCurves()
        self.of_object = ChosenCurves()

    def read(self, numbers: Numbers, chosen) -> None:
        """Takes the chosen curves of channels, and finds what the others move."""
        self.found = ChosenCurves(chosen.places, chosen.slots, chosen.elements)
        muted = self._muted(chosen.places, chosen.others)
        self.found.drop(
            {i for i, place in enumerate(chosen.places) if place in muted} if muted else set()
        )
        count = len(self.found.places)
        components = self.list.components
        for place in chosen.others:
            if place not in muted:
                self._other(numbers, place, components[place])
        if len(self.found.places) > count:
            self.found.sort()

    def drop(self, numbers: set[tuple[int, int]]) -> None:
        """Forgets the curves of numbers that something else decides."""
        if numbers:
            found = enumerate(self.found.numbers)
            self.found.drop({i for i, number in found if number in numbers})

    def drop_empty(self) -> None:
        """Forgets the curves that change nothing."""
        for chosen in (self.found, self.of_object):
            if chosen.places:
                held = self.list.in_place(chosen.places)
                doubtful = range(len(chosen.places)) if held is None else held.more
                curves = self.list.bag.fcurves
                chosen.held = held
                chosen.drop({i for i in doubtful if curves[chosen.places[i]].is_empty})

    def _muted(self, *asked: array) -> set[int]:
        """Places of those curves that are muted."""
        # What is muted is said by the curves; a muted group alone mutes nothing.
        curves = self.list.bag.fcurves
        if 4 * sum(map(len, asked)) < len(self.list):
            return {place for places in asked for place in places if curves[place].mute}
        muted = array("b", bytes(len(self.list)))
        curves.foreach_get("mute", muted)
        return (
            {place for place, mute in enumerate(muted) if mute} if 1 in muted.tobytes() else set()
        )

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
        width = TRANSFORMS.get(path)
        if width is not None:
            if 0 <= component < width:
                self.of_object.add(place, (CHANNELS[path][0], component))
        elif path.startswith(OTHERS):
            raise UnsupportedError("the object is animated by more than its transforms")
        else:
            number = numbers.find(path, max(component, 0))
            if number is not None:
                self.found.add(place, number)


def _object_number(obj, reader: _Reader, objects: MovingObjects) -> int | None:
    """The number of the armature object among those that move; None if it keeps still."""
    chosen = reader.of_object
    if not chosen.places and (obj.parent is None or is_still(obj.parent)):
        return None
    try:
        pairs = list(zip(chosen.places, chosen.numbers, strict=True))
        return objects.place_with(obj, reader.list, pairs)
    except UnknownMotionError as unknown:
        raise UnsupportedError(f"the object {unknown}") from None


def read(context, obj, chosen, find_curves, channel_curves) -> Snapshot:
    """Reads a rig with what moves the chosen bones; raises UnsupportedError.

    `find_curves` makes the list of a channelbag's curves, and finds what each of them animates if
    it is given the names of the bones; `channel_curves` picks those of the channels of some bones.
    """
    check(context, obj)
    names = obj.pose.bones.keys()
    index = {name: place for place, name in enumerate(names)}
    arrays = rig.read(obj, tuple(rig.RIG_ARRAYS))
    objects = MovingObjects(lambda bag: find_curves(bag, None)[0])
    constraints = Constraints(obj, index, objects)
    if (
        constraints
        and obj.pose.ik_solver == "ITASC"
        and any(c.type == "IK" for c in constraints.found)
    ):
        raise UnsupportedError("the pose has the solver iTaSC")
    numbers = Numbers(index, constraints)
    drivers = rig_drivers.DriverReader(obj, numbers, objects)
    drivers.register_inputs()
    bag = channelbag(obj)
    curve_list = found = None
    if bag is not None and len(bag.fcurves):
        curve_list, found = find_curves(bag, names)
    needed = None
    if not drivers.curves:
        needed = _closure(len(names), arrays["parent"], chosen, constraints.links())
    reader = _Reader(curve_list, found)
    if curve_list is not None:
        reader.read(numbers, channel_curves(found, curve_list.components, needed, len(names)))
    running = []
    if drivers.curves:
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
    if max(reader.found.slots, default=0) <= SCALE:
        return
    for place, number in enumerate(reader.found.numbers):
        if number[0] > SCALE:
            write = numbers.write(number)
            curve = reader.list.bag.fcurves[reader.found.places[place]]
            yield place, (write, rig_writes.flags(curve, write[0]))


def _snapshot(obj, arrays, constraints, numbers, reader, running, state) -> Snapshot:
    reader.drop_empty()
    objects = constraints.objects
    return Snapshot(
        object=obj,
        bone_count=len(state),
        rig=arrays,
        pose={name: pose.read(obj, name) for name in pose.TRANSFORM},
        constraints=constraints,
        matrix=array("f", [value for column in obj.matrix_world.col for value in column]),
        curve_list=reader.list,
        index=reader.curve_index,
        curves=reader.found,
        writes=dict(_writes(numbers, reader)),
        custom=array("f", numbers.values),
        drivers=rig_drivers.rows(running, numbers) if running else None,
        state=state,
        object_number=_object_number(obj, reader, objects),
        objects=objects,
    )
