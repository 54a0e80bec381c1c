"""The pose slides against stock."""

from __future__ import annotations

import importlib
import math

import bpy
import own_keys
import pytest
import session
from differential import compare_on_clip, compare_with_stock
from scene import Options
from slide_defects import without_defect

SLIDES = ("breakdown", "push", "relax", "blend_to_neighbor", "blend_with_rest")
CHANNELS = ("ALL", "ALL", "ALL", "LOC", "ROT", "SIZE", "BBONE", "CUSTOM")
AXES = ("FREE", "FREE", "X", "Y", "Z")
TOLERANCE = 0.0
"""Every bit counts: Only Insert Needed compares them."""

pytestmark = pytest.mark.usefixtures("addon")
slides = pytest.mark.parametrize("slide", SLIDES)


@pytest.fixture(autouse=True)
def native(request, monkeypatch) -> None:
    """Small jobs are Blender's own unless a test asks for the operator's choice."""
    if "chosen" not in request.keywords:
        module = importlib.import_module(f"{session.MODULE}.ops.slide")
        monkeypatch.setattr(module, "stock_pays", lambda *_: False)


def arguments(random, scene) -> dict:
    """Any call that a script could make, frames left out or turned round included."""
    chosen = {}
    if random.random() < 0.9:
        chosen["factor"] = random.choice((0.0, 0.5, 1.0, random.random(), random.random()))
    if random.random() < 0.8:
        chosen["prev_frame"] = random.randint(-10, 30)
        chosen["next_frame"] = random.choice((chosen["prev_frame"], random.randint(0, 60)))
    if random.random() < 0.5:
        chosen["channels"] = random.choice(CHANNELS)
    if random.random() < 0.4:
        chosen["axis_lock"] = random.choice(AXES)
    return chosen


@slides
def test_same_as_stock(slide: str) -> None:
    options = without_defect(slide, Options(auto_key=0.0))
    compare_with_stock(slide, arguments, options, tolerance=TOLERANCE)


@pytest.mark.chosen
@slides
def test_whoever_does_the_work(slide: str) -> None:
    options = without_defect(slide, Options(bones=(1, 40), auto_key=0.0))
    compare_with_stock(slide, arguments, options, count=100, tolerance=TOLERANCE)


def without_ik(random, scene) -> None:
    """Which of its solutions IK finds depends on what was evaluated before."""
    for obj in scene.objects:
        for bone in obj.pose.bones:
            for constraint in [c for c in bone.constraints if c.type == "IK"]:
                bone.constraints.remove(constraint)


@pytest.mark.chosen
@slides
def test_auto_keying(slide: str) -> None:
    options = without_defect(slide, Options(auto_key=1.0))
    compare_with_stock(slide, arguments, options, tolerance=TOLERANCE)


@pytest.mark.chosen
@slides
def test_own_auto_keying(slide: str) -> None:
    options = without_defect(slide, Options(auto_key=1.0))
    # The library solves the handles of smooth curves within 1e-6; all else has to be exact.
    with own_keys.always():
        compare_with_stock(slide, arguments, options)


@pytest.mark.chosen
@slides
def test_keys_of_mirrored_bones(slide: str) -> None:
    """They come right after those of the bones that they mirror, if these are selected."""
    options = Options(auto_key=1.0, mirror_option=1.0, nothing_selected=0.3)
    with own_keys.always():
        compare_with_stock(slide, arguments, without_defect(slide, options), count=60)


@slides
def test_rich_curves(slide: str) -> None:
    """Custom and bendy-bone properties, odd paths, NLA tweak mode and mirrored bones."""
    options = Options(
        auto_key=0.0,
        custom_properties=0.8,
        property_curves=0.9,
        bendy=0.6,
        odd_paths=0.3,
        constraints=0.4,
        hostile_names=0.4,
        nla=0.5,
        mirror_option=0.5,
        unselected=0.6,
        objects=(2, 3),
        # A curve with an index on a property that is no array: stock 4.5 applies all such curves
        # one after the other. Only two rigs with one action come by it.
        shared_action=0.0,
    )
    options = without_defect(slide, options)
    compare_with_stock(slide, arguments, options, tolerance=TOLERANCE, prepare=without_ik)


@pytest.mark.parametrize("clip", ("short", "middle", "long"))
@slides
def test_motion_capture(slide: str, clip: str) -> None:
    """Between two keys of a real clip, from a pose that was changed by hand."""

    def prepare(obj) -> None:
        for number, bone in enumerate(obj.pose.bones):
            bone.location.x += 0.01 * number
            bone.rotation_euler.y += 0.1

    values = {"factor": 0.3, "prev_frame": 90, "next_frame": 130}
    compare_on_clip(slide, clip, values, frame=100, prepare=prepare, tolerance=TOLERANCE)


def axis_angle_bone(angle: float):
    """A new object in pose mode: one axis-angle bone with a curve on its angle."""
    session.new_file()
    bpy.ops.object.armature_add()
    obj = bpy.context.object
    bpy.ops.object.mode_set(mode="POSE")
    bone = obj.pose.bones[0]
    bone.rotation_mode = "AXIS_ANGLE"
    bone.rotation_axis_angle = (angle, 1.0, 0.0, 0.0)
    bone.keyframe_insert("rotation_axis_angle", frame=1)
    return bone


def test_axis_angle_goes_to_rest_in_every_version() -> None:
    bone = axis_angle_bone(1.0)
    before = bone.rotation_quaternion[:]
    assert bpy.ops.limber.blend_with_rest(factor=0.25) == {"FINISHED"}
    assert math.isclose(bone.rotation_axis_angle[0], 0.75, abs_tol=1e-5)
    assert bone.rotation_quaternion[:] == before
    assert bpy.ops.limber.blend_with_rest(factor=1.0) == {"FINISHED"}
    assert tuple(bone.rotation_axis_angle) == (0.0, 0.0, 1.0, 0.0)


@pytest.mark.parametrize("slide", SLIDES[:4])
def test_objects_that_share_an_armature(slide: str) -> None:
    """Blender 5.0 forgets the frames for all but the first of them."""
    session.new_file()
    bpy.ops.object.armature_add()
    first = bpy.context.object
    second = first.copy()
    bpy.context.scene.collection.objects.link(second)
    second.select_set(True)
    bpy.ops.object.mode_set(mode="POSE")
    bones = [obj.pose.bones[0] for obj in (first, second)]
    for bone, shift in zip(bones, (0.0, 100.0), strict=True):
        for frame in (11, 21):
            bone.location.x = shift + frame
            bone.keyframe_insert("location", frame=frame)
    bpy.context.scene.frame_set(18)
    for bone, shift in zip(bones, (0.0, 100.0), strict=True):
        bone.location.x = shift + 30.0
    call = getattr(bpy.ops.limber, slide)
    assert call(factor=0.25, prev_frame=11, next_frame=21) == {"FINISHED"}
    moved = bones[0].location.x
    assert moved != 30.0
    assert math.isclose(bones[1].location.x, moved + 100.0, abs_tol=1e-4)


INDICES = {
    '["float"]': (0, 1),
    '["second"]': (1, 0),
    '["third"]': (2,),
    '["whole"]': (0, 1, 2),
    ".bbone_rollin": (0, 1),
    ".bbone_easein": (3,),
}
"""Curves of numbers that are no arrays, by their array index."""


def numbers_with_indices():
    """A bone with these curves between frames 1 and 11, and other values at frame 6."""
    session.new_file()
    bpy.ops.object.armature_add()
    obj = bpy.context.object
    obj.data.bones[0].bbone_segments = 3
    bpy.ops.object.mode_set(mode="POSE")
    bone = obj.pose.bones[0]
    bone["float"], bone["second"], bone["third"], bone["whole"] = 10.0, 20.0, 30.0, 100
    action = obj.animation_data_create().action = bpy.data.actions.new("Moves")
    obj.animation_data.action_slot = action.slots.new("OBJECT", obj.name)
    strip = action.layers.new("Layer").strips.new(type="KEYFRAME")
    bag = strip.channelbag(obj.animation_data.action_slot, ensure=True)
    for path, indices in INDICES.items():
        for turn, index in enumerate(indices):
            curve = bag.fcurves.new(f'pose.bones["{bone.name}"]{path}', index=index)
            curve.keyframe_points.insert(1, 1.5 + 3 * turn)
            curve.keyframe_points.insert(11, 2.5 + 5 * turn)
    bpy.context.scene.frame_set(6)
    bone["float"], bone["second"], bone["third"], bone["whole"] = 10.0, 20.0, 30.0, 100
    bone.bbone_rollin, bone.bbone_easein = 5.0, 3.0
    return bone


@slides
def test_numbers_with_several_curves(slide: str) -> None:
    """4.5 applies all of them in turn; later only the one with index 0 counts."""
    results = []
    for operators in (bpy.ops.pose, bpy.ops.limber):
        bone = numbers_with_indices()
        call = getattr(operators, slide)
        assert call(factor=0.25, prev_frame=1, next_frame=11) == {"FINISHED"}
        results.append((dict(bone.items()), bone.bbone_rollin, bone.bbone_easein))
    assert results[0] == results[1]
    moved = results[0][0]["third"] != 30.0
    assert moved == (session.VERSION < (5, 2) and slide != "blend_with_rest")


@slides
def test_undo_takes_back_one_step(slide: str) -> None:
    session.new_file()
    bpy.ops.object.armature_add()
    bpy.ops.object.mode_set(mode="POSE")
    bone = bpy.context.object.pose.bones[0]
    for frame, x in ((1, 1.0), (11, 5.0)):
        bone.location.x = x
        bone.keyframe_insert("location", frame=frame)
    bone.location.x = 7.0
    bpy.ops.ed.undo_push(message="start")
    call = getattr(bpy.ops.limber, slide)
    assert call("EXEC_DEFAULT", True, factor=0.3, prev_frame=1, next_frame=11) == {"FINISHED"}
    moved = bpy.context.object.pose.bones[0].location.x
    assert moved != 7.0
    bpy.ops.ed.undo()
    assert bpy.context.object.pose.bones[0].location.x == 7.0
    bpy.ops.ed.redo()
    assert bpy.context.object.pose.bones[0].location.x == moved


def contexts():
    """Puts Blender into each kind of context in turn."""
    session.new_file()
    yield "no object"
    bpy.ops.object.camera_add()
    yield "camera"
    bpy.ops.object.armature_add()
    yield "object mode"
    bpy.ops.object.mode_set(mode="EDIT")
    yield "edit mode"
    bpy.ops.object.mode_set(mode="POSE")
    yield "pose mode"
    armature = bpy.context.object
    bpy.ops.object.mode_set(mode="OBJECT")
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    cube.modifiers.new("Armature", "ARMATURE").object = armature
    yield "mesh"
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="POSE")
    bpy.context.view_layer.objects.active = cube
    bpy.ops.object.mode_set(mode="WEIGHT_PAINT")
    yield "weight paint"


@slides
def test_poll_is_stocks(slide: str) -> None:
    answers = {}
    for name in contexts():
        stock, limber = getattr(bpy.ops.pose, slide), getattr(bpy.ops.limber, slide)
        assert limber.poll() == stock.poll(), name
        answers[name] = stock.poll()
    assert answers["pose mode"] and answers["weight paint"] and not answers["edit mode"]


def test_weight_paint_uses_the_given_frames() -> None:
    """Stock 4.5 takes both frames as 0 there."""
    for name in contexts():
        if name == "pose mode":
            bone = bpy.context.object.pose.bones[0]
            for frame, x in ((1, 1.0), (11, 5.0)):
                bone.location.x = x
                bone.keyframe_insert("location", frame=frame)
    assert bpy.context.mode == "PAINT_WEIGHT"
    assert bpy.ops.limber.breakdown(factor=0.25, prev_frame=1, next_frame=11) == {"FINISHED"}
    bone = bpy.context.pose_object.pose.bones[0]
    assert math.isclose(bone.location.x, 2.0, abs_tol=1e-6)


def stock_properties(operator) -> dict:
    """Everything that a script or the redo panel sees of an operator's properties."""
    found = {}
    for prop in operator.get_rna_type().properties:
        if prop.identifier == "rna_type":
            continue
        entry = {"type": prop.type, "name": prop.name, "description": prop.description}
        entry["skip save"] = prop.is_skip_save
        if prop.type in {"INT", "FLOAT"}:
            entry["hard"] = (prop.hard_min, prop.hard_max)
            entry["soft"] = (prop.soft_min, prop.soft_max)
        if prop.type == "ENUM":
            entry["items"] = [(i.identifier, i.name, i.description) for i in prop.enum_items]
        entry["default"] = prop.default
        found[prop.identifier] = entry
    return found


@slides
def test_properties_are_stocks(slide: str) -> None:
    stock, limber = getattr(bpy.ops.pose, slide), getattr(bpy.ops.limber, slide)
    assert stock_properties(limber) == stock_properties(stock)
    kinds = (stock.get_rna_type(), limber.get_rna_type())
    assert kinds[1].name == f"{kinds[0].name} (Limber)"
    assert kinds[1].description == kinds[0].description
