# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything but F-curves that names a bone, collected before a rename and set right after it.

Blender updates most of these with each rename. Those that it forgets, or updates in some cases
only, are collected here with the name they have before; afterwards each has to have the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

import bpy

from .bone_paths import PREFIXES, escaped, resolves, split_path

PATHS = (*PREFIXES.values(), 'data.bones["')

MODIFIER_FIELDS = (
    ("object", "subtarget"),
    ("object_from", "bone_from"),
    ("object_to", "bone_to"),
    ("texture_coords_object", "texture_coords_bone"),
    ("mask_tex_map_object", "mask_tex_map_bone"),
)
"""Properties of modifiers: the armature object, and the name of its bone."""


def _animatable() -> list[str]:
    """The collections of a file whose data blocks can hold animation."""
    # Of the type: bpy.data itself is out of reach while add-ons are registered.
    properties = bpy.types.BlendData.bl_rna.properties
    collections = (p for p in properties if p.type == "COLLECTION")
    return [p.identifier for p in collections if "animation_data" in p.fixed_type.bl_rna.properties]


_COLLECTIONS = _animatable()
_collections = attrgetter(*_COLLECTIONS)
_WITH_TREES = ("materials", "scenes", "worlds", "lights", "textures", "linestyles")


def data_blocks() -> Iterator:
    """Every data block of the file that can hold animation, embedded node trees too."""
    for name, blocks in zip(_COLLECTIONS, _collections(bpy.data), strict=True):
        for block in blocks:
            yield block
            tree = getattr(block, "node_tree", None) if name in _WITH_TREES else None
            if tree is not None and tree.is_embedded_data:
                yield tree


class References:
    """What names bones of some armatures, with the names they have before a rename."""

    def __init__(self, armatures: set) -> None:
        self._armatures = armatures
        self._fields: list[tuple] = []
        self._paths: list[tuple] = []
        self._groups: list[tuple] = []
        self._followed: list[tuple] = []
        for obj in bpy.data.objects:
            self._object(obj)
        self._keying_sets()
        self._drivers()
        for scene in bpy.data.scenes:
            tools = scene.tool_settings
            if hasattr(tools, "anim_mirror_bone"):
                self._field(tools, "anim_mirror_bone", tools.anim_mirror_object)

    def _field(self, owner, attribute: str, target) -> None:
        if target is not None and target.data in self._armatures:
            name = getattr(owner, attribute)
            if name:
                self._fields.append((owner, attribute, target.data, name))

    def _object(self, obj) -> None:
        if obj.parent is not None and obj.parent_bone:
            self._field(obj, "parent_bone", obj.parent)
        for constraint in obj.constraints:
            self._space(constraint)
        for bone in obj.pose.bones if obj.pose is not None else ():
            for constraint in bone.constraints:
                self._space(constraint)
        for modifier in obj.modifiers:
            for target, bone in _fields_of(modifier):
                self._field(modifier, bone, getattr(modifier, target))
        if obj.data in self._armatures:
            for selection_set in getattr(obj, "selection_sets", ()):
                for entry in selection_set.bone_ids:
                    self._field(entry, "name", obj)
        if obj.vertex_groups:
            self._groups.append((obj, [group.name for group in obj.vertex_groups]))

    def _space(self, constraint) -> None:
        self._field(constraint, "space_subtarget", constraint.space_object)

    def _keying_sets(self) -> None:
        for scene in bpy.data.scenes:
            for keying_set in scene.keying_sets:
                for path in keying_set.paths:
                    self._path(path, path.id)

    def _drivers(self) -> None:
        for block in data_blocks():
            data = block.animation_data
            for curve in data.drivers if data is not None else ():
                if isinstance(block, bpy.types.Armature):
                    self._path(curve, block)
                for variable in curve.driver.variables:
                    if variable.type == "SINGLE_PROP":
                        for target in variable.targets:
                            self._path(target, target.id)

    def _path(self, owner, block) -> None:
        """A path that begins at a data block."""
        if isinstance(block, bpy.types.Object):
            armature = block.data
        elif isinstance(block, bpy.types.Armature):
            armature = block
        else:
            return
        path = owner.data_path
        if armature not in self._armatures or "bones" not in path:
            return
        for prefix in PATHS:
            parts = split_path(path, prefix)
            if parts is not None:
                self._paths.append((owner, block, armature, (prefix, *parts)))

    def is_empty(self) -> bool:
        """Whether there is nothing to set right."""
        return not (self._fields or self._paths or self._groups)

    def apply(self, renamed: dict) -> None:
        """Sets every name right: `renamed` has {old name: new name} by armature."""
        for owner, attribute, armature, old in self._fields:
            new = renamed.get(armature, {}).get(old, old)
            if getattr(owner, attribute) != new:
                setattr(owner, attribute, new)
        maps = {armature: escaped(names) for armature, names in renamed.items()}
        for owner, block, armature, (prefix, name, rest) in self._paths:
            new = maps.get(armature, {}).get(name)
            changed = f'{prefix}{new}"{rest}'
            if new is None or owner.data_path == changed:
                continue
            if not isinstance(owner, bpy.types.KeyingSetPath) and not resolves(block, changed):
                continue
            owner.data_path = changed
        for obj, old_names in self._groups:
            self._follow_groups(obj, old_names)

    def undo(self) -> None:
        """Sets the names of before wherever `apply` came to, and Blender did not."""
        for owner, attribute, _, old in self._fields:
            if getattr(owner, attribute) != old:
                setattr(owner, attribute, old)
        for owner, _, _, parts in self._paths:
            prefix, name, rest = parts
            old = f'{prefix}{name}"{rest}'
            if owner.data_path != old:
                owner.data_path = old
        for owner, attribute, old in reversed(self._followed):
            setattr(owner, attribute, old)

    def _follow_groups(self, obj, old_names: list[str]) -> None:
        """Gives what names vertex groups of an object the names that they have now."""
        pairs = zip(old_names, obj.vertex_groups, strict=True)
        renamed = {old: group.name for old, group in pairs if old != group.name}
        if not renamed:
            return
        for modifier in obj.modifiers:
            self._follow(modifier, renamed)
            for inner in ("settings", "collision_settings"):
                self._follow(getattr(modifier, inner, None), renamed)
        for system in obj.particle_systems:
            self._follow(system, renamed)
        keys = getattr(obj.data, "shape_keys", None)
        for block in keys.key_blocks if keys is not None else ():
            self._follow(block, renamed)
        self._follow(obj.data, renamed)
        for other in bpy.data.objects:
            owners = [other, *(other.pose.bones if other.pose is not None else ())]
            for constraint in (c for owner in owners for c in owner.constraints):
                if getattr(constraint, "target", None) == obj:
                    self._set(constraint, "subtarget", renamed)

    def _follow(self, owner, renamed: dict[str, str]) -> None:
        """Every text property whose name says that it holds a vertex group's name."""
        for prop in owner.bl_rna.properties if owner is not None else ():
            named = prop.type == "STRING" and "vertex_group" in prop.identifier
            if named and not prop.is_readonly:
                self._set(owner, prop.identifier, renamed)

    def _set(self, owner, attribute: str, renamed: dict[str, str]) -> None:
        old = getattr(owner, attribute, None)
        if old in renamed:
            setattr(owner, attribute, renamed[old])
            self._followed.append((owner, attribute, old))


_modifier_fields: dict[str, list[tuple[str, str]]] = {}


def _fields_of(modifier) -> list[tuple[str, str]]:
    """The pairs of `MODIFIER_FIELDS` that a type of modifier has."""
    found = _modifier_fields.get(modifier.type)
    if found is None:
        known = modifier.bl_rna.properties
        found = [pair for pair in MODIFIER_FIELDS if pair[0] in known and pair[1] in known]
        _modifier_fields[modifier.type] = found
    return found
