"""Choosing one of very many rows: a few stand in a list, more are searched, with a script as one types and without one.

Without a script the words are sent with the form, and what was found comes back to be ticked. With one, the address
of the form itself answers ``choose=<field>&q=<words>`` (`suggestions`), so that nobody is offered what the field would
not take; a form that is posted is asked by a POST, since the words may be somebody's name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

FEW = 30  # rows that stand in a list
FOUND = 8  # rows that are offered at a time
LONGEST = 60  # characters that are searched

Find = Callable[[QuerySet[Any], str], QuerySet[Any]]  # rows and words → those that have the words, the likeliest first


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search field sent: the key that was ticked, the words, and whether only to look."""

    key: str = ""
    words: str = ""
    is_search: bool = False


class ChooseInput(forms.TextInput):
    """A search field; ``core/parts/field_choose.html`` draws it."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Asked:  # noqa: ARG002 (Django's)
        words = str(data.get(f"{name}-words", "")).strip()[:LONGEST]
        return Asked(str(data.get(name, "")), words, f"{name}-find" in data)


class ChosenField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One row of those that `offer` names; ``find`` searches them, ``note`` tells two of one name apart."""

    def __init__(self, *, find: Find, note: Callable[[Any], str] | None = None, **said: Any) -> None:
        super().__init__(queryset=None, **said)
        self.find, self.note = find, note
        self.rows: QuerySet[Any]

    def offer(self, rows: QuerySet[Any], *, few: int = FEW) -> None:
        """Let one of ``rows`` be chosen, by a search where they are more than ``few``; one query."""
        self.queryset = self.rows = rows
        shown = list(rows[: few + 1])
        if len(shown) > few:
            self.widget = ChooseInput()
            return
        listed: list[tuple[Any, Any]] = [(row.pk, self.label_from_instance(row)) for row in shown]
        self.choices = [("", self.empty_label), *listed] if self.empty_label is not None else listed

    def clean(self, value: Any) -> Any:
        if not isinstance(value, Asked):
            return super().clean(value)
        row = self._row(value.key)
        if value.is_search:
            raise ValidationError(self._said(value.words), code="search")
        if row is not None and self._fits(row, value.words):
            return row
        if value.words:
            same = [row for row in self._found(value.words) if self.label_from_instance(row) == value.words]
            if len(same) == 1:
                return same[0]
            raise ValidationError(self._said(value.words), code="search")
        if value.key:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        if self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return None

    def shown(self, value: Any) -> dict[str, object]:
        """What the field looks like: its words, the rows to tick, and the key that is ticked."""
        asked = value if isinstance(value, Asked) else Asked(key=str(value or ""))
        row = self._row(asked.key)
        if row is not None and not self._fits(row, asked.words):
            row = None
        found = self._found(asked.words) if asked.words else [row] if row else []
        if row is not None and row not in found:
            found = [row, *found]
        picked = row.pk if row else found[0].pk if len(found) == 1 else None
        words = asked.words or (self.label_from_instance(row) if row else "")
        rows = [self._line(row) | {"is_picked": row.pk == picked} for row in found[:FOUND]]
        return {"words": words, "rows": rows, "picked": picked, "more": len(found) > FOUND}

    def offered(self, words: str) -> dict[str, object]:
        """What a script shows below the field."""
        found = self._found(words) if words else []
        return {"rows": [self._line(row) for row in found[:FOUND]], "more": len(found) > FOUND}

    def _found(self, words: str) -> list[Any]:
        return list(self.find(self.rows, words)[: FOUND + 1])

    def _row(self, key: str) -> Any:
        return self.rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None

    def _fits(self, row: Any, words: str) -> bool:
        """Whether a ticked row is what the words beside it look for."""
        if not words or self.label_from_instance(row) == words:
            return True
        return self.find(self.rows, words).filter(pk=row.pk).exists()

    def _line(self, row: Any) -> dict[str, object]:
        return {"key": row.pk, "label": self.label_from_instance(row), "note": self.note(row) if self.note else ""}

    def _said(self, words: str) -> str:
        if not words:
            return _("请先写几个字再查找。")
        if not self._found(words):
            return _("没有找到「%(words)s」。请换几个字再找。") % {"words": words}
        return _("请从找到的里面选一个。")


def suggestions(request: HttpRequest, form: forms.BaseForm) -> HttpResponse | None:
    """The answer to a script that asks what one of the form's fields offers; None to everybody else."""
    asked = request.POST if request.method == "POST" else request.GET
    field = form.fields.get(asked.get("choose", ""))
    if not isinstance(field, ChosenField):
        return None
    return JsonResponse(field.offered(asked.get("q", "").strip()[:LONGEST]), headers={"Cache-Control": "no-store"})
