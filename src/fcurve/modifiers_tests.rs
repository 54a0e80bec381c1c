use super::*;
use crate::fcurve::Key;
use bytemuck::Zeroable;
use proptest::prelude::*;

fn full(kind: Kind) -> Modifier {
    Modifier { muted: false, influence: None, range: None, kind }
}

/// Keys at frames 10 (value 1) and 20 (value 4).
fn keys() -> [Key; 2] {
    let at = |point| Key { point, ..Key::zeroed() };
    [at([10.0, 1.0]), at([20.0, 4.0])]
}

fn cycled(mode: CycleMode, count: i32, t: f32) -> Timing {
    let cycle = Cycle { mode, count };
    let stack = [full(Kind::Cycles { before: cycle, after: cycle })];
    change_frame(&stack, &keys()[..], t)
}

#[test]
fn cycles_bring_frames_back_between_the_keys() {
    use CycleMode::*;
    let frame = |mode, t| cycled(mode, 0, t).frame;
    assert_eq!(frame(Repeat, 13.0), 13.0);
    assert_eq!(frame(Repeat, 33.0), 13.0);
    assert_eq!(frame(Repeat, 7.0), 17.0);
    assert_eq!(frame(Repeat, 40.0), 20.0);
    assert_eq!(frame(Repeat, -10.0), 10.0);
    assert_eq!(frame(Mirror, 23.0), 17.0);
    assert_eq!(frame(Mirror, 33.0), 13.0);
    assert_eq!(frame(Mirror, 7.0), 13.0);
    assert_eq!(frame(Mirror, 30.0), 10.0);
    assert_eq!(frame(None, 33.0), 33.0);
}

#[test]
fn cycles_with_offset_climb() {
    let offset = |t| cycled(CycleMode::RepeatOffset, 0, t).cycle_offset;
    assert_eq!(offset(15.0), 0.0);
    assert_eq!(offset(23.0), 3.0);
    assert_eq!(offset(33.0), 6.0);
    assert_eq!(offset(7.0), -3.0);
    assert_eq!(change_value(&[], Timing { frame: 0.0, cycle_offset: 3.0 }, 1.0), 1.0);
}

#[test]
fn cycles_end_after_their_count() {
    assert_eq!(cycled(CycleMode::Repeat, 2, 39.0).frame, 19.0);
    assert_eq!(cycled(CycleMode::Repeat, 2, 41.0).frame, 41.0);
}

#[test]
fn cycles_count_only_as_the_first_of_the_stack() {
    let cycle = Cycle { mode: CycleMode::RepeatOffset, count: 0 };
    let none = full(Kind::Limits { min_x: None, max_x: None, min_y: None, max_y: None });
    let stack = [none, full(Kind::Cycles { before: cycle, after: cycle })];
    let timing = change_frame(&stack, &keys()[..], 33.0);
    assert_eq!(timing, Timing { frame: 33.0, cycle_offset: 0.0 });
    assert_eq!(change_value(&stack, timing, 5.0), 5.0);
}

#[test]
fn a_restricted_range_ramps_in_and_out() {
    let kind = Kind::Limits { min_x: None, max_x: None, min_y: Some(10.0), max_y: None };
    let range = Some(Range { start: 0.0, end: 100.0, blend_in: 10.0, blend_out: 20.0 });
    let stack = [Modifier { influence: Some(0.5), range, ..full(kind) }];
    let value = |frame| change_value(&stack, Timing { frame, cycle_offset: 0.0 }, 0.0);
    assert_eq!(value(-1.0), 0.0);
    assert_eq!(value(5.0), 2.5);
    assert_eq!(value(50.0), 5.0);
    assert_eq!(value(90.0), 2.5);
    assert_eq!(value(101.0), 0.0);
    let muted = [Modifier { muted: true, ..stack[0] }];
    assert_eq!(change_value(&muted, Timing { frame: 50.0, cycle_offset: 0.0 }, 0.0), 0.0);
}

#[test]
fn steps_hold_and_round_towards_zero() {
    let stack = [full(Kind::Stepped { step: 4.0, offset: 1.0, start: None, end: Some(30.0) })];
    let frame = |t| change_frame(&stack, &keys()[..], t).frame;
    assert_eq!(frame(8.9), 5.0);
    assert_eq!(frame(9.0), 9.0);
    assert_eq!(frame(-2.0), 1.0);
    assert_eq!(frame(31.0), 31.0);
}

#[test]
fn generators_replace_or_add() {
    let value = |factorised, additive, coefficients: &[f32]| {
        let stack = [full(Kind::Generator { factorised, additive, coefficients })];
        change_value(&stack, Timing { frame: 3.0, cycle_offset: 0.0 }, 100.0)
    };
    assert_eq!(value(false, false, &[1.0, 2.0, 4.0]), 43.0);
    assert_eq!(value(false, true, &[1.0, 2.0, 4.0]), 143.0);
    assert_eq!(value(true, false, &[2.0, 1.0, 1.0, -1.0]), 14.0);
    assert_eq!(value(false, false, &[1.0]), 100.0);
}

#[test]
fn functions_of_invalid_arguments_are_zero_or_left_out() {
    let value = |function, additive, frame| {
        let kind = Kind::Function(Wave {
            function,
            additive,
            amplitude: 2.0,
            phase_multiplier: 1.0,
            phase_offset: 0.0,
            value_offset: 0.5,
        });
        change_value(&[full(kind)], Timing { frame, cycle_offset: 0.0 }, 7.0)
    };
    assert_eq!(value(Function::Sqrt, false, 4.0), 4.5);
    assert_eq!(value(Function::Sqrt, true, 4.0), 11.5);
    assert_eq!(value(Function::Sqrt, false, -4.0), 0.0);
    assert_eq!(value(Function::Ln, true, 0.5), 7.0);
    assert_eq!(value(Function::Sinc, false, 0.0), 2.5);
    assert!((value(Function::Sinc, false, 1.0) - 0.5).abs() < 1e-6);
}

#[test]
fn envelopes_move_the_band() {
    let kind = Kind::Envelope {
        reference: 0.0,
        default_min: -1.0,
        default_max: 1.0,
        points: &[[0.0, 0.0, 2.0], [10.0, 10.0, 20.0]],
    };
    let value = |frame, v| change_value(&[full(kind)], Timing { frame, cycle_offset: 0.0 }, v);
    assert_eq!(value(-5.0, 0.0), 1.0);
    assert_eq!(value(5.0, -1.0), 5.0);
    assert_eq!(value(5.0, 1.0), 11.0);
    assert_eq!(value(50.0, 1.0), 20.0);
}

proptest! {
    #[test]
    fn no_stack_hangs_or_panics(t in any::<f32>(), value in any::<f32>(), a in any::<f32>(), b in any::<f32>(), n in any::<i32>()) {
        let cycle = Cycle { mode: CycleMode::Mirror, count: n };
        let offset = Cycle { mode: CycleMode::RepeatOffset, count: n };
        let stack = [
            full(Kind::Cycles { before: cycle, after: offset }),
            full(Kind::Stepped { step: a, offset: b, start: None, end: None }),
            full(Kind::Noise(Noise {
                blend: Blend::Add, scale: a, strength: 1.0, phase: b, offset: a, depth: 5,
                roughness: b, lacunarity: a,
            })),
            full(Kind::Envelope {
                reference: a, default_min: b, default_max: a, points: &[[0.0; 3], [f32::NAN; 3]],
            }),
        ];
        let broken = [Key { point: [a, b], ..Key::zeroed() }, Key { point: [b, a], ..Key::zeroed() }];
        let timing = change_frame(&stack, &broken[..], t);
        let _ = change_value(&stack, timing, value);
    }

    #[test]
    fn cycled_frames_lie_between_the_keys(t in -1e4f32..1e4) {
        for mode in [CycleMode::Repeat, CycleMode::RepeatOffset, CycleMode::Mirror] {
            let frame = cycled(mode, 0, t).frame;
            prop_assert!((10.0..=20.0).contains(&frame), "{mode:?} {frame}");
        }
    }
}
