//! What the processor at hand can do beyond every other of its kind.

use crate::pose_matrices::{EightFrames, EightKernel};

/// The way to compute eight frames at once; `None` if this processor has none.
pub fn eight_kernel() -> Option<EightKernel> {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx") {
        return Some(eight_frames);
    }
    None
}

#[cfg(target_arch = "x86_64")]
fn eight_frames(frames: &mut EightFrames) {
    // The function is given out only where AVX is; asking again costs nothing.
    assert!(is_x86_feature_detected!("avx"), "AVX");
    // SAFETY: the processor has AVX, which is all that the function asks for.
    unsafe { frames.run_avx() }
}
