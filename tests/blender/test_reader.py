"""The two readers of F-curves: the same curves by the public API and where they lie in memory."""

from __future__ import annotations

import importlib
import os
import random
import struct
from array import array

import bpy
import curves
import pytest
import session
from differential import compare_with_stock, seeds
from scene import Options, build
from slide_defects import without_defect

EXACT = set(curves.INTERPOLATIONS) - {"SINE", "EXPO", "ELASTIC"}
NAMES = ["a", "b.L", 'q"u\\o"te', "\u00e9\u4e2d\U0001f600", "tab\tnew\nline", "]", "x" * 63, " "]
PROPERTIES = ("location", "scale", "rotation_quaternion", '["prop"]', "bbone_easein", "lock", "")
HOSTILE = (
    *("", "location", "pose.bones", "pose.bones[", 'pose.bones["', "pose.bones[0].location"),
    *('pose.bones["a"', 'pose.bones["a].location', "pose.bones['a'].location"),
    *('pose.bones["missing"].location', 'x.pose.bones["a"].scale', "\u00e9" * 400, "y" * 5000),
)


def module(name: str):
    """A module of the installed add-on."""
    session.install()
    return importlib.import_module(f"{session.MODULE}.{name}")


@pytest.fixture
def reader():
    reader = module("reader")
    reader.forget()
    yield reader
    reader.want_direct(True)
    reader.forget()


def random_bag(dice: random.Random, bag) -> None:
    """Curves of every kind, in any order."""
    for _ in range(dice.choice((0, 1, 5, 40))):
        path = dice.choice(HOSTILE)
        if dice.random() < 0.8:
            name, prop = dice.choice(NAMES), dice.choice(PROPERTIES)
            dot = "" if prop.startswith("[") else "."
            path = f'pose.bones["{bpy.utils.escape_identifier(name)}"]{dot}{prop}'
        index = dice.choice((0, 1, 2, 3, 7, 2**31 - 1))
        if not path or bag.fcurves.find(path, index=index) is not None:
            continue
        curve = bag.fcurves.new(path, index=index)
        random_content(dice, curve)
        if dice.random() < 0.1:
            curve.mute, curve.lock = dice.random() < 0.5, dice.random() < 0.5
            curve.hide, curve.is_valid = dice.random() < 0.5, dice.random() < 0.5
    while len(bag.fcurves) and dice.random() < 0.3:
        bag.fcurves.remove(dice.choice(list(bag.fcurves)))


def random_content(dice: random.Random, curve) -> None:
    if dice.random() < 0.1:
        return
    count = dice.choice((1, 2, dice.randint(2, 9), dice.randint(2, 9), 300))
    keys = curves.random_keys(dice, curves.INTERPOLATIONS, count=count)
    extrapolation, smoothing = (
        dice.choice(("CONSTANT", "LINEAR")),
        dice.choice(("NONE", "CONT_ACCEL")),
    )
    curves.fill(curve, keys, extrapolation, smoothing, dice.random() < 0.7)
    for point in curve.keyframe_points[:20]:
        point.select_control_point = dice.random() < 0.5
        point.select_left_handle = dice.random() < 0.5
        point.type = dice.choice(("KEYFRAME", "EXTREME", "JITTER", "GENERATED"))
    if dice.random() < 0.1:
        curve.modifiers.new(dice.choice(("CYCLES", "NOISE", "LIMITS", "STEPPED", "GENERATOR")))
    if dice.random() < 0.1:
        curve.convert_to_samples(0, dice.randint(1, 30))


def public_keys(curve, name: str) -> bytes:
    """A field of a curve's keys as the public reader gives it."""
    prop, code, width = module("bridge.keys").PROPERTIES[name]
    values = array(code, bytes(array(code).itemsize * width * len(curve.keyframe_points)))
    view = memoryview(values)
    curve.keyframe_points.foreach_get(prop, view.cast("?") if name.startswith("select") else view)
    return values.tobytes()


def compare_keys(bag, records) -> int:
    """Every field of every key, bit by bit; the number of keys."""
    counts, found, states = records.key_counts(None)
    first = array("Q", [0])
    for count in counts:
        first.append(first[-1] + count)
    fields = list(module("bridge.keys").PROPERTIES)
    arrays, copied, _ = records.gather(None, first, fields)
    assert list(copied) == list(counts)
    for c, curve in enumerate(bag.fcurves):
        assert found["extrapolation"][c] == (curve.extrapolation == "LINEAR")
        assert found["auto_smoothing"][c] == (curve.auto_smoothing != "NONE")
        if states[c]:
            assert len(curve.modifiers) or len(curve.sampled_points)
            continue
        assert counts[c] == len(curve.keyframe_points)
        for name in fields:
            width = module("bridge.keys").PROPERTIES[name][2]
            mine = arrays[name][first[c] * width : first[c + 1] * width]
            assert mine.tobytes() == public_keys(curve, name), (curve.data_path, name)
    return first[-1]


def bits(value: float) -> bytes:
    return struct.pack("f", value)


def compare_values(dice: random.Random, bag, one, other) -> None:
    """Indices and values by both readers, bit by bit but for sines and powers."""
    for rules in (405, 502):
        mine, component = other.index(NAMES, rules)
        stock, _ = one.index(NAMES, rules)
        for name in ("bone", "property", "channel", "rest"):
            assert getattr(mine, name) == getattr(stock, name), name
        assert component is None or list(component) == list(one.components)
    assert list(other.components) == list(one.components)
    assert other.empty() == one.empty()
    frames = [dice.uniform(-40, 120) for _ in range(3)] + [float(dice.randint(-20, 60))]
    which = array("I", sorted(dice.sample(range(len(one)), dice.randint(0, len(one)))))
    for frame, mine, stock in zip(
        frames, other.evaluate(which, frames), one.evaluate(which, frames), strict=True
    ):
        for i, a, b in zip(which, mine, stock, strict=True):
            curve = bag.fcurves[i]
            if {key.interpolation for key in curve.keyframe_points} <= EXACT:
                assert bits(a) == bits(b), (curve.data_path, frame, a, b)
            else:
                assert a == pytest.approx(b, rel=5e-6, abs=5e-6), (curve.data_path, frame)


def test_the_expected_reader_is_in_use(reader):
    state = reader.state()
    wanted = os.environ.get(reader.VARIABLE, "direct")
    assert (state.layout is not None) == (wanted == "direct"), state.reason


def test_random_actions_are_read_the_same_both_ways(reader):
    layout = reader.find_layout()
    lists, records = module("reader.curve_lists"), module("native.records")
    keys = actions = 0
    for seed in seeds(200):
        dice = random.Random(seed)
        action = bpy.data.actions.new("random")
        strip = action.layers.new("layer").strips.new(type="KEYFRAME")
        slots = [action.slots.new("OBJECT", f"slot {i}") for i in range(dice.randint(1, 3))]
        bags = [strip.channelbag(slot, ensure=True) for slot in slots]
        for bag in bags:
            random_bag(dice, bag)
        for slot in slots:
            bag = strip.channelbag(slot)
            keys += compare_keys(bag, records.Records.of(bag.as_pointer(), layout))
            both = lists.Curves(bag), lists.DirectCurves(bag, layout)
            compare_values(dice, bag, *both)
        actions += 1
        bpy.data.actions.remove(action)
    assert keys > 20 * actions


def test_a_huge_curve(reader):
    layout = reader.find_layout()
    bag = curves.Bag()
    curve = bag.curve()
    curve.keyframe_points.add(300_000)
    numbers = array("f", (n for i in range(300_000) for n in (float(i), float(i * 7 % 100))))
    curve.keyframe_points.foreach_set("co", numbers)
    holder = bag.action.layers[0].strips[0].channelbags[0]
    records = module("native.records").Records.of(holder.as_pointer(), layout)
    assert compare_keys(holder, records) == 300_000
    values, _ = records.evaluate(None, array("f", [-5.0, 1234.5, 299_999.0, 3e5]))
    assert list(values) == [curve.evaluate(f) for f in (-5.0, 1234.5, 299_999.0, 3e5)]
    bag.remove()


def counts_of_data() -> dict[str, int]:
    names = ("actions", "objects", "texts", "libraries", "collections")
    return {name: len(getattr(bpy.data, name)) for name in names}


def test_the_probe_leaves_nothing_behind(reader, monkeypatch):
    monkeypatch.delenv(reader.VARIABLE, raising=False)
    dirty, before = bpy.data.is_dirty, counts_of_data()
    reader.state()
    assert (bpy.data.is_dirty, counts_of_data()) == (dirty, before)
    assert reader.self_test().equal
    assert (bpy.data.is_dirty, counts_of_data()) == (dirty, before)


def test_the_choice_can_be_asked_for(reader, monkeypatch):
    monkeypatch.setenv(reader.VARIABLE, "public")
    assert reader.state().layout is None and reader.VARIABLE in reader.state().reason
    monkeypatch.delenv(reader.VARIABLE)
    reader.want_direct(False)
    assert reader.state().layout is None and "preferences" in reader.state().reason
    reader.want_direct(True)
    assert reader.state().layout is not None


def test_a_probe_that_fails_leaves_the_public_reader(reader, monkeypatch):
    def broken():
        raise RuntimeError("no place to write")

    monkeypatch.setattr(module("reader.scratch"), "blend_file", broken)
    monkeypatch.delenv(reader.VARIABLE, raising=False)
    assert reader.state().layout is None and "no place to write" in reader.state().reason
    assert bpy.ops.limber.reader_test() == {"FINISHED"}


def test_the_button_compares_the_readers(reader, monkeypatch):
    monkeypatch.delenv(reader.VARIABLE, raising=False)
    assert bpy.ops.limber.reader_test() == {"FINISHED"}
    assert reader.chosen().layout is not None
    build(3, Options(objects=(1, 1)))
    assert bpy.ops.limber.reader_test() == {"FINISHED"}
    assert module("reader.bones").chosen().layout is not None
    result = module("reader.selftest").Result(1, 1.0, 1.0, False)
    monkeypatch.setattr(module("reader.selftest"), "curves", lambda layout: result)
    with pytest.raises(RuntimeError, match="differ"):
        bpy.ops.limber.reader_test()
    assert reader.chosen().layout is None


@pytest.mark.parametrize("choice", ("public", "direct"))
@pytest.mark.parametrize(
    "name", ("breakdown", "blend_to_neighbor", "propagate", "user_transforms_clear")
)
def test_operators_by_either_reader(reader, monkeypatch, name, choice):
    monkeypatch.delenv(reader.VARIABLE, raising=False)
    reader.want_direct(choice == "direct")
    family = {"propagate": "propagate", "user_transforms_clear": "user_transforms"}
    operators = module(f"ops.{family.get(name, 'slide')}")
    monkeypatch.setattr(operators, "stock_pays", lambda *_: False)
    options = Options(modifiers=0.2, sampled_curves=0.1 if name != "propagate" else 0.0)
    options = without_defect(name, options)
    compare_with_stock(name, None, options, count=40, tolerance=5e-6, changes=0.1)
    assert (reader.state().layout is not None) == (choice == "direct")


class Column:
    """What stands in a layout."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def label(self, text: str, icon: str) -> None:
        assert icon in {"CHECKMARK", "INFO", "BLANK1"}
        self.texts.append(text)

    def operator(self, name: str) -> None:
        self.texts.append(name)


def test_the_preferences_tell_both_readers_and_why(reader, monkeypatch):
    monkeypatch.delenv(reader.VARIABLE, raising=False)
    prefs, bones = module("prefs"), module("reader.bones")
    properties = module("reader.properties")

    def told() -> list[str]:
        column = Column()
        prefs._draw_reader(column)
        return column.texts

    session.new_file()
    reader.forget()
    unknown = ": the reader is chosen at its first use"
    kinds = {"F-curves": "Curves", "Pose bones": "Pose bones"}
    kinds["Custom properties"] = "Custom properties"
    assert told() == [*(f"{kind}{unknown}" for kind in kinds), "limber.reader_test"]
    obj = build(3, Options(objects=(1, 1))).active

    def choose() -> None:
        reader.state(), bones.state(obj), properties.state(bones.known_layout(obj), obj)

    choose()
    where = [
        (f"{kind} are read where they lie in memory", f"{same} are read the same both ways")
        for kind, same in kinds.items()
    ]
    assert told() == [*(text for pair in where for text in pair), "limber.reader_test"]
    reader.want_direct(False)
    choose()
    why = "The preferences ask for the public reader"
    public = [(f"{kind} are read by Blender's public interface", why) for kind in kinds]
    assert told() == [*(text for pair in public for text in pair), "limber.reader_test"]


@pytest.mark.parametrize("readable", (0, 1, 4095, 4096, 9000, 20000))
def test_memory_is_read_as_windows_lets_it_be_read(monkeypatch, readable):
    memory, ctypes = module("native.memory"), module("native.memory").ctypes
    data = random.Random(readable).randbytes(20000)
    buffer = ctypes.create_string_buffer(data, len(data))
    start = ctypes.addressof(buffer)
    calls = []

    class Function:
        """Takes what the system's function takes, and refuses what goes beyond the readable."""

        argtypes = restype = None

        def __init__(self, run) -> None:
            self.run = run

        def __call__(self, *arguments):
            return self.run(*arguments)

    def read(process, address, target, size, done) -> int:
        assert process == 7
        calls.append((address, size))
        if address + size > start + readable:
            return 0
        ctypes.memmove(target, address, size)
        done._obj.value = size
        return 1

    class Kernel:
        GetCurrentProcess = Function(lambda: 7)
        ReadProcessMemory = Function(read)

    monkeypatch.setattr(ctypes, "WinDLL", lambda name: Kernel(), raising=False)
    monkeypatch.setattr(memory.sys, "platform", "win32")
    found = memory.copy(start, len(data))
    assert found == data[: len(found)]
    assert len(found) <= readable < len(found) + 4096 or len(found) == len(data) == readable
    # No call reaches over the end of a page.
    assert all(at // 4096 == (at + size - 1) // 4096 for at, size in calls)
