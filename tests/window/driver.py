"""Drives a real Blender window: keys, mouse, screenshots, and questions to the running Blender.

Runs beside the windowed Blender: `tests/window.sh run python3 -m pytest tests/window`.

    with Blender() as blender:
        blender.install("dist/limber-0.1.0.zip")
        blender.start()                          # raises if the add-on did not load
        blender.setup(KEYED_BONE)                # the undo history starts here
        blender.search("Push Pose from Breakdown (Limber)", "search.png")
        blender.key("Return")
        blender.settle()
        assert blender.modal() == ["LIMBER_OT_push"]
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
import zlib
from pathlib import Path

# Keycodes of a PC keyboard under X. Function keys are sent by code because xdotool adds Alt when
# it is given their names on current keyboard maps.
FUNCTION_KEYS = {f"F{number}": str(66 + number) for number in range(1, 11)}
FUNCTION_KEYS.update(F11="95", F12="96")

# Runs inside Blender: executes request files in the main loop, answers in JSON.
BRIDGE = r"""
import json, os, traceback
import bpy
_folder = os.environ["LIMBER_BRIDGE"]
_names = {"bpy": bpy}
def _tick():
    request = os.path.join(_folder, "request.py")
    if os.path.exists(request):
        with open(request) as f:
            source = f.read()
        os.remove(request)
        out = {}
        _names["result"] = None
        try:
            exec(compile(source, "request", "exec"), _names)
            out["result"] = _names["result"]
        except BaseException:
            out["error"] = traceback.format_exc()
        with open(os.path.join(_folder, "reply.tmp"), "w") as f:
            json.dump(out, f, default=str)
        os.replace(os.path.join(_folder, "reply.tmp"), os.path.join(_folder, "reply.json"))
    return 0.03
bpy.context.preferences.view.show_splash = False
bpy.app.timers.register(_tick, first_interval=0.1, persistent=True)
"""

EMPTY = """
if bpy.context.mode != 'OBJECT':
    bpy.ops.object.mode_set(mode='OBJECT')
bpy.ops.object.select_all(action='SELECT')
bpy.ops.object.delete()
bpy.ops.outliner.orphans_purge(do_recursive=True)
"""
"""No object in the scene, and nothing left of those before."""

KEYED_BONE = (
    EMPTY
    + """
bpy.ops.object.armature_add()
bpy.ops.object.mode_set(mode='POSE')
bpy.ops.pose.select_all(action='SELECT')
bone = bpy.context.object.pose.bones[0]
for frame, x in ((1, 0.0), (21, 2.0)):
    bone.location = (x, 0, 0)
    bone.keyframe_insert("location", frame=frame)
bpy.context.scene.frame_set(11)
"""
)
"""A one-bone armature in pose mode with two keys, at the frame between them."""

_RIG = """
bpy.ops.object.armature_add()
armature = bpy.context.object.data
bpy.ops.object.mode_set(mode="EDIT")
armature.edit_bones.remove(armature.edit_bones[0])
for name, head, tail, parent, connected in BONES:
    bone = armature.edit_bones.new(name)
    bone.head, bone.tail = head, tail
    bone.parent = armature.edit_bones[parent] if parent else None
    bone.use_connect = connected
bpy.ops.object.mode_set(mode="POSE")
bpy.ops.pose.select_all(action="DESELECT")
"""


def rig(bones: dict[str, tuple], parents: dict[str, str] | None = None, connected=()) -> str:
    """A set-up: an armature in pose mode with nothing selected.

    `bones` has (head, tail) by name, `parents` the names of parents.
    """
    parents = parents or {}
    rows = [(name, *ends, parents.get(name), name in connected) for name, ends in bones.items()]
    return EMPTY + f"BONES = {rows!r}" + _RIG


class Blender:
    """One X server with one Blender window in it; a context manager."""

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        self.width, self.height = width, height
        self.folder = Path(tempfile.mkdtemp(prefix="blender-window-"))
        self.log = self.folder / "blender.log"
        self.env = dict(
            os.environ,
            LIMBER_BRIDGE=str(self.folder),
            LIBGL_ALWAYS_SOFTWARE="1",
            # preferences and add-ons of this run only
            BLENDER_USER_RESOURCES=str(self.folder / "user"),
        )
        self.env.pop("PYTHONPATH", None)
        self.process = self.server = self.log_file = None
        self.modules: list[str] = []

    # --- life ------------------------------------------------------------------------------------

    def install(self, path) -> str:
        """Installs and enables an extension's zip as a user does on the command line."""
        done = subprocess.run(
            [
                *("blender", "--offline-mode", "--command", "extension", "install-file"),
                *("-r", "user_default", "--enable", str(path)),
            ],
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
            check=False,
        )
        # The exit status is 0 even when the zip was refused.
        installed = re.search(r'^STATUS (Reinstalled|Installed) "', done.stdout, re.M)
        if done.returncode or not installed:
            raise RuntimeError(f"installing {path} failed ({done.returncode}):\n{done.stdout}")
        with zipfile.ZipFile(path) as archive:
            manifest = tomllib.loads(archive.read("blender_manifest.toml").decode())
        self.modules.append("bl_ext.user_default." + manifest["id"])
        return done.stdout

    def start(self, *arguments: str, timeout: float = 120) -> Blender:
        """Starts the X server and Blender; returns when the main loop answers."""
        self.env["DISPLAY"] = self._start_server()
        bridge = self.folder / "bridge.py"
        bridge.write_text(BRIDGE)
        self.log_file = self.log.open("w")
        geometry = ["--window-geometry", "0", "0", str(self.width), str(self.height)]
        self.process = subprocess.Popen(
            ["blender", "--offline-mode", *geometry, *arguments, "--python", str(bridge)],
            env=self.env,
            stdout=self.log_file,
            stderr=subprocess.STDOUT,
        )
        self.python("result = True", timeout=timeout)
        for module in self.modules:
            if not self.python(f"import addon_utils; result = addon_utils.check({module!r})[1]"):
                raise RuntimeError(f"{module} is installed but did not load")
        self.settle()
        return self

    def _start_server(self) -> str:
        reading, writing = os.pipe()
        screen = f"{self.width}x{self.height}x24"
        self.server = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(writing), "-screen", "0", screen),
                *("-fbdir", str(self.folder), "-nolisten", "tcp"),
            ],
            pass_fds=(writing,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("the X server did not start")
        return ":" + number

    def stop(self) -> None:
        for process in (self.process, self.server):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self.log_file:
            self.log_file.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Blender:
        return self

    def __exit__(self, *raised) -> None:
        if raised[0] and self.log.exists():
            sys.stderr.write(self.log_text()[-4000:])
        self.stop()

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    def errors(self, since: int = 0) -> list[str]:
        """Errors that Blender printed after a position of its log.

        An operator that raised or reported one is in the history all the same.
        """
        pattern = r"^(?:Traceback|Error: ).*|^.*\| ERROR .*"
        return re.findall(pattern, self.log_text()[since:], re.M)

    # --- ask -------------------------------------------------------------------------------------

    def python(self, source: str, timeout: float = 60):
        """Runs Python in Blender's main loop; returns what it left in `result`."""
        reply = self.folder / "reply.json"
        (self.folder / "request.tmp").write_text(source)
        (self.folder / "request.tmp").replace(self.folder / "request.py")
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"Blender ended with status {self.process.returncode}")
            if reply.exists():
                answer = json.loads(reply.read_text())
                reply.unlink()
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer["result"]
            time.sleep(0.02)
        raise TimeoutError(f"no answer from Blender in {timeout:.0f} s")

    def history(self) -> list[str]:
        """Operators that ran since the last undo or file load, oldest first; the last 32."""
        return self.python("result = [o.bl_idname for o in bpy.context.window_manager.operators]")

    def modal(self) -> list[str]:
        """Operators that are running modally in the window."""
        return self.python(
            "window = bpy.context.window_manager.windows[0]\n"
            "result = [o.bl_idname for o in window.modal_operators]"
        )

    def setup(self, source: str) -> None:
        """Prepares the scene, then starts the undo history, so that Ctrl Z stops there."""
        self.python(source + "\nbpy.ops.ed.undo_push(message='setup')\n")
        self.settle()

    def use_limber(self, replaced: bool) -> None:
        """Whether Blender's own shortcuts and menus call Limber."""
        addon = f"bpy.context.preferences.addons[{self.modules[0]!r}]"
        self.python(f"{addon}.preferences.replace_stock = {replaced}")

    def viewport(self) -> tuple[int, int]:
        """Middle of the first 3D viewport, in screen pixels from the top left."""
        x, y = self.python(
            "w = bpy.context.window_manager.windows[0]\n"
            "a = next(a for a in w.screen.areas if a.type == 'VIEW_3D')\n"
            "result = [a.x + a.width // 2, w.height - (a.y + a.height // 2)]"
        )
        return x, y

    # --- act -------------------------------------------------------------------------------------

    def xdotool(self, *arguments) -> None:
        subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=self.env,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def key(self, name: str) -> None:
        """One key or chord: 'F3', 'Return', 'ctrl+z'."""
        *modifiers, last = name.split("+")
        self.xdotool("key", "+".join([*modifiers, FUNCTION_KEYS.get(last, last)]))

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "25", text)

    def click(self, button: int = 1) -> None:
        self.xdotool("click", button)

    def move(self, x: int, y: int) -> None:
        self.xdotool("mousemove", x - 15, y)  # so that there is a motion if it is there already
        self.xdotool("mousemove", x, y)

    def search(self, text: str, shot=None) -> None:
        """Opens the menu search over the 3D viewport and types; leaves it open."""
        self.move(*self.viewport())  # keys go to the area below the pointer
        self.key("F3")
        self.settle()
        self.type(text)
        self.settle()
        if shot:
            self.shot(shot)

    def close_popup(self) -> None:
        self.key("Escape")
        self.key("Escape")
        self.settle()

    # --- see -------------------------------------------------------------------------------------

    def frame(self) -> bytes:
        return (self.folder / "Xvfb_screen0").read_bytes()

    def rows(self) -> list[bytes]:
        """The lines of pixels of the screen, from the top."""
        frame = self.frame()
        head = struct.unpack(">25I", frame[:100])
        start, height, line = head[0] + head[19] * 12, head[5], head[12]
        return [frame[start + y * line : start + (y + 1) * line] for y in range(height)]

    def settle(self, limit: float = 10.0) -> None:
        """Waits until everything sent so far is handled and drawn.

        Each answer of the main loop means one more turn of it (events, then drawing); after that
        waits for a picture that has stopped changing.
        """
        for _ in range(3):
            self.python("result = 0")
        end = time.monotonic() + limit
        last, since = None, time.monotonic()
        while time.monotonic() < end:
            now = hashlib.md5(self.frame()).digest()
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > 0.3:
                return
            time.sleep(0.06)

    def shot(self, path) -> None:
        """Writes the whole screen as PNG; the X server keeps it in a file in XWD form."""
        raw = self.frame()
        head = struct.unpack(">25I", raw[:100])
        width, height, line = head[4], head[5], head[12]
        start = head[0] + head[19] * 12
        rows = bytearray()
        for y in range(height):
            pixels = raw[start + y * line : start + y * line + width * 4]
            rgb = bytearray(width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
            rows += b"\0" + rgb

        def chunk(kind: bytes, data: bytes) -> bytes:
            check = struct.pack(">I", zlib.crc32(kind + data))
            return struct.pack(">I", len(data)) + kind + data + check

        header = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0))
        body = chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + chunk(b"IEND", b"")
        Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + header + body)
