"""Applying the pose as rest pose: the operator, and the library's computation, against Blender."""

from __future__ import annotations

import importlib
from array import array

import bpy
import differential
import pytest
import session
from scene import Options, build, generator

pytestmark = pytest.mark.usefixtures("addon")

OPTIONS = Options(auto_key=0, bendy=0.3, constraints=0.2)
RIG = ("rest", "length", "inherit_scale")
FLAGS = ("use_connect", "use_inherit_rotation", "use_local_location")


def any_apply(random, scene) -> dict:
    return {"selected": random.random() < 0.6} if random.random() < 0.9 else {}


def test_armature_apply():
    differential.compare_with_stock("armature_apply", any_apply, OPTIONS, tolerance=1e-4)


def module(name: str):
    return importlib.import_module(f"{session.MODULE}.{name}")


def by_library(obj, selected):
    """What the library makes of the pose: its edit bones and the channels."""
    bridge = {name: module(f"bridge.{name}") for name in ("rig", "pose", "edit_bones", "clipboard")}
    native, transform, structs = (
        module(f"native.{name}") for name in ("apply_rest", "transform", "structs")
    )
    count = len(obj.pose.bones)
    channels = bridge["pose"].PoseArrays.read(obj, bridge["clipboard"].CHANNELS)
    rest = bridge["edit_bones"].read(obj)
    edit = native.EditBones(
        rest["head"],
        rest["tail"],
        array("f", bytes(4 * count)),
        bridge["edit_bones"].read_bendy(obj),
        rest["segments"],
        array("B", bytes(count)),
    )
    native.armature_apply(
        transform.Rig(bone_count=count, **bridge["rig"].read(obj, (*RIG, *FLAGS))),
        bridge["rig"].pose_matrices(obj),
        structs.Pose(bone_count=count, **channels.arrays),
        selected,
        edit,
    )
    return edit, channels.arrays


def is_fair(obj) -> bool:
    """Whether the answer is defined: no mirrored and no vanishing bone in the pose."""
    for bone in obj.pose.bones:
        matrix = bone.matrix
        if matrix.to_3x3().determinant() < 1e-3 or max(abs(x) for row in matrix for x in row) > 50:
            return False
    return True


def far(found, wanted, tolerance: float) -> bool:
    pairs = zip(found, wanted, strict=True)
    return any(abs(a - b) > tolerance * max(1.0, abs(b)) for a, b in pairs)


def differences(obj, edit, arrays, seed: int) -> list[str]:
    """Where Blender, which has applied the pose by now, and the library differ."""
    found = []
    rest_matrices = module("native.transform").rest_matrices
    matrices, _ = rest_matrices(edit.head, edit.tail, edit.roll)
    for i, bone in enumerate(obj.data.bones):
        where = f"seed {seed} {bone.name!r}"
        if not edit.change[i]:
            continue
        if far(edit.head[3 * i : 3 * i + 3], bone.head_local, 2e-5):
            found.append(f"{where} head {bone.head_local} | {edit.head[3 * i : 3 * i + 3]}")
        if far(edit.tail[3 * i : 3 * i + 3], bone.tail_local, 2e-5):
            found.append(f"{where} tail {bone.tail_local} | {edit.tail[3 * i : 3 * i + 3]}")
        matrix = [x for column in bone.matrix_local.transposed() for x in column]
        if far(matrices[16 * i : 16 * i + 16], matrix, 3e-4):
            found.append(f"{where} matrix {matrix} | {matrices[16 * i : 16 * i + 16]}")
        posed = obj.pose.bones[i]
        if far(arrays["location"][3 * i : 3 * i + 3], posed.location, 1e-4):
            found.append(f"{where} location {posed.location[:]}")
        if far(arrays["scale"][3 * i : 3 * i + 3], posed.scale, 1e-6):
            found.append(f"{where} scale {posed.scale[:]}")
        for name, values in edit.bbone.items():
            width = len(values) // len(edit.change)
            value = getattr(bone, name)
            wanted = list(value) if width > 1 else [value]
            if far(values[width * i : width * (i + 1)], wanted, 1e-5):
                found.append(f"{where} {name} {wanted}")
    return found


def test_library_applies_as_blender_does():
    options = Options(auto_key=0, bendy=0.3, constraints=0.1, nothing_selected=0, rest_position=0)
    compared = 0
    for seed in differential.seeds():
        scene = build(seed, options)
        obj = scene.active
        if not is_fair(obj):
            continue
        random = generator(seed, "arguments")
        selected = None
        if random.random() < 0.6:
            selected = module("bridge.bones").selected_mask(obj)
        edit, arrays = by_library(obj, selected)
        if bpy.ops.pose.armature_apply(selected=selected is not None) != {"FINISHED"}:
            continue
        compared += any(edit.change)
        assert not (found := differences(obj, edit, arrays, seed)), "\n".join(found)
    assert compared > 0.3 * len(differential.seeds())
