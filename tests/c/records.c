/* A tool's own F-curve records: placed, evaluated and copied where they lie. Every piece of memory
 * is as small as it can be, so that a sanitizer sees each byte that is read too much. */
#include "check.h"

typedef struct ToolPoint {
    uint8_t shape;
    float at[2];
} ToolPoint;

typedef struct ToolCurve {
    struct ToolCurve *next;
    char *path;
    int16_t axis;
    uint16_t options;
    ToolPoint *points;
    int32_t point_count;
    void *baked;
    void *effects;
    int8_t beyond;
} ToolCurve;

enum { WHOLE_NUMBERS = 4, CURVES = 8 };

static void *copy_of(const void *data, size_t size)
{
    void *copy = malloc(size);
    CHECK(copy != NULL);
    memcpy(copy, data, size);
    return copy;
}

static ToolCurve *curve(const char *path, int16_t axis, size_t points)
{
    const ToolPoint all[3] = {
        {LIMBER_INTERPOLATION_LINEAR, {0, 0}},
        {LIMBER_INTERPOLATION_CONSTANT, {10, 5}},
        {LIMBER_INTERPOLATION_LINEAR, {20, 1}},
    };
    ToolCurve record;

    memset(&record, 0, sizeof record);
    record.path = path == NULL ? NULL : (char *)copy_of(path, strlen(path) + 1);
    record.axis = axis;
    record.points = points == 0 ? NULL : (ToolPoint *)copy_of(all, points * sizeof *all);
    record.point_count = (int32_t)points;
    return (ToolCurve *)copy_of(&record, sizeof record);
}

static void discard(ToolCurve *record)
{
    free(record->path);
    free(record->points);
    free(record);
}

static LimberCurveLayout curve_layout(void)
{
    LimberCurveLayout layout;

    memset(&layout, 0, sizeof layout);
    layout.struct_size = sizeof layout;
    layout.record_size = sizeof(ToolCurve);
    layout.keys = offsetof(ToolCurve, points);
    layout.key_count = offsetof(ToolCurve, point_count);
    layout.path = offsetof(ToolCurve, path);
    layout.component = offsetof(ToolCurve, axis);
    layout.component_size = 2;
    layout.extrapolation = offsetof(ToolCurve, beyond);
    layout.extrapolation_size = 1;
    layout.auto_smoothing = LIMBER_FIELD_ABSENT;
    layout.flags = offsetof(ToolCurve, options);
    layout.flags_size = 2;
    layout.samples = offsetof(ToolCurve, baked);
    layout.modifiers = offsetof(ToolCurve, effects);
    layout.driver = LIMBER_FIELD_ABSENT;
    layout.integer_mask = WHOLE_NUMBERS;
    return layout;
}

static LimberKeyLayout key_layout(void)
{
    LimberKeyLayout layout;

    memset(&layout, 0xFF, sizeof layout); /* LIMBER_FIELD_ABSENT everywhere */
    layout.struct_size = sizeof layout;
    layout.stride = sizeof(ToolPoint);
    layout.point = offsetof(ToolPoint, at);
    layout.interpolation = offsetof(ToolPoint, shape);
    return layout;
}

static const char NAMES[] = "arm\0leg";

static void placed(const LimberCurveRecords *records, const uint32_t *bones, const uint8_t *states)
{
    uint32_t bone[CURVES], rest[CURVES], component[CURVES];
    uint8_t property[CURVES], channel[CURVES], state[CURVES];
    size_t i;

    CHECK_OK(limber_curve_records_index(records, NAMES, sizeof NAMES, 2, LIMBER_RULES_DEFAULT, bone,
                                        property, channel, rest, component, state));
    for (i = 0; i < records->record_count; ++i) {
        CHECK(bone[i] == bones[i]);
        CHECK(state[i] == states[i]);
        CHECK((channel[i] == LIMBER_CHANNEL_LOCATION) == (bones[i] != UINT32_MAX));
    }
}

static void evaluated(const LimberCurveRecords *records, const uint8_t *states)
{
    const float frames[2] = {4, 40};
    float values[2 * CURVES];
    uint8_t state[CURVES];
    const size_t n = records->record_count;
    size_t i;

    CHECK_OK(limber_curve_records_evaluate(records, NULL, n, frames, 2, LIMBER_EVALUATE_BY_FRAME,
                                           values, state));
    for (i = 0; i < n; ++i) {
        CHECK(state[i] == states[i]);
        CHECK((values[i] != values[i]) == (states[i] != 0));
    }
    CHECK_NEAR(values[0], 2, 1e-6);
    CHECK_NEAR(values[n], 1, 1e-6);
    CHECK_NEAR(values[1], 2, 1e-6);
    CHECK_NEAR(values[n + 1], 5, 1e-6);
    CHECK_NEAR(values[2], 0, 1e-6);
}

/* The same curves through the table of addresses, and their keys in separate arrays. */
static void copied(const LimberCurveRecords *records, const LimberKeyLayout *keys)
{
    const uint32_t which[2] = {1, 0};
    const size_t first[3] = {0, 2, 5};
    const float frame = 4;
    const void *pointers[2];
    size_t counts[2];
    int32_t key_counts[2];
    float values[2], point[10];
    uint8_t shape[5], state[2], extrapolation[2], flags[2];
    LimberFCurves curves;
    LimberKeyTable table;

    CHECK_OK(limber_curve_records_keys(records, which, 2, pointers, key_counts, extrapolation, NULL,
                                       flags, state));
    memset(&curves, 0, sizeof curves);
    curves.struct_size = sizeof curves;
    curves.curve_count = 2;
    curves.key_layout = keys;
    curves.key_pointers = pointers;
    curves.key_counts = key_counts;
    curves.extrapolation = extrapolation;
    curves.flags = flags;
    CHECK_OK(limber_fcurves_evaluate(&curves, &frame, 1, 0, values));
    CHECK_NEAR(values[0], 2, 1e-6);
    CHECK_NEAR(values[1], 2, 1e-6);

    memset(&table, 0, sizeof table);
    table.struct_size = sizeof table;
    table.curve_count = 2;
    table.element_count = 5;
    table.first_key = first;
    table.key_count = counts;
    table.point = point;
    table.interpolation = shape;
    CHECK_OK(limber_curve_records_gather(records, which, &table, state));
    CHECK(counts[0] == 2 && counts[1] == 3);
    CHECK(point[2] == 10 && point[3] == 5 && point[8] == 20 && point[9] == 1);
    CHECK(shape[1] == LIMBER_INTERPOLATION_CONSTANT && shape[4] == LIMBER_INTERPOLATION_LINEAR);
    table.element_count = 4;
    CHECK(limber_curve_records_gather(records, which, &table, state) == LIMBER_STATUS_BAD_VALUE);
}

/* One byte less than the paths have. */
static void cut_short(const LimberCurveRecords *records)
{
    uint32_t bone[CURVES];
    uint8_t state[CURVES];

    CHECK_OK(limber_curve_records_index(records, NAMES, sizeof NAMES, 2, 0, bone, NULL, NULL, NULL,
                                        NULL, state));
    CHECK(bone[0] == UINT32_MAX && state[0] == LIMBER_RECORD_LONG_PATH);
    CHECK(bone[2] == UINT32_MAX && state[2] == 0);
    CHECK(bone[6] == UINT32_MAX && state[6] == LIMBER_RECORD_LONG_PATH);
    CHECK(bone[7] == UINT32_MAX && state[7] == LIMBER_RECORD_DAMAGED);
}

int main(void)
{
    const LimberCurveLayout layout = curve_layout();
    const LimberKeyLayout keys = key_layout();
    const uint32_t bones[CURVES] = {1, 0, UINT32_MAX, 0, 0, 0, UINT32_MAX, UINT32_MAX};
    const uint8_t states[CURVES] = {
        0, 0, 0, LIMBER_RECORD_SAMPLED, LIMBER_RECORD_MODIFIED, LIMBER_RECORD_DAMAGED, 0,
        LIMBER_RECORD_DAMAGED};
    const void *list[CURVES];
    ToolCurve *made[CURVES];
    LimberCurveRecords records;
    size_t i;

    for (i = 0; i < CURVES; ++i) {
        made[i] = curve("pose.bones[\"arm\"].location", (int16_t)i, i == 1 ? 2 : 3);
        list[i] = made[i];
    }
    memcpy(strchr(made[0]->path, 'a'), "leg", 3);
    made[1]->options = WHOLE_NUMBERS;
    discard(made[2]);
    list[2] = made[2] = curve(NULL, 0, 0);
    made[3]->baked = made;
    made[4]->effects = made;
    made[5]->point_count = -1;
    /* A path without an end: no byte beyond the limit is looked at. */
    free(made[6]->path);
    made[6]->path = (char *)copy_of("pose.bones[\"arm\"].locatio", 26);
    memset(made[6]->path + 25, 'n', 1);
    list[7] = NULL;
    memset(&records, 0, sizeof records);
    records.struct_size = sizeof records;
    records.layout = &layout;
    records.key_layout = &keys;
    records.records = list;
    records.record_count = CURVES;
    records.alignment = 4;
    evaluated(&records, states);
    copied(&records, &keys);
    records.record_count = 6;
    records.path_limit = 27;
    placed(&records, bones, states);
    records.record_count = CURVES;
    records.path_limit = 26;
    cut_short(&records);
    for (i = 0; i < CURVES; ++i) {
        discard(made[i]);
    }
    return 0;
}
