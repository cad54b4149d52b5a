"""What is wrong with a file or a cell, and what to do about it, in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILES: dict[str, str | Promise] = {
    "file_empty": _("这个文件是空的，请选有名单的文件"),
    "file_gone": _("文件已经按规定清空，请重新上传"),
    "file_too_big": _("文件有 %(size)s MB，最大 10 MB。请分成几份再传"),
    "file_too_many_rows": _("表格超过 6 万行，请分成几份再传"),
    "file_too_wide": _("表格宽到第 %(count)s 列，最多 200 列。请删掉右边多余的内容再传"),
    "file_broken": _("文件损坏，打不开。请用 Excel 或 WPS 打开后另存为 .xlsx，再传一次"),
    "file_encrypted": _("文件设了打开密码。请取消密码后另存，再传一次"),
    "file_macro": _("文件里带宏，不能收。请另存为“Excel 工作簿（.xlsx）”，再传一次"),
    "file_bomb": _("文件解压后大得不正常，不能收。请新建一个工作簿，只粘贴表格，再传一次"),
    "file_old_excel": _("这是旧版 .xls 文件。请打开后点“另存为”，类型选“Excel 工作簿（.xlsx）”，再传一次"),
    "file_kind": _("只收 .xlsx 和 .csv 文件"),
    "file_encoding": _("看不出这个 CSV 的编码。请用 Excel 打开后另存为 .xlsx，再传一次"),
    "column_missing": _("表头里缺少：%(names)s。可以下载模板对照"),
    "column_twice": _("表头里有两列都是“%(name)s”，请只留一列"),
    "no_header": _("没找到表头。表头里至少要有：%(names)s。可以下载模板对照"),
    "no_rows": _("表头下面没有内容，请填好再传"),
    "rows_too_many": _("一次最多 %(most)s 行，这份有 %(count)s 行。请分成几份再传"),
}
CELLS: dict[str, str | Promise] = {
    "empty": _("这一格要填"),
    "too_long": _("最多 %(most)s 个字，现在有 %(count)s 个"),
    "no_number": _("要填数字"),
    "not_whole": _("要填整数"),
    "out_of_range": _("要在 %(least)s 和 %(most)s 之间"),
    "not_fen": _("金额最多写到分，例如 12.50"),
    "yes_or_no": _("请填“是”或“否”"),
    "no_such_choice": _("没有“%(written)s”这一项。可以填：%(choices)s"),
    "no_email": _("这不像一个邮箱地址"),
    "no_phone": _("请写 11 位手机号，或区号加座机号"),
    "counted_as_number": _("Excel 把它变成了科学计数，末尾几位已经丢了。请把这一列设成“文本”，再重新填"),
    "credit_code": _("统一社会信用代码是 18 位，最后一位是校验位；这个有 %(count)s 位，或抄错了一位，请对照证照"),
    "twice": _("和第 %(row)s 行说的是同一%(unit)s，请只留一行"),
}


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """The sentence for ``code`` with its facts filled in."""
    return str((FILES | CELLS)[code]) % facts
