"""baiye restore: a backup into an empty database, never over another."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console

from baiye.config import dumps


class Command(BaseCommand):
    help = _("把备份恢复到一个空的数据库；不是空的就不动它")
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("baiye backup 写的文件"))
        parser.add_argument("--json", action="store_true", help=_("输出 JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"].absolute()
        if not file.is_file():
            raise CommandError(_("没有 %(file)s 这个文件") % {"file": file})
        if dumps.tables():
            raise CommandError(_("数据库里已经有表：请恢复到一个空的数据库（用 DATABASE_URL 或 BAIYE_HOME 指定）"))
        began = time.monotonic()
        try:
            with Console(stderr=True).status(_("正在恢复")):
                dumps.restore(file)
        except dumps.DumpFailed as error:
            raise CommandError(str(error)) from error
        done = {"file": str(file), "tables": dumps.tables(), "seconds": round(time.monotonic() - began, 1)}
        said = _("已从 %(file)s 恢复 %(tables)s 张表（%(seconds)s 秒）") % done
        self.stdout.write(json.dumps(done, ensure_ascii=False) if options["json"] else said)
