"""Coming visits that something endangers: found, told once, and gone once it is repaired."""

from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, jobs
from baiye.core.models import Message
from baiye.mentors.models import Appointment
from baiye.mentors.tests.factories import AppointmentFactory, CheckFactory, CounsellorFactory, MentorFactory
from baiye.registry.actions.hosts import close_venue
from baiye.registry.actions.measures import take_measure
from baiye.registry.models import Venue
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, StandardFactory, VenueFactory
from baiye.visits import lapses, telling
from baiye.visits.models import Visit
from baiye.visits.tests.factories import AssignmentFactory, SeatFactory, VisitFactory
from baiye.visits.tests.people import holder
from baiye.visits.tests.test_paths import end_appointment, paper, ready_visit

pytestmark = pytest.mark.django_db


def in_days(days):
    return clock.today() + timedelta(days=days)


def found(user):
    return [(each.visit_id, each.code) for each in lapses.dangers_for(user, clock.now())]


def test_nothing_endangers_a_visit_where_everything_holds():
    visit = ready_visit()
    SeatFactory(visit=visit)

    assert found(holder("coordinator", visit.venue.host.unit.parent)) == []


def test_a_paper_of_one_venue_holds_there_and_endangers_visits_at_the_others():
    visit = ready_visit()
    SeatFactory(visit=visit)
    papers = visit.venue.host.documents
    coordinator = holder("coordinator", visit.venue.host.unit.parent)

    papers.update(venue=VenueFactory(host=visit.venue.host))
    elsewhere = found(coordinator)
    papers.update(venue=visit.venue)

    assert (elsewhere, found(coordinator)) == ([(visit.pk, "document:insurance")], [])


def test_each_thing_that_lapses_is_named_with_the_day_it_began():
    visit = ready_visit()
    SeatFactory(visit=visit)
    mentor = visit.assignments.get().mentor
    day = clock.day_of(visit.starts_at)
    visit.venue.host.documents.update(valid_until=in_days(1))
    Venue.objects.filter(pk=visit.venue_id).update(closed_on=in_days(2), closed_by=UserFactory())
    Appointment.objects.filter(mentor=mentor).update(ended_on=in_days(3), ended_by=UserFactory(), ended_because="调动")

    told = lapses.told(lapses.dangers_at(["/"], clock.now()))

    assert [(each.danger.code, each.since) for each in told] == [
        ("adult:appointment", in_days(3)),
        ("document:insurance", in_days(2)),
        ("venue", in_days(2)),
    ]
    assert [each.mentor for each in told] == [mentor, None, None]
    assert told[0].why == f"{mentor.name}：那天不在聘期内。请先办聘任或续聘。"
    assert f"{day.day} 日" in told[1].why


def suspended(visit):
    visit.venue.host.accreditations.update(suspended_on=in_days(-1), suspended_by=UserFactory())


def revoked(visit):
    visit.venue.host.accreditations.update(revoked_on=in_days(2), revoked_by=UserFactory())


def over(visit):
    visit.venue.host.accreditations.update(valid_until=in_days(3))


def never_checked(visit):
    visit.venue.host.documents.update(accepted_at=None, accepted_by=None)


def not_clear(visit):
    CheckFactory(mentor=visit.assignments.get().mentor, checked_on=in_days(0), result="not_clear")


@pytest.mark.parametrize(
    ("lapse", "code", "since"),
    [
        (suspended, "accreditation", -1),
        (revoked, "accreditation", 2),
        (over, "accreditation", 4),
        (never_checked, "document:insurance", None),
        (not_clear, "adult:check_not_clear", 0),
    ],
)
def test_since_when_a_lapse_stands(lapse, code, since):
    visit = ready_visit()
    lapse(visit)

    (told,) = lapses.told(lapses.dangers_at(["/"], clock.now()))

    assert (told.danger.code, told.since) == (code, None if since is None else in_days(since))


def test_a_lapse_began_when_the_term_before_it_ended_not_with_one_to_come_or_of_another_body():
    visit = ready_visit()
    mentor, term = visit.assignments.get().mentor, timedelta(days=300)
    Appointment.objects.update(ended_on=in_days(3), ended_by=UserFactory(), ended_because="调动")
    AppointmentFactory(mentor=mentor, from_on=in_days(10), until_on=in_days(10) + term)
    AppointmentFactory(mentor=mentor, unit=visit.venue.host.unit.parent, from_on=in_days(-99), until_on=in_days(5))

    (told,) = lapses.told(lapses.dangers_at(["/"], clock.now()))

    assert (told.danger.code, told.since) == ("adult:appointment", in_days(3))


def test_what_begins_too_late_for_the_visit_never_held():
    visit = ready_visit()
    visit.venue.host.accreditations.update(valid_from=in_days(10))

    (told,) = lapses.told(lapses.dangers_at(["/"], clock.now()))

    assert (told.danger.code, told.since) == ("accreditation", None)


def test_a_check_that_grows_too_old_before_the_visit_is_found_a_year_ahead():
    visit = VisitFactory()
    mentor = CheckFactory(checked_on=in_days(-300), mentor__unit=visit.venue.host.unit).mentor
    AssignmentFactory(visit=visit, mentor=mentor)
    far = timedelta(days=90)
    Visit.objects.filter(pk=visit.pk).update(starts_at=visit.starts_at + far, ends_at=visit.ends_at + far)

    (told,) = lapses.told(lapses.dangers_at(["/"], clock.now()))

    assert (told.danger.code, told.since) == ("adult:check_out_of_date", in_days(66))


def test_hosts_see_their_own_and_past_and_cancelled_visits_are_nobodys():
    mine, others = ready_visit(), VisitFactory()
    end_appointment(mine)
    others.venue.host.accreditations.update(valid_until=in_days(1))
    past = VisitFactory(starts_at=clock.now() - timedelta(days=2))
    past.venue.host.accreditations.all().delete()
    cancelled = VisitFactory(cancelled_at=clock.now(), cancelled_by=UserFactory())
    cancelled.venue.host.accreditations.all().delete()

    assert found(holder("host_manager", mine.venue.host.unit)) == [(mine.pk, "adult:appointment")]
    assert found(holder("host_manager", others.venue.host.unit)) == [(others.pk, "accreditation")]
    assert found(holder("host_instructor", mine.venue.host.unit)) == []


def test_a_lapse_that_is_repaired_leaves_the_list():
    visit = ready_visit()
    visit.venue.host.documents.update(valid_until=in_days(1))
    coordinator = holder("coordinator", visit.venue.host.unit.parent)
    assert found(coordinator) == [(visit.pk, "document:insurance")]

    paper(visit)

    assert found(coordinator) == []


def test_told_costs_as_much_for_three_visits_as_for_one(django_assert_num_queries):
    for count in (1, 2):
        for _n in range(count):
            end_appointment(ready_visit())
        with django_assert_num_queries(7):
            dangers = lapses.dangers_at(["/"], clock.now())
            lapses.told(dangers)
    assert len(dangers) == 3


# ── telling ──


def test_coordinator_and_manager_are_told_once_of_each_lapse_without_a_name():
    visit = ready_visit()
    SeatFactory(visit=visit)
    coordinator = holder("coordinator", visit.venue.host.unit.parent)
    manager = holder("host_manager", visit.venue.host.unit)
    holder("host_instructor", visit.venue.host.unit)
    mentor = visit.assignments.get().mentor
    CheckFactory(mentor=mentor, checked_on=clock.today(), result="not_clear")

    telling.tell_lapses(at=clock.now())
    telling.tell_lapses(at=clock.now())

    sent = Message.objects.order_by("to")
    assert sorted(message.to_id for message in sent) == sorted([coordinator.pk, manager.pk])
    assert all(mentor.name not in message.subject + message.body for message in sent)
    assert "已有 1 位学生的名额" in sent[0].body
    assert sent[0].url == "/endangered-visits/"


def test_another_lapse_of_the_same_adult_is_told_again():
    visit = ready_visit()
    coordinator = holder("coordinator", visit.venue.host.unit.parent)
    mentor = visit.assignments.get().mentor
    CheckFactory(mentor=mentor, checked_on=in_days(-1), result="not_clear")
    telling.tell_lapses(at=clock.now())
    CheckFactory(mentor=mentor, checked_on=in_days(-1))
    telling.tell_lapses(at=clock.now())
    CheckFactory(mentor=mentor, checked_on=in_days(0), result="not_clear")

    telling.tell_lapses(at=clock.now())

    assert Message.objects.filter(to=coordinator).count() == 2


def test_the_task_tells_when_it_runs():
    visit = ready_visit()
    manager = holder("host_manager", visit.venue.host.unit)
    end_appointment(visit)

    jobs.later("visits.tell_lapses")
    jobs.run_due()

    assert Message.objects.filter(to=manager).count() == 1


def test_a_counsellor_assigned_by_two_hosts_endangers_each_hosts_visit():
    first, counsellor = ready_visit(), CounsellorFactory()
    second = VisitFactory(starts_at=first.ends_at)
    AssignmentFactory(visit=second, mentor=counsellor)
    AssignmentFactory(visit=first, mentor=counsellor, role="assistant")
    MentorFactory()
    CheckFactory(mentor=counsellor, checked_on=clock.today(), result="not_clear")
    managers = [holder("host_manager", visit.venue.host.unit) for visit in (first, second)]

    telling.tell_lapses(at=clock.now())

    assert [Message.objects.filter(to=manager).count() for manager in managers] == [1, 1]


def test_a_suspension_and_a_venue_closed_are_told_at_once():
    host = HostFactory()
    standard = StandardFactory(name="区里的标准", keeper=host.unit.parent)
    accreditation = AccreditationFactory(host=host, standard=standard)
    visit = VisitFactory(version__course__host=host, venue=VenueFactory(host=host))
    coordinator, manager = holder("coordinator", host.unit.parent), holder("host_manager", host.unit)

    take_measure(
        accreditation=accreditation, kind="suspension", because="消防检查没有通过", by=coordinator, at=clock.now()
    )
    close_venue(venue=visit.venue, from_on=clock.today(), by=manager, at=clock.now())
    jobs.run_due()

    told = Message.objects.filter(to=manager, kind="visits.lapsed").order_by("key")
    assert [message.key.split("-")[1] for message in told] == ["accreditation", "venue"]
