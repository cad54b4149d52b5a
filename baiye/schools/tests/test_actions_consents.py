from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from baiye.accounts.models import User
from baiye.accounts.tests.factories import NoticeFactory, UserFactory
from baiye.core import clock, crypto
from baiye.core.models import Event
from baiye.core.refusals import Refused
from baiye.schools import actions, queries
from baiye.schools.models import Consent, HealthNote
from baiye.schools.tests.factories import ConsentFactory, PupilFactory, SchoolClassFactory, TermFactory
from baiye.schools.tests.people import coordinator_of, events, guardian_of, teacher_of

pytestmark = pytest.mark.django_db
ALL = {"health": True, "photo": True, "display": False}


@pytest.fixture
def notice():
    NoticeFactory(kind="consent", version=1, text="旧的")
    return NoticeFactory(kind="consent", version=2, text="告知书")


@pytest.fixture
def pupil():
    return PupilFactory(name="林小满")


def give(pupil, by, answers=ALL, notes=(), signature="林建国", **fields):
    given = {
        "pupil": pupil,
        "answers": answers,
        "notes": dict(notes),
        "signature": signature,
        "by": by,
        "at": clock.now(),
    }
    return actions.give_consents(**given | fields)


def standing(pupil):
    return {purpose: answer.agreed for purpose, answer in queries.standing_consents(pupil).items()}


# ── give_consents ──


def test_give_consents_keeps_each_answer_with_the_text_that_was_shown(pupil, notice):
    by = guardian_of(pupil)

    give(pupil, by)

    assert standing(pupil) == ALL
    answer = queries.standing_consents(pupil)["photo"]
    assert (answer.notice, answer.notice_sha256, answer.signature) == (notice, notice.digest, "林建国")
    assert (answer.given_by, answer.from_paper) == (by, False)
    assert events() == ["consent.given"]
    assert Event.objects.get(kind="consent.given").facts["answers"] == ALL


@pytest.mark.parametrize(("years", "under"), [(13, True), (14, False)])
def test_give_consents_notes_whether_the_child_is_under_14_on_that_day(pupil, notice, years, under):
    pupil.born_on = clock.today().replace(year=clock.today().year - years, day=1)
    pupil.save()

    give(pupil, guardian_of(pupil), {"photo": False})

    assert Consent.objects.get().under_14 is under


def test_is_under_14_until_the_birthday():
    pupil = PupilFactory(born_on=date(2012, 11, 25))

    assert actions.is_under_14(pupil, date(2026, 11, 24)) is True
    assert actions.is_under_14(pupil, date(2026, 11, 25)) is False


def test_give_consents_again_ends_the_answer_before(pupil, notice):
    by = guardian_of(pupil)
    give(pupil, by, {"photo": True})

    give(pupil, by, {"photo": False})

    assert standing(pupil) == {"photo": False}
    assert Consent.objects.filter(ended_at__isnull=False, ended_by=by).count() == 1


def test_give_consents_keeps_health_notes_encrypted_under_their_consent(pupil, notice):
    give(pupil, guardian_of(pupil), notes={"nuts": " 花生过敏 ", "latex": " "})

    note = HealthNote.objects.get()
    assert (note.hazard, note.note, note.consent.purpose) == ("nuts", "花生过敏", "health")
    assert "花生".encode() not in bytes(note.note_sealed)


def test_give_consents_for_one_course_keeps_the_notes_of_another(pupil, notice):
    by = guardian_of(pupil)
    give(pupil, by, notes={"nuts": "花生过敏"})

    give(pupil, by, notes={"latex": "乳胶过敏"})
    assert queries.notes_of(pupil) == {"latex": "乳胶过敏", "nuts": "花生过敏"}

    give(pupil, by, notes={"nuts": ""})
    assert queries.notes_of(pupil) == {"latex": "乳胶过敏"}


def test_give_consents_without_health_keeps_no_note(pupil, notice):
    by = guardian_of(pupil)
    give(pupil, by, notes={"nuts": "花生过敏"})

    give(pupil, by, ALL | {"health": False}, notes={"nuts": "花生过敏"})

    assert not HealthNote.objects.exists()


def test_give_consents_from_paper_is_entered_by_the_teacher(pupil, notice):
    by = teacher_of(pupil.school_class)

    give(pupil, by, {"photo": True}, from_paper=True)

    answer = Consent.objects.get()
    assert (answer.given_by, answer.from_paper, answer.signature) == (by, True, "林建国")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"signature": "  "}, "还没有签名"),
        ({"signature": "林小满"}, "不是孩子的"),
        ({"answers": {}}, "请为每一项选"),
        ({"answers": {"face": True}}, "请为每一项选"),
        ({"answers": {"photo": True}, "notes": {"nuts": "花生过敏"}}, "是否同意基地看到"),
    ],
)
def test_give_consents_that_cannot_stand_is_refused_and_leaves_the_old_answer(pupil, notice, fields, why):
    by = guardian_of(pupil)
    give(pupil, by, {"photo": True})

    with pytest.raises(Refused, match=why):
        give(pupil, by, **{"answers": {"photo": False}} | fields)

    assert standing(pupil) == {"photo": True}
    assert events() == ["consent.given"]


def test_give_consents_before_a_notice_is_published_is_refused(pupil):
    with pytest.raises(Refused, match="告知书还没有发布"):
        give(pupil, guardian_of(pupil))

    assert not Consent.objects.exists()


def test_a_pupil_never_consents(pupil, notice):
    pupil.user = UserFactory(kind="pupil")
    pupil.save()

    for from_paper in (False, True):
        with pytest.raises(PermissionDenied):
            give(pupil, pupil.user, from_paper=from_paper)

    assert not Consent.objects.exists()
    assert events() == []


def test_give_consents_by_others_is_denied_and_leaves_nothing_behind(pupil, notice):
    strangers = [guardian_of(PupilFactory()), teacher_of(SchoolClassFactory()), teacher_of(pupil.school_class)]

    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            give(pupil, stranger)
    with pytest.raises(PermissionDenied):
        give(pupil, guardian_of(pupil), from_paper=True)

    assert not Consent.objects.exists()


# ── withdraw_consent ──


@pytest.mark.parametrize("who", ["guardian", "coordinator"])
def test_withdraw_consent_ends_it_and_its_notes_at_once(pupil, notice, who):
    by = guardian_of(pupil)
    give(pupil, by, notes={"nuts": "花生过敏"})
    by = by if who == "guardian" else coordinator_of(pupil.school_class.school)

    for _time in range(2):
        actions.withdraw_consent(consent=Consent.objects.get(purpose="health"), by=by, at=clock.now())

    assert standing(pupil) == {"photo": True, "display": False}
    assert not HealthNote.objects.exists()
    assert events() == ["consent.given", "consent.withdrawn"]


def test_withdraw_consent_by_the_pupil_is_denied():
    consent = ConsentFactory(pupil__user=UserFactory(kind="pupil"))

    with pytest.raises(PermissionDenied):
        actions.withdraw_consent(consent=consent, by=consent.pupil.user, at=clock.now())

    assert Consent.objects.get().ended_at is None


# ── notes that are over ──


def test_forget_health_notes_deletes_these_alone(pupil, notice):
    give(pupil, guardian_of(pupil), notes={"nuts": "花生过敏", "latex": "乳胶过敏"})

    assert actions.forget_health_notes(pupil_ids=[pupil.pk], hazards=["nuts", "animals"]) == 1
    assert queries.notes_of(pupil) == {"latex": "乳胶过敏"}


def test_tidy_deletes_notes_given_before_the_term(pupil, notice):
    TermFactory()
    old = PupilFactory()
    give(pupil, guardian_of(pupil), notes={"nuts": "花生过敏"})
    give(old, guardian_of(old), notes={"nuts": "花生过敏"}, at=clock.now() - timedelta(100))

    actions.tidy(at=clock.now())

    assert [note.pupil for note in HealthNote.objects.all()] == [pupil]


def test_health_notes_come_by_pupil_and_hazard(pupil, notice):
    other = PupilFactory()
    give(pupil, guardian_of(pupil), notes={"nuts": "花生过敏", "latex": "乳胶过敏"})
    give(other, guardian_of(other), notes={"latex": "乳胶"})

    found = queries.health_notes([pupil.pk, other.pk, PupilFactory().pk], ["nuts"])

    assert {pk: [note.note for note in notes] for pk, notes in found.items()} == {pupil.pk: ["花生过敏"]}


# ── what the database promises ──


def test_consent_never_by_a_pupil(pupil):
    by = UserFactory(kind="pupil")

    with pytest.raises(IntegrityError, match="consent_never_by_a_pupil"), transaction.atomic():
        ConsentFactory(pupil=pupil, given_by=by)


def test_consent_never_by_who_is_a_pupil_whatever_their_kind(pupil):
    pupil.user = UserFactory(kind="guardian")
    pupil.save()

    with pytest.raises(IntegrityError, match="consent_never_by_a_pupil"), transaction.atomic():
        ConsentFactory(pupil=PupilFactory(), given_by=User.objects.get(pk=pupil.user_id))


def test_consent_one_standing_answer(pupil):
    ConsentFactory(pupil=pupil)

    with pytest.raises(IntegrityError, match="consent_one_standing_answer"), transaction.atomic():
        ConsentFactory(pupil=pupil)


def test_consent_names_the_text_shown(pupil):
    with pytest.raises(IntegrityError, match="consent_names_the_text_shown"), transaction.atomic():
        ConsentFactory(pupil=pupil, notice_sha256="")


def test_consent_ended_by_whom_and_when(pupil):
    consent = ConsentFactory(pupil=pupil)

    with pytest.raises(IntegrityError, match="consent_ended_by_whom_and_when"), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(ended_at=clock.now())


@pytest.mark.parametrize(
    "fields", [{"agreed": False}, {"purpose": "photo"}, {"ended": True}, {"pupil": "another"}], ids=str
)
def test_health_note_only_under_consent(pupil, fields):
    by = guardian_of(pupil)
    ended = {"ended_at": clock.now(), "ended_by": by} if fields.get("ended") else {}
    answer = {"purpose": "health", "agreed": True} | {k: v for k, v in fields.items() if k in {"agreed", "purpose"}}
    consent = ConsentFactory(pupil=PupilFactory() if "pupil" in fields else pupil, given_by=by, **answer, **ended)

    with pytest.raises(IntegrityError, match="health_note_only_under_consent"), transaction.atomic():
        HealthNote.objects.create(pupil=pupil, consent=consent, hazard="nuts", note_sealed=crypto.encrypt("花生"))


def test_an_ended_consent_keeps_no_note_however_it_ended(pupil, notice):
    by = guardian_of(pupil)
    give(pupil, by, notes={"nuts": "花生过敏"})

    Consent.objects.filter(purpose="health").update(ended_at=clock.now(), ended_by=by)

    assert not HealthNote.objects.exists()
