/* A breakdown pose: one bone, between the poses of two frames.
 *
 *   cargo build --release
 *   cc -std=c99 -Iinclude examples/c/quick_start.c -Ltarget/release -llimber -o quick_start
 *   LD_LIBRARY_PATH=target/release ./quick_start
 */
#include <limber.h>
#include <stdio.h>

int main(void)
{
    float location[3] = {0, 0, 0}; /* of every bone, here one */
    LimberPose pose = {.struct_size = sizeof pose, .bone_count = 1, .location = location};

    /* the curves of location x, y and z, with their values at both frames */
    const uint32_t bone[] = {0, 0, 0}, component[] = {0, 1, 2};
    const uint8_t property[] = {
        LIMBER_PROPERTY_LOCATION, LIMBER_PROPERTY_LOCATION, LIMBER_PROPERTY_LOCATION};
    const float at_frame_1[] = {0, 0, 0}, at_frame_11[] = {1, 2, 4};
    LimberSamples samples = {.struct_size = sizeof samples, .curve_count = 3, .bone = bone,
        .property = property, .component = component, .previous = at_frame_1, .next = at_frame_11};
    LimberSlide slide = {.struct_size = sizeof slide, .factor = 0.25f, .frame = 5,
        .previous_frame = 1, .next_frame = 11};

    if (limber_breakdown(&pose, &samples, &slide) != LIMBER_STATUS_OK) {
        char message[256];
        limber_last_error(message, sizeof message, NULL);
        fprintf(stderr, "%s\n", message);
        return 1;
    }
    printf("%g %g %g\n", location[0], location[1], location[2]); /* 0.25 0.5 1 */
    return 0;
}
