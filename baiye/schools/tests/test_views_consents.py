"""The pages of consents and of the calendar: who sees them, who does not, what they say, what they cost."""

import pytest

from baiye.accounts.tests.factories import GrantFactory, NoticeFactory
from baiye.core import clock
from baiye.schools import queries
from baiye.schools.models import (
    Consent,
    SchoolDay,
    Term,
)
from baiye.schools.tests.factories import (
    ConsentFactory,
    PupilFactory,
    SchoolClassFactory,
    SchoolDayFactory,
    TermFactory,
    roll_number,
)
from baiye.schools.tests.people import centre, coordinator_of, guardian_of, page, teacher_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil():
    return PupilFactory(name="林小满", roll=roll_number(77))


# ── consents ──


def test_consents_shows_the_text_and_presets_nothing(client, pupil):
    NoticeFactory(kind="consent", text="哪里存放，存多久")

    response = page(client, guardian_of(pupil), url("consents", pupil.pk))

    text = response.content.decode()
    assert "哪里存放，存多久" in text
    assert text.count('type="radio"') == 4
    assert "checked" not in text
    assert "都不选同意，也不影响孩子参加" in text
    # What the rules on children's data (儿童个人信息网络保护规定, art. 10) want said before anyone answers.
    items = ["谁来处理", "存在哪里", "存多久", "不同意会怎样", "怎样改主意", "查看、更正、投诉"]
    assert [item for item in items if f"<dt>{item}</dt>" in text] == items


def test_consents_keeps_answers_and_withdraws_in_two_clicks(client, pupil):
    NoticeFactory(kind="consent")
    client.force_login(guardian_of(pupil))

    client.post(url("consents", pupil.pk), {"photo": "yes", "display": "no", "signature": "林建国"})
    answer = queries.standing_consents(pupil)["photo"]
    assert url("consent-withdrawal", answer.pk) in client.get(url("consents", pupil.pk)).content.decode()
    assert client.get(url("consent-withdrawal", answer.pk)).status_code == 200
    client.post(url("consent-withdrawal", answer.pk))

    assert {purpose: each.agreed for purpose, each in queries.standing_consents(pupil).items()} == {"display": False}


def test_consents_without_signature_or_answer_says_so_and_keeps_the_rest(client, pupil):
    NoticeFactory(kind="consent")
    client.force_login(guardian_of(pupil))

    response = client.post(url("consents", pupil.pk), {"photo": "yes"})

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "display": ["请选“同意”或“不同意”"],
        "signature": ["还没有签名。请写您自己的姓名"],
    }
    assert response.content.decode().count("checked") == 1
    assert not Consent.objects.exists()


def test_consents_signed_with_the_childs_name_is_refused(client, pupil):
    NoticeFactory(kind="consent")
    client.force_login(guardian_of(pupil))

    response = client.post(url("consents", pupil.pk), {"photo": "yes", "display": "no", "signature": "林小满"})

    assert response.context["form"].errors == {"signature": ["请写您自己的姓名，不是孩子的"]}


def test_consents_of_a_teacher_are_entered_from_paper(client, pupil):
    NoticeFactory(kind="consent")
    client.force_login(teacher_of(pupil.school_class))

    client.post(url("consents", pupil.pk), {"photo": "no", "display": "no", "signature": "林建国"})

    assert set(Consent.objects.values_list("from_paper", "agreed")) == {(True, False)}


def test_consents_out_of_scope_are_not_there(client, pupil):
    consent = ConsentFactory(pupil=pupil)

    for other in (guardian_of(PupilFactory()), centre(), teacher_of(SchoolClassFactory())):
        assert page(client, other, url("consents", pupil.pk)).status_code == 404
        assert client.post(url("consent-withdrawal", consent.pk)).status_code == 404


# ── calendar ──


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_costs_as_many_queries_for_three_days_as_for_one(client, django_assert_num_queries, count):
    for n in range(count):
        SchoolDayFactory(on=clock.today().replace(day=n + 1))
    TermFactory()
    client.force_login(centre())

    with django_assert_num_queries(6):  # session, user, grants, class teacher?, terms, days
        response = client.get(url("calendar"))

    assert len(response.context["days"]) == count


def test_calendar_sets_and_clears(client):
    client.force_login(centre())

    client.post(url("terms"), {"name": "秋", "starts_on": "2026-09-01", "ends_on": "2027-01-15"})
    client.post(
        url("days"), {"on": "2026-11-28", "kind": "workday", "acts_as": "1", "blackout_grades": ["9"], "note": "调休"}
    )
    text = client.get(url("calendar")).content.decode()
    assert "上课，按周一" in text
    assert "九年级" in text
    client.post(url("day-removal", SchoolDay.objects.get().pk))

    assert not SchoolDay.objects.exists()
    assert Term.objects.get().name == "秋"


def test_calendar_says_what_is_wrong_beside_the_field(client):
    client.force_login(centre())

    response = client.post(url("terms"), {"name": "秋", "starts_on": "2026-09-01", "ends_on": "2026-09-01"})
    assert response.context["term_form"].errors == {"ends_on": ["学期的最后一天要晚于第一天"]}
    response = client.post(url("days"), {"on": "2026-11-28", "kind": "holiday", "acts_as": "1"})
    assert response.context["day_form"].errors == {"acts_as": ["放假的日子不用按星期几上课"]}


def test_calendar_is_the_centres_alone(client, pupil):
    day = SchoolDayFactory()

    for other in (coordinator_of(pupil.school_class.school), guardian_of(pupil), GrantFactory(role="auditor").user):
        client.force_login(other)
        assert client.get(url("calendar")).status_code == 404
        for address in (url("terms"), url("days"), url("day-removal", day.pk)):
            assert client.post(address).status_code == 404
