"""baiye rush: takes presses in batches in the opening minute, beside the web server."""

import multiprocessing
from argparse import SUPPRESS
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from granian.constants import Interfaces
from granian.server import Server

from baiye.bookings.pressing import ADDRESS
from baiye.config import running
from baiye.config.ports import refuse_taken

GRACE_S = 5  # for the batch at hand


class Command(BaseCommand):
    help = _("放号那一分钟用：成批接收预约，由反向代理把预约地址转过来")
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help=_("监听的地址（默认 %(default)s）"))
        parser.add_argument("--port", type=int, default=8001, help=_("监听的端口（默认 %(default)s）"))
        parser.add_argument("--beside", type=int, help=SUPPRESS)  # the process to end with

    def handle(self, *args: Any, **options: Any) -> None:
        if options["beside"]:
            running.end_with(options["beside"], grace_s=GRACE_S + 5)
        refuse_taken(options["host"], options["port"])
        multiprocessing.set_start_method("spawn", force=True)  # a fork would share our connections and locks
        server = Server(
            "baiye.config.rushed:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.ASGINL,
            workers=1,  # one line, so that whoever came first is first
            backlog=4096,  # an opening minute begins with everybody at once
            respawn_failed_workers=True,
            log_enabled=False,
        )
        words = {"host": options["host"], "port": options["port"], "address": ADDRESS}
        self.stdout.write(_("预约快线已启动：http://%(host)s:%(port)s%(address)s") % words)
        with running.marked("rush"), running.with_database():
            server.serve()
