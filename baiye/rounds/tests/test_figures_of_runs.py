"""Shares and their intervals."""

import pytest

from baiye.rounds.figures import wilson


@pytest.mark.parametrize(
    ("successes", "n", "expected"),
    [(0, 0, (0.0, 1.0)), (0, 10, (0.0, 0.2775)), (5, 10, (0.2366, 0.7634)), (10, 10, (0.7225, 1.0))],
)
def test_wilson_agrees_with_the_published_tables(successes, n, expected):
    assert wilson(successes, n) == pytest.approx(expected, abs=1e-4)
