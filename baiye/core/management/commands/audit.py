"""baiye audit: seal the trail now, or verify it from the first event on."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from baiye.core import seal
from baiye.core.seal import Verdict


class Command(BaseCommand):
    help = _("封存或核验审计记录")

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        sealing = steps.add_parser("seal", help=_("现在就封存能封存的记录"))
        verifying = steps.add_parser("verify", help=_("从头核验；有一条被改、被删或被塞进来，就指出第一条，退出码 1"))
        verifying.add_argument("--expect", default="", help=_("以前核验时记下的封头：它必须还在链上"))
        for parser_of_step in (sealing, verifying):
            parser_of_step.add_argument("--json", action="store_true", help=_("输出 JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "seal":
            self._say(options, {"sealed": (sealed := seal.seal_events())}, _("封存了 %(count)s 条") % {"count": sealed})
            return
        verdict = seal.verify(expect=options["expect"])
        self._say(options, asdict(verdict) | {"is_sound": verdict.is_sound}, said(verdict))
        if not verdict.is_sound:
            raise CommandError(_("审计记录不完整"), returncode=1)

    def _say(self, options: dict[str, Any], figures: dict[str, object], sentence: str) -> None:
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if options["json"] else sentence)


def said(verdict: Verdict) -> str:
    """A verdict as a sentence."""
    faults = {
        "": _("完好：%(events)s 条记录在 %(seals)s 个封里，另有 %(unsealed)s 条待封存。封头 %(head)s"),
        "changed": _("记录 %(event)s 被改过（封 %(seal)s）"),
        "removed": _("记录 %(event)s 被删了（封 %(seal)s）"),
        "slipped in": _("记录 %(event)s 是后来塞进来的，没有一个封有它"),
        "seal changed": _("封 %(seal)s 被改过"),
        "seal removed": _("封 %(seal)s 之前的封被删了"),
        "seals cut off": _("记下的封头不在链上，最后的封被删了"),
    }
    return faults[verdict.fault] % asdict(verdict)
