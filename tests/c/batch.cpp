// Many frames and many curves from C++: the result does not depend on the number of threads.
#include "check.h"

#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Clip {
    static const std::size_t bones = 200, frames = 120;
    std::vector<int32_t> parent = std::vector<int32_t>(bones);
    std::vector<float> rest = std::vector<float>(16 * bones);
    std::vector<float> rotation = std::vector<float>(4 * bones * frames);
    std::vector<float> location = std::vector<float>(3 * bones * frames);

    Clip()
    {
        for (std::size_t bone = 0; bone < bones; ++bone) {
            parent[bone] = bone % 10 ? static_cast<int32_t>(bone) - 1 : -1;
            for (std::size_t i = 0; i < 4; ++i) {
                rest[16 * bone + 5 * i] = 1;
            }
            rest[16 * bone + 13] = static_cast<float>(bone % 10);
        }
        for (std::size_t i = 0; i < rotation.size(); ++i) {
            rotation[i] = static_cast<float>(i % 7 + 1) / 8;
        }
        for (std::size_t i = 0; i < location.size(); ++i) {
            location[i] = static_cast<float>(i % 5) / 4;
        }
    }

    std::vector<float> matrices()
    {
        LimberRig rig{};
        rig.struct_size = sizeof rig;
        rig.bone_count = bones;
        rig.parent = parent.data();
        rig.rest = rest.data();
        LimberPose pose{};
        pose.struct_size = sizeof pose;
        pose.bone_count = bones;
        pose.location = location.data();
        pose.rotation_quaternion = rotation.data();
        std::vector<float> out(16 * bones * frames, -1.0f);
        CHECK_OK(limber_pose_matrices_batch(&rig, &pose, frames, 0, out.data(), 0));
        // One frame alone is the same.
        std::vector<float> one(16 * bones, -1.0f);
        pose.location += 3 * bones * 77;
        pose.rotation_quaternion += 4 * bones * 77;
        CHECK_OK(limber_pose_matrices(&rig, &pose, one.data(), nullptr, nullptr));
        CHECK(std::memcmp(one.data(), &out[16 * bones * 77], 64 * bones) == 0);
        return out;
    }
};

std::vector<float> evaluate()
{
    const std::size_t curves = 300, keys = 50;
    std::vector<LimberKey> records(curves * keys);
    std::vector<std::size_t> starts(curves + 1);
    for (std::size_t i = 0; i < records.size(); ++i) {
        LimberKey key{};
        key.point[0] = static_cast<float>(i % keys) * 3;
        key.point[1] = static_cast<float>(i % 11);
        key.handle_left[0] = key.point[0] - 1;
        key.handle_right[0] = key.point[0] + 1;
        key.handle_left[1] = key.handle_right[1] = key.point[1];
        key.interpolation = LIMBER_INTERPOLATION_BEZIER;
        records[i] = key;
    }
    for (std::size_t i = 0; i <= curves; ++i) {
        starts[i] = i * keys;
    }
    LimberFCurves view{};
    view.struct_size = sizeof view;
    view.curve_count = curves;
    view.keys = records.data();
    view.key_count = records.size();
    view.key_starts = starts.data();
    std::vector<float> frames(150), values(curves * frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        frames[i] = static_cast<float>(i);
    }
    CHECK_OK(limber_fcurves_evaluate(&view, frames.data(), frames.size(), 0, values.data()));
    CHECK(values[0] == records[0].point[1] && values[3] == records[1].point[1]);
    return values;
}

}  // namespace

int main()
{
    Clip clip;
    CHECK_OK(limber_set_threads(1));
    const std::vector<float> serial = clip.matrices(), serial_values = evaluate();
    for (uint32_t threads = 2; threads < 6; ++threads) {
        CHECK_OK(limber_set_threads(threads));
        CHECK(clip.matrices() == serial);
        CHECK(evaluate() == serial_values);
    }
    // Calls at the same time, and an error message for each thread.
    std::vector<std::thread> callers;
    for (int number = 0; number < 4; ++number) {
        callers.emplace_back([number, &serial_values] {
            Clip own;
            const std::vector<float> first = own.matrices();
            for (int round = 0; round < 3; ++round) {
                CHECK(own.matrices() == first);
                CHECK(evaluate() == serial_values);
            }
            const uint32_t wrong = static_cast<uint32_t>(2000 + number);
            CHECK(limber_set_threads(wrong) == LIMBER_STATUS_BAD_VALUE);
            const std::string expected = "threads = " + std::to_string(wrong) + ": at most 1024";
            check_message(expected.c_str(), __LINE__);
        });
    }
    for (std::thread &caller : callers) {
        caller.join();
    }
    std::puts("batch: ok");
    return 0;
}
