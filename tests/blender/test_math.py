"""The transform core against Blender's own numbers, on random rigs.

Rigs of 60 bones with every inherit setting, in every rotation mode, with scales of both signs and
quaternions and axes of any length. Blender computes in single precision, so every comparison is
relative to the largest value of what is compared, but at least 1.
"""

from __future__ import annotations

import importlib
import math
import os
import random
from array import array
from types import SimpleNamespace

import bpy
import pytest
from mathutils import Euler, Matrix, Quaternion, Vector

SEED = int(os.environ.get("LIMBER_TEST_SEED", "1"))
RIGS = max(6, int(os.environ.get("LIMBER_TEST_SCENES", "200")) * 3 // 10)
BONES = 60
MODES = ("AXIS_ANGLE", "QUATERNION", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")
INHERIT = ("FULL", "FIX_SHEAR", "AVERAGE", "NONE", "NONE_LEGACY", "ALIGNED")
FLAGS = ("use_connect", "use_inherit_rotation", "use_local_location")


@pytest.fixture(scope="module")
def native(addon):
    """The modules of the native package that the tests use."""
    return SimpleNamespace(
        transform=importlib.import_module(f"{addon}.native.transform"),
        structs=importlib.import_module(f"{addon}.native.structs"),
    )


@pytest.fixture
def pose_file(empty_file):
    """Nothing is left of the rigs of the test before."""


def vector(random_, most: float = 1.0) -> Vector:
    return Vector([random_.uniform(-most, most) for _ in range(3)])


def make_rig(random_, defaults: float = 0.4):
    """An armature object of `BONES` bones in object mode, at rest."""
    data = bpy.data.armatures.new("Rig")
    obj = bpy.data.objects.new("Rig", data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="EDIT")
    bones = []
    for number in range(BONES):
        bone = data.edit_bones.new(f"bone{number}")
        bone.head = vector(random_)
        bone.tail = bone.head + vector(random_) + Vector((0.0, 0.3, 0.0))
        bone.roll = random_.uniform(-math.pi, math.pi)
        if bones and random_.random() > 0.1:
            bone.parent = random_.choice(bones[-6:])
        if random_.random() > defaults:
            bone.inherit_scale = random_.choice(INHERIT)
            bone.use_inherit_rotation = random_.random() < 0.7
            bone.use_local_location = random_.random() < 0.7
            bone.use_connect = random_.random() < 0.3
        bones.append(bone)
    bpy.ops.object.mode_set(mode="OBJECT")
    return obj


def random_pose(random_, obj, mirrored: float = 0.1) -> None:
    for bone in obj.pose.bones:
        bone.rotation_mode = random_.choice(MODES)
        bone.location = vector(random_)
        bone.rotation_quaternion = [random_.uniform(-1.0, 1.0) for _ in range(4)]
        bone.rotation_euler = vector(random_, 4.0)
        bone.rotation_axis_angle = (random_.uniform(-7.0, 7.0), *vector(random_))
        scale = [random_.uniform(0.7, 1.4) for _ in range(3)]
        if random_.random() < mirrored:
            scale[random_.randrange(3)] *= -1.0
        bone.scale = scale
    bpy.context.view_layer.update()


def read(collection, name: str, code: str, width: int) -> array:
    values = array(code, [0]) * (len(collection) * width)
    collection.foreach_get(name, values)
    return values


def modes(obj) -> array:
    return array("i", (MODES.index(bone.rotation_mode) - 1 for bone in obj.pose.bones))


def read_pose(native, obj):
    """The view of a pose, and its arrays by name."""
    arrays = {
        name: read(obj.pose.bones, name, code, width)
        for name, (code, width) in native.structs.POSE_ARRAYS.items()
        if name != "rotation_mode" and not name.startswith("bbone")
    }
    arrays["rotation_mode"] = modes(obj)
    return native.structs.Pose(bone_count=len(obj.pose.bones), **arrays), arrays


def read_rig(native, obj):
    bones = obj.data.bones
    index = {bone.name: number for number, bone in enumerate(bones)}
    parent = array("i", (index[b.parent.name] if b.parent else -1 for b in bones))
    return native.transform.Rig(
        bone_count=len(bones),
        parent=parent,
        rest=read(bones, "matrix_local", "f", 16),
        length=array("f", (bone.length for bone in bones)),
        inherit_scale=read(bones, "inherit_scale", "i", 1),
        **{name: read(bones, name, "b", 1) for name in FLAGS},
    )


def flat(matrix) -> list[float]:
    """Column-major, as foreach_get has it."""
    return [value for column in matrix.transposed() for value in column]


def apart(got, want) -> float:
    """Largest difference, relative to the largest value but at least 1."""
    size = max(1.0, *map(abs, want))
    return max(abs(a - b) for a, b in zip(got, want, strict=True)) / size


def worst(got, want, width: int) -> tuple[float, int]:
    """Largest `apart` of elements of that width, and which element it is."""
    return max(
        (apart(got[i : i + width], want[i : i + width]), i // width)
        for i in range(0, len(want), width)
    )


def scenes(name: str):
    """A rig in a random pose for each of the seeds, in a file of its own."""
    for number in range(RIGS):
        random_ = random.Random(f"{SEED} {name} {number}")
        obj = make_rig(random_)
        random_pose(random_, obj)
        yield number, obj, random_
        data = obj.data
        bpy.data.objects.remove(obj)
        bpy.data.armatures.remove(data)


def test_inherit_scale_numbers(native, pose_file):
    items = bpy.types.Bone.bl_rna.properties["inherit_scale"].enum_items
    assert [item.identifier for item in sorted(items, key=lambda i: i.value)] == list(INHERIT)


def test_pose_matrices(native, pose_file):
    transform = native.transform
    for number, obj, _ in scenes("pose"):
        rig, (pose, _arrays) = read_rig(native, obj), read_pose(native, obj)
        bones = obj.pose.bones
        connect = read(obj.data.bones, "use_connect", "b", 1)
        basis = transform.basis_matrices(pose, connect)
        want = read(bones, "matrix_basis", "f", 16)
        assert worst(basis, want, 16)[0] < 2e-6, (number, worst(basis, want, 16))

        got, head, tail = transform.pose_matrices_and_ends(rig, pose)
        want = read(bones, "matrix", "f", 16)
        assert worst(got, want, 16)[0] < 5e-6, (number, worst(got, want, 16))
        for name, ends in (("head", head), ("tail", tail)):
            want = read(bones, name, "f", 3)
            assert worst(ends, want, 3)[0] < 5e-6, (number, name, worst(ends, want, 3))

        moved = transform.channel_matrices(
            read(obj.data.bones, "matrix_local", "f", 16), read(bones, "matrix", "f", 16)
        )
        want = read(bones, "matrix_channel", "f", 16)
        assert worst(moved, want, 16)[0] < 3e-6, (number, worst(moved, want, 16))


def test_offsets_and_batches_change_nothing(native, pose_file):
    transform = native.transform
    for _number, obj, random_ in scenes("batch"):
        rig, (pose, arrays) = read_rig(native, obj), read_pose(native, obj)
        want = transform.pose_matrices(rig, pose)
        offset = transform.rest_offsets(rig)
        rig.offset = native.structs.pointer(offset)
        assert transform.pose_matrices(rig, pose) == want
        frames = random_.randint(1, 9)
        many = {name: a if name == "rotation_mode" else a * frames for name, a in arrays.items()}
        batch = native.structs.Pose(bone_count=BONES, **many)
        assert transform.pose_matrices_batch(rig, batch, frames) == want * frames


def condition(matrix: Matrix) -> float:
    """How much the inverse of a matrix magnifies rounding, at least."""
    size = max(axis.length for axis in matrix.to_3x3().col)
    return size**3 / max(abs(matrix.to_3x3().determinant()), 1e-9)


def test_local_matrices(native, pose_file):
    compared = 0
    for number, obj, _ in scenes("local"):
        bones = obj.pose.bones
        got = native.transform.local_matrices(read_rig(native, obj), read(bones, "matrix", "f", 16))
        for index, bone in enumerate(bones):
            if bone.parent and condition(bone.parent.matrix) > 20.0:
                continue
            want = flat(
                obj.convert_space(
                    pose_bone=bone, matrix=bone.matrix, from_space="POSE", to_space="LOCAL"
                )
            )
            difference = apart(got[index * 16 : index * 16 + 16], want)
            assert difference < 1e-5, (number, bone.name, difference)
            compared += 1
    assert compared > RIGS * BONES // 2


def check_rotation(bone, got: list[float], mode: str) -> None:
    """A live rotation against the bone's: by value where it has digits, else as a matrix."""
    if mode == "QUATERNION":
        assert apart(got, bone.rotation_quaternion) < 5e-6
    elif mode == "AXIS_ANGLE":
        want = bone.rotation_axis_angle
        if 0.1 < want[0] < 2.0 * math.pi - 0.1:
            assert apart(got, want) < 2e-5
        else:
            turns = (Matrix.Rotation(a[0], 3, Vector(a[1:])) for a in (got, want))
            assert apart(*(flat(turn) for turn in turns)) < 1e-3
    elif abs(math.cos(bone.rotation_euler[MODES_MIDDLE[mode]])) > 0.05:
        assert apart(got, bone.rotation_euler) < 2e-5
    else:
        matrices = (Euler(e, mode).to_matrix() for e in (got, bone.rotation_euler))
        assert apart(*(flat(matrix) for matrix in matrices)) < 5e-5


MODES_MIDDLE = {mode: "XYZ".index(mode[1]) for mode in MODES[2:]}
LIVE = {"QUATERNION": ("rotation_quaternion", 4), "AXIS_ANGLE": ("rotation_axis_angle", 4)}


def live_of(bone) -> list[float]:
    return list(getattr(bone, LIVE.get(bone.rotation_mode, ("rotation_euler", 3))[0]))


def live(arrays: dict, mode: str, index: int) -> list[float]:
    name, width = LIVE.get(mode, ("rotation_euler", 3))
    return list(arrays[name][index * width : index * width + width])


@pytest.mark.parametrize("target", MODES)
def test_rotation_modes(native, pose_file, target):
    """From every mode; what Blender's own switch does differently is compared with mathutils."""
    random_ = random.Random(f"{SEED} modes {target}")
    obj = make_rig(random_)
    for _ in range(max(2, RIGS // 6)):
        random_pose(random_, obj)
        pose, arrays = read_pose(native, obj)
        before = [bone.rotation_mode for bone in obj.pose.bones]
        native.transform.rotation_convert(pose, array("i", [MODES.index(target) - 1]) * BONES)
        assert set(arrays["rotation_mode"]) == {MODES.index(target) - 1}
        for index, bone in enumerate(obj.pose.bones):
            euler = Euler(bone.rotation_euler, "XYZ")
            bone.rotation_mode = target
            if before[index] in MODES[2:] and target in MODES[2:] and before[index] != target:
                source = Euler(euler, before[index])
                bone.rotation_euler = Quaternion(source.to_quaternion()).to_euler(target)
            check_rotation(bone, live(arrays, target, index), target)


def turn_of(mode: str, values: list[float]) -> list[float]:
    """The rotation matrix of an axis-angle or of Euler angles."""
    if mode == "AXIS_ANGLE":
        return flat(Matrix.Rotation(values[0], 3, Vector(values[1:])))
    return flat(Euler(values, mode).to_matrix())


def check_visual_rotation(bone, got: list[float], old: list[float]) -> None:
    """A rotation of a matrix against what stock wrote into the bone."""
    mode, want = bone.rotation_mode, live_of(bone)
    if mode == "QUATERNION":
        # Half a turn may come out with either sign.
        assert min(apart(got, want), apart(got, [-value for value in want])) < 2e-5
        return
    cosine = 1.0 if mode == "AXIS_ANGLE" else abs(math.cos(want[MODES_MIDDLE[mode]]))
    # Few digits: the first and last angle near a gimbal lock, small angles about an axis.
    tolerance = 1e-4 + 1e-6 / max(cosine, 3e-5)
    if mode == "AXIS_ANGLE" and want[0] < 0.1:
        tolerance = 1.5e-3
    assert apart(turn_of(mode, got), turn_of(mode, want)) < tolerance
    if mode == "AXIS_ANGLE" or cosine < 0.05:
        return
    # Half a turn away from the old angle either way round is near.
    if all(abs(abs(a - b) - math.pi) > 1e-3 for a, b in zip(got, old, strict=True)):
        assert apart(got, want) < 1e-4


def test_decompose(native, pose_file):
    """Against the visual transforms that stock writes, which are nearest to the old angles."""
    target = bpy.data.objects.new("Target", None)
    bpy.context.scene.collection.objects.link(target)
    for number, obj, random_ in scenes("decompose"):
        target.rotation_euler = vector(random_, 3.0)
        for bone in obj.pose.bones:
            if random_.random() < 0.4:
                bone.constraints.new("COPY_ROTATION").target = target
        bpy.context.view_layer.objects.active = obj
        bpy.ops.object.mode_set(mode="POSE")
        bpy.ops.pose.select_all(action="SELECT")
        bpy.context.view_layer.update()
        bones = obj.pose.bones
        # Below a parent that is scaled unevenly the rounding shows.
        compared = [not b.parent or condition(b.parent.matrix) < 20.0 for b in bones]
        old = [live_of(bone) for bone in bones]
        rig, (pose, arrays) = read_rig(native, obj), read_pose(native, obj)
        basis = native.transform.local_matrices(rig, read(bones, "matrix", "f", 16))
        native.transform.decompose(basis, pose, compatible=True)
        bpy.ops.pose.visual_transform_apply()
        for index, bone in enumerate(bones):
            if compared[index]:
                at = slice(index * 3, index * 3 + 3)
                context = (number, bone.name, bone.rotation_mode)
                assert apart(arrays["location"][at], bone.location) < 1e-5, context
                assert apart(arrays["scale"][at], bone.scale) < 1e-5, context
                check_visual_rotation(bone, live(arrays, bone.rotation_mode, index), old[index])
        bpy.ops.object.mode_set(mode="OBJECT")


def test_rest_matrices_and_rolls(native, pose_file):
    random_ = random.Random(f"{SEED} rest")
    count = RIGS * 50
    head, tail, rolls, want, matrices, directions, want_rolls = ([] for _ in range(7))
    for number in range(count):
        along = vector(random_)
        if number % 5 == 0:
            along = Vector((along.x * 0.1 ** (number % 7), -1.0, along.z * 0.1 ** (number % 7)))
        start, roll = vector(random_, 3.0), random_.uniform(-3.1, 3.1)
        head.extend(start)
        tail.extend(start + along)
        rolls.append(roll)
        end = Vector(tail[-3:]) - Vector(head[-3:])
        want.append(bpy.types.Bone.MatrixFromAxisRoll(end.normalized(), roll))
        other = Euler(vector(random_, 3.0)).to_matrix() @ Matrix.Diagonal(
            [random_.uniform(0.5, 2.0) for _ in range(3)]
        )
        matrices += flat(other.to_4x4())
        directions.extend(along)
        want_rolls.append(bpy.types.Bone.AxisRollFromMatrix(other, axis=along)[1])
    arrays = (array("f", head), array("f", tail), array("f", rolls))
    rest, _length = native.transform.rest_matrices(*arrays)
    for number in range(count):
        got = Matrix([rest[number * 16 + c * 4 :][:3] for c in range(3)]).transposed()
        assert apart(flat(got), flat(want[number])) < 5e-5, number
    got = native.transform.rest_roll(array("f", matrices), array("f", directions))
    for number in range(count):
        turns = (got[number] - want_rolls[number]) / math.tau
        assert abs(turns - round(turns)) * math.tau < 1e-3, number


def test_rest_matrices_of_edit_bones(native, pose_file):
    for number in range(max(4, RIGS // 10)):
        random_ = random.Random(f"{SEED} edit {number}")
        obj = make_rig(random_)
        bpy.ops.object.mode_set(mode="EDIT")
        head, tail, roll = {}, {}, {}
        for bone in obj.data.edit_bones:
            head[bone.name], tail[bone.name] = bone.head.copy(), bone.tail.copy()
            roll[bone.name] = bone.roll
        bpy.ops.object.mode_set(mode="OBJECT")
        bones = obj.data.bones
        rest, length = native.transform.rest_matrices(
            array("f", (v for bone in bones for v in head[bone.name])),
            array("f", (v for bone in bones for v in tail[bone.name])),
            array("f", (roll[bone.name] for bone in bones)),
        )
        want = read(bones, "matrix_local", "f", 16)
        assert worst(rest, want, 16)[0] < 5e-5, (number, worst(rest, want, 16))
        assert worst(length, [bone.length for bone in bones], 1)[0] < 5e-5
