/* Constraints along a curve: two bones laid on a line by Spline IK, a third that follows it;
 * numbers known by hand. */
#include "views.h"

enum { BONES = 3, CONSTRAINTS = 2, POINTS = 2 };

static const int32_t parent[BONES] = {-1, 0, -1};
static const int32_t owner[CONSTRAINTS] = {1, 2};
static const int32_t type[CONSTRAINTS] = {LIMBER_CONSTRAINT_SPLINE_IK,
                                          LIMBER_CONSTRAINT_FOLLOW_PATH};
static const uint32_t flag[CONSTRAINTS] = {0, LIMBER_CONSTRAINT_FIXED_LOCATION};

/* A straight line of length 4 along X, the one curve that both look at. */
static LimberSplines line(const int32_t *first, const float *points)
{
    LimberSplines splines;

    memset(&splines, 0, sizeof splines);
    splines.struct_size = sizeof splines;
    splines.spline_count = 1;
    splines.point_count = POINTS;
    splines.point_first = first;
    splines.co = points;
    return splines;
}

static void evaluate(const LimberRig *rig, const LimberPoseConstraints *constraints)
{
    const LimberPose pose = pose_of(BONES, NULL, NULL, NULL);
    const float heads[3 * BONES] = {0, 0, 0, 2, 0, 0, 1, 0, 0};
    const float tails[3 * BONES] = {2, 0, 0, 4, 0, 0, 1, 1, 0};
    float posed[16 * BONES], head[3 * BONES], tail[3 * BONES];
    int32_t state[BONES];
    int i;

    CHECK_OK(limber_evaluate_poses(rig, &pose, constraints, 1, 0, posed, head, tail, state));
    for (i = 0; i < BONES; i++) {
        CHECK(state[i] == LIMBER_STATE_EVALUABLE);
    }
    for (i = 0; i < 3 * BONES; i++) {
        CHECK_NEAR(head[i], heads[i], 1e-5);
        CHECK_NEAR(tail[i], tails[i], 1e-5);
    }
}

int main(void)
{
    const float rest_head[3 * BONES] = {0, 0, 0, 0, 1, 0, 0, 0, 0};
    const float rest_tail[3 * BONES] = {0, 1, 0, 0, 2, 0, 0, 1, 0};
    const int32_t first[2] = {0, POINTS};
    const float points[3 * POINTS] = {0, 0, 0, 4, 0, 0};
    /* Spline IK: the curve, two bones, FIT_CURVE, NONE. Follow Path: the curve, Y, Z. */
    const int32_t option[8 * CONSTRAINTS] = {0, 2, 1, 0, 0, 0, 0, 0, 0, 1, 2};
    float value[16 * CONSTRAINTS] = {0}, rest[16 * BONES], length[BONES];
    float posed[16 * BONES];
    int32_t state[BONES];
    LimberRig rig;
    LimberPose pose = pose_of(BONES, NULL, NULL, NULL);
    LimberSplines splines = line(first, points);
    LimberPoseConstraints constraints;

    CHECK_OK(limber_rest_matrices(rest_head, rest_tail, NULL, BONES, rest, length));
    rig = rig_of(BONES, parent, rest, length);
    value[16 + 1] = 0.25f; /* offset_factor */
    memset(&constraints, 0, sizeof constraints);
    constraints.struct_size = sizeof constraints;
    constraints.constraint_count = constraints.target_count = CONSTRAINTS;
    constraints.bone = owner;
    constraints.constraint_type = type;
    constraints.flag = flag;
    constraints.option = option;
    constraints.value = value;
    constraints.splines = &splines;
    evaluate(&rig, &constraints);

    /* Without the curves nothing that needs them is evaluated, nor what depends on it. */
    constraints.splines = NULL;
    CHECK_OK(limber_evaluate_poses(&rig, &pose, &constraints, 1, 0, posed, NULL, NULL, state));
    CHECK(state[1] == LIMBER_STATE_UNSUPPORTED && state[2] == LIMBER_STATE_UNSUPPORTED);

    /* A spline that names points which are not there is refused. */
    splines.point_count = 1;
    constraints.splines = &splines;
    CHECK(limber_evaluate_poses(&rig, &pose, &constraints, 1, 0, posed, NULL, NULL, state)
          != LIMBER_STATUS_OK);
    CHECK(state[2] == LIMBER_STATE_UNSUPPORTED);
    puts("splines: ok");
    return 0;
}
