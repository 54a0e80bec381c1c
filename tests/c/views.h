/* Views over arrays of the caller's own; what is not given here stays NULL. */
#ifndef LIMBER_TEST_VIEWS_H
#define LIMBER_TEST_VIEWS_H

#include "check.h"

static inline LimberRig rig_of(size_t bones, const int32_t *parent, const float *rest,
                               const float *length)
{
    LimberRig rig;

    memset(&rig, 0, sizeof rig);
    rig.struct_size = sizeof rig;
    rig.bone_count = bones;
    rig.parent = parent;
    rig.rest = rest;
    rig.length = length;
    return rig;
}

static inline LimberPose pose_of(size_t bones, float *location, float *euler, int32_t *mode)
{
    LimberPose pose;

    memset(&pose, 0, sizeof pose);
    pose.struct_size = sizeof pose;
    pose.bone_count = bones;
    pose.location = location;
    pose.rotation_euler = euler;
    pose.rotation_mode = mode;
    return pose;
}

#endif
