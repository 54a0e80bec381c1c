"""Renaming bones against stock on random scenes."""

from __future__ import annotations

import importlib

import bpy
import pytest
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
