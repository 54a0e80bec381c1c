//! Trees of records as a tool might have them, copied and put together again from the copies.

use super::*;
use crate::capi::status::*;
use core::mem::offset_of;
use core::ptr::null;
use proptest::prelude::*;

/// A value with others beside it; what it holds depends on its sort.
#[repr(C)]
struct Tool {
    name: *const u8,
    sort: u8,
    more: u8,
    count: i32,
    data: *const u8,
    next: *const Tool,
}

const TOOL: usize = 0;
const NUMBER: usize = 1;
const GROUP: u8 = 1;
const NUMBERS: u8 = 2;
const ROW: u8 = 3;
const NOTHING: u8 = 4;

#[derive(Clone, Debug, PartialEq)]
enum Model {
    Group(Vec<(Vec<u8>, Model)>),
    Numbers(Vec<u32>),
    Row(Vec<(Vec<u8>, Model)>),
    Nothing,
}

/// Everything stays where it is until the test has ended.
#[derive(Default)]
struct Memory {
    tools: Vec<Box<[Tool]>>,
    numbers: Vec<Box<[u32]>>,
    texts: Vec<Box<[u8]>>,
}

impl Memory {
    fn tool(&mut self, name: &[u8], model: &Model, next: *const Tool) -> Tool {
        let text: Box<[u8]> = name.iter().copied().chain([0]).collect();
        let name = text.as_ptr();
        self.texts.push(text);
        let (sort, count, data) = match model {
            Model::Group(inner) => (GROUP, -7, self.list(inner).cast()),
            Model::Numbers(numbers) => {
                self.numbers.push(numbers.as_slice().into());
                (NUMBERS, numbers.len() as i32, self.numbers.last().unwrap().as_ptr().cast())
            }
            Model::Row(inner) => {
                let row: Box<[Tool]> =
                    inner.iter().map(|(name, model)| self.tool(name, model, null())).collect();
                self.tools.push(row);
                (ROW, inner.len() as i32, self.tools.last().unwrap().as_ptr().cast())
            }
            Model::Nothing => (NOTHING, -1, 8 as *const u8),
        };
        Tool { name, sort, more: name.addr() as u8, count, data, next }
    }

    fn list(&mut self, models: &[(Vec<u8>, Model)]) -> *const Tool {
        let mut next = null();
        for (name, model) in models.iter().rev() {
            let tool = self.tool(name, model, next);
            self.tools.push(Box::new([tool]));
            next = self.tools.last().unwrap().as_ptr();
        }
        next
    }
}

/// `(from, mask, value, address, count, to)` of each link.
type Links = Vec<[usize; 6]>;

fn links() -> Links {
    let (data, count) = (offset_of!(Tool, data), offset_of!(Tool, count));
    // The sort is the first of the tag's two bytes.
    let tag = |sort: u8| usize::from(u16::from_ne_bytes([sort, 0]));
    let mask = tag(0xFF);
    vec![
        [TOOL, 0, 0, offset_of!(Tool, name), LIMBER_FIELD_ABSENT, LIMBER_RECORD_TEXT],
        [TOOL, mask, tag(GROUP), data, LIMBER_FIELD_ABSENT, TOOL],
        [TOOL, mask, tag(NUMBERS), data, count, NUMBER],
        [TOOL, mask, tag(ROW), data, count, TOOL],
        [TOOL, mask, tag(NOTHING), LIMBER_FIELD_ABSENT, LIMBER_FIELD_ABSENT, TOOL],
        [TOOL, 0, 0, offset_of!(Tool, next), LIMBER_FIELD_ABSENT, TOOL],
    ]
}

fn copy(links: &Links, roots: &[usize], out: &mut [u8]) -> (i32, usize) {
    let columns: [Vec<usize>; 6] =
        core::array::from_fn(|column| links.iter().map(|link| link[column]).collect());
    let (sizes, tags) =
        ([size_of::<Tool>(), size_of::<u32>()], [offset_of!(Tool, sort), LIMBER_FIELD_ABSENT]);
    let kinds = LimberRecordKinds {
        struct_size: size_of::<LimberRecordKinds>(),
        kind_count: 2,
        record_size: sizes.as_ptr(),
        tag: tags.as_ptr(),
        link_count: links.len(),
        from: columns[0].as_ptr(),
        mask: columns[1].as_ptr(),
        value: columns[2].as_ptr(),
        address: columns[3].as_ptr(),
        count: columns[4].as_ptr(),
        to: columns[5].as_ptr(),
    };
    let mut size = 77;
    // SAFETY: the arrays hold two kinds and as many links as are told.
    let status = unsafe {
        limber_records_copy(
            &kinds,
            TOOL as u32,
            roots.as_ptr(),
            roots.len(),
            out.as_mut_ptr(),
            out.len(),
            &mut size,
        )
    };
    (status, size)
}

/// The blocks of a result by kind and address.
fn blocks(bytes: &[u8]) -> std::collections::HashMap<(usize, u64), &[u8]> {
    let mut found = std::collections::HashMap::new();
    let mut at = 0;
    while at < bytes.len() {
        let head: LimberRecordBlock = bytemuck::pod_read_unaligned(&bytes[at..at + 16]);
        let size = match head.kind as usize {
            TOOL => size_of::<Tool>(),
            NUMBER => 4,
            kind => {
                assert_eq!(kind, LIMBER_RECORD_TEXT);
                1
            }
        };
        let end = at + 16 + size * head.count as usize;
        found.insert((head.kind as usize, head.address), &bytes[at + 16..end]);
        at = end.next_multiple_of(8);
        assert!(bytes[end..at].iter().all(|byte| *byte == 0));
    }
    assert_eq!(at, bytes.len());
    found
}

type Blocks<'a> = std::collections::HashMap<(usize, u64), &'a [u8]>;

/// The list that begins at an address, from the copies alone.
fn list(blocks: &Blocks, mut address: u64) -> Vec<(Vec<u8>, Model)> {
    let mut found = Vec::new();
    while address != 0 {
        let record = blocks[&(TOOL, address)];
        found.push(model(blocks, record));
        address = u64::from_ne_bytes(number(record, offset_of!(Tool, next)));
    }
    found
}

fn model(blocks: &Blocks, record: &[u8]) -> (Vec<u8>, Model) {
    let address = |at| u64::from_ne_bytes(number(record, at));
    let text = blocks[&(LIMBER_RECORD_TEXT, address(offset_of!(Tool, name)))];
    assert_eq!(text.last(), Some(&0));
    let data = address(offset_of!(Tool, data));
    let row = |kind| blocks.get(&(kind, data)).copied().unwrap_or_default();
    let value = match record[offset_of!(Tool, sort)] {
        GROUP => Model::Group(list(blocks, data)),
        NUMBERS => Model::Numbers(
            row(NUMBER).chunks(4).map(|four| u32::from_ne_bytes(number(four, 0))).collect(),
        ),
        ROW => {
            let records = row(TOOL).chunks(size_of::<Tool>());
            Model::Row(records.map(|record| model(blocks, record)).collect())
        }
        _ => Model::Nothing,
    };
    (text[..text.len() - 1].to_vec(), value)
}

fn named<S: Strategy<Value = Model>>(value: S) -> impl Strategy<Value = (Vec<u8>, Model)> {
    (prop::collection::vec(1u8.., 0..20), value)
}

fn models() -> impl Strategy<Value = Model> {
    let leaf = prop_oneof![
        Just(Model::Nothing),
        prop::collection::vec(any::<u32>(), 0..6).prop_map(Model::Numbers)
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        (any::<bool>(), prop::collection::vec(named(inner), 0..6)).prop_map(|(row, several)| {
            if row { Model::Row(several) } else { Model::Group(several) }
        })
    })
}

proptest! {
    #[test]
    fn copies_hold_the_whole_tree_and_no_room_is_left_over(
        trees in prop::collection::vec(prop::collection::vec(named(models()), 0..4), 0..4),
    ) {
        let mut memory = Memory::default();
        let roots: Vec<usize> = trees.iter().map(|tree| memory.list(tree) as usize).collect();
        let mut out = vec![0xAAu8; 1 << 16];
        let (status, size) = copy(&links(), &roots, &mut out);
        prop_assert_eq!(status, LIMBER_STATUS_OK);
        let found = blocks(&out[..size]);
        for (tree, root) in trees.iter().zip(&roots) {
            prop_assert_eq!(tree, &list(&found, *root as u64));
        }
        prop_assert!(out[size..].iter().all(|byte| *byte == 0xAA));
        let mut exact = vec![0xAAu8; size];
        prop_assert_eq!(copy(&links(), &roots, &mut exact), (LIMBER_STATUS_OK, size));
        prop_assert_eq!(&exact, &out[..size]);
        if size > 0 {
            let mut less = vec![0xAAu8; size - 1];
            prop_assert_eq!(copy(&links(), &roots, &mut less), (LIMBER_STATUS_BUFFER_TOO_SMALL, 77));
            prop_assert!(less.iter().all(|byte| *byte == 0xAA));
        }
    }
}

/// Copies one record after a change of it, or of the links.
fn spoilt(change: impl FnOnce(&mut Tool, &mut Links)) -> i32 {
    let mut memory = Memory::default();
    let mut tool = memory.tool(b"name", &Model::Numbers(vec![1, 2]), null());
    let mut links = links();
    change(&mut tool, &mut links);
    let mut out = [0xAAu8; 4096];
    let (status, size) = copy(&links, &[&raw const tool as usize], &mut out);
    if status != LIMBER_STATUS_OK {
        assert_eq!((size, out), (77, [0xAA; 4096]));
    }
    status
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_written() {
    assert_eq!(spoilt(|_, _| ()), LIMBER_STATUS_OK);
    assert_eq!(spoilt(|tool, _| tool.count = -1), LIMBER_STATUS_BAD_VALUE);
    assert_eq!(spoilt(|tool, _| tool.sort = 9), LIMBER_STATUS_BAD_VALUE);
    let askew = |tool: &mut Tool, _: &mut Links| {
        tool.next = (&raw const *tool).wrapping_byte_add(1);
    };
    assert_eq!(spoilt(askew), LIMBER_STATUS_BAD_VALUE);
    // Back to itself: no room is enough.
    let round = |tool: &mut Tool, _: &mut Links| tool.next = &raw const *tool;
    assert_eq!(spoilt(round), LIMBER_STATUS_BUFFER_TOO_SMALL);
    assert_eq!(spoilt(|tool, _| tool.count = i32::MAX), LIMBER_STATUS_BUFFER_TOO_SMALL);
    let size = size_of::<Tool>();
    for (column, value) in [(0, 2), (5, 2), (3, size - 7), (4, size - 3), (3, usize::MAX - 1)] {
        let change = |_: &mut Tool, links: &mut Links| links[2][column] = value;
        assert_eq!(spoilt(change), LIMBER_STATUS_BAD_VALUE, "{column} {value}");
    }
}

#[test]
fn records_in_the_output_are_refused() {
    let mut memory = Memory::default();
    let mut out = vec![0u64; 64];
    let at = out.as_mut_ptr() as usize + 80;
    let tool = memory.tool(b"", &Model::Nothing, at as *const Tool);
    // SAFETY: the array has as many bytes.
    let bytes = unsafe { core::slice::from_raw_parts_mut(out.as_mut_ptr().cast::<u8>(), 512) };
    let (status, _) = copy(&links(), &[&raw const tool as usize], bytes);
    assert_eq!(status, LIMBER_STATUS_OVERLAP);
    assert!(bytes.iter().all(|byte| *byte == 0));
}
