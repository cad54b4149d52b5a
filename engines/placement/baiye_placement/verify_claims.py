"""What sets of wishes gain that have the points of a claim: every set is tried that is not beaten by another one."""

from __future__ import annotations

from collections.abc import Sequence

Wish = tuple[int, list[tuple[int, int]]]  # points of a half-day; (half-days as a mask, gain) wherever it can be met
Labels = dict[int, list[tuple[int, int]]]  # half-days taken → (points, gain), none of which another one beats in both


def gains_above(claim: int, wishes: Sequence[Wish], need: int, bits: Sequence[int]) -> dict[int, int]:
    """Of each mask of at most ``need`` half-days the most that wishes with at least ``claim`` points gain in it."""
    far = _far(wishes, need, bits)
    labels: Labels = {0: [(0, 0)]}
    for (points, moves), later in zip(wishes, far[1:], strict=True):
        added: Labels = {}
        for before, pairs in labels.items():
            for mask, gain in moves:
                left = need - bits[before | mask]
                if before & mask or left < 0:
                    continue
                more = points * bits[mask]
                kept = [(min(claim, p + more), g + gain) for p, g in pairs if p + more + later[left] >= claim]
                if kept:
                    added.setdefault(before | mask, []).extend(kept)
        for mask, pairs in added.items():
            labels[mask] = _unbeaten(labels.get(mask, []) + pairs)
    met = ((mask, [gain for points, gain in pairs if points >= claim]) for mask, pairs in labels.items())
    return {mask: max(gains) for mask, gains in met if gains}


def _far(wishes: Sequence[Wish], need: int, bits: Sequence[int]) -> list[list[int]]:
    """Of the wishes from the first, second … on, and of none: the most points that 0, 1 … half-days can have."""
    far = [[0] * (need + 1)]
    for points, moves in reversed(wishes):
        longest, after = max(bits[mask] for mask, _ in moves), far[-1]
        far.append([max(k * points + after[n - k] for k in range(min(longest, n) + 1)) for n in range(need + 1)])
    return far[::-1]


def _unbeaten(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for points, gain in sorted(pairs, reverse=True):
        if not found or gain > found[-1][1]:
            found.append((points, gain))
    return found
