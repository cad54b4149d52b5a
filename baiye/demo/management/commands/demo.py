"""baiye demo: a real district with generated people runs its main job, from Excel rosters to certified hours."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from baiye.demo.figures import figures
from baiye.demo.play import Stage, play

SHOWN = {
    "schools": _("学校"),
    "hosts": _("真实的基地和线索"),
    "pupils_all": _("学生（生成）"),
    "pupils": _("已办完的一轮：学生"),
    "wish_lists": _("交了志愿的学生"),
    "placed": _("排满的学生"),
    "half_days_placed": _("排出的半天"),
    "half_days_attended": _("到场并确认的半天"),
    "hours_certified": _("写进证书的课时"),
    "certificates": _("证书"),
    "open_round_wish_lists": _("正在填志愿的一轮：已交"),
    "talks": _("五六月的讲座：排到的需求"),
}


class Command(BaseCommand):
    help = _("演示：从花名册到课时证书走一遍，数字写进 demo.json")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help=_("只打印 JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("演示数据不进正式环境。请把 BAIYE_MODE 设成 demonstration 或 development。"))
        console = Console(quiet=options["json"])
        call_command("migrate", verbosity=0)
        stage = Stage(say=lambda line: console.print(f"[green]✓[/] {line}"), bar=bars(console))
        finished, opened = play(stage)
        with stage.step("check", _("核对：从数据库和文件重新数一遍")):
            report = figures(finished, opened, settings.HOME / "demo")
        report["seconds"] = stage.seconds
        file = settings.HOME / "demo.json"
        file.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        console.print(table(report))
        for line in sentences(report):
            console.print(line)
        console.print(_("数字写在 %s") % file)


def bars(console: Console) -> Callable[[str, int], Any]:
    """Progress bars for long steps, on ``console``."""

    @contextmanager
    def bar(title: str, total: int) -> Iterator[Callable[[], None]]:
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(title, total=total)
            yield lambda: progress.advance(task)

    return bar


def table(report: dict[str, Any]) -> Table:
    """The counts, in two columns."""
    shown = Table(show_header=False, box=None)
    for key, title in SHOWN.items():
        shown.add_row(title, f"{report[key]:,}")
    return shown


def sentences(report: dict[str, Any]) -> list[str]:
    """What the placement came to, in words."""
    ranks, filled = report["rank_counts"], report["half_days_placed"]
    shares = "，".join(
        _("第 %(n)s 志愿 %(share).1f%%") % {"n": rank, "share": 100 * ranks[str(rank)] / filled}
        for rank in range(1, len(ranks))
    )
    wanted = report["most_wanted"]
    return [
        _("半天用在：%(shares)s，志愿外 %(none).1f%%") % {"shares": shares, "none": 100 * ranks["0"] / filled},
        _("总分 %(objective)s，证明的上限 %(bound)s，差距 %(gap).4f%%，用时 %(s)s 秒")
        % {
            "objective": f"{report['objective']:,}",
            "bound": f"{report['bound']:,}",
            "gap": report["gap"] * 100,
            "s": report["placement_seconds"],
        },
        _("独立核对：%s") % (_("通过") if report["certificate_valid"] else _("没有通过")),
        _("最抢手的「%(title)s」：%(n)s 人放第一，%(seats)s 个名额；同一时间占两处的：%(overlaps)s")
        % {
            "title": wanted["title"],
            "n": wanted["first_wishes"],
            "seats": wanted["seats"],
            "overlaps": report["overlaps"],
        },
    ]
