"""Custom properties from copies of Blender's records of them, against its public API."""

from __future__ import annotations

import copy
import importlib
import os

import bpy
import differential
import pytest
import session
from scene import Options, build, generator
from test_clipboard import registered, set_registered, set_user  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("addon")


def module(name: str):
    return importlib.import_module(f"{session.MODULE}.{name}")


@pytest.fixture
def reader():
    """The reader of properties, its choice open; by the direct one of bones."""
    properties = module("reader.properties")
    properties._choice.forget()
    yield properties
    properties._choice.forget()


def layout_of_bones():
    """Where the bones' fields lie, whatever reader the tests run by."""
    return module("reader.bone_layout").find(module("reader.scratch").blend_file())


def proven(reader, bones_of, obj):
    """Where everything of properties lies, whatever reader the tests run by."""
    found = module("reader.property_layout").find(module("reader.scratch").blend_file())
    return reader.prove(*found, bones_of, obj)


def with_settings(random, bone) -> None:
    """Settings of their own for some properties; Blender makes the usual ones when asked."""
    for key, value in bone.items():
        if isinstance(value, (int, float)) and random.random() < 0.5:
            ui = bone.id_properties_ui(key)
            if isinstance(value, bool):
                ui.update(default=True, description="\u00e9")
            else:
                low = random.randrange(-9, 9)
                ui.update(min=low, max=low + 5, soft_max=low + 2, description=random.choice("ab"))
        elif isinstance(value, str) and random.random() < 0.5:
            bone.id_properties_ui(key).update(default="d", subtype="FILE_PATH")


def told(found: dict, like: dict) -> dict:
    """The groups of bones, without those settings that the other ones do not have."""

    def group(properties, others):
        if properties is None or others is None:
            return properties
        return {
            key: prop._replace(settings=None)
            if key in others and others[key].settings is None
            else prop
            for key, prop in properties.items()
        }

    return {
        bone: groups._replace(
            user=group(groups.user, like[bone].user), system=group(groups.system, like[bone].system)
        )
        for bone, groups in found.items()
    }


@pytest.mark.usefixtures("registered")
def test_both_ways_are_equal(reader):
    public = module("bridge.property_groups")
    bones_of = layout_of_bones()
    layout, made = None, 0
    seeds = differential.seeds(150)
    for seed in seeds:
        obj = build(seed, Options(custom_properties=0.3, objects=(1, 1))).active
        random = generator(seed, "properties")
        bones = list(obj.pose.bones)
        for bone in bones:
            set_user(random, bone)
            set_registered(random, bone)
            with_settings(random, bone)
        marked = bytes(random.random() < 0.8 for _ in bones)
        layout = layout or proven(reader, bones_of, obj)
        kept = reader._keep(layout, bones_of, bones[0].as_pointer(), marked)
        # What they are afterwards does not matter.
        found = kept()
        known = public.read_all(obj, marked)
        for bone in bones:
            bone.id_properties_clear()
        assert list(found) == list(known)
        assert found == told(known, found), f"seed {seed}"
        assert kept() == found
        made += sum(len(groups.user or ()) for groups in found.values())
    assert made > 2 * len(seeds)


def test_copies_outlive_what_they_are_of(reader):
    obj = build(1, Options(objects=(1, 1), bones=(3, 3))).active
    first = obj.pose.bones[0]
    first["text"] = "x" * 5000
    first["many"] = list(range(100_000))
    kept = reader.keep(obj, b"\1\0\0", layout_of_bones())
    first["text"] = "y"
    del first["many"]
    obj.pose.bones[1]["text"] = "z"
    user = kept()[0].user
    assert set(kept()) == {0}
    assert user["text"].value == "x" * 5000 and user["many"].value.tolist() == list(range(100_000))


def test_the_reader_is_chosen(reader):
    obj = build(2, Options(objects=(1, 1))).active
    state = reader.state(layout_of_bones(), obj)
    wanted = os.environ.get(module("reader").VARIABLE, "direct")
    assert (state.layout is not None) == (wanted == "direct"), state.reason
    assert not [other for other in bpy.data.objects if other.name.startswith(f"{obj.name}.")]


def test_a_property_of_an_unknown_sort_is_left_to_the_public_way(reader, monkeypatch):
    obj = build(3, Options(objects=(1, 1))).active
    bones = layout_of_bones()
    reader.state(bones, obj)
    copies = module("native.record_copies")

    def refuse(*_):
        raise module("native").LimberError(-3, "as the test wants it")

    obj.pose.bones[0]["a"] = 7
    monkeypatch.setattr(copies, "copy", refuse)
    marked = b"\1" + bytes(len(obj.pose.bones) - 1)
    assert reader.keep(obj, marked, bones)()[0].user["a"].value == 7


def damaged(at: dict, size: dict):
    """The offsets with each field that is read moved by four bytes either way, and structs of
    other sizes."""
    derived = ("data", "base")
    for struct, fields in at.items():
        if struct in ("IDPropertyData", "ListBase", "IDPropertyUIData"):
            # Parts of others, in whose offsets they are contained.
            continue
        for field in set(fields) - set(derived):
            for change in (4, -4):
                if fields[field] + change < 0:
                    continue
                spoilt = copy.deepcopy(at)
                spoilt[struct][field] += change
                yield f"{struct}.{field} {change}", spoilt, size
    for struct in ("IDProperty", "IDPropertyUIDataEnumItem"):
        for change in (8, -8):
            yield f"{struct} {change}", at, {**size, struct: size[struct] + change}


def test_a_damaged_layout_is_refused(reader):
    layouts = module("reader.property_layout")
    errors = (module("reader.layout").LayoutError, module("native").LimberError)
    obj = build(3, Options(objects=(1, 1))).active
    bones = layout_of_bones()
    at, size = layouts.find(module("reader.scratch").blend_file())
    reader.prove(at, size, bones, obj)
    accepted = []
    for what, spoilt, sizes in damaged(at, size):
        try:
            reader.prove(spoilt, sizes, bones, obj)
        except errors:
            continue
        accepted.append(what)
    assert not accepted


def test_a_damaged_description_is_refused(reader):
    layouts, scratch = module("reader.property_layout"), module("reader.scratch")
    data = scratch.blend_file()
    for old, new in (
        (b"IDProperty\0", b"IDPropertz\0"),
        (b"enum_items_num\0", b"enum_items_nun\0"),
        (b"*ui_data\0", b"*ui_datb\0"),
        (b"SDNANAME", b"SDNANAMF"),
    ):
        assert old in data
        with pytest.raises(module("reader.layout").LayoutError):
            layouts.find(data.replace(old, new))
