# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion paths of bones: calculate, update, take the scene's range, clear."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, EnumProperty

from ..bridge import motion_paths as bridge
from ..bridge.rig_snapshot import UnsupportedError
from . import path_job
from .base import LimberOperator, run_stock

FEW_POINTS = 400
"""Bones times frames below which Blender has calculated before Python has read the rig."""

DISPLAY_TYPES = (
    (
        *("CURRENT_FRAME", "Around Frame"),
        "Display Paths of poses within a fixed number of frames around the current frame",
        *("NONE", 1),
    ),
    ("RANGE", "In Range", "Display Paths of poses within specified range", "NONE", 0),
)
RANGES = (
    ("KEYS_ALL", "All Keys", "From the first keyframe to the last", "NONE", 2),
    ("KEYS_SELECTED", "Selected Keys", "From the first selected keyframe to the last", "NONE", 1),
    ("SCENE", "Scene Frame Range", "The entire Scene / Preview range", "NONE", 0),
    ("MANUAL", "Manual Range", "Manually determined frame range", "NONE", 3),
)
LOCATIONS = (
    ("HEADS", "Heads", "Calculate bone paths from heads", "NONE", 2),
    ("TAILS", "Tails", "Calculate bone paths from tails", "NONE", 0),
)


class PathOperator(LimberOperator):
    """Mixin: the poll of all four, an active armature in pose mode and nothing else."""

    @classmethod
    def poll_stock(cls, _context) -> bool:
        if bpy.ops.pose.paths_clear.poll():
            return True
        cls.poll_message_set("No object, or not exclusively in pose mode")
        return False


class WatchedOperator(PathOperator):
    """Mixin: long work goes on between events, shows how far it is, and Esc ends it."""

    def start(self, context, job: path_job.Job) -> set[str]:
        """Begins a job that runs on with the events of the window."""
        self._job, self._steps = job, job.steps()
        manager = context.window_manager
        self._timer = manager.event_timer_add(0.01, window=context.window)
        manager.modal_handler_add(self)
        manager.progress_begin(0, 100)
        self._show(context, 0.0)
        return {"RUNNING_MODAL"}

    def _show(self, context, done: float) -> None:
        context.window_manager.progress_update(100 * done)
        text = f"Calculating motion paths: {100 * done:.0f} %. Esc leaves the old ones"
        context.workspace.status_text_set(text)

    def _end(self, context) -> None:
        manager = context.window_manager
        manager.event_timer_remove(self._timer)
        manager.progress_end()
        context.workspace.status_text_set(None)

    def modal(self, context, event) -> set[str]:
        if event.type == "ESC":
            self.cancel(context)
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"RUNNING_MODAL"}
        try:
            done = next(self._steps, None)
        except UnsupportedError as reason:
            self.cancel(context)
            return _by_blender(self, context.object, reason)
        if done is not None:
            self._show(context, done)
            return {"RUNNING_MODAL"}
        self._end(context)
        self._job.finish(context, later=True)
        return {"FINISHED"}

    def cancel(self, context) -> None:
        """Leaves the paths as they were; also called when the window closes."""
        self._end(context)
        self._job.cancel()


def stock_pays(obj) -> bool:
    """Whether Blender is sooner done than Python has read the rig."""
    paths = bridge.settings(obj)
    frames = max(paths.frame_end - paths.frame_start, 10)
    return frames * len(obj.pose.bones) < FEW_POINTS


def _calculate(operator, context, options: bridge.Options) -> set[str]:
    """Calculates by the library if it can evaluate the rig, else by Blender."""
    obj = context.object
    reason = None
    if not stock_pays(obj):
        try:
            watched = operator.options.is_invoke and not bpy.app.background
            job = path_job.calculate(context, obj, options, watched)
            return {"FINISHED"} if job is None else operator.start(context, job)
        except path_job.RefusedError:
            pass
        except UnsupportedError as unsupported:
            reason = unsupported
    return _by_blender(operator, obj, reason)


def _by_blender(operator, obj, reason: UnsupportedError | None) -> set[str]:
    """Lets Blender calculate; paths that then still follow the other end are made anew.

    The user is told the reason. Scripts, which get the same reports as from Blender's operator,
    are not.
    """
    with bridge.safe_for_stock(obj):
        status = _stock_with_ends(operator, obj)
    if reason is not None and operator.options.is_invoke and status == {"FINISHED"}:
        tell(operator, reason)
    return status


def tell(operator, reason: UnsupportedError) -> None:
    """Tells the user why Blender has calculated."""
    operator.report({"INFO"}, f"Blender has calculated the paths itself: {reason}")


def _stock_with_ends(operator, obj) -> set[str]:
    status = run_stock(operator, operator.stock)
    wrong = bridge.with_other_end(obj)
    if status != {"FINISHED"} or not wrong:
        return status
    looks = bridge.remove(obj, wrong)
    again = bridge.Options.stored(obj).arguments()
    try:
        return run_stock(operator, lambda: bpy.ops.pose.paths_calculate(**again))
    finally:
        bridge.restore_looks(obj, looks)


class LIMBER_OT_paths_calculate(WatchedOperator, bpy.types.Operator):
    """Calculate paths for the selected bones"""

    bl_idname = "limber.paths_calculate"
    bl_label = "Calculate Bone Paths (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    display_type: EnumProperty(name="Display Type", items=DISPLAY_TYPES, default="RANGE")
    range: EnumProperty(name="Computation Range", items=RANGES, default="SCENE")
    bake_location: EnumProperty(
        name="Bake Location",
        description="Which point on the bones is used when calculating paths",
        items=LOCATIONS,
        default="HEADS",
    )

    def invoke(self, context, _event) -> set[str]:
        settings = bridge.settings(context.object)
        self.display_type = settings.type
        self.range = settings.range
        self.bake_location = settings.bake_location
        return context.window_manager.invoke_props_dialog(self)

    def _options(self) -> bridge.Options:
        return bridge.Options(self.display_type, self.range, self.bake_location)

    def stock(self) -> set[str]:
        """The same by Blender's operator."""
        return bpy.ops.pose.paths_calculate(**self._options().arguments())

    def run(self, context) -> set[str]:
        return _calculate(self, context, self._options())


class LIMBER_OT_paths_update(WatchedOperator, bpy.types.Operator):
    """Recalculate paths for bones that already have them"""

    bl_idname = "limber.paths_update"
    bl_label = "Update Bone Paths (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll_stock(cls, context) -> bool:
        return super().poll_stock(context) and bridge.settings(context.object).has_motion_paths

    def invoke(self, context, _event) -> set[str]:
        return self.execute(context)  # known to be watched

    def stock(self) -> set[str]:
        """The same by Blender's operator."""
        return bpy.ops.pose.paths_update()

    def run(self, context) -> set[str]:
        return _calculate(self, context, bridge.Options.stored(context.object))


class LIMBER_OT_paths_range_update(PathOperator, bpy.types.Operator):
    """Update frame range for motion paths from the Scene's current frame range"""

    bl_idname = "limber.paths_range_update"
    bl_label = "Update Range from Scene (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    def run(self, context) -> set[str]:
        return run_stock(self, bpy.ops.pose.paths_range_update)


class LIMBER_OT_paths_clear(PathOperator, bpy.types.Operator):
    """Remove the motion paths of all or of the selected bones"""

    bl_idname = "limber.paths_clear"
    bl_label = "Clear Bone Paths (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    only_selected: BoolProperty(
        name="Only Selected",
        description="Only clear motion paths of selected bones",
        default=False,
        options={"SKIP_SAVE"},
    )

    def run(self, context) -> set[str]:
        # Scripts cannot remove a path but by this operator.
        return run_stock(self, lambda: bpy.ops.pose.paths_clear(only_selected=self.only_selected))


CLASSES = (
    LIMBER_OT_paths_calculate,
    LIMBER_OT_paths_update,
    LIMBER_OT_paths_range_update,
    LIMBER_OT_paths_clear,
)

MENU = (
    (
        "Motion Paths",
        (
            "limber.paths_calculate",
            "limber.paths_update",
            "limber.paths_range_update",
            "limber.paths_clear",
            ("limber.paths_clear", "Clear Selected Bone Paths (Limber)", {"only_selected": True}),
        ),
    ),
)
