"""The tests' own tools: scenes repeat, and every kind of change is seen."""

from __future__ import annotations

import bpy
import capture
import differential
import mocap
import pytest
import snapshot
from scene import Options, build

EVERYTHING = Options(
    bones=(5, 12),
    constraints=0.6,
    custom_properties=0.7,
    drivers=1.0,
    collections=1.0,
    selection_sets=1.0,
    markers=1.0,
    no_action=0.0,
    no_slot=0.0,
    empty_action=0.0,
    nla=0.0,
    modifiers=0.5,
    sampled_curves=0.1,
)


def test_the_same_seed_gives_the_same_scene():
    for seed in range(150):
        build(seed)
        first = snapshot.take()
        build(seed)
        assert snapshot.differences(first, snapshot.take(), 0.0) == [], f"seed {seed}"


def test_different_seeds_give_different_scenes():
    build(1)
    first = snapshot.take()
    build(2)
    assert snapshot.differences(first, snapshot.take())


def relax_arguments(random, scene):
    return {"factor": random.random(), "prev_frame": random.randint(-3, 9), "next_frame": 25}


def test_stock_equals_itself():
    stock = bpy.ops.pose.relax
    differential.pairs(
        "relax with itself", stock, stock, relax_arguments, Options(), count=100, tolerance=0.0
    )


def test_another_result_is_found():
    with pytest.raises(AssertionError, match=r"(?s)scenes differ.*seed \d+"):
        differential.pairs(
            "relax, push", bpy.ops.pose.relax, bpy.ops.pose.push, relax_arguments, Options()
        )


def test_a_test_that_changes_nothing_fails():
    def nothing(**_):
        return {"FINISHED"}

    with pytest.raises(AssertionError, match="proves too little"):
        differential.pairs("nothing", nothing, nothing, None, Options(), count=60)
    differential.STATISTICS.clear()


def first_curve():
    action = bpy.data.actions[0]
    curves = action.layers[0].strips[0].channelbags[0].fcurves
    return next(curve for curve in curves if curve.keyframe_points)


def a_bone():
    return bpy.data.objects[0].pose.bones[-1]


def select(value):
    bone = a_bone()
    (bone if hasattr(bone, "select") else bone.bone).select = value


def rename_bone():
    bone = a_bone().bone
    bone.name = bone.name + "x"


def flip(owner, name):
    setattr(owner, name, not getattr(owner, name))


def add(owner, name, value):
    setattr(owner, name, getattr(owner, name) + value)


def key_point():
    return first_curve().keyframe_points[0]


def remove_marker():
    markers = bpy.context.scene.timeline_markers
    markers.remove(markers[0])


def mute_constraint():
    bone = next(b for b in bpy.data.objects[0].pose.bones if b.constraints)
    flip(bone.constraints[0], "mute")


def property_type():
    bone = a_bone()
    bone["changes type"] = 1
    return lambda: bone.__setitem__("changes type", 1.0)


CHANGES = {
    "location": lambda: add(a_bone().location, "x", 1e-4),
    "quaternion sign": lambda: setattr(
        a_bone(), "rotation_quaternion", [-v for v in a_bone().rotation_quaternion]
    ),
    "axis angle": lambda: a_bone().rotation_axis_angle.__setitem__(0, 7.0),
    "bendy bone": lambda: add(a_bone(), "bbone_rollout", 0.1),
    "rotation mode": lambda: setattr(a_bone(), "rotation_mode", "YZX")
    if a_bone().rotation_mode != "YZX"
    else setattr(a_bone(), "rotation_mode", "XYZ"),
    "lock": lambda: a_bone().lock_scale.__setitem__(1, not a_bone().lock_scale[1]),
    "new property": lambda: a_bone().__setitem__("new", 1),
    "bone name": rename_bone,
    "bone color": lambda: setattr(a_bone().color, "palette", "THEME05"),
    "rest roll": lambda: flip(a_bone().bone, "use_local_location"),
    "collection": lambda: flip(bpy.data.armatures[0].collections[0], "is_visible"),
    "constraint": mute_constraint,
    "constraint gone": lambda: next(
        b.constraints.remove(b.constraints[0]) is None
        for b in bpy.data.objects[0].pose.bones
        if b.constraints
    ),
    "driver": lambda: flip(bpy.data.objects[0].animation_data.drivers[0], "mute"),
    "selection set": lambda: bpy.data.objects[0].selection_sets.clear(),
    "key value": lambda: add(key_point().co, "y", 1e-4),
    "key handle": lambda: add(key_point().handle_left, "x", -0.01),
    "key interpolation": lambda: setattr(
        key_point(), "interpolation", "SINE" if key_point().interpolation != "SINE" else "EXPO"
    ),
    "key selection": lambda: flip(key_point(), "select_control_point"),
    "key added": lambda: first_curve().keyframe_points.insert(77.0, 1.0),
    "curve muted": lambda: flip(first_curve(), "mute"),
    "curve gone": lambda: bpy.data.actions[0]
    .layers[0]
    .strips[0]
    .channelbags[0]
    .fcurves.remove(first_curve()),
    "slot added": lambda: bpy.data.actions[0].slots.new("OBJECT", "one more"),
    "action gone": lambda: setattr(bpy.data.objects[0].animation_data, "action", None),
    "frame": lambda: bpy.context.scene.frame_set(bpy.context.scene.frame_current + 1),
    "marker": remove_marker,
    "tool setting": lambda: setattr(
        bpy.context.scene.tool_settings, "keyframe_type", "MOVING_HOLD"
    ),
    "mode": lambda: bpy.ops.object.mode_set(mode="OBJECT"),
    "active bone": lambda: setattr(
        bpy.data.armatures[0].bones,
        "active",
        bpy.data.armatures[0].bones[0] if bpy.data.armatures[0].bones.active is None else None,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(change):
    for seed in (3, 4, 5):
        build(seed, EVERYTHING)
        before = snapshot.take()
        assert snapshot.differences(before, snapshot.take()) == []
        CHANGES[change]()
        assert snapshot.differences(before, snapshot.take()), f"{change}, seed {seed}"


def test_a_property_that_changes_its_type_is_seen():
    build(3, EVERYTHING)
    change = property_type()
    before = snapshot.take()
    change()
    assert any("float" in line for line in snapshot.differences(before, snapshot.take()))


def test_selection_and_visibility_are_seen():
    build(3, EVERYTHING)
    select(True)
    before = snapshot.take()
    select(False)
    assert snapshot.differences(before, snapshot.take())


def test_numbers_are_compared_relative_to_their_size():
    assert snapshot.differences({"a": 1000.0}, {"a": 1000.0005}, 1e-6) == []
    assert snapshot.differences({"a": 1e-3}, {"a": 1.002e-3}, 1e-6)
    assert snapshot.differences({"a": float("nan")}, {"a": float("nan")}) == []
    assert snapshot.differences({"a": float("nan")}, {"a": 0.0})
    assert snapshot.differences({"a": [1]}, {"a": [1, 2]})
    assert snapshot.differences({"a": 1}, {}) == ["a: only in the first"]


class TEST_OT_reports(bpy.types.Operator):
    bl_idname = "limber_test.reports"
    bl_label = "Reports"

    def execute(self, context):
        self.report({"INFO"}, "one")
        self.report({"WARNING"}, "two")
        return {"CANCELLED"}


def test_reports_and_errors_are_caught():
    bpy.utils.register_class(TEST_OT_reports)
    try:
        answer = capture.call(bpy.ops.limber_test.reports)
    finally:
        bpy.utils.unregister_class(TEST_OT_reports)
    assert answer.status == ("CANCELLED",)
    assert answer.reports == ("Info: one", "Warning: two")
    build(1)
    bpy.ops.object.mode_set(mode="OBJECT")
    answer = capture.call(bpy.ops.pose.propagate)
    assert "poll() failed" in answer.error
    assert answer.status == ()


@pytest.mark.parametrize("name", mocap.CLIPS)
def test_clips_load(name):
    bones, frames = mocap.CLIPS[name][1:]
    obj = mocap.load(name, frames=40)
    assert len(obj.pose.bones) == bones
    curves = obj.animation_data.action.layers[0].strips[0].channelbags[0].fcurves
    assert {len(curve.keyframe_points) for curve in curves} == {40}
    text = mocap.path(name).read_text()
    assert f"Frames: {frames}" in text.replace("\t", " ").replace("Frames:  ", "Frames: ")


def test_a_clip_is_reopened_unchanged():
    mocap.reopen("short")
    first = snapshot.take()
    bpy.ops.pose.loc_clear()
    assert snapshot.differences(first, snapshot.take())
    mocap.reopen("short")
    assert snapshot.differences(first, snapshot.take(), 0.0) == []
