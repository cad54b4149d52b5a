"""What the compiled functions read, in one tuple, and the space they work in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from baiye_placement.arrays import Arrays, Ints

# Of ``Tables``: written by whoever asks for a bundle, so each thread has its own.
WORKING_SPACE = ("choice", "chosen", "picked", "picked_mask", "mark", "least", "value")


class Tables(NamedTuple):
    """What the compiled functions read (see ``Arrays``), and the space they work in."""

    slot_ptr: Ints
    slots: Ints
    wish_ptr: Ints
    wish_project: Ints
    wish_points: Ints
    wish_offer: Ints
    offer_ptr: Ints
    edge_session: Ints
    edge_mask: Ints
    kind: Ints
    option_ptr: Ints
    option_mask: Ints
    option_list: Ints
    open_ptr: Ints
    open_session: Ints  # of each list the cheapest first, once ``sort_open`` was called
    project: Ints
    width: Ints
    need: Ints
    capacity: Ints
    session_slots: Ints  # half-days of each session, one row a session, -1 past their end
    bits: Ints  # how many half-days a mask has
    bit: Ints  # which one, where it has one; else -1
    choice: NDArray[np.int32]  # of each row and mask: an edge, or a pick after all edges, or -1
    chosen: Ints
    picked: Ints  # sessions that may fill a half-day
    picked_mask: Ints  # … and the half-days they fill
    mark: NDArray[np.int8]  # of each project, while one unit is asked (see ``open_lists``)
    least: Ints  # what each half-day gives without a wish
    nothing: Ints  # no project is held
    value: Ints  # of each row and mask; whole numbers, so that every worth is exact


def open_to(t: Arrays | Tables, kind: int) -> Iterator[tuple[int, list[int]]]:
    """(mask of half-days, sessions that are open then) of each option of the kind."""
    for o in range(t.option_ptr[kind], t.option_ptr[kind + 1]):
        begin, end = t.open_ptr[t.option_list[o] : t.option_list[o] + 2]
        yield int(t.option_mask[o]), t.open_session[begin:end].tolist()


def tables(a: Arrays) -> Tables:
    """Tables of ``a`` with working space for its largest unit."""
    masks = 1 << int(np.diff(a.slot_ptr).max(initial=0))
    options = int(np.diff(a.option_ptr).max(initial=0))
    fills = options * max(1, masks.bit_length() - 1)
    rows = int(np.diff(a.wish_ptr).max(initial=0)) + fills + 1
    bits = np.array([mask.bit_count() for mask in range(masks)], dtype=np.int64)
    return Tables(
        a.slot_ptr,
        a.slots,
        a.wish_ptr,
        a.wish_project,
        a.wish_points,
        a.wish_offer,
        a.offer_ptr,
        a.edge_session,
        a.edge_mask,
        a.kind,
        a.option_ptr,
        a.option_mask,
        a.option_list,
        a.open_ptr,
        a.open_session.copy(),
        a.project,
        a.width,
        a.need,
        a.capacity,
        a.session_slots,
        bits,
        np.array([mask.bit_length() - 1 if mask.bit_count() == 1 else -1 for mask in range(masks)], dtype=np.int64),
        np.zeros((rows, masks), np.int32),
        np.full(masks + 1, -1, dtype=np.int64),
        np.full(fills + 1, -1, dtype=np.int64),
        np.zeros(fills + 1, dtype=np.int64),
        np.zeros(int(a.project.max(initial=0)) + 1, dtype=np.int8),
        np.zeros(max(1, masks.bit_length()), dtype=np.int64),
        np.full(1, -1, dtype=np.int64),
        np.zeros((rows + 1, masks), dtype=np.int64),
    )
