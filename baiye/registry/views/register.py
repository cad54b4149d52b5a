"""The public pages: the front page, the register of hosts (基地名录), one host."""

import csv
from collections.abc import Iterable
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from baiye.core import clock
from baiye.core.shapes import Choice, Stat
from baiye.registry import landing as shown
from baiye.registry.forms.register import RegisterForm
from baiye.registry.kinds import FAMILIES, ICONS, family_of
from baiye.registry.models import Host
from baiye.registry.queries import register as queries
from baiye.registry.sketch import sketch

PER_PAGE = 20
MOST_PINS = 150
MOSAIC = ["面R", "飞I", "染A", "护S", "展E", "账C", "甲I", "茶S", "修R", "陶A", "档C", "咖E", "乐A", "木R", "育S"]

INTERESTS = (
    ("R", "木", gettext_lazy("动手"), gettext_lazy("做木工、修汽车、揉面团")),
    ("I", "测", gettext_lazy("探究"), gettext_lazy("飞无人机、写程序、做检测")),
    ("A", "陶", gettext_lazy("创意"), gettext_lazy("染布、做陶、拍动画")),
    ("S", "护", gettext_lazy("助人"), gettext_lazy("急救、照护、带小朋友")),
    ("E", "展", gettext_lazy("经营"), gettext_lazy("办展、开小店、当主持")),
    ("C", "账", gettext_lazy("条理"), gettext_lazy("记账、修档案、排调度")),
)


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The promise, four steps, six interests, what is open, the rules; figures are counted now."""
    at, hosts = clock.now(), queries.public_counts()
    figures = [
        Stat(_("有记载接待过学生的基地"), hosts["confirmed"], _("家")),
        Stat(_("还在核实的线索"), hosts["lead"], _("条")),
        *shown.figures(at),
    ]
    tiles = [(tile[0], tile[1]) for tile in MOSAIC]
    context = {"figures": figures, "opens": shown.open_now(at), "tiles": tiles, "interests": INTERESTS, "hosts": hosts}
    return render(request, "registry/landing.html", context)


@require_safe
def host_list(request: HttpRequest) -> HttpResponse:
    """The register: confirmed hosts and leads told apart, with the schematic map of those whose position is known."""
    streets = list(queries.streets())
    form = RegisterForm(request.GET, streets=streets)
    asked = form.asked()
    found = queries.with_verdict(queries.find_hosts(**asked), clock.today())
    drawn = sketch(list(queries.map_shapes()), queries.located(found)[:MOST_PINS])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counts = queries.public_counts()
    numbers = {pin.host.pk: pin.number for pin in drawn.pins} if drawn else {}
    context = {
        "form": form,
        "rows": [_row(host, numbers) for host in page],
        "page": page,
        "map": drawn,
        "counts": counts,
        "evidence": _choices(asked, "evidence", Host.EVIDENCE, {"": sum(counts.values()), **counts}),
        "families": _choices(asked, "family", FAMILIES.items(), {}),
        "asked": asked,
        "shows_map": request.GET.get("view") == "map",
        "as_list": _address(asked),
        "as_map": _address(asked | {"view": "map"}),
    }
    return render(request, "registry/host_list.html", context)


@require_safe
def host(request: HttpRequest, host_id: int) -> HttpResponse:
    """One host of the public register: what is known, how far it is proven, and by which source."""
    found = get_object_or_404(queries.with_verdict(queries.public_hosts(), clock.today()), pk=host_id)
    context = {"host": found, "icon": ICONS[family_of(found.kind)], "courses": shown.courses_of(found)}
    return render(request, "registry/host.html", context)


@require_safe
def host_export(_request: HttpRequest) -> HttpResponse:
    """The register as CSV for spreadsheets, real hosts alone, with the source of each row."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="hosts.csv"'
    response.write("\ufeff")  # Excel takes it for UTF-8
    rows = csv.writer(response)
    rows.writerow(["名称", "类型", "证据", "说明", "职业", "地址", "街镇", "经度", "纬度", "来源可信度", "来源"])
    for found in queries.public_hosts():
        note = "：".join(filter(None, [found.get_grounds_display(), found.evidence_note]))
        place = [found.address, found.street, found.lon or "", found.lat or ""]
        trades = "、".join(found.occupations)
        evidence = str(found.get_evidence_display())
        cells = [found.unit.name, found.kind, evidence, note, trades, *place, found.trust, found.unit.source]
        rows.writerow([_plain(cell) for cell in cells])
    return response


def _plain(cell: object) -> object:
    """What a spreadsheet would take for a formula, as words."""
    return f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _row(host: Host, numbers: dict[int, int]) -> dict[str, object]:
    return {"host": host, "number": numbers.get(host.pk), "icon": ICONS[family_of(host.kind)]}


def _choices(
    asked: dict[str, str], name: str, choices: Iterable[tuple[str, object]], counts: dict[str, int]
) -> list[Choice]:
    """全部 and each choice as links that keep what else is asked."""
    everything = [("", _("全部")), *choices]
    return [
        Choice(str(label), _address(asked | {name: key}), asked[name] == key, counts.get(key))
        for key, label in everything
    ]


def _address(asked: dict[str, str]) -> str:
    return "?" + urlencode({name: value for name, value in asked.items() if value})
