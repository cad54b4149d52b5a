"""The live page of all parts, for those who write pages; only in development and the demonstration."""

from django import forms
from django.core.paginator import Paginator
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from baiye.core.shapes import BarRow, Choice, Column, IntervalRow, NavItem, ShareRow, Stat, Step

COLOURS = (
    ("river", _("苏河青 · 主色")),
    ("river-deep", _("深河 · 首屏")),
    ("fire", _("炉火 · 下一步")),
    ("seal", _("印红 · 错误")),
    ("ink", _("墨 · 正文")),
    ("ink-2", _("次要字")),
    ("bg", _("底色")),
    ("surface", _("表面")),
    ("sunken", _("凹面")),
    ("line", _("分隔线")),
)
TILES = (("面", "R"), ("飞", "I"), ("染", "A"), ("护", "S"), ("展", "E"), ("账", "C"))
STEPS = (
    Step(_("筹备"), "10.08", "done"),
    Step(_("基地排期"), "10.26", "done"),
    Step(_("学生志愿"), "11.16–11.30", "now", _("还有 6 天")),
    Step(_("录取运算"), "12.01"),
    Step(_("复核公示"), "12.04"),
    Step(_("到岗体验"), "12.05"),
)
FIGURES = (
    Stat(_("应填学生"), 3842, note=_("36 所学校 · 112 个班")),
    Stat(_("已交志愿"), 3117, "81.1%", _("比上一轮多 4.2 个百分点"), "up"),
    Stat(_("已读安全须知"), 2846, "74.1%", _("比上一轮少 1.8 个百分点"), "down"),
    Stat(_("名额"), 4260, _("186 场")),
)
RANKS = (
    Column(_("第 1"), 2048),
    Column(_("第 2"), 758, "soft"),
    Column(_("第 3"), 381, "soft"),
    Column(_("第 4"), 174, "soft"),
    Column(_("没录上"), 362, "bad"),
)
DEMAND = (
    BarRow(_("无人机飞行"), 376, 160, "飞", "I"),
    BarRow(_("舌尖上的面点"), 205, 192, "面", "R"),
    BarRow(_("蓝染与织物"), 143, 180, "染", "A"),
    BarRow(_("小小会计"), 34, 120, "账", "C"),
)
FAIRNESS = (
    IntervalRow(_("示例一中"), 61.2, 55.6, 66.8),
    IntervalRow(_("示例二中"), 53.2, 46.6, 59.8),
    IntervalRow(_("示例三中"), 41.3, 36.1, 46.5, out=True),
)
ROUNDS = (
    ShareRow(_("本轮预演"), (58, 19, 9, 5, 9)),
    ShareRow(_("秋季一轮"), (54, 20, 10, 6, 10)),
)
PUPILS = (
    ("示例甲", _("待确认"), "due", 2),
    ("示例乙", _("已确认"), "ok", 1),
    ("示例丙", _("没录上"), "bad", 0),
)

NAV = (
    NavItem(_("轮次总览"), "?shell=desk", "layout-dashboard", current=True, group=_("本轮")),
    NavItem(_("录取分析"), "?shell=desk", "git-merge", group=_("本轮")),
    NavItem(_("排期表"), "?shell=desk", "table", count=3, tone="due", group=_("本轮")),
    NavItem(_("学校与班级"), "?shell=desk", "school", group=_("学生")),
)
TABS = (
    NavItem(_("首页"), "?shell=phone", "home", current=True),
    NavItem(_("找项目"), "?shell=phone", "search"),
    NavItem(_("成长档案"), "?shell=phone", "book-2"),
    NavItem(_("消息"), "?shell=phone", "bell", count=2, tone="due"),
)
STAGES = ("phone", "door", "desk", "public")


class SampleForm(forms.Form):
    """One question of each kind."""

    phone = forms.CharField(
        label=_("家长手机号"),
        help_text=_("只用于紧急联系，不给基地。"),
        validators=[RegexValidator(r"^\d{11}$", _("手机号少了 1 位，请补全。"))],
    )
    photo = forms.ChoiceField(
        label=_("孩子的照片可以怎样用？"),
        choices=[("own", _("只放进孩子自己的档案")), ("none", _("不拍照"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("过敏或需要照顾的地方"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    school = forms.ChoiceField(label=_("学校"), choices=[("", _("全部学校")), ("1", _("示例一中"))], required=False)
    remind = forms.BooleanField(label=_("提醒我"), help_text=_("每周最多 2 条"), required=False)


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every part once, in its states."""
    context = {
        "colours": COLOURS,
        "tiles": TILES,
        "steps": STEPS,
        "figures": FIGURES,
        "ranks": RANKS,
        "demand": DEMAND,
        "fairness": FAIRNESS,
        "rounds": ROUNDS,
        "pupils": PUPILS,
        "form": SampleForm({"phone": "1380000000", "photo": "own", "remind": "on"}),
        "page": Paginator(range(428), 50).get_page(request.GET.get("page")),
        "choices": (Choice(_("没完成"), "?", current=True, count=11), Choice(_("全部"), "?all=1", count=41)),
        "names": (_("第 1 志愿"), _("第 2"), _("第 3"), _("第 4–6"), _("没录上")),
        "scores": {"R": 0.92, "I": 0.55, "A": 0.48, "S": 0.78, "E": 0.3, "C": 0.4},
        "stages": STAGES,
    }
    stage = request.GET.get("shell", "public")
    context["nav"] = NAV if stage == "desk" else TABS
    template = f"core/design/{stage}.html" if stage in STAGES else "core/design/public.html"
    return render(request, template, context)
