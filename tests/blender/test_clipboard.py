"""Copying and pasting poses against Blender's."""

from __future__ import annotations

import os

import bpy
import differential
import pytest
from differential import compare_with_stock
from scene import Options, build, generator

pytestmark = pytest.mark.usefixtures("addon")

OPTIONS = Options(auto_key=0, custom_properties=0.4, bendy=0.3, side_names=0.8)


def test_copy():
    compare_with_stock("copy", options=OPTIONS, changes=0)


def copied_by(name: str):
    """A call that copies with `pose` or `limber`, changes the pose, and then pastes."""

    def call(operator, scene, arguments):
        module = bpy.ops.limber if "LIMBER" in operator.idname() else bpy.ops.pose
        {"own": module, "stock": bpy.ops.pose}[name].copy()
        for obj in scene.objects:
            for number, bone in enumerate(obj.pose.bones):
                bone.location = (0.1 * number, 0.2, 0.3)
                bone.rotation_mode = ("XYZ", "QUATERNION", "AXIS_ANGLE", "ZYX")[number % 4]
                bone.rotation_quaternion = (0.5, 0.1, 0.2, 0.6)
                bone.rotation_axis_angle = (0.3, 0.0, 0.6, 0.8)
                bone.scale = (1.0, 2.0, 1.5)
        return operator(**arguments)

    return call


def any_paste(random, scene) -> dict:
    return {
        name: random.random() < share
        for name, share in (("flipped", 0.5), ("selected_mask", 0.4))
        if random.random() < 0.9
    }


@pytest.mark.parametrize("copier", ("own", "stock"))
def test_paste(copier):
    compare_with_stock("paste", any_paste, OPTIONS, tolerance=5e-6, call=copied_by(copier))


def test_keys_of_paste():
    options = Options(auto_key=1, custom_properties=0.4, bendy=0.3, locks=0.3)
    compare_with_stock("paste", any_paste, options, tolerance=5e-6, call=copied_by("own"))


def test_the_clipboards_are_one():
    """Stock pastes what Limber copied; Limber pastes what stock, or another Blender, copied."""

    def crossed(operator, scene, arguments):
        bpy.ops.limber.copy()
        for obj in scene.objects:
            for bone in obj.pose.bones:
                bone.location = (9.0, 9.0, 9.0)
        # Limber's own copy is still in memory, but it is no longer the newest.
        bpy.ops.pose.copy()
        for obj in scene.objects:
            for bone in obj.pose.bones:
                bone.location = (1.0, 2.0, 3.0)
        return operator(**arguments)

    compare_with_stock("paste", any_paste, OPTIONS, count=60, call=crossed)


def test_stock_pastes_a_limber_copy():
    def swapped(operator, scene, arguments):
        limber = "LIMBER" in operator.idname()
        (bpy.ops.limber if limber else bpy.ops.pose).copy()
        for obj in scene.objects:
            for bone in obj.pose.bones:
                bone.location = (9.0, 9.0, 9.0)
        return bpy.ops.pose.paste(**arguments)

    compare_with_stock("paste", any_paste, OPTIONS, count=60, call=swapped)


def test_an_empty_clipboard():
    def emptied(operator, scene, arguments):
        folder = bpy.app.tempdir.rstrip("/").rpartition("/")[0]
        for name in ("copybuffer_pose.blend",):
            path = f"{folder}/{name}"
            if os.path.exists(path):
                os.remove(path)
        return operator(**arguments)

    compare_with_stock("paste", any_paste, OPTIONS, count=20, call=emptied, changes=0)


@pytest.fixture
def registered():
    """Properties that an add-on registers for pose bones, of each kind."""

    class Settings(bpy.types.PropertyGroup):
        number: bpy.props.IntProperty()
        vector: bpy.props.FloatVectorProperty()

    bpy.utils.register_class(Settings)
    kinds = {
        "limber_test_float": bpy.props.FloatProperty(default=1.0, min=0.0, max=9.0),
        "limber_test_switch": bpy.props.BoolProperty(),
        "limber_test_text": bpy.props.StringProperty(),
        "limber_test_choice": bpy.props.EnumProperty(items=[(x, x, "") for x in "ABC"]),
        "limber_test_group": bpy.props.PointerProperty(type=Settings),
        "limber_test_list": bpy.props.CollectionProperty(type=Settings),
    }
    for name, kind in kinds.items():
        setattr(bpy.types.PoseBone, name, kind)
    yield
    for name in kinds:
        delattr(bpy.types.PoseBone, name)
    bpy.utils.unregister_class(Settings)


def set_registered(random, bone) -> None:
    if random.random() < 0.5:
        bone.limber_test_float = random.uniform(0.0, 9.0)
    if random.random() < 0.3:
        bone.limber_test_switch = random.random() < 0.5
    if random.random() < 0.3:
        bone.limber_test_text = random.choice(("", "one", "two"))
    if random.random() < 0.3:
        bone.limber_test_choice = random.choice("ABC")
    if random.random() < 0.4:
        bone.limber_test_group.number = random.randrange(9)
    if random.random() < 0.3:
        bone.limber_test_group.vector = [random.random() for _ in range(3)]
    if random.random() < 0.4:
        bone.limber_test_list.add().number = random.randrange(9)


def has_settings(value) -> bool:
    """Whether a custom property has a description and the like."""
    return isinstance(value, (bool, int, float, str, bytes)) or hasattr(value, "typecode")


def set_user(random, bone) -> None:
    """Properties of a few names and all types, so that copied and old ones clash."""
    for name in "abc":
        if random.random() < 0.4:
            bone[name] = random.choice(
                (
                    *(random.randrange(99), random.random(), random.random() < 0.5, "text"),
                    *([1, 2, 3], [0.5, 1.5], [True, False], {}, {"x": 1, "y": 2.5}),
                    *({"x": 2.5, "z": {"deep": random.randrange(9)}}, [{"x": 1}, {"x": 2}]),
                    *(["one", "two"], [[1, 2], [0.5]], b"one\0two", bone.id_data),
                    *([{"x": bone.id_data}], {"x": {"deep": bone.id_data}}, [bone.id_data]),
                )
            )
            # Asking a property for its settings gives it the usual ones, which it passes on to
            # the next value of its name; so all have their own.
            if isinstance(bone[name], float):
                bone.id_properties_ui(name).update(min=-1.0, max=random.random() + 1.0)
            elif has_settings(bone[name]):
                bone.id_properties_ui(name).update(description=random.choice("ab"))


def empty_some(random, bone) -> None:
    """Takes the properties away again, with the group that held them or without."""
    if random.random() < 0.3:
        for name in list(bone.keys()):
            del bone[name]
    elif random.random() < 0.3:
        bone.id_properties_clear()
    if random.random() < 0.3:
        for name in ("float", "switch", "text", "choice", "group", "list"):
            bone.property_unset(f"limber_test_{name}")


def plain(value):
    """A custom property as something that can be compared."""
    if hasattr(value, "items"):
        return {key: plain(inner) for key, inner in value.items()}
    if hasattr(value, "to_list"):
        return value.typecode, value.to_list()
    return [plain(element) for element in value] if isinstance(value, list) else str(value)


def properties(bone) -> dict:
    """What a bone holds in both of its groups, with limits."""
    found = {"user": {key: plain(value) for key, value in bone.items()}}
    for key, value in bone.items():
        if has_settings(value):
            found[f"settings {key}"] = bone.id_properties_ui(key).as_dict()
    found["registered"] = [
        *(bone.limber_test_float, bone.limber_test_switch, bone.limber_test_text),
        *(bone.limber_test_choice, bone.limber_test_group.number),
        [*bone.limber_test_group.vector],
        [item.number for item in bone.limber_test_list],
        [bone.is_property_set(f"limber_test_{name}") for name in ("float", "text", "group")],
    ]
    return found


def test_groups_of_custom_properties(registered):
    """Every clash of types, nested groups, registered properties, empty groups and none."""
    options = Options(auto_key=0, custom_properties=0, constraints=0, objects=(1, 1))
    pasted = 0
    seeds = differential.seeds(120)
    for seed in seeds:
        found = []
        for module in (bpy.ops.pose, bpy.ops.limber):
            scene = build(seed, options)
            random = generator(seed, "properties")
            bones = list(scene.active.pose.bones)
            for bone in bones:
                set_user(random, bone)
                set_registered(random, bone)
                empty_some(random, bone)
            assert module.copy() == {"FINISHED"}
            for bone in bones:
                empty_some(random, bone)
                set_user(random, bone)
                set_registered(random, bone)
                empty_some(random, bone)
            before = [properties(bone) for bone in bones]
            module.paste(flipped=random.random() < 0.5)
            # A second time, for what the first one left empty.
            module.paste()
            found.append([properties(bone) for bone in bones])
            pasted += found[-1] != before
        different = [
            (name, one, other)
            for name, one, other in zip(scene.active.pose.bones.keys(), *found, strict=True)
            if one != other
        ]
        assert not different, f"seed {seed}: stock, Limber: {different[:2]}"
    assert pasted > 0.8 * len(seeds)
