"""baiye check: Django's own, and whether the database keeps every promise."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import check
from django.utils.translation import gettext as _

from baiye.core import invariants


class Command(check.Command):
    help = _("检查设置；加 --invariants 时再查数据库里有没有违背承诺的数据")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--invariants", action="store_true", help=_("逐条检查数据库应当永远成立的承诺"))
        parser.add_argument("--json", action="store_true", help=_("与 --invariants 一起：输出 JSON"))

    def handle(self, *app_labels: Any, **options: Any) -> None:
        super().handle(*app_labels, **options)
        if options["invariants"]:
            self._check_invariants(as_json=options["json"])

    def _check_invariants(self, *, as_json: bool) -> None:
        found = invariants.findings()
        broken = [finding for finding in found if finding.rows]
        if as_json:
            rows = [{"name": f.name, "rows": f.rows, "examples": list(f.examples)} for f in found]
            self.stdout.write(json.dumps({"broken": len(broken), "invariants": rows}, ensure_ascii=False))
        else:
            for finding in found:
                self.stdout.write(f"{finding.rows:>8}  {finding.name}  {'; '.join(finding.examples)}".rstrip())
        if broken:
            raise CommandError(_("有 %(count)s 条承诺被违背") % {"count": len(broken)})
