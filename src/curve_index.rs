//! Which bone and which property each F-curve of an action drives, from its data path.
//!
//! An action is a flat list of curves; what an operator needs is the way from a bone to its
//! curves. One pass over all paths with a hash table of the bones' names gives it, where a search
//! for each bone would be quadratic.

use crate::Rules;
use crate::names::NameHasher;
use memchr::{memchr2, memmem};
use std::hash::Hasher;

/// What a curve of a bone animates; the numbers are those of the C header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Property {
    /// No property that a pose slide knows.
    None = 0,
    Location = 1,
    RotationQuaternion = 2,
    RotationEuler = 3,
    RotationAxisAngle = 4,
    Scale = 5,
    BboneCurveInX = 6,
    BboneCurveInZ = 7,
    BboneCurveOutX = 8,
    BboneCurveOutZ = 9,
    BboneRollIn = 10,
    BboneRollOut = 11,
    BboneEaseIn = 12,
    BboneEaseOut = 13,
    BboneScaleIn = 14,
    BboneScaleOut = 15,
    /// A custom property; its name begins at [`Entry::rest`].
    Custom = 16,
}

impl Property {
    /// The property with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        use Property::*;
        const ALL: [Property; 17] = [
            None,
            Location,
            RotationQuaternion,
            RotationEuler,
            RotationAxisAngle,
            Scale,
            BboneCurveInX,
            BboneCurveInZ,
            BboneCurveOutX,
            BboneCurveOutZ,
            BboneRollIn,
            BboneRollOut,
            BboneEaseIn,
            BboneEaseOut,
            BboneScaleIn,
            BboneScaleOut,
            Custom,
        ];
        ALL.get(number as usize).copied()
    }

    /// The class that a curve of this property belongs to.
    pub fn class(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Location => class::LOCATION,
            Self::RotationQuaternion | Self::RotationEuler | Self::RotationAxisAngle => {
                class::ROTATION
            }
            Self::Scale => class::SCALE,
            Self::Custom => class::CUSTOM,
            _ => class::BBONE,
        }
    }

    fn from_rest(rest: &[u8]) -> Self {
        match rest.strip_prefix(b".").unwrap_or(rest) {
            b"location" => Self::Location,
            b"rotation_quaternion" => Self::RotationQuaternion,
            b"rotation_euler" => Self::RotationEuler,
            b"rotation_axis_angle" => Self::RotationAxisAngle,
            b"scale" => Self::Scale,
            b"bbone_curveinx" => Self::BboneCurveInX,
            b"bbone_curveinz" => Self::BboneCurveInZ,
            b"bbone_curveoutx" => Self::BboneCurveOutX,
            b"bbone_curveoutz" => Self::BboneCurveOutZ,
            b"bbone_rollin" => Self::BboneRollIn,
            b"bbone_rollout" => Self::BboneRollOut,
            b"bbone_easein" => Self::BboneEaseIn,
            b"bbone_easeout" => Self::BboneEaseOut,
            b"bbone_scalein" => Self::BboneScaleIn,
            b"bbone_scaleout" => Self::BboneScaleOut,
            rest if rest.starts_with(b"[\"") => Self::Custom,
            _ => Self::None,
        }
    }
}

/// The classes of curves by which the slides decide what takes part; bits.
pub mod class {
    /// Location.
    pub const LOCATION: u8 = 1;
    /// Rotation, whatever the representation.
    pub const ROTATION: u8 = 2;
    /// Scale.
    pub const SCALE: u8 = 4;
    /// Bendy-bone properties.
    pub const BBONE: u8 = 8;
    /// Custom properties.
    pub const CUSTOM: u8 = 16;
    /// All of them.
    pub const ALL: u8 = 31;
}

/// What one path says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Index of the bone, or `None`: the path names no bone of the table.
    pub bone: Option<u32>,
    /// What is animated.
    pub property: Property,
    /// One of [`class`], or 0: the curve takes no part.
    pub class: u8,
    /// Bytes of the path up to and with `pose.bones["…"]`; 0 without a bone.
    pub rest: u32,
}

impl Default for Entry {
    fn default() -> Self {
        NOTHING
    }
}

const NOTHING: Entry = Entry { bone: None, property: Property::None, class: 0, rest: 0 };
const PREFIX: &[u8] = b"pose.bones[\"";

/// [`NameHasher`] of one name, as far as a table needs it.
#[inline]
fn hash(name: &[u8]) -> u32 {
    let mut hasher = NameHasher::default();
    hasher.write(name);
    hasher.finish() as u32
}

/// The bone that the last path named, and how that path began.
#[derive(Clone, Copy, Default)]
pub struct Recent<'p> {
    bone: Option<u32>,
    start: &'p [u8],
}

/// The names of a rig's bones, ready for look-ups of data paths.
pub struct BoneTable {
    /// All names as they stand in paths, one after the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Open addressing: the hash of a name and its bone, or `FREE`. A power of two, never full.
    slots: Vec<(u32, u32)>,
    rules: Rules,
}

/// A slot without a bone.
const FREE: u32 = u32::MAX;

impl BoneTable {
    /// A table of the bones' names, UTF-8, not escaped; of two equal names the first counts.
    pub fn new<'a>(names: impl Iterator<Item = &'a [u8]>, rules: Rules) -> Self {
        let (mut text, mut ends) = (Vec::new(), Vec::with_capacity(names.size_hint().0));
        for name in names {
            escape(name, &mut text);
            ends.push(text.len());
        }
        let slots = vec![(0, FREE); (2 * ends.len()).next_power_of_two()];
        let mut table = Self { text, ends, slots, rules };
        for bone in 0..table.ends.len() as u32 {
            let sum = hash(table.name(bone));
            if let Err(free) = table.slot(sum, table.name(bone)) {
                table.slots[free] = (sum, bone);
            }
        }
        table
    }

    /// The name of a bone as it stands in paths.
    fn name(&self, bone: u32) -> &[u8] {
        let bone = bone as usize;
        let start = bone.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[bone]]
    }

    /// The bone of a name, or the free slot where it would stand.
    #[inline]
    fn slot(&self, sum: u32, name: &[u8]) -> core::result::Result<u32, usize> {
        let mut at = sum as usize;
        loop {
            at &= self.slots.len() - 1;
            let (other, bone) = self.slots[at];
            if bone == FREE {
                return Err(at);
            }
            if other == sum && self.name(bone) == name {
                return Ok(bone);
            }
            at += 1;
        }
    }

    /// What `path` animates.
    ///
    /// Blender 5.2 asks for `pose.bones["NAME"]` at the start and an exact property name behind
    /// it; Blender 4.5 takes the bone anywhere in the path, and the first of a few words found
    /// anywhere behind it.
    pub fn look_up(&self, path: &[u8]) -> Entry {
        self.look_up_after(path, &mut Recent::default())
    }

    /// [`BoneTable::look_up`] of the paths of one action, one after the other: curves of one bone
    /// mostly stand together, which `recent` remembers.
    #[inline]
    pub fn look_up_after<'p>(&self, path: &'p [u8], recent: &mut Recent<'p>) -> Entry {
        if let Some(bone) = recent.bone
            && path.starts_with(recent.start)
        {
            return self.entry(bone, path, recent.start.len());
        }
        let entry = self.search(path);
        if entry.bone.is_some() && path.starts_with(PREFIX) {
            *recent = Recent { bone: entry.bone, start: &path[..entry.rest as usize] };
        }
        entry
    }

    /// What stands behind the bone.
    #[inline]
    fn entry(&self, bone: u32, path: &[u8], rest: usize) -> Entry {
        let behind = &path[rest..];
        let property = Property::from_rest(behind);
        let class = match self.rules {
            Rules::Blender45 => match property {
                Property::None | Property::Custom => class_by_words(behind),
                // The word "scale" is found first in these.
                Property::BboneScaleIn | Property::BboneScaleOut => class::SCALE,
                known => known.class(),
            },
            Rules::Blender52 => {
                let name = behind.strip_prefix(b".").unwrap_or(behind);
                if name.starts_with(b"bbone_") { class::BBONE } else { property.class() }
            }
        };
        Entry { bone: Some(bone), property, class, rest: rest as u32 }
    }

    fn search(&self, path: &[u8]) -> Entry {
        match self.rules {
            Rules::Blender52 => {
                let Some((bone, rest)) = self.bone_at(path, 0) else { return NOTHING };
                self.entry(bone, path, rest)
            }
            Rules::Blender45 => {
                let mut from = 0;
                while let Some(at) = find(&path[from..], PREFIX) {
                    if let Some((bone, rest)) = self.bone_at(path, from + at) {
                        return self.entry(bone, path, rest);
                    }
                    from += at + PREFIX.len();
                }
                NOTHING
            }
        }
    }

    /// The bone whose `pose.bones["…"]` begins at `start`, and where it ends.
    fn bone_at(&self, path: &[u8], start: usize) -> Option<(u32, usize)> {
        let name = path[start..].strip_prefix(PREFIX)?;
        let mut i = memchr2(b'"', b'\\', name)?;
        while *name.get(i)? != b'"' {
            // An escaped letter is no quote that ends the name.
            i += 2;
            i += memchr2(b'"', b'\\', name.get(i..)?)?;
        }
        if *name.get(i + 1)? != b']' {
            return None;
        }
        let name = &name[..i];
        let bone = self.slot(hash(name), name).ok()?;
        Some((bone, start + PREFIX.len() + i + 2))
    }
}

/// Blender 4.5: the first of these words that occurs anywhere decides.
fn class_by_words(rest: &[u8]) -> u8 {
    const WORDS: [(&[u8], u8); 5] = [
        (b"location", class::LOCATION),
        (b"scale", class::SCALE),
        (b"rotation", class::ROTATION),
        (b"bbone_", class::BBONE),
        (b"[\"", class::CUSTOM),
    ];
    WORDS.iter().find(|(word, _)| find(rest, word).is_some()).map_or(0, |(_, class)| *class)
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    memmem::find(text, word)
}

/// Appends a name as it stands between the quotes of a data path.
fn escape(name: &[u8], out: &mut Vec<u8>) {
    if !name.iter().any(|byte| *byte < b' ' || matches!(byte, b'"' | b'\\')) {
        out.extend_from_slice(name);
        return;
    }
    for byte in name {
        let letter = match byte {
            b'"' | b'\\' => *byte,
            b'\t' => b't',
            b'\n' => b'n',
            b'\r' => b'r',
            0x07 => b'a',
            0x08 => b'b',
            0x0c => b'f',
            plain => {
                out.push(*plain);
                continue;
            }
        };
        out.extend([b'\\', letter]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(rules: Rules) -> BoneTable {
        let names: [&[u8]; 4] = [b"arm.L", br#"a"b\c"#, b"a", "\u{e9}\t".as_bytes()];
        BoneTable::new(names.into_iter(), rules)
    }

    fn look(path: &str, rules: Rules) -> (Option<u32>, Property, u8) {
        let entry = table(rules).look_up(path.as_bytes());
        (entry.bone, entry.property, entry.class)
    }

    #[test]
    fn both_rules_agree_on_plain_paths() {
        for rules in [Rules::Blender45, Rules::Blender52] {
            let loc = look(r#"pose.bones["arm.L"].location"#, rules);
            assert_eq!(loc, (Some(0), Property::Location, class::LOCATION));
            let quoted = look(r#"pose.bones["a\"b\\c"].rotation_euler"#, rules);
            assert_eq!(quoted, (Some(1), Property::RotationEuler, class::ROTATION));
            let custom = look(r#"pose.bones["a"]["prop"]"#, rules);
            assert_eq!(custom, (Some(2), Property::Custom, class::CUSTOM));
            let utf8 = look("pose.bones[\"\u{e9}\\t\"].bbone_rollin", rules);
            assert_eq!(utf8, (Some(3), Property::BboneRollIn, class::BBONE));
            assert_eq!(look(r#"pose.bones["b"].location"#, rules).0, None);
            assert_eq!(look("pose.bones[0].location", rules).0, None);
            assert_eq!(look("pose.bones['a'].location", rules).0, None);
            assert_eq!(look(r#"pose.bones["a\""#, rules).0, None);
            assert_eq!(look(r#"pose.bones["a"#, rules).0, None);
            assert_eq!(look("", rules).0, None);
        }
    }

    #[test]
    fn the_words_of_known_properties_are_known() {
        for number in 1..16 {
            let property = Property::from_number(number).unwrap();
            let name = NAMES_OF_PROPERTIES[usize::from(number) - 1];
            let entry = table(Rules::Blender45).look_up(format!("{A}.{name}").as_bytes());
            assert_eq!(entry.property, property, "{name}");
            assert_eq!(entry.class, class_by_words(format!(".{name}").as_bytes()), "{name}");
        }
    }

    const A: &str = "pose.bones[\"a\"]";
    const NAMES_OF_PROPERTIES: [&str; 15] = [
        "location",
        "rotation_quaternion",
        "rotation_euler",
        "rotation_axis_angle",
        "scale",
        "bbone_curveinx",
        "bbone_curveinz",
        "bbone_curveoutx",
        "bbone_curveoutz",
        "bbone_rollin",
        "bbone_rollout",
        "bbone_easein",
        "bbone_easeout",
        "bbone_scalein",
        "bbone_scaleout",
    ];

    #[test]
    fn the_versions_differ_where_words_occur_inside() {
        let cases = [
            (r#"pose.bones["a"].bbone_scalein"#, class::SCALE, class::BBONE),
            (r#"pose.bones["a"].constraints["lim"].influence"#, class::CUSTOM, 0),
            (r#"pose.bones["a"].constraints["my location"].influence"#, class::LOCATION, 0),
            (r#"pose.bones["a"]["my scale"]"#, class::SCALE, class::CUSTOM),
            (r#"x.pose.bones["a"].location"#, class::LOCATION, 0),
            (r#"pose.bones["a"].locationx"#, class::LOCATION, 0),
        ];
        for (path, old, new) in cases {
            assert_eq!(look(path, Rules::Blender45).2, old, "{path}");
            assert_eq!(look(path, Rules::Blender52).2, new, "{path}");
        }
    }

    proptest! {
        #[test]
        fn every_name_is_found_again(names in prop::collection::vec("[^\u{0}]{1,12}", 1..20)) {
            let table = BoneTable::new(names.iter().map(|n| n.as_bytes()), Rules::Blender52);
            for name in &names {
                let mut escaped = Vec::new();
                escape(name.as_bytes(), &mut escaped);
                let path = [PREFIX, &escaped, br#""].scale"#].concat();
                let entry = table.look_up(&path);
                let first = names.iter().position(|n| n == name).unwrap();
                prop_assert_eq!(entry.bone, Some(first as u32));
                prop_assert_eq!(entry.property, Property::Scale);
            }
        }

        #[test]
        fn what_was_looked_up_before_makes_no_difference(
            picks in prop::collection::vec((0..6usize, 0..5usize), 0..40),
        ) {
            let bones = ["arm.L", "a", "b", r#"a\"b\\c"#, "arm.L]", "a\"] pose.bones[\"a"];
            let rests = [".location", "[\"x\"]", ".scale", "", ".constraints[\"scale\"].x"];
            let paths: Vec<String> = picks
                .iter()
                .map(|(b, r)| format!("pose.bones[\"{}\"]{}", bones[*b], rests[*r]))
                .collect();
            for rules in [Rules::Blender45, Rules::Blender52] {
                let table = table(rules);
                let mut recent = Recent::default();
                for path in &paths {
                    let entry = table.look_up_after(path.as_bytes(), &mut recent);
                    prop_assert_eq!(entry, table.look_up(path.as_bytes()), "{}", path);
                }
            }
        }

        #[test]
        fn no_path_makes_it_panic(path in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut whole = PREFIX.to_vec();
            whole.extend(path);
            table(Rules::Blender45).look_up(&whole);
            table(Rules::Blender52).look_up(&whole);
        }
    }
}
