//! Where the fields of a tool's own pose bone records lie, and the checks of it.

use super::args::view;
use super::keys::LIMBER_FIELD_ABSENT;
use super::record_layout::LINE;
use super::views::LimberPose;
use crate::error::{Error, Result};
use crate::pose::PoseMut;

/// Where the fields lie in a tool's own pose bone record: byte offsets, or LIMBER_FIELD_ABSENT.
///
/// Records form a list, each with the address of the next one. Fields may lie in any order,
/// aligned or not, with anything between them. All but `next` may be absent; an array of the pose
/// can then not be asked for.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberBoneLayout {
    /// sizeof(LimberBoneLayout)
    pub struct_size: usize,
    /// bytes of a record; every field ends within it
    pub record_size: usize,
    /// address of the next record, NULL = this is the last one; must be there
    pub next: usize,
    /// name_size bytes, the name, UTF-8 with a terminating 0
    pub name: usize,
    /// bytes of the name with its terminating 0
    pub name_size: usize,
    /// 3 floats
    pub location: usize,
    /// 4 floats, w x y z
    pub rotation_quaternion: usize,
    /// 3 floats
    pub rotation_euler: usize,
    /// 1 float, radians
    pub rotation_angle: usize,
    /// 3 floats
    pub rotation_axis: usize,
    /// 3 floats
    pub scale: usize,
    /// integer, LIMBER_ROTATION_*
    pub rotation_mode: usize,
    /// bytes of rotation_mode: 1, 2, 4 or 8; 0 = 4
    pub rotation_mode_size: usize,
    /// 1 float
    pub bbone_curveinx: usize,
    /// 1 float
    pub bbone_curveinz: usize,
    /// 1 float
    pub bbone_curveoutx: usize,
    /// 1 float
    pub bbone_curveoutz: usize,
    /// 1 float
    pub bbone_rollin: usize,
    /// 1 float
    pub bbone_rollout: usize,
    /// 1 float
    pub bbone_easein: usize,
    /// 1 float
    pub bbone_easeout: usize,
    /// 3 floats
    pub bbone_scalein: usize,
    /// 3 floats
    pub bbone_scaleout: usize,
    /// address that is not NULL where the bone has properties of its own
    pub properties: usize,
    /// a second such address
    pub more_properties: usize,
    /// address of the struct that has the flags, not NULL; LIMBER_FIELD_ABSENT = the record itself
    pub flag_owner: usize,
    /// byte of the flag "selected" in that struct, or in the record
    pub select: usize,
    /// the flag's bits in that byte, 1 to 255; 0 = there is no such flag
    pub select_bits: usize,
    /// byte of the flag "hidden"
    pub hide: usize,
    /// the flag's bits in that byte, 1 to 255; 0 = there is no such flag
    pub hide_bits: usize,
    /// marks, LIMBER_BONE_*, that a bone must have for its channels to be read, all of them; what
    /// the arrays hold of others stays. 0 or LIMBER_FIELD_ABSENT = the channels of every bone are
    /// read
    pub only: usize,
}
view!(LimberBoneLayout, more_properties: usize);

/// Mark of limber_bone_records_read(): the bone has properties of its own.
pub const LIMBER_BONE_HAS_PROPERTIES: u8 = 1;
/// Mark of limber_bone_records_read(): the flag "selected" is set.
pub const LIMBER_BONE_SELECTED: u8 = 2;
/// Mark of limber_bone_records_read(): the flag "hidden" is set.
pub const LIMBER_BONE_HIDDEN: u8 = 4;

/// A checked layout: every field ends within the record.
pub(crate) struct Fields(pub LimberBoneLayout);

impl Fields {
    pub(crate) fn new(layout: LimberBoneLayout) -> Result<Self> {
        let l = &layout;
        let floats = [
            ("layout.location", l.location, 3),
            ("layout.rotation_quaternion", l.rotation_quaternion, 4),
            ("layout.rotation_euler", l.rotation_euler, 3),
            ("layout.rotation_angle", l.rotation_angle, 1),
            ("layout.rotation_axis", l.rotation_axis, 3),
            ("layout.scale", l.scale, 3),
            ("layout.bbone_curveinx", l.bbone_curveinx, 1),
            ("layout.bbone_curveinz", l.bbone_curveinz, 1),
            ("layout.bbone_curveoutx", l.bbone_curveoutx, 1),
            ("layout.bbone_curveoutz", l.bbone_curveoutz, 1),
            ("layout.bbone_rollin", l.bbone_rollin, 1),
            ("layout.bbone_rollout", l.bbone_rollout, 1),
            ("layout.bbone_easein", l.bbone_easein, 1),
            ("layout.bbone_easeout", l.bbone_easeout, 1),
            ("layout.bbone_scalein", l.bbone_scalein, 3),
            ("layout.bbone_scaleout", l.bbone_scaleout, 3),
        ];
        for (arg, at, count) in floats {
            l.check(arg, at, 4 * count)?;
        }
        let address = size_of::<usize>();
        for (arg, at) in [
            ("layout.properties", l.properties),
            ("layout.more_properties", l.more_properties),
            ("layout.next", l.next),
        ] {
            l.check(arg, at, address)?;
        }
        l.check("layout.name", l.name, l.name_size)?;
        if l.next == LIMBER_FIELD_ABSENT {
            let why = "a bone record must have it";
            return Err(Error::BadSize { arg: "layout.next", value: l.next, why });
        }
        let size = l.mode_size();
        if !matches!(size, 1 | 2 | 4 | 8) {
            let why = "an integer has 1, 2, 4 or 8";
            return Err(Error::BadSize { arg: "layout.rotation_mode_size", value: size, why });
        }
        l.check("layout.rotation_mode", l.rotation_mode, size)?;
        l.check_flags()?;
        let fields = Self(layout);
        fields.only()?;
        Ok(fields)
    }

    /// The marks of the bones whose channels are read; 0 = of every one.
    pub(crate) fn only(&self) -> Result<u8> {
        let known = LIMBER_BONE_HAS_PROPERTIES | LIMBER_BONE_SELECTED | LIMBER_BONE_HIDDEN;
        if self.0.only == LIMBER_FIELD_ABSENT {
            return Ok(0);
        }
        match u8::try_from(self.0.only) {
            Ok(only) if only & !known == 0 => Ok(only),
            _ => {
                let (value, why) = (self.0.only, "not an OR of LIMBER_BONE_*");
                Err(Error::BadSize { arg: "layout.only", value, why })
            }
        }
    }

    /// Offsets in a record of the lines of memory, each once, that hold the channels.
    pub(crate) fn channel_lines(&self, pose: &PoseMut) -> Vec<usize> {
        let l = &self.0;
        if pose.location.is_none() {
            return Vec::new();
        }
        // A pose is asked for as a whole or not at all: the rest lies beside these.
        lines(&[
            (l.location, 12),
            (l.rotation_quaternion, 16),
            (l.rotation_axis, 12),
            (l.scale, 12),
            (l.rotation_mode, l.mode_size()),
            (l.bbone_curveinx, 4),
            (l.bbone_scalein, 12),
            (l.bbone_scaleout, 12),
        ])
    }

    /// The same of what else is asked for.
    pub(crate) fn other_lines(&self, names: bool, marks: bool) -> Vec<usize> {
        let l = &self.0;
        let mut fields = Vec::with_capacity(4);
        if names {
            fields.push((l.name, l.name_size));
        }
        if marks {
            fields.push((l.properties, size_of::<usize>()));
            fields.extend(l.flags().map(|(_, at, _)| match l.flag_owner {
                LIMBER_FIELD_ABSENT => (at, 1),
                owner => (owner, size_of::<usize>()),
            }));
        }
        lines(&fields)
    }

    /// An array of the pose can be asked for only where the records have the field.
    pub(crate) fn can_fill(&self, pose: &LimberPose) -> Result<()> {
        let l = &self.0;
        let has = |at: usize| at != LIMBER_FIELD_ABSENT;
        let wanted = [
            ("location", !pose.location.is_null(), has(l.location)),
            (
                "rotation_quaternion",
                !pose.rotation_quaternion.is_null(),
                has(l.rotation_quaternion),
            ),
            ("rotation_euler", !pose.rotation_euler.is_null(), has(l.rotation_euler)),
            (
                "rotation_axis_angle",
                !pose.rotation_axis_angle.is_null(),
                has(l.rotation_angle) && has(l.rotation_axis),
            ),
            ("scale", !pose.scale.is_null(), has(l.scale)),
            ("rotation_mode", !pose.rotation_mode.is_null(), has(l.rotation_mode)),
            ("bbone_curveinx", !pose.bbone_curveinx.is_null(), has(l.bbone_curveinx)),
            ("bbone_curveinz", !pose.bbone_curveinz.is_null(), has(l.bbone_curveinz)),
            ("bbone_curveoutx", !pose.bbone_curveoutx.is_null(), has(l.bbone_curveoutx)),
            ("bbone_curveoutz", !pose.bbone_curveoutz.is_null(), has(l.bbone_curveoutz)),
            ("bbone_rollin", !pose.bbone_rollin.is_null(), has(l.bbone_rollin)),
            ("bbone_rollout", !pose.bbone_rollout.is_null(), has(l.bbone_rollout)),
            ("bbone_easein", !pose.bbone_easein.is_null(), has(l.bbone_easein)),
            ("bbone_easeout", !pose.bbone_easeout.is_null(), has(l.bbone_easeout)),
            ("bbone_scalein", !pose.bbone_scalein.is_null(), has(l.bbone_scalein)),
            ("bbone_scaleout", !pose.bbone_scaleout.is_null(), has(l.bbone_scaleout)),
        ];
        match wanted.iter().find(|(_, asked, there)| *asked && !there) {
            None => Ok(()),
            Some((arg, ..)) => Err(missing(arg)),
        }
    }
}

/// Offsets of the lines of memory, each once, that hold fields of a record, each with its size.
fn lines(fields: &[(usize, usize)]) -> Vec<usize> {
    let there = fields.iter().filter(|(at, size)| *at != LIMBER_FIELD_ABSENT && *size > 0);
    let mut bytes: Vec<_> = there.flat_map(|(at, size)| [*at, at + size - 1]).collect();
    bytes.sort_unstable();
    // Records begin anywhere in a line: what is further apart than a line needs another one.
    let mut lines: Vec<usize> = Vec::new();
    for at in bytes {
        if lines.last().is_none_or(|last| at - last >= LINE / 2) {
            lines.push(at);
        }
    }
    lines
}

pub(crate) fn missing(arg: &'static str) -> Error {
    Error::BadSize { arg, value: LIMBER_FIELD_ABSENT, why: "the records do not have it" }
}

impl LimberBoneLayout {
    pub(crate) fn mode_size(&self) -> usize {
        if self.rotation_mode_size == 0 { 4 } else { self.rotation_mode_size }
    }

    /// The flags that there are: mark, byte and bits of each.
    pub(crate) fn flags(&self) -> impl Iterator<Item = (u8, usize, u8)> {
        [
            (LIMBER_BONE_SELECTED, self.select, self.select_bits as u8),
            (LIMBER_BONE_HIDDEN, self.hide, self.hide_bits as u8),
        ]
        .into_iter()
        .filter(|(_, at, bits)| *at != LIMBER_FIELD_ABSENT && *bits != 0)
    }

    fn check_flags(&self) -> Result<()> {
        let mut any = false;
        for (arg, at, bits_arg, bits) in [
            ("layout.select", self.select, "layout.select_bits", self.select_bits),
            ("layout.hide", self.hide, "layout.hide_bits", self.hide_bits),
        ] {
            if at == LIMBER_FIELD_ABSENT || bits == 0 {
                continue;
            }
            if bits > u8::MAX.into() {
                return Err(Error::BadSize {
                    arg: bits_arg,
                    value: bits,
                    why: "more than a byte has",
                });
            }
            any = true;
            if self.flag_owner == LIMBER_FIELD_ABSENT {
                self.check(arg, at, 1)?;
            }
        }
        let size = if any { size_of::<usize>() } else { 0 };
        self.check("layout.flag_owner", self.flag_owner, size)
    }

    pub(crate) fn check(&self, arg: &'static str, at: usize, size: usize) -> Result<()> {
        if at == LIMBER_FIELD_ABSENT {
            return Ok(());
        }
        match at.checked_add(size) {
            Some(end) if end <= self.record_size => Ok(()),
            _ => Err(Error::BadSize { arg, value: at, why: "the field ends beyond record_size" }),
        }
    }
}
