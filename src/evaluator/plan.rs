//! In which order bones are evaluated, and which ones can be.

use super::graph::{self, Lists};
use super::ik::IkRig;
use super::{Chain, Constraint, Constraints, Effect, Target};
use crate::constraints::Kind;
use crate::hierarchy::Hierarchy;

/// Whether a bone can be evaluated, and if not, why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum State {
    /// It can.
    #[default]
    Evaluable = 0,
    /// A constraint that is not done here changes it.
    Unsupported = 1,
    /// It depends on itself by way of other bones.
    Cycle = 2,
    /// It depends on a bone that cannot be evaluated.
    Depends = 3,
    /// A driver that is not done here moves its channels or constraints.
    Driver = 4,
    /// The caller said that it cannot.
    Host = 5,
}

impl State {
    /// The state with this number.
    pub fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Evaluable,
            1 => Self::Unsupported,
            2 => Self::Cycle,
            3 => Self::Depends,
            4 => Self::Driver,
            5 => Self::Host,
            _ => return None,
        })
    }

    /// What to say of a bone, after its name, in English.
    pub fn text(self) -> &'static str {
        match self {
            Self::Evaluable => "is evaluated",
            Self::Unsupported => "has a constraint or target that Limber does not evaluate",
            Self::Cycle => "is in a cycle of bones that depend on each other",
            Self::Depends => "depends on a bone that Limber does not evaluate",
            Self::Driver => "has a driver that Limber does not evaluate",
            Self::Host => "has animation or drivers of settings that Limber does not evaluate",
        }
    }
}

/// A state with what is to blame for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// The state.
    pub state: State,
    /// UNSUPPORTED: the constraint; DEPENDS: the bone that cannot be evaluated; DRIVER: the driver.
    pub cause: Option<usize>,
}

/// What is computed in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A bone from its channels, its parent and its constraints.
    Bone(usize),
    /// A driver.
    Driver(usize),
    /// A chain of bones together, after each of them was computed alone.
    Chain(usize),
}

/// What a driver is tied to.
#[derive(Clone, Debug, Default)]
pub(super) struct DriverLinks {
    /// Bones whose final matrices it reads.
    pub(super) bones: Vec<usize>,
    /// Drivers whose results it reads.
    pub(super) drivers: Vec<usize>,
    /// Bones whose channels or constraints it moves.
    pub(super) moves: Vec<usize>,
    /// It is not done here.
    pub(super) unknown: bool,
}

/// All that decides on order and states.
pub(super) struct Wiring<'a> {
    pub(super) hierarchy: &'a Hierarchy<'a>,
    pub(super) constraints: &'a Constraints<'a>,
    /// Constraints that never have an effect; absent: none.
    pub(super) idle: Option<&'a [bool]>,
    pub(super) chains: &'a [Chain],
    pub(super) drivers: &'a [DriverLinks],
    /// What the caller says of the bones; absent: nothing.
    pub(super) given: Option<&'a [State]>,
}

/// One that waits, what it waits for, and the bone that is meant.
#[derive(Clone, Copy)]
struct Edge {
    from: u32,
    to: u32,
    bone: u32,
    /// It matters for the result; else only for Blender's order, in which it can close a cycle.
    live: bool,
}

/// The bone of an edge that is about none.
const NO_BONE: u32 = u32::MAX;

/// The order of evaluation of one rig.
pub struct Plan {
    order: Vec<Step>,
    findings: Vec<Finding>,
    states: Vec<State>,
    /// Constraints by bone.
    stacks: Lists,
    /// What each node needs for its result, bones, then drivers, then chains.
    needs: Lists,
    finals: Vec<u32>,
    driver_findings: Vec<Finding>,
    ik: IkRig,
}

/// The bones that a constraint which is not done here changes.
fn unknown_chain(hierarchy: &Hierarchy, index: usize, constraint: &Constraint) -> Option<Chain> {
    let Effect::Unknown(ancestors) = constraint.effect else { return None };
    let up = |bone: &usize| hierarchy.parent(*bone);
    let bones = std::iter::successors(Some(constraint.bone), up);
    let bones = bones.take(ancestors.saturating_add(1)).collect();
    Some(Chain { constraint: index, bones, looks_at: Vec::new(), owners: Vec::new(), known: false })
}

/// Nodes are numbered: bones, then drivers, then chains.
struct Nodes<'a> {
    wiring: &'a Wiring<'a>,
    /// The node after which a bone is as it stays.
    finals: Vec<u32>,
    /// The chains that a bone is in.
    chains: Lists,
    edges: Vec<Edge>,
}

impl<'a> Nodes<'a> {
    fn new(wiring: &'a Wiring<'a>) -> Self {
        let bones = wiring.hierarchy.len();
        let members = wiring.chains.iter().enumerate();
        let members =
            members.flat_map(|(index, c)| c.bones.iter().map(move |b| (*b as u32, index as u32)));
        let chains = Lists::new(bones, members);
        let first = (bones + wiring.drivers.len()) as u32;
        let last = |bone| chains.of(bone).last().map_or(bone as u32, |chain| first + chain);
        let finals = (0..bones).map(last).collect();
        Self { wiring, finals, chains, edges: Vec::new() }
    }

    fn count(&self) -> usize {
        self.wiring.hierarchy.len() + self.wiring.drivers.len() + self.wiring.chains.len()
    }

    fn driver(&self, driver: usize) -> u32 {
        (self.wiring.hierarchy.len() + driver) as u32
    }

    fn chain(&self, chain: usize) -> u32 {
        (self.wiring.hierarchy.len() + self.wiring.drivers.len() + chain) as u32
    }

    fn wait(&mut self, from: u32, bone: usize, to: u32, live: bool) {
        self.edges.push(Edge { from, to, bone: bone as u32, live });
    }

    /// A bone waits for another: inside a chain as it is before the chain is solved.
    fn wait_for_bone(&mut self, bone: usize, other: usize, live: bool) {
        let (mine, theirs) = (self.chains.of(bone), self.chains.of(other));
        let together = mine.iter().any(|chain| theirs.contains(chain));
        let to = if together { other as u32 } else { self.finals[other] };
        self.wait(bone as u32, other, to, live);
    }

    fn connect(&mut self) {
        let wiring = self.wiring;
        for bone in 0..wiring.hierarchy.len() {
            if let Some(parent) = wiring.hierarchy.parent(bone) {
                self.wait_for_bone(bone, parent, true);
            }
        }
        for (index, constraint) in wiring.constraints.list.iter().enumerate() {
            let live = !wiring.idle.is_some_and(|idle| idle[index]);
            if !matches!(constraint.effect, Effect::Known(_)) {
                continue;
            }
            for target in &wiring.constraints.targets[constraint.targets.clone()] {
                if let Target::Bone(bone, _) = target {
                    self.wait_for_bone(constraint.bone, *bone, live);
                }
            }
            if let (Some(bone), true) = (constraint.space_bone, constraint.uses_custom()) {
                self.wait_for_bone(constraint.bone, bone, live);
            }
        }
        for (index, chain) in wiring.chains.iter().enumerate() {
            self.connect_chain(index, chain);
        }
        for (index, links) in wiring.drivers.iter().enumerate() {
            self.connect_driver(index, links);
        }
    }

    fn connect_chain(&mut self, index: usize, chain: &Chain) {
        let node = self.chain(index);
        for bone in &chain.bones {
            self.wait(node, *bone, *bone as u32, true);
            // Chains that share a bone are solved in their order.
            let before = self.chains.of(*bone).iter().take_while(|c| **c < index as u32).last();
            if let Some(before) = before.copied() {
                let before = self.chain(before as usize);
                self.wait(node, *bone, before, true);
            }
        }
        for bone in &chain.looks_at {
            let inside = chain.bones.contains(bone);
            let to = if inside { *bone as u32 } else { self.finals[*bone] };
            self.wait(node, *bone, to, true);
        }
    }

    fn connect_driver(&mut self, index: usize, links: &DriverLinks) {
        let node = self.driver(index);
        for bone in &links.bones {
            self.wait(node, *bone, self.finals[*bone], true);
        }
        for other in &links.drivers {
            let to = self.driver(*other);
            self.edges.push(Edge { from: node, to, bone: NO_BONE, live: true });
        }
        for bone in &links.moves {
            self.edges.push(Edge { from: *bone as u32, to: node, bone: NO_BONE, live: true });
            // The settings of a chain are those of its constraints' bones.
            let steers = |chain: &Chain| chain.bones.contains(bone) || chain.owners.contains(bone);
            for (chain, _) in self.wiring.chains.iter().enumerate().filter(|(_, c)| steers(c)) {
                let from = self.chain(chain);
                self.edges.push(Edge { from, to: node, bone: NO_BONE, live: true });
            }
        }
    }

    /// What a node is by itself.
    fn own(&self, node: usize) -> Finding {
        let (bones, drivers) = (self.wiring.hierarchy.len(), self.wiring.drivers.len());
        let blame = |state, cause| Finding { state, cause: Some(cause) };
        if node < bones {
            let state = self.wiring.given.map_or(State::Evaluable, |given| given[node]);
            return Finding { state, cause: None };
        }
        if node < bones + drivers {
            let driver = node - bones;
            return match self.wiring.drivers[driver].unknown {
                true => blame(State::Driver, driver),
                false => Finding::default(),
            };
        }
        let chain = &self.wiring.chains[node - bones - drivers];
        if chain.known { Finding::default() } else { blame(State::Unsupported, chain.constraint) }
    }

    /// What a node is because of what it waits for.
    fn inherited(&self, edges: &[u32], findings: &[Finding]) -> Finding {
        for edge in edges {
            let edge = self.edges[*edge as usize];
            let other = findings[edge.to as usize];
            if other.state == State::Evaluable || !edge.live {
                continue;
            }
            if edge.bone != NO_BONE {
                return Finding { state: State::Depends, cause: Some(edge.bone as usize) };
            }
            // Of a driver: either it is to blame itself, or a bone behind it.
            return match other.state {
                State::Cycle => Finding { state: State::Depends, cause: None },
                _ => other,
            };
        }
        Finding::default()
    }

    fn findings(&self, order: &graph::Order, by_node: &Lists) -> Vec<Finding> {
        let mut findings = vec![Finding::default(); self.count()];
        for node in &order.nodes {
            let node = *node as usize;
            let own = self.own(node);
            findings[node] = if order.in_cycle[node] {
                Finding { state: State::Cycle, cause: None }
            } else if own.state != State::Evaluable {
                own
            } else {
                self.inherited(by_node.of(node), &findings)
            };
        }
        findings
    }
}

impl Plan {
    /// The plan for a rig. Bone numbers of the constraints must exist in the hierarchy. `idle`
    /// says of each constraint whether it never has an effect; absent: none.
    ///
    /// # Panics
    /// If a constraint names a bone or target that does not exist.
    pub fn new(hierarchy: &Hierarchy, constraints: &Constraints, idle: Option<&[bool]>) -> Self {
        let ik = IkRig::new(hierarchy, constraints, idle);
        let chains = chains(hierarchy, constraints, idle, &ik);
        let plan = Self::of(&Wiring {
            hierarchy,
            constraints,
            idle,
            chains: &chains,
            drivers: &[],
            given: None,
        });
        Self { ik, ..plan }
    }

    pub(super) fn of(wiring: &Wiring) -> Self {
        let mut nodes = Nodes::new(wiring);
        nodes.connect();
        let (count, bones) = (nodes.count(), wiring.hierarchy.len());
        let edges = || nodes.edges.iter();
        let waits = Lists::new(count, edges().map(|e| (e.from, e.to)));
        let numbers = edges().enumerate().map(|(index, e)| (e.from, index as u32));
        let order = graph::order(count, &waits);
        let findings = nodes.findings(&order, &Lists::new(count, numbers));
        let live = edges().filter(|e| e.live).map(|e| (e.from, e.to));
        let owners = wiring.constraints.list.iter().enumerate();
        let idle = |index: &usize| wiring.idle.is_some_and(|idle| idle[*index]);
        let in_stack = |c: &Constraint| !matches!(c.effect, Effect::Ik(..) | Effect::SplineIk(_));
        let owners = owners.filter(|(index, c)| !idle(index) && in_stack(c));
        let of_bone = |bone: usize| match findings[bone].state {
            State::Evaluable => findings[nodes.finals[bone] as usize],
            _ => findings[bone],
        };
        let of_bones: Vec<_> = (0..bones).map(of_bone).collect();
        let drivers = wiring.drivers.len();
        let done = |node: &&u32| findings[**node as usize].state == State::Evaluable;
        Self {
            order: order.nodes.iter().filter(done).map(|n| step(*n, bones, drivers)).collect(),
            states: of_bones.iter().map(|finding| finding.state).collect(),
            findings: of_bones,
            stacks: Lists::new(bones, owners.map(|(index, c)| (c.bone as u32, index as u32))),
            needs: Lists::new(count, live),
            finals: nodes.finals,
            driver_findings: findings[bones..bones + drivers].to_vec(),
            ik: IkRig::default(),
        }
    }

    /// What can be evaluated, each step after those that it waits for. Bones that a chain which is
    /// not done here changes are among them, as they are before it.
    pub fn order(&self) -> &[Step] {
        &self.order
    }

    /// One a bone.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// One a bone.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Solves the chains that are first in the list of chains.
    pub(super) fn ik(&self) -> &IkRig {
        &self.ik
    }

    /// One a driver.
    pub(super) fn driver_findings(&self) -> &[Finding] {
        &self.driver_findings
    }

    /// The constraints of a bone that may have an effect, in the order in which they act.
    pub(super) fn stacks(&self) -> &Lists {
        &self.stacks
    }

    /// Whether each bone is changed by a chain.
    pub(super) fn chained(&self, count: usize) -> Vec<bool> {
        (0..count).map(|bone| self.finals[bone] as usize != bone).collect()
    }

    /// Which steps these bones and drivers need; as many as there are nodes.
    pub(super) fn needed(
        &self,
        bones: impl Iterator<Item = usize>,
        drivers: impl Iterator<Item = usize>,
    ) -> Needed {
        let (count, total) = (self.states.len(), self.states.len() + self.driver_findings.len());
        let mut open: Vec<u32> = bones.map(|bone| self.finals[bone]).collect();
        open.extend(drivers.map(|driver| (count + driver) as u32));
        let nodes = self.needs.len();
        let mut is_needed = vec![false; nodes];
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut is_needed[node as usize], true) {
                open.extend(self.needs.of(node as usize));
            }
        }
        Needed { is_needed, bones: count, before_chains: total }
    }
}

/// Which steps are needed.
pub(super) struct Needed {
    is_needed: Vec<bool>,
    bones: usize,
    before_chains: usize,
}

impl Needed {
    pub(super) fn has(&self, step: Step) -> bool {
        self.is_needed[match step {
            Step::Bone(bone) => bone,
            Step::Driver(driver) => self.bones + driver,
            Step::Chain(chain) => self.before_chains + chain,
        }]
    }
}

fn step(node: u32, bones: usize, drivers: usize) -> Step {
    let node = node as usize;
    if node < bones {
        Step::Bone(node)
    } else if node < bones + drivers {
        Step::Driver(node - bones)
    } else {
        Step::Chain(node - bones - drivers)
    }
}

/// The bones that are solved together, in the order of solving. `idle` constraints make none.
pub(super) fn chains(
    hierarchy: &Hierarchy,
    constraints: &Constraints,
    idle: Option<&[bool]>,
    ik: &IkRig,
) -> Vec<Chain> {
    // First, so that a chain's number is its group's.
    let mut chains = ik.chains(constraints);
    for (index, constraint) in constraints.list.iter().enumerate() {
        if idle.is_some_and(|idle| idle[index]) {
            continue;
        }
        chains.extend(unknown_chain(hierarchy, index, constraint));
        // The rest matrices of another armature's bones are not known here.
        let targets = &constraints.targets[constraint.targets.clone()];
        let armature = matches!(constraint.effect, Effect::Known(Kind::Armature(_)));
        if armature && targets.contains(&Target::Outside) {
            let bones = vec![constraint.bone];
            let (looks_at, owners) = Default::default();
            chains.push(Chain { constraint: index, bones, looks_at, owners, known: false });
        }
    }
    chains
}
