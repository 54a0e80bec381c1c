//! The library's own thread pool, and when a job is large enough to be worth it.

use parking_lot::RwLock;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::Arc;

struct Slot {
    /// 0 = one thread a core.
    threads: usize,
    pool: Option<Arc<ThreadPool>>,
}

static SLOT: RwLock<Slot> = RwLock::new(Slot { threads: 0, pool: None });

fn wanted(threads: usize) -> usize {
    match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    }
}

/// Number of threads a large call may use.
pub fn threads() -> usize {
    wanted(SLOT.read().threads)
}

/// Sets the number of threads of later calls; 0 = one a core, 1 = the caller's thread alone.
pub fn set_threads(threads: usize) {
    let old = {
        let mut slot = SLOT.write();
        slot.threads = threads;
        slot.pool.take()
    };
    // Dropped outside the lock: a call that still runs on the old pool keeps it alive.
    drop(old);
}

fn pool() -> Option<Arc<ThreadPool>> {
    {
        let slot = SLOT.read();
        if wanted(slot.threads) == 1 {
            return None;
        }
        if let Some(pool) = &slot.pool {
            return Some(pool.clone());
        }
    }
    let mut slot = SLOT.write();
    let count = wanted(slot.threads);
    if count == 1 {
        return None;
    }
    if slot.pool.is_none() {
        // A machine that refuses threads still gets its result, on the caller's thread.
        slot.pool = ThreadPoolBuilder::new()
            .num_threads(count)
            .thread_name(|i| format!("limber-{i}"))
            .build()
            .ok()
            .map(Arc::new);
    }
    slot.pool.clone()
}

/// Waking the pool costs 5 to 20 microseconds; below this it does not come back.
const WORTH_IT_NS: usize = 100_000;

/// Runs `parallel` inside the pool if `work` (in rough nanoseconds) pays for waking threads,
/// else `serial` on the caller's thread. Both must give the same result.
pub fn run<R: Send>(
    work: usize,
    serial: impl FnOnce() -> R,
    parallel: impl FnOnce() -> R + Send,
) -> R {
    if work < WORTH_IT_NS {
        return serial();
    }
    match pool() {
        Some(pool) => pool.install(parallel),
        None => serial(),
    }
}

/// Runs `job` on the caller's thread, and at the same time on the pool's others if `work` (in rough
/// nanoseconds) pays for waking them. Each run takes its share from what they have in common, until
/// nothing is left: who comes late finds nothing to do.
pub fn together(work: usize, job: impl Fn() + Sync) {
    match if work < WORTH_IT_NS { None } else { pool() } {
        None => job(),
        Some(pool) => pool.in_place_scope(|scope| {
            let job = &job;
            for _ in 1..pool.current_num_threads() {
                scope.spawn(move |_| job());
            }
            job();
        }),
    }
}

/// Calls `job(scratch, index, chunk)` for every chunk of `size` elements (the last may be
/// shorter), in the pool if `work` (in rough nanoseconds, all chunks together) pays for it.
///
/// What `scratch` makes is used for several chunks: a job must not depend on what it holds.
pub fn for_chunks<T: Send, S>(
    work: usize,
    data: &mut [T],
    size: usize,
    scratch: impl Fn() -> S + Send + Sync,
    job: impl Fn(&mut S, usize, &mut [T]) + Send + Sync,
) {
    match if work < WORTH_IT_NS { None } else { pool() } {
        None => {
            let mut scratch = scratch();
            data.chunks_mut(size).enumerate().for_each(|(i, chunk)| job(&mut scratch, i, chunk));
        }
        Some(pool) => pool.install(|| {
            data.par_chunks_mut(size)
                .enumerate()
                .for_each_init(scratch, |scratch, (i, chunk)| job(scratch, i, chunk));
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_and_parallel_agree() {
        for threads in [0, 1, 2, 3] {
            set_threads(threads);
            let sum: u64 =
                run(usize::MAX, || (0..1000u64).sum(), || (0..1000u64).into_par_iter().sum());
            assert_eq!(sum, 499_500);
        }
        set_threads(0);
    }

    #[test]
    fn what_is_shared_is_all_done() {
        for threads in [1, 2, 3] {
            set_threads(threads);
            for work in [0, usize::MAX] {
                let left = parking_lot::Mutex::new(1..=1000u64);
                let sum = parking_lot::Mutex::new(0);
                together(work, || {
                    while let Some(i) = { left.lock().next() } {
                        *sum.lock() += i;
                    }
                });
                assert_eq!(*sum.lock(), 500_500);
            }
        }
        set_threads(0);
    }

    #[test]
    fn every_chunk_is_done_once() {
        for threads in [1, 3] {
            set_threads(threads);
            for work in [0, usize::MAX] {
                let mut data = vec![0usize; 1003];
                for_chunks(
                    work,
                    &mut data,
                    10,
                    || (),
                    |(), index, chunk| {
                        chunk.iter_mut().for_each(|value| *value += index + 1);
                    },
                );
                assert!(data.iter().enumerate().all(|(i, value)| *value == i / 10 + 1));
            }
        }
        set_threads(0);
    }
}
