"""Hours are exported for someone and for a purpose: done, refused, denied."""

import pytest
from django.core.exceptions import PermissionDenied

from baiye.attendance.tests.factories import coordinator_of, events
from baiye.core import clock
from baiye.hours import actions
from baiye.hours.models import HourExport
from baiye.hours.tests.factories import NoticeLineFactory, school_of
from baiye.schools.tests.factories import PupilFactory

pytestmark = pytest.mark.django_db


def export(pupil, **fields):
    said = {"purpose": "导入市级平台", "recipient": "区教育局", "at": clock.now(), "by": coordinator_of(pupil)}
    return actions.export_hours(unit=school_of(pupil).unit, **said | fields)


def test_export_hours_says_what_for_and_for_whom_and_is_traced():
    pupil = NoticeLineFactory(ended=True).entry.pupil

    taken, content = export(pupil)

    assert (taken.rows, taken.recipient, content[:2], events()) == (1, "区教育局", b"PK", ["hours.exported"])


@pytest.mark.parametrize(
    ("fields", "sentence"), [({"purpose": " "}, "写下用途和接收单位"), ({}, "还没有公示完的课时可以导出")]
)
def test_export_hours_without_a_purpose_or_before_the_end_is_refused(fields, sentence):
    pupil = NoticeLineFactory().entry.pupil

    with pytest.raises(actions.HoursRefused, match=sentence):
        export(pupil, **fields)

    assert (HourExport.objects.count(), events()) == (0, [])


def test_export_hours_by_another_school_is_denied():
    pupil = NoticeLineFactory(ended=True).entry.pupil

    with pytest.raises(PermissionDenied):
        export(pupil, by=coordinator_of(PupilFactory()))
