# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a slide: what it acts on, collected once, and its application from the start pose."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from ..bridge import curves, custom, pose
from ..native import slide as native
from ..native.structs import Pose
from . import subjects as subjects_module

CHANNELS = {
    "ALL": native.ALL,
    "LOC": native.LOCATION,
    "ROT": native.ROTATION,
    "SIZE": native.SCALE,
    "BBONE": native.BBONE,
    "CUSTOM": native.CUSTOM,
}
AXES = {"FREE": 0, "X": 1, "Y": 2, "Z": 3}

_KINDS = {float: native.VALUE_FLOAT, int: native.VALUE_INT, bool: native.VALUE_BOOL}
_CLASS_NAMES = {
    native.LOCATION: ("location",),
    native.SCALE: ("scale",),
    native.BBONE: tuple(pose.BBONE),
}
_ROTATIONS = {
    "rotation_quaternion": {0},
    "rotation_euler": set(range(1, 7)),
    "rotation_axis_angle": {-1},
}
"""Which rotation modes use which property."""


@dataclass(frozen=True)
class Settings:
    """How far a slide goes: stock's properties of the same names."""

    factor: float
    prev_frame: int
    next_frame: int
    channels: str = "ALL"
    axis_lock: str = "FREE"

    def frames(self) -> tuple[int, int]:
        """The two frames; equal ones are moved apart as stock does."""
        if self.prev_frame == self.next_frame:
            return self.prev_frame - 1, self.next_frame + 1
        return self.prev_frame, self.next_frame


def sampled_frames(obj, slide: str, settings: Settings, current: float) -> list[float]:
    """The frames of the object's action at which a slide reads its curves: the previous and the
    next one, or of these the nearer one and the current one."""
    if slide == "blend_with_rest":
        return []
    previous, next_ = (curves.action_frame(obj, frame) for frame in settings.frames())
    if slide != "blend_to_neighbor":
        return [previous, next_]
    nearer = previous if settings.factor < 0.5 else next_
    # Blender 4.5 does not map the current frame through the NLA; 5.2 does not read it.
    return [nearer, current] if subjects_module.RULES == native.RULES_4_5 else [nearer]


@dataclass
class _Values:
    """The elements of custom properties that a slide moves, and where they come from."""

    properties: list[custom.CustomValues] = field(default_factory=list)
    start: array = field(default_factory=lambda: array("f"))
    kinds: array = field(default_factory=lambda: array("B"))
    curves: list = field(default_factory=list)
    """For each element its curve, or None."""
    further: list[tuple[int, int]] = field(default_factory=list)
    """More curves of one number: pairs of an element and a curve."""


class ObjectSlide:
    """The subjects of one object and their start pose."""

    def __init__(self, found: subjects_module.Subjects) -> None:
        self.subjects = found
        self.object = found.object
        self.components = found.moved.component
        if self.components is None:
            self.components = found.all_curves.pick_components(found.moved.curves)
        self.classes_union = 0
        for classes in set(found.classes.tobytes()):
            self.classes_union |= classes
        count, given = len(found.modes), found.channels
        arrays = {
            name: given[name] if name in given else pose.read(self.object, name, count)
            for name in self._array_names()
        }
        self.arrays = pose.PoseArrays(self.object, arrays, count)
        self.arrays.arrays["rotation_mode"] = found.modes
        self._sampled = {("channels", frame): row for frame, row in found.sampled.items()}
        self._values: _Values | None = None
        # Arrays that were written once: the next application may have to take it back.
        self._touched: set[str] = set()

    def _array_names(self) -> list[str]:
        names = []
        for bit, properties in _CLASS_NAMES.items():
            if self.classes_union & bit:
                names.extend(properties)
        if self.classes_union & native.ROTATION:
            modes = set(self.subjects.modes)
            names.extend(name for name, present in _ROTATIONS.items() if present & modes)
        return names

    def samples(self, name: str, which: array, frames: list[float]) -> list[array]:
        """Values of curves at frames of the action, kept for the next call with the same ones."""
        missing = [frame for frame in dict.fromkeys(frames) if (name, frame) not in self._sampled]
        if missing:
            rows = self.subjects.all_curves.evaluate(which, missing)
            self._sampled.update(zip(((name, frame) for frame in missing), rows, strict=True))
        return [self._sampled[name, frame] for frame in frames]

    def ends(self, name: str, which: array, slide: str, settings: Settings, current: float):
        """Values at the previous, the next and the current frame, as far as a slide reads them."""
        frames = sampled_frames(self.object, slide, settings, current)
        found = self.samples(name, which, frames)
        if slide != "blend_to_neighbor":
            return *found, None
        side, *now = found
        return side, side, *(now or [None])

    def apply(self, slide: str, settings: Settings, view: native.Slide, current: float) -> None:
        """Slides the start pose and writes the result to Blender."""
        self.arrays.restore()
        moved = self.subjects.moved
        ends = (None, None, None)
        if slide != "blend_with_rest":
            ends = self.ends("channels", moved.curves, slide, settings, current)
        samples = native.Samples(
            curve_count=len(moved.curves),
            bone=moved.bone,
            property=moved.property,
            component=self.components,
            previous=ends[0],
            next=ends[1],
            current=ends[2],
            classes=moved.classes,
        )
        pose_view = Pose(bone_count=self.arrays.count, **self.arrays.arrays)
        native.slide(slide, pose_view, samples, view)
        self._touched.update(self.arrays.changed())
        self.arrays.write(self._touched)
        if moved.custom and slide != "blend_with_rest":
            if settings.channels in {"ALL", "CUSTOM"}:
                self._apply_values(slide, settings, view, current)
            else:
                self._write_values(self.values().start)
        pose.tag(self.object)

    def values(self) -> _Values:
        """The custom properties with curves, read once."""
        if self._values is None:
            self._values = self._read_values()
        return self._values

    def _read_values(self) -> _Values:
        found, index = self.subjects, self.subjects.index
        grouped: dict[tuple[int, str], list[int]] = {}
        for i in found.moved.custom:
            escaped = custom.escaped_name(found.all_curves.path(i), index.rest[i])
            if escaped is not None:
                grouped.setdefault((index.bone[i], escaped), []).append(i)
        values = _Values()
        for (bone, escaped), its_curves in grouped.items():
            read = custom.read(self.object.pose.bones[bone], escaped)
            if read is None:
                continue
            values.properties.append(read)
            if subjects_module.RULES == native.RULES_4_5 and not read.is_array:
                # Blender 4.5 applies all curves of a number in turn, whatever index they have.
                by_element = {0: its_curves[0]}
                values.further += [(len(values.start), i) for i in its_curves[1:]]
            else:
                by_element = {found.all_curves.components[i]: i for i in reversed(its_curves)}
            for element, value in enumerate(read.values):
                values.start.append(value)
                values.kinds.append(_KINDS[read.kind])
                values.curves.append(by_element.get(element))
        return values

    def _apply_values(self, slide: str, settings: Settings, view, current: float) -> None:
        values = self.values()
        which = array("I", (i for i in values.curves if i is not None))
        ends = self.ends("custom", which, slide, settings, current)
        # An element without a curve stands still: its own value at every frame.
        spread = []
        for end in ends:
            if end is None:
                spread.append(None)
                continue
            sampled = iter(end)
            spread.append(
                array(
                    "f",
                    (
                        values.start[k] if i is None else next(sampled)
                        for k, i in enumerate(values.curves)
                    ),
                )
            )
        result = array("f", values.start)
        native.slide_values(slide, result, values.kinds, *spread, view)
        if subjects_module.RULES == native.RULES_4_5:
            for k, i in enumerate(values.curves):
                if i is None:
                    result[k] = values.start[k]
        if values.further:
            self._apply_further(slide, settings, view, current, result)
        self._write_values(result)

    def _apply_further(self, slide: str, settings: Settings, view, current: float, result) -> None:
        """Applies the further curves of numbers, each to what the one before it gave."""
        values = self.values()
        which = array("I", (i for _, i in values.further))
        ends = self.ends("further", which, slide, settings, current)
        for n, (k, _) in enumerate(values.further):
            value = result[k : k + 1]
            sides = (None if end is None else end[n : n + 1] for end in ends)
            native.slide_values(slide, value, values.kinds[k : k + 1], *sides, view)
            result[k] = value[0]

    def _write_values(self, result: array) -> None:
        values = self.values()
        at = 0
        for read in values.properties:
            count = len(read.values)
            custom.write(read, result[at : at + count])
            at += count

    def restore(self) -> None:
        """Puts the start pose back."""
        self.arrays.restore()
        self.arrays.write(self._touched)
        if self._values is not None:
            for read in self._values.properties:
                custom.restore(read)
        pose.tag(self.object)


class Session:
    """A slide over all objects in pose mode."""

    def __init__(
        self,
        context,
        channels: str = "ALL",
        first: tuple[str, Settings] | None = None,
        holders: list[tuple] | None = None,
    ) -> None:
        """`channels` is the widest choice that `apply` will be called with, `first` what it will
        be called with first; `holders` are those of `subjects.curve_holders`, if known."""
        self.scene = context.scene
        classes = CHANNELS[channels]
        if first is None:
            found = subjects_module.collect(context, classes, holders=holders)
        else:
            current = float(self.scene.frame_current)
            found = subjects_module.collect(
                context, classes, lambda obj: sampled_frames(obj, *first, current), holders
            )
        self.objects = [ObjectSlide(subjects) for subjects in found]

    def apply(self, slide: str, settings: Settings) -> None:
        """Slides every object from its start pose; nothing accumulates."""
        current = float(self.scene.frame_current)
        previous, next_ = settings.frames()
        view = native.Slide(
            factor=settings.factor,
            frame=current,
            previous_frame=previous,
            next_frame=next_,
            rules=subjects_module.RULES,
            channels=CHANNELS[settings.channels],
            axis=AXES[settings.axis_lock],
        )
        for obj in self.objects:
            obj.apply(slide, settings, view, current)

    def restore(self) -> None:
        """Puts the start pose of every object back."""
        for obj in self.objects:
            obj.restore()

    def key_subjects(self) -> list[tuple]:
        """What auto-keying has to key: (object, [(pose bone, class bits)])."""
        return [
            (
                slide.object,
                [
                    (slide.object.pose.bones[bone], slide.subjects.classes[bone])
                    for bone in slide.subjects.bone_indices()
                ],
            )
            for slide in self.objects
        ]
