"""Bone selection sets against stock."""

from __future__ import annotations

import dataclasses
import json

import bpy
import pytest
from differential import compare_with_stock
from scene import Options, build

OPTIONS = Options(
    bones=(1, 14),
    unselected=0.5,
    hidden=0.15,
    unselectable=0.15,
    nothing_selected=0.08,
    collections=0.4,
    custom_properties=0.0,
    constraints=0.0,
    pose_edits=0.0,
    keyed_bones=0.1,
    shared_data=0.3,
    selection_sets=0.0,
)
SET_NAMES = ("SelectionSet", "SelectionSet.001", "SelectionSet.3", "a", "a", "x.", "", 'q"{')


def make_sets(random, scene, fewest=0):
    """Sets with bones of all objects, foreign names and repeats."""
    names = [bone.name for obj in scene.objects for bone in obj.pose.bones] + ["nobody", ""]
    obj = scene.active
    for _ in range(random.randint(fewest, 5)):
        made = obj.selection_sets.add()
        made.name = random.choice(SET_NAMES)
        made.is_selected = random.random() < 0.4
        for name in random.choices(names, k=random.choice((0, 1, 3, 8, 40))):
            made.bone_ids.add().name = name
    count = len(obj.selection_sets)
    obj.active_selection_set = random.randint(-1, count) if fewest == 0 else random.randrange(count)


def with_sets(random, scene):
    make_sets(random, scene, fewest=2)


def maybe_sets(random, scene):
    make_sets(random, scene)


@pytest.mark.parametrize("name", ("add", "add_and_assign", "delete_all", "remove_bones"))
def test_without_an_active_set(name):
    changes = 0.3 if name == "remove_bones" else 0.5
    compare_with_stock(f"selection_set_{name}", None, OPTIONS, prepare=maybe_sets, changes=changes)


@pytest.mark.parametrize("name", ("remove", "assign", "unassign", "select", "deselect"))
def test_of_the_active_set(name):
    changes = {"select": 0.2, "deselect": 0.2}.get(name, 0.3)
    compare_with_stock(f"selection_set_{name}", None, OPTIONS, prepare=with_sets, changes=changes)


def test_poll_of_the_active_set():
    """The same, with indices that name no set: stock's poll decides."""
    for name in ("remove", "unassign", "deselect", "copy", "move"):
        compare_with_stock(
            f"selection_set_{name}", None, OPTIONS, prepare=maybe_sets, count=40, changes=0.0
        )


def test_move():
    def arguments(random, _scene):
        return {"direction": random.choice(("UP", "DOWN"))}

    compare_with_stock("selection_set_move", arguments, OPTIONS, prepare=with_sets)


def test_select_by_index():
    def arguments(random, scene):
        count = len(scene.active.selection_sets)
        return {"selection_set_index": random.randint(-count, count - 1)}

    compare_with_stock("selection_set_select", arguments, OPTIONS, prepare=with_sets, changes=0.2)


def test_an_index_without_set_is_refused(addon):
    scene = build(3, OPTIONS)
    scene.active.selection_sets.add()
    scene.active.active_selection_set = 0
    for index in (1, -3, 99):
        with pytest.raises(RuntimeError, match=f"There is no Selection Set {index}"):
            bpy.ops.limber.selection_set_select(selection_set_index=index)
    scene.active.active_selection_set = 5
    with pytest.raises(RuntimeError, match="no active Selection Set"):
        bpy.ops.limber.selection_set_assign()


@pytest.mark.parametrize("unselected", (0.1, 0.5, 0.95))
@pytest.mark.parametrize("collections", (0.0, 0.6))
def test_the_chosen_names_are_those_of_blenders_list(addon, unselected, collections):
    """They are read in three ways, whichever is the fastest for so many bones."""
    options = dataclasses.replace(OPTIONS, unselected=unselected, collections=collections)
    for seed in range(60):
        build(seed, options)
        chosen = clipboard_module().chosen_names(bpy.context)
        assert chosen == [bone.name for bone in bpy.context.selected_pose_bones]


def clipboard_module():
    from bl_ext.user_default.limber.bridge import sets

    return sets


def test_the_clipboard_text_is_stocks(addon, monkeypatch):
    """Without a window the clipboard keeps no text, so the text itself is compared."""
    import random

    from bl_operators import bone_selection_sets as stock

    for seed in range(60):
        scene = build(seed, OPTIONS)
        with_sets(random.Random(seed), scene)
        text = stock._to_json(bpy.context)
        assert clipboard_module().to_text(scene.active) == text
        parsed = clipboard_module().from_text(text)
        assert parsed == json.loads(text)


def test_copy_reports_as_stock():
    compare_with_stock(
        "selection_set_copy", None, OPTIONS, prepare=with_sets, count=40, changes=0.0
    )


def paste(text: str, monkeypatch):
    """Pastes a text with Limber, as if it lay on the clipboard."""
    module = clipboard_module()
    real = module.from_text
    monkeypatch.setattr(module, "from_text", lambda _clipboard: real(text))
    bpy.ops.limber.selection_set_paste()


def result(obj):
    sets = [(each.name, [entry.name for entry in each.bone_ids]) for each in obj.selection_sets]
    return sets, obj.active_selection_set


TEXTS = (
    '{"a": ["x", "y"], "SelectionSet": []}',
    "{}",
    '{"": ["x"]}',
    '{"a": "word", "b": ["é", "骨"]}',
    '{"SelectionSet": ["bone0"], "SelectionSet.001": ["bone1", "bone1"]}',
)


@pytest.mark.parametrize("text", TEXTS)
def test_paste_makes_stocks_sets(addon, monkeypatch, text):
    import random

    from bl_operators import bone_selection_sets as stock

    for seed in range(40):
        results = []
        for limber in (False, True):
            scene = build(seed, OPTIONS)
            maybe_sets(random.Random(seed), scene)
            if limber:
                paste(text, monkeypatch)
                monkeypatch.undo()
            else:
                stock._from_json(bpy.context, text)
                # As its operator goes on.
                obj = scene.active
                obj.active_selection_set = len(obj.selection_sets) - 1
            results.append(result(scene.active))
        assert results[0] == results[1]


@pytest.mark.parametrize("text", ("", "nonsense", "[1]", '"x"', '{"a": 5}', '{"a": [1]}', "null"))
def test_a_text_that_holds_no_sets_changes_nothing(addon, monkeypatch, text):
    scene = build(5, OPTIONS)
    scene.active.selection_sets.add().name = "kept"
    before = result(scene.active)
    with pytest.raises(RuntimeError, match="The clipboard does not contain a Selection Set"):
        paste(text, monkeypatch)
    assert result(scene.active) == before
