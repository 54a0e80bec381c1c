# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the entries of Blender's own pose menus, and the buttons of a panel, call Limber, and back.

The stock draw functions still draw the menus, so they keep their entries, texts and order in
every version; they are only given a layout that exchanges the operator of an entry. Entries that
other add-ons put into these menus are not touched.
"""

from __future__ import annotations

from collections.abc import Callable

import bpy

from .stock_names import limber_name

MENUS = (
    "DATA_PT_motion_paths",
    "VIEW3D_MT_pose",
    "VIEW3D_MT_pose_apply",
    "VIEW3D_MT_pose_constraints",
    "VIEW3D_MT_pose_context_menu",
    "VIEW3D_MT_pose_ik",
    "VIEW3D_MT_pose_motion",
    "VIEW3D_MT_pose_names",
    "VIEW3D_MT_pose_propagate",
    "VIEW3D_MT_pose_showhide",
    "VIEW3D_MT_pose_slide",
    "VIEW3D_MT_pose_transform",
    "VIEW3D_MT_select_pose",
    "VIEW3D_MT_select_pose_more_less",
)
"""The menus and panels that Blender draws with pose operators."""


def _variant(operator: str) -> str | None:
    """Limber's variant where it can run; in contexts that it declines stock's stays."""
    name = limber_name(operator)
    if name is None:
        return None
    suffix = name.removeprefix("limber.")
    if getattr(bpy.ops.limber, suffix).poll() or not getattr(bpy.ops.pose, suffix).poll():
        return name
    return None


class _Layout:
    """A layout that draws into another one, with Limber's operators for stock's."""

    __slots__ = ("_target",)

    def __init__(self, target) -> None:
        object.__setattr__(self, "_target", target)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._target, name, value)

    def __getattr__(self, name: str) -> object:
        value = getattr(self._target, name)
        if not callable(value):
            return value

        def call(*args: object, **kw: object) -> object:
            result = value(*args, **kw)
            return _Layout(result) if isinstance(result, type(self._target)) else result

        return call

    def _draw_operator(self, kind: str, operator: str, args: tuple, kw: dict) -> object:
        name = _variant(operator)
        if name is not None and "text" not in kw:
            # Without a text an entry would show Limber's label; the menu keeps stock's.
            kw["text"] = bpy.ops.pose.__getattr__(operator[5:]).get_rna_type().name
        return getattr(self._target, kind)(name or operator, *args, **kw)

    def operator(self, operator: str, *args: object, **kw: object) -> object:
        """`UILayout.operator`."""
        return self._draw_operator("operator", operator, args, kw)

    def operator_menu_enum(self, operator: str, *args: object, **kw: object) -> object:
        """`UILayout.operator_menu_enum`."""
        return self._draw_operator("operator_menu_enum", operator, args, kw)

    def operator_enum(self, operator: str, *args: object, **kw: object) -> object:
        """`UILayout.operator_enum`."""
        return self._target.operator_enum(_variant(operator) or operator, *args, **kw)


class _Menu:
    """A menu whose layout is a `_Layout`, in its methods as well; all else is the menu's own."""

    def __init__(self, menu) -> None:
        self._menu = menu
        self.layout = _Layout(menu.layout)

    def __getattr__(self, name: str) -> object:
        value = getattr(self._menu, name)
        if getattr(value, "__self__", None) is self._menu and hasattr(value, "__func__"):
            return value.__func__.__get__(self)  # its methods draw into the layout, too
        return value


def _with_limber(stock: Callable) -> Callable:
    """A draw function that draws what `stock` draws, with Limber's operators."""

    def draw(self, context) -> None:
        stock(_Menu(self), context)

    draw.limber_stock = stock
    return draw


def _exchange(cls: type, other: Callable[[Callable], Callable | None]) -> None:
    """Replaces the first of a menu's draw functions, the stock one, by what `other` gives."""
    functions = getattr(cls.draw, "_draw_funcs", None)
    for index, function in enumerate(functions or [cls.draw]):
        replacement = other(function)
        if replacement is None:
            continue
        if functions is not None:
            functions[index] = replacement
        elif any(base.__dict__.get("draw") is replacement for base in cls.__mro__[1:]):
            del cls.draw  # the stock function was inherited
        else:
            cls.draw = replacement


def _classes() -> list[type]:
    return [getattr(bpy.types, name) for name in MENUS if hasattr(bpy.types, name)]


def point_at_limber() -> None:
    """Makes the stock menus call Limber; calling it again changes nothing."""

    def wrapped(function: Callable) -> Callable | None:
        stock = function.__module__.partition(".")[0] == "bl_ui"
        return _with_limber(function) if stock else None

    for cls in _classes():
        _exchange(cls, wrapped)


def restore() -> None:
    """Gives the stock menus their own draw functions back."""
    for cls in _classes():
        _exchange(cls, lambda function: getattr(function, "limber_stock", None))
