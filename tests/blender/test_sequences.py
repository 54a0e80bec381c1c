"""Many operators one after another on one scene, as in a session of work: what one leaves behind,
and what Limber keeps between calls, must not change what the next does."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field, replace

import bpy
import capture
import pytest
import session
import snapshot
from differential import seeds, viewport
from scene import Options, Scene, build, generator
from slide_defects import without_defect

pytestmark = pytest.mark.usefixtures("addon")

STEPS = 12
TOLERANCE = 1e-4
"""Paths through constraints are evaluated to this; everything else is nearer."""
RIGHT = Options(
    bones=(1, 12),
    drivers=0.0,
    nla=0.0,
    other_slot=0.0,
    shared_action=0.0,
    sampled_curves=0.0,
)
"""Without what Blender does wrong, such as sampled curves before frame 0."""
PLAIN = replace(RIGHT, side_names=0.8, auto_key=0.25, rest_position=0.0, selection_sets=0.5)
RENAMED = replace(
    RIGHT,
    side_names=0.9,
    auto_key=0.0,
    shared_data=0.0,
    constraints=0.0,
    selection_sets=0.0,
    custom_properties=0.0,
)
"""Renames in which Blender forgets no reference; what 5.2 makes of an animated integer depends on
what made it evaluate."""


def flag(name: str):
    return lambda random: {name: random.random() < 0.5}


def choice(name: str, *values):
    return lambda random: {name: random.choice(values)}


def slide(random) -> dict:
    first = random.randint(-5, 20)
    return {"factor": random.random(), "prev_frame": first, "next_frame": first + 9}


def nothing(_random) -> dict:
    return {}


MODES = ("QUATERNION", "XYZ", "ZYX", *(("AXIS_ANGLE",) if session.VERSION >= (5, 2) else ()))
RELATIONS = ("COLLECTION", "CHILDREN", "CHILDREN_IMMEDIATE", "PARENT")
OPERATORS = {
    **dict.fromkeys(("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest"), slide),
    "propagate": choice("mode", "NEXT_KEY", "LAST_KEY", "BEFORE_END", "SELECTED_KEYS"),
    **dict.fromkeys(("loc_clear", "rot_clear", "scale_clear", "transforms_clear"), nothing),
    "user_transforms_clear": flag("only_selected"),
    "rotation_mode_set": choice("type", *MODES),
    "quaternions_flip": nothing,
    "armature_apply": flag("selected"),
    "copy": nothing,
    "paste": lambda random: {**flag("flipped")(random), **flag("selected_mask")(random)},
    "select_all": choice("action", "TOGGLE", "SELECT", "DESELECT", "INVERT"),
    "select_linked": nothing,
    "select_mirror": flag("extend"),
    "select_parent": nothing,
    "select_hierarchy": choice("direction", "PARENT", "CHILD"),
    "select_grouped": choice("type", *RELATIONS),
    "select_constraint_target": nothing,
    "hide": flag("unselected"),
    "reveal": flag("select"),
    "constraint_add": choice("type", "LIMIT_ROTATION", "LIMIT_SCALE", "MAINTAIN_VOLUME"),
    "constraints_clear": nothing,
    "ik_clear": nothing,
    "paths_calculate": choice("range", "SCENE", "KEYS_ALL"),
    "paths_update": nothing,
    "paths_range_update": nothing,
    "paths_clear": flag("only_selected"),
    "selection_set_add": nothing,
    "selection_set_add_and_assign": nothing,
    "selection_set_assign": nothing,
    "selection_set_unassign": nothing,
    "selection_set_select": nothing,
    "selection_set_deselect": nothing,
    "selection_set_remove": nothing,
    "selection_set_remove_bones": nothing,
    "selection_set_move": choice("direction", "UP", "DOWN"),
    "selection_set_copy": nothing,
    "selection_set_paste": nothing,
}
RENAMES = {
    "flip_names": flag("do_strip_numbers"),
    "autoside_names": choice("axis", "XAXIS", "YAXIS", "ZAXIS"),
}


# --- what a user does between operators ----------------------------------------------------------


def other_frame(random, _scene: Scene) -> None:
    bpy.context.scene.frame_set(random.randint(-5, 40))


def other_pose(random, scene: Scene) -> None:
    for bone in random.choice(scene.objects).pose.bones:
        if random.random() < 0.5:
            bone.location = [random.uniform(-1, 1) for _ in range(3)]
            bone.rotation_quaternion = [random.uniform(-1, 1) for _ in range(4)]


def other_selection(random, scene: Scene) -> None:
    for obj in scene.objects:
        for bone in obj.pose.bones if session.VERSION >= (5, 0) else obj.data.bones:
            bone.select = random.random() < 0.6


def other_keys(random, scene: Scene) -> None:
    with capture.Output():
        for bone in random.choice(scene.objects).pose.bones:
            if random.random() < 0.4:
                bone.keyframe_insert("location", frame=random.randint(-5, 40))


def another_mode(_random, _scene: Scene) -> None:
    bpy.ops.object.mode_set(mode="OBJECT")
    bpy.ops.object.mode_set(mode="POSE")


EDITS = (other_frame, other_frame, other_pose, other_selection, other_selection, other_keys)
EDITS = (*EDITS, another_mode)


def is_reasonable(name: str) -> bool:
    """Whether Blender's operator does not end in an error of its script: no set is active."""
    sets = bpy.context.object.selection_sets
    return not name.startswith("selection_set_") or (
        0 <= bpy.context.object.active_selection_set < len(sets)
        or name.removeprefix("selection_set_") in {"add", "add_and_assign", "remove_bones"}
    )


# --- sequences -----------------------------------------------------------------------------------


@dataclass
class Course:
    """What a sequence of steps said, and left."""

    steps: list[str] = field(default_factory=list)
    answers: list[dict] = field(default_factory=list)
    after: dict = field(default_factory=dict)


def perform(seed: int, options: Options, operators: dict, group, steps: int) -> Course:
    """Builds the scene of a seed, and makes its first steps with the operators of a group."""
    scene = build(seed, options)
    dice = generator(seed, "steps")
    course = Course()
    # Else the first paste would paste what an earlier scene has copied.
    capture.call(group.copy)
    with bpy.context.temp_override(**viewport()):
        for _ in range(steps):
            if dice.random() < 0.35:
                edit = dice.choice(EDITS)
                course.steps.append(edit.__name__)
                edit(dice, scene)
            else:
                name = dice.choice([name for name in operators if is_reasonable(name)])
                values = operators[name](dice)
                course.steps.append(f"{name}({values})")
                answer = capture.call(lambda n=name, v=values: getattr(group, n)(**v))
                course.answers.append(answer.comparable())
                if name in RENAMES:
                    # 5.2 applies the animation over changes of the pose that are not keyed.
                    bpy.context.scene.frame_set(bpy.context.scene.frame_current)
            bpy.context.view_layer.update()
    course.after = snapshot.take()
    return course


def difference(seed: int, options: Options, operators: dict, steps: int) -> list[str]:
    stock, limber = (
        perform(seed, options, operators, group, steps) for group in (bpy.ops.pose, bpy.ops.limber)
    )
    return snapshot.differences(
        {"answers": stock.answers, **stock.after},
        {"answers": limber.answers, **limber.after},
        TOLERANCE,
    )


def compare_sequences(options: Options, operators: dict, count: int) -> None:
    """Fails with the seed, the steps up to the first that differs, and what differs then."""
    for seed in seeds(count):
        if not difference(seed, options, operators, STEPS):
            continue
        for steps in range(1, STEPS + 1):
            found = difference(seed, options, operators, steps)
            if found:
                break
        steps_made = perform(seed, options, operators, bpy.ops.pose, steps).steps
        lines = "\n  ".join([*steps_made, "stock | Limber:", *found])
        raise AssertionError(f"seed {seed} (LIMBER_TEST_ONLY={seed}):\n  {lines}")


@pytest.fixture(params=("native", "as it comes"))
def way(request, monkeypatch) -> None:
    """Every operator by the library, and by whomever it chooses for the size of the scene."""
    if request.param == "native":
        for name in ("slide", "propagate", "clear", "transform", "user_transforms", "paths"):
            module = importlib.import_module(f"{session.MODULE}.ops.{name}")
            monkeypatch.setattr(module, "stock_pays", lambda *_: False)
        autokey = importlib.import_module(f"{session.MODULE}.bridge.autokey")
        slide = importlib.import_module(f"{session.MODULE}.ops.slide")
        # Slides with visual keying are always Blender's.
        monkeypatch.setattr(slide, "stock_pays", lambda context, *_: autokey.is_visual(context))


@pytest.mark.usefixtures("way")
def test_sequences() -> None:
    options = without_defect("blend_with_rest", PLAIN)
    compare_sequences(options, OPERATORS, 150)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("apart", (False, True))
def test_sequences_with_renames(apart: bool, monkeypatch) -> None:
    rename = importlib.import_module(f"{session.MODULE}.bridge.rename")
    monkeypatch.setattr(rename, "_pays", lambda _count: apart)
    options = without_defect("blend_with_rest", RENAMED)
    left_out = ("selection_set", "constraint")
    others = {name: how for name, how in OPERATORS.items() if not name.startswith(left_out)}
    compare_sequences(options, {**others, **RENAMES}, 60)
