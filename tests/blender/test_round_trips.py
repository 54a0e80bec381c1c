"""What must hold of whole poses in real Blender: mirrored twice, taken over, made the rest pose."""

from __future__ import annotations

import importlib
from array import array

import bpy
import differential
import pytest
import session
from mathutils import Matrix, Vector
from scene import generator

pytestmark = pytest.mark.usefixtures("addon")

EVERY_MODE = ("QUATERNION", "XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX", "AXIS_ANGLE")


def select_all(obj) -> None:
    """Every bone selected and visible, none locked away in a hidden collection."""
    on_pose = "select" in bpy.types.PoseBone.bl_rna.properties
    for collection in obj.data.collections_all:
        collection.is_visible = True
    for bone in obj.pose.bones:
        (bone if on_pose else bone.bone).hide = False
        (bone if on_pose else bone.bone).select = True


def matrices(obj) -> list[Matrix]:
    bpy.context.view_layer.update()
    return [bone.matrix.copy() for bone in obj.pose.bones]


def apart(one: list[Matrix], other: list[Matrix]) -> float:
    """The largest difference, relative to how large the matrices are."""
    first = [x for matrix in one for row in matrix for x in row]
    second = [x for matrix in other for row in matrix for x in row]
    size = max(1.0, *map(abs, first))
    return max(abs(x - y) for x, y in zip(first, second, strict=True)) / size


def symmetric_rig(random, pairs: int):
    """A rig that is its own mirror image at rest: a spine, and limbs on both sides of it."""
    session.new_file()
    data = bpy.data.armatures.new("Even")
    obj = bpy.data.objects.new("Even", data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    obj.select_set(True)
    bpy.ops.object.mode_set(mode="EDIT")
    spine = data.edit_bones.new("spine")
    spine.tail = (0.0, 0.2, 1.0)
    before = {".L": spine, ".R": spine}
    for number in range(pairs):
        x, y, z = (random.uniform(0.2, 1.0) for _ in range(3))
        roll = random.uniform(-3.0, 3.0)
        for side, sign in ((".L", 1.0), (".R", -1.0)):
            bone = data.edit_bones.new(f"limb{number}{side}")
            bone.head = Vector(before[side].tail)
            bone.tail = bone.head + Vector((sign * x, y, z))
            bone.roll = sign * roll
            bone.parent = before[side]
            before[side] = bone
    bpy.ops.object.mode_set(mode="POSE")
    return obj


def pose_at_random(random, obj, mode: str | None = None) -> None:
    for bone in obj.pose.bones:
        bone.rotation_mode = mode or random.choice(EVERY_MODE)
        bone.location = [random.uniform(-1, 1) for _ in range(3)]
        bone.scale = [random.uniform(0.6, 1.5) * random.choice((1, 1, 1, -1)) for _ in range(3)]
        bone.rotation_euler = [random.uniform(-1.5, 1.5) for _ in range(3)]
        quaternion = Vector([random.uniform(-1, 1) for _ in range(4)]).normalized()
        bone.rotation_quaternion = quaternion
        axis = Vector([random.uniform(-1, 1) for _ in range(3)]).normalized()
        bone.rotation_axis_angle = (random.uniform(0.1, 3.0), *axis)


def same_modes_on_both_sides(obj) -> None:
    for bone in obj.pose.bones:
        if bone.name.endswith(".R"):
            bone.rotation_mode = obj.pose.bones[f"{bone.name[:-2]}.L"].rotation_mode


def test_pasting_flipped_mirrors_and_twice_is_identity():
    """The mirrored pose is X P X of the other side's bone; mirrored again it is the old one."""
    mirror = Matrix.Diagonal((-1.0, 1.0, 1.0, 1.0))
    for seed in differential.seeds(60):
        random = generator(seed, "symmetric")
        obj = symmetric_rig(random, random.randint(1, 4))
        pose_at_random(random, obj)
        same_modes_on_both_sides(obj)
        pose = {bone.name: bone.matrix_basis.copy() for bone in obj.pose.bones}
        select_all(obj)
        before = matrices(obj)
        assert bpy.ops.limber.copy() == {"FINISHED"}
        assert bpy.ops.limber.paste(flipped=True) == {"FINISHED"}
        flipped = matrices(obj)
        places = {bone.name: i for i, bone in enumerate(obj.pose.bones)}
        swap = str.maketrans("LR", "RL")
        for name, i in places.items():
            other = places[name[:-1] + name[-1].translate(swap)] if name[-2] == "." else i
            assert apart([mirror @ before[other] @ mirror], [flipped[i]]) < 2e-5, (seed, name)
        bpy.ops.limber.copy()
        bpy.ops.limber.paste(flipped=True)
        assert apart(before, matrices(obj)) < 2e-5, seed
        for bone in obj.pose.bones:
            assert apart([pose[bone.name]], [bone.matrix_basis]) < 2e-5, (seed, bone.name)


CONSTRAINTS = (
    ("COPY_LOCATION", {}),
    ("COPY_ROTATION", {"mix_mode": "ADD"}),
    ("LIMIT_ROTATION", {"use_limit_x": True, "max_x": 0.2, "owner_space": "LOCAL"}),
    ("LIMIT_LOCATION", {"use_max_z": True, "max_z": 0.1}),
    ("DAMPED_TRACK", {}),
    ("TRACK_TO", {}),
    ("TRANSFORM", {"to_max_x": 1.0, "from_max_x": 1.0}),
)


def constrain(random, obj) -> None:
    """Every other bone follows an earlier one that does not follow it."""
    bones = list(obj.pose.bones)
    for bone in bones[1:]:
        if random.random() < 0.6:
            kind, settings = random.choice(CONSTRAINTS)
            made = bone.constraints.new(kind)
            if hasattr(made, "target"):
                # Its own first ancestor never depends on it.
                made.target, made.subtarget = obj, bones[0].name
            for name, value in settings.items():
                setattr(made, name, value)
            made.influence = random.choice((1.0, 0.5))


@pytest.mark.parametrize("way", ("native", "as it comes"))
def test_applied_visual_transforms_stay_when_constraints_are_muted(way, monkeypatch):
    if way == "native":
        transform = importlib.import_module(f"{session.MODULE}.ops.transform")
        monkeypatch.setattr(transform, "stock_pays", lambda *_: False)
    moved = 0
    for seed in differential.seeds(60):
        random = generator(seed, "constrained")
        obj = symmetric_rig(random, random.randint(2, 5))
        pose_at_random(random, obj)
        for bone in obj.pose.bones:
            # Uneven scale under a turned parent shears, which no channels can hold.
            bone.scale = (1.0, 1.0, 1.0)
        constrain(random, obj)
        select_all(obj)
        before = matrices(obj)
        channels = [bone.matrix_basis.copy() for bone in obj.pose.bones]
        assert bpy.ops.limber.visual_transform_apply() == {"FINISHED"}
        for bone in obj.pose.bones:
            for constraint in bone.constraints:
                constraint.mute = True
        assert apart(before, matrices(obj)) < 5e-5, seed
        moved += apart(channels, [bone.matrix_basis for bone in obj.pose.bones]) > 1e-3
    assert moved > 0.5 * len(differential.seeds(60))


@pytest.mark.parametrize("selected", (False, True))
def test_an_applied_pose_keeps_every_deformed_bone(selected):
    """Where bones are does not change when their pose becomes their rest pose."""
    for seed in differential.seeds(60):
        random = generator(seed, "rest")
        obj = symmetric_rig(random, random.randint(1, 5))
        pose_at_random(random, obj)
        for bone in obj.pose.bones:
            bone.scale = (1.0, 1.0, 1.0)
        select_all(obj)
        before = matrices(obj)
        assert bpy.ops.limber.armature_apply(selected=selected) == {"FINISHED"}
        after = matrices(obj)
        assert apart(before, after) < 1e-4, seed
        rest = array("f", bytes(64 * len(after)))
        obj.data.bones.foreach_get("matrix_local", rest)
        flat = [x for matrix in before for column in matrix.transposed() for x in column]
        assert max(abs(a - b) for a, b in zip(rest, flat, strict=True)) < 2e-3, seed
        assert all(apart([bone.matrix_basis], [Matrix()]) < 1e-6 for bone in obj.pose.bones)


def plain(value):
    """A mode as it is, other values as a list."""
    return value if isinstance(value, str) else list(value)


@pytest.mark.parametrize("old", EVERY_MODE)
def test_every_pair_of_rotation_modes(old, monkeypatch):
    """By the library and by Blender: the same numbers, and orientations that stay with exact."""
    transform = importlib.import_module(f"{session.MODULE}.ops.transform")
    monkeypatch.setattr(transform, "stock_pays", lambda *_: False)
    read = ("rotation_quaternion", "rotation_euler", "rotation_axis_angle", "rotation_mode")
    for new in EVERY_MODE:
        found = {}
        for name, call in (
            ("stock", lambda mode: bpy.ops.pose.rotation_mode_set(type=mode)),
            ("limber", lambda mode: bpy.ops.limber.rotation_mode_set(type=mode)),
            ("exact", lambda mode: bpy.ops.limber.rotation_mode_set(type=mode, exact=True)),
        ):
            random = generator(7, f"{old} {new}")
            obj = symmetric_rig(random, 6)
            pose_at_random(random, obj, old)
            # Angles with more than one answer: gimbal lock, none at all, half a turn.
            for bone, angle in zip(obj.pose.bones, (0.0, 1.5707964, 3.1415927), strict=False):
                bone.rotation_euler = (angle, angle, 0.0)
                bone.rotation_axis_angle = (angle, 0.0, 1.0, 0.0)
            select_all(obj)
            before = [bone.matrix_basis.copy() for bone in obj.pose.bones]
            assert call(new) == {"FINISHED"}
            found[name] = [[plain(getattr(bone, key)) for key in read] for bone in obj.pose.bones]
            if name == "exact":
                after = [bone.matrix_basis for bone in obj.pose.bones]
                assert apart(before, after) < 2e-5, (old, new)
        for stock, limber in zip(found["stock"], found["limber"], strict=True):
            for one, other in zip(stock, limber, strict=True):
                if isinstance(one, str):
                    assert one == other
                else:
                    assert one == pytest.approx(other, abs=5e-6), (old, new)
