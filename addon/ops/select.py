# SPDX-License-Identifier: GPL-3.0-or-later
"""Select bones: all, along the hierarchy, by mirror name, by group, by constraint."""

from __future__ import annotations

from array import array

import bpy
from bpy.props import BoolProperty, EnumProperty

from ..bridge import bones as bones_bridge
from ..bridge import flags as bridge
from ..bridge import groups
from ..native import names, select
from .base import LimberOperator, run_stock

RELATIONS = {"CHILDREN": 3, "CHILDREN_IMMEDIATE": 4, "PARENT": 5, "SIBLINGS": 6, "SIBILINGS": 6}
OLD_SPELLING = not bridge.FLAGS_ON_POSE_BONES


class SelectionOperator(LimberOperator):
    """Mixin: runs natively where that is faster, else by Blender's own operator.

    Setting flags costs next to nothing against the update of the scene that follows, in both; what
    Python has to read comes on top. So only what may leave the scene alone is faster natively.
    """

    native_pays = False
    """Whether the native path is faster from Blender 5.0 on."""

    def pays(self) -> bool:
        """Whether this call is faster natively."""
        return self.native_pays and bridge.FLAGS_ON_POSE_BONES

    def execute(self, context) -> set[str]:
        if runs_natively(self) and bridge.writable(bones_bridge.posed_objects(context)):
            return super().execute(context)
        name = self.bl_idname.partition("_OT_")[2] or self.bl_idname.partition(".")[2]
        operator = getattr(bpy.ops.pose, name)
        return run_stock(self, lambda: operator(**self.stock_arguments()))

    def stock_arguments(self) -> dict:
        """The properties for Blender's own operator."""
        return self.as_keywords()


def runs_natively(operator: SelectionOperator) -> bool:
    """Whether this call takes the native path; tests take it always."""
    return operator.pays()


def _read(objects: list, *names: str) -> list[tuple[bridge.Flags, select.Bones]]:
    """The named flags of each object, and the native view of them."""
    return _views(bridge.read_all(objects), *names)


def _views(flags: list[bridge.Flags], *names: str) -> list[tuple[bridge.Flags, select.Bones]]:
    return [(each, select.Bones(**each.read(*names).fields())) for each in flags]


def _with_selection(objects: list) -> list[bridge.Flags]:
    """The flags of the objects that have any select flag on."""
    return [each for each in bridge.read_all(objects) if any(each.arrays["select"])]


def _write(read: list) -> None:
    bridge.write_all([flags for flags, _ in read])


def _status(found: bool) -> set[str]:
    return {"FINISHED"} if found else {"CANCELLED"}


class LIMBER_OT_select_all(SelectionOperator, bpy.types.Operator):
    """Toggle selection status of all bones"""

    bl_idname = "limber.select_all"
    bl_label = "(De)select All (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    action: EnumProperty(
        name="Action",
        description="Selection action to execute",
        items=(
            ("TOGGLE", "Toggle", "Toggle selection for all elements", 0),
            ("SELECT", "Select", "Select all elements", 1),
            ("DESELECT", "Deselect", "Deselect all elements", 2),
            ("INVERT", "Invert", "Invert selection of all elements", 3),
        ),
        default="TOGGLE",
        options={"SKIP_SAVE", "HIDDEN"},
    )

    def run(self, context) -> set[str]:
        flags = bridge.read_all(bones_bridge.posed_objects(context))
        ends = () if self.action == "SELECT" else bridge.ENDS
        read = _views(flags, *bridge.SELECTABILITY, *ends)
        action = {"TOGGLE": 0, "SELECT": 1, "DESELECT": 2, "INVERT": 3}[self.action]
        if action == 0:
            action = 2 if any(select.any_selected(view) for _, view in read) else 1
        for _, view in read:
            select.select_all(view, action)
        _write(read)
        return {"FINISHED"}


class LIMBER_OT_select_hierarchy(SelectionOperator, bpy.types.Operator):
    """Select immediate parent/children of selected bones"""

    bl_idname = "limber.select_hierarchy"
    bl_label = "Select Hierarchy (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    direction: EnumProperty(
        name="Direction",
        items=(("PARENT", "Select Parent", "", 0), ("CHILD", "Select Child", "", 1)),
        default="PARENT",
    )
    extend: BoolProperty(name="Extend", description="Extend the selection", default=False)

    def run(self, context) -> set[str]:
        if bridge.FLAGS_ON_POSE_BONES:
            flags = _with_selection(bridge.unique_data(bones_bridge.posed_objects(context)))
        else:
            flags = [bridge.Flags(context.pose_object)]
        read = _views(flags, *bridge.SELECTABILITY, "parent", "connected", "active")
        direction = 0 if self.direction == "PARENT" else 1
        found = [
            select.select_hierarchy(view, direction, self.extend, bridge.RULES) for _, view in read
        ]
        _write(read)
        return _status(any(found))


class LIMBER_OT_select_parent(SelectionOperator, bpy.types.Operator):
    """Select bones that are parents of the currently selected bones"""

    bl_idname = "limber.select_parent"
    bl_label = "Select Parent Bone (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    def run(self, context) -> set[str]:
        read = _read([context.pose_object], *bridge.SELECTABILITY, "parent", "active")
        found = select.select_parent(read[0][1], bridge.RULES)
        _write(read)
        return _status(found)


class LIMBER_OT_select_linked(SelectionOperator, bpy.types.Operator):
    """Select all bones linked by connected parent/child relationships from the current selection"""

    bl_idname = "limber.select_linked"
    bl_label = "Select Connected (Limber)"
    bl_options = {"REGISTER", "UNDO"}
    native_pays = True

    def run(self, context) -> set[str]:
        flags = _with_selection(bones_bridge.posed_objects(context))
        # Nothing can be added where every bone is selected.
        flags = [each for each in flags if not all(each.arrays["select"])]
        read = _views(flags, *bridge.SELECTABILITY, "parent", "connected")
        for _, view in read:
            select.select_linked(view, bridge.RULES)
        _write(read)
        return {"FINISHED"}


class LIMBER_OT_select_mirror(SelectionOperator, bpy.types.Operator):
    """Mirror the bone selection"""

    bl_idname = "limber.select_mirror"
    bl_label = "Select Mirror (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    only_active: BoolProperty(
        name="Active Only", description="Only operate on the active bone", default=False
    )
    extend: BoolProperty(name="Extend", description="Extend the selection", default=False)

    def run(self, context) -> set[str]:
        objects = bridge.unique_data(bones_bridge.posed_objects(context))
        read = _read(objects, *bridge.SELECTABILITY, *bridge.ENDS, "active")
        for flags, view in read:
            mirror = names.mirror_bones(bones_bridge.names(flags.obj))
            select.select_mirror(view, mirror, self.only_active, self.extend)
        _write(read)
        if context.mode == "PAINT_WEIGHT":
            for flags, _ in read:
                groups.activate_vertex_group(context.active_object, flags.obj.data.bones.active)
        return {"FINISHED"}


def _grouped_types() -> tuple:
    """Stock's items; the last one is spelled differently in each version, so both are known."""
    siblings = (
        "Siblings",
        "Select all bones that have the same parent as currently selected bones",
    )
    spellings = ("SIBILINGS", "SIBLINGS") if OLD_SPELLING else ("SIBLINGS", "SIBILINGS")
    return (
        ("COLLECTION", "Collection", "Same collections as the active bone", 0),
        ("COLOR", "Color", "Same color as the active bone", 1),
        ("KEYINGSET", "Keying Set", "All bones affected by active Keying Set", 2),
        ("CHILDREN", "Children", "Select all children of currently selected bones", 3),
        (
            "CHILDREN_IMMEDIATE",
            "Immediate Children",
            "Select direct children of currently selected bones",
            4,
        ),
        ("PARENT", "Parents", "Select the parents of currently selected bones", 5),
        (spellings[0], *siblings, 6),
        (spellings[1], *siblings, 7),
    )


class LIMBER_OT_select_grouped(SelectionOperator, bpy.types.Operator):
    """Select all visible bones grouped by similar properties"""

    bl_idname = "limber.select_grouped"
    bl_label = "Select Grouped (Limber)"
    bl_options = {"REGISTER", "UNDO"}
    bl_property = "type"

    extend: BoolProperty(
        name="Extend",
        description="Extend selection instead of deselecting everything first",
        default=False,
    )
    type: EnumProperty(name="Type", items=_grouped_types(), default="COLLECTION")

    def invoke(self, context, _event) -> set[str]:
        context.window_manager.popup_menu(_draw_grouped, title="Select Grouped")
        return {"INTERFACE"}

    def execute(self, context) -> set[str]:
        if self.type == "COLOR" and context.active_pose_bone is None:
            return {"CANCELLED"}  # where Blender crashes
        return super().execute(context)

    def pays(self) -> bool:
        # Its errors are better reported once.
        return self.type == "KEYINGSET" and bpy.context.scene.keying_sets_all.active is None

    def stock_arguments(self) -> dict:
        siblings = _grouped_types()[6][0]
        kind = siblings if self.type in {"SIBLINGS", "SIBILINGS"} else self.type
        return {"type": kind, "extend": self.extend}

    def run(self, context) -> set[str]:
        objects = bones_bridge.posed_objects(context)
        if self.type in RELATIONS:
            flags = _with_selection(bridge.unique_data(objects))
            read = _views(flags, *bridge.SELECTABILITY, "parent")
            number = RELATIONS[self.type]
            found = [
                select.select_related(view, number, self.extend, bridge.RULES) for _, view in read
            ]
        elif self.type == "KEYINGSET":
            return self._keyed(context, objects)
        else:
            active = context.active_pose_bone
            if active is None:
                return {"CANCELLED"}
            by = groups.Collections() if self.type == "COLLECTION" else groups.Colors()
            key = by.of_bone(active)
            read = _read(objects, *bridge.SELECTABILITY)
            found, begun = [], set()
            for obj, (flags, view) in zip(objects, read, strict=True):
                # Objects that share their flags are deselected together, first of all.
                extend = self.extend or flags in begun
                begun.add(flags)
                first, ids = by.of_object(obj)
                found.append(select.select_group(view, first, ids, key, extend, bridge.RULES))
        _write(read)
        return _status(any(found))

    def _keyed(self, context, objects: list) -> set[str]:
        try:
            paths = groups.keying_set_bones(context)
        except groups.KeyingSetError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        read = _read(objects, *bridge.SELECTABILITY)
        unique, begun, found = bridge.unique_data(objects), set(), []
        for obj, (flags, view) in zip(objects, read, strict=True):
            listed = array("i", paths(obj) if obj in unique else ())
            extend = self.extend or flags in begun
            begun.add(flags)
            found.append(select.select_keyed(view, listed, extend))
        _write(read)
        return _status(any(found) or not self.extend)


def _draw_grouped(menu, _context) -> None:
    menu.layout.operator_context = "EXEC_REGION_WIN"
    # As an enumeration is laid out, but without the other version's spelling.
    column = menu.layout.row().column()
    for identifier, text, _description, number in _grouped_types():
        if number < 7:
            column.operator("limber.select_grouped", text=text).type = identifier


class LIMBER_OT_select_constraint_target(SelectionOperator, bpy.types.Operator):
    """Select bones used as targets for the currently selected bones"""

    bl_idname = "limber.select_constraint_target"
    bl_label = "Select Constraint Target (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    def run(self, context) -> set[str]:
        flags = bridge.read_all(bones_bridge.posed_objects(context))
        table = groups.ConstraintTargets(context, flags)
        if not table.owners:
            return {"CANCELLED"}
        joined = table.joined(*bridge.SELECTABILITY, *bridge.ENDS)
        found = select.select_targets(select.Bones(**joined), table.owners, table.targets)
        table.split(joined)
        bridge.write_all(table.flags)
        return _status(found)


class LIMBER_OT_select_linked_pick(LimberOperator, bpy.types.Operator):
    """Select bones linked by connected parent/child relationships under the mouse cursor"""

    bl_idname = "limber.select_linked_pick"
    bl_label = "Select Connected (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    extend: BoolProperty(
        name="Extend",
        description="Extend selection instead of deselecting everything first",
        default=False,
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll_stock(cls, context) -> bool:
        area = context.area
        return super().poll_stock(context) and area is not None and area.type == "VIEW_3D"

    # Which bone lies under the mouse is decided by Blender's drawing, so its own operator picks.
    def invoke(self, _context, _event) -> set[str]:
        return bpy.ops.pose.select_linked_pick("INVOKE_DEFAULT", extend=self.extend)


CLASSES = (
    LIMBER_OT_select_all,
    LIMBER_OT_select_hierarchy,
    LIMBER_OT_select_parent,
    LIMBER_OT_select_linked,
    LIMBER_OT_select_linked_pick,
    LIMBER_OT_select_mirror,
    LIMBER_OT_select_grouped,
    LIMBER_OT_select_constraint_target,
)

MENU = (
    (
        "Select",
        (
            ("limber.select_all", "All (Limber)", {"action": "SELECT"}),
            ("limber.select_all", "None (Limber)", {"action": "DESELECT"}),
            ("limber.select_all", "Invert (Limber)", {"action": "INVERT"}),
            "limber.select_constraint_target",
            "limber.select_linked",
            # Stock gives both one label; the search has to tell them apart.
            ("limber.select_linked_pick", "Select Connected to Bone at Pointer (Limber)", {}),
            "limber.select_parent",
            "limber.select_hierarchy",
            ("limber.select_hierarchy", "Select Child (Limber)", {"direction": "CHILD"}),
            "limber.select_mirror",
            "limber.select_grouped",
        ),
    ),
)
