"""The smallest valid rows of bookings: a published release, first come, open since an hour; an opening of it."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from factory import LazyAttribute, LazyFunction, SelfAttribute, SubFactory
from factory import Sequence as Numbered
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import UserFactory
from baiye.bookings.actions.presses import Answer, Pressing, press_many
from baiye.bookings.models import Booking, Opening, Release
from baiye.core import clock
from baiye.schools.models import Pupil, Term
from baiye.schools.tests.factories import PupilFactory, TermFactory
from baiye.visits.tests.factories import VisitFactory


class ReleaseFactory(DjangoModelFactory):
    """A draft: first come, open since an hour, for a month; `publish` it once it has its openings."""

    class Meta:
        model = Release

    title = Numbered("示例放号{}".format)
    term = LazyFunction(lambda: Term.objects.first() or TermFactory())
    mode = "first"
    opens_at = LazyFunction(lambda: clock.now() - timedelta(hours=1))
    draw_until = LazyAttribute(
        lambda release: release.opens_at + timedelta(hours=2) if release.mode == "draw" else None
    )
    closes_at = LazyAttribute(lambda release: release.opens_at + timedelta(days=30))
    made_by = SubFactory(UserFactory)


class OpeningFactory(DjangoModelFactory):
    """A visit of thirty seats in a week, in a draft of its district."""

    class Meta:
        model = Opening

    visit = SubFactory(VisitFactory)
    release = SubFactory(ReleaseFactory, unit=SelfAttribute("..visit.venue.host.unit.parent"))


def published(
    *, seats: int = 30, visits: Sequence[dict[str, Any]] = ({},), beside: Opening | None = None, **rules: Any
) -> list[Opening]:
    """The openings of one published release, one for each of ``visits``, all at one venue; ``beside`` another's.

    ``visits`` are fields of a visit, with the prefix ``opening__`` those of its opening; ``rules`` of the release.
    """
    place = {"version": beside.visit.version, "venue": beside.visit.venue} if beside else {}
    release, made = None, []
    for wanted in visits:
        own = {name.removeprefix("opening__"): value for name, value in wanted.items() if name.startswith("opening__")}
        fields = {name: value for name, value in wanted.items() if not name.startswith("opening__")}
        visit = VisitFactory(**{"seats": seats, **place, **fields})
        place = {"version": visit.version, "venue": visit.venue}
        release = release or ReleaseFactory(unit=visit.venue.host.unit.parent, **rules)
        made.append(OpeningFactory(release=release, visit=visit, **own))
    assert release is not None
    publish(release)
    return made


def publish(release: Release) -> None:
    release.published_at, release.published_by = release.opens_at - timedelta(days=3), release.made_by
    release.save()


def pupil_of(opening: Opening, **fields: Any) -> Pupil:
    """A pupil of a school in the opening's district."""
    district = opening.release.unit
    district = district if district.kind == "district" else district.parent
    return PupilFactory(school_class__school__unit__parent=district, **fields)


def pressed(opening: Opening, pupil: Pupil | None = None, *, at: datetime | None = None, **fields: Any) -> Booking:
    """The booking that a press of ``pupil``, or of a new one of the district, made."""
    answer = ask(opening, pupil or pupil_of(opening), at=at, **fields)
    assert answer.booking is not None, answer.reason
    return Booking.objects.get(pk=answer.booking)


def ask(
    opening: Opening,
    pupil: Pupil,
    *,
    request: uuid.UUID | None = None,
    rank: int | None = None,
    by: int | None = None,
    at: datetime | None = None,
) -> Answer:
    """The answer to one press."""
    by = by or opening.release.made_by_id
    with transaction.atomic():
        one = Pressing(opening.pk, pupil.pk, request or uuid.uuid4(), rank, by)
        return press_many([one], at=at or clock.now())[0]
