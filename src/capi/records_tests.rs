use super::*;
use crate::capi::args::View;
use crate::capi::keys::{LIMBER_FIELD_ABSENT, LimberKeyLayout};
use crate::capi::record_layout::{
    LIMBER_RECORD_DRIVEN, LIMBER_RECORD_LONG_PATH, LIMBER_RECORD_MODIFIED, LIMBER_RECORD_SAMPLED,
    LimberCurveLayout,
};
use crate::capi::slide::{LIMBER_PROPERTY_LOCATION, LIMBER_PROPERTY_NONE, LIMBER_PROPERTY_SCALE};
use crate::capi::status::*;
use crate::fcurve::{Curve, Extrapolation, Key};
use bytemuck::Zeroable;
use core::mem::offset_of;
use proptest::prelude::*;
use std::ptr::{null, null_mut};

/// A tool's own record: odd sizes, nothing where the library has it.
#[repr(C)]
pub(crate) struct Tool {
    pub smoothing: i8,
    pub component: i16,
    pub count: i64,
    pub path: *const u8,
    pub weight: f64,
    pub driver: *const u8,
    pub flags: u16,
    pub beyond: i32,
    pub samples: *const u8,
    pub modifiers: *const u8,
    pub keys: *const Key,
}

pub(crate) const LAYOUT: LimberCurveLayout = LimberCurveLayout {
    struct_size: size_of::<LimberCurveLayout>(),
    record_size: size_of::<Tool>(),
    keys: offset_of!(Tool, keys),
    key_count: offset_of!(Tool, count),
    path: offset_of!(Tool, path),
    component: offset_of!(Tool, component),
    extrapolation: offset_of!(Tool, beyond),
    auto_smoothing: offset_of!(Tool, smoothing),
    flags: offset_of!(Tool, flags),
    samples: offset_of!(Tool, samples),
    modifiers: offset_of!(Tool, modifiers),
    driver: offset_of!(Tool, driver),
    integer_mask: 0x8000,
    discrete_mask: 0x0006,
    key_count_size: 8,
    component_size: 2,
    extrapolation_size: 0,
    auto_smoothing_size: 1,
    flags_size: 2,
    reserved: [0; 3],
};

pub(crate) fn tool(keys: &[Key], path: &[u8], component: i16) -> Tool {
    Tool {
        smoothing: 1,
        component,
        count: keys.len() as i64,
        path: path.as_ptr(),
        weight: f64::NAN,
        driver: null(),
        flags: 1,
        beyond: 0,
        samples: null(),
        modifiers: null(),
        keys: keys.as_ptr(),
    }
}

pub(crate) fn key(frame: f32, value: f32) -> Key {
    Key { point: [frame, value], interpolation: 1, ..Key::zeroed() }
}

pub(crate) fn view(layout: &LimberCurveLayout, addresses: &[*const c_void]) -> LimberCurveRecords {
    LimberCurveRecords {
        struct_size: size_of::<LimberCurveRecords>(),
        layout,
        records: addresses.as_ptr(),
        record_count: addresses.len(),
        alignment: 4,
        ..View::ZERO
    }
}

pub(crate) fn addresses(tools: &[Tool]) -> Vec<*const c_void> {
    tools.iter().map(|tool| std::ptr::from_ref(tool).cast()).collect()
}

/// Status, values and states at these frames.
fn evaluated(
    records: &LimberCurveRecords,
    which: Option<&[u32]>,
    frames: &[f32],
    flags: u32,
) -> (i32, Vec<f32>, Vec<u8>) {
    let n = which.map_or(records.record_count, <[u32]>::len);
    let (mut values, mut states) = (vec![-1.0; n * frames.len()], vec![99; n]);
    // SAFETY: every pointer is to an array of the test.
    let status = unsafe {
        limber_curve_records_evaluate(
            records,
            which.map_or(null(), <[u32]>::as_ptr),
            n,
            frames.as_ptr(),
            frames.len(),
            flags,
            values.as_mut_ptr(),
            states.as_mut_ptr(),
        )
    };
    (status, values, states)
}

pub(crate) const NAMES: &[u8] = b"arm\0a\"b\0";

fn indexed(records: &LimberCurveRecords) -> (i32, Vec<u32>, Vec<u8>, Vec<u32>, Vec<u8>) {
    let n = records.record_count;
    let (mut bone, mut property) = (vec![7; n], vec![7; n]);
    let (mut component, mut state) = (vec![7; n], vec![7; n]);
    // SAFETY: as above.
    let status = unsafe {
        limber_curve_records_index(
            records,
            NAMES.as_ptr().cast(),
            NAMES.len(),
            2,
            0,
            bone.as_mut_ptr(),
            property.as_mut_ptr(),
            null_mut(),
            null_mut(),
            component.as_mut_ptr(),
            state.as_mut_ptr(),
        )
    };
    (status, bone, property, component, state)
}

#[test]
fn records_are_placed_and_evaluated_where_they_lie() {
    let keys = [key(0.0, 0.0), key(10.0, 5.0)];
    let tools = [
        tool(&keys, b"pose.bones[\"arm\"].location\0", 2),
        tool(&keys[1..], b"pose.bones[\"a\\\"b\"].scale\0", -1),
        tool(&[], b"location\0", 0),
    ];
    let all = addresses(&tools);
    let records = view(&LAYOUT, &all);
    let (status, bone, property, component, state) = indexed(&records);
    assert_eq!(status, LIMBER_STATUS_OK);
    assert_eq!(bone, [0, 1, u32::MAX]);
    let none = LIMBER_PROPERTY_NONE;
    assert_eq!(property, [LIMBER_PROPERTY_LOCATION, LIMBER_PROPERTY_SCALE, none]);
    assert_eq!(component, [2, u32::MAX, 0]);
    assert_eq!(state, [0, 0, 0]);

    let (status, values, states) = evaluated(&records, None, &[4.0, 20.0], 0);
    assert_eq!((status, states), (LIMBER_STATUS_OK, vec![0; 3]));
    assert_eq!(values, [2.0, 5.0, 5.0, 5.0, 0.0, 0.0]);
    let (_, values, _) = evaluated(&records, Some(&[2, 0]), &[4.0, 20.0], LIMBER_EVALUATE_BY_FRAME);
    assert_eq!(values, [0.0, 2.0, 0.0, 5.0]);
}

#[test]
fn extrapolation_and_the_bits_of_flags_count() {
    let keys = [key(0.0, 0.25), key(10.0, 5.25)];
    let mut tools = [(); 4].map(|()| tool(&keys, b"x\0", 0));
    tools[1].beyond = 1;
    tools[2].flags = 0x8000;
    tools[3].flags = 0x0002;
    let all = addresses(&tools);
    let (_, values, _) = evaluated(&view(&LAYOUT, &all), None, &[5.0, 20.0], 0);
    assert_eq!(values, [2.75, 5.25, 2.75, 10.25, 3.0, 5.0, 0.25, 5.25]);
}

#[test]
fn what_makes_no_sense_is_said_of_that_record_alone() {
    let keys = [key(0.0, 1.0), key(10.0, 2.0)];
    let path = b"pose.bones[\"arm\"].location\0";
    let mut tools: Vec<Tool> = (0..12).map(|_| tool(&keys, path, 0)).collect();
    tools[1].count = -1;
    tools[2].count = 1000;
    tools[3].keys = null();
    tools[4].keys = keys.as_ptr().wrapping_byte_add(1);
    tools[5].beyond = 2;
    tools[6].smoothing = 2;
    tools[7].samples = path.as_ptr();
    tools[8].modifiers = path.as_ptr();
    tools[9].driver = path.as_ptr();
    tools[10].path = b"pose.bones[\"arm\"].locati".as_ptr();
    tools[11].path = null();
    let mut all = addresses(&tools);
    all.push(null());
    all.push(all[0].wrapping_byte_add(2));
    let damaged = LIMBER_RECORD_DAMAGED;
    let mut expected = vec![0, damaged, damaged, damaged, damaged, damaged, damaged];
    expected.extend([LIMBER_RECORD_SAMPLED, LIMBER_RECORD_MODIFIED, LIMBER_RECORD_DRIVEN]);
    expected.extend([0, 0, damaged, damaged]);
    let records = LimberCurveRecords { key_limit: 999, path_limit: 24, ..view(&LAYOUT, &all) };
    let (status, values, states) = evaluated(&records, None, &[10.0], 0);
    assert_eq!((status, &states), (LIMBER_STATUS_OK, &expected));
    for (value, state) in values.iter().zip(&expected) {
        assert!(if *state == 0 { *value == 2.0 } else { value.is_nan() }, "{values:?}");
    }
    let records = LimberCurveRecords { path_limit: 0, ..records };
    expected[10] = 0;
    tools[10].path = path.as_ptr();
    let (_, bone, _, _, states) = indexed(&records);
    assert_eq!(states, expected);
    assert!(bone[..11].iter().all(|bone| *bone == 0));
    assert!(bone[11..].iter().all(|bone| *bone == u32::MAX));
    let records = LimberCurveRecords { path_limit: 26, ..records };
    let (_, bone, _, _, states) = indexed(&records);
    assert_eq!((bone[0], states[0]), (u32::MAX, LIMBER_RECORD_LONG_PATH));
    assert_eq!((bone[11], states[11]), (u32::MAX, 0));
}

#[test]
fn keys_out_of_order_are_damage_unless_the_caller_vouches() {
    let keys = [key(3.0, 1.0), key(2.0, 2.0), key(9.0, 3.0)];
    let tools = [tool(&keys, b"x\0", 0)];
    let all = addresses(&tools);
    let records = view(&LAYOUT, &all);
    assert_eq!(evaluated(&records, None, &[9.0], 0).2, [LIMBER_RECORD_DAMAGED]);
    let (_, values, states) = evaluated(&records, None, &[9.0], LIMBER_EVALUATE_UNCHECKED);
    assert_eq!((values, states), (vec![3.0], vec![0]));
}

#[test]
fn outputs_on_what_is_read_are_refused() {
    let mut keys = [key(0.0, 0.0), key(10.0, 5.0)];
    let mut path = *b"pose.bones[\"arm\"].location\0\0\0";
    let mut tools = [tool(&keys, &path, 0)];
    let all = addresses(&tools);
    let records = view(&LAYOUT, &all);
    let mut state = [0u8];
    let mut attempt = |values: *mut f32| {
        // SAFETY: refusing these arguments is what the test asks for.
        unsafe {
            limber_curve_records_evaluate(
                &records,
                null(),
                1,
                [1.0f32].as_ptr(),
                1,
                0,
                values,
                state.as_mut_ptr(),
            )
        }
    };
    assert_eq!(attempt((&raw mut keys[1].point).cast()), LIMBER_STATUS_OVERLAP);
    assert_eq!(attempt((&raw mut tools[0].beyond).cast()), LIMBER_STATUS_OVERLAP);
    let names: &[u8] = b"arm\0";
    // SAFETY: as above.
    let status = unsafe {
        let bone = path.as_mut_ptr().wrapping_add(path.as_ptr().align_offset(4)).cast();
        let names = names.as_ptr().cast();
        let absent = null_mut();
        let bytes = null_mut();
        limber_curve_records_index(
            &records, names, 4, 1, 0, bone, bytes, bytes, absent, absent, bytes,
        )
    };
    assert_eq!(status, LIMBER_STATUS_OVERLAP);
}

#[test]
fn layouts_and_places_are_checked() {
    let keys = [key(0.0, 0.0)];
    let tools = [tool(&keys, b"x\0", 0)];
    let all = addresses(&tools);
    let status = |change: &dyn Fn(&mut LimberCurveLayout)| {
        let mut layout = LAYOUT;
        change(&mut layout);
        evaluated(&view(&layout, &all), None, &[0.0], 0).0
    };
    assert_eq!(status(&|_| ()), LIMBER_STATUS_OK);
    let bad = LIMBER_STATUS_BAD_SIZE;
    assert_eq!(status(&|l| l.keys = LIMBER_FIELD_ABSENT), bad);
    assert_eq!(status(&|l| l.key_count = LIMBER_FIELD_ABSENT), bad);
    assert_eq!(status(&|l| l.driver = size_of::<Tool>() - 7), bad);
    assert_eq!(status(&|l| l.path = usize::MAX - 1), bad);
    assert_eq!(status(&|l| l.flags_size = 3), bad);
    assert_eq!(status(&|l| l.record_size = 10), bad);
    let records = view(&LAYOUT, &all);
    assert_eq!(evaluated(&records, Some(&[0, 1]), &[0.0], 0).0, LIMBER_STATUS_BAD_VALUE);
    assert_eq!(evaluated(&records, Some(&[]), &[0.0], 0).0, LIMBER_STATUS_OK);
    assert_eq!(evaluated(&records, None, &[0.0], 4).0, LIMBER_STATUS_BAD_VALUE);
    let odd = LimberCurveRecords { alignment: 3, ..records };
    assert_eq!(evaluated(&odd, None, &[0.0], 0).0, bad);
}

#[test]
fn keys_are_gathered_into_arrays() {
    let keys = [key(0.0, 1.0), key(10.0, 2.0), key(20.0, 3.0)];
    let mut tools = [tool(&keys, b"x\0", 0), tool(&keys[..1], b"x\0", 0), tool(&keys, b"x\0", 0)];
    tools[2].modifiers = std::ptr::from_ref(&keys).cast();
    let all = addresses(&tools);
    let records = view(&LAYOUT, &all);
    let first = [0usize, 2, 5, 6];
    let (mut counts, mut point, mut state) = ([77usize; 3], [-1f32; 12], [9u8; 3]);
    let mut shape = [255u8; 6];
    let mut table = LimberKeyTable {
        struct_size: size_of::<LimberKeyTable>(),
        curve_count: 3,
        element_count: 6,
        first_key: first.as_ptr(),
        key_count: counts.as_mut_ptr(),
        point: point.as_mut_ptr(),
        interpolation: shape.as_mut_ptr(),
        ..View::ZERO
    };
    let mut gather = |which: &[u32; 3], table: &mut LimberKeyTable| {
        // SAFETY: every pointer is to an array of the test.
        unsafe { limber_curve_records_gather(&records, which.as_ptr(), table, state.as_mut_ptr()) }
    };
    assert_eq!(gather(&[0, 1, 2], &mut table), LIMBER_STATUS_BUFFER_TOO_SMALL);
    assert_eq!(gather(&[1, 0, 2], &mut table), LIMBER_STATUS_OK);
    table.point = null_mut();
    assert_eq!(gather(&[1, 0, 2], &mut table), LIMBER_STATUS_OK);
    assert_eq!(state, [0, 0, LIMBER_RECORD_MODIFIED]);
    assert_eq!(counts, [1, 3, 0]);
    assert_eq!(point, [0.0, 1.0, -1.0, -1.0, 0.0, 1.0, 10.0, 2.0, 20.0, 3.0, -1.0, -1.0]);
    assert_eq!(shape, [1, 255, 1, 1, 1, 255]);
}

proptest! {
    #[test]
    fn many_records_are_the_same_as_their_curves(
        shapes in prop::collection::vec(
            (prop::collection::vec((-50i16..50, -9.0f32..9.0, 0u8..13), 0..9), 0i32..2, 0u16..8),
            0..700,
        ),
        frames in prop::collection::vec(-60.0f32..60.0, 1..4),
    ) {
        let curves: Vec<Vec<Key>> = shapes.iter().map(|(points, ..)| {
            let mut keys: Vec<Key> = points
                .iter()
                .map(|(x, y, shape)| Key { interpolation: *shape, ..key(f32::from(*x), *y) })
                .collect();
            keys.sort_by(|a, b| a.point[0].total_cmp(&b.point[0]));
            keys
        }).collect();
        let tools: Vec<Tool> = curves.iter().zip(&shapes).map(|(keys, (_, beyond, flags))| Tool {
            beyond: *beyond,
            flags: *flags,
            ..tool(keys, b"pose.bones[\"arm\"].scale\0", 1)
        }).collect();
        let all = addresses(&tools);
        let records = view(&LAYOUT, &all);
        let (status, values, _) = evaluated(&records, None, &frames, 0);
        prop_assert_eq!(status, LIMBER_STATUS_OK);
        for (i, ((_, beyond, flags), keys)) in shapes.iter().zip(&curves).enumerate() {
            let curve = Curve {
                extrapolation: if *beyond == 1 {
                    Extrapolation::Linear
                } else {
                    Extrapolation::Constant
                },
                discrete: flags & 6 != 0,
                ..Curve::new(keys.as_slice())
            };
            for (j, frame) in frames.iter().enumerate() {
                let expected = curve.evaluate(*frame).to_bits();
                prop_assert_eq!(values[i * frames.len() + j].to_bits(), expected);
            }
        }
        let (_, bone, ..) = indexed(&records);
        prop_assert!(bone.iter().all(|bone| *bone == 0));
    }
}

#[test]
fn a_key_layout_of_the_tool_is_used() {
    #[repr(C)]
    struct Point {
        id: u64,
        at: [f32; 2],
    }
    let points = [Point { id: 1, at: [0.0, 1.0] }, Point { id: 2, at: [4.0, 3.0] }];
    let absent = LIMBER_FIELD_ABSENT;
    let layout = LimberKeyLayout {
        struct_size: size_of::<LimberKeyLayout>(),
        stride: size_of::<Point>(),
        point: offset_of!(Point, at),
        handle_left: absent,
        handle_right: absent,
        back: absent,
        amplitude: absent,
        period: absent,
        interpolation: absent,
        easing: absent,
        handle_left_type: absent,
        handle_right_type: absent,
        key_type: absent,
        select_point: absent,
        select_left: absent,
        select_right: absent,
    };
    let tools = [Tool { keys: points.as_ptr().cast(), count: 2, ..tool(&[], b"x\0", 0) }];
    let all = addresses(&tools);
    let records = LimberCurveRecords { key_layout: &layout, ..view(&LAYOUT, &all) };
    let (_, values, _) = evaluated(&records, None, &[2.0], 0);
    assert_eq!(values, [2.0]);
    let (mut pointer, mut count, mut state) = (null(), 0, 9);
    // SAFETY: every pointer is to a variable of the test.
    let status = unsafe {
        let absent = null_mut();
        let out = (&raw mut pointer, &raw mut count, &raw mut state);
        limber_curve_records_keys(&records, null(), 1, out.0, out.1, absent, absent, absent, out.2)
    };
    assert_eq!((status, pointer, count, state), (0, points.as_ptr().cast(), 2, 0));
}
