//! Constraints against what Blender 4.5 and 5.2 made of them: recorded rigs, one of each type.
#![allow(unsafe_code)]

use limber::capi::constraints::LimberPoseConstraints;
use limber::capi::curves::LimberFCurves;
use limber::capi::evaluator::{LIMBER_STATE_EVALUABLE, limber_evaluate_poses};
use limber::capi::keys::{LIMBER_INTERPOLATION_BEZIER, LimberKey};
use limber::capi::plan::*;
use limber::capi::plan_actions::LimberActions;
use limber::capi::splines::LimberSplines;
use limber::capi::transform::LimberRig;
use limber::capi::views::LimberPose;
use std::collections::BTreeMap;

/// Written by tests/blender/record_evaluator.py; both versions write the same.
const RECORDED: &str = include_str!("data/constraints.txt");

/// Likewise, of constraints that look at curves.
const ON_CURVES: &str = include_str!("data/curve_constraints.txt");

/// Likewise, of constraints that look at actions, one of each way to mix.
const WITH_ACTIONS: &str = include_str!("data/action_constraints.txt");

/// The arrays of one recorded rig, by name.
struct Case {
    kind: String,
    floats: BTreeMap<String, Vec<f32>>,
    numbers: BTreeMap<String, Vec<i32>>,
    bytes: BTreeMap<String, Vec<u8>>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        let mut words = line.split(' ');
        let name = words.next().unwrap().to_string();
        if name == "case" {
            let kind = words.next().unwrap().to_string();
            let (floats, numbers, bytes) = Default::default();
            cases.push(Case { kind, floats, numbers, bytes });
            continue;
        }
        let values: Vec<f32> = words.map(|word| word.parse().unwrap()).collect();
        let case = cases.last_mut().unwrap();
        case.numbers
            .insert(name.clone(), values.iter().map(|value| *value as i64 as i32).collect());
        case.bytes.insert(name.clone(), values.iter().map(|value| *value as u8).collect());
        case.floats.insert(name, values);
    }
    cases
}

/// Keys of several curves.
struct Keys {
    keys: Vec<LimberKey>,
    starts: Vec<usize>,
}

impl Keys {
    fn curves(&self) -> LimberFCurves {
        // SAFETY: a view of numbers and pointers, for which zero is valid.
        let mut curves: LimberFCurves = unsafe { std::mem::zeroed() };
        curves.struct_size = size_of::<LimberFCurves>();
        curves.curve_count = self.starts.len() - 1;
        curves.keys = self.keys.as_ptr().cast();
        curves.key_count = self.keys.len();
        curves.key_starts = self.starts.as_ptr();
        curves
    }
}

impl Case {
    fn float(&self, name: &str) -> *const f32 {
        self.floats[name].as_ptr()
    }

    fn number(&self, name: &str) -> *const i32 {
        self.numbers[name].as_ptr()
    }

    fn byte(&self, name: &str) -> *const u8 {
        self.bytes[name].as_ptr()
    }

    fn bones(&self) -> usize {
        self.numbers["parent"].len()
    }

    fn rig(&self) -> LimberRig {
        LimberRig {
            struct_size: size_of::<LimberRig>(),
            bone_count: self.bones(),
            parent: self.number("parent"),
            rest: self.float("rest"),
            offset: std::ptr::null(),
            length: self.float("length"),
            inherit_scale: self.number("inherit_scale"),
            use_connect: self.byte("use_connect"),
            use_inherit_rotation: self.byte("use_inherit_rotation"),
            use_local_location: self.byte("use_local_location"),
        }
    }

    fn pose(&self) -> LimberPose {
        // SAFETY: a view of numbers and pointers, for which zero is valid.
        let mut pose: LimberPose = unsafe { std::mem::zeroed() };
        pose.struct_size = size_of::<LimberPose>();
        pose.bone_count = self.bones();
        pose.location = self.float("location").cast_mut();
        pose.rotation_quaternion = self.float("rotation_quaternion").cast_mut();
        pose.rotation_euler = self.float("rotation_euler").cast_mut();
        pose.rotation_axis_angle = self.float("rotation_axis_angle").cast_mut();
        pose.scale = self.float("scale").cast_mut();
        pose.rotation_mode = self.number("rotation_mode").cast_mut();
        pose
    }

    fn constraints(&self) -> LimberPoseConstraints {
        LimberPoseConstraints {
            struct_size: size_of::<LimberPoseConstraints>(),
            constraint_count: self.numbers["c.bone"].len(),
            target_count: self.numbers["c.target_bone"].len(),
            bone: self.number("c.bone"),
            constraint_type: self.number("c.constraint_type"),
            owner_space: self.number("c.owner_space"),
            target_space: self.number("c.target_space"),
            flag: self.number("c.flag").cast(),
            option: self.number("c.option"),
            value: self.float("c.value"),
            influence: self.float("c.influence"),
            space_bone: self.number("c.space_bone"),
            space_matrix: self.float("c.space_matrix"),
            target_first: self.number("c.target_first"),
            target_bone: self.number("c.target_bone"),
            target_head_tail: self.float("c.target_head_tail"),
            target_matrix: self.float("c.target_matrix"),
            target_weight: self.float("c.target_weight"),
            object_matrix: self.float("c.object_matrix"),
            mute: std::ptr::null(),
            ik: std::ptr::null(),
            actions: std::ptr::null(),
            splines: std::ptr::null(),
        }
    }

    /// The curves that the constraints look at, if they do.
    fn splines(&self) -> Option<LimberSplines> {
        self.floats.contains_key("s.co").then(|| LimberSplines {
            struct_size: size_of::<LimberSplines>(),
            spline_count: self.numbers["s.spline_type"].len(),
            point_count: self.floats["s.tilt"].len(),
            point_first: self.number("s.point_first"),
            spline_type: self.number("s.spline_type"),
            spline_flag: self.number("s.spline_flag").cast(),
            resolution: self.number("s.resolution"),
            order: self.number("s.order"),
            twist_mode: self.number("s.twist_mode"),
            tilt_interpolation: self.number("s.tilt_interpolation"),
            radius_interpolation: self.number("s.radius_interpolation"),
            co: self.float("s.co"),
            handle_left: self.float("s.handle_left"),
            handle_right: self.float("s.handle_right"),
            weight: self.float("s.weight"),
            tilt: self.float("s.tilt"),
            radius: self.float("s.radius"),
            curve_count: self.numbers["s.curve_first"].len() - 1,
            curve_first: self.number("s.curve_first"),
        })
    }

    /// The keys of the actions that the constraints look at, if they do.
    fn keys(&self) -> Option<Keys> {
        let rows = self.floats.get("a.keys")?;
        let pair = |row: &[f32], at: usize| [row[at], row[at + 1]];
        let key = |row: &[f32]| LimberKey {
            point: pair(row, 0),
            handle_left: pair(row, 2),
            handle_right: pair(row, 4),
            interpolation: LIMBER_INTERPOLATION_BEZIER,
            ..bytemuck::Zeroable::zeroed()
        };
        let starts = self.numbers["a.start"].iter().map(|start| *start as usize).collect();
        Some(Keys { keys: rows.chunks(6).map(key).collect(), starts })
    }

    fn actions(&self, curves: &LimberFCurves) -> LimberActions {
        LimberActions {
            struct_size: size_of::<LimberActions>(),
            curves,
            constraint: self.number("a.owner"),
            slot: self.number("a.slot"),
            component: self.number("a.component"),
        }
    }

    /// The constraints with all that they look at, while a call of it runs.
    fn with_constraints<T>(&self, run: impl FnOnce(&LimberPoseConstraints) -> T) -> T {
        let (splines, mut constraints) = (self.splines(), self.constraints());
        constraints.splines = splines.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        let keys = self.keys();
        let curves = keys.as_ref().map(Keys::curves);
        let actions = curves.as_ref().map(|curves| self.actions(curves));
        constraints.actions = actions.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        run(&constraints)
    }

    /// The pose matrices, with the constraints or without.
    fn evaluate(&self, constrained: bool) -> Vec<f32> {
        self.with_constraints(|constraints| {
            self.evaluate_with(if constrained { constraints } else { std::ptr::null() })
        })
    }

    fn evaluate_with(&self, constraints: *const LimberPoseConstraints) -> Vec<f32> {
        let mut matrices = vec![0.0; 16 * self.bones()];
        let mut state = vec![-1; self.bones()];
        let none = std::ptr::null_mut();
        // SAFETY: every array has as many elements as its view says.
        let status = unsafe {
            limber_evaluate_poses(
                &self.rig(),
                &self.pose(),
                constraints,
                1,
                0,
                matrices.as_mut_ptr(),
                none,
                none,
                state.as_mut_ptr(),
            )
        };
        assert_eq!(status, 0, "{}", self.kind);
        assert!(state.iter().all(|state| *state == LIMBER_STATE_EVALUABLE), "{}", self.kind);
        matrices
    }

    /// The pose matrices by way of a plan, of all bones or of one.
    fn by_plan(&self, bone: Option<i32>) -> Vec<f32> {
        self.with_constraints(|constraints| self.by_plan_with(constraints, bone))
    }

    fn by_plan_with(&self, constraints: &LimberPoseConstraints, bone: Option<i32>) -> Vec<f32> {
        let (rig, pose) = (self.rig(), self.pose());
        let mut matrices = vec![0.0; if bone.is_some() { 16 } else { 16 * self.bones() }];
        // SAFETY: every array has as many elements as its view says.
        unsafe {
            let mut input: LimberPlanInput = std::mem::zeroed();
            input.struct_size = size_of::<LimberPlanInput>();
            (input.rig, input.pose, input.constraints) = (&rig, &pose, constraints);
            if let Some(bone) = &bone {
                (input.chosen, input.chosen_count) = (bone, 1);
            }
            let mut plan = std::ptr::null_mut();
            assert_eq!(limber_plan_make(&input, &mut plan), 0, "{}", self.kind);
            let mut frames: LimberPlanFrames = std::mem::zeroed();
            frames.struct_size = size_of::<LimberPlanFrames>();
            (frames.frames, frames.frame_count) = (&1.0, 1);
            let none = std::ptr::null_mut();
            let status =
                limber_plan_evaluate(plan, &frames, matrices.as_mut_ptr(), none, none, none);
            assert_eq!(status, 0, "{}", self.kind);
            assert_eq!(limber_plan_free(plan), 0);
        }
        matrices
    }

    /// The largest difference to Blender's matrices, relative to their largest entry.
    fn apart(&self, got: &[f32]) -> f32 {
        let want = &self.floats["matrices"];
        let size = want.iter().fold(1.0f32, |most, value| most.max(value.abs()));
        got.iter().zip(want).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / size
    }
}

#[test]
fn constraints_do_what_blender_does() {
    let cases = cases(RECORDED);
    assert_eq!(cases.len(), 18);
    let mut idle = 0;
    for case in &cases {
        let apart = case.apart(&case.evaluate(true));
        assert!(apart < 2e-5, "{}: {apart}", case.kind);
        idle += usize::from(case.apart(&case.evaluate(false)) < 2e-5);
    }
    // Limits need not act, but most constraints do.
    assert!(idle <= 4, "{idle} of the recorded constraints change nothing");
}

#[test]
fn constraints_on_curves_do_what_blender_does() {
    let cases = cases(ON_CURVES);
    assert_eq!(cases.len(), 9);
    for case in &cases {
        let apart = case.apart(&case.evaluate(true));
        assert!(apart < 2e-5, "{}: {apart}", case.kind);
        assert!(case.apart(&case.evaluate(false)) > 1e-3, "{} changes nothing", case.kind);
    }
}

#[test]
fn constraints_with_actions_do_what_blender_does() {
    let cases = cases(WITH_ACTIONS);
    assert_eq!(cases.len(), 7);
    for case in &cases {
        let apart = case.apart(&case.evaluate(true));
        assert!(apart < 2e-5, "{}: {apart}", case.kind);
        assert!(case.apart(&case.evaluate(false)) > 1e-3, "{} changes nothing", case.kind);
    }
}

#[test]
fn a_plan_gives_the_same_of_all_bones_and_of_one() {
    let recorded = [RECORDED, ON_CURVES, WITH_ACTIONS];
    for case in recorded.into_iter().flat_map(cases) {
        let all = case.by_plan(None);
        assert!(case.apart(&all) < 2e-5, "{}: {}", case.kind, case.apart(&all));
        for bone in 0..case.bones() {
            let one = case.by_plan(Some(bone as i32));
            assert_eq!(one, all[16 * bone..16 * bone + 16], "{} bone {bone}", case.kind);
        }
    }
}
