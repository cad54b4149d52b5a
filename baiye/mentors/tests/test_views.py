"""The pages of mentors: one's own, somebody else's, nobody's; everything by forms alone, at a fixed cost."""

import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core import clock
from baiye.mentors.models import Check, Mentor, Training
from baiye.mentors.tests.factories import (
    AppointmentFactory,
    CertificateFactory,
    CheckFactory,
    CounsellorFactory,
    MentorFactory,
    SessionFactory,
    TitleFactory,
    TrainingFactory,
    UncheckedFactory,
)
from baiye.mentors.tests.people import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town()


def as_(client, user):
    client.force_login(user)
    return client


def url(name, *args):
    return reverse(f"mentors:{name}", args=args)


def listed(client, **query):
    return [mentor.name for mentor, _why in client.get(url("mentor-list"), query).context["rows"]]


# ── the list ──


def test_list_shows_hosts_their_own_agencies_whom_they_appoint_and_the_district_all(client, town):
    MentorFactory(unit=town.host, name="周带教")
    CounsellorFactory(unit=town.host, appointed_by=town.league, name="郑辅导")
    MentorFactory(name="别的区的")

    assert listed(as_(client, town.manager())) == ["郑辅导", "周带教"]
    assert listed(as_(client, town.officer(town.league))) == ["郑辅导"]
    assert listed(as_(client, town.officer(town.union))) == []
    assert listed(as_(client, town.coordinator())) == ["郑辅导", "周带教"]
    assert as_(client, UserFactory()).get(url("mentor-list")).status_code == 404


def test_list_finds_by_letters_kind_and_state(client, town):
    MentorFactory(unit=town.host, name="周带教")
    MentorFactory(unit=town.host, name="吴司机", kinds=["driver"])
    UncheckedFactory(unit=town.host, name="林没查")
    MentorFactory(unit=town.host, name="钱走了", left_on=clock.today(), left_by=UserFactory())
    CheckFactory(mentor=UncheckedFactory(unit=town.host, name="孙快了"), checked_on=clock.today() - timedelta(days=340))
    manager = as_(client, town.manager())

    assert listed(manager) == ["林没查", "孙快了", "吴司机", "周带教"]
    assert listed(manager, q="zdj") == ["周带教"]
    assert listed(manager, kind="driver") == ["吴司机"]
    assert listed(manager, state="may_not") == ["林没查"]
    assert listed(manager, state="soon") == ["孙快了"]
    assert listed(manager, state="left") == ["钱走了"]
    assert listed(manager, state="nonsense", kind="nonsense") == listed(manager)


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_three_as_for_one(client, town, django_assert_num_queries, count):
    CounsellorFactory.create_batch(count, unit=town.host, appointed_by=town.league)
    as_(client, town.coordinator())

    with django_assert_num_queries(7):
        response = client.get(url("mentor-list"))

    assert len(response.context["rows"]) == count


def test_export_is_the_list_as_filtered_without_phones(client, town):
    MentorFactory(unit=town.host, name="周带教", trade="面点")
    UncheckedFactory(unit=town.host, name="林没查")

    response = as_(client, town.manager()).get(url("mentor-export"), {"state": "may_not"})

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["姓名", "林没查"]
    assert rows[1][-1] == "还没有从业查询结果。请先查询并登记。"


# ── one mentor ──


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_mentor_costs_the_same_for_three_of_each_as_for_one(client, town, django_assert_num_queries, count):
    mentor = CounsellorFactory(unit=town.host, appointed_by=town.league, appointment=None)
    for n in range(count):
        CheckFactory(mentor=mentor, checker=UserFactory())
        TitleFactory(mentor=mentor, year=2000 + n)
        CertificateFactory(mentor=mentor)
        day = clock.today() + timedelta(days=n * 10)
        AppointmentFactory(mentor=mentor, from_on=day, until_on=day)
        mentor.evaluations.create(school_year=2020 + n, verdict="good", text="准时")
        mentor.occupations.add(OccupationFactory())
    as_(client, town.coordinator())

    with django_assert_num_queries(13):
        response = client.get(url("mentor", mentor.pk))

    assert response.status_code == 200


def test_page_says_what_is_in_the_way_and_shows_the_phone_masked(client, town):
    mentor = UncheckedFactory(unit=town.host)
    manager = as_(client, town.manager())
    data = {"name": mentor.name, "kinds": ["guide"], "phone": "154 0000 0001", "most_a_term": 9}
    assert manager.post(url("particulars", mentor.pk), data).status_code == 302

    page = manager.get(url("mentor", mentor.pk)).content.decode()

    assert "还没有从业查询结果。请先查询并登记。" in page
    assert "154****0001" in page
    assert "15400000001" not in page


def test_page_offers_to_end_an_appointment_to_the_body_that_made_it_alone(client, town):
    mentor = CounsellorFactory(unit=town.host, appointed_by=town.league)
    Mentor.objects.filter(pk=mentor.pk).update(appointed_by=town.union)
    ending = url("appointment-ending", mentor.appointments.get().pk)

    pages = [as_(client, by).get(url("mentor", mentor.pk)) for by in (town.coordinator(), town.officer(town.union))]

    assert [ending in page.content.decode() for page in pages] == [True, False]


ABOUT = ["mentor", "particulars", "account", "title-new", "certificate-new", "evaluation-new", "departure"]


@pytest.mark.parametrize("name", ABOUT)
def test_pages_about_a_mentor_are_ones_own_alone(client, town, name):
    mine, others = MentorFactory(unit=town.host), MentorFactory()

    assert as_(client, town.manager()).get(url(name, mine.pk)).status_code == 200
    assert client.get(url(name, others.pk)).status_code == 404
    assert as_(client, town.officer(town.league)).get(url(name, mine.pk)).status_code == 404
    assert as_(client, UserFactory()).get(url(name, mine.pk)).status_code == 404


def test_only_the_district_enters_checks_and_only_those_who_appoint_appoint(client, town):
    mentor = CounsellorFactory(unit=town.host, appointed_by=town.league)
    codes = {
        name: [
            as_(client, user).get(url(name, mentor.pk)).status_code
            for user in (town.manager(), town.officer(town.league), town.coordinator())
        ]
        for name in ("check-new", "appointment-new")
    }

    assert codes == {"check-new": [404, 404, 200], "appointment-new": [404, 200, 200]}


# ── forms ──


def test_mentor_new_enters_somebody_and_keeps_what_was_typed_when_it_is_wrong(client, town):
    OccupationFactory(name="面包师")
    manager = as_(client, town.manager())
    typed = {"request": uuid.uuid4(), "unit": town.host.pk, "name": "周师傅", "kinds": ["guide"], "most_a_term": 5}

    wrong = manager.post(url("mentor-new"), typed | {"occupations": "面包师、炼金术士", "phone": "123"})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors == {
        "occupations": ["职业大典里没有：炼金术士。改成大典里的名称，或写进「手艺」。"],
        "phone": ["手机号要 11 位数字。请核对。"],
    }
    assert 'value="周师傅"' in wrong.content.decode()
    right = manager.post(url("mentor-new"), typed | {"occupations": "面包师", "free_slots": ["6am"]})
    manager.post(url("mentor-new"), typed | {"occupations": "面包师"})

    mentor = Mentor.objects.get()
    assert right.url == url("mentor", mentor.pk)
    assert ([one.name for one in mentor.occupations.all()], mentor.free_slots) == (["面包师"], ["6am"])


def test_mentor_new_at_a_unit_that_is_not_ones_own_is_refused(client, town):
    typed = {
        "request": uuid.uuid4(),
        "unit": Town("别的区").host.pk,
        "name": "甲",
        "kinds": ["guide"],
        "most_a_term": 5,
    }

    assert as_(client, town.manager()).post(url("mentor-new"), typed).status_code == 422
    assert as_(client, UserFactory()).post(url("mentor-new"), typed).status_code == 404
    assert not Mentor.objects.exists()


def test_check_new_enters_a_result_and_says_what_is_wrong(client, town):
    mentor = UncheckedFactory(unit=town.host)
    coordinator = as_(client, town.coordinator())
    typed = {"request": uuid.uuid4(), "result": "clear", "method": "police"}

    wrong = coordinator.post(url("check-new", mentor.pk), typed | {"checked_on": clock.today() + timedelta(days=1)})
    right = coordinator.post(url("check-new", mentor.pk), typed | {"checked_on": clock.today()})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert wrong.context["form"].non_field_errors() == ["查询日期不能晚于今天。"]
    assert Check.objects.get().mentor == mentor


def test_title_goes_in_with_its_paper_and_the_paper_is_for_those_who_see_the_mentor(client, town):
    mentor = MentorFactory(unit=town.host)
    typed = {"kind": "model_worker", "level": "city", "year": 2020, "awarded_by": "市总工会"}
    paper = SimpleUploadedFile("证书.pdf", b"%PDF-1.7 x")
    manager = as_(client, town.manager())

    assert manager.post(url("title-new", mentor.pk), typed).status_code == 422
    assert manager.post(url("title-new", mentor.pk), typed | {"upload": paper}).status_code == 302

    address = url("title-paper", mentor.titles.get().pk)
    assert manager.get(address).content == b"%PDF-1.7 x"
    assert as_(client, Town("别的区").manager()).get(address).status_code == 404


def test_title_confirmation_is_a_unions(client, town):
    title = TitleFactory(mentor__unit=town.host, mentor__appointed_by=town.union)

    assert as_(client, town.manager()).post(url("title-confirmation", title.pk)).status_code == 404
    assert as_(client, town.officer(town.union)).post(url("title-confirmation", title.pk)).status_code == 302

    title.refresh_from_db()
    assert title.confirming_unit == town.union


@pytest.mark.slow
def test_appointment_is_made_printed_and_ended_by_the_agency(client, town):
    mentor = CounsellorFactory(unit=town.host, appointed_by=town.league, appointment=None)
    officer = as_(client, town.officer(town.league))
    typed = {"request": uuid.uuid4(), "unit": town.league.pk, "from_on": clock.today()}

    assert officer.post(url("appointment-new", mentor.pk), typed | {"until_on": "2020-01-01"}).status_code == 422
    assert officer.post(url("appointment-new", mentor.pk), typed | {"until_on": "2030-01-01"}).status_code == 302
    appointment = mentor.appointments.get()
    assert officer.get(url("appointment-paper", appointment.pk)).content.startswith(b"%PDF-")
    ending = {"on": clock.today(), "because": "调动"}
    assert as_(client, town.manager()).post(url("appointment-ending", appointment.pk), ending).status_code == 404
    assert (
        as_(client, Town("别的区").officer(town.union)).get(url("appointment-paper", appointment.pk)).status_code == 404
    )
    assert (
        as_(client, town.officer(town.league)).post(url("appointment-ending", appointment.pk), ending).status_code
        == 302
    )

    appointment.refresh_from_db()
    assert appointment.ended_because == "调动"


def test_certificate_evaluation_account_and_departure_are_entered_by_forms(client, town):
    mentor = CounsellorFactory(unit=town.host, certificate=None)
    own = town.holder("mentor", town.host)
    manager = as_(client, town.manager())
    paper = SimpleUploadedFile("证书.pdf", b"%PDF-1.7 x")
    certificate = {"request": uuid.uuid4(), "number": "沪 1", "issued_by": "市少工委", "minutes": 480, "upload": paper}
    certificate |= {"issued_on": clock.today()}
    year = clock.today().year if clock.today().month >= 9 else clock.today().year - 1

    said = [
        manager.post(url("certificate-new", mentor.pk), certificate),
        manager.post(url("evaluation-new", mentor.pk), {"school_year": year, "verdict": "good", "text": "准时"}),
        manager.post(url("account", mentor.pk), {"username": own.username}),
        manager.post(url("departure", mentor.pk), {"on": clock.today()}),
    ]
    unknown = manager.post(url("account", mentor.pk), {"username": "nobody-there"})

    mentor.refresh_from_db()
    assert [response.status_code for response in said] == [302] * 4
    assert unknown.context["form"].non_field_errors() == ["没有这个用户名。请核对。"]
    assert (mentor.user, mentor.left_on, mentor.evaluations.get().text) == (own, clock.today(), "准时")
    assert manager.get(url("certificate-paper", mentor.certificates.get().pk)).content == b"%PDF-1.7 x"
    assert as_(client, UserFactory()).get(url("certificate-paper", mentor.certificates.get().pk)).status_code == 404


def test_departure_begins_with_today_as_a_date_field_reads_it(client, town):
    page = as_(client, town.manager()).get(url("departure", MentorFactory(unit=town.host).pk)).content.decode()

    assert f'value="{clock.today().isoformat()}"' in page


# ── trainings ──


def test_a_training_is_made_held_and_certified_by_forms(client, town):
    mentor = CounsellorFactory(unit=town.host, appointed_by=town.league, certificate=None)
    officer = as_(client, town.officer(town.league))
    typed = {"request": uuid.uuid4(), "unit": town.league.pk, "title": "岗前培训", "minutes_needed": 120}
    officer.post(url("training-new"), typed)
    training = Training.objects.get()
    yesterday = clock.today() - timedelta(days=1)
    officer.post(url("training", training.pk), {"on": yesterday, "starts": "09:00", "ends": "11:00"})
    session = training.sessions.get()

    officer.post(url("attendance", session.pk), {"pick": [mentor.pk, "nonsense"]})
    officer.post(url("training-certificates", training.pk))

    assert mentor.certificates.get().minutes == 120
    assert officer.get(url("attendance", session.pk)).context["there"] == {mentor.pk}


def test_trainings_are_ones_own_agencys_alone(client, town):
    session = SessionFactory(training__unit=town.league)
    addresses = [url("training-list"), url("training-new"), url("training", session.training_id)]
    addresses += [url("attendance", session.pk)]

    def codes(user):
        as_(client, user)
        return [client.get(address).status_code for address in addresses]

    assert codes(town.officer(town.league)) == [200, 200, 200, 200]
    assert codes(town.officer(town.union)) == [200, 200, 404, 404]
    assert codes(town.manager()) == [404, 404, 404, 404]
    assert (
        as_(client, town.officer(town.union)).post(url("training-certificates", session.training_id)).status_code == 404
    )


def test_a_session_that_begins_twice_and_attendance_before_it_began_are_refused_in_words(client, town):
    officer = as_(client, town.officer(town.league))
    tomorrow = clock.now() + timedelta(days=1)
    session = SessionFactory(training__unit=town.league, starts_at=tomorrow.replace(minute=0, second=0, microsecond=0))
    at = clock.local(session.starts_at)
    ends = f"{(at + timedelta(minutes=1)):%H:%M}"

    twice = officer.post(url("training", session.training_id), {"on": at.date(), "starts": f"{at:%H:%M}", "ends": ends})
    early = officer.post(url("attendance", session.pk), {})

    assert twice.context["form"].non_field_errors() == ["这个时间已经有一次课了。"]
    assert early.context["refused"] == "这次课还没有开始，开始以后再登记到课。"
    assert (twice.status_code, early.status_code) == (422, 422)


@pytest.mark.parametrize("count", [1, 3])
def test_training_pages_cost_the_same_for_three_as_for_one(client, town, django_assert_num_queries, count):
    training = TrainingFactory(unit=town.league)
    for n in range(count):
        session = SessionFactory(training=training, starts_at=clock.now() - timedelta(days=n + 2))
        mentor = CounsellorFactory(unit=town.host, appointed_by=town.league)
        session.attendances.create(mentor=mentor)
        TrainingFactory(unit=town.league)
    as_(client, town.officer(town.league))

    with django_assert_num_queries(9):
        client.get(url("training", training.pk))
    with django_assert_num_queries(7):
        client.get(url("training-list"))
    with django_assert_num_queries(7):
        client.get(url("attendance", session.pk))
