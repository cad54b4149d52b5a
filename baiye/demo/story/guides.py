"""Who guides: an example guide for each project of each host, leading its coming visits."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from baiye.accounts.models import Unit, User
from baiye.core import clock
from baiye.demo.people import adult
from baiye.demo.story.rounds import Offer
from baiye.mentors.examples import make_example_guides
from baiye.mentors.models import Mentor
from baiye.rounds.models import Round
from baiye.visits.assigning import assign_leads
from baiye.visits.models import Assignment, Visit

Guides = dict[int, Mentor]  # by course


def make_guides(offers: Mapping[int, Sequence[Offer]], by: User) -> Guides:
    """A guide for each course: no course sits twice at a time, so neither does its guide."""
    courses: dict[Unit, list[int]] = {}
    for offered in offers.values():
        for version, _venue in offered:
            courses.setdefault(version.course.host.unit, []).append(version.course_id)
    rng = random.Random("baiye guides")
    names = {unit: [adult(rng) for _course in mine] for unit, mine in courses.items()}
    made = make_example_guides(names=names, on=clock.today(), by=by)
    return {course: guide for unit, mine in courses.items() for course, guide in zip(mine, made[unit.pk], strict=False)}


def assign_guides(round: Round, guides: Guides, *, by: User, moment: datetime) -> int:
    """Give each coming visit of ``round`` that has no lead its course's guide; how many."""
    visits = Visit.objects.filter(round_visit__round=round, cancelled_at=None, ends_at__gt=moment)
    led = Assignment.objects.filter(role="lead", ended_at=None).values("visit")
    found = visits.exclude(pk__in=led).select_related("version", "venue__host__unit")
    leads = [(visit, guides[visit.version.course_id]) for visit in found.order_by("starts_at", "pk")]
    return assign_leads(leads=leads, by=by, at=moment)
