"""Mentors are entered, checked, appointed, trained: done, refused, denied, and nothing left behind."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core import clock
from baiye.core.models import File
from baiye.core.tests.factories import queued
from baiye.mentors import hindrances
from baiye.mentors.actions import appointments, mentors, trainings
from baiye.mentors.models import Appointment, Attendance, Certificate, Check, Evaluation, Mentor, Title
from baiye.mentors.papers import appointment_paper
from baiye.mentors.refusals import MentorRefused
from baiye.mentors.tests.factories import (
    CounsellorFactory,
    MentorFactory,
    SessionFactory,
    TrainingFactory,
    UncheckedFactory,
)
from baiye.mentors.tests.people import Town
from baiye.schools.tests.people import events

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town()


def pdf():
    return SimpleUploadedFile("证书.pdf", b"%PDF-1.7 paper")


def in_days(days):
    return clock.today() + timedelta(days=days)


# ── the roster ──


def test_add_mentor_by_the_host_enters_somebody_with_a_sealed_phone_once(town):
    baker, request = OccupationFactory(name="面包师"), uuid.uuid4()
    fields = {"name": "周师傅", "kinds": ["guide"], "phone": "15400000001", "occupations": [baker]}
    manager = town.manager()

    mentor = mentors.add_mentor(unit=town.host, by=manager, request=request, **fields)
    again = mentors.add_mentor(unit=town.host, by=manager, request=request, **fields)

    assert again == mentor == Mentor.objects.get()
    assert (mentor.pinyin, mentor.phone, list(mentor.occupations.all())) == ("zhou shi fu", "15400000001", [baker])
    assert b"15400000001" not in bytes(mentor.phone_sealed)
    assert events() == ["mentor.added"]


def test_add_mentor_at_another_host_is_denied_and_without_a_kind_is_refused(town):
    with pytest.raises(PermissionDenied):
        mentors.add_mentor(unit=Town("别的区").host, by=town.manager(), name="甲", kinds=["guide"])
    with pytest.raises(MentorRefused, match="至少选一种身份"):
        mentors.add_mentor(unit=town.host, by=town.manager(), name="甲", kinds=[])

    assert not Mentor.objects.exists()


def test_change_mentor_may_ask_an_agency_of_the_district_to_appoint_and_no_other(town):
    mentor = MentorFactory(unit=town.host)

    mentors.change_mentor(mentor=mentor, by=town.manager(), appointed_by=town.league)
    with pytest.raises(MentorRefused, match="本区或本区的牵头部门"):
        mentors.change_mentor(mentor=mentor, by=town.manager(), appointed_by=Town("别的区").league)

    mentor.refresh_from_db()
    assert mentor.appointed_by == town.league
    assert events() == ["mentor.changed"]
    assert queued() == ["visits.tell_lapses"]


def test_change_mentor_writes_what_is_given_and_nothing_that_changed_meanwhile(town):
    mentor = MentorFactory(unit=town.host)
    read_before = Mentor.objects.get()
    mentors.note_departure(mentor=mentor, on=in_days(3), by=town.manager())

    mentors.change_mentor(mentor=read_before, by=town.manager(), about="会做面点")

    mentor.refresh_from_db()
    assert (mentor.about, mentor.left_on) == ("会做面点", in_days(3))


def test_change_mentor_has_visits_looked_at_again_only_where_it_can_hinder(town):
    mentor, manager = MentorFactory(unit=town.host), town.manager()
    plain = {"name": "周师傅", "kinds": mentor.kinds, "appointed_by": None, "phone": "15400000001", "about": "会做面点"}

    mentors.change_mentor(mentor=mentor, by=manager, **plain)
    assert queued() == []
    mentors.change_mentor(mentor=mentor, by=manager, **plain | {"kinds": ["counsellor"]})

    assert queued() == ["visits.tell_lapses"]


def test_an_agency_changes_whom_it_appoints_and_nobody_else(town):
    theirs, others = MentorFactory(unit=town.host, appointed_by=town.league), MentorFactory(unit=town.host)
    officer = town.officer(town.league)

    mentors.change_mentor(mentor=theirs, by=officer, about="会做面点")
    with pytest.raises(PermissionDenied):
        mentors.change_mentor(mentor=others, by=officer, about="会做面点")

    others.refresh_from_db()
    assert (theirs.about, others.about) == ("会做面点", "")


def test_link_account_takes_an_account_with_the_role_there_and_only_one_mentors(town):
    mentor, other = MentorFactory.create_batch(2, unit=town.host)
    own, stranger = town.holder("mentor", town.host), UserFactory()

    mentors.link_account(mentor=mentor, user=own, by=town.manager())
    with pytest.raises(MentorRefused, match="没有「校外辅导员」的权限"):
        mentors.link_account(mentor=other, user=stranger, by=town.manager())
    with pytest.raises(MentorRefused, match="另一位带教人员"):
        mentors.link_account(mentor=other, user=own, by=town.manager())

    mentor.refresh_from_db()
    other.refresh_from_db()
    assert (mentor.user, other.user) == (own, None)


def test_note_departure_ends_it_once(town):
    mentor = MentorFactory(unit=town.host)

    mentors.note_departure(mentor=mentor, on=clock.today(), by=town.manager())
    with pytest.raises(MentorRefused, match="早先已经登记离任"):
        mentors.note_departure(mentor=mentor, on=clock.today(), by=town.manager())

    assert hindrances.why_not(mentor, clock.today(), clock.today()) == "left"
    assert events() == ["mentor.left"]


# ── titles ──

TITLE = {"kind": "model_worker", "level": "city", "year": 2020, "awarded_by": "市总工会"}


def test_claim_title_needs_its_paper_which_is_kept_sealed(town):
    mentor = MentorFactory(unit=town.host)
    claim = {"mentor": mentor, "by": town.manager(), "at": clock.now()}

    with pytest.raises(MentorRefused, match="请附上证书"):
        mentors.claim_title(upload=None, **claim, **TITLE)
    title = mentors.claim_title(upload=pdf(), **claim, **TITLE)
    with pytest.raises(MentorRefused, match="登记过了"):
        mentors.claim_title(upload=pdf(), **claim, **TITLE)

    assert title.confirmed_at is None
    assert File.objects.count() == 1
    assert events() == ["title.claimed"]


def test_a_union_confirms_a_title_and_may_enter_one_without_a_paper_but_no_other_agency(town):
    mentor = MentorFactory(unit=town.host, appointed_by=town.union)
    unions, at = town.officer(town.union), clock.now()
    title = mentors.claim_title(mentor=mentor, upload=pdf(), by=town.manager(), at=at, **TITLE)

    with pytest.raises(PermissionDenied):
        mentors.confirm_title(title=title, by=town.officer(town.league), at=at)
    mentors.confirm_title(title=title, by=unions, at=at)
    mentors.confirm_title(title=title, by=unions, at=at)
    own = mentors.claim_title(mentor=mentor, upload=None, by=unions, at=at, **TITLE | {"year": 2021})

    title.refresh_from_db()
    assert (title.confirming_unit, own.confirming_unit) == (town.union, town.union)
    assert events() == ["title.claimed", "title.confirmed", "title.claimed"]
    assert Title.objects.count() == 2


# ── checks ──


def test_enter_check_is_the_districts_keeps_the_result_alone_and_tells_of_lapses(town):
    mentor = UncheckedFactory(unit=town.host)
    result = {"result": "clear", "checked_on": clock.today(), "method": "police", "request": uuid.uuid4()}
    officer = town.holder("district_officer", town.district)

    with pytest.raises(PermissionDenied):
        mentors.enter_check(mentor=mentor, by=town.manager(), **result)
    check = mentors.enter_check(mentor=mentor, by=officer, **result)
    again = mentors.enter_check(mentor=mentor, by=officer, **result)

    assert check == again == Check.objects.get()
    assert hindrances.why_not(mentor, clock.today(), clock.today()) == ""
    assert events() == ["check.entered"]
    assert queued() == ["visits.tell_lapses"]


def test_enter_check_of_the_future_or_of_oneself_is_refused(town):
    coordinator = town.coordinator()
    mentor = UncheckedFactory(unit=town.host, user=coordinator)
    result = {"mentor": mentor, "result": "clear", "method": "police", "by": coordinator}

    with pytest.raises(MentorRefused, match="不能晚于今天"):
        mentors.enter_check(checked_on=in_days(1), **result)
    with pytest.raises(MentorRefused, match="不能登记自己的"):
        mentors.enter_check(checked_on=in_days(0), **result)

    assert not Check.objects.exists()
    assert events() == []


# ── appointments and evaluations ──


def term(town, mentor, by, **fields):
    known = {"mentor": mentor, "unit": town.league, "from_on": in_days(0), "until_on": in_days(700), "by": by}
    return appointments.appoint(**known | {"at": clock.now()} | fields)


def test_appoint_makes_the_agency_the_appointing_body_with_a_number_and_a_paper(town):
    first, second = MentorFactory.create_batch(2, unit=town.host, kinds=["counsellor"])
    coordinator, request = town.coordinator(), uuid.uuid4()

    made = term(town, first, coordinator, request=request)
    again = term(town, first, coordinator, request=request)
    other = term(town, second, coordinator)

    first.refresh_from_db()
    year = clock.today().year
    assert again == made
    assert [made.number, other.number] == [f"示例区团委聘〔{year}〕1号", f"示例区团委聘〔{year}〕2号"]
    assert first.appointed_by == town.league
    assert made.shows["name"] == first.name
    assert events() == ["mentor.appointed", "mentor.appointed"]


@pytest.mark.slow
def test_the_paper_of_an_appointment_is_the_same_bytes_for_the_same_row(town):
    made = term(town, MentorFactory(unit=town.host, kinds=["counsellor"]), town.coordinator())
    MentorFactory._meta.model.objects.update(name="改过的名字")

    one, other = appointment_paper(made), appointment_paper(Appointment.objects.get())

    assert one.startswith(b"%PDF-")
    assert one == other


def test_appoint_over_a_standing_term_backwards_or_as_a_host_is_refused(town):
    mentor = CounsellorFactory(unit=town.host, appointed_by=town.league)
    coordinator = town.coordinator()

    with pytest.raises(MentorRefused, match="已经有聘任了"):
        term(town, mentor, coordinator)
    with pytest.raises(MentorRefused, match="要晚于开始"):
        term(town, mentor, coordinator, from_on=in_days(2000), until_on=in_days(1000))
    with pytest.raises(PermissionDenied):
        term(town, mentor, town.manager())
    with pytest.raises(PermissionDenied):
        term(town, mentor, coordinator, unit=town.host)

    assert Appointment.objects.count() == 1
    assert events() == []


def test_end_appointment_ends_it_once_for_a_reason_by_whom_made_it(town):
    mentor = CounsellorFactory(unit=town.host, appointed_by=town.league)
    appointment = mentor.appointments.get()
    end = {"appointment": appointment, "on": in_days(5)}

    with pytest.raises(PermissionDenied):
        appointments.end_appointment(because="调动", by=town.manager(), **end)
    with pytest.raises(MentorRefused, match="请写明为什么"):
        appointments.end_appointment(because=" ", by=town.officer(town.league), **end)
    with pytest.raises(MentorRefused, match="聘期已满"):
        appointments.end_appointment(because="调动", by=town.coordinator(), **end | {"on": in_days(9999)})
    appointments.end_appointment(because="调动", by=town.officer(town.league), **end)
    with pytest.raises(MentorRefused, match="早先已经结束"):
        appointments.end_appointment(because="调动", by=town.coordinator(), **end)

    assert [hindrances.why_not(mentor, in_days(n), in_days(n)) for n in (4, 5)] == ["", "appointment"]
    assert events() == ["appointment.ended"]


def test_evaluate_says_how_a_year_went_and_again_replaces_it_but_never_of_oneself(town):
    manager = town.manager()
    mentor, own = MentorFactory(unit=town.host), MentorFactory(unit=town.host, user=manager)
    year = {"school_year": 2026, "verdict": "good", "by": manager}

    appointments.evaluate(mentor=mentor, text="准时", **year)
    appointments.evaluate(mentor=mentor, text="准时，讲得清楚", **year | {"verdict": "excellent"})
    with pytest.raises(MentorRefused, match="不能给自己"):
        appointments.evaluate(mentor=own, text="很好", **year)
    with pytest.raises(MentorRefused, match="请写一句"):
        appointments.evaluate(mentor=mentor, text="", **year)

    one = Evaluation.objects.get()
    assert (one.verdict, one.text) == ("excellent", "准时，讲得清楚")


# ── trainings ──


def test_a_training_leads_to_certificates_for_those_who_attended_enough_and_none_twice(town):
    officer = town.officer(town.league)
    there, once = CounsellorFactory.create_batch(2, certificate=None, unit=town.host, appointed_by=town.league)
    training = trainings.make_training(unit=town.league, title="岗前培训", minutes_needed=240, by=officer)
    begin = clock.now() - timedelta(days=2)
    spans = [(begin, begin + timedelta(minutes=120)), (begin + timedelta(days=1), begin + timedelta(minutes=1560))]
    first, second = (trainings.add_session(training=training, starts_at=a, ends_at=b, by=officer) for a, b in spans)
    trainings.note_attendance(session=first, mentor_ids=[there.pk, once.pk], by=officer, at=clock.now())
    trainings.note_attendance(session=second, mentor_ids=[there.pk], by=officer, at=clock.now())

    (made,) = trainings.certify(training=training, by=officer, at=clock.now())
    again = trainings.certify(training=training, by=officer, at=clock.now())

    assert again == []
    assert (made.mentor, made.minutes) == (there, 240)
    assert made.number == f"示例区团委训〔{clock.today().year}〕1号"
    today = clock.today()
    assert [hindrances.why_not(one, today, today) for one in (there, once)] == ["", "training"]


def test_note_attendance_takes_back_who_was_not_there_but_never_what_a_certificate_rests_on(town):
    officer = town.officer(town.league)
    session = SessionFactory(training__unit=town.league, training__minutes_needed=240)
    certified, other = CounsellorFactory.create_batch(2, certificate=None, unit=town.host, appointed_by=town.league)
    trainings.note_attendance(session=session, mentor_ids=[certified.pk], by=officer, at=clock.now())
    trainings.certify(training=session.training, by=officer, at=clock.now())
    trainings.note_attendance(session=session, mentor_ids=[other.pk], by=officer, at=clock.now())

    trainings.note_attendance(session=session, mentor_ids=[], by=officer, at=clock.now())

    assert list(Attendance.objects.values_list("mentor", flat=True)) == [certified.pk]


def test_note_attendance_of_the_future_or_of_others_mentors_is_not_done(town):
    officer = town.officer(town.league)
    coming = SessionFactory(training__unit=town.league, starts_at=clock.now() + timedelta(days=1))
    past = SessionFactory(training=coming.training)
    stranger = CounsellorFactory(certificate=None)

    with pytest.raises(MentorRefused, match="还没有开始"):
        trainings.note_attendance(session=coming, mentor_ids=[], by=officer, at=clock.now())
    with pytest.raises(PermissionDenied):
        trainings.note_attendance(session=past, mentor_ids=[stranger.pk], by=officer, at=clock.now())
    with pytest.raises(PermissionDenied):
        trainings.note_attendance(session=past, mentor_ids=[], by=town.manager(), at=clock.now())

    assert not Attendance.objects.exists()


def test_trainings_are_held_by_agencies_once_under_a_name_with_sessions_in_order(town):
    officer = town.officer(town.league)
    training = TrainingFactory(unit=town.league)
    begin = clock.now()

    with pytest.raises(MentorRefused, match="同名的培训"):
        trainings.make_training(unit=town.league, title=training.title, minutes_needed=1, by=officer)
    with pytest.raises(PermissionDenied):
        trainings.make_training(unit=town.host, title="培训", minutes_needed=1, by=town.manager())
    with pytest.raises(MentorRefused, match="晚于开始"):
        trainings.add_session(training=training, starts_at=begin, ends_at=begin, by=officer)

    assert events() == []


def test_enter_certificate_keeps_the_paper_once_and_its_number_is_one_papers(town):
    mentor = CounsellorFactory(certificate=None, unit=town.host)
    facts = {
        "number": "沪 1 号",
        "minutes": 480,
        "issued_by": "市少工委",
        "issued_on": in_days(-9),
        "valid_until": None,
    }
    known = {"mentor": mentor, "by": town.manager(), "at": clock.now(), **facts}
    request = uuid.uuid4()

    made = trainings.enter_certificate(upload=pdf(), request=request, **known)
    again = trainings.enter_certificate(upload=pdf(), request=request, **known)
    with pytest.raises(MentorRefused, match="编号已经登记过"):
        trainings.enter_certificate(upload=pdf(), **known)
    with pytest.raises(MentorRefused, match="不能晚于今天"):
        trainings.enter_certificate(upload=pdf(), **known | {"number": "沪 2 号", "issued_on": in_days(1)})

    assert made == again == Certificate.objects.get()
    assert File.objects.count() == 1
