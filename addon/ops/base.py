# SPDX-License-Identifier: GPL-3.0-or-later
"""What all operators share: the poll of pose mode, and errors that cancel with a report."""

from __future__ import annotations

import io
import sys

from .. import native


class LimberOperator:
    """Mixin: `execute` runs `run(context)` and turns a refused call into a cancelled operator.

    `run` returns the status set of stock, such as `{'FINISHED'}`.
    """

    @classmethod
    def poll(cls, context) -> bool:
        state = native.state()
        if not state.usable:
            cls.poll_message_set(f"Limber: {state.reason}")
            return False
        return cls.poll_stock(context)

    @classmethod
    def poll_stock(cls, context) -> bool:
        """Stock's own condition; here: pose mode, or painting weights of a posed armature."""
        return context.pose_object is not None and context.mode in {"POSE", "PAINT_WEIGHT"}

    def run(self, context) -> set[str]:
        """The operator's work; overridden by every operator."""
        raise TypeError(f"{type(self).__name__} has no run()")

    def execute(self, context) -> set[str]:
        try:
            return self.run(context)
        except native.LimberError as error:
            self.report({"ERROR"}, f"Limber: {error}")
            return {"CANCELLED"}


_kept = io.StringIO()
"""Takes what Blender's operator prints. Kept, since this is in the time of every call."""


def run_stock(operator: LimberOperator, call) -> set[str]:
    """Runs an operator of Blender's within another; its errors become those of the outer one, and
    are printed once."""
    out = sys.stdout
    # A handler of Blender's can call an operator within this one.
    printed = io.StringIO() if out is _kept else _kept
    sys.stdout = printed
    errors = ""
    try:
        return call()
    except RuntimeError as error:
        errors = str(error).strip()
        for line in errors.splitlines():
            operator.report({"ERROR"}, line.removeprefix("Error: "))
        return {"CANCELLED"}
    finally:
        sys.stdout = out
        if printed.tell():
            text = printed.getvalue()
            printed.seek(0)
            printed.truncate()
            out.write(text.replace(f"{errors}\n", "", 1) if errors else text)
