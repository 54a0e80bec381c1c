# SPDX-License-Identifier: GPL-3.0-or-later
"""State of an interactive slider: mouse travel and typed numbers become a factor. Without bpy."""

from __future__ import annotations

from dataclasses import dataclass, field

TRAVEL = 300.0
"""Pixels of mouse travel, before the interface scale, that cover the slider's range."""
PRECISION = 8.0
"""How much slower the slider moves with Shift held."""
SNAP = 0.1
"""Steps of the factor with Ctrl held."""


@dataclass
class TypedNumber:
    """A percentage that is being typed; the mouse takes over again when it moves."""

    text: str = ""
    negative: bool = False
    active: bool = False
    """Whether a digit was typed, so that the number counts."""

    def clear(self) -> None:
        """Ends the typing."""
        self.text, self.negative, self.active = "", False, False

    def type(self, character: str) -> None:
        """Takes a digit or a decimal point; a minus sign turns the number's sign."""
        if character == "-":
            self.negative = not self.negative
            return
        self.text += character
        self.active = True

    def erase(self) -> None:
        """Takes the last character away; with none left, ends the typing."""
        if self.text:
            self.text = self.text[:-1]
        else:
            self.clear()

    def value(self) -> float | None:
        """The number; None if it is not one yet."""
        try:
            number = float(self.text)
        except ValueError:
            return None
        return -number if self.negative else number

    def __str__(self) -> str:
        value = self.value()
        shown = "Invalid" if value is None else f"{value:.6g}"
        text = f"-({self.text}|)" if self.negative else f"{self.text}|"
        return f"[{text}] = {shown}"


@dataclass
class Slider:
    """A factor between bounds, moved by the mouse."""

    raw: float
    """The factor before clamping and snapping; mouse travel accumulates here."""
    low: float = 0.0
    high: float = 1.0
    overshoot: bool = False
    precise: bool = False
    snap: bool = False
    typed: TypedNumber = field(default_factory=TypedNumber)
    factor: float = field(init=False)

    def __post_init__(self) -> None:
        self.factor = self._used()

    @property
    def range(self) -> float:
        """Distance of the bounds."""
        return self.high - self.low

    def _used(self) -> float:
        factor = self.raw
        if not self.overshoot:
            factor = min(max(factor, self.low), self.high)
        if self.snap and not self.typed.active:
            factor = round(factor / SNAP) * SNAP
        return factor

    def drag(self, pixels: float, interface_scale: float) -> None:
        """Moves by mouse travel."""
        self.typed.clear()
        if self.precise:
            pixels /= PRECISION
        self.raw += pixels * self.range / (TRAVEL * interface_scale)
        self.factor = self._used()

    def toggle_overshoot(self) -> None:
        """Lets the factor leave the bounds, or brings it back."""
        self.overshoot = not self.overshoot
        self.factor = self._used()

    def read_typed(self) -> None:
        """Takes the typed percentage over; what is not a number yet counts as 0."""
        if self.typed.active:
            self.raw = (self.typed.value() or 0.0) / 100.0
            self.factor = self._used()
