"""Rigs from a library: overrides of the object, with its armature overridden too or only linked."""

from __future__ import annotations

import importlib
from pathlib import Path

import bpy
import pytest
import session

NAMES = ["hand.L", "hand.R", "foot.L", "spine"]
FLIPPED = ["hand.R", "hand.L", "foot.R", "spine"]
ON_POSE_BONES = "select" in bpy.types.PoseBone.bl_rna.properties


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    """A file with an animated rig: an IK and a limit on its first bone, and two selection sets."""
    path = tmp_path_factory.mktemp("library") / "library.blend"
    rig = new_rig("Rig")
    bone = rig.pose.bones["hand.L"]
    bone.constraints.new("IK").mute = True
    bone.constraints.new("LIMIT_ROTATION")
    for name in ("first", "second"):
        made = rig.selection_sets.add()
        made.name = name
        made.bone_ids.add().name = "hand.L"
    for name in NAMES:
        rig.pose.bones[name].keyframe_insert("location", frame=1)
    bpy.ops.object.mode_set(mode="OBJECT")
    bpy.ops.wm.save_as_mainfile(filepath=str(path), check_existing=False)
    return path


def new_rig(name: str):
    """A local rig in a new file, in pose mode with all bones selected."""
    session.new_file()
    return add_rig(name)


def add_rig(name: str):
    if bpy.context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    data = bpy.data.armatures.new(name)
    rig = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    for number, bone_name in enumerate(NAMES):
        bone = data.edit_bones.new(bone_name)
        x = 1.0 + number if number % 2 == 0 else -1.0 - number
        bone.head, bone.tail = (x, 0, 0), (x, 1, 0)
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    return rig


def overridden(library: Path, data_too: bool):
    """An override of the library's rig in a new file, posed, all bones selected."""
    session.new_file()
    return add_overridden(library, data_too)


def add_overridden(library: Path, data_too: bool):
    if bpy.context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    with bpy.data.libraries.load(str(library), link=True) as (_, wanted):
        wanted.objects = ["Rig"]
    linked = bpy.data.objects["Rig", bpy.data.libraries[0].filepath]
    rig = linked.override_create()
    if data_too:
        linked.data.override_create(remap_local_usages=True)
    if rig.name not in bpy.context.scene.objects:
        bpy.context.scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.context.view_layer.update()
    assert (rig.data.override_library is not None) == data_too
    assert rig.override_library is not None
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    return rig


def stack(bone) -> list[str]:
    return [constraint.type for constraint in bone.constraints]


def sets(rig) -> tuple:
    return [
        (each.name, [entry.name for entry in each.bone_ids]) for each in rig.selection_sets
    ], rig.active_selection_set


@pytest.fixture
def families(addon):
    """Blender's operators and Limber's."""
    return (bpy.ops.pose, bpy.ops.limber)


@pytest.fixture(params=("in place", "apart"))
def route(request, monkeypatch, addon):
    """Both ways of renaming."""
    rename = importlib.import_module("bl_ext.user_default.limber.bridge.rename")
    monkeypatch.setattr(rename, "_pays", lambda _count: request.param == "apart")


def test_names_of_an_overridden_armature_are_flipped(library, families, route):
    results = []
    for family in families:
        rig = overridden(library, data_too=True)
        assert family.flip_names.poll()
        status = family.flip_names()
        # The action is only linked, so its paths cannot follow.
        curves = rig.animation_data.action.layers[0].strips[0].channelbags[0].fcurves
        paths = sorted({curve.data_path for curve in curves})
        results.append((status, rig.pose.bones.keys(), paths))
    assert results[0] == results[1]
    assert results[1][1] == FLIPPED


def test_names_of_a_linked_armature_stay(library, families, route):
    for family in families:
        overridden(library, data_too=False)
        assert not family.flip_names.poll()
    # Blender's own operator renames the library's bones in memory, which cannot be saved.
    rig = overridden(library, data_too=False)
    assert bpy.ops.limber.autoside_names(axis="XAXIS") == {"FINISHED"}
    assert rig.pose.bones.keys() == NAMES


def test_a_linked_armature_does_not_keep_others_from_their_names(library, route, addon):
    overridden(library, data_too=False)
    local = add_rig("Local")
    posed = [obj for obj in bpy.data.objects if obj.library is None and obj.type == "ARMATURE"]
    bpy.ops.object.mode_set(mode="OBJECT")
    for obj in posed:
        obj.select_set(True)
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    assert len(bpy.context.objects_in_mode) == 2
    assert bpy.ops.limber.autoside_names(axis="XAXIS") == {"FINISHED"}
    assert local.pose.bones.keys() == ["hand.L", "hand.R", "foot.L", "spine.R"]
    other = next(obj for obj in posed if obj != local)
    assert other.pose.bones.keys() == NAMES


@pytest.mark.parametrize(
    ("name", "arguments"),
    (
        ("constraint_add", {"type": "COPY_LOCATION"}),
        ("constraint_add_with_targets", {"type": "DAMPED_TRACK"}),
        ("ik_add", {"with_targets": False}),
    ),
)
def test_constraints_are_added_to_an_override(library, families, name, arguments):
    results = []
    for family in families:
        rig = overridden(library, data_too=True)
        rig.data.bones.active = rig.data.bones["hand.L"]
        status = getattr(family, name)(**arguments)
        bone = rig.pose.bones["hand.L"]
        own = [constraint.is_override_data for constraint in bone.constraints]
        results.append((status, stack(bone), own))
    assert results[0] == results[1]
    assert results[1][2] == [True, True, False]


@pytest.mark.parametrize("name", ("constraints_clear", "ik_clear"))
def test_an_active_override_is_declined(library, families, name):
    overridden(library, data_too=True)
    texts = []
    for family in families:
        assert not getattr(family, name).poll()
        with pytest.raises(RuntimeError) as raised:
            getattr(family, name)()
        texts.append(str(raised.value).partition("poll() ")[2])
    assert texts[0] == texts[1]
    assert "Object is a local library override" in texts[1]


@pytest.mark.parametrize("name", ("constraints_clear", "ik_clear"))
def test_constraints_of_a_library_stay_on_another_object(library, addon, name):
    """Blender's own operator looks at the active object only."""
    rig = overridden(library, data_too=True)
    rig.pose.bones["hand.L"].constraints.new("IK").mute = True
    local = add_rig("Local")
    local.pose.bones["spine"].constraints.new("IK").mute = True
    bpy.ops.object.mode_set(mode="OBJECT")
    for obj in (rig, local):
        obj.select_set(True)
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    assert set(bpy.context.objects_in_mode) == {rig, local}
    assert getattr(bpy.ops.limber, name)() == {"FINISHED"}
    assert stack(rig.pose.bones["hand.L"]) == ["IK", "LIMIT_ROTATION"]
    assert stack(local.pose.bones["spine"]) == []


def test_copied_constraints_follow_those_of_a_library(library, addon):
    rig = overridden(library, data_too=True)
    rig.pose.bones["spine"].constraints.new("CHILD_OF")
    rig.data.bones.active = rig.data.bones["spine"]
    assert bpy.ops.limber.constraints_copy() == {"FINISHED"}
    assert stack(rig.pose.bones["hand.L"]) == ["IK", "LIMIT_ROTATION", "CHILD_OF"]
    assert stack(rig.pose.bones["hand.R"]) == ["CHILD_OF"]


def test_sets_are_added_to_an_override(library, families):
    results = []
    for family in families:
        rig = overridden(library, data_too=True)
        answers = [family.selection_set_add_and_assign()]
        rig.active_selection_set = 0
        answers.append(family.selection_set_assign())
        answers.append(family.selection_set_select())
        results.append((answers, sets(rig)))
    assert results[0] == results[1]
    assert results[1][1][0][0] == ("first", NAMES)


@pytest.mark.parametrize(
    ("name", "arguments"),
    (
        ("selection_set_remove", {}),
        ("selection_set_move", {"direction": "DOWN"}),
        ("selection_set_unassign", {}),
        ("selection_set_remove_bones", {}),
    ),
)
def test_sets_of_a_library_stay(library, addon, name, arguments):
    rig = overridden(library, data_too=True)
    before = sets(rig)
    with pytest.raises(RuntimeError, match="from a library"):
        getattr(bpy.ops.limber, name)(**arguments)
    assert sets(rig) == before


def test_deleting_all_sets_leaves_those_of_a_library(library, families):
    results = []
    for family in families:
        rig = overridden(library, data_too=True)
        rig.selection_sets.add().name = "own"
        status = family.selection_set_delete_all()
        results.append((status, sets(rig)))
    assert results[0] == results[1]
    assert [name for name, _ in results[1][1][0]] == ["first", "second"]


def with_keying_set(rig) -> None:
    bpy.ops.anim.keying_set_add()
    bpy.context.scene.keying_sets[0].paths.add(rig, 'pose.bones["hand.L"].location')


@pytest.mark.parametrize("data_too", (False, True))
@pytest.mark.parametrize(
    ("name", "arguments"),
    (
        ("select_all", {"action": "INVERT"}),
        ("select_linked", {}),
        ("select_mirror", {}),
        ("select_grouped", {"type": "KEYINGSET"}),
        ("hide", {}),
        ("reveal", {}),
        ("selection_set_select", {}),
        ("selection_set_deselect", {}),
    ),
)
def test_overrides_are_selected_and_hidden(library, families, data_too, name, arguments):
    results = []
    for family in families:
        rig = overridden(library, data_too)
        bones = rig.pose.bones if ON_POSE_BONES else rig.data.bones
        with_keying_set(rig)
        # Up to 4.5 flags of a linked armature can only be changed by Blender's own operators.
        bpy.ops.pose.select_mirror(only_active=name != "selection_set_select")
        rig.data.bones.active = rig.data.bones["spine"]
        bpy.ops.pose.hide()
        bpy.ops.pose.select_all(action="INVERT")
        bpy.ops.pose.reveal(select=name == "hide")
        try:
            status = getattr(family, name)(**arguments)
        except RuntimeError as error:
            status = str(error).splitlines()[-1]
        results.append((status, [(bone.name, bone.select, bone.hide) for bone in bones]))
    assert results[0] == results[1]
