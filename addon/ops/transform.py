# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotation modes, quaternion signs, and visual transforms."""

from __future__ import annotations

from itertools import compress

import bpy
from bpy.props import BoolProperty, EnumProperty

from ..bridge import autokey, bones, pose, rig, some_bones
from ..bridge.key_failures import told
from ..bridge.known_curves import unchanged_pose
from ..native import rotation_mode as native
from ..native.structs import Pose
from ..native.transform import Rig
from . import key_style
from .base import LimberOperator, run_stock

_ROTATIONS = ["rotation_quaternion", "rotation_euler", "rotation_axis_angle"]
_RIG = ("rest", "inherit_scale", "use_inherit_rotation", "use_local_location")


def stock_pays(context, keys: bool) -> bool:
    """Whether Blender's operator is the fastest way, for one that keys its change or not.

    Where it only has to visit the bones, it is done before Python has read one property of all of
    them; keying them is what takes its time.
    """
    return not (keys and autokey.enabled(context)) or autokey.is_visual(context)


ROTATION_MODES = (
    ("QUATERNION", "Quaternion (WXYZ)", "No Gimbal Lock", 0),
    ("XYZ", "XYZ Euler", "XYZ Rotation Order - prone to Gimbal Lock (default)", 1),
    ("XZY", "XZY Euler", "XZY Rotation Order - prone to Gimbal Lock", 2),
    ("YXZ", "YXZ Euler", "YXZ Rotation Order - prone to Gimbal Lock", 3),
    ("YZX", "YZX Euler", "YZX Rotation Order - prone to Gimbal Lock", 4),
    ("ZXY", "ZXY Euler", "ZXY Rotation Order - prone to Gimbal Lock", 5),
    ("ZYX", "ZYX Euler", "ZYX Rotation Order - prone to Gimbal Lock", 6),
    (
        "AXIS_ANGLE",
        "Axis Angle",
        "Axis Angle (W+XYZ), defines a rotation around some axis defined by 3D-Vector",
        -1,
    ),
)


class LIMBER_OT_rotation_mode_set(LimberOperator, bpy.types.Operator):
    """Set the rotation representation used by selected bones"""

    bl_idname = "limber.rotation_mode_set"
    bl_label = "Set Rotation Mode (Limber)"
    bl_options = {"REGISTER", "UNDO"}
    bl_property = "type"

    type: EnumProperty(name="Rotation Mode", items=ROTATION_MODES, default="QUATERNION")
    exact: BoolProperty(
        name="Keep Orientation",
        description="Convert between Euler orders too, and never change an axis",
        default=False,
    )

    def invoke(self, context, _event) -> set[str]:
        if self.properties.is_property_set("type"):
            return self.execute(context)
        exact = self.exact

        def draw(menu, _context) -> None:
            menu.layout.operator_context = "EXEC_REGION_WIN"
            # As an enumeration is laid out, but with the other property.
            column = menu.layout.row().column()
            for identifier, name, _, _ in ROTATION_MODES:
                entry = column.operator("limber.rotation_mode_set", text=name)
                entry.type = identifier
                if exact:
                    entry.exact = True

        context.window_manager.popup_menu(draw, title="Set Rotation Mode")
        return {"INTERFACE"}

    def run(self, context) -> set[str]:
        if not self.exact and stock_pays(context, False):
            return run_stock(self, lambda: bpy.ops.pose.rotation_mode_set(type=self.type))
        mode = some_bones.MODES.index(self.type) - 1
        for obj in bones.posed_objects(context):
            selected = bones.selected_mask(obj)
            if 1 in selected.tobytes():
                self._set(obj, selected, mode)
                pose.tag(obj)
        return {"FINISHED"}

    def _set(self, obj, selected, mode: int) -> None:
        channels = pose.PoseArrays.read(obj, ["rotation_mode", *_ROTATIONS])
        view = Pose(bone_count=channels.count, **channels.arrays)
        native.rotation_mode_set(view, selected, mode, self.exact)
        # Blender converts the rotations itself when a mode is set, those of bones that keep
        # theirs included, so the values have to follow the modes.
        channels.write(["rotation_mode", *_ROTATIONS])


class LIMBER_OT_quaternions_flip(LimberOperator, bpy.types.Operator):
    """Flip quaternion values to achieve desired rotations, while maintaining the same \
orientations"""

    bl_idname = "limber.quaternions_flip"
    bl_label = "Flip Quaternions (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    def run(self, context) -> set[str]:
        if stock_pays(context, True):
            return run_stock(self, bpy.ops.pose.quaternions_flip)
        done = False
        with told(self), unchanged_pose(context):
            for obj in bones.posed_objects(context):
                flipped = self._flip(obj)
                done = done or bool(flipped)
                if flipped and autokey.enabled(context):
                    quaternions = [bone for bone in flipped if bone.rotation_mode == "QUATERNION"]
                    with key_style.preferred(context, [obj]):
                        autokey.key_quaternions(context, obj, quaternions)
        return {"FINISHED"} if done else {"CANCELLED"}

    def _flip(self, obj) -> list:
        """Flips an object's selected bones and gives them back; none if no quaternion is live."""
        selected = bones.selected_mask(obj)
        count = len(selected) - selected.tobytes().count(0)
        if not count:
            return []
        names = ["rotation_mode", "rotation_quaternion"]
        few = some_bones.worth_it(count, len(selected))
        found = some_bones.find(obj, selected) if few else None
        channels = (
            some_bones.SomeBones.read(found, names) if few else pose.PoseArrays.read(obj, names)
        )
        view = Pose(bone_count=channels.count, **channels.arrays)
        if not native.quaternions_flip(view, None if few else selected):
            return []
        channels.write()
        pose.tag(obj)
        return found or list(compress(obj.pose.bones.values(), selected))


class LIMBER_OT_visual_transform_apply(LimberOperator, bpy.types.Operator):
    """Apply final constrained position of pose bones to their transform"""

    bl_idname = "limber.visual_transform_apply"
    bl_label = "Apply Visual Transform to Pose (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    def run(self, context) -> set[str]:
        if stock_pays(context, False):
            return run_stock(self, bpy.ops.pose.visual_transform_apply)
        # The constraints have to be those of the channels as they are now.
        context.view_layer.update()
        for obj in bones.posed_objects(context):
            selected = bones.selected_mask(obj)
            if 1 in selected.tobytes():
                self._apply(obj, selected)
            pose.tag(obj)
        return {"FINISHED"}

    def _apply(self, obj, selected) -> None:
        matrices = rig.pose_matrices(obj)
        rest = rig.read(obj, _RIG)
        channels = pose.PoseArrays.read(obj, ["location", "scale", "rotation_mode", *_ROTATIONS])
        native.visual_transform_apply(
            Rig(bone_count=channels.count, **rest),
            matrices,
            Pose(bone_count=channels.count, **channels.arrays),
            selected,
        )
        channels.write()


CLASSES = (
    LIMBER_OT_rotation_mode_set,
    LIMBER_OT_quaternions_flip,
    LIMBER_OT_visual_transform_apply,
)

MENU = (
    ("Apply", ("limber.visual_transform_apply",)),
    (
        "Rotation",
        (
            *(
                ("limber.rotation_mode_set", f"{name} (Limber)", {"type": identifier})
                for identifier, name, _, _ in ROTATION_MODES
            ),
            "limber.quaternions_flip",
        ),
    ),
)
