"""Motion paths of which Blender evaluates only some frames, against Blender's own of all.

Which frames those are is drawn here; else it is those in which inverse kinematics come to no rest.
"""

from __future__ import annotations

import contextlib
import importlib
import random
from array import array

import bpy
import pytest
import rigify_rigs
import session
import snapshot
import test_paths
from differential import compare_with_stock

pytestmark = pytest.mark.usefixtures("addon")

COUNT = 80


@pytest.fixture
def drawn(monkeypatch):
    """A drawn part of the frames is Blender's; gives (places asked for, reasons of refusals)."""
    paths = importlib.import_module(f"{session.MODULE}.ops.paths")
    job, random_ = paths.path_job, random.Random("frames")
    asked, refused = [], []
    evaluate, calculate = job.Job._let_blender_evaluate, job.calculate

    def draw(ends) -> list[int]:
        share = random_.choice((0.1, 0.4, 1.0))
        return [at for at in range(len(ends.unsettled)) if random_.random() < share]

    def spy(self, places) -> None:
        asked.append([*places])
        evaluate(self, places)

    def tell(*arguments):
        try:
            return calculate(*arguments)
        except paths.UnsupportedError as reason:
            refused.append(str(reason))
            raise

    monkeypatch.setattr(paths, "stock_pays", lambda *_: False)
    monkeypatch.setattr(job, "calculate", tell)
    monkeypatch.setattr(job, "unsettled_places", draw)
    monkeypatch.setattr(job.single_frames, "pays", lambda *_: True)
    monkeypatch.setattr(job.Job, "_let_blender_evaluate", spy)
    return asked, refused


def test_paths_calculate(drawn):
    options = {"prepare": test_paths.some_paths, "tolerance": 1e-4, "changes": 0.8, "count": COUNT}
    compare_with_stock("paths_calculate", test_paths.calculation, test_paths.RIGS, **options)
    assert len(drawn[0]) > 0.3 * COUNT
    assert sum(map(len, drawn[0])) > 3 * COUNT


def test_paths_update(drawn):
    options = {"prepare": test_paths.some_paths, "tolerance": 1e-4, "count": COUNT}
    compare_with_stock("paths_update", None, test_paths.RIGS, **options)
    assert len(drawn[0]) > 0.2 * COUNT


def test_drivers_of_the_frame(drawn):
    """A driver that reads the scene's frame leaves all frames to Blender."""
    asked, refused = drawn
    for reads in (False, True):
        session.new_file()
        obj = test_paths.rig(30)
        bone = obj.pose.bones[0]
        driver = bone.driver_add("location", 0).driver
        variable = driver.variables.new()
        variable.type = "SINGLE_PROP"
        if reads:
            variable.targets[0].id_type = "SCENE"
            variable.targets[0].id = bpy.context.scene
            variable.targets[0].data_path = "frame_current"
        else:
            for obj["turn"], frame in ((0.0, 1), (1.0, 30)):
                obj.keyframe_insert('["turn"]', frame=frame)
            variable.targets[0].id = obj
            variable.targets[0].data_path = '["turn"]'
        driver.expression = f"2 * {variable.name}"
        asked.clear()
        found = []
        for group in (bpy.ops.pose, bpy.ops.limber):
            assert group.paths_calculate(range="SCENE", bake_location="TAILS") == {"FINISHED"}
            found.append(snapshot.motion_path(bone.motion_path)["points"])
            bpy.ops.pose.paths_clear()
        assert found[0] == pytest.approx(found[1], abs=1e-5)
        assert bool(asked) is not reads
    assert refused and "drivers read the scene" in refused[-1]


def state(obj, bone) -> tuple:
    """What evaluating frames must leave as it is."""
    scene = bpy.context.scene
    return (
        (scene.name, scene.frame_current, scene.frame_subframe, bpy.data.scenes.keys()),
        (bpy.context.mode, bpy.context.object == obj, obj.users, obj.animation_data.action.users),
        ([*obj.users_collection], [*obj.users_scene]),
        (tuple(bone.location), tuple(bone.rotation_quaternion)),
    )


@pytest.mark.parametrize("handler", [None, "frame_change_post", "depsgraph_update_pre"])
def test_nothing_else_changes(empty_file, drawn, handler):
    """Not a pose without keys either; where somebody watches, Blender does it its own way."""
    asked, refused = drawn
    obj = test_paths.rig(30)
    bone, scene = obj.pose.bones[0], bpy.context.scene
    scene.frame_set(7, subframe=0.25)
    bone.location = (0.25, 2.0, 3.0)
    bone.rotation_quaternion = (0.5, 0.5, 0.5, 0.5)
    seen, handlers = [], getattr(bpy.app.handlers, handler) if handler else None
    before = state(obj, bone)
    want = []
    for group in ("pose", "limber"):
        if handlers is not None and group == "limber":
            handlers.append(lambda *_: seen.append(bpy.data.scenes.keys()))
        try:
            getattr(bpy.ops, group).paths_calculate(range="SCENE", bake_location="TAILS")
            getattr(bpy.ops, group).paths_update()
        finally:
            if handlers:
                handlers.pop()
        want.append(snapshot.motion_path(bone.motion_path)["points"])
        bpy.ops.pose.paths_clear()
        bpy.context.view_layer.update()
        assert state(obj, bone) == before
    assert want[0] == pytest.approx(want[1], abs=1e-6)
    if handler is None:
        assert len(asked) == 2
    else:
        assert not asked and "handlers watch" in refused[-1]
        assert all(names == ["Scene"] for names in seen)


def test_they_are_undone_in_one_step(empty_file, drawn):
    obj = test_paths.rig(30)
    name = obj.name
    bpy.ops.ed.undo_push(message="start")
    bpy.ops.limber.paths_calculate("EXEC_DEFAULT", True)
    assert drawn[0] and bpy.data.objects[name].pose.bones[0].motion_path
    bpy.ops.ed.undo()
    assert bpy.data.objects[name].pose.bones[0].motion_path is None
    assert (bpy.context.mode, bpy.data.scenes.keys()) == ("POSE", ["Scene"])
    bpy.ops.ed.redo()
    assert bpy.data.objects[name].pose.bones[0].motion_path


def test_cancelled_between_frames(empty_file, drawn, monkeypatch):
    """A long job lets Blender do some frames at a time, and no scene is left between them."""
    obj = test_paths.rig(30)
    paths = importlib.import_module(f"{session.MODULE}.ops.paths")
    job_module = paths.path_job
    monkeypatch.setattr(job_module, "unsettled_places", lambda ends: [*range(len(ends.unsettled))])
    monkeypatch.setattr(job_module, "LONG", 10)
    monkeypatch.setattr(job_module, "BY_BLENDER", 4)
    options = paths.bridge.Options("RANGE", "SCENE", "HEADS")
    job = job_module.calculate(bpy.context, obj, options, True)
    shares = []
    with contextlib.closing(job.steps()) as steps:
        for share in steps:
            shares.append(share)
            assert bpy.data.scenes.keys() == ["Scene"]
    assert len(drawn[0]) == 8
    assert all(0.0 < share <= 1.0 for share in shares)
    job.cancel()
    assert obj.pose.bones[0].motion_path is None


def human():
    """A human whose limbs are pulled out of reach here and there."""
    obj = rigify_rigs.generate("human")
    rigify_rigs.animate(random.Random("single frames"), obj)
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 28
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    return obj


def test_a_human(empty_file, drawn, monkeypatch):
    """The frames that Blender evaluates are its own to the last bit."""
    obj, found = human(), []
    module = importlib.import_module(f"{session.MODULE}.ops.path_job")
    places = [0, 3, 4, 5, 11, 17, 18, 27]
    first = iter([places])
    monkeypatch.setattr(module, "unsettled_places", lambda _: next(first))
    for group in (bpy.ops.pose, bpy.ops.limber):
        assert group.paths_calculate(range="SCENE", bake_location="TAILS") == {"FINISHED"}
        found.append(
            [snapshot.motion_path(b.motion_path)["points"] for b in obj.pose.bones if b.motion_path]
        )
        bpy.ops.pose.paths_clear()
    assert drawn[0] == [places]
    stock, limber = ([array("f", path) for path in paths] for paths in found)
    assert len(stock) == len(limber) > 100
    for one, other in zip(stock, limber, strict=True):
        for place in places:
            assert one[3 * place : 3 * place + 3] == other[3 * place : 3 * place + 3]
        assert one == pytest.approx(other, abs=1e-3)


def test_which_frames_are_worth_it(empty_file):
    """In a scene of many objects Blender takes longer to find out what depends on what."""
    module = importlib.import_module(f"{session.MODULE}.bridge.single_frames")
    obj = test_paths.rig()
    assert module.pays(obj, 18, 250) and module.pays(obj, 150, 250)
    assert not module.pays(obj, 200, 250) and not module.pays(obj, 1, 16)
    for number in range(10):
        bpy.context.scene.collection.objects.link(bpy.data.objects.new(str(number), None))
    bpy.context.view_layer.update()
    assert not module.pays(obj, 18, 250) and module.pays(obj, 18, 500)
