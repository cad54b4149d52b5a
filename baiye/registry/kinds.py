"""Kinds of hosts as the public looks for them: a few families over many words."""

from django.utils.translation import gettext_lazy as _

FAMILIES = {
    "vocational": _("职业学校"),
    "public": _("机关与服务"),
    "venue": _("场馆与公园"),
    "business": _("企业与商业"),
    "community": _("社区"),
    "school": _("学校与校外机构"),
}
KINDS = {
    "vocational": ("中职校",),
    "public": ("医院", "法院", "消防站", "法治宣传点", "就业服务"),
    "venue": (
        *("博物馆", "纪念馆", "展示馆", "科普场馆", "美术馆", "主题馆", "海洋馆", "图书馆"),
        *("公园", "环保科普公园", "文创园", "旅游服务"),
    ),
    "business": ("企业", "商业综合体", "商业街区", "产业园", "律所", "证券公司", "金融", "银行", "菜场"),
    "community": ("社区", "社区中心"),
    "school": ("学校", "学校(托管点)", "校内少年宫", "校外教育机构", "校外实践基地", "高校"),
}
ICONS = {
    "vocational": "school",
    "public": "building",
    "venue": "building-community",
    "business": "briefcase",
    "community": "home",
    "school": "book-2",
    "": "map-pin",
}


def family_of(kind: str) -> str:
    """The family a kind belongs to; empty for one we do not know."""
    return next((family for family, kinds in KINDS.items() if kind in kinds), "")


def is_vocational(kind: str) -> bool:
    """Whether visits to a host of this kind fill the sub-quota of vocational schools."""
    return family_of(kind) == "vocational"
