//! The attack notices what it is meant to notice: functions with one defect each.

use crate::attack::Attacker;
use crate::common::header::{Header, committed_text};
use crate::slot::{Case, count, out};
use limber::capi::status::{
    LIMBER_STATUS_BAD_SIZE, LIMBER_STATUS_NULL_POINTER, LIMBER_STATUS_OK, limber_last_error,
    limber_set_threads,
};

const N: usize = 6;

/// What every good function does first; leaves a message as the library does.
fn refusal(values: &[u64]) -> Option<i32> {
    let (pointer, n) = (values[0], values[1]);
    let status = if n > N as u64 || pointer % 4 != 0 {
        LIMBER_STATUS_BAD_SIZE
    } else if pointer == 0 {
        LIMBER_STATUS_NULL_POINTER
    } else {
        return None;
    };
    assert!(limber_set_threads(9999) < 0);
    Some(status)
}

fn write(values: &[u64], offset: isize, value: u8) {
    if values[0] != 0 && values[1] > 0 {
        // SAFETY: just before the buffer at most, where the test put watched bytes.
        unsafe { (values[0] as usize as *mut u8).offset(offset).write(value) };
    }
}

fn good(values: &[u64]) -> i32 {
    refusal(values).unwrap_or_else(|| {
        write(values, 0, 1);
        LIMBER_STATUS_OK
    })
}

fn writes_before_the_buffer(values: &[u64]) -> i32 {
    refusal(values).unwrap_or_else(|| {
        write(values, -1, 1);
        LIMBER_STATUS_OK
    })
}

fn writes_and_then_refuses(values: &[u64]) -> i32 {
    let refused = refusal(values);
    if refused.is_some() {
        write(values, 0, 1);
    }
    refused.unwrap_or(LIMBER_STATUS_OK)
}

fn accepts_everything(_: &[u64]) -> i32 {
    LIMBER_STATUS_OK
}

fn refuses_everything(values: &[u64]) -> i32 {
    refusal(values).unwrap_or(LIMBER_STATUS_BAD_SIZE)
}

fn returns_no_status(values: &[u64]) -> i32 {
    refusal(values).map_or(LIMBER_STATUS_OK, |_| -77)
}

fn survives(call: fn(&[u64]) -> i32) -> bool {
    let text = committed_text() + "LIMBER_API int32_t limber_probe(float *values, size_t count);\n";
    let header = Header::parse(&text);
    let slots = vec![out(&[0.5f32; N]), count(N, 4)];
    let case = Case { name: "limber_probe", slots, call };
    std::panic::catch_unwind(|| Attacker::new(&case, &header).run(50, 1)).is_ok()
}

#[test]
fn a_good_function_survives_and_defects_are_found() {
    let _one = crate::ONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    // SAFETY: NULL asks for nothing.
    let status = unsafe { limber_last_error(std::ptr::null_mut(), 0, std::ptr::null_mut()) };
    assert_eq!(status, LIMBER_STATUS_OK);
    assert!(survives(good));
    assert!(!survives(writes_before_the_buffer));
    assert!(!survives(writes_and_then_refuses));
    assert!(!survives(accepts_everything));
    assert!(!survives(refuses_everything));
    assert!(!survives(returns_no_status));
}

#[cfg(target_os = "linux")]
#[test]
fn a_touch_behind_a_buffer_and_a_write_to_an_input_end_the_process() {
    use crate::memory::Guarded;
    for offset in [0usize, 8] {
        // SAFETY: the child only touches memory and leaves; it takes no lock.
        let status = unsafe {
            let buffer = Guarded::new(&[0u8; 8], 8, 0);
            buffer.protect();
            let child = libc::fork();
            if child == 0 {
                libc::signal(libc::SIGSEGV, libc::SIG_DFL);
                (buffer.address() as *mut u8).add(offset).write_volatile(1);
                libc::_exit(0);
            }
            let mut status = 0;
            assert_eq!(libc::waitpid(child, &mut status, 0), child);
            status
        };
        assert!(libc::WIFSIGNALED(status) && libc::WTERMSIG(status) == libc::SIGSEGV);
    }
}
