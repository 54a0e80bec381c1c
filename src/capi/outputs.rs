//! The memory of a call's outputs, in which nothing that is read may lie.

/// Records are too many for a list of spans, and what matters is only that none meets an output.
pub(crate) struct Outputs {
    /// Where each output begins and ends, ascending; they do not meet each other.
    spans: Vec<(usize, usize)>,
}

/// A stretch of memory without outputs, where the last address was; the next one mostly is too.
#[derive(Clone, Copy, Default)]
pub(crate) struct Gap {
    start: usize,
    end: usize,
}

/// The gaps of what is read in turns: each kind lies in a neighbourhood of its own.
#[derive(Clone, Copy, Default)]
pub(crate) struct Gaps {
    pub records: Gap,
    pub keys: Gap,
    pub paths: Gap,
}

impl Outputs {
    pub(crate) fn new(mut spans: Vec<(usize, usize)>) -> Self {
        spans.retain(|(start, end)| start < end);
        spans.sort_unstable();
        Self { spans }
    }

    /// Whether `size` bytes from `start` on, at least one, lie in an output.
    #[inline(always)]
    pub(crate) fn meet(&self, gap: &mut Gap, start: usize, size: usize) -> bool {
        let end = start.saturating_add(size);
        if gap.start <= start && end <= gap.end {
            return false;
        }
        self.search(gap, start, end)
    }

    #[cold]
    fn search(&self, gap: &mut Gap, start: usize, end: usize) -> bool {
        let next = self.spans.partition_point(|span| span.1 <= start);
        let limit = self.spans.get(next).map_or(usize::MAX, |span| span.0);
        if limit < end {
            return true;
        }
        let before = next.checked_sub(1).map_or(0, |last| self.spans[last].1);
        *gap = Gap { start: before, end: limit };
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_asked_before_makes_no_difference(
            sizes in prop::collection::vec((1usize..9, 0usize..9), 0..8),
            asked in prop::collection::vec((0usize..120, 1usize..12), 1..40),
        ) {
            let mut at = 5;
            let spans: Vec<_> = sizes
                .iter()
                .map(|(space, size)| {
                    at += space + size;
                    (at - size, at)
                })
                .collect();
            let outputs = Outputs::new(spans.iter().rev().copied().collect());
            let mut gap = Gap::default();
            for (start, size) in asked {
                let meets = spans.iter().any(|s| s.0 < s.1 && start < s.1 && s.0 < start + size);
                prop_assert_eq!(outputs.meet(&mut gap, start, size), meets);
            }
        }
    }
}
