//! Plans: a whole rig with its curves and drivers, prepared once, evaluated at any frames.
//!
//! The only handle of the interface.

use super::args::{Args, view};
use super::constraints::{Arrays, LimberPoseConstraints};
use super::curves::{LimberFCurves, Table};
use super::guard;
use super::plan_actions::{LimberActions, actions};
use super::plan_drivers::{LimberDrivers, drivers, slot};
use super::plan_writes::Writes;
use super::processor;
use super::transform::{LimberRig, channels, elements, same_count};
use super::views::LimberPose;
use crate::channels::Matrix;
use crate::constraints::values::Values;
use crate::error::{Error, Result};
use crate::evaluator::{Constraints, Finding, Outputs, Outside, RigInput, RigPlan, Slots, State};

/// Slot: location, 3*n; element 3*bone + axis.
pub const LIMBER_SLOT_LOCATION: i32 = 0;
/// Slot: quaternion, 4*n; element 4*bone + component of w x y z.
pub const LIMBER_SLOT_ROTATION_QUATERNION: i32 = 1;
/// Slot: Euler angles, 3*n; element 3*bone + axis.
pub const LIMBER_SLOT_ROTATION_EULER: i32 = 2;
/// Slot: axis-angle, 4*n; element 4*bone + component of angle x y z.
pub const LIMBER_SLOT_ROTATION_AXIS_ANGLE: i32 = 3;
/// Slot: scale, 3*n; element 3*bone + axis.
pub const LIMBER_SLOT_SCALE: i32 = 4;
/// Slot: influence of a constraint, c.
pub const LIMBER_SLOT_INFLUENCE: i32 = 5;
/// Slot: whether a constraint is muted (from 1 on), c.
pub const LIMBER_SLOT_MUTE: i32 = 6;
/// Slot: `value` of a constraint, 16*c; element 16*constraint + place in its value.
pub const LIMBER_SLOT_VALUE: i32 = 7;
/// Slot: weight of a target, t.
pub const LIMBER_SLOT_WEIGHT: i32 = 8;
/// Slot: place of a target between head and tail, t.
pub const LIMBER_SLOT_HEAD_TAIL: i32 = 9;
/// Slot: a number of the caller's, such as a custom property, custom_count.
pub const LIMBER_SLOT_CUSTOM: i32 = 10;

/// A rig with all that moves it, for limber_plan_make().
///
/// Curves, drivers and wanted numbers name a number of the rig as a slot: which array
/// (LIMBER_SLOT_*) and which element of it, for n bones, c constraints and t targets.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberPlanInput {
    /// sizeof(LimberPlanInput)
    pub struct_size: usize,
    /// n bones; `length` is needed for tails and for targets between head and tail
    pub rig: *const LimberRig,
    /// channels of one pose, for what no curve or driver moves; rotation_mode counts for all
    /// frames
    pub pose: *const LimberPose,
    /// c constraints with t targets; NULL = none. Constraints that a curve or driver mutes are
    /// given with mute
    pub constraints: *const LimberPoseConstraints,
    /// m curves; NULL = none
    pub curves: *const LimberFCurves,
    /// m, LIMBER_SLOT_*: what each curve moves; of several for one slot the last counts
    pub curve_slot: *const i32,
    /// m, element of that slot's array
    pub curve_element: *const i32,
    /// number of custom numbers
    pub custom_count: usize,
    /// custom_count numbers, where no curve or driver moves them
    pub custom: *const f32,
    /// drivers; NULL = none
    pub drivers: *const LimberDrivers,
    /// n, LIMBER_STATE_*: bones that the caller knows not to be evaluable; NULL = all 0
    pub state: *const i32,
    /// number of chosen bones; not looked at without chosen
    pub chosen_count: usize,
    /// chosen_count bones whose matrices are wanted, in the order of the results; NULL = all n
    pub chosen: *const i32,
    /// number of wanted numbers
    pub wanted_count: usize,
    /// wanted_count, LIMBER_SLOT_*
    pub wanted_slot: *const i32,
    /// wanted_count, element of that slot's array
    pub wanted_element: *const i32,
    /// m, least value that each curve's property can have; NULL = no limits. Influence, weight and
    /// place between head and tail stay from 0 to 1 anyway, as in Blender
    pub curve_min: *const f32,
    /// m, greatest value that each curve's property can have; NULL = no limits
    pub curve_max: *const f32,
    /// curves of the actions of Action constraints, in place of those of `constraints`; NULL = those
    pub actions: *const LimberActions,
    /// m, LIMBER_DRIVER_WRITE_*: how each curve's property takes its values, after limits; NULL =
    /// all LIMBER_DRIVER_WRITE_FLOAT
    pub curve_write: *const i32,
}
view!(LimberPlanInput, wanted_element: *const i32);

/// The frames of a call of limber_plan_evaluate(), and what moves outside the rig.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct LimberPlanFrames {
    /// sizeof(LimberPlanFrames)
    pub struct_size: usize,
    /// f, the number of frames
    pub frame_count: usize,
    /// f frames, in any order; ascending ones are fastest
    pub frames: *const f32,
    /// 16*f, world matrix of the armature object in each frame; NULL = as it was made with
    pub object_matrix: *const f32,
    /// 16*t*f, matrices of the targets frame after frame, as target_matrix of
    /// LimberPoseConstraints; NULL = as it was made with
    pub target_matrix: *const f32,
    /// 32*v*f, the matrices of the v variables of drivers frame after frame, as driver_matrix of
    /// LimberDrivers, which must have been given; NULL = as it was made with
    pub driver_matrix: *const f32,
    /// out, f bytes: 1 where the last bit of the input decides where inverse kinematics end (goals
    /// that cannot be reached together, joints that hop between limits), or where they come to no
    /// numbers, or where chains with different roots share bones, which Blender solves in any order.
    /// Such a pose may lie elsewhere in Blender. 0 in all other frames; NULL = not wanted.
    /// To know it, chains that meet limits or take more than 20 iterations are solved twice
    pub unsettled: *mut u8,
}
view!(LimberPlanFrames, target_matrix: *const f32);

/// A plan: made by limber_plan_make(), released by limber_plan_free().
///
/// It owns copies of all that it was made of and never changes.
pub struct LimberPlan {
    mark: u64,
    bones: usize,
    targets: usize,
    has_lengths: bool,
    plan: RigPlan,
}

/// What a living plan begins with: a wrong pointer is most often told by it.
const ALIVE: u64 = 0x6c69_6d62_6572_2d70;

/// The slots that two arrays of the header name.
fn slots(
    slots: &Slots,
    names: [&'static str; 2],
    kinds: &[i32],
    elements: &[i32],
) -> Result<Vec<usize>> {
    let pairs = kinds.iter().zip(elements).enumerate();
    pairs.map(|(index, (kind, element))| slot(slots, names, index, *kind, *element)).collect()
}

/// What the input's arrays are as slices.
struct Given<'a> {
    view: LimberPlanInput,
    rig: crate::hierarchy::Rig<'a>,
    channels: crate::channels::Channels<'a>,
    constraints: Option<(LimberPoseConstraints, Arrays<'a>)>,
    curves: Option<Table<'a>>,
    custom: &'a [f32],
    chosen: Option<&'a [i32]>,
    state: Option<&'a [i32]>,
}

impl<'a> Given<'a> {
    /// # Safety
    /// The pointers hold what the header says.
    unsafe fn read(args: &mut Args, input: *const LimberPlanInput) -> Result<Self> {
        // SAFETY: the header's promise, passed on by the caller.
        unsafe {
            let view = args.view(input)?;
            let (rig, pose) = (args.view(view.rig)?, args.view(view.pose)?);
            same_count(&rig, &pose)?;
            let n = rig.bone_count;
            let constraints = match view.constraints.is_null() {
                true => None,
                false => {
                    let constraints = args.view(view.constraints)?;
                    let mut arrays = constraints.slices(args)?;
                    if !view.actions.is_null() {
                        let count = constraints.constraint_count;
                        arrays.actions = Some(actions(args, view.actions, count)?);
                    }
                    Some((constraints, arrays))
                }
            };
            let curves = match view.curves.is_null() {
                true => None,
                false => Some(args.view(view.curves)?.read(args, true)?),
            };
            Ok(Self {
                view,
                rig: rig.slices(args)?,
                channels: channels(args, &pose)?,
                constraints,
                curves,
                custom: args.need("custom", view.custom, view.custom_count)?,
                chosen: args.input("chosen", view.chosen, view.chosen_count)?,
                state: args.input("state", view.state, n)?,
            })
        }
    }

    fn bones(&self) -> usize {
        self.rig.parents.len()
    }

    fn chosen(&self) -> Result<Option<Vec<usize>>> {
        let Some(chosen) = self.chosen else { return Ok(None) };
        let bones = chosen.iter().enumerate().map(|(index, bone)| {
            usize::try_from(*bone).ok().filter(|bone| *bone < self.bones()).ok_or_else(|| {
                let (arg, value) = ("chosen", bone.to_string());
                Error::BadElement { arg, index, value, why: "no such bone" }
            })
        });
        bones.collect::<Result<_>>().map(Some)
    }

    fn states(&self) -> Result<Option<Vec<State>>> {
        let Some(states) = self.state else { return Ok(None) };
        let states = states.iter().enumerate().map(|(index, state)| {
            State::from_number(*state).ok_or_else(|| {
                let (arg, value) = ("state", state.to_string());
                Error::BadElement { arg, index, value, why: "not a LIMBER_STATE_*" }
            })
        });
        states.collect::<Result<_>>().map(Some)
    }
}

/// # Safety
/// The pointers hold what the header says.
unsafe fn make(args: &mut Args, input: *const LimberPlanInput) -> Result<LimberPlan> {
    // SAFETY: passed on from the caller; so for the other calls below.
    let given = unsafe { Given::read(args, input)? };
    let n = given.bones();
    let (list, targets) = match &given.constraints {
        Some((_, arrays)) => (arrays.constraints(n)?, arrays.targets(n)?),
        None => Default::default(),
    };
    let between = given.constraints.as_ref().is_some_and(|(_, arrays)| arrays.head_tail.is_some());
    if given.rig.lengths.is_none() && n > 0 && between {
        return Err(Error::NullPointer("length"));
    }
    let (c, t) = (list.len(), targets.len());
    let spaces = given.constraints.as_ref().and_then(|(_, arrays)| arrays.space_matrix);
    let joints = given.constraints.as_ref().map_or(&[][..], |(_, arrays)| arrays.joints());
    let paths = given.constraints.as_ref().map_or(&[][..], |(_, arrays)| arrays.paths());
    let no_values = vec![[0.0; 16]; c];
    let actions = given.constraints.as_ref().map_or(&[][..], |(_, arrays)| arrays.actions());
    let constraints =
        Constraints { list: &list, targets: &targets, spaces, joints, actions, paths };
    let mut rig_input = RigInput {
        values: Some(&no_values),
        custom: given.custom,
        ..RigInput::new(given.rig, given.channels, constraints)
    };
    if let Some((view, arrays)) = &given.constraints {
        // SAFETY: as above.
        unsafe {
            let value: Option<&[Values]> = arrays.value;
            rig_input.values = value.or(rig_input.values);
            rig_input.influence = args.input("influence", view.influence, c)?;
            rig_input.mute = args.input("mute", view.mute, c)?;
            rig_input.weights = args.input("target_weight", view.target_weight, t)?;
            rig_input.target_matrices =
                args.input("target_matrix", view.target_matrix.cast::<Matrix>(), t)?;
            let object = args.input("object_matrix", view.object_matrix.cast::<Matrix>(), 1)?;
            rig_input.object = object.and_then(<[Matrix]>::first);
        }
    }
    let numbers = rig_input.slots();
    let (view, m) = (&given.view, given.curves.as_ref().map_or(0, Table::len));
    // SAFETY: as above.
    let (curve_slots, writes, wanted, (drivers, driver_matrices)) = unsafe {
        let kinds = args.need("curve_slot", view.curve_slot, m)?;
        let curves = args.need("curve_element", view.curve_element, m)?;
        let curve_slots = slots(&numbers, ["curve_slot", "curve_element"], kinds, curves)?;
        let arrays = (view.curve_write, view.curve_min, view.curve_max);
        let writes = Writes::read(args, ["curve_write", "curve_min", "curve_max"], arrays, m)?;
        let kinds = args.need("wanted_slot", view.wanted_slot, view.wanted_count)?;
        let wanted = args.need("wanted_element", view.wanted_element, view.wanted_count)?;
        let wanted = slots(&numbers, ["wanted_slot", "wanted_element"], kinds, wanted)?;
        let drivers = drivers(args, view.drivers, &numbers, n)?;
        (curve_slots, writes, wanted, drivers)
    };
    let curve_writes = (0..m).map(|curve| writes.of(curve)).collect::<Result<Vec<_>>>()?;
    let (chosen, states) = (given.chosen()?, given.states()?);
    rig_input.curve_slots = &curve_slots;
    rig_input.curve_writes = (!writes.is_absent()).then_some(curve_writes.as_slice());
    rig_input.wanted = &wanted;
    rig_input.drivers = &drivers;
    rig_input.driver_matrices = driver_matrices;
    rig_input.chosen = chosen.as_deref();
    rig_input.given = states.as_deref();
    let has_lengths = given.rig.lengths.is_some();
    let plan = match &given.curves {
        None => RigPlan::new(&rig_input, |_| crate::fcurve::Curve::new(&[][..]))?,
        Some(table) => match table.packed() {
            Some(keys) => RigPlan::new(&rig_input, |i| table.curve(i, keys[i]))?,
            None => {
                let view = table.view();
                RigPlan::new(&rig_input, |i| table.curve(i, table.keys(&view, i)))?
            }
        },
    };
    let plan = plan.by_eight(processor::eight_kernel());
    Ok(LimberPlan { mark: ALIVE, bones: n, targets: t, has_lengths, plan })
}

impl LimberPlan {
    /// # Safety
    /// A pointer that is not NULL is that of a plan which was not freed, for as long as `'a`.
    unsafe fn read<'a>(plan: *const Self) -> Result<&'a Self> {
        if plan.is_null() {
            return Err(Error::NullPointer("plan"));
        }
        if !plan.is_aligned() {
            let (value, why) = (plan as usize, "not aligned");
            return Err(Error::BadSize { arg: "plan", value, why });
        }
        // SAFETY: the caller's word.
        let plan = unsafe { &*plan };
        if plan.mark != ALIVE {
            let why = "not a plan, or freed";
            return Err(Error::BadValue { arg: "plan", value: "?".into(), why });
        }
        Ok(plan)
    }
}

/// Make a plan of a rig: find out what depends on what, what moves and what cannot be evaluated.
///
/// input  the rig; everything is copied, no pointer is kept
/// plan   out, the plan; free it with limber_plan_free()
///
/// Only what the chosen bones and wanted numbers depend on is kept and costs time later. Curves
/// and drivers that always give the same are evaluated here, once; constraints that are always
/// muted or without influence are left out.
///
/// A plan never changes: limber_plan_evaluate() and the other functions that read it may be called
/// for one plan from several threads at the same time.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE, _BAD_PARENT,
/// _UNSORTED, _OVERLAP, or _UNSUPPORTED for a modifier of a curve that this library does not have.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_plan_make(
    input: *const LimberPlanInput,
    plan: *mut *mut LimberPlan,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for room for a pointer.
        let out = unsafe { args.need_mut("plan", plan.cast::<usize>(), 1)? };
        // SAFETY: the header's promise.
        let made = unsafe { make(&mut args, input)? };
        out[0] = Box::into_raw(Box::new(made)).expose_provenance();
        Ok(())
    })
}

/// Release a plan.
///
/// plan  a plan that no other thread is using; NULL does nothing. The pointer is worthless
///       afterwards
///
/// LIMBER_STATUS_OK, or _BAD_SIZE or _BAD_VALUE if it is seen to be no plan.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_plan_free(plan: *mut LimberPlan) -> i32 {
    guard(|| {
        if plan.is_null() {
            return Ok(());
        }
        // SAFETY: the header asks for a plan that was not freed, and nobody else uses it now.
        unsafe {
            LimberPlan::read(plan)?;
            (*plan).mark = 0;
            drop(Box::from_raw(plan));
        }
        Ok(())
    })
}

/// What a plan found out: which bones and numbers it evaluates, and why not the others.
///
/// plan          the plan
/// state         out, one a chosen bone (without chosen: n), LIMBER_STATE_*; NULL = not wanted
/// cause         out, as many: with LIMBER_STATE_UNSUPPORTED the constraint, with _DEPENDS the
///               bone that cannot be evaluated, with _DRIVER the driver that is to blame, as
///               numbers of the input; else -1; NULL = not wanted
/// wanted_state  out, one a wanted number, LIMBER_STATE_*; NULL = not wanted
/// bone_count    out, 1: how many bones are evaluated on the way to the results; NULL = not wanted
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_VALUE or _OVERLAP. Safe from several threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_plan_states(
    plan: *const LimberPlan,
    state: *mut i32,
    cause: *mut i32,
    wanted_state: *mut i32,
    bone_count: *mut usize,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for a living plan.
        let plan = unsafe { &LimberPlan::read(plan)?.plan };
        let (bones, numbers) = (plan.findings(), plan.slot_findings());
        // SAFETY: the header asks for that many elements.
        let (state, cause, wanted, count) = unsafe {
            (
                args.output("state", state, bones.len())?,
                args.output("cause", cause, bones.len())?,
                args.output("wanted_state", wanted_state, numbers.len())?,
                args.optional_value("bone_count", bone_count)?,
            )
        };
        fill(state, bones, |finding| finding.state as i32);
        fill(cause, bones, |finding| finding.cause.map_or(-1, |cause| cause as i32));
        fill(wanted, numbers, |finding| finding.state as i32);
        if let Some(count) = count {
            *count = plan.evaluated_bones();
        }
        Ok(())
    })
}

fn fill(out: Option<&mut [i32]>, findings: &[Finding], number: impl Fn(&Finding) -> i32) {
    if let Some(out) = out {
        out.iter_mut().zip(findings).for_each(|(out, finding)| *out = number(finding));
    }
}

/// Evaluate frames of a plan, in parallel where it pays.
///
/// plan           the plan, with k chosen bones (without chosen: n) and w wanted numbers
/// frames         f frames
/// pose_matrices  out, 16*k*f, frame after frame, armature space (Blender's `PoseBone.matrix`);
///                NULL = not wanted, as with the others
/// head           out, 3*k*f, armature space
/// tail           out, 3*k*f, armature space; the rig's length is needed
/// values         out, w*f
///
/// In each frame: curves, then drivers, then each bone after those that it depends on. What
/// belongs to a bone or number that cannot be evaluated (limber_plan_states()) is left alone.
/// A frame does not depend on the others. At a frame that is no number results mean nothing.
///
/// LIMBER_STATUS_OK, _NULL_POINTER, _BAD_SIZE, _BAD_STRUCT_SIZE, _BAD_VALUE or _OVERLAP. Safe from
/// several threads, also for the same plan.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn limber_plan_evaluate(
    plan: *const LimberPlan,
    frames: *const LimberPlanFrames,
    pose_matrices: *mut f32,
    head: *mut f32,
    tail: *mut f32,
    values: *mut f32,
) -> i32 {
    guard(|| {
        let mut args = Args::new();
        // SAFETY: the header asks for a living plan and the struct.
        let (plan, view) = unsafe { (LimberPlan::read(plan)?, args.view(frames)?) };
        let f = view.frame_count;
        let bones = elements(plan.plan.findings().len(), f)?;
        let numbers = elements(plan.plan.slot_findings().len(), f)?;
        // SAFETY: the header asks for that many elements.
        let (frames, outside, out) = unsafe {
            let outside = Outside {
                object: args.input("object_matrix", view.object_matrix.cast(), f)?,
                target_matrices: args.input(
                    "target_matrix",
                    view.target_matrix.cast::<Matrix>(),
                    elements(plan.targets, f)?,
                )?,
                driver_matrices: args.input(
                    "driver_matrix",
                    view.driver_matrix.cast::<Matrix>(),
                    elements(plan.plan.driver_matrix_count(), f)?,
                )?,
            };
            let out = Outputs {
                matrices: args.output("pose_matrices", pose_matrices.cast(), bones)?,
                heads: args.output("head", head.cast(), bones)?,
                tails: args.output("tail", tail.cast(), bones)?,
                values: args.output("values", values, numbers)?,
                unsettled: args.output("unsettled", view.unsettled, f)?,
            };
            (args.need("frames", view.frames, f)?, outside, out)
        };
        if out.tails.is_some() && !plan.has_lengths && plan.bones > 0 {
            return Err(Error::NullPointer("length"));
        }
        plan.plan.evaluate(frames, &outside, out);
        Ok(())
    })
}
