//! Memory that notices: the byte after a buffer is not mapped, the bytes before it are watched,
//! and what a function may only read is mapped read-only during the call.

const CANARY: u8 = 0xA5;

/// A buffer that ends where the mapped memory ends.
pub struct Guarded {
    base: *mut u8,
    mapped: usize,
    start: usize,
    size: usize,
}

impl Guarded {
    /// `bytes`, at an address aligned to `align` and, if `skew` is 1, one byte behind it.
    pub fn new(bytes: &[u8], align: usize, skew: usize) -> Self {
        let page = page_size();
        let usable = (bytes.len() + align + skew).next_multiple_of(page);
        let mapped = usable + page;
        let base = map(mapped, page);
        let start = (usable - bytes.len() - skew) / align * align + skew;
        // SAFETY: the first `usable` bytes are mapped and ours, and start + len <= usable.
        unsafe {
            std::slice::from_raw_parts_mut(base, usable).fill(CANARY);
            base.add(start).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        }
        Self { base, mapped, start, size: bytes.len() }
    }

    pub fn address(&self) -> usize {
        self.base as usize + self.start
    }

    pub fn bytes(&self) -> &[u8] {
        // SAFETY: mapped, and no call is running.
        unsafe { std::slice::from_raw_parts(self.base.add(self.start), self.size) }
    }

    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        assert!(offset + bytes.len() <= self.size);
        // SAFETY: within the buffer, which is writable until `protect`.
        unsafe {
            let place = self.base.add(self.start + offset);
            place.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        }
    }

    /// From now on a write ends the process.
    pub fn protect(&self) {
        protect(self.base, self.mapped - page_size());
    }

    /// Whether something was written before the buffer.
    pub fn is_intact(&self) -> bool {
        // SAFETY: mapped, and no call is running.
        let before = unsafe { std::slice::from_raw_parts(self.base, self.start) };
        before.iter().all(|byte| *byte == CANARY)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        unmap(self.base, self.mapped);
    }
}

#[cfg(unix)]
fn page_size() -> usize {
    // SAFETY: no memory is involved.
    unsafe { libc::sysconf(libc::_SC_PAGESIZE) as usize }
}

#[cfg(unix)]
fn map(bytes: usize, guard: usize) -> *mut u8 {
    let (read_write, private) =
        (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANON);
    // SAFETY: a fresh mapping; the last page of it is then closed.
    unsafe {
        let base = libc::mmap(std::ptr::null_mut(), bytes, read_write, private, -1, 0);
        assert_ne!(base, libc::MAP_FAILED, "mmap of {bytes} bytes");
        assert_eq!(libc::mprotect(base.add(bytes - guard), guard, libc::PROT_NONE), 0);
        base.cast()
    }
}

#[cfg(unix)]
fn protect(base: *mut u8, bytes: usize) {
    // SAFETY: a mapping of ours.
    assert_eq!(unsafe { libc::mprotect(base.cast(), bytes, libc::PROT_READ) }, 0);
}

#[cfg(unix)]
fn unmap(base: *mut u8, bytes: usize) {
    // SAFETY: a mapping of ours that nothing uses any more.
    unsafe { libc::munmap(base.cast(), bytes) };
}

/// Says which call was running when the process was ended by a signal.
#[cfg(unix)]
pub mod crash {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

    static TEXT: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());
    static LENGTH: AtomicUsize = AtomicUsize::new(0);
    static KEPT: Mutex<String> = Mutex::new(String::new());

    extern "C" fn report(signal: libc::c_int) {
        let text = TEXT.load(Ordering::Relaxed);
        let lead = b"\nhostile call that ended the process: ";
        // SAFETY: the text lives as long as KEPT is not changed, and this thread is in a call.
        unsafe {
            libc::write(2, lead.as_ptr().cast(), lead.len());
            libc::write(2, text.cast(), LENGTH.load(Ordering::Relaxed));
            libc::write(2, b"\n".as_ptr().cast(), 1);
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
    }

    pub fn install() {
        for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGABRT, libc::SIGFPE, libc::SIGALRM] {
            // SAFETY: the handler uses only functions that a handler may use.
            unsafe { libc::signal(signal, report as *const () as libc::sighandler_t) };
        }
    }

    /// Names the next call, and gives it half a minute.
    pub fn next(text: String) {
        let mut kept = KEPT.lock().unwrap();
        *kept = text;
        TEXT.store(kept.as_mut_ptr(), Ordering::Relaxed);
        LENGTH.store(kept.len(), Ordering::Relaxed);
        // SAFETY: the alarm's handler is `report`: a call that hangs is a failure with its name.
        unsafe { libc::alarm(30) };
    }

    /// No call is running any more.
    pub fn done() {
        // SAFETY: takes the alarm back.
        unsafe { libc::alarm(0) };
    }
}
