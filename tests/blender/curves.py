"""Random F-curves in Blender, and the same curves as the library sees them."""

from __future__ import annotations

import importlib
import random
from array import array
from collections.abc import Callable

import bpy
import session

INTERPOLATIONS = [
    "CONSTANT",
    "LINEAR",
    "BEZIER",
    "BACK",
    "BOUNCE",
    "CIRC",
    "CUBIC",
    "ELASTIC",
    "EXPO",
    "QUAD",
    "QUART",
    "QUINT",
    "SINE",
]
HANDLES = ["FREE", "AUTO", "VECTOR", "ALIGNED", "AUTO_CLAMPED"]
EASINGS = ["AUTO", "EASE_IN", "EASE_OUT", "EASE_IN_OUT"]

READ = {
    "co": "co",
    "handle_left": "handle_left",
    "handle_right": "handle_right",
    "interpolation": "interpolation",
    "easing": "easing",
    "handle_left_type": "handle_left_type",
    "handle_right_type": "handle_right_type",
    "key_type": "type",
    "back": "back",
    "amplitude": "amplitude",
    "period": "period",
    "select_control_point": "select_control_point",
    "select_left_handle": "select_left_handle",
    "select_right_handle": "select_right_handle",
}
"""Arrays of the library, and what Blender calls them."""


def native():
    """The installed add-on's wrappers of the evaluation functions."""
    return importlib.import_module(f"{session.MODULE}.native.fcurve")


class Bag:
    """A channelbag of an action of its own, for curves on no object's property."""

    def __init__(self) -> None:
        self.action = bpy.data.actions.new("curves")
        slot = self.action.slots.new("OBJECT", "curves")
        strip = self.action.layers.new("layer").strips.new(type="KEYFRAME")
        self.fcurves = strip.channelbag(slot, ensure=True).fcurves

    def curve(self):
        """A new curve without keys."""
        return self.fcurves.new("location", index=len(self.fcurves))

    def remove(self) -> None:
        bpy.data.actions.remove(self.action)


def fill(fcurve, keys: dict[str, list], extrapolation: str, smoothing: str, update: bool) -> None:
    """Gives a curve its keys: a list of each field, in ascending order of frame.

    Without `update` the handles stay as given, however senseless; with it Blender puts them in
    order and computes the automatic ones.
    """
    # First, because assigning them updates the curve: keys that still share a frame would merge.
    fcurve.extrapolation = extrapolation
    fcurve.auto_smoothing = smoothing
    count = len(keys["co"]) // 2
    fcurve.keyframe_points.add(count)
    for name, values in keys.items():
        if isinstance(values[0], str):
            for point, value in zip(fcurve.keyframe_points, values, strict=True):
                setattr(point, name, value)
    for name, values in keys.items():
        if not isinstance(values[0], str):
            fcurve.keyframe_points.foreach_set(name, array("f", values))
    if update:
        fcurve.update()


def random_keys(
    dice: random.Random,
    interpolations: list[str],
    handles: list[str] = HANDLES,
    easings: list[str] = EASINGS,
    count: int | None = None,
    start: float = 0.0,
    size: float = 10.0,
    reach: float = 1.0,
) -> dict[str, list]:
    """Keys of a random curve that begins near `start`, with values up to `size`.

    `reach` stretches the handles, 1 being about the distance of the keys.
    """
    count = count or dice.randint(2, 9)
    frames, frame = [], start + dice.uniform(-20, 20)
    whole = dice.random() < 0.5
    for _ in range(count):
        frames.append(float(round(frame)) if whole else frame)
        frame += dice.uniform(1.0, 15.0)
    keys: dict[str, list] = {"co": [], "handle_left": [], "handle_right": []}
    level = dice.uniform(-size, size)
    for frame in frames:
        # Some keys at the value of the one before: flat segments.
        level = level if dice.random() < 0.15 else dice.uniform(-size, size)
        keys["co"] += [frame, level]
        for side, name in ((-1, "handle_left"), (1, "handle_right")):
            dx = dice.choice((0.0, dice.uniform(0, 8 * reach), dice.uniform(0, 30 * reach)))
            keys[name] += [frame + side * dx, level + dice.uniform(-size, size)]
    one = dice.choice(interpolations)
    mixed = dice.random() < 0.3

    def pick(options: list[str]) -> list[str]:
        return [dice.choice(options) for _ in range(count)]

    keys["interpolation"] = pick(interpolations) if mixed else [one] * count
    keys["easing"] = pick(easings)
    keys["handle_left_type"] = pick(handles)
    keys["handle_right_type"] = (
        pick(handles) if dice.random() < 0.5 else list(keys["handle_left_type"])
    )
    keys["back"] = [dice.choice((1.70158, 0.0, dice.uniform(-3, 3))) for _ in range(count)]
    keys["amplitude"] = [dice.choice((0.8, 0.0, dice.uniform(0, 2 * size))) for _ in range(count)]
    keys["period"] = [dice.choice((4.1, 0.0, dice.uniform(0.2, 20))) for _ in range(count)]
    return keys


def random_frames(dice: random.Random, fcurve, count: int = 32) -> array:
    """Frames in, on, beside and beyond the keys."""
    points = array("f", [0.0]) * (2 * len(fcurve.keyframe_points))
    fcurve.keyframe_points.foreach_get("co", points)
    frames = points[::2] or array("f", [0.0])
    first, last = frames[0], frames[-1]
    list_ = [dice.uniform(first, last) for _ in range(count // 2)]
    list_ += [float(round(dice.uniform(first, last))) for _ in range(count // 4)]
    list_ += [dice.uniform(first - 40, last + 40) for _ in range(count // 8)]
    while len(list_) < count:
        list_.append(dice.choice(frames) + dice.choice((0.0, 0.00009, -0.00011, 0.001)))
    # Both ways of the library: in ascending order, and jumping about.
    if dice.random() < 0.5:
        list_.sort()
    return array("f", list_)


def packed(fcurve) -> tuple[array, int]:
    """The curve's keys, packed by the library from Blender's arrays, and their number."""
    wrappers = native()
    count = len(fcurve.keyframe_points)
    arrays = {}
    for name, (code, each) in wrappers.KEY_ARRAYS.items():
        arrays[name] = array(code, bytes(array(code).itemsize * each * count))
        if count:
            fcurve.keyframe_points.foreach_get(READ[name], arrays[name])
    return wrappers.gather(wrappers.KeyArrays(**arrays), count), count


def view(fcurve, flags: int = 0, modifiers: list | None = None):
    """The curve as a view of the library."""
    wrappers = native()
    keys, count = packed(fcurve)
    linear = int(fcurve.extrapolation == "LINEAR")
    curve = wrappers.FCurve(keys=keys, key_count=count, extrapolation=linear, flags=flags)
    if fcurve.sampled_points:
        points = array("f", bytes(8 * len(fcurve.sampled_points)))
        fcurve.sampled_points.foreach_get("co", points)
        samples = points[1::2]
        curve = wrappers.FCurve(
            samples=samples, sample_count=len(samples), sample_start=points[0], flags=flags
        )
    modifiers = modifiers if modifiers is not None else [modifier(m) for m in fcurve.modifiers]
    stack = wrappers.modifier_stack(modifiers)
    if stack is not None:
        curve._keep += [stack, modifiers]
        curve.modifiers = wrappers.address(stack)
        curve.modifier_count = len(modifiers)
    return curve


def modifier(source):
    """A modifier as a view of the library."""
    n = native()
    flags = (
        n.MUTED * (source.mute or not source.is_valid)
        + n.RESTRICTED_RANGE * source.use_restricted_range
        + n.INFLUENCE * source.use_influence
    )
    # Stepped has frame_start and frame_end of its own in the place of the common ones.
    own = source.type == "STEPPED"
    common = {
        "kind": getattr(n, source.type),
        "influence": source.influence,
        "frame_start": 0.0 if own else source.frame_start,
        "frame_end": 0.0 if own else source.frame_end,
        "blend_in": source.blend_in,
        "blend_out": source.blend_out,
    }
    more, fields = _fields(source)
    return n.Modifier(flags=flags + more, **common, **fields)


def _numbers(source, *names: str) -> dict:
    return {name: getattr(source, name) for name in names}


def _enum(source, name: str) -> int:
    return source.bl_rna.properties[name].enum_items[getattr(source, name)].value


def _fields(m) -> tuple[int, dict]:
    """Flags and fields of one kind of modifier."""
    n = native()
    if m.type == "CYCLES":
        modes = {name: _enum(m, name) for name in ("mode_before", "mode_after")}
        return 0, modes | _numbers(m, "cycles_before", "cycles_after")
    if m.type == "LIMITS":
        flags = n.MIN_X * m.use_min_x + n.MAX_X * m.use_max_x
        flags += n.MIN_Y * m.use_min_y + n.MAX_Y * m.use_max_y
        return flags, _numbers(m, "min_x", "max_x", "min_y", "max_y")
    if m.type == "STEPPED":
        return n.STEP_START * m.use_frame_start + n.STEP_END * m.use_frame_end, {
            "step": m.frame_step,
            "step_offset": m.frame_offset,
            "step_start": m.frame_start,
            "step_end": m.frame_end,
        }
    if m.type == "GENERATOR":
        values = array("f", m.coefficients)
        mode = _enum(m, "mode")
        fields = {"generator_mode": mode, "values": values, "value_count": len(values)}
        return n.ADDITIVE * m.use_additive, fields
    if m.type == "FNGENERATOR":
        names = ("amplitude", "phase_multiplier", "phase_offset", "value_offset")
        fields = {"function_type": _enum(m, "function_type")} | _numbers(m, *names)
        return n.ADDITIVE * m.use_additive, fields
    if m.type == "ENVELOPE":
        points = [(p.frame, p.min, p.max) for p in m.control_points]
        values = array("f", [number for point in points for number in point])
        fields = {"values": values, "value_count": len(values)}
        return 0, fields | _numbers(m, "reference_value", "default_min", "default_max")
    assert m.type == "NOISE", m.type
    names = ("scale", "strength", "phase", "offset", "lacunarity", "roughness", "depth")
    fields = {"blend_type": _enum(m, "blend_type")} | _numbers(m, *names)
    return n.LEGACY_NOISE * m.use_legacy_noise, fields


class Worst:
    """The greatest difference of a test, relative to max(1, |value|)."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.difference = 0.0
        self.count = 0
        self.failures: list[str] = []

    def compare(self, what: str, frames: array, stock: list[float], got: array) -> None:
        self.count += len(frames)
        for frame, a, b in zip(frames, stock, got, strict=True):
            difference = 0.0 if a == b or (a != a and b != b) else abs(a - b) / max(1.0, abs(a))
            self.difference = max(self.difference, difference)
            if not difference <= self.tolerance:
                text = f"{what}, frame {frame!r}: Blender {a!r}, Limber {b!r}"
                self.failures.append(text)

    def finish(self) -> None:
        print(f"{self.count} evaluations, largest difference {self.difference:.3g}")
        assert not self.failures, "\n".join(
            [f"{len(self.failures)} of {self.count} differ:", *self.failures[:8]]
        )


def compare(
    seeds: list[int],
    make: Callable[[random.Random, object], int | None],
    tolerance: float,
    each: int = 5,
    frames: Callable[[random.Random, object], array] = random_frames,
) -> Worst:
    """Evaluates `each` random curves of every seed in Blender and in the library.

    `make` fills a new curve and gives its flags, if it has any.
    """
    worst = Worst(tolerance)
    for seed in seeds:
        dice = random.Random(seed)
        bag = Bag()
        for number in range(each):
            fcurve = bag.curve()
            flags = make(dice, fcurve) or 0
            at = frames(dice, fcurve)
            stock = [fcurve.evaluate(frame) for frame in at]
            got = native().evaluate(view(fcurve, flags), at)
            worst.compare(f"seed {seed}, curve {number}", at, stock, got)
        bag.remove()
    worst.finish()
    return worst
