/* A plan: two keyed bones, a constraint that a driver switches, and what is said of bones that
 * cannot be evaluated; numbers known by hand. */
#include "views.h"

enum { BONES = 3, CURVES = 2, FRAMES = 3 };

/* Bones of length 1 along Y: the second hangs on the first, the third stands alone. */
static const float head[3 * BONES] = {0, 0, 0, 0, 1, 0, 5, 0, 0};
static const float tail[3 * BONES] = {0, 1, 0, 0, 2, 0, 5, 1, 0};
static const int32_t parent[BONES] = {-1, 0, -1};

static LimberKey key(float frame, float value)
{
    LimberKey key;
    memset(&key, 0, sizeof key);
    key.point[0] = frame;
    key.point[1] = value;
    key.interpolation = 1; /* linear */
    return key;
}

/* The third bone copies the location of the second where the driver says so. */
static void drive(LimberPlanInput *input)
{
    static const int32_t bone = 2, target = 1, type = LIMBER_CONSTRAINT_COPY_LOCATION;
    static const uint32_t flag = 7 * LIMBER_CONSTRAINT_X;
    static LimberPoseConstraints constraints;
    static const int32_t driver_type = LIMBER_DRIVER_SCRIPTED;
    static const int32_t driver_slot = LIMBER_SLOT_INFLUENCE, variable_slot = LIMBER_SLOT_CUSTOM;
    static const int32_t element = 0, first[2] = {0, 1};
    static const char expression[] = "1 if on > 0.5 else 0", name[] = "on";
    static LimberDrivers drivers;

    memset(&constraints, 0, sizeof constraints);
    constraints.struct_size = sizeof constraints;
    constraints.constraint_count = constraints.target_count = 1;
    constraints.bone = &bone;
    constraints.constraint_type = &type;
    constraints.flag = &flag;
    constraints.target_bone = &target;
    memset(&drivers, 0, sizeof drivers);
    drivers.struct_size = sizeof drivers;
    drivers.driver_count = drivers.variable_count = 1;
    drivers.driver_type = &driver_type;
    drivers.driver_slot = &driver_slot;
    drivers.driver_element = &element;
    drivers.variable_first = first;
    drivers.variable_slot = &variable_slot;
    drivers.variable_element = &element;
    drivers.expressions = expression;
    drivers.expression_size = sizeof expression;
    drivers.variable_names = name;
    drivers.name_size = sizeof name;
    input->constraints = &constraints;
    input->drivers = &drivers;
}

static void evaluate(const LimberPlan *plan)
{
    const float at[FRAMES] = {0, 10, 20};
    float tails[3 * BONES * FRAMES], on[FRAMES];
    LimberPlanFrames frames;

    memset(&frames, 0, sizeof frames);
    frames.struct_size = sizeof frames;
    frames.frame_count = FRAMES;
    frames.frames = at;
    CHECK_OK(limber_plan_evaluate(plan, &frames, NULL, NULL, tails, on));
    CHECK_NEAR(on[0], 0, 0);
    CHECK_NEAR(on[1], 1, 0);
    /* Frame 0: at rest. */
    CHECK_NEAR(tails[3 + 1], 2, 1e-6);
    CHECK_NEAR(tails[6], 5, 1e-6);
    /* Frame 10: the first bone is up by 2, the third one stands where the second does. */
    CHECK_NEAR(tails[9 + 1], 3, 1e-6);
    CHECK_NEAR(tails[9 + 3 + 1], 4, 1e-6);
    CHECK_NEAR(tails[9 + 6], 0, 1e-6);
    CHECK_NEAR(tails[9 + 6 + 1], 4, 1e-6);
    CHECK_NEAR(tails[18 + 6 + 1], 6, 1e-6);
    CHECK_REFUSED(limber_plan_evaluate(NULL, &frames, NULL, NULL, tails, on),
                  LIMBER_STATUS_NULL_POINTER, "plan is NULL");
}

static void states(const LimberPlanInput *input)
{
    const int32_t given[BONES] = {0, LIMBER_STATE_HOST, 0};
    int32_t state[BONES], cause[BONES];
    size_t count = 0;
    LimberPlanInput other = *input;
    LimberPlan *plan = NULL;

    other.state = given;
    CHECK_OK(limber_plan_make(&other, &plan));
    CHECK_OK(limber_plan_states(plan, state, cause, NULL, &count));
    CHECK(state[0] == LIMBER_STATE_EVALUABLE && cause[0] == -1);
    CHECK(state[1] == LIMBER_STATE_HOST && cause[1] == -1);
    CHECK(state[2] == LIMBER_STATE_DEPENDS && cause[2] == 1);
    CHECK(count == 1);
    CHECK_OK(limber_plan_free(plan));
}

static void reasons(void)
{
    const char *depends = "depends on a bone that Limber does not evaluate";
    const char *previous = "";
    char text[128], before[128], tiny[8];
    size_t needed = 0;
    int32_t state;

    for (state = LIMBER_STATE_EVALUABLE; state <= LIMBER_STATE_HOST; state++) {
        CHECK_OK(limber_state_text(state, text, sizeof text, &needed));
        CHECK(needed == strlen(text) + 1 && needed > 1);
        CHECK(strcmp(text, previous) != 0);
        previous = strcpy(before, text);
    }
    CHECK_OK(limber_state_text(LIMBER_STATE_DEPENDS, text, sizeof text, NULL));
    CHECK(strcmp(text, depends) == 0);
    CHECK_OK(limber_state_text(LIMBER_STATE_DEPENDS, NULL, 0, &needed));
    CHECK(needed == strlen(depends) + 1);
    CHECK_OK(limber_state_text(LIMBER_STATE_DEPENDS, tiny, sizeof tiny, NULL));
    CHECK(strcmp(tiny, "depends") == 0);
    CHECK_REFUSED(limber_state_text(LIMBER_STATE_HOST + 1, tiny, sizeof tiny, &needed),
                  LIMBER_STATUS_BAD_VALUE, "state = 6: not a LIMBER_STATE_*");
    CHECK(strcmp(tiny, "depends") == 0 && needed == strlen(depends) + 1);
    CHECK_REFUSED(limber_state_text(LIMBER_STATE_HOST, NULL, 8, NULL),
                  LIMBER_STATUS_NULL_POINTER, "buffer is NULL");
}

int main(void)
{
    const LimberKey keys[] = {key(0, 0), key(20, 4), key(0, 0), key(10, 1)};
    const size_t starts[CURVES + 1] = {0, 2, 4};
    const int32_t slot[CURVES] = {LIMBER_SLOT_LOCATION, LIMBER_SLOT_CUSTOM};
    const int32_t element[CURVES] = {1, 0};
    const int32_t wanted_slot = LIMBER_SLOT_INFLUENCE, wanted_element = 0;
    const float custom = 0;
    float rest[16 * BONES], length[BONES];
    LimberRig rig;
    LimberPose pose;
    LimberFCurves curves;
    LimberPlanInput input;
    LimberPlan *plan = NULL;

    CHECK_OK(limber_rest_matrices(head, tail, NULL, BONES, rest, length));
    rig = rig_of(BONES, parent, rest, length);
    pose = pose_of(BONES, NULL, NULL, NULL);
    memset(&curves, 0, sizeof curves);
    curves.struct_size = sizeof curves;
    curves.curve_count = CURVES;
    curves.keys = keys;
    curves.key_count = 4;
    curves.key_starts = starts;
    memset(&input, 0, sizeof input);
    input.struct_size = sizeof input;
    input.rig = &rig;
    input.pose = &pose;
    input.curves = &curves;
    input.curve_slot = slot;
    input.curve_element = element;
    input.custom_count = 1;
    input.custom = &custom;
    input.wanted_count = 1;
    input.wanted_slot = &wanted_slot;
    input.wanted_element = &wanted_element;
    drive(&input);

    CHECK_OK(limber_plan_make(&input, &plan));
    evaluate(plan);
    CHECK_OK(limber_plan_free(plan));
    CHECK_OK(limber_plan_free(NULL));
    states(&input);
    reasons();
    puts("plan: ok");
    return 0;
}
