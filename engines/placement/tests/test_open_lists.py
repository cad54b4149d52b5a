"""Open lists in order of price: all of them, or as far as a search of prices needs them."""

from __future__ import annotations

import numpy as np
import pytest
from baiye_placement.arrays import compile_arrays
from baiye_placement.generate import generate
from baiye_placement.open_lists import HEAD, sort_heads, sort_open
from baiye_placement.tables import Tables, tables


def with_one_list(sessions: int) -> Tables:
    """Tables with one open list, of so many sessions."""
    t = tables(compile_arrays(generate(pupils=40, seed=1)))
    return t._replace(open_ptr=np.array([0, sessions]), open_session=np.arange(sessions)[::-1].copy())


@pytest.mark.parametrize("sessions", [0, 1, HEAD - 1, HEAD, HEAD + 1, 200])
def test_sort_heads_puts_the_cheapest_first_in_order(sessions: int):
    t = with_one_list(sessions)
    price = np.random.default_rng(sessions).permutation(sessions)

    sort_heads(price, t)

    assert price[t.open_session[:HEAD]].tolist() == sorted(price.tolist())[:HEAD]
    assert sorted(t.open_session.tolist()) == list(range(sessions))


def test_sort_heads_follows_prices_that_move():
    t, rng = with_one_list(200), np.random.default_rng(7)

    for _ in range(50):
        price = rng.integers(0, 40, 200)
        sort_heads(price, t)

        assert price[t.open_session[:HEAD]].tolist() == sorted(price.tolist())[:HEAD]


def test_sort_open_orders_everything_by_price_then_by_number():
    t = with_one_list(200)
    price = np.random.default_rng(3).integers(0, 20, 200)
    sort_heads(price, t)

    sort_open(price, t)

    assert t.open_session.tolist() == sorted(range(200), key=lambda s: (price[s], s))
