/* Rest and pose matrices, F-curves in a tool's own records, propagating; numbers known by hand. */
#include "views.h"

enum { BONES = 2 };

/* Two bones of length 1, one on top of the other along Y; the first bends by a quarter turn. */
static void matrices(void)
{
    const float head[3 * BONES] = {0, 0, 0, 0, 1, 0};
    const float tail[3 * BONES] = {0, 1, 0, 0, 2, 0};
    const int32_t parent[BONES] = {-1, 0};
    const int32_t loop[BONES] = {1, 0};
    float rest[16 * BONES], offset[16 * BONES], posed[16 * BONES], basis[16 * BONES];
    float length[BONES], posed_head[3 * BONES], posed_tail[3 * BONES];
    float location[3 * BONES] = {0, 0, 0, 0, 0.5f, 0};
    float euler[3 * BONES] = {0, 0, 1.57079633f, 0, 0, 0};
    int32_t mode[BONES] = {LIMBER_ROTATION_XYZ, LIMBER_ROTATION_XYZ};
    LimberRig rig;
    LimberPose pose;

    CHECK_OK(limber_rest_matrices(head, tail, NULL, BONES, rest, length));
    CHECK(length[0] == 1 && length[1] == 1);
    CHECK(rest[0] == 1 && rest[5] == 1 && rest[10] == 1 && rest[13] == 0);
    CHECK(rest[16 + 12] == 0 && rest[16 + 13] == 1 && rest[16 + 14] == 0);

    rig = rig_of(BONES, parent, rest, length);
    CHECK_OK(limber_rest_offsets(&rig, offset));
    rig.offset = offset;
    pose = pose_of(BONES, location, euler, mode);

    CHECK_OK(limber_pose_matrices(&rig, &pose, posed, posed_head, posed_tail));
    CHECK_NEAR(posed[0], 0, 1e-6);  /* X turned to +Y */
    CHECK_NEAR(posed[1], 1, 1e-6);
    CHECK_NEAR(posed[4], -1, 1e-6); /* Y turned to -X */
    CHECK_NEAR(posed[10], 1, 1e-6);
    CHECK_NEAR(posed[16 + 12], -1.5, 1e-6);
    CHECK_NEAR(posed[16 + 13], 0, 1e-6);
    CHECK_NEAR(posed_tail[0], -1, 1e-6);
    CHECK_NEAR(posed_head[3], -1.5, 1e-6);
    CHECK_NEAR(posed_tail[3], -2.5, 1e-6);

    CHECK_OK(limber_local_matrices(&rig, posed, 1, basis));
    CHECK_NEAR(basis[1], 1, 1e-6);
    CHECK_NEAR(basis[16 + 13], 0.5, 1e-6);
    CHECK_NEAR(basis[16 + 0], 1, 1e-6);

    rig.parent = loop;
    CHECK_REFUSED(limber_pose_matrices(&rig, &pose, posed, NULL, NULL), LIMBER_STATUS_BAD_PARENT,
                  "parent[0] = 1: a parent must come before its child");
    CHECK_NEAR(posed[16 + 12], -1.5, 1e-6);
}

/* A record of some tool: the library reads it where it lies. */
typedef struct ToolKey {
    double weight;
    float at[2];
    char label[3];
    uint8_t shape;
} ToolKey;

static void curves(void)
{
    const ToolKey keys[3] = {
        {1.0, {0, 0}, "a", LIMBER_INTERPOLATION_LINEAR},
        {2.0, {10, 5}, "b", LIMBER_INTERPOLATION_CONSTANT},
        {3.0, {20, 1}, "c", LIMBER_INTERPOLATION_LINEAR},
    };
    const float frames[5] = {-3, 4, 10, 19.5f, 40};
    const float expected[5] = {0, 2, 5, 5, 1};
    float values[5];
    size_t i;
    LimberKeyLayout layout;
    LimberFCurve curve;

    memset(&layout, 0xFF, sizeof layout); /* LIMBER_FIELD_ABSENT everywhere */
    layout.struct_size = sizeof layout;
    layout.stride = sizeof(ToolKey);
    layout.point = offsetof(ToolKey, at);
    layout.interpolation = offsetof(ToolKey, shape);
    memset(&curve, 0, sizeof curve);
    curve.struct_size = sizeof curve;
    curve.keys = keys;
    curve.key_count = 3;
    curve.key_layout = &layout;
    CHECK_OK(limber_fcurve_evaluate(&curve, frames, 5, 0, values));
    for (i = 0; i < 5; ++i) {
        CHECK_NEAR(values[i], expected[i], 1e-6);
    }
    curve.extrapolation = 77;
    CHECK(limber_fcurve_evaluate(&curve, frames, 5, 0, values) == LIMBER_STATUS_BAD_VALUE);
}

/* The value at frame 1 goes to the next key: a key at 11, and every key before the end. */
static void propagation(void)
{
    const size_t first_key[2] = {0, 4};
    size_t key_count[1] = {3};
    float point[8] = {1, 0, 11, 1, 21, 2, 0, 0};
    float left[8] = {0, 0, 8, 1, 18, 2, 0, 0};
    float right[8] = {4, 0, 14, 1, 24, 2, 0, 0};
    const float value[1] = {5};
    float frames[4];
    size_t needed = 0, size = 0;
    LimberKeyTable table;

    memset(&table, 0, sizeof table);
    table.struct_size = sizeof table;
    table.curve_count = 1;
    table.element_count = 4;
    table.first_key = first_key;
    table.key_count = key_count;
    table.point = point;
    table.handle_left = left;
    table.handle_right = right;
    CHECK_OK(limber_propagate_frames(&table, LIMBER_PROPAGATE_NEXT_KEY, 1, 0, NULL, 0, &needed));
    CHECK(needed == 1);
    CHECK_OK(limber_propagate_frames(&table, LIMBER_PROPAGATE_NEXT_KEY, 1, 0, frames, 4, &needed));
    CHECK(needed == 1 && frames[0] == 11);
    CHECK_OK(limber_propagate_sizes(&table, frames, 1, 0, &size));
    CHECK(size == 3);
    CHECK_OK(limber_propagate(&table, value, frames, 1, LIMBER_INTERPOLATION_BEZIER,
                              LIMBER_HANDLE_AUTO_CLAMPED, LIMBER_KEY_TYPE_KEYFRAME, 0));
    CHECK(key_count[0] == 3);
    CHECK(point[1] == 0 && point[2] == 11 && point[3] == 5 && point[5] == 2);
    /* the highest key: its clamped handles are level */
    CHECK(left[3] == 5 && right[3] == 5);

    frames[0] = 15;
    CHECK_OK(limber_propagate_sizes(&table, frames, 1, 0, &size));
    CHECK(size == 4);
    CHECK_OK(limber_propagate(&table, value, frames, 1, LIMBER_INTERPOLATION_BEZIER,
                              LIMBER_HANDLE_AUTO_CLAMPED, LIMBER_KEY_TYPE_KEYFRAME, 0));
    CHECK(key_count[0] == 4);
    CHECK(point[4] == 15 && point[5] == 5 && point[6] == 21 && point[7] == 2);
    frames[0] = 17;
    CHECK(limber_propagate(&table, value, frames, 1, LIMBER_INTERPOLATION_BEZIER,
                           LIMBER_HANDLE_AUTO_CLAMPED, LIMBER_KEY_TYPE_KEYFRAME, 0)
          == LIMBER_STATUS_BUFFER_TOO_SMALL);
    CHECK(key_count[0] == 4 && point[4] == 15 && point[6] == 21);
}

int main(void)
{
    matrices();
    curves();
    propagation();
    puts("animation: ok");
    return 0;
}
