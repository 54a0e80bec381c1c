# SPDX-License-Identifier: GPL-3.0-or-later
"""Add, copy and remove the constraints of bones."""

from __future__ import annotations

from array import array

import bpy
from bpy.props import BoolProperty, EnumProperty

from ..bridge import bones as bones_bridge
from ..bridge import constraints as bridge
from ..native import constraints as native
from .base import LimberOperator, run_stock

_ITEMS = tuple(
    (item.identifier, item.name, item.description, item.icon, item.value)
    for item in bpy.types.Constraint.bl_rna.properties["type"].enum_items_static_ui
)
"""The types, under headings without identifier."""


class _PoseOnly(LimberOperator):
    """The active object is itself an armature in pose mode.

    Editing stacks through Python updates the whole rig with each constraint, so Blender's own
    operator does it wherever it does it right. Errors are better reported once than by both.
    """

    bl_options = {"REGISTER", "UNDO"}

    def stock_errs(self, context) -> bool:
        """Whether Blender's own operator would do damage here."""
        return False

    def declines(self, context) -> bool:
        """Whether the operator will only report an error."""
        return False

    def execute(self, context) -> set[str]:
        if runs_natively(self, context):
            return super().execute(context)
        name = self.bl_idname.partition("_OT_")[2] or self.bl_idname.partition(".")[2]
        operator = getattr(bpy.ops.pose, name)
        return run_stock(self, lambda: operator(**self.as_keywords()))

    @classmethod
    def poll_stock(cls, context) -> bool:
        obj = context.object
        if obj is None or obj.type != "ARMATURE" or obj.mode != "POSE":
            cls.poll_message_set("No object, or not exclusively in pose mode")
            return False
        return True


class _OnActiveBone(_PoseOnly):
    """And the active object has an active bone to work on."""

    def declines(self, context) -> bool:
        return context.active_pose_bone is None


def runs_natively(operator: _PoseOnly, context) -> bool:
    """Whether this call takes the native path; tests take it always."""
    return operator.declines(context) or operator.stock_errs(context)


class _LocalPose(_PoseOnly):
    """And no library override."""

    @classmethod
    def poll_stock(cls, context) -> bool:
        if not super().poll_stock(context):
            return False
        if context.object.override_library is not None:
            cls.poll_message_set("Object is a local library override")
            return False
        return True


# To most of these Blender's own operator gives an Empty though they have no target; to an Armature
# constraint it gives objects that this does not take.
_BAD_TARGETS = {"CAMERA_SOLVER", "FOLLOW_TRACK", "OBJECT_SOLVER", "TRANSFORM_CACHE", "ARMATURE"}


def _add(operator, context, kind: str, with_target: bool) -> set[str]:
    bone = context.active_pose_bone
    if bone is None:
        operator.report({"ERROR"}, "No active pose bone to add a constraint to")
        return {"CANCELLED"}
    target = _find_target(context, bone, kind) if with_target else (native.NOTHING, -1)
    constraint = bridge.add_constraint(bone, kind)
    _aim(context, bone, constraint, target)
    return {"FINISHED"}


def _find_target(context, bone, kind: str) -> tuple[int, int]:
    obj = context.object
    objects = bridge.target_objects(context)
    kinds = array("B", map(bridge.object_kind, objects))
    proposed = array(
        "i",
        [
            bridge.proposed_bone(other) if number == native.POSED else -1
            for other, number in zip(objects, kinds, strict=True)
        ],
    )
    active = obj.pose.bones.find(bone.name)
    mask = bones_bridge.selected_mask(obj)
    return native.find_target(bridge.NUMBERS[kind], active, mask, kinds, proposed)


def _aim(context, bone, constraint, found: tuple[int, int]) -> None:
    kind, number = found
    obj = context.object
    if kind == native.BONE:
        bridge.set_target(constraint, obj, obj.pose.bones[number].name)
    elif kind == native.OBJECT:
        bridge.set_target(constraint, bridge.target_objects(context)[number])
    elif kind == native.OBJECT_BONE:
        target = bridge.target_objects(context)[number]
        name = target.pose.bones[bridge.proposed_bone(target)].name
        bridge.set_target(constraint, target, name)
    elif kind == native.EMPTY:
        bridge.set_target(constraint, bridge.add_empty(context, bone, constraint.type == "IK"))


class LIMBER_OT_constraint_add(_OnActiveBone, bpy.types.Operator):
    """Add a constraint to the active bone"""

    bl_idname = "limber.constraint_add"
    bl_label = "Add Constraint (Limber)"
    bl_property = "type"

    type: EnumProperty(name="Type", items=_ITEMS, default="CHILD_OF")

    def invoke(self, context, _event) -> set[str]:
        return _choose_type(context, self)

    def run(self, context) -> set[str]:
        return _add(self, context, self.type, with_target=False)


class LIMBER_OT_constraint_add_with_targets(_OnActiveBone, bpy.types.Operator):
    """Add a constraint to the active bone, with target (where applicable) set to the selected \
Objects/Bones"""

    bl_idname = "limber.constraint_add_with_targets"
    bl_label = "Add Constraint (with Targets) (Limber)"
    bl_property = "type"

    type: EnumProperty(name="Type", items=_ITEMS, default="CHILD_OF")

    def stock_errs(self, context) -> bool:
        return self.type in _BAD_TARGETS

    def invoke(self, context, _event) -> set[str]:
        return _choose_type(context, self)

    def run(self, context) -> set[str]:
        return _add(self, context, self.type, with_target=True)


def _choose_type(context, operator) -> set[str]:
    """A menu of the types, as stock shows it, unless the type was given."""
    if operator.properties.is_property_set("type"):
        return operator.execute(context)
    name = operator.bl_idname.lower().replace("_ot_", ".")
    title = operator.bl_label.removesuffix(" (Limber)")

    def draw(menu, _context) -> None:
        menu.layout.operator_context = "EXEC_REGION_WIN"
        menu.layout.operator_enum(name, "type")

    context.window_manager.popup_menu(draw, title=title)
    return {"INTERFACE"}


class LIMBER_OT_constraints_clear(_LocalPose, bpy.types.Operator):
    """Clear all constraints from the selected bones"""

    bl_idname = "limber.constraints_clear"
    bl_label = "Clear Pose Constraints (Limber)"

    def stock_errs(self, context) -> bool:
        return bridge.any_override(context)

    def run(self, context) -> set[str]:
        stacks = bridge.Stacks(context)
        stacks.remove(native.clear(native.Constraints(**stacks.arrays)))
        _report_fixed(self, stacks)
        return {"FINISHED"}


def _report_fixed(operator, stacks: bridge.Stacks) -> None:
    count = stacks.fixed_count()
    if count:
        operator.report({"WARNING"}, f"{count} constraint(s) come from a library and stay")


class LIMBER_OT_constraints_copy(_PoseOnly, bpy.types.Operator):
    """Copy constraints to other selected bones"""

    bl_idname = "limber.constraints_copy"
    bl_label = "Copy Constraints to Selected Bones (Limber)"

    def declines(self, context) -> bool:
        source = context.active_pose_bone
        return source is None or not source.constraints

    def stock_errs(self, context) -> bool:
        return bridge.any_override(context) or bridge.copies_to_own_target(context)

    def run(self, context) -> set[str]:
        source = context.active_pose_bone
        edits = None
        if source is not None and source.constraints:
            stacks = bridge.Stacks(context, always=source)
            if stacks.source >= 0:
                edits = native.copy(native.Constraints(**stacks.arrays), stacks.source)
        if edits is None:
            self.report({"ERROR"}, "No active bone with constraints for copying")
            return {"CANCELLED"}
        remove, rows, destinations = edits
        constraints = stacks.chosen(rows)
        active = next((i for i, c in enumerate(constraints) if c == source.constraints.active), -1)
        stacks.remove(remove)
        for bone, gets in zip(stacks.bones, destinations, strict=True):
            if gets:
                bridge.copy_stack(bone, constraints, active)
        _report_fixed(self, stacks)
        return {"FINISHED"}


class LIMBER_OT_ik_add(_OnActiveBone, bpy.types.Operator):
    """Add an IK Constraint to the active Bone. The target can be a selected bone or object"""

    bl_idname = "limber.ik_add"
    bl_label = "Add IK to Bone (Limber)"

    with_targets: BoolProperty(
        name="With Targets",
        description="Assign IK Constraint with targets derived from the select bones/objects",
        default=True,
    )

    def invoke(self, context, _event) -> set[str]:
        bone = context.active_pose_bone
        if bone is None:
            self.report({"ERROR"}, "Must have an active bone to add IK constraint to")
            return {"CANCELLED"}
        if any(constraint.type == "IK" for constraint in bone.constraints):
            self.report({"ERROR"}, "Bone already has an IK constraint")
            return {"CANCELLED"}
        kind, _ = _find_target(context, bone, "IK")

        def draw(menu, _context) -> None:
            menu.layout.operator_context = "EXEC_REGION_WIN"
            if kind == native.EMPTY:
                texts = (("Target New Empty Object", True), ("Without Target", False))
            else:
                on_bone = kind in {native.BONE, native.OBJECT_BONE}
                texts = ((f"Target Selected {'Bone' if on_bone else 'Object'}", True),)
            for text, value in texts:
                menu.layout.operator("limber.ik_add", text=text).with_targets = value

        context.window_manager.popup_menu(draw, title="Add IK")
        return {"INTERFACE"}

    def run(self, context) -> set[str]:
        return _add(self, context, "IK", self.with_targets)


class LIMBER_OT_ik_clear(_LocalPose, bpy.types.Operator):
    """Remove all IK Constraints from selected bones"""

    bl_idname = "limber.ik_clear"
    bl_label = "Remove IK (Limber)"

    def stock_errs(self, context) -> bool:
        return bridge.any_override(context) or bridge.any_driven(context)

    def run(self, context) -> set[str]:
        stacks = bridge.Stacks(context)
        gone = native.clear(native.Constraints(**stacks.arrays), native.IK)
        stacks.remove(gone, drivers=True)
        return {"FINISHED"}


CLASSES = (
    LIMBER_OT_constraint_add,
    LIMBER_OT_constraint_add_with_targets,
    LIMBER_OT_constraints_clear,
    LIMBER_OT_constraints_copy,
    LIMBER_OT_ik_add,
    LIMBER_OT_ik_clear,
)

MENU = (
    ("Inverse Kinematics", ("limber.ik_add", "limber.ik_clear")),
    (
        "Constraints",
        (
            "limber.constraint_add",
            "limber.constraint_add_with_targets",
            "limber.constraints_copy",
            "limber.constraints_clear",
        ),
    ),
)
