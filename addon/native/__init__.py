# SPDX-License-Identifier: GPL-3.0-or-later
"""The native library: found, loaded, checked and declared here; no bpy.

`load()` is called once when the add-on is enabled. `state()` says whether the library can be
used and, if not, why. The wrappers of the operators live in one module a family; each lists its
C functions in a table `FUNCTIONS` of argument types and calls them through `call`.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

VERSION = (0, 1)
"""Major and minor version of the header that these declarations follow."""

FUNCTIONS = {
    "limber_version": [],
    "limber_last_error": [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p],
    "limber_set_threads": [ctypes.c_uint32],
    "limber_threads": [],
}


class LimberError(RuntimeError):
    """A call that the library refused; the scene is untouched."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class State:
    """Whether the library can be used."""

    usable: bool
    reason: str
    """Why it cannot be used; empty if it can."""
    version: str
    path: str


_library: ctypes.CDLL | None = None
_state = State(False, "the native library is not loaded", "", "")


def library_path() -> Path:
    """Where the library of this platform lies inside the add-on."""
    folder = Path(__file__).resolve().parent.parent / "lib"
    if sys.platform == "win32":
        return folder / "limber.dll"
    if sys.platform == "darwin":
        return folder / "liblimber.dylib"
    arm = platform.machine().lower() in {"aarch64", "arm64"}
    return folder / ("liblimber-arm64.so" if arm else "liblimber.so")


def declare(functions: dict[str, list]) -> None:
    """Sets the argument types of C functions; all of them return a status."""
    if _library is None:
        return
    for name, arguments in functions.items():
        function = getattr(_library, name)
        function.argtypes = arguments
        function.restype = ctypes.c_int32


def _tables() -> list[dict[str, list]]:
    from . import families

    return [FUNCTIONS, *families.TABLES]


def load(path: Path | None = None) -> State:
    """Loads the library and checks its version; never raises."""
    global _library, _state
    path = path or library_path()
    _library = None
    if not path.is_file():
        _state = State(False, f"the native library is missing: {path.name}", "", str(path))
        return _state
    try:
        library = ctypes.CDLL(str(path))
        number = int(library.limber_version())
        version = (number // 10000, number // 100 % 100, number % 100)
        text = ".".join(map(str, version))
        if version[:2] != VERSION:
            wanted = ".".join(map(str, VERSION))
            reason = f"the native library is version {text}, this add-on needs {wanted}"
            _state = State(False, reason, text, str(path))
            return _state
        _library = library
        for table in _tables():
            declare(table)
        _state = State(True, "", text, str(path))
    except (OSError, AttributeError) as error:
        _library = None
        _state = State(False, f"the native library does not load: {error}", "", str(path))
    return _state


def unload() -> None:
    """Forgets the library; the system keeps it mapped until Blender ends."""
    global _library, _state
    _library = None
    _state = State(False, "the native library is not loaded", "", "")


def state() -> State:
    """Whether the library can be used, and why not."""
    return _state


def last_error() -> str:
    """Text of this thread's last error."""
    if _library is None:
        return ""
    buffer = ctypes.create_string_buffer(512)
    _library.limber_last_error(buffer, len(buffer), None)
    return buffer.value.decode("utf-8", "replace")


def call(name: str, *arguments: object) -> None:
    """Calls a C function; raises LimberError with its message if it refuses."""
    if _library is None:
        raise LimberError(-1000, _state.reason)
    status = getattr(_library, name)(*arguments)
    if status < 0:
        raise LimberError(status, last_error())


def set_threads(threads: int) -> None:
    """How many threads large calls may use; 0 = one a core."""
    call("limber_set_threads", threads)


def threads() -> int:
    """How many threads large calls use; 0 if the library is not loaded."""
    return int(_library.limber_threads()) if _library is not None else 0
