//! The one error type of the library; each variant has one status code of the C ABI.

/// Why a call was refused. The text names the argument and, where there is one, the index.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A required pointer was null (or a required array absent).
    #[error("{0} is NULL")]
    NullPointer(&'static str),
    /// A count or stride does not fit: too large, not a multiple, or unequal to its partner.
    #[error("{arg} = {value}: {why}")]
    BadSize {
        /// The argument.
        arg: &'static str,
        /// What was given.
        value: usize,
        /// What would be right.
        why: &'static str,
    },
    /// A scalar argument or an enum outside its range.
    #[error("{arg} = {value}: {why}")]
    BadValue {
        /// The argument.
        arg: &'static str,
        /// What was given, as text.
        value: String,
        /// What would be right.
        why: &'static str,
    },
    /// One element of an array outside its range.
    #[error("{arg}[{index}] = {value}: {why}")]
    BadElement {
        /// The array.
        arg: &'static str,
        /// Which element.
        index: usize,
        /// What was found there, as text.
        value: String,
        /// What would be right.
        why: &'static str,
    },
    /// `parent[index]` does not come before the bone `index`, or does not exist.
    #[error("parent[{index}] = {parent}: a parent must come before its child")]
    BadParent {
        /// The bone.
        index: usize,
        /// Its parent as given.
        parent: i64,
    },
    /// An output shares memory with another argument.
    #[error("{0} overlaps {1}")]
    Overlap(&'static str, &'static str),
    /// A buffer of the caller cannot hold the result.
    #[error("{arg} holds {capacity} elements, needs {needed}")]
    BufferTooSmall {
        /// The buffer.
        arg: &'static str,
        /// What it holds.
        capacity: usize,
        /// What it would have to hold.
        needed: usize,
    },
    /// A view whose `struct_size` is too small to be one.
    #[error("{0}.struct_size = {1}: set it to sizeof({0})")]
    BadStructSize(&'static str, usize),
    /// Text that is not UTF-8 where text is needed.
    #[error("{arg}[{index}] is not valid UTF-8")]
    BadText {
        /// The text table.
        arg: &'static str,
        /// Which text.
        index: usize,
    },
    /// The keys of a curve are not in ascending order of frame.
    #[error("{arg}[{index}]: keys must be sorted by frame")]
    Unsorted {
        /// The key array.
        arg: &'static str,
        /// The first key that comes too early.
        index: usize,
    },
    /// Something that exists but that this library does not do.
    #[error("{arg} = {value}: not supported")]
    Unsupported {
        /// The argument.
        arg: &'static str,
        /// What was given.
        value: u64,
    },
    /// A defect of the library itself, stopped at the boundary.
    #[error("internal error: {0}")]
    Panic(String),
}

/// What fallible functions of the library return.
pub type Result<T> = std::result::Result<T, Error>;
