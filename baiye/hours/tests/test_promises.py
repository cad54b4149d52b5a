"""What the database holds about class hours, each promise broken once, around every action."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory, attended_seat, confirmed_seat, sign
from baiye.core import clock
from baiye.hours.models import (
    Certificate,
    CertificateLine,
    HourEntry,
    HourExport,
    NoticeLine,
    Objection,
    PublicNotice,
)
from baiye.hours.tests.factories import (
    CertificateFactory,
    HourEntryFactory,
    NoticeLineFactory,
    ObjectionFactory,
    PublicNoticeFactory,
)
from baiye.schools.tests.factories import PupilFactory

pytestmark = pytest.mark.django_db


def refused(sentence):
    return pytest.raises(IntegrityError, match=sentence)


NOT_EARNED = "does not follow from a confirmed visit"  # hour_entry_only_from_a_confirmed_visit


def entry_for(seat, **fields):
    return HourEntryFactory(pupil=seat.pupil, seat=seat, **fields)


def test_entry_follows_from_a_confirmed_seat():
    assert entry_for(confirmed_seat()).minutes == 160


@pytest.mark.parametrize("kinds", [(), ("in",), ("out",), ("in", "in")])
def test_entry_without_both_marks_is_refused(kinds):
    seat = PastSeatFactory()
    for kind in kinds:
        MarkFactory(seat=seat, kind=kind)
    sign(seat, "host", len(kinds))
    sign(seat, "school", len(kinds))

    with refused(NOT_EARNED):
        entry_for(seat)


@pytest.mark.parametrize("sides", [(), ("host",), ("school",)])
def test_entry_without_both_confirmations_is_refused(sides):
    seat = attended_seat()
    for side in sides:
        sign(seat, side)

    with refused(NOT_EARNED):
        entry_for(seat)


def test_entry_with_the_confirmation_of_another_school_is_refused():
    seat, other = attended_seat(), PastSeatFactory()
    sign(seat, "host")
    other.visit = seat.visit
    sign(other, "school")

    with refused(NOT_EARNED):
        entry_for(seat)


@pytest.mark.parametrize("last", ["host", "school"])
def test_entry_from_marks_that_came_after_a_confirmation_is_refused(last):
    seat = PastSeatFactory()
    sign(seat, "host" if last == "school" else "school", 0)
    MarkFactory(seat=seat, kind="in")
    MarkFactory(seat=seat, kind="out")
    sign(seat, last)

    with refused(NOT_EARNED):
        entry_for(seat)


def test_entry_from_a_voided_mark_is_refused():
    seat = PastSeatFactory()
    MarkFactory(seat=seat, kind="in")
    MarkFactory(seat=seat, kind="out", voided_at=clock.now(), voided_by=UserFactory())
    sign(seat, "host")
    sign(seat, "school")

    with refused(NOT_EARNED):
        entry_for(seat)


@pytest.mark.parametrize("lie", [{"minutes": 200}, {"category": "公益劳动"}, {"is_vocational": True}])
def test_entry_that_differs_from_its_visit_is_refused(lie):
    with refused(NOT_EARNED):
        entry_for(confirmed_seat(), **lie)


def test_entry_for_another_pupil_is_refused():
    with refused(NOT_EARNED):
        HourEntryFactory(pupil=PupilFactory(), seat=confirmed_seat())


def test_entry_stands_once_a_seat():
    entry = HourEntryFactory()

    with refused("hour_entry_one_a_seat"):
        entry_for(entry.seat)


def reversal(entry, **fields):
    row = {"minutes": -entry.minutes, "reverses": entry, "reason": "那天没有去", "made_by": UserFactory()}
    return entry_for(entry.seat, **row | fields)


def test_reversal_is_exact_and_can_be_reversed_itself():
    entry = HourEntryFactory()

    again = reversal(reversal(entry))

    assert again.minutes == 160


@pytest.mark.parametrize("fields", [{"minutes": -120}, {"school_year": 1999}, {"rule_version": "other"}])
def test_reversal_that_is_not_exact_is_refused(fields):
    with refused("is no exact reversal"):
        reversal(HourEntryFactory(), **fields)


@pytest.mark.parametrize("fields", [{"made_by": None}, {"reason": ""}])
def test_reversal_says_who_and_why(fields):
    with refused("hour_entry_reversal_says_who_and_why"):
        reversal(HourEntryFactory(), **fields)


def test_reversal_stands_once_an_entry():
    entry = HourEntryFactory()
    reversal(entry)

    with refused("reverses_id"):
        reversal(entry)


TABLES = [
    model._meta.db_table for model in (HourEntry, PublicNotice, NoticeLine, Objection, Certificate, CertificateLine)
]


NEVER_CHANGING = [model._meta.db_table for model in (HourEntry, PublicNotice, NoticeLine, HourExport)]


@pytest.mark.parametrize("table", NEVER_CHANGING)
def test_ledger_and_notices_never_change(table):
    with refused("the ledger is only added to"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET id = id")


@pytest.mark.parametrize("table", [*TABLES, HourExport._meta.db_table])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_ledger_keeps_its_rows(table, statement):
    with refused("the ledger is only added to"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_notice_line_shows_standing_entries_only():
    entry = HourEntryFactory()
    reversal(entry)

    with refused("a reversed entry on a notice"):
        NoticeLineFactory(entry=entry)


def test_notice_line_shows_an_entry_once():
    line = NoticeLineFactory()

    with refused("entry_id"):
        NoticeLineFactory(entry=line.entry)


def test_notice_ends_after_it_begins():
    with refused("public_notice_ends_after_it_begins"):
        PublicNoticeFactory(ends_on=clock.today() - timedelta(days=9))


def test_objection_is_ruled_wholly():
    with refused("objection_ruled_wholly_or_not"):
        ObjectionFactory(upheld=True)


def test_objection_is_not_ruled_by_who_made_it():
    objector = UserFactory()

    with refused("objection_not_ruled_by_who_made_it"):
        ObjectionFactory(made_by=objector, upheld=True, ruling="是", ruled_by=objector, ruled_at=clock.now())


def test_objection_changes_only_by_a_ruling():
    objection = ObjectionFactory()

    with refused("changes only by a ruling"):
        Objection.objects.filter(pk=objection.pk).update(text="别的")


def test_objection_stands_open_once_a_person():
    objection = ObjectionFactory(entry=None)

    with refused("objection_open_once_a_person"):
        Objection.objects.create(
            notice=objection.notice, pupil=objection.pupil, text="又", made_by=objection.made_by, made_at=clock.now()
        )


CANNOT = "cannot be certified"  # certificate_only_after_notice_without_open_objection


def certified(entry, **fields):
    certificate = CertificateFactory(pupil=entry.pupil, **fields)
    return CertificateLine.objects.create(certificate=certificate, entry=entry)


def test_certificate_stands_over_an_entry_whose_notice_ended():
    line = NoticeLineFactory(ended=True)

    assert certified(line.entry).released_at is None


def test_certificate_over_an_entry_never_on_notice_is_refused():
    with refused(CANNOT):
        certified(HourEntryFactory())


def test_certificate_before_the_notice_ended_is_refused():
    with refused(CANNOT):
        certified(NoticeLineFactory().entry)


def test_certificate_on_the_last_day_of_the_notice_is_refused():
    line = NoticeLineFactory(ended=True)

    with refused(CANNOT):
        certified(line.entry, issued_at=clock.now() - timedelta(days=1))


def test_certificate_while_someone_objects_is_refused():
    line = NoticeLineFactory(ended=True)
    ObjectionFactory(line=line, entry=None)

    with refused(CANNOT):
        certified(line.entry)


def test_certificate_over_a_reversed_entry_is_refused():
    line = NoticeLineFactory(ended=True)
    reversal(line.entry)

    with refused(CANNOT):
        certified(line.entry)


def test_certificate_over_the_entry_of_another_pupil_is_refused():
    line = NoticeLineFactory(ended=True)

    with refused(CANNOT):
        CertificateLine.objects.create(certificate=CertificateFactory(), entry=line.entry)


def test_certificate_over_an_entry_that_stands_on_another_is_refused():
    entry = NoticeLineFactory(ended=True).entry
    certified(entry)

    with refused("certificate_line_one_standing_an_entry"):
        certified(entry)


def test_certificate_line_is_let_go_only_when_revoked():
    line = certified(NoticeLineFactory(ended=True).entry)

    with refused("let go only when its certificate is revoked"):
        CertificateLine.objects.filter(pk=line.pk).update(released_at=clock.now())


@pytest.mark.parametrize("change", [{"minutes": 999}, {"shows": {}}, {"number": "BY1"}])
def test_certificate_changes_only_by_being_revoked(change):
    certificate = CertificateFactory()

    with refused("changes only by being revoked"):
        Certificate.objects.filter(pk=certificate.pk).update(**change)


def test_certificate_revoked_says_who_when_and_why():
    certificate = CertificateFactory()

    with refused("certificate_revoked_by_whom_when_and_why"):
        Certificate.objects.filter(pk=certificate.pk).update(revoked_at=clock.now())


def test_export_says_what_for_and_for_whom():
    with refused("hour_export_says_what_for_and_for_whom"):
        HourExport.objects.create(
            unit=PublicNoticeFactory().school_unit, made_by=UserFactory(), made_at=clock.now(), batch="1", rows=1
        )
