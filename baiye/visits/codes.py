"""Seat codes: what a pupil says at the door when the picture cannot be scanned."""

import secrets

LETTERS = "34679ACDEFGHJKMNPQRTUWXY"  # none looks like another: no 0 O, 1 I L, 2 Z, 5 S, 8 B, V
LENGTH = 6


def fresh_code(taken: set[str]) -> str:
    """A code that is not among ``taken``, and is from now on."""
    while (code := "".join(secrets.choice(LETTERS) for _ in range(LENGTH))) in taken:
        pass
    taken.add(code)
    return code
