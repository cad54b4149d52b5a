"""The pages of notices and objections: who reads them in full, in part or not at all, and what a list costs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.attendance.tests.factories import coordinator_of
from baiye.core import clock
from baiye.hours.models import Objection, PublicNotice
from baiye.hours.tests.factories import (
    HourEntryFactory,
    NoticeLineFactory,
    ObjectionFactory,
    PublicNoticeFactory,
    classmate,
    statuses,
    unit_of,
)
from baiye.schools.tests.factories import GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.django_db
NOTICES, OBJECTIONS = reverse("hours:notice-list"), reverse("hours:objection-list")


def line_beside(line):
    """Another pupil of the class on the same notice."""
    return NoticeLineFactory(notice=line.notice, entry__pupil=classmate(line.entry.pupil))


def test_notice_list_tells_a_visitor_when_and_where_but_not_the_way_in(client):
    notice = NoticeLineFactory().notice

    page = client.get(NOTICES).text

    assert (notice.title in page, str(notice.school_unit) in page) == (True, True)
    assert reverse("hours:notice", args=[notice.pk]) not in page


def test_notice_list_holds_ones_own_school_alone(client):
    notice = NoticeLineFactory().notice
    NoticeLineFactory()
    pupil = notice.lines.get().entry.pupil
    client.force_login(GuardianshipFactory(pupil=pupil).user)

    assert list(client.get(NOTICES).context["page"].object_list) == [notice]


@pytest.mark.parametrize("count", [1, 3])
def test_notice_list_costs_as_many_queries_for_three_notices_as_for_one(client, django_assert_num_queries, count):
    pupil = PupilFactory()
    PublicNoticeFactory.create_batch(count, school_unit=unit_of(pupil))
    client.force_login(coordinator_of(pupil))

    with django_assert_num_queries(8):  # session, user, grants, count, schools, new entries, class taught, notices
        response = client.get(NOTICES)

    assert len(response.context["page"].object_list) == count


def test_notice_writes_ones_own_child_in_full_and_others_in_part(client):
    line = NoticeLineFactory(entry__pupil__name="示例小满")
    beside = NoticeLineFactory(notice=line.notice, entry__pupil=classmate(line.entry.pupil, name="示例立冬"))
    client.force_login(GuardianshipFactory(pupil=line.entry.pupil).user)

    response = client.get(reverse("hours:notice", args=[line.notice.pk]))

    assert {row.pupil for row in response.context["rows"]} == {line.entry.pupil, beside.entry.pupil}
    assert ("示例小满" in response.text, "示例立冬" in response.text) == (True, False)
    assert f"?entry={beside.entry.pk}" in response.text  # a family may object to any line it sees


def test_notice_of_another_school_is_not_found(client):
    address = reverse("hours:notice", args=[NoticeLineFactory().notice.pk])

    assert statuses(client, address, GuardianshipFactory().user, coordinator_of(PupilFactory())) == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_notice_costs_as_many_queries_for_three_pupils_as_for_one(client, django_assert_num_queries, count):
    line = NoticeLineFactory()
    for _ in range(count - 1):
        line_beside(line)
    client.force_login(coordinator_of(line.entry.pupil))

    with django_assert_num_queries(10):  # session, user, grants, notice, own, count, pupils, lines, total, class taught
        response = client.get(reverse("hours:notice", args=[line.notice.pk]))

    assert len(response.context["rows"]) == count


def test_a_notice_is_opened_from_its_form(client):
    entry = HourEntryFactory()
    address = reverse("hours:notice-new", args=[unit_of(entry.pupil).pk])
    client.force_login(coordinator_of(entry.pupil))
    today = clock.today()
    said = {"title": "七年级公示", "starts_on": today, "ends_on": today + timedelta(days=14)}

    short = client.post(address, said | {"ends_on": today})
    assert (short.status_code, PublicNotice.objects.count(), "七年级公示" in short.text) == (422, 0, True)

    client.post(address, said)
    assert PublicNotice.objects.get().entries.get() == entry


def test_a_guardian_objects_and_the_school_rules(client):
    line = NoticeLineFactory()
    pupil = line.entry.pupil
    client.force_login(GuardianshipFactory(pupil=pupil).user)
    address = f"{reverse('hours:object', args=[line.notice.pk])}?entry={line.entry.pk}"
    assert (client.post(address, {"text": " "}).status_code, Objection.objects.count()) == (422, 0)
    client.post(address, {"text": "那天请了假"})
    objection = Objection.objects.get()

    client.force_login(coordinator_of(pupil))
    client.post(reverse("hours:objection", args=[objection.pk]), {"upheld": "no", "ruling": "签到记录齐全"})

    objection.refresh_from_db()
    assert (objection.text, objection.upheld, objection.ruling) == ("那天请了假", False, "签到记录齐全")


def test_objection_is_not_found_by_who_neither_made_it_nor_rules(client):
    objection = ObjectionFactory()
    address = reverse("hours:objection", args=[objection.pk])
    strangers = [GuardianshipFactory(pupil=objection.pupil).user, coordinator_of(PupilFactory())]

    assert statuses(client, address, objection.made_by, *strangers) == [200, 404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_objection_list_costs_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    line = NoticeLineFactory()
    for each in [line, *(line_beside(line) for _ in range(count - 1))]:
        ObjectionFactory(line=each)
    client.force_login(coordinator_of(line.entry.pupil))

    with django_assert_num_queries(6):  # session, user, grants, count, class taught, objections
        response = client.get(OBJECTIONS)

    assert len(response.context["page"].object_list) == count
