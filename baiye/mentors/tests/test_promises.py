"""What the database says of an adult who may not be with pupils, and each of its promises broken once."""

from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import UnitFactory, UserFactory
from baiye.core import clock
from baiye.mentors.hindrances import SENTENCES, hindrances, why_not
from baiye.mentors.models import Appointment, Attendance, Certificate, Check, Mentor
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
from tests.rig.promises import refused

pytestmark = pytest.mark.django_db


def in_days(days):
    return clock.today() + timedelta(days=days)


def hindered(mentor, days=7):
    return why_not(mentor, in_days(days), in_days(days))


# ── mentors_hinders ──


def test_nothing_hinders_a_guide_with_a_fresh_check_or_a_counsellor_with_everything():
    assert hindered(MentorFactory()) == ""
    assert hindered(CounsellorFactory()) == ""


def test_a_check_counts_for_365_days_and_not_a_day_more():
    mentor = CheckFactory(checked_on=in_days(-300)).mentor

    assert hindered(mentor, 65) == ""
    assert hindered(mentor, 66) == "check_out_of_date"


def test_who_was_never_checked_is_hindered():
    assert hindered(UncheckedFactory()) == "check_missing"


def test_the_latest_check_counts_and_of_two_on_one_day_the_later_one():
    mentor = CheckFactory(checked_on=in_days(-20)).mentor
    CheckFactory(mentor=mentor, checked_on=in_days(-10), result="not_clear")
    assert hindered(mentor) == "check_not_clear"

    CheckFactory(mentor=mentor, checked_on=in_days(-10))

    assert hindered(mentor) == ""


def test_who_left_guides_nobody_from_that_day_on():
    mentor = MentorFactory(left_on=in_days(7), left_by=UserFactory())

    assert (hindered(mentor, 6), hindered(mentor, 7)) == ("", "left")


def test_a_counsellor_without_an_appointing_body_is_hindered():
    assert hindered(CounsellorFactory(appointed_by=None, appointment=None)) == "appointing_body"


def test_a_counsellor_is_hindered_outside_the_term_by_another_bodys_appointment_and_once_it_is_ended():
    mentor = CounsellorFactory(appointment=None)
    AppointmentFactory(mentor=mentor, unit=UnitFactory(kind="agency", name="别的部门"))
    assert hindered(mentor) == "appointment"

    mine = AppointmentFactory(mentor=mentor, from_on=in_days(3), until_on=in_days(9))
    assert [hindered(mentor, days) for days in (2, 3, 9, 10)] == ["appointment", "", "", "appointment"]

    Appointment.objects.filter(pk=mine.pk).update(ended_on=in_days(5), ended_by=UserFactory(), ended_because="调动")
    assert [hindered(mentor, days) for days in (4, 5)] == ["", "appointment"]


def test_a_counsellor_without_a_certificate_that_holds_is_hindered():
    mentor = CounsellorFactory(certificate=None)
    assert hindered(mentor) == "training"

    CertificateFactory(mentor=mentor, valid_until=in_days(8))

    assert [hindered(mentor, days) for days in (8, 9)] == ["", "training"]


def test_a_guide_needs_neither_appointment_nor_certificate_but_a_guide_who_is_a_counsellor_does():
    assert hindered(MentorFactory(kinds=["guide", "driver"])) == ""
    assert hindered(MentorFactory(kinds=["guide", "counsellor"])) == "appointing_body"


def test_hindrances_of_many_is_one_query_and_each_code_has_a_sentence(django_assert_num_queries):
    fine, unchecked = MentorFactory(), UncheckedFactory()

    with django_assert_num_queries(1):
        found = hindrances([fine.pk, unchecked.pk], in_days(1), in_days(1))

    assert found == {unchecked.pk: "check_missing"}
    assert {"left", "check_missing", "check_not_clear", "check_out_of_date"} <= SENTENCES.keys()


# ── promises ──


def test_a_check_never_changes_is_not_of_the_future_and_not_of_oneself():
    check = CheckFactory()
    own = MentorFactory(user=UserFactory())

    with refused("check_never_changes"):
        Check.objects.filter(pk=check.pk).update(result="not_clear")
    with refused("check_never_changes"):
        check.delete()
    with refused("check_not_of_the_future"):
        CheckFactory(checked_on=in_days(1))
    with refused("check_by_somebody_else"):
        CheckFactory(mentor=own, checker=own.user)


def test_an_appointment_changes_only_by_being_ended_and_only_once():
    appointment = AppointmentFactory(mentor=CounsellorFactory(appointment=None))
    mine = Appointment.objects.filter(pk=appointment.pk)

    with refused("appointment_changes_only_by_being_ended"):
        mine.update(until_on=in_days(9000))
    with refused("appointment_stays"):
        appointment.delete()
    mine.update(ended_on=in_days(0), ended_by=UserFactory(), ended_because="调动")
    with refused("appointment_changes_only_by_being_ended"):
        mine.update(ended_on=None, ended_by=None, ended_because="")


def test_an_appointment_has_a_term_a_reason_for_its_end_and_no_other_beside_it():
    mentor = CounsellorFactory()
    term = {"mentor": mentor, "from_on": in_days(0), "until_on": in_days(10)}

    with refused("appointment_one_at_a_time"):
        AppointmentFactory(**term)
    with refused("appointment_ends_after_it_begins"):
        AppointmentFactory(**term | {"from_on": in_days(11)})
    with refused("appointment_ended_by_whom_when_and_why"):
        AppointmentFactory(**term, ended_on=in_days(1))


def test_a_certificate_needs_the_minutes_attended_or_its_paper_and_stays():
    session = SessionFactory(training__minutes_needed=240)
    mentor, training = CounsellorFactory(certificate=None), session.training

    with refused("training_certificate_only_for_the_minutes_attended"):
        CertificateFactory(mentor=mentor, training=training)
    Attendance.objects.create(session=session, mentor=mentor)
    certificate = CertificateFactory(mentor=mentor, training=training, file=None)
    with refused("certificate_once_a_training"):
        CertificateFactory(mentor=mentor, training=training)
    with refused("certificate_earned_here_or_with_its_paper"):
        CertificateFactory(mentor=mentor, file=None)
    with refused("training_certificate_stays"):
        Certificate.objects.filter(pk=certificate.pk).update(number="另一个")
    with refused("training_certificate_has_a_number"):
        CertificateFactory(number="")
    with refused("training_certificate_ends_after_it_begins"):
        CertificateFactory(valid_until=in_days(-90))


def test_a_title_comes_with_its_paper_or_a_unions_word():
    with refused("title_with_its_paper_or_a_unions_word"):
        TitleFactory(file=None)
    with refused("title_confirmed_by_whom_and_when"):
        TitleFactory(confirmed_at=clock.now())
    title = TitleFactory()
    with refused("title_claimed_once"):
        TitleFactory(mentor=title.mentor)


def test_a_mentor_is_of_some_kind_asked_for_something_and_leaves_by_somebodys_word():
    with refused("mentor_is_of_some_kind"):
        MentorFactory(kinds=[])
    with refused("mentor_may_be_asked_for_something"):
        MentorFactory(most_a_term=0)
    with refused("mentor_left_by_whom_and_when"):
        Mentor.objects.filter(pk=MentorFactory().pk).update(left_on=in_days(0))


def test_trainings_sessions_attendances_and_evaluations_keep_their_promises():
    session, mentor = SessionFactory(), MentorFactory()
    Attendance.objects.create(session=session, mentor=mentor)
    evaluation = {"school_year": 2026, "verdict": "good", "text": "到场准时"}
    mentor.evaluations.create(**evaluation)

    with refused("training_named_once_a_unit"):
        TrainingFactory(unit=session.training.unit, title=session.training.title)
    with refused("training_takes_time"):
        TrainingFactory(minutes_needed=0)
    with refused("session_ends_after_it_begins"):
        SessionFactory(ends_at=session.starts_at - timedelta(days=1))
    with refused("session_begins_once"):
        SessionFactory(training=session.training, starts_at=session.starts_at)
    with refused("attendance_once_a_session"):
        Attendance.objects.create(session=session, mentor=mentor)
    with refused("evaluation_once_a_year"):
        mentor.evaluations.create(**evaluation)
    with refused("evaluation_says_why"):
        mentor.evaluations.create(**evaluation | {"school_year": 2027, "text": ""})
