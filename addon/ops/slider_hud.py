# SPDX-License-Identifier: GPL-3.0-or-later
"""The slider in the header: a scale with a handle, the tool's name and the percentage.

Sizes are in pixels before the interface scale.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import blf
import bpy
import gpu
from gpu_extras.batch import batch_for_shader

from .slider import TRAVEL, Slider

HEIGHT = 20.0
TICK = 12.0
GAP = 12.0
"""Between the scale and the texts beside it."""
MARGIN = 8.0
"""Between the name and the backdrop's edge."""
PERCENT_WIDTH = 60.0
"""From the scale's end to the backdrop's edge."""
ROUNDING = 4.0
OVERSHOOT = 0.2
"""By how much of its length the scale grows at each end in overshoot."""
DIM = 0.8
"""Brightness of the scale outside the bounds."""
LINE = 0.9
"""Brightness of the scale's line beside its ticks."""
FONT = 0


@dataclass(frozen=True)
class Rectangle:
    """Corners, and how bright it is drawn."""

    left: float
    bottom: float
    right: float
    top: float
    bright: float = 1.0


def scale_ends(slider: Slider) -> tuple[float, float]:
    """The factors at both ends of the scale; in overshoot it scrolls below the handle."""
    if not slider.overshoot:
        return slider.low, slider.high
    half = slider.range * (0.5 + OVERSHOOT)
    return slider.factor - half, slider.factor + half


def _tick_height(number: int) -> float:
    """Height of the tick at a tenth of the range."""
    if number % 10 == 0:
        return TICK
    return TICK * (0.8 if number % 5 == 0 else 0.5)


def rectangles(slider: Slider, x: float, y: float, scale: float) -> list[Rectangle]:
    """The scale's line, ticks and handle around its middle (x, y)."""
    left_factor, right_factor = scale_ends(slider)
    pixels = TRAVEL * scale / slider.range

    def at(factor: float) -> float:
        return x + (factor - (left_factor + right_factor) / 2.0) * pixels

    def bright(factor: float) -> float:
        return 1.0 if slider.low <= factor <= slider.high else DIM

    half = max(1.0, math.floor(scale))
    stops = sorted(
        {
            left_factor,
            right_factor,
            *(bound for bound in (slider.low, slider.high) if left_factor < bound < right_factor),
        }
    )
    out = [
        Rectangle(at(a), y - half, at(b), y + half, LINE * bright((a + b) / 2.0))
        for a, b in itertools.pairwise(stops)
    ]
    step = slider.range / 10.0
    first = math.ceil((left_factor - slider.low) / step - 1e-6)
    last = math.floor((right_factor - slider.low) / step + 1e-6)
    for number in range(first, last + 1):
        tick = at(slider.low + number * step)
        height = _tick_height(number) * scale / 2.0
        shade = 1.0 if 0 <= number <= 10 else DIM
        out.append(
            Rectangle(tick - 0.75 * scale, y - height, tick + 0.75 * scale, y + height, shade)
        )
    handle, height = at(slider.factor), TICK * scale / 2.0
    out.append(Rectangle(handle - 1.5 * scale, y - height, handle + 1.5 * scale, y + height, 1.2))
    return out


def _rounded(box: Rectangle, radius: float) -> list[tuple[float, float]]:
    """Outline of a box with round corners."""
    corners = (
        (box.right - radius, box.top - radius, 0),
        (box.left + radius, box.top - radius, 1),
        (box.left + radius, box.bottom + radius, 2),
        (box.right - radius, box.bottom + radius, 3),
    )
    return [
        (cx + radius * math.cos(turn), cy + radius * math.sin(turn))
        for cx, cy, quarter in corners
        for turn in ((quarter + k / 4.0) * math.pi / 2.0 for k in range(5))
    ]


def _fill(shader, points: list[tuple[float, float]], color: tuple) -> None:
    shader.uniform_float("color", color)
    batch_for_shader(
        shader,
        "TRIS",
        {"pos": points},
        indices=[(0, k, k + 1) for k in range(1, len(points) - 1)],
    ).draw(shader)


def _colors() -> tuple[tuple, tuple]:
    """The header's backdrop and the colour of its texts, from the theme."""
    space = bpy.context.preferences.themes[0].view_3d.space
    text = getattr(space, "header_text", getattr(space, "text", (0.93, 0.93, 0.93)))
    return tuple(space.header), tuple(text)[:3]


def _text(text: str, x: float, y: float, color: tuple) -> None:
    blf.color(FONT, *color, 1.0)
    blf.position(FONT, x, y, 0)
    blf.draw(FONT, text)


def draw(region, slider: Slider, name: str) -> None:
    """Draws the slider into the middle of a header region."""
    system = bpy.context.preferences.system
    scale = system.ui_scale
    backdrop, color = _colors()
    style = bpy.context.preferences.ui_styles[0].widget
    blf.size(FONT, style.points * scale)
    x, y = region.width / 2.0, float(region.height // 2)
    half = TRAVEL * scale * (0.5 + (OVERSHOOT if slider.overshoot else 0.0))
    name_width, _ = blf.dimensions(FONT, name)
    _, height = blf.dimensions(FONT, "0")
    box = Rectangle(
        x - half - name_width - (GAP + MARGIN) * scale,
        y - HEIGHT * scale / 2.0,
        x + half + PERCENT_WIDTH * scale,
        y + HEIGHT * scale / 2.0,
    )
    gpu.state.blend_set("ALPHA")
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    shader.bind()
    _fill(shader, _rounded(box, ROUNDING * scale), backdrop)
    for part in rectangles(slider, x, y, scale):
        shade = tuple(min(1.0, channel * part.bright) for channel in color)
        corners = [(part.left, part.bottom), (part.right, part.bottom)]
        corners += [(part.right, part.top), (part.left, part.top)]
        _fill(shader, corners, (*shade, 1.0))
    baseline = y - height / 2.0
    _text(name, x - half - name_width - GAP * scale, baseline, color)
    _text(f"{slider.factor * 100.0:.0f} %", x + half + GAP * scale, baseline, color)
    gpu.state.blend_set("NONE")


class Hud:
    """The drawn slider of one running operator; `remove` takes it away."""

    def __init__(self, context, slider: Slider, name: str) -> None:
        self.slider, self.name = slider, name
        self.area = context.area
        self.region = self._header(context.area)
        self._space = type(context.space_data)
        self._handle = None
        if self.region is None:
            return
        self.area.header_text_set("")
        self._handle = self._space.draw_handler_add(self._draw, (), self.region.type, "POST_PIXEL")

    @staticmethod
    def _header(area):
        """The tool header as in Blender, or the header where that is hidden."""
        for kind in ("TOOL_HEADER", "HEADER"):
            for region in area.regions if area is not None else ():
                if region.type == kind and region.height > 1:
                    return region
        return None

    def _draw(self) -> None:
        if bpy.context.region == self.region:
            draw(self.region, self.slider, self.name)

    def redraw(self) -> None:
        """Shows the slider's new state."""
        if self.region is not None:
            self.region.tag_redraw()

    def remove(self) -> None:
        """Takes the slider away and brings the header back."""
        if self._handle is not None:
            self._space.draw_handler_remove(self._handle, self.region.type)
            self._handle = None
            self.area.header_text_set(None)
            self.redraw()
