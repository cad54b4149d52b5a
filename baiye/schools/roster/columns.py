"""What the columns of a roster are called in the files that schools keep."""

from collections.abc import Sequence

from baiye.core.sheets import header
from baiye.core.sheets.tables import Cell
from baiye.schools.roster.sentences import COLUMNS

REQUIRED = ("roll", "name", "class")
PHONE_WORDS = ("手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系方式", "联系手机", "移动电话")
FIRST = ("监护人", "监护人1", "监护人一", "第一监护人", "家长", "家长1", "家长一", "父亲", "爸爸", "联系人")
SECOND = ("监护人2", "监护人二", "第二监护人", "家长2", "家长二", "母亲", "妈妈")
NAMES: dict[str, str] = {}
for _field, _words in {
    "roll": "学籍号 学籍号码 学籍编号 全国学籍号 全国学籍号码 学生学籍号 国网学籍号 全国学籍编号",
    "name": "姓名 学生姓名 名字 学生 学生名字",
    "sex": "性别 学生性别",
    "born_on": "出生日期 出生年月日 生日 出生年月 出生 学生出生日期",
    "grade": "年级 所在年级 年级名称 就读年级 学生年级",
    "class": "班级 所在班级 班级名称 班号 班 行政班 就读班级 学生班级 班别",
    "phone": " ".join(PHONE_WORDS),
}.items():
    NAMES |= dict.fromkeys(_words.split(), _field)
for _end, _people in (("", FIRST), ("2", SECOND)):
    for _who in _people:
        NAMES |= dict.fromkeys((_who, f"{_who}姓名", f"{_who}名字"), f"guardian{_end}")
        NAMES |= dict.fromkeys((f"{_who}{word}" for word in PHONE_WORDS), f"phone{_end}")
HEADINGS = header.Headings(
    names=NAMES, labels=COLUMNS, anchor="roll", required=REQUIRED, least=3, pairs=frozenset({"guardian", "phone"})
)


def find_header(rows: Sequence[Sequence[Cell]]) -> header.Header | None:
    """The header of a roster among the first rows; None when no row names a roll number and a name.

    Raises BadValue where a header is there but a column is missing or named twice.
    """
    return header.find_header(rows, HEADINGS)
