"""The file for the city platform, read back by another program than the one that wrote it."""

import io

import pytest
from python_calamine import CalamineWorkbook

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import confirmed_seat, coordinator_of
from baiye.core import clock
from baiye.hours import actions, sheets
from baiye.hours.models import HourExport
from baiye.hours.tests.factories import HourEntryFactory, NoticeLineFactory, ObjectionFactory
from baiye.schools.tests.factories import PupilFactory

pytestmark = pytest.mark.django_db


def read_back(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def export(line):
    pupil = line.entry.pupil
    return actions.export_hours(
        unit=pupil.school_class.school.unit,
        purpose="导入市级平台",
        recipient="区教育局",
        by=coordinator_of(pupil),
        at=clock.now(),
    )


def test_city_platform_reads_back_as_it_was_meant():
    line = NoticeLineFactory(ended=True, entry__pupil=PupilFactory(roll="G990001201309010017", name="=林小满"))
    ObjectionFactory(line=line, upheld=False, ruling="没有错", ruled_by=UserFactory(), ruled_at=clock.now())
    entry, visit, notice = line.entry, line.entry.seat.visit, line.notice

    taken, content = export(line)

    header, row = read_back(content)
    assert tuple(header) == sheets.COLUMNS
    said = dict(zip(header, row, strict=True))
    assert said == {
        "学籍号": "G990001201309010017",
        "姓名": "=林小满",
        "学校": notice.school_unit.name,
        "班级": entry.pupil.school_class.name(clock.day_of(visit.starts_at)),
        "学年": f"{entry.school_year}-{entry.school_year + 1}",
        "学期": "",
        "类别": "职业体验",
        "活动主题": visit.version.title,
        "基地（场所）名称": visit.venue.host.unit.name,
        "基地代码": "",
        "是否职业院校": "否",
        "岗位（项目）": "",
        "开始时间": f"{clock.local(visit.starts_at):%Y-%m-%d %H:%M}",
        "结束时间": f"{clock.local(visit.ends_at):%Y-%m-%d %H:%M}",
        "课时": 4,
        "组织形式": "学校集体",
        "组织单位": visit.organised_by.name,
        "带教老师": "",
        "记录人": visit.confirmations.get(side="host").by.name,
        "审核人": visit.confirmations.get(side="school").by.name,
        "公示起": notice.starts_on.isoformat(),
        "公示止": notice.ends_on.isoformat(),
        "异议与处理": "1 次，均已核对",
        "导入批次": taken.batch,
        "状态": "有效",
        "备注": "",
    }


def test_city_platform_marks_examples():
    seat = confirmed_seat(visit__is_example=True)
    line = NoticeLineFactory(ended=True, entry=HourEntryFactory(pupil=seat.pupil, seat=seat))

    _taken, content = export(line)

    assert read_back(content)[1][-1] == "示例"


def test_export_row_counts_what_stands_in_the_file_and_seals_it():
    first = NoticeLineFactory(ended=True)
    NoticeLineFactory(ended=True, entry__pupil=PupilFactory(school_class=first.entry.pupil.school_class))

    taken, content = export(first)

    assert (taken.rows, len(read_back(content)) - 1, len(HourExport.objects.get().sha256)) == (2, 2, 64)
