# SPDX-License-Identifier: GPL-3.0-or-later
"""The constraints of an armature object as rows of numbers.

Rows go by the names of the native library. What it cannot know of a constraint makes it one of
type 0, which is not evaluated.
"""

from __future__ import annotations

from array import array

from .moving_objects import UnknownMotionError
from .rig_actions import Actions, UnknownActionError
from .rig_curves import (
    OtherCurves,
    Splines,
    UnknownCurveError,
    check,
    turns_as_known,
    why_unknown_on,
)
from .still import is_still

SUFFIX = {"LOCATION": "", "ROTATION": "_rot", "SCALE": "_scale"}
BITS = (
    *("use_offset", "use_add", "use_make_uniform", "remove_target_shear", "use_legacy_behavior"),
    *("use_motion_extrapolate", "use_target_z", "use_bulge_min", "use_bulge_max", "use_rotation"),
    *("use_relative_location", "use_deform_preserve_volume", "use_current_location"),
    *("use_location", "use_tail", "use_stretch", "use_eval_time", "use_fixed_location"),
    *("use_curve_follow", "use_curve_radius", "use_cyclic", "use_even_divisions"),
    "use_original_scale",
)
"""Switches in the order of their bits, from bit 9 on."""
AXES = {
    "LIMIT_LOCATION": ("use_min", "use_max"),
    "LIMIT_SCALE": ("use_min", "use_max"),
    "LIMIT_ROTATION": ("use_limit",),
    "COPY_LOCATION": ("use", "invert"),
    "COPY_ROTATION": ("use", "invert"),
    "COPY_SCALE": ("use",),
    "CHILD_OF": ("use_location", "use_rotation", "use_scale"),
}
_OPTIONS = {
    "TRACK_TO": ("track_axis", "up_axis"),
    "LIMIT_ROTATION": ("euler_order",),
    "COPY_ROTATION": ("euler_order", "mix_mode"),
    "LOCKED_TRACK": ("track_axis", "lock_axis"),
    "LIMIT_DISTANCE": ("limit_mode",),
    "STRETCH_TO": ("volume", "keep_axis"),
    "FLOOR": ("floor_location",),
    "DAMPED_TRACK": ("track_axis",),
    "COPY_TRANSFORMS": ("mix_mode",),
    "MAINTAIN_VOLUME": ("free_axis", "mode"),
    "PIVOT": ("rotation_range",),
    "ACTION": ("transform_channel", "mix_mode"),
    "FOLLOW_PATH": ("forward_axis", "up_axis"),
    "CLAMP_TO": ("main_axis",),
    "SPLINE_IK": ("y_scale_mode", "xz_scale_mode"),
}
_ENDS = tuple(f"{end}_{axis}" for end in ("min", "max") for axis in "xyz")
_VALUES = {
    "COPY_SCALE": ("power",),
    "LIMIT_DISTANCE": ("distance",),
    "STRETCH_TO": ("rest_length", "bulge", "bulge_min", "bulge_max", "bulge_smooth"),
    "FLOOR": ("offset",),
    "MAINTAIN_VOLUME": ("volume",),
    "IK": ("weight", "orient_weight", "pole_angle"),
    "ACTION": ("min", "max", "eval_time", "frame_start", "frame_end"),
    "FOLLOW_PATH": ("offset", "offset_factor"),
    "SPLINE_IK": ("bulge", "bulge_min", "bulge_max", "bulge_smooth"),
    **dict.fromkeys(("LIMIT_LOCATION", "LIMIT_ROTATION", "LIMIT_SCALE"), _ENDS),
}
PLAIN = {
    *("COPY_LOCATION", "COPY_ROTATION", "COPY_SCALE", "COPY_TRANSFORMS", "LIMIT_LOCATION"),
    *("LIMIT_ROTATION", "LIMIT_SCALE", "LIMIT_DISTANCE", "MAINTAIN_VOLUME", "TRANSFORM"),
    *("DAMPED_TRACK", "LOCKED_TRACK", "TRACK_TO", "STRETCH_TO", "CHILD_OF", "FLOOR", "PIVOT"),
    *("ARMATURE", "ACTION", "FOLLOW_PATH", "CLAMP_TO"),
}
"""The types that are evaluated one by one."""
SOLVERS = {"IK", "SPLINE_IK"}
OF_CURVES = {"FOLLOW_PATH", "CLAMP_TO", "SPLINE_IK"}
"""The types whose target is a curve."""
ROW = {
    "bone": ("i", 1),
    "constraint_type": ("i", 1),
    "owner_space": ("i", 1),
    "target_space": ("i", 1),
    "flag": ("I", 1),
    "option": ("i", 8),
    "value": ("f", 16),
    "influence": ("f", 1),
    "space_bone": ("i", 1),
    "space_matrix": ("f", 16),
    "mute": ("B", 1),
}
TARGET = {
    "target_bone": ("i", 1),
    "target_head_tail": ("f", 1),
    "target_matrix": ("f", 16),
    "target_weight": ("f", 1),
}
IDENTITY = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)

IK_BONE = {
    "lock": ("B", "lock_ik"),
    "use_limit": ("B", "use_ik_limit"),
    "min": ("f", "ik_min"),
    "max": ("f", "ik_max"),
    "stiffness": ("f", "ik_stiffness"),
}
"""How bones move in inverse kinematics: type code and Blender's properties without the axis."""

_numbers: dict[tuple[str, str], dict[str, int]] = {}


class _UnknownError(Exception):
    """Why the library cannot know all of a constraint."""


def number(owner, name: str) -> int:
    """An enum property as Blender's number."""
    key = (owner.bl_rna.identifier, name)
    found = _numbers.get(key)
    if found is None:
        items = owner.bl_rna.properties[name].enum_items
        found = _numbers[key] = {item.identifier: item.value for item in items}
    return found[getattr(owner, name)]


def value_names(constraint) -> tuple[str, ...]:
    """The properties that stand in a constraint's values, by their place."""
    kind = constraint.type
    if kind == "PIVOT":
        return ("offset",)
    if kind == "TRANSFORM":
        ends = (("from", SUFFIX[constraint.map_from]), ("to", SUFFIX[constraint.map_to]))
        return tuple(
            f"{way}_{end}_{axis}{suffix}"
            for way, suffix in ends
            for end in ("min", "max")
            for axis in "xyz"
        )
    return _VALUES.get(kind, ())


def flat(matrix) -> list[float]:
    """A matrix column by column."""
    return [value for column in matrix.col for value in column]


def _flags(constraint) -> int:
    bits = 0
    kind = constraint.type
    for group, stem in enumerate(AXES.get(kind, ())):
        for axis, letter in enumerate("xyz"):
            bits |= bool(getattr(constraint, f"{stem}_{letter}")) << (3 * group + axis)
    for place, name in enumerate(BITS):
        # Copy Rotation's use_offset is an old name of its mix mode.
        if name == "use_offset" and kind == "COPY_ROTATION":
            continue
        bits |= bool(getattr(constraint, name, False)) << (9 + place)
    if kind == "SPLINE_IK":
        bits |= bool(constraint.use_chain_offset) << 9
    return bits


def _options(constraint) -> list[int]:
    kind = constraint.type
    names = _OPTIONS.get(kind, ())
    if kind == "TRANSFORM":
        mix = "mix_mode" + SUFFIX[constraint.map_to]
        names = ("map_from", "map_to", "map_to_x_from", "map_to_y_from", "map_to_z_from", mix)
        names += ("from_rotation_mode", "to_euler_order")
    numbers = [number(constraint, name) for name in names]
    if kind == "CHILD_OF" and constraint.target is not None and not constraint.subtarget:
        numbers = [max(0, number(constraint.target, "rotation_mode"))]
    if kind == "IK":
        numbers = [constraint.chain_count or -1, constraint.iterations]
    return numbers + [0] * (8 - len(numbers))


def _values(constraint) -> list[float]:
    if constraint.type == "CHILD_OF":
        return flat(constraint.inverse_matrix)
    if constraint.type == "PIVOT":
        values = list(constraint.offset)
    else:
        values = [getattr(constraint, name) for name in value_names(constraint)]
    return values + [0.0] * (16 - len(values))


def _bends(bone) -> bool:
    return bone.bone.bbone_segments > 1


class Constraints:
    """All constraints of an armature object that may have an effect.

    `objects` are the moving objects of the rig (MovingObjects); without them no target may move.
    """

    def __init__(self, obj, index: dict[str, int], objects=None) -> None:
        self.object = obj
        self.objects = objects
        self.index = index
        """Numbers of the bones by name."""
        self.rows = {name: array(code) for name, (code, _) in ROW.items()}
        self.targets = {name: array(code) for name, (code, _) in TARGET.items()}
        self.target_first = array("i", [0])
        self.actions = Actions()
        self.splines = Splines()
        """The curves that constraints look at."""
        self.others = OtherCurves()
        """Curves of other data-blocks that move numbers of the rig."""
        self.moving: dict[int, int] = {}
        """Numbers of the moving objects by the targets that they are."""
        self.reasons: dict[int, str] = {}
        """Why constraints are not known, by row."""
        self.places: dict[tuple[int, str], tuple] = {}
        """Row, first target and constraint by the owner's number and the constraint's name."""
        self.found: list = []
        for owner, bone in enumerate(obj.pose.bones):
            if bone.constraints:
                for constraint in bone.constraints:
                    self._add(owner, bone, constraint)

    def __len__(self) -> int:
        return len(self.found)

    def _add(self, owner: int, bone, constraint) -> None:
        if not constraint.is_valid:
            return
        first = len(self.targets["target_bone"])
        self.places[owner, constraint.name] = (len(self.found), first, constraint)
        self.found.append(constraint)
        kind = constraint.type
        known = kind in PLAIN or kind in SOLVERS
        row = self._row(owner, constraint)
        try:
            self._space(constraint, row)
            if kind in OF_CURVES:
                self._curve(constraint, row)
            elif known:
                self._targets(bone, constraint)
            if kind == "ACTION":
                self.actions.add(len(self.found) - 1, bone.name, constraint)
        except (_UnknownError, UnknownActionError, UnknownCurveError) as unknown:
            known = False
            self.reasons[len(self.found) - 1] = str(unknown)
            self.moving = {at: number for at, number in self.moving.items() if at < first}
            for values, (_, width) in zip(self.targets.values(), TARGET.values(), strict=True):
                del values[first * width :]
        if not known:
            # A solver changes its chain; without the tail that begins at the parent.
            chain = getattr(constraint, "chain_count", None)
            ancestors = 0 if chain is None else chain + 1 if chain else -1
            row |= {"constraint_type": 0, "option": [ancestors] + [0] * 7}
        for name, values in row.items():
            if isinstance(values, (list, tuple)):
                self.rows[name].extend(values)
            else:
                self.rows[name].append(values)
        self.target_first.append(len(self.targets["target_bone"]))

    def _row(self, owner: int, constraint) -> dict:
        return {
            "bone": owner,
            "constraint_type": number(constraint, "type"),
            "owner_space": number(constraint, "owner_space"),
            "target_space": number(constraint, "target_space"),
            "flag": _flags(constraint),
            "option": _options(constraint),
            "value": _values(constraint),
            "influence": constraint.influence,
            "space_bone": -1,
            "space_matrix": IDENTITY,
            "mute": constraint.mute,
        }

    def _space(self, constraint, row: dict) -> None:
        space = constraint.space_object
        custom = "CUSTOM" in (constraint.owner_space, constraint.target_space)
        if not custom or space is None:
            return
        if space == self.object and constraint.space_subtarget:
            if constraint.space_subtarget not in self.index:
                raise _UnknownError("its custom space is no bone of the rig")
            row["space_bone"] = self.index[constraint.space_subtarget]
        elif is_still(space) and not constraint.space_subtarget:
            row["space_matrix"] = flat(space.matrix_world)
        else:
            raise _UnknownError(f'its custom space "{space.name}" moves or is a part of an object')

    def _targets(self, bone, constraint) -> None:
        if constraint.type == "ARMATURE":
            if constraint.use_bone_envelopes:
                raise _UnknownError("it goes by envelopes")
            for target in constraint.targets:
                name = target.subtarget
                if target.target != self.object or name not in self.index:
                    raise _UnknownError("a target is no bone of the rig")
                pose_bone = self.object.pose.bones[name]
                if pose_bone.bone.use_envelope_multiply or _bends(pose_bone):
                    raise _UnknownError(f'its target "{name}" is a bendy bone or has an envelope')
                self._add_target(self.index[name], 0.0, IDENTITY, target.weight)
            return
        target = getattr(constraint, "target", None)
        if target is None or constraint.type == "SPLINE_IK":
            return
        if constraint.type == "IK":
            self._goal(target, constraint.subtarget)
            if constraint.pole_target is not None:
                self._goal(constraint.pole_target, constraint.pole_subtarget)
            return
        along = getattr(constraint, "head_tail", 0.0)
        if target == self.object:
            name = constraint.subtarget
            if name not in self.index:
                raise _UnknownError("its target is the armature object itself")
            curved = getattr(constraint, "use_bbone_shape", False)
            if curved and _bends(self.object.pose.bones[name]):
                raise _UnknownError("it goes by the shape of a bendy bone")
            self._add_target(self.index[name], along, IDENTITY, 1.0)
            return
        if constraint.subtarget:
            part = "bone" if target.type == "ARMATURE" else "vertex group"
            raise _UnknownError(f'its target is a {part} of "{target.name}"')
        if constraint.target_space not in {"WORLD", "CUSTOM"}:
            raise _UnknownError(f'it takes the local space of "{target.name}"')
        self._add_object(target)

    def _add_object(self, target) -> None:
        """A target that is an object."""
        if not is_still(target):
            try:
                if self.objects is None:
                    raise UnknownMotionError("moves")
                number = self.objects.place(target)
            except UnknownMotionError as unknown:
                raise _UnknownError(f'"{target.name}" {unknown}') from None
            self.moving[len(self.targets["target_bone"])] = number
        self._add_target(-1, 0.0, flat(target.matrix_world), 1.0)

    def _curve(self, constraint, row: dict) -> None:
        obj = constraint.target
        check(obj)
        if getattr(constraint, "use_curve_follow", False) and not turns_as_known(obj.data):
            raise UnknownCurveError("a curve turns in a way that is not known")
        data = obj.data
        number = self.splines.number(data)
        row["option"] = [number, *row["option"][:2], data.use_path_clamp, *[0] * 4]
        if constraint.type == "SPLINE_IK":
            if len(constraint.joint_bindings):
                raise UnknownCurveError("a chain is bound to its curve by hand")
            row["option"] = [number, constraint.chain_count, *row["option"][1:3], *[0] * 4]
            # The library finds these, and says so of all the bones of the chain.
            self.reasons[len(self.found) - 1] = why_unknown_on(data, constraint)
        if constraint.type == "FOLLOW_PATH":
            row["value"][2:4] = data.eval_time, data.path_duration
        follows_time = constraint.type == "FOLLOW_PATH" and not constraint.use_fixed_location
        self.others.add(len(self.found) - 1, data, self.objects, follows_time)
        self._add_object(obj)

    def _goal(self, target, name: str) -> None:
        if target == self.object and name in self.index:
            self._add_target(self.index[name], 0.0, IDENTITY, 1.0)
        elif name or target == self.object:
            raise _UnknownError(f'a goal is a part of "{target.name}" or all of the armature')
        else:
            self._add_object(target)

    def _add_target(self, bone: int, along: float, matrix, weight: float) -> None:
        self.targets["target_bone"].append(bone)
        self.targets["target_head_tail"].append(along)
        self.targets["target_matrix"].extend(matrix)
        self.targets["target_weight"].append(weight)

    def ik_bones(self) -> dict[str, array] | None:
        """How the bones move in inverse kinematics; None if nothing there needs it."""
        if not any(constraint.type == "IK" for constraint in self.found):
            return None
        bones = self.object.pose.bones
        rows = {
            name: array(code, bytes(array(code).itemsize * 3 * len(bones)))
            for name, (code, _) in IK_BONE.items()
        }
        for name, (code, stem) in IK_BONE.items():
            for place, axis in enumerate("xyz"):
                values = array(code, bytes(array(code).itemsize * len(bones)))
                bones.foreach_get(f"{stem}_{axis}", values)
                rows[name][place::3] = values
        rows["stretch"] = array("f", bytes(4 * len(bones)))
        bones.foreach_get("ik_stretch", rows["stretch"])
        return rows

    def links(self) -> list[tuple[int, int]]:
        """(bone, bone it looks at) of all constraints, and of the chains of solvers."""
        pairs = []
        bones = self.rows["bone"]
        for row, constraint in enumerate(self.found):
            owner = bones[row]
            first, end = self.target_first[row], self.target_first[row + 1]
            pairs += [(owner, t) for t in self.targets["target_bone"][first:end] if t >= 0]
            if self.rows["space_bone"][row] >= 0:
                pairs.append((owner, self.rows["space_bone"][row]))
            if constraint.type in SOLVERS:
                parent = self.object.pose.bones[owner].parent
                while parent is not None:
                    pairs.append((self.index[parent.name], owner))
                    parent = parent.parent
        return pairs
