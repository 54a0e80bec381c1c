//! Spline IK: a chain of bones laid along a curve.

use crate::constraints::matrix::unit;
use crate::constraints::stretch::StretchTo;
use crate::inherit::{column_lengths, normalize_columns};
use crate::path::Path;
use glam::{Affine3A, Mat3A, Vec3A};

/// How long the bones get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum YScale {
    /// As long as at rest.
    None,
    /// As long as their part of the curve.
    #[default]
    FitCurve,
    /// As long as they were before.
    BoneOriginal,
}

/// How thick the bones get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum XzScale {
    /// As thick as at rest.
    #[default]
    None,
    /// As thick as they were before.
    BoneOriginal,
    /// The longer the thinner.
    InversePreserve,
    /// They keep their volume.
    VolumePreserve,
}

/// Settings of Spline IK.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SplineIk {
    /// The number of the curve.
    pub curve: usize,
    /// How many bones from the constraint's own upwards.
    pub chain_count: usize,
    /// The bones stay where the chain is, and only turn with the curve.
    pub chain_offset: bool,
    /// Every bone gets the same part of the curve; else each by its length.
    pub even_divisions: bool,
    /// They get thick with the curve's radius.
    pub curve_radius: bool,
    /// The thickness before is kept as a factor.
    pub original_scale: bool,
    /// How long the bones get.
    pub y_scale: YScale,
    /// How thick the bones get.
    pub xz_scale: XzScale,
    /// How the volume is kept: bulge and its bounds, as in Stretch To.
    pub bulge: StretchTo,
}

/// One bone of a chain.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Its length at rest.
    pub length: f32,
    /// The part of the curve that belongs to it.
    pub share: f32,
}

/// The parts of the curve that belong to bones of these lengths.
pub fn shares(lengths: impl ExactSizeIterator<Item = f32> + Clone, even: bool) -> Vec<f32> {
    let (count, total) = (lengths.len(), lengths.clone().sum::<f32>());
    let each = 1.0 / count as f32;
    lengths.map(|length| if even || total == 0.0 { each } else { length / total }).collect()
}

/// A place on the curve: which segment, which part of it.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    segment: usize,
    part: f32,
}

/// A curve in the space of the bones.
struct Rail<'a> {
    path: &'a Path,
    place: Affine3A,
}

impl Rail<'_> {
    fn at(&self, factor: f32) -> Vec3A {
        self.place.transform_point3a(self.path.position(factor))
    }

    /// The first point after the cursor that is this far from `head`, which is where the cursor is;
    /// beyond the end straight on.
    ///
    /// As in Blender all that is in the curve's own space, though the distance is one of bones; the
    /// search begins at the segment where `guess` of the length lies before, and nine steps of the
    /// secant method find the place on the segment's line, which may also be one before the segment.
    fn away(&self, head: Vec3A, distance: f32, guess: f32, cursor: &mut Cursor) -> Vec3A {
        let points = self.path.points();
        let last = points.len() - 1;
        let inside = |index: usize| points[index].distance(head) < distance;
        let begin = match guess < 1.0 {
            true => self.path.segment(guess).0.max(cursor.segment),
            false => last - 1,
        };
        let mut next = begin + 1;
        while next < last && inside(next) {
            next += 1;
        }
        let same = next == cursor.segment + 1;
        let from = if same { head } else { points[next - 1] };
        let along = points[next] - from;
        let beyond = |step: f32| (from + along * step).distance(head) - distance;
        let size = head.abs().max(points[next].abs()).max_element().max(1.0);
        let (mut old, mut step) = (0.0, 1.0);
        let (mut old_beyond, mut now) = (beyond(old), beyond(step));
        for _ in 0..9 {
            if now.abs() <= f32::EPSILON * size || now == old_beyond {
                break;
            }
            let better = step - now * (step - old) / (now - old_beyond);
            (old, old_beyond) = (step, now);
            (step, now) = (better, beyond(better));
        }
        let place = from + along * step;
        // A place before the segment counts as one as far behind its beginning, as in Blender.
        let whole = points[next].distance(points[next - 1]);
        *cursor = Cursor { segment: next - 1, part: place.distance(points[next - 1]) / whole };
        place
    }

    /// The part of the whole length that lies before a cursor.
    fn factor(&self, cursor: &Cursor) -> f32 {
        let lengths = self.path.lengths();
        let (from, to) = (lengths[cursor.segment], lengths[cursor.segment + 1]);
        (from + (to - from) * cursor.part) / self.path.length()
    }

    /// The radius at a cursor, beyond the segment's ends on in the same way.
    fn radius(&self, cursor: &Cursor) -> f32 {
        let radii = self.path.radii();
        let (from, to) = (radii[cursor.segment], radii[cursor.segment + 1]);
        from * (1.0 - cursor.part) + to * cursor.part
    }
}

/// A turn from one direction to another, by a part of the angle.
fn turn(from: Vec3A, to: Vec3A, part: f32) -> Mat3A {
    let mut axis = from.cross(to);
    if axis.length() < f32::EPSILON {
        let size = to.abs();
        let mut order = [0, 1, 2];
        order.sort_by(|a, b| size[*b].total_cmp(&size[*a]));
        let mut second = Vec3A::ZERO;
        second[order[1]] = 1.0;
        axis = second.cross(to);
    }
    let angle = from.dot(to).clamp(-1.0, 1.0).acos() * part;
    let axis = unit(axis);
    if axis == Vec3A::ZERO {
        Mat3A::IDENTITY
    } else {
        Mat3A::from_quat(glam::Quat::from_axis_angle(axis.into(), angle))
    }
}

/// What goes on from bone to bone.
struct State {
    factor: f32,
    /// From the chain before to the chain after the bones so far.
    moved: Affine3A,
    /// Where the bones so far end on the curve, in its own space.
    tail: Vec3A,
    radius: f32,
    cursor: Cursor,
}

impl SplineIk {
    /// Whether these settings give what Blender gives. Where bones keep a length of their own on a
    /// cyclic curve they do not always: along the line that closes it Blender finds something else
    /// from one evaluation to the next.
    pub fn is_known_on(&self, path: &Path) -> bool {
        self.y_scale == YScale::FitCurve || !path.is_cyclic()
    }

    /// Lays the bones along the path; `pose` holds their matrices, from root to tip. `place` is the
    /// curve's matrix in the armature's space, of the object alone without the curve's for
    /// `chain_offset`.
    pub fn solve(
        &self,
        path: &Path,
        place: &Affine3A,
        influence: f32,
        links: &[Link],
        pose: &mut [Affine3A],
    ) {
        let rail = Rail { path, place: *place };
        let total: f32 = links.iter().map(|link| link.length).sum();
        let stretch = match self.y_scale {
            YScale::FitCurve => 1.0,
            _ => total / path.length(),
        };
        let mut state = State {
            factor: 0.0,
            moved: Affine3A::IDENTITY,
            tail: path.position(0.0),
            radius: path.radius(0.0),
            cursor: Cursor { segment: 0, part: 0.0 },
        };
        for (index, (link, pose)) in links.iter().zip(pose).enumerate() {
            if link.length == 0.0 {
                pose.translation = rail.at(state.factor);
                continue;
            }
            self.bone(&rail, influence, stretch, index == 0, link, pose, &mut state);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn bone(
        &self,
        rail: &Rail,
        influence: f32,
        stretch: f32,
        is_root: bool,
        link: &Link,
        pose: &mut Affine3A,
        state: &mut State,
    ) {
        let old_tail = pose.translation + pose.matrix3.y_axis * link.length;
        let before = state.moved * *pose;
        let free = before.translation;
        let (mut head, mut tail) = (free, state.moved.transform_point3a(old_tail));
        let length = tail.distance(head);
        let scaled = length / link.length;
        let start = state.factor;
        let longer = if self.y_scale == YScale::BoneOriginal { scaled } else { 1.0 };
        let mut end = start + link.share * longer * stretch;
        let (mut on_curve, mut radius) = (0.0, 1.0);
        if start < 1.0 {
            let from = state.tail;
            let to = match self.y_scale {
                YScale::FitCurve => rail.path.position(end),
                YScale::BoneOriginal => rail.away(from, length, end, &mut state.cursor),
                YScale::None => rail.away(from, link.length, end, &mut state.cursor),
            };
            if self.y_scale != YScale::FitCurve {
                end = rail.factor(&state.cursor);
            }
            on_curve = if end >= 1.0 { (1.0 - start) / (end - start) } else { 1.0 };
            let at_end = match self.y_scale {
                YScale::FitCurve => rail.path.radius(end.min(1.0)),
                _ if end >= 1.0 => rail.path.radius(1.0),
                _ => rail.radius(&state.cursor),
            };
            radius = (state.radius + at_end) / 2.0;
            (state.tail, state.radius) = (to, at_end);
            (head, tail) = (rail.place.transform_point3a(from), rail.place.transform_point3a(to));
        }
        state.factor = end;
        let along = tail - head;
        let axes = normalize_columns(&before.matrix3);
        let weight = influence * on_curve;
        let turned = turn(axes.y_axis, unit(along), weight);
        let rigid = normalize_columns(&(turned * axes));
        let own = turned * before.matrix3;
        state.moved.matrix3 = turned * state.moved.matrix3;
        let factor = along.length() / link.length;
        let across =
            self.across(pose, factor, scaled) * if self.curve_radius { radius } else { 1.0 };
        let laid = Mat3A::from_cols(
            rigid.x_axis * across.x,
            rigid.y_axis * factor,
            rigid.z_axis * across.z,
        );
        let matrix3 = own + (laid - own) * weight;
        let translation = match influence < 1.0 {
            _ if self.chain_offset => free,
            true if is_root => free + (head - free) * influence,
            true => free,
            false => head,
        };
        *pose = Affine3A { matrix3, translation };
        let new_tail = translation + matrix3.y_axis * link.length;
        state.moved.translation = new_tail - state.moved.matrix3 * old_tail;
    }

    /// How thick a bone gets that is `factor` times as long as at rest and was `scaled` times.
    fn across(&self, pose: &Affine3A, factor: f32, scaled: f32) -> Vec3A {
        if self.xz_scale == XzScale::None {
            return Vec3A::ONE;
        }
        let (mut size, mut factor) = (Vec3A::ONE, factor);
        if self.xz_scale == XzScale::BoneOriginal || self.original_scale {
            size = column_lengths(&pose.matrix3);
            factor /= scaled;
        }
        let thin = 1.0 / factor.abs();
        size * match self.xz_scale {
            XzScale::InversePreserve => thin.clamp(1e-4, 1e5),
            XzScale::VolumePreserve => self.bulge.bulge(thin).sqrt(),
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Spline;

    /// A chain of three bones along Y, each of length 1.
    fn chain() -> ([Affine3A; 3], Vec<Link>) {
        let at = |y: f32| Affine3A::from_translation(glam::Vec3::new(0.0, y, 0.0));
        let links = shares([1.0; 3].into_iter(), false).into_iter();
        ([at(0.0), at(1.0), at(2.0)], links.map(|share| Link { length: 1.0, share }).collect())
    }

    fn solve(settings: &SplineIk, points: &[[f32; 3]], influence: f32) -> [Affine3A; 3] {
        let (mut pose, links) = chain();
        let path = Path::new(&Spline { points, ..Spline::default() }).unwrap();
        settings.solve(&path, &Affine3A::IDENTITY, influence, &links, &mut pose);
        pose
    }

    const LINE: [[f32; 3]; 2] = [[1.0, 0.0, 0.0], [1.0, 0.0, 6.0]];

    #[test]
    fn bones_fit_the_curve_or_keep_their_length() {
        let fit = solve(&SplineIk::default(), &LINE, 1.0);
        let kept = SplineIk { y_scale: YScale::None, ..SplineIk::default() };
        let kept = solve(&kept, &LINE, 1.0);
        for index in 0..3 {
            let at = |step: f32| Vec3A::new(1.0, 0.0, step * index as f32);
            assert!(fit[index].translation.abs_diff_eq(at(2.0), 1e-5), "{:?}", fit[index]);
            assert!(fit[index].matrix3.y_axis.abs_diff_eq(Vec3A::Z * 2.0, 1e-5));
            assert!(kept[index].translation.abs_diff_eq(at(1.0), 1e-5), "{:?}", kept[index]);
            assert!(kept[index].matrix3.y_axis.abs_diff_eq(Vec3A::Z, 1e-5));
        }
    }

    /// Heads and thickness of bones of these lengths, along Y, that keep them on a curve with radii.
    #[track_caller]
    fn check_thickness(spline: &Spline, lengths: &[f32], want: &[([f32; 3], f32)]) {
        let settings =
            SplineIk { y_scale: YScale::None, curve_radius: true, ..SplineIk::default() };
        let shares = shares(lengths.iter().copied(), true);
        let links =
            lengths.iter().zip(shares).map(|(length, share)| Link { length: *length, share });
        let links: Vec<Link> = links.collect();
        let mut at = 0.0;
        let mut pose: Vec<Affine3A> = lengths
            .iter()
            .map(|length| {
                at += length;
                Affine3A::from_translation(glam::Vec3::new(0.0, at - length, 0.0))
            })
            .collect();
        let path = Path::new(spline).unwrap();
        settings.solve(&path, &Affine3A::IDENTITY, 1.0, &links, &mut pose);
        for (pose, (head, thick)) in pose.iter().zip(want) {
            assert!(pose.translation.abs_diff_eq((*head).into(), 1e-5), "{pose:?}");
            assert!((pose.matrix3.x_axis.length() - thick).abs() < 1e-5, "{pose:?}");
        }
    }

    /// Numbers of Blender's Spline IK.
    #[test]
    fn bones_get_thick_with_the_curve() {
        let points = [[0.0; 3], [0.0, 0.0, 1.4], [0.0, 0.3, 0.1], [3.0, 0.3, 0.1]];
        let radius = Some(&[1.0, 2.0, 5.0, 1.0][..]);
        let want = [
            ([0.0; 3], 1.357_143),
            ([0.0, 0.0, 1.0], 3.146_324),
            ([0.316_228, 0.3, 0.1], 3.911_696),
            ([1.316_228, 0.3, 0.1], 2.578_363),
        ];
        check_thickness(&Spline { points: &points, radius, ..Spline::default() }, &[1.0; 4], &want);
        let points = [[0.0; 3], [0.0, 0.0, 1.4], [0.0, 3.0, 0.0]];
        let radius = Some(&[1.0, 2.0, 5.0][..]);
        let spline = Spline { points: &points, radius, cyclic: true, ..Spline::default() };
        let want = [want[0], ([0.0, 0.0, 1.0], 2.356_064), ([0.0, 0.997_842, 0.934_34], 3.450_933)];
        check_thickness(&spline, &[1.0; 3], &want);
    }

    /// Numbers of Blender's Spline IK: the short bone's even share of the curve is longer than it
    /// is, so that the search begins behind its end.
    #[test]
    fn a_place_behind_a_segment_counts_as_one_on_it() {
        let points = [[0.0; 3], [0.0, 0.0, 0.5], [0.0, 0.5, 0.5], [0.0, 0.5, 2.0], [0.0, 3.0, 2.0]];
        let radius = Some(&[1.0, 2.0, 5.0, 1.0, 3.0][..]);
        let want = [
            ([0.0; 3], 1.856_97),
            ([0.0, -0.118_99, 0.5], 2.035_2),
            ([0.0, 0.5, 1.866_328], 1.412_198),
        ];
        let spline = Spline { points: &points, radius, ..Spline::default() };
        check_thickness(&spline, &[0.4, 1.5, 0.6], &want);
    }

    #[test]
    fn what_gets_longer_gets_thinner() {
        let thin = SplineIk { xz_scale: XzScale::InversePreserve, ..SplineIk::default() };
        let pose = solve(&thin, &LINE, 1.0);
        assert!((pose[1].matrix3.x_axis.length() - 0.5).abs() < 1e-5);
    }

    #[test]
    fn no_number_ends() {
        for y_scale in [YScale::None, YScale::FitCurve, YScale::BoneOriginal] {
            let settings = SplineIk { y_scale, ..SplineIk::default() };
            solve(&settings, &[[0.0; 3], [f32::NAN; 3], [1.0; 3]], 0.5);
            solve(&settings, &[[0.0; 3], [f32::MAX; 3], [-f32::MAX; 3]], f32::NAN);
        }
    }
}
