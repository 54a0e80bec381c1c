//! Spoils a good call in every way, and checks what must hold whatever is passed.

use crate::common::header::Header;
use crate::memory::{Guarded, crash};
use crate::slot::{Case, Leaf, Place, Role, Slot, flatten};
use limber::capi::status::{LIMBER_STATUS_OK, LIMBER_STATUS_PANIC, limber_last_error};
use std::collections::BTreeMap;

/// One change of a good call.
#[derive(Clone, Debug)]
pub enum Spoil {
    Null,
    Misalign,
    Bits(u64),
    StructSize(usize),
    Contents(Vec<u8>),
    /// Shares the memory of another leaf, beginning at this byte of it.
    Share {
        with: usize,
        offset: usize,
    },
}

/// What has to come of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Must {
    Succeed,
    Refuse,
    /// Either, as long as every other promise is kept.
    Answer,
}

pub struct Attacker<'a> {
    case: &'a Case,
    leaves: Vec<Leaf>,
    statuses: BTreeMap<i32, String>,
    pub calls: usize,
}

impl<'a> Attacker<'a> {
    pub fn new(case: &'a Case, header: &Header) -> Self {
        Self { case, leaves: flatten(case, header), statuses: header.statuses(), calls: 0 }
    }

    /// Every single change, then random changes of up to three slots at a time.
    pub fn run(&mut self, random: usize, seed: u64) {
        self.attempt(&[], Must::Succeed);
        let changes: Vec<_> = (0..self.leaves.len()).flat_map(|leaf| self.changes(leaf)).collect();
        for (leaf, spoil, must) in &changes {
            self.attempt(&[(*leaf, spoil.clone())], *must);
        }
        if changes.is_empty() {
            return;
        }
        let mut dice = Dice(seed);
        for _ in 0..random {
            let several: Vec<_> = (0..1 + dice.below(3))
                .map(|_| {
                    let (leaf, spoil, _) = &changes[dice.below(changes.len())];
                    match (dice.below(3), &self.leaves[*leaf].slot) {
                        (0, Slot::Buffer { bytes, role, .. }) if *role != Role::Fixed => {
                            (*leaf, Spoil::Contents(dice.disturb(bytes)))
                        }
                        _ => (*leaf, spoil.clone()),
                    }
                })
                .collect();
            self.attempt(&several, Must::Answer);
        }
    }

    fn changes(&self, index: usize) -> Vec<(usize, Spoil, Must)> {
        let bits = |values: &[u64], must| -> Vec<_> {
            values.iter().map(|value| (index, Spoil::Bits(*value), must)).collect()
        };
        let demand = |required: bool| if required { Must::Refuse } else { Must::Answer };
        match &self.leaves[index].slot {
            Slot::Count { value, element } => {
                let mut list = bits(&[u64::MAX, u64::MAX - 1, 1 << 63, 3 << 62], Must::Refuse);
                if *element >= 4 {
                    list.extend(bits(&[1 << 62, (1 << 62) + 1, 1 << 61], Must::Refuse));
                }
                list.extend(bits(&[0, *value as u64 / 2], Must::Answer));
                list
            }
            Slot::Room(value) => bits(&[0, 1, *value as u64 / 2], Must::Answer),
            Slot::Choice(_) => bits(&[0xFFFF_FFFF, 0x8000_0000, 0x7FFF_FFFF, 12_345], Must::Refuse),
            Slot::Number(_) => bits(
                &[0, 1, 2, 0xFFFF_FFFF, 0x8000_0000, 0x7FFF_FFFF, 1 << 31, u64::MAX, 1 << 63],
                Must::Answer,
            ),
            Slot::Handle(value) => {
                let mut list = vec![(index, Spoil::Null, Must::Answer)];
                list.extend(bits(&[*value as u64 + 1], Must::Refuse));
                list
            }
            Slot::Float(_) => {
                let list = ODD_FLOATS.map(|value| u64::from(value.to_bits()));
                bits(&list, Must::Answer)
            }
            Slot::View { required, .. } => {
                let mut list = vec![
                    (index, Spoil::Null, demand(*required)),
                    (index, Spoil::Misalign, Must::Refuse),
                ];
                for size in [0, 1, 7, 8, 11] {
                    list.push((index, Spoil::StructSize(size), Must::Refuse));
                }
                // A newer program's larger struct: only the known part is read.
                for size in [self.leaves[index].size + 8, usize::MAX] {
                    list.push((index, Spoil::StructSize(size), Must::Succeed));
                }
                list
            }
            Slot::Buffer { bytes, align, role, required } => {
                let mut list = vec![(index, Spoil::Null, demand(*required))];
                if *align > 1 {
                    list.push((index, Spoil::Misalign, Must::Refuse));
                }
                if !matches!(role, Role::Needed | Role::Fixed) {
                    for fill in fills(bytes) {
                        list.push((index, Spoil::Contents(fill), Must::Answer));
                    }
                }
                if !matches!(role, Role::In | Role::Fixed) {
                    list.extend(self.overlaps(index));
                }
                list
            }
        }
    }

    /// An output on each other buffer: exactly, and by its first element only.
    fn overlaps(&self, index: usize) -> Vec<(usize, Spoil, Must)> {
        let mut list = Vec::new();
        for (with, other) in self.leaves.iter().enumerate() {
            let size = match &other.slot {
                Slot::Buffer { bytes, .. } => bytes.len(),
                Slot::View { .. } => other.size,
                _ => continue,
            };
            if with == index || size == 0 || self.size(index) == 0 {
                continue;
            }
            list.push((index, Spoil::Share { with, offset: 0 }, Must::Refuse));
            let align = self.align(index);
            if size > align {
                let offset = (size - 1) / align * align;
                list.push((index, Spoil::Share { with, offset }, Must::Refuse));
            }
        }
        list
    }

    fn size(&self, leaf: usize) -> usize {
        match &self.leaves[leaf].slot {
            Slot::Buffer { bytes, .. } => bytes.len(),
            _ => self.leaves[leaf].size,
        }
    }

    fn align(&self, leaf: usize) -> usize {
        match &self.leaves[leaf].slot {
            Slot::Buffer { align, .. } => *align,
            _ => align_of::<usize>(),
        }
    }

    fn attempt(&mut self, spoils: &[(usize, Spoil)], must: Must) {
        let what: Vec<_> = spoils
            .iter()
            .map(|(leaf, spoil)| {
                let text = format!("{spoil:?}");
                format!("{} = {:.300}", self.leaves[*leaf].path, text)
            })
            .collect();
        let what = format!("{}: {}", self.case.name, what.join(", "));
        let scene = Scene::build(self, spoils);
        let before = scene.contents();
        scene.protect();
        crash::next(what.clone());
        let status = (self.case.call)(&scene.arguments);
        crash::done();
        self.calls += 1;
        assert_ne!(status, LIMBER_STATUS_PANIC, "{what}: panicked with {:?}", last_error());
        // Three functions answer with a number.
        assert!(status >= 0 || self.statuses.contains_key(&status), "{what}: status {status}");
        match must {
            Must::Succeed => assert!(status >= LIMBER_STATUS_OK, "{what}: {}", last_error()),
            Must::Refuse => assert!(status < LIMBER_STATUS_OK, "{what}: accepted"),
            Must::Answer => (),
        }
        assert!(scene.memory.iter().flatten().all(Guarded::is_intact), "{what}: wrote before");
        if status < LIMBER_STATUS_OK {
            assert!(!last_error().is_empty() || self.case.name == "limber_last_error", "{what}");
            for (leaf, (old, new)) in before.iter().zip(scene.contents()).enumerate() {
                let slot = &self.leaves[leaf].slot;
                if !matches!(slot, Slot::Buffer { role: Role::Needed, .. }) {
                    let path = &self.leaves[leaf].path;
                    assert_eq!(*old, new, "{what}: refused with {status}, but {path} changed");
                }
            }
        }
    }
}

/// The memory and the arguments of one call.
struct Scene {
    memory: Vec<Option<Guarded>>,
    read_only: Vec<bool>,
    arguments: Vec<u64>,
}

impl Scene {
    fn build(attacker: &Attacker, spoils: &[(usize, Spoil)]) -> Self {
        let leaves = &attacker.leaves;
        let of = |leaf: usize| spoils.iter().rev().find(|(l, _)| *l == leaf).map(|(_, s)| s);
        let mut memory: Vec<Option<Guarded>> = Vec::new();
        let mut read_only = Vec::new();
        for (index, leaf) in leaves.iter().enumerate() {
            let shared = spoils.iter().find_map(|(l, spoil)| match spoil {
                Spoil::Share { with, offset } if *with == index => Some((*l, *offset)),
                _ => None,
            });
            let (bytes, align, role) = match &leaf.slot {
                Slot::Buffer { bytes, align, role, .. } => (bytes.clone(), *align, *role),
                Slot::View { .. } => (vec![0; leaf.size], align_of::<usize>(), Role::In),
                _ => {
                    memory.push(None);
                    read_only.push(false);
                    continue;
                }
            };
            let mut bytes = match of(index) {
                Some(Spoil::Contents(contents)) => contents.clone(),
                _ => bytes,
            };
            // Room for an output that another spoil lays over this buffer.
            if let Some((guest, offset)) = shared {
                bytes.resize(bytes.len().max(offset + attacker.size(guest)), 0);
            }
            let skew = usize::from(matches!(of(index), Some(Spoil::Misalign)));
            memory.push(Some(Guarded::new(&bytes, align.max(8), skew)));
            read_only.push(matches!(role, Role::In | Role::Fixed) && shared.is_none());
        }
        let mut scene = Self { memory, read_only, arguments: vec![0; attacker.case.slots.len()] };
        // Fields follow their views in the list, but a view's memory may hold a guest.
        for (index, leaf) in leaves.iter().enumerate() {
            if matches!(leaf.slot, Slot::View { .. }) {
                let size = match of(index) {
                    Some(Spoil::StructSize(size)) => *size,
                    _ => leaf.size,
                };
                scene.put(Place::Field { view: index, offset: 0, size: 8 }, size as u64);
            }
            let value = scene.value(index, leaf, of(index));
            scene.put(leaf.place, value);
        }
        scene
    }

    fn value(&self, index: usize, leaf: &Leaf, spoil: Option<&Spoil>) -> u64 {
        match (spoil, &leaf.slot) {
            (Some(Spoil::Null), _) => 0,
            (Some(Spoil::Bits(bits)), _) => *bits,
            (Some(Spoil::Share { with, offset }), _) => {
                (self.memory[*with].as_ref().expect("a buffer").address() + offset) as u64
            }
            (_, Slot::Buffer { .. } | Slot::View { .. }) => {
                self.memory[index].as_ref().expect("a buffer").address() as u64
            }
            (_, Slot::Count { value, .. } | Slot::Room(value)) => *value as u64,
            (_, Slot::Choice(value) | Slot::Number(value)) => *value,
            (_, Slot::Handle(value)) => *value as u64,
            (_, Slot::Float(value)) => u64::from(value.to_bits()),
        }
    }

    fn put(&mut self, place: Place, value: u64) {
        match place {
            Place::Argument(index) => self.arguments[index] = value,
            Place::Field { view, offset, size } => {
                let bytes = value.to_ne_bytes();
                let low = if cfg!(target_endian = "little") { 0 } else { 8 - size };
                let memory = self.memory[view].as_mut().expect("a view");
                memory.write(offset, &bytes[low..low + size]);
            }
        }
    }

    fn protect(&self) {
        for (memory, read_only) in self.memory.iter().zip(&self.read_only) {
            if let (Some(memory), true) = (memory, read_only) {
                memory.protect();
            }
        }
    }

    fn contents(&self) -> Vec<Vec<u8>> {
        self.memory
            .iter()
            .map(|memory| memory.as_ref().map(|m| m.bytes().to_vec()).unwrap_or_default())
            .collect()
    }
}

const ODD_FLOATS: [f32; 9] = [
    f32::NAN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::MAX,
    f32::MIN,
    f32::MIN_POSITIVE,
    1e-45,
    -0.0,
    -1e9,
];

/// Contents that no caller means: odd floats everywhere, then in one element each.
fn fills(good: &[u8]) -> Vec<Vec<u8>> {
    let mut list: Vec<Vec<u8>> =
        [0x00, 0xFF, 0x7F, 0x80, 0x01].map(|byte| vec![byte; good.len()]).into();
    for value in ODD_FLOATS {
        let bytes = value.to_ne_bytes();
        list.push(good.iter().enumerate().map(|(i, _)| bytes[i % 4]).collect());
        for at in [0, good.len() / 8 * 4, good.len().saturating_sub(4) / 4 * 4] {
            if at + 4 <= good.len() {
                let mut one = good.to_vec();
                one[at..at + 4].copy_from_slice(&bytes);
                list.push(one);
            }
        }
    }
    // Indices: to itself, to the next one, far away.
    for step in [0, 1, 1_000_000] {
        let numbers = (0..good.len() as i32 / 4).flat_map(|i| (i + step).to_ne_bytes());
        let mut bytes: Vec<u8> = numbers.collect();
        bytes.resize(good.len(), 0xFF);
        list.push(bytes);
    }
    list
}

fn last_error() -> String {
    let mut buffer = [0 as core::ffi::c_char; 400];
    // SAFETY: the buffer holds as many bytes as said.
    let status =
        unsafe { limber_last_error(buffer.as_mut_ptr(), buffer.len(), std::ptr::null_mut()) };
    assert_eq!(status, LIMBER_STATUS_OK);
    // SAFETY: always terminated.
    unsafe { std::ffi::CStr::from_ptr(buffer.as_ptr()) }.to_string_lossy().into_owned()
}

/// A small random generator (splitmix64), the same on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// A few bytes changed, or all.
    fn disturb(&mut self, good: &[u8]) -> Vec<u8> {
        let mut bytes = good.to_vec();
        let changes = if self.below(4) == 0 { bytes.len() } else { 1 + self.below(4) };
        for _ in 0..changes {
            if !bytes.is_empty() {
                let at = self.below(bytes.len());
                bytes[at] = self.next() as u8;
            }
        }
        bytes
    }
}
