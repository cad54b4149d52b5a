"""Chinese names as they are sorted and searched: "cao yang" for 曹杨, found by 曹, by caoyang and by cy."""

import re

from pypinyin import lazy_pinyin


def key(name: str) -> str:
    """The name by sound, a space between two syllables: names sort by it, and ``pattern`` finds them in it."""
    return " ".join(lazy_pinyin(name)).lower()


def pattern(text: str) -> str:
    """A PostgreSQL regular expression for a ``key``: ``text`` by sound or by first letters; empty if not Latin."""
    letters = re.sub(r"\s", "", text).lower()
    if not re.fullmatch(r"[a-z0-9]+", letters):
        return ""
    by_sound, by_first_letters = " ?".join(letters), r"\w* ".join(letters)
    return rf"\m(?:{by_sound}|{by_first_letters})"
