"""baiye backup: the whole database in one file."""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console

from baiye.config import database, dumps


class Command(BaseCommand):
    help = _("把整个数据库备份到一个文件（pg_dump 的 custom 格式）")
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help=_("写到哪里（默认 BAIYE_HOME/backups/ 下按时间命名）"))
        parser.add_argument("--json", action="store_true", help=_("输出 JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        file = (options["file"] or _named_by(timezone.localtime())).absolute()
        if file.exists():
            raise CommandError(_("%(file)s 已存在：请换一个名字") % {"file": file})
        began = time.monotonic()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with Console(stderr=True).status(_("正在备份")):
                dumps.dump(file)
        except (dumps.DumpFailed, OSError) as error:
            raise CommandError(str(error)) from error
        done = {"file": str(file), "bytes": file.stat().st_size, "seconds": round(time.monotonic() - began, 1)}
        said = _("已备份到 %(file)s（%(bytes)s 字节，%(seconds)s 秒）") % done
        self.stdout.write(json.dumps(done, ensure_ascii=False) if options["json"] else said)


def _named_by(moment: datetime) -> Path:
    return database.home() / "backups" / f"baiye-{moment:%Y%m%d-%H%M%S}.dump"
