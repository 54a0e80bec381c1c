"""Renaming bones against stock on random scenes."""

from __future__ import annotations

import importlib

import bpy
import pytest
import session
from differential import compare_with_stock
from scene import Options

NEW = "select" in bpy.types.PoseBone.bl_rna.properties
OPTIONS = Options(
    bones=(2, 12),
    side_names=1.0,
    hostile_names=0.2,
    unselected=0.3,
    collections=0.2,
    constraints=0.3,
    drivers=0.3,
    nla=0.3,
    shared_data=0.2,
    selection_sets=0.0,
    # Blender 4.5 damages the curves of the other slots.
    other_slot=0.08 if NEW else 0.0,
    shared_action=0.3 if NEW else 0.0,
)


@pytest.fixture(params=("in place", "apart"))
def animation(request, monkeypatch, addon):
    """Small rigs are renamed with their animation in place, large ones with it taken off."""
    rename = importlib.import_module("bl_ext.user_default.limber.bridge.rename")
    apart = request.param == "apart"
    monkeypatch.setattr(rename, "_pays", lambda _count: apart)
    return at_the_frame if apart and NEW else None


def at_the_frame(operator, _scene, values):
    """Calls, and applies the animation: Blender 5 does so itself, and what was posed by hand is
    lost; taken apart it stays."""
    status = operator(**values)
    scene = bpy.context.scene
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    return status


def test_flip_names(animation):
    def arguments(random, _scene):
        return {"do_strip_numbers": random.random() < 0.4}

    compare_with_stock(
        "flip_names", arguments, OPTIONS, prepare=prepare, call=animation, changes=0.5
    )


def test_autoside_names(animation):
    def arguments(random, _scene):
        return {"axis": random.choice(("XAXIS", "YAXIS", "ZAXIS"))}

    compare_with_stock(
        "autoside_names", arguments, OPTIONS, prepare=prepare, call=animation, changes=0.5
    )


TOO_LONG = "left" + "骨" * 19 + "é"
"""63 bytes, so that `right` in place of `left` leaves room for half of the last character."""


def rig_of(*names: str):
    """A rig of bones with these names, all selected; the second one lies on the other side."""
    session.new_file()
    armature = bpy.data.armatures.new("Rig")
    obj = bpy.data.objects.new("Rig", armature)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    for number, name in enumerate(names):
        bone = armature.edit_bones.new(name)
        x = 1.0 if number % 2 else -1.0
        bone.head, bone.tail = (x, 0.0, 0.0), (x, 0.0, 1.0)
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    return obj


@pytest.mark.parametrize("strip", (False, True))
def test_names_are_cut_between_characters(addon, strip):
    """Blender 4.5 leaves half a character, so that Python cannot read the name any more."""
    obj = rig_of(TOO_LONG, "arm.L")
    assert bpy.ops.limber.flip_names(do_strip_numbers=strip) == {"FINISHED"}
    assert obj.pose.bones.keys() == ["right" + "骨" * 19, "arm.R"]


OTHERS = ("flip_names", "autoside_names", "selection_set_add_and_assign", "select_mirror", "copy")


@pytest.mark.parametrize("name", OTHERS)
def test_names_that_blender_has_cut_stand_in_nobodys_way(addon, name):
    found = []
    for module in ("pose", "limber"):
        obj = rig_of(TOO_LONG, "arm.L", "arm.R")
        bpy.ops.pose.flip_names()
        error = ""
        try:
            assert getattr(getattr(bpy.ops, module), name)() == {"FINISHED"}
        except RuntimeError as raised:
            error = str(raised)
        found.append((session.module("bridge.bones").names(obj), not error))
    stock, limber = found
    assert limber[0] == stock[0]
    assert limber[1] or not stock[1]


LONG_NAMES = ("left" + "y" * 59, "x" * 63, "z" * 61 + ".L", "w" * 59 + ".001", "骨" * 20 + "e.R")
"""Of 63 bytes, as many as a name can have."""


def prepare(random, scene):
    skins(random, scene)
    for obj in scene.objects if NEW else ():
        # What Blender 5 makes of an animated integer depends on what made it evaluate.
        for bone in obj.pose.bones:
            for key, value in list(bone.items()):
                if isinstance(value, int):
                    bone[key] = float(value)
                elif hasattr(value, "to_list"):
                    bone[key] = [float(number) for number in value]
    for obj in scene.objects:
        if random.random() < 0.2:
            random.choice(obj.data.bones).name = random.choice(LONG_NAMES)


def skins(random, scene):
    """Objects with vertex groups of the bones' names, sometimes also of names they will get."""
    for number in range(random.randint(0, 2)):
        data = bpy.data.meshes.new(f"Skin{number}")
        mesh = bpy.data.objects.new(f"Skin{number}", data)
        bpy.context.scene.collection.objects.link(mesh)
        obj = random.choice(scene.objects)
        if random.random() < 0.5:
            mesh.modifiers.new("Armature", "ARMATURE").object = obj
        else:
            mesh.parent, mesh.parent_type = obj, random.choice(("ARMATURE", "BONE", "OBJECT"))
            if mesh.parent_type == "BONE":
                mesh.parent_bone = obj.data.bones[0].name
        for bone in obj.data.bones:
            if random.random() < 0.7:
                mesh.vertex_groups.new(name=bone.name)
            if random.random() < 0.1:
                mesh.vertex_groups.new(name=bpy.utils.flip_name(bone.name))
