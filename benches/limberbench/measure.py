"""Runs stock and Limber alternately from the same state, and times the operator calls alone."""

from __future__ import annotations

import gc
import importlib
import statistics
import tempfile
import time
from array import array
from dataclasses import dataclass, field, replace
from pathlib import Path

import bpy
import session

from . import scenes

POSE = {
    "location": 3,
    "rotation_quaternion": 4,
    "rotation_euler": 3,
    "rotation_axis_angle": 4,
    "scale": 3,
}
KEY_NUMBERS = {"co": 2, "handle_left": 2, "handle_right": 2}
FLAGS = ("select", "hide")
KINDS = {
    "select": "selection",
    "hide": "selection",
    "names": "names",
    "modes": "settings",
    "constraints": "settings",
    "sets": "settings",
    "keys": "keys",
    "paths": "paths",
    "error": "error",
}
"""Kinds of results that are not the pose."""


def read(collection, name: str, width: int, code: str = "f") -> array:
    """One property of every item of a collection."""
    values = array(code, bytes(array(code).itemsize * width * len(collection)))
    collection.foreach_get(name, values)
    return values


def key_arrays(obj) -> dict[str, array]:
    """Points and handles of all curves of an object, one curve after the other."""
    data = obj.animation_data
    if data is None or data.action is None:
        return {}
    result = {name: array("f") for name in KEY_NUMBERS}
    for curve in scenes.channelbag(obj).fcurves:
        for name, width in KEY_NUMBERS.items():
            result[name].extend(read(curve.keyframe_points, name, width))
    return result


def path_settings(obj):
    """The settings of an object's motion paths."""
    return obj.pose.animation_visualization.motion_path


def path_points(obj) -> array:
    """The points of all motion paths of an object's bones, one path after the other."""
    points = array("f")
    for bone in obj.pose.bones:
        if bone.motion_path is not None:
            points.extend(read(bone.motion_path.points, "co", 3))
    return points


class State:
    """What a case's operator may change, so that the next call begins as the first one did:
    channels, selection, new motion paths and, on demand, keys. For what changes more there is
    `FileState`.
    """

    def __init__(self, keys: bool) -> None:
        self.keys = keys
        self.objects = scenes.posed()
        self.pose = [
            {name: read(obj.pose.bones, name, width) for name, width in POSE.items()}
            for obj in self.objects
        ]
        self.flags = [
            {name: read(scenes.flag_owner(obj), name, 1, "b") for name in FLAGS}
            for obj in self.objects
        ]
        self.active = [
            bone.name if (bone := obj.data.bones.active) else None for obj in self.objects
        ]
        self.has_paths = [path_settings(obj).has_motion_paths for obj in self.objects]
        self.actions = [
            obj.animation_data.action.copy() if keys and obj.animation_data else None
            for obj in self.objects
        ]

    def restore(self) -> None:
        """Puts everything back, evaluated, with nothing left to update."""
        for obj, had in zip(self.objects, self.has_paths, strict=True):
            if path_settings(obj).has_motion_paths and not had:
                with bpy.context.temp_override(active_object=obj, object=obj):
                    bpy.ops.pose.paths_clear()
        for obj, action in zip(self.objects, self.actions, strict=True):
            if action is not None:
                self._replace_action(obj, action)
        bpy.context.view_layer.update()
        # After the update: replaced curves are applied by it.
        for number, obj in enumerate(self.objects):
            for name, values in self.pose[number].items():
                obj.pose.bones.foreach_set(name, values)
            for name, values in self.flags[number].items():
                scenes.flag_owner(obj).foreach_set(name, values)
            active = self.active[number]
            obj.data.bones.active = obj.data.bones[active] if active else None
            # The pose alone: the animation is not applied again.
            obj.update_tag(refresh={"DATA"})
        bpy.context.view_layer.update()

    @staticmethod
    def _replace_action(obj, action) -> None:
        data = obj.animation_data
        old = data.action
        slot = data.action_slot.identifier
        data.action = action.copy()
        data.action_slot = data.action.slots[slot]
        bpy.data.actions.remove(old)

    def forget(self) -> None:
        """Takes the copies of the actions out of the file."""
        for action in filter(None, self.actions):
            bpy.data.actions.remove(action)

    def result(self) -> dict[str, object]:
        """What the operator made of it: comparable, no data of Blender in it."""
        return outcome(self.objects, self.keys)


class FileState:
    """A scene saved to a file, which is opened again before each call."""

    def __init__(self, keys: bool) -> None:
        self.keys = keys
        self.path = str(Path(tempfile.mkdtemp()) / "scene.blend")
        bpy.ops.wm.save_as_mainfile(filepath=self.path, check_existing=False)

    def restore(self) -> None:
        """Opens the file; references to what was in it are stale afterwards."""
        bpy.ops.wm.open_mainfile(filepath=self.path, load_ui=False)
        bpy.context.view_layer.update()

    def forget(self) -> None:
        """Removes the file."""
        Path(self.path).unlink()

    def result(self) -> dict[str, object]:
        """As that of `State`, of the objects that are there now."""
        return outcome(scenes.posed(), self.keys)


def outcome(objects, keys: bool) -> dict[str, object]:
    """Channels, flags, names, constraints and, on demand, keys of objects."""
    found: dict[str, object] = {}
    for number, obj in enumerate(objects):
        bones = obj.pose.bones
        for name, width in POSE.items():
            found[f"{number} {name}"] = read(bones, name, width)
        for name in FLAGS:
            found[f"{number} {name}"] = read(scenes.flag_owner(obj), name, 1, "b")
        found[f"{number} names"] = bones.keys()
        found[f"{number} modes"] = [bone.rotation_mode for bone in bones]
        found[f"{number} constraints"] = [[c.type for c in bone.constraints] for bone in bones]
        if path_settings(obj).has_motion_paths:
            found[f"{number} paths"] = path_points(obj)
        if hasattr(obj, "selection_sets"):
            sets = [[s.name, sorted(s.bone_ids.keys())] for s in obj.selection_sets]
            found[f"{number} sets"] = sets
        if keys:
            for name, values in key_arrays(obj).items():
                found[f"{number} keys {name}"] = values
    return found


def differences(one: dict, other: dict) -> dict[str, float]:
    """The largest difference of two results, for each kind of data in them; relative to
    max(1, |value|), and infinite where they do not even have one form."""
    worst: dict[str, float] = {}
    for name, left in one.items():
        right = other[name]
        kind = KINDS.get(name.split()[1], "pose")
        found = 0.0
        if left != right:
            if isinstance(left, list) or len(left) != len(right) or left.typecode != "f":
                found = float("inf")
            else:
                pairs = zip(left, right, strict=True)
                found = max(abs(a - b) / max(1.0, abs(a)) for a, b in pairs)
        worst[kind] = max(worst.get(kind, 0.0), found)
    return worst


@dataclass
class Timing:
    """Seconds of the calls of one variant."""

    samples: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles."""
        if len(self.samples) < 4:
            return (max(self.samples) - min(self.samples)) / 2
        low, _, high = statistics.quantiles(self.samples, n=4)
        return (high - low) / 2


@dataclass
class Result:
    """One case, measured."""

    case: object
    stock: Timing
    limber: Timing
    differences: dict[str, float]
    """By kind: pose, selection, names, settings, keys, error."""
    public: Result | None = None
    """The same by the public reader, if that was measured; `limber` is by the direct one then."""

    @property
    def difference(self) -> float:
        return max(self.differences.values())

    @property
    def ratio(self) -> float:
        return self.stock.median / self.limber.median

    @property
    def met(self) -> bool:
        """The case's bar; without one: at most 10 % or 0.2 ms slower than stock."""
        if self.case.bar is not None:
            return self.ratio >= self.case.bar
        allowed = max(0.1 * self.stock.median, 0.0002)
        return self.limber.median <= self.stock.median + allowed


def operator(module: str, name: str):
    """An operator by name; None if it is not registered."""
    found = getattr(getattr(bpy.ops, module), name)
    try:
        found.get_rna_type()
    except KeyError:
        return None
    return found


def timed(call, arguments: dict) -> tuple[float, str]:
    """Seconds of one operator call, and the error it reported."""
    error = ""
    start = time.perf_counter()
    try:
        call(**arguments)
    except RuntimeError as raised:
        error = str(raised)
    return time.perf_counter() - start, error


def use_reader(name: str) -> None:
    """Lets Limber read by `public` or `direct` from now on; the choices are made here, untimed.

    Making them copies objects and an armature and sets flags of the copies. What is left of that
    in caches and in Blender's memory slows the next calls, so nobody changes the reader within
    an alternation.
    """
    reader = importlib.import_module(f"{session.MODULE}.reader")
    bones = importlib.import_module(f"{session.MODULE}.reader.bones")
    reader.want_direct(name == "direct")
    states = [reader.state(), *(bones.state(obj) for obj in scenes.posed())]
    if any((state.layout is not None) != (name == "direct") for state in states if state):
        raise RuntimeError(f"the {name} reader is not in use: {states}")
    for obj in scenes.posed():
        bones.read_flag(obj, "select", len(obj.pose.bones))


def measure(case, budget: float, readers: bool = False) -> Result:
    """Alternates the variants until `budget` seconds of calls, or the case's rounds, are over;
    at least five rounds, two of slow ones. With `readers` one alternation with the public reader
    comes before another one with the direct reader."""
    if case.prepare:
        case.prepare()
    gc.collect()
    gc.disable()
    try:
        if not readers:
            return _measure(case, budget)
        use_reader("public")
        public = _measure(case, budget)
        use_reader("direct")
        direct = _measure(case, budget)
    finally:
        gc.enable()
    worse = {
        kind: max(value, public.differences.get(kind, 0.0))
        for kind, value in direct.differences.items()
    }
    return replace(direct, differences={**public.differences, **worse}, public=public)


def _measure(case, budget: float) -> Result:
    variants = {
        "stock": operator("pose", case.operator),
        "limber": operator("limber", case.operator),
    }
    state = FileState(case.keys) if case.reopen else State(case.keys)
    timings = {name: Timing() for name in variants}
    results: dict[str, dict] = {}
    spent = 0.0
    # The first round warms all up and shows what they do.
    for number in range(-1, case.rounds):
        for name in variants if number % 2 else reversed(variants):
            state.restore()
            seconds, error = timed(variants[name], case.arguments)
            if number < 0:
                results[name] = {"0 error": [error], **state.result()}
            if number >= 0 or case.rounds == 1:
                timings[name].samples.append(seconds)
                spent += seconds
        enough = (number >= 4 and spent > budget) or (number >= 1 and spent > 6 * budget)
        if case.rounds == 1 or enough:
            break
    state.restore()
    state.forget()
    found = differences(results["stock"], results["limber"])
    return Result(case, timings["stock"], timings["limber"], found)
