# SPDX-License-Identifier: GPL-3.0-or-later
"""The five pose slides."""

from __future__ import annotations

import bpy
from bpy.props import EnumProperty, FloatProperty, IntProperty

from .. import reader
from ..bridge import autokey, bones, pose
from ..bridge.key_failures import told
from ..bridge.known_curves import unchanged_pose
from ..native.slide import RULES_4_5
from . import key_style
from .base import LimberOperator, run_stock
from .slide_modal import SlideModal
from .slide_session import Session, Settings
from .subjects import RULES, curve_holders

_FRAME_LIMIT = 1048574
_FORGETS_FRAMES = bpy.app.version[:2] == (5, 0)
_PROPERTIES = ("factor", "prev_frame", "next_frame", "channels", "axis_lock")


def _has_defect(context, slide: str) -> bool:
    """Whether this Blender would do wrong what Limber does right.

    4.5 to 5.1 bend the hidden quaternions of axis-angle bones towards the rest pose. 5.0 reads the
    curves of an object that shares its armature with an earlier one at frame 0.
    """
    if RULES != RULES_4_5:
        return False
    objects = bones.posed_objects(context)
    if _FORGETS_FRAMES and len({obj.data.session_uid for obj in objects}) < len(objects):
        return True
    return slide == "blend_with_rest" and any(
        -1 in pose.read(obj, "rotation_mode") for obj in objects
    )


def stock_pays(context, slide: str, holders: list[tuple]) -> bool:
    """Whether Blender's operator is done before Limber has found the curves.

    Measured in microseconds: Blender takes 0.33 for a curve and 0.014 for each pair of a curve and
    a bone that acts. Limber takes 110, 0.18 for a curve, its part of the bone included, and 0.1
    for one that is slid; by the public reader of curves 130, 0.5 and 0.9.
    """
    if (RULES == RULES_4_5 and context.mode != "POSE") or _has_defect(context, slide):
        return False
    if autokey.enabled(context):
        # What Blender says of keys that it cannot insert goes to the window, and never raises.
        objects = bones.posed_objects(context)
        return context.mode == "POSE" and (
            autokey.is_visual(context) or autokey.work(objects) < autokey.SLIDE_WORK
        )
    if not holders:
        # Nothing can move, which Blender finds out bone by bone.
        return False
    direct = reader.state().layout is not None
    each, moved, fixed = (0.18, 0.1, 60.0) if direct else (0.5, 0.9, 80.0)
    total, fixed = sum(count for _, _, count in holders), fixed * len(holders) + 50.0
    if total * (0.33 + 0.014) >= fixed + total * (each + moved):
        # Whatever acts; to find out takes as long as the rest of this.
        return False
    stock = limber = 0.0
    for obj, _, count in holders:
        bone_count = max(len(obj.pose.bones), 1)
        acting = sum(bones.selected_mask(obj)) or bone_count
        stock += count * (0.33 + 0.014 * acting)
        slid = 0.0 if slide == "blend_with_rest" else moved * acting / bone_count
        limber += count * (each + slid)
    return stock < limber + fixed


class SlideOperator(SlideModal, LimberOperator):
    """Mixin: stock's properties of a slide, its direct form, and the interactive one."""

    bl_options = {"REGISTER", "UNDO", "BLOCKING", "GRAB_CURSOR_X"}
    slide = ""
    """The native function, which is also stock's name."""

    factor: FloatProperty(
        name="Factor",
        description="Weighting factor for which keyframe is favored more",
        default=0.5,
        min=0.0,
        max=1.0,
        step=1,
        precision=3,
        subtype="FACTOR",
        options={"SKIP_SAVE"},
    )
    prev_frame: IntProperty(
        name="Previous Keyframe",
        description="Frame number of keyframe immediately before the current frame",
        default=0,
        min=-_FRAME_LIMIT,
        max=_FRAME_LIMIT,
        soft_min=0,
        soft_max=50,
        options={"SKIP_SAVE"},
    )
    next_frame: IntProperty(
        name="Next Keyframe",
        description="Frame number of keyframe immediately after the current frame",
        default=0,
        min=-_FRAME_LIMIT,
        max=_FRAME_LIMIT,
        soft_min=0,
        soft_max=50,
        options={"SKIP_SAVE"},
    )
    channels: EnumProperty(
        name="Channels",
        description="Set of properties that are affected",
        items=(
            (
                "ALL",
                "All Properties",
                "All properties, including transforms, bendy bone shape, and custom properties",
            ),
            ("LOC", "Location", "Location only"),
            ("ROT", "Rotation", "Rotation only"),
            ("SIZE", "Scale", "Scale only"),
            ("BBONE", "Bendy Bone", "Bendy Bone shape properties"),
            ("CUSTOM", "Custom Properties", "Custom properties"),
        ),
        default="ALL",
        options={"SKIP_SAVE"},
    )
    axis_lock: EnumProperty(
        name="Axis Lock",
        description="Transform axis to restrict effects to",
        items=(
            ("FREE", "Free", "All axes are affected"),
            ("X", "X", "Only X-axis transforms are affected"),
            ("Y", "Y", "Only Y-axis transforms are affected"),
            ("Z", "Z", "Only Z-axis transforms are affected"),
        ),
        default="FREE",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll_stock(cls, context) -> bool:
        if super().poll_stock(context):
            return True
        # Blender 5.2 slides whole objects as well; that form is stock's own.
        return context.mode == "OBJECT" and getattr(bpy.ops.pose, cls.slide).poll()

    def settings(self) -> Settings:
        """Stock's properties as the session takes them."""
        return Settings(
            self.factor, self.prev_frame, self.next_frame, self.channels, self.axis_lock
        )

    def run(self, context) -> set[str]:
        if context.mode == "OBJECT":
            return self._stock()
        holders = curve_holders(context)
        if stock_pays(context, self.slide, holders):
            return self._stock()
        settings = self.settings()
        session = Session(context, self.channels, (self.slide, settings), holders)
        session.apply(self.slide, settings)
        self.confirm(context, session)
        return {"FINISHED"}

    def _stock(self) -> set[str]:
        values = {name: getattr(self, name) for name in _PROPERTIES}
        return run_stock(self, lambda: getattr(bpy.ops.pose, self.slide)(**values))

    def confirm(self, context, session: Session) -> None:
        """Auto-keys the result where the scene asks for it."""
        if not autokey.enabled(context):
            return
        subjects = session.key_subjects()
        keyed = autokey.slides_to_key(context, subjects)
        with told(self), unchanged_pose(context):
            for obj, moved in keyed:
                with key_style.preferred(context, [obj]):
                    autokey.key_slide(context, obj, moved)
            autokey.recalculate_paths(context, subjects, keyed)


class LIMBER_OT_breakdown(SlideOperator, bpy.types.Operator):
    """Create a suitable breakdown pose on the current frame"""

    bl_idname = "limber.breakdown"
    bl_label = "Pose Breakdowner (Limber)"
    slide = "breakdown"


class LIMBER_OT_push(SlideOperator, bpy.types.Operator):
    """Exaggerate the current pose in regards to the breakdown pose"""

    bl_idname = "limber.push"
    bl_label = "Push Pose from Breakdown (Limber)"
    slide = "push"


class LIMBER_OT_relax(SlideOperator, bpy.types.Operator):
    """Make the current pose more similar to its breakdown pose"""

    bl_idname = "limber.relax"
    bl_label = "Relax Pose to Breakdown (Limber)"
    slide = "relax"


class LIMBER_OT_blend_to_neighbor(SlideOperator, bpy.types.Operator):
    """Blend from current position to previous or next keyframe"""

    bl_idname = "limber.blend_to_neighbor"
    bl_label = "Blend to Neighbor (Limber)"
    slide = "blend_to_neighbor"


class LIMBER_OT_blend_with_rest(SlideOperator, bpy.types.Operator):
    """Make the current pose more similar to, or further away from, the rest pose"""

    bl_idname = "limber.blend_with_rest"
    bl_label = "Blend Pose with Rest Pose (Limber)"
    slide = "blend_with_rest"


CLASSES = (
    LIMBER_OT_breakdown,
    LIMBER_OT_push,
    LIMBER_OT_relax,
    LIMBER_OT_blend_to_neighbor,
    LIMBER_OT_blend_with_rest,
)

MENU = (
    (
        "In-Betweens",
        (
            "limber.push",
            "limber.relax",
            "limber.breakdown",
            "limber.blend_to_neighbor",
            "limber.blend_with_rest",
        ),
    ),
)
