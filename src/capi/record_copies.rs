//! Copies of a tool's own records with all that they lead to.

use super::args::{Args, view};
use super::guard;
use super::keys::LIMBER_FIELD_ABSENT;
use super::outputs::{Gap, Outputs};
use crate::error::{Error, Result};

/// `to` of a link: bytes up to a terminating 0, not records of a kind.
pub const LIMBER_RECORD_TEXT: usize = 0xFFFF_FFFF;

/// Kinds of records in a tool's memory, and the links by which one leads to others.
///
/// A kind has records of one size. What a record leads to can depend on its tag, two bytes that
/// are read as one number: a link counts where `tag & mask == value`. In a kind with a tag each
/// record must meet a link with a mask, so that one of an unknown sort is noticed; a link whose
/// address is LIMBER_FIELD_ABSENT says of a sort that it leads nowhere.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberRecordKinds {
    /// sizeof(LimberRecordKinds)
    pub struct_size: usize,
    /// k, the number of kinds
    pub kind_count: usize,
    /// k, bytes of a record, at least 1
    pub record_size: *const usize,
    /// k, byte offset of the tag; LIMBER_FIELD_ABSENT = no tag, every link counts
    pub tag: *const usize,
    /// l, the number of links
    pub link_count: usize,
    /// l, the kind whose records have the link
    pub from: *const usize,
    /// l, bits of the tag; 0 = the link counts for every sort
    pub mask: *const usize,
    /// l, their value
    pub value: *const usize,
    /// l, byte offset of the address of what the link leads to, NULL = nothing is there
    pub address: *const usize,
    /// l, byte offset of an int32_t, how many records lie there in a row; LIMBER_FIELD_ABSENT = one
    pub count: *const usize,
    /// l, the kind of those records, or LIMBER_RECORD_TEXT
    pub to: *const usize,
}
view!(LimberRecordKinds, to: *const usize);

/// What limber_records_copy() writes before each copy; these begin at multiples of eight bytes.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
pub struct LimberRecordBlock {
    /// where the original lies
    pub address: u64,
    /// index of the kind, or LIMBER_RECORD_TEXT
    pub kind: u32,
    /// number of records in a row; of a text the bytes with the terminating 0
    pub count: u32,
}

const ADDRESS: usize = size_of::<usize>();

fn bad(arg: &'static str, index: usize, value: usize, why: &'static str) -> Error {
    Error::BadElement { arg, index, value: format!("{value:#x}"), why }
}

fn ends_within(at: usize, bytes: usize, size: usize) -> bool {
    at.checked_add(bytes).is_some_and(|end| end <= size)
}

/// A link that counts where a tag has a value.
struct Link {
    mask: usize,
    value: usize,
    /// Offset of the address; `None` where nothing is behind it.
    address: Option<usize>,
    count: Option<usize>,
    /// `None` = a text.
    to: Option<usize>,
}

struct Kind {
    size: usize,
    tag: Option<usize>,
    links: Vec<Link>,
}

impl LimberRecordKinds {
    /// The checked kinds.
    ///
    /// # Safety
    /// The arrays hold what the header says.
    unsafe fn read(&self, args: &mut Args) -> Result<Vec<Kind>> {
        let there = |at: usize| (at != LIMBER_FIELD_ABSENT).then_some(at);
        // SAFETY: passed on from the caller.
        let (sizes, tags) = unsafe {
            let sizes = args.need("record_size", self.record_size, self.kind_count)?;
            (sizes, args.need("tag", self.tag, self.kind_count)?)
        };
        let mut kinds = Vec::with_capacity(sizes.len());
        for (index, (&size, &tag)) in sizes.iter().zip(tags).enumerate() {
            if size == 0 || size > u32::MAX as usize {
                return Err(bad("record_size", index, size, "must be 1 to 2^32 - 1"));
            }
            if there(tag).is_some_and(|at| !ends_within(at, 2, size)) {
                return Err(bad("tag", index, tag, "the field ends beyond record_size"));
            }
            kinds.push(Kind { size, tag: there(tag), links: Vec::new() });
        }
        let n = self.link_count;
        // SAFETY: passed on from the caller.
        let [from, mask, value, address, count, to] = unsafe {
            [
                args.need("from", self.from, n)?,
                args.need("mask", self.mask, n)?,
                args.need("value", self.value, n)?,
                args.need("address", self.address, n)?,
                args.need("count", self.count, n)?,
                args.need("to", self.to, n)?,
            ]
        };
        for i in 0..n {
            let Some(size) = kinds.get(from[i]).map(|kind| kind.size) else {
                return Err(bad("from", i, from[i], "no such kind"));
            };
            if there(address[i]).is_some_and(|at| !ends_within(at, ADDRESS, size)) {
                return Err(bad("address", i, address[i], "the field ends beyond record_size"));
            }
            if there(count[i]).is_some_and(|at| !ends_within(at, 4, size)) {
                return Err(bad("count", i, count[i], "the field ends beyond record_size"));
            }
            let text = to[i] == LIMBER_RECORD_TEXT;
            if !text && to[i] >= kinds.len() {
                return Err(bad("to", i, to[i], "no such kind"));
            }
            kinds[from[i]].links.push(Link {
                mask: mask[i],
                value: value[i],
                address: there(address[i]),
                count: there(count[i]),
                to: (!text).then_some(to[i]),
            });
        }
        Ok(kinds)
    }
}

fn number<const N: usize>(record: &[u8], at: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&record[at..at + N]);
    bytes
}

/// What lies at an address and has yet to be copied.
struct Place {
    address: usize,
    /// `None` = a text.
    kind: Option<usize>,
    count: usize,
}

/// The copies of a call.
struct Copies<'a> {
    kinds: &'a [Kind],
    outputs: Outputs,
    gap: Gap,
    capacity: usize,
    bytes: Vec<u8>,
}

impl Copies<'_> {
    /// Copies what lies at the places and all that it leads to.
    ///
    /// # Safety
    /// The header's promise.
    unsafe fn follow(&mut self, mut places: Vec<Place>) -> Result<()> {
        while let Some(place) = places.pop() {
            if place.address == 0 || place.count == 0 {
                continue;
            }
            match place.kind {
                // SAFETY: passed on from the caller.
                None => unsafe { self.text(place.address)? },
                // SAFETY: passed on from the caller.
                Some(kind) => unsafe { self.records(&place, kind, &mut places)? },
            }
        }
        Ok(())
    }

    /// How many more bytes there is room for behind the next block's head.
    fn room(&self) -> usize {
        let used = self.bytes.len() + size_of::<LimberRecordBlock>();
        // A block is filled up to a multiple of eight bytes.
        (self.capacity & !7).saturating_sub(used)
    }

    fn too_small(&self) -> Error {
        let (capacity, needed) = (self.capacity, self.capacity.saturating_add(1));
        Error::BufferTooSmall { arg: "out", capacity, needed }
    }

    fn push(&mut self, address: usize, kind: usize, count: usize, copied: &[u8]) {
        let head =
            LimberRecordBlock { address: address as u64, kind: kind as u32, count: count as u32 };
        self.bytes.extend_from_slice(bytemuck::bytes_of(&head));
        self.bytes.extend_from_slice(copied);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    fn no_output(&mut self, address: usize, size: usize) -> Result<()> {
        match self.outputs.meet(&mut self.gap, address, size) {
            true => Err(Error::Overlap("out", "records")),
            false => Ok(()),
        }
    }

    /// # Safety
    /// Bytes up to a 0 are readable at the address.
    unsafe fn text(&mut self, address: usize) -> Result<()> {
        let mut text = Vec::new();
        let room = self.room().min(u32::MAX as usize);
        while text.last() != Some(&0) {
            let at = address.saturating_add(text.len());
            self.no_output(at, 1)?;
            if text.len() == room {
                return Err(self.too_small());
            }
            // SAFETY: the caller's promise, since no 0 has come yet.
            text.push(unsafe { core::ptr::with_exposed_provenance::<u8>(at).read() });
        }
        self.push(address, LIMBER_RECORD_TEXT, text.len(), &text);
        Ok(())
    }

    /// # Safety
    /// The records are readable at the place, and what they lead to.
    unsafe fn records(&mut self, place: &Place, kind: usize, next: &mut Vec<Place>) -> Result<()> {
        let Place { address, count, .. } = *place;
        let known: &Kind = &self.kinds[kind];
        let leads_on = known.links.iter().any(|link| link.address.is_some());
        if leads_on && !address.is_multiple_of(ADDRESS) {
            let value = format!("{address:#x}");
            return Err(Error::BadValue { arg: "records", value, why: "not aligned" });
        }
        let Some(size) = known.size.checked_mul(count).filter(|size| *size <= self.room()) else {
            return Err(self.too_small());
        };
        self.no_output(address, size)?;
        let start = core::ptr::with_exposed_provenance::<u8>(address);
        // SAFETY: the caller's promise; no output meets it.
        let records = unsafe { core::slice::from_raw_parts(start, size) };
        for record in records.chunks_exact(known.size) {
            known.leads(record, next)?;
        }
        self.push(address, kind, count, records);
        Ok(())
    }
}

impl Kind {
    /// Adds the places that a record leads to.
    fn leads(&self, record: &[u8], places: &mut Vec<Place>) -> Result<()> {
        let tag = self.tag.map(|at| usize::from(u16::from_ne_bytes(number(record, at))));
        let mut met = false;
        for link in &self.links {
            if tag.is_some_and(|tag| tag & link.mask != link.value) {
                continue;
            }
            met |= link.mask != 0;
            let Some(at) = link.address else { continue };
            let address = usize::from_ne_bytes(number(record, at));
            let count = link.count.map_or(1, |at| i32::from_ne_bytes(number(record, at)));
            let count = usize::try_from(count).map_err(|_| {
                let value = count.to_string();
                Error::BadValue { arg: "count in a record", value, why: "negative" }
            })?;
            places.push(Place { address, kind: link.to, count });
        }
        match tag {
            Some(tag) if !met => {
                let value = format!("{tag:#x}");
                Err(Error::BadValue { arg: "tag of a record", value, why: "no link is for it" })
            }
            _ => Ok(()),
        }
    }
}

/// Copy a tool's own records, and all that they lead to, as plain bytes that need the tool's
/// memory no more: such as the properties of bones for a clipboard.
///
/// kinds       what records there are, and what they lead to
/// root_kind   the kind of the first ones
/// roots       root_count, their addresses; NULL where there is none
/// out         receives for each run of records, and for each text, a LimberRecordBlock and the
///             bytes behind it, then zeroes up to a multiple of eight bytes, in no certain order.
///             What is led to twice is copied twice
/// capacity    bytes that out holds. Records that lead back to themselves have no end, so this is
///             the limit as well, and what would be needed is not told
/// size        receives the bytes that were written
///
/// Every address in a record must be NULL or that of what the link says, readable until the call
/// returns; records with addresses are aligned as these are. An address that is not aligned, a
/// negative count and a tag without a link are noticed, another error is not. Nothing may change,
/// move or free the records during the call.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_STRUCT_SIZE, _BAD_SIZE, _BAD_VALUE, _OVERLAP,
/// _BUFFER_TOO_SMALL (the copies do not fit); on error nothing was written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_records_copy(
    kinds: *const LimberRecordKinds,
    root_kind: u32,
    roots: *const usize,
    root_count: usize,
    out: *mut u8,
    capacity: usize,
    size: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for the struct and the arrays.
        let (kinds, roots, out, size) = unsafe {
            let kinds = args.view(kinds)?.read(&mut args)?;
            let roots = args.need("roots", roots, root_count)?;
            let out = args.need_mut("out", out, capacity)?;
            let size = args.need_mut("size", size, 1)?;
            (kinds, roots, out, size)
        };
        let root = root_kind as usize;
        if root >= kinds.len() {
            let value = root.to_string();
            return Err(Error::BadValue { arg: "root_kind", value, why: "no such kind" });
        }
        let place = |address: &usize| Place { address: *address, kind: Some(root), count: 1 };
        let places = roots.iter().rev().map(place).collect();
        let outputs = Outputs::new(args.outputs());
        let mut copies =
            Copies { kinds: &kinds, outputs, gap: Gap::default(), capacity, bytes: Vec::new() };
        // SAFETY: the header's promise.
        unsafe { copies.follow(places)? };
        out[..copies.bytes.len()].copy_from_slice(&copies.bytes);
        size[0] = copies.bytes.len();
        Ok(())
    })
}

#[cfg(test)]
#[path = "record_copies_tests.rs"]
mod tests;
