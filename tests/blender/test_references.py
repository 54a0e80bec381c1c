"""A scene that holds every kind of reference to a bone's name: all follow a rename.

Stock forgets some of them, so the result is checked against what each must be.
"""

from __future__ import annotations

import importlib

import bpy
import pytest
import session

NAMES = ("hand.L", "hand.R", 'q"uote.L', "back\\slash_L", "br[0].L", "骨.R", "x" * 61 + ".L")
NEW = {
    "hand.L": "hand.R",
    "hand.R": "hand.L",
    'q"uote.L': 'q"uote.R',
    "back\\slash_L": "back\\slash_R",
    "br[0].L": "br[0].R",
    "骨.R": "骨.L",
    "x" * 61 + ".L": "x" * 61 + ".R",
}
ON_POSE_BONES = "select" in bpy.types.PoseBone.bl_rna.properties


@pytest.fixture(params=("in place", "apart"))
def route(request, monkeypatch, addon):
    """Both ways of renaming, whatever the size of the rig."""
    rename = importlib.import_module("bl_ext.user_default.limber.bridge.rename")
    if request.param == "apart":
        monkeypatch.setattr(rename, "_pays", lambda _count: True)
    return rename


def path(name: str, tail: str = ".location", prefix: str = "pose.bones") -> str:
    return f'{prefix}["{bpy.utils.escape_identifier(name)}"]{tail}'


def link(name: str, data):
    obj = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def make_curves(owner, kind: str, action, slot_name: str, paths: list[str]):
    slot = action.slots.new(kind, slot_name)
    layer = action.layers[0] if action.layers else action.layers.new("layer")
    strip = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    bag = strip.channelbag(slot, ensure=True)
    for data_path in paths:
        bag.fcurves.new(data_path, index=0).keyframe_points.insert(1.0, 0.25)
    if owner is not None:
        data = owner.animation_data_create()
        data.action, data.action_slot = action, slot
    return bag


def paths_of(bag) -> list[str]:
    return [curve.data_path for curve in bag.fcurves]


def _name_of(owner):
    return lambda: owner.name


class Scene:
    """Every holder of names, as (what, function that reads it, function from names to it)."""

    def __init__(self) -> None:
        session.new_file()
        self.checks: list[tuple] = []
        self.armature = bpy.data.armatures.new("Rig")
        self.rig = link("Rig", self.armature)
        bpy.context.view_layer.objects.active = self.rig
        bpy.ops.object.mode_set(mode="EDIT")
        for number, name in enumerate(NAMES):
            bone = self.armature.edit_bones.new(name)
            bone.head, bone.tail = (number, 0, 0), (number, 1, 0)
        bpy.ops.object.mode_set(mode="POSE")
        assert self.names() == list(NAMES)
        for bone in self.rig.pose.bones:
            bone["prop"] = 1.0
        self.animation()
        self.fields()
        self.drivers()
        self.other()
        bpy.context.view_layer.update()
        bpy.ops.pose.select_all(action="SELECT")

    def names(self) -> list[str]:
        return [bone.name for bone in self.armature.bones]

    def check(self, what: str, read, expect) -> None:
        self.checks.append((what, read, expect))
        assert read() == expect(lambda name: name), f"{what} is not set up"

    def each(self, what: str, makers) -> None:
        """One holder for each bone: `makers(name)` gives a function that reads the name."""
        readers = [makers(name) for name in NAMES]
        self.check(what, lambda: [read() for read in readers], lambda to: list(map(to, NAMES)))

    def attribute(self, what: str, make, attribute: str) -> None:
        def maker(name):
            owner = make(name)
            setattr(owner, attribute, name)
            return lambda: getattr(owner, attribute)

        self.each(what, maker)

    def curves(self, what: str, bag, tails, prefix="pose.bones", gone=()) -> None:
        self.check(
            what,
            lambda: paths_of(bag),
            lambda to: [path(to(n), tail, prefix) for n in NAMES for tail in tails]
            + [path(n) for n in gone],
        )

    def animation(self) -> None:
        tails = (".location", ".scale", '["prop"]')
        paths = [path(name, tail) for name in NAMES for tail in tails]
        action = bpy.data.actions.new("Moves")
        bag = make_curves(self.rig, "OBJECT", action, "rig", [*paths, path("nobody.L")])
        self.curves("F-curves", bag, tails, gone=("nobody.L",))
        for name in NAMES:
            group = bag.groups.new(name)
            for curve in bag.fcurves:
                if curve.data_path.startswith(path(name, "")):
                    curve.group = group
        self.each("groups of F-curves", lambda name: _name_of(bag.groups[name]))
        # The same paths for another object in another slot must stay.
        other = link("Other", bpy.data.armatures.new("Other"))
        foreign = make_curves(other, "OBJECT", action, "other", [path("hand.L")])
        self.check("another slot", lambda: paths_of(foreign), lambda to: [path("hand.L")])
        strip_action = bpy.data.actions.new("Strip")
        strip_bag = make_curves(None, "OBJECT", strip_action, "strip", [path(n) for n in NAMES])
        track = self.rig.animation_data.nla_tracks.new()
        track.mute = True
        strip = track.strips.new("strip", 1, strip_action)
        strip.action_slot = strip_action.slots[0]
        self.curves("NLA strip", strip_bag, (".location",))
        own = [path(name, ".use_deform", "bones") for name in NAMES]
        data_bag = make_curves(self.armature, "ARMATURE", bpy.data.actions.new("Data"), "data", own)
        self.curves("F-curves of the armature", data_bag, (".use_deform",), "bones")

    def fields(self) -> None:
        rig, pose = self.rig, self.rig.pose.bones
        target = link("Target", None)

        def constraint(kind):
            def make(_name):
                made = target.constraints.new(kind)
                made.target = rig
                return made

            return make

        self.attribute("constraint targets", constraint("COPY_LOCATION"), "subtarget")

        def pole(_name):
            made = pose[0].constraints.new("IK")
            made.mute, made.pole_target = True, rig
            return made

        self.attribute("pole targets", pole, "pole_subtarget")

        def armature_target(_name):
            made = target.constraints.new("ARMATURE").targets.new()
            made.target = rig
            return made

        self.attribute("armature constraints", armature_target, "subtarget")
        for custom in (True, False):

            def space(_name, custom=custom):
                made = target.constraints.new("LIMIT_LOCATION")
                made.owner_space = "CUSTOM"
                made.space_object = rig
                return made

            def space_field(name, space=space, custom=custom):
                made = space(name)
                made.space_subtarget = name
                if not custom:
                    made.owner_space = "WORLD"
                return lambda: made.space_subtarget

            self.each(f"custom spaces, in use: {custom}", space_field)

        def child(_name):
            made = link("Child", None)
            made.parent, made.parent_type = rig, "BONE"
            return made

        self.attribute("parents", child, "parent_bone")
        camera = link("Camera", bpy.data.cameras.new("Camera"))
        camera.data.dof.focus_object = rig
        camera.data.dof.focus_subtarget = "hand.L"
        self.check("camera focus", lambda: camera.data.dof.focus_subtarget, lambda to: to("hand.L"))
        self.modifiers()

    def modifiers(self) -> None:
        rig = self.rig
        skin = link("Skin", bpy.data.meshes.new("Skin"))
        skin.data.vertices.add(1)
        for kind, obj_name, bone_name in (
            ("HOOK", "object", "subtarget"),
            ("UV_WARP", "object_from", "bone_from"),
            ("UV_WARP", "object_to", "bone_to"),
            ("DISPLACE", "texture_coords_object", "texture_coords_bone"),
            ("WAVE", "texture_coords_object", "texture_coords_bone"),
            ("WARP", "object_from", "bone_from"),
            ("WARP", "object_to", "bone_to"),
            ("WARP", "texture_coords_object", "texture_coords_bone"),
            ("VERTEX_WEIGHT_EDIT", "mask_tex_map_object", "mask_tex_map_bone"),
            ("VERTEX_WEIGHT_MIX", "mask_tex_map_object", "mask_tex_map_bone"),
            ("VERTEX_WEIGHT_PROXIMITY", "mask_tex_map_object", "mask_tex_map_bone"),
        ):

            def make(_name, kind=kind, obj_name=obj_name):
                made = skin.modifiers.new(kind, kind)
                setattr(made, obj_name, rig)
                return made

            self.attribute(f"{kind}.{bone_name}", make, bone_name)
        skin.modifiers.new("Armature", "ARMATURE").object = rig
        for name in NAMES:
            skin.vertex_groups.new(name=name)
        self.each("vertex groups", lambda name: _name_of(skin.vertex_groups[name]))
        self.attribute(
            "vertex groups in modifiers",
            lambda _name: skin.modifiers.new("Smooth", "SMOOTH"),
            "vertex_group",
        )
        skin.shape_key_add(name="Basis")
        self.attribute(
            "vertex groups of shape keys", lambda _name: skin.shape_key_add(), "vertex_group"
        )
        follower = link("Follower", None)

        def follow(_name):
            made = follower.constraints.new("COPY_LOCATION")
            made.target = skin
            return made

        self.attribute("vertex groups in constraints", follow, "subtarget")

    def drivers(self) -> None:
        holder = link("Holder", None)
        self.rig.pose.bones["hand.L"].driver_add("rotation_euler", 1)
        own = self.rig.animation_data.drivers[0]
        self.check(
            "paths of drivers",
            lambda: own.data_path,
            lambda to: path(to("hand.L"), ".rotation_euler"),
        )
        self.armature.bones["hand.L"].driver_add("bbone_x")
        data_driver = self.armature.animation_data.drivers[0]
        self.check(
            "paths of drivers of the armature",
            lambda: data_driver.data_path,
            lambda to: path(to("hand.L"), ".bbone_x", "bones"),
        )
        for what, block, tail, prefix in (
            ("", self.rig, ".scale[0]", "pose.bones"),
            ("of a property", self.rig, '["prop"]', "pose.bones"),
            ("by the object's data", self.rig, ".bbone_z", "data.bones"),
            ("by the armature", self.armature, ".bbone_z", "bones"),
        ):

            def make(name, block=block, tail=tail, prefix=prefix):
                number = len(holder.animation_data.drivers) if holder.animation_data else 0
                holder[f"p{number}"] = 0.0
                driver = holder.driver_add(f'["p{number}"]').driver
                target = driver.variables.new().targets[0]
                if isinstance(block, bpy.types.Armature):
                    driver.variables[0].targets[0].id_type = "ARMATURE"
                target.id = block
                target.data_path = path(name, tail, prefix)
                return lambda: target.data_path

            readers = [make(name) for name in NAMES]
            self.check(
                f"driver targets {what}",
                lambda readers=readers: [read() for read in readers],
                lambda to, tail=tail, prefix=prefix: [path(to(n), tail, prefix) for n in NAMES],
            )

        def bone_target(name):
            key = f"bone {NAMES.index(name)}"
            holder[key] = 0.0
            variable = holder.driver_add(f'["{key}"]').driver.variables.new()
            variable.type = "TRANSFORMS"
            target = variable.targets[0]
            target.id, target.bone_target = self.rig, name
            return lambda: target.bone_target

        self.each("bones of driver targets", bone_target)

    def other(self) -> None:
        made = self.rig.selection_sets.add()
        for name in NAMES:
            made.bone_ids.add().name = name
        self.check(
            "selection sets",
            lambda: [entry.name for entry in self.rig.selection_sets[0].bone_ids],
            lambda to: list(map(to, NAMES)),
        )
        bpy.ops.anim.keying_set_add()
        paths = bpy.context.scene.keying_sets[0].paths
        readers = [paths.add(self.rig, path(name)) for name in NAMES]
        self.check(
            "keying sets",
            lambda: [entry.data_path for entry in readers],
            lambda to: [path(to(name)) for name in NAMES],
        )
        tools = bpy.context.scene.tool_settings
        if hasattr(tools, "anim_mirror_bone"):
            tools.anim_mirror_object = self.rig
            tools.anim_mirror_bone = "hand.L"
            self.check("mirror bone", lambda: tools.anim_mirror_bone, lambda to: to("hand.L"))

    def wrong(self, to) -> list[str]:
        return [
            f"{what}: {read()} instead of {expect(to)}"
            for what, read, expect in self.checks
            if read() != expect(to)
        ]


def test_every_reference_follows(route):
    scene = Scene()
    assert bpy.ops.limber.flip_names() == {"FINISHED"}
    assert scene.names() == [NEW[name] for name in NAMES]
    assert scene.wrong(NEW.__getitem__) == []
    assert scene.rig.animation_data.action is not None
    assert bpy.ops.limber.flip_names() == {"FINISHED"}
    assert scene.names() == list(NAMES)
    assert scene.wrong(lambda name: name) == []


@pytest.mark.parametrize("fails", ("_apply", "apply"))
def test_an_error_halfway_leaves_everything_as_it_was(addon, monkeypatch, fails):
    route = importlib.import_module("bl_ext.user_default.limber.bridge.rename")
    monkeypatch.setattr(route, "_pays", lambda _count: True)
    scene = Scene()
    pose = [tuple(bone.location) for bone in scene.rig.pose.bones]
    used = (scene.rig.animation_data.action, scene.rig.animation_data.action_slot)
    if fails == "_apply":
        real = route._apply

        def broken(armature, steps, done):
            real(armature, steps[: len(steps) // 2], done)
            raise RuntimeError("on purpose")

        monkeypatch.setattr(route, "_apply", broken)
    else:

        def broken_references(_self, _renamed):
            raise RuntimeError("on purpose")

        monkeypatch.setattr(route.References, "apply", broken_references)
    with pytest.raises(RuntimeError, match="on purpose"):
        bpy.ops.limber.flip_names()
    assert scene.names() == list(NAMES)
    assert scene.wrong(lambda name: name) == []
    data = scene.rig.animation_data
    assert (data.action, data.action_slot) == used
    assert [tuple(bone.location) for bone in scene.rig.pose.bones] == pose


@pytest.mark.parametrize("users", ("listed", "another"))
def test_values_that_are_not_keyed_stay(addon, monkeypatch, users):
    """Whether the action can be exchanged in the whole file or has to be unassigned, since
    something else uses it too."""
    rename = importlib.import_module("bl_ext.user_default.limber.bridge.rename")
    monkeypatch.setattr(rename, "_pays", lambda _count: True)
    scene = Scene()
    rig, other = scene.rig, bpy.data.objects["Other"]
    action = rig.animation_data.action
    if users == "another":
        link("Holder of the action", None).constraints.new("ACTION").action = action
    bag = action.layers[0].strips[0].channelbag(other.animation_data.action_slot)
    bag.fcurves.new("location", index=0).keyframe_points.insert(1.0, 0.25)
    bpy.context.view_layer.update()
    other.location.x = 7.0
    rig.pose.bones[0].location.x = 5.0
    rig.pose.bones[1]["prop"] = 3.0
    counts = (action.users, len(bpy.data.actions))
    bpy.ops.limber.flip_names()
    assert other.location.x == 7.0
    assert rig.pose.bones[0].location.x == 5.0
    assert rig.pose.bones[1]["prop"] == 3.0
    assert (action.users, len(bpy.data.actions)) == counts
    # And the animation is alive.
    bpy.context.scene.frame_set(2)
    assert (other.location.x, rig.pose.bones[0].location.x) == (0.25, 0.25)


def test_an_action_shown_in_an_editor_stays_there(addon, monkeypatch):
    rename = importlib.import_module("bl_ext.user_default.limber.bridge.rename")
    monkeypatch.setattr(rename, "_pays", lambda _count: True)
    scene = Scene()
    action = scene.rig.animation_data.action
    action.use_fake_user = True
    area = bpy.context.window_manager.windows[0].screen.areas[0]
    kind = area.ui_type
    area.ui_type = "DOPESHEET"
    space = area.spaces.active
    space.mode = "ACTION"
    # Blender 5 always shows the active object's action.
    holds = hasattr(space, "action")
    if holds:
        space.action = action
    try:
        users = action.users
        bpy.ops.limber.flip_names()
        assert not holds or space.action == action
        assert (action.users, action.use_fake_user) == (users, True)
        assert scene.wrong(NEW.__getitem__) == []
    finally:
        area.ui_type = kind
