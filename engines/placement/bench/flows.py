"""One half-day a pupil: min-cost flow and assignment in OR-Tools, SciPy and networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from model import Model


def ortools_flow(model: Model) -> Any:
    """SimpleMinCostFlow: pupil → session → sink, and pupil → sink for those who get none."""
    from ortools.graph.python import min_cost_flow

    n, m, edges = len(model.need), len(model.capacity), len(model.edge_session)
    sink = n + m
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        model.pupil_of_edge, n + model.edge_session, np.ones(edges, dtype=np.int64), -model.points_of_edge
    )
    zeros = np.zeros(max(n, m), dtype=np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(n + np.arange(m), np.full(m, sink), model.capacity, zeros[:m])
    flow.add_arcs_with_capacity_and_unit_cost(np.arange(n), np.full(n, sink), np.ones(n, dtype=np.int64), zeros[:n])
    flow.set_nodes_supplies(np.arange(n + 1) + np.array([0] * n + [m]), np.array([1] * n + [-n]))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("no optimal flow")
    return np.flatnonzero(flow.flows(arcs))


def _seats(model: Model) -> tuple[Any, Any, Any, int]:
    """(pupil, seat, edge, seats) of each edge times the seats of its session, then a seat at home for each pupil."""
    n, total = len(model.need), int(model.capacity.sum())
    first = np.cumsum(model.capacity) - model.capacity
    size = model.capacity[model.edge_session]
    edge = np.repeat(np.arange(len(size)), size)
    inside = np.arange(len(edge)) - np.repeat(np.cumsum(size) - size, size)
    pupil = np.concatenate([model.pupil_of_edge[edge], np.arange(n)])
    seat = np.concatenate([first[model.edge_session[edge]] + inside, total + np.arange(n)])
    return pupil, seat, edge, total + n


def scipy_sparse(model: Model) -> Any:
    """LAPJV on a sparse matrix, seats expanded."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    pupil, seat, edge, seats = _seats(model)
    worth = np.concatenate([model.points_of_edge[edge] + 1, np.ones(len(model.need), dtype=np.int64)])
    matrix = csr_array((worth, (pupil, seat)), shape=(len(model.need), seats))
    row, column = min_weight_full_bipartite_matching(matrix, maximize=True)
    return _edges_of(model, row, column)


def scipy_dense(model: Model) -> Any:
    """The modified Jonker-Volgenant of ``linear_sum_assignment`` on a dense matrix, seats expanded."""
    from scipy.optimize import linear_sum_assignment

    pupil, seat, edge, seats = _seats(model)
    worth = np.full((len(model.need), seats), -1e6)
    worth[pupil, seat] = np.concatenate([model.points_of_edge[edge], np.zeros(len(model.need))])
    row, column = linear_sum_assignment(worth, maximize=True)
    return _edges_of(model, row, column)


def _edges_of(model: Model, pupil: Any, seat: Any) -> Any:
    total = int(model.capacity.sum())
    session_of = np.repeat(np.arange(len(model.capacity)), model.capacity)
    at = {
        (p, s): e
        for e, (p, s) in enumerate(zip(model.pupil_of_edge.tolist(), model.edge_session.tolist(), strict=True))
    }
    placed = seat < total
    pairs = zip(pupil[placed].tolist(), session_of[seat[placed]].tolist(), strict=True)
    return np.array([at[pair] for pair in pairs], dtype=np.int64)


def networkx_simplex(model: Model) -> Any:
    """``network_simplex`` on the same network as the flow."""
    import networkx

    graph = networkx.DiGraph()
    n = len(model.need)
    graph.add_nodes_from((("p", i), {"demand": -1}) for i in range(n))
    graph.add_node("sink", demand=n)
    for i in range(n):
        graph.add_edge(("p", i), "sink", capacity=1, weight=0)
    for s, capacity in enumerate(model.capacity.tolist()):
        graph.add_edge(("s", s), "sink", capacity=capacity, weight=0)
    rows = zip(model.pupil_of_edge.tolist(), model.edge_session.tolist(), model.points_of_edge.tolist(), strict=True)
    edge_of = {}
    for e, (p, s, points) in enumerate(rows):
        graph.add_edge(("p", p), ("s", s), capacity=1, weight=-points)
        edge_of[p, s] = e
    _, flow = networkx.network_simplex(graph)
    return np.array([e for (p, s), e in edge_of.items() if flow["p", p]["s", s]], dtype=np.int64)


FLOWS: dict[str, Any] = {
    "OR-Tools SimpleMinCostFlow": ortools_flow,
    "SciPy sparse LAPJV": scipy_sparse,
    "SciPy dense assignment": scipy_dense,
    "networkx network_simplex": networkx_simplex,
}
