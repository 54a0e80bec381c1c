"""Constraints of bones against stock."""

from __future__ import annotations

import importlib
from dataclasses import replace

import bpy
import pytest
from differential import compare_with_stock
from scene import Options, build

OPTIONS = Options(
    bones=(1, 10),
    unselected=0.6,
    hidden=0.1,
    nothing_selected=0.1,
    constraints=0.5,
    custom_properties=0.2,
    collections=0.2,
    pose_edits=0.2,
    drivers=0.0,
)
TYPES = [e.identifier for e in bpy.types.Constraint.bl_rna.properties["type"].enum_items]
# Stock makes an Empty for these though they have no target to set.
TARGETLESS = {"CAMERA_SOLVER", "FOLLOW_TRACK", "OBJECT_SOLVER", "TRANSFORM_CACHE"}


@pytest.fixture(params=("native", "whoever does the work"), autouse=True)
def path(request, monkeypatch, addon):
    """The native path everywhere, and the one that is taken."""
    if request.param == "native":
        module = importlib.import_module("bl_ext.user_default.limber.ops.constraints")
        monkeypatch.setattr(module, "runs_natively", lambda _operator, _context: True)


def others(random, scene):
    """Objects of every kind, some of them selected, and a random selection of the armatures."""
    context = bpy.context
    for data in (bpy.data.curves, bpy.data.lattices):
        bpy.data.batch_remove(list(data))
    makers = {
        "mesh": lambda: bpy.data.meshes.new("Mesh"),
        "curve": lambda: bpy.data.curves.new("Curve", "CURVE"),
        "empty": lambda: None,
        "lattice": lambda: bpy.data.lattices.new("Lattice"),
    }
    for name, make in makers.items():
        if random.random() < 0.4:
            obj = bpy.data.objects.new(name, make())
            context.scene.collection.objects.link(obj)
            obj.select_set(random.random() < 0.6)
    for obj in scene.objects:
        obj.select_set(random.random() < 0.6)


def aimless(operator, _scene, values):
    """Calls, notes all targets in custom properties and takes them away: a bone that follows its
    own child has no defined pose."""
    try:
        return operator(**values)
    finally:
        for obj in bpy.data.objects:
            for bone in obj.pose.bones if obj.pose else ():
                for number, constraint in enumerate(bone.constraints):
                    aims = [constraint, *getattr(constraint, "targets", ())]
                    for place, aim in enumerate(aims):
                        if getattr(aim, "target", None) is not None:
                            name = getattr(aim, "subtarget", None)
                            bone[f"aim {number} {place}"] = f"{aim.target.name} {name}"
                            aim.target = None


def kinds(random, _scene):
    return {"type": random.choice(TYPES)}


def test_constraint_add():
    compare_with_stock("constraint_add", kinds, OPTIONS, prepare=others, changes=0.5)


def test_constraint_add_with_targets():
    def arguments(random, _scene):
        excluded = set(TARGETLESS)
        if any(obj.type != "ARMATURE" for obj in bpy.context.selected_objects):
            # Stock gives the constraint a target that it does not take.
            excluded.add("ARMATURE")
        return {"type": random.choice([kind for kind in TYPES if kind not in excluded])}

    compare_with_stock(
        "constraint_add_with_targets",
        arguments,
        OPTIONS,
        prepare=others,
        call=aimless,
        count=400,
        changes=0.5,
    )


def test_ik_add():
    def arguments(random, _scene):
        return {"with_targets": random.random() < 0.7}

    compare_with_stock("ik_add", arguments, OPTIONS, prepare=others, call=aimless, changes=0.5)


def test_ik_clear():
    def more(random, scene):
        for obj in scene.objects:
            for bone in obj.pose.bones:
                if random.random() < 0.4:
                    bone.constraints.new(random.choice(("IK", "IK", "SPLINE_IK"))).mute = True

    compare_with_stock("ik_clear", None, OPTIONS, prepare=more)


def test_constraints_clear():
    compare_with_stock("constraints_clear", None, OPTIONS)


def test_constraints_copy():
    def every_kind(random, scene):
        others(random, scene)
        skin = bpy.data.objects.new("Skin", bpy.data.meshes.new("Skin"))
        skin.vertex_groups.new(name="group")
        for obj in scene.objects:
            for bone in obj.pose.bones:
                for _ in range(random.randint(0, 2)):
                    made = bone.constraints.new(random.choice(TYPES))
                    made.mute = random.random() < 0.5
                    made.influence = 0.0
                    if hasattr(made, "target"):
                        made.target = skin
                    if hasattr(made, "subtarget"):
                        made.subtarget = "group"
                if bone.constraints:
                    bone.constraints.active = random.choice(bone.constraints)

    compare_with_stock(
        "constraints_copy",
        None,
        replace(OPTIONS, constraints=0.0),
        prepare=every_kind,
        changes=0.2,
    )


@pytest.mark.parametrize("kind", sorted(TARGETLESS))
def test_no_empty_is_made_for_a_type_without_target(addon, kind):
    scene = build(2, OPTIONS)
    for obj in scene.objects:
        obj.select_set(False)
    scene.active.data.bones.active = scene.active.data.bones[0]
    before = len(bpy.data.objects)
    assert bpy.ops.limber.constraint_add_with_targets(type=kind) == {"FINISHED"}
    assert len(bpy.data.objects) == before


def test_ik_clear_takes_drivers_along(addon):
    """Where stock prints an internal error or crashes."""
    scene = build(2, OPTIONS)
    obj = scene.active
    bpy.ops.pose.select_all(action="SELECT")
    bone = next(iter(bpy.context.selected_pose_bones))
    made = bone.constraints.new("IK")
    made.driver_add("influence")
    kept = bone.driver_add("location", 0)
    path = kept.data_path
    assert bpy.ops.limber.ik_clear() == {"FINISHED"}
    bpy.context.view_layer.update()
    assert [c.data_path for c in bone.id_data.animation_data.drivers] == [path]
    assert all(c.type != "IK" for b in obj.pose.bones for c in b.constraints if b == bone)
