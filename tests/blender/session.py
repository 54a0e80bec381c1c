"""One Blender for all tests of a process: its own settings folder, and the add-on installed.

Import this before anything that imports bpy. The settings and temporary folders are fresh, so
that neither the user's Blender nor another test process is touched; both go away at the end.
"""

from __future__ import annotations

import atexit
import importlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = "bl_ext.user_default.limber"
FOLDER = Path(tempfile.mkdtemp(prefix="limber-test-"))


def environment(folder: Path) -> dict[str, str]:
    """Where a Blender keeps its settings and temporary files; the clipboard is one of those."""
    (folder / "user").mkdir(parents=True, exist_ok=True)
    (folder / "tmp").mkdir(exist_ok=True)
    return {"BLENDER_USER_RESOURCES": str(folder / "user"), "TMPDIR": str(folder / "tmp")}


os.environ.update(environment(FOLDER))
tempfile.tempdir = None  # so that Python looks at TMPDIR again
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

import bpy

VERSION = bpy.app.version[:2]
_installed = False


def new_file() -> None:
    """An empty file with factory settings; keeps the add-on enabled."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)


def zip_path() -> Path:
    """The add-on to test: LIMBER_TEST_ZIP, or the one that was built last."""
    given = os.environ.get("LIMBER_TEST_ZIP")
    found = (
        [Path(given)]
        if given
        else sorted((ROOT / "dist").glob("limber-*.zip"), key=lambda path: path.stat().st_mtime)
    )
    if not found:
        raise RuntimeError("no add-on to test: build it with tests/build_addon.sh")
    return found[-1]


def install() -> None:
    """Installs and enables the add-on the way Blender does from its preferences; once."""
    global _installed
    if _installed:
        return
    path = zip_path()
    bpy.ops.extensions.package_install_files(
        filepath=str(path), repo="user_default", enable_on_install=True
    )
    # The operator says FINISHED even when it refused the zip, so look.
    if MODULE not in {addon.module for addon in bpy.context.preferences.addons}:
        raise RuntimeError(f"Blender did not install {path}")
    _installed = True


def module(name: str):
    """A module of the installed add-on, by its name in there."""
    install()
    return importlib.import_module(f"{MODULE}.{name}")


def leave() -> None:
    """Takes the add-on out: Blender 4.5 hangs at its end when a handler or class is left."""
    global _installed
    if _installed:
        bpy.ops.preferences.addon_disable(module=MODULE)
        _installed = False


def fresh_blender(script: str, *arguments: str, timeout: float = 120.0) -> str:
    """Runs a script in a Blender of its own and returns what it printed; raises if it failed.

    The script finds the modules of this folder; `import session` first.
    """
    env = dict(os.environ, PYTHONPATH=str(Path(__file__).parent), PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"the script ended with status {done.returncode}:\n{done.stdout}")
    return re.sub(r"\r", "", done.stdout)
