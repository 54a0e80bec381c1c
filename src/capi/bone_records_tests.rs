//! Records as a tool might have them, and damaged ones.

use super::*;
use crate::capi::bone_layout::*;
use crate::capi::status::{
    LIMBER_STATUS_BAD_SIZE, LIMBER_STATUS_BAD_VALUE, LIMBER_STATUS_BUFFER_TOO_SMALL,
    LIMBER_STATUS_OK, LIMBER_STATUS_OVERLAP,
};
use core::mem::{offset_of, zeroed};
use core::ptr::{null, null_mut};

#[repr(C)]
struct Tool {
    mode: i16,
    name: [u8; 8],
    location: [f32; 3],
    next: *const Tool,
    angle: f32,
    props: *const u8,
    axis: [f32; 3],
    ease_in: f32,
}

fn layout() -> LimberBoneLayout {
    // SAFETY: plain numbers.
    let mut all: LimberBoneLayout = unsafe { zeroed() };
    for field in [
        &mut all.rotation_quaternion,
        &mut all.rotation_euler,
        &mut all.scale,
        &mut all.bbone_curveinx,
        &mut all.bbone_curveinz,
        &mut all.bbone_curveoutx,
        &mut all.bbone_curveoutz,
        &mut all.bbone_rollin,
        &mut all.bbone_rollout,
        &mut all.bbone_easeout,
        &mut all.bbone_scalein,
        &mut all.bbone_scaleout,
        &mut all.more_properties,
        &mut all.flag_owner,
    ] {
        *field = LIMBER_FIELD_ABSENT;
    }
    LimberBoneLayout {
        struct_size: size_of::<LimberBoneLayout>(),
        record_size: size_of::<Tool>(),
        next: offset_of!(Tool, next),
        name: offset_of!(Tool, name),
        name_size: 8,
        location: offset_of!(Tool, location),
        rotation_angle: offset_of!(Tool, angle),
        rotation_axis: offset_of!(Tool, axis),
        rotation_mode: offset_of!(Tool, mode),
        rotation_mode_size: 2,
        bbone_easein: offset_of!(Tool, ease_in),
        properties: offset_of!(Tool, props),
        ..all
    }
}

fn tools() -> [Box<Tool>; 3] {
    let name = |text: &[u8]| {
        let mut name = [b'?'; 8];
        name[..text.len()].copy_from_slice(text);
        name
    };
    let bone = |mode: i16, text: &[u8], x: f32| {
        Box::new(Tool {
            mode,
            name: name(text),
            location: [x, 2.0, 3.0],
            next: null(),
            angle: x * 2.0,
            props: null(),
            axis: [0.0, x, 1.0],
            ease_in: -x,
        })
    };
    let mut tools = [bone(-1, b"a\0", 1.0), bone(0, b"\xc3\xa4b\0", 4.0), bone(6, b"\0", 7.0)];
    tools[1].props = b"x".as_ptr();
    for i in 0..2 {
        tools[i].next = &raw const *tools[i + 1];
    }
    tools
}

#[derive(Debug, Default, PartialEq)]
struct Read {
    location: [[f32; 3]; 3],
    axis_angle: [[f32; 4]; 3],
    mode: [i32; 3],
    ease_in: [f32; 3],
    names: [u8; 8],
    size: usize,
    marks: [u8; 3],
}

fn read(layout: &LimberBoneLayout, first: *const Tool, count: usize, room: usize) -> (i32, Read) {
    let mut got = Read { mode: [77; 3], ..Read::default() };
    // SAFETY: plain numbers and pointers to arrays of three bones, of which `count` are used.
    let status = unsafe {
        let mut pose = LimberPose {
            struct_size: size_of::<LimberPose>(),
            bone_count: count,
            location: got.location.as_mut_ptr().cast(),
            rotation_axis_angle: got.axis_angle.as_mut_ptr().cast(),
            rotation_mode: got.mode.as_mut_ptr(),
            bbone_easein: got.ease_in.as_mut_ptr(),
            ..zeroed()
        };
        limber_bone_records_read(
            layout,
            first.cast(),
            &mut pose,
            got.names.as_mut_ptr().cast(),
            room,
            &mut got.size,
            got.marks.as_mut_ptr(),
        )
    };
    (status, got)
}

#[test]
fn fields_are_read_where_they_lie() {
    let tools = tools();
    let (status, got) = read(&layout(), &raw const *tools[0], 3, 8);
    assert_eq!(status, LIMBER_STATUS_OK);
    let want = Read {
        location: [[1.0, 2.0, 3.0], [4.0, 2.0, 3.0], [7.0, 2.0, 3.0]],
        axis_angle: [[2.0, 0.0, 1.0, 1.0], [8.0, 0.0, 4.0, 1.0], [14.0, 0.0, 7.0, 1.0]],
        mode: [-1, 0, 6],
        ease_in: [-1.0, -4.0, -7.0],
        names: *b"a\0\xc3\xa4b\0\0\0",
        size: 7,
        marks: [0, 1, 0],
    };
    assert_eq!(got, want);
}

#[test]
fn marks_tell_of_flags_in_the_record_or_in_what_it_has_the_address_of() {
    let mut tools = tools();
    let marks = |tools: &[Box<Tool>; 3], layout: &LimberBoneLayout| {
        let (status, got) = read(layout, &raw const *tools[0], 3, 8);
        (status, got.marks)
    };
    // The modes are -1, 0 and 6.
    let here = |select_bits, hide_bits| LimberBoneLayout {
        select: offset_of!(Tool, mode),
        select_bits,
        hide: offset_of!(Tool, mode),
        hide_bits,
        ..layout()
    };
    assert_eq!(marks(&tools, &here(2, 1)), (LIMBER_STATUS_OK, [6, 1, 2]));
    assert_eq!(marks(&tools, &here(0, 1)), (LIMBER_STATUS_OK, [4, 1, 0]));
    assert_eq!(marks(&tools, &here(256, 1)), (LIMBER_STATUS_BAD_SIZE, [0; 3]));
    let beyond = LimberBoneLayout { select: size_of::<Tool>(), ..here(2, 1) };
    assert_eq!(marks(&tools, &beyond), (LIMBER_STATUS_BAD_SIZE, [0; 3]));
    let absent = LimberBoneLayout { hide: LIMBER_FIELD_ABSENT, ..here(2, 1) };
    assert_eq!(marks(&tools, &absent), (LIMBER_STATUS_OK, [2, 1, 2]));
    let bits = LimberBoneLayout { hide_bits: LIMBER_FIELD_ABSENT, ..absent };
    assert_eq!(marks(&tools, &bits), (LIMBER_STATUS_OK, [2, 1, 2]));

    let there = LimberBoneLayout { flag_owner: offset_of!(Tool, props), ..here(2, 1) };
    let there = LimberBoneLayout { select: 8, hide: 9, ..there };
    assert_eq!(marks(&tools, &there), (LIMBER_STATUS_BAD_VALUE, [0; 3]));
    let owners = [[0u64, u64::MAX], [0, 0], [0, u64::MAX]];
    for (tool, owner) in tools.iter_mut().zip(&owners) {
        tool.props = owner.as_ptr().cast();
    }
    assert_eq!(marks(&tools, &there), (LIMBER_STATUS_OK, [7, 1, 7]));
    let far = LimberBoneLayout { hide: usize::MAX - 8, ..there };
    assert_eq!(marks(&tools, &far), (LIMBER_STATUS_BAD_VALUE, [0; 3]));

    // A layout of before there were flags has none, whatever follows it.
    let size = offset_of!(LimberBoneLayout, flag_owner);
    let old = LimberBoneLayout { struct_size: size, ..there };
    assert_eq!(marks(&tools, &old), (LIMBER_STATUS_OK, [1; 3]));
}

#[test]
fn no_bones_are_no_error() {
    assert_eq!(read(&layout(), null(), 0, 8).0, LIMBER_STATUS_OK);
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_written() {
    let untouched = Read { mode: [77; 3], ..Read::default() };
    let check = |change: &dyn Fn(&mut [Box<Tool>; 3], &mut LimberBoneLayout), count, want| {
        let (mut tools, mut layout) = (tools(), layout());
        change(&mut tools, &mut layout);
        let (status, got) = read(&layout, &raw const *tools[0], count, 8);
        assert_eq!((status, &got), (want, &untouched));
    };
    check(&|_, _| (), 2, LIMBER_STATUS_BAD_VALUE);
    check(&|tools, _| tools[1].next = null(), 3, LIMBER_STATUS_BAD_SIZE);
    check(&|tools, _| tools[2].mode = 7, 3, LIMBER_STATUS_BAD_VALUE);
    check(&|tools, _| tools[2].name = [b'x'; 8], 3, LIMBER_STATUS_BAD_VALUE);
    let odd = |tools: &mut [Box<Tool>; 3], _: &mut LimberBoneLayout| {
        tools[1].next = tools[1].next.cast::<u8>().wrapping_add(1).cast();
    };
    check(&odd, 3, LIMBER_STATUS_BAD_VALUE);
    // A list that ends in itself.
    let round = |tools: &mut [Box<Tool>; 3], _: &mut LimberBoneLayout| {
        tools[2].next = &raw const *tools[0];
    };
    check(&round, 3, LIMBER_STATUS_BAD_VALUE);
    check(&|_, l| l.location = l.record_size - 8, 3, LIMBER_STATUS_BAD_SIZE);
    check(&|_, l| l.rotation_mode_size = 3, 3, LIMBER_STATUS_BAD_SIZE);
    check(&|_, l| l.next = LIMBER_FIELD_ABSENT, 3, LIMBER_STATUS_BAD_SIZE);
    check(&|_, l| l.bbone_easein = LIMBER_FIELD_ABSENT, 3, LIMBER_STATUS_BAD_SIZE);
    check(&|_, l| l.name = LIMBER_FIELD_ABSENT, 3, LIMBER_STATUS_BAD_SIZE);
}

#[test]
fn a_small_buffer_is_told_the_size() {
    let tools = tools();
    let (status, got) = read(&layout(), &raw const *tools[0], 3, 6);
    assert_eq!((status, got.size), (LIMBER_STATUS_BUFFER_TOO_SMALL, 7));
    assert_eq!((got.names, got.location, got.mode), ([0; 8], [[0.0; 3]; 3], [77; 3]));
}

#[test]
fn records_may_not_lie_in_an_output() {
    let tools = tools();
    // SAFETY: the arrays are there; the record is to be refused before anything is written.
    let status = unsafe {
        let mut pose = LimberPose {
            struct_size: size_of::<LimberPose>(),
            bone_count: 3,
            location: tools[0].location.as_ptr().cast_mut(),
            ..zeroed()
        };
        limber_bone_records_read(
            &layout(),
            (&raw const *tools[0]).cast(),
            &mut pose,
            null_mut(),
            0,
            null_mut(),
            null_mut(),
        )
    };
    assert_eq!(status, LIMBER_STATUS_OVERLAP);
}

fn flag(first: *const Tool, count: usize, owner: usize, at: usize, bits: u8) -> (i32, [u8; 3]) {
    let mut out = [7; 3];
    // SAFETY: the array holds three bones, of which `count` are used.
    let status = unsafe {
        limber_bone_records_flag(&layout(), first.cast(), count, owner, at, bits, out.as_mut_ptr())
    };
    (status, out)
}

#[test]
fn flags_are_read_in_the_record_or_in_what_it_has_the_address_of() {
    let mut tools = tools();
    let mode = offset_of!(Tool, mode);
    let here = |tools: &[Box<Tool>; 3], bits| {
        flag(&raw const *tools[0], 3, LIMBER_FIELD_ABSENT, mode, bits)
    };
    assert_eq!(here(&tools, 2), (LIMBER_STATUS_OK, [1, 0, 1]));
    assert_eq!(here(&tools, 1), (LIMBER_STATUS_OK, [1, 0, 0]));
    assert_eq!(here(&tools, 0), (LIMBER_STATUS_BAD_VALUE, [7; 3]));
    let others = [[0usize, 4], [0, 0], [0, 12]];
    let props = offset_of!(Tool, props);
    let there = |tools: &[Box<Tool>; 3], at| flag(&raw const *tools[0], 3, props, at, 4);
    for (tool, other) in tools.iter_mut().zip(&others) {
        tool.props = other.as_ptr().cast();
    }
    // The lowest byte of the second number.
    let at =
        size_of::<usize>() + if cfg!(target_endian = "big") { size_of::<usize>() - 1 } else { 0 };
    assert_eq!(there(&tools, at), (LIMBER_STATUS_OK, [1, 0, 1]));
    assert_eq!(there(&tools, usize::MAX - 8), (LIMBER_STATUS_BAD_VALUE, [7; 3]));
    for bad in [null(), others[1].as_ptr().cast::<u8>().wrapping_add(1)] {
        tools[1].props = bad;
        assert_eq!(there(&tools, at), (LIMBER_STATUS_BAD_VALUE, [7; 3]));
    }
    let beyond = size_of::<Tool>();
    let first = &raw const *tools[0];
    assert_eq!(flag(first, 3, beyond - 4, 0, 1), (LIMBER_STATUS_BAD_SIZE, [7; 3]));
    assert_eq!(flag(first, 3, LIMBER_FIELD_ABSENT, beyond, 1), (LIMBER_STATUS_BAD_SIZE, [7; 3]));
    assert_eq!(flag(first, 2, LIMBER_FIELD_ABSENT, mode, 1), (LIMBER_STATUS_BAD_VALUE, [7; 3]));
    assert_eq!(flag(null(), 0, LIMBER_FIELD_ABSENT, mode, 1), (LIMBER_STATUS_OK, [7; 3]));
}

#[test]
fn an_address_of_each_record_is_read_and_not_followed() {
    let mut tools = tools();
    tools[2].props = 3 as *const u8;
    let read = |first: *const Tool, count: usize, at: usize| {
        let mut out = [7usize; 3];
        // SAFETY: the array holds three bones, of which `count` are used.
        let status = unsafe {
            limber_bone_records_addresses(&layout(), first.cast(), count, at, out.as_mut_ptr())
        };
        (status, out)
    };
    let (first, props) = (&raw const *tools[0], offset_of!(Tool, props));
    let want = [0, tools[1].props as usize, 3];
    assert_eq!(read(first, 3, props), (LIMBER_STATUS_OK, want));
    assert_eq!(read(first, 2, props), (LIMBER_STATUS_BAD_VALUE, [7; 3]));
    for at in [size_of::<Tool>() - 7, LIMBER_FIELD_ABSENT, usize::MAX - 1] {
        assert_eq!(read(first, 3, at), (LIMBER_STATUS_BAD_SIZE, [7; 3]));
    }
}

#[test]
fn the_channels_of_marked_bones_alone_are_read() {
    let mut tools = tools();
    // A mode that makes no sense, of a bone that is not asked for.
    tools[0].mode = 99;
    let all = LimberBoneLayout {
        select: offset_of!(Tool, mode),
        select_bits: 4,
        flag_owner: LIMBER_FIELD_ABSENT,
        ..layout()
    };
    tools[2].mode = 6;
    let first = &raw const *tools[0];
    assert_eq!(read(&all, first, 3, 8).0, LIMBER_STATUS_BAD_VALUE);
    let only = |only: u8| LimberBoneLayout { only: only.into(), ..all };
    let (status, got) = read(&only(LIMBER_BONE_HAS_PROPERTIES), first, 3, 8);
    assert_eq!(status, LIMBER_STATUS_OK);
    let want = Read {
        location: [[0.0; 3], [4.0, 2.0, 3.0], [0.0; 3]],
        axis_angle: [[0.0; 4], [8.0, 0.0, 4.0, 1.0], [0.0; 4]],
        mode: [77, 0, 77],
        ease_in: [0.0, -4.0, 0.0],
        names: *b"a\0\xc3\xa4b\0\0\0",
        size: 7,
        marks: [0, LIMBER_BONE_HAS_PROPERTIES, LIMBER_BONE_SELECTED],
    };
    assert_eq!(got, want);
    let (_, got) = read(&only(LIMBER_BONE_SELECTED), first, 3, 8);
    assert_eq!(got.mode, [77, 77, 6]);
    let (_, got) = read(&only(LIMBER_BONE_SELECTED | LIMBER_BONE_HAS_PROPERTIES), first, 3, 8);
    assert_eq!(got.mode, [77; 3]);
    let wrong = LimberBoneLayout { only: 8, ..all };
    assert_eq!(
        read(&wrong, first, 3, 8),
        (LIMBER_STATUS_BAD_SIZE, Read { mode: [77; 3], ..Read::default() })
    );
}
