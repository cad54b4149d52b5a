# ruff: noqa: PLC0415 - HiGHS is loaded where it is needed
"""A linear or integer programme written row by row, minimised by HiGHS for one aim after the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NODES = 5000  # work budget: branch-and-bound nodes of one aim


@dataclass(frozen=True, slots=True)
class Solution:
    """``exact`` says that nothing better exists; duals are there for linear programmes alone."""

    values: Floats
    duals: Floats
    exact: bool


@dataclass(slots=True)
class Program:
    """Columns between 0 and ``upper``; rows are Σ value · column between ``lower`` and ``upper``."""

    uppers: list[float] = field(default_factory=list)
    keys: dict[Hashable, int] = field(default_factory=dict)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    entries: list[list[tuple[int, float]]] = field(default_factory=list)

    def column(self, upper: float = 1.0) -> int:
        self.uppers.append(upper)
        return len(self.uppers) - 1

    def row(self, key: Hashable, lower: float, upper: float) -> list[tuple[int, float]]:
        """Entries of the row ``key``, to be added to; its limits are those of the first call."""
        if key not in self.keys:
            self.keys[key] = len(self.entries)
            self.lower.append(lower)
            self.upper.append(upper)
            self.entries.append([])
        return self.entries[self.keys[key]]

    def open(self, *, whole: bool) -> Aims:
        """The programme in HiGHS, its columns ``whole`` numbers or not."""
        return Aims(self, whole)


class Aims:
    """Minimises one aim, then another among the solutions of the first, and so on."""

    def __init__(self, program: Program, whole: bool) -> None:
        import highspy

        self.count, self.whole = len(program.uppers), whole
        self.highs = _silent()
        for name, value in (
            ("threads", 1),
            ("random_seed", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.5),
            ("mip_max_nodes", NODES),
        ):
            self.highs.setOptionValue(name, value)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.count, len(program.entries)
        lp.col_cost_, lp.col_lower_ = np.zeros(self.count), np.zeros(self.count)
        lp.col_upper_ = np.array(program.uppers, dtype=np.float64)
        if whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * self.count
        lp.row_lower_, lp.row_upper_ = np.array(program.lower), np.array(program.upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(row) for row in program.entries)])
        lp.a_matrix_.index_ = np.array([i for row in program.entries for i, _ in row], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([v for row in program.entries for _, v in row], dtype=np.float64)
        self.highs.passModel(lp)

    def minimise(self, aim: Iterable[tuple[int, float]], *, seconds: float = 60.0) -> Solution | None:
        """The best solution found, or None where there is none."""
        import highspy

        cost = np.zeros(self.count)
        for column, value in aim:
            cost[column] += value
        self.highs.changeColsCost(self.count, np.arange(self.count, dtype=np.int32), cost)
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(seconds, 0.1))
        self.highs.run()
        if self.highs.getInfo().primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return None
        found = self.highs.getSolution()
        exact = self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return Solution(np.array(found.col_value), np.array(found.row_dual), exact)

    def at_most(self, aim: Iterable[tuple[int, float]], limit: float) -> None:
        """From now on Σ value · column of ``aim`` is at most ``limit``."""
        cost: dict[int, float] = {}
        for column, value in aim:
            cost[column] = cost.get(column, 0.0) + value
        index = np.array(sorted(cost), dtype=np.int32)
        self.highs.addRow(-np.inf, float(limit), len(index), index, np.array([cost[i] for i in index.tolist()]))


def _silent() -> Any:
    import highspy

    class Silent(highspy.Highs):  # HiGHS prints its banner while it enables callbacks, before anyone can stop it
        def enableCallbacks(self) -> None:  # noqa: N802
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Silent()  # type: ignore[no-untyped-call]
