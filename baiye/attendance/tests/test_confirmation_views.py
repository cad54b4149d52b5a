"""The school's side: lists, sheets, and signing several at once."""

import pytest
from django.urls import reverse

from baiye.attendance.models import Confirmation
from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory, attended_seat, coordinator_of, instructor_of
from baiye.schools.tests.factories import ClassTeacherFactory, PupilFactory, SchoolClassFactory

pytestmark = pytest.mark.django_db
LIST = reverse("attendance:confirm-list")


def sheet_address(seat):
    return reverse("attendance:confirm-sheet", args=[seat.visit.pk, seat.pupil.school_class.school.unit.pk])


def test_list_shows_what_waits_and_signs_several_at_once(client):
    first = attended_seat()
    second = attended_seat(pupil=PupilFactory(school_class=first.pupil.school_class))
    client.force_login(coordinator_of(first.pupil))
    sheets = client.get(LIST).context["sheets"]

    response = client.post(LIST, {"pick": [sheet.key for sheet in sheets]}, follow=True)

    assert {sheet.visit for sheet in sheets} == {first.visit, second.visit}
    assert (Confirmation.objects.filter(side="school").count(), response.context["sheets"]) == (2, [])
    assert "确认了 2 场" in response.text


def test_list_does_not_sign_what_looks_odd_unseen(client):
    first = attended_seat()
    for _ in range(5):
        pupil = PupilFactory(school_class=first.pupil.school_class)
        attended_seat(visit=first.visit, pupil=pupil)
    client.force_login(coordinator_of(first.pupil))
    (sheet,) = client.get(LIST).context["sheets"]

    response = client.post(LIST, {"pick": [sheet.key]}, follow=True)

    assert ([alarm.code for alarm in sheet.alarms], Confirmation.objects.count()) == (["same_moment"] * 2, 0)
    assert "有 1 场要点开看一看再确认" in response.text


@pytest.mark.parametrize("pick", ["", "7", "x-y", "1-1", "9" * 30 + "-1"])
def test_list_signs_nothing_for_names_that_are_none(client, pick):
    seat = attended_seat()
    client.force_login(coordinator_of(seat.pupil))

    assert client.post(LIST, {"pick": [pick]}).status_code == 302
    assert not Confirmation.objects.exists()


def test_list_for_who_confirms_nothing_is_not_found(client):
    client.force_login(instructor_of(PastSeatFactory().visit))

    assert client.get(LIST).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_as_many_queries_for_three_visits_as_for_one(client, count, django_assert_num_queries):
    first = attended_seat()
    for _ in range(count - 1):
        attended_seat(pupil=PupilFactory(school_class=first.pupil.school_class))
    client.force_login(coordinator_of(first.pupil))

    # session, user, grants, class teacher; counted ×2, page; visits, units, confirmations, marks, sizes
    with django_assert_num_queries(12):
        response = client.get(LIST)

    assert len(response.context["sheets"]) == count


def test_sheet_shows_who_was_there_by_name_and_is_signed(client):
    seat = attended_seat(pupil__name="林小满")
    absent = PastSeatFactory(visit=seat.visit, pupil=PupilFactory(school_class=seat.pupil.school_class))
    client.force_login(coordinator_of(seat.pupil))

    page = client.get(sheet_address(seat))
    client.post(sheet_address(seat), {"present": 1})

    verdicts = {row.seat: verdict.reason.value for row, verdict in page.context["rows"]}
    assert verdicts == {seat: "host_missing", absent: "no_in"}
    assert "林小满" in page.text
    assert Confirmation.objects.get().present == 1


def test_sheet_with_pupils_of_other_classes_is_shown_to_a_class_teacher_but_not_signed(client):
    seat = attended_seat()
    other_class = SchoolClassFactory(school=seat.pupil.school_class.school)
    attended_seat(visit=seat.visit, pupil=PupilFactory(school_class=other_class))
    client.force_login(ClassTeacherFactory(school_class=seat.pupil.school_class).user)

    page = client.get(sheet_address(seat))

    assert (len(page.context["rows"]), page.context["form"]) == (1, None)
    assert client.post(sheet_address(seat), {"present": 1}).status_code == 403
    assert not Confirmation.objects.exists()


def test_sheet_of_another_head_count_asks_for_a_note(client):
    seat = attended_seat()
    client.force_login(coordinator_of(seat.pupil))

    response = client.post(sheet_address(seat), {"present": 3})

    assert (response.status_code, Confirmation.objects.count()) == (422, 0)


def test_sheet_of_another_school_is_not_found(client):
    seat = attended_seat()
    client.force_login(coordinator_of(PupilFactory()))

    assert client.get(sheet_address(seat)).status_code == 404


def test_sheet_opens_again_when_marks_come_after_the_signature(client):
    seat = attended_seat()
    client.force_login(coordinator_of(seat.pupil))
    client.post(sheet_address(seat), {"present": 1})
    MarkFactory(seat=seat, kind="out")

    assert client.get(sheet_address(seat)).context["form"] is not None
