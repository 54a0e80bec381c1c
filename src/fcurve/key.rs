//! Keyframes: the packed record, and views over other tools' records where they lie.

use bytemuck::{Pod, Zeroable};

/// Interpolation of the segment that a key begins; the numbers are Blender's.
pub mod interpolation {
    #![allow(missing_docs)]
    pub const CONSTANT: u8 = 0;
    pub const LINEAR: u8 = 1;
    pub const BEZIER: u8 = 2;
    pub const BACK: u8 = 3;
    pub const BOUNCE: u8 = 4;
    pub const CIRC: u8 = 5;
    pub const CUBIC: u8 = 6;
    pub const ELASTIC: u8 = 7;
    pub const EXPO: u8 = 8;
    pub const QUAD: u8 = 9;
    pub const QUART: u8 = 10;
    pub const QUINT: u8 = 11;
    pub const SINE: u8 = 12;
    /// How many there are.
    pub const COUNT: u8 = 13;
}

/// Handle types; the numbers are Blender's.
pub mod handle {
    #![allow(missing_docs)]
    pub const FREE: u8 = 0;
    pub const AUTO: u8 = 1;
    pub const VECTOR: u8 = 2;
    pub const ALIGNED: u8 = 3;
    pub const AUTO_CLAMPED: u8 = 4;
    /// How many there are.
    pub const COUNT: u8 = 5;
}

/// Easing; the numbers are Blender's.
pub mod easing {
    #![allow(missing_docs)]
    pub const AUTO: u8 = 0;
    pub const EASE_IN: u8 = 1;
    pub const EASE_OUT: u8 = 2;
    pub const EASE_IN_OUT: u8 = 3;
    /// How many there are.
    pub const COUNT: u8 = 4;
}

/// One keyframe, packed: the library's own record, and the default layout of [`KeyView`].
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Key {
    /// Frame and value.
    pub point: [f32; 2],
    /// Left handle: frame and value.
    pub handle_left: [f32; 2],
    /// Right handle: frame and value.
    pub handle_right: [f32; 2],
    /// Overshoot of BACK easing.
    pub back: f32,
    /// Amplitude of ELASTIC easing.
    pub amplitude: f32,
    /// Period of ELASTIC easing, in frames.
    pub period: f32,
    /// [`interpolation`] of the segment that begins here.
    pub interpolation: u8,
    /// [`easing`] of the segment that begins here.
    pub easing: u8,
    /// [`handle`] type of the left handle.
    pub handle_left_type: u8,
    /// [`handle`] type of the right handle.
    pub handle_right_type: u8,
    /// KEYFRAME 0, EXTREME 1, BREAKDOWN 2, JITTER 3, MOVING_HOLD 4, GENERATED 5.
    pub key_type: u8,
    /// Whether the point is selected.
    pub select_point: u8,
    /// Whether the left handle is selected.
    pub select_left: u8,
    /// Whether the right handle is selected.
    pub select_right: u8,
}

/// Whether a handle of this kind is placed by the curve.
pub(crate) fn is_auto(kind: u8) -> bool {
    kind == handle::AUTO || kind == handle::AUTO_CLAMPED
}

/// Whether both handles are automatic.
pub(crate) fn both_auto(key: &Key) -> bool {
    is_auto(key.handle_left_type) && is_auto(key.handle_right_type)
}

/// Where the fields lie in a record: byte offsets, or [`KeyLayout::ABSENT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyLayout {
    /// Bytes from one record to the next.
    pub stride: usize,
    /// Two floats.
    pub point: usize,
    /// Two floats.
    pub handle_left: usize,
    /// Two floats.
    pub handle_right: usize,
    /// One float; absent: 1.70158.
    pub back: usize,
    /// One float; absent: 0.8.
    pub amplitude: usize,
    /// One float; absent: 4.1.
    pub period: usize,
    /// One byte; absent: BEZIER if both handles are present, else LINEAR.
    pub interpolation: usize,
    /// One byte; absent: AUTO.
    pub easing: usize,
    /// One byte; absent: FREE.
    pub handle_left_type: usize,
    /// One byte; absent: FREE.
    pub handle_right_type: usize,
    /// One byte; absent: KEYFRAME.
    pub key_type: usize,
    /// One byte, of which bit 0 counts; absent: not selected.
    pub select_point: usize,
    /// One byte, of which bit 0 counts.
    pub select_left: usize,
    /// One byte, of which bit 0 counts.
    pub select_right: usize,
}

impl KeyLayout {
    /// Offset of a field that the record does not have.
    pub const ABSENT: usize = usize::MAX;

    /// The layout of [`Key`].
    pub const PACKED: Self = Self {
        stride: size_of::<Key>(),
        point: core::mem::offset_of!(Key, point),
        handle_left: core::mem::offset_of!(Key, handle_left),
        handle_right: core::mem::offset_of!(Key, handle_right),
        back: core::mem::offset_of!(Key, back),
        amplitude: core::mem::offset_of!(Key, amplitude),
        period: core::mem::offset_of!(Key, period),
        interpolation: core::mem::offset_of!(Key, interpolation),
        easing: core::mem::offset_of!(Key, easing),
        handle_left_type: core::mem::offset_of!(Key, handle_left_type),
        handle_right_type: core::mem::offset_of!(Key, handle_right_type),
        key_type: core::mem::offset_of!(Key, key_type),
        select_point: core::mem::offset_of!(Key, select_point),
        select_left: core::mem::offset_of!(Key, select_left),
        select_right: core::mem::offset_of!(Key, select_right),
    };
}

/// The keys of one curve, whatever they are stored in; sorted by frame.
pub trait Keys: Copy {
    /// Number of keys.
    fn len(&self) -> usize;
    /// The whole record of key `i`.
    fn get(&self, i: usize) -> Key;
    /// Frame and value of key `i`.
    fn point(&self, i: usize) -> [f32; 2];
    /// Whether there is no key.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Keys for &[Key] {
    fn len(&self) -> usize {
        <[Key]>::len(self)
    }
    fn get(&self, i: usize) -> Key {
        self[i]
    }
    fn point(&self, i: usize) -> [f32; 2] {
        self[i].point
    }
}

/// Records of any layout, read where they lie.
#[derive(Clone, Copy)]
pub struct KeyView<'a> {
    bytes: &'a [u8],
    count: usize,
    layout: KeyLayout,
    /// Bytes that a record covers.
    record: usize,
}

impl<'a> KeyView<'a> {
    /// `bytes` must hold `count` records: `stride * (count - 1)` bytes and the furthest field;
    /// `None` if it does not, or if the layout has no point.
    pub fn new(bytes: &'a [u8], count: usize, layout: KeyLayout) -> Option<Self> {
        if layout.point == KeyLayout::ABSENT {
            return None;
        }
        let record = Self::record_size(&layout)?;
        Self { bytes: &[], count: 0, layout, record }.over(bytes, count)
    }

    /// A view of no keys, for [`KeyView::over`].
    pub fn empty(layout: KeyLayout) -> Self {
        let record = Self::record_size(&layout).unwrap_or(usize::MAX);
        Self { bytes: &[], count: 0, layout, record }
    }

    /// A view of the same layout over other records; `None` if `bytes` does not hold `count`.
    pub fn over(&self, bytes: &'a [u8], count: usize) -> Option<Self> {
        let stride = self.layout.stride;
        let needed = match count {
            0 => 0,
            1 => self.record,
            _ if stride == 0 => return None,
            n => stride.checked_mul(n - 1)?.checked_add(self.record)?,
        };
        (bytes.len() >= needed).then_some(Self { bytes, count, ..*self })
    }

    /// The bytes that the records lie in.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Bytes that a record covers: the end of its furthest field.
    pub fn record_size(layout: &KeyLayout) -> Option<usize> {
        let l = layout;
        let fields = [
            (l.point, 8),
            (l.handle_left, 8),
            (l.handle_right, 8),
            (l.back, 4),
            (l.amplitude, 4),
            (l.period, 4),
            (l.interpolation, 1),
            (l.easing, 1),
            (l.handle_left_type, 1),
            (l.handle_right_type, 1),
            (l.key_type, 1),
            (l.select_point, 1),
            (l.select_left, 1),
            (l.select_right, 1),
        ];
        fields
            .into_iter()
            .filter(|(offset, _)| *offset != KeyLayout::ABSENT)
            .map(|(offset, size)| offset.checked_add(size))
            .try_fold(0, |end, field| Some(end.max(field?)))
    }

    fn float(&self, start: usize, offset: usize, absent: f32) -> f32 {
        if offset == KeyLayout::ABSENT {
            return absent;
        }
        let at = start + offset;
        f32::from_ne_bytes(self.bytes[at..at + 4].try_into().unwrap_or_default())
    }

    fn pair(&self, start: usize, offset: usize, absent: [f32; 2]) -> [f32; 2] {
        if offset == KeyLayout::ABSENT {
            return absent;
        }
        let at = start + offset;
        let bytes: [u8; 8] = self.bytes[at..at + 8].try_into().unwrap_or_default();
        bytemuck::cast(bytes)
    }

    fn byte(&self, start: usize, offset: usize, absent: u8) -> u8 {
        if offset == KeyLayout::ABSENT { absent } else { self.bytes[start + offset] }
    }
}

impl Keys for KeyView<'_> {
    fn len(&self) -> usize {
        self.count
    }

    fn point(&self, i: usize) -> [f32; 2] {
        self.pair(i * self.layout.stride, self.layout.point, [0.0; 2])
    }

    fn get(&self, i: usize) -> Key {
        let l = &self.layout;
        let s = i * l.stride;
        let point = self.point(i);
        let handles = l.handle_left != KeyLayout::ABSENT && l.handle_right != KeyLayout::ABSENT;
        Key {
            point,
            handle_left: self.pair(s, l.handle_left, point),
            handle_right: self.pair(s, l.handle_right, point),
            back: self.float(s, l.back, 1.70158),
            amplitude: self.float(s, l.amplitude, 0.8),
            period: self.float(s, l.period, 4.1),
            interpolation: self.byte(
                s,
                l.interpolation,
                if handles { interpolation::BEZIER } else { interpolation::LINEAR },
            ),
            easing: self.byte(s, l.easing, easing::AUTO),
            handle_left_type: self.byte(s, l.handle_left_type, handle::FREE),
            handle_right_type: self.byte(s, l.handle_right_type, handle::FREE),
            key_type: self.byte(s, l.key_type, 0),
            select_point: self.byte(s, l.select_point, 0) & 1,
            select_left: self.byte(s, l.select_left, 0) & 1,
            select_right: self.byte(s, l.select_right, 0) & 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(frame: f32) -> Key {
        Key {
            point: [frame, frame * 2.0],
            handle_left: [frame - 1.0, 3.0],
            handle_right: [frame + 1.0, 4.0],
            back: 1.5,
            amplitude: 0.25,
            period: 2.0,
            interpolation: interpolation::SINE,
            easing: easing::EASE_IN,
            handle_left_type: handle::ALIGNED,
            handle_right_type: handle::VECTOR,
            key_type: 3,
            select_point: 1,
            select_left: 0,
            select_right: 1,
        }
    }

    #[test]
    fn a_view_of_packed_keys_reads_the_same_keys() {
        let keys = [key(1.0), key(2.0), key(5.0)];
        let view = KeyView::new(bytemuck::cast_slice(&keys), 3, KeyLayout::PACKED).unwrap();
        for (i, key) in keys.iter().enumerate() {
            assert_eq!(view.get(i), *key);
        }
    }

    #[test]
    fn a_view_that_would_read_past_its_bytes_is_refused() {
        let keys = [key(1.0), key(2.0)];
        let bytes: &[u8] = bytemuck::cast_slice(&keys);
        assert!(KeyView::new(&bytes[1..], 2, KeyLayout::PACKED).is_none());
        assert!(KeyView::new(bytes, 3, KeyLayout::PACKED).is_none());
        let broken = KeyLayout { stride: usize::MAX, ..KeyLayout::PACKED };
        assert!(KeyView::new(bytes, 2, broken).is_none());
    }
}
