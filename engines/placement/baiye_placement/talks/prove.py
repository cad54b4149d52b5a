"""Proves that no match does better: a tree of cases, in each a linear combination of rows as whole numbers.

A case says of a request that it gets an offer, or an offer's half-day, or that it does not. Where the rows of a case,
each times its multiplier, leave no room above the value, the case is closed; else it is divided in two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from baiye_placement.talks.programme import gain
from baiye_placement.talks.result import Proof

if TYPE_CHECKING:
    from baiye_placement.highs import Aims
    from baiye_placement.talks.programme import Entries, Key, Model
    from baiye_placement.talks.result import Tree

SCALE = 1 << 20  # multipliers are whole numbers of this part
CASES = 300  # of one aim; where they are used up the bound stays above the value, and the certificate says so
WHOLE = 1e-6


@dataclass(slots=True)
class Prover:
    """A linear programme of one aim with the values of the aims before, and the cases under way."""

    model: Model
    aim: str
    value: int
    before: tuple[tuple[str, int], ...]
    lp: Aims = field(init=False)
    rows: list[tuple[Key, Entries, int]] = field(init=False)
    bound: int = field(init=False)
    left: int = field(default=CASES, init=False)

    def __post_init__(self) -> None:
        self.lp = self.model.program.open(whole=False)
        self.lp.highs.setOptionValue("presolve", "off")
        program = self.model.program
        self.rows = [
            (key, [(column, int(worth)) for column, worth in entries], int(limit))
            for key, entries, limit in zip(self.model.rows, program.entries, program.upper, strict=True)
        ]
        self.bound = gain(self.aim, self.value)
        for aim, value in self.before:
            entries = [(column, -worth) for column, worth in self.model.gains[aim] if worth]
            self._add_row(("aim", aim), entries, -gain(aim, value))
        self._price(self.aim)

    def prove(self) -> Proof:
        tree = self._case()
        return Proof(self.aim, self.value, gain(self.aim, self.bound), tree)

    def _case(self) -> Tree:
        self.left -= 1
        solved = self._solve()
        if solved is None:
            return {"empty": self._emptiness()}
        values, multipliers = solved
        room = self._room(multipliers)
        goal = gain(self.aim, self.value)
        asked = self._undecided(values) if room > goal and self.left > 0 else None
        if asked is None:
            self.bound = max(self.bound, room)
            return {"rows": multipliers}
        columns = [n for n, o in enumerate(self.model.options) if (o.request, o.offer, o.slot)[: len(asked)] == asked]
        no = self._without(columns)
        yes = self._with(asked, columns)
        return {"if": list(asked), "no": no, "yes": yes}

    def _without(self, columns: list[int]) -> Tree:
        index = np.array(columns, dtype=np.int32)
        zeros = np.zeros(len(columns))
        before = np.array([self.lp.highs.getLp().col_upper_[column] for column in columns])
        self.lp.highs.changeColsBounds(len(columns), index, zeros, zeros)
        tree = self._case()
        self.lp.highs.changeColsBounds(len(columns), index, zeros, before)
        return tree

    def _with(self, asked: Key, columns: list[int]) -> Tree:
        self._add_row(("yes", *asked), [(column, -1) for column in columns], -1)
        tree = self._case()
        last = np.array([len(self.rows) - 1], dtype=np.int32)
        self.lp.highs.deleteRows(1, last)
        self.rows.pop()
        return tree

    def _solve(self) -> tuple[Any, list[list[Any]]] | None:
        highs = self.lp.highs
        highs.run()
        if highs.modelStatusToString(highs.getModelStatus()) != "Optimal":
            return None
        found = highs.getSolution()
        return found.col_value, self._whole(found.row_dual)

    def _emptiness(self) -> list[list[Any]]:
        """Multipliers that show the case to hold nothing: its least break of rows is more than none."""
        highs, slack = self.lp.highs, self.model.slack
        self._price(None)
        highs.changeColBounds(slack, 0.0, float("inf"))
        highs.changeColCost(slack, 1.0)
        highs.run()
        multipliers = self._whole(highs.getSolution().row_dual)
        highs.changeColCost(slack, 0.0)
        highs.changeColBounds(slack, 0.0, 0.0)
        self._price(self.aim)
        return multipliers

    def _whole(self, duals: Any) -> list[list[Any]]:
        """Rows with their multipliers, as whole numbers; what a row's direction forbids is 0."""
        found = []
        for (key, _entries, _limit), dual in zip(self.rows, duals, strict=True):
            number = round(-dual * SCALE)
            if number > 0 or (number < 0 and key[0] in ("met", "load")):
                found.append([*key, number])
        return found

    def _room(self, multipliers: list[list[Any]]) -> int:
        """What the solver believes the multipliers prove; ``verify`` reckons it again on its own."""
        factors = {tuple(row[:-1]): row[-1] for row in multipliers}
        total, rest = 0, [0] * self.lp.count
        for column, worth in self.model.gains[self.aim]:
            rest[column] += SCALE * worth
        for key, entries, limit in self.rows:
            if factor := factors.get(key, 0):
                total += factor * limit
                for column, worth in entries:
                    rest[column] -= factor * worth
        uppers = self.lp.highs.getLp().col_upper_
        return (total + sum(max(0, left) for left, upper in zip(rest, uppers, strict=True) if upper > 0)) // SCALE

    def _undecided(self, values: Any) -> Key | None:
        """The request and offer of which the solution is least sure, or with the half-day; None where it is sure."""
        for length in (2, 3):
            share: dict[Key, float] = {}
            for n, option in enumerate(self.model.options):
                key = (option.request, option.offer, option.slot)[:length]
                share[key] = share.get(key, 0.0) + values[n]
            unsure = {key: abs(part - 0.5) for key, part in share.items() if WHOLE < part < 1 - WHOLE}
            if unsure:
                return min(unsure, key=lambda key: (round(unsure[key], 6), key))
        return None

    def _price(self, aim: str | None) -> None:
        cost = np.zeros(self.lp.count)
        for column, worth in self.model.gains[aim] if aim else ():
            cost[column] -= worth
        self.lp.highs.changeColsCost(self.lp.count, np.arange(self.lp.count, dtype=np.int32), cost)

    def _add_row(self, key: Key, entries: Entries, limit: int) -> None:
        """Σ entries − slack is at most ``limit``."""
        found = sorted([*entries, (self.model.slack, -1)])
        index = np.array([column for column, _worth in found], dtype=np.int32)
        self.lp.highs.addRow(-np.inf, float(limit), len(found), index, np.array([float(w) for _c, w in found]))
        self.rows.append((key, entries, limit))
