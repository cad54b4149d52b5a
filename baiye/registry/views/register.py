"""The public pages: the front page, the register of hosts (基地名录), one host."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from baiye.core import clock
from baiye.core.search import CappedPaginator
from baiye.core.shapes import Choice, Stat
from baiye.registry import landing as shown
from baiye.registry import linked
from baiye.registry.forms.register import EVIDENCE, SORTS, RegisterForm
from baiye.registry.kinds import FAMILIES, ICONS, family_of
from baiye.registry.landing import CourseLine
from baiye.registry.models import Host
from baiye.registry.queries import register as queries
from baiye.registry.queries.verdicts import Verdict, verdicts
from baiye.registry.sketch import Sketch, crowds_of, sketch

PER_PAGE = 20
A_WALK = 15  # minutes, where no time was asked for
MORE = ("stage", "occupation", "keeper", "access", "start", "minutes")  # filters that stand folded
MOSAIC = ["面R", "飞I", "染A", "护S", "展E", "账C", "甲I", "茶S", "修R", "陶A", "档C", "咖E", "乐A", "木R", "育S"]

INTERESTS = (
    ("R", "木", gettext_lazy("动手"), gettext_lazy("做木工、修汽车、揉面团")),
    ("I", "测", gettext_lazy("探究"), gettext_lazy("飞无人机、写程序、做检测")),
    ("A", "陶", gettext_lazy("创意"), gettext_lazy("染布、做陶、拍动画")),
    ("S", "护", gettext_lazy("助人"), gettext_lazy("急救、照护、带小朋友")),
    ("E", "展", gettext_lazy("经营"), gettext_lazy("办展、开小店、当主持")),
    ("C", "账", gettext_lazy("条理"), gettext_lazy("记账、修档案、排调度")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the register as it is shown."""

    host: Host
    verdict: Verdict
    icon: str
    number: int | None  # on the map
    courses: CourseLine | None
    walk: int | None  # minutes from where was asked


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
    """The register: list and sketch map of what was asked for, each host with its verdict on this day."""
    form, on = RegisterForm.asking(request.GET), clock.today()
    asked, said = form.asked(), form.said()
    spots = CappedPaginator(queries.find(asked, on).values_list("pk", "lon", "lat"), PER_PAGE, words=asked.q)
    page = spots.get_page(request.GET.get("page"))
    hosts = queries.hosts_in_order([key for key, _lon, _lat in page])
    around = crowds_of((lon, lat) for _key, lon, lat in spots.object_list)
    drawn = sketch(list(queries.map_shapes()), hosts, around, asked.origin, asked.minutes or A_WALK)
    counts = queries.public_counts()
    context = {
        "form": form,
        "rows": (rows := _rows(hosts, asked, drawn, on)),
        "linked": linked.of_register([(row.host, row.verdict) for row in rows]),
        "page": page,
        "map": drawn,
        "origin": asked.origin,
        "minutes": asked.minutes or A_WALK,
        "counts": counts,
        "evidence": _choices(said, "evidence", EVIDENCE, {"": sum(counts.values())}),
        "families": _choices(said, "family", FAMILIES.items(), {}),
        "kept": {name: value for name, value in said.items() if name in {"evidence", "family"}},
        "by_evidence": not asked.sort,
        "sorts": _choices(said, "sort", _sorts(asked), {}),
        "more": sum(name in said for name in MORE),
        "shows_map": request.GET.get("view") == "map",
        "as_list": _address(said),
        "as_map": _address(said | {"view": "map"}),
        "query": _address(said),
        "today": on,
    }
    return render(request, "registry/host_list.html", context)


@require_safe
def host(request: HttpRequest, host_id: int) -> HttpResponse:
    """One host of the public register: what is known, how far it is proven, by which source; a merged one leads on."""
    if (found := queries.public_hosts().filter(pk=host_id).first()) is None:
        into = get_object_or_404(queries.successors(), pk=host_id).merged_into_id
        return redirect("registry:host", into, permanent=True)
    verdict = verdicts([found], clock.today())[found.pk]
    context = {
        "host": found,
        "verdict": verdict,
        "icon": ICONS[family_of(found.kind)],
        "courses": shown.courses_of(found),
        "linked": linked.of_host(found, verdict),
    }
    return render(request, "registry/host.html", context)


def _rows(hosts: Sequence[Host], asked: queries.Asked, drawn: Sketch | None, on: date) -> list[Row]:
    said, lines = verdicts(hosts, on), shown.course_lines([host.pk for host in hosts])
    numbers = {pin.host.pk: pin.number for pin in drawn.pins} if drawn else {}
    rows = []
    for host in hosts:
        walk = queries.walk_minutes(asked.origin, host.listing.lon, host.listing.lat) if asked.origin else None
        icon = ICONS[family_of(host.kind)]
        rows.append(Row(host, said[host.pk], icon, numbers.get(host.pk), lines.get(host.pk), walk))
    return rows


def _sorts(asked: queries.Asked) -> list[tuple[str, object]]:
    """The orders that make sense now: by distance only from somewhere."""
    return [(key, label) for key, label in SORTS if key and (key != "distance" or asked.origin)]


def _choices(
    said: dict[str, str], name: str, choices: Iterable[tuple[str, object]], counts: dict[str, int]
) -> list[Choice]:
    """None of them (全部, or the usual order) and each choice as links that keep what else is asked."""
    everything = [("", SORTS[0][1] if name == "sort" else _("全部")), *choices]
    return [
        Choice(str(label), _address(said | {name: key}), said.get(name, "") == key, counts.get(key))
        for key, label in everything
    ]


def _address(said: dict[str, str]) -> str:
    return "?" + urlencode({name: value for name, value in said.items() if value})
