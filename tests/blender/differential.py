"""Stock against Limber on the same random scenes.

How to test an operator, in a file `test_<family>.py` beside this one:

    from differential import compare_with_stock
    from scene import Options

    def relax_arguments(random, scene):
        return {"factor": random.random(), "prev_frame": random.randint(0, 9), "next_frame": 20}

    def test_relax():
        compare_with_stock("relax", relax_arguments, Options(constraints=0.3))

`compare_with_stock` runs `bpy.ops.pose.relax` and `bpy.ops.limber.relax` with equal arguments on
copies of 200 scenes built from the same seeds, and compares all that stock could have touched
(`snapshot.take`), the status, the reports and the error. It fails with the seed and the first
differences (stock first, Limber second) of up to five scenes.

* `prepare(random, scene)` changes both copies before the call, for example copies a pose first.
* `call(operator, scene, arguments)` makes the call another way; either runs in a 3D viewport's
  context. (Never pass the undo flag there: Blender crashes.)
* `changes` is the least share of the scenes that stock must change, so that a test proves
  something; lower it for operators that often do nothing.
* `random` in both is a `random.Random` of the seed; take no other source of chance.
* `compare_on_clip("relax", "middle", {"factor": 0.3}, frame=700, prepare=...)` compares on motion
  capture.
* To compare anything but an operator's two variants, use `run` and `compare`.

One scene again: `LIMBER_TEST_ONLY=<seed> tests/run.sh blender 5.2 -k relax`. More scenes:
`LIMBER_TEST_SCENES=5000`; others: `LIMBER_TEST_SEED=7`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import bpy
import capture
import mocap
import session
import snapshot
from scene import Options, Scene, build, generator

TOLERANCE = 1e-6
"""Relative to max(1, |value|): a few roundings of 32-bit floats."""
SHOWN = 5
STATISTICS: list[str] = []
"""One line for each comparison, printed after the tests."""

Arguments = Callable[..., dict]


@dataclass(frozen=True)
class Outcome:
    """What a call did to a scene."""

    answer: capture.Answer
    after: dict
    seconds: float
    before: dict | None = None

    def comparable(self) -> dict:
        return {"answer": self.answer.comparable(), **self.after}


def seeds(count: int | None = None) -> list[int]:
    """The seeds of a test: `count` (default 200), or what the environment says."""
    only = os.environ.get("LIMBER_TEST_ONLY")
    if only:
        return [int(only)]
    base = int(os.environ.get("LIMBER_TEST_SEED", "1"))
    wanted = int(os.environ.get("LIMBER_TEST_SCENES", count or 200))
    return [base * 1_000_000 + number for number in range(wanted)]


def run(
    seed: int,
    options: Options,
    call: Callable[[Scene], set[str]],
    prepare: Callable | None = None,
    keep_before: bool = False,
) -> Outcome:
    """Builds a scene, calls, and takes the snapshot."""
    scene = build(seed, options)
    if prepare is not None:
        with capture.Output(), bpy.context.temp_override(**viewport()):
            prepare(generator(seed, "prepare"), scene)
        bpy.context.view_layer.update()
    before = snapshot.take() if keep_before else None
    start = time.perf_counter()
    answer = capture.call(lambda: call(scene))
    seconds = time.perf_counter() - start
    return Outcome(answer, snapshot.take(), seconds, before)


def compare(first: Outcome, second: Outcome, tolerance: float = TOLERANCE) -> list[str]:
    return snapshot.differences(first.comparable(), second.comparable(), tolerance)


def viewport() -> dict:
    """The context of a 3D viewport, in which a user's call would run."""
    window = bpy.context.window_manager.windows[0]
    area = next(area for area in window.screen.areas if area.type == "VIEW_3D")
    region = next(region for region in area.regions if region.type == "WINDOW")
    return {"window": window, "area": area, "region": region}


def operator_call(operator, seed: int, arguments: Arguments | None, call: Callable | None):
    """A function of the scene that calls an operator with the arguments of the seed."""

    def run_operator(scene: Scene) -> set[str]:
        values = arguments(generator(seed, "arguments"), scene) if arguments else {}
        with bpy.context.temp_override(**viewport()):
            return call(operator, scene, values) if call else operator(**values)

    return run_operator


def compare_with_stock(
    name: str,
    arguments: Arguments | None = None,
    options: Options = Options(),  # noqa: B008 (Options is frozen)
    *,
    count: int | None = None,
    tolerance: float = TOLERANCE,
    prepare: Callable | None = None,
    call: Callable | None = None,
    changes: float = 0.3,
) -> None:
    """Fails unless `limber.<name>` does and says what `pose.<name>` does; see the module."""
    session.install()
    pairs(
        name,
        getattr(bpy.ops.pose, name),
        getattr(bpy.ops.limber, name),
        arguments,
        options,
        count=count,
        tolerance=tolerance,
        prepare=prepare,
        call=call,
        changes=changes,
    )


def pairs(
    title: str,
    stock: Callable,
    limber: Callable,
    arguments: Arguments | None,
    options: Options,
    *,
    count: int | None = None,
    tolerance: float = TOLERANCE,
    prepare: Callable | None = None,
    call: Callable | None = None,
    changes: float = 0.3,
) -> None:
    """The loop of `compare_with_stock` for any two operators."""
    failures: list[str] = []
    changed = done = 0
    stock_seconds = limber_seconds = 0.0
    start = time.perf_counter()
    for seed in seeds(count):
        done += 1
        first = run(seed, options, operator_call(stock, seed, arguments, call), prepare, True)
        second = run(seed, options, operator_call(limber, seed, arguments, call), prepare)
        changed += first.before != first.after
        stock_seconds += first.seconds
        limber_seconds += second.seconds
        found = compare(first, second, tolerance)
        if found:
            again = run(seed, options, operator_call(stock, seed, arguments, call), prepare)
            if compare(first, again, tolerance):
                found.append("(stock differs from itself on this scene: not deterministic)")
            failures.append(_failure(title, seed, found, arguments, first, second))
            if len(failures) == SHOWN:
                break
    STATISTICS.append(
        f"{title:<28} {done:5} scenes, {100 * changed // max(done, 1):3} % changed, "
        f"stock {1e3 * stock_seconds / max(done, 1):7.3f} ms, "
        f"Limber {1e3 * limber_seconds / max(done, 1):7.3f} ms, "
        f"test {time.perf_counter() - start:5.1f} s"
    )
    if failures:
        raise AssertionError(
            f"{title}: {len(failures)} of {done} scenes differ (stock | Limber)\n"
            + "\n".join(failures)
        )
    if done >= 50 and changed < changes * done:
        raise AssertionError(
            f"{title}: stock changed only {changed} of {done} scenes, the test proves too little"
        )


def compare_on_clip(
    name: str,
    clip: str,
    values: dict,
    *,
    frame: int = 1,
    prepare: Callable | None = None,
    tolerance: float = TOLERANCE,
) -> tuple[float, float]:
    """Fails unless both variants do the same to a motion-capture clip of `mocap.CLIPS`.

    All bones are selected and every frame is a key. `prepare(obj)` runs first, after the scene
    went to `frame`. Gives the seconds that stock and Limber took.
    """
    session.install()
    outcomes = []
    for operators in (bpy.ops.pose, bpy.ops.limber):
        obj = mocap.reopen(clip)
        bpy.context.scene.frame_set(frame)
        if prepare is not None:
            prepare(obj)
        bpy.context.view_layer.update()
        before = snapshot.take() if not outcomes else None
        start = time.perf_counter()
        with bpy.context.temp_override(**viewport()):
            answer = capture.call(lambda group=operators: getattr(group, name)(**values))
        seconds = time.perf_counter() - start
        outcomes.append(Outcome(answer, snapshot.take(), seconds, before))
    stock, limber = outcomes
    STATISTICS.append(
        f"{name:<28} clip {clip}, stock {1e3 * stock.seconds:9.1f} ms, "
        f"Limber {1e3 * limber.seconds:9.1f} ms"
    )
    found = compare(stock, limber, tolerance)
    if found:
        lines = "\n  ".join(found)
        raise AssertionError(f"{name}({values}) on clip {clip} (stock | Limber):\n  {lines}")
    if stock.before == stock.after:
        raise AssertionError(f"{name}({values}) changed nothing on clip {clip}")
    return stock.seconds, limber.seconds


def _failure(title, seed, found, arguments, first: Outcome, second: Outcome) -> str:
    lines = [f"seed {seed} (LIMBER_TEST_ONLY={seed} -k ...):"]
    if arguments is not None:
        scene = Scene(seed, Options(), [obj for obj in bpy.data.objects if obj.mode == "POSE"])
        try:
            lines.append(f"  {title}({arguments(generator(seed, 'arguments'), scene)})")
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            lines.append(f"  (its arguments cannot be shown: {error!r})")
    lines += [f"  {line}" for line in found]
    if first.answer != second.answer and second.answer.output:
        lines.append(f"  Limber printed: {second.answer.output.strip()[-600:]}")
    return "\n".join(lines)
