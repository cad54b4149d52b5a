"""Search at size: Chinese by one character or more, by sound and by first letters, all through one index.

A row that is searched has ``words`` (what is said of it, in lower case), ``sounds`` (pinyin keys of its names, "|"
between two) and ``grams``: every character and every pair of neighbours in its words, the beginnings of its sounds and
up to three first letters of these, so that the shortest question is answered by the index too. The database makes all
three (``core_words``, ``core_grams``; a trigger of the room keeps them). The index finds candidates, ``words`` and
``sounds`` then decide.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.paginator import Paginator
from django.db import connection, models, transaction
from django.db.models import F, Func, Q, QuerySet

from baiye.core import pinyin

SPELT = (2, 3, 4, 6)  # so many letters from each syllable on are in the index
FIRSTS = 3  # so many first letters of syllables in a row are
COUNTED = 1000  # a list counts so far and no further: nobody turns to its fiftieth page, one asks more narrowly


class Searched(models.Model):
    """Columns and index of a row that is searched; written by the database alone."""

    words = models.TextField()
    sounds = models.TextField()
    grams = ArrayField(models.TextField())

    class Meta:
        abstract = True
        indexes: ClassVar = [GinIndex(fields=["grams"], name="%(class)s_by_grams", fastupdate=False)]


def matches(text: str, of: str = "") -> Q:
    """A filter over rows with the columns of ``Searched`` (``of`` is the way there): each word of ``text`` is found.

    Latin letters are one word, however they are spaced: by the row's words, by sound ("fang zhi") or by first letters.
    """
    asked = unicodedata.normalize("NFKC", text).lower()
    parts = asked.split()
    found = Q()
    for part in parts:
        found &= _words(part, of)
    letters = pinyin.pattern(asked)
    return _sounds("".join(parts), letters, of) | found if letters else found


def _words(part: str, of: str) -> Q:
    found = Q(**{f"{of}grams__contains": _few(part, 2) or [part]})
    return found & Q(**{f"{of}words__contains": part}) if len(part) > 2 or not part.isalnum() else found


def _sounds(joined: str, letters: str, of: str) -> Q:
    """``joined`` at the beginning of a syllable, or as first letters of syllables that follow each other.

    What the index answers alone comes first: it decides for most rows, and each further question is asked of the rest.
    """
    spelt, firsts = len(joined) in SPELT, len(joined) <= FIRSTS
    whole = [f"~{joined}"] * spelt + [f"^{joined}"] * firsts
    found = Q(**{f"{of}grams__overlap": whole}) if whole else Q()
    surely = Q(**{f"{of}sounds__regex": letters})
    if not spelt and len(joined) > SPELT[0]:
        known = max(length for length in SPELT if length < len(joined))
        found |= Q(**{f"{of}grams__contains": [f"~{joined[:known]}"]}) & surely
    if not firsts:
        found |= Q(**{f"{of}grams__contains": [f"^{three}" for three in _few(joined, FIRSTS)]}) & surely
    return found


def _few(text: str, size: int) -> list[str]:
    """Three pieces of ``text`` at most: they leave few candidates, and each more is one more look-up in the index."""
    pieces = list(dict.fromkeys(text[i : i + size] for i in range(len(text) - size + 1)))
    return pieces if len(pieces) <= 3 else [pieces[0], pieces[len(pieces) // 2], pieces[-1]]


def contains(column: str, text: str) -> Q:
    """A filter: ``text``, in lower case, is in this column, whose content is among the row's words; by the index."""
    pieces = [piece for part in text.replace("|", " ").split() for piece in _few(part, 2) or [part]]
    return Q(grams__contains=pieces, **{f"{column}__contains": text})


def sorted_by(rows: QuerySet[Any], *order: str) -> QuerySet[Any]:
    """``rows`` found by words, in this order, which no index gives.

    An index in this order would tempt the database to walk it and to compare every row with the words: rows that share
    a word often stand together, far down the order.
    """
    return rows.order_by(Func(F(order[0]), function="greatest"), *order[1:])


@contextmanager
def by_words() -> Iterator[None]:
    """Inside, rows are found by an index even where nearly all have the word: to compare each costs five times more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a long list, found by ``words`` or not, of which ``COUNTED`` rows are read and no more; one query.

    To know how many there are, the search must be made whole; so it is made once, and ``rows`` had better be narrow.
    """

    def __init__(self, rows: QuerySet[Any, Any], per_page: int, *, words: str = "") -> None:
        with by_words() if words else nullcontext():
            found = list(rows[: COUNTED + 1])
        super().__init__(found[:COUNTED], per_page)
        self.is_capped = len(found) > COUNTED


def in_order(rows: QuerySet[Any], keys: Sequence[int]) -> list[Any]:
    """Those of ``rows`` whose keys these are, in the order of the keys; one query."""
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]
