"""baiye stop: end what was started here."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from baiye.config import database, running


class Command(BaseCommand):
    help = _("停止在这里启动的网站、任务进程和自带的数据库")
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help=_("输出 JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        processes, had_database = running.stop_all(), database.stop()
        if options["json"]:
            self.stdout.write(json.dumps({"processes": processes, "database": had_database}))
            return
        for name in processes:
            self.stdout.write(_("已停止 %(name)s") % {"name": name})
        self.stdout.write(_("已停止数据库") if had_database else _("没有在运行的自带数据库"))
