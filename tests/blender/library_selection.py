"""Selection and visibility by the library, each function with the properties of the operator whose
name it has.

The add-on leaves these to Blender, for which the flags need not be read; other programs use the
library. It has to do what Blender does, by the rules of 4.5 and of 5.2; between these, where some
operators follow the older rules and some neither, Limber's operators are called.
"""

from __future__ import annotations

from array import array

import bpy
import selection_groups as groups
from session import VERSION, module

RELATIONS = {"CHILDREN": 3, "CHILDREN_IMMEDIATE": 4, "PARENT": 5, "SIBLINGS": 6, "SIBILINGS": 6}


def call(operator, _scene, values: dict) -> set[str]:
    """Blender's operator itself, and the library instead of Limber's."""
    family, _, name = operator.idname_py().partition(".")
    if family == "pose" or VERSION not in {(4, 5), (5, 2)}:
        return operator(**values)
    try:
        answer = globals()[name](bpy.context, **values)
    except groups.KeyingSetError as error:
        # As an error that an operator reports comes back to a script.
        print(f"Error: {error}")
        raise RuntimeError(f"Error: {error}\n") from None
    bpy.context.view_layer.update()
    return answer


def posed(context) -> list:
    return module("bridge.bones").posed_objects(context)


def unique_data(objects: list) -> list:
    """One object for each armature: the first."""
    found: dict = {}
    for obj in objects:
        found.setdefault(obj.data, obj)
    return list(found.values())


def read(objects: list, *names: str) -> list[tuple]:
    """The flags of each object, the named ones read, and the native view of them."""
    return views(module("bridge.flags").read_all(objects), *names)


def views(flags: list, *names: str) -> list[tuple]:
    view = module("native.select").Bones
    return [(each, view(**each.read(*names).fields())) for each in flags]


def write(pairs: list) -> None:
    module("bridge.flags").write_all([flags for flags, _ in pairs])


def status(found: bool) -> set[str]:
    return {"FINISHED"} if found else {"CANCELLED"}


def select_all(context, action: str = "TOGGLE") -> set[str]:
    bridge, native = module("bridge.flags"), module("native.select")
    pairs = read(posed(context), *bridge.SELECTABILITY, *bridge.ENDS)
    number = {"TOGGLE": 0, "SELECT": 1, "DESELECT": 2, "INVERT": 3}[action]
    if number == 0:
        number = 2 if any(native.any_selected(view) for _, view in pairs) else 1
    for _, view in pairs:
        native.select_all(view, number)
    write(pairs)
    return {"FINISHED"}


def select_hierarchy(context, direction: str = "PARENT", extend: bool = False) -> set[str]:
    bridge, native = module("bridge.flags"), module("native.select")
    objects = unique_data(posed(context)) if groups.FLAGS_ON_POSE_BONES else [context.pose_object]
    pairs = read(objects, *bridge.SELECTABILITY, "parent", "connected", "active")
    number = 0 if direction == "PARENT" else 1
    found = [native.select_hierarchy(view, number, extend, bridge.RULES) for _, view in pairs]
    write(pairs)
    return status(any(found))


def select_parent(context) -> set[str]:
    bridge, native = module("bridge.flags"), module("native.select")
    pairs = read([context.pose_object], *bridge.SELECTABILITY, "parent", "active")
    found = native.select_parent(pairs[0][1], bridge.RULES)
    write(pairs)
    return status(found)


def select_linked(context) -> set[str]:
    bridge, native = module("bridge.flags"), module("native.select")
    pairs = read(posed(context), *bridge.SELECTABILITY, "parent", "connected")
    for _, view in pairs:
        native.select_linked(view, bridge.RULES)
    write(pairs)
    return {"FINISHED"}


def select_mirror(context, only_active: bool = False, extend: bool = False) -> set[str]:
    bridge, native = module("bridge.flags"), module("native.select")
    pairs = read(unique_data(posed(context)), *bridge.SELECTABILITY, *bridge.ENDS, "active")
    for flags, view in pairs:
        mirror = module("native.names").mirror_bones(groups.bone_names(flags.obj))
        native.select_mirror(view, mirror, only_active, extend)
    write(pairs)
    return {"FINISHED"}


def select_grouped(context, type: str = "COLLECTION", extend: bool = False) -> set[str]:
    bridge, native = module("bridge.flags"), module("native.select")
    objects = posed(context)
    if type == "KEYINGSET":
        return grouped_by_keying_set(context, objects, extend)
    if type in RELATIONS:
        pairs = read(unique_data(objects), *bridge.SELECTABILITY, "parent")
        found = [
            native.select_related(view, RELATIONS[type], extend, bridge.RULES) for _, view in pairs
        ]
    else:
        active = context.active_pose_bone
        if active is None:
            return {"CANCELLED"}
        by = groups.Collections() if type == "COLLECTION" else groups.Colors()
        key = by.of_bone(active)
        pairs = read(objects, *bridge.SELECTABILITY)
        found, begun = [], set()
        for obj, (flags, view) in zip(objects, pairs, strict=True):
            # Objects that share their flags are deselected together, first of all.
            more = extend or flags in begun
            begun.add(flags)
            first, ids = by.of_object(obj)
            found.append(native.select_group(view, first, ids, key, more, bridge.RULES))
    write(pairs)
    return status(any(found))


def grouped_by_keying_set(context, objects: list, extend: bool) -> set[str]:
    bridge, native = module("bridge.flags"), module("native.select")
    paths = groups.keying_set_bones(context)
    pairs = read(objects, *bridge.SELECTABILITY)
    unique, begun, found = unique_data(objects), set(), []
    for obj, (flags, view) in zip(objects, pairs, strict=True):
        listed = array("i", paths(obj) if obj in unique else ())
        more = extend or flags in begun
        begun.add(flags)
        found.append(native.select_keyed(view, listed, more))
    write(pairs)
    return status(any(found) or not extend)


def select_constraint_target(context) -> set[str]:
    bridge, native = module("bridge.flags"), module("native.select")
    table = groups.ConstraintTargets(context, bridge.read_all(posed(context)))
    if not table.owners:
        return {"CANCELLED"}
    joined = table.joined(*bridge.SELECTABILITY, *bridge.ENDS)
    found = native.select_targets(native.Bones(**joined), table.owners, table.targets)
    table.split(joined)
    bridge.write_all(table.flags)
    return status(found)


def hide(context, unselected: bool = False) -> set[str]:
    pairs = read(unique_data(posed(context)), *module("bridge.flags").VISIBILITY)
    found = [module("native.select").hide(view, unselected) for _, view in pairs]
    write(pairs)
    return status(any(found))


def reveal(context, select: bool = True) -> set[str]:
    pairs = read(unique_data(posed(context)), *module("bridge.flags").SELECTABILITY)
    found = [module("native.select").reveal(view, select) for _, view in pairs]
    write(pairs)
    return status(any(found))
