//! Plans of random rigs: what must hold whatever moves them.

#[path = "common/rig.rs"]
mod rig;

use limber::channels::Matrix;
use limber::constraints::{Axis, Kind, copy, distance};
use limber::evaluator::*;
use limber::expression::Expression;
use limber::fcurve::{Curve, Key};
use limber::par;
use proptest::prelude::*;
use std::sync::Mutex;

/// The number of threads is the process's.
static THREADS: Mutex<()> = Mutex::new(());

/// A rig with curves, constraints and drivers. Bones, constraints and drivers only look at bones
/// of smaller numbers, so that nothing goes in circles.
#[derive(Clone, Debug)]
struct Scene {
    rig: rig::RandomRig,
    pose: rig::RandomPose,
    custom: Vec<f32>,
    curves: Vec<(usize, Vec<Key>)>,
    constraints: Vec<Constraint>,
    targets: Vec<Target>,
    drivers: Vec<Driver>,
}

type Seeds = (Vec<(u16, u8, [f32; 4])>, Vec<(u16, u16, u8)>, Vec<(u16, u16, u8)>);

fn key(frame: f32, value: f32, interpolation: u8) -> Key {
    Key {
        point: [frame, value],
        handle_left: [frame - 2.0, value - 0.1],
        handle_right: [frame + 2.0, value + 0.2],
        interpolation,
        ..bytemuck::Zeroable::zeroed()
    }
}

fn kind(number: u8) -> Kind {
    match number % 5 {
        0 => Kind::CopyLocation(copy::CopyLocation {
            axes: [true, false, true],
            invert: [false; 3],
            offset: false,
        }),
        1 => Kind::CopyTransforms(copy::CopyTransforms {
            mix: copy::MixTransforms::After,
            remove_shear: false,
        }),
        2 => Kind::DampedTrack(Axis { index: 1, negative: false }),
        3 => Kind::LimitDistance(distance::LimitDistance {
            distance: 0.7,
            side: distance::Side::OnSurface,
        }),
        _ => Kind::Floor(distance::Floor {
            side: Axis { index: 2, negative: false },
            offset: 0.1,
            rotation: true,
        }),
    }
}

fn scene(rig: rig::RandomRig, pose: rig::RandomPose, (curves, links, drivers): Seeds) -> Scene {
    let n = rig.parents.len();
    let links: Vec<_> = links
        .iter()
        .map(|(bone, other, number)| (usize::from(*bone) % n, usize::from(*other), *number))
        .filter(|(bone, ..)| *bone > 0)
        .collect();
    let targets: Vec<_> = links
        .iter()
        .map(|(bone, other, number)| Target::Bone(other % bone, f32::from(*number % 3) * 0.4))
        .collect();
    let constraint = |(index, (bone, _, number)): (usize, &(usize, usize, u8))| Constraint {
        bone: *bone,
        effect: Effect::Known(kind(*number)),
        owner_space: if *number % 2 == 0 { Space::World } else { Space::Local },
        target_space: if *number % 3 == 0 { Space::Local } else { Space::World },
        space_bone: None,
        targets: index..index + 1,
    };
    let constraints: Vec<_> = links.iter().enumerate().map(constraint).collect();
    let custom = vec![0.5, -0.25, 0.0];
    let slots = Slots::new(n, constraints.len(), targets.len(), custom.len());
    let curves = curves.iter().map(|(slot, way, values)| {
        let keys = values.iter().enumerate();
        let keys = keys.map(|(at, value)| key(at as f32 * 5.0, *value, way % 3)).collect();
        (usize::from(*slot) % slots.len(), keys)
    });
    let driver = |(bone, other, number): &(u16, u16, u8)| {
        let bone = 1 + usize::from(*bone) % n.max(2);
        (bone < n).then(|| {
            let other = usize::from(*other) % bone;
            let reading = Reading::Transform(
                Anchor::Bone(other),
                VariableSpace::World,
                Part::Rotation(usize::from(number % 3), Angles::Auto),
            );
            let read = slots.at(Slot::Custom, usize::from(number % 3)).unwrap();
            let text = "a * 0.3 + sin(b) if frame > 7 else b";
            Driver {
                slot: slots.at(Slot::Location, 3 * bone + usize::from(number % 3)).unwrap(),
                rule: Rule::Expression(Expression::parse(text, &["a", "b"]).unwrap()),
                variables: vec![Variable::Reading(reading), Variable::Slot(read)],
                curve: None,
                write: Write::Float(Limits { min: -2.0, max: 2.0 }),
            }
        })
    };
    let drivers = drivers.iter().filter_map(driver).collect();
    Scene { curves: curves.collect(), rig, pose, custom, constraints, targets, drivers }
}

fn scenes() -> impl Strategy<Value = Scene> {
    rig::rigs(16).prop_flat_map(|rig| {
        let count = rig.parents.len();
        let curve = (any::<u16>(), any::<u8>(), prop::array::uniform4(-1.0f32..1.0));
        let link = || (any::<u16>(), any::<u16>(), any::<u8>());
        let seeds = (
            prop::collection::vec(curve, 0..24),
            prop::collection::vec(link(), 0..6),
            prop::collection::vec(link(), 0..4),
        );
        (Just(rig), rig::poses(count, 1), seeds)
            .prop_map(|(rig, pose, seeds)| scene(rig, pose, seeds))
    })
}

impl Scene {
    fn bones(&self) -> usize {
        self.rig.parents.len()
    }

    fn plan(&self, chosen: Option<&[usize]>) -> RigPlan {
        let slots: Vec<_> = self.curves.iter().map(|(slot, _)| *slot).collect();
        let values = vec![[0.5; 16]; self.constraints.len()];
        let lengths = vec![0.8; self.bones()];
        let rig = limber::hierarchy::Rig { lengths: Some(&lengths), ..self.rig.rig() };
        let constraints =
            Constraints { list: &self.constraints, targets: &self.targets, ..Constraints::NONE };
        let input = RigInput {
            values: Some(&values),
            custom: &self.custom,
            curve_slots: &slots,
            drivers: &self.drivers,
            chosen,
            ..RigInput::new(rig, self.pose.channels(), constraints)
        };
        RigPlan::new(&input, |index| Curve::new(self.curves[index].1.as_slice())).unwrap()
    }

    /// Which bones the numbers of a bone, constraint or target may reach, by hand.
    fn reached(&self, slot: usize) -> Vec<bool> {
        let n = self.bones();
        let c = self.constraints.len();
        let slots = Slots::new(n, c, self.targets.len(), self.custom.len());
        let mut reached = vec![false; n];
        for (kind, each) in [
            (Slot::Location, 3),
            (Slot::Quaternion, 4),
            (Slot::Euler, 3),
            (Slot::AxisAngle, 4),
            (Slot::Scale, 3),
        ] {
            let range = slots.range(kind);
            if range.contains(&slot) {
                reached[(slot - range.start) / each] = true;
            }
        }
        for (index, constraint) in self.constraints.iter().enumerate() {
            let own = [(Slot::Influence, 1), (Slot::Mute, 1), (Slot::Value, 16)];
            // Every constraint has one target.
            let of_target = [(Slot::Weight, 1), (Slot::HeadTail, 1)];
            for (kind, each) in own.into_iter().chain(of_target) {
                let start = slots.range(kind).start + each * index;
                reached[constraint.bone] |= (start..start + each).contains(&slot);
            }
        }
        let moved = |driver: &Driver| (driver.slot - slots.range(Slot::Location).start) / 3;
        for driver in &self.drivers {
            reached[moved(driver)] |= driver.variables[1] == Variable::Slot(slot);
        }
        // All links go from smaller to greater numbers.
        for bone in 0..n {
            let parent = usize::try_from(self.rig.parents[bone]);
            reached[bone] |= parent.is_ok_and(|parent| reached[parent]);
            for constraint in self.constraints.iter().filter(|c| c.bone == bone) {
                if let Target::Bone(target, _) = self.targets[constraint.targets.start] {
                    reached[bone] |= reached[target];
                }
            }
            for driver in self.drivers.iter().filter(|driver| moved(driver) == bone) {
                if let Variable::Reading(Reading::Transform(Anchor::Bone(other), ..)) =
                    driver.variables[0]
                {
                    reached[bone] |= reached[other];
                }
            }
        }
        reached
    }
}

fn evaluate(plan: &RigPlan, frames: &[f32]) -> Vec<Matrix> {
    let mut out = vec![[-1.0; 16]; plan.findings().len() * frames.len()];
    let outputs = Outputs { matrices: Some(&mut out), ..Outputs::default() };
    plan.evaluate(frames, &Outside::default(), outputs);
    out
}

fn bits(matrices: &[Matrix]) -> Vec<[u32; 16]> {
    matrices.iter().map(|m| m.map(f32::to_bits)).collect()
}

fn frames(count: usize) -> Vec<f32> {
    (0..count).map(|frame| frame as f32 * 0.25 - 2.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn frames_do_not_depend_on_each_other_or_on_threads(scene in scenes()) {
        let plan = scene.plan(None);
        prop_assert!(plan.is_complete());
        let frames = frames(71);
        let _one = THREADS.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        par::set_threads(1);
        let serial = bits(&evaluate(&plan, &frames));
        par::set_threads(3);
        // Enough frames that several threads pay.
        let many: Vec<f32> = frames.iter().copied().cycle().take(71 * 8).collect();
        let parallel = bits(&evaluate(&plan, &many));
        par::set_threads(0);
        for part in parallel.chunks(serial.len()) {
            prop_assert!(part == serial);
        }
        let alone = frames.iter().flat_map(|frame| bits(&evaluate(&plan, &[*frame])));
        prop_assert!(alone.eq(serial.iter().copied()));
        let mut backwards = frames.clone();
        backwards.reverse();
        let turned = bits(&evaluate(&plan, &backwards));
        let turned = turned.chunks(scene.bones()).rev().flatten();
        prop_assert!(turned.eq(serial.iter()));
    }

    #[test]
    fn a_part_is_as_in_the_whole(scene in scenes(), pick in any::<[u8; 3]>()) {
        let frames = frames(9);
        let whole = bits(&evaluate(&scene.plan(None), &frames));
        let chosen = pick.map(|pick| usize::from(pick) % scene.bones());
        let part = bits(&evaluate(&scene.plan(Some(&chosen)), &frames));
        for frame in 0..frames.len() {
            for (place, bone) in chosen.iter().enumerate() {
                let want = whole[frame * scene.bones() + bone];
                prop_assert_eq!(part[frame * chosen.len() + place], want, "bone {}", bone);
            }
        }
    }

    #[test]
    fn a_broken_curve_reaches_only_what_depends_on_it(scene in scenes(), slot in any::<u16>()) {
        let n = scene.bones();
        let slots = Slots::new(n, scene.constraints.len(), scene.targets.len(), 3);
        let slot = usize::from(slot) % slots.len();
        let mut broken = scene.clone();
        broken.curves.push((slot, vec![key(0.0, f32::NAN, 2), key(5.0, f32::INFINITY, 1)]));
        let frames = frames(9);
        let good = bits(&evaluate(&scene.plan(None), &frames));
        let bad = bits(&evaluate(&broken.plan(None), &frames));
        let reached = scene.reached(slot);
        for (index, (good, bad)) in good.iter().zip(&bad).enumerate() {
            prop_assert!(good == bad || reached[index % n], "bone {}", index % n);
        }
    }
}

#[test]
fn a_driver_that_reads_its_own_bone_is_a_cycle() {
    let parents = [-1, 0, -1];
    let rest = vec![glam::Mat4::IDENTITY.to_cols_array(); 3];
    let slots = Slots::new(3, 0, 0, 0);
    let reading = Reading::Transform(Anchor::Bone(1), VariableSpace::World, Part::Location(0));
    let driver = |rule| Driver {
        slot: slots.at(Slot::Location, 0).unwrap(),
        rule,
        variables: vec![Variable::Reading(reading)],
        curve: None,
        write: Write::Float(Limits::NONE),
    };
    let states = |driver: Driver| {
        let drivers = [driver];
        let rig = limber::hierarchy::Rig { parents: &parents, rest: &rest, ..Default::default() };
        let input = RigInput {
            drivers: &drivers,
            ..RigInput::new(rig, Default::default(), Constraints::NONE)
        };
        let plan = RigPlan::new(&input, |_| Curve::new(&[][..] as &[Key])).unwrap();
        let untouched = evaluate(&plan, &[1.0])[0] == [-1.0; 16];
        assert_eq!(untouched, plan.findings()[0].state != State::Evaluable);
        plan.findings().iter().map(|finding| finding.state).collect::<Vec<_>>()
    };
    // The driver moves the parent of the bone that it reads.
    assert_eq!(states(driver(Rule::Sum)), [State::Cycle, State::Cycle, State::Evaluable]);
    let mut unknown = driver(Rule::Unknown);
    unknown.variables.clear();
    assert_eq!(states(unknown), [State::Driver, State::Depends, State::Evaluable]);
}

#[test]
fn bones_that_wait_for_each_other_are_a_cycle_and_others_are_evaluated() {
    // The first two look at each other, the third is a child of one, the fourth looks at it, the
    // last has nothing to do with them.
    let parents = [-1, -1, 0, -1, -1];
    let place = |x: f32| glam::Mat4::from_translation(glam::vec3(x, 0.0, 0.0)).to_cols_array();
    let rest: Vec<Matrix> = (0..5).map(|bone| place(bone as f32)).collect();
    let track = Effect::Known(Kind::DampedTrack(Axis { index: 1, negative: false }));
    let looks = |bone: usize, target: usize| Constraint {
        bone,
        effect: track,
        owner_space: Space::World,
        target_space: Space::World,
        space_bone: None,
        targets: target..target + 1,
    };
    let list = [looks(0, 0), looks(1, 1), looks(3, 2), looks(4, 3)];
    let bones = [1, 0, 2].map(|bone| Target::Bone(bone, 0.0));
    let targets = [&bones[..], &[Target::Outside]].concat();
    let constraints = Constraints { list: &list, targets: &targets, ..Constraints::NONE };
    let rig = limber::hierarchy::Rig { parents: &parents, rest: &rest, ..Default::default() };
    let input = RigInput::new(rig, Default::default(), constraints);
    let plan = RigPlan::new(&input, |_| Curve::new(&[][..] as &[Key])).unwrap();
    let states: Vec<_> = plan.findings().iter().map(|finding| finding.state).collect();
    use State::{Cycle, Depends, Evaluable};
    assert_eq!(states, [Cycle, Cycle, Depends, Depends, Evaluable]);
    assert!(!plan.is_complete());
    let matrices = evaluate(&plan, &[1.0]);
    // What is not evaluated is not written; the last bone points from (4, 0, 0) to the origin.
    assert_eq!(matrices[..4], [[-1.0; 16]; 4]);
    let along = glam::Vec3::from_slice(&matrices[4][4..7]);
    assert!((along - glam::Vec3::NEG_X).length() < 1e-6, "{along}");
}
