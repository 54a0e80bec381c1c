"""What Blender's menus show, found by letting their draw functions draw into a recorder."""

from __future__ import annotations

import types

import bpy


class Recorder:
    """Stands in for UILayout: takes every call, keeps operators and menus."""

    def __init__(self, seen: list | None = None) -> None:
        self.__dict__["seen"] = [] if seen is None else seen

    def __getattr__(self, name: str):
        def call(*args, **kw):
            if name in {"operator", "menu", "operator_menu_enum"}:
                self.seen.append((name, args[0], kw.get("text")))
            return Recorder(self.seen)

        return call

    def __setattr__(self, name: str, value: object) -> None:
        pass


def draw_functions(cls: type) -> list:
    """The functions that draw a menu, the stock one first."""
    return list(getattr(cls.draw, "_draw_funcs", [cls.draw]))


def entries(menu: str, done: set | None = None) -> list[tuple[str, str, str | None]]:
    """(menu, operator, text) of everything that a menu and its submenus show."""
    done = set() if done is None else done
    cls = getattr(bpy.types, menu, None)
    if cls is None or menu in done or not hasattr(cls, "draw"):
        return []
    done.add(menu)
    found = []
    for function in draw_functions(cls):
        recorder = Recorder()
        holder = types.SimpleNamespace(layout=recorder)
        holder._operator_name = getattr(cls, "_operator_name", "")
        try:
            function(holder, bpy.context)
        except (AttributeError, TypeError):  # some stock menus need a real layout or menu
            if "limber" in function.__module__:
                raise
        for kind, name, text in recorder.seen:
            if kind == "menu":
                found += entries(name, done)
            else:
                found.append((menu, name, text))
    return found
