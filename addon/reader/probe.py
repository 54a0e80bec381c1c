# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves a layout: curves of every kind are read by address and by the public API.

The bytes are first read in a way that no wrong address can harm, and every address is compared
with the one that the API tells before it is followed. Only then the library reads them.
"""

from __future__ import annotations

import struct
from array import array

from ..native import memory
from ..native.records import MODIFIED, SAMPLED, Layout, Records
from .layout import LayoutError, Offsets
from .scratch import Curves

_ENUMS = ("interpolation", "easing", "handle_left_type", "handle_right_type", "type")
_POINTS = ("co", "handle_left", "handle_right")
_LIBRARY_NAMES = {
    "co": "point",
    "type": "key_type",
    "select_control_point": "select_point",
    "select_left_handle": "select_left",
    "select_right_handle": "select_right",
}
_FORMATS = {
    **dict.fromkeys(_POINTS, "<2f"),
    **dict.fromkeys(("back", "amplitude", "period"), "<f"),
    **dict.fromkeys(_ENUMS, "<b"),
    **dict.fromkeys(("select_control_point", "select_left_handle", "select_right_handle"), "<b"),
}
_FRAMES = array("f", (-3.0, 1.5, 2.25, 4.5, 7.125, 11.0, 33.3, 500.0))


def _differs(what: str) -> LayoutError:
    return LayoutError(f"{what} is read otherwise than Blender tells it")


def _numbers(layout: str, data: bytes, offset: int) -> tuple:
    if offset < 0 or offset + struct.calcsize(layout) > len(data):
        raise LayoutError(f"a field ends beyond its struct, at {offset}")
    return struct.unpack_from(layout, data, offset)


def _bytes(address: int, size: int, what: str) -> bytes:
    data = memory.copy(address, size)
    if len(data) != size:
        raise LayoutError(f"{what} lies where no memory is")
    return data


def prove(offsets: Offsets, curves: Curves) -> Layout:
    """The proven layout with the bits of a curve's flag; raises LayoutError with the reason."""
    if not memory.is_64_bit_little_endian():
        raise LayoutError("addresses are not of 64 bits with the lowest byte first")
    found = list(curves.bag.fcurves)
    _prove_list(offsets, curves.bag, [curve.as_pointer() for curve in found])
    for curve in found:
        _prove_curve(offsets, curve)
    _prove_driver(offsets, curves.driven, True)
    offsets = offsets.with_masks(*_masks(offsets, curves))
    layout = offsets.native()
    _prove_library(layout, curves, found)
    return layout


def _prove_list(offsets: Offsets, bag, addresses: list[int]) -> None:
    fields = offsets.offset["ActionChannelBag"]
    data = _bytes(bag.as_pointer(), offsets.size["ActionChannelBag"], "a channelbag")
    (count,) = _numbers("<i", data, fields["fcurve_array_num"])
    (array_address,) = _numbers("<Q", data, fields["fcurve_array"])
    if count != len(addresses):
        raise _differs("the number of curves")
    listed = _bytes(array_address, 8 * count, "the list of curves")
    if list(struct.unpack(f"<{count}Q", listed)) != addresses:
        raise _differs("the list of curves")


def _prove_driver(offsets: Offsets, curve, driven: bool) -> None:
    data = _bytes(curve.as_pointer(), offsets.size["FCurve"], "a curve")
    (address,) = _numbers("<Q", data, offsets.offset["FCurve"]["driver"])
    if address != (curve.driver.as_pointer() if driven else 0):
        raise _differs("a driver")


def _prove_curve(offsets: Offsets, curve) -> None:
    fields = offsets.offset["FCurve"]
    data = _bytes(curve.as_pointer(), offsets.size["FCurve"], "a curve")
    keys, path, samples, modifier = (
        _numbers("<Q", data, at)[0]
        for at in (
            fields["bezt"],
            fields["rna_path"],
            fields["fpt"],
            fields["modifiers"] + offsets.offset["ListBase"]["first"],
        )
    )
    points = curve.keyframe_points
    if keys != (points[0].as_pointer() if len(points) else 0):
        raise _differs("the address of a curve's keys")
    sampled = curve.sampled_points
    if samples != (sampled[0].as_pointer() if len(sampled) else 0):
        raise _differs("the address of a curve's samples")
    if modifier != (curve.modifiers[0].as_pointer() if len(curve.modifiers) else 0):
        raise _differs("a curve's first modifier")
    (count,) = _numbers("<i", data, fields["totvert"])
    if count != (len(curve.sampled_points) or len(points)):
        raise _differs("the number of a curve's keys")
    if _numbers("<i", data, fields["array_index"])[0] != curve.array_index:
        raise _differs("a curve's index")
    if _numbers("<h", data, fields["extend"])[0] != (curve.extrapolation == "LINEAR"):
        raise _differs("a curve's extrapolation")
    if _numbers("<b", data, fields["auto_smoothing"])[0] != (curve.auto_smoothing != "NONE"):
        raise _differs("a curve's smoothing")
    text = curve.data_path.encode("utf-8", "surrogateescape") + b"\0"
    if _bytes(path, len(text), "a curve's path") != text:
        raise _differs("a curve's path")
    _prove_driver(offsets, curve, False)
    _prove_keys(offsets, points)


def _prove_keys(offsets: Offsets, points) -> None:
    size, fields = offsets.size["BezTriple"], _key_fields(offsets)
    for previous, key in zip(points, list(points)[1:], strict=False):
        if key.as_pointer() - previous.as_pointer() != size:
            raise LayoutError("keys are of another size than Blender tells")
    for key in points:
        data = _bytes(key.as_pointer(), size, "a key")
        for name, offset in fields.items():
            value = getattr(key, name)
            if name in _ENUMS:
                value = key.bl_rna.properties[name].enum_items[value].value
            value = tuple(value) if name in _POINTS else (value,)
            if _numbers(_FORMATS[name], data, offset) != value:
                raise _differs(f"{name} of a key")


def _key_fields(offsets: Offsets) -> dict[str, int]:
    """The offset of each property of a key, as the library is told."""
    key = offsets.native().key
    return {name: getattr(key, _LIBRARY_NAMES.get(name, name)) for name in _FORMATS}


def _masks(offsets: Offsets, curves: Curves) -> tuple[int, int]:
    """The bits of a curve's flag for whole numbers, and for switches."""
    at = offsets.offset["FCurve"]["flag"]

    def flag(curve) -> int:
        data = _bytes(curve.as_pointer(), offsets.size["FCurve"], "a curve")
        return _numbers("<H", data, at)[0]

    decimal, whole, switch = map(flag, (curves.decimal, curves.whole, curves.switch))
    curves.decimal.mute = True
    muted = flag(curves.decimal) ^ decimal
    curves.decimal.mute = False
    integer, discrete = whole & ~decimal, switch & ~whole
    if muted.bit_count() != 1 or muted & (integer | discrete):
        raise _differs("whether a curve is muted")
    if integer.bit_count() != 1 or discrete.bit_count() != 1 or decimal & ~(whole & switch):
        raise LayoutError("Blender's flag of a curve does not tell whole numbers and switches")
    return integer, discrete


def _prove_library(layout: Layout, curves: Curves, found: list) -> None:
    """The library, by this layout, gives what the API gives."""
    records = Records.of(curves.bag.as_pointer(), layout)
    counts, _, _ = records.key_counts(None)
    index, component, state = records.index(["a", 'b"\\]', "\u00e9\u4e2d"], 0)
    values, _ = records.evaluate(None, _FRAMES)
    bones = {'pose.bones["a': 0, 'pose.bones["b': 1, 'pose.bones["\u00e9': 2}
    for i, curve in enumerate(found):
        expected = SAMPLED * (len(curve.sampled_points) > 0)
        expected |= MODIFIED * (len(curve.modifiers) > 0)
        if state[i] != expected:
            raise _differs("the kind of a curve")
        if component[i] != curve.array_index:
            raise _differs("a curve's index")
        if index.bone[i] != bones.get(curve.data_path[:13], 0xFFFFFFFF):
            raise _differs("the bone of a curve")
        if expected:
            continue
        if counts[i] != len(curve.keyframe_points):
            raise _differs("the number of a curve's keys")
        for j, frame in enumerate(_FRAMES):
            value, read = curve.evaluate(frame), values[i * len(_FRAMES) + j]
            if not abs(value - read) <= 1e-5 * max(1.0, abs(value)):
                raise _differs("the value of a curve")
