"""Pose bones read where they lie in memory, against Blender's public API."""

from __future__ import annotations

import importlib
import os

import bpy
import differential
import pytest
import session
from scene import Options, build, generator

pytestmark = pytest.mark.usefixtures("addon")


def module(name: str):
    return importlib.import_module(f"{session.MODULE}.{name}")


@pytest.fixture
def reader():
    """The reader of bones, its choice open."""
    bones = module("reader.bones")
    bones.forget()
    yield bones
    module("reader").want_direct(True)
    bones.forget()


def scatter(random, obj) -> None:
    """Other values in every channel, hostile names, custom properties here and there."""
    pose = module("bridge.pose")
    for name, (code, width) in (pose.TRANSFORM | pose.BBONE).items():
        values = pose.read(obj, name)
        for i in range(len(values)):
            values[i] = random.uniform(-9, 9) if code == "f" else random.randrange(-1, 7)
        obj.pose.bones.foreach_set(name, values)
        assert width * len(obj.pose.bones) == len(values)
    for bone in obj.pose.bones:
        if random.random() < 0.2:
            bone.name = random.choice(("", "ä" * 40, "a.L", '"]\\', "\U0001f600", "x" * 63))
        if random.random() < 0.3:
            bone["limber"] = 1
            if random.random() < 0.3:
                del bone["limber"]


def assert_direct(state) -> None:
    """The direct reader is in use, unless the tests run by the public one."""
    wanted = os.environ.get(module("reader").VARIABLE, "direct")
    assert (state.layout is not None) == (wanted == "direct"), state.reason


def both_ways(reader, obj) -> tuple:
    channels = module("bridge.clipboard").CHANNELS
    found = reader.read(obj, channels, names=True, marks=True)
    return found, reader._read_publicly(obj, channels, True, True)


def test_both_ways_are_equal(reader):
    for seed in differential.seeds(200):
        scene = build(seed, Options(custom_properties=0.3, bendy=0.4))
        random = generator(seed, "scatter")
        for obj in scene.objects:
            scatter(random, obj)
            direct, public = both_ways(reader, obj)
            # NaN is not equal to itself, so bytes are compared.
            assert {k: v.tobytes() for k, v in direct.arrays.items()} == {
                k: v.tobytes() for k, v in public.arrays.items()
            }, f"seed {seed}"
            assert direct._replace(arrays={}) == public._replace(arrays={}), f"seed {seed}"
    assert_direct(reader.state(scene.active))


def test_an_armature_without_bones_is_read(reader):
    obj = bpy.data.objects.new("Bare", bpy.data.armatures.new("Bare"))
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.objects.active = obj
    bpy.ops.object.mode_set(mode="POSE")
    direct, public = both_ways(reader, obj)
    assert direct.count == public.count == 0
    bpy.ops.object.mode_set(mode="OBJECT")


def test_the_proof_leaves_nothing_behind(reader):
    scene = build(5, Options(custom_properties=0.3))
    before = sorted(bpy.data.objects.keys()), scene.active.data.users, len(bpy.data.texts)
    assert_direct(reader.state(scene.active))
    assert (sorted(bpy.data.objects.keys()), scene.active.data.users, len(bpy.data.texts)) == before
    assert all("limber" not in bone for bone in scene.active.pose.bones)


def damaged_layouts(layout, native):
    """The layout with each field moved by four bytes either way, or missing.

    Left out are changes that change nothing: room for a name to spare, and half of an address,
    which is as good as all of it to tell whether there is one.
    """
    fields = [name for name in native.FIELDS if "name_size" != name != "more_properties"]
    for name in fields:
        for change in (4, -4, None):
            value = native.ABSENT if change is None else max(0, getattr(layout, name) + change)
            if value == getattr(layout, name) or (name == "properties" and change):
                continue
            values = {field: getattr(layout, field) for field in ("record_size", *native.FIELDS)}
            yield native.BoneLayout(**{**values, name: value})


def test_a_damaged_layout_is_refused(reader):
    layouts = module("reader.bone_layout")
    native = module("native.bone_records")
    errors = (module("reader.layout").LayoutError, module("native").LimberError)
    obj = build(3, Options(objects=(1, 1))).active
    layout = layouts.find(module("reader.scratch").blend_file())
    layouts.prove(layout, obj)
    for damaged in damaged_layouts(layout, native):
        with pytest.raises(errors):
            layouts.prove(damaged, obj)


def test_a_damaged_description_is_refused(reader):
    layouts, scratch = module("reader.bone_layout"), module("reader.scratch")
    wrong = module("reader.layout").LayoutError
    data = scratch.blend_file()
    for old, new in (
        (b"bPoseChannel\0", b"bPoseChannes\0"),
        (b"rotAngle\0", b"rotAnglf\0"),
        (b"scale_in[3]\0", b"scale_in[2]\0"),
        (b"SDNANAME", b"SDNANAMF"),
    ):
        assert old in data
        with pytest.raises(wrong):
            layouts.find(data.replace(old, new))


def test_the_public_way_takes_over(reader, monkeypatch):
    obj = build(4, Options(objects=(1, 1))).active
    layouts = module("reader.bone_layout")

    def refuse(*_):
        raise module("reader.layout").LayoutError("as the test wants it")

    monkeypatch.setattr(layouts, "prove", refuse)
    monkeypatch.delenv(module("reader").VARIABLE, raising=False)
    assert reader.state(obj) == module("reader").State(None, "as the test wants it")
    assert reader.read(obj, ("location",)).count == len(obj.pose.bones)
    reader.forget()
    monkeypatch.setenv(module("reader").VARIABLE, "public")
    assert reader.state(obj).layout is None and "public" in reader.state(obj).reason
    module("reader").want_direct(False)
    monkeypatch.delenv(module("reader").VARIABLE)
    assert reader.state(obj).layout is None and "preferences" in reader.state(obj).reason


def test_flags_are_read_where_they_lie(reader):
    public = module("bridge.bones")
    for seed in differential.seeds(60):
        scene = build(seed, Options())
        random = generator(seed, "flags")
        for obj in scene.objects:
            owner, count = public.flag_owner(obj), len(obj.pose.bones)
            for name in ("select", "hide"):
                owner.foreach_set(name, [random.random() < 0.5 for _ in range(count)])
            for name in ("select", "hide"):
                direct = reader.read_flag(obj, name, count)
                assert direct == public.read_flag(owner, name, count), f"seed {seed}"
    assert_direct(reader._flag_choice.known or reader.state(obj))


def test_a_reader_follows_the_number_of_bones(reader):
    channels = module("bridge.clipboard").CHANNELS
    again = reader.Reader(channels, names=True, marks=True)
    for seed in differential.seeds(30):
        for obj in build(seed, Options(custom_properties=0.3)).objects:
            found, new = again.read(obj), reader.read(obj, channels, names=True, marks=True)
            assert found == new, f"seed {seed}"
    assert_direct(reader.state(obj))
