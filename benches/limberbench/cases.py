"""The cases, by family of operators. To add a family, write a function under `@family(NAME)`
that yields its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import bpy

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
    reopen: bool = False
    """The operator changes more than channels, selection and keys: the scene is opened from a
    file before each call."""

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


@family("sliders")
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
    for clip in ("middle", "long"):
        yield Case("propagate", Scene("clip", clip), arguments=arguments, keys=True, rounds=7)


CLEARS = ("loc_clear", "rot_clear", "scale_clear", "transforms_clear")


@family("clears")
def clears() -> Iterator[Case]:
    yield from everywhere(CLEARS)
    for name in CLEARS:
        yield Case(name, Scene("clip", "long"))


RIGS = (*(Scene("synthetic", size) for size in SIZES), Scene("rigify"))


def on_rigs(operators: dict[str, dict], rigs=RIGS, **options) -> Iterator[Case]:
    """Operators with their arguments on rigs of every size and Rigify's."""
    for scene in rigs:
        for name, arguments in operators.items():
            yield Case(name, scene, arguments=arguments, **options)


@family("transforms")
def transforms() -> Iterator[Case]:
    for scene in (*RIGS, Scene("clip", "long")):
        paste_bar = 3.0 if scene.size == 1000 else None
        yield Case("copy", scene)
        yield Case("paste", scene, prepare=copy_pose, bar=paste_bar)
        yield Case("paste", scene, arguments={"flipped": True}, prepare=copy_pose, note="flipped")
        yield Case("quaternions_flip", scene)
        yield Case("visual_transform_apply", scene)
        yield Case("user_transforms_clear", scene)
        slow = {"reopen": True, "rounds": 7}
        yield Case("rotation_mode_set", scene, arguments={"type": "XYZ"}, **slow)
        yield Case("armature_apply", scene, arguments={"selected": False}, **slow)


def copy_pose() -> None:
    bpy.ops.limber.copy()


@family("names")
def names() -> Iterator[Case]:
    slow = {"reopen": True, "rounds": 5}
    flip = {"do_strip_numbers": False}
    side = {"axis": "XAXIS"}
    flip_bars, side_bars = {1000: 9.0}, {1000: 8.0, 4000: 20.0}
    for scene in RIGS:
        bars = flip_bars.get(scene.size), side_bars.get(scene.size)
        yield Case("flip_names", scene, arguments=flip, bar=bars[0], **slow)
        yield Case("autoside_names", scene, arguments=side, bar=bars[1], **slow)
    once = {"reopen": True, "rounds": 1}
    yield Case("flip_names", Scene("many", 32), arguments=flip, bar=60.0, **once)


@family("selection")
def selection() -> Iterator[Case]:
    operators = {
        "select_all": {"action": "INVERT"},
        "select_hierarchy": {"direction": "CHILD", "extend": True},
        "select_parent": {},
        "select_linked": {},
        "select_mirror": {},
        "select_grouped": {"type": "COLLECTION"},
        "select_constraint_target": {},
        "hide": {"unselected": True},
        "reveal": {},
    }
    for selected in (None, 10):
        yield from on_rigs(operators, selected=selected)
    yield from on_rigs(operators, [Scene("many", 32)])


@family("selection-sets")
def selection_sets() -> Iterator[Case]:
    reading, writing = {1000: 15.0, 4000: 60.0}, {1000: 8.0, 4000: 40.0}
    for scene in RIGS:
        for name in ("selection_set_select", "selection_set_deselect"):
            yield Case(name, scene, bar=reading.get(scene.size), prepare=add_set)
        for name in ("selection_set_assign", "selection_set_add_and_assign"):
            options = {"prepare": add_set, "reopen": True, "rounds": 7}
            yield Case(name, scene, bar=writing.get(scene.size), **options)


def add_set() -> None:
    """A set of all bones, once a scene."""
    if not bpy.context.object.selection_sets:
        bpy.ops.pose.selection_set_add_and_assign()


@family("constraints")
def constraints() -> Iterator[Case]:
    slow = {"reopen": True, "rounds": 7}
    yield from on_rigs({"constraint_add": {"type": "LIMIT_ROTATION"}}, **slow)
    cleared = {"constraints_clear": {}, "ik_clear": {}, "constraints_copy": {}}
    yield from on_rigs(cleared, prepare=constrain, **slow)


def constrain() -> None:
    """A constraint on every bone, once a scene."""
    for bone in bpy.context.object.pose.bones:
        if not bone.constraints:
            bone.constraints.new("IK").mute = True


@family("paths")
def paths() -> Iterator[Case]:
    yield from on_rigs({"paths_range_update": {}, "paths_clear": {}}, reopen=True, rounds=7)
