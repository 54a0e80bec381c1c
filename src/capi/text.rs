//! Tables of texts: one buffer, each text with a terminating zero.

use super::args::Args;
use crate::error::{Error, Result};
use core::ffi::c_char;
use memchr::{memchr, memchr_iter};

/// `count` texts in one buffer; not necessarily UTF-8.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a> {
    bytes: &'a [u8],
    count: usize,
}

impl<'a> Texts<'a> {
    /// Checks that the buffer holds `count` terminated texts.
    ///
    /// # Safety
    /// A pointer that is not NULL is readable for `size` bytes until the call returns.
    pub(crate) unsafe fn from_c(
        args: &mut Args,
        name: &'static str,
        pointer: *const c_char,
        size: usize,
        count: usize,
    ) -> Result<Self> {
        // SAFETY: passed on from the caller.
        let bytes = unsafe { args.need(name, pointer.cast::<u8>(), size)? };
        if memchr_iter(0, bytes).count() < count {
            return Err(Error::BadSize {
                arg: name,
                value: count,
                why: "more than there are texts",
            });
        }
        Ok(Self { bytes, count })
    }

    /// The texts, without their zeroes.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.bytes;
        (0..self.count).map(move |_| {
            let end = memchr(0, rest).unwrap_or(rest.len());
            let text = &rest[..end];
            rest = &rest[(end + 1).min(rest.len())..];
            text
        })
    }
}
