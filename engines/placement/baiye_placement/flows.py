"""What both uses of OR-Tools' min-cost flow share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints


def feasible(flow: Any, supply: Ints) -> bool:
    """Solve ``flow`` with ``supply`` of each node; False where no flow meets it.

    Raises
    ------
    RuntimeError
        The solver stopped for another reason.
    """
    flow.set_nodes_supplies(np.arange(len(supply)), supply)
    status = flow.solve()
    if status not in (flow.OPTIMAL, flow.INFEASIBLE):
        raise RuntimeError(f"min-cost flow: {status}")
    return bool(status == flow.OPTIMAL)
