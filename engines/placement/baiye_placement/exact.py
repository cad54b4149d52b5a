# ruff: noqa: PLC0415 - HiGHS is loaded where it is needed
"""The whole problem as one integer programme (HiGHS): for small problems, and as a check of the rest.

Binary x[u, s] says that unit u sits in session s, binary y[s] that a session with a minimum is held. Half-days are
maximised first, then points among placements with as many half-days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from baiye_placement.flow import AWAY

if TYPE_CHECKING:
    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.bundles import Tables

NODES = 20_000  # work budget: branch-and-bound nodes of each of the two programmes


def _silent_highs() -> Any:
    import highspy

    class Silent(highspy.Highs):  # HiGHS prints its banner while it enables callbacks, before anyone can stop it
        def enableCallbacks(self) -> None:  # noqa: N802
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Silent()  # type: ignore[no-untyped-call]


def column_count(t: Tables) -> int:
    """How many x the programme would have."""
    open_to_kind = np.concatenate([[0], np.cumsum(np.diff(t.open_ptr)[t.option_list])])[t.option_ptr]
    return int(np.diff(open_to_kind)[t.kind].sum())


def solve_exactly(a: Arrays, t: Tables, minimum: Ints, seconds: float) -> Ints | None:
    """The best seats, or None where the work budget did not suffice to find any."""
    program = _Program(a, t, minimum)
    if not program.columns:
        return np.full(len(t.slots), AWAY, dtype=np.int64)
    return program.solve(seconds)


def linear_optimum(a: Arrays, t: Tables, minimum: Ints) -> float:
    """Points of the linear relaxation when every half-day is filled: the floor of any bound."""
    import highspy

    program = _Program(a, t, minimum)
    model = _silent_highs()
    model.setOptionValue("threads", 1)
    points = np.array([column[3] for column in program.columns], dtype=np.float64)
    hours = np.array([mask.bit_count() * t.width[u] for u, _, mask, _ in program.columns], dtype=np.float64)
    program.build(model, points)
    every = np.arange(len(points), dtype=np.int32)
    model.changeColsIntegrality(len(points), every, np.array([highspy.HighsVarType.kContinuous] * len(points)))
    model.addRow(float(t.need @ t.width), np.inf, len(points), every, hours)
    model.run()
    return float(model.getInfo().objective_function_value)


class _Program:
    def __init__(self, a: Arrays, t: Tables, minimum: Ints) -> None:
        self.a, self.t, self.minimum = a, t, minimum
        self.columns: list[tuple[int, int, int, int]] = []  # unit, session, mask, points
        self.rows: dict[Any, tuple[float, float, list[int], list[float]]] = {}
        for u in range(a.unit_count):
            self._add_unit(u)
        self._add_sessions()
        self._add_apart()

    def _row(self, key: Any, upper: float) -> tuple[list[int], list[float]]:
        _, _, index, value = self.rows.setdefault(key, (-np.inf, float(upper), [], []))
        return index, value

    def _add_unit(self, u: int) -> None:
        t, k = self.t, self.t.kind[u]
        points = {int(t.wish_project[w]): int(t.wish_points[w]) for w in range(t.wish_ptr[u], t.wish_ptr[u + 1])}
        caps = self.a.caps.index[self.a.caps.ptr[u] : self.a.caps.ptr[u + 1]].tolist()
        for o in range(t.option_ptr[k], t.option_ptr[k + 1]):
            mask = int(t.option_mask[o])
            begin, end = t.open_ptr[t.option_list[o] : t.option_list[o] + 2]
            for s in sorted(t.open_session[begin:end].tolist()):
                column, project = len(self.columns), int(t.project[s])
                self.columns.append((u, s, mask, points.get(project, 0) * mask.bit_count()))
                entries: list[tuple[Any, int, int]] = [
                    (("slot", u, b), 1, 1) for b in range(mask.bit_length()) if mask >> b & 1
                ]
                entries += [
                    (("project", u, project), 1, 1),
                    (("need", u), int(t.need[u]), mask.bit_count()),
                    (("session", s), max(int(t.capacity[s]), 0), int(t.width[u])),
                ]
                for c in caps:
                    if self.a.caps.projects[c, project]:
                        held = sum(self.a.caps.projects[c, self.a.project[x]] for x in self.a.locked[u])
                        entries.append((("cap", u, c), int(self.a.caps.limit[c]) - held, 1))
                for key, upper, value in entries:
                    index, values = self._row(key, upper)
                    index.append(column)
                    values.append(value)

    def _add_sessions(self) -> None:
        """y[s] after all x, for sessions with a minimum that no lock has opened."""
        opened = {s for held in self.a.locked for s in held}
        self.held = [
            s for s in np.flatnonzero(self.minimum > 1).tolist() if s not in opened and ("session", s) in self.rows
        ]
        for i, s in enumerate(self.held):
            y = len(self.columns) + i
            index, value = self.rows.pop(("session", s))[2:]
            self.rows["most", s] = (-np.inf, 0.0, [*index, y], [*value, -float(self.t.capacity[s])])
            self.rows["least", s] = (0.0, np.inf, [*index, y], [*value, -float(self.minimum[s])])

    def _add_apart(self) -> None:
        at = {(u, s): column for column, (u, s, _, _) in enumerate(self.columns)}
        for first, second in self.a.apart:
            for u, other in ((first, second), (second, first)):
                for s in self.a.locked[other]:
                    if (u, s) in at:
                        self.rows["apart", u, s] = (-np.inf, 0.0, [at[u, s]], [1.0])
            for u, s in [key for key in at if key[0] == first]:
                if (second, s) in at:
                    self.rows["apart", first, second, s] = (-np.inf, 1.0, [at[u, s], at[second, s]], [1.0, 1.0])

    def solve(self, seconds: float) -> Ints | None:
        width = self.t.width
        hours = np.array([mask.bit_count() * width[u] for u, _, mask, _ in self.columns], dtype=np.float64)
        points = np.array([p for _, _, _, p in self.columns], dtype=np.float64)
        nobody = np.zeros(len(self.held))
        model = _silent_highs()
        for name, value in (
            ("threads", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.5),
            ("mip_max_nodes", NODES),
            ("random_seed", 1),
            ("time_limit", max(seconds, 0.1)),
        ):
            model.setOptionValue(name, value)
        self.build(model, np.concatenate([hours, nobody]))
        if (first := self._run(model)) is None:
            return None
        index = np.flatnonzero(hours).astype(np.int32)
        filled = round(float(hours @ first[: len(hours)]))
        model.addRow(float(filled), np.inf, len(index), index, hours[index])
        model.changeColsCost(len(points), np.arange(len(points), dtype=np.int32), points)
        second = self._run(model)
        return self._seats(first if second is None else second)

    def build(self, model: Any, cost: Any) -> None:
        import highspy

        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(cost), len(self.rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = cost
        lp.col_lower_, lp.col_upper_ = np.zeros(len(cost)), np.ones(len(cost))
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
        lp.row_lower_ = np.array([row[0] for row in self.rows.values()])
        lp.row_upper_ = np.array([row[1] for row in self.rows.values()])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in self.rows.values())])
        lp.a_matrix_.index_ = np.array([i for row in self.rows.values() for i in row[2]], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([v for row in self.rows.values() for v in row[3]], dtype=np.float64)
        model.passModel(lp)

    def _run(self, model: Any) -> Any:
        import highspy

        model.run()
        if model.getInfo().primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return None
        return np.array(model.getSolution().col_value)

    def _seats(self, solution: Any) -> Ints:
        seat = np.full(len(self.t.slots), AWAY, dtype=np.int64)
        for (u, s, mask, _), x in zip(self.columns, solution, strict=False):
            if x > 0.5:
                for b in range(mask.bit_length()):
                    if mask >> b & 1:
                        seat[self.t.slot_ptr[u] + b] = s
        return seat
