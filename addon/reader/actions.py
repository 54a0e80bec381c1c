# SPDX-License-Identifier: GPL-3.0-or-later
"""An object's action taken off for the time of one call, without Blender noticing.

Assigning an action by the public API has Blender find out anew what depends on what in the whole
scene, and apply the animation: twice for a moment without it. Nothing of that is needed when the
action is back before anybody looks. So the address of the action is set to nothing where it lies
and put back; both are checked by the public API at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import bpy

from ..native import memory
from . import scratch
from .choice import Choice, State
from .layout import LayoutError, find_field, read_structs

_choice = Choice("actions of objects")
_STRUCT = "AnimData"
_HANDLERS = ("depsgraph_update_pre", "depsgraph_update_post")


def state() -> State:
    """Whether the place of an object's action is known, and why not."""

    def prove() -> int:
        if not memory.is_64_bit_little_endian():
            raise LayoutError("addresses are not of 64 bits with the lowest byte first")
        struct = read_structs(scratch.blend_file(), [_STRUCT])[_STRUCT]
        return find_field(struct, "action", "bAction *action").offset

    return _choice.state(prove)


def taken_off(context, obj) -> contextlib.AbstractContextManager | None:
    """While the block runs, one call of an operator, the object has no action; nothing is
    evaluated when it ends. The caller has to change something of the object afterwards.

    None where that cannot be done: others that run meanwhile must not see it.
    """
    offset = state().layout
    if offset is None or any(getattr(bpy.app.handlers, name) for name in _HANDLERS):
        return None
    data = obj.animation_data
    address = data.as_pointer() + offset
    if not _is_action(data, address):
        _choice.refuse("an object's action lies elsewhere than Blender tells it")
        return None
    # What is still to be found out of the scene must not be found out in the block.
    context.view_layer.update()
    return _without(address)


def _is_action(data, address: int) -> bool:
    """Whether it is the action's address that stands there, and all that Blender looks at."""
    if memory.address_at(address) != data.action.as_pointer():
        return False
    with _without(address):
        return data.action is None


@contextlib.contextmanager
def _without(address: int) -> Iterator[None]:
    action = memory.address_at(address)
    memory.set_address(address, 0)
    try:
        yield
    finally:
        # Others may have given the object another action meanwhile.
        if memory.address_at(address) == 0:
            memory.set_address(address, action)
