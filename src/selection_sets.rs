//! Bone selection sets: lists of bone names, and the bones that they mean as bit masks.
//!
//! Sets hold names and are shared by every rig whose bones have them. A bit mask has one bit a
//! bone: bone `b` is bit `b % 64` of word `b / 64`.

use crate::names::{NameHasher, NameTable};
use crate::select::Bones;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

type Names<'a> = HashSet<&'a [u8], BuildHasherDefault<NameHasher>>;

/// Words of a bit mask of `count` bones.
pub fn words(count: usize) -> usize {
    count.div_ceil(64)
}

/// The bit mask of the bones whose names are in `set`.
pub fn members(bones: &NameTable, set: &NameTable) -> Vec<u64> {
    let set: Names = set.iter().collect();
    let mut bits = vec![0; words(bones.len())];
    for (bone, name) in bones.iter().enumerate() {
        if set.contains(name) {
            bits[bone / 64] |= 1 << (bone % 64);
        }
    }
    bits
}

/// Which of `chosen` a set has to take in so that it holds all of them, each name once.
pub fn missing(set: &NameTable, chosen: &NameTable) -> Vec<bool> {
    let mut held: Names = set.iter().collect();
    chosen.iter().map(|name| held.insert(name)).collect()
}

/// Which names of a set stay when each of `chosen` takes out the first that equals it.
///
/// A name that a set holds twice goes twice only if it is chosen twice.
pub fn kept(set: &NameTable, chosen: &NameTable) -> Vec<bool> {
    let mut leaving: HashMap<&[u8], usize, BuildHasherDefault<NameHasher>> = HashMap::default();
    for name in chosen.iter() {
        *leaving.entry(name).or_insert(0) += 1;
    }
    set.iter()
        .map(|name| match leaving.get_mut(name) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        })
        .collect()
}

/// Selects the visible bones of a bit mask (unselectable ones too), or deselects them.
pub fn select(bones: &mut Bones, members: &[u64], on: bool) {
    for bone in 0..bones.len() {
        if members[bone / 64] >> (bone % 64) & 1 != 0 && bones.visible(bone) {
            bones.select[bone] = u8::from(on);
        }
    }
}

/// A name that no set has: `wanted`, or with the smallest number from 1 that is free, written
/// with at least three digits. `Set.5` and `Set.005` both take the number 5.
pub fn unique_name(sets: &NameTable, wanted: &[u8]) -> Vec<u8> {
    if !sets.iter().any(|name| name == wanted) {
        return wanted.to_vec();
    }
    let taken: HashSet<usize> = sets
        .iter()
        .filter_map(|name| name.strip_prefix(wanted)?.strip_prefix(b"."))
        .filter(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
        // A number too large to parse is not among the smallest free ones.
        .filter_map(|digits| core::str::from_utf8(digits).ok()?.parse().ok())
        .collect();
    let mut number = 1;
    while taken.contains(&number) {
        number += 1;
    }
    let mut name = wanted.to_vec();
    name.extend_from_slice(format!(".{number:03}").as_bytes());
    name
}
