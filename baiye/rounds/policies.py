"""The four published rules by which seats are given, and what a certificate proves of each, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES = {
    "points": gettext_lazy("总分最高"),
    "floor": gettext_lazy("先保底，再求总分"),
    "rank_maximal": gettext_lazy("先满足第 1 志愿"),
    "dictatorship": gettext_lazy("按抽签号先后选"),
}
SENTENCES = {
    "points": gettext_lazy("先把每个半天排满，再让公布的分数之和最大。"),
    "floor": gettext_lazy("先把每个半天排满，再让得分最少的人尽量多得，最后让分数之和最大。"),
    "rank_maximal": gettext_lazy("先把每个半天排满，再让第 1 志愿的半天最多，然后第 2 志愿，依此类推。"),
    "dictatorship": gettext_lazy("按公开抽签号的先后，每人在剩下的名额里拿对自己最好的一套。"),
}
USING_POINTS = ("points", "floor", "dictatorship")  # the published points decide something


def level_name(name: str) -> str:
    """What a level of the certificate counts."""
    if name.startswith("rank_"):
        return _("第 %s 志愿的半天") % name.removeprefix("rank_")
    return {
        "half_days": _("排上的半天"),
        "floor": _("每人至少的分数"),
        "points": _("总分"),
        "turns": _("轮到时拿了最好一套的人"),
    }[name]


def level_rows(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Levels of a run as the page shows them: what was reached, the proved bound and how far they are apart."""
    return [
        {
            "name": level_name(level["name"]),
            "value": f"{level['value']:,}",
            "bound": f"{level['bound']:,}",
            "gap": f"{level['gap'] * 100:.3f}",
            "is_best": level["value"] == level["bound"],
        }
        for level in figures.get("levels", [])
    ]
