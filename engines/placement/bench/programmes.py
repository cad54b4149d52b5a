"""Linear, integer and constraint programmes of the round: HiGHS and CP-SAT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from model import Model


def _rows(model: Model) -> tuple[Any, Any, Any]:
    """(row, column, upper bound of each row): wish met once, half-day used once, need, seats."""
    edges = np.arange(len(model.edge_session))
    pupil, slot = model.pupil_of_edge, model.slot[model.edge_session]
    spare = model.slots > model.need
    parts = [
        (model.wish_of_edge, edges, 1),
        (pupil * (int(model.slot.max()) + 1) + slot, edges, 1),
        (pupil[spare[pupil]], edges[spare[pupil]], model.need),
        (model.edge_session, edges, model.capacity),
    ]
    rows, columns, uppers, count = [], [], [], 0
    for key, column, upper in parts:
        kept, index = np.unique(key, return_inverse=True)
        rows.append(index + count)
        columns.append(column)
        uppers.append(np.full(len(kept), upper) if np.ndim(upper) == 0 else upper[kept])
        count += len(kept)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(uppers)


def _highs(model: Model, options: dict[str, Any], *, whole: bool) -> Any:
    import highspy

    row, column, upper = _rows(model)
    order = np.lexsort((row, column))
    n = len(model.edge_session)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n, len(upper)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = model.points_of_edge.astype(np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(n), np.ones(n)
    lp.row_lower_, lp.row_upper_ = np.full(len(upper), -np.inf), upper.astype(np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=n))])
    lp.a_matrix_.index_ = row[order].astype(np.int32)
    lp.a_matrix_.value_ = np.ones(len(row))
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * n
    solver = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, **options}.items():
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    return solver


def highs_simplex(model: Model) -> dict[str, Any]:
    return {"bound": _highs(model, {"solver": "simplex"}, whole=False).getInfo().objective_function_value}


def highs_interior(model: Model) -> dict[str, Any]:
    return {"bound": _highs(model, {"solver": "ipm"}, whole=False).getInfo().objective_function_value}


def highs_integer(model: Model) -> dict[str, Any]:
    solver = _highs(model, {"mip_rel_gap": 0.0, "mip_abs_gap": 0.9, "time_limit": 240.0}, whole=True)
    taken = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5)
    return {"edges": taken, "bound": solver.getInfo().mip_dual_bound}


def cp_sat(model: Model) -> dict[str, Any]:
    from ortools.sat.python import cp_model

    row, column, upper = _rows(model)
    programme = cp_model.CpModel()
    x = [programme.new_bool_var("") for _ in range(len(model.edge_session))]
    order = np.argsort(row, kind="stable")
    for members, most in zip(np.split(column[order], np.cumsum(np.bincount(row))[:-1]), upper.tolist(), strict=True):
        programme.add(cp_model.LinearExpr.sum([x[c] for c in members.tolist()]) <= int(most))
    programme.maximize(cp_model.LinearExpr.weighted_sum(x, model.points_of_edge.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, 40.0
    status = solver.solve(programme)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        raise RuntimeError("no answer")
    taken = [i for i, variable in enumerate(x) if solver.value(variable)]
    return {"edges": np.array(taken, dtype=np.int64), "bound": solver.best_objective_bound}


PROGRAMMES: dict[str, Any] = {
    "HiGHS LP simplex": highs_simplex,
    "HiGHS LP interior point": highs_interior,
    "HiGHS MILP": highs_integer,
    "OR-Tools CP-SAT (40 s)": cp_sat,
}
