"""Random armature objects: bones, their settings, selection and pose."""

from __future__ import annotations

import random

import bpy

HOSTILE_NAMES = (
    *('say "hi"', "back\\slash", "dotted.name.001", "br[0]", '"]', "ünï©ødé", "骨.L", "it's"),
    *("location", "tab\there", " lead", "scale_Right", "Left.arm.002", "x" * 60),
)
SIDES = ((".L", ".R"), ("_l", "_r"), (".left", ".right"), ("-L", "-R"), (" Left", " Right"))
PROPERTY_NAMES = ("prop", "my scale", 'q"uote', "ü", "location", "a[0]", "rotation_x", "bbone_")
INHERIT_SCALE = ("FULL", "FIX_SHEAR", "ALIGNED", "AVERAGE", "NONE", "NONE_LEGACY")
CONSTRAINTS = (
    *("LIMIT_LOCATION", "LIMIT_ROTATION", "LIMIT_SCALE", "COPY_LOCATION", "COPY_ROTATION"),
    *("COPY_SCALE", "COPY_TRANSFORMS", "DAMPED_TRACK", "IK", "CHILD_OF", "FLOOR"),
)


def make_objects(random_: random.Random, options, scene) -> None:
    """Objects and armatures; leaves all but a bystander in pose mode."""
    context = bpy.context
    most = random_.randint(*options.objects)
    count = options.objects[0] if random_.random() < 0.6 else most
    extra = random_.random() < options.bystander
    objects, armatures = [], []
    for number in range(count + extra):
        share = objects and number < count and random_.random() < options.shared_data
        data = objects[0].data if share else bpy.data.armatures.new("Rig")
        if not share:
            armatures.append(data)
        obj = bpy.data.objects.new("Rig", data)
        context.scene.collection.objects.link(obj)
        obj.select_set(True)
        objects.append(obj)
    context.view_layer.objects.active = objects[0]
    bpy.ops.object.mode_set(mode="EDIT")
    for data in armatures:
        make_bones(random_, options, data)
    bpy.ops.object.mode_set(mode="OBJECT")
    if extra:
        objects[-1].select_set(False)
    bpy.ops.object.mode_set(mode="POSE")
    for data in armatures:
        make_collections(random_, options, data)
    scene.objects = objects[:count]
    for obj in scene.objects:
        place_object(random_, options, obj)


def bone_names(random_: random.Random, options, count: int) -> list[str]:
    names = [f"bone{number}" for number in range(count)]
    if random_.random() < options.side_names:
        sides = random_.choice(SIDES)
        for number in range(0, count - 1, 2):
            stem = random_.choice(("arm", "leg", "hand", "foot")) + str(number)
            names[number], names[number + 1] = stem + sides[0], stem + sides[1]
    for number in range(count):
        if random_.random() < options.hostile_names:
            names[number] = random_.choice(HOSTILE_NAMES)
    return names


def make_bones(random_: random.Random, options, armature) -> None:
    """Bones in edit mode: a random tree with random rest positions and inherit settings."""
    bones = []
    uniform = random_.uniform
    for name in bone_names(random_, options, random_.randint(*options.bones)):
        bone = armature.edit_bones.new(name)
        parent = random_.choice(bones) if bones and random_.random() < 0.85 else None
        head = parent.tail.copy() if parent else bone.head
        if parent is None or random_.random() > options.connected:
            head = [value + uniform(-0.5, 0.5) for value in head]
        bone.head = head
        bone.tail = [value + uniform(-0.6, 1.0) for value in head]
        if (bone.tail - bone.head).length < 0.1:
            bone.tail = (head[0], head[1] + 1.0, head[2])
        bone.roll = uniform(-3.2, 3.2)
        if parent:
            bone.parent = parent
            bone.use_connect = (bone.head - parent.tail).length < 1e-6
        if random_.random() < 0.3:
            bone.inherit_scale = random_.choice(INHERIT_SCALE)
            bone.use_inherit_rotation = random_.random() < 0.6
            bone.use_local_location = random_.random() < 0.6
            bone.use_relative_parent = random_.random() < 0.1
        if random_.random() < options.bendy:
            bone.bbone_segments = random_.randint(2, 4)
            bone.bbone_rollin = uniform(-0.5, 0.5)
            bone.bbone_easein = uniform(0.0, 1.5)
            bone.bbone_scaleout = [uniform(0.5, 1.5) for _ in range(3)]
        bones.append(bone)


def make_collections(random_: random.Random, options, armature) -> None:
    if random_.random() >= options.collections:
        return
    collections = []
    for number in range(random_.randint(1, 3)):
        parent = random_.choice(collections) if collections and random_.random() < 0.3 else None
        collection = armature.collections.new(f"set {number}", parent=parent)
        collections.append(collection)
    for bone in armature.bones:
        for collection in collections:
            if random_.random() < 0.4:
                collection.assign(bone)
    for collection in collections:
        collection.is_visible = random_.random() < 0.75
        collection.is_solo = random_.random() < 0.1


def place_object(random_: random.Random, options, obj) -> None:
    if random_.random() < options.object_transform:
        obj.location = [random_.uniform(-2, 2) for _ in range(3)]
        obj.rotation_euler = [random_.uniform(-3, 3) for _ in range(3)]
        obj.scale = [random_.uniform(0.5, 2) for _ in range(3)]


def pose_settings(random_: random.Random, options, obj) -> None:
    """Everything of the pose bones that is neither animated nor posed."""
    chance = random_.random
    if chance() < options.mirror_option:
        obj.pose.use_mirror_x = True
        obj.pose.use_mirror_relative = chance() < 0.4
    if chance() < options.rest_position:
        obj.data.pose_position = "REST"
    modes = options.rotation_modes
    names = [bone.name for bone in obj.data.bones]
    for bone in obj.pose.bones:
        if "QUATERNION" in modes and chance() < options.quaternion_share:
            bone.rotation_mode = "QUATERNION"
        else:
            bone.rotation_mode = random_.choice(modes)
        if chance() < options.locks:
            bone.lock_location = [chance() < 0.4 for _ in range(3)]
            bone.lock_rotation = [chance() < 0.4 for _ in range(3)]
            bone.lock_scale = [chance() < 0.4 for _ in range(3)]
            bone.lock_rotation_w = chance() < 0.4
            bone.lock_rotations_4d = chance() < 0.5
        if chance() < options.custom_properties:
            add_properties(random_, bone)
        if chance() < options.constraints:
            for _ in range(random_.randint(1, 3)):
                add_constraint(random_, obj, bone, names)
        if chance() < options.custom_shapes:
            bone.custom_shape_scale_xyz = (1.0, 2.0, 0.5)
            bone.color.palette = "THEME03"
    if chance() < options.drivers:
        driver = random_.choice(obj.pose.bones).driver_add("location", random_.randrange(3)).driver
        driver.type = "SUM"
        variable = driver.variables.new()
        variable.targets[0].id = obj
        variable.targets[0].data_path = "scale[0]"
    if chance() < options.selection_sets and hasattr(obj, "selection_sets"):
        chosen = obj.selection_sets.add()
        chosen.name = "chosen"
        for name in random_.sample(names, min(len(names), 3)):
            chosen.bone_ids.add().name = name


def add_properties(random_: random.Random, owner) -> None:
    uniform = random_.uniform
    for name in random_.sample(PROPERTY_NAMES, random_.randint(1, 4)):
        owner[name] = random_.choice(
            (
                uniform(-2, 2),
                random_.randint(-5, 5),
                random_.random() < 0.5,
                [uniform(-1, 1) for _ in range(3)],
                [random_.randint(-9, 9) for _ in range(2)],
                "text",
                {"inner": uniform(0, 1), "deep": {"number": 1}},
            )
        )
        if isinstance(owner[name], float) and random_.random() < 0.4:
            owner.id_properties_ui(name).update(min=-1.0, max=1.0, default=uniform(-1, 1))


def add_constraint(random_: random.Random, obj, bone, names: list[str]) -> None:
    kind = random_.choice(CONSTRAINTS)
    constraint = bone.constraints.new(kind)
    constraint.influence = random_.choice((1.0, 1.0, 0.5, 0.0))
    constraint.mute = random_.random() < 0.15
    if random_.random() < 0.1:
        constraint.name = random_.choice(("my location", 'q"', "scale"))
    if kind.startswith("LIMIT_"):
        for name in ("use_min_x", "use_max_y", "use_limit_x", "use_limit_z"):
            if hasattr(constraint, name):
                setattr(constraint, name, True)
        if kind == "LIMIT_SCALE":  # a scale of 0 makes what follows divide by 0
            constraint.min_x, constraint.max_y = 0.3, 1.2
        constraint.owner_space = random_.choice(("LOCAL", "WORLD", "POSE"))
        return
    constraint.target = obj
    # Bones are listed parents first, so a target that comes earlier makes no dependency cycle.
    earlier = names[: names.index(bone.name)]
    if earlier:
        constraint.subtarget = random_.choice(earlier)
    else:
        constraint.target = None
    if kind == "IK":
        constraint.chain_count = 1


def select_bones(random_: random.Random, options, obj) -> None:
    """Selection, visibility and the active bone."""
    chance = random_.random
    for bone in obj.pose.bones:
        holder = bone if hasattr(bone, "select") else bone.bone
        holder.select = chance() >= options.unselected
        holder.hide = chance() < options.hidden
        bone.bone.hide_select = chance() < options.unselectable
    bones = obj.data.bones
    bones.active = random_.choice(bones) if chance() < 0.8 else None


def deselect_all(obj) -> None:
    for bone in obj.pose.bones:
        (bone if hasattr(bone, "select") else bone.bone).select = False


def edit_pose(random_: random.Random, options, obj) -> None:
    """Changes some channels away from what the curves give, as a user's hand would."""
    uniform, chance = random_.uniform, random_.random
    for bone in obj.pose.bones:
        if chance() >= options.pose_edits:
            continue
        if chance() < 0.7:
            bone.location = [uniform(-2, 2) for _ in range(3)]
        if chance() < 0.7:
            length = uniform(0.5, 2.0) if chance() < 0.2 else 1.0
            turn = [random_.gauss(0, 1) for _ in range(4)]
            size = sum(value * value for value in turn) ** 0.5 or 1.0
            bone.rotation_quaternion = [value / size * length for value in turn]
            bone.rotation_euler = [uniform(-4, 4) for _ in range(3)]
            bone.rotation_axis_angle = [uniform(-4, 4)] + [uniform(-1, 1) for _ in range(3)]
        if chance() < 0.5:
            sign = -1.0 if chance() < 0.1 else 1.0
            bone.scale = [sign * uniform(0.4, 2.0) for _ in range(3)]
        if bone.bone.bbone_segments > 1:
            bone.bbone_curveinx = uniform(-0.5, 0.5)
            bone.bbone_rollout = uniform(-1, 1)
            bone.bbone_scalein = [uniform(0.5, 1.5) for _ in range(3)]
            bone.bbone_easeout = uniform(0, 2)
        for name, value in bone.items():
            if isinstance(value, float):
                bone[name] = uniform(-3, 3)
            elif isinstance(value, int) and not isinstance(value, bool):
                bone[name] = random_.randint(-9, 9)


def calculate_paths(random_: random.Random, objects) -> None:
    """Motion paths of the selected bones, where Blender can make them."""
    start = random_.randint(1, 4)
    for obj in objects:
        paths = obj.pose.animation_visualization.motion_path
        paths.type = random_.choice(("RANGE", "CURRENT_FRAME"))
        paths.frame_start, paths.frame_end = start, start + 6
    if bpy.ops.pose.paths_calculate.poll():
        bpy.ops.pose.paths_calculate(range="MANUAL")
