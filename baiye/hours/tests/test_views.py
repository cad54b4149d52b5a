"""The ledger's pages, each as one person sees it: what stands there, who is kept out, and what a list costs."""

import io
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import PastSeatFactory, confirmed_seat, coordinator_of, instructor_of
from baiye.core import clock
from baiye.core.models import Event
from baiye.hours import actions
from baiye.hours.models import Certificate, HourExport
from baiye.hours.tests.factories import (
    CertificateFactory,
    HourEntryFactory,
    NoticeLineFactory,
    classmate,
    statuses,
    unit_of,
)
from baiye.hours.views import check
from baiye.schools.tests.factories import ClassTeacherFactory, GuardianshipFactory, PupilFactory, SchoolClassFactory

pytestmark = pytest.mark.django_db
MINE, DESK, EXPORTS = reverse("hours:mine"), reverse("hours:desk"), reverse("hours:exports")


def days_ago(days):
    return clock.now() - timedelta(days=days, minutes=180)


def entry_of(pupil, days=1):
    return HourEntryFactory(pupil=pupil, seat=confirmed_seat(pupil=pupil, visit__starts_at=days_ago(days)))


def standing_certificate():
    """A certificate with its lines, issued by the school."""
    pupil = NoticeLineFactory(ended=True).entry.pupil
    (made,) = actions.issue_certificates(school=pupil.school_class.school, by=coordinator_of(pupil), at=clock.now())
    return made


def revoked_certificate():
    made = standing_certificate()
    by = coordinator_of(made.pupil)
    actions.revoke_certificate(certificate=made, because="多记了一次", by=by, at=clock.now())
    return made


# ── a pupil's hours ──


def test_mine_shows_what_stands_and_says_why_a_half_day_brought_nothing(client):
    pupil = PupilFactory(user=UserFactory(kind="pupil"))
    entry = entry_of(pupil)
    absent = PastSeatFactory(pupil=pupil, visit__starts_at=days_ago(5))
    client.force_login(pupil.user)

    response = client.get(MINE)

    days = response.context["days"]
    assert [(day.seat, day.entry) for day in days] == [(entry.seat, entry), (absent, None)]
    assert days[1].verdict.sentence in response.text
    assert response.context["balance"].hours("职业体验") == 4


def test_mine_of_a_guardian_is_the_childs_and_the_look_is_noted(client):
    pupil = PupilFactory()
    client.force_login(GuardianshipFactory(pupil=pupil).user)

    assert client.get(MINE).context["pupil"] == pupil
    looked = Event.objects.get(kind="pupil.viewed")
    assert (looked.object_id, looked.facts) == (str(pupil.pk), {"page": "hours"})


def test_mine_leads_staff_to_the_desk_and_tells_a_guardian_without_a_child_how_to_begin(client):
    client.force_login(coordinator_of(PupilFactory()))
    assert client.get(MINE).url == DESK

    client.force_login(UserFactory(kind="guardian"))
    assert "hours/nobody.html" in [template.name for template in client.get(MINE).templates]


@pytest.mark.parametrize("count", [1, 3])
def test_mine_costs_as_many_queries_for_three_half_days_as_for_one(client, django_assert_num_queries, count):
    pupil = PupilFactory(user=UserFactory(kind="pupil"))
    for n in range(count):
        NoticeLineFactory(entry=entry_of(pupil, 1 + 4 * n))
    client.force_login(pupil.user)

    with django_assert_num_queries(
        14
    ):  # session, user, child, look, sums, seats, verdicts' three, entries, grants, unread, notices, papers
        response = client.get(MINE)

    assert len(response.context["days"]) == count


def test_pupil_is_found_by_school_and_class_teacher_and_by_nobody_else(client):
    entry = HourEntryFactory()
    pupil = entry.pupil
    address = reverse("hours:pupil", args=[pupil.pk])
    may = [coordinator_of(pupil), ClassTeacherFactory(school_class=pupil.school_class).user]
    may_not = [
        coordinator_of(PupilFactory()),
        ClassTeacherFactory().user,
        GuardianshipFactory().user,
        instructor_of(entry.seat.visit),
    ]

    assert statuses(client, address, *may, *may_not) == [200, 200, 404, 404, 404, 404]


# ── the desk ──


def test_desk_shows_the_classes_of_the_school_and_what_waits(client):
    entry = HourEntryFactory()
    SchoolClassFactory()  # of another school
    client.force_login(coordinator_of(entry.pupil))

    response = client.get(DESK)

    assert [one for one, _name, _figures in response.context["rows"]] == [entry.pupil.school_class]
    assert "1 条新课时还没有公示" in response.text


def test_desk_is_not_found_by_families_and_hosts(client):
    seat = PastSeatFactory(pupil=PupilFactory(user=UserFactory(kind="pupil")))
    people = [seat.pupil.user, GuardianshipFactory(pupil=seat.pupil).user, instructor_of(seat.visit)]

    assert statuses(client, DESK, *people) == [404, 404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_desk_costs_as_many_queries_for_three_classes_as_for_one(client, django_assert_num_queries, count):
    pupil = HourEntryFactory().pupil
    for _ in range(count - 1):
        HourEntryFactory(pupil__school_class__school=pupil.school_class.school)
    client.force_login(coordinator_of(pupil))

    with django_assert_num_queries(
        11
    ):  # session, user, grants, class taught, classes, progress, work's four, may export
        response = client.get(DESK)

    assert len(response.context["rows"]) == count


def test_class_shows_hours_reasons_and_papers(client):
    certificate = standing_certificate()
    pupil = certificate.pupil
    PastSeatFactory(pupil=pupil, visit__starts_at=days_ago(5))
    client.force_login(ClassTeacherFactory(school_class=pupil.school_class).user)

    response = client.get(reverse("hours:class", args=[pupil.school_class.pk]))

    (row,) = response.context["rows"]
    assert (row.pupil, row.hours, row.attended, row.certificates) == (pupil, 4, 1, [certificate])
    assert (len(row.why), row.why[0] in response.text, certificate.number in response.text) == (1, True, True)


def test_class_of_another_teacher_is_not_found(client):
    address = reverse("hours:class", args=[SchoolClassFactory().pk])

    assert statuses(client, address, ClassTeacherFactory().user, coordinator_of(PupilFactory())) == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_class_costs_as_many_queries_for_three_pupils_as_for_one(client, django_assert_num_queries, count):
    first = PupilFactory()
    for pupil in [first, *(classmate(first) for _ in range(count - 1))]:
        entry_of(pupil)
        PastSeatFactory(pupil=pupil, visit__starts_at=days_ago(5))
    client.force_login(coordinator_of(first))

    with django_assert_num_queries(
        13
    ):  # session, user, grants, class, pupils, sums, seats, stands, verdicts' three, papers, class taught
        response = client.get(reverse("hours:class", args=[first.school_class.pk]))

    assert [(row.attended, len(row.why)) for row in response.context["rows"]] == [(1, 1)] * count


# ── certificates ──


def test_issue_certifies_what_may_be_certified_and_says_how_many(client):
    pupil = NoticeLineFactory(ended=True).entry.pupil
    address = reverse("hours:issue", args=[unit_of(pupil).pk])
    client.force_login(coordinator_of(pupil))

    assert "开好了 1 张证明" in client.post(address, follow=True).text
    assert "现在没有可以开证明的课时" in client.post(address, follow=True).text
    assert Certificate.objects.get().pupil == pupil


def test_issue_at_another_school_or_by_a_class_teacher_is_not_found(client):
    pupil = NoticeLineFactory(ended=True).entry.pupil
    address = reverse("hours:issue", args=[unit_of(pupil).pk])
    for user in (coordinator_of(PupilFactory()), ClassTeacherFactory(school_class=pupil.school_class).user):
        client.force_login(user)
        assert client.post(address).status_code == 404

    assert not Certificate.objects.exists()


def test_certificate_is_a_pdf_for_the_family_and_not_found_by_others(client):
    certificate = CertificateFactory()
    address = reverse("hours:certificate", args=[certificate.pk])
    client.force_login(GuardianshipFactory(pupil=certificate.pupil).user)

    response = client.get(address)

    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    assert f'filename="{certificate.number}.pdf"' in response["Content-Disposition"]
    assert Event.objects.get(kind="pupil.viewed").facts == {"page": "certificate"}
    assert statuses(client, address, GuardianshipFactory().user, coordinator_of(PupilFactory())) == [404, 404]


def test_a_revoked_certificate_is_not_given_out(client):
    certificate = revoked_certificate()
    client.force_login(GuardianshipFactory(pupil=certificate.pupil).user)

    assert client.get(reverse("hours:certificate", args=[certificate.pk])).status_code == 404
    assert "多记了一次" in client.get(MINE).text


def test_a_certificate_is_revoked_with_a_reason(client):
    certificate = standing_certificate()
    address = reverse("hours:revocation", args=[certificate.pk])
    client.force_login(coordinator_of(certificate.pupil))

    assert client.post(address, {"because": " "}).status_code == 422
    client.post(address, {"because": "多记了一次"})

    certificate.refresh_from_db()
    assert certificate.revoked_because == "多记了一次"


# ── anyone checks a paper ──


def test_check_says_a_certificate_is_valid_with_the_name_in_part(client):
    certificate = CertificateFactory(pupil__name="示例小满")

    response = client.get(reverse("hours:check", args=[certificate.token]))

    assert ("这张证明有效" in response.text, certificate.number in response.text) == (True, True)
    assert "示例小满" not in response.text


def test_check_says_a_certificate_is_revoked_and_why(client):
    page = client.get(reverse("hours:check", args=[revoked_certificate().token])).text

    assert ("这张证明已撤回" in page, "多记了一次" in page, "这张证明有效" in page) == (True, True, False)


def test_check_of_an_unknown_token_is_not_found(client):
    response = client.get(reverse("hours:check", args=[uuid.uuid4()]))

    assert (response.status_code, "没有这张证明" in response.text) == (404, True)


def test_check_by_number_needs_the_code_too(client):
    certificate = CertificateFactory()
    address = reverse("hours:check-form")

    right = client.get(address, {"number": certificate.number.lower(), "code": certificate.check_code.lower()})
    wrong = client.get(address, {"number": certificate.number, "code": "00000000"})

    assert right.url == reverse("hours:check", args=[certificate.token])
    assert (wrong.status_code, "没有这个编号和校验码" in wrong.text) == (200, True)


def test_check_too_often_shows_nothing(client, monkeypatch):
    monkeypatch.setattr(check, "TRIES", 1)
    certificate = CertificateFactory()
    address = reverse("hours:check", args=[certificate.token])
    client.get(address, REMOTE_ADDR="192.0.2.7")

    response = client.get(address, REMOTE_ADDR="192.0.2.7")

    assert (response.status_code, certificate.number in response.text) == (429, False)


# ── the file for the city platform ──


def test_export_downloads_a_file_and_stands_in_the_list(client):
    pupil = NoticeLineFactory(ended=True).entry.pupil
    client.force_login(coordinator_of(pupil))

    said = {"unit": unit_of(pupil).pk, "purpose": "导入市级平台", "recipient": "示例部门"}
    response = client.post(EXPORTS, said)

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert any(pupil.name in row for row in sheet)
    export = HourExport.objects.get()
    assert (export.rows, export.purpose, export.batch in client.get(EXPORTS).text) == (1, "导入市级平台", True)


def test_export_of_nothing_or_of_another_school_is_refused_and_leaves_nothing_behind(client):
    pupil = PupilFactory()
    elsewhere = NoticeLineFactory(ended=True).entry.pupil
    client.force_login(coordinator_of(pupil))
    said = {"purpose": "导入市级平台", "recipient": "示例部门"}

    answers = [client.post(EXPORTS, said | {"unit": unit_of(one).pk}) for one in (pupil, elsewhere)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert ("还没有公示完的课时可以导出" in answers[0].text, HourExport.objects.count()) == (True, 0)


def test_exports_are_not_found_by_class_teachers_and_families(client):
    assert statuses(client, EXPORTS, ClassTeacherFactory().user, GuardianshipFactory().user) == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_exports_cost_as_many_queries_for_three_files_as_for_one(client, django_assert_num_queries, count):
    pupil = NoticeLineFactory(ended=True).entry.pupil
    by = coordinator_of(pupil)
    for _ in range(count):
        actions.export_hours(unit=unit_of(pupil), purpose="导入", recipient="示例部门", by=by, at=clock.now())
    client.force_login(by)

    with django_assert_num_queries(8):  # session, user, grants, schools ×3, class taught, files
        response = client.get(EXPORTS)

    assert len(response.context["exports"]) == count
