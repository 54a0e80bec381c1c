//! What waits for what: an order of evaluation, and the cycles that have none.

/// Lists of numbers, one list a key, in one array.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// The list of key `k` is `values[first[k]..first[k + 1]]`.
    first: Vec<u32>,
    values: Vec<u32>,
}

impl Lists {
    /// The lists of `count` keys from pairs of key and value, which keep their order.
    pub(super) fn new(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut first = vec![0u32; count + 1];
        for (key, _) in pairs.clone() {
            first[key as usize + 1] += 1;
        }
        for key in 0..count {
            first[key + 1] += first[key];
        }
        let (mut next, mut values) = (first.clone(), vec![0; first[count] as usize]);
        for (key, value) in pairs {
            let at = &mut next[key as usize];
            values[*at as usize] = value;
            *at += 1;
        }
        Self { first, values }
    }

    /// Number of lists.
    pub(super) fn len(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The list of a key.
    pub(super) fn of(&self, key: usize) -> &[u32] {
        &self.values[self.first[key] as usize..self.first[key + 1] as usize]
    }
}

/// The nodes in an order in which each comes after those that it waits for.
pub(super) struct Order {
    /// Every node once.
    pub(super) nodes: Vec<u32>,
    /// Whether a node waits for itself, by way of others or not.
    pub(super) in_cycle: Vec<bool>,
}

const UNSEEN: u32 = u32::MAX;

/// Tarjan's strongly connected components, with a stack of its own: rigs are deep.
struct Tarjan<'a> {
    waits: &'a Lists,
    /// When a node was met first.
    met: Vec<u32>,
    /// The earliest node that can be reached and is not finished.
    low: Vec<u32>,
    open: Vec<u32>,
    is_open: Vec<bool>,
    /// Nodes being visited, with how many of their edges were followed.
    path: Vec<(u32, u32)>,
    clock: u32,
    order: Order,
}

/// An order of the nodes `0..count`, of which each waits for those in its list. Nodes that do not
/// have to wait stay in the order of their numbers.
pub(super) fn order(count: usize, waits: &Lists) -> Order {
    let mut tarjan = Tarjan {
        waits,
        met: vec![UNSEEN; count],
        low: vec![0; count],
        open: Vec::new(),
        is_open: vec![false; count],
        path: Vec::new(),
        clock: 0,
        order: Order { nodes: Vec::with_capacity(count), in_cycle: vec![false; count] },
    };
    for node in 0..count as u32 {
        if tarjan.met[node as usize] == UNSEEN {
            tarjan.visit(node);
        }
    }
    tarjan.order
}

impl Tarjan<'_> {
    fn enter(&mut self, node: u32) {
        self.met[node as usize] = self.clock;
        self.low[node as usize] = self.clock;
        self.clock += 1;
        self.open.push(node);
        self.is_open[node as usize] = true;
        self.path.push((node, 0));
    }

    fn visit(&mut self, root: u32) {
        self.enter(root);
        while let Some((node, followed)) = self.path.last_mut() {
            let (from, waits) = (*node as usize, self.waits);
            let Some(to) = waits.of(from).get(*followed as usize).copied() else {
                self.leave(from);
                continue;
            };
            *followed += 1;
            if to as usize == from {
                self.order.in_cycle[from] = true;
            } else if self.met[to as usize] == UNSEEN {
                self.enter(to);
            } else if self.is_open[to as usize] {
                self.low[from] = self.low[from].min(self.met[to as usize]);
            }
        }
    }

    fn leave(&mut self, node: usize) {
        self.path.pop();
        if let Some((above, _)) = self.path.last() {
            let above = *above as usize;
            self.low[above] = self.low[above].min(self.low[node]);
        }
        if self.low[node] != self.met[node] {
            return;
        }
        let start = self.open.iter().rposition(|open| *open as usize == node).unwrap_or(0);
        let component = self.open.split_off(start);
        for member in &component {
            self.is_open[*member as usize] = false;
            self.order.in_cycle[*member as usize] |= component.len() > 1;
        }
        self.order.nodes.extend(component.iter().rev());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Which nodes each node reaches, by repeated squaring of the relation.
    fn reach(count: usize, edges: &[(u32, u32)]) -> Vec<Vec<bool>> {
        let mut reach = vec![vec![false; count]; count];
        edges.iter().for_each(|(a, b)| reach[*a as usize][*b as usize] = true);
        for through in 0..count {
            for a in 0..count {
                for b in 0..count {
                    reach[a][b] |= reach[a][through] && reach[through][b];
                }
            }
        }
        reach
    }

    proptest! {
        #[test]
        fn nodes_follow_what_they_wait_for(
            edges in prop::collection::vec((0u32..12, 0u32..12), 0..24)
        ) {
            let found = order(12, &Lists::new(12, edges.iter().copied()));
            let reach = reach(12, &edges);
            let mut sorted = found.nodes.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..12).collect::<Vec<u32>>());
            for (node, reached) in reach.iter().enumerate() {
                prop_assert_eq!(found.in_cycle[node], reached[node]);
            }
            let place = |node: u32| found.nodes.iter().position(|n| *n == node);
            for (a, b) in edges {
                if !reach[b as usize][a as usize] {
                    prop_assert!(place(a) > place(b), "{} waits for {}", a, b);
                }
            }
        }
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let count = 200_000;
        let edges = (0..count as u32 - 1).map(|node| (node, node + 1));
        let found = order(count, &Lists::new(count, edges));
        assert_eq!(found.nodes[0], count as u32 - 1);
        assert!(!found.in_cycle.contains(&true));
    }
}
