"""Exit codes of all commands."""

WITHIN, REFUSED, USAGE, LARGER, SHORT = 0, 1, 2, 3, 4
