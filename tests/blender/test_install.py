"""The add-on's life in Blender: each scenario in a Blender that has to end by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import session

LIFE = Path(__file__).with_name("install_life.py")
LIBRARY = "lib/liblimber"
STUB = """
int limber_version(void) { return 9 * 10000 + 7 * 100 + 3; }
"""


def run(scenario: str, path: Path) -> None:
    """A scenario must pass and its process must end."""
    env = dict(os.environ, PYTHONPATH=str(LIFE.parent))
    done = subprocess.run(
        [sys.executable, "-B", str(LIFE), scenario, str(path)],
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0 and "SCENARIO PASSED" in done.stdout, done.stdout
    assert "Not freed memory blocks" not in done.stdout, done.stdout


def repacked(folder: Path, library: bytes | None) -> Path:
    """The add-on's zip with another library, or none."""
    path = folder / "limber.zip"
    replaced = 0
    with zipfile.ZipFile(session.zip_path()) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.startswith(LIBRARY):
                replaced += 1
                if library is None:
                    continue
                content = library
            target.writestr(entry.filename, content)
    assert replaced >= 1, "the zip has no library"
    return path


@pytest.mark.parametrize("scenario", ["life", "twice", "failure", "threads", "switch"])
def test_the_add_on(scenario):
    run(scenario, session.zip_path())


def test_without_its_library(tmp_path):
    run("missing", repacked(tmp_path, None))


def test_with_a_library_of_another_version(tmp_path):
    source, library = tmp_path / "stub.c", tmp_path / "stub.so"
    source.write_text(STUB)
    compiler = shutil.which("cc")
    assert compiler, "no C compiler: install the package gcc"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    run("wrong_version", repacked(tmp_path, library.read_bytes()))


def test_with_a_broken_library(tmp_path):
    run("unloadable", repacked(tmp_path, b"this is no library"))
