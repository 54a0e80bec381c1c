"""How the differences from Blender are spread: printed, and asked for by tests."""

from __future__ import annotations

from collections.abc import Iterable


class Spread:
    """Differences in order; making one prints their median, 99 % and worst."""

    def __init__(self, what: str, differences: Iterable[float], note: str = "") -> None:
        self.values = sorted(differences)
        print(
            f"{what}: median {self.at(50):.1e}, 99 % {self.at(99):.1e}, "
            f"worst {self.values[-1]:.1e} of {len(self.values)}{note and f', {note}'}"
        )

    def at(self, percent: int) -> float:
        """The difference that so many percent do not exceed."""
        return self.values[len(self.values) * percent // 100]
