"""Personal data in what a pupil writes: found before it is kept. Pure.

Patterns of the kind that one can act on: numbers to call, numbers of papers, where one lives, accounts. Written with
full-width or Han digits they are the same numbers. Names are not looked for: a pupil may thank the teacher by name.
"""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

HAN_DIGITS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")
GAPS = re.compile(r"(?<=[0-9])[\s\-—_.·]+(?=[0-9])")
NUMBERS = {
    "id": re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx](?![0-9])"),
    "phone": re.compile(r"(?<![0-9])(?:(?:\+?86)?1[3-9][0-9]{9}|0[1-9][0-9]{1,2}[0-9]{7,8})(?![0-9])"),
}
WORDS = {
    "address": re.compile(
        r"[\u4e00-\u9fff]{1,8}(?:路|街|大道|新村|小区|弄|村)\s*[0-9]+\s*(?:号|弄|支弄|栋|幢|室)"
        r"|[0-9]+\s*弄\s*[0-9]+\s*号|[0-9]+\s*(?:号楼|幢|栋)\s*[0-9]+\s*室"
    ),
    "account": re.compile(
        r"(?:微信|QQ|扣扣|vx|wx|抖音|小红书|B站)\s*(?:号|是|：|:|号是|叫)*\s*[A-Za-z0-9_\-]{5,}|[\w.+-]+@[\w-]+\.[\w.]+",
        re.IGNORECASE | re.ASCII,
    ),
}
NAMES = {"phone": _("电话号码"), "id": _("证件号码"), "address": _("住址"), "account": _("微信、QQ 或邮箱")}


def found(text: str) -> list[str]:
    """Which kinds of personal data ``text`` seems to hold, keys of NAMES; empty when none."""
    plain = unicodedata.normalize("NFKC", text)
    digits = GAPS.sub("", GAPS.sub("", plain.translate(HAN_DIGITS)))
    kinds = [kind for kind, pattern in NUMBERS.items() if pattern.search(digits)]
    return kinds + [kind for kind, pattern in WORDS.items() if pattern.search(plain)]
