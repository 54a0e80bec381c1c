# SPDX-License-Identifier: GPL-3.0-or-later
"""The drivers of an armature object as rows of numbers.

A driver that cannot be run but whose inputs stay the same is left out: what it drives holds its
result already.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field

import bpy

from . import rig_writes
from .moving_objects import TRANSFORMS, MovingObjects, UnknownMotionError, check_action, is_driven
from .rig_constraints import IDENTITY, flat, number
from .rig_numbers import CUSTOM, ElsewhereError, Numbers, with_component
from .still import is_animated, is_still

UNKNOWN = -1
TYPES = {"AVERAGE": 0, "SCRIPTED": 1, "SUM": 2, "MIN": 3, "MAX": 4}
CONSTANT, SINGLE_PROP, FRAME = -1, 0, 4
VARIABLES = {"ROTATION_DIFF": 1, "LOC_DIFF": 2, "TRANSFORMS": 3}
SPACES = {"WORLD_SPACE": 0, "TRANSFORM_SPACE": 4, "LOCAL_SPACE": 12}
_DATA_HARMLESS = re.compile(
    r'^bones\["(?:[^"\\]|\\.)*"\]\.(bbone_|hide|select|color|show_wire|use_deform|envelope_|'
    r"head_radius|tail_radius)|^collections|^show_|^display_type|^axes_position"
)
"""Settings of an armature that move no bone."""
SCENE_FRAMES = ("frame_current", "frame_current_final", "frame_float")
"""What tells the frame of a scene."""
FRAME_STAYS = bpy.app.version >= (5, 2)
"""While it makes motion paths Blender shows drivers the scene's frame as it is before and after;
4.5 does so only where nothing reads frame_current."""
_FRAME = re.compile(r"\b(frame|self|depsgraph)\b")
"""Names in expressions that stand for something else from frame to frame."""


@dataclass
class OfBones:
    """A variable that reads where bones are."""

    kind: int
    bones: list[int]
    spaces: list[int]
    part: int
    mode: int
    matrices: list[float]
    """Of what is no bone, in its space; two of them."""
    objects: tuple[int | None, ...] = (None, None)
    """Numbers of those that are objects which move."""


@dataclass
class OfFrame:
    """A variable that reads the frame."""

    whole: int
    """1: without its fraction."""


NO_BONES = OfBones(CONSTANT, [-1, -1], [0, 0], 0, 0, [*IDENTITY, *IDENTITY])


@dataclass
class Driver:
    """One driver: what it writes, and its inputs.

    Each is (slot, element), a constant, OfBones or OfFrame.
    """

    curve: object
    number: tuple[int, int]
    inputs: list = field(default_factory=list)
    unknown: str = ""
    """Why its result is not known."""

    @property
    def known(self) -> bool:
        """Whether its result is known."""
        return not self.unknown


@dataclass
class Drivers:
    """Drivers by arrays, with the names of `LimberDrivers`; `curves` map their results."""

    arrays: dict[str, array]
    curves: list
    variable_count: int
    expressions: list[str]
    names: list[str]
    reasons: list[str] = field(default_factory=list)
    """Why results are not known; empty for the others."""
    moving: dict[int, int] = field(default_factory=dict)
    """Numbers of moving objects by the places of their matrices, two a variable."""


def armature_is_moved(data) -> bool:
    """Whether animation changes an armature's bones in a way that moves them."""
    animation = data.animation_data
    if animation is None:
        return False
    if animation.action is not None or len(animation.nla_tracks):
        return True
    return not all(_DATA_HARMLESS.match(curve.data_path) for curve in animation.drivers)


class DriverReader:
    """Finds the drivers of an object and what they are tied to."""

    def __init__(self, obj, numbers: Numbers, objects: MovingObjects) -> None:
        self.object = obj
        self.numbers = numbers
        self.objects = objects
        animation = obj.animation_data
        self.curves = [
            curve
            for curve in (animation.drivers if animation is not None else ())
            if not curve.mute and curve.driver.is_valid
        ]

    def register_inputs(self) -> None:
        """Makes custom properties that drivers read numbers of the rig."""
        for curve in self.curves:
            for variable in curve.driver.variables:
                for target in variable.targets:
                    path, component = with_component(target.data_path)
                    if target.id == self.object and path.endswith('"]'):
                        self._register(path, component)

    def _register(self, path: str, component: int) -> None:
        owner, _, name = path[:-2].rpartition('["')
        try:
            # By name: a whole number with named values resolves to the name of its value.
            found = self.object.path_resolve(owner) if owner else self.object
            name = bpy.utils.unescape_identifier(name)
            value = found[name]
        except (ValueError, KeyError, TypeError):
            return
        elements = enumerate(value) if hasattr(value, "typecode") else [(component, value)]
        for place, element in elements:
            if isinstance(element, (bool, int, float)):
                write = rig_writes.of_custom(found, name, element)
                self.numbers.add_custom(path, max(place, 0), float(element), write)

    def running(
        self, moved: set[tuple[int, int]], host: set[int], fixed: set[tuple[int, int]]
    ) -> list[Driver]:
        """The drivers to be run, `moved` being the numbers that curves change.

        Adds bones to `host` that are changed in a way that is not known, -1 for all; and numbers
        to `fixed` that hold the results of drivers which cannot be run but never change.
        """
        drivers = list(filter(None, (self._read(curve) for curve in self.curves)))
        moved = moved | self.numbers.constraints.others.numbers()
        found: dict[int, Driver] = {}
        changed = True
        while changed:
            changed = False
            for place, driver in enumerate(drivers):
                if place in found or not self._moves(driver, moved):
                    continue
                found[place] = driver
                changed = True
                if driver.number[0] >= 0:
                    moved.add(driver.number)
                else:
                    host.add(driver.number[1])
        running = []
        for place, driver in enumerate(drivers):
            if driver.number[0] < 0:
                continue
            if place in found or driver.curve.driver.type != "SCRIPTED":
                running.append(driver)
            else:
                fixed.add(driver.number)
        return running

    @staticmethod
    def _moves(driver: Driver, moved: set) -> bool:
        source = driver.curve.driver
        if not driver.known or (source.type == "SCRIPTED" and _FRAME.search(source.expression)):
            return True
        return any(
            isinstance(given, (OfBones, OfFrame)) or (isinstance(given, tuple) and given in moved)
            for given in driver.inputs
        )

    def _read(self, curve) -> Driver | None:
        try:
            path, component = curve.data_path, curve.array_index
            if path.endswith('"]'):
                component = max(component, 0)
            written = self.numbers.find(path, component)
        except ElsewhereError as elsewhere:
            written = (-1, elsewhere.bone)
        if written is None:
            return None
        driver = Driver(curve, written)
        for variable in curve.driver.variables:
            driver.inputs.append(self._input(variable))
            if driver.inputs[-1] is None:
                driver.unknown = f'what "{variable.name}" reads is not known'
        if curve.driver.type == "SCRIPTED" and not curve.driver.is_simple_expression:
            driver.unknown = "it needs Python"
        return driver

    def _input(self, variable):
        """(slot, element), a constant, OfBones, OfFrame, or None for what may be anything."""
        if variable.type in VARIABLES:
            return self._of_bones(variable)
        target = variable.targets[0]
        if variable.type == "CONTEXT_PROP":
            if target.context_property != "ACTIVE_SCENE":
                return None
            return self._of_scene(target, bpy.context.scene)
        if variable.type != "SINGLE_PROP" or target.id is None:
            return None
        if target.id_type in {"SCENE", "WINDOWMANAGER"}:
            return self._of_scene(target, target.id)
        path, component = with_component(target.data_path)
        if target.id == self.object:
            try:
                read = self.numbers.find(path, max(component, 0))
            except ElsewhereError:
                return None
            if read is not None:
                return read
            return self._constant(target, target.id)
        if is_animated(target.id):
            return self._of_animated(target, path, component)
        return self._constant(target, target.id)

    def _of_scene(self, target, owner):
        """A property of the scene or the window manager."""
        path = target.data_path
        if owner == bpy.context.scene and path in SCENE_FRAMES and not is_animated(owner):
            if FRAME_STAYS:
                return float(owner.path_resolve(path))
            return OfFrame(1) if path == "frame_current" else None
        return self._constant(target, owner)

    def _of_animated(self, target, path: str, component: int):
        """A channel of another object that its action moves."""
        owner = target.id
        width = TRANSFORMS.get(path) if isinstance(owner, bpy.types.Object) else None
        if width is None or not 0 <= component < width:
            return None
        try:
            check_action(owner)
        except UnknownMotionError:
            return None
        if is_driven(owner, (path,)):
            return None
        curves = self.objects.curve_list(owner)
        place = None
        for at, curve in enumerate(curves.bag.fcurves if curves is not None else ()):
            if curve.data_path == path and curve.array_index == component:
                place = place if curve.mute or curve.is_empty else at
        value = float(getattr(owner, path)[component])
        if place is None:
            return value
        # No path of the rig begins so.
        name = f"\0{owner.name_full}.{path}"
        known = (name, component) in self.numbers.custom
        found = CUSTOM, self.numbers.add_custom(name, component, value, rig_writes.PLAIN)
        if not known:
            self.numbers.constraints.others.add_number(curves, place, found)
        return found

    def _moving(self, target, kind: str) -> int | None:
        """The number of an object that moves; raises UnknownMotionError."""
        obj = target.id
        if is_still(obj):
            return None
        world = kind == "ROTATION_DIFF" or target.transform_space == "WORLD_SPACE"
        own = target.transform_space == "TRANSFORM_SPACE" and obj.parent is None
        if not (world or own):
            raise UnknownMotionError("moves in a space of its own")
        return self.objects.place(obj)

    def _of_bones(self, variable) -> OfBones | None:
        kind = VARIABLES[variable.type]
        targets = variable.targets[: 1 if variable.type == "TRANSFORMS" else 2]
        bones, matrices, objects = [], [], []
        for target in targets:
            bone, moving = -1, None
            if target.id == self.object and target.bone_target:
                bone = self.numbers.index.get(target.bone_target, -1)
                if bone < 0:
                    return None
            elif target.id is None or target.bone_target:
                return None
            else:
                try:
                    moving = self._moving(target, variable.type)
                except UnknownMotionError:
                    return None
            bones.append(bone)
            objects.append(moving)
            matrices += IDENTITY if bone >= 0 else _matrix(target, variable.type)
        first = targets[0]
        mode = number(first, "rotation_mode")
        if not mode and bones[0] < 0:
            mode = max(number(first.id, "rotation_mode"), 0)
        return OfBones(
            kind,
            [*bones, -1][:2],
            [SPACES[first.transform_space], SPACES[targets[-1].transform_space]],
            number(first, "transform_type"),
            mode,
            [*matrices, *IDENTITY][:32],
            (*objects, None)[:2],
        )

    @staticmethod
    def _constant(target, owner) -> float | None:
        """A value that nothing moves, or the one in its place if there is none."""
        path = target.data_path
        scene = owner.id_type in {"SCENE", "WINDOWMANAGER"}
        # A scene's frame moves without any animation, and bones by what is not known here.
        if scene and (is_animated(owner) or not path.endswith('"]')):
            return None
        try:
            value = owner.path_resolve(path)
        except ValueError:
            return target.fallback_value if target.use_fallback_value else None
        if owner.id_type == "OBJECT" and path.startswith("pose.bones"):
            return None
        return float(value) if isinstance(value, (bool, int, float)) else None


def reads_scene(obj) -> bool:
    """Whether drivers of an armature object may see in which scene, or on which frame, they run."""
    for owner in (obj, obj.data):
        for curve in owner.animation_data.drivers if owner.animation_data else ():
            driver = curve.driver
            if driver.type == "SCRIPTED" and _FRAME.search(driver.expression):
                return True
            for variable in driver.variables:
                if variable.type == "CONTEXT_PROP" or any(
                    target.id_type in {"SCENE", "WINDOWMANAGER"} for target in variable.targets
                ):
                    return True
    return False


def _matrix(target, kind: str) -> list[float]:
    """The matrix of a target that is an object, in the space in which a variable sees it."""
    obj = target.id
    matrix = obj.matrix_world
    if kind != "ROTATION_DIFF" and target.transform_space == "TRANSFORM_SPACE":
        matrix = obj.matrix_basis
    elif kind != "ROTATION_DIFF" and target.transform_space == "LOCAL_SPACE":
        matrix = obj.convert_space(matrix=matrix, from_space="WORLD", to_space="LOCAL")
    return flat(matrix)


_DRIVER = {"driver_type": "i", "driver_slot": "i", "driver_element": "i"}
_VARIABLE = {
    **dict.fromkeys(("type", "slot", "element", "bone", "rotation_mode"), "i"),
    "value": "f",
}


def rows(drivers: list[Driver], numbers: Numbers) -> Drivers:
    """Drivers as arrays."""
    arrays = {name: array(code) for name, code in _DRIVER.items()}
    arrays |= rig_writes.rows([numbers.write(driver.number) for driver in drivers])
    arrays["variable_first"] = array("i", [0])
    arrays |= {f"variable_{name}": array(code) for name, code in _VARIABLE.items()}
    arrays |= {"transform_space": array("i"), "transform_type": array("i")}
    arrays["driver_matrix"] = array("f")
    found = Drivers(arrays, [driver.curve for driver in drivers], 0, [], [])
    for driver in drivers:
        source = driver.curve.driver
        kind = TYPES.get(source.type, UNKNOWN) if driver.known else UNKNOWN
        slot, element = driver.number
        arrays["driver_type"].append(kind)
        arrays["driver_slot"].append(slot)
        arrays["driver_element"].append(element)
        found.reasons.append(driver.unknown)
        found.expressions.append(source.expression if kind == TYPES["SCRIPTED"] else "")
        if kind != UNKNOWN:
            for variable, given in zip(source.variables, driver.inputs, strict=True):
                found.names.append(variable.name)
                _add_moving(found, given)
                _add_input(arrays, given)
        arrays["variable_first"].append(len(arrays["variable_type"]))
    found.variable_count = len(arrays["variable_type"])
    return found


def _add_moving(found: Drivers, given) -> None:
    first = 2 * len(found.arrays["variable_type"])
    if isinstance(given, OfBones):
        pairs = enumerate(given.objects, first)
        found.moving |= {at: number for at, number in pairs if number is not None}


def _add_input(arrays: dict[str, array], given) -> None:
    bones = given if isinstance(given, OfBones) else NO_BONES
    number_of = given if isinstance(given, tuple) else (0, 0)
    kind = SINGLE_PROP if isinstance(given, tuple) else bones.kind
    if isinstance(given, OfFrame):
        kind, number_of = FRAME, (0, given.whole)
    arrays["variable_type"].append(kind)
    arrays["variable_slot"].append(number_of[0])
    arrays["variable_element"].append(number_of[1])
    arrays["variable_value"].append(given if isinstance(given, float) else 0.0)
    arrays["variable_bone"].extend(bones.bones)
    arrays["transform_space"].extend(bones.spaces)
    arrays["transform_type"].append(bones.part)
    arrays["variable_rotation_mode"].append(bones.mode)
    arrays["driver_matrix"].extend(bones.matrices)
