# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy and paste of poses."""

from __future__ import annotations

import os

import bpy
from bpy.props import BoolProperty

from ..bridge import autokey, bones, clipboard, pose, property_groups
from ..bridge.key_failures import told
from ..bridge.known_curves import unchanged_pose
from ..bridge.recalculated_paths import recalculate
from ..native import clipboard as native
from ..native.structs import Pose
from ..reader import bones as reader
from . import key_style
from .base import LimberOperator, run_stock

_SAYS_WHAT_WAS_PASTED = bpy.app.version >= (5, 1)

_copy = bpy.ops.pose.copy
_target = reader.Reader(clipboard.CHANNELS, names=True)


class LIMBER_OT_copy(LimberOperator, bpy.types.Operator):
    """Copy the current pose of the selected bones to the internal clipboard"""

    bl_idname = "limber.copy"
    bl_label = "Copy Pose (Limber)"
    bl_options = {"REGISTER"}

    def run(self, context) -> set[str]:
        # Blender goes through the same memory next, so what is read here, it finds at hand.
        copied = clipboard.capture(context.pose_object)
        # Only Blender can write the file that its own paste, and other Blenders, take.
        status = run_stock(self, _copy)
        if "FINISHED" in status:
            clipboard.remember(copied)
        return status


class LIMBER_OT_paste(LimberOperator, bpy.types.Operator):
    """Paste the stored pose on to the current pose"""

    bl_idname = "limber.paste"
    bl_label = "Paste Pose (Limber)"
    bl_options = {"REGISTER", "UNDO"}

    flipped: BoolProperty(
        name="Flipped on X-Axis",
        description="Paste the stored pose flipped on to current pose",
        default=False,
        options={"SKIP_SAVE"},
    )
    selected_mask: BoolProperty(
        name="On Selected Only",
        description="Only paste the stored pose on to selected bones in the current pose",
        default=False,
    )
    exact: BoolProperty(
        name="Keep Orientation",
        description="Convert between rotation modes so that no orientation changes",
        default=False,
    )

    def run(self, context) -> set[str]:
        copied = clipboard.newest()
        if copied is None and self.exact:
            copied = clipboard.read_file()
        if copied is None or (autokey.is_visual(context) and not self.exact):
            return self._paste_file()
        copied.pick(native.pose_copy)
        if not (self.exact or all(map(property_groups.can_be_made, copied.properties.values()))):
            return self._paste_file()
        obj = context.pose_object
        selected = self._selected(context, obj)
        done = self._paste(context, obj, copied, selected)
        if _SAYS_WHAT_WAS_PASTED:
            self._say(copied.count, done, selected is not None)
        return {"FINISHED"}

    def _paste_file(self) -> set[str]:
        """What Blender copied, or another Blender, is Blender's to read."""
        if not os.path.exists(clipboard.path()):
            reason = f"Unable to open '{clipboard.path()}': No such file or directory"
            self.report({"WARNING"}, reason)
            self.report({"ERROR"}, "Internal clipboard is empty")
            return {"CANCELLED"}
        return run_stock(
            self,
            lambda: bpy.ops.pose.paste(flipped=self.flipped, selected_mask=self.selected_mask),
        )

    def _selected(self, context, obj):
        """Which bones may be pasted on; None = all of them."""
        if not self.selected_mask:
            return None
        objects = bones.posed_objects(context)
        if not any(1 in bones.selected_mask(other).tobytes() for other in objects):
            return None
        return bones.read_flag(bones.flag_owner(obj), "select")

    def _paste(self, context, obj, copied: clipboard.Clipboard, selected) -> native.Pasted:
        found = _target.read(obj)
        channels = pose.PoseArrays(obj, found.arrays, found.count)
        flags = (native.FLIPPED if self.flipped else 0) | (native.EXACT if self.exact else 0)
        done = native.pose_paste(
            Pose(bone_count=copied.count, **copied.arrays),
            copied.names,
            Pose(bone_count=channels.count, **channels.arrays),
            found.names,
            selected,
            flags,
        )
        channels.write()
        pose.tag(obj)
        keying = autokey.enabled(context)
        if keying or copied.properties:
            pasted = [(source, to) for to, source in enumerate(done.came_from) if source >= 0]
            pasted.sort()
            pose_bones = obj.pose.bones.values()
            for source, to in pasted:
                groups = copied.properties.get(source)
                if groups is not None:
                    property_groups.paste(groups, pose_bones[to])
            if keying:
                frame = context.scene.frame_current_final
                written = [pose_bones[to] for _, to in pasted]
                with told(self), unchanged_pose(context), key_style.preferred(context, [obj]):
                    autokey.key_bones(context, obj, written, "WholeCharacter", frame)
        if done.pasted or not _SAYS_WHAT_WAS_PASTED:
            # Blender does this whether or not anything is keyed.
            recalculate(context, [obj])
        return done

    def _say(self, copied: int, done: native.Pasted, masked: bool) -> None:
        pasted, skipped = done.pasted, done.skipped
        if not pasted:
            end = "are selected now" if masked else "could be pasted"
            self.report({"WARNING"}, f"None of the {copied} copied bones {end}")
        elif pasted + skipped == copied:
            text = f"Pasted {pasted} bones, and skipped {skipped} unselected bones"
            self.report({"INFO"}, text if skipped else f"Pasted all {pasted} bones")
        else:
            text = f"Pasted only {pasted} of the {copied} copied bones"
            if skipped:
                self.report({"INFO"}, f"{text}, and skipped {skipped} unselected bones")
            else:
                self.report({"WARNING"}, text)


CLASSES = (LIMBER_OT_copy, LIMBER_OT_paste)

MENU = (
    (
        "Copy and Paste",
        (
            "limber.copy",
            "limber.paste",
            ("limber.paste", "Paste Pose Flipped (Limber)", {"flipped": True}),
        ),
    ),
)
