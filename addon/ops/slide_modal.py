# SPDX-License-Identifier: GPL-3.0-or-later
"""The interactive form of the slides: the mouse moves the factor until confirmed or cancelled.

What takes part is collected once; each move applies the slide to the saved start pose.
"""

from __future__ import annotations

import dataclasses

import bpy

from .. import native
from . import slide_frames
from .slide_session import Session
from .slider import Slider
from .slider_hud import Hud

LIMITS = {"G": "LOC", "R": "ROT", "S": "SIZE", "B": "BBONE", "C": "CUSTOM"}
LIMIT_TEXTS = {
    "ALL": "Transform limits",
    "LOC": "Location Only",
    "ROT": "Rotation Only",
    "SIZE": "Scale Only",
    "BBONE": "Bendy Bones Only",
    "CUSTOM": "Custom Properties Only",
}
TITLES = {
    "push": "Push Pose",
    "relax": "Relax Pose",
    "breakdown": "Breakdown",
    "blend_to_neighbor": "Blend to Neighbor",
}
_NUMBERS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
TYPED = {name: str(digit) for digit, name in enumerate(_NUMBERS)}
TYPED.update({f"NUMPAD_{digit}": str(digit) for digit in range(10)})
TYPED.update(PERIOD=".", NUMPAD_PERIOD=".", COMMA=".", MINUS="-", NUMPAD_MINUS="-")
_SHIFT = {"LEFT_SHIFT", "RIGHT_SHIFT"}
_CTRL = {"LEFT_CTRL", "RIGHT_CTRL"}


class SlideModal:
    """Mixin of a slide operator: `invoke`, `modal` and `cancel`."""

    def invoke(self, context, event) -> set[str]:
        if bpy.app.background:
            return self.execute(context)
        if context.mode == "OBJECT":
            # Blender's own operator goes on alone from here, with its own undo step.
            getattr(bpy.ops.pose, self.slide)("INVOKE_DEFAULT")
            return {"CANCELLED"}
        try:
            self._session = Session(context)
            columns = slide_frames.key_columns(s.subjects for s in self._session.objects)
            if not columns:
                self.report({"ERROR"}, "No keyframes to slide between")
                return {"CANCELLED"}
            frames = slide_frames.around(columns, context.scene.frame_current)
            self.prev_frame, self.next_frame = frames
            self._begin(context, event)
            self._apply(context)
        except native.LimberError as error:
            return self._refused(context, error)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context, event) -> set[str]:
        try:
            return self._handle(context, event)
        except native.LimberError as error:
            return self._refused(context, error)
        except Exception:
            self.cancel(context)
            raise

    def cancel(self, context) -> None:
        """Puts everything back as it was."""
        self._session.restore()
        self._end(context)

    # --- life ------------------------------------------------------------------------------------

    def _begin(self, context, event) -> None:
        if self.slide == "blend_with_rest":
            self._slider = Slider(0.0, low=-1.0)
        else:
            self._slider = Slider(self.factor)
        self._last_x = event.mouse_x
        self._applied = None
        space = context.space_data
        self._overlay = space.overlay if getattr(space, "type", "") == "VIEW_3D" else None
        self._bones_shown = self._overlay.show_bones if self._overlay else False
        self._hud = Hud(context, self._slider, TITLES.get(self.slide, "Sliding-Tool"))
        context.window.cursor_modal_set("SCROLL_X")

    def _end(self, context) -> None:
        hud = getattr(self, "_hud", None)
        if hud is None:
            return
        hud.remove()
        self._hud = None
        if self._overlay:
            self._overlay.show_bones = self._bones_shown
        context.workspace.status_text_set(None)
        context.window.cursor_modal_restore()

    def _refused(self, context, error) -> set[str]:
        if getattr(self, "_session", None) is not None:
            self.cancel(context)
        self.report({"ERROR"}, f"Limber: {error}")
        return {"CANCELLED"}

    def _apply(self, context) -> None:
        """Shows the slider's state and, if that changed anything, slides anew."""
        self.factor = self._slider.factor
        # The property keeps stock's range; what is shown may go beyond it.
        settings = dataclasses.replace(self.settings(), factor=self._slider.factor)
        if settings != self._applied:
            self._session.apply(self.slide, settings)
            self._applied = settings
        self._hud.redraw()
        context.workspace.status_text_set(self._status())

    # --- events ----------------------------------------------------------------------------------

    def _handle(self, context, event) -> set[str]:
        kind, pressed = event.type, event.value == "PRESS"
        if kind == "MOUSEMOVE":
            self._drag(event)
        elif kind in _SHIFT | _CTRL:
            self._slider.precise, self._slider.snap = event.shift, event.ctrl
        elif not pressed:
            inbetween = kind == "INBETWEEN_MOUSEMOVE"
            return {"RUNNING_MODAL"} if inbetween else {"PASS_THROUGH"}
        elif kind in {"LEFTMOUSE", "RET", "NUMPAD_ENTER"}:
            self._end(context)
            self.confirm(context, self._session)
            return {"FINISHED"}
        elif kind in {"RIGHTMOUSE", "ESC"}:
            self.cancel(context)
            return {"CANCELLED"}
        else:
            self._press(event)
        self._apply(context)
        return {"RUNNING_MODAL"}

    def _drag(self, event) -> None:
        travel = event.mouse_x - self._last_x
        self._last_x = event.mouse_x
        if travel:
            self._slider.precise, self._slider.snap = event.shift, event.ctrl
            self._slider.drag(travel, bpy.context.preferences.system.ui_scale)

    def _press(self, event) -> None:
        kind = event.type
        if kind in TYPED and not (event.ctrl or event.alt):
            self._slider.typed.type(TYPED[kind])
            self._slider.read_typed()
        elif kind == "BACK_SPACE":
            self._slider.typed.erase()
            self._slider.read_typed()
        elif kind == "E":
            self._slider.toggle_overshoot()
        elif kind in LIMITS:
            self.channels = "ALL" if self.channels == LIMITS[kind] else LIMITS[kind]
            self.axis_lock = "FREE"
        elif kind in {"X", "Y", "Z"}:
            lockable = self.channels in {"LOC", "ROT", "SIZE"}
            self.axis_lock = kind if lockable and self.axis_lock != kind else "FREE"
        elif kind == "H" and self._overlay:
            self._overlay.show_bones = not self._overlay.show_bones

    # --- status bar ------------------------------------------------------------------------------

    def _status(self):
        """What the status bar draws; Blender takes a plain function only."""

        def draw(header, _context) -> None:
            self._draw_status(header.layout)
            header.layout.separator_spacer()
            header.layout.template_reports_banner()
            header.layout.template_running_jobs()
            header.layout.separator_spacer()
            header.layout.template_status_info()

        return draw

    def _draw_status(self, layout) -> None:
        row = layout.row(align=True)

        def key(icon: str, text: str = "", on: bool | None = None) -> None:
            item = row.row(align=True)
            item.active = on is not False
            item.label(text=text, icon=icon)

        key("MOUSE_LMB", "Confirm")
        key("EVENT_ESC", "Cancel")
        key("MOUSE_MOVE", "Adjust")
        for letter, channels in LIMITS.items():
            key(f"EVENT_{letter}", on=self.channels == channels)
        row.label(text=LIMIT_TEXTS[self.channels])
        if self.channels in {"LOC", "ROT", "SIZE"}:
            free = self.axis_lock == "FREE"
            for axis in "XYZ":
                key(f"EVENT_{axis}", on=free or self.axis_lock == axis)
            row.label(text="All Axes" if free else "Single Axis")
        if self._slider.typed.active:
            row.label(text=str(self._slider.typed))
            return
        key("EVENT_E", "Overshoot", self._slider.overshoot)
        key("EVENT_SHIFT", "Precision", self._slider.precise)
        key("EVENT_CTRL", "Snap", self._slider.snap)
        if self._overlay:
            key("EVENT_H", "Bone Visibility", self._overlay.show_bones)
