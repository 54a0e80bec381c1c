"""The cases, by family of operators. To add a family, write a function under `@family(NAME)`
that yields its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .scenes import Scene

SIZES = (1, 10, 100, 1000, 4000)


@dataclass(frozen=True)
class Case:
    """One operator in one scene."""

    operator: str
    scene: Scene
    selected: int | None = None
    """Selected bones; None: all."""
    arguments: dict = field(default_factory=dict)
    keys: bool = False
    """The operator changes keys, so they are restored and compared."""
    bar: float | None = None
    """How many times faster Limber has to be; None: not slower by more than 10 % or 0.2 ms."""
    rounds: int = 60
    note: str = ""
    prepare: Callable[[], None] | None = None
    """Done once before the first call."""
    restore: Callable[[], None] | None = None
    """Done before each call, not timed."""

    @property
    def title(self) -> str:
        parts = [self.scene.title]
        if self.selected is not None:
            parts.append(f"{self.selected} selected")
        if self.note:
            parts.append(self.note)
        return ", ".join(parts)


FAMILIES: dict[str, Callable[[], Iterator[Case]]] = {}


def family(name: str):
    """Registers a family of cases."""

    def register(function):
        FAMILIES[name] = function
        return function

    return register


def everywhere(
    operators: tuple[str, ...], bars: dict[int, float] | None = None, **options
) -> Iterator[Case]:
    """Operators on rigs of every size, all bones selected and few; without curves; Rigify.

    `bars` are those of the synthetic rigs by size.
    """
    bars = bars or {}
    for size in SIZES:
        for name in operators:
            yield Case(name, Scene("synthetic", size), bar=bars.get(size), **options)
    for size in (1000, 4000):
        for name in operators:
            for selected in (1, 10):
                yield Case(name, Scene("synthetic", size), selected, **options)
    for size in (1, 100, 4000):
        for name in operators:
            yield Case(name, Scene("bare", size), **options)
            if size > 1:
                yield Case(name, Scene("bare", size), 1, **options)
    for name in operators:
        yield Case(name, Scene("rigify"), **options)
        yield Case(name, Scene("rigify"), 1, **options)


SLIDES = ("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest")


@family("slide")
def slides() -> Iterator[Case]:
    between = {"factor": 0.3, "prev_frame": 41, "next_frame": 51}
    yield from everywhere(SLIDES, {1000: 8.0, 4000: 20.0}, arguments=between)
    for clip in ("middle", "long"):
        for name in SLIDES:
            arguments = {"factor": 0.3, "prev_frame": 190, "next_frame": 215}
            yield Case(name, Scene("clip", clip), arguments=arguments)


@family("propagate")
def propagate() -> Iterator[Case]:
    arguments = {"mode": "NEXT_KEY"}
    yield from everywhere(("propagate",), arguments=arguments, keys=True)
    end = {"mode": "BEFORE_END"}
    for size in (100, 1000):
        scene = Scene("synthetic", size)
        yield Case("propagate", scene, arguments=end, keys=True, note="BEFORE_END")
    once = {"rounds": 1, "bar": 100.0, "note": "BEFORE_END"}
    yield Case("propagate", Scene("clip", "middle"), arguments=end, keys=True, **once)


@family("clear")
def clears() -> Iterator[Case]:
    yield from everywhere(("loc_clear", "rot_clear", "scale_clear", "transforms_clear"))
