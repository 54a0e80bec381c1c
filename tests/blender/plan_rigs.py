"""An animated armature object of Blender as the arrays of a plan."""

from __future__ import annotations

import importlib
from array import array
from types import SimpleNamespace

import bpy
import constraint_rigs
import curves
import test_math

SPACES = {"WORLD_SPACE": 0, "TRANSFORM_SPACE": 4, "LOCAL_SPACE": 12}


def modules(addon):
    """The modules of the native package that plans need, and the numbers of slots."""
    names = ("transform", "structs", "evaluate", "fcurve", "plan")
    found = {name: importlib.import_module(f"{addon}.native.{name}") for name in names}
    return SimpleNamespace(slots=importlib.import_module(f"{addon}.bridge.rig_numbers"), **found)


def constraint_numbers(obj) -> dict:
    """The number of each constraint by bone and name, as `constraint_rigs.read` counts them."""
    numbers = {}
    for bone in obj.pose.bones:
        for constraint in bone.constraints:
            if constraint.is_valid and not constraint.mute:
                numbers[bone.name, constraint.name] = len(numbers)
    return numbers


class Slots:
    """The slots of an object's properties, by data path and index."""

    def __init__(self, slots, obj) -> None:
        self.slots, self.obj = slots, obj
        self.bones = {bone.name: at for at, bone in enumerate(obj.pose.bones)}
        self.constraints = constraint_numbers(obj)
        numbers = [key for key, value in obj.items() if isinstance(value, (int, float))]
        self.custom = sorted(numbers)
        self.values = array("f", (float(obj[key]) for key in self.custom))

    def find(self, path: str, index: int) -> tuple[int, int]:
        """The slot of a property, as its array and the element of it."""
        slots = self.slots
        if path.startswith('["'):
            return slots.CUSTOM, self.custom.index(path[2:-2])
        owner, _, name = path.rpartition(".")
        if ".constraints[" in owner:
            constraint = self.obj.path_resolve(owner)
            bone = owner.split('"')[1]
            number = self.constraints[bone, constraint.name]
            if name == "influence":
                return slots.INFLUENCE, number
            # One setting of each type stands for all.
            return slots.VALUE, 16 * number + constraint_rigs.VALUES[constraint.type].index(name)
        bone = self.bones[owner.split('"')[1]]
        arrays = {
            "location": (slots.LOCATION, 3),
            "rotation_quaternion": (slots.ROTATION_QUATERNION, 4),
            "rotation_euler": (slots.ROTATION_EULER, 3),
            "rotation_axis_angle": (slots.ROTATION_AXIS_ANGLE, 4),
            "scale": (slots.SCALE, 3),
        }
        kind, width = arrays[name]
        return kind, width * bone + index


def table(native, fcurves):
    """LimberFCurves of Blender's curves, and all that must stay alive."""
    keep = [curves.packed(fcurve) for fcurve in fcurves]
    stacks = [[curves.modifier(m) for m in fcurve.modifiers] for fcurve in fcurves]
    starts = array("Q", [0])
    for stack in stacks:
        starts.append(starts[-1] + len(stack))
    view = native.fcurve.FCurves(
        curve_count=len(keep),
        key_pointers=array("Q", (keys.buffer_info()[0] if n else 0 for keys, n in keep)),
        key_counts=array("i", (n for _, n in keep)),
        extrapolation=array("B", (int(f.extrapolation == "LINEAR") for f in fcurves)),
        modifier_starts=starts,
        modifier_count=starts[-1],
    )
    flat = [modifier for stack in stacks for modifier in stack]
    all_ = native.fcurve.modifier_stack(flat)
    if all_ is not None:
        view.modifiers = native.fcurve.address(all_)
    view._keep += [keep, flat, all_]
    return view


def texts(list_: list[str]) -> array:
    return array("B", b"".join(text.encode() + b"\0" for text in list_))


def write_of(obj, path: str) -> tuple[int, float, float]:
    """How a property is written, and its limits."""
    if path.startswith('["'):
        key = path[2:-2]
        if isinstance(obj[key], bool):
            return 2, 0.0, 1.0
        if isinstance(obj[key], int):
            limits = obj.id_properties_ui(key).as_dict()
            return 1, limits["min"], limits["max"]
        limits = obj.id_properties_ui(key).as_dict()
        return 0, limits["min"], limits["max"]
    return (0, 0.0, 1.0) if path.endswith(".influence") else (0, float("-inf"), float("inf"))


def limits(obj, fcurve) -> tuple[float, float]:
    """What a curve may make of its property."""
    if fcurve.data_path.startswith('["'):
        return write_of(obj, fcurve.data_path)[1:]
    owner, _, name = fcurve.data_path.rpartition(".")
    prop = obj.path_resolve(owner).bl_rna.properties[name]
    return prop.hard_min, prop.hard_max


def drivers(native, obj, slots: Slots):
    """LimberDrivers of an object's drivers."""
    plan = native.plan
    rows = {name: array(code) for name, code in plan.DRIVER_ARRAYS.items()}
    variables = {name: array(code) for name, code in plan.VARIABLE_ARRAYS.items()}
    readings = {name: array(code) for name, (code, _) in plan.TRANSFORM_ARRAYS.items()}
    expressions, names = [], []
    variables["variable_first"].append(0)
    for fcurve in obj.animation_data.drivers:
        driver = fcurve.driver
        kind, element = slots.find(fcurve.data_path, fcurve.array_index)
        rows["driver_type"].append(constraint_rigs.number(driver, "type"))
        rows["driver_slot"].append(kind)
        rows["driver_element"].append(element)
        written = write_of(obj, fcurve.data_path)
        for name, value in zip(("write", "min", "max"), written, strict=True):
            rows[name].append(value)
        expressions.append(driver.expression if driver.type == "SCRIPTED" else "")
        for variable in driver.variables:
            names.append(variable.name)
            add_variable(slots, variable, variables, readings)
        variables["variable_first"].append(len(names))
    expressions, names_text = texts(expressions), texts(names)
    return plan.Drivers(
        driver_count=len(obj.animation_data.drivers),
        variable_count=len(names),
        curves=table(native, list(obj.animation_data.drivers)),
        expressions=expressions,
        expression_size=len(expressions),
        variable_names=names_text,
        name_size=len(names_text),
        **rows,
        **variables,
        **readings,
    )


def add_variable(slots: Slots, variable, variables: dict, readings: dict) -> None:
    """Appends one variable to the arrays."""
    obj = slots.obj
    kind, element = slots.slots.CUSTOM, 0
    if variable.type == "SINGLE_PROP":
        path, index = variable.targets[0].data_path, 0
        if not path.startswith('["') and path.endswith("]"):
            path, _, index = path[:-1].rpartition("[")
        kind, element = slots.find(path, int(index))
    variables["variable_type"].append(constraint_rigs.number(variable, "type"))
    variables["variable_slot"].append(kind)
    variables["variable_element"].append(element)
    variables["variable_value"].append(0.0)
    targets = [*variable.targets, variable.targets[0]][:2]
    for target in targets:
        known = target.id == obj and target.bone_target
        readings["variable_bone"].append(slots.bones[target.bone_target] if known else -1)
        readings["transform_space"].append(SPACES[target.transform_space])
        readings["driver_matrix"].extend(outside_matrix(variable, target, obj))
    first = targets[0]
    readings["transform_type"].append(constraint_rigs.number(first, "transform_type"))
    readings["variable_rotation_mode"].append(constraint_rigs.number(first, "rotation_mode"))


def outside_matrix(variable, target, obj) -> list[float]:
    """The matrix of an object in the space of a variable."""
    outside = target.id if target.id else obj
    matrix = outside.matrix_world
    if variable.type != "ROTATION_DIFF" and target.transform_space == "TRANSFORM_SPACE":
        matrix = outside.matrix_basis
    elif variable.type != "ROTATION_DIFF" and target.transform_space == "LOCAL_SPACE":
        matrix = outside.convert_space(matrix=matrix, from_space="WORLD", to_space="LOCAL")
    return constraint_rigs.flat(matrix)


def make(native, obj, wanted: list[str] = (), chosen: array | None = None):
    """A plan of an object: its action, its drivers, its constraints."""
    slots = Slots(native.slots, obj)
    animation = obj.animation_data
    bag = animation.action.layers[0].strips[0].channelbags[0] if animation.action else None
    fcurves = list(bag.fcurves) if bag else []
    places = [slots.find(fcurve.data_path, fcurve.array_index) for fcurve in fcurves]
    numbers = [slots.find(f'["{name}"]', 0) for name in wanted]
    pose, _arrays = test_math.read_pose(native, obj)
    ranges = [limits(obj, fcurve) for fcurve in fcurves]
    fields = {}
    if chosen is not None:
        fields = {"chosen": chosen, "chosen_count": len(chosen)}
    rig_input = native.plan.PlanInput(
        rig=test_math.read_rig(native, obj),
        pose=pose,
        constraints=constraint_rigs.read(native, obj),
        curves=table(native, fcurves),
        curve_slot=array("i", (kind for kind, _ in places)),
        curve_element=array("i", (element for _, element in places)),
        curve_min=array("f", (low for low, _ in ranges)),
        curve_max=array("f", (high for _, high in ranges)),
        custom=slots.values,
        custom_count=len(slots.values),
        drivers=drivers(native, obj, slots),
        wanted_count=len(numbers),
        wanted_slot=array("i", (kind for kind, _ in numbers)),
        wanted_element=array("i", (element for _, element in numbers)),
        **fields,
    )
    return native.plan.Plan(rig_input, len(obj.pose.bones))


def evaluate(native, plan, frames: list[float]) -> tuple[array, array]:
    """Matrices and wanted numbers of all frames."""
    matrices = array("f", bytes(64 * plan.bones * len(frames)))
    values = array("f", bytes(4 * plan.numbers * len(frames)))
    view = native.plan.PlanFrames(frame_count=len(frames), frames=array("f", frames))
    plan.evaluate(view, matrices=matrices, values=values)
    return matrices, values


def go_to(frame: float) -> None:
    """Blender's own evaluation of a frame."""
    bpy.context.scene.frame_set(int(frame // 1), subframe=frame % 1)
