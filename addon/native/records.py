# SPDX-License-Identifier: GPL-3.0-or-later
"""F-curves in records of the host, read where they lie.

Nothing here knows what the host's records look like: offsets come from the caller. Addresses are
good only until the host does anything else; none is kept.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import call
from .fcurve import KeyLayout
from .keys import FIELDS, KeyTable
from .names import Packed
from .names import pack as texts
from .slide import ChosenCurves, CurveIndex
from .structs import View, pointer

_POINTER = ctypes.c_void_p
_SIZE = ctypes.c_size_t
_BYTE = ctypes.c_uint8

FUNCTIONS = {
    "limber_curve_records_index": [
        *(_POINTER, _POINTER, _SIZE, _SIZE, ctypes.c_uint32),
        *[_POINTER] * 6,
    ],
    "limber_curve_records_keys": [_POINTER, _POINTER, _SIZE, *[_POINTER] * 6],
    "limber_curve_records_evaluate": [
        *(_POINTER, _POINTER, _SIZE, _POINTER, _SIZE, ctypes.c_uint32),
        *[_POINTER] * 2,
    ],
    "limber_curve_records_gather": [_POINTER] * 4,
    "limber_curve_records_sample": [
        *(_POINTER, _POINTER, _SIZE, _SIZE, ctypes.c_uint32),
        *(_POINTER, _POINTER, _BYTE, _POINTER, _SIZE),
        *[_POINTER] * 15,
    ],
}

SAMPLED, MODIFIED, DRIVEN, DAMAGED, LONG_PATH = 1, 2, 4, 8, 16
"""States of a record."""

UNCHECKED, BY_FRAME = 1, 2
"""Flags of evaluation."""

ABSENT = ctypes.c_size_t(-1).value
"""Offset of a field that a record does not have."""


class CurveLayout(View):
    """LimberCurveLayout; a field that is not given is absent."""

    _fields_ = [
        ("struct_size", _SIZE),
        ("record_size", _SIZE),
        *((name, _SIZE) for name in ("keys", "key_count", "path", "component")),
        *((name, _SIZE) for name in ("extrapolation", "auto_smoothing", "flags")),
        *((name, _SIZE) for name in ("samples", "modifiers", "driver")),
        *((name, ctypes.c_uint64) for name in ("integer_mask", "discrete_mask")),
        *((name, _BYTE) for name in ("key_count_size", "component_size")),
        *((name, _BYTE) for name in ("extrapolation_size", "auto_smoothing_size")),
        ("flags_size", _BYTE),
        ("reserved", _BYTE * 3),
    ]

    def __init__(self, **values: int) -> None:
        absent = {name: ABSENT for name, _ in self._fields_[2:12]}
        super().__init__(**{**absent, **values})


class CurveRecords(View):
    """LimberCurveRecords."""

    _fields_ = [
        ("struct_size", _SIZE),
        ("layout", _POINTER),
        ("key_layout", _POINTER),
        ("records", _POINTER),
        *((name, _SIZE) for name in ("record_count", "key_limit", "path_limit", "alignment")),
    ]


@dataclass(frozen=True)
class Layout:
    """Where the fields of a curve's record, of its keys and of the list of curves lie."""

    curve: CurveLayout
    key: KeyLayout
    list_address: int
    """Offset, in what holds the curves, of the address of the array of their addresses."""
    list_count: int
    """Offset, in what holds the curves, of their number, four bytes."""
    alignment: int = 8
    path_limit: int = 4096


@dataclass(frozen=True)
class Sampled:
    """Curves placed, chosen and sampled in one pass."""

    index: CurveIndex
    component: array
    """Of each curve ('I')."""
    state: array
    """Of each curve ('B')."""
    chosen: ChosenCurves
    rows: list[array]
    """Values of the chosen curves ('f'), an array a frame; NaN where the state is not 0."""


@dataclass
class Records:
    """The curves of one holder, for calls with nothing of the host in between."""

    view: CurveRecords
    count: int
    keep: tuple = field(default=())

    @classmethod
    def of(cls, holder: int, layout: Layout) -> Records:
        """The curves of what lies at this address."""
        count = ctypes.c_int32.from_address(holder + layout.list_count).value
        first = ctypes.c_void_p.from_address(holder + layout.list_address).value
        return cls.at(first or 0, count if first and count > 0 else 0, layout)

    @classmethod
    def at(cls, first: int, count: int, layout: Layout) -> Records:
        """The curves whose addresses stand in an array."""
        view = CurveRecords(
            layout=ctypes.addressof(layout.curve),
            key_layout=ctypes.addressof(layout.key),
            records=first,
            record_count=count,
            alignment=layout.alignment,
            path_limit=layout.path_limit,
        )
        return cls(view, count, (layout,))

    def index(self, names: Sequence[str] | Packed, rules: int) -> tuple[CurveIndex, array, array]:
        """What each curve animates, its component ('I'), and its state ('B')."""
        longs = [array("I", bytes(4 * self.count)) for _ in range(3)]
        short = [array("B", bytes(self.count)) for _ in range(3)]
        bone, rest, component = longs
        prop, channel, state = short
        if self.count:
            table = texts(names)
            call(
                "limber_curve_records_index",
                *(ctypes.byref(self.view), table, len(table), len(names), rules),
                *map(pointer, (bone, prop, channel, rest, component, state)),
            )
        return CurveIndex(bone, prop, channel, rest), component, state

    def sample(
        self,
        names: Sequence[str] | Packed,
        rules: int,
        mask: array,
        modes: array,
        channels: int,
        frames: array,
    ) -> Sampled:
        """What each curve animates, and values of those that a slide of masked bones moves."""
        n, bones = self.count, len(names)
        zeroes = bytes(4 * n)
        bone, rest, component, chosen, chosen_bone, chosen_component, custom = (
            array("I", zeroes) for _ in range(7)
        )
        prop, channel, state, chosen_prop = (array("B", zeroes[:n]) for _ in range(4))
        classes, values = array("B", bytes(bones)), array("f", bytes(4 * n * len(frames)))
        count, custom_count = _SIZE(), _SIZE()
        table = texts(names)
        call(
            "limber_curve_records_sample",
            *(ctypes.byref(self.view), table, len(table), bones, rules),
            *(pointer(mask), pointer(modes), channels, pointer(frames), len(frames)),
            *map(pointer, (bone, prop, channel, rest, component, state, classes, chosen)),
            ctypes.byref(count),
            *map(pointer, (chosen_bone, chosen_prop, chosen_component, custom)),
            *(ctypes.byref(custom_count), pointer(values)),
        )
        for column in (chosen, chosen_bone, chosen_prop, chosen_component):
            del column[count.value :]
        del custom[custom_count.value :]
        rows = [values[j * len(chosen) : (j + 1) * len(chosen)] for j in range(len(frames))]
        return Sampled(
            CurveIndex(bone, prop, channel, rest),
            component,
            state,
            ChosenCurves(classes, chosen, chosen_bone, chosen_prop, custom, chosen_component),
            rows,
        )

    def evaluate(self, which: array | None, frames: array, flags: int = 0) -> tuple[array, array]:
        """Values ('f') of some curves ('I'), or of all, at frames; and their states ('B')."""
        count = self.count if which is None else len(which)
        values = array("f", bytes(4 * count * len(frames)))
        state = array("B", bytes(count))
        if count:
            call(
                "limber_curve_records_evaluate",
                *(ctypes.byref(self.view), pointer(which), count),
                *(pointer(frames), len(frames), flags),
                *(pointer(values), pointer(state)),
            )
        return values, state

    def key_counts(self, which: array | None) -> tuple[array, dict[str, array], array]:
        """Keys of each curve ('i'), the bytes that its record holds by name, and its state."""
        return self.keys(which)[1:]

    def keys(self, which: array | None) -> tuple[array, array, dict[str, array], array]:
        """The addresses of each curve's keys ('Q'), and the same as by `key_counts`."""
        count = self.count if which is None else len(which)
        keys = array("Q", bytes(8 * count))
        counts = array("i", bytes(4 * count))
        names = ("extrapolation", "auto_smoothing", "flags")
        found = {name: array("B", bytes(count)) for name in names}
        state = array("B", bytes(count))
        if count:
            call(
                "limber_curve_records_keys",
                *(ctypes.byref(self.view), pointer(which), count),
                *map(pointer, (keys, counts, *found.values(), state)),
            )
        return keys, counts, found, state

    def gather(self, which: array | None, first: array, names: Sequence[str]):
        """Fields of the keys by name; curve c begins at element first[c], and its state ('B')."""
        count = self.count if which is None else len(which)
        arrays = {}
        for name in names:
            code, width = FIELDS[name]
            arrays[name] = array(code, bytes(array(code).itemsize * width * first[-1]))
        counts = array("Q", bytes(8 * count))
        state = array("B", bytes(count))
        if count:
            table = KeyTable(
                curve_count=count,
                element_count=first[-1],
                first_key=first,
                key_count=counts,
                **arrays,
            )
            call(
                "limber_curve_records_gather",
                *(ctypes.byref(self.view), pointer(which)),
                *(ctypes.byref(table), pointer(state)),
            )
        return arrays, counts, state
