"""Handles, insertion and update of single curves: the library against Blender's own editing."""

from __future__ import annotations

import struct
import sys
from array import array

import bpy
import pytest
import session
from differential import seeds
from scene import empty, generator

HANDLES = ("FREE", "AUTO", "VECTOR", "ALIGNED", "AUTO_CLAMPED")
BEZIER, AUTO_CLAMPED, KEYFRAME = 2, 4, 0
TOLERANCE = 1e-6
CYCLIC_TOLERANCE = 1e-5
"""A closed ring of automatic handles is solved with other roundings."""

pytestmark = pytest.mark.usefixtures("addon")


@pytest.fixture
def addon_keys():
    """The add-on's `bridge.keys` and `native.keys`."""
    modules = sys.modules
    return modules[f"{session.MODULE}.bridge.keys"], modules[f"{session.MODULE}.native.keys"]


def rounded(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


def new_bag():
    """An action of its own, with a channelbag."""
    empty()
    action = bpy.data.actions.new("Curve")
    slot = action.slots.new("OBJECT", "Curve")
    return action.layers.new("Layer").strips.new(type="KEYFRAME").channelbag(slot, ensure=True)


def random_curve(random, bag, count: int, *, wild: bool = False, cyclic: float = 0.2):
    """A curve with any handles, some of them on the wrong side of their key."""
    for old in list(bag.fcurves):
        bag.fcurves.remove(old)
    curve = bag.fcurves.new("location", index=0)
    curve.auto_smoothing = random.choice(("NONE", "CONT_ACCEL"))
    curve.extrapolation = random.choice(("CONSTANT", "LINEAR"))
    if random.random() < cyclic:
        cycles = curve.modifiers.new("CYCLES")
        cycles.mode_before = cycles.mode_after = random.choice(("REPEAT", "REPEAT_OFFSET"))
    types = random.choice((HANDLES, ("AUTO",), ("AUTO_CLAMPED",), ("AUTO", "FREE", "ALIGNED")))
    same = random.random() < 0.5
    frame, value = random.uniform(-50.0, 50.0), 0.0
    points = curve.keyframe_points
    points.add(count)
    fields = {
        "co": array("f"),
        "handle_left": array("f"),
        "handle_right": array("f"),
        "handle_left_type": array("B"),
        "handle_right_type": array("B"),
        "interpolation": array("B"),
    }
    for _ in range(count):
        value = random.choice((random.uniform(-2.0, 2.0), value, round(value)))
        side = -1.0 if wild and random.random() < 0.2 else 1.0
        left, right = (side * random.uniform(0.0, 12.0) for _ in range(2))
        fields["co"].extend((frame, value))
        fields["handle_left"].extend((frame - left, value + random.uniform(-1.0, 1.0)))
        fields["handle_right"].extend((frame + right, value + random.uniform(-1.0, 1.0)))
        kind = random.choice(types)
        fields["handle_left_type"].append(HANDLES.index(kind))
        kind = kind if same else random.choice(types)
        fields["handle_right_type"].append(HANDLES.index(kind))
        fields["interpolation"].append(random.choice((BEZIER, BEZIER, BEZIER, 1, 0, 12)))
        frame += random.uniform(0.3, 15.0)
    for name in ("select_control_point", "select_left_handle", "select_right_handle"):
        fields[name] = array("B", (random.randint(0, 1) for _ in range(count)))
    for name, values in fields.items():
        points.foreach_set(name, values)
    return curve


class Copy:
    """The keys of a curve outside Blender, with room for one more."""

    def __init__(self, addon_keys, curve, room: int = 0) -> None:
        bridge, self.native = addon_keys
        self.table = bridge.KeyTable([curve])
        self.table.make_room(array("Q", [len(curve.keyframe_points) + room]))
        self.table.read(bridge.ALL)
        flags = self.native.CYCLIC if bridge.is_cyclic(curve) else 0
        if curve.auto_smoothing == "CONT_ACCEL":
            flags |= self.native.CONTINUOUS_ACCELERATION
        if curve.extrapolation == "LINEAR":
            flags |= self.native.LINEAR_EXTRAPOLATION
        if flags & self.native.CYCLIC:
            modes = (curve.modifiers[0].mode_before, curve.modifiers[0].mode_after)
            flags |= self.native.OFFSET_BEFORE * (modes[0] == "REPEAT_OFFSET")
            flags |= self.native.OFFSET_AFTER * (modes[1] == "REPEAT_OFFSET")
        self.flags = array("B", [flags])

    def call(self, name: str, *arguments) -> None:
        table = self.table
        view = self.native.KeyTable(
            curve_count=1,
            element_count=table.first[-1],
            first_key=table.first,
            key_count=table.counts,
            curve_flags=self.flags,
            **table.arrays,
        )
        self.native.edit(name, view, *arguments)

    def fields(self) -> dict[str, list]:
        count, table = self.table.counts[0], self.table
        return {
            name: list(values[: count * len(values) // max(table.first[-1], 1)])
            for name, values in table.arrays.items()
        }


def check(seed: int, ours: Copy, curve, addon_keys) -> None:
    """Fails if the copy and the curve in Blender differ in any field."""
    stock = Copy(addon_keys, curve).fields()
    cyclic = ours.flags[0] & ours.native.CYCLIC
    tolerance = CYCLIC_TOLERANCE if cyclic else TOLERANCE
    for name, values in ours.fields().items():
        wanted = stock[name]
        assert len(values) == len(wanted), f"seed {seed}: {name} has {len(values)} elements"
        for i, (a, b) in enumerate(zip(values, wanted, strict=True)):
            assert abs(a - b) <= tolerance * max(1.0, abs(b)), (
                f"seed {seed}: {name}[{i}]: {b} | {a}"
            )


def test_handles(addon_keys) -> None:
    bag = new_bag()
    for seed in seeds(400):
        random = generator(seed, "handles")
        curve = random_curve(random, bag, random.randint(1, 12), wild=random.random() < 0.3)
        copy = Copy(addon_keys, curve)
        copy.call("limber_fcurve_recalc_handles")
        curve.keyframe_points.handles_recalc()
        check(seed, copy, curve, addon_keys)


@pytest.mark.parametrize(
    "options", (set(), {"FAST"}, {"REPLACE"}), ids=("plain", "fast", "replace")
)
def test_insert(addon_keys, options: set) -> None:
    bag = new_bag()
    for seed in seeds(300):
        random = generator(seed, f"insert {sorted(options)}")
        curve = random_curve(random, bag, random.randint(0, 9))
        points = curve.keyframe_points
        if random.random() < 0.7:
            points.handles_recalc()
        frames = [point.co[0] for point in points] or [3.0]
        frame = random.uniform(frames[0] - 3.0, frames[-1] + 3.0)
        if random.random() < 0.4:
            frame = random.choice(frames) + random.choice((0.0, 0.005, -0.0099, 0.0101, 0.01))
        frame, value = rounded(frame), rounded(random.uniform(-2.0, 2.0))
        copy = Copy(addon_keys, curve, room=1)
        flags = sum({"REPLACE": 1, "FAST": 4}[option] for option in options)
        values = (array("f", [frame]), array("f", [value]))
        copy.call("limber_fcurve_insert", *values, BEZIER, AUTO_CLAMPED, KEYFRAME, flags, None)
        if options != {"REPLACE"} or any(abs(rounded(f - frame)) <= 0.01 for f in frames):
            points.insert(frame, value, options=options)
        check(seed, copy, curve, addon_keys)


def animated_object(bag):
    """An object that the channelbag animates; `keyframe_insert` needs one."""
    obj = bpy.data.objects.new("Keyed", None)
    bpy.context.scene.collection.objects.link(obj)
    obj.animation_data_create().action = bag.id_data
    obj.animation_data.action_slot = bag.slot
    return obj


@pytest.mark.parametrize(
    "options",
    ({"NEEDED"}, {"CYCLE_AWARE"}, {"CYCLE_AWARE", "NEEDED"}, {"CYCLE_AWARE", "REPLACE"}),
    ids=lambda options: "-".join(sorted(options)).lower(),
)
def test_insert_where_wanted(addon_keys, options: set) -> None:
    bag = new_bag()
    obj = animated_object(bag)
    numbers = {"REPLACE": 1, "NEEDED": 2, "CYCLE_AWARE": 8}
    done = 0
    chosen = seeds(300)
    for seed in chosen:
        random = generator(seed, f"insert {sorted(options)}")
        # Without that option a curve is what its keys describe.
        cyclic = 0.8 if "CYCLE_AWARE" in options else 0.0
        curve = random_curve(random, bag, random.randint(1, 7), cyclic=cyclic)
        curve.keyframe_points.handles_recalc()
        for cycles in curve.modifiers:
            cycles.mode_before = random.choice(("REPEAT", "REPEAT_OFFSET"))
            cycles.mode_after = random.choice((cycles.mode_before, "REPEAT", "REPEAT_OFFSET"))
        keys = [point.co[:] for point in curve.keyframe_points]
        reach = 2.5 * (keys[-1][0] - keys[0][0]) + 3.0
        frame = random.uniform(keys[0][0] - reach, keys[-1][0] + reach)
        if random.random() < 0.5:
            frame = random.choice(keys)[0] + random.choice((0.0, 0.005, -0.005))
        frame = rounded(frame)
        # Near the limit between equal and different values.
        near = curve.evaluate(frame) * (1.0 + random.randint(-40, 40) * 2.0**-24)
        value = random.choice((near, random.choice(keys)[1], random.uniform(-2.0, 2.0)))
        value = rounded(value)
        copy = Copy(addon_keys, curve, room=1)
        before = copy.fields()
        flags = sum(numbers[option] for option in options)
        values = (array("f", [frame]), array("f", [value]))
        copy.call("limber_fcurve_insert", *values, BEZIER, AUTO_CLAMPED, KEYFRAME, flags, None)
        obj.location.x = value
        wanted = {f"INSERTKEY_{option}" for option in options}
        obj.keyframe_insert("location", index=0, frame=frame, options=wanted)
        check(seed, copy, curve, addon_keys)
        done += copy.fields() != before
    assert done > 0.2 * len(chosen) or len(chosen) < 50


def test_update(addon_keys) -> None:
    bag = new_bag()
    for seed in seeds(300):
        random = generator(seed, "update")
        count = random.randint(1, 9)
        curve = random_curve(random, bag, count, wild=True)
        frames = array("f", bytes(8 * count))
        curve.keyframe_points.foreach_get("co", frames)
        for i in range(count):
            chance = random.random()
            if chance < 0.25:
                frames[2 * i] += random.uniform(-20.0, 20.0)
            elif chance < 0.5 and i:
                frames[2 * i] = frames[2 * i - 2] + random.choice((0.0, 0.005, 0.0099, -0.004))
            elif chance < 0.6:
                frames[2 * i] = round(frames[2 * i])
        curve.keyframe_points.foreach_set("co", frames)
        copy = Copy(addon_keys, curve)
        copy.call("limber_fcurve_update")
        curve.update()
        check(seed, copy, curve, addon_keys)
