"""What is wrong with a value or a file, and what to do about it, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baiye.core.sheets import sentences

SENTENCES: dict[str, str | Promise] = sentences.FILES | {
    # roll numbers
    "roll_empty": _("没有学籍号，请补上"),
    "roll_letter": _("学籍号要以 G、J 或 L 开头，后面 18 位"),
    "roll_short": _("学籍号少了 %(count)s 位，应是 19 位"),
    "roll_long": _("学籍号多了 %(count)s 位，应是 19 位"),
    "roll_characters": _("学籍号里有不该出现的字，字母后面只能是数字，最后一位可以是 X"),
    "roll_birth": _("学籍号里的出生日期 %(birth)s 不是一个日期，请对照学籍卡"),
    "roll_check": _("学籍号最后一位对不上，多半是抄错了一位，请对照学籍卡"),
    "roll_number_cell": _("Excel 把学籍号存成了数字，末尾几位已经丢了。请把这一列设成“文本”，再重新填"),
    "roll_twice": _("这个学籍号在第 %(row)s 行已经出现过，请只留一行"),
    "roll_elsewhere": _("这个学籍号现在在另一所学校就读。请对方学校先办转出，或请协调中心联系对方，再导入"),
    # people
    "name_empty": _("没有姓名，请补上"),
    "name_characters": _("姓名里有不该出现的字，只留姓名本身"),
    "name_long": _("姓名太长，最多 40 个字"),
    "sex_unknown": _("性别请填“男”或“女”"),
    "sex_empty": _("没有性别，请填“男”或“女”"),
    "born_unknown": _("看不懂这个日期，请写成 2013-09-01"),
    "born_two_digit_year": _("年份请写四位，例如 2013-09-01"),
    "born_range": _("按这个日期学生是 %(age)s 岁，请核对"),
    "born_differs": _("和学籍号里的出生日期 %(birth)s 不一致，请核对哪一个对"),
    "phone_characters": _("手机号里有数字以外的字；一格只填一个手机号"),
    "phone_short": _("手机号少了 %(count)s 位，请补全"),
    "phone_long": _("手机号多了 %(count)s 位；一格只填一个手机号"),
    "phone_range": _("这不是大陆手机号，应以 13–19 开头"),
    "phone_number_cell": _("Excel 把手机号变成了科学计数，请把这一列设成“文本”，再重新填"),
    "phone_without_guardian": _("有手机号，没有监护人姓名，请补上姓名"),
    "guardian_without_phone": _("有监护人姓名，没有手机号，请补上手机号"),
    "guardian_twice": _("两位监护人的手机号相同，请只留一位，或填另一个号码"),
    # grades and classes
    "grade_unknown": _("看不懂这个年级，请写成“七年级”或 7"),
    "grade_empty": _("没有年级，请补上，或把班级写成“七（3）班”"),
    "grade_not_here": _("本校没有这个年级，请核对"),
    "grade_differs": _("年级和班级里写的年级不一样，请核对"),
    "class_unknown": _("看不懂这个班级，请写成“七（3）班”或 3"),
    "class_empty": _("没有班级，请补上"),
    "class_ambiguous": _("Excel 把 %(grade)s.10 和 %(grade)s.1 都存成了 %(grade)s.1，分不清。请写成“七（1）班”这样"),
    # the whole file
    "no_header": _("没找到表头。表头里至少要有“学籍号”“姓名”“班级”，可以下载模板对照"),
    "no_rows": _("表头下面没有学生，请补上名单"),
}
COLUMNS: dict[str, str | Promise] = {
    "roll": _("学籍号"),
    "name": _("姓名"),
    "sex": _("性别"),
    "born_on": _("出生日期"),
    "grade": _("年级"),
    "class": _("班级"),
    "guardian": _("监护人"),
    "phone": _("监护人手机"),
    "guardian2": _("监护人2"),
    "phone2": _("监护人2手机"),
}


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """The sentence for ``code`` with its facts filled in."""
    return str(SENTENCES[code]) % facts
