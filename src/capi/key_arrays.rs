//! Separate arrays of key fields to packed keys and back.

use super::args::{Args, view};
use super::keys::{LIMBER_KEY_TYPE_GENERATED, LIMBER_KEY_TYPE_KEYFRAME, LimberKey};
use crate::error::{Error, Result};
use crate::fcurve::{Key, key};

/// The fields of many keys, each in an array of its own, as the `foreach_get` of Blender's
/// `keyframe_points` gives them. NULL = absent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberKeyArrays {
    /// sizeof(LimberKeyArrays)
    pub struct_size: usize,
    /// 2*n, frame and value
    pub co: *mut f32,
    /// 2*n
    pub handle_left: *mut f32,
    /// 2*n
    pub handle_right: *mut f32,
    /// n, LIMBER_INTERPOLATION_*
    pub interpolation: *mut i32,
    /// n, LIMBER_EASING_*
    pub easing: *mut i32,
    /// n, LIMBER_HANDLE_*
    pub handle_left_type: *mut i32,
    /// n, LIMBER_HANDLE_*
    pub handle_right_type: *mut i32,
    /// n, LIMBER_KEY_TYPE_*
    pub key_type: *mut i32,
    /// n
    pub back: *mut f32,
    /// n
    pub amplitude: *mut f32,
    /// n
    pub period: *mut f32,
    /// n, bytes
    pub select_control_point: *mut u8,
    /// n, bytes
    pub select_left_handle: *mut u8,
    /// n, bytes
    pub select_right_handle: *mut u8,
}
view!(LimberKeyArrays, select_right_handle: *mut u8);

/// Slices of a [`LimberKeyArrays`], for reading.
struct Arrays<'a> {
    co: Option<&'a [[f32; 2]]>,
    handle_left: Option<&'a [[f32; 2]]>,
    handle_right: Option<&'a [[f32; 2]]>,
    enums: [Option<&'a [i32]>; 5],
    floats: [Option<&'a [f32]>; 3],
    selects: [Option<&'a [u8]>; 3],
}

/// Names and number of values of the enum arrays, in the order of [`Arrays::enums`].
const ENUMS: [(&str, i32, &str); 5] = [
    ("interpolation", key::interpolation::COUNT as i32, "not a LIMBER_INTERPOLATION_*"),
    ("easing", key::easing::COUNT as i32, "not a LIMBER_EASING_*"),
    ("handle_left_type", key::handle::COUNT as i32, "not a LIMBER_HANDLE_*"),
    ("handle_right_type", key::handle::COUNT as i32, "not a LIMBER_HANDLE_*"),
    ("key_type", LIMBER_KEY_TYPE_GENERATED as i32 + 1, "not a LIMBER_KEY_TYPE_*"),
];

impl LimberKeyArrays {
    /// # Safety
    /// Every array that is not NULL holds what the header says.
    unsafe fn read<'a>(&self, args: &mut Args, n: usize) -> Result<Arrays<'a>> {
        // SAFETY: the header's promise, passed on by the caller.
        let arrays = unsafe {
            Arrays {
                co: args.input("co", self.co.cast(), n)?,
                handle_left: args.input("handle_left", self.handle_left.cast(), n)?,
                handle_right: args.input("handle_right", self.handle_right.cast(), n)?,
                enums: [
                    args.input("interpolation", self.interpolation, n)?,
                    args.input("easing", self.easing, n)?,
                    args.input("handle_left_type", self.handle_left_type, n)?,
                    args.input("handle_right_type", self.handle_right_type, n)?,
                    args.input("key_type", self.key_type, n)?,
                ],
                floats: [
                    args.input("back", self.back, n)?,
                    args.input("amplitude", self.amplitude, n)?,
                    args.input("period", self.period, n)?,
                ],
                selects: [
                    args.input("select_control_point", self.select_control_point, n)?,
                    args.input("select_left_handle", self.select_left_handle, n)?,
                    args.input("select_right_handle", self.select_right_handle, n)?,
                ],
            }
        };
        for (array, (arg, count, why)) in arrays.enums.iter().zip(ENUMS) {
            let wrong = |v: &i32| !(0..count).contains(v);
            if let Some(index) = array.and_then(|a| a.iter().position(wrong)) {
                let value = array.map_or(0, |a| a[index]).to_string();
                return Err(Error::BadElement { arg, index, value, why });
            }
        }
        Ok(arrays)
    }
}

fn gather(arrays: &Arrays, keys: &mut [Key]) {
    let bezier = arrays.handle_left.is_some() && arrays.handle_right.is_some();
    let interpolation =
        if bezier { key::interpolation::BEZIER } else { key::interpolation::LINEAR };
    for (i, key) in keys.iter_mut().enumerate() {
        let point = arrays.co.map_or([0.0; 2], |a| a[i]);
        // The values were checked to fit a byte.
        let number = |n: usize, absent: u8| arrays.enums[n].map_or(absent, |a| a[i] as u8);
        let float = |n: usize, absent: f32| arrays.floats[n].map_or(absent, |a| a[i]);
        let select = |n: usize| arrays.selects[n].map_or(0, |a| u8::from(a[i] != 0));
        *key = Key {
            point,
            handle_left: arrays.handle_left.map_or(point, |a| a[i]),
            handle_right: arrays.handle_right.map_or(point, |a| a[i]),
            back: float(0, 1.70158),
            amplitude: float(1, 0.8),
            period: float(2, 4.1),
            interpolation: number(0, interpolation),
            easing: number(1, key::easing::AUTO),
            handle_left_type: number(2, key::handle::FREE),
            handle_right_type: number(3, key::handle::FREE),
            key_type: number(4, LIMBER_KEY_TYPE_KEYFRAME),
            select_point: select(0),
            select_left: select(1),
            select_right: select(2),
        };
    }
}

fn fill<T>(array: Option<&mut [T]>, keys: &[Key], field: impl Fn(&Key) -> T) {
    if let Some(array) = array {
        for (value, key) in array.iter_mut().zip(keys) {
            *value = field(key);
        }
    }
}

/// Put separate arrays together to packed keys.
///
/// arrays  n elements each (2*n floats where the struct says so); co must be there, another NULL
///         array gives every key the default that LimberKeyLayout states for an absent field
/// count   n; any number of curves one after another may be done at once
/// keys    out, n keys; need not be initialised
///
/// The order of frames is not looked at.
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _OVERLAP, or _BAD_VALUE for an
/// enum outside its range. Safe from several threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_keys_gather(
    arrays: *const LimberKeyArrays,
    count: usize,
    keys: *mut LimberKey,
) -> i32 {
    super::guard(|| {
        let mut args = Args::new();
        // SAFETY: the header's promise.
        let (arrays, keys) = unsafe {
            let view = args.view(arrays)?;
            (view.read(&mut args, count)?, args.need_mut("keys", keys, count)?)
        };
        if arrays.co.is_none() && count > 0 {
            return Err(Error::NullPointer("co"));
        }
        gather(&arrays, bytemuck::cast_slice_mut(keys));
        Ok(())
    })
}

/// Take packed keys apart into separate arrays.
///
/// keys    n keys
/// count   n
/// arrays  out, n elements each (2*n floats where the struct says so); NULL arrays are left out.
///         Selection is written as 0 or 1
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE or _OVERLAP.
/// Safe from several threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_keys_scatter(
    keys: *const LimberKey,
    count: usize,
    arrays: *const LimberKeyArrays,
) -> i32 {
    super::guard(|| {
        let mut args = Args::new();
        let n = count;
        // SAFETY: the header's promise.
        unsafe {
            let a = args.view(arrays)?;
            let keys: &[Key] = bytemuck::cast_slice(args.need("keys", keys, n)?);
            // All arrays are checked before the first is written.
            let co = args.output("co", a.co.cast::<[f32; 2]>(), n)?;
            let left = args.output("handle_left", a.handle_left.cast::<[f32; 2]>(), n)?;
            let right = args.output("handle_right", a.handle_right.cast::<[f32; 2]>(), n)?;
            let interpolation = args.output("interpolation", a.interpolation, n)?;
            let easing = args.output("easing", a.easing, n)?;
            let left_type = args.output("handle_left_type", a.handle_left_type, n)?;
            let right_type = args.output("handle_right_type", a.handle_right_type, n)?;
            let key_type = args.output("key_type", a.key_type, n)?;
            let back = args.output("back", a.back, n)?;
            let amplitude = args.output("amplitude", a.amplitude, n)?;
            let period = args.output("period", a.period, n)?;
            let point = args.output("select_control_point", a.select_control_point, n)?;
            let select_left = args.output("select_left_handle", a.select_left_handle, n)?;
            let select_right = args.output("select_right_handle", a.select_right_handle, n)?;
            fill(co, keys, |k| k.point);
            fill(left, keys, |k| k.handle_left);
            fill(right, keys, |k| k.handle_right);
            fill(interpolation, keys, |k| k.interpolation.into());
            fill(easing, keys, |k| k.easing.into());
            fill(left_type, keys, |k| k.handle_left_type.into());
            fill(right_type, keys, |k| k.handle_right_type.into());
            fill(key_type, keys, |k| k.key_type.into());
            fill(back, keys, |k| k.back);
            fill(amplitude, keys, |k| k.amplitude);
            fill(period, keys, |k| k.period);
            fill(point, keys, |k| u8::from(k.select_point != 0));
            fill(select_left, keys, |k| u8::from(k.select_left != 0));
            fill(select_right, keys, |k| u8::from(k.select_right != 0));
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::args::View;
    use crate::capi::keys::LIMBER_INTERPOLATION_LINEAR;
    use crate::capi::status::*;
    use bytemuck::Zeroable;
    use proptest::prelude::*;

    fn key(seed: u32) -> LimberKey {
        let f = |n: u32| (seed.wrapping_mul(31).wrapping_add(n) % 1000) as f32 * 0.25;
        LimberKey {
            point: [f(1), f(2)],
            handle_left: [f(3), f(4)],
            handle_right: [f(5), f(6)],
            back: f(7),
            amplitude: f(8),
            period: f(9),
            interpolation: (seed % 13) as u8,
            easing: (seed % 4) as u8,
            handle_left_type: (seed % 5) as u8,
            handle_right_type: (seed / 5 % 5) as u8,
            key_type: (seed % 6) as u8,
            select_point: (seed & 1) as u8,
            select_left: (seed >> 1 & 1) as u8,
            select_right: (seed >> 2 & 1) as u8,
        }
    }

    /// Arrays of `n` keys with storage of their own.
    #[derive(Default)]
    struct Storage {
        floats: [Vec<f32>; 6],
        ints: [Vec<i32>; 5],
        bytes: [Vec<u8>; 3],
    }

    impl Storage {
        fn new(n: usize) -> Self {
            let mut s = Self::default();
            for (i, array) in s.floats.iter_mut().enumerate() {
                array.resize(if i < 3 { 2 * n } else { n }, 0.0);
            }
            s.ints.iter_mut().for_each(|a| a.resize(n, 0));
            s.bytes.iter_mut().for_each(|a| a.resize(n, 0));
            s
        }

        fn view(&mut self) -> LimberKeyArrays {
            LimberKeyArrays {
                struct_size: size_of::<LimberKeyArrays>(),
                co: self.floats[0].as_mut_ptr(),
                handle_left: self.floats[1].as_mut_ptr(),
                handle_right: self.floats[2].as_mut_ptr(),
                interpolation: self.ints[0].as_mut_ptr(),
                easing: self.ints[1].as_mut_ptr(),
                handle_left_type: self.ints[2].as_mut_ptr(),
                handle_right_type: self.ints[3].as_mut_ptr(),
                key_type: self.ints[4].as_mut_ptr(),
                back: self.floats[3].as_mut_ptr(),
                amplitude: self.floats[4].as_mut_ptr(),
                period: self.floats[5].as_mut_ptr(),
                select_control_point: self.bytes[0].as_mut_ptr(),
                select_left_handle: self.bytes[1].as_mut_ptr(),
                select_right_handle: self.bytes[2].as_mut_ptr(),
            }
        }
    }

    proptest! {
        #[test]
        fn scattering_and_gathering_gives_the_same_keys(seeds in prop::collection::vec(0u32..100_000, 0..40)) {
            let keys: Vec<LimberKey> = seeds.iter().map(|s| key(*s)).collect();
            let mut storage = Storage::new(keys.len());
            let view = storage.view();
            let mut back = vec![LimberKey::zeroed(); keys.len()];
            // SAFETY: the views are over arrays of the test.
            unsafe {
                prop_assert_eq!(limber_keys_scatter(keys.as_ptr(), keys.len(), &view), 0);
                prop_assert_eq!(limber_keys_gather(&view, keys.len(), back.as_mut_ptr()), 0);
            }
            let (a, b): (&[u8], &[u8]) = (bytemuck::cast_slice(&keys), bytemuck::cast_slice(&back));
            prop_assert_eq!(a, b);
        }
    }

    #[test]
    fn an_enum_outside_its_range_is_refused_and_nothing_written() {
        let mut storage = Storage::new(3);
        storage.ints[1][2] = 4;
        let view = storage.view();
        let mut keys = [key(5); 3];
        // SAFETY: the views are over arrays of the test.
        let status = unsafe { limber_keys_gather(&view, 3, keys.as_mut_ptr()) };
        assert_eq!(status, LIMBER_STATUS_BAD_VALUE);
        crate::capi::last_error(|t| assert_eq!(t, "easing[2] = 4: not a LIMBER_EASING_*"));
        assert_eq!(bytemuck::bytes_of(&keys[0]), bytemuck::bytes_of(&key(5)));
    }

    #[test]
    fn absent_arrays_give_the_stated_defaults() {
        let mut co = [1.0f32, 2.0, 3.0, 4.0];
        let view = LimberKeyArrays {
            struct_size: size_of::<LimberKeyArrays>(),
            co: co.as_mut_ptr(),
            ..View::ZERO
        };
        let mut keys = [key(9); 2];
        // SAFETY: the views are over arrays of the test.
        assert_eq!(unsafe { limber_keys_gather(&view, 2, keys.as_mut_ptr()) }, 0);
        assert_eq!(keys[1].point, [3.0, 4.0]);
        assert_eq!(keys[1].handle_left, [3.0, 4.0]);
        assert_eq!((keys[1].back, keys[1].amplitude, keys[1].period), (1.70158, 0.8, 4.1));
        assert_eq!(keys[1].interpolation, LIMBER_INTERPOLATION_LINEAR);
    }
}
