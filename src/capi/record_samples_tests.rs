use super::*;
use crate::capi::fcurve::{LIMBER_EVALUATE_BY_FRAME, LIMBER_EVALUATE_UNCHECKED};
use crate::capi::records::tests::{LAYOUT, NAMES, Tool, addresses, key, tool, view};
use crate::capi::records::{limber_curve_records_evaluate, limber_curve_records_index};
use crate::capi::slide::limber_choose_curves;
use crate::capi::status::*;
use crate::fcurve::Key;
use proptest::prelude::*;
use std::ptr::null;

const BONES: usize = 2;

/// Everything that the function gives, cut to what counts.
#[derive(Debug, Default, PartialEq)]
struct Result {
    index: [Vec<u32>; 3],
    kinds: [Vec<u8>; 3],
    classes: Vec<u8>,
    chosen: [Vec<u32>; 3],
    chosen_property: Vec<u8>,
    custom: Vec<u32>,
    /// Bits, since NaN is a value here.
    values: Vec<u32>,
}

struct Call<'a> {
    records: &'a LimberCurveRecords,
    rules: u32,
    mask: Option<[u8; BONES]>,
    modes: [i32; BONES],
    channels: u8,
    frames: &'a [f32],
}

impl Call<'_> {
    fn mask(&self) -> *const u8 {
        self.mask.as_ref().map_or(null(), |mask| mask.as_ptr())
    }

    fn room(&self) -> Result {
        let n = self.records.record_count;
        let longs = || [vec![7; n], vec![7; n], vec![7; n]];
        Result {
            index: longs(),
            kinds: [vec![7; n], vec![7; n], vec![7; n]],
            classes: vec![7; BONES],
            chosen: longs(),
            chosen_property: vec![7; n],
            custom: vec![7; n],
            values: vec![7; n * self.frames.len()],
        }
    }

    fn at_once(&self) -> (i32, Result) {
        let mut r = self.room();
        let (mut chosen_count, mut custom_count) = (0, 0);
        let [bone, rest, component] = &mut r.index;
        let [property, channel, state] = &mut r.kinds;
        let [chosen, chosen_bone, chosen_component] = &mut r.chosen;
        // SAFETY: every pointer is to an array of the test.
        let status = unsafe {
            limber_curve_records_sample(
                self.records,
                NAMES.as_ptr().cast(),
                NAMES.len(),
                BONES,
                self.rules,
                self.mask(),
                self.modes.as_ptr(),
                self.channels,
                self.frames.as_ptr(),
                self.frames.len(),
                bone.as_mut_ptr(),
                property.as_mut_ptr(),
                channel.as_mut_ptr(),
                rest.as_mut_ptr(),
                component.as_mut_ptr(),
                state.as_mut_ptr(),
                r.classes.as_mut_ptr(),
                chosen.as_mut_ptr(),
                &mut chosen_count,
                chosen_bone.as_mut_ptr(),
                r.chosen_property.as_mut_ptr(),
                chosen_component.as_mut_ptr(),
                r.custom.as_mut_ptr(),
                &mut custom_count,
                r.values.as_mut_ptr().cast(),
            )
        };
        r.chosen.iter_mut().for_each(|list| list.truncate(chosen_count));
        r.chosen_property.truncate(chosen_count);
        r.custom.truncate(custom_count);
        r.values.truncate(chosen_count * self.frames.len());
        (status, r)
    }

    /// The three functions that it stands for.
    fn one_by_one(&self) -> Result {
        let mut r = self.room();
        let (mut chosen_count, mut custom_count) = (0, 0);
        let n = self.records.record_count;
        let [bone, rest, component] = &mut r.index;
        let [property, channel, state] = &mut r.kinds;
        let [chosen, chosen_bone, chosen_component] = &mut r.chosen;
        // SAFETY: as above.
        let status = unsafe {
            limber_curve_records_index(
                self.records,
                NAMES.as_ptr().cast(),
                NAMES.len(),
                BONES,
                self.rules,
                bone.as_mut_ptr(),
                property.as_mut_ptr(),
                channel.as_mut_ptr(),
                rest.as_mut_ptr(),
                component.as_mut_ptr(),
                state.as_mut_ptr(),
            )
        };
        assert_eq!(status, LIMBER_STATUS_OK);
        // SAFETY: as above.
        let status = unsafe {
            limber_choose_curves(
                bone.as_ptr(),
                property.as_ptr(),
                channel.as_ptr(),
                component.as_ptr(),
                n,
                self.mask(),
                self.modes.as_ptr(),
                BONES,
                self.channels,
                r.classes.as_mut_ptr(),
                chosen.as_mut_ptr(),
                &mut chosen_count,
                chosen_bone.as_mut_ptr(),
                r.chosen_property.as_mut_ptr(),
                chosen_component.as_mut_ptr(),
                r.custom.as_mut_ptr(),
                &mut custom_count,
            )
        };
        assert_eq!(status, LIMBER_STATUS_OK);
        let mut states = vec![0; chosen_count];
        // SAFETY: as above.
        let status = unsafe {
            limber_curve_records_evaluate(
                self.records,
                chosen.as_ptr(),
                chosen_count,
                self.frames.as_ptr(),
                self.frames.len(),
                LIMBER_EVALUATE_BY_FRAME | LIMBER_EVALUATE_UNCHECKED,
                r.values.as_mut_ptr().cast(),
                states.as_mut_ptr(),
            )
        };
        assert_eq!(status, LIMBER_STATUS_OK);
        r.chosen.iter_mut().for_each(|list| list.truncate(chosen_count));
        r.chosen_property.truncate(chosen_count);
        r.custom.truncate(custom_count);
        r.values.truncate(chosen_count * self.frames.len());
        r
    }
}

const PATHS: [&[u8]; 7] = [
    b"pose.bones[\"arm\"].location\0",
    b"pose.bones[\"a\\\"b\"].rotation_quaternion\0",
    b"pose.bones[\"arm\"].rotation_euler\0",
    b"pose.bones[\"a\\\"b\"][\"prop\"]\0",
    b"pose.bones[\"arm\"].constraints[\"scale\"].influence\0",
    b"x.pose.bones[\"arm\"].bbone_easein\0",
    b"location\0",
];

/// A curve of the tool's: which path, its keys' distances and values, what else it has.
type Drawn = (usize, Vec<(f32, f32)>, u8);

fn curves() -> impl Strategy<Value = Vec<Drawn>> {
    let keys = prop::collection::vec((0.0..20f32, -9.0..9f32), 0..30);
    prop::collection::vec((0..PATHS.len(), keys, 0..8u8), 0..200)
}

proptest! {
    #[test]
    fn it_is_the_three_functions_in_one(
        curves in curves(),
        frames in prop::collection::vec(-5.0..200f32, 1..4),
        on_key in any::<bool>(),
        mask in prop::option::of(prop::array::uniform2(0..2u8)),
        modes in prop::array::uniform2(-1..7i32),
        channels in 0..32u8,
        old in any::<bool>(),
    ) {
        let keys: Vec<Vec<Key>> = curves
            .iter()
            .map(|(_, keys, _)| {
                let mut at = 0.0;
                keys.iter().map(|(step, value)| { at += step; key(at, *value) }).collect()
            })
            .collect();
        let mut frames = frames;
        if on_key && let Some(key) = keys.iter().flatten().nth(3) {
            frames[0] = key.point[0];
        }
        let other = 0u8;
        let tools: Vec<Tool> = curves
            .iter()
            .zip(&keys)
            .map(|((path, _, kind), keys)| {
                let mut tool = tool(keys, PATHS[*path], i16::from(*kind));
                match kind {
                    5 => tool.modifiers = &other,
                    6 => tool.count = -1,
                    7 => tool.beyond = 1,
                    _ => (),
                }
                tool
            })
            .collect();
        let all = addresses(&tools);
        let records = view(&LAYOUT, &all);
        let rules = if old { 405 } else { 502 };
        let call = Call { records: &records, rules, mask, modes, channels, frames: &frames };
        let (status, found) = call.at_once();
        prop_assert_eq!(status, LIMBER_STATUS_OK);
        prop_assert_eq!(found, call.one_by_one());
    }
}

#[test]
fn without_a_frame_there_is_nothing_to_sample() {
    let keys = [key(0.0, 0.0), key(10.0, 5.0)];
    let tools = [tool(&keys, PATHS[0], 0)];
    let all = addresses(&tools);
    let records = view(&LAYOUT, &all);
    let frames = [4.0];
    let call = Call {
        records: &records,
        rules: 0,
        mask: None,
        modes: [0; BONES],
        channels: 0,
        frames: &[],
    };
    assert_eq!(call.at_once().0, LIMBER_STATUS_BAD_SIZE);
    let (status, found) = Call { frames: &frames, ..call }.at_once();
    assert_eq!((status, found.values), (LIMBER_STATUS_OK, vec![2.0f32.to_bits()]));
    assert_eq!(found.chosen, [vec![0], vec![0], vec![0]]);
}
