//! Keyframes across the boundary: the packed record, records of other layouts, separate arrays.

use super::args::{Args, view};
use crate::error::{Error, Result};
use crate::fcurve::{Key, KeyLayout, KeyView, Keys, key};
use bytemuck::{Pod, Zeroable};
use core::ffi::c_void;

/// `interpolation`: the value holds until the next key.
pub const LIMBER_INTERPOLATION_CONSTANT: u8 = 0;
/// `interpolation`: straight line.
pub const LIMBER_INTERPOLATION_LINEAR: u8 = 1;
/// `interpolation`: Bezier curve through the handles.
pub const LIMBER_INTERPOLATION_BEZIER: u8 = 2;
/// `interpolation`: easing that overshoots by `back`.
pub const LIMBER_INTERPOLATION_BACK: u8 = 3;
/// `interpolation`: easing like a bouncing ball.
pub const LIMBER_INTERPOLATION_BOUNCE: u8 = 4;
/// `interpolation`: circular easing.
pub const LIMBER_INTERPOLATION_CIRC: u8 = 5;
/// `interpolation`: cubic easing.
pub const LIMBER_INTERPOLATION_CUBIC: u8 = 6;
/// `interpolation`: easing like a spring, of `amplitude` and `period`.
pub const LIMBER_INTERPOLATION_ELASTIC: u8 = 7;
/// `interpolation`: exponential easing.
pub const LIMBER_INTERPOLATION_EXPO: u8 = 8;
/// `interpolation`: quadratic easing.
pub const LIMBER_INTERPOLATION_QUAD: u8 = 9;
/// `interpolation`: quartic easing.
pub const LIMBER_INTERPOLATION_QUART: u8 = 10;
/// `interpolation`: quintic easing.
pub const LIMBER_INTERPOLATION_QUINT: u8 = 11;
/// `interpolation`: sinusoidal easing.
pub const LIMBER_INTERPOLATION_SINE: u8 = 12;

/// `easing`: EASE_OUT for BACK, BOUNCE and ELASTIC, EASE_IN for the others.
pub const LIMBER_EASING_AUTO: u8 = 0;
/// `easing`: the effect is at the first key.
pub const LIMBER_EASING_EASE_IN: u8 = 1;
/// `easing`: the effect is at the second key.
pub const LIMBER_EASING_EASE_OUT: u8 = 2;
/// `easing`: the effect is at both keys.
pub const LIMBER_EASING_EASE_IN_OUT: u8 = 3;

/// `handle_*_type`: stays where it is put.
pub const LIMBER_HANDLE_FREE: u8 = 0;
/// `handle_*_type`: computed, smooth.
pub const LIMBER_HANDLE_AUTO: u8 = 1;
/// `handle_*_type`: computed, points at the neighbouring key.
pub const LIMBER_HANDLE_VECTOR: u8 = 2;
/// `handle_*_type`: in line with the opposite handle.
pub const LIMBER_HANDLE_ALIGNED: u8 = 3;
/// `handle_*_type`: computed, smooth, without overshoot.
pub const LIMBER_HANDLE_AUTO_CLAMPED: u8 = 4;

/// `key_type`: plain key.
pub const LIMBER_KEY_TYPE_KEYFRAME: u8 = 0;
/// `key_type`: extreme pose.
pub const LIMBER_KEY_TYPE_EXTREME: u8 = 1;
/// `key_type`: breakdown pose.
pub const LIMBER_KEY_TYPE_BREAKDOWN: u8 = 2;
/// `key_type`: jitter.
pub const LIMBER_KEY_TYPE_JITTER: u8 = 3;
/// `key_type`: moving hold.
pub const LIMBER_KEY_TYPE_MOVING_HOLD: u8 = 4;
/// `key_type`: made by a tool.
pub const LIMBER_KEY_TYPE_GENERATED: u8 = 5;

/// Offset, in LimberKeyLayout, of a field that the records do not have.
pub const LIMBER_FIELD_ABSENT: usize = -1isize as usize;

/// One keyframe, packed: 44 bytes without padding.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub struct LimberKey {
    /// frame and value
    pub point: [f32; 2],
    /// left handle: frame and value
    pub handle_left: [f32; 2],
    /// right handle: frame and value
    pub handle_right: [f32; 2],
    /// overshoot of BACK
    pub back: f32,
    /// amplitude of ELASTIC
    pub amplitude: f32,
    /// period of ELASTIC, in frames
    pub period: f32,
    /// LIMBER_INTERPOLATION_* of the segment that begins here
    pub interpolation: u8,
    /// LIMBER_EASING_* of the segment that begins here
    pub easing: u8,
    /// LIMBER_HANDLE_*
    pub handle_left_type: u8,
    /// LIMBER_HANDLE_*
    pub handle_right_type: u8,
    /// LIMBER_KEY_TYPE_*
    pub key_type: u8,
    /// non-zero: the point is selected
    pub select_point: u8,
    /// non-zero: the left handle is selected
    pub select_left: u8,
    /// non-zero: the right handle is selected
    pub select_right: u8,
}

/// Keys of the core and of the header are the same bytes.
const _: () = {
    use core::mem::offset_of;
    const L: KeyLayout = KeyLayout::PACKED;
    assert!(size_of::<LimberKey>() == L.stride && align_of::<LimberKey>() == align_of::<Key>());
    assert!(offset_of!(LimberKey, point) == L.point);
    assert!(offset_of!(LimberKey, handle_left) == L.handle_left);
    assert!(offset_of!(LimberKey, handle_right) == L.handle_right);
    assert!(offset_of!(LimberKey, back) == L.back);
    assert!(offset_of!(LimberKey, amplitude) == L.amplitude);
    assert!(offset_of!(LimberKey, period) == L.period);
    assert!(offset_of!(LimberKey, interpolation) == L.interpolation);
    assert!(offset_of!(LimberKey, easing) == L.easing);
    assert!(offset_of!(LimberKey, handle_left_type) == L.handle_left_type);
    assert!(offset_of!(LimberKey, handle_right_type) == L.handle_right_type);
    assert!(offset_of!(LimberKey, key_type) == L.key_type);
    assert!(offset_of!(LimberKey, select_point) == L.select_point);
    assert!(offset_of!(LimberKey, select_left) == L.select_left);
    assert!(offset_of!(LimberKey, select_right) == L.select_right);
    assert!(LIMBER_FIELD_ABSENT == KeyLayout::ABSENT);
    assert!(LIMBER_INTERPOLATION_SINE + 1 == key::interpolation::COUNT);
    assert!(LIMBER_EASING_EASE_IN_OUT + 1 == key::easing::COUNT);
    assert!(LIMBER_HANDLE_AUTO_CLAMPED + 1 == key::handle::COUNT);
};

/// Where the fields lie in a tool's own key record: byte offsets, or LIMBER_FIELD_ABSENT.
///
/// A record need not be aligned. Fields may lie in any order, with anything between them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberKeyLayout {
    /// sizeof(LimberKeyLayout)
    pub struct_size: usize,
    /// bytes from one record to the next; 0 = the layout of LimberKey, whatever the offsets say
    pub stride: usize,
    /// 2 floats, frame and value; must be there
    pub point: usize,
    /// 2 floats; absent: at the point
    pub handle_left: usize,
    /// 2 floats; absent: at the point
    pub handle_right: usize,
    /// float; absent: 1.70158
    pub back: usize,
    /// float; absent: 0.8
    pub amplitude: usize,
    /// float; absent: 4.1
    pub period: usize,
    /// byte, LIMBER_INTERPOLATION_*; absent: BEZIER if both handles are there, else LINEAR
    pub interpolation: usize,
    /// byte, LIMBER_EASING_*; absent: AUTO
    pub easing: usize,
    /// byte, LIMBER_HANDLE_*; absent: FREE
    pub handle_left_type: usize,
    /// byte, LIMBER_HANDLE_*; absent: FREE
    pub handle_right_type: usize,
    /// byte, LIMBER_KEY_TYPE_*; absent: KEYFRAME
    pub key_type: usize,
    /// byte, bit 0 counts; absent: not selected
    pub select_point: usize,
    /// byte, bit 0 counts; absent: not selected
    pub select_left: usize,
    /// byte, bit 0 counts; absent: not selected
    pub select_right: usize,
}
view!(LimberKeyLayout, select_right: usize);

/// The layout that a call names; NULL and stride 0 mean the packed record.
///
/// # Safety
/// A pointer that is not NULL is a LimberKeyLayout.
pub(crate) unsafe fn layout(args: &mut Args, pointer: *const LimberKeyLayout) -> Result<KeyLayout> {
    if pointer.is_null() {
        return Ok(KeyLayout::PACKED);
    }
    // SAFETY: passed on from the caller.
    let l = unsafe { args.view(pointer)? };
    if l.stride == 0 {
        return Ok(KeyLayout::PACKED);
    }
    if l.point == LIMBER_FIELD_ABSENT {
        return Err(Error::BadSize {
            arg: "layout.point",
            value: l.point,
            why: "a key must have a point",
        });
    }
    let layout = KeyLayout {
        stride: l.stride,
        point: l.point,
        handle_left: l.handle_left,
        handle_right: l.handle_right,
        back: l.back,
        amplitude: l.amplitude,
        period: l.period,
        interpolation: l.interpolation,
        easing: l.easing,
        handle_left_type: l.handle_left_type,
        handle_right_type: l.handle_right_type,
        key_type: l.key_type,
        select_point: l.select_point,
        select_left: l.select_left,
        select_right: l.select_right,
    };
    match KeyView::record_size(&layout) {
        Some(size) if size <= layout.stride => Ok(layout),
        _ => Err(Error::BadSize {
            arg: "layout.stride",
            value: layout.stride,
            why: "a field ends beyond it",
        }),
    }
}

/// A view of `count` records of a known layout; checks nothing inside the records.
///
/// # Safety
/// `pointer` is readable for `count` records.
pub(crate) unsafe fn records<'a>(
    args: &mut Args,
    arg: &'static str,
    pointer: *const c_void,
    count: usize,
    layout: KeyLayout,
) -> Result<KeyView<'a>> {
    let too_large = || Error::BadSize { arg, value: count, why: "more than memory holds" };
    let last = KeyView::record_size(&layout).ok_or_else(too_large)?;
    let size = match count {
        0 => Some(0),
        n => layout.stride.checked_mul(n - 1).and_then(|s| s.checked_add(last)),
    };
    // SAFETY: the records are readable, passed on from the caller.
    let bytes = unsafe { args.need(arg, pointer.cast::<u8>(), size.ok_or_else(too_large)?)? };
    KeyView::new(bytes, count, layout).ok_or_else(too_large)
}

/// Refuses keys with an enum outside its range.
pub(crate) fn check_keys(arg: &'static str, keys: impl Keys) -> Result<()> {
    for index in 0..keys.len() {
        let k = keys.get(index);
        let why = if k.interpolation >= key::interpolation::COUNT {
            "interpolation is not a LIMBER_INTERPOLATION_*"
        } else if k.easing >= key::easing::COUNT {
            "easing is not a LIMBER_EASING_*"
        } else if k.handle_left_type.max(k.handle_right_type) >= key::handle::COUNT {
            "a handle type is not a LIMBER_HANDLE_*"
        } else {
            continue;
        };
        let value = format!(
            "(interpolation {}, easing {}, handles {} {})",
            k.interpolation, k.easing, k.handle_left_type, k.handle_right_type
        );
        return Err(Error::BadElement { arg, index, value, why });
    }
    Ok(())
}

/// Refuses keys that are not in ascending order of frame. Keys may share a frame, and frames
/// that are not numbers are let through: they spoil their own curve only.
pub(crate) fn check_sorted(arg: &'static str, keys: impl Keys) -> Result<()> {
    let mut last = f32::NEG_INFINITY;
    for index in 0..keys.len() {
        let frame = keys.point(index)[0];
        if frame < last {
            return Err(Error::Unsorted { arg, index });
        }
        last = frame;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::args::View;

    fn key(frame: f32) -> LimberKey {
        LimberKey { point: [frame, 0.0], ..LimberKey::zeroed() }
    }

    #[test]
    fn layout_enums_and_order_are_checked() {
        let read = |keys: &[LimberKey], layout: *const LimberKeyLayout| {
            let mut args = Args::new();
            // SAFETY: the pointers are to arrays of the test.
            let keys = unsafe {
                let layout = super::layout(&mut args, layout)?;
                records(&mut args, "keys", keys.as_ptr().cast(), keys.len(), layout)?
            };
            check_keys("keys", keys).and(check_sorted("keys", keys)).map(|()| keys.len())
        };
        let null = core::ptr::null();
        let mut keys = [key(0.0), key(1.0), key(2.0)];
        assert_eq!(read(&keys, null), Ok(3));
        let mut layout =
            LimberKeyLayout { struct_size: size_of::<LimberKeyLayout>(), ..View::ZERO };
        assert_eq!(read(&keys, &layout), Ok(3));
        layout.stride = 7;
        assert!(matches!(read(&keys, &layout), Err(Error::BadSize { .. })));
        keys[1].point[0] = 9.0;
        assert_eq!(read(&keys, null), Err(Error::Unsorted { arg: "keys", index: 2 }));
        keys[1].point[0] = f32::NAN;
        assert_eq!(read(&keys, null), Ok(3));
        keys[2].interpolation = 13;
        assert!(matches!(read(&keys, null), Err(Error::BadElement { index: 2, .. })));
    }
}
