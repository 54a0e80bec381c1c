"""Motion-capture clips, as Blender's own importer loads them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import bpy
import capture
import session

CACHE = Path(os.environ.get("LIMBER_TEST_CACHE") or Path.home() / ".cache" / "limber-test")
CLIPS = {
    # name: (file, bones, frames)
    "long": ("bvhtools/bvhtools-1.6.0/testBvhFiles/test.bvh", 22, 7184),
    "middle": ("bvhtools/bvhtools-1.6.0/testBvhFiles/test3.bvh", 19, 3089),
    "short": ("bvhtoolbox/bvhtoolbox-0.1.3/tests/example_files/test_mocapbank.bvh", 19, 455),
}


def path(name: str) -> Path:
    """A clip's file; the set-up fetched it."""
    found = CACHE / "clips" / CLIPS[name][0]
    if not found.is_file():
        raise RuntimeError(f"no clip {found}: run tests/setup.sh clips")
    return found


def load(name: str, frames: int | None = None, rotation: str = "NATIVE"):
    """Imports a clip, or its first frames, into the current file; gives the armature object.

    It is active and in pose mode, all its bones are selected, every frame is a key.
    """
    source = path(name)
    if bpy.context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    if frames is not None:
        source = _shortened(source, frames)
    with capture.Output():
        bpy.ops.import_anim.bvh(filepath=str(source), rotate_mode=rotation)
    obj = bpy.context.object
    bpy.ops.object.mode_set(mode="POSE")
    bpy.ops.pose.select_all(action="SELECT")
    return obj


def reopen(name: str):
    """A clip as `load` gives it, at its first frame; from a file, in 10 to 50 ms."""
    saved = session.FOLDER / f"{name}.blend"
    if not saved.exists():
        session.new_file()
        load(name)
        bpy.context.scene.frame_set(1)
        with capture.Output():
            bpy.ops.wm.save_as_mainfile(filepath=str(saved), copy=True)
    with capture.Output():
        bpy.ops.wm.open_mainfile(filepath=str(saved), load_ui=False)
    return bpy.context.object


def _shortened(source: Path, frames: int) -> Path:
    head, _, motion = source.read_text().partition("MOTION")
    lines = motion.strip().splitlines()
    count = min(frames, len(lines) - 2)
    text = f"{head}MOTION\nFrames: {count}\n{lines[1]}\n" + "\n".join(lines[2 : 2 + count]) + "\n"
    target = Path(tempfile.mkdtemp()) / source.name
    target.write_text(text)
    return target
