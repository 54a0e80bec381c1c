"""Motion paths against Blender's: every point, its key flag, ranges and settings."""

from __future__ import annotations

import collections
import dataclasses
import importlib

import bpy
import capture
import differential
import menu_walk
import pytest
import session
import snapshot
from differential import compare_on_clip, compare_with_stock, viewport
from scene import Options, build, generator
from spread import Spread

pytestmark = pytest.mark.usefixtures("addon")

RANGES = ("SCENE", "SCENE", "MANUAL", "KEYS_ALL", "KEYS_SELECTED")
RIGS = Options(bones=(1, 8), auto_key=0.0, modifiers=0.03, frames=(0, 45), nla=0.06)
TOLERANCE = 1e-4
"""What constraints are evaluated to; almost all points are nearer."""


def settings(obj):
    return obj.pose.animation_visualization.motion_path


def some_paths(random, scene) -> None:
    """Paths of an earlier call, some bones of it, with changed looks; settings of all kinds."""
    for obj in scene.objects:
        paths = settings(obj)
        paths.frame_start = random.randint(-5, 10)
        paths.frame_end = paths.frame_start + random.choice((0, 1, 5, 20))
        paths.show_keyframe_action_all = random.random() < 0.3 and not crashes(obj)
        paths.bake_location = random.choice(("HEADS", "TAILS"))
        paths.type = random.choice(("RANGE", "CURRENT_FRAME"))
    if random.random() < 0.3:
        return
    ends = settings(bpy.context.object).bake_location
    ranges = random.choice(RANGES)
    select_some(random, bpy.context.object, 0.7)
    capture.call(lambda: bpy.ops.pose.paths_calculate(range=ranges, bake_location=ends))
    select_some(random, bpy.context.object, 0.7)
    for bone in bpy.context.object.pose.bones:
        path = bone.motion_path
        if path is not None and random.random() < 0.4:
            path.use_custom_color, path.line_thickness = True, 4
            path.color = (0.2, random.random(), 0.3)
            path.points[0].select = True
    if random.random() < 0.4:
        bpy.context.scene.frame_end += random.randint(-3, 3)
    move_keys(random)


def crashes(obj) -> bool:
    """Whether Blender before 5.2 crashes: it is to mark the keys of all curves, but has none."""
    data = obj.animation_data
    if session.VERSION >= (5, 2) or data is None or data.action is None:
        return False
    slot = data.action_slot
    bags = [s.channelbag(slot) for lay in data.action.layers for s in lay.strips if slot]
    return not any(bags)


def select_some(random, obj, share: float) -> None:
    bones = obj.pose.bones if session.VERSION >= (5, 0) else obj.data.bones
    for bone in bones:
        bone.select = random.random() < share
        bone.hide = random.random() < 0.1


def move_keys(random) -> None:
    """Changes what the paths must show."""
    for action in bpy.data.actions:
        for layer in action.layers:
            for strip in layer.strips:
                for bag in strip.channelbags:
                    for curve in bag.fcurves:
                        for key in curve.keyframe_points:
                            if random.random() < 0.2:
                                key.co_ui.y += random.uniform(-1, 1)
                            key.select_control_point = random.random() < 0.2


def calculation(random, _scene) -> dict:
    """The end stays: a switch of ends is a test of its own, since Blender does not do it."""
    return {
        "display_type": random.choice(("RANGE", "CURRENT_FRAME")),
        "range": random.choice(RANGES),
        "bake_location": settings(bpy.context.object).bake_location,
    }


@pytest.fixture(params=("native", "as it comes"))
def way(request, monkeypatch):
    """The native way also where Blender would be sooner; gives a list of why it was not taken."""
    refused = []
    if request.param == "native":
        module = importlib.import_module(f"{session.MODULE}.ops.paths")
        monkeypatch.setattr(module, "stock_pays", lambda *_: False)
        job = module.path_job.calculate

        def calculate(*arguments):
            try:
                job(*arguments)
                refused.append("")
            except module.UnsupportedError as reason:
                refused.append(str(reason))
                raise

        monkeypatch.setattr(module.path_job, "calculate", calculate)
    yield refused
    print(collections.Counter(refused))
    if len(refused) >= 30:
        share = 0.3 if "the camera moves" in refused else 0.4
        assert refused.count("") > share * len(refused)


def test_paths_calculate(way):
    options = {"prepare": some_paths, "tolerance": TOLERANCE, "changes": 0.8}
    compare_with_stock("paths_calculate", calculation, RIGS, **options)


def test_paths_calculate_between_frames(way):
    """Also before frame 0, where Blender says that it stands before a frame and not behind one."""

    def between(random, scene) -> None:
        some_paths(random, scene)
        bpy.context.scene.frame_set(random.randint(-5, 3), subframe=random.choice((0.25, 0.9)))

    # Blender reads the samples of a curve wrongly before frame 0.
    options = dataclasses.replace(RIGS, frames=(-5, 25), sampled_curves=0.0)
    more = {"prepare": between, "tolerance": TOLERANCE, "changes": 0.8, "count": 60}
    compare_with_stock("paths_calculate", calculation, options, **more)


def test_paths_update(way):
    compare_with_stock("paths_update", None, RIGS, prepare=some_paths, tolerance=TOLERANCE)


def test_paths_of_rigs_with_inverse_kinematics(way):
    """Hinges with limits too. Where the solver hops, no two paths of Blender are the same."""
    apart = []
    for seed in differential.seeds(60):
        found = []
        for operators in (bpy.ops.pose, bpy.ops.limber):
            random = generator(seed, "ik")
            obj = build(seed, RIGS).active
            for bone in obj.pose.bones[1:]:
                if random.random() < 0.5:
                    ik = bone.constraints.new("IK")
                    ik.target, ik.subtarget = obj, obj.pose.bones[0].name
                    ik.chain_count = random.randint(1, 2)
                if random.random() < 0.3:
                    bone.lock_ik_z = bone.use_ik_limit_x = True
                    bone.ik_min_x, bone.ik_max_x = random.uniform(-1, 0), random.uniform(0, 1)
            bpy.context.view_layer.update()
            capture.call(lambda group=operators: group.paths_calculate(range="SCENE"))
            found.append(
                [
                    snapshot.motion_path(b.motion_path)["points"]
                    for b in obj.pose.bones
                    if b.motion_path
                ]
            )
        if way and way[-1]:
            continue
        for one, other in zip(*found, strict=True):
            pairs = zip(one, other, strict=True)
            apart.append(max((abs(a - b) / max(1.0, abs(a)) for a, b in pairs), default=0.0))
    spread = Spread("paths", apart)
    assert spread.at(50) < 1e-5
    assert spread.at(99 if way else 90) < 1e-3


@pytest.mark.parametrize("clip", ["short", "middle"])
def test_paths_of_motion_capture(clip):
    compare_on_clip("paths_calculate", clip, {"range": "KEYS_ALL"}, tolerance=TOLERANCE)
    arguments = {"range": "KEYS_ALL", "bake_location": "TAILS"}
    compare_on_clip("paths_calculate", clip, arguments, tolerance=TOLERANCE)


def test_paths_before_a_camera(way):
    """In the space of the camera, each version in its own way."""

    def camera(random, scene) -> None:
        some_paths(random, scene)
        bpy.data.batch_remove(bpy.data.cameras[:])
        data = bpy.data.cameras.new("Camera")
        data.type = random.choice(("PERSP", "PERSP", "ORTHO"))
        data.shift_x, data.lens = random.uniform(-0.2, 0.2), random.uniform(20, 80)
        holder = bpy.data.objects.new("Camera", data)
        bpy.context.collection.objects.link(holder)
        holder.location, holder.rotation_euler = (3, -6, 2), (1.3, 0, 0.4)
        holder.scale.y = random.choice((1.0, 1.5))
        if random.random() < 0.2:
            moved = random.choice((holder, data))
            path = "location" if moved == holder else "lens"
            moved.keyframe_insert(path, frame=1)
            moved.keyframe_insert(path, frame=20)
            moved.animation_data.action.layers[0].strips[0].channelbags[0].fcurves[
                0
            ].keyframe_points[1].co.y += 5
        render = bpy.context.scene.render
        render.resolution_x, render.pixel_aspect_x = random.choice((500, 1920)), 1.25
        bpy.context.scene.camera = holder
        settings(bpy.context.object).use_camera_space_bake = True
        if random.random() < 0.5:
            # Paths stay in the space that they were made in.
            capture.call(bpy.ops.pose.paths_clear)

    options = {"prepare": camera, "tolerance": TOLERANCE, "count": 60, "changes": 0.8}
    compare_with_stock("paths_calculate", calculation, RIGS, **options)


def test_paths_range_update():
    compare_with_stock("paths_range_update", None, RIGS, prepare=some_paths, changes=0.7)


def test_paths_clear():
    def which(random, _scene) -> dict:
        return {"only_selected": random.random() < 0.6}

    compare_with_stock("paths_clear", which, RIGS, prepare=some_paths)


@pytest.mark.parametrize("name", ["calculate", "update", "range_update", "clear"])
def test_where_they_can_be_called(empty_file, name):
    answers = []
    for group in (bpy.ops.pose, bpy.ops.limber):
        session.new_file()
        operator = getattr(group, f"paths_{name}")
        answers.append([])

        def ask(operator=operator, found=answers[-1]) -> None:
            found.append((operator.poll(), capture.call(operator).comparable()))

        ask()
        with bpy.context.temp_override(**viewport()):
            bpy.ops.object.armature_add()
        ask()
        for mode in ("EDIT", "POSE"):
            bpy.ops.object.mode_set(mode=mode)
            ask()
        bpy.ops.pose.paths_calculate()
        ask()
    assert answers[0] == answers[1]


def rig(frames: int = 5):
    """A bone that moves, with its paths' range."""
    with bpy.context.temp_override(**viewport()):
        bpy.ops.object.armature_add()
    obj = bpy.context.object
    bpy.ops.object.mode_set(mode="POSE")
    bone = obj.pose.bones[0]
    for frame in (1, frames):
        bone.rotation_quaternion = (1.0, 0.1 * frame, 0.0, 0.0)
        bone.keyframe_insert("rotation_quaternion", frame=frame)
    bpy.context.scene.frame_start, bpy.context.scene.frame_end = 1, frames
    bpy.ops.pose.select_all(action="SELECT")
    return obj


def test_keys_before_frame_0(empty_file, monkeypatch):
    """Settings take no such range from scripts; Blender itself has to store it."""
    found = []
    module = importlib.import_module(f"{session.MODULE}.ops.paths")
    monkeypatch.setattr(module, "stock_pays", lambda *_: False)
    monkeypatch.setattr(module, "_by_blender", lambda *_: pytest.fail("not calculated"))
    for group in (bpy.ops.pose, bpy.ops.limber):
        session.new_file()
        obj = rig()
        obj.pose.bones[0].location = (1.0, 2.0, 3.0)
        obj.pose.bones[0].keyframe_insert("location", frame=-7)
        obj.pose.bones[0].location = (0.0, 2.0, 1.0)
        obj.pose.bones[0].keyframe_insert("location", frame=9)
        for _ in range(2):
            group.paths_calculate(range="KEYS_ALL")
        paths = settings(obj)
        found.append((snapshot.motion_path(obj.pose.bones[0].motion_path), paths.range))
        found[-1] += ((paths.frame_start, paths.frame_end),)
    stock, limber = found
    assert stock[1:] == limber[1:] == ("KEYS_ALL", (-7, 9))
    assert stock[0].pop("points") == pytest.approx(limber[0].pop("points"), abs=1e-5)
    assert stock[0] == limber[0]


@pytest.mark.parametrize("way", ["direct", "public", "handler"])
def test_new_paths_leave_the_animation_and_the_pose(empty_file, monkeypatch, way):
    """The action is taken off meanwhile; nobody must notice."""
    paths = importlib.import_module(f"{session.MODULE}.ops.paths")
    actions = importlib.import_module(f"{session.MODULE}.reader.actions")
    monkeypatch.setattr(paths, "stock_pays", lambda *_: False)
    obj = rig()
    bone, scene = obj.pose.bones[0], bpy.context.scene
    scene.frame_set(2)
    bone.location = (0.25, 2.0, 3.0)
    action, users = obj.animation_data.action, obj.animation_data.action.users
    slot = obj.animation_data.action_slot
    seen, used = [], []
    real = actions.taken_off
    if way == "public":
        monkeypatch.setattr(actions, "taken_off", lambda *_: None)
    else:

        def spy(*arguments):
            used.append(real(*arguments))
            return used[-1]

        monkeypatch.setattr(actions, "taken_off", spy)
    if way == "handler":
        bpy.app.handlers.depsgraph_update_post.append(lambda *_: seen.append(True))
    try:
        bpy.ops.limber.paths_calculate()
    finally:
        if way == "handler":
            bpy.app.handlers.depsgraph_update_post.pop()
    assert bone.motion_path is not None
    if way == "direct" and actions.state().layout is not None:
        assert used[0] is not None
    if way == "handler":
        assert used == [None] and seen
    data = obj.animation_data
    assert (data.action, data.action_slot, data.action.users) == (action, slot, users)
    assert tuple(bone.location) == (0.25, 2.0, 3.0)
    depsgraph = bpy.context.evaluated_depsgraph_get()
    assert obj.evaluated_get(depsgraph).animation_data.action.original == action
    heads = []
    for frame in (1, 5):
        scene.frame_set(frame)
        heads.append(obj.evaluated_get(depsgraph).pose.bones[0].matrix.copy())
    assert heads[0] != heads[1]


@pytest.mark.parametrize("update", [False, True])
def test_a_switch_of_ends_gives_the_other_end(empty_file, update):
    """Blender goes on with the old end while the range keeps its length."""
    obj = rig()
    bpy.ops.limber.paths_calculate(bake_location="HEADS")
    path = obj.pose.bones[0].motion_path
    path.use_custom_color, path.color = True, (0.25, 0.5, 0.75)
    path.line_thickness, path.lines = 5, False
    if update:
        settings(obj).bake_location = "TAILS"
        bpy.ops.limber.paths_update()
    else:
        bpy.ops.limber.paths_calculate(bake_location="TAILS")
    found = snapshot.motion_path(obj.pose.bones[0].motion_path)
    looks = ("use_custom_color", "color", "line_thickness", "lines")
    assert [found[name] for name in looks] == [True, [0.25, 0.5, 0.75], 5, False]
    bpy.ops.pose.paths_clear()
    bpy.ops.pose.paths_calculate(bake_location="TAILS")
    want = snapshot.motion_path(obj.pose.bones[0].motion_path)
    assert found["use_bone_head"] == want["use_bone_head"] is False
    assert found["points"] == pytest.approx(want["points"], abs=1e-6)
    assert found["flags"] == want["flags"]
    assert obj.data.bones[0].select if session.VERSION < (5, 0) else obj.pose.bones[0].select


def test_they_are_undone_in_one_step(empty_file):
    obj = rig()
    name = obj.name
    bpy.ops.ed.undo_push(message="start")
    bpy.ops.limber.paths_calculate("EXEC_DEFAULT", True)
    assert bpy.data.objects[name].pose.bones[0].motion_path
    bpy.ops.ed.undo()
    assert bpy.data.objects[name].pose.bones[0].motion_path is None
    assert bpy.context.mode == "POSE"


def test_marks_of_keys_without_any_curve(empty_file):
    """Blender 4.5 crashes here."""
    obj = rig()
    obj.animation_data.action_slot = None
    settings(obj).show_keyframe_action_all = True
    assert bpy.ops.limber.paths_calculate() == {"FINISHED"}
    assert snapshot.motion_path(obj.pose.bones[0].motion_path)["flags"] == [0] * 5
    assert bpy.ops.limber.paths_update() == {"FINISHED"}
    assert settings(obj).show_keyframe_action_all


def test_the_switch_points_the_buttons_of_the_panel_at_limber(empty_file):
    rig()
    menus = importlib.import_module(f"{session.MODULE}.stock_menus")
    panel = bpy.types.DATA_PT_motion_paths

    def shown() -> list[str]:
        drawn = menu_walk.Recorder()
        methods = {"draw_settings": panel.draw_settings, "layout": drawn}
        panel.draw(type("Panel", (), methods)(), bpy.context)
        return [name for kind, name, _ in drawn.seen if kind == "operator"]

    stock = shown()
    assert "pose.paths_calculate" in stock
    menus.point_at_limber()
    try:
        assert shown() == [name.replace("pose.", "limber.") for name in stock]
        bpy.ops.limber.paths_calculate()
        assert {"limber.paths_update", "limber.paths_clear"} <= {*shown()}
    finally:
        menus.restore()
    bpy.ops.pose.paths_clear()
    assert shown() == stock
