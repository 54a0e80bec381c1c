/* A clipboard of the caller's own: copied with its sizes asked first, kept, mirrored, pasted on
 * another rig by name. Then what belongs to poses as a whole: modes, matrices, rest. Every buffer is
 * exactly as large as it was said to be, so that a sanitizer sees each byte too much. */
#include "views.h"

static const char RIG[] = "hips\0arm.L\0arm.R\0toe";
static const char OTHER[] = "arm.R\0hips\0arm.L";

static void *room(size_t size)
{
    void *memory = malloc(size);
    CHECK(memory != NULL);
    return memory;
}

static void test_copy_and_paste(void)
{
    float location[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    float euler[12] = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1, 1.1f, 1.2f};
    int32_t mode[4] = {1, 1, 1, 1}, other_mode[3] = {1, 1, 1}, came_from[3];
    const uint8_t selected[4] = {1, 1, 0, 0}, only_right[3] = {1, 0, 0};
    float other_location[9], other_euler[9];
    LimberPose pose = pose_of(4, location, euler, mode), clip, other;
    size_t bones = 0, size = 0, pasted = 0, skipped = 0;
    char *names;

    /* How much room is needed, then the copy itself. */
    CHECK_OK(limber_pose_copy(&pose, RIG, sizeof RIG, selected, NULL, &bones, NULL, 0, &size));
    CHECK(bones == 2 && size == sizeof "hips" + sizeof "arm.L");
    clip = pose_of(bones, (float *)room(bones * 12), (float *)room(bones * 12),
                   (int32_t *)room(bones * 4));
    names = (char *)room(size);
    CHECK_OK(limber_pose_copy(&pose, RIG, sizeof RIG, selected, &clip, &bones, names, size, &size));
    CHECK(memcmp(names, "hips\0arm.L", size) == 0);
    CHECK(clip.location[3] == 4 && clip.rotation_euler[5] == 0.6f && clip.rotation_mode[1] == 1);
    CHECK(limber_pose_copy(&pose, RIG, sizeof RIG, NULL, &clip, NULL, NULL, 0, NULL)
          == LIMBER_STATUS_BUFFER_TOO_SMALL);

    /* Mirrored on another rig: the left arm goes to the right one, the hips to themselves. */
    memset(other_location, 0, sizeof other_location);
    memset(other_euler, 0, sizeof other_euler);
    other = pose_of(3, other_location, other_euler, other_mode);
    CHECK_OK(limber_pose_paste(&clip, names, size, &other, OTHER, sizeof OTHER, NULL,
                               LIMBER_PASTE_FLIPPED, came_from, &pasted, &skipped));
    CHECK(pasted == 2 && skipped == 0);
    CHECK(came_from[0] == 1 && came_from[1] == 0 && came_from[2] == -1);
    CHECK(other_location[0] == -4 && other_location[1] == 5 && other_location[3] == -1);
    CHECK(other_euler[0] == 0.4f && other_euler[1] == -0.5f && other_euler[8] == 0);

    /* As it is, on one bone only: the clipboard has no right arm, so nothing is left of it. */
    CHECK_OK(limber_pose_paste(&clip, names, size, &other, OTHER, sizeof OTHER, only_right, 0, NULL,
                               &pasted, &skipped));
    CHECK(pasted == 0 && skipped == 2 && other_location[3] == -1);

    /* Mirrored in place, twice: as before. */
    CHECK_OK(limber_pose_mirror(&clip, NULL));
    CHECK(clip.location[3] == -4);
    CHECK_OK(limber_pose_mirror(&clip, NULL));
    CHECK(clip.location[3] == 4 && clip.rotation_euler[4] == 0.5f);
    free(clip.location);
    free(clip.rotation_euler);
    free(clip.rotation_mode);
    free(names);
}

static void test_names(void)
{
    const char names[] = "hand.L\0Left_foot\0spine";
    const char flipped[] = "hand.R\0Right_foot\0spine";
    int32_t mirror[4];
    size_t size = 0;
    char *out;

    CHECK_OK(limber_flip_side(names, sizeof names, 3, 0, NULL, 0, &size));
    CHECK(size == sizeof flipped);
    out = (char *)room(size);
    CHECK_OK(limber_flip_side(names, sizeof names, 3, 0, out, size, &size));
    CHECK(memcmp(out, flipped, size) == 0);
    CHECK(limber_flip_side(names, sizeof names, 3, 0, out, size - 1, NULL)
          == LIMBER_STATUS_BUFFER_TOO_SMALL);
    free(out);
    CHECK_OK(limber_mirror_bones(RIG, sizeof RIG, 4, mirror));
    CHECK(mirror[1] == 2 && mirror[2] == 1);
}

static void test_modes(void)
{
    float quaternion[8] = {1, 0, 0, 0, 1, 0, 0, 0}, axis_angle[8] = {0, 0, 1, 0, 0, 0, 1, 0};
    float euler[6] = {0.3f, 0.4f, 0.5f, 0.3f, 0.4f, 0.5f};
    int32_t mode[2] = {LIMBER_ROTATION_XYZ, LIMBER_ROTATION_XYZ};
    const uint8_t first[2] = {1, 0}, second[2] = {0, 1};
    LimberPose pose = pose_of(2, NULL, euler, mode);
    pose.rotation_quaternion = quaternion;
    pose.rotation_axis_angle = axis_angle;

    /* Between Euler orders Blender keeps the angles; exact keeps the orientation. */
    CHECK_OK(limber_rotation_mode_set(&pose, first, LIMBER_ROTATION_ZYX, 0));
    CHECK_OK(limber_rotation_mode_set(&pose, second, LIMBER_ROTATION_ZYX, 1));
    CHECK(mode[0] == LIMBER_ROTATION_ZYX && mode[1] == LIMBER_ROTATION_ZYX);
    CHECK(euler[0] == 0.3f && fabs(euler[3] - 0.3f) > 0.01);
    CHECK_OK(limber_rotation_mode_set(&pose, second, LIMBER_ROTATION_XYZ, 1));
    CHECK_NEAR(euler[3], 0.3, 1e-6);
    CHECK_NEAR(euler[5], 0.5, 1e-6);
}

/* Turned about Z by `angle`, moved by x, y. */
static void matrix(float *out, float angle, float x, float y)
{
    const float c = cosf(angle), s = sinf(angle);

    memset(out, 0, 16 * sizeof *out);
    out[0] = out[5] = c;
    out[1] = s;
    out[4] = -s;
    out[10] = out[15] = 1;
    out[12] = x;
    out[13] = y;
}

static void test_frames(void)
{
    enum { FRAMES = 8 };
    const int32_t parent[2] = {-1, 0}, mode[2] = {LIMBER_ROTATION_QUATERNION, LIMBER_ROTATION_XYZ};
    float rest[32], matrices[FRAMES * 32], location[FRAMES * 6], quaternion[FRAMES * 8];
    float euler[FRAMES * 6];
    LimberRig rig = rig_of(2, parent, rest, NULL);
    LimberPose out = pose_of(2, location, euler, NULL);
    int frame;

    out.rotation_quaternion = quaternion;
    matrix(rest, 0, 0, 0);
    matrix(rest + 16, 0, 0, 1);
    for (frame = 0; frame < FRAMES; frame++) {
        const float angle = 0.9f * (float)frame;
        matrix(matrices + 32 * frame, angle, 2, 0);
        /* The child turns as much again about its own head. */
        matrix(matrices + 32 * frame + 16, 2 * angle, 2 - sinf(angle), cosf(angle));
    }
    memset(euler, 0, sizeof euler);
    CHECK_OK(limber_visual_transforms_batch(&rig, matrices, FRAMES, mode, &out,
                                            LIMBER_VISUAL_SAME_SIGN));
    for (frame = 0; frame < FRAMES; frame++) {
        /* Neither the sign of a quaternion nor an angle jumps, twice round the circle. */
        CHECK_NEAR(quaternion[8 * frame], cos(0.45 * frame), 1e-5);
        CHECK_NEAR(euler[6 * frame + 5], 0.9 * frame, 1e-5);
        CHECK_NEAR(location[6 * frame], 2, 1e-6);
        CHECK_NEAR(location[6 * frame + 3], 0, 1e-5);
    }
}

static void test_rest(void)
{
    const int32_t parent[2] = {-1, 0};
    const float length[2] = {1, 1};
    float rest[32], posed[32], location[6] = {2, 0, 0, 0, 0, 0};
    float head[6] = {0, 0, 0, 0, 1, 0}, tail[6] = {0, 1, 0, 0, 2, 0}, roll[2] = {0, 0};
    uint8_t change[2];
    LimberRig rig = rig_of(2, parent, rest, length);
    LimberPose pose = pose_of(2, location, NULL, NULL);

    matrix(rest, 0, 0, 0);
    matrix(rest + 16, 0, 0, 1);
    matrix(posed, 0, 2, 0);
    matrix(posed + 16, 0, 2, 1);
    CHECK_OK(limber_armature_apply(&rig, posed, &pose, NULL, head, tail, roll, NULL, NULL, change));
    CHECK(change[0] == LIMBER_REST_APPLIED && change[1] == LIMBER_REST_APPLIED);
    CHECK(head[0] == 2 && tail[1] == 1 && head[3] == 2 && tail[4] == 2 && location[0] == 0);
}

typedef struct ToolBone {
    float at[3];
    struct ToolBone *next;
    char title[6];
    int8_t order;
    void *extras;
} ToolBone;

static ToolBone *bone(const char *title, float x, ToolBone *next)
{
    ToolBone *made = (ToolBone *)room(sizeof *made);

    memset(made, 0, sizeof *made);
    memcpy(made->title, title, strlen(title) + 1);
    made->at[0] = x;
    made->order = 3;
    made->extras = next;
    made->next = next;
    return made;
}

static void test_records(void)
{
    ToolBone *last = bone("tip", 2, NULL), *first = bone("root.", 1, last);
    LimberBoneLayout layout;
    float location[6];
    int32_t mode[2];
    uint8_t marked[2];
    size_t size = 0, extras[2];
    char names[10];
    LimberPose pose = pose_of(2, location, NULL, mode);

    memset(&layout, 0xff, sizeof layout); /* LIMBER_FIELD_ABSENT everywhere */
    layout.struct_size = sizeof layout;
    layout.record_size = sizeof(ToolBone);
    layout.next = offsetof(ToolBone, next);
    layout.name = offsetof(ToolBone, title);
    layout.name_size = sizeof first->title;
    layout.location = offsetof(ToolBone, at);
    layout.rotation_mode = offsetof(ToolBone, order);
    layout.rotation_mode_size = 1;
    layout.properties = offsetof(ToolBone, extras);
    CHECK_OK(limber_bone_records_read(&layout, first, &pose, names, sizeof names, &size, marked));
    CHECK(size == sizeof names && memcmp(names, "root.\0tip", size) == 0);
    CHECK(location[0] == 1 && location[3] == 2 && mode[0] == 3 && mode[1] == 3);
    CHECK(marked[0] == 1 && marked[1] == 0);
    CHECK_OK(limber_bone_records_addresses(&layout, first, 2, layout.properties, extras));
    CHECK(extras[0] == (size_t)last && extras[1] == 0);
    layout.only = LIMBER_BONE_HAS_PROPERTIES;
    location[3] = 7;
    CHECK_OK(limber_bone_records_read(&layout, first, &pose, NULL, 0, NULL, NULL));
    CHECK(location[0] == 1 && location[3] == 7);
    pose.bone_count = 1;
    CHECK(limber_bone_records_read(&layout, first, &pose, NULL, 0, NULL, NULL)
          == LIMBER_STATUS_BAD_VALUE);
    free(first);
    free(last);
}

/* A list of notes, each with a text of its own or with numbers. */
typedef struct ToolNote {
    struct ToolNote *next;
    void *what;
    int32_t count;
    uint8_t sort[2];
} ToolNote;

static void test_notes(void)
{
    const size_t absent = LIMBER_FIELD_ABSENT, what = offsetof(ToolNote, what);
    const size_t sizes[2] = {sizeof(ToolNote), sizeof(double)};
    const size_t tags[2] = {offsetof(ToolNote, sort), LIMBER_FIELD_ABSENT};
    /* The two bytes of a sort are alike: which one comes first does not matter. */
    const size_t from[3] = {0, 0, 0}, mask[3] = {0, 0xffff, 0xffff}, value[3] = {0, 0x0101, 0x0202};
    size_t address[3], count[3], to[3];
    double *numbers = (double *)room(2 * sizeof *numbers);
    ToolNote *last = (ToolNote *)room(sizeof *last), *first = (ToolNote *)room(sizeof *first);
    uint8_t out[512];
    size_t size = 0, blocks = 0, at = 0, root = (size_t)first, notes = 0, bytes = 0;
    LimberRecordKinds kinds;

    numbers[0] = 0.5;
    numbers[1] = 2.5;
    memset(last, 0, sizeof *last);
    memset(first, 0, sizeof *first);
    first->next = last;
    first->what = room(6);
    memcpy(first->what, "hello", 6);
    memset(first->sort, 1, 2);
    last->what = numbers;
    last->count = 2;
    memset(last->sort, 2, 2);
    address[0] = offsetof(ToolNote, next);
    address[1] = address[2] = what;
    count[0] = count[1] = absent;
    count[2] = offsetof(ToolNote, count);
    to[0] = 0;
    to[1] = LIMBER_RECORD_TEXT;
    to[2] = 1;
    memset(&kinds, 0, sizeof kinds);
    kinds.struct_size = sizeof kinds;
    kinds.kind_count = 2;
    kinds.record_size = sizes;
    kinds.tag = tags;
    kinds.link_count = 3;
    kinds.from = from;
    kinds.mask = mask;
    kinds.value = value;
    kinds.address = address;
    kinds.count = count;
    kinds.to = to;
    CHECK_OK(limber_records_copy(&kinds, 0, &root, 1, out, sizeof out, &size));
    while (at < size) {
        LimberRecordBlock block;
        size_t held;

        memcpy(&block, out + at, sizeof block);
        at += sizeof block;
        if (block.kind == LIMBER_RECORD_TEXT) {
            CHECK(block.count == 6 && memcmp(out + at, "hello", 6) == 0);
            held = 6;
            bytes++;
        } else {
            held = block.count * sizes[block.kind];
            notes += block.kind == 0;
            CHECK(block.kind == 0 || (block.count == 2 && memcmp(out + at, numbers, held) == 0));
        }
        at += (held + 7) / 8 * 8;
        blocks++;
    }
    CHECK(at == size && blocks == 4 && notes == 2 && bytes == 1);
    CHECK(limber_records_copy(&kinds, 0, &root, 1, out, size - 1, &at)
          == LIMBER_STATUS_BUFFER_TOO_SMALL);
    last->sort[0] = 9;
    CHECK(limber_records_copy(&kinds, 0, &root, 1, out, sizeof out, &at) == LIMBER_STATUS_BAD_VALUE);
    free(first->what);
    free(first);
    free(last);
    free(numbers);
}

int main(void)
{
    test_copy_and_paste();
    test_names();
    test_modes();
    test_frames();
    test_rest();
    test_records();
    test_notes();
    return 0;
}
