//! Bone names: the other side's name, side tags, and keeping names unique.
//!
//! Names are bytes of UTF-8 (anything else is carried through as it is), at most [`MAX_BYTES`]
//! long where they belong to a bone. Case tests are ASCII only, as Blender's are.

use crate::error::{Error, Result};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A bone's name holds at most this many bytes.
pub const MAX_BYTES: usize = 63;

/// The name that a bone gets when it is asked to have an empty one.
pub const DEFAULT_NAME: &[u8] = b"Bone";

/// Texts one after the other, each ended by a NUL byte.
#[derive(Clone, Debug)]
pub struct NameTable<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> NameTable<'a> {
    /// Finds the `count` names in `text`; `arg` names the argument in the error.
    pub fn new(arg: &'static str, text: &'a [u8], count: usize) -> Result<Self> {
        let wrong = Error::BadSize {
            arg,
            value: text.len(),
            why: "the text must hold every name, each ended by a NUL byte, and nothing else",
        };
        // A name takes at least its NUL, so a wild count is refused before memory is asked for.
        if count > text.len() || (count == 0) != text.is_empty() {
            return Err(wrong);
        }
        let mut starts = Vec::with_capacity(count + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(0, text).map(|at| at + 1));
        if starts.len() != count + 1 || starts[count] != text.len() {
            return Err(wrong);
        }
        Ok(Self { text, starts })
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no name at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One name without its NUL.
    pub fn get(&self, index: usize) -> &'a [u8] {
        &self.text[self.starts[index]..self.starts[index + 1] - 1]
    }

    /// All names in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// From a name to the first index that has it.
    pub(crate) fn index(&self) -> HashMap<&'a [u8], usize, BuildHasherDefault<NameHasher>> {
        let mut map = HashMap::default();
        map.reserve(self.len());
        for (index, name) in self.iter().enumerate() {
            map.entry(name).or_insert(index);
        }
        map
    }
}

/// FNV-1a, folded 8 bytes at a time: names are short, and nobody attacks his own rig.
#[derive(Clone, Copy)]
pub(crate) struct NameHasher(u64);

impl Default for NameHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let word = u64::from_le_bytes(word.try_into().unwrap_or_default());
            self.0 = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            self.0 ^= self.0 >> 29;
        }
        for byte in words.remainder() {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// The longest part of `name` with at most `max` bytes that does not end inside a character.
pub fn truncate(name: &[u8], max: usize) -> &[u8] {
    if name.len() <= max {
        return name;
    }
    let mut end = max;
    // A character has at most three continuation bytes; more of them are no UTF-8 at all.
    while end > 0 && max - end < 4 && name[end] & 0xC0 == 0x80 {
        end -= 1;
    }
    if name[end] & 0xC0 == 0x80 { &name[..max] } else { &name[..end] }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'.' | b' ' | b'-' | b'_')
}

fn swapped_letter(byte: u8) -> Option<u8> {
    match byte {
        b'l' => Some(b'r'),
        b'r' => Some(b'l'),
        b'L' => Some(b'R'),
        b'R' => Some(b'L'),
        _ => None,
    }
}

/// Where the number part (`.001`) of a name begins; the name's length if it has none.
fn number_start(name: &[u8]) -> usize {
    if name.last().is_none_or(|last| !last.is_ascii_digit()) {
        return name.len();
    }
    match name.iter().rposition(|byte| *byte == b'.') {
        // The byte after the dot alone decides: `.1abc2` counts as a number.
        Some(dot) if name[dot + 1].is_ascii_digit() => dot,
        _ => name.len(),
    }
}

/// The first `word` in `body` without regard to case, if it begins or ends the body.
fn find_word(body: &[u8], word: &[u8]) -> Option<usize> {
    let at = body.windows(word.len()).position(|part| part.eq_ignore_ascii_case(word))?;
    (at == 0 || at + word.len() == body.len()).then_some(at)
}

/// `word` (lower case) in the case of the text that it replaces.
fn in_case_of(old: &[u8], word: &[u8]) -> Vec<u8> {
    if old[0].is_ascii_lowercase() {
        word.to_vec()
    } else if old[1].is_ascii_uppercase() {
        word.to_ascii_uppercase()
    } else {
        let mut result = word.to_vec();
        result[0] = result[0].to_ascii_uppercase();
        result
    }
}

/// The name of the same thing on the other side: `hand.L` to `hand.R`, `LeftArm` to `RightArm`.
///
/// A single letter with a separator (`.`, space, `-`, `_`) before it at the end, else after it at
/// the beginning; else `left` or `right` at the beginning or end of a name of more than five
/// bytes. A number such as `.001` at the end is looked past and, with `strip_numbers`, dropped,
/// also when the name has no side. Names of one or two bytes stay. The result is not cut at
/// [`MAX_BYTES`], and is the name itself where there is no side.
pub fn flip_side(name: &[u8], strip_numbers: bool) -> Vec<u8> {
    if name.len() < 3 {
        return name.to_vec();
    }
    let (body, number) = name.split_at(number_start(name));
    let number = if strip_numbers { &[] } else { number };
    let mut flipped = flip_body(body);
    flipped.extend_from_slice(number);
    flipped
}

fn flip_body(body: &[u8]) -> Vec<u8> {
    let mut result = body.to_vec();
    let length = body.len();
    if length < 2 {
        return result;
    }
    if is_separator(body[length - 2])
        && let Some(letter) = swapped_letter(body[length - 1])
    {
        result[length - 1] = letter;
    } else if is_separator(body[1])
        && let Some(letter) = swapped_letter(body[0])
    {
        result[0] = letter;
    } else if length > 5 {
        // "right" is tried first, and only its first occurrence.
        for (word, other) in [(&b"right"[..], &b"left"[..]), (b"left", b"right")] {
            if let Some(at) = find_word(body, word) {
                let replaced = at..at + word.len();
                result.splice(replaced.clone(), in_case_of(&body[replaced], other));
                break;
            }
        }
    }
    result
}

/// For every bone the bone on the other side: whose name is [`flip_side`] of its own, numbers
/// kept. `None` where that is the bone's own name or no bone has it.
pub fn mirror_bones(names: &NameTable) -> Vec<Option<usize>> {
    let index = names.index();
    names
        .iter()
        .map(|name| {
            let other = flip_side(name, false);
            if other == name { None } else { index.get(other.as_slice()).copied() }
        })
        .collect()
}

/// Axis along which [`autoside`] tells sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Left (`.L`, positive) and right (`.R`).
    X,
    /// Back (`.Bk`, positive) and front (`.Fr`).
    Y,
    /// Top (`.Top`, positive) and bottom (`.Bot`).
    Z,
}

impl Axis {
    /// The axis with Blender's number: 0, 1, 2.
    pub fn from_number(number: u32) -> Option<Self> {
        [Axis::X, Axis::Y, Axis::Z].get(number as usize).copied()
    }

    /// The tag of a side, by the sign of `side`; none on the middle.
    fn tag(self, side: f32) -> Option<&'static [u8]> {
        let (negative, positive): (&[u8], &[u8]) = match self {
            Axis::X => (b"R", b"L"),
            Axis::Y => (b"Fr", b"Bk"),
            Axis::Z => (b"Bot", b"Top"),
        };
        if side < 0.0 {
            Some(negative)
        } else if side > 0.0 {
            Some(positive)
        } else {
            None
        }
    }
}

fn strip_tags(mut name: &[u8]) -> &[u8] {
    loop {
        let n = name.len();
        let cut = if n > 2 && name[n - 2] == b'.' {
            matches!(name[n - 1], b'L' | b'R').then_some(2)
        } else if n > 3 && name[n - 3] == b'.' {
            matches!(&name[n - 2..], b"Fr" | b"Bk").then_some(3)
        } else if n > 4 && name[n - 4] == b'.' {
            matches!(&name[n - 3..], b"Top" | b"Bot").then_some(4)
        } else {
            None
        };
        match cut {
            Some(bytes) => name = &name[..n - bytes],
            None => return name,
        }
    }
}

/// The name with the tag of the side on which the bone lies, or `None` if it lies in the middle.
///
/// `head` and `tail` are the axis's component of the two ends. The head decides unless it is
/// closer than one single-precision epsilon to zero; then the tail does, whatever its size.
/// Tags that the name already ends with are taken off first. At most 62 bytes.
pub fn autoside(name: &[u8], axis: Axis, head: f32, tail: f32) -> Option<Vec<u8>> {
    // Not `<`: a head that is not a number must not hand over to the tail.
    let side = if head.abs() >= f32::EPSILON || head.is_nan() { head } else { tail };
    let tag = axis.tag(side)?;
    let base = truncate(strip_tags(name), MAX_BYTES - 2 - tag.len());
    let mut result = Vec::with_capacity(base.len() + 1 + tag.len());
    result.extend_from_slice(base);
    result.push(b'.');
    result.extend_from_slice(tag);
    Some(result)
}

/// Splits `hand.L.012` into `hand.L` and 12; without a number the whole name and 0.
fn split_number(name: &[u8]) -> (&[u8], i64) {
    let Some(dot) = name.iter().rposition(|byte| *byte == b'.') else {
        return (name, 0);
    };
    let digits = &name[dot + 1..];
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return (name, 0);
    }
    // Only numbers of a signed 32-bit integer count as such.
    let number = core::str::from_utf8(digits).ok().and_then(|text| text.parse::<i32>().ok());
    number.map_or((name, 0), |number| (&name[..dot], i64::from(number)))
}

/// One rename: the bone and the name that it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// Index of the bone.
    pub bone: usize,
    /// Its new name.
    pub name: Vec<u8>,
}

/// The names of one armature while bones are renamed one after the other, each kept unique.
#[derive(Clone, Debug)]
pub struct Renamer {
    names: Vec<Vec<u8>>,
    users: HashMap<Vec<u8>, usize>,
    /// For a base name the numbers `(from, to)`: all between the two, ends excluded, are taken.
    /// Keeps a thousand bones that want one name linear.
    taken: HashMap<Vec<u8>, (i64, i64)>,
    steps: Vec<Rename>,
}

impl Renamer {
    /// Starts from the present names.
    pub fn new(names: &NameTable) -> Self {
        let names: Vec<Vec<u8>> = names.iter().map(<[u8]>::to_vec).collect();
        let mut users = HashMap::with_capacity(names.len());
        for name in &names {
            *users.entry(name.clone()).or_insert(0) += 1;
        }
        Self { names, users, taken: HashMap::new(), steps: Vec::new() }
    }

    /// The present name of a bone.
    pub fn name(&self, bone: usize) -> &[u8] {
        &self.names[bone]
    }

    /// All present names.
    pub fn names(&self) -> &[Vec<u8>] {
        &self.names
    }

    /// The renames so far, in order.
    pub fn into_steps(self) -> Vec<Rename> {
        self.steps
    }

    /// Gives `bone` the name `wanted`, or the next free one, as setting a bone's name does.
    ///
    /// Longer names are cut, an empty one becomes [`DEFAULT_NAME`]. A taken name gets a number
    /// one above its own; it also counts as taken when only this bone has it.
    pub fn rename(&mut self, bone: usize, wanted: &[u8]) {
        let mut wanted = truncate(wanted, MAX_BYTES);
        if wanted == self.names[bone] {
            return;
        }
        if wanted.is_empty() {
            wanted = DEFAULT_NAME;
        }
        let name = self.free_name(wanted);
        if name == self.names[bone] {
            return;
        }
        let old = core::mem::replace(&mut self.names[bone], name.clone());
        self.release(&old);
        *self.users.entry(name.clone()).or_insert(0) += 1;
        self.steps.push(Rename { bone, name });
    }

    fn release(&mut self, name: &[u8]) {
        if let Some(count) = self.users.get_mut(name) {
            *count -= 1;
            if *count > 0 {
                return;
            }
            self.users.remove(name);
        }
        let (base, number) = split_number(name);
        if let Some((from, to)) = self.taken.get_mut(base)
            && (*from < number && number < *to)
        {
            *to = number;
        }
    }

    fn free_name(&mut self, wanted: &[u8]) -> Vec<u8> {
        if !self.users.contains_key(wanted) {
            return wanted.to_vec();
        }
        let (base, start) = split_number(wanted);
        // Where bases are cut to fit, several share one name, and nothing is remembered.
        let remembered = base.len() + 12 <= MAX_BYTES;
        let (mut from, mut number) = (start, start);
        if remembered
            && let Some((low, next)) = self.taken.get(base)
            && (*low <= start && start < *next)
        {
            from = *low;
            number = *next - 1;
        }
        loop {
            number += 1;
            let suffix = format!(".{number:03}");
            let mut name = truncate(base, MAX_BYTES - suffix.len()).to_vec();
            name.extend_from_slice(suffix.as_bytes());
            if !self.users.contains_key(&name) {
                if remembered {
                    self.taken.insert(base.to_vec(), (from, number));
                }
                return name;
            }
        }
    }
}

/// Renames the bones of one armature to the other side's names, as Blender's Flip Names does.
///
/// Pass one renames each of `bones` in order; those that did not get their name because it was
/// taken are renamed once more in pass two, when the other side has moved away. A name whose
/// owner stays where it is ends up with a number (`arm.R.002`), as in Blender.
pub fn flip_names(names: &NameTable, bones: &[usize], strip_numbers: bool) -> Renamer {
    let mut renamer = Renamer::new(names);
    let mut again = Vec::new();
    for &bone in bones {
        let flipped = flip_side(renamer.name(bone), strip_numbers);
        let wanted = truncate(&flipped, MAX_BYTES).to_vec();
        renamer.rename(bone, &wanted);
        if renamer.name(bone) != wanted {
            again.push((bone, wanted));
        }
    }
    for (bone, wanted) in again {
        renamer.rename(bone, &wanted);
    }
    renamer
}

/// Renames the bones of one armature by the side they lie on, see [`autoside`].
///
/// `head` and `tail` hold the component along `axis` of every bone's ends. Blender takes them
/// relative to the parent bone.
pub fn autoside_names(
    names: &NameTable,
    bones: &[usize],
    axis: Axis,
    head: &[f32],
    tail: &[f32],
) -> Renamer {
    let mut renamer = Renamer::new(names);
    for &bone in bones {
        if let Some(name) = autoside(renamer.name(bone), axis, head[bone], tail[bone]) {
            renamer.rename(bone, &name);
        }
    }
    renamer
}
