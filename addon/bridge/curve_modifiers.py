# SPDX-License-Identifier: GPL-3.0-or-later
"""The modifiers of F-curves as plain numbers, by the names of the native library."""

from __future__ import annotations

from array import array

BITS = {
    "LIMITS": (("use_min_x", 16), ("use_max_x", 32), ("use_min_y", 64), ("use_max_y", 128)),
    "STEPPED": (("use_frame_start", 256), ("use_frame_end", 512)),
    "GENERATOR": (("use_additive", 8),),
    "FNGENERATOR": (("use_additive", 8),),
    "NOISE": (("use_legacy_noise", 1024),),
}
NUMBERS = {
    "CYCLES": ("cycles_before", "cycles_after"),
    "LIMITS": ("min_x", "max_x", "min_y", "max_y"),
    "FNGENERATOR": ("amplitude", "phase_multiplier", "phase_offset", "value_offset"),
    "ENVELOPE": ("reference_value", "default_min", "default_max"),
    "NOISE": ("scale", "strength", "phase", "offset", "lacunarity", "roughness", "depth"),
}
ENUMS = {
    "CYCLES": {"mode_before": "mode_before", "mode_after": "mode_after"},
    "GENERATOR": {"generator_mode": "mode"},
    "FNGENERATOR": {"function_type": "function_type"},
    "NOISE": {"blend_type": "blend_type"},
}
KINDS = {
    "GENERATOR": 1,
    "FNGENERATOR": 2,
    "ENVELOPE": 3,
    "CYCLES": 4,
    "NOISE": 5,
    "LIMITS": 8,
    "STEPPED": 9,
}


def _enum(owner, name: str) -> int:
    return owner.bl_rna.properties[name].enum_items[getattr(owner, name)].value


def read(modifier) -> dict | None:
    """Fields of a modifier; None for one that the library does not have or that cannot be read."""
    kind = modifier.type
    # A stepped modifier's own range hides the common one.
    if kind not in KINDS or (kind == "STEPPED" and modifier.use_restricted_range):
        return None
    flags = (
        1 * (modifier.mute or not modifier.is_valid)
        + 2 * modifier.use_restricted_range
        + 4 * modifier.use_influence
    )
    for name, bit in BITS.get(kind, ()):
        # In 4.5 the noise has no older form.
        flags += bit * bool(getattr(modifier, name, False))
    # A stepped modifier has frame_start and frame_end of its own in the place of the common ones.
    own = kind == "STEPPED"
    fields = {
        "kind": KINDS[kind],
        "flags": flags,
        "influence": modifier.influence,
        "frame_start": 0.0 if own else modifier.frame_start,
        "frame_end": 0.0 if own else modifier.frame_end,
        "blend_in": modifier.blend_in,
        "blend_out": modifier.blend_out,
    }
    fields |= {name: getattr(modifier, name) for name in NUMBERS.get(kind, ())}
    fields |= {field: _enum(modifier, name) for field, name in ENUMS.get(kind, {}).items()}
    if own:
        fields |= {"step": modifier.frame_step, "step_offset": modifier.frame_offset}
        fields |= {"step_start": modifier.frame_start, "step_end": modifier.frame_end}
    if kind == "GENERATOR":
        fields["values"] = array("f", modifier.coefficients)
    if kind == "ENVELOPE":
        points = [(p.frame, p.min, p.max) for p in modifier.control_points]
        fields["values"] = array("f", [number for point in points for number in point])
    if "values" in fields:
        fields["value_count"] = len(fields["values"])
    return fields
