//! Plans: the one handle.

use super::evaluator::{self, BONES, pose, rig};
use super::rig::matrices;
use super::{fcurve, floats, optional, texts};
use crate::case;
use crate::slot::{Case, Slot, count, may, may_out, may_view, need, out, view};
use limber::capi::constraint_numbers::*;
use limber::capi::constraints::LimberPoseConstraints;
use limber::capi::plan::*;
use limber::capi::transform::LimberRig;
use limber::capi::views::LimberPose;

/// Targets of the living plan's constraints.
const TARGETS: usize = 1;
const FRAMES: usize = 3;
const CUSTOM: usize = 4;

/// A sum, a mean, one that is not known and the greatest of numbers that the others write.
fn drivers() -> Slot {
    may_view(
        "LimberDrivers",
        vec![
            ("driver_count", count(4, 4)),
            ("variable_count", count(5, 4)),
            ("driver_type", need(&[2i32, 1, -1, 4])),
            ("driver_slot", need(&[10i32, 5, 10, 0])),
            ("driver_element", need(&[1i32, 2, 2, 0])),
            ("write", may(&[0i32, 0, 2, 1])),
            ("min", may(&floats(4))),
            ("max", may(&floats(4))),
            ("curves", optional(fcurve::table())),
            ("variable_first", need(&[0i32, 2, 3, 3, 5])),
            ("variable_type", may(&[0i32, 4, 1, 2, 3])),
            ("variable_slot", may(&[10i32, 0, 10, 3, 7])),
            ("variable_element", may(&[0i32, 0, 1, 7, 20])),
            ("variable_value", may(&floats(5))),
            ("expressions", may(&texts(&["", "x * 2 + sin(frame)", "", ""]))),
            ("expression_size", Slot::Room(22)),
            ("variable_names", need(&texts(&["a", "b", "x", "y", "z"]))),
            ("name_size", Slot::Room(10)),
            ("variable_bone", may(&[-1i32, -1, -1, -1, 0, 1, 2, -1, 3, 0])),
            ("transform_space", may(&[0i32, 0, 0, 0, 0, 0, 4, 12, 12, 4])),
            ("transform_type", may(&[0i32, 1, 2, 3, 10])),
            ("variable_rotation_mode", may(&[0i32, 1, 2, 7, 9])),
            ("driver_matrix", may(&matrices(10))),
        ],
    )
}

/// The same view, which may be absent.
fn input() -> Slot {
    view(
        "LimberPlanInput",
        vec![
            ("rig", rig()),
            ("pose", pose(1)),
            ("constraints", evaluator::constraints(1)),
            ("curves", optional(fcurve::table())),
            ("curve_slot", need(&[0i32, 4, 5, 10])),
            ("curve_element", need(&[0i32, 11, 3, 0])),
            ("custom_count", count(CUSTOM, 4)),
            ("custom", need(&floats(CUSTOM))),
            ("drivers", drivers()),
            ("state", may(&[0i32, 0, 0, 5])),
            ("chosen_count", count(2, 4)),
            ("chosen", may(&[3i32, 1])),
            ("wanted_count", count(2, 4)),
            ("wanted_slot", need(&[10i32, 0])),
            ("wanted_element", need(&[1i32, 2])),
            ("curve_min", may(&floats(4))),
            ("curve_max", may(&floats(4))),
            ("curve_write", may(&[0i32, 2, 1, 0])),
            ("actions", evaluator::actions()),
        ],
    )
}

/// A plan of a few bones, one with a constraint, and two custom numbers; it is never freed.
fn living() -> *mut LimberPlan {
    let (parent, rest, length) = ([-1i32, 0, 1, 0], matrices(BONES), floats(BONES));
    let custom = [1.0f32, 2.0];
    let (slots, elements) = ([10i32, 10], [0i32, 1]);
    let mut plan = std::ptr::null_mut();
    // SAFETY: zero is valid for views, and every array has as many elements as its view says.
    unsafe {
        let mut rig: LimberRig = std::mem::zeroed();
        (rig.struct_size, rig.bone_count) = (size_of::<LimberRig>(), BONES);
        (rig.parent, rig.rest, rig.length) = (parent.as_ptr(), rest.as_ptr(), length.as_ptr());
        let mut pose: LimberPose = std::mem::zeroed();
        (pose.struct_size, pose.bone_count) = (size_of::<LimberPose>(), BONES);
        let mut constraints: LimberPoseConstraints = std::mem::zeroed();
        constraints.struct_size = size_of::<LimberPoseConstraints>();
        (constraints.constraint_count, constraints.target_count) = (1, TARGETS);
        (constraints.bone, constraints.constraint_type) = (&3, &LIMBER_CONSTRAINT_COPY_LOCATION);
        constraints.flag = &LIMBER_CONSTRAINT_X;
        let mut input: LimberPlanInput = std::mem::zeroed();
        input.struct_size = size_of::<LimberPlanInput>();
        input.constraints = &constraints;
        (input.rig, input.pose) = (&rig, &pose);
        (input.custom, input.custom_count) = (custom.as_ptr(), 2);
        (input.wanted_slot, input.wanted_element) = (slots.as_ptr(), elements.as_ptr());
        input.wanted_count = 2;
        assert_eq!(limber_plan_make(&input, &mut plan), 0);
    }
    plan
}

fn handle() -> Slot {
    Slot::Handle(living() as usize)
}

/// Makes a plan and frees it.
fn make(values: &[u64]) -> i32 {
    let plan = values[1] as usize as *mut *mut LimberPlan;
    // SAFETY: refusing these arguments without harm is what the test asks for.
    unsafe {
        let status = limber_plan_make(values[0] as usize as *const LimberPlanInput, plan);
        if status == 0 {
            assert_eq!(limber_plan_free(*plan), 0);
        }
        status
    }
}

/// Frees a new plan in place of the one that it is called with.
fn free(values: &[u64]) -> i32 {
    let plan = values[0] as usize as *mut LimberPlan;
    let good = !plan.is_null() && plan.is_aligned();
    // SAFETY: as above.
    unsafe { limber_plan_free(if good { living() } else { plan }) }
}

fn frames() -> Slot {
    view(
        "LimberPlanFrames",
        vec![
            ("frame_count", count(FRAMES, 4)),
            ("frames", need(&floats(FRAMES))),
            ("object_matrix", may(&matrices(FRAMES))),
            ("target_matrix", may(&matrices(TARGETS * FRAMES))),
            ("unsettled", may_out(&[0u8; FRAMES])),
        ],
    )
}

pub fn cases() -> Vec<Case> {
    vec![
        Case { name: "limber_plan_make", slots: vec![input(), out(&[0usize])], call: make },
        Case { name: "limber_plan_free", slots: vec![handle()], call: free },
        case!(plan_curves::limber_plan_curves(
            need(&[0u32, 1, 1, u32::MAX, 2, 8]),
            need(&[1u8, 2, 3, 0, 16, 6]),
            need(&[0u32, 0, 3, 0, 0, 7]),
            count(6, 1),
            may(&[1u8; BONES]),
            count(BONES, 1),
            out(&[7u32; 6]),
            out(&[7i32; 6]),
            out(&[7i32; 6]),
            out(&[7usize]),
            out(&[7u32; 6]),
            out(&[7usize]),
        )),
        case!(plan::limber_plan_states(
            handle(),
            may_out(&[0i32; BONES]),
            may_out(&[0i32; BONES]),
            may_out(&[0i32; 2]),
            may_out(&[0usize]),
        )),
        case!(plan::limber_plan_evaluate(
            handle(),
            frames(),
            may_out(&matrices(BONES * FRAMES)),
            may_out(&floats(3 * BONES * FRAMES)),
            may_out(&floats(3 * BONES * FRAMES)),
            may_out(&floats(2 * FRAMES)),
        )),
    ]
}
