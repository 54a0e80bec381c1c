//! Status codes, the last error's text, version and threads.

use super::{guard, last_error};
use crate::error::Error;
use crate::par;
use core::ffi::c_char;

/// Success.
pub const LIMBER_STATUS_OK: i32 = 0;
/// A required pointer was NULL.
pub const LIMBER_STATUS_NULL_POINTER: i32 = -1;
/// A count or stride does not fit.
pub const LIMBER_STATUS_BAD_SIZE: i32 = -2;
/// A scalar, enum or array element is outside its range.
pub const LIMBER_STATUS_BAD_VALUE: i32 = -3;
/// A parent does not come before its child, or does not exist.
pub const LIMBER_STATUS_BAD_PARENT: i32 = -4;
/// An output shares memory with another argument.
pub const LIMBER_STATUS_OVERLAP: i32 = -5;
/// A buffer of the caller is too small; its `needed` was written where there is one.
pub const LIMBER_STATUS_BUFFER_TOO_SMALL: i32 = -6;
/// A view's `struct_size` is too small to be one.
pub const LIMBER_STATUS_BAD_STRUCT_SIZE: i32 = -7;
/// Text is not valid UTF-8.
pub const LIMBER_STATUS_BAD_TEXT: i32 = -8;
/// Keys are not sorted by frame.
pub const LIMBER_STATUS_UNSORTED: i32 = -9;
/// Something that exists but that this library does not do; the host may do it itself.
pub const LIMBER_STATUS_UNSUPPORTED: i32 = -10;
/// A defect of the library, stopped at the boundary.
pub const LIMBER_STATUS_PANIC: i32 = -100;

/// Major version of this header.
pub const LIMBER_VERSION_MAJOR: i32 = 0;
/// Minor version of this header; before 1.0 another minor is another interface.
pub const LIMBER_VERSION_MINOR: i32 = 1;
/// Patch version of this header.
pub const LIMBER_VERSION_PATCH: i32 = 0;

pub(crate) fn code(error: &Error) -> i32 {
    match error {
        Error::NullPointer(_) => LIMBER_STATUS_NULL_POINTER,
        Error::BadSize { .. } => LIMBER_STATUS_BAD_SIZE,
        Error::BadValue { .. } | Error::BadElement { .. } => LIMBER_STATUS_BAD_VALUE,
        Error::BadParent { .. } => LIMBER_STATUS_BAD_PARENT,
        Error::Overlap(..) => LIMBER_STATUS_OVERLAP,
        Error::BufferTooSmall { .. } => LIMBER_STATUS_BUFFER_TOO_SMALL,
        Error::BadStructSize(..) => LIMBER_STATUS_BAD_STRUCT_SIZE,
        Error::BadText { .. } => LIMBER_STATUS_BAD_TEXT,
        Error::Unsorted { .. } => LIMBER_STATUS_UNSORTED,
        Error::Unsupported { .. } => LIMBER_STATUS_UNSUPPORTED,
        Error::Panic(_) => LIMBER_STATUS_PANIC,
    }
}

/// The version of the loaded library: major*10000 + minor*100 + patch.
///
/// Compare it with LIMBER_VERSION_* of the header a program was built with: another major
/// (before 1.0: another minor) is another interface. Cannot fail.
#[unsafe(no_mangle)]
pub extern "C" fn limber_version() -> i32 {
    LIMBER_VERSION_MAJOR * 10000 + LIMBER_VERSION_MINOR * 100 + LIMBER_VERSION_PATCH
}

/// Text of the last error of the calling thread.
///
/// buffer  receives UTF-8, always terminated, cut at a character if it does not fit;
///         NULL only asks for the size
/// size    bytes that buffer holds; 0 with NULL
/// needed  receives the bytes of the whole text with its terminator; may be NULL
///
/// The text stays until this thread's next error; a success leaves it alone.
/// LIMBER_STATUS_OK, _NULL_POINTER if buffer is NULL and size is not 0, _BAD_SIZE if needed is
/// not aligned, or _OVERLAP; a refusal by this function leaves no text of its own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_last_error(
    buffer: *mut c_char,
    size: usize,
    needed: *mut usize,
) -> i32 {
    if buffer.is_null() && size != 0 {
        return LIMBER_STATUS_NULL_POINTER;
    }
    if !needed.is_aligned() {
        return LIMBER_STATUS_BAD_SIZE;
    }
    let (start, place) = (buffer as usize, needed as usize);
    let end = start.saturating_add(size);
    if size > 0
        && !needed.is_null()
        && start < place.saturating_add(size_of::<usize>())
        && place < end
    {
        return LIMBER_STATUS_OVERLAP;
    }
    last_error(|text| {
        if !needed.is_null() {
            // SAFETY: non-null, and the header asks for a writable size_t.
            unsafe { needed.write(text.len() + 1) };
        }
        if size > 0 {
            let mut length = text.len().min(size - 1);
            while !text.is_char_boundary(length) {
                length -= 1;
            }
            // SAFETY: buffer holds `size` bytes and length < size.
            unsafe {
                buffer.cast::<u8>().copy_from_nonoverlapping(text.as_ptr(), length);
                buffer.add(length).write(0);
            }
        }
    });
    LIMBER_STATUS_OK
}

/// Set how many threads large calls may use.
///
/// threads  0 = one a core (the default), 1 = only the caller's thread, at most 1024
///
/// Results do not depend on it. Small calls always stay on the caller's thread.
/// LIMBER_STATUS_OK or _BAD_VALUE.
#[unsafe(no_mangle)]
pub extern "C" fn limber_set_threads(threads: u32) -> i32 {
    guard(|| {
        if threads > 1024 {
            return Err(Error::BadValue {
                arg: "threads",
                value: threads.to_string(),
                why: "at most 1024",
            });
        }
        par::set_threads(threads as usize);
        Ok(())
    })
}

/// How many threads large calls use now; at least 1. Cannot fail.
#[unsafe(no_mangle)]
pub extern "C" fn limber_threads() -> i32 {
    par::threads() as i32
}
