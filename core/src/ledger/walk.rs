//! The order of rows in which each balance follows from the one before as often as possible.
//!
//! Balances are the nodes of a graph and rows its edges, each from the balance before it to the one after. An order
//! without a break is a walk over all edges (Euler's); where there is none, the fewest walks that cover all edges have
//! the fewest breaks. Both are found at once, in linear time (Hierholzer), as one closed walk through a node of no balance,
//! [`ANYWHERE`]: from it one edge leads to each place where more rows begin than end, and back from where more end.

use super::columns::Figures;
use crate::index::{Index, folded};

/// The node that stands for no known balance. A row that does not say from where it comes begins there, and costs no break.
const ANYWHERE: usize = 0;

/// A row, or a jump to or from [`ANYWHERE`].
#[derive(Clone, Copy)]
struct Edge {
    to: usize,
    row: Option<usize>,
    next: Option<usize>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// Its edges that were not walked yet, in the order in which they are to be.
    first: Option<usize>,
    last: Option<usize>,
    /// How many more rows begin here than end.
    surplus: i64,
}

/// A graph of balances and rows.
#[derive(Default)]
pub(super) struct Walk {
    balances: Vec<i64>,
    index: Index,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

impl Walk {
    /// The order of `rows`, which are of one currency: the place of each in `rows`. `start` is the balance before them;
    /// where it is not known or none of theirs, an order is preferred that ends at one of `ends`. What is left open stays in order.
    pub(super) fn order(rows: &[Figures], start: Option<i64>, ends: &[i64]) -> Vec<usize> {
        let mut walk = Self { nodes: vec![Node::default()], ..Self::default() };
        let ways: Vec<(usize, usize)> = rows.iter().map(|row| walk.way(row)).collect();
        for &(from, to) in &ways {
            walk.count(from, to);
        }
        let known = start.and_then(|start| walk.find(start)).or_else(|| {
            // Rows that come back to where they begin may begin anywhere among themselves.
            let mut ends = ends.iter().filter_map(|&end| walk.find(end));
            ends.find(|&end| walk.nodes.get(end).is_some_and(|node| node.surplus == 0))
        });
        if let Some(start) = known {
            walk.count(ANYWHERE, start);
            walk.connect(ANYWHERE, start, None);
        }
        for (row, &(from, to)) in ways.iter().enumerate() {
            if from != ANYWHERE && walk.nodes.get(from).is_some_and(|node| node.surplus > 0) {
                walk.count(ANYWHERE, from);
                walk.connect(ANYWHERE, from, None);
            }
            walk.connect(from, to, Some(row));
        }
        for node in 1..walk.nodes.len() {
            while walk.nodes.get(node).is_some_and(|node| node.surplus < 0) {
                walk.count(node, ANYWHERE);
                walk.connect(node, ANYWHERE, None);
            }
        }
        let mut order = Vec::with_capacity(rows.len());
        walk.tour(ANYWHERE, &mut order);
        // Rings of rows that hang together with nothing else.
        for &(from, _) in &ways {
            walk.tour(from, &mut order);
        }
        order
    }

    /// Walks all edges that can be reached from a node, and comes back to it.
    fn tour(&mut self, from: usize, order: &mut Vec<usize>) {
        let begin = order.len();
        let mut open = vec![(from, None)];
        while let Some(&(at, row)) = open.last() {
            let node = self.nodes.get_mut(at);
            let edge = node.and_then(|node| Some((self.edges.get(node.first?).copied()?, node)));
            if let Some((edge, node)) = edge {
                node.first = edge.next;
                open.push((edge.to, edge.row));
            } else {
                open.pop();
                order.extend(row);
            }
        }
        order.get_mut(begin..).unwrap_or_default().reverse();
    }

    /// From where to where a row leads.
    fn way(&mut self, row: &Figures) -> (usize, usize) {
        let from = row.before().map_or(ANYWHERE, |before| self.node(before));
        (from, row.balance.map_or(ANYWHERE, |balance| self.node(balance)))
    }

    fn find(&self, balance: i64) -> Option<usize> {
        let is = |number: u32| {
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            self.balances.get(number) == Some(&balance)
        };
        self.index.find(hash(balance), &is).and_then(|number| usize::try_from(number).ok()?.checked_add(1))
    }

    fn node(&mut self, balance: i64) -> usize {
        self.find(balance).unwrap_or_else(|| {
            let number = u32::try_from(self.balances.len()).unwrap_or(u32::MAX);
            self.balances.push(balance);
            self.nodes.push(Node::default());
            self.index.add(hash(balance), number);
            self.balances.len()
        })
    }

    fn count(&mut self, from: usize, to: usize) {
        for (node, change) in [(from, 1), (to, -1)] {
            if let Some(node) = self.nodes.get_mut(node) {
                node.surplus += change;
            }
        }
    }

    fn connect(&mut self, from: usize, to: usize, row: Option<usize>) {
        let number = self.edges.len();
        self.edges.push(Edge { to, row, next: None });
        if let Some(node) = self.nodes.get_mut(from) {
            let last = node.last.replace(number);
            match last.and_then(|last| self.edges.get_mut(last)) {
                Some(last) => last.next = Some(number),
                None => node.first = Some(number),
            }
        }
    }
}

fn hash(balance: i64) -> u32 {
    folded(balance.cast_unsigned())
}
