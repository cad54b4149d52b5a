"""The columns of a sheet of courses."""

from django.utils.translation import gettext_lazy as _

from baiye.catalogue.hazards import KNOWN
from baiye.catalogue.models import ACCESS, LANGUAGES, RIASEC, STEPS, TASK_GROUPS
from baiye.core.sheets import cells
from baiye.core.sheets.columns import Column

SEVERAL = _("几样就用顿号隔开。")
HAZARDS = [(key, hazard.name) for key, hazard in KNOWN.items()]
STEP = {f"step_{key}": key for key, _name in STEPS}
COLUMNS = (
    Column(
        *("host", _("基地"), cells.line(120), _("登记的全名、简称或统一社会信用代码。")),
        must=True,
        also=("基地名称", "学校或基地", "单位名称"),
        width=32,
    ),
    Column("title", _("项目名称"), cells.line(60), must=True, also=("项目", "课程名称", "课程"), width=24),
    Column("glyph", _("字头"), cells.line(1), _("一个最能代表它的汉字，印在砖上。"), must=True),
    Column("summary", _("一句话介绍"), cells.line(200), width=40),
    Column(
        *("riasec", _("兴趣类型"), cells.one_of(RIASEC)),
        must=True,
        offered=tuple(name for _key, name in RIASEC),
        write=cells.named(RIASEC),
    ),
    Column(
        "occupation",
        _("对应职业"),
        cells.line(60),
        _("《职业分类大典》里的名称或编码，如 中式面点师。"),
        also=("职业",),
    ),
    Column(
        *("task_group", _("劳动任务群"), cells.one_of(TASK_GROUPS)),
        must=True,
        also=("任务群",),
        offered=tuple(name for _key, name in TASK_GROUPS),
        width=20,
        write=cells.named(TASK_GROUPS),
    ),
    Column("grade_from", _("从几年级"), cells.whole(1, 12), _("1–12。"), must=True),
    Column("grade_to", _("到几年级"), cells.whole(1, 12), _("1–12。"), must=True),
    Column("minutes", _("时长"), cells.whole(20, 480), _("分钟，20–480。"), must=True, also=("分钟", "时长分钟")),
    Column("group_min", _("最少几人开课"), cells.whole(1, 60), must=True, also=("最少人数",)),
    Column("group_ideal", _("最合适几人"), cells.whole(1, 60), must=True, also=("合适人数",)),
    Column("group_max", _("最多几人"), cells.whole(1, 60), must=True, also=("最多人数",)),
    Column(
        *("hazards", _("要先问清的事"), cells.some_of(HAZARDS), SEVERAL),
        also=("风险", "安全提醒"),
        offered=tuple(name for _key, name in HAZARDS),
        width=24,
        write=cells.named(HAZARDS),
    ),
    *(Column(f"step_{key}", name, cells.prose(200), _("四步之一，最多 200 个字。"), width=40) for key, name in STEPS),
    Column("bring", _("要带什么"), cells.line(120), width=24),
    Column("hands_on_percent", _("动手占几成"), cells.whole(0, 100), _("百分之几，标准要 60 以上。")),
    Column(
        "price_fen", _("费用"), cells.fen(9999), _("元，每人；不收就填 0。"), also=("收费", "价格"), write=cells.yuan
    ),
    Column("price_covers", _("费用包含什么"), cells.line(200), _("收费的要写。"), width=24),
    Column(
        *("languages", _("用什么语言"), cells.some_of(LANGUAGES), SEVERAL),
        also=("语言",),
        offered=tuple(name for _key, name in LANGUAGES),
        write=cells.named(LANGUAGES),
    ),
    Column(
        *("access", _("行动不便的学生"), cells.one_of(ACCESS)),
        also=("无障碍",),
        offered=tuple(name for _key, name in ACCESS),
        width=24,
        write=cells.named(ACCESS),
    ),
    Column(
        "access_note", _("怎样调整"), cells.line(200), _("要调整，或还做不到的，写明怎样调整、卡在哪里。"), width=24
    ),
)
PLAIN = tuple(column.name for column in COLUMNS if column.name not in {"host", "title", "occupation", *STEP})
