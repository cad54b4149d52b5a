"""Wishes as they stand on paper: numbers of courses typed in a row, or a choice for each rank."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.catalogue.models import Course
from baiye.rounds.models import WishList
from baiye.rounds.queries.wishes import OpenCourse, find_courses, ranked_courses

FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


class PaperForm(forms.Form):
    """Numbers win where they are given; else the choices, in order of rank, gaps closed."""

    numbers = forms.CharField(
        label=gettext_lazy("项目编号，按志愿顺序"),
        help_text=gettext_lazy("照纸上写的顺序输入，用空格或逗号隔开，例如 12 7 33。填了编号，下面就不用选。"),
        required=False,
        max_length=120,
    )

    def __init__(
        self,
        *args: Any,
        courses: Sequence[OpenCourse],
        standing: WishList | None,
        wishes_max: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {course.pk: course for course in courses}
        now = ranked_courses(standing)
        choices = [("", "—"), *((c.pk, f"{c.pk} · {c.version.title} · {c.host}") for c in courses)]
        for rank in range(1, wishes_max + 1):
            self.fields[f"wish{rank}"] = forms.TypedChoiceField(
                label=_("第 %d 志愿") % rank,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=now[rank - 1] if rank <= len(now) and now[rank - 1] in self.known else "",
            )

    def clean_numbers(self) -> list[int]:
        """The numbers typed, each of a course this class may wish for."""
        text = str(self.cleaned_data["numbers"]).translate(FULL_WIDTH)
        words = re.findall(r"[^\s,，、;；.]+", text)
        wrong = [word for word in words if not word.isdecimal() or int(word) not in self.known]
        if wrong:
            raise forms.ValidationError(_("编号 %s 不在这个班能选的项目里，请对照编号表。") % "、".join(wrong))
        return [int(word) for word in words]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not self.errors and not self._wanted():
            raise forms.ValidationError(_("还没有志愿。输入编号，或从下面选。"))
        return cleaned

    def courses_in_order(self) -> list[Course]:
        return find_courses(self._wanted())

    def _wanted(self) -> list[int]:
        typed: list[int] = self.cleaned_data.get("numbers") or []
        ranks = [name for name in self.fields if name.startswith("wish")]
        return typed or [self.cleaned_data[name] for name in ranks if self.cleaned_data.get(name)]

    def ranks(self) -> list[forms.BoundField]:
        """The choice fields, by rank."""
        return [self[name] for name in self.fields if name.startswith("wish")]
