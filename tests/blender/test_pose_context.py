"""Clears, transforms and the clipboard outside of the usual: weight paint, hidden and several
objects, the mirror option, undo, and what they say where they cannot run."""

from __future__ import annotations

import bpy
import pytest
import session
from differential import compare_with_stock
from scene import Options

pytestmark = pytest.mark.usefixtures("addon")

CALLS = {
    "loc_clear": {},
    "rot_clear": {},
    "scale_clear": {},
    "transforms_clear": {},
    "user_transforms_clear": {"only_selected": False},
    "rotation_mode_set": {"type": "ZYX"},
    "quaternions_flip": {},
    "copy": {},
    "paste": {"flipped": True},
    "armature_apply": {"selected": True},
    "visual_transform_apply": {},
}


def weight_paint(random, scene) -> None:
    """The active object becomes a mesh that the first rig deforms, its weights being painted."""
    armature = scene.active
    mesh = bpy.data.meshes.new("Skin")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    skin = bpy.data.objects.new("Skin", mesh)
    bpy.context.scene.collection.objects.link(skin)
    skin.modifiers.new("Armature", "ARMATURE").object = armature
    skin.select_set(True)
    armature.select_set(True)
    bpy.context.view_layer.objects.active = skin
    bpy.ops.object.mode_set(mode="WEIGHT_PAINT")
    assert bpy.context.mode == "PAINT_WEIGHT" and bpy.context.pose_object == armature


def hide_some(random, scene) -> None:
    """Objects are hidden in one way or the other, the active one with them."""
    for obj in scene.objects:
        if random.random() < 0.4:
            obj.hide_set(True)
        elif random.random() < 0.2:
            obj.hide_viewport = True


def copied(operator, scene, arguments):
    """Something is on the clipboard, copied by the operator's own side."""
    if "paste" in operator.idname():
        (bpy.ops.limber if "LIMBER" in operator.idname() else bpy.ops.pose).copy()
    return operator(**arguments)


def compare(name: str, options: Options, prepare) -> None:
    compare_with_stock(
        name,
        lambda *_: CALLS[name],
        options,
        count=30,
        tolerance=1e-4,
        prepare=prepare,
        call=copied,
        changes=0,
    )


@pytest.mark.parametrize("keys", (0, 1))
@pytest.mark.parametrize("name", CALLS)
def test_weight_paint(name, keys):
    compare(name, Options(auto_key=keys, objects=(1, 1), bystander=0), weight_paint)


@pytest.mark.parametrize("name", CALLS)
def test_hidden_objects(name):
    compare(name, Options(auto_key=0.5, objects=(2, 3), constraints=0), hide_some)


UNDO = """
import session
import bpy
session.install()
session.new_file()
armature = bpy.data.armatures.new("A")
obj = bpy.data.objects.new("O", armature)
bpy.context.scene.collection.objects.link(obj)
bpy.context.view_layer.objects.active = obj
obj.select_set(True)
bpy.ops.object.mode_set(mode="EDIT")
armature.edit_bones.new("a").tail = (0, 1, 0)
bpy.ops.object.mode_set(mode="POSE")
bpy.ops.pose.select_all(action="SELECT")
bone = obj.pose.bones[0]
bone.location = (1, 2, 3)
bone.rotation_quaternion = (0.5, 0.5, 0.5, 0.5)
bpy.context.scene.tool_settings.use_keyframe_insert_auto = KEYS
bpy.context.view_layer.update()
bpy.ops.limber.copy()
bone.scale = (2, 2, 2)
bpy.context.view_layer.update()
bpy.ops.ed.undo_push(message="start")
def state():
    bone = bpy.data.objects["O"].pose.bones[0]
    rest = bpy.data.objects["O"].data.bones[0].head_local
    return (*bone.location, *bone.rotation_quaternion, *bone.scale, bone.rotation_mode, *rest)
before = state()
for name, arguments in CALLS:
    assert getattr(bpy.ops.limber, name)("EXEC_DEFAULT", True, **arguments) == {"FINISHED"}, name
    after = state()
    assert bpy.ops.ed.undo() == {"FINISHED"}, name
    assert state() == before, (name, state(), before)
    if name not in STILL:
        assert after != before, name
    bpy.ops.ed.undo_push(message="again")
session.leave()
print("undone:", len(CALLS))
"""


@pytest.mark.parametrize("keys", (False, True))
def test_undo_takes_back_one_step(keys):
    calls = [(name, values) for name, values in CALLS.items() if name != "copy"]
    calls = [(n, v if n != "armature_apply" else {"selected": False}) for n, v in calls]
    # Nothing is constrained, so the visual transform is the one that is stored.
    still = {"visual_transform_apply"}
    script = f"KEYS, CALLS, STILL = {keys!r}, {calls!r}, {still!r}\n{UNDO}"
    assert f"undone: {len(calls)}" in session.fresh_blender(script)


@pytest.mark.parametrize("name", CALLS)
def test_poll(name):
    compare_with_stock(
        name,
        lambda *_: CALLS[name],
        Options(objects=(1, 1)),
        count=3,
        prepare=lambda *_: bpy.ops.object.mode_set(mode="OBJECT"),
        changes=0,
    )
