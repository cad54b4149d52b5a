"""What the public pages of the registry show of the catalogue."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.catalogue.queries import courses as queries
from baiye.catalogue.queries import search
from baiye.core.shapes import Stat
from baiye.registry.landing import ShownCourse
from baiye.registry.models import Host


def figures(_at: datetime) -> Iterable[Stat]:
    """Published courses, examples named beside them; and those that sources tell of."""
    courses = queries.course_counts()
    note = _("另有示例 %(n)d 个") % {"n": courses["example"]} if courses["example"] else ""
    yield Stat(_("已发布的项目"), courses["real"], _("个"), note)
    yield Stat(_("有公开记载的项目"), courses["reported"], _("个"))


def courses_of(host: Host) -> Iterable[ShownCourse]:
    """The published courses of ``host`` that are no examples, then those that sources tell of."""
    for version in search.find_courses(host=host).filter(course__is_example=False):
        yield ShownCourse(version.title, version.summary, reverse("catalogue:course", args=[version.course.slug]))
    for course in queries.reported_courses().filter(host=host):
        words = [_("见于公开记载，还没有在这里开放"), course.occupation_text, course.audience, course.held, course.note]
        yield ShownCourse(course.title, " · ".join(filter(None, words)), source=course.source)
