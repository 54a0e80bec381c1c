use super::*;
use crate::capi::args::View;
use crate::capi::curves::*;
use crate::capi::keys::*;
use crate::capi::modifiers::*;
use crate::capi::status::*;
use bytemuck::Zeroable;

fn key(frame: f32, value: f32) -> LimberKey {
    let point = [frame, value];
    LimberKey { point, interpolation: LIMBER_INTERPOLATION_LINEAR, ..LimberKey::zeroed() }
}

fn curve(keys: &[LimberKey]) -> LimberFCurve {
    LimberFCurve {
        struct_size: size_of::<LimberFCurve>(),
        keys: keys.as_ptr().cast(),
        key_count: keys.len(),
        ..View::ZERO
    }
}

fn evaluate(curve: &LimberFCurve, frames: &[f32], values: &mut [f32]) -> i32 {
    // SAFETY: the views are over arrays of the test.
    unsafe { limber_fcurve_evaluate(curve, frames.as_ptr(), frames.len(), 0, values.as_mut_ptr()) }
}

fn message() -> String {
    let mut text = String::new();
    crate::capi::last_error(|t| text = t.to_string());
    text
}

fn table(count: usize) -> LimberFCurves {
    LimberFCurves { struct_size: size_of::<LimberFCurves>(), curve_count: count, ..View::ZERO }
}

#[test]
fn one_curve_at_many_frames() {
    let keys = [key(0.0, 0.0), key(10.0, 20.0)];
    let mut values = [9.0; 4];
    assert_eq!(evaluate(&curve(&keys), &[-5.0, 2.5, 10.0, 99.0], &mut values), 0);
    assert_eq!(values, [0.0, 5.0, 20.0, 20.0]);
}

#[test]
fn an_error_leaves_the_values_alone() {
    let mut keys = [key(0.0, 0.0), key(10.0, 20.0)];
    let mut values = [9.0; 1];
    let bad = LimberFCurve { extrapolation: 2, ..curve(&keys) };
    assert_eq!(evaluate(&bad, &[1.0], &mut values), LIMBER_STATUS_BAD_VALUE);
    let bad = LimberFCurve { flags: 4, ..curve(&keys) };
    assert_eq!(evaluate(&bad, &[1.0], &mut values), LIMBER_STATUS_BAD_VALUE);
    let bad = LimberFCurve { keys: core::ptr::null(), ..curve(&keys) };
    assert_eq!(evaluate(&bad, &[1.0], &mut values), LIMBER_STATUS_NULL_POINTER);
    keys[1].easing = 4;
    assert_eq!(evaluate(&curve(&keys), &[1.0], &mut values), LIMBER_STATUS_BAD_VALUE);
    keys[1] = key(-1.0, 0.0);
    assert_eq!(evaluate(&curve(&keys), &[1.0], &mut values), LIMBER_STATUS_UNSORTED);
    assert_eq!(message(), "keys[1]: keys must be sorted by frame");
    assert_eq!(values, [9.0]);
}

#[test]
fn modifiers_are_read_with_their_arrays() {
    let keys = [key(0.0, 0.0), key(10.0, 20.0)];
    let coefficients = [1.0f32, 2.0];
    let mut modifiers = [LimberModifier {
        struct_size: size_of::<LimberModifier>(),
        kind: LIMBER_MODIFIER_GENERATOR,
        flags: LIMBER_MODIFIER_FLAG_ADDITIVE,
        values: coefficients.as_ptr(),
        value_count: 2,
        ..View::ZERO
    }; 2];
    modifiers[1].flags = LIMBER_MODIFIER_FLAG_MUTED;
    let view = LimberFCurve { modifiers: modifiers.as_ptr(), modifier_count: 2, ..curve(&keys) };
    let mut values = [0.0];
    assert_eq!(evaluate(&view, &[5.0], &mut values), 0);
    assert_eq!(values, [21.0]);
    modifiers[1].kind = LIMBER_MODIFIER_NOISE;
    modifiers[1].flags = LIMBER_MODIFIER_FLAG_LEGACY_NOISE;
    let view = LimberFCurve { modifiers: modifiers.as_ptr(), ..view };
    assert_eq!(evaluate(&view, &[5.0], &mut values), LIMBER_STATUS_UNSUPPORTED);
    modifiers[1].kind = LIMBER_MODIFIER_ENVELOPE;
    let view = LimberFCurve { modifiers: modifiers.as_ptr(), ..view };
    assert_eq!(evaluate(&view, &[5.0], &mut values), LIMBER_STATUS_BAD_SIZE);
    modifiers[1].struct_size += 8;
    let view = LimberFCurve { modifiers: modifiers.as_ptr(), ..view };
    assert_eq!(evaluate(&view, &[5.0], &mut values), LIMBER_STATUS_BAD_STRUCT_SIZE);
}

#[test]
fn a_table_with_starts_and_one_with_pointers_agree() {
    let keys = [key(0.0, 0.0), key(10.0, 20.0), key(0.0, 1.0), key(4.0, 5.0), key(8.0, 0.0)];
    let starts = [0usize, 2, 2, 5];
    let samples = [3.0f32, 4.0];
    let (sample_starts, first_frames) = ([0usize, 0, 2, 2], [0.0f32, 1.0, 0.0]);
    let linear = [0u8, 0, 1];
    let by_starts = LimberFCurves {
        keys: keys.as_ptr().cast(),
        key_count: keys.len(),
        key_starts: starts.as_ptr(),
        samples: samples.as_ptr(),
        sample_count: 2,
        sample_starts: sample_starts.as_ptr(),
        sample_first_frames: first_frames.as_ptr(),
        extrapolation: linear.as_ptr(),
        ..table(3)
    };
    let pointers = [keys.as_ptr(), core::ptr::null(), keys[2..].as_ptr()];
    let counts = [2i32, 0, 3];
    let by_pointers = LimberFCurves {
        keys: core::ptr::null(),
        key_starts: core::ptr::null(),
        key_pointers: pointers.as_ptr().cast(),
        key_counts: counts.as_ptr(),
        ..by_starts
    };
    let frames = [2.0f32, 12.0];
    for view in [by_starts, by_pointers] {
        let mut values = [0.0; 6];
        let status =
            // SAFETY: the views are over arrays of the test.
            unsafe { limber_fcurves_evaluate(&view, frames.as_ptr(), 2, 0, values.as_mut_ptr()) };
        assert_eq!(status, 0, "{}", message());
        assert_eq!(values, [4.0, 20.0, 4.0, 4.0, 3.0, -5.0]);
    }
}

#[test]
fn a_table_names_the_curve_that_is_wrong() {
    let keys = [key(0.0, 0.0), key(10.0, 20.0), key(5.0, 1.0), key(4.0, 5.0)];
    let starts = [0usize, 2, 4];
    let view = LimberFCurves {
        keys: keys.as_ptr().cast(),
        key_count: keys.len(),
        key_starts: starts.as_ptr(),
        ..table(2)
    };
    let mut values = [7.0f32; 2];
    // SAFETY: the views are over arrays of the test.
    let run = |view: &LimberFCurves, flags: u32, values: &mut [f32]| unsafe {
        limber_fcurves_evaluate(view, [1.0f32].as_ptr(), 1, flags, values.as_mut_ptr())
    };
    assert_eq!(run(&view, 0, &mut values), LIMBER_STATUS_BAD_VALUE);
    assert_eq!(message(), "curves[1] = (keys[1]): keys must be sorted by frame");
    assert_eq!(values, [7.0; 2]);
    assert_eq!(run(&view, LIMBER_EVALUATE_UNCHECKED, &mut values), 0);
    assert_eq!(values[0], 2.0);
    assert_eq!(run(&view, 2, &mut values), LIMBER_STATUS_BAD_VALUE);
    let wrong = [0usize, 3, 2];
    let view = LimberFCurves { key_starts: wrong.as_ptr(), ..view };
    assert_eq!(run(&view, 0, &mut values), LIMBER_STATUS_BAD_VALUE);
    assert_eq!(message(), "key_starts[2] = 2: less than the one before");
    let wrong = [0usize, 3, 5];
    let view = LimberFCurves { key_starts: wrong.as_ptr(), ..view };
    assert_eq!(run(&view, 0, &mut values), LIMBER_STATUS_BAD_VALUE);
}
