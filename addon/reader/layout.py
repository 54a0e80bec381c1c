# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the fields of Blender's curves and keys lie, by its own SDNA.

Only what is asked for here is relied on, and every field has to be of the type that is known:
another one means that its contents may mean something else. Offsets are never built in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from ..native.fcurve import KeyLayout
from ..native.records import CurveLayout, Layout
from . import sdna

STRUCTS = {
    "ActionChannelBag": {
        "fcurve_array_num": "int fcurve_array_num",
        "fcurve_array": "FCurve **fcurve_array",
    },
    "FCurve": {
        "bezt": "BezTriple *bezt",
        "totvert": "int totvert",
        "array_index": "int array_index",
        "rna_path": "char *rna_path",
        "fpt": "FPoint *fpt",
        "modifiers": "ListBase modifiers",
        "flag": "short flag",
        "extend": "short extend",
        "driver": "ChannelDriver *driver",
        "auto_smoothing": "char auto_smoothing",
    },
    "BezTriple": {
        "vec": "float vec[3][3]",
        "ipo": "char ipo",
        "easing": "char easing",
        "h1": "char h1",
        "h2": "char h2",
        "f1": "char f1",
        "f2": "char f2",
        "f3": "char f3",
        "hide": "char hide",
        "back": "float back",
        "amplitude": "float amplitude",
        "period": "float period",
    },
    "ListBase": {"first": "void *first"},
}
"""The fields that are read, and what each has to be; `uchar` is as good as `char`."""

_POINT_SIZE = 12
"""One of the three points of a key: x, y and a number that is not used."""


class LayoutError(ValueError):
    """Blender's curves cannot be read by address, and why."""


@dataclass(frozen=True)
class Offsets:
    """Offsets of the fields of `STRUCTS`, by struct and field, and the structs' sizes."""

    offset: dict[str, dict[str, int]]
    size: dict[str, int]
    integer_mask: int = 0
    """Bits of a curve's flag that only curves of whole numbers have."""
    discrete_mask: int = 0
    """Bits that only curves of switches and enums have."""

    def with_masks(self, integer: int, discrete: int) -> Offsets:
        """The same with the bits of a curve's flag."""
        return replace(self, integer_mask=integer, discrete_mask=discrete)

    def native(self) -> Layout:
        """The layout as the library takes it."""
        bag, curve = self.offset["ActionChannelBag"], self.offset["FCurve"]
        key, first = self.offset["BezTriple"], self.offset["ListBase"]["first"]
        return Layout(
            curve=CurveLayout(
                record_size=self.size["FCurve"],
                keys=curve["bezt"],
                key_count=curve["totvert"],
                path=curve["rna_path"],
                component=curve["array_index"],
                extrapolation=curve["extend"],
                extrapolation_size=2,
                auto_smoothing=curve["auto_smoothing"],
                auto_smoothing_size=1,
                flags=curve["flag"],
                flags_size=2,
                samples=curve["fpt"],
                modifiers=curve["modifiers"] + first,
                driver=curve["driver"],
                integer_mask=self.integer_mask,
                discrete_mask=self.discrete_mask,
            ),
            key=KeyLayout(
                stride=self.size["BezTriple"],
                handle_left=key["vec"],
                point=key["vec"] + _POINT_SIZE,
                handle_right=key["vec"] + 2 * _POINT_SIZE,
                back=key["back"],
                amplitude=key["amplitude"],
                period=key["period"],
                interpolation=key["ipo"],
                easing=key["easing"],
                handle_left_type=key["h1"],
                handle_right_type=key["h2"],
                key_type=key["hide"],
                select_left=key["f1"],
                select_point=key["f2"],
                select_right=key["f3"],
            ),
            list_address=bag["fcurve_array"],
            list_count=bag["fcurve_array_num"],
        )


def read_structs(data: bytes, names: Collection[str]) -> dict[str, sdna.Struct]:
    """Some structs by a .blend file's bytes; raises LayoutError if one is missing."""
    try:
        found = sdna.read(data, names)
    except sdna.SdnaError as error:
        raise LayoutError(f"Blender's description of its structs is damaged: {error}") from error
    for name in names:
        if name.lower() not in found:
            raise LayoutError(f"Blender has no struct {name}")
    return {name: found[name.lower()] for name in names}


def find_field(struct: sdna.Struct, name: str, wanted: str) -> sdna.Field:
    """A field that has to be of a type and declaration; raises LayoutError."""
    field = struct.fields.get(name)
    if field is None:
        raise LayoutError(f"{struct.name} has no field {name}")
    kind = "char" if field.type == "uchar" else field.type
    if f"{kind} {field.declaration}" != wanted:
        found = f"{field.type} {field.declaration}"
        raise LayoutError(f"{struct.name}.{name} is {found!r}, known is {wanted!r}")
    return field


def find(data: bytes) -> Offsets:
    """The offsets by a .blend file's bytes; raises LayoutError."""
    structs = read_structs(data, STRUCTS)
    offsets = {
        name: {
            field: find_field(structs[name], field, declaration).offset
            for field, declaration in wanted.items()
        }
        for name, wanted in STRUCTS.items()
    }
    return Offsets(offsets, {name: struct.size for name, struct in structs.items()})
