"""Search at size: Chinese by one character or more, by sound and by first letters, all through one index.

A row that is searched has ``words`` (what is said of it, in lower case), ``sounds`` (pinyin keys of its names, "|"
between two) and ``grams``: every character and every pair of neighbours in its words, and the same of its sounds, so
that the shortest question is answered by the index too. The database makes all three (``core_words``, ``core_grams``;
a trigger of the room keeps them). The index finds candidates, ``words`` and ``sounds`` then decide.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from baiye.core import pinyin

SPELT = (2, 3, 4, 6)  # so many letters from each syllable on are in the index
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
    if letters := pinyin.pattern(asked):
        found |= _sounds("".join(parts), letters, of)
    return found


def _words(part: str, of: str) -> Q:
    found = Q(**{f"{of}grams__contains": _few(part) or [part]})
    return found & Q(**{f"{of}words__contains": part}) if len(part) > 2 or not part.isalnum() else found


def _sounds(joined: str, letters: str, of: str) -> Q:
    """``joined`` at the beginning of a syllable, or as first letters of syllables that follow each other."""
    firsts = Q(**{f"{of}grams__contains": [f"^{pair}" for pair in _few(joined) or [joined]]})
    if len(joined) == 1:
        return firsts
    known = max(length for length in SPELT if length <= len(joined))
    spelt = Q(**{f"{of}grams__contains": [f"~{joined[:known]}"]})
    surely = Q(**{f"{of}sounds__regex": letters})
    return (spelt if len(joined) == known else spelt & surely) | (firsts if len(joined) == 2 else firsts & surely)


def _few(text: str) -> list[str]:
    """Three pairs of neighbours at most: they leave few candidates, and each more is one more look-up in the index."""
    pairs = list(dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)))
    return pairs if len(pairs) <= 3 else [pairs[0], pairs[len(pairs) // 2], pairs[-1]]


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a long list, of which no more than ``COUNTED`` rows are counted and shown."""

    is_capped = False

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        found = rows.order_by()[: COUNTED + 1].count()
        self.is_capped = found > COUNTED
        return min(found, COUNTED)


def in_order(rows: QuerySet[Any], keys: Sequence[int]) -> list[Any]:
    """Those of ``rows`` whose keys these are, in the order of the keys; one query."""
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]
