# SPDX-License-Identifier: GPL-3.0-or-later
"""The drivers of an armature object as rows of numbers.

A driver that cannot be run but whose inputs stay the same is left out: what it drives holds its
result already.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field

from .rig_numbers import CUSTOM, INFLUENCE, MUTE, WEIGHT, ElsewhereError, Numbers, with_component
from .still import is_animated

UNKNOWN = -1
TYPES = {"AVERAGE": 0, "SUM": 1, "MIN": 3, "MAX": 4}
CONSTANT, SINGLE_PROP = -1, 0
WRITE_FLOAT, WRITE_INT, WRITE_BOOL = range(3)
_DATA_HARMLESS = re.compile(
    r'^bones\["(?:[^"\\]|\\.)*"\]\.(bbone_|hide|select|color|show_wire|use_deform|envelope_|'
    r"head_radius|tail_radius)|^collections|^show_|^display_type|^axes_position"
)
"""Settings of an armature that move no bone."""


@dataclass
class Driver:
    """One driver: what it writes, and its inputs as (slot, element) or a constant."""

    curve: object
    number: tuple[int, int]
    inputs: list = field(default_factory=list)
    known: bool = True


@dataclass
class Drivers:
    """Drivers by arrays, with the names of `LimberDrivers`; `curves` map their results."""

    arrays: dict[str, array]
    curves: list
    variable_count: int


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

    def __init__(self, obj, numbers: Numbers) -> None:
        self.object = obj
        self.numbers = numbers
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
        try:
            value = self.object.path_resolve(path)
        except ValueError:
            return
        elements = enumerate(value) if hasattr(value, "typecode") else [(component, value)]
        for place, element in elements:
            if isinstance(element, (bool, int, float)):
                self.numbers.add_custom(path, place if place >= 0 else 0, float(element))

    def running(
        self, moved: set[tuple[int, int]], host: set[int], fixed: set[tuple[int, int]]
    ) -> list[Driver]:
        """The drivers to be run, `moved` being the numbers that curves change.

        Adds bones to `host` that are changed in a way that is not known, -1 for all; and numbers
        to `fixed` that hold the results of drivers which cannot be run but never change.
        """
        drivers = list(filter(None, (self._read(curve) for curve in self.curves)))
        moved = set(moved)
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
            if place in found or driver.curve.driver.type in TYPES:
                running.append(driver)
            else:
                fixed.add(driver.number)
        return running

    @staticmethod
    def _moves(driver: Driver, moved: set) -> bool:
        return not driver.known or any(
            isinstance(number, tuple) and number in moved for number in driver.inputs
        )

    def _read(self, curve) -> Driver | None:
        try:
            path, component = curve.data_path, curve.array_index
            if path.endswith('"]') and not path.startswith("pose.bones"):
                component = max(component, 0)
            number = self.numbers.find(path, component)
        except ElsewhereError as elsewhere:
            number = (-1, elsewhere.bone)
        if number is None:
            return None
        driver = Driver(curve, number)
        for variable in curve.driver.variables:
            driver.inputs.append(self._input(variable))
        driver.known = None not in driver.inputs
        if curve.driver.type == "SCRIPTED" and not curve.driver.is_simple_expression:
            driver.known = False
        return driver

    def _input(self, variable):
        """(slot, element), a constant, or None for what may be anything."""
        if variable.type != "SINGLE_PROP":
            return None
        target = variable.targets[0]
        if target.id is None:
            return None
        path, component = with_component(target.data_path)
        if target.id == self.object:
            try:
                number = self.numbers.find(path, max(component, 0))
            except ElsewhereError:
                return None
            if number is not None:
                return number
            return None if path.startswith("pose.bones") else self._constant(target)
        return None if is_animated(target.id) else self._constant(target)

    @staticmethod
    def _constant(target) -> float | None:
        try:
            value = target.id.path_resolve(target.data_path)
        except ValueError:
            return None
        return float(value) if isinstance(value, (bool, int, float)) else None


def rows(drivers: list[Driver]) -> Drivers:
    """Drivers as arrays."""
    names = ("driver_type", "driver_slot", "driver_element", "write")
    arrays = {name: array("i") for name in names}
    arrays |= {"min": array("f"), "max": array("f"), "variable_first": array("i", [0])}
    arrays |= {f"variable_{name}": array("i") for name in ("type", "slot", "element")}
    arrays["variable_value"] = array("f")
    for driver in drivers:
        kind = TYPES.get(driver.curve.driver.type, UNKNOWN) if driver.known else UNKNOWN
        slot, element = driver.number
        low, high = (0.0, 1.0) if slot in {INFLUENCE, WEIGHT} else (-3e38, 3e38)
        arrays["driver_type"].append(kind)
        arrays["driver_slot"].append(slot)
        arrays["driver_element"].append(element)
        arrays["write"].append(WRITE_BOOL if slot == MUTE else WRITE_FLOAT)
        arrays["min"].append(low)
        arrays["max"].append(high)
        for number in driver.inputs if kind != UNKNOWN else ():
            constant = not isinstance(number, tuple)
            arrays["variable_type"].append(CONSTANT if constant else SINGLE_PROP)
            arrays["variable_slot"].append(0 if constant else number[0])
            arrays["variable_element"].append(0 if constant else number[1])
            arrays["variable_value"].append(number if constant else 0.0)
        arrays["variable_first"].append(len(arrays["variable_type"]))
    curves = [driver.curve for driver in drivers]
    return Drivers(arrays, curves, len(arrays["variable_type"]))


def writes_custom(drivers: list[Driver]) -> bool:
    """Whether one writes a custom property, of which the limits are not read."""
    return any(driver.number[0] == CUSTOM for driver in drivers)
