"""What one operator call answers: its status, its reports, the error it raised."""

from __future__ import annotations

import ctypes
import io
import os
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

_libc = ctypes.CDLL(None)
INSERTION = re.compile(
    r"^(?:Error: |[\d:.]+ +reports +\| ERROR )"
    r"((?:Inserting keyframes failed|Could not create|There were \d+ keying failures"
    r"|Due to the (?:setting|NLA)|\d+ F-Curve).*(?:\n(?: +\| )?- .*)*)",
    re.M,
)
"""Keys that could not be inserted. Blender tells the window, not the script that calls, and prints
it to the terminal; so do Limber's operators when a script calls them."""
REPORT = re.compile(r"^(?:Debug|Info|Operator|Property|Warning|(?:\w+ )?Error[\w ]*): ", re.M)


@dataclass(frozen=True)
class Answer:
    """A call's answer, comparable between a stock operator and its Limber variant."""

    status: tuple[str, ...]
    """The returned set, sorted; empty if the call raised."""
    error: str
    """Text of the exception; empty if there was none."""
    reports: tuple[str, ...]
    """Printed reports in order, such as `Info: Copied pose to internal clipboard`."""
    failures: tuple[str, ...] = ()
    """What was said of keys that could not be inserted."""
    output: str = ""
    """Everything that was printed."""

    def comparable(self) -> dict:
        return {
            "status": [*self.status],
            "error": self.error,
            "reports": [*self.reports],
            "failures": [*self.failures],
        }


class Output:
    """Collects what is printed to the standard output while it is active (a few microseconds).

    Blender prints the reports of a call through Python's `sys.stdout`, and its log, which 5.2
    marks with the time, from C.
    """

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (one for the whole process)
        self.reports = ""
        self.log = ""

    def __enter__(self) -> Output:
        sys.stdout.flush()
        _libc.fflush(None)
        self.stdout = sys.stdout
        self.python = sys.stdout = io.StringIO()
        self.saved = os.dup(1)
        os.dup2(self.file.fileno(), 1)
        return self

    def __exit__(self, *_) -> None:
        _libc.fflush(None)
        os.dup2(self.saved, 1)
        os.close(self.saved)
        sys.stdout = self.stdout
        self.file.seek(0)
        self.reports = self.python.getvalue()
        self.log = self.file.read().decode(errors="replace")
        self.file.seek(0)
        self.file.truncate()


_output = Output()


def call(function: Callable[[], set[str]]) -> Answer:
    """Calls an operator. Reports appear only in what Blender prints, so that is read."""
    status: tuple[str, ...] = ()
    error = ""
    with _output:
        try:
            status = tuple(sorted(function()))
        except RuntimeError as raised:
            error = str(raised).replace("bpy.ops.limber.", "bpy.ops.pose.").strip()
    text = _output.reports
    starts = [match.start() for match in REPORT.finditer(text)]
    ends = [*starts[1:], len(text)]
    reports = [text[start:end].strip() for start, end in zip(starts, ends, strict=False)]
    said = tuple(report for report in reports if not INSERTION.match(report))
    failures = tuple(
        re.sub(r"^ +\| ", "", match[1], flags=re.M)
        for match in INSERTION.finditer(f"{text}\n{_output.log}")
    )
    return Answer(status, error, said, failures, text + _output.log)
