"""Selection and visibility against stock."""

from __future__ import annotations

import bpy
import differential
import library_selection
import pytest
from scene import Options, generator

OPTIONS = Options(
    bones=(1, 14),
    unselected=0.55,
    hidden=0.15,
    unselectable=0.15,
    nothing_selected=0.08,
    collections=0.5,
    connected=0.7,
    custom_shapes=0.4,
    custom_properties=0.0,
    constraints=0.0,
    pose_edits=0.0,
    keyed_bones=0.1,
    shared_data=0.35,
)


pytestmark = pytest.mark.usefixtures("addon")


def compare_with_stock(name, arguments, options, **more):
    """The library against Blender."""
    differential.compare_with_stock(name, arguments, options, call=library_selection.call, **more)


SIBLINGS = bpy.ops.pose.select_grouped.get_rna_type().properties["type"].enum_items[-1].identifier


def test_select_all():
    def arguments(random, _scene):
        return {"action": random.choice(("TOGGLE", "SELECT", "DESELECT", "INVERT"))}

    compare_with_stock("select_all", arguments, OPTIONS)


def test_select_hierarchy():
    def arguments(random, _scene):
        return {
            "direction": random.choice(("PARENT", "CHILD")),
            "extend": random.random() < 0.5,
        }

    compare_with_stock("select_hierarchy", arguments, OPTIONS, count=400, changes=0.2)


def test_select_parent():
    compare_with_stock("select_parent", None, OPTIONS, count=300, changes=0.12)


def test_select_linked():
    compare_with_stock("select_linked", None, OPTIONS, changes=0.2)


def test_select_mirror():
    def arguments(random, _scene):
        return {"only_active": random.random() < 0.4, "extend": random.random() < 0.4}

    compare_with_stock("select_mirror", arguments, OPTIONS, count=300)


def colors(random, scene):
    palettes = ("DEFAULT", "DEFAULT", "THEME01", "THEME02", "CUSTOM")
    for obj in scene.objects:
        for bone in obj.pose.bones:
            for color in (bone.color, bone.bone.color):
                color.palette = random.choice(palettes)
                if random.random() < 0.5:
                    color.custom.normal = (random.choice((0.0, 1.0)), 0.0, 0.0)
                    color.custom.show_colored_constraints = random.random() < 0.5


def grouped(kind: str, count: int = 200, prepare=None, options: Options = OPTIONS):
    def arguments(random, _scene):
        return {"type": kind, "extend": random.random() < 0.5}

    compare_with_stock("select_grouped", arguments, options, count=count, prepare=prepare)


def an_active_bone(random, scene):
    """Stock crashes without an active bone."""
    for obj in scene.objects:
        bones = obj.data.bones
        for collection in obj.data.collections_all:
            collection.is_solo = False
            collection.is_visible = True
        bones.active = random.choice(bones)
    colors(random, scene)


def test_select_grouped_collection():
    grouped("COLLECTION")


def test_select_grouped_color():
    grouped("COLOR", prepare=an_active_bone)


def test_select_grouped_children():
    grouped("CHILDREN")


def test_select_grouped_children_immediate():
    grouped("CHILDREN_IMMEDIATE")


def test_select_grouped_parent():
    grouped("PARENT")


def test_select_grouped_siblings():
    grouped(SIBLINGS)


def keying_set(random, scene):
    """A user's keying set that names some bones, others, and things that are no bones."""
    if random.random() < 0.1:
        return
    bpy.ops.anim.keying_set_add()
    active = bpy.context.scene.keying_sets.active
    for obj in scene.objects:
        for bone in obj.pose.bones:
            if random.random() < 0.4:
                name = bpy.utils.escape_identifier(bone.name)
                active.paths.add(obj, f'pose.bones["{name}"].location')
        if random.random() < 0.3:
            active.paths.add(obj, "location")
            active.paths.add(obj, 'pose.bones["nobody"].location')


def test_select_grouped_keying_set():
    grouped("KEYINGSET", prepare=keying_set)


def test_select_constraint_target():
    def prepare(random, scene):
        for obj in scene.objects:
            for bone in obj.pose.bones:
                for _ in range(random.randint(0, 2)):
                    add_constraint(random, scene, bone)

    compare_with_stock("select_constraint_target", None, OPTIONS, prepare=prepare)


def add_constraint(random, scene, bone):
    constraint = bone.constraints.new(
        random.choice(("COPY_LOCATION", "IK", "ARMATURE", "LIMIT_ROTATION", "CHILD_OF", "ACTION"))
    )
    constraint.mute = random.random() < 0.5
    # Two bones may aim at each other; a constraint without influence keeps the pose defined.
    constraint.influence = 0.0

    def aim(owner, target, subtarget):
        other = random.choice(bpy.data.objects)
        setattr(owner, target, other)
        names = [b.name for b in other.pose.bones]
        setattr(owner, subtarget, random.choice((*names, "nobody", "")))

    if constraint.type == "ARMATURE":
        for _ in range(random.randint(0, 2)):
            aim(constraint.targets.new(), "target", "subtarget")
    elif hasattr(constraint, "target"):
        aim(constraint, "target", "subtarget")
    if constraint.type == "IK":
        aim(constraint, "pole_target", "pole_subtarget")
    if random.random() < 0.4:
        aim(constraint, "space_object", "space_subtarget")
        if random.random() < 0.7:
            constraint.owner_space = "CUSTOM"


def test_hide():
    def arguments(random, _scene):
        return {"unselected": random.random() < 0.4}

    compare_with_stock("hide", arguments, OPTIONS)


def test_reveal():
    def arguments(random, _scene):
        return {"select": random.random() < 0.6}

    compare_with_stock("reveal", arguments, OPTIONS)


def test_grouped_color_declines_without_an_active_bone(addon):
    from scene import build

    scene = build(5, OPTIONS)
    for obj in scene.objects:
        obj.data.bones.active = None
    assert bpy.ops.limber.select_grouped(type="COLOR") == {"CANCELLED"}


def test_both_spellings_of_siblings_are_known(addon):
    from scene import build

    for spelling in ("SIBLINGS", "SIBILINGS"):
        results = []
        for operator, kind in (
            (bpy.ops.pose.select_grouped, SIBLINGS),
            (bpy.ops.limber.select_grouped, spelling),
        ):
            scene = build(9, OPTIONS)
            operator(type=kind, extend=True)
            results.append([[b.name for b in bpy.context.selected_pose_bones], len(scene.objects)])
        assert results[0] == results[1]


def test_weight_paint_follows_the_posed_armature(addon):
    """While weights are painted the operators act on the armature that deforms the mesh."""
    from scene import build

    for name, values in (
        ("select_all", {"action": "INVERT"}),
        ("select_mirror", {}),
        ("select_linked", {}),
        ("hide", {}),
    ):
        results = []
        for family in (bpy.ops.pose, bpy.ops.limber):
            for seed in range(12):
                scene = build(seed, OPTIONS)
                paint(scene, generator(seed, "paint"))
                getattr(family, name)(**values)
                results.append(flags(scene.objects))
                bpy.ops.object.mode_set(mode="OBJECT")
        assert results[:12] == results[12:], name


def paint(scene, random):
    data = bpy.data.meshes.new("Skin")
    mesh = bpy.data.objects.new("Skin", data)
    bpy.context.scene.collection.objects.link(mesh)
    mesh.modifiers.new("Armature", "ARMATURE").object = scene.active
    for bone in scene.active.data.bones:
        mesh.vertex_groups.new(name=bone.name)
    bpy.context.view_layer.objects.active = mesh
    bpy.ops.object.mode_set(mode="WEIGHT_PAINT")
    assert bpy.context.pose_object == scene.active


def flags(objects):
    result = []
    for obj in objects:
        for bone in obj.pose.bones:
            holder = bone if hasattr(bone, "select") else bone.bone
            result.append((bone.name, holder.select, holder.hide))
        active = obj.data.bones.active
        result.append(active.name if active else None)
    mesh = bpy.data.objects.get("Skin")
    return [*result, mesh.vertex_groups.active_index]


@pytest.mark.parametrize(
    ("name", "arguments"),
    (
        ("select_all", {"action": "INVERT"}),
        ("select_hierarchy", {"direction": "CHILD", "extend": True}),
        ("select_parent", {}),
        ("select_linked", {}),
        ("select_mirror", {"extend": True}),
        ("select_grouped", {"type": "COLLECTION"}),
        ("select_grouped", {"type": SIBLINGS, "extend": True}),
        ("select_grouped", {"type": "KEYINGSET"}),
        ("select_constraint_target", {}),
        ("hide", {"unselected": True}),
        ("reveal", {"select": False}),
    ),
)
def test_the_operators_give_the_same(name, arguments):
    """By Blender or by the library, whoever does the work."""
    differential.compare_with_stock(name, lambda *_: arguments, OPTIONS, count=40, changes=0.0)
