//! Turns a call's pointers into slices, after checking null, size and overlap.

use crate::error::{Error, Result};
use bytemuck::Pod;
use core::mem::size_of;

#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    name: &'static str,
}

impl Span {
    fn meets(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The memory of one call: every argument is registered here before it becomes a slice.
///
/// Slices live as long as the caller's buffers, that is until the call returns; `'a` is bound
/// to the `Args` so that no slice can leave the call.
#[derive(Default)]
pub(crate) struct Args {
    inputs: Vec<Span>,
    outputs: Vec<Span>,
}

impl Args {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    fn span<T>(name: &'static str, pointer: *const T, count: usize) -> Result<Option<Span>> {
        if pointer.is_null() || count == 0 {
            return Ok(None);
        }
        let start = pointer as usize;
        if !start.is_multiple_of(align_of::<T>()) {
            return Err(Error::BadSize { arg: name, value: start, why: "not aligned" });
        }
        let end = size_of::<T>()
            .checked_mul(count)
            .filter(|bytes| *bytes <= isize::MAX as usize)
            .and_then(|bytes| start.checked_add(bytes))
            .ok_or(Error::BadSize { arg: name, value: count, why: "more than memory holds" })?;
        Ok(Some(Span { start, end, name }))
    }

    fn read(&mut self, span: Span) -> Result<()> {
        if let Some(other) = self.outputs.iter().find(|o| o.meets(&span)) {
            return Err(Error::Overlap(other.name, span.name));
        }
        self.inputs.push(span);
        Ok(())
    }

    fn write(&mut self, span: Span) -> Result<()> {
        if let Some(other) = self.inputs.iter().chain(&self.outputs).find(|o| o.meets(&span)) {
            return Err(Error::Overlap(span.name, other.name));
        }
        self.outputs.push(span);
        Ok(())
    }

    /// Where the outputs lie that were opened so far: first and last byte, the last excluded.
    pub(crate) fn outputs(&self) -> Vec<(usize, usize)> {
        self.outputs.iter().map(|span| (span.start, span.end)).collect()
    }

    /// An array that is only read; `None` when the pointer is NULL.
    ///
    /// # Safety
    /// A pointer that is not NULL is readable for `count` elements until the call returns, and
    /// nothing writes there meanwhile but through slices of the same `Args`.
    pub(crate) unsafe fn input<'a, T: Pod>(
        &mut self,
        name: &'static str,
        pointer: *const T,
        count: usize,
    ) -> Result<Option<&'a [T]>> {
        match Self::span(name, pointer, count)? {
            None if pointer.is_null() => Ok(None),
            None => Ok(Some(&[])),
            Some(span) => {
                self.read(span)?;
                // SAFETY: aligned, in bounds by the caller's word, and no output overlaps it.
                Ok(Some(unsafe { core::slice::from_raw_parts(pointer, count) }))
            }
        }
    }

    /// An array that is read and written; `None` when the pointer is NULL.
    ///
    /// # Safety
    /// As [`Args::input`], and writable.
    pub(crate) unsafe fn output<'a, T: Pod>(
        &mut self,
        name: &'static str,
        pointer: *mut T,
        count: usize,
    ) -> Result<Option<&'a mut [T]>> {
        match Self::span(name, pointer, count)? {
            None if pointer.is_null() => Ok(None),
            None => Ok(Some(&mut [])),
            Some(span) => {
                self.write(span)?;
                // SAFETY: aligned, in bounds by the caller's word, and no other slice overlaps it.
                Ok(Some(unsafe { core::slice::from_raw_parts_mut(pointer, count) }))
            }
        }
    }

    /// [`Args::input`] that must not be NULL, unless it is empty.
    ///
    /// # Safety
    /// As [`Args::input`].
    pub(crate) unsafe fn need<'a, T: Pod>(
        &mut self,
        name: &'static str,
        pointer: *const T,
        count: usize,
    ) -> Result<&'a [T]> {
        // SAFETY: passed on from the caller.
        match unsafe { self.input(name, pointer, count)? } {
            Some(slice) => Ok(slice),
            None if count == 0 => Ok(&[]),
            None => Err(Error::NullPointer(name)),
        }
    }

    /// [`Args::output`] that must not be NULL, unless it is empty.
    ///
    /// # Safety
    /// As [`Args::output`].
    pub(crate) unsafe fn need_mut<'a, T: Pod>(
        &mut self,
        name: &'static str,
        pointer: *mut T,
        count: usize,
    ) -> Result<&'a mut [T]> {
        // SAFETY: passed on from the caller.
        match unsafe { self.output(name, pointer, count)? } {
            Some(slice) => Ok(slice),
            None if count == 0 => Ok(&mut []),
            None => Err(Error::NullPointer(name)),
        }
    }

    /// One value to write at the end of the call, such as `needed`; may be NULL.
    ///
    /// # Safety
    /// As [`Args::output`].
    pub(crate) unsafe fn optional_value<'a, T: Pod>(
        &mut self,
        name: &'static str,
        pointer: *mut T,
    ) -> Result<Option<&'a mut T>> {
        // SAFETY: passed on from the caller.
        Ok(unsafe { self.output(name, pointer, 1)? }.and_then(|slice| slice.first_mut()))
    }

    /// A view struct: copies `min(struct_size, sizeof)` bytes over zeroes, so that a shorter
    /// struct of an older caller is valid.
    ///
    /// # Safety
    /// A pointer that is not NULL is readable for the `struct_size` bytes it begins with.
    pub(crate) unsafe fn view<T: View>(&mut self, pointer: *const T) -> Result<T> {
        if pointer.is_null() {
            return Err(Error::NullPointer(T::NAME));
        }
        if !(pointer as usize).is_multiple_of(align_of::<T>()) {
            return Err(Error::BadSize {
                arg: T::NAME,
                value: pointer as usize,
                why: "not aligned",
            });
        }
        // SAFETY: every view begins with a size_t, and it is aligned for the view.
        let given = unsafe { pointer.cast::<usize>().read() };
        if given < T::SMALLEST {
            return Err(Error::BadStructSize(T::NAME, given));
        }
        let bytes = given.min(size_of::<T>());
        let start = pointer as usize;
        self.read(Span { start, end: start.saturating_add(bytes), name: T::NAME })?;
        let mut view = T::ZERO;
        // SAFETY: both sides hold `bytes` bytes; a view is plain data for which zero is valid.
        unsafe {
            core::ptr::copy_nonoverlapping(
                pointer.cast::<u8>(),
                (&raw mut view).cast::<u8>(),
                bytes,
            );
        }
        Ok(view)
    }
}

/// A `repr(C)` struct of the header that begins with `size_t struct_size`.
///
/// # Safety
/// Plain data: integers, floats and raw pointers, for which every bit pattern is valid.
pub(crate) unsafe trait View: Sized {
    /// Name in the header.
    const NAME: &'static str;
    /// Size of the first published version of the struct.
    const SMALLEST: usize;
    /// All bytes zero.
    const ZERO: Self;
}

/// Implements [`View`] for a struct of the header, whose first version ended with `$last`.
macro_rules! view {
    ($type:ident, $last:ident: $field:ty) => {
        // SAFETY: the struct holds integers, floats and raw pointers only.
        unsafe impl $crate::capi::args::View for $type {
            const NAME: &'static str = stringify!($type);
            const SMALLEST: usize = core::mem::offset_of!($type, $last) + size_of::<$field>();
            // SAFETY: zero is a valid value of every field.
            const ZERO: Self = unsafe { core::mem::zeroed() };
        }
    };
}
pub(crate) use view;
