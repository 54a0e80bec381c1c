# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans: a whole rig with its curves and drivers, prepared once, evaluated at any frames.

Arrays are `array.array`: 'f' for floats, 'i' for numbers, 'B' for flags.
"""

from __future__ import annotations

import ctypes
from array import array
from dataclasses import dataclass

from . import call
from .slide import CurveIndex
from .structs import View, pointer

_P = ctypes.c_void_p
_N = ctypes.c_size_t

FUNCTIONS = {
    "limber_plan_curves": [*(_P, _P, _P, _N, _P, _N), *[_P] * 6],
    "limber_plan_make": [_P, _P],
    "limber_plan_free": [_P],
    "limber_plan_states": [_P, _P, _P, _P, _P],
    "limber_plan_evaluate": [_P, _P, _P, _P, _P, _P],
    "limber_state_text": [ctypes.c_int32, _P, ctypes.c_size_t, _P],
}

EVALUABLE, UNSUPPORTED, CYCLE, DEPENDS, DRIVER, HOST = range(6)
"""States of a bone or number."""

DRIVER_ARRAYS = {
    "driver_type": "i",
    "driver_slot": "i",
    "driver_element": "i",
    "write": "i",
    "min": "f",
    "max": "f",
}
"""Arrays of `LimberDrivers` with an element a driver."""

VARIABLE_ARRAYS = {
    "variable_first": "i",
    "variable_type": "i",
    "variable_slot": "i",
    "variable_element": "i",
    "variable_value": "f",
}
"""Arrays of `LimberDrivers` with an element a variable, but for `variable_first`."""

TRANSFORM_ARRAYS = {
    "variable_bone": ("i", 2),
    "transform_space": ("i", 2),
    "transform_type": ("i", 1),
    "variable_rotation_mode": ("i", 1),
    "driver_matrix": ("f", 32),
}
"""Arrays of `LimberDrivers` for variables that read matrices: type code, elements a variable."""


class PlanInput(View):
    """LimberPlanInput; views are given as they are."""

    _fields_ = [
        ("struct_size", _N),
        ("rig", _P),
        ("pose", _P),
        ("constraints", _P),
        ("curves", _P),
        ("curve_slot", _P),
        ("curve_element", _P),
        ("custom_count", _N),
        ("custom", _P),
        ("drivers", _P),
        ("state", _P),
        ("chosen_count", _N),
        ("chosen", _P),
        ("wanted_count", _N),
        ("wanted_slot", _P),
        ("wanted_element", _P),
        ("curve_min", _P),
        ("curve_max", _P),
        ("actions", _P),
        ("curve_write", _P),
    ]


class Actions(View):
    """LimberActions: `constraint`, `slot` and `component` have an element a curve."""

    _fields_ = [
        ("struct_size", _N),
        ("curves", _P),
        ("constraint", _P),
        ("slot", _P),
        ("component", _P),
    ]


class Drivers(View):
    """LimberDrivers."""

    _fields_ = [
        ("struct_size", _N),
        ("driver_count", _N),
        ("variable_count", _N),
        *((name, _P) for name in DRIVER_ARRAYS),
        ("curves", _P),
        *((name, _P) for name in VARIABLE_ARRAYS),
        ("expressions", _P),
        ("expression_size", _N),
        ("variable_names", _P),
        ("name_size", _N),
        *((name, _P) for name in TRANSFORM_ARRAYS),
    ]


class PlanFrames(View):
    """LimberPlanFrames."""

    _fields_ = [
        ("struct_size", _N),
        ("frame_count", _N),
        ("frames", _P),
        ("object_matrix", _P),
        ("target_matrix", _P),
        ("driver_matrix", _P),
        ("unsettled", _P),
    ]


@dataclass
class ChannelCurves:
    """Curves of an action that move channels, and those that may move something else."""

    places: array
    """Their places in the action ('I')."""
    slots: array
    """Which numbers of the rig they move, `curve_slot` ('i')."""
    elements: array
    """The same, `curve_element` ('i')."""
    others: array
    """Places of curves that move neither a channel nor a bendy bone's shape ('I')."""


def state_text(state: int) -> str:
    """What a state says of a bone, to be read after its name."""
    buffer = ctypes.create_string_buffer(256)
    call("limber_state_text", state, buffer, len(buffer), None)
    return buffer.value.decode()


def channel_curves(
    index: CurveIndex, components: array, needed: array | None, bone_count: int
) -> ChannelCurves:
    """The curves that move channels of the needed bones (a byte each), None = all bones."""
    count = len(index.bone)
    place, other = (array("I", bytes(4 * count)) for _ in range(2))
    slot, element = (array("i", bytes(4 * count)) for _ in range(2))
    chosen_count, other_count = _N(), _N()
    call(
        "limber_plan_curves",
        *map(pointer, (index.bone, index.property, components)),
        count,
        pointer(needed),
        bone_count,
        *map(pointer, (place, slot, element)),
        ctypes.byref(chosen_count),
        pointer(other),
        ctypes.byref(other_count),
    )
    found = chosen_count.value
    return ChannelCurves(place[:found], slot[:found], element[:found], other[: other_count.value])


@dataclass
class States:
    """What a plan found out of the chosen bones and the wanted numbers."""

    state: array
    cause: array
    wanted: array
    evaluated_bones: int


class Plan:
    """A plan of the library; use it in a `with` block, which frees it."""

    def __init__(self, input_: PlanInput, bone_count: int) -> None:
        self.bones = input_.chosen_count if input_.chosen else bone_count
        self.numbers = input_.wanted_count
        self._plan = _P()
        call("limber_plan_make", ctypes.byref(input_), ctypes.byref(self._plan))

    def __enter__(self) -> Plan:
        return self

    def __exit__(self, *_error: object) -> None:
        self.free()

    def free(self) -> None:
        """Releases the plan; it cannot be used any more."""
        plan, self._plan = self._plan, _P()
        call("limber_plan_free", plan)

    def states(self) -> States:
        """Which bones and numbers are evaluated, and why not the others."""
        states = States(
            state=array("i", bytes(4 * self.bones)),
            cause=array("i", bytes(4 * self.bones)),
            wanted=array("i", bytes(4 * self.numbers)),
            evaluated_bones=0,
        )
        count = _N()
        call(
            "limber_plan_states",
            self._plan,
            pointer(states.state),
            pointer(states.cause),
            pointer(states.wanted),
            ctypes.byref(count),
        )
        states.evaluated_bones = count.value
        return states

    def evaluate(
        self,
        frames: PlanFrames,
        *,
        matrices: array | None = None,
        head: array | None = None,
        tail: array | None = None,
        values: array | None = None,
    ) -> None:
        """Evaluates frames into the arrays that are given: 16, 3 and 3 floats a bone and frame."""
        call(
            "limber_plan_evaluate",
            self._plan,
            ctypes.byref(frames),
            pointer(matrices),
            pointer(head),
            pointer(tail),
            pointer(values),
        )
