"""baiye serve: the web server."""

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from granian.constants import Interfaces
from granian.server import Server

from baiye.config import running
from baiye.config.ports import refuse_taken


class Command(BaseCommand):
    help = _("启动网站（granian）")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help=_("监听的地址（默认 %(default)s）"))
        parser.add_argument("--port", type=int, default=8000, help=_("监听的端口（默认 %(default)s）"))
        parser.add_argument("--processes", type=int, default=1, help=_("进程数（默认 %(default)s）"))
        parser.add_argument(
            "--threads", type=int, default=4, help=_("每个进程的线程数，不要超过 DATABASE_POOL（默认 %(default)s）")
        )
        parser.add_argument("--worker", action="store_true", help=_("同时执行排队的任务"))
        parser.add_argument("--rush", type=int, metavar="PORT", help=_("同时在这个端口成批接收放号那一分钟的预约"))

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_old_tables()
        for port in filter(None, (options["port"], options["rush"])):
            refuse_taken(options["host"], port)
        multiprocessing.set_start_method("spawn", force=True)  # a fork would share our connections and locks
        server = Server(
            "baiye.config.served:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=options["processes"],
            blocking_threads=options["threads"],
            backpressure=256,  # what one process holds; to wait in the kernel costs a fifth more (bench/rush.py)
            respawn_failed_workers=True,
            log_enabled=False,
        )
        self.stdout.write(_("百业已启动：http://%(host)s:%(port)s（按 Ctrl-C 停止）") % options)
        with running.marked("web"), running.with_database(), ExitStack() as others:
            if options["worker"]:
                others.enter_context(beside("worker"))
            if options["rush"]:
                others.enter_context(beside("rush", f"--host={options['host']}", f"--port={options['rush']}"))
            server.serve()

    def _refuse_old_tables(self) -> None:
        executor = MigrationExecutor(connections["default"])
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            raise CommandError(
                _("数据库的表不是最新的（还差 %(count)s 步）：请先运行 baiye migrate") % {"count": len(missing)}
            )


@contextmanager
def beside(*words: str) -> Iterator[None]:
    """Another command of ours as a process of its own, started again if it ends before we do."""
    ending = threading.Event()
    current: list[subprocess.Popen[bytes]] = []

    def keep_one() -> None:
        while not ending.is_set():
            command = [sys.executable, "-m", "baiye.config.cli", *words, "--beside", str(os.getpid())]
            current[:] = [subprocess.Popen(command)]
            current[0].wait()
            ending.wait(2)

    keeper = threading.Thread(target=keep_one, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        for process in current:
            process.terminate()
        keeper.join()
