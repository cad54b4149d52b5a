"""baiye worker: run the jobs that wait in the database."""

from argparse import SUPPRESS
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from baiye.config import running

GRACE_S = 30  # for the jobs at hand


class Command(BaseCommand):
    help = _("执行排队的任务，直到被停止；手头的任务会做完")
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help=_("同时执行几个任务（默认 %(default)s）"))
        parser.add_argument("--queues", nargs="*", help=_("只执行这些队列的任务"))
        parser.add_argument("--one-shot", action="store_true", help=_("做完现有的任务就结束"))
        parser.add_argument("--beside", type=int, help=SUPPRESS)  # the process to end with

    def handle(self, *args: Any, **options: Any) -> None:
        if options["beside"]:
            running.end_with(options["beside"], grace_s=GRACE_S + 5)
        connector = app.connector
        assert isinstance(connector, DjangoConnector)  # that of the web process cannot wait for notifications
        own_connector = app.replace_connector(connector.get_worker_connector())
        with running.marked("worker"), running.with_database(), own_connector as worker:
            worker.run_worker(
                queues=options["queues"] or None,
                concurrency=options["concurrency"],
                wait=not options["one_shot"],
                shutdown_graceful_timeout=GRACE_S,
            )
