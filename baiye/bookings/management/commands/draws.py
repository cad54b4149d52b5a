"""baiye draws check FILE: whether the published list of a draw is what its hash, its seed and its rule give."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from baiye.bookings import drawing


class Command(BaseCommand):
    help = _("核对一次放号的抽签")

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        checking = steps.add_parser("check", help=_("按名单、指纹和种子重算一遍；有一处不符，就指出来，退出码 1"))
        checking.add_argument("file", type=Path, help=_("从公开页下载的「抽出来的次序」"))
        checking.add_argument("--json", action="store_true", help=_("输出 JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            sha256, seed, lines = drawing.read_result(content)
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(_("读不了这个文件，它不是抽签的结果：%s") % error, returncode=2) from error
        faults = drawing.faults(content)
        if options["json"]:
            figures = {"sha256": sha256, "seed": seed, "lines": len(lines), "faults": faults}
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        else:
            self.stdout.write(
                "\n".join(faults) or _("相符：%(n)d 行，指纹 %(sha256)s") % {"n": len(lines), "sha256": sha256}
            )
        if faults:
            raise CommandError(_("抽签结果不符"), returncode=1)
