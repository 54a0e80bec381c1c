/* The library at work on a small rig; every number is known by hand. */
#include "views.h"

enum { BONES = 3 };

typedef struct Rig {
    float location[3 * BONES];
    float quaternion[4 * BONES];
    float euler[3 * BONES];
    float scale[3 * BONES];
    int32_t mode[BONES];
} Rig;

static LimberPose rig_pose(Rig *rig)
{
    LimberPose pose = pose_of(BONES, rig->location, rig->euler, rig->mode);
    pose.rotation_quaternion = rig->quaternion;
    pose.scale = rig->scale;
    return pose;
}

static Rig example_rig(void)
{
    static const Rig rig = {
        {1, 2, 3, 4, 5, 6, 7, 8, 9},
        {1, 0, 0, 0, 0.6f, 0.8f, 0, 0, 1, 0, 0, 0},
        {0.5f, 0.25f, -1, 0, 0, 0, 0.1f, 0.2f, 0.3f},
        {2, 2, 2, 1, 1, 1, 3, 4, 5},
        {LIMBER_ROTATION_XYZ, LIMBER_ROTATION_QUATERNION, LIMBER_ROTATION_XYZ},
    };
    return rig;
}

static void clears(void)
{
    const uint8_t selected[BONES] = {1, 0, 1};
    const uint8_t lock_location[3 * BONES] = {0, 1, 0, 0, 0, 0, 0, 0, 0};
    const Rig before = example_rig();
    Rig rig = example_rig();
    LimberPose pose = rig_pose(&rig);
    LimberLocks locks;
    memset(&locks, 0, sizeof locks);
    locks.struct_size = sizeof locks;
    locks.lock_location = lock_location;

    CHECK_OK(limber_loc_clear(&pose, &locks, selected, NULL));
    CHECK(rig.location[0] == 0 && rig.location[1] == 2 && rig.location[2] == 0);
    CHECK(rig.location[3] == 4 && rig.location[8] == 0);
    CHECK_OK(limber_rot_clear(&pose, NULL, selected, NULL));
    CHECK(rig.euler[0] == 0 && rig.euler[8] == 0);
    CHECK(memcmp(rig.quaternion, before.quaternion, sizeof rig.quaternion) == 0);
    CHECK_OK(limber_scale_clear(&pose, NULL, selected, NULL));
    CHECK(rig.scale[0] == 1 && rig.scale[3] == 1 && rig.scale[8] == 1);
    CHECK_OK(limber_transforms_clear(&pose, NULL, NULL, NULL));
    CHECK(rig.location[1] == 0 && rig.location[4] == 0);
    CHECK(rig.quaternion[4] == 1 && rig.quaternion[5] == 0);
}

/* Halfway between two poses, and a quarter of the way to the rest pose. */
static void slides(void)
{
    const uint32_t bone[] = {0, 0, 1, 1, 1, 1};
    const uint8_t property[] = {
        LIMBER_PROPERTY_LOCATION,
        LIMBER_PROPERTY_ROTATION_EULER,
        LIMBER_PROPERTY_ROTATION_QUATERNION,
        LIMBER_PROPERTY_ROTATION_QUATERNION,
        LIMBER_PROPERTY_ROTATION_QUATERNION,
        LIMBER_PROPERTY_ROTATION_QUATERNION,
    };
    const uint32_t component[] = {1, 2, 0, 1, 2, 3};
    /* the quaternion: none, then a quarter turn about X */
    const float previous[] = {10, 1, 1, 0, 0, 0};
    const float next[] = {20, 3, 0.70710678f, 0.70710678f, 0, 0};
    Rig rig = example_rig();
    LimberPose pose = rig_pose(&rig);
    LimberSamples samples;
    LimberSlide slide;

    memset(&samples, 0, sizeof samples);
    samples.struct_size = sizeof samples;
    samples.curve_count = sizeof bone / sizeof *bone;
    samples.bone = bone;
    samples.property = property;
    samples.component = component;
    samples.previous = previous;
    samples.next = next;
    memset(&slide, 0, sizeof slide);
    slide.struct_size = sizeof slide;
    slide.factor = 0.5f;
    slide.frame = 5;
    slide.previous_frame = 1;
    slide.next_frame = 11;

    CHECK_OK(limber_breakdown(&pose, &samples, &slide));
    CHECK(rig.location[0] == 1 && rig.location[1] == 15 && rig.location[2] == 3);
    CHECK(rig.euler[2] == 2);
    /* an eighth of a turn: cos and sin of 22.5 degrees */
    CHECK_NEAR(rig.quaternion[4], 0.92387953, 1e-6);
    CHECK_NEAR(rig.quaternion[5], 0.38268343, 1e-6);
    CHECK(rig.quaternion[0] == 1 && rig.location[3] == 4);

    /* b = 10 + 0.4*10 = 14; 15 - 0.5*(14 - 15) */
    CHECK_OK(limber_push(&pose, &samples, &slide));
    CHECK_NEAR(rig.location[1], 15.5, 1e-5);
    CHECK_OK(limber_relax(&pose, &samples, &slide));
    CHECK_NEAR(rig.location[1], 14.75, 1e-5);
    slide.factor = 1;
    CHECK_OK(limber_blend_to_neighbor(&pose, &samples, &slide));
    CHECK_NEAR(rig.location[1], 20, 1e-5);
    slide.factor = 0.25f;
    CHECK_OK(limber_blend_with_rest(&pose, &samples, &slide));
    CHECK_NEAR(rig.location[1], 15, 1e-5);
    CHECK_NEAR(rig.location[0], 0.75, 1e-6);
    CHECK(rig.location[3] == 4);

    slide.factor = 0.5f;
    slide.next_frame = 1;
    CHECK(limber_push(&pose, &samples, &slide) == LIMBER_STATUS_BAD_VALUE);
}

static void refusals(void)
{
    Rig rig = example_rig();
    const Rig before = rig;
    LimberPose pose = rig_pose(&rig);

    CHECK_REFUSED(limber_loc_clear(NULL, NULL, NULL, NULL), LIMBER_STATUS_NULL_POINTER,
                  "LimberPose is NULL");
    rig.mode[2] = 9;
    CHECK_REFUSED(limber_rot_clear(&pose, NULL, NULL, NULL), LIMBER_STATUS_BAD_VALUE,
                  "rotation_mode[2] = 9: not a LIMBER_ROTATION_*");
    rig.mode[2] = LIMBER_ROTATION_XYZ;
    pose.scale = pose.location + 3;
    CHECK_REFUSED(limber_scale_clear(&pose, NULL, NULL, NULL), LIMBER_STATUS_OVERLAP,
                  "scale overlaps location");
    pose = rig_pose(&rig);
    pose.struct_size = 3;
    CHECK_REFUSED(limber_loc_clear(&pose, NULL, NULL, NULL), LIMBER_STATUS_BAD_STRUCT_SIZE,
                  "LimberPose.struct_size = 3: set it to sizeof(LimberPose)");
    CHECK(memcmp(&rig, &before, sizeof rig) == 0);
}

static void names(void)
{
    const char table[] = "arm.L\0arm.R\0spine\0Left hand";
    const size_t count = 4;
    int32_t mirror[4];
    size_t needed = 0;
    char *out;

    CHECK_OK(limber_mirror_bones(table, sizeof table, count, mirror));
    CHECK(mirror[0] == 1 && mirror[1] == 0 && mirror[2] == -1 && mirror[3] == -1);
    CHECK_OK(limber_flip_side(table, sizeof table, count, 0, NULL, 0, &needed));
    out = (char *)malloc(needed);
    CHECK(out != NULL);
    CHECK(limber_flip_side(table, sizeof table, count, 0, out, needed - 1, &needed)
          == LIMBER_STATUS_BUFFER_TOO_SMALL);
    CHECK_OK(limber_flip_side(table, sizeof table, count, 0, out, needed, NULL));
    CHECK(memcmp(out, "arm.R\0arm.L\0spine\0Right hand", needed) == 0);
    free(out);
}

static void key_records(void)
{
    float co[] = {1, 10, 2, 20};
    int32_t easing[] = {LIMBER_EASING_AUTO, LIMBER_EASING_EASE_OUT};
    LimberKey keys[2];
    LimberKeyArrays arrays;

    memset(&arrays, 0, sizeof arrays);
    arrays.struct_size = sizeof arrays;
    arrays.co = co;
    arrays.easing = easing;
    CHECK_OK(limber_keys_gather(&arrays, 2, keys));
    CHECK(keys[1].point[0] == 2 && keys[1].point[1] == 20);
    CHECK(keys[1].easing == LIMBER_EASING_EASE_OUT);
    CHECK(keys[0].interpolation == LIMBER_INTERPOLATION_LINEAR);
    keys[0].point[1] = 11;
    CHECK_OK(limber_keys_scatter(keys, 2, &arrays));
    CHECK(co[1] == 11 && co[3] == 20);
}

int main(void)
{
    clears();
    slides();
    refusals();
    names();
    key_records();
    puts("smoke: ok");
    return 0;
}
