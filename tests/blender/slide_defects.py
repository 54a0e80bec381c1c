"""What the slides of some versions of Blender do wrong, and Limber does right."""

from __future__ import annotations

import dataclasses

import session
from scene import Options


def without_defect(slide: str, options: Options) -> Options:
    """Options for scenes in which the slide of the running Blender is right.

    Before 5.2 blend_with_rest bends the hidden quaternion of axis-angle bones to the rest pose.
    5.0 reads the curves of an object that shares its armature with an earlier one at frame 0.
    """
    if slide == "blend_with_rest" and session.VERSION < (5, 2):
        modes = tuple(mode for mode in options.rotation_modes if mode != "AXIS_ANGLE")
        options = dataclasses.replace(options, rotation_modes=modes)
    if session.VERSION == (5, 0):
        options = dataclasses.replace(options, shared_data=0.0)
    return options
