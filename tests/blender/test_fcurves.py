"""Evaluation of F-curves against `FCurve.evaluate`: 1,000 random curves a test and version.

Tolerances are relative to max(1, |value|); EXACT means the same float32.
"""

from __future__ import annotations

import random
from array import array

import bpy
import curves
import pytest
from curves import HANDLES, Bag, compare, fill, native, random_frames, random_keys
from differential import seeds

pytestmark = pytest.mark.usefixtures("addon")

EXACT = 0.0
SOME_ULPS = 1e-6
MIXED = 2e-6


def random_curve(dice, fcurve, interpolations, update=True, handles=HANDLES, **options) -> None:
    keys = random_keys(dice, interpolations, handles, **options)
    extrapolation = dice.choice(("CONSTANT", "LINEAR"))
    fill(fcurve, keys, extrapolation, dice.choice(("NONE", "CONT_ACCEL")), update)


def maker(interpolations, **options):
    return lambda dice, fcurve: random_curve(dice, fcurve, interpolations, **options)


def test_straight_segments():
    compare(seeds(), maker(["CONSTANT", "LINEAR"]), EXACT)


def test_one_key():
    kinds = ["CONSTANT", "LINEAR", "BEZIER", "SINE"]
    compare(seeds(), maker(kinds, count=1), EXACT)
    compare(seeds(), maker(kinds, count=1, update=False), EXACT)


def test_no_keys():
    compare(seeds(2), lambda dice, fcurve: None, EXACT)


@pytest.mark.parametrize("handle", HANDLES)
def test_bezier_of_one_handle_type(handle):
    compare(seeds(), maker(["BEZIER"], handles=[handle]), EXACT)


def test_bezier_of_mixed_handle_types():
    compare(seeds(), maker(["BEZIER"]), EXACT)


def test_bezier_with_handles_anywhere():
    """Overlapping, zero-length and backward handles, as they stand."""
    compare(seeds(), maker(["BEZIER"], update=False, reach=3.0), EXACT)


def test_bezier_at_many_frames_a_segment():
    """In sequence, where the library solves several frames at once."""

    def frames(dice, fcurve):
        start, step = dice.uniform(-20, 0), dice.choice((1.0, 0.25, dice.uniform(0.05, 0.5)))
        return array("f", [start + step * i for i in range(300)])

    compare(seeds(), maker(["BEZIER"]), EXACT, frames=frames)


@pytest.mark.parametrize("start", [1e5, -1e5, 1e6])
def test_bezier_at_far_frames(start):
    compare(seeds(), maker(["BEZIER"], start=start), EXACT)


@pytest.mark.parametrize("size", [1e-3, 1e4])
def test_bezier_of_small_and_large_values(size):
    compare(seeds(), maker(["BEZIER"], size=size), EXACT)


@pytest.mark.parametrize("kind", ["QUAD", "CUBIC", "QUART", "QUINT", "CIRC", "BACK", "BOUNCE"])
def test_exact_easings(kind):
    compare(seeds(), maker([kind]), EXACT)


@pytest.mark.parametrize("kind", ["SINE", "EXPO", "ELASTIC"])
def test_easings_of_the_system_functions(kind):
    compare(seeds(), maker([kind]), SOME_ULPS)


def test_everything_mixed():
    compare(seeds(), maker(curves.INTERPOLATIONS), MIXED)


def test_keys_on_one_frame():
    """Keys that share a frame, or nearly, as only unchecked writing makes them."""

    def make(dice, fcurve):
        keys = random_keys(dice, curves.INTERPOLATIONS, count=6)
        for key in range(1, 6):
            if dice.random() < 0.4:
                keys["co"][2 * key] = keys["co"][2 * key - 2] + dice.choice((0.0, 0.00005, 0.0002))
        frames = sorted(keys["co"][::2])
        keys["co"][::2] = frames
        fill(fcurve, keys, "CONSTANT", "NONE", update=False)

    compare(seeds(), make, MIXED)


# --- modifiers -----------------------------------------------------------------------------------


def restrict(dice, modifier) -> None:
    """Sometimes a restricted range, with ramps, and an influence."""
    if dice.random() < 0.4:
        modifier.use_influence = True
        modifier.influence = dice.random()
    # Blender's Stepped modifier hides the common range behind one of its own.
    if modifier.type != "STEPPED" and dice.random() < 0.4:
        modifier.use_restricted_range = True
        modifier.frame_start = dice.uniform(-30, 20)
        modifier.frame_end = modifier.frame_start + dice.uniform(5, 60)
        if dice.random() < 0.6:
            modifier.blend_in = dice.uniform(0, 10)
            modifier.blend_out = dice.uniform(0, 10)
    modifier.mute = dice.random() < 0.1


def cycles(dice, fcurve):
    m = fcurve.modifiers.new("CYCLES")
    modes = ("NONE", "REPEAT", "REPEAT_OFFSET", "MIRROR")
    m.mode_before, m.mode_after = dice.choice(modes), dice.choice(modes)
    m.cycles_before, m.cycles_after = dice.randint(0, 3), dice.randint(0, 3)
    return m


def limits(dice, fcurve):
    m = fcurve.modifiers.new("LIMITS")
    m.min_x, m.max_x = dice.uniform(-20, 10), dice.uniform(11, 60)
    m.min_y, m.max_y = dice.uniform(-9, 0), dice.uniform(1, 9)
    for name in ("use_min_x", "use_max_x", "use_min_y", "use_max_y"):
        setattr(m, name, dice.random() < 0.5)
    return m


def stepped(dice, fcurve):
    m = fcurve.modifiers.new("STEPPED")
    m.frame_step, m.frame_offset = (
        dice.choice((1.0, 2.0, dice.uniform(0.3, 9))),
        dice.uniform(-5, 5),
    )
    m.use_frame_start, m.use_frame_end = dice.random() < 0.5, dice.random() < 0.5
    m.frame_start, m.frame_end = dice.uniform(-20, 10), dice.uniform(10, 40)
    return m


def generator(dice, fcurve):
    m = fcurve.modifiers.new("GENERATOR")
    m.mode = dice.choice(("POLYNOMIAL", "POLYNOMIAL_FACTORISED"))
    m.poly_order = dice.randint(1, 3)
    m.use_additive = dice.random() < 0.5
    for i in range(len(m.coefficients)):
        m.coefficients[i] = dice.uniform(-0.2, 0.2)
    return m


def fngenerator(dice, fcurve):
    m = fcurve.modifiers.new("FNGENERATOR")
    m.function_type = dice.choice(("SIN", "COS", "TAN", "SQRT", "LN", "SINC"))
    m.use_additive = dice.random() < 0.5
    m.amplitude, m.value_offset = dice.uniform(-3, 3), dice.uniform(-3, 3)
    m.phase_multiplier, m.phase_offset = dice.uniform(-0.5, 0.5), dice.uniform(-3, 3)
    return m


def envelope(dice, fcurve):
    m = fcurve.modifiers.new("ENVELOPE")
    m.reference_value = dice.uniform(-2, 2)
    m.default_min, m.default_max = dice.uniform(-3, -0.5), dice.uniform(0.5, 3)
    for frame in sorted(dice.uniform(-20, 60) for _ in range(dice.randint(0, 4))):
        m.control_points.add(frame)
    # All at once: assigning to one point of an action that no object uses crashes Blender.
    count = len(m.control_points)
    m.control_points.foreach_set("min", [dice.uniform(-5, 0) for _ in range(count)])
    m.control_points.foreach_set("max", [dice.uniform(0, 5) for _ in range(count)])
    return m


def noise(dice, fcurve):
    m = fcurve.modifiers.new("NOISE")
    m.blend_type = dice.choice(("REPLACE", "ADD", "SUBTRACT", "MULTIPLY"))
    m.scale = dice.choice((1.0, 0.0, dice.uniform(0.2, 30)))
    m.strength, m.phase = dice.uniform(-3, 3), dice.uniform(-50, 50)
    m.offset, m.depth = dice.uniform(-50, 50), dice.randint(0, 4)
    m.lacunarity, m.roughness = dice.uniform(1, 3), dice.uniform(0, 1)
    return m


KINDS = [cycles, limits, stepped, generator, fngenerator, envelope, noise]


@pytest.mark.parametrize("kind", KINDS)
def test_modifier(kind):
    def make(dice, fcurve):
        random_curve(dice, fcurve, ["BEZIER", "LINEAR"])
        restrict(dice, kind(dice, fcurve))

    compare(seeds(), make, MIXED)


def test_stacks_of_modifiers():
    def make(dice, fcurve):
        random_curve(dice, fcurve, ["BEZIER", "LINEAR"])
        kinds = [dice.choice(KINDS), dice.choice(KINDS[1:]), dice.choice(KINDS[1:])]
        for kind in kinds:
            restrict(dice, kind(dice, fcurve))

    # A tangent or a steep polynomial blows the last bits of what came before it up.
    compare(seeds(), make, 2e-5)


def test_legacy_noise_is_left_to_the_host():
    bag = Bag()
    fcurve = bag.curve()
    random_curve(random.Random(1), fcurve, ["BEZIER"])
    fcurve.modifiers.new("NOISE").use_legacy_noise = True
    with pytest.raises(RuntimeError, match="not supported"):
        native().evaluate(curves.view(fcurve), array("f", [1.0]))
    bag.remove()


# --- other kinds of curves -----------------------------------------------------------------------


def test_sampled_curves():
    """At all frames but negative fractions, where Blender reads one sample too far."""

    def make(dice, fcurve):
        random_curve(dice, fcurve, ["BEZIER"])
        first = dice.randint(-30, 10)
        fcurve.convert_to_samples(first, first + dice.randint(2, 40))

    def frames(dice, fcurve):
        some = [dice.uniform(-50, 80) for _ in range(40)]
        return array("f", [f if f >= 0 else float(round(f)) for f in some])

    compare(seeds(), make, EXACT, frames=frames)


@pytest.mark.parametrize("kind", ["int", "bool", "float"])
def test_curves_of_integers_and_switches(kind):
    """The flags come from inserting keys on the property; they cannot be read back."""
    n = native()
    flags = {"int": n.INTEGER, "bool": n.INTEGER | n.DISCRETE, "float": 0}[kind]
    worst = curves.Worst(EXACT)
    for seed in seeds(100):
        dice = random.Random(seed)
        item = bpy.data.objects.new("item", None)
        item["value"] = {"int": 1, "bool": True, "float": 1.0}[kind]
        for frame in sorted(dice.sample(range(50), 4)):
            value = dice.randint(-9, 9) if kind != "bool" else dice.random() < 0.5
            item["value"] = float(value) if kind == "float" else value
            item.keyframe_insert('["value"]', frame=frame)
        data = item.animation_data
        fcurve = data.action.layers[0].strips[0].channelbag(data.action_slot).fcurves[0]
        fcurve.extrapolation = dice.choice(("CONSTANT", "LINEAR"))
        for point in fcurve.keyframe_points:
            point.interpolation = dice.choice(("CONSTANT", "LINEAR", "BEZIER", "QUAD"))
        at = random_frames(dice, fcurve)
        stock = [fcurve.evaluate(frame) for frame in at]
        worst.compare(f"seed {seed}", at, stock, n.evaluate(curves.view(fcurve, flags), at))
        action = data.action
        bpy.data.objects.remove(item)
        bpy.data.actions.remove(action)
    worst.finish()


# --- ways of passing curves ----------------------------------------------------------------------


def test_a_table_of_curves_gives_what_each_gives():
    n = native()
    for seed in seeds(20):
        dice = random.Random(seed)
        bag = Bag()
        keys, starts, extrapolation = array("B"), array("Q", [0]), array("B")
        for number in range(40):
            fcurve = bag.curve()
            if number % 7:
                random_curve(dice, fcurve, curves.INTERPOLATIONS)
            packed, _ = curves.packed(fcurve)
            keys += packed
            starts.append(len(keys) // n.KEY_SIZE)
            extrapolation.append(int(fcurve.extrapolation == "LINEAR"))
        table = n.FCurves(
            curve_count=40,
            keys=keys,
            key_count=len(keys) // n.KEY_SIZE,
            key_starts=starts,
            extrapolation=extrapolation,
        )
        frames = array("f", [dice.uniform(-40, 140) for _ in range(30)])
        values = n.evaluate_all(table, frames)
        single = array("f")
        for fcurve in bag.fcurves:
            single += n.evaluate(curves.view(fcurve), frames)
        assert values.tobytes() == single.tobytes(), f"seed {seed}"
        bag.remove()


def test_keys_are_read_where_blender_keeps_them():
    """Only the point and the handles are known here: three groups of three floats."""
    n = native()
    worst = curves.Worst(EXACT)
    for seed in seeds(50):
        dice = random.Random(seed)
        bag = Bag()
        pointers, counts, extrapolation = array("Q"), array("i"), array("B")
        for _ in range(10):
            fcurve = bag.curve()
            random_curve(dice, fcurve, ["BEZIER"])
            points = fcurve.keyframe_points
            address = points[0].as_pointer()
            stride = points[1].as_pointer() - address
            pointers.append(address)
            counts.append(len(points))
            # The ends look at the interpolation, which an absent field makes BEZIER.
            extrapolation.append(int(fcurve.extrapolation == "LINEAR"))
        layout = n.KeyLayout(stride=stride, handle_left=0, point=12, handle_right=24)
        table = n.FCurves(
            curve_count=len(pointers),
            key_layout=n.address(layout),
            key_pointers=pointers,
            key_counts=counts,
            extrapolation=extrapolation,
        )
        frames = array("f", [dice.uniform(-30, 140) for _ in range(20)])
        values = n.evaluate_all(table, frames)
        for number, fcurve in enumerate(bag.fcurves):
            stock = [fcurve.evaluate(frame) for frame in frames]
            mine = values[number * len(frames) : (number + 1) * len(frames)]
            worst.compare(f"seed {seed}, curve {number}", frames, stock, mine)
        bag.remove()
    worst.finish()
