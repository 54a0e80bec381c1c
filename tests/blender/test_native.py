"""The add-on's declarations against the C header, and the loader; nothing here needs Blender."""

from __future__ import annotations

import ctypes
import re
import shutil
import sys
from array import array
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADER = (ROOT / "include" / "limber.h").read_text()
NUMBERS = {
    "size_t": ctypes.c_size_t,
    "float": ctypes.c_float,
    "double": ctypes.c_double,
    "uint8_t": ctypes.c_uint8,
    "int8_t": ctypes.c_int8,
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
}


def split_item(text: str) -> tuple[str, str, int]:
    """Type, name and array length of a parameter or a field."""
    found = re.fullmatch(r"(.*?)(\w+)(?:\[(\d+)\])?", text.strip(), re.DOTALL)
    kind, name, count = found.groups()
    return " ".join(kind.replace("struct ", "").split()), name, int(count or 1)


def read_header() -> tuple[dict[str, list], dict[str, list]]:
    code = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.DOTALL)
    functions = {}
    for name, items in re.findall(r"LIMBER_API int32_t (\w+)\((.*?)\);", code, re.DOTALL):
        parts = [] if items.strip() == "void" else items.split(",")
        functions[name] = [split_item(part) for part in parts]
    structs = {}
    for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\}", code, re.DOTALL):
        structs[name] = [split_item(part) for part in body.split(";") if part.strip()]
    return functions, structs


C_FUNCTIONS, C_STRUCTS = read_header()


@pytest.fixture(scope="module")
def native():
    """The add-on's `native` package by itself, without the add-on around it."""
    sys.path.insert(0, str(ROOT / "addon"))
    try:
        import native
        from native import families

        assert families.TABLES
        yield native
    finally:
        sys.path.remove(str(ROOT / "addon"))
        for name in [name for name in sys.modules if name.split(".")[0] == "native"]:
            del sys.modules[name]


@pytest.fixture
def loaded(native):
    state = native.load()
    assert state.usable, state.reason
    yield native
    native.unload()


def is_pointer(kind) -> bool:
    return kind in (ctypes.c_void_p, ctypes.c_char_p) or hasattr(kind, "contents")


def matches(python, c: str) -> bool:
    return is_pointer(python) if c.endswith("*") else python is NUMBERS.get(c)


def test_the_header_was_read():
    assert C_FUNCTIONS["limber_set_threads"] == [("uint32_t", "threads", 1)]
    assert C_FUNCTIONS["limber_version"] == []
    assert C_STRUCTS["LimberPose"][1] == ("size_t", "bone_count", 1)


def test_native_needs_no_blender(native):
    for path in (ROOT / "addon" / "native").glob("*.py"):
        assert not re.search(r"^\s*(import|from) (bpy|mathutils)", path.read_text(), re.MULTILINE)


def test_only_native_uses_ctypes():
    for path in (ROOT / "addon").rglob("*.py"):
        if "native" not in path.parts:
            assert "ctypes" not in path.read_text(), path


def test_every_function_is_declared_as_in_the_header(native):
    from native import families

    for table in [native.FUNCTIONS, *families.TABLES]:
        for name, arguments in table.items():
            assert name in C_FUNCTIONS, f"{name} is not in limber.h"
            parameters = C_FUNCTIONS[name]
            assert len(arguments) == len(parameters), f"{name}: number of arguments"
            for argument, (kind, parameter, _) in zip(arguments, parameters, strict=True):
                assert matches(argument, kind), f"{name}: {parameter} is {kind}, not {argument}"


def test_no_function_is_declared_twice(native):
    from native import families

    names = [name for table in [native.FUNCTIONS, *families.TABLES] for name in table]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)


def all_views(cls) -> list[type]:
    return [view for sub in cls.__subclasses__() for view in (sub, *all_views(sub))]


def test_every_view_has_the_fields_of_the_header(native):
    from native import structs

    views = all_views(structs.View)
    assert views
    for view in views:
        name = "Limber" + view.__name__
        assert name in C_STRUCTS, f"{name} is not in limber.h"
        expected = C_STRUCTS[name]
        assert [field[0] for field in view._fields_] == [field[1] for field in expected], name
        for (field, python, *_), (kind, _, count) in zip(view._fields_, expected, strict=True):
            if count > 1:
                assert python._length_ == count, f"{name}.{field}"
                python = python._type_
            assert matches(python, kind), f"{name}.{field} is {kind}, not {python}"


def test_the_version_is_that_of_the_header(native):
    number = {
        part: int(re.search(rf"LIMBER_VERSION_{part} (\d+)", HEADER)[1])
        for part in ("MAJOR", "MINOR")
    }
    assert (number["MAJOR"], number["MINOR"]) == native.VERSION


def test_the_library_loads_and_says_its_version(loaded):
    state = loaded.state()
    assert state.reason == ""
    assert tuple(map(int, state.version.split(".")))[:2] == loaded.VERSION
    assert loaded.threads() >= 1
    loaded.set_threads(2)
    assert loaded.threads() == 2
    loaded.set_threads(0)


def test_a_refused_call_raises_with_status_and_text(loaded):
    from native import structs

    with pytest.raises(loaded.LimberError, match=r"^threads = 4000: at most 1024$") as caught:
        loaded.set_threads(4000)
    assert caught.value.status == -3
    with pytest.raises(loaded.LimberError, match=r"^mirror is NULL$") as caught:
        loaded.call("limber_mirror_bones", b"a\0", 2, 1, None)
    assert caught.value.status == -1
    with pytest.raises(
        loaded.LimberError, match=r"^names = 2: the text must hold every name"
    ) as caught:
        loaded.call("limber_mirror_bones", b"a\0", 2, 5, structs.pointer(array("i", [0] * 5)))
    assert caught.value.status == -2
    names = array("i", [0x00620061, 0x00640063])  # the names a, b, c, d in 8 bytes
    with pytest.raises(loaded.LimberError, match=r"^mirror overlaps names$") as caught:
        address = structs.pointer(names)
        loaded.call("limber_mirror_bones", address, 8, 4, address)
    assert caught.value.status == -5
    assert list(names) == [0x00620061, 0x00640063]


def test_a_missing_library_is_a_reason_not_an_error(native, tmp_path):
    state = native.load(tmp_path / "liblimber.so")
    assert not state.usable
    assert state.reason == "the native library is missing: liblimber.so"
    assert native.threads() == 0
    with pytest.raises(native.LimberError, match="missing"):
        native.set_threads(1)


def test_a_broken_library_is_a_reason_not_an_error(native, tmp_path):
    broken = tmp_path / "liblimber.so"
    broken.write_text("no library")
    state = native.load(broken)
    assert not state.usable
    assert state.reason.startswith("the native library does not load: ")


def test_another_version_is_refused(native, monkeypatch, tmp_path):
    monkeypatch.setattr(native, "VERSION", (7, 3))
    copy = tmp_path / native.library_path().name
    shutil.copy(native.library_path(), copy)
    state = native.load(copy)
    assert not state.usable
    assert re.fullmatch(
        r"the native library is version \d+\.\d+\.\d+, this add-on needs 7\.3", state.reason
    )
    assert state.version
