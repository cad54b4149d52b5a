"""One aim after the other: the best match by HiGHS, its proof, and on to the next among matches as good."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from baiye_placement.talks.programme import gain, model_of
from baiye_placement.talks.prove import Prover
from baiye_placement.talks.result import AIMS, Proof, Result, talks_of, values

if TYPE_CHECKING:
    from baiye_placement.highs import Aims
    from baiye_placement.talks.campaign import Campaign, Option
    from baiye_placement.talks.programme import Model


def match_talks(campaign: Campaign, *, time_budget_s: float = 120.0) -> Result:
    """The best talks: need, then points, then minutes, then load, then lots, each among the best by those before.

    The same campaign gives the same result as long as no aim runs into the time budget; a bound that was not reached
    stands in the certificate.
    """
    model = model_of(campaign)
    aims = model.program.open(whole=True)
    chosen: tuple[Option, ...] = ()
    proofs: list[Proof] = []
    deadline = time.monotonic() + time_budget_s
    for aim in AIMS:
        chosen = _better(model, aims, aim, chosen, deadline)
        value = values(campaign, chosen)[aim]
        proofs.append(Prover(model, aim, value, tuple((p.aim, p.value) for p in proofs)).prove())
        aims.at_most(((column, -worth) for column, worth in model.gains[aim]), -gain(aim, value))
    return Result(talks_of(campaign, chosen), tuple(proofs))


def _better(model: Model, aims: Aims, aim: str, chosen: tuple[Option, ...], deadline: float) -> tuple[Option, ...]:
    """The best match for ``aim``; ``chosen`` where nothing better is found."""
    import highspy  # noqa: PLC0415 - loaded where it is needed

    start = highspy.HighsSolution()
    start.col_value = model.start(chosen)
    aims.highs.setSolution(start)
    cost = ((column, -worth) for column, worth in model.gains[aim])
    found = aims.minimise(cost, seconds=max(1.0, deadline - time.monotonic()))
    if found is None:
        return chosen
    best = model.chosen([float(value) for value in found.values])
    before, after = (gain(aim, values(model.campaign, each)[aim]) for each in (chosen, best))
    return best if after >= before else chosen
