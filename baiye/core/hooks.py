"""What rooms above add to a lower room when they start (``AppConfig.ready``); no room knows which others there are.

Where each thing needs a name of its own, it is a `Hook`; where none does, a plain list is enough.
"""

from typing import TypeVar

T = TypeVar("T")


class Hook(dict[str, T]):
    """What was added, by name; ``what`` one of them is, with its article, stands in the error."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def add(self, name: str, given: T) -> None:
        """Enter ``given`` under ``name``; the same again is nothing.

        Raises
        ------
        ValueError
            Another has that name.
        """
        if self.setdefault(name, given) != given:
            raise ValueError(f"there is {self.what} {name} already")

    def in_order(self) -> list[T]:
        """All of them in the order of their names, whichever room started first."""
        return [self[name] for name in sorted(self)]
