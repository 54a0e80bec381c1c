"""Random curves of every kind, and rigs that look at them, read as the add-on reads them."""

from __future__ import annotations

import importlib
import math

import bpy
import constraint_rigs
import test_math
from mathutils import Euler, Matrix


def _spline(random_, data, kind: str) -> None:
    spline = data.splines.new(kind)
    count = random_.randint(2, 7)
    points = spline.bezier_points if kind == "BEZIER" else spline.points
    points.add(count - 1)
    for point in points:
        co = test_math.vector(random_, 2.0)
        if kind == "BEZIER":
            point.handle_left_type = point.handle_right_type = "FREE"
            point.handle_left = co + test_math.vector(random_)
            point.handle_right = co + test_math.vector(random_)
            point.co = co
        else:
            point.co = (*co, random_.uniform(0.3, 3.0) if kind == "NURBS" else 1.0)
        point.tilt = random_.choice((0.0, random_.uniform(-3.0, 3.0)))
        point.radius = random_.choice((1.0, random_.uniform(0.2, 3.0)))
    # Where a curve turns back on itself, rounding decides which way it goes.
    spline.use_cyclic_u = count > 2 and random_.random() < 0.4
    # One point is no path.
    least = 2 if kind == "NURBS" and count == 2 else 1
    spline.resolution_u = random_.choice((least, 2, 3, 5, 12))
    if kind == "BEZIER":
        kinds = ("LINEAR", "CARDINAL", "BSPLINE", "EASE")
        spline.tilt_interpolation = random_.choice(kinds)
        spline.radius_interpolation = random_.choice(kinds)
    elif kind == "NURBS":
        spline.order_u = random_.randint(2, 6)
        spline.use_endpoint_u = random_.random() < 0.4
        spline.use_bezier_u = random_.random() < 0.3


def make_curve(random_, kind: str):
    """A curve object of up to three splines, moved, turned and scaled."""
    data = bpy.data.curves.new("Path", "CURVE")
    data.dimensions = "3D"
    data.twist_mode = random_.choice(("MINIMUM", "MINIMUM", "Z_UP"))
    for _ in range(random_.choice((1, 1, 3))):
        _spline(random_, data, kind)
    data.path_duration = random_.randint(1, 200)
    data.eval_time = random_.uniform(-50.0, 250.0)
    data.use_path_clamp = random_.random() < 0.5
    obj = bpy.data.objects.new("Path", data)
    bpy.context.scene.collection.objects.link(obj)
    if random_.random() < 0.7:
        obj.matrix_world = Matrix.LocRotScale(
            test_math.vector(random_),
            Euler(test_math.vector(random_, math.pi)),
            [random_.uniform(0.7, 1.4) for _ in "xyz"],
        )
    return obj


def modules(addon: str):
    """The add-on's own readers of constraints."""
    return importlib.import_module(f"{addon}.bridge.rig_constraints")


def read(native, reader, obj):
    """LimberPoseConstraints of an armature object, as the add-on reads them."""
    index = {bone.name: at for at, bone in enumerate(obj.pose.bones)}
    table = reader.Constraints(obj, index)
    splines = native.evaluate.Splines(
        spline_count=len(table.splines.rows["spline_type"]),
        point_count=table.splines.point_first[-1],
        point_first=table.splines.point_first,
        **table.splines.rows,
        **table.splines.points,
        curve_count=len(table.splines),
        curve_first=table.splines.curve_first,
    )
    return native.evaluate.PoseConstraints(
        constraint_count=len(table),
        target_count=len(table.targets["target_bone"]),
        target_first=table.target_first,
        object_matrix=test_math.array("f", constraint_rigs.flat(obj.matrix_world)),
        splines=splines,
        **table.rows,
        **table.targets,
    )


def remove_all() -> None:
    """No object, armature or curve is left."""
    constraint_rigs.remove_all()
    for data in list(bpy.data.curves):
        bpy.data.curves.remove(data)
