//! The C face: checks and conversions around safe calls, and the only unsafe code.
//!
//! Every exported function is a few lines inside [`guard`]: views to slices, a call of the core.
#![allow(unsafe_code)]
// What a caller must promise stands in the doc comments, which are the C header's.
#![allow(clippy::missing_safety_doc)]

pub mod apply_rest;
pub mod args;
pub mod bone_layout;
mod bone_list;
pub mod bone_records;
pub mod channels;
pub mod clear;
pub mod clipboard;
mod constraint_kinds;
pub mod constraint_numbers;
pub mod constraint_table;
pub mod constraints;
pub mod curves;
pub mod evaluator;
pub mod fcurve;
pub mod fcurve_edit;
pub mod key_arrays;
pub mod key_table;
pub mod keys;
pub mod modifiers;
pub mod motion_path;
pub mod names;
mod outputs;
pub mod plan;
pub mod plan_actions;
pub mod plan_curves;
pub mod plan_drivers;
pub mod plan_writes;
pub mod processor;
pub mod propagate;
pub mod record_copies;
pub mod record_layout;
pub mod record_samples;
mod record_values;
pub mod records;
pub mod rotation_mode;
pub mod select;
pub mod selection_sets;
pub mod slide;
pub mod splines;
pub mod status;
pub mod text;
pub mod transform;
pub mod user_transforms;
pub mod views;
pub mod visual;

use crate::error::{Error, Result};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static LAST_ERROR: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The text of the calling thread's last error.
pub(crate) fn last_error(read: impl FnOnce(&str)) {
    LAST_ERROR.with(|slot| read(&slot.borrow()));
}

fn remember(error: &Error) -> i32 {
    LAST_ERROR.with(|slot| {
        use std::fmt::Write;
        let mut slot = slot.borrow_mut();
        slot.clear();
        let _ = write!(slot, "{error}");
    });
    status::code(error)
}

/// The one panic boundary: runs `body`, stores its error's text, returns its status.
pub(crate) fn guard(body: impl FnOnce() -> Result<()>) -> i32 {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => status::LIMBER_STATUS_OK,
        Ok(Err(error)) => remember(&error),
        Err(panic) => {
            let text = panic
                .downcast_ref::<&str>()
                .map(|s| s.to_string())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "panic".to_string());
            remember(&Error::Panic(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status_with_its_text() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| ()));
        let status = guard(|| panic!("bone {}", 7));
        std::panic::set_hook(hook);
        assert_eq!(status, status::LIMBER_STATUS_PANIC);
        last_error(|text| assert_eq!(text, "internal error: bone 7"));
    }
}
