"""The file for the city platform (上海市初中学生社会实践信息电子记录平台): its columns, and a line of each.

Source: facts of 《上海市初中学生社会实践管理工作实施办法》, minimal fields per record. What is not known stays empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from baiye.core import clock, excel
from baiye.hours.models import MINUTES_A_CLASS_HOUR, HourEntry

COLUMNS = (
    "学籍号",
    "姓名",
    "学校",
    "班级",
    "学年",
    "学期",
    "类别",
    "活动主题",
    "基地（场所）名称",
    "基地代码",
    "是否职业院校",
    "岗位（项目）",
    "开始时间",
    "结束时间",
    "课时",
    "组织形式",
    "组织单位",
    "带教老师",
    "记录人",
    "审核人",
    "公示起",
    "公示止",
    "异议与处理",
    "导入批次",
    "状态",
    "备注",
)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with what else its line says: everything of its visit, pupil and notice is loaded."""

    entry: HourEntry
    term: str
    recorded_by: str  # who confirmed for the host
    checked_by: str  # who confirmed for the school
    objections: int  # all of them ruled on
    reversal: HourEntry | None


def city_platform(lines: Sequence[Line], batch: str) -> bytes:
    """``lines`` as one sheet, roll numbers and codes as text."""
    return excel.workbook("社会实践记录", COLUMNS, (_row(line, batch) for line in lines))


def _row(line: Line, batch: str) -> tuple[object, ...]:
    entry, visit, pupil = line.entry, line.entry.seat.visit, line.entry.pupil
    notice, host, on = entry.notice_line.notice, visit.venue.host, clock.day_of(visit.starts_at)
    objections = f"{line.objections} 次，均已核对" if line.objections else "无"
    return (
        pupil.roll_number,
        pupil.name,
        pupil.school_class.school.unit.name,
        pupil.school_class.name(on),
        f"{entry.school_year}-{entry.school_year + 1}",
        line.term,
        entry.category,
        visit.version.title,
        host.unit.name,
        host.credit_code,
        "是" if entry.is_vocational else "否",
        visit.version.occupation.name if visit.version.occupation else "",
        _moment(visit.starts_at),
        _moment(visit.ends_at),
        entry.minutes // MINUTES_A_CLASS_HOUR,
        "学校集体",
        visit.organised_by.name if visit.organised_by else "",
        visit.guide,
        line.recorded_by,
        line.checked_by,
        notice.starts_on.isoformat(),
        notice.ends_on.isoformat(),
        objections,
        batch,
        "已撤销" if line.reversal else "有效",
        "；".join(filter(None, ["示例" if visit.is_example else "", line.reversal.reason if line.reversal else ""])),
    )


def _moment(at: datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}"
