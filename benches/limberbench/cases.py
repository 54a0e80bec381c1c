"""The cases, by family of operators. To add a family, write a function under `@family(NAME)`
that yields its cases."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import bpy

from . import scenes
from .scenes import Scene, posed

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


def auto_keyed(operators: tuple[str, ...], **options) -> Iterator[Case]:
    """Operators whose changes are keyed."""
    options |= {"keys": True, "note": "auto-keyed", "prepare": turn_auto_keying_on}
    for size, selected in ((10, None), (100, None), (1000, None), (1000, 10)):
        # Blender needs up to 40 seconds to key 1,000 bones.
        rounds = 60 if size < 1000 or selected else 1
        for name in operators:
            yield Case(name, Scene("synthetic", size), selected, rounds=rounds, **options)


def turn_auto_keying_on() -> None:
    """Has the scene key what operators change."""
    bpy.context.scene.tool_settings.use_keyframe_insert_auto = True


SLIDES = ("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest")


@family("sliders")
def slides() -> Iterator[Case]:
    between = {"factor": 0.3, "prev_frame": 41, "next_frame": 51}
    yield from everywhere(SLIDES, {1000: 8.0, 4000: 20.0}, arguments=between)
    for clip in ("middle", "long"):
        for name in SLIDES:
            arguments = {"factor": 0.3, "prev_frame": 190, "next_frame": 215}
            yield Case(name, Scene("clip", clip), arguments=arguments)
    yield from auto_keyed(SLIDES, arguments=between)


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
    yield from auto_keyed(CLEARS)


RIGS = (*(Scene("synthetic", size) for size in SIZES), Scene("rigify"))
MANY = Scene("many", 32)


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
    """A copy on the clipboard, and another pose than that to paste it on."""
    bpy.ops.limber.copy()
    for obj in posed():
        count = len(obj.pose.bones)
        for name, value in (("location", 0.5), ("scale", 1.5), ("rotation_quaternion", 0.5)):
            width = 4 if name == "rotation_quaternion" else 3
            obj.pose.bones.foreach_set(name, array("f", [value]) * (width * count))
        obj.update_tag(refresh={"DATA"})
    bpy.context.view_layer.update()


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
    yield Case("flip_names", MANY, arguments=flip, bar=60.0, **once)
    yield Case("autoside_names", MANY, arguments=side, **once)


GROUPED = ("COLLECTION", "COLOR", "KEYINGSET", "CHILDREN", "CHILDREN_IMMEDIATE", "PARENT")


@family("selection")
def selection() -> Iterator[Case]:
    rigs = (*RIGS, MANY)
    plain = {
        "select_all": {"action": "INVERT"},
        "select_hierarchy": {"direction": "CHILD", "extend": True},
        "select_parent": {},
        "select_linked": {},
        "select_mirror": {},
    }
    types = bpy.ops.pose.select_grouped.get_rna_type().properties["type"].enum_items
    for selected in (None, 10):
        few = {"rigs": rigs, "selected": selected}
        yield from on_rigs(plain, **few)
        aimed = {"prepare": aim, "note": "chains aim at each other"}
        yield from on_rigs({"select_constraint_target": {}}, **few, **aimed)
        # The last one, siblings, is spelled differently in each version.
        for kind in (*GROUPED, types[-1].identifier):
            options = {"prepare": list_bones} if kind == "KEYINGSET" else {}
            note = kind.lower().replace("_", " ")
            yield from on_rigs({"select_grouped": {"type": kind}}, **few, note=note, **options)


@family("visibility")
def visibility() -> Iterator[Case]:
    for selected in (None, 10):
        few = {"rigs": (*RIGS, MANY), "selected": selected}
        yield from on_rigs({"hide": {}}, **few)
        yield from on_rigs({"hide": {"unselected": True}}, **few, note="the others")
        yield from on_rigs({"reveal": {}}, **few, prepare=hide_unselected, note="hidden others")


def hide_unselected() -> None:
    bpy.ops.pose.hide(unselected=True)


def aim() -> None:
    """The root of each chain aims at the end of the one before it; once a scene."""
    for obj in scenes.posed():
        before = None
        for bone in obj.pose.bones:
            if bone.parent is None and before is not None and not bone.constraints:
                made = bone.constraints.new("DAMPED_TRACK")
                made.mute, made.target, made.subtarget = True, obj, before.name
            before = bone


def list_bones() -> None:
    """A keying set with every second bone, once a scene."""
    if not bpy.context.scene.keying_sets:
        bpy.ops.anim.keying_set_add()
        listed = bpy.context.scene.keying_sets[0].paths
        for obj in scenes.posed():
            for name in obj.pose.bones.keys()[::2]:
                listed.add(obj, f'pose.bones["{name}"].location')


@family("selection-sets")
def selection_sets() -> Iterator[Case]:
    reading, writing = {1000: 15.0, 4000: 60.0}, {1000: 8.0, 4000: 40.0}
    slow = {"reopen": True, "rounds": 7}
    for scene in (*RIGS, MANY):
        for name in ("selection_set_select", "selection_set_deselect"):
            yield Case(name, scene, bar=reading.get(scene.size), prepare=add_set)
        for prepare, note in ((add_set, "again"), (add_empty_set, "to an empty set")):
            for name in ("selection_set_assign", "selection_set_add_and_assign"):
                options = {"bar": writing.get(scene.size), "prepare": prepare, "note": note}
                yield Case(name, scene, **options, **slow)
        for name in ("unassign", "remove_bones", "copy", "add", "remove", "delete_all"):
            yield Case(f"selection_set_{name}", scene, prepare=add_set, **slow)
        yield Case("selection_set_paste", scene, prepare=copy_set, **slow)
        up = {"arguments": {"direction": "UP"}, "prepare": add_two_sets}
        yield Case("selection_set_move", scene, **up, **slow)


def add_set() -> None:
    """A set of all bones, once a scene."""
    if not bpy.context.object.selection_sets:
        bpy.ops.pose.selection_set_add_and_assign()


def copy_set() -> None:
    """A set of all bones, on the clipboard as well."""
    add_set()
    bpy.ops.pose.selection_set_copy()


def add_two_sets() -> None:
    """A set of all bones and a second one, which is active; once a scene."""
    if not bpy.context.object.selection_sets:
        bpy.ops.pose.selection_set_add_and_assign()
        bpy.ops.pose.selection_set_add()


def add_empty_set() -> None:
    """A set of no bones, once a scene."""
    if not bpy.context.object.selection_sets:
        bpy.ops.pose.selection_set_add()


@family("constraints")
def constraints() -> Iterator[Case]:
    slow = {"rigs": (*RIGS, MANY), "reopen": True, "rounds": 7}
    added = {
        "constraint_add": {"type": "LIMIT_ROTATION"},
        "constraint_add_with_targets": {"type": "COPY_LOCATION"},
        "ik_add": {},
    }
    yield from on_rigs(added, **slow)
    changed = {"constraints_clear": {}, "ik_clear": {}, "constraints_copy": {}}
    yield from on_rigs(changed, prepare=constrain, **slow)
    cleared = {"constraints_clear": {}, "ik_clear": {}}
    yield from on_rigs(cleared, note="no constraints", **slow)


def constrain() -> None:
    """A constraint on every bone, once a scene."""
    for obj in scenes.posed():
        for bone in obj.pose.bones:
            if not bone.constraints:
                bone.constraints.new("IK").mute = True


@family("paths")
def paths() -> Iterator[Case]:
    yield from on_rigs({"paths_range_update": {}, "paths_clear": {}}, reopen=True, rounds=7)
    dense = Scene("dense", 1000)
    rounds = {"rounds": 7}
    yield Case("paths_calculate", dense, bar=7.0, note="new", **rounds)
    yield Case("paths_calculate", dense, 1, bar=7.0, note="new", **rounds)
    updates = {"note": "update", "prepare": calculate_paths, **rounds}
    yield Case("paths_update", dense, bar=10.0, **updates)
    yield Case("paths_update", dense, 1, bar=40.0, **updates)
    for rig in (Scene("dense rigify"), Scene("reaching rigify")):
        yield Case("paths_calculate", rig, bar=4.0, note="new", **rounds)
        yield Case("paths_update", rig, bar=6.0, **updates)
    clip = Scene("clip", "middle")
    whole = {"arguments": {"range": "KEYS_ALL"}}
    yield Case("paths_calculate", clip, bar=5.0, note="new", **whole, **rounds)
    updates["prepare"] = calculate_keyed_paths
    yield Case("paths_update", clip, bar=5.0, **updates)
    for size in (1, 10, 100):
        yield Case("paths_calculate", Scene("synthetic", size), note="new", **rounds)


def calculate_paths() -> None:
    """Blender's own paths of the selected bones."""
    bpy.ops.pose.paths_calculate()


def calculate_keyed_paths() -> None:
    """The same from the first key to the last."""
    bpy.ops.pose.paths_calculate(range="KEYS_ALL")
