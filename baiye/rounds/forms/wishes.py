"""Looking for a course, and entering wishes from paper."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from baiye.core.shapes import Choice
from baiye.core.templatetags.marks import RIASEC
from baiye.core.templatetags.text import han_date
from baiye.rounds.queries.wishes import OpenCourse


class CourseFilter(forms.Form):
    """What is asked of the courses; everything lives in the address, nothing is ever an error."""

    q = forms.CharField(label=_("搜索项目、职业或基地"), required=False)
    k = forms.ChoiceField(label=_("兴趣类型"), choices=[(letter, letter) for letter in RIASEC], required=False)
    host = forms.CharField(label=_("基地"), required=False)

    def __init__(self, data: QueryDict, *, courses: Sequence[OpenCourse]) -> None:
        super().__init__(data)
        self.query = data
        self.courses = courses
        self.is_valid()

    def asked(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").strip()

    def found(self) -> list[OpenCourse]:
        """Courses that match all that is asked."""
        q, k, host = self.asked("q").casefold(), self.asked("k"), self.asked("host")
        return [
            course
            for course in self.courses
            if (not k or course.version.riasec == k)
            and (not host or str(course.host_id) == host)
            and (not q or q in self._text(course))
        ]

    def letters(self) -> list[tuple[str, Choice]]:
        """All, and each type that occurs with its letter, as links that keep the rest."""
        letters = [letter for letter in RIASEC if any(c.version.riasec == letter for c in self.courses)]
        return [("", Choice(str(_("全部")), self._with("k", ""), not self.asked("k")))] + [
            (letter, Choice(str(RIASEC[letter]), self._with("k", letter), self.asked("k") == letter))
            for letter in letters
        ]

    def hosts(self) -> list[Choice]:
        """Each host with its day, as links that keep the rest; the chosen one leads back to all."""
        days = {course.host_id: (course.host, course.on) for course in self.courses}
        asked = self.asked("host")
        return [
            Choice(
                f"{name} · {han_date(on, 'short')} {han_date(on, 'weekday')}",
                self._with("host", "" if asked == str(pk) else pk),
                asked == str(pk),
            )
            for pk, (name, on) in days.items()
        ]

    def _with(self, name: str, value: object) -> str:
        query = self.query.copy()
        query[name] = str(value)
        return f"?{query.urlencode()}"

    @staticmethod
    def _text(course: OpenCourse) -> str:
        occupation = course.version.occupation.name if course.version.occupation else ""
        return f"{course.version.title} {course.version.summary} {occupation} {course.host}".casefold()
